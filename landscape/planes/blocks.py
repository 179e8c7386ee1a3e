"""A network's loss over an affine family of parameters, some cells at a time.

A cell is a pair (a, b) that stands for the parameters origin + a·first + b·second. Three facts make
it quick:

- the first layer's pre-activations are affine in (a, b): their three parts are computed once for
  all cells, whatever the number of inputs;
- the other layers are matrix products of (width, rows) matrices that fit into a core's cache, by
  the BLAS that NumPy calls, each followed by one pass that adds the bias and takes the activation;
- ½·l2·ΣW² is a quadratic form in (a, b).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError, unknown_name
from landscape.networks.network import Network
from landscape.planes import plain
from landscape.planes.layout import (
    Buffers,
    block_cells,
    checked_examples,
    checked_frame,
    row_chunks,
)

__all__ = ["Arithmetic", "Problem", "Workspace", "arithmetic_for"]

Array = NDArray[Any]
Arithmetic = str
Step = tuple[Callable[..., object], tuple[Any, ...]]

_ARITHMETICS = ("numpy", "numba")
_COMPILE_FROM = 200_000_000  # activations: from here on, kernels gain more than loading them takes
_HELD_BYTES = 2**26  # the parts of the first layer, if they are kept between blocks
_MOST_STEPS = 2000  # that are kept from block to block


def arithmetic_for(network: Network, rows: int, cells: int) -> Arithmetic:
    """Return what computes a grid of so many cells on so many rows: "numba" or "numpy".

    "numba" is float32 with rational functions, compiled (some seconds the first time ever, some
    tenths of a second in each process that needs it); "numpy" is everything else. The choice
    depends on nothing but the arguments, so that a picture made again is the same.
    """
    work = cells * rows * sum(network.sizes[1:])
    return "numba" if network.dtype == "float32" and work >= _COMPILE_FROM else "numpy"


class Problem:
    """The losses and accuracies of `network` on the data (X, y) for parameters on a plane or line.

    Parameters: X (rows, inputs) and y as for `Network.value`; `origin` (count,); `directions`
    (1 or 2, count); `arithmetic` "numpy" or "numba" (float32 only).

    Attributes: `rows` of the data; `cells`, how many cells a block should have.

    Raises LandscapeError if shapes do not fit. Nothing is written after this, so that threads can
    share it; each needs a `Workspace`.
    """

    def __init__(
        self,
        network: Network,
        X: ArrayLike,  # noqa: N803
        y: ArrayLike,
        origin: ArrayLike,
        directions: ArrayLike,
        arithmetic: Arithmetic = "numpy",
    ) -> None:
        self.network = network
        self._X = checked_examples(network, X)
        self.rows = len(self._X)
        self._frame = checked_frame(network, origin, directions)
        self.directions = len(np.atleast_2d(directions))
        self._target(y)
        self.arithmetic = arithmetic
        self._steps = _module(network, arithmetic)
        self._kind = plain.KINDS.index(network.activation)
        self._chunks = row_chunks(network, self.rows)
        self.chunk = self._chunks[0].stop
        self._rest = network.blocks[2].offset if len(network.blocks) > 2 else network.count
        self._penalty = _Penalty(network, self._frame)
        row = 3 * network.sizes[1] + network.sizes[0] * self._reads_inputs
        kept = row * self.rows * self._X.itemsize <= _HELD_BYTES
        self._held = [self._parts(rows) for rows in self._chunks] if kept else None
        self.cells = block_cells(network, self.chunk, self.rows, kept=kept)

    @property
    def _reads_inputs(self) -> bool:
        """Whether a skip connection reads the inputs."""
        return bool(self.network.skips) and self.network.skips[0]

    def _target(self, y: ArrayLike) -> None:
        """Keep the targets as the losses read them, and the labels that accuracy counts."""
        network, given = self.network, np.asarray(y)
        target = network.targets(given)
        if len(target) != self.rows:
            raise LandscapeError(
                f"each example needs a target: {self.rows} examples and {len(target)} targets came"
            )
        labels = given.ndim == 1 and given.dtype.kind in "iub"
        if network.sizes[-1] == 1:
            labels = labels and bool(np.isin(given, (0, 1)).all())
        self._labels = given.astype(np.int64) if labels else np.empty(0, np.int64)
        self._targets = None if network.loss == "cross_entropy" else target.T

    def _parts(self, rows: slice) -> tuple[Array, Array, Array, Array]:
        """Return the first layer's three parts (width, rows), and the inputs a skip adds."""
        network = self.network
        weights, bias = network.blocks[0], network.blocks[1]
        examples = self._X[rows].T
        parts = []
        for flat in self._frame:
            single = flat[: self._rest].astype(network.dtype)
            part = single[weights.slice].reshape(weights.shape) @ examples
            part += single[bias.slice][:, None]
            parts.append(part)
        skipped = examples if self._reads_inputs else examples[:0]
        return parts[0], parts[1], parts[2], np.ascontiguousarray(skipped)

    def evaluate(self, coordinates: Array, space: Workspace) -> tuple[Array, Array]:
        """Return loss and accuracy of each cell of `coordinates` (cells, 2), float64.

        Parameters: at most as many cells as `space` was made for; `space` belongs to one thread.
        The accuracy is NaN where y is no labels. A loss that is infinite or NaN stays so.
        """
        cells = len(coordinates)
        with np.errstate(all="ignore"):
            loss, right = space.run(coordinates)
            if self.network.loss == "squared_error":
                loss /= self.network.sizes[-1]
            loss /= self.rows
            if self.network.l2:
                loss += self._penalty(coordinates[:, 0], coordinates[:, 1])
        accuracy = right / self.rows if self._labels.size else np.full(cells, math.nan)
        return loss, accuracy

    def steps(self, buffers: Buffers) -> Iterator[Step]:
        """Yield the calls that fill `buffers.loss` and `buffers.right` from the coordinates."""
        network, do = self.network, self._steps
        a, b = buffers.a, buffers.b
        rest = [flat[self._rest :] for flat in self._frame]
        yield do.blend, (*rest, a, b, buffers.parameters)
        layers = self._layers(buffers.parameters)
        hidden = self._kind if layers else plain.KINDS.index("linear")
        last = layers[-1][1] if layers else np.zeros((a.size, network.sizes[-1]), network.dtype)
        for k, rows in enumerate(self._chunks):
            parts = self._held[k] if self._held is not None else self._parts(rows)
            signal = buffers.signal(0, network.sizes[1], rows)
            yield do.first_layer, (*parts[:3], a, b, hidden, parts[3], signal)
            for n, (weights, bias) in enumerate(layers, start=1):
                z = buffers.signal(n, weights.shape[1], rows)
                yield np.matmul, (weights, signal, z)
                if n < len(layers):
                    skipped = signal if network.skips[n] else signal[:0]
                    yield do.layer, (z, bias, self._kind, skipped)
                signal = z
            labels, sums = self._labels[rows], (buffers.loss, buffers.right)
            if self._targets is None:
                yield do.cross_entropy, (signal, last, labels, *sums)
            else:
                targets = np.ascontiguousarray(self._targets[:, rows])
                yield do.squared_error, (signal, last, targets, labels, *sums)

    def _layers(self, rest: Array) -> list[tuple[Array, Array]]:
        """Return views (cells, fan_out, fan_in), (cells, fan_out) of each layer but the first."""
        views = []
        for block in self.network.blocks[2:]:
            where = slice(block.offset - self._rest, block.offset - self._rest + block.size)
            views.append(rest[:, where].reshape(len(rest), *block.shape))
        return list(zip(views[::2], views[1::2], strict=True))

    def buffers(self, cells: int) -> Buffers:
        """Return buffers for blocks of so many cells."""
        widest, dtype = max(self.network.sizes[1:]), self.network.dtype
        a, b, loss = np.empty((3, cells))
        right = np.empty(cells, np.int64)
        parameters = np.empty((cells, self.network.count - self._rest), dtype)
        signals = np.empty((2, cells * widest * self.chunk), dtype)
        return Buffers(a, b, loss, right, parameters, signals)

    @property
    def repeats(self) -> bool:
        """Whether the steps of a block can be kept for the next."""
        return self._held is not None and len(self._chunks) * len(self.network.sizes) <= _MOST_STEPS


