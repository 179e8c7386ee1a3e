"""What a film draws piece by piece: a line through points, the step's number its index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.trail import TrailStyle, exit_points, finite_part, lost_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["Track", "path_track"]


@dataclass(frozen=True, eq=False)
class Track:
    """A line that grows with the steps, and its head.

    Attributes: `axes`; `points` (n, 2) in their data's coordinates, all finite; `bounds` of the
    axes; `style`; `exits`, the steps at which it is marked as gone, and where; `lost`, the step
    from which it has no head, None if it keeps it; `dots`, whether every point is marked.
    """

    axes: Axes
    points: Array
    bounds: Bounds
    style: TrailStyle
    exits: tuple[tuple[int, tuple[float, float]], ...] = ()
    lost: int | None = None
    dots: bool = True


def path_track(trajectory: Trajectory, axes: Axes, style: TrailStyle) -> Track:
    """Return the track of a path over a surface."""
    return Track(
        axes,
        finite_part(trajectory.points),
        trajectory.surface.bounds,
        style,
        tuple(exit_points(trajectory)),
        lost_at(trajectory),
    )
