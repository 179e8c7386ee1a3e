"""Where paths end: at which minimum, at a saddle, on a plateau, or still on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from landscape.descent import Trajectory
from landscape.surfaces.settling import Settled, settle
from landscape.surfaces.surface import CriticalPoint, Surface

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["End", "Place", "find_ends", "with_found"]

Place = Literal["minimum", "floor", "saddle", "maximum", "plateau", "rest", "moving", "lost"]

# How near to a minimum a path must end to have found it, as a share of the picture's diagonal.
_NEAR = 0.03
# … and how much of its first loss above the minimum it may have kept.
_LOW = 0.005
# A gradient that is this share of the largest one on the way is a place of rest.
_STILL = 1e-4
# A plateau: on rings of these radii (in diagonals) the loss differs by less than this share of
# what it could still fall.
_RINGS, _FLAT = (0.02, 0.05), 0.01
# Minima closer together than this, in domains, are one.
_SAME = 1e-4
_ROUNDING = 1e-15


@dataclass(frozen=True, slots=True)
class End:
    """How a path ended.

    `place` is "minimum", "saddle" or "maximum" (`point` says which), "floor" (minima side by side,
    `point` is one of them), "plateau" (hardly any slope far and wide), "rest" (no slope, for
    another reason), "moving" or "lost" (outside the picture, or where there are no numbers).
    """

    place: Place
    point: CriticalPoint | None = None


def find_ends(surface: Surface, paths: Sequence[Trajectory]) -> tuple[End, ...]:
    """Return how each path ended; ends at the same minimum have the same point.

    A path has found a minimum if its end lies in the minimum's own hollow, near it, and nearly as
    low (measured by its start), or at rest. The minima need not be known: each end is let down to
    the bottom of its hollow.
    """
    lowest, relief = _heights(surface)
    known = [point for point in surface.points if point.kind != "maximum"]
    ends = []
    for path in paths:
        end = _end(surface, path, lowest)
        point = end.point
        if point is not None:
            if abs(point.value) <= _ROUNDING * relief:
                point = replace(point, value=0.0)
            if end.place != "floor":
                known.append(point)
                point = next(one for one in known if _close(surface, one, point))
            end = End(end.place, point)
        ends.append(end)
    return tuple(ends)


def with_found(surface: Surface, ends: Iterable[End]) -> Surface:
    """Return the surface with the minima and saddles at which paths ended among its points."""
    found = [
        end.point
        for end in ends
        if end.point is not None and end.place in ("minimum", "saddle", "maximum")
    ]
    fresh = [point for point in dict.fromkeys(found) if point not in surface.points]
    if not fresh:
        return surface
    from copy import copy

    marked = copy(surface)
    marked.points = (*surface.points, *fresh)
    return marked


def _end(surface: Surface, path: Trajectory, lowest: float) -> End:
    x, y = (float(part) for part in path.points[-1])
    loss = float(path.losses[-1])
    (x0, x1), (y0, y1) = surface.bounds
    if not (math.isfinite(x + y + loss) and x0 <= x <= x1 and y0 <= y <= y1):
        return End("lost")
    still = _is_still(surface, path, x, y)
    settled = settle(surface, x, y, still=still)
    if settled is not None and settled.point.kind != "minimum":
        return End("maximum" if settled.point.kind == "maximum" else "saddle", settled.point)
    if settled is not None and (still or _is_low(settled, path)):
        point = settled.point
        away = math.hypot((point.x - x) / (x1 - x0), (point.y - y) / (y1 - y0))
        if away <= _NEAR * math.sqrt(2):
            return End("floor" if settled.floor else "minimum", point)
    if _is_flat(surface, x, y, loss - min(lowest, loss)):
        return End("plateau")
    return End("rest" if still else "moving")


def _is_low(settled: Settled, path: Trajectory) -> bool:
    """Return whether the path has come down nearly as far as it can."""
    low = settled.point.value
    return float(path.losses[-1]) - low <= _LOW * max(float(path.losses[0]) - low, 1e-300)


def _is_still(surface: Surface, path: Trajectory, x: float, y: float) -> bool:
    """Return whether there is next to no slope at the end, noise and batches left aside."""
    import numpy as np

    with np.errstate(all="ignore"):
        steepest = float(np.nanmax(np.hypot(*path.gradients.T)))
    return math.hypot(*surface.gradient_at(x, y)) <= _STILL * steepest


def _is_flat(surface: Surface, x: float, y: float, left: float) -> bool:
    """Return whether the loss is the same far and wide, measured by what is `left` to fall."""
    import numpy as np

    (x0, x1), (y0, y1) = surface.bounds
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radii = math.sqrt(2) * np.array(_RINGS)[:, None]
    xs = np.clip(x + (x1 - x0) * radii * np.cos(turn), x0, x1)
    ys = np.clip(y + (y1 - y0) * radii * np.sin(turn), y0, y1)
    away = np.abs(surface.value(xs, ys) - surface.value_at(x, y))
    return bool((away <= _FLAT * left).all())


def _heights(surface: Surface) -> tuple[float, float]:
    """Return the lowest loss in the domain and how far the losses reach, as a grid sees them."""
    import numpy as np

    values = surface.grid(33, 33)[2]
    values = values[np.isfinite(values)]
    known = [point.value for point in surface.visible_points()]
    if not values.size:
        return 0.0, 0.0
    return min([float(values.min()), *known]), float(np.ptp(values))


def _close(surface: Surface, one: CriticalPoint, other: CriticalPoint) -> bool:
    (x0, x1), (y0, y1) = surface.bounds
    across, up = (one.x - other.x) / (x1 - x0), (one.y - other.y) / (y1 - y0)
    return math.hypot(across, up) <= _SAME
