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
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError, unknown_name
from landscape.networks.network import Network
from landscape.planes import plain

__all__ = ["Arithmetic", "Problem", "Workspace", "arithmetic_for"]

Array = NDArray[Any]
Arithmetic = str

_ARITHMETICS = ("numpy", "numba")
_COMPILE_FROM = 200_000_000  # activations: from here on, kernels gain more than loading them takes
_CHUNK_BYTES = 2**15  # of what a layer hands to the next in one cell: about a core's first cache
_BLOCK_BYTES = 2**18  # of the same in a block's cells: well inside its second cache
_PARAMETER_BYTES = 2**22  # the parameters of a block's cells
_BLOCK_WORK = 2**30  # products of a block: some hundredths of a second, what a kill may cost
_HELD_BYTES = 2**26  # the parts of the first layer, if they are kept between blocks
_FEW_ROWS, _MOST_ROWS, _MOST_CELLS = 128, 1024, 64


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
        self._X = _examples(network, X)
        self.rows = len(self._X)
        self._frame = _frame(network, origin, directions)
        self.directions = len(np.atleast_2d(directions))
        self._target(y)
        self.arithmetic = arithmetic
        self._steps = _module(network, arithmetic)
        self._kind = plain.KINDS.index(network.activation)
        self._chunks = _chunks(network, self.rows)
        self.chunk = self._chunks[0].stop
        self.cells = _block_cells(network, self.chunk, self.rows)
        self._rest = network.blocks[2].offset if len(network.blocks) > 2 else network.count
        self._penalty = _Penalty(network, self._frame)
        kept = 3 * network.sizes[1] + network.sizes[0] * self._reads_inputs
        self._held: list[tuple[Array, Array, Array, Array]] | None = None
        if kept * self.rows * self._X.itemsize <= _HELD_BYTES:
            self._held = [self._parts(rows) for rows in self._chunks]
        else:  # they are computed for each block anew, which should therefore have several cells
            few = _PARAMETER_BYTES * 4 // (network.count * self._X.itemsize)
            self.cells = max(self.cells, min(few, 8))

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
        with np.errstate(all="ignore"):
            return self._evaluate(coordinates, space)

    def _evaluate(self, coordinates: Array, space: Workspace) -> tuple[Array, Array]:
        network, steps, cells = self.network, self._steps, len(coordinates)
        a, b = np.ascontiguousarray(coordinates.T, dtype=np.float64)
        origin, first, second = (flat[self._rest :] for flat in self._frame)
        rest = space.parameters[:cells]
        steps.blend(origin, first, second, a, b, rest)
        layers = self._layers(rest)
        loss, right = np.zeros(cells), np.zeros(cells, np.int64)
        hidden = self._kind if len(network.sizes) > 2 else plain.KINDS.index("linear")
        for k, rows in enumerate(self._chunks):
            parts = self._held[k] if self._held is not None else self._parts(rows)
            signal = space.take(0, cells, network.sizes[1], rows)
            steps.first_layer(*parts[:3], a, b, hidden, parts[3], signal)
            for n, (weights, bias) in enumerate(layers, start=1):
                z = space.take(n, cells, weights.shape[1], rows)
                np.matmul(weights, signal, out=z)
                if n < len(layers):
                    steps.layer(z, bias, self._kind, signal if network.skips[n] else signal[:0])
                signal = z
            bias = layers[-1][1] if layers else np.zeros((cells, network.sizes[-1]), rest.dtype)
            self._lose(signal, bias, rows, loss, right)
        if network.loss == "squared_error":
            loss /= network.sizes[-1]
        loss /= self.rows
        if network.l2:
            loss += self._penalty(a, b)
        accuracy = right / self.rows if self._labels.size else np.full(cells, math.nan)
        return loss, accuracy

    def _lose(self, z: Array, bias: Array, rows: slice, loss: Array, right: Array) -> None:
        labels = self._labels[rows]
        if self._targets is None:
            self._steps.cross_entropy(z, bias, labels, loss, right)
        else:
            targets = np.ascontiguousarray(self._targets[:, rows])
            self._steps.squared_error(z, bias, targets, labels, loss, right)

    def _layers(self, rest: Array) -> list[tuple[Array, Array]]:
        """Return views (cells, fan_out, fan_in), (cells, fan_out) of each layer but the first."""
        views = []
        for block in self.network.blocks[2:]:
            where = slice(block.offset - self._rest, block.offset - self._rest + block.size)
            views.append(rest[:, where].reshape(len(rest), *block.shape))
        return list(zip(views[::2], views[1::2], strict=True))


