"""A path on a surface in three dimensions, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.drawing.space import Space
from landscape.drawing.trail import TrailStyle, finite_part, lost_at
from landscape.relief.lift import Lifted, lift

if TYPE_CHECKING:
    from landscape.descent import Trajectory
    from landscape.drawing.crate import Crate
    from landscape.relief.artist import SurfaceArtist

__all__ = ["SpaceTrack", "space_track"]


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
