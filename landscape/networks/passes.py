"""One pass forward and back through the layers, in buffers that are used again.

Everything inside is (width, rows), a column an example: the weights then multiply from the left
as they stand, and sums over units or classes run along rows of memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.activations import Activation
from landscape.networks.layout import Array, Layers, Layout
from landscape.networks.losses import output_loss

__all__ = ["Columns", "Passes"]

# Weights (fan_out, fan_in) and biases as a column (fan_out, 1), a pair a layer.
Columns = Layers


class Passes:
    """Passes over exactly `rows` examples; belongs to one thread.

    The gradient needs two buffers a layer: `_signals`, what the layer hands on, and `_slopes`, the
    activation's derivative. On the way back the gradient with respect to a layer's output takes
    the place of the output, and that with respect to its pre-activation the place of the slope.
    """

    def __init__(self, layout: Layout, activation: Activation, loss: str, rows: int) -> None:
        sizes, dtype = layout.sizes, layout.dtype
        self._activation = activation
        self._skips = layout.skips
        self._signals: list[Array] = [np.empty((width, rows), dtype) for width in sizes[1:-1]]
        self._turned = [signal.T for signal in self._signals]
        self._slopes: list[Array] = []
        self._outputs: Array = np.empty((sizes[-1], rows), dtype)
        self._loss = output_loss(loss, sizes[-1], rows, dtype)
        self._ones = np.ones(rows, dtype)

    def outputs(self, layers: Columns, rows: Array) -> Array:
        """Return the outputs (K, rows) for examples (rows, inputs): a buffer, soon overwritten."""
        signal: Array = rows.T
        value = self._activation.value
        for (weights, biases), skip, out in zip(layers, self._skips, self._signals, strict=False):
            np.dot(weights, signal, out)
            np.add(out, biases, out=out)
            value(out, out)
            if skip:
                np.add(out, signal, out=out)
            signal = out
        return self._last(layers, signal)

    def loss(self, layers: Columns, rows: Array, target: NDArray[Any]) -> float:
        """Return the loss summed over the rows."""
        return self._loss.sum(self.outputs(layers, rows), target)

    def gradient(
        self, layers: Columns, rows: Array, target: NDArray[Any], scale: float, gradients: Layers
    ) -> float:
        """Return the loss summed over the rows; its gradient times `scale` goes to `gradients`."""
        signals, turned, skips, ones = self._signals, self._turned, self._skips, self._ones
        slopes = self._slopes = self._slopes or [np.empty_like(signal) for signal in signals]
        dot, add, multiply = np.dot, np.add, np.multiply
        replace = self._activation.replace
        signal: Array = rows.T
        for (weights, biases), out, slope, skip in zip(
            layers, signals, slopes, skips, strict=False
        ):
            dot(weights, signal, out)
            add(out, biases, out=out)
            replace(out, slope)
            if skip:
                add(out, signal, out=out)
            signal = out
        delta = self._last(layers, signal)
        loss = self._loss.replace(delta, target, scale)
        above: Array | None = None  # with respect to the output of the layer above, if it has one
        for k in range(len(signals) - 1, -1, -1):
            for_weights, for_biases = gradients[k + 1]
            dot(delta, turned[k], for_weights)
            dot(delta, ones, for_biases)
            back = signals[k]
            dot(layers[k + 1][0].T, delta, back)
            if above is not None and skips[k + 1]:
                add(back, above, out=back)
            above, delta = back, slopes[k]
            multiply(delta, back, out=delta)
        for_weights, for_biases = gradients[0]
        dot(delta, rows, for_weights)
        dot(delta, ones, for_biases)
        return loss

    def _last(self, layers: Columns, signal: Array) -> Array:
        weights, biases = layers[-1]
        np.dot(weights, signal, self._outputs)
        return np.add(self._outputs, biases, out=self._outputs)
