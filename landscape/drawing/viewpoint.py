"""From where most of what matters on a surface is seen, where nobody has said from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from landscape.relief.lift import lift
from landscape.relief.look import Look
from landscape.relief.rendering import hidden, render
from landscape.relief.view import View, view_of

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["AZIMUTH", "ELEVATION", "Walk", "choose_viewpoint"]

# The usual view, in degrees, and the others that are tried.
ELEVATION, AZIMUTH = 35.0, -60.0
_ELEVATIONS = (35.0, 50.0, 65.0)
# None looks along an axis: a box seen from there has no depth.
_AZIMUTHS = (-60.0, -30.0, 30.0, 60.0, 120.0, 150.0, -150.0, -120.0)
# What a higher view and half a turn cost, in shares of what is seen: less of the heights shows in
# the one, and the other turns the axes' directions round.
_HIGHER, _TURNED = 0.06, 0.06
# What a known lowest minimum counts beside a path, and a path's end in it.
_MINIMUM, _HEAD = 0.5, 0.3
# Lines of the grid, points of a path and pixels of the pictures that are enough for this.
_EVERY, _MOST, _SIDE = 3, 200, 220.0


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


def choose_viewpoint(
    axes: Axes3D,
    relief: Relief,
    paths: Sequence[Walk],
    minima: Sequence[tuple[float, float]],
    elevation: float | None = None,
    azimuth: float | None = None,
) -> tuple[float, float]:
    """Return the elevation and azimuth, in degrees, from which most of the paths is seen.

    Parameters: `axes` have the box's limits and proportions; `minima` are the lowest ones;
    `elevation` and `azimuth` are kept if they are given.
    """
    import numpy as np

    from landscape.drawing.trail import finite_part

    elevations = _ELEVATIONS if elevation is None else (elevation,)
    azimuths = _AZIMUTHS if azimuth is None else (azimuth,)
    if len(elevations) * len(azimuths) == 1:
        return elevations[0], azimuths[0]
    coarse = replace(
        relief,
        xs=relief.xs[::_EVERY],
        ys=relief.ys[::_EVERY],
        values=relief.values[::_EVERY, ::_EVERY],
    )
    groups: list[tuple[float, Array]] = []
    for path in paths:
        points = finite_part(path.points)
        line = _evenly(relief, lift(coarse, points, path.losses[: len(points)]).points)
        if len(line):
            groups += [(1.0 - _HEAD, line), (_HEAD, line[-1:])]
    if minima:
        x, y = np.transpose(minima)
        stars = np.column_stack([x, y, coarse.z_at(x, y)])
        stars = stars[np.isfinite(stars[:, 2])]
        if len(stars):
            groups.append((_MINIMUM * max(1, len(paths)), stars))
    if not groups:
        return elevations[0], azimuths[0]
    total = sum(weight for weight, _ in groups)
    points = np.concatenate([line for _, line in groups])
    ends = np.cumsum([len(line) for _, line in groups])[:-1]
    beside = _beside(coarse, points)
    kept = axes.elev, axes.azim
    best, chosen = -np.inf, (elevations[0], azimuths[0])
    look = Look(colors=np.zeros((len(relief.levels) - 1, 3)), line=(0, 0, 0), line_width=0.0)
    for up in elevations:
        for round_ in azimuths:
            axes.elev, axes.azim = up, round_
            full = view_of(axes)
            view = full.scaled(_SIDE / float(axes.bbox.width))
            box = axes.bbox
            scale = _SIDE / float(box.width)
            around = 0.15 * _SIDE
            frame = (
                scale * box.x0 - around,
                scale * box.y0 - around,
                scale * box.x1 + around,
                scale * box.y1 + around,
            )
            places = view.project(points)
            seen = ~hidden(render(coarse, view, look, frame), places)
            if up > 0:  # what hangs beneath a surface does not look as if it lay on it
                seen &= _from_above(view, places, beside)
            shares = [
                weight * float(part.mean())
                for (weight, _), part in zip(groups, np.split(seen, ends), strict=True)
            ]
            away = abs((round_ - AZIMUTH + 180) % 360 - 180) / 180
            score = sum(shares) / total - _TURNED * away - _HIGHER * elevations.index(up)
            if score > best + 1e-9:
                best, chosen = score, (up, round_)
    axes.elev, axes.azim = kept
    return chosen


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
