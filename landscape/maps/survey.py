"""A survey of a surface: where some thousand paths end, and the places that are found there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from landscape.maps.outcomes import OUTCOMES, Outcomes
from landscape.maps.places import (
    HEIGHT,
    LOST,
    NEAR,
    STILL,
    PlaceKind,
    Places,
    Scale,
    cell_centres,
    scale_of,
)
from landscape.surfaces.critical import critical_points
from landscape.surfaces.settling import settle
from landscape.surfaces.surface import Bounds, CriticalPoint, FormulaSurface, Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.maps.walk import Paths

    Array = NDArray[Any]

__all__ = ["Ends", "find_places", "is_noisy", "spread", "survey"]

# Minima closer together than this, in domains, are one; degenerate ones are not found that exactly,
# so two of the same height may lie further apart.
_SAME, _SAME_HEIGHT = 1e-4, 0.005
_ROUNDING = 1e-15

# Starts on a formula, and where paths go one by one; cells of the raster of their ends across; ends
# that are let down at most.
_STARTS, _FEW_STARTS = 10_000, 144
_RASTER = 96
_MOST = 400
_KINDS: tuple[PlaceKind, ...] = ("minimum", "floor", "saddle", "maximum")


@dataclass(frozen=True, eq=False)
class Ends:
    """The ends of a survey that are not lost: x, y, loss and the gradient's dx, dy, each (n,)."""

    x: Array
    y: Array
    loss: Array
    dx: Array
    dy: Array

    @classmethod
    def of(cls, parts: Sequence[Ends]) -> Ends:
        """Return the ends of several surveys as one."""
        import numpy as np

        names = ("x", "y", "loss", "dx", "dy")
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))


def survey(
    paths: Paths,
    regions: Sequence[Bounds] = (),
    *,
    count: int | None = None,
    threads: int | None = None,
) -> tuple[Ends, Outcomes]:
    """Walk from starts that are spread over regions; return the ends that are not lost, and all.

    Parameters: `paths`; `regions`, by default the surface's domain; `count`, how many starts in
    each region about, by default some thousands where the paths are compiled and some hundreds
    where they are not; `threads`, which change nothing in the results.
    """
    import numpy as np

    most = count or (_STARTS if paths.fused is not None else _FEW_STARTS)
    x, y = spread(regions or (paths.surface.bounds,), most)
    found = paths.walk(x, y, threads=threads)
    dx, dy = found.dx, found.dy
    if is_noisy(paths):
        with np.errstate(all="ignore"):
            dx, dy = paths.surface.gradient(found.x, found.y)
    lost = [OUTCOMES.index(one) for one in LOST]
    kept = ~np.isin(found.outcome, lost)
    ends = (found.x, found.y, found.loss, dx, dy)
    kept &= np.logical_and.reduce([np.isfinite(one) for one in ends])
    return Ends(*(one[kept] for one in ends)), found


def spread(regions: Sequence[Bounds], count: int) -> tuple[Array, Array]:
    """Return starts (n,), (n,) on a square grid in each of some regions, about `count` in each."""
    import numpy as np

    side = max(2, round(math.sqrt(count)))
    starts = []
    for (x0, x1), (y0, y1) in regions:
        xs, ys = cell_centres(x0, x1, side), cell_centres(y0, y1, side)
        starts.append(np.stack(np.meshgrid(xs, ys)).reshape(2, -1))
    x, y = np.concatenate(starts, axis=1)
    return x, y


def is_noisy(paths: Paths) -> bool:
    """Return whether the gradients of paths are not the surface's own."""
    return bool(paths.noise or paths.batch or getattr(paths.optimizer, "batch", None))


def find_places(surface: Surface, ends: Ends) -> Places:
    """Return the places of a surface: those that are known, and those at which paths ended.

    Parameters: `ends` of a survey on this surface (see `survey`; those of several rules together
    by `Ends.of`).
    """
    scale = scale_of(surface)
    known = list(surface.visible_points())
    if not surface.points and isinstance(surface, FormulaSurface):
        known = list(critical_points(surface))
    found = _Found(surface, scale)
    for point in known:
        kind: PlaceKind = "saddle"
        if point.kind in ("minimum", "maximum"):
            kind = "minimum" if point.kind == "minimum" else "maximum"
        found.add(point, kind)
    for x, y, loss, still in _representatives(surface, scale, ends):
        if found.covers(x, y, loss, still=still):
            continue
        settled = settle(surface, x, y, still=still)
        if settled is None:
            continue
        point = settled.point
        if settled.floor:
            found.floors.append(point)
        elif point.kind in ("minimum", "maximum"):
            found.add(point, "minimum" if point.kind == "minimum" else "maximum")
        else:
            found.add(point, "saddle")
    return found.places()


