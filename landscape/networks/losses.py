"""The two losses on a network's outputs, with their gradients and curvature.

Outputs are (K, rows) here, a column an example, so that sums over the classes run along rows of
memory. Each object keeps its buffers and belongs to one thread.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.layout import Array

__all__ = ["LOSSES", "CrossEntropy", "SquaredError", "output_loss"]

LOSSES = ("cross_entropy", "squared_error")


class CrossEntropy:
    """Minus the log of softmax's probability for the label, summed over rows.

    The largest output is subtracted first, so that large outputs do not overflow; the logarithm
    and the sum over rows are float64 whatever the outputs are.
    """

    def __init__(self, outputs: int, rows: int, dtype: str) -> None:
        self._row = np.empty(rows, dtype=dtype)
        self._at_label = np.empty(rows, dtype=dtype)
        self._log = np.empty(rows)
        self._columns = np.arange(rows)
        self._index = np.empty(rows, dtype=np.intp)
        # As arrays, these need no conversion at each call.
        self._rows = np.array(rows)
        self._ones, self._over_rows = np.ones(outputs, dtype=dtype), np.ones(rows)
        self._softmax = self._row
        self._scale = 1.0

    def sum(self, outputs: Array, target: NDArray[Any]) -> float:
        """Return the summed loss; `outputs` (K, rows) is used up, `target` is labels (rows,)."""
        row, log, index = self._row, self._log, self._index
        np.maximum.reduce(outputs, axis=0, out=row)
        np.subtract(outputs, row, out=outputs)
        np.multiply(target, self._rows, out=index)
        np.add(index, self._columns, out=index)
        outputs.reshape(-1).take(index, None, self._at_label, "clip")
        np.exp(outputs, out=outputs)
        np.dot(self._ones, outputs, row)
        np.copyto(log, row)
        np.log(log, out=log)
        np.subtract(log, self._at_label, out=log)
        return float(log.dot(self._over_rows))

    def replace(self, outputs: Array, target: NDArray[Any], scale: float) -> float:
        """Return the summed loss, its gradient times `scale` in the place of `outputs`."""
        loss = self.sum(outputs, target)
        row = self._row
        np.divide(scale, row, out=row)
        np.multiply(outputs, row, out=outputs)
        outputs.reshape(-1)[self._index] -= scale
        return loss

    def linearise(self, outputs: Array, target: NDArray[Any], scale: float) -> None:
        """Put the gradient times `scale` in the place of `outputs` and make ready for `product`."""
        self.replace(outputs, target, scale)
        self._softmax = outputs.copy()
        self._softmax.reshape(-1)[self._index] += scale
        self._scale = scale

    def product(self, change: Array) -> None:
        """Put the Hessian times `change`, both of the outputs, in the place of `change`.

        Softmax's Jacobian is diag(p) - p pᵀ; here p is kept times `scale`.
        """
        np.multiply(change, self._softmax, out=change)
        along = np.add.reduce(change, axis=0)
        along /= self._scale
        change -= self._softmax * along


class SquaredError:
    """The squared error's mean over the outputs, summed over rows; the sum is float64."""

    def __init__(self, outputs: int, rows: int, dtype: str) -> None:
        self._square = np.empty((outputs, rows), dtype=dtype)
        self._outputs = outputs
        self._curvature = 2.0 / outputs

    def sum(self, outputs: Array, target: NDArray[Any]) -> float:
        """Return the summed loss; `outputs` (K, rows) is used up, `target` is (rows, K)."""
        np.subtract(outputs, target.T, out=outputs)
        np.multiply(outputs, outputs, out=self._square)
        return float(np.add.reduce(self._square, axis=None, dtype=np.float64)) / self._outputs

    def replace(self, outputs: Array, target: NDArray[Any], scale: float) -> float:
        """Return the summed loss, its gradient times `scale` in the place of `outputs`."""
        loss = self.sum(outputs, target)
        np.multiply(outputs, 2.0 * scale / self._outputs, out=outputs)
        return loss

    def linearise(self, outputs: Array, target: NDArray[Any], scale: float) -> None:
        """Put the gradient times `scale` in the place of `outputs` and make ready for `product`."""
        self.replace(outputs, target, scale)
        self._curvature = 2.0 * scale / self._outputs

    def product(self, change: Array) -> None:
        """Put the Hessian times `change`, both of the outputs, in the place of `change`."""
        change *= self._curvature


def output_loss(name: str, outputs: int, rows: int, dtype: str) -> CrossEntropy | SquaredError:
    """Return the loss of that name with buffers for `rows` rows of `outputs` outputs."""
    kind = CrossEntropy if name == "cross_entropy" else SquaredError
    return kind(outputs, rows, dtype)
