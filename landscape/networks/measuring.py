"""Loss and accuracy of a network on a part of the data, again and again, in one pass each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.losses import output_loss
from landscape.networks.network import Network

__all__ = ["Meter"]

Array = NDArray[np.floating[Any]]


class Meter:
    """Measures parameters on the rows X (rows, inputs) with targets y; belongs to one thread.

    `Network.value` and `Network.accuracy` give the same numbers in two passes.
    """

    def __init__(self, network: Network, X: Array, y: NDArray[Any]) -> None:  # noqa: N803
        self._network = network
        self._rows = np.ascontiguousarray(X, network.dtype)
        self._target = network.targets(y) if len(X) else y
        labels = y.ndim == 1 and y.dtype.kind in "iub"
        self._labels = y if labels else None
        self._single = network.sizes[-1] == 1
        self._evaluator = network.evaluator()
        self._loss = output_loss(network.loss, network.sizes[-1], len(X), network.dtype)

    def __call__(self, flat: Array) -> tuple[float, float]:
        """Return (loss, share of the rows that are classified right).

        Without rows both are NaN; the share is NaN for a regression and where the loss is not
        finite.
        """
        if not len(self._rows):
            return math.nan, math.nan
        with np.errstate(all="ignore"):
            outputs = self._evaluator.outputs(flat, self._rows)
            share = math.nan if self._labels is None else self._share(outputs)
            loss = self._loss.sum(np.ascontiguousarray(outputs.T), self._target) / len(self._rows)
            loss += self._penalty(flat)
        return loss, share if math.isfinite(loss) else math.nan

    def _share(self, outputs: Array) -> float:
        found = outputs[:, 0] > 0.5 if self._single else outputs.argmax(axis=1)
        return float(np.mean(found == self._labels))

    def _penalty(self, flat: Array) -> float:
        if not self._network.l2:
            return 0.0
        squares = sum(
            float(np.sum(np.square(weights, dtype=np.float64)))
            for weights, _ in self._network.unpack(flat)
        )
        return 0.5 * self._network.l2 * squares
