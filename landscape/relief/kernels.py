"""Numba kernels: a heightfield's triangles into samples of depth, four samples a pixel.

A pixel's samples lie on the rotated grid: each in a quarter of its own of the pixel's width and of
its height, so that edges near the axes have as many shades as others. Corners are rounded to 1/1024
of a pixel; with whole numbers the edges' sides are exact, and of two triangles at an edge exactly
one has a sample that lies on it (its left and its top edges are a triangle's own). Depth is linear
in a triangle, evaluated for each sample by itself, and the nearest wins, the first of equals: a
sample depends neither on the rows that are drawn together nor on the number of threads.

Heights are in the units of the box here, 0 its floor and 1 its top, and places are columns i and
rows j of the grid. What lies beyond the planes `floor` and `top` is cut off, sample by sample, and
the plane itself is drawn in its place; infinite ones cut nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["BLOCK", "OPTIONS", "SAMPLES", "kernel", "measure", "place", "rasterize"]

Array = NDArray[Any]

# Without Numba's reference counts, which cost more here than the arithmetic: an inner function that
# takes an array counts it, with an atomic instruction, for every triangle and pixel. So the kernels
# allocate nothing.
OPTIONS: dict[str, Any] = {
    "nogil": True, "error_model": "numpy", "fastmath": {"contract"}, "_nrt": False,
}  # fmt: skip
# Where a pixel's samples lie, in eighths of its width; the k-th is in the k-th quarter from above.
SAMPLES = (3, 7, 1, 5)
BLOCK = 8  # cells each way whose rows on the screen are known together

_UNIT = 1024  # steps of a corner's coordinates in a pixel
_SHIFT, _ROW_SHIFT = 10, 8  # a pixel is 2^10 steps wide, a row of samples 2^8 high
_OUT = -(2**31)  # of a corner that cannot be drawn: no value, behind the viewer or far away
_FAR = 2.0**24  # an edge's side, the difference of two products, stays below 2^51
_PER_UNIT = 1.0 / _UNIT
_NONE, _LAST_ROW = 2**30, 2**30
# A hair of overlap between the surface and a cut: what both left out would be a hole.
_HAIR = 3e-6


def kernel(signature: str, function: Callable[..., None]) -> Callable[..., None]:
    """Return `function` compiled for one signature, from Numba's cache if it can be used."""
    try:
        return njit(signature, cache=True, **OPTIONS)(function)  # type: ignore[no-any-return]
    except (OSError, RuntimeError):  # no folder that can be written, or a damaged one
        return njit(signature, **OPTIONS)(function)  # type: ignore[no-any-return]


def _corner_formula(matrix: Array, near: float, i: float, j: float, h: float) -> Any:
    """Return a corner's column and row in steps, its depth and 1/w; _OUT if it cannot be drawn."""
    w = matrix[3, 0] * i + matrix[3, 1] * j + matrix[3, 2] * h + matrix[3, 3]
    if not w > near:  # NaN as well
        return _OUT, _OUT, 0.0, 0.0
    part = 1.0 / w
    column = (matrix[0, 0] * i + matrix[0, 1] * j + matrix[0, 2] * h + matrix[0, 3]) * part * _UNIT
    row = (matrix[1, 0] * i + matrix[1, 1] * j + matrix[1, 2] * h + matrix[1, 3]) * part * _UNIT
    if not (abs(column) < _FAR and abs(row) < _FAR):
        return _OUT, _OUT, 0.0, 0.0
    depth = (matrix[2, 0] * i + matrix[2, 1] * j + matrix[2, 2] * h + matrix[2, 3]) * part
    return int(np.floor(column + 0.5)), int(np.floor(row + 0.5)), depth, part


