"""Numba kernel: heights and slopes at the corners of a heightfield's grid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief.kernels import OPTIONS, kernel

__all__ = ["slopes"]

Array = NDArray[Any]


def _slopes(heights: Array, planes: Array, surface: Array) -> None:
    """Write heights, slopes along i and j, and sides of `planes` (floor, top): (ny, nx, 4).

    Slopes are central differences, or one-sided where a neighbour has no value. What has no value
    itself is continued from its neighbours: a cell may have one triangle and not the other.
    """
    ny, nx = heights.shape
    for j in range(ny):
        for i in range(nx):
            h = heights[j, i]
            surface[j, i, 3] = 1.0 if h < planes[0] else 2.0 if h > planes[1] else 0.0
            if not np.isnan(h):
                surface[j, i, 0] = h
                surface[j, i, 1] = _slope(heights, j, i, 0, 1)
                surface[j, i, 2] = _slope(heights, j, i, 1, 0)
                continue
            total = along = across = 0.0
            count = 0
            for q in range(max(j - 1, 0), min(j + 2, ny)):
                for p in range(max(i - 1, 0), min(i + 2, nx)):
                    near = heights[q, p]
                    if not np.isnan(near):
                        du, dv = _slope(heights, q, p, 0, 1), _slope(heights, q, p, 1, 0)
                        total += near + du * (i - p) + dv * (j - q)
                        along += du
                        across += dv
                        count += 1
            part = 1.0 / max(count, 1)
            surface[j, i, 0] = total * part
            surface[j, i, 1], surface[j, i, 2] = along * part, across * part


def _slope_formula(heights: Array, j: int, i: int, dj: int, di: int) -> float:
    h = heights[j, i]
    ny, nx = heights.shape
    before = heights[j - dj, i - di] if j >= dj and i >= di else np.nan
    after = heights[j + dj, i + di] if j + dj < ny and i + di < nx else np.nan
    sides = 0.0
    total = 0.0
    if not np.isnan(after):
        sides += 1.0
        total += after - h
    if not np.isnan(before):
        sides += 1.0
        total += h - before
    return total / max(sides, 1.0)


_slope = njit(forceinline=True, **OPTIONS)(_slope_formula)
slopes = kernel("void(float64[:, ::1], float64[::1], float32[:, :, ::1])", _slopes)
