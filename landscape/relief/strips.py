"""Numba kernel: the numbers of cells on the screen that drawing them takes, many cells at once.

They are in a table with a row for each number, found by formulas without a branch, so that one
instruction works on several cells.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief.kernels import BLOCK, OPTIONS

Array = NDArray[Any]

BLOCKS = 4  # blocks of a strip
_CELLS = BLOCKS * BLOCK
STRIP_TABLE = 26 * _CELLS  # how many numbers a strip's table has

# Unsigned: Numba would look for indices from the end, and LLVM not see that places are neighbours.
_U = np.uint64
_STEP = _U(1)
# The rows of a strip's table: the pixels whose middles lie in the rectangle round a cell, and last
# those that it touches; at the first middle the shares of the second and the third corner
# of the triangle below the diagonal and of that above, and how much they grow by a column and by a
# row; the depths likewise.
(
    LEFT, RIGHT, UPPER, LOWER, P, Q, S, T, P_X, P_Y, Q_X, Q_Y, S_X, S_Y, T_X, T_Y,
    D, D_X, D_Y, H, H_X, H_Y, FROM, TO, ABOVE, BENEATH,
) = (_U(k * _CELLS) for k in range(26))  # fmt: skip
# In single precision, like all they are combined with.
ZERO, ONE, _HALF = np.float32(0.0), np.float32(1.0), np.float32(0.5)
# The share of everything in a triangle that is not drawn, and how far outside an edge may seem.
OUTSIDE, HAIR = np.float32(-9.0), np.float32(-1e-4)


def _find_strip(corners: Array, lower: int, upper: int, nx: int, count: int, t: Array) -> None:
    """Find the numbers of `count` cells between the rows of corners that begin at two indices."""
    for n in range(count):
        k = _U(n)
        a, b = lower + k, upper + k
        x0, y0, d0 = corners[a], corners[a + nx], corners[a + nx + nx]
        x3, y3, d3 = corners[b], corners[b + nx], corners[b + nx + nx]
        a, b = a + _STEP, b + _STEP
        x1, y1, d1 = corners[a], corners[a + nx], corners[a + nx + nx]
        x2, y2, d2 = corners[b], corners[b + nx], corners[b + nx + nx]
        low_x, high_x = min(x0, x1, x2, x3), max(x0, x1, x2, x3)
        low_y, high_y = min(y0, y1, y2, y3), max(y0, y1, y2, y3)
        t[FROM + k], t[TO + k] = np.floor(low_x), np.floor(high_x)
        t[ABOVE + k], t[BENEATH + k] = np.floor(low_y), np.floor(high_y)
        left, first = np.ceil(low_x - _HALF), np.ceil(low_y - _HALF)
        t[LEFT + k], t[RIGHT + k] = left, np.floor(high_x - _HALF)
        t[UPPER + k], t[LOWER + k] = first, np.floor(high_y - _HALF)
        x, y = left + _HALF - x0, first + _HALF - y0
        ax, ay, bx, by, cx, cy = x1 - x0, y1 - y0, x2 - x0, y2 - y0, x3 - x0, y3 - y0
        below, above = ax * by - ay * bx, cx * by - cy * bx
        part = ONE / (below if below != ZERO else ONE) if below != ZERO else ZERO
        p_x, p_y, q_x, q_y = by * part, -bx * part, -ay * part, ax * part
        t[P_X + k], t[P_Y + k], t[Q_X + k], t[Q_Y + k] = p_x, p_y, q_x, q_y
        t[P + k] = p_x * x + p_y * y if below != ZERO else OUTSIDE
        t[Q + k] = q_x * x + q_y * y
        rise = d2 - d0
        d_x, d_y = p_x * (d1 - d0) + q_x * rise, p_y * (d1 - d0) + q_y * rise
        t[D + k], t[D_X + k], t[D_Y + k] = d0 + d_x * x + d_y * y, d_x, d_y
        part = ONE / (above if above != ZERO else ONE) if above != ZERO else ZERO
        p_x, p_y, q_x, q_y = by * part, -bx * part, -cy * part, cx * part
        t[S_X + k], t[S_Y + k], t[T_X + k], t[T_Y + k] = p_x, p_y, q_x, q_y
        t[S + k] = p_x * x + p_y * y if above != ZERO else OUTSIDE
        t[T + k] = q_x * x + q_y * y
        d_x, d_y = p_x * (d3 - d0) + q_x * rise, p_y * (d3 - d0) + q_y * rise
        t[H + k], t[H_X + k], t[H_Y + k] = d0 + d_x * x + d_y * y, d_x, d_y


find_strip = njit(**OPTIONS)(_find_strip)
