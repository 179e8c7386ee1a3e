"""Numba kernel: where a pixel's middle does not tell all of it.

That is at outlines, folds and cuts. The rest of a surface is smooth, and its lines are drawn by
their distance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief.kernels import OPTIONS

__all__ = ["find_outlines"]

Array = NDArray[Any]

_U = np.uint64  # see `strips`
_TWO = np.float32(2.0)


def _bent_row(depths: Array, marked: Array, at: int, stride: int, count: int, limit: float) -> None:
    """Mark the pixels of a row where the depth bends by more than `limit` in any direction."""
    one = _U(1)
    for n in range(count):
        k = at + _U(n)
        above, below, twice = k - stride, k + stride, _TWO * depths[k]
        bend = max(
            abs(depths[k - one] + depths[k + one] - twice),
            abs(depths[above] + depths[below] - twice),
            abs(depths[above - one] + depths[below + one] - twice),
            abs(depths[above + one] + depths[below - one] - twice),
        )
        marked[k] |= np.uint8(bend > limit)


_bent = njit(**OPTIONS)(_bent_row)


def _find_outlines(
    depths: Array, marked: Array, rows: int, columns: int, limit: float, index: Array, where: Array
) -> None:
    """Find the pixels that need samples: those marked, and those where the depth bends.

    Parameters: `depths` and `marked` (rows + 2, stride) of `middles.draw_middles`, with a pixel
    more on each side; `index` (rows, columns + 1) gets how many such pixels come before each pixel,
    row by row, and `where` their columns.
    """
    stride = depths.shape[1]
    flat, marks = depths.reshape(-1), marked.reshape(-1)
    found = 0
    for r in range(rows):
        at = (r + 1) * stride + 1
        _bent(flat, marks, _U(at), _U(stride), columns, limit)
        for c in range(columns):
            index[r, c] = found
            where[found] = c
            found += marks[at + c]
        index[r, columns] = found


find_outlines = njit(**OPTIONS)(_find_outlines)