def _fill_formula(
    one: Any, two: Any, three: Any, kept: Any, kind: int, rows: Any, depths: Array, kinds: Array
) -> None:
    """Draw one triangle on the pixel rows from rows[0] to before rows[1].

    Corners are (column, row, depth). `kept` has (cut, a, b): with `cut` a sample is kept where two
    functions that are linear on the screen, with the values `a` and `b` at the corners, are not
    negative.
    """
    if one[0] == _OUT or two[0] == _OUT or three[0] == _OUT:
        return
    cut, a, b = kept
    x0, y0, d0 = one
    x1, y1, d1 = two
    x2, y2, d2 = three
    a0, a1, a2 = a
    b0, b1, b2 = b
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    if area == 0:
        return
    if area < 0:
        x1, y1, d1, a1, b1, x2, y2, d2, a2, b2 = x2, y2, d2, a2, b2, x1, y1, d1, a1, b1
        area = -area
    left = max(min(x0, x1, x2) >> _SHIFT, 0)
    right = min(max(x0, x1, x2) >> _SHIFT, depths.shape[1] - 1)
    half = 1 << (_ROW_SHIFT - 1)
    upper = max((min(y0, y1, y2) + half - 1) >> _ROW_SHIFT, 4 * rows[0])
    lower = min((max(y0, y1, y2) - half) >> _ROW_SHIFT, 4 * rows[1] - 1)
    if left > right or upper > lower:
        return
    # The edge opposite a corner: E(x, y) = dx (y - y_start) - dy (x - x_start), >= 0 inside.
    dx0, dy0, dx1, dy1, dx2, dy2 = x2 - x1, y2 - y1, x0 - x2, y0 - y2, x1 - x0, y1 - y0
    own0 = 0 if dy0 > 0 or (dy0 == 0 and dx0 > 0) else 1
    own1 = 0 if dy1 > 0 or (dy1 == 0 and dx1 > 0) else 1
    own2 = 0 if dy2 > 0 or (dy2 == 0 and dx2 > 0) else 1
    # Along a row E falls by dy a step: columns to the next edge are E / dy.
    to0, to1, to2 = _PER_UNIT / dy0, _PER_UNIT / dy1, _PER_UNIT / dy2
    part = 1.0 / area
    across = -(dy1 * (d1 - d0) + dy2 * (d2 - d0)) * part
    down = (dx1 * (d1 - d0) + dx2 * (d2 - d0)) * part
    for line in range(upper, lower + 1):
        sample = line & 3
        y = (line << _ROW_SHIFT) + half
        offset = (SAMPLES[sample] * _UNIT) >> 3
        x = (left << _SHIFT) + offset
        start, end = left, right
        start, end = _cut_off(dx0 * (y - y1) - dy0 * (x - x1) - own0, dy0, to0, left, start, end)
        start, end = _cut_off(dx1 * (y - y2) - dy1 * (x - x2) - own1, dy1, to1, left, start, end)
        start, end = _cut_off(dx2 * (y - y0) - dy2 * (x - x0) - own2, dy2, to2, left, start, end)
        r = (line >> 2) - rows[0]
        for c in range(start, end + 1):
            u, v = (c << _SHIFT) + offset - x0, y - y0
            here = np.float32(d0 + down * v + across * u)
            if here < depths[r, c, sample]:
                if cut:
                    # Whole corners' differences by the area: the values of `across` and `down`.
                    p, q = (dx1 * v - dy1 * u) * part, (dx2 * v - dy2 * u) * part
                    if a0 + p * (a1 - a0) + q * (a2 - a0) < 0.0:
                        continue
                    if b0 + p * (b1 - b0) + q * (b2 - b0) < 0.0:
                        continue
                depths[r, c, sample] = here
                kinds[r, c, sample] = kind


def _cut_off_formula(e: int, dy: int, to: float, left: int, start: int, end: int) -> Any:
    """Return the columns of start … end where an edge's E is not negative; it is `e` at `left`.

    E is a whole number below 2^50, so that half of one keeps the quotient off whole numbers, and
    what the division is rounded by moves no sample.
    """
    if dy > 0:
        return start, min(end, left + int(np.floor((e + 0.5) * to)))
    if dy < 0:
        return max(start, left + int(np.ceil((e + 0.5) * to))), end
    return (start, end) if e >= 0 else (start, start - 1)


