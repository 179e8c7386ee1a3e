"""Losses and gradients of a network in buffers that are kept: the inner loop of training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.activations import Activation
from landscape.networks.layout import Array, Layers, Layout
from landscape.networks.passes import Columns, Passes

__all__ = ["Evaluator"]


class Evaluator:
    """Computes a network's loss, gradient and outputs again and again; belongs to one thread.

    Arguments are not checked: `flat` (count,) and examples (rows, inputs) are C-contiguous in the
    network's dtype, targets come from `Network.targets`.

    Calling it, `evaluator(flat, X, target, gradient)`, returns the loss and writes its gradient
    into `gradient` (count,).
    """

    def __init__(
        self, layout: Layout, activation: Activation, loss: str, l2: float, rows: int
    ) -> None:
        self._layout, self._activation, self._loss = layout, activation, loss
        self._chunk = rows
        self._passes: dict[int, Passes] = {}
        self._flat: Array | None = None
        self._layers: Columns = []
        self._gradient: Array | None = None
        self._gradients: Layers = []
        self._decay: Array | None = None
        if l2:
            self._decay = np.zeros(layout.count, dtype=layout.dtype)
            for weights, _ in layout.unpack(self._decay):
                weights[...] = l2

    def __call__(self, flat: Array, X: Array, target: NDArray[Any], gradient: Array) -> float:  # noqa: N803
        """Return the loss, its gradient in `gradient`."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self.advance(flat, X, target, gradient)

    def advance(self, flat: Array, X: Array, target: NDArray[Any], gradient: Array) -> float:  # noqa: N803
        """Do the same within an `errstate` of the caller's: a training loop needs only one."""
        rows = len(X)
        if rows <= self._chunk:
            loss = self._pass(rows).gradient(
                self._views(flat), X, target, 1.0 / rows, self._gradient_views(gradient)
            )
        else:
            loss = self._chunked(flat, X, target, gradient)
        loss /= rows
        if self._decay is not None:
            loss += self._penalty(flat, self._decay, gradient)
        return loss

    def value(self, flat: Array, X: Array, target: NDArray[Any]) -> float:  # noqa: N803
        """Return the loss."""
        rows, loss = len(X), 0.0
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for first in range(0, rows, self._chunk):
                part = slice(first, first + self._chunk)
                inputs = X[part]
                loss += self._pass(len(inputs)).loss(self._views(flat), inputs, target[part])
            loss /= rows
            if self._decay is not None:
                loss += self._penalty(flat, self._decay, None)
        return loss

    def outputs(self, flat: Array, X: Array) -> Array:  # noqa: N803
        """Return the outputs (rows, K), a new array."""
        result = np.empty((len(X), self._layout.sizes[-1]), dtype=self._layout.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            for first in range(0, len(X), self._chunk):
                part = slice(first, first + self._chunk)
                inputs = X[part]
                result[part] = self._pass(len(inputs)).outputs(self._views(flat), inputs).T
        return result

    def _pass(self, rows: int) -> Passes:
        found = self._passes.get(rows)
        if found is None:
            found = Passes(self._layout, self._activation, self._loss, rows)
            self._passes[rows] = found
        return found

    def _views(self, flat: Array) -> Columns:
        # A rule that steps in place brings the same array each time.
        if flat is not self._flat:
            self._flat = flat
            self._layers = [(w, b[:, None]) for w, b in self._layout.unpack(flat)]
        return self._layers

    def _gradient_views(self, gradient: Array) -> Layers:
        if gradient is not self._gradient:
            self._gradient, self._gradients = gradient, self._layout.unpack(gradient)
        return self._gradients

    def _chunked(self, flat: Array, rows: Array, target: NDArray[Any], gradient: Array) -> float:
        total = np.zeros(self._layout.count)
        views = self._gradient_views(gradient)
        loss, scale = 0.0, 1.0 / len(rows)
        for first in range(0, len(rows), self._chunk):
            part = slice(first, first + self._chunk)
            inputs = rows[part]
            passes = self._pass(len(inputs))
            loss += passes.gradient(self._views(flat), inputs, target[part], scale, views)
            total += gradient
        gradient[...] = total
        return loss

    def _penalty(self, flat: Array, decay: Array, gradient: Array | None) -> float:
        pull = np.multiply(flat, decay)
        if gradient is not None:
            np.add(gradient, pull, out=gradient)
        np.multiply(pull, flat, out=pull)
        return 0.5 * float(np.add.reduce(pull, dtype=np.float64))
