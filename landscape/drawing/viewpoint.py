"""From where most of what matters on a surface is seen, where nobody has said from where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from landscape.drawing.camera import AZIMUTH, ELEVATION
from landscape.drawing.space_surface import set_box
from landscape.relief.lift import lift
from landscape.relief.look import Look
from landscape.relief.rendering import hidden
from landscape.relief.scene import Scene
from landscape.relief.view import View, view_of

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["CELLS", "Sight", "Walk", "choose_viewpoint"]

# Cells each way that are enough to choose.
CELLS = 66
# The views that are tried.
_ELEVATIONS = (ELEVATION, 50.0, 65.0)
# None looks along an axis: a box seen from there has no depth.
_AZIMUTHS = (AZIMUTH, -30.0, 30.0, 60.0, 120.0, 150.0, -150.0, -120.0)
# What a higher view and half a turn cost, in shares of what is seen: less of the heights shows in
# the one, and the other turns the axes' directions round.
_HIGHER, _TURNED = 0.06, 0.06
# What a known lowest minimum counts beside a path, and a path's end in it.
_MINIMUM, _HEAD = 0.5, 0.3
# Points of a path, and pixels of the pictures each way, that are enough to choose.
_MOST, _SIDE = 200, 220.0
_BESIDE = 1e-3  # the share of a side at which the surface's slope is measured


class Walk(Protocol):
    """A path over a surface: its places (n, 2) and their losses (n,)."""

    @property
    def points(self) -> Array:
        """The places."""
        ...

    @property
    def losses(self) -> Array:
        """Their losses."""
        ...


@dataclass(frozen=True, eq=False)
class Sight:
    """What should be seen of a surface: the `paths` on its `relief`, and its lowest `minima`."""

    relief: Relief
    paths: Sequence[Walk]
    minima: Sequence[tuple[float, float]] = ()


def choose_viewpoint(
    sights: Sequence[Sight],
    exaggerate: float = 1.0,
    elevation: float | None = None,
    azimuth: float | None = None,
) -> tuple[float, float]:
    """Return the elevation and azimuth, in degrees, from which most of all the paths is seen.

    Parameters: `exaggerate` is the height of the boxes for the usual one; `elevation` and `azimuth`
    are kept if they are given.
    """
    elevations = _ELEVATIONS if elevation is None else (elevation,)
    azimuths = _AZIMUTHS if azimuth is None else (azimuth,)
    if len(elevations) * len(azimuths) == 1:
        return elevations[0], azimuths[0]
    looks = [_Looking.at(sight, exaggerate) for sight in sights]
    looks = [look for look in looks if look.total > 0]
    if not looks:
        return elevations[0], azimuths[0]
    best, chosen = -math.inf, (elevations[0], azimuths[0])
    for up in elevations:
        for round_ in azimuths:
            seen = sum(look.seen(up, round_) for look in looks) / len(looks)
            away = abs((round_ - AZIMUTH + 180) % 360 - 180) / 180
            score = seen - _TURNED * away - _HIGHER * elevations.index(up)
            if score > best + 1e-9:
                best, chosen = score, (up, round_)
    return chosen


@dataclass(frozen=True, eq=False)
class _Looking:
    """A sight on a small page of its own: so the choice is the same for every page.

    Attributes: `axes`; `relief`; `points` (n, 3) that should be seen, of which `ends` part the
    groups with their `weights`; `beside`, places next to them.
    """

    axes: Axes3D
    relief: Relief
    points: Array
    ends: Array
    weights: list[float]
    beside: tuple[Array, Array, Array]

    @property
    def total(self) -> float:
        """The weight of all that should be seen."""
        return sum(self.weights)

    @classmethod
    def at(cls, sight: Sight, exaggerate: float) -> _Looking:
        """Return a sight with what should be seen of it spread evenly."""
        import numpy as np
        from matplotlib.figure import Figure
        from mpl_toolkits.mplot3d import Axes3D

        from landscape.drawing.trail import finite_part

        relief = sight.relief
        groups: list[tuple[float, Array]] = []
        for path in sight.paths:
            points = finite_part(path.points)
            line = _evenly(relief, lift(relief, points, path.losses[: len(points)]).points)
            if len(line):
                groups += [(1.0 - _HEAD, line), (_HEAD, line[-1:])]
        if sight.minima:
            x, y = np.transpose(sight.minima)
            stars = np.column_stack([x, y, relief.z_at(x, y)])
            stars = stars[np.isfinite(stars[:, 2])]
            if len(stars):
                groups.append((_MINIMUM * max(1, len(sight.paths)), stars))
        points = np.concatenate([line for _, line in groups] or [np.empty((0, 3))])
        ends = np.cumsum([len(line) for _, line in groups])[:-1].astype(np.int64)
        figure = Figure(figsize=(1.0, 1.0), dpi=_SIDE)
        axes = Axes3D(figure, rect=(0.15, 0.15, 0.7, 0.7))
        set_box(axes, relief, exaggerate)
        return cls(axes, relief, points, ends, [one for one, _ in groups], _beside(relief, points))

    def seen(self, elevation: float, azimuth: float) -> float:
        """Return the share of what should be seen that is seen from a side."""
        import numpy as np

        self.axes.elev, self.axes.azim = elevation, azimuth
        view = view_of(self.axes)
        places = view.project(self.points)
        look = Look(colors=np.zeros((len(self.relief.levels) - 1, 3)), line=(0, 0, 0), line_width=0)
        side = round(_SIDE)
        found = ~hidden(Scene(self.relief, view, look, (0, 0, side, side)), places)
        if elevation > 0:  # what hangs beneath a surface does not look as if it lay on it
            found &= _from_above(view, places, self.beside)
        parts = np.split(found, self.ends)
        shares = [
            weight * float(part.mean()) for weight, part in zip(self.weights, parts, strict=True)
        ]
        return sum(shares) / self.total


def _evenly(relief: Relief, line: Array) -> Array:
    """Return points at equal distances along a line, measured in the sides of the box."""
    import numpy as np

    line = line[np.isfinite(line[:, 2])]
    if len(line) < 2:
        return line
    (x0, x1), (y0, y1) = relief.bounds
    steps = np.diff(line, axis=0) / (x1 - x0, y1 - y0, relief.heights.span)
    along = np.concatenate([[0.0], np.cumsum(np.sqrt((steps**2).sum(axis=1)))])
    at = np.linspace(0.0, along[-1], _MOST)
    return np.column_stack([np.interp(at, along, part) for part in line.T])


def _beside(relief: Relief, points: Array) -> tuple[Array, Array, Array]:
    """Return places on the surface beside points, along x and along y, and their order's sign."""
    import numpy as np

    (x0, x1), (y0, y1) = relief.bounds
    x, y = points[:, 0], points[:, 1]
    across = np.where(x + (x1 - x0) * _BESIDE > x1, -1.0, 1.0)
    up = np.where(y + (y1 - y0) * _BESIDE > y1, -1.0, 1.0)
    aside, ahead = x + across * (x1 - x0) * _BESIDE, y + up * (y1 - y0) * _BESIDE
    first = np.column_stack([aside, y, relief.z_at(aside, y)])
    second = np.column_stack([x, ahead, relief.z_at(x, ahead)])
    return first, second, across * up


def _from_above(view: View, places: Array, beside: tuple[Array, Array, Array]) -> Array:
    """Return at which places the upper side of the surface is seen; in the air it always is."""
    import numpy as np

    first, second, sign = beside
    (ax, ay), (bx, by) = ((view.project(one) - places)[:, :2].T for one in (first, second))
    turn = sign * (ax * by - ay * bx)
    found: Array = (turn > 0) | np.isnan(turn)
    return found
