"""Two weights in a row on data: prediction w2*w1*x."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.surfaces.data.sums import SumsSurface
from landscape.surfaces.data.surface import box
from landscape.surfaces.surface import CriticalPoint

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["ProductSurface"]

_ROOM = 2.2


class ProductSurface(SumsSurface):
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

    def _value(self, x: Any, y: Any) -> Any:
        square, slope, constant = self._sums
        off = x * y - self._best
        return off * (0.5 * square * off - slope) + constant

    def _slope(self, x: Any, y: Any, sums: list[float]) -> tuple[Any, Any]:
        """Return the two partial derivatives, of floats or of arrays."""
        outer = sums[0] * (x * y - self._best) - sums[1]
        return outer * y, outer * x

    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives as an array of shape (2, 2, …)."""
        import numpy as np

        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        square, slope, _ = self._sums
        with np.errstate(all="ignore"):
            mixed = square * (2 * xs * ys - self._best) - slope
            return np.array([[square * ys * ys, mixed], [mixed, square * xs * xs]])