_corner, _cut_off, _fill = (
    njit(forceinline=True, **OPTIONS)(f) for f in (_corner_formula, _cut_off_formula, _fill_formula)
)


def _place(
    heights: Array, matrix: Array, near: float, j0: int, j1: int, columns: Array, depths: Array
) -> None:
    """Write where the corners of the grid's rows j0 … j1 - 1 are seen.

    Parameters: `heights` (ny, nx) of the box; `matrix` (4, 4) takes (i, j, height, 1) to
    (column w, row w, depth w, w) of the picture, rows downwards; what has w <= `near` is not drawn.
    `columns` (ny, nx, 2) gets columns and rows, `depths` (ny, nx, 2) the depth and 1/w.
    """
    for j in range(j0, j1):
        for i in range(heights.shape[1]):
            column, row, depth, part = _corner(matrix, near, float(i), float(j), heights[j, i])
            columns[j, i, 0], columns[j, i, 1] = column, row
            depths[j, i, 0], depths[j, i, 1] = depth, part


def _measure(
    heights: Array, columns: Array, matrix: Array, near: float, planes: Array, bounds: Array
) -> None:
    """Write in which rows of samples each block of cells is seen: itself, and cut on each plane.

    Parameters: `planes` (floor, top); `bounds` (blocks down, across, 3, 2) gets the first and the
    last row of the block itself, of its part on the floor and of that on the top.
    """
    ny, nx = heights.shape
    for p in range(bounds.shape[0]):
        for q in range(bounds.shape[1]):
            j0, i0 = p * BLOCK, q * BLOCK
            j1, i1 = min(j0 + BLOCK, ny - 1), min(i0 + BLOCK, nx - 1)
            for part in range(3):
                bounds[p, q, part, 0], bounds[p, q, part, 1] = _NONE, -_NONE
            below = above = inside = False
            for j in range(j0, j1 + 1):
                for i in range(i0, i1 + 1):
                    h = heights[j, i]
                    below |= h < planes[0]
                    above |= h > planes[1]
                    inside |= h >= planes[0] and h <= planes[1]
                    row = columns[j, i, 1]
                    if row != _OUT:
                        bounds[p, q, 0, 0] = min(bounds[p, q, 0, 0], row >> _ROW_SHIFT)
                        bounds[p, q, 0, 1] = max(bounds[p, q, 0, 1], row >> _ROW_SHIFT)
            if not inside and below != above:
                bounds[p, q, 0, 0], bounds[p, q, 0, 1] = _NONE, -_NONE
            for part in range(1, 3):
                if not (below if part == 1 else above):
                    continue
                for corner in range(4):
                    i, j = i1 if corner & 1 else i0, j1 if corner & 2 else j0
                    seen = _corner(matrix, near, float(i), float(j), planes[part - 1])
                    low, high = seen[1] >> _ROW_SHIFT, seen[1] >> _ROW_SHIFT
                    if seen[0] == _OUT:
                        low, high = -_LAST_ROW, _LAST_ROW
                    bounds[p, q, part, 0] = min(bounds[p, q, part, 0], low)
                    bounds[p, q, part, 1] = max(bounds[p, q, part, 1], high)


