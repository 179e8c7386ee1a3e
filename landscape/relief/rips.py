"""Numba kernel: what of a torn cell is surface: its two sheets, each as far as the tear.

A tear goes straight through a cell, from one of its sides to another. Each sheet goes on beyond its
own corners as it does there, and is kept on its own side of the tear.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief.covers import cover
from landscape.relief.kernels import ABSENT, OPTIONS, corner
from landscape.relief.tears import ABOVE, BELOW, PARTS, RIGHT, RIGHT_AT, UP, UP_AT

__all__ = ["RIPPED", "draw_ripped"]

Array = NDArray[Any]

RIPPED = 3  # the face of what has the height of its depth, not that of its corners


def _find_tear(surface: Array, j: int, i: int) -> Any:
    """Return where a tear enters and leaves a cell: the (u, v) of both, and how often it does."""
    near, right, left = int(surface[j, i, 3]), int(surface[j, i + 1, 3]), int(surface[j + 1, i, 3])
    count = 0
    u0 = v0 = u1 = v1 = 0.0
    for k in range(4):
        bits = near if k < 2 else left if k == 2 else right
        along = k in (0, 2)
        if not bits & (RIGHT if along else UP):
            continue
        place = ((bits >> (RIGHT_AT if along else UP_AT)) % PARTS + 0.5) / PARTS
        u, v = (place, 0.5 * k) if along else (0.5 * (k - 1), place)
        if count == 0:
            u0, v0 = u, v
        u1, v1 = u, v
        count += 1
    return u0, v0, u1, v1, count


_tear = njit(**OPTIONS)(_find_tear)


def _sheet_height(heights: Array, surface: Array, beyond: Any, sign: float, c: int) -> float:
    """Return the height of a sheet at a corner of a cell, 0 to 3, its own or what it goes on to."""
    j, i, u0, v0, across, up = beyond
    total, found = 0.0, 0
    for k in range(4):
        q, p = k >> 1, k & 1
        side = across * (q - v0) - up * (p - u0)
        if sign * side < 0.0:
            continue
        h = heights[j + q, i + p]
        if k == c:
            return float(h)
        total += h + surface[j + q, i + p, 1] * ((c & 1) - p)
        total += surface[j + q, i + p, 2] * ((c >> 1) - q)
        found += 1
    return total / found if found else np.nan


_height = njit(**OPTIONS)(_sheet_height)


def _draw_ripped(
    heights: Array, surface: Array, sides: Array, matrix: Array, near: float, planes: Array,
    j: int, i: int, frame: Any, index: Array, samples: Any,
) -> None:  # fmt: skip
    """Draw the torn triangles of a cell on the samples of the pixels that have them.

    Parameters: as for `samples.draw_samples`. What a tear does not part in two is left out.
    """
    if (sides[j, i] | sides[j, i + 1] | sides[j + 1, i] | sides[j + 1, i + 1]) & ABSENT:
        return
    u0, v0, u1, v1, count = _tear(surface, j, i)
    if count != 2:
        return
    across, up = u1 - u0, v1 - v0
    torn = int(surface[j, i, 3])
    for half in range(2):
        if not torn & (BELOW if half == 0 else ABOVE):
            continue
        middle = 1 if half == 0 else 2
        for turn in range(2):
            sign = 1.0 - 2.0 * turn
            beyond = j, i, u0, v0, across, up
            kind = RIPPED
            # A sheet that is cut off at all of its corners is a part of the cut.
            seen = 0
            own = 0
            for k in range(4):
                q, p = k >> 1, k & 1
                if sign * (across * (q - v0) - up * (p - u0)) >= 0.0:
                    seen |= 1 << sides[j + q, i + p]
                    own += 1
            if own == 0:
                continue
            kind = 1 if seen == 2 else 2 if seen == 4 else RIPPED
            h0 = min(max(_height(heights, surface, beyond, sign, 0), planes[0]), planes[1])
            h1 = min(max(_height(heights, surface, beyond, sign, middle), planes[0]), planes[1])
            h2 = min(max(_height(heights, surface, beyond, sign, 3), planes[0]), planes[1])
            if kind != RIPPED:
                h0 = h1 = h2 = planes[kind - 1]
            x, y, z, w0 = corner(matrix, near, float(i), float(j), h0)
            one = x, y, z
            p, q = middle & 1, middle >> 1
            x, y, z, w1 = corner(matrix, near, float(i + p), float(j + q), h1)
            two = x, y, z
            x, y, z, w2 = corner(matrix, near, float(i + 1), float(j + 1), h2)
            three = x, y, z
            if w0 > 0.0 and w1 > 0.0 and w2 > 0.0:
                kept = (
                    sign * (across * (0.0 - v0) - up * (0.0 - u0)) * w0,
                    sign * (across * (q - v0) - up * (p - u0)) * w1,
                    sign * (across * (1.0 - v0) - up * (1.0 - u0)) * w2,
                )
                cover(one, two, three, (kept, kept), kind, frame, index, samples)


draw_ripped = njit(**OPTIONS)(_draw_ripped)
