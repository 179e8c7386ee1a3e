"""One unit on data: logistic regression, and a tanh or sigmoid unit with squared error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.surfaces.data.curves import CURVES, Curve
from landscape.surfaces.data.design import Design
from landscape.surfaces.data.newton import lowest_points
from landscape.surfaces.data.surface import (
    DataSurface,
    box,
    curvatures_of,
    minimum_at,
    same_for_both,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = ["UnitSurface"]

_REACH = 5.0  # the root mean square of z at the edge of the domain, about
_LARGEST_EXPONENT = 340.0  # exp of twice that is still a number
_MOST_CELLS = 1 << 18  # numbers in one block of points times examples
_EXAMPLES = 64  # in a block of the grid: 64 rows of 400 columns stay in the processor's cache


class UnitSurface(DataSurface):
    """f(x, y) = 1/n Σ cost(z, t) with z = x a + y b; the costs are in `curves`.

    Minima are found by Newton's method; where the classes can be told apart without a mistake there
    may be none, for the loss falls for ever as the weights grow.
    """

    @property
    def _curve(self) -> Curve:
        return CURVES[self.model]

    def _settle(self) -> None:
        import numpy as np

        factor = _factor(self._design)
        singular = np.linalg.svd(factor, compute_uv=False)
        if singular[1] < 1e-7 * singular[0]:
            raise same_for_both(self)
        self._find(factor)
        inverse = np.linalg.inv(factor)
        # The widths of the ellipse on which z has the root mean square _REACH.
        half = [_REACH * float(np.hypot(*row)) for row in inverse]
        best = (self.points[0].x, self.points[0].y) if self.points else (0.0, 0.0)
        half = [max(width, 1.4 * abs(at)) for width, at in zip(half, best, strict=True)]
        if len(self.features) == 2:
            half = [max(half), max(half)]
        along = -0.6 if best[0] >= 0 else 0.6
        side = along if inverse[0] @ inverse[1] >= 0 else -along
        self.bounds, self.start = box((0.0, 0.0), (half[0], half[1]), (along, 0.7 * side))

    def _settle_part(self) -> None:
        """Leave the minima of a batch unknown: a search would take longer than a frame."""

    def _find(self, factor: Array) -> None:
        """Set the points, the lowest loss and the curvatures there."""
        found = lowest_points(self, factor, convex=self.model == "logistic")
        self.points = tuple(minimum_at(self, x, y) for x, y in found)
        if self.points:
            best = self.points[0]
            self.lowest = best.value
            self.curvatures = curvatures_of(self.hessian(best.x, best.y))

    # -- the loss ----------------------------------------------------------------------------

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (x, y); the arguments broadcast."""
        curve, t = self._curve, self._design.t
        result: Array = self._averages(x, y, 1, lambda z: [curve.value(z, t)])[0]
        return result

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (df/dx, df/dy) as an array of shape (2, …)."""
        curve, data = self._curve, self._design

        def parts(z: Array) -> list[Array]:
            slope = curve.slope(z, data.t)
            return [slope * data.a, slope * data.b]

        return self._averages(x, y, 2, parts)

    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives as an array of shape (2, 2, …)."""
        import numpy as np

        curve, data = self._curve, self._design

        def parts(z: Array) -> list[Array]:
            bend = curve.bend(z, data.t)
            return [bend * data.a * data.a, bend * data.a * data.b, bend * data.b * data.b]

        xx, xy, yy = self._averages(x, y, 3, parts)
        return np.array([[xx, xy], [xy, yy]])

    def value_at(self, x: float, y: float) -> float:
        """Return the loss at one point as a float."""
        import numpy as np

        data = self._design
        with np.errstate(all="ignore"):
            cost = self._curve.value(x * data.a + y * data.b, data.t)
            return float(cost.sum()) / self.examples

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats."""
        data = self._design
        return _slope(x, y, self._curve, data.a, data.b, data.t)

    def _averages(
        self, x: ArrayLike, y: ArrayLike, count: int, parts: Callable[[Array], list[Array]]
    ) -> Array:
        """Return the means over the examples of `count` functions of z: shape (count, …).

        `parts` takes z of shape (points, examples); a block of points at a time is computed.
        """
        import numpy as np

        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        shape, xs, ys = xs.shape, xs.ravel(), ys.ravel()
        results = np.empty((count, xs.size))
        block = max(1, _MOST_CELLS // self.examples)
        with np.errstate(all="ignore"):
            for k in range(0, xs.size, block):
                part = slice(k, k + block)
                z = xs[part, None] * self._design.a + ys[part, None] * self._design.b
                for row, values in zip(results, parts(z), strict=True):
                    row[part] = values.sum(axis=1) / self.examples
        return results.reshape(count, *shape)

    def value_on_grid(self, xs: Array, ys: Array) -> Array:
        """Return the loss where the lines xs (columns) and ys (rows) cross: (rows, columns).

        To 1e-13, not to the last bit, what `value` gives: exponentials are taken once a line and
        multiplied in the cells, unless the lines lie so far out that they would overflow.
        """
        import numpy as np

        curve, data = self._curve, self._design
        power = curve.power(data.t)
        a, b = power * data.a, power * data.b
        # NaN and inf fail the comparison.
        farthest = np.abs(xs).max() * np.abs(a).max() + np.abs(ys).max() * np.abs(b).max()
        if not farthest < _LARGEST_EXPONENT:
            return super().value_on_grid(xs, ys)
        total = np.zeros((len(ys), len(xs)))
        cell = np.empty((_EXAMPLES, len(xs)))
        for k in range(0, self.examples, _EXAMPLES):
            part = slice(k, k + _EXAMPLES)
            columns, rows = np.exp(np.outer(a[part], xs)), np.exp(np.outer(b[part], ys))
            t = data.t[part]
            for i in range(len(ys)):
                e = np.multiply(columns, rows[:, i, None], out=cell[: len(t)])
                total[i] += curve.add_up(e, t)
        return total / self.examples

    def _gradients(self, order: Array) -> Iterator[Gradient]:
        curve, data = self._curve, self._design
        for rows in order:
            a, b, t = data.a[rows], data.b[rows], data.t[rows]

            def gradient(
                x: float, y: float, a: Array = a, b: Array = b, t: Array = t
            ) -> tuple[float, float]:
                return _slope(x, y, curve, a, b, t)

            yield gradient


def _factor(data: Design) -> Array:
    """Return R (2, 2) with RᵀR = mean (a, b)(a, b)ᵀ; of one example it has one row."""
    import numpy as np

    columns = np.stack([data.a, data.b], axis=1) / math.sqrt(len(data.t))
    return np.asarray(np.linalg.qr(columns, mode="r"))


def _slope(x: float, y: float, curve: Curve, a: Array, b: Array, t: Array) -> tuple[float, float]:
    """Return the mean gradient over some examples."""
    import numpy as np

    with np.errstate(all="ignore"):
        slope = curve.slope(x * a + y * b, t)
        return float((slope * a).sum()) / len(t), float((slope * b).sum()) / len(t)
