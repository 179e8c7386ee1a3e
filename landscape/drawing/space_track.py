"""A path on a surface in three dimensions, before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
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
    from landscape.relief.field import Relief
    from landscape.relief.view import View

    Array = NDArray[Any]

__all__ = ["SpaceTrack", "leaves_page", "outside", "space_track"]


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


def outside(relief: Relief, points: Array) -> Array:
    """Return which points (n, 3) of a path are beyond the domain, those out of sight too: (n,)."""
    import numpy as np

    low, high = np.array(relief.bounds).T
    with np.errstate(invalid="ignore"):
        found: Array = ~((points[:, :2] >= low) & (points[:, :2] <= high)).all(axis=1)
    return found


def leaves_page(track: SpaceTrack, steps: Sequence[int]) -> bool:
    """Return whether a path is gone in one of the frames that show some steps, the last one at 1.

    It is if it is lost, or beyond the domain and out of the page: where a near view crops the
    surface, it has not gone anywhere.
    """
    import numpy as np

    space, lifted = track.space, track.lifted
    places = lifted.points[lifted.at]
    if not len(places):
        return False
    rows = np.minimum(steps, len(places) - 1)
    if track.lost is not None and steps[-1] >= track.lost:
        return True
    beyond = outside(space.relief, places)
    x0, y0, x1, y1 = space.clip.extents

    def gone(view: View, some: Array) -> bool:
        flat = view.project(places[some])[:, :2]
        seen = ((flat >= (x0, y0)) & (flat <= (x1, y1))).all(axis=1)
        return bool((beyond[some] & ~seen).any())

    if not (isinstance(space, Space) and space.moves):
        return gone(space.view, rows)
    kept, found = space.share, False
    for k, row in enumerate(rows.tolist()):
        if beyond[row]:
            space.turn(k / max(len(rows) - 1, 1))
            found = gone(space.view, np.array([row]))
        if found:
            break
    space.turn(kept)
    return found