class Workspace:
    """The buffers of one thread: two for what layers hand on, one for the cells' parameters."""

    def __init__(self, problem: Problem) -> None:
        network = problem.network
        count = problem.cells * max(network.sizes[1:]) * problem.chunk
        self._buffers = [np.empty(count, network.dtype) for _ in range(2)]
        rest = network.count - problem._rest
        self.parameters = np.empty((problem.cells, rest), network.dtype)

    def take(self, number: int, cells: int, width: int, rows: slice) -> Array:
        """Return buffer `number` (even or odd) as an array (cells, width, rows)."""
        count = rows.stop - rows.start
        flat = self._buffers[number % 2][: cells * width * count]
        return flat.reshape(cells, width, count)


def _examples(network: Network, X: ArrayLike) -> Array:  # noqa: N803
    examples = np.ascontiguousarray(X, dtype=network.dtype)
    if examples.ndim != 2 or examples.shape[1] != network.sizes[0] or not len(examples):
        raise LandscapeError(
            f"{network.describe()} reads examples of shape (rows, {network.sizes[0]}): an array "
            f"of shape {examples.shape} came"
        )
    return examples


def _frame(network: Network, origin: ArrayLike, directions: ArrayLike) -> Array:
    """Return origin and two directions (3, count) in float64; a line's second direction is 0."""
    start = np.asarray(origin, np.float64)
    ways = np.atleast_2d(np.asarray(directions, np.float64))
    if start.shape != (network.count,):
        raise LandscapeError(
            f"{network.describe()} has {network.count} parameters: an origin of shape "
            f"{start.shape} came"
        )
    if ways.ndim != 2 or len(ways) not in (1, 2) or ways.shape[1] != network.count:
        raise LandscapeError(
            f"one or two directions of {network.count} parameters were wanted: an array of shape "
            f"{ways.shape} came"
        )
    frame = np.zeros((3, network.count))
    frame[0] = start
    frame[1 : 1 + len(ways)] = ways
    return frame


def _module(network: Network, arithmetic: Arithmetic) -> ModuleType:
    if arithmetic == "numpy":
        return plain
    if arithmetic != "numba":
        raise unknown_name("arithmetic", arithmetic, _ARITHMETICS)
    if network.dtype != "float32":
        raise LandscapeError(f"Numba's kernels are float32: {network.dtype} came; take numpy")
    from landscape.planes import kernels  # compiles

    return kernels


def _chunks(network: Network, rows: int) -> list[slice]:
    """Return parts of the rows, about equal; they depend on nothing else, nor do sums over them."""
    row = max(network.sizes[1:]) * np.dtype(network.dtype).itemsize
    most = min(max(_FEW_ROWS, _CHUNK_BYTES // row), _MOST_ROWS)
    size = math.ceil(rows / math.ceil(rows / most) / 16) * 16
    return [slice(k, min(k + size, rows)) for k in range(0, rows, size)]


def _block_cells(network: Network, chunk: int, rows: int) -> int:
    """Return how many cells share the parts of the first layer while those are in the cache."""
    itemsize = np.dtype(network.dtype).itemsize
    fits = _BLOCK_BYTES // (max(network.sizes[1:]) * chunk * itemsize)
    parameters = _PARAMETER_BYTES // (network.count * itemsize)
    quick = _BLOCK_WORK // (network.count * rows)
    return max(1, min(fits, parameters, quick, _MOST_CELLS))


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
