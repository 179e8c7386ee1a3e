"""The order in which mini-batches take the examples."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, SupportsIndex

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["check_batch", "epoch_order"]


def check_batch(size: Any, seed: Any, examples: int) -> tuple[int, int]:
    """Return the size of a batch and the seed as ints.

    Raises LandscapeError if the seed is no whole number from 0, or the size none from 1 to the
    number of examples.
    """
    if isinstance(seed, bool) or not isinstance(seed, SupportsIndex) or index(seed) < 0:
        raise LandscapeError(f"a seed is a whole number from 0: {seed!r} came")
    if isinstance(size, bool) or not isinstance(size, SupportsIndex) or index(size) < 1:
        raise LandscapeError(f"a batch is a whole number of examples: {size!r} came")
    if index(size) > examples:
        raise LandscapeError(
            f"a batch of {index(size)} is more than the data has: {examples} examples"
        )
    return index(size), index(seed)


def epoch_order(examples: int, size: int, seed: int, epoch: int) -> Array:
    """Return which examples each batch of an epoch takes: indices of shape (batches, size).

    Each epoch draws without replacement, in an order of its own that depends on the seed and the
    epoch alone. Every batch has `size` examples: the few that are left over at the end of an epoch
    (others each time) are dropped, as PyTorch's DataLoader(drop_last=True) does, so that every
    update costs the same and is equally noisy.
    """
    import numpy as np

    draw = np.random.Generator(np.random.PCG64([seed, epoch]))
    count = examples // size
    return draw.permutation(examples)[: count * size].reshape(count, size)
