"""Losses that a few sums over the examples decide: points, arrays and batches cost the same."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from landscape.surfaces.data.surface import DataSurface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = ["SumsSurface"]


class SumsSurface(DataSurface):
    """A loss written in sums over the examples; a model says which, and what they make."""

    _sums: list[float]

    @abstractmethod
    def _means(self, order: Array) -> Array:
        """Return the sums, as means over each row of `order`: (sums, rows)."""

    @abstractmethod
    def _value(self, x: Any, y: Any) -> Any:
        """Return the loss of floats or of arrays."""

    @abstractmethod
    def _slope(self, x: Any, y: Any, sums: list[float]) -> tuple[Any, Any]:
        """Return the two partial derivatives, of floats or of arrays."""

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (x, y); the arguments broadcast."""
        import numpy as np

        with np.errstate(all="ignore"):
            result = self._value(np.asarray(x, np.float64), np.asarray(y, np.float64))
        return np.asarray(result)

    def value_at(self, x: float, y: float) -> float:
        """Return the loss at one point as a float."""
        return float(self._value(float(x), float(y)))

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (df/dx, df/dy) as an array of shape (2, …)."""
        import numpy as np

        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        with np.errstate(all="ignore"):
            return np.stack(self._slope(xs, ys, self._sums))

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats."""
        return self._slope(float(x), float(y), self._sums)

    def _gradients(self, order: Array) -> Iterator[Gradient]:
        for sums in self._means(order).T.tolist():

            def gradient(x: float, y: float, sums: list[float] = sums) -> tuple[float, float]:
                return self._slope(x, y, sums)

            yield gradient
