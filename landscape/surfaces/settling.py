"""What lies beneath a point that a path has come to: the minimum or the saddle it belongs to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from landscape.surfaces.probing import kind_by_values, simplex_minimum
from landscape.surfaces.surface import CriticalPoint, Kind, Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Settled", "settle"]

# In domains: how far a point may lie from what it belongs to, and the longest step towards it.
_FAR = 0.045
_RADIUS = 0.01
_ITERATIONS = 120
# A step this short is the last one: Newton's method squares what is left.
_LAST = 1e-6
# A curvature this much smaller than the other is none; differences have no more digits.
_SINGULAR = 1e-6
_RINGS = (1e-3, 1e-4)


@dataclass(frozen=True, slots=True)
class Settled:
    """A place where a path can rest: `point`, and whether minima fill a line through it."""

    point: CriticalPoint
    floor: bool = False


def settle(surface: Surface, x: float, y: float, *, still: bool) -> Settled | None:
    """Return what (x, y) belongs to, None if there is nothing within some hundredths of the domain.

    Parameters: `still` tells that the slope at (x, y) is next to nothing, so that it may lie at a
    saddle or a maximum; any other point belongs to the minimum downhill of it.

    The way down is Newton's method in a trust region, on the exact gradient, and on the exact
    Hessian where the surface has one; where that stalls, at a kink, it is Nelder and Mead's. A
    point is a minimum if both curvatures are positive, or else if the values around it are higher.
    """
    chart = _Chart(surface)
    start = chart.place(x, y)
    at = _stationary(chart, start) if still else None
    if at is not None:
        low, high = chart.curvatures(at)
        if low < 0 and abs(low) > _SINGULAR * abs(high):
            return Settled(chart.point(at, "saddle" if high > 0 else "maximum"))
    at, stalled = _downhill(chart, start)
    if at is None:
        return _at_kink(chart, start) if stalled else None
    low, high = chart.curvatures(at)
    if low > _SINGULAR * high > 0:
        return Settled(chart.point(at, "minimum"))
    if _is_floor(chart, at):
        return Settled(chart.point(at, "minimum"), floor=True)
    found = chart.point(at, "minimum")
    kind = chart.kind(at)
    if kind is None or (kind == "degenerate" and not (still and chart.uneven(at))):
        return None
    return Settled(replace(found, kind=kind))


class _Chart:
    """A surface in units of its domain, so that both coordinates count alike."""

    def __init__(self, surface: Surface) -> None:
        import numpy as np

        self.surface = surface
        (x0, x1), (y0, y1) = surface.bounds
        self._low, self._span = np.array([x0, y0]), np.array([x1 - x0, y1 - y0])
        self._exact = getattr(surface, "hessian", None)

    def place(self, x: float, y: float) -> Array:
        placed: Array = ([x, y] - self._low) / self._span
        return placed

    def coordinates(self, at: Array) -> tuple[float, float]:
        x, y = (self._low + at * self._span).tolist()
        return x, y

    def value(self, at: Array) -> float:
        """The loss, infinite outside the domain: what lies there is in no picture."""
        if not ((at >= 0) & (at <= 1)).all():
            return math.inf
        value = self.surface.value_at(*self.coordinates(at))
        return value if math.isfinite(value) else math.inf

    def slope(self, at: Array) -> Array:
        import numpy as np

        slope: Array = np.array(self.surface.gradient_at(*self.coordinates(at))) * self._span
        return slope

    def bend(self, at: Array) -> Array:
        """The Hessian, by differences of the gradient where the surface has none."""
        import numpy as np

        if self._exact is not None:
            bend: Array = self._exact(*self.coordinates(at)) * np.outer(self._span, self._span)
            return bend
        rows = []
        for k in range(2):
            left, right = at.copy(), at.copy()
            left[k], right[k] = max(at[k] - 1e-3, 0.0), min(at[k] + 1e-3, 1.0)
            rows.append((self.slope(right) - self.slope(left)) / (right[k] - left[k]))
        return np.array([rows[0], [0.5 * (rows[0][1] + rows[1][0]), rows[1][1]]])

    def curvatures(self, at: Array) -> tuple[float, float]:
        """The eigenvalues of the Hessian, the smaller first."""
        import numpy as np

        bend = self.bend(at)
        if not np.isfinite(bend).all():
            return math.nan, math.nan
        low, high = np.linalg.eigvalsh(bend, "U").tolist()
        return low, high

    def kind(self, at: Array) -> Kind | None:
        """The kind that the values around tell, None at the edge: beyond it no value is asked."""
        if not ((at > _RINGS[0]) & (at < 1 - _RINGS[0])).all():
            return None
        point = self.point(at, "minimum")
        return kind_by_values(self.surface, point.x, point.y, self.surface.bounds, _RINGS)

    def uneven(self, at: Array) -> bool:
        """Return whether the values around differ from the one here at all."""
        import numpy as np

        here = self.value(at)
        return any(
            self.value(at + 0.01 * np.array([math.cos(k), math.sin(k)])) != here for k in range(6)
        )

    def point(self, at: Array, kind: Kind) -> CriticalPoint:
        """The point at round coordinates if those are no worse, so that 1e-17 is 0."""
        x, y = self.coordinates(at)
        digits = [9 - math.floor(math.log10(span)) for span in self._span]
        rounded = round(x, digits[0]) + 0.0, round(y, digits[1]) + 0.0
        value = self.surface.value_at(*rounded)
        return CriticalPoint(*rounded, value, kind)


def _stationary(chart: _Chart, start: Array) -> Array | None:
    """Return the place near `start` where the slope vanishes, of whatever kind it is."""
    import numpy as np

    at = start
    for _ in range(30):
        slope, bend = chart.slope(at), chart.bend(at)
        if not (np.isfinite(slope).all() and np.isfinite(bend).all()):
            return None
        if abs(np.linalg.det(bend)) <= 1e-14 * float((bend**2).sum()):
            return None
        step = -np.linalg.solve(bend, slope)
        at = at + step
        if math.hypot(*(at - start)) > 0.5 * _FAR:
            return None
        if math.hypot(*step) < _LAST:
            return at
    return None


def _downhill(chart: _Chart, start: Array) -> tuple[Array | None, bool]:
    """Return the minimum that lies downhill, and if there is none, whether the way stalls."""
    import numpy as np

    at, radius, value = start, _RADIUS, chart.value(start)
    for _ in range(_ITERATIONS):
        slope, bend = chart.slope(at), chart.bend(at)
        if not (np.isfinite(slope).all() and np.isfinite(bend).all()):
            return None, True
        curves, axes = np.linalg.eigh(bend, "U")
        along = axes.T @ slope
        # Where the surface bends down or hardly at all, the slope leads on.
        size = np.maximum(np.maximum(np.abs(curves), np.abs(along)), 1e-300)
        step = axes @ (-along / size)
        length = math.hypot(*step)
        if length < _LAST and (length == 0 or curves[0] > _SINGULAR * curves[1]):
            return at + step, False
        if length < 1e-2 * _LAST:
            return at, False
        step = step * min(1.0, radius / length)
        expected = float(slope @ step + 0.5 * step @ bend @ step)
        gained = chart.value(at + step) - value
        if gained <= 0.1 * expected:
            at, value = at + step, value + gained
            if math.hypot(*(at - start)) > _FAR:
                return None, False
            radius = min(2 * radius, _RADIUS) if gained < 0.7 * expected else radius
        else:
            radius = 0.25 * min(radius, length)
            if radius < 1e-9:
                return None, True
    return None, False


def _is_floor(chart: _Chart, at: Array) -> bool:
    """Return whether the minimum goes on along the direction in which there is no curvature."""
    import numpy as np

    bend = chart.bend(at)
    if not np.isfinite(bend).all():
        return False
    flat = np.linalg.eigh(bend, "U")[1][:, 0]
    here = chart.value(at)
    for side in (0.01, -0.01):
        beside = at + side * flat
        rise = chart.value(beside) - here
        down, _ = _downhill(chart, beside)
        # What comes back to this place was beside a minimum that is merely flat.
        if down is None or math.hypot(*(down - at)) < 0.003:
            return False
        if abs(chart.value(down) - here) > 1e-6 * max(abs(rise), 1e-12 * abs(here)):
            return False
    return True


def _at_kink(chart: _Chart, start: Array) -> Settled | None:
    """Return the minimum that a simplex shrinks to, if the values around it say that it is one."""
    import numpy as np

    def value(u: float, v: float) -> float:
        return chart.value(np.array([u, v]))

    u, v = start.tolist()
    at: Array = np.array(simplex_minimum(value, u, v, 0.005, 0.005))
    if math.hypot(*(at - start)) > _FAR or not math.isfinite(chart.value(at)):
        return None
    return Settled(chart.point(at, "minimum")) if chart.kind(at) == "minimum" else None
