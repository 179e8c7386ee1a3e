"""Numba kernel: a band of a surface's picture, from its corners on the screen to its colours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief import (
    covers,
    kernels,
    middles,
    outlines,
    points,
    rips,
    samples,
    shading,
    slopes,
    strips,
    tears,
)
from landscape.relief.kernels import NOTHING, OPTIONS, kernel
from landscape.relief.middles import draw_middles
from landscape.relief.outlines import find_outlines
from landscape.relief.points import POINTS, UNKNOWN
from landscape.relief.samples import draw_samples
from landscape.relief.shading import shade

__all__ = ["paint"]

Array = NDArray[Any]

_COLUMN, _ROW, _DEPTH, _FACE, _RED, _GREEN, _BLUE = (
    int(row)
    for row in (
        *(points.COLUMN, points.ROW, points.DEPTH, points.FACE),
        *(points.RED, points.GREEN, points.BLUE),
    )
)
_SCALE, _HALF = np.float32(255.0), np.float32(0.5)


def _paint_middles(
    depths: Array, marked: Array, frame: Any, t: Array, pixels: Array, tables: Any,
    rgba: Array, nearest: Array,
) -> None:  # fmt: skip
    """Shade the pixels whose middle tells all of them."""
    first, last, left, right = frame
    for r in range(first, last):
        y = np.float32(r + 0.5)
        for start in range(left, right, POINTS):
            count = 0
            end = min(start + POINTS, right)
            for c in range(start, end):
                # What is no point is written over by the next.
                depth = depths[r - first + 1, c - left + 1]
                t[_DEPTH + count] = depth
                pixels[count] = c
                count += depth < NOTHING and marked[r - first + 1, c - left + 1] == 0
            for n in range(count):
                t[_COLUMN + n] = np.float32(pixels[n]) + _HALF
                t[_ROW + n] = y
                t[_FACE + n] = UNKNOWN
            if count:
                shade(t, count, *tables)
            for n in range(count):
                c = pixels[n]
                nearest[r, c] = t[_DEPTH + n]
                rgba[r, c, 0] = np.uint8(t[_RED + n] * _SCALE + _HALF)
                rgba[r, c, 1] = np.uint8(t[_GREEN + n] * _SCALE + _HALF)
                rgba[r, c, 2] = np.uint8(t[_BLUE + n] * _SCALE + _HALF)
                rgba[r, c, 3] = 255


def _paint_outlines(
    index: Array, where: Array, samples: Any, smooth: float, frame: Any, t: Array,
    pixels: Array, tables: Any, rgba: Array, nearest: Array,
) -> None:  # fmt: skip
    """Shade the pixels that have samples: each by itself, if they are not on one smooth piece."""
    first, last, left, right = frame
    xs, ys, depths, _, kinds = samples
    for r in range(first, last):
        n, end = index[r - first, 0], index[r - first, right - left]
        while n < end:
            count, start = 0, n
            while n < end and count <= POINTS - 4 and n - start < POINTS:
                k = 4 * n
                d0, d1, d2, d3 = depths[k], depths[k + 1], depths[k + 2], depths[k + 3]
                low, high, kind = min(d0, d1, d2, d3), max(d0, d1, d2, d3), kinds[k]
                c = left + where[n]
                pixels[n - start] = count
                n += 1
                if low == NOTHING:
                    continue
                nearest[r, c] = low
                if high - low < smooth and (
                    kind == kinds[k + 1] and kind == kinds[k + 2] and kind == kinds[k + 3]
                ):
                    t[_COLUMN + count], t[_ROW + count] = c + 0.5, r + 0.5
                    t[_DEPTH + count] = 0.25 * (np.float64(d0) + d1 + d2 + d3)
                    t[_FACE + count] = kind
                    count += 1
                    rgba[r, c, 3] = 255
                    continue
                covered = 0
                for m in range(k, k + 4):
                    if depths[m] < NOTHING:
                        t[_COLUMN + count], t[_ROW + count] = xs[m], ys[m]
                        t[_DEPTH + count], t[_FACE + count] = depths[m], kinds[m]
                        count += 1
                        covered += 1
                rgba[r, c, 3] = (255 * covered + 2) // 4
            shade(t, count, *tables)
            for k in range(n - start):
                # Its points begin where the pixel's before end.
                a, b = pixels[k], count if k == n - start - 1 else pixels[k + 1]
                if a == b:
                    continue
                red = green = blue = np.float32(0.0)
                for m in range(a, b):
                    red, green, blue = red + t[_RED + m], green + t[_GREEN + m], blue + t[_BLUE + m]
                share = _SCALE / np.float32(b - a)
                c = left + where[start + k]
                rgba[r, c, 0] = np.uint8(red * share + _HALF)
                rgba[r, c, 1] = np.uint8(green * share + _HALF)
                rgba[r, c, 2] = np.uint8(blue * share + _HALF)


_middles, _outlines = (njit(**OPTIONS)(f) for f in (_paint_middles, _paint_outlines))


def _paint(
    heights: Array,
    surface: Array,
    corners: Array,
    sides: Array,
    bounds: Array,
    near: float,
    planes: Array,
    smooth: float,
    matrix: Array,
    inverse: Array,
    single: Array,
    light: Array,
    style: Array,
    levels: Array,
    ramp: Array,
    first: int,
    last: int,
    left: int,
    right: int,
    depths: Array,
    marked: Array,
    index: Array,
    where: Array,
    xs: Array,
    ys: Array,
    nears: Array,
    faces: Array,
    kinds: Array,
    t: Array,
    pixels: Array,
    rgba: Array,
    nearest: Array,
) -> None:
    """Write the rows first … last - 1 and columns left … right - 1 of a picture and its depths.

    Parameters: `heights` and from `corners` to `planes` as for `kernels.place`, `matrix` too, and
    `single` the same; `surface` and from `inverse` to `ramp` as for `shading.shade`; `smooth`, the
    most that the depth of a smooth piece changes in a pixel. From `depths` to `pixels` is scratch:
    see `rendering`. `rgba` (height, width, 4) and `nearest` (height, width) are the picture's,
    empty before.

    A pixel's numbers depend neither on the rows that are painted together nor on their order.
    """
    rows, columns = last - first, right - left
    flat, marks = depths.reshape(-1), marked.reshape(-1)
    for n in range((rows + 2) * depths.shape[1]):
        flat[n] = NOTHING
        marks[n] = 0
    # One pixel more on each side: outlines are found by what is around.
    draw_middles(
        corners, sides, surface, bounds, matrix, near, planes,
        (first - 1, left - 1, rows + 2, columns + 2), depths, marked, t,
    )  # fmt: skip
    find_outlines(depths, marked, rows, columns, np.float32(smooth), index, where)
    tables = surface, single, inverse, light, style, levels, ramp
    frame = first, last, left, right
    _middles(depths, marked, frame, t, pixels, tables, rgba, nearest)
    found = index[rows - 1, columns]
    if found:
        part, drawn = index[:rows], (xs, ys, nears, faces, kinds)
        draw_samples(
            heights, corners, sides, surface, bounds, matrix, near, planes, (first, left), part,
            where, drawn, t,
        )  # fmt: skip
        _outlines(index, where, drawn, np.float32(smooth), frame, t, pixels, tables, rgba, nearest)


_B1 = "uint8[::1]"
_D2, _F2, _D1, _F1, _I1 = (
    "float64[:, ::1]",
    "float32[:, ::1]",
    "float64[::1]",
    "float32[::1]",
    "int32[::1]",
)
_F3, _I3, _B2, _I2, _B3 = (
    "float32[:, :, ::1]",
    "int64[:, :, ::1]",
    "uint8[:, ::1]",
    "int32[:, ::1]",
    "uint8[:, :, ::1]",
)
paint = kernel(
    f"void({_D2}, {_F3}, {_F3}, {_B2}, {_I3}, float64, {_D1}, float64, {_D2}, {_D2}, {_F2}, {_F2}, "
    f"{_F1}, {_F1}, {_F2}, int64, int64, int64, int64, {_F2}, {_B2}, {_I2}, {_I1}, {_F1}, {_F1}, "
    f"{_F1}, {_F1}, {_B1}, {_F1}, {_I1}, {_B3}, {_F2})",
    _paint,
    *(covers, kernels, middles, outlines, points, rips, samples, shading, slopes, strips, tears),
)
