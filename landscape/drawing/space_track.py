"""A path on a surface in three dimensions, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.space import Space
from landscape.drawing.trail import TrailStyle, finite_part, lost_at
from landscape.relief.lift import Lifted, lift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.drawing.crate import Crate
    from landscape.relief.artist import SurfaceArtist
    from landscape.relief.view import View

    Array = NDArray[Any]

__all__ = ["SpaceTrack", "leaves_page", "space_track"]


@dataclass(frozen=True, eq=False)
class SpaceTrack:
    """A path that grows with the steps on a surface in three dimensions, and its head.

    Attributes: `space`, the surface; `lifted`, the line; `style`; `lost`, the step from which it
    has no head, None if it keeps it; `hidden`, how hidden parts are drawn: "faint", "dashed" or
    "absent"; `drop`, whether a line goes from the head to the floor; `crate`, the box whose texts
    stay above it, None for axes that have their own.
    """

    space: SurfaceArtist
    lifted: Lifted
    style: TrailStyle
    lost: int | None = None
    hidden: str = "faint"
    drop: bool = False
    crate: Crate | None = None


def space_track(
    trajectory: Trajectory, space: SurfaceArtist, style: TrailStyle, hidden: str, drop: bool
) -> SpaceTrack:
    """Return the track of a path over a surface."""
    points = finite_part(trajectory.points)
    lifted = lift(space.relief, points, trajectory.losses[: len(points)])
    crate = space.crate if isinstance(space, Space) else None
    return SpaceTrack(space, lifted, style, lost_at(trajectory), hidden, drop, crate)


def leaves_page(track: SpaceTrack, steps: int) -> bool:
    """Return whether a path is gone, or out of the page, at one of `steps` of a picture or film."""
    import numpy as np

    space, lifted = track.space, track.lifted
    places = lifted.points[lifted.at]
    if not len(places):
        return False
    if track.lost is not None or np.isnan(places[:, 2]).any():
        return True
    x0, y0, x1, y1 = space.clip.extents

    def out(view: View, some: Array) -> bool:
        flat = view.project(some)[:, :2]
        return not bool(((flat >= (x0, y0)) & (flat <= (x1, y1))).all())

    if not (isinstance(space, Space) and space.moves):
        return out(space.view, places)
    kept, found = space.share, False
    last = len(places) - 1
    for k in range(steps + 1):
        space.turn(k / max(steps, 1))
        found = out(space.view, places[[min(k, last)]])
        if found:
            break
    space.turn(kept)
    return found
