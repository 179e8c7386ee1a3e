"""How rows and cells are divided into blocks, and the memory that a block needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError
from landscape.networks.network import Network

__all__ = ["Buffers", "block_cells", "checked_examples", "checked_frame", "row_chunks"]

Array = NDArray[Any]

_CHUNK_BYTES = 52 * 2**10  # that a layer hands to the next in one cell: about a core's first cache
_BLOCK_BYTES = 2**20  # of the same in a block: few calls, and still about its second cache
_PARAMETER_BYTES = 2**23  # the parameters of a block's cells
_BLOCK_WORK = 2**30  # products of a block: some hundredths of a second, what a kill may cost
_FEW_ROWS, _MOST_ROWS, _MOST_CELLS = 128, 1024, 64


@dataclass(frozen=True, eq=False)
class Buffers:
    """What the steps of a block read and write.

    Attributes: coordinates `a` and `b`, sums `loss` and `right`, all (cells,); `parameters` of the
    layers after the first (cells, …); `signals`, two buffers for what layers hand on.
    """

    a: Array
    b: Array
    loss: Array
    right: Array
    parameters: Array
    signals: Array

    def signal(self, number: int, width: int, rows: slice) -> Array:
        """Return buffer `number` (even or odd) as an array (cells, width, rows)."""
        cells, count = self.a.size, rows.stop - rows.start
        return self.signals[number % 2, : cells * width * count].reshape(cells, width, count)

    def part(self, cells: int) -> Buffers:
        """Return the same memory for fewer cells."""
        a, b, loss, right = (kind[:cells] for kind in (self.a, self.b, self.loss, self.right))
        return Buffers(a, b, loss, right, self.parameters[:cells], self.signals)


def checked_examples(network: Network, X: ArrayLike) -> Array:  # noqa: N803
    """Return the examples (rows, inputs) in the network's dtype."""
    examples = np.ascontiguousarray(X, dtype=network.dtype)
    if examples.ndim != 2 or examples.shape[1] != network.sizes[0] or not len(examples):
        raise LandscapeError(
            f"{network.describe()} reads examples of shape (rows, {network.sizes[0]}): an array "
            f"of shape {examples.shape} came"
        )
    return examples


def checked_frame(network: Network, origin: ArrayLike, directions: ArrayLike) -> Array:
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


def row_chunks(network: Network, rows: int) -> list[slice]:
    """Return parts of the rows, about equal; they depend on nothing else, nor do sums over them."""
    row = max(network.sizes[1:]) * np.dtype(network.dtype).itemsize
    most = min(max(_FEW_ROWS, _CHUNK_BYTES // row), _MOST_ROWS)
    size = math.ceil(rows / math.ceil(rows / most) / 16) * 16
    return [slice(k, min(k + size, rows)) for k in range(0, rows, size)]


def block_cells(network: Network, chunk: int, rows: int, *, kept: bool) -> int:
    """Return how many cells a block has: they share the parts of the first layer.

    Parameters: `chunk` rows are computed at a time of all `rows`; `kept` says that the parts are
    there for all blocks. If each has to compute them, it should have several cells.
    """
    itemsize = np.dtype(network.dtype).itemsize
    fits = _BLOCK_BYTES // (max(network.sizes[1:]) * chunk * itemsize)
    quick = _BLOCK_WORK // (network.count * rows)
    wanted = min(fits, quick) if kept else max(fits, 8)
    return max(1, min(wanted, _PARAMETER_BYTES // (network.count * itemsize), _MOST_CELLS))
