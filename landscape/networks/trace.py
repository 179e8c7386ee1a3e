"""What goes through each layer for given examples, and units that have stopped to respond."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.activations import Activation
from landscape.networks.layout import Array, Layers, Layout
from landscape.networks.losses import output_loss

__all__ = ["SATURATION", "LayerTrace", "trace_layers"]

# A unit is saturated where |f′| is below this share of its largest value: |h| > 0.97 for tanh,
# h outside [0.015, 0.985] for sigmoid (which is tanh of half its argument, rescaled).
SATURATION = 1 - 0.97**2


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """The numbers of one layer; arrays are (rows, width).

    Attributes: `layer` (from 1, the output layer last); `kind` (its activation function, linear in
    the output layer); `preactivation` z = Wh + b; `activation` f(z), without what a skip connection
    adds; `gradient`, ∂L/∂z of the mean loss over the rows, so 1/rows of the loss of one example
    (None where no targets were given).
    """

    layer: int
    kind: Activation = field(repr=False)
    preactivation: Array = field(repr=False)
    activation: Array = field(repr=False)
    gradient: Array | None = field(repr=False)

    @property
    def width(self) -> int:
        """How many units it has."""
        return int(self.preactivation.shape[1])

    @cached_property
    def derivative(self) -> Array:
        """f′(z), shape (rows, width)."""
        return self.kind.derivative(self.preactivation)

    @cached_property
    def dead(self) -> NDArray[np.bool_]:
        """Which units are dead, (width,): f′ is exactly 0 on every row, so no gradient passes.

        A ReLU unit is dead if it is active on no row. The derivative of a smooth activation is
        never 0 but by rounding, which is another in another dtype: its units saturate.
        """
        if not self.kind.closes:
            return np.zeros(self.width, np.bool_)
        return np.asarray((self.preactivation <= 0).all(axis=0))

    @cached_property
    def alike(self) -> bool:
        """Whether all units, two or more, compute the same on every row."""
        z = self.preactivation
        return self.width > 1 and bool((z == z[:, :1]).all())

    @property
    def dead_count(self) -> int:
        """How many units are dead."""
        return int(np.count_nonzero(self.dead))

    @cached_property
    def saturated(self) -> NDArray[np.float64]:
        """The share of rows on which each unit is saturated, (width,).

        There |f′| is below SATURATION = 0.059 times its largest value: |h| > 0.97 for tanh, h
        outside 0.015…0.985 for sigmoid, the side left of 0 for ReLU and leaky ReLU.
        """
        flat = np.abs(self.derivative) < SATURATION * self.kind.steepest
        return np.asarray(flat.mean(axis=0))

    @property
    def saturated_share(self) -> float:
        """The share of all rows and units that are saturated."""
        return float(self.saturated.mean())

    def saturated_count(self, share: float = 0.95) -> int:
        """Return how many units are saturated on at least that share of the rows."""
        return int(np.count_nonzero(self.saturated >= share))


def trace_layers(
    layout: Layout,
    kinds: tuple[Activation, Activation],
    loss: str,
    layers: Layers,
    rows: Array,
    target: NDArray[Any] | None,
) -> list[LayerTrace]:
    """Return what goes through each layer; `kinds` are those of hidden layers and of the output."""
    hidden = kinds[0]
    before: list[Array] = []  # pre-activations, (width, rows) here
    signal = rows.T
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for (weights, biases), skip in zip(layers, (*layout.skips, False), strict=True):
            before.append(weights @ signal + biases[:, None])
            after = hidden.value(before[-1])
            signal = after + signal if skip else after
        deltas: list[Array | None] = [None] * len(layers)
        if target is not None:
            delta = before[-1].copy()
            losses = output_loss(loss, len(delta), len(rows), layout.dtype)
            losses.replace(delta, target, 1.0 / len(rows))
            deltas[:] = _deltas(layout, hidden, layers, before, delta)
        return [
            LayerTrace(
                layer=k + 1,
                kind=kinds[k + 1 == len(layers)],
                preactivation=np.ascontiguousarray(z.T),
                activation=np.ascontiguousarray(kinds[k + 1 == len(layers)].value(z).T),
                gradient=None if delta is None else np.ascontiguousarray(delta.T),
            )
            for k, (z, delta) in enumerate(zip(before, deltas, strict=True))
        ]


def _deltas(
    layout: Layout, hidden: Activation, layers: Layers, before: list[Array], delta: Array
) -> list[Array]:
    """Return ∂L/∂z of each layer; `delta` is that of the output layer."""
    deltas = [delta]
    above: Array | None = None  # ∂L/∂h of the layer above, which a skip connection hands on
    for k in range(len(layers) - 2, -1, -1):
        below = layers[k + 1][0].T @ deltas[-1]
        if above is not None and layout.skips[k + 1]:
            below += above
        above = below
        deltas.append(below * hidden.derivative(before[k]))
    return deltas[::-1]
