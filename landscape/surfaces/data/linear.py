"""Linear regression: a quadratic bowl, exact from five sums over the examples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.surfaces.data.sums import SumsSurface
from landscape.surfaces.data.surface import box, minimum_at, same_for_both

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["LinearSurface"]

_MOST_CONDITION = 1e14  # beyond it, doubles cannot tell the floor's slope
_ROOM = 1.3


class LinearSurface(SumsSurface):
    """f(x, y) = 1/(2n) Σ (x a + y b - t)², written around the minimum of all examples.

    With d = (x, y) - minimum and e the residuals there, f = 1/2 d·H d - r·d + mean(e²)/2, where
    H = mean (a, b)(a, b)ᵀ and r = mean (a, b) e (for all examples r is 0 but for rounding). Written
    like this nothing cancels near the minimum.
    """

    def _settle(self) -> None:
        import numpy as np

        data = self._design
        columns = np.stack([data.a, data.b], axis=1)
        best, _, rank, singular = np.linalg.lstsq(columns, data.t, rcond=None)
        squares = singular**2 / self.examples
        if rank < 2 or squares[0] > _MOST_CONDITION * squares[1]:
            raise same_for_both(self)
        self._around = float(best[0]), float(best[1])
        self._sums = self._means(np.arange(self.examples)[None, :])[:, 0].tolist()
        self.curvatures = float(squares[1]), float(squares[0])
        lowest = minimum_at(self, *self._around)
        self.points, self.lowest = (lowest,), lowest.value
        # As far as the loss stays within that of a model that always says 0, from the lowest.
        h_xx, h_xy, h_yy = self._sums[:3]
        reach = float((data.t**2).mean()) / (squares[0] * squares[1])
        half = _ROOM * math.sqrt(h_yy * reach), _ROOM * math.sqrt(h_xx * reach)
        if len(self.features) == 2:
            # The weights of two features are alike: the same scale shows how long the bowl is.
            half = max(half), max(half)
        side = 1.0 if h_xy >= 0 else -1.0
        self.bounds, self.start = box(self._around, half, (-0.75, 0.5 * side))

    def _settle_part(self) -> None:
        import numpy as np

        self._sums = self._means(np.arange(self.examples)[None, :])[:, 0].tolist()
        h_xx, h_xy, h_yy, r_x, r_y, _ = self._sums
        smallest, largest = np.linalg.eigvalsh([[h_xx, h_xy], [h_xy, h_yy]]).tolist()
        self.curvatures = max(smallest, 0.0), largest
        if smallest > 1e-12 * largest:
            dx, dy = np.linalg.solve([[h_xx, h_xy], [h_xy, h_yy]], [r_x, r_y]).tolist()
            lowest = minimum_at(self, self._around[0] + dx, self._around[1] + dy)
            self.points, self.lowest = (lowest,), lowest.value

    def _means(self, order: Array) -> Array:
        """Return the means of a², ab, b², a·e, b·e and e²/2 over each row of `order`: (6, rows)."""
        import numpy as np

        data = self._design
        a, b = data.a[order], data.b[order]
        error = data.t[order] - (self._around[0] * a + self._around[1] * b)
        parts = a * a, a * b, b * b, a * error, b * error, error * error / 2
        return np.stack([part.mean(axis=1) for part in parts])

    # -- the loss ----------------------------------------------------------------------------

    def _value(self, x: Any, y: Any) -> Any:
        h_xx, h_xy, h_yy, r_x, r_y, constant = self._sums
        dx, dy = x - self._around[0], y - self._around[1]
        return dx * (0.5 * h_xx * dx + h_xy * dy - r_x) + dy * (0.5 * h_yy * dy - r_y) + constant

    def _slope(self, x: Any, y: Any, sums: list[float]) -> tuple[Any, Any]:
        """Return the two partial derivatives, of floats or of arrays."""
        dx, dy = x - self._around[0], y - self._around[1]
        return sums[0] * dx + sums[1] * dy - sums[3], sums[1] * dx + sums[2] * dy - sums[4]

    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives, the same everywhere, as an array of shape (2, 2, …)."""
        import numpy as np

        h_xx, h_xy, h_yy = self._sums[:3]
        shape = np.broadcast_shapes(np.shape(x), np.shape(y))
        matrix = np.array([[h_xx, h_xy], [h_xy, h_yy]])
        return np.broadcast_to(matrix.reshape(2, 2, *[1] * len(shape)), (2, 2, *shape)).copy()
