"""The order in which an epoch's mini-batches take the rows."""

from __future__ import annotations

from operator import index
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError

__all__ = ["as_batch", "epoch_order", "steps_per_epoch"]

_STREAM = 22  # the same seed begins other numbers for data, the split and the initial weights


def as_batch(size: Any, rows: int) -> int:
    """Return the rows of a batch: `size`, or all for None and for more than there are.

    Raises LandscapeError if it is no whole number from 1.
    """
    if size is None:
        return rows
    if isinstance(size, bool) or not isinstance(size, SupportsIndex) or index(size) < 1:
        raise LandscapeError(f"a batch is a whole number of rows from 1: {size!r} came")
    return min(index(size), rows)


def steps_per_epoch(rows: int, size: int) -> int:
    """Return how many batches an epoch has; the last one may be short."""
    return -(-rows // size)


def epoch_order(rows: int, seed: int, epoch: int) -> NDArray[np.intp]:
    """Return the rows of an epoch in the order in which its batches take them, shape (rows,).

    Every row comes once, in an order that depends on the seed and the epoch alone: an epoch can be
    taken up again without those before it.
    """
    draw = np.random.Generator(np.random.PCG64([_STREAM, seed, epoch]))
    return draw.permutation(rows)
