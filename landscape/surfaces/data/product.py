"""Two weights in a row on data: prediction w2*w1*x."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.surfaces.data.surface import DataSurface, box
from landscape.surfaces.surface import CriticalPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = ["ProductSurface"]

_ROOM = 2.2


class ProductSurface(DataSurface):
    """f(x, y) = 1/(2n) Σ (x y a - t)², a function of the product u = x y alone.

    With u* the slope of linear regression, s = mean a², e the residuals at u* and r = mean a e
    (0 but for rounding if all examples are meant), f = s/2 (u - u*)² - r (u - u*) + mean(e²)/2.
    The minima fill the curve x y = u*, so none of them is in `points`; zero is a saddle.
    """

    def _settle(self) -> None:
        data = self._design
        square, both = float((data.a**2).mean()), float((data.a * data.t).mean())
        self._best = both / square
        if abs(self._best) < 1e-9 * math.sqrt(float((data.t**2).mean()) / square):
            raise LandscapeError(
                f"{self.features[0]} says nothing of {self.target}, so there is no saddle: choose "
                "another feature"
            )
        self._settle_part()
        # Where the two weights are equally large: elsewhere on the curve it is larger.
        self.curvatures = 0.0, 2 * square * abs(self._best)
        half = _ROOM * math.sqrt(abs(self._best))
        self.bounds, self.start = box((0, 0), (half, half), (0.06, math.copysign(0.03, self._best)))

    def _settle_part(self) -> None:
        import numpy as np

        self._sums = self._means(np.arange(self.examples)[None, :])[:, 0].tolist()
        square, slope, constant = self._sums
        if square > 0:
            best = self._best + slope / square
            self.curvatures = 0.0, 2 * square * abs(best)
            self.lowest = constant - slope**2 / (2 * square)
            kind: Any = "saddle" if best else "degenerate"
            self.points = (CriticalPoint(0.0, 0.0, self.value_at(0.0, 0.0), kind),)

    def _means(self, order: Array) -> Array:
        """Return the means of a², a·e and e²/2 over each row of `order`: (3, rows)."""
        import numpy as np

        a = self._design.a[order]
        error = self._design.t[order] - self._best * a
        return np.stack([part.mean(axis=1) for part in (a * a, a * error, error * error / 2)])

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (x, y); the arguments broadcast."""
        import numpy as np

        with np.errstate(all="ignore"):
            result = self._value(np.asarray(x, np.float64), np.asarray(y, np.float64))
        return np.asarray(result)

    def value_at(self, x: float, y: float) -> float:
        """Return the loss at one point as a float."""
        return float(self._value(float(x), float(y)))

    def _value(self, x: Any, y: Any) -> Any:
        square, slope, constant = self._sums
        off = x * y - self._best
        return off * (0.5 * square * off - slope) + constant

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (df/dx, df/dy) as an array of shape (2, …)."""
        import numpy as np

        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        with np.errstate(all="ignore"):
            return np.stack(_slope(xs, ys, self._best, self._sums))

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats."""
        return _slope(float(x), float(y), self._best, self._sums)

    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives as an array of shape (2, 2, …)."""
        import numpy as np

        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        square, slope, _ = self._sums
        with np.errstate(all="ignore"):
            mixed = square * (2 * xs * ys - self._best) - slope
            return np.array([[square * ys * ys, mixed], [mixed, square * xs * xs]])

    def _gradients(self, order: Array) -> Iterator[Gradient]:
        best = self._best
        for sums in self._means(order).T.tolist():

            def gradient(x: float, y: float, sums: list[float] = sums) -> tuple[float, float]:
                return _slope(x, y, best, sums)

            yield gradient


def _slope(x: Any, y: Any, best: float, sums: list[float]) -> tuple[Any, Any]:
    """Return the two partial derivatives, of floats or of arrays."""
    outer = sums[0] * (x * y - best) - sums[1]
    return outer * y, outer * x
