"""What a film draws piece by piece: a line through points, the step's number its index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.trail import TrailStyle, exit_points, finite_part, lost_at

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["Track", "draw_track", "path_track"]


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


def draw_track(track: Track, step: int) -> list[Artist]:
    """Draw a track up to `step` on its axes: the line, and the head unless it is lost."""
    last = min(step, len(track.points) - 1)
    style = track.style
    plain: dict[str, Any] = {"color": style.color, "scalex": False, "scaley": False}
    made: list[Artist] = [
        *track.axes.plot(
            *track.points[: last + 1].T,
            linewidth=style.width,
            solid_joinstyle="round",
            solid_capstyle="round",
            zorder=4.0,
            **plain,
        )
    ]
    if track.lost is None or step < track.lost:
        made += track.axes.plot(
            *track.points[last : last + 1].T,
            marker=style.marker,
            markersize=style.head,
            markeredgecolor=style.edge,
            markeredgewidth=0.12 * style.head,
            linestyle="none",
            zorder=5.0,
            clip_on=False,
            **plain,
        )
    return made
