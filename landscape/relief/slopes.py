"""Numba kernel: heights and slopes at the corners of a heightfield's grid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief import kernels, tears
from landscape.relief.kernels import BLOCK, OPTIONS, kernel
from landscape.relief.tears import ABOVE, BELOW, RIGHT, UP

__all__ = ["TORN_BLOCK", "slopes"]

Array = NDArray[Any]

# Beside a corner's side, 0 to 2, are its bits of `tears`, and that of the block of cells that
# begins with it, if one of them is torn.
TORN_BLOCK = 16
# A wall narrower than its cells rises by more than this share of the box in one of them, and this
# share of it at once. So many cells around tell which way it looks.
_WALL, _AT_ONCE, _AROUND = 0.06, 0.5, 5


def _slopes(heights: Array, torn: Array, planes: Array, surface: Array) -> None:
    """Write heights, slopes along i and j, and sides of `planes` (floor, top) with tears' bits.

    `surface` is (ny, nx, 4), `torn` (ny, nx) of a `Relief`.

    Slopes are central differences, or one-sided where a neighbour has no value or a tear is in
    between. What has no value itself is continued from its neighbours: a cell may have one triangle
    and not the other. On a wall narrower than its cells those show the steps of the grid, not the
    way it looks: there the slope is the mean of those on the wall around.
    """
    ny, nx = heights.shape
    for j in range(ny):
        for i in range(nx):
            h = heights[j, i]
            side = 1 if h < planes[0] else 2 if h > planes[1] else 0
            surface[j, i, 3] = side | torn[j, i]
            if not np.isnan(h):
                surface[j, i, 0] = h
                if _is_wall(heights, torn, j, i):
                    surface[j, i, 1], surface[j, i, 2] = _wall_slope(heights, torn, j, i)
                    continue
                surface[j, i, 1] = _slope(heights, torn, j, i, 0, 1)
                surface[j, i, 2] = _slope(heights, torn, j, i, 1, 0)
                continue
            total = along = across = 0.0
            count = 0
            for q in range(max(j - 1, 0), min(j + 2, ny)):
                for p in range(max(i - 1, 0), min(i + 2, nx)):
                    near = heights[q, p]
                    if not np.isnan(near):
                        du = _slope(heights, torn, q, p, 0, 1)
                        dv = _slope(heights, torn, q, p, 1, 0)
                        total += near + du * (i - p) + dv * (j - q)
                        along += du
                        across += dv
                        count += 1
            part = 1.0 / max(count, 1)
            surface[j, i, 0] = total * part
            surface[j, i, 1], surface[j, i, 2] = along * part, across * part
    for j in range(ny - 1):
        for i in range(nx - 1):
            if torn[j, i] & (BELOW | ABOVE):
                first, start = j // BLOCK * BLOCK, i // BLOCK * BLOCK
                surface[first, start, 3] = int(surface[first, start, 3]) | TORN_BLOCK


def _step_formula(heights: Array, torn: Array, j: int, i: int, dj: int, di: int) -> float:
    """Return how much higher the next corner is, NaN where there is none or a tear."""
    ny, nx = heights.shape
    if j + dj >= ny or i + di >= nx or torn[j, i] & (RIGHT if di else UP):
        return np.nan
    return float(heights[j + dj, i + di] - heights[j, i])


def _slope_formula(heights: Array, torn: Array, j: int, i: int, dj: int, di: int) -> float:
    after = _step(heights, torn, j, i, dj, di)
    before = _step(heights, torn, j - dj, i - di, dj, di) if j >= dj and i >= di else np.nan
    sides = 0.0
    total = 0.0
    if not np.isnan(after):
        sides += 1.0
        total += after
    if not np.isnan(before):
        sides += 1.0
        total += before
    return total / max(sides, 1.0)


def _is_wall_formula(heights: Array, torn: Array, j: int, i: int) -> bool:
    """Tell whether a corner is at the foot, on the side or at the edge of a narrow wall."""
    for k in range(2):
        dj, di = k, 1 - k
        after = _step(heights, torn, j, i, dj, di)
        before = _step(heights, torn, j - dj, i - di, dj, di) if j >= dj and i >= di else np.nan
        most = max(abs(after), abs(before))
        if not most > _WALL:
            continue
        bend = abs(after - before)
        # Half-way up, a corner has its bends at its neighbours.
        if j + dj < heights.shape[0] and i + di < heights.shape[1]:
            bend = max(bend, abs(_step(heights, torn, j + dj, i + di, dj, di) - after))
        if j >= 2 * dj and i >= 2 * di:
            bend = max(bend, abs(_step(heights, torn, j - 2 * dj, i - 2 * di, dj, di) - before))
        if bend > _AT_ONCE * most:
            return True
    return False


def _mean_slope(heights: Array, torn: Array, j: int, i: int) -> Any:
    """Return the slopes of the wall around a corner, those nearby counting most."""
    ny, nx = heights.shape
    along = across = total = 0.0
    for q in range(max(j - _AROUND, 0), min(j + _AROUND + 1, ny)):
        for p in range(max(i - _AROUND, 0), min(i + _AROUND + 1, nx)):
            share = 1.0 - ((p - i) ** 2 + (q - j) ** 2) / (_AROUND + 1.0) ** 2
            if share > 0.0 and not np.isnan(heights[q, p]) and _is_wall(heights, torn, q, p):
                along += share * _slope(heights, torn, q, p, 0, 1)
                across += share * _slope(heights, torn, q, p, 1, 0)
                total += share
    return along / total, across / total


_step = njit(forceinline=True, **OPTIONS)(_step_formula)
_slope = njit(forceinline=True, **OPTIONS)(_slope_formula)
_is_wall = njit(**OPTIONS)(_is_wall_formula)
_wall_slope = njit(**OPTIONS)(_mean_slope)
slopes = kernel(
    "void(float64[:, ::1], uint32[:, ::1], float64[::1], float32[:, :, ::1])",
    _slopes,
    *(kernels, tears),
)
