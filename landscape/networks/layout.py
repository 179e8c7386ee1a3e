"""Where the weights and biases of a multilayer perceptron lie in one flat vector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Block", "Layers", "Layout"]

Array = NDArray[np.floating[Any]]
# Weights (fan_out, fan_in) and biases (fan_out,), a pair a layer.
Layers = list[tuple[Array, Array]]

_MOST_BYTES = 2**20  # of a chunk's buffers: what stays in a core's cache
_FEWEST_ROWS, _MOST_ROWS = 128, 4096


@dataclass(frozen=True)
class Block:
    """One named piece of the flat vector.

    Attributes: `name` ("W1", "b1", "W2", …, the layer's number from 1); `offset` of its first
    number in the vector; `shape`, (fan_out, fan_in) for weights and (fan_out,) for biases; `layer`.
    """

    name: str
    offset: int
    shape: tuple[int, ...]
    layer: int

    @property
    def size(self) -> int:
        """How many parameters it has."""
        return math.prod(self.shape)

    @property
    def slice(self) -> slice:
        """Where it lies in the flat vector."""
        return slice(self.offset, self.offset + self.size)


@dataclass(frozen=True)
class Layout:
    """The blocks of a network of `sizes` (inputs, hidden widths…, outputs), W1 b1 W2 b2 …

    `skip` asks for skip connections where a hidden layer is as wide as what it reads; `dtype` is
    that of the vector.
    """

    sizes: tuple[int, ...]
    skip: bool
    dtype: str

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The named pieces of the flat vector, in its order."""
        blocks: list[Block] = []
        offset = 0
        for layer, (fan_in, fan_out) in enumerate(self._fans, start=1):
            blocks.append(Block(f"W{layer}", offset, (fan_out, fan_in), layer))
            offset += fan_out * fan_in
            blocks.append(Block(f"b{layer}", offset, (fan_out,), layer))
            offset += fan_out
        return tuple(blocks)

    @cached_property
    def count(self) -> int:
        """How many parameters there are."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in self._fans)

    @cached_property
    def skips(self) -> tuple[bool, ...]:
        """Which hidden layers have a skip connection."""
        return tuple(self.skip and fan_in == fan_out for fan_in, fan_out in self._fans[:-1])

    @cached_property
    def chunk(self) -> int:
        """How many rows go through the layers at once where there are more."""
        numbers = 2 * sum(self.sizes[1:-1]) + 2 * self.sizes[-1] + 4  # of an example, in buffers
        rows = _MOST_BYTES // (numbers * np.dtype(self.dtype).itemsize)
        return min(max(rows, _FEWEST_ROWS), _MOST_ROWS)

    def unpack(self, flat: Array) -> Layers:
        """Return views (W, b) of `flat` (count,), a pair a layer."""
        views = [flat[where].reshape(shape) for where, shape in self._places]
        return list(zip(views[::2], views[1::2], strict=True))

    @cached_property
    def _places(self) -> list[tuple[slice, tuple[int, ...]]]:
        return [(block.slice, block.shape) for block in self.blocks]

    @property
    def _fans(self) -> list[tuple[int, int]]:
        return list(zip(self.sizes[:-1], self.sizes[1:], strict=True))
