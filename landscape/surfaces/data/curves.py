"""What one example costs a unit, as a function of the weighted sum z and of the target t.

Everything is written with e = exp(-|z|) or exp(-2|z|), which neither overflows nor cancels. On a
grid of weights z = x a + y b, so exp(z) is exp(x a) exp(y b): one exponential for each column and
each row of the grid, and a product in each cell.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["CURVES", "Curve"]


class Curve(ABC):
    """The cost of an example: value and two derivatives by z, arrays of the shape of z."""

    # The power of exp(z) that `add_up` takes.
    rate: float = 1.0

    @abstractmethod
    def value(self, z: Array, t: Array) -> Array:
        """Return the cost."""

    @abstractmethod
    def slope(self, z: Array, t: Array) -> Array:
        """Return its first derivative by z."""

    @abstractmethod
    def bend(self, z: Array, t: Array) -> Array:
        """Return its second derivative by z."""

    def power(self, t: Array) -> Array:
        """Return what z is multiplied by in the exponent that `add_up` takes, shape of t."""
        import numpy as np

        return np.full(t.shape, self.rate)

    @abstractmethod
    def add_up(self, e: Array, t: Array) -> Array:
        """Return the sum of the costs over the first axis.

        Parameters: `e` is exp(power(t) z), shape (examples, columns), and may be overwritten; `t`
        has shape (examples,).
        """


class CrossEntropy(Curve):
    """log(1 + exp(-t z)) for t = -1 or 1."""

    def value(self, z: Array, t: Array) -> Array:
        """Return log(1 + exp(-t z))."""
        import numpy as np

        cost: Array = np.maximum(-t * z, 0.0) + np.log1p(np.exp(-np.abs(z)))
        return cost

    def slope(self, z: Array, t: Array) -> Array:
        """Return -t/(1 + exp(t z))."""
        import numpy as np

        e = np.exp(-np.abs(z))
        return -t * np.where(t * z > 0, e, 1.0) / (1.0 + e)

    def bend(self, z: Array, t: Array) -> Array:
        """Return s (1 - s), where s is the sigmoid of z."""
        import numpy as np

        e = np.exp(-np.abs(z))
        bend: Array = e / (1.0 + e) ** 2
        return bend

    def power(self, t: Array) -> Array:
        """Return -t: with it the exponent is what the cost has."""
        return -t

    def add_up(self, e: Array, t: Array) -> Array:
        """Return the sum of log(1 + e): the logarithm of products, as long as those are finite."""
        import numpy as np

        e += 1.0
        largest = float(e.max())
        together = int(min(len(e), max(1.0, 700.0 / np.log(largest)))) if largest > 1 else len(e)
        products = np.multiply.reduceat(e, np.arange(0, len(e), together), axis=0)
        total: Array = np.log(products).sum(axis=0)
        return total


class SquaredTanh(Curve):
    """(tanh(z) - t)²/2."""

    rate = 2.0

    def value(self, z: Array, t: Array) -> Array:
        """Return (tanh(z) - t)²/2."""
        import numpy as np

        off: Array = np.tanh(z) - t
        return 0.5 * off * off

    def slope(self, z: Array, t: Array) -> Array:
        """Return (h - t) h', where h = tanh(z) and h' = 1 - h²."""
        h, steep = self._unit(z)
        return (h - t) * steep

    def bend(self, z: Array, t: Array) -> Array:
        """Return h'² - 2 (h - t) h h'."""
        h, steep = self._unit(z)
        return steep * (steep - 2.0 * (h - t) * h)

    @staticmethod
    def _unit(z: Array) -> tuple[Array, Array]:
        import numpy as np

        e = np.exp(-2.0 * np.abs(z))
        return np.tanh(z), 4.0 * e / (1.0 + e) ** 2

    def add_up(self, e: Array, t: Array) -> Array:
        """Return the sum of (1 - t - 2/(1 + e))²/2, with e = exp(2 z)."""
        import numpy as np

        e += 1.0
        np.divide(2.0, e, out=e)
        np.subtract((1.0 - t)[:, None], e, out=e)
        total: Array = 0.5 * np.einsum("ij,ij->j", e, e)
        return total


class SquaredSigmoid(Curve):
    """(s - t)²/2, where s = 1/(1 + exp(-z))."""

    rate = -1.0

    def value(self, z: Array, t: Array) -> Array:
        """Return (s - t)²/2."""
        off: Array = self._unit(z)[0] - t
        return 0.5 * off * off

    def slope(self, z: Array, t: Array) -> Array:
        """Return (s - t) s', where s' = s (1 - s)."""
        s, steep = self._unit(z)
        return (s - t) * steep

    def bend(self, z: Array, t: Array) -> Array:
        """Return s'² + (s - t) s' (1 - 2s)."""
        s, steep = self._unit(z)
        return steep * (steep + (s - t) * (1.0 - 2.0 * s))

    @staticmethod
    def _unit(z: Array) -> tuple[Array, Array]:
        import numpy as np

        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1.0, e) / (1.0 + e), e / (1.0 + e) ** 2

    def add_up(self, e: Array, t: Array) -> Array:
        """Return the sum of (1/(1 + e) - t)²/2, with e = exp(-z)."""
        import numpy as np

        e += 1.0
        np.divide(1.0, e, out=e)
        e -= t[:, None]
        total: Array = 0.5 * np.einsum("ij,ij->j", e, e)
        return total


CURVES: dict[str, Curve] = {
    "logistic": CrossEntropy(),
    "tanh_unit": SquaredTanh(),
    "sigmoid_unit": SquaredSigmoid(),
}