class _Found:
    """Places that are being collected."""

    def __init__(self, surface: Surface, scale: Scale) -> None:
        self._surface, self._scale = surface, scale
        self._points: list[CriticalPoint] = []
        self._kinds: list[PlaceKind] = []
        self.floors: list[CriticalPoint] = []

    def add(self, point: CriticalPoint, kind: PlaceKind) -> None:
        """Add a place if it is new."""
        if not math.isfinite(point.value):
            return
        for known in self._points:
            away = self._away(known, point.x, point.y)
            if away <= _SAME or (away <= _SAME_HEIGHT and self._level(known, point.value)):
                return
        self._points.append(self._rounded(point))
        self._kinds.append(kind)

    def covers(self, x: float, y: float, loss: float, *, still: bool) -> bool:
        """Return whether an end would lead to a place that is known."""
        within = 1e-3 if still else 0.01
        # One point of a line of minima speaks for those around it.
        along = any(self._away(one, x, y) <= 0.25 * NEAR for one in self.floors)
        return along or any(
            self._away(one, x, y) <= within
            and (kind != "minimum" or loss >= one.value - HEIGHT * self._scale.relief)
            and (still or kind == "minimum")
            for one, kind in zip(self._points, self._kinds, strict=True)
        )

    def places(self) -> Places:
        """Return what was found, in order."""
        lines = self._lines()
        rows: list[tuple[PlaceKind, CriticalPoint, list[CriticalPoint]]] = [
            (kind, point, [])
            for kind, point in zip(self._kinds, self._points, strict=True)
            # A point that is listed as a minimum may be one of a line.
            if not (kind == "minimum" and any(self._on(point, line) for line in lines))
        ]
        rows += [("floor", line[0], line[1:]) for line in lines]
        unit = HEIGHT * self._scale.relief or 1.0
        rows.sort(
            key=lambda row: (_KINDS.index(row[0]), round(row[1].value / unit), row[1].x, row[1].y)
        )
        members = [(one.x, one.y, k) for k, row in enumerate(rows) for one in row[2]]
        return Places(
            self._surface,
            tuple(row[1] for row in rows),
            tuple(row[0] for row in rows),
            tuple(members),
        )

    def _lines(self) -> list[list[CriticalPoint]]:
        """Return the points of each line of minima: neighbours of the same height are on one."""
        left = sorted(map(self._rounded, self.floors), key=lambda one: (one.x, one.y))
        lines = []
        while left:
            line = [left.pop(0)]
            for one in line:  # it grows while it is gone through
                beside = [other for other in left if self._linked(one, other)]
                line += beside
                left = [other for other in left if other not in beside]
            lines.append(sorted(line, key=lambda one: (one.x, one.y)))
        # The middle one stands for all.
        return [[line[len(line) // 2], *line[: len(line) // 2], *line[len(line) // 2 + 1 :]]
                for line in lines]  # fmt: skip

    def _linked(self, one: CriticalPoint, other: CriticalPoint) -> bool:
        return self._away(one, other.x, other.y) <= 2 * NEAR and self._level(one, other.value)

    def _on(self, point: CriticalPoint, line: Sequence[CriticalPoint]) -> bool:
        return any(self._linked(one, point) for one in line)

    def _level(self, one: CriticalPoint, value: float) -> bool:
        return abs(one.value - value) <= HEIGHT * self._scale.relief

    def _away(self, one: CriticalPoint, x: float, y: float) -> float:
        (x0, x1), (y0, y1) = self._surface.bounds
        return math.hypot((one.x - x) / (x1 - x0), (one.y - y) / (y1 - y0))

    def _rounded(self, point: CriticalPoint) -> CriticalPoint:
        tiny = abs(point.value) <= _ROUNDING * self._scale.relief
        return replace(point, value=0.0) if tiny else point


def _representatives(
    surface: Surface, scale: Scale, ends: Ends
) -> Iterable[tuple[float, float, float, bool]]:
    """Yield an end (x, y, loss, still) of each cell of a raster, the cells with most ends first.

    It is the cell's most level one; at most some hundreds come.
    """
    import numpy as np

    (x0, x1), (y0, y1) = surface.bounds
    across = ((ends.x - x0) / (x1 - x0) * _RASTER).astype(np.int64).clip(0, _RASTER - 1)
    up = ((ends.y - y0) / (y1 - y0) * _RASTER).astype(np.int64).clip(0, _RASTER - 1)
    cell = up * _RASTER + across
    slope = np.hypot(ends.dx * (x1 - x0), ends.dy * (y1 - y0))
    order = np.lexsort((np.arange(cell.size), slope, cell))
    cells, first, counts = np.unique(cell[order], return_index=True, return_counts=True)
    chosen = order[first][np.lexsort((cells, -counts))][:_MOST]
    for k in chosen.tolist():
        still = bool(slope[k] <= STILL * scale.slope)
        yield float(ends.x[k]), float(ends.y[k]), float(ends.loss[k]), still
