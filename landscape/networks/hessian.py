"""Products of the loss's Hessian with vectors, exact, by Pearlmutter's R-operator (1994).

R{·} is the derivative along a vector v of parameters. Applied to each line of the pass forward and
of the pass back it gives R{gradient} = Hv at the cost of a few gradients, with no differences:

    forward  R{z} = Vh + c + W R{h},      R{f(z)} = f′(z) R{z}
    back     R{∂L/∂h} = Vᵀδ + Wᵀ R{δ},    R{δ} = f′(z) R{∂L/∂h} + ∂L/∂h f″(z) R{z}
    Hv       R{∂L/∂W} = R{δ} hᵀ + δ R{h}ᵀ

where δ = ∂L/∂z, and V, c are v's part for W, b. For ReLU f″ is 0: H is that of the linear piece
that the parameters lie on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.activations import Activation
from landscape.networks.layout import Array, Layers, Layout
from landscape.networks.losses import output_loss
from landscape.threads import one_blas_thread

__all__ = ["HessianOperator"]

_KEPT_BYTES = 2**26  # of linearised chunks; beyond, they are made again for each product


class HessianOperator:
    """The Hessian at one point on one set of examples: `operator(v)` returns Hv.

    With `keep` the passes that do not depend on v are made once, if they fit in 64 MB. Arguments
    are not checked: `flat` (count,), examples (rows, inputs) and `vector` (count,) are of the
    layout's dtype, targets are ready. It belongs to one thread.
    """

    def __init__(
        self,
        layout: Layout,
        activation: Activation,
        loss: str,
        l2: float,
        flat: Array,
        rows: Array,
        target: NDArray[Any],
        keep: bool = True,
    ) -> None:
        self._layout, self._activation, self._loss, self._l2 = layout, activation, loss, l2
        self._layers = layout.unpack(flat)
        self._rows, self._target = rows, target
        numbers = 4 * sum(layout.sizes[1:-1]) + 3 * layout.sizes[-1]
        fits = len(rows) * numbers * np.dtype(layout.dtype).itemsize <= _KEPT_BYTES
        self._kept = [self._linearise(k) for k in self._starts] if keep and fits else None

    def __call__(self, vector: Array) -> Array:
        """Return Hv (count,) for `vector` (count,)."""
        changes = self._layout.unpack(vector)
        total = np.zeros(self._layout.count)
        product = np.empty(self._layout.count, dtype=self._layout.dtype)
        parts = self._layout.unpack(product)
        with one_blas_thread(), np.errstate(over="ignore", invalid="ignore"):
            for k, first in enumerate(self._starts):
                chunk = self._linearise(first) if self._kept is None else self._kept[k]
                chunk.product(changes, parts)
                total += product
            product[...] = total
            if self._l2:
                for part, change in zip(parts, changes, strict=True):
                    np.add(part[0], self._l2 * change[0], out=part[0])
        return product

    @property
    def _starts(self) -> range:
        return range(0, len(self._rows), self._layout.chunk)

    def _linearise(self, first: int) -> _Linearised:
        part = slice(first, first + self._layout.chunk)
        with one_blas_thread(), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return _Linearised(
                self._layout,
                self._activation,
                self._loss,
                self._layers,
                self._rows[part],
                self._target[part],
                1.0 / len(self._rows),
            )


class _Linearised:
    """What Hv needs of the passes over some rows at one point; arrays are (width, rows).

    For each layer: the signal it reads, δ of its pre-activations, and for hidden layers f′(z) and
    ∂L/∂h f″(z).
    """

    def __init__(
        self,
        layout: Layout,
        activation: Activation,
        loss: str,
        layers: Layers,
        rows: Array,
        target: NDArray[Any],
        scale: float,
    ) -> None:
        self._layers, self._skips = layers, layout.skips
        self._signals: list[Array] = [rows.T]
        self._slopes: list[Array] = []
        self._bends: list[Array | None] = []
        for (weights, biases), skip in zip(layers[:-1], layout.skips, strict=True):
            z = weights @ self._signals[-1]
            z += biases[:, None]
            self._bends.append(None if activation.kinked else activation.second(z))
            slope = np.empty_like(z)
            activation.replace(z, slope)
            if skip:
                z += self._signals[-1]
            self._slopes.append(slope)
            self._signals.append(z)
        weights, biases = layers[-1]
        outputs = weights @ self._signals[-1]
        outputs += biases[:, None]
        self._loss = output_loss(loss, layout.sizes[-1], len(rows), layout.dtype)
        self._loss.linearise(outputs, target, scale)
        self._deltas = self._back(outputs)

    def _back(self, delta: Array) -> list[Array]:
        deltas = [delta]
        back: Array | None = None  # ∂L/∂h of the layer above
        for k in range(len(self._slopes) - 1, -1, -1):
            below = self._layers[k + 1][0].T @ delta
            if back is not None and self._skips[k + 1]:
                below += back
            back, bend = below, self._bends[k]
            if bend is not None:
                bend *= back
            delta = back * self._slopes[k]
            deltas.append(delta)
        return deltas[::-1]

    def product(self, changes: Layers, out: Layers) -> None:
        """Write Hv for v = `changes` into `out`."""
        moves, turns = self._forward(changes)
        turn = turns[-1]
        self._loss.product(turn)
        above: Array | None = None  # R{∂L/∂h} of the layer above
        for k in range(len(self._layers) - 1, -1, -1):
            for_weights, for_biases = out[k]
            np.dot(turn, self._signals[k].T, out=for_weights)
            move = moves[k]
            if move is not None:
                for_weights += self._deltas[k] @ move.T
            np.add.reduce(turn, axis=1, out=for_biases)
            if k == 0:
                return
            back = changes[k][0].T @ self._deltas[k]
            back += self._layers[k][0].T @ turn
            if above is not None and self._skips[k]:
                back += above
            above = back
            turn = back * self._slopes[k - 1]
            bend = self._bends[k - 1]
            if bend is not None:
                turn += bend * turns[k - 1]

    def _forward(self, changes: Layers) -> tuple[Sequence[Array | None], list[Array]]:
        """Return R of each layer's input (None for the examples) and R of its pre-activations."""
        moves: list[Array | None] = [None]
        turns: list[Array] = []
        for k, (weights, biases) in enumerate(changes):
            turn = weights @ self._signals[k]
            turn += biases[:, None]
            before = moves[k]
            if before is not None:
                turn += self._layers[k][0] @ before
            turns.append(turn)
            if k < len(self._slopes):
                move = turn * self._slopes[k]
                if before is not None and self._skips[k]:
                    move += before
                moves.append(move)
        return moves, turns
