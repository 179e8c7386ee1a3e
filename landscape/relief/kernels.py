"""Numba kernels: the corners of a heightfield's grid on the screen, and where its blocks are seen.

Corners are rounded to 1/1024 of a pixel, which single precision holds exactly. In double precision
the side of an edge on which a place lies, a difference of two products, is exact then.

Heights are in the units of the box here, 0 its floor and 1 its top, and places are columns i and
rows j of the grid. What lies beyond the planes `floor` and `top` is cut off, and the plane itself
is drawn in its place; infinite ones cut nothing. So corners have sides: between the planes, below
the floor or above the top, where they are placed on the plane.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import blake2b
from types import ModuleType
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["ABSENT", "BLOCK", "LANES", "NOTHING", "OPTIONS", "corner", "kernel", "place"]

Array = NDArray[Any]

# Without Numba's reference counts, which cost more here than the arithmetic: an inner function that
# takes an array counts it, with an atomic instruction, for every triangle and pixel. So the kernels
# allocate nothing.
OPTIONS: dict[str, Any] = {
    "nogil": True, "error_model": "numpy", "fastmath": {"contract"}, "_nrt": False,
}  # fmt: skip
BLOCK = 8  # cells each way whose place on the screen is known together
LANES = 8  # pixels or samples that are drawn at once: tables of them have room for as many more
# The side of a corner that cannot be drawn: no value, behind the viewer or far away. The others are
# 0, 1 below the floor and 2 above the top.
ABSENT = 4

NOTHING = np.float32(1e30)  # the depth where nothing is: differences of it are numbers

_UNIT = 1024.0  # steps of a corner's coordinates in a pixel
_PER_UNIT = 1.0 / _UNIT
_FAR = 2.0**24 * _PER_UNIT


def kernel(
    signature: str, function: Callable[..., None], *parts: ModuleType
) -> Callable[..., None]:
    """Return `function` compiled for one signature, from Numba's cache if it can be used.

    `parts` are the modules whose functions it calls: Numba looks at a kernel's own file only, and
    would go on with what it knew when another one is changed. They are in the name it is kept by.
    """
    stamps = [f"{info.st_mtime_ns} {info.st_size}" for info in map(_file_of, parts) if info]
    digest = blake2b(" ".join(stamps).encode(), digest_size=6).hexdigest()
    function.__qualname__ = f"{function.__qualname__}_{digest}"
    try:
        return njit(signature, cache=True, **OPTIONS)(function)  # type: ignore[no-any-return]
    except (OSError, RuntimeError):  # no folder that can be written, or a damaged one
        return njit(signature, **OPTIONS)(function)  # type: ignore[no-any-return]


def _file_of(module: ModuleType) -> os.stat_result | None:
    try:
        return os.stat(module.__file__ or "")
    except OSError:
        return None


def _corner(matrix: Array, near: float, i: float, j: float, h: float) -> Any:
    """Return a corner's column and row, its depth and 1/w; 1/w is 0 if it cannot be drawn."""
    w = matrix[3, 0] * i + matrix[3, 1] * j + matrix[3, 2] * h + matrix[3, 3]
    if not w > near:  # NaN as well
        return 0.0, 0.0, 0.0, 0.0
    part = 1.0 / w
    column = (matrix[0, 0] * i + matrix[0, 1] * j + matrix[0, 2] * h + matrix[0, 3]) * part
    row = (matrix[1, 0] * i + matrix[1, 1] * j + matrix[1, 2] * h + matrix[1, 3]) * part
    if not (abs(column) < _FAR and abs(row) < _FAR):
        return 0.0, 0.0, 0.0, 0.0
    depth = (matrix[2, 0] * i + matrix[2, 1] * j + matrix[2, 2] * h + matrix[2, 3]) * part
    column = np.floor(column * _UNIT + 0.5) * _PER_UNIT
    return column, np.floor(row * _UNIT + 0.5) * _PER_UNIT, depth, part


corner = njit(forceinline=True, **OPTIONS)(_corner)


def _place(
    heights: Array,
    matrix: Array,
    near: float,
    planes: Array,
    p0: int,
    p1: int,
    corners: Array,
    sides: Array,
    bounds: Array,
) -> None:
    """Write where the corners and the blocks of the rows p0 … p1 - 1 of blocks are seen.

    Parameters: `heights` (ny, nx) of the box; `matrix` (4, 4) takes (i, j, height, 1) to
    (column w, row w, depth w, w) of the picture, rows downwards; what has w <= `near` is not drawn;
    `planes` (floor, top). `corners` (ny, 3, nx) gets columns, rows and depths, `sides` (ny, nx) the
    sides; `bounds` (blocks down, across, 5) gets the first and last column and row of pixels, and
    whether all of a block's corners lie between the planes.

    A row of corners between two rows of blocks is written for both, with the same numbers.
    """
    ny, nx = heights.shape
    floor, top = planes[0], planes[1]
    for p in range(p0, p1):
        last = min((p + 1) * BLOCK, ny - 1)
        for j in range(p * BLOCK, last + 1):
            for i in range(nx):
                h = heights[j, i]
                side = 1 if h < floor else 2 if h > top else 0
                h = floor if side == 1 else top if side == 2 else h
                column, row, depth, part = corner(matrix, near, float(i), float(j), h)
                corners[j, 0, i], corners[j, 1, i], corners[j, 2, i] = column, row, depth
                sides[j, i] = side if part > 0.0 else ABSENT
        for q in range(bounds.shape[1]):
            left = upper = _FAR
            right = lower = -_FAR
            seen, known = 0, 0
            for j in range(p * BLOCK, last + 1):
                for i in range(q * BLOCK, min((q + 1) * BLOCK, nx - 1) + 1):
                    side = sides[j, i]
                    seen |= side
                    if side != ABSENT:
                        known += 1
                        left, right = min(left, corners[j, 0, i]), max(right, corners[j, 0, i])
                        upper, lower = min(upper, corners[j, 1, i]), max(lower, corners[j, 1, i])
            if seen & 3 and known:
                # Where the surface goes through a plane is between its corners' places on it.
                for k in range(8):
                    i = q * BLOCK if k & 1 else min((q + 1) * BLOCK, nx - 1)
                    j = p * BLOCK if k & 2 else last
                    plane = floor if k & 4 else top
                    if seen & (1 if k & 4 else 2):
                        x, y, _, part = corner(matrix, near, float(i), float(j), plane)
                        if part == 0.0:
                            left, right, upper, lower = -_FAR, _FAR, -_FAR, _FAR
                        left, right = min(left, x), max(right, x)
                        upper, lower = min(upper, y), max(lower, y)
            bounds[p, q, 0], bounds[p, q, 1] = int(np.floor(left)), int(np.floor(right))
            bounds[p, q, 2], bounds[p, q, 3] = int(np.floor(upper)), int(np.floor(lower))
            bounds[p, q, 4] = seen == 0


place = kernel(
    "void(float64[:, ::1], float64[:, ::1], float64, float64[::1], int64, int64, "
    "float32[:, :, ::1], uint8[:, ::1], int64[:, :, ::1])",
    _place,
)