class Workspace:
    """One thread's buffers, and the steps of a block as calls that are ready to be made.

    A call then costs little more than the work in it, during which the other threads run: what
    Python does in between only one of them can do at a time.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.buffers = problem.buffers(problem.cells)
        self._known: dict[int, tuple[Buffers, list[Step]]] = {}

    def run(self, coordinates: Array) -> tuple[Array, Array]:
        """Return the summed losses and the right labels of cells (cells, 2), new arrays."""
        cells = len(coordinates)
        buffers, steps = self._known.get(cells) or (self.buffers.part(cells), None)
        buffers.a[:], buffers.b[:] = coordinates[:, 0], coordinates[:, 1]
        buffers.loss.fill(0.0)
        buffers.right.fill(0)
        if steps is None and self._problem.repeats:
            steps = list(self._problem.steps(buffers))
            self._known[cells] = buffers, steps
        for call, arguments in steps or self._problem.steps(buffers):
            call(*arguments)
        return buffers.loss.copy(), buffers.right.copy()


def _module(network: Network, arithmetic: Arithmetic) -> ModuleType:
    if arithmetic == "numpy":
        return plain
    if arithmetic != "numba":
        raise unknown_name("arithmetic", arithmetic, _ARITHMETICS)
    if network.dtype != "float32":
        raise LandscapeError(f"Numba's kernels are float32: {network.dtype} came; take numpy")
    from landscape.planes import kernels  # compiles

    return kernels


class _Penalty:
    """½·l2·ΣW² at (a, b): a quadratic form, made of the weights' inner products."""

    def __init__(self, network: Network, frame: Array) -> None:
        weights = [block.slice for block in network.blocks if len(block.shape) == 2]
        with np.errstate(all="ignore"):
            products = sum(frame[:, where] @ frame[:, where].T for where in weights)
            self._form = 0.5 * network.l2 * np.asarray(products)

    def __call__(self, a: Array, b: Array) -> Array:
        (oo, of, os), (_, ff, fs), (_, _, ss) = self._form
        value: Array = np.maximum(
            oo + a * (2 * of + a * ff) + b * (2 * os + b * ss) + 2 * a * b * fs, 0.0
        )
        return value