def _rasterize(
    heights: Array,
    columns: Array,
    corner_depths: Array,
    bounds: Array,
    matrix: Array,
    near: float,
    planes: Array,
    first: int,
    last: int,
    depths: Array,
    kinds: Array,
) -> None:
    """Write the samples of the pixel rows first … last - 1.

    Parameters: as for `measure` and `place`; `depths` (last - first, width, 4) gets the nearest
    depth, infinity where there is nothing; `kinds`, of that shape, 0 on the surface, 1 on the floor
    and 2 on the top.
    """
    ny, nx = heights.shape
    rows = (first, last)
    flat_depths, flat_kinds = depths.reshape(-1), kinds.reshape(-1)
    for k in range(flat_depths.size):
        flat_depths[k] = np.inf
    for k in range(flat_kinds.size):
        flat_kinds[k] = 0
    floor, top = planes[0], planes[1]
    for p in range(bounds.shape[0]):
        for q in range(bounds.shape[1]):
            for part in range(3):
                if bounds[p, q, part, 1] < 4 * first or bounds[p, q, part, 0] >= 4 * last:
                    continue
                for j in range(p * BLOCK, min((p + 1) * BLOCK, ny - 1)):
                    for triangle in range(2 * q * BLOCK, 2 * min((q + 1) * BLOCK, nx - 1)):
                        # Below the diagonal the third corner is at the right, else above.
                        i, half = triangle >> 1, triangle & 1
                        i1, j1 = i + 1 - half, j + half
                        i2, j2 = i + 1, j + 1
                        h0, h1, h2 = heights[j, i], heights[j1, i1], heights[j2, i2]
                        low, high = min(h0, h1, h2), max(h0, h1, h2)
                        whole = low >= floor and high <= top
                        if not (h0 + h1 + h2 < np.inf):  # NaN
                            continue
                        if part == 0:
                            if high < floor or low > top:
                                continue
                            one = (columns[j, i, 0], columns[j, i, 1], corner_depths[j, i, 0])
                            two = (columns[j1, i1, 0], columns[j1, i1, 1], corner_depths[j1, i1, 0])
                            three = (
                                columns[j2, i2, 0], columns[j2, i2, 1], corner_depths[j2, i2, 0],
                            )  # fmt: skip
                            w0, w1, w2 = (
                                corner_depths[j, i, 1],
                                corner_depths[j1, i1, 1],
                                corner_depths[j2, i2, 1],
                            )
                            lowest, highest = (
                                max(floor - _HAIR, low - 1.0),
                                min(top + _HAIR, high + 1.0),
                            )
                            a = ((h0 - lowest) * w0, (h1 - lowest) * w1, (h2 - lowest) * w2)
                            b = ((highest - h0) * w0, (highest - h1) * w1, (highest - h2) * w2)
                        else:
                            if whole:
                                continue
                            plane, sign = (floor, -1.0) if part == 1 else (top, 1.0)
                            x, y, z, w = _corner(matrix, near, float(i), float(j), plane)
                            one, d0 = (x, y, z), (sign * (h0 - plane) + _HAIR) * w
                            x, y, z, w = _corner(matrix, near, float(i1), float(j1), plane)
                            two, d1 = (x, y, z), (sign * (h1 - plane) + _HAIR) * w
                            x, y, z, w = _corner(matrix, near, float(i2), float(j2), plane)
                            three, d2 = (x, y, z), (sign * (h2 - plane) + _HAIR) * w
                            a = b = (d0, d1, d2)
                        _fill(one, two, three, (not whole, a, b), part, rows, depths, kinds)


_GRID, _MATRIX, _PLANES = "float64[:, ::1]", "float64[:, ::1]", "float64[::1]"
_COLUMNS, _DEPTHS, _BOUNDS = "int64[:, :, ::1]", "float64[:, :, ::1]", "int64[:, :, :, ::1]"
place = kernel(f"void({_GRID}, {_MATRIX}, float64, int64, int64, {_COLUMNS}, {_DEPTHS})", _place)
measure = kernel(f"void({_GRID}, {_COLUMNS}, {_MATRIX}, float64, {_PLANES}, {_BOUNDS})", _measure)
rasterize = kernel(
    f"void({_GRID}, {_COLUMNS}, {_DEPTHS}, {_BOUNDS}, {_MATRIX}, float64, {_PLANES}, int64, int64, "
    "float32[:, :, ::1], uint8[:, :, ::1])",
    _rasterize,
)
