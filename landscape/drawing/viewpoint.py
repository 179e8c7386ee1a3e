"""From where most of what matters on a surface is seen, where nobody has said from where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from landscape.drawing.camera import AZIMUTH, ELEVATION
from landscape.drawing.space_surface import set_box
from landscape.relief.lift import lift
from landscape.relief.lookout import eye_of, hidden_from, slopes_at

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

# Cells each way are those of the picture: on a coarser grid the floor of a narrow valley is
# hidden from other sides.
__all__ = ["Sight", "Walk", "choose_viewpoint"]

# The elevations that are tried, and what each costs in shares of what is seen: the higher, the
# less of the heights shows. From still higher up a picture is a map.
_ELEVATIONS = {
    ELEVATION: 0.0, 50.0: 0.04, 58.0: 0.06, 65.0: 0.08, 70.0: 0.105, 75.0: 0.15, 80.0: 0.25,
}  # fmt: skip
# None looks along an axis: a box seen from there has no depth. What it costs to be 15° off one,
# where it has little, or 45°, where its sides look alike.
_AZIMUTHS = tuple(float(turn) for turn in range(-165, 180, 15) if turn % 90)
_BESIDE = {15: 0.04, 30: 0.0, 45: 0.01}
# What half a turn costs, which turns the axes' directions round.
_TURNED = 0.06
# What counts of a path: its line, where its head is in the course of a film, where the head stays
# at last, and where it starts. What a known lowest minimum counts beside a path.
_LINE, _FILM, _HEAD, _START = 0.3, 0.25, 0.3, 0.15
_MINIMUM = 0.5
# Points of a path's line and of its film, and of all paths together, that are enough to choose.
_MOST, _MOST_STEPS, _MOST_OF_ALL = 120, 30, 900


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
    turns: Sequence[float] = (0.0,),
) -> tuple[float, float]:
    """Return the elevation and azimuth, in degrees, from which most of what matters is seen.

    That is all of the paths, and above all their heads, starts and the lowest minima.

    Parameters: `exaggerate` is the height of the boxes for the usual one; `elevation` and `azimuth`
    are kept if they are given; `turns` are how far, in degrees, the camera has gone round at equal
    times from the beginning of a film to its end.
    """
    elevations = _ELEVATIONS if elevation is None else {elevation: 0.0}
    azimuths = _AZIMUTHS if azimuth is None else (azimuth,)
    usual = (
        ELEVATION if elevation is None else elevation,
        AZIMUTH if azimuth is None else azimuth,
    )
    if None not in (elevation, azimuth):
        return usual
    found = [_Looking.at(sight, exaggerate, len(turns)) for sight in sights]
    looks = [look for look in found if look is not None]
    if not looks:
        return usual
    views = [
        (high + (_cost(aside) if azimuth is None else 0.0), up, aside)
        for up, high in elevations.items()
        for aside in azimuths
    ]
    best, chosen = -math.inf, usual
    # The cheapest first: once more is seen than any later one is worth, it is found.
    for cost, up, aside in sorted(views, key=lambda view: view[0]):
        if best >= 1.0 - cost:
            break
        seen = sum(look.seen(up, aside, turns) for look in looks) / len(looks)
        if seen - cost > best + 1e-9:
            best, chosen = seen - cost, (up, aside)
    return chosen


def _cost(azimuth: float) -> float:
    """Return what an azimuth costs, in shares of what is seen."""
    away = abs((azimuth - AZIMUTH + 180) % 360 - 180) / 180
    return _TURNED * away + _BESIDE[abs(round((azimuth + 45) % 90) - 45)]


@dataclass(frozen=True, eq=False)
class _Looking:
    """A sight, and axes of its own, as what is seen is the same on every page.

    Attributes: `axes`; `relief`; `points` (n, 3) that should be seen, with `weights` (n,) whose sum
    is 1; `times` (n,), the time of a film at which they count, -1 for all of it; `slopes` there.
    """

    axes: Axes3D
    relief: Relief
    points: Array
    weights: Array
    times: Array
    slopes: Array

    @classmethod
    def at(cls, sight: Sight, exaggerate: float, times: int) -> _Looking | None:
        """Return a sight with what should be seen of it, a film having so many `times`.

        None means that there is nothing.
        """
        import numpy as np
        from matplotlib.figure import Figure
        from mpl_toolkits.mplot3d import Axes3D

        relief = sight.relief
        groups = _of_paths(relief, sight.paths, times)
        if sight.minima:
            x, y = np.transpose(sight.minima)
            stars = np.column_stack([x, y, relief.z_at(x, y)])
            stars = stars[np.isfinite(stars[:, 2])]
            groups.append((_MINIMUM * max(1, len(sight.paths)), stars, np.full(len(stars), -1)))
        groups = [group for group in groups if len(group[1])]
        if not groups:
            return None
        points, moments = (np.concatenate([group[k] for group in groups]) for k in (1, 2))
        weights = np.concatenate(
            [np.full(len(part), weight / len(part)) for weight, part, _ in groups]
        )
        axes = Axes3D(Figure())
        set_box(axes, relief, exaggerate)
        slopes = slopes_at(relief, points)
        return cls(axes, relief, points, weights / weights.sum(), moments, slopes)

    def seen(self, elevation: float, azimuth: float, turns: Sequence[float]) -> float:
        """Return the share of what should be seen that is seen from a side, as it turns."""
        import numpy as np

        total = 0.0
        for time, turn in enumerate(turns):
            self.axes.elev, self.axes.azim = elevation, azimuth + turn
            eye = eye_of(self.axes.get_proj())
            now = (self.times < 0) | (self.times == time)
            points = self.points[now]
            found = ~hidden_from(self.relief, points, eye)
            if elevation > 0:  # what hangs beneath a surface does not look as if it lay on it
                above = ((eye - points) * self.slopes[now]).sum(axis=1)
                found &= (above > 0) | np.isnan(above)  # in the air there is none
            share = np.where(self.times[now] < 0, 1.0 / len(turns), 1.0)
            total += float((share * self.weights[now])[found].sum())
        return total


def _of_paths(
    relief: Relief, paths: Sequence[Walk], times: int
) -> list[tuple[float, Array, Array]]:
    """Return the parts of paths: what each counts, its points (n, 3), and their times (n,)."""
    import numpy as np

    from landscape.drawing.trail import finite_part

    finite = [finite_part(path.points) for path in paths]
    last = max([1, *(len(points) - 1 for points in finite)])
    few = max(1.0, (_MOST + _MOST_STEPS) * len(paths) / _MOST_OF_ALL)
    groups = []
    for path, points in zip(paths, finite, strict=True):
        lifted = lift(relief, points, path.losses[: len(points)])
        line = _evenly(relief, lifted.points, max(2, round(_MOST / few)))
        if not len(line):
            continue
        count = min(len(points), max(2, round(_MOST_STEPS / few)))
        steps = np.linspace(0, len(points) - 1, count).round().astype(np.int64)
        film = lifted.points[lifted.at[steps]]
        known = np.isfinite(film[:, 2])
        moments = np.rint(steps[known] / last * (times - 1)).astype(np.int64)
        always = np.full(len(line), -1)
        groups += [
            (_LINE, line, always),
            (_FILM, film[known], moments),
            (_HEAD, line[-1:], np.array([times - 1])),
            (_START, line[:1], always[:1]),
        ]
    return groups


def _evenly(relief: Relief, line: Array, count: int) -> Array:
    """Return points at equal distances along a line, measured in the sides of the box."""
    import numpy as np

    line = line[np.isfinite(line[:, 2])]
    if len(line) < 2:
        return line
    (x0, x1), (y0, y1) = relief.bounds
    steps = np.diff(line, axis=0) / (x1 - x0, y1 - y0, relief.heights.span)
    along = np.concatenate([[0.0], np.cumsum(np.sqrt((steps**2).sum(axis=1)))])
    at = np.linspace(0.0, along[-1], count)
    return np.column_stack([np.interp(at, along, part) for part in line.T])
