"""The test part, and scaling by what the training part says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["SCALINGS", "held_out", "scale_of"]

SCALINGS = ("standard", "minmax", "none")

_STREAM = 21


def held_out(y: Array, classes: int, share: float, seed: int) -> Array:
    """Return which rows are for the test: their indices in ascending order.

    Of every class the same share is taken, as near as whole rows allow (largest remainders), and
    each keeps a row to learn from; without classes any rows are.

    Parameters: `y` (rows,) holds the classes as whole numbers if `classes` is above 0; `share` is
    from 0 to below 1; `seed` decides which rows.
    """
    import numpy as np

    draw = np.random.Generator(np.random.PCG64([_STREAM, seed]))
    groups = [np.flatnonzero(y == k) for k in range(classes)] if classes else [np.arange(len(y))]
    sizes = np.array([len(group) for group in groups])
    exact = sizes * share
    counts = np.floor(exact).astype(int)
    left = round(len(y) * share) - counts.sum()
    # The earlier class wins where the remainders are the same: a stable sort.
    for k in np.argsort(-(exact - counts), kind="stable")[: max(0, left)]:
        counts[k] += 1
    counts = np.minimum(counts, np.maximum(sizes - 1, 0))
    taken = [draw.permutation(group)[:count] for group, count in zip(groups, counts, strict=True)]
    return np.sort(np.concatenate(taken)).astype(np.int64)


def scale_of(values: Array, scaling: str) -> tuple[Array, Array]:
    """Return (shift, scale) of each column: (value - shift) / scale is the scaled value.

    "standard" gives mean 0 and standard deviation 1 over the rows, "minmax" 0 … 1, "none" leaves
    the values. A column that is constant becomes 0 by either: its scale is 1.

    Parameters: `values` (rows, columns), the training part alone.
    """
    import numpy as np

    columns = values.shape[1]
    if scaling == "none" or not len(values):
        return np.zeros(columns), np.ones(columns)
    if scaling == "standard":
        shift, scale = values.mean(axis=0), values.std(axis=0)
    else:
        shift, scale = values.min(axis=0), np.ptp(values, axis=0)
    constant = np.ptp(values, axis=0) == 0  # the deviation of equal numbers may be a rounding error
    return np.where(constant, values[0], shift), np.where(constant | (scale == 0), 1.0, scale)
