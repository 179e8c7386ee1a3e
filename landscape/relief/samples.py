"""Numba kernel: a heightfield's triangles into depths, four in each pixel that needs as many.

A pixel's samples lie on the rotated grid: each in a quarter of its own of the pixel's width and of
its height, so that edges near the axes have as many shades as others. A sample on an edge belongs
to both triangles, so that none is lost. The nearest wins, the first of equals.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief import strips as at
from landscape.relief.covers import cover
from landscape.relief.kernels import ABSENT, BLOCK, LANES, NOTHING, OPTIONS, corner
from landscape.relief.rips import draw_ripped
from landscape.relief.slopes import TORN_BLOCK
from landscape.relief.strips import HAIR, ONE, find_strip
from landscape.relief.tears import ABOVE, BELOW

__all__ = ["draw_samples"]

Array = NDArray[Any]

# Where a pixel's samples lie, in eighths of its width; the k-th is in the k-th quarter from above.
_PLACES = (3, 7, 1, 5)
# A hair of overlap between the surface and a cut: what both left out would be a hole.
_OVERLAP = 3e-6
_U = np.uint64  # see `strips`
_HALF = np.float32(0.5)


def _draw_row(
    xs: Array, ys: Array, depths: Array, begin: int, count: int, x0: float, y0: float,
    below: Any, above: Any,
) -> None:  # fmt: skip
    """Draw `count` samples, a multiple of LANES, of a cell's triangles below and above."""
    p, p_x, p_y, q, q_x, q_y, d, d_x, d_y = below
    s, s_x, s_y, t, t_x, t_y, h, h_x, h_y = above
    for n in range(count):
        k = begin + _U(n)
        u, v, known = xs[k] - x0, ys[k] - y0, depths[k]
        one, two = p + p_x * u + p_y * v, q + q_x * u + q_y * v
        lower = d + d_x * u + d_y * v if min(one, two, ONE - one - two) >= HAIR else known
        one, two = s + s_x * u + s_y * v, t + t_x * u + t_y * v
        upper = h + h_x * u + h_y * v if min(one, two, ONE - one - two) >= HAIR else known
        depths[k] = min(known, lower, upper)


_row = njit(**OPTIONS)(_draw_row)


def _draw_cell(t: Array, n: int, frame: Any, index: Array, samples: Any) -> None:
    """Draw the n-th cell of a strip on the samples of the pixels that have them."""
    k = _U(n)
    left = max(int(t[at.FROM + k]) - frame[1], 0)
    right = min(int(t[at.TO + k]) - frame[1] + 1, index.shape[1] - 1)
    upper = max(int(t[at.ABOVE + k]) - frame[0], 0)
    lower = min(int(t[at.BENEATH + k]) - frame[0], index.shape[0] - 1)
    if left >= right:
        return
    below = (
        *(t[at.P + k], t[at.P_X + k], t[at.P_Y + k], t[at.Q + k], t[at.Q_X + k], t[at.Q_Y + k]),
        *(t[at.D + k], t[at.D_X + k], t[at.D_Y + k]),
    )
    above = (
        *(t[at.S + k], t[at.S_X + k], t[at.S_Y + k], t[at.T + k], t[at.T_X + k], t[at.T_Y + k]),
        *(t[at.H + k], t[at.H_X + k], t[at.H_Y + k]),
    )
    for r in range(upper, lower + 1):
        start = index[r, left]
        count = index[r, right] - start
        if count > 0:
            _row(
                samples[0], samples[1], samples[2],
                _U(4 * start), (4 * count + LANES - 1) // LANES * LANES,
                t[at.LEFT + k] + _HALF, t[at.UPPER + k] + _HALF, below, above,
            )  # fmt: skip


def _known_corner(corners: Array, j: int, i: int) -> Any:
    """Return a corner's column, row and depth, in double precision."""
    place = np.float64(corners[j, 0, i]), np.float64(corners[j, 1, i])
    return place[0], place[1], np.float64(corners[j, 2, i])


_cell, _known = (njit(**OPTIONS)(f) for f in (_draw_cell, _known_corner))


def _cut_triangle(
    heights: Array, matrix: Array, near: float, planes: Array, places: Any, seen: int,
    frame: Any, index: Array, samples: Any,
) -> None:  # fmt: skip
    """Draw a triangle that goes through a plane: what is left of it, and its cut faces.

    `places` has the (j, i) of its corners, `seen` the bits of their sides.
    """
    (j0, i0), (j1, i1), (j2, i2) = places
    h0, h1, h2 = heights[j0, i0], heights[j1, i1], heights[j2, i2]
    x, y, z, w0 = corner(matrix, near, float(i0), float(j0), h0)
    one = x, y, z
    x, y, z, w1 = corner(matrix, near, float(i1), float(j1), h1)
    two = x, y, z
    x, y, z, w2 = corner(matrix, near, float(i2), float(j2), h2)
    three = x, y, z
    if w0 > 0.0 and w1 > 0.0 and w2 > 0.0:
        lowest = max(planes[0] - _OVERLAP, min(h0, h1, h2) - 1.0)
        highest = min(planes[1] + _OVERLAP, max(h0, h1, h2) + 1.0)
        a = (h0 - lowest) * w0, (h1 - lowest) * w1, (h2 - lowest) * w2
        b = (highest - h0) * w0, (highest - h1) * w1, (highest - h2) * w2
        cover(one, two, three, (a, b), 0, frame, index, samples)
    for kind in range(1, 3):
        if not seen & kind:
            continue
        plane, sign = planes[kind - 1], -1.0 if kind == 1 else 1.0
        x, y, z, w0 = corner(matrix, near, float(i0), float(j0), plane)
        one = x, y, z
        x, y, z, w1 = corner(matrix, near, float(i1), float(j1), plane)
        two = x, y, z
        x, y, z, w2 = corner(matrix, near, float(i2), float(j2), plane)
        three = x, y, z
        if w0 > 0.0 and w1 > 0.0 and w2 > 0.0:
            d0, d1 = (sign * (h0 - plane) + _OVERLAP) * w0, (sign * (h1 - plane) + _OVERLAP) * w1
            a = d0, d1, (sign * (h2 - plane) + _OVERLAP) * w2
            cover(one, two, three, (a, a), kind, frame, index, samples)


_cut = njit(**OPTIONS)(_cut_triangle)


def _draw_samples(
    heights: Array,
    corners: Array,
    sides: Array,
    surface: Array,
    bounds: Array,
    matrix: Array,
    near: float,
    planes: Array,
    frame: Any,
    index: Array,
    where: Array,
    samples: Any,
    t: Array,
) -> None:
    """Write the samples of the pixels that `find_outlines` found.

    Parameters: those of `kernels.place` and `find_outlines`; `surface` of `slopes`; `frame` has the
    first row and column of pixels. `samples`, four for each such pixel, get column, row, the
    nearest depth, NOTHING where there is nothing, that of the cuts' faces alone, and the face: 0 on
    the surface, 1 on the floor, 2 on the top, RIPPED beside a tear. `t`, of STRIP_TABLE, is
    scratch.
    """
    first, origin = frame
    rows, columns = index.shape[0], index.shape[1] - 1
    xs, ys, depths, faces, kinds = samples
    for r in range(rows):
        for n in range(index[r, 0], index[r, columns]):
            for k in range(4):
                xs[4 * n + k] = where[n] + origin + 0.125 * _PLACES[k]
                ys[4 * n + k] = r + first + 0.125 + 0.25 * k
                depths[4 * n + k] = faces[4 * n + k] = NOTHING
                kinds[4 * n + k] = 0
    whole = (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    nx = sides.shape[1]
    numbers = corners.reshape(-1)
    for p in range(bounds.shape[0]):
        for q in range(bounds.shape[1]):
            left, right = (
                max(bounds[p, q, 0] - origin, 0),
                min(bounds[p, q, 1] - origin, columns - 1),
            )
            upper, lower = max(bounds[p, q, 2] - first, 0), min(bounds[p, q, 3] - first, rows - 1)
            r = upper
            while r <= lower and (left > right or index[r, left] == index[r, right + 1]):
                r += 1
            if r > lower:
                continue
            i0, i1 = q * BLOCK, min((q + 1) * BLOCK, nx - 1)
            ripped = (int(surface[p * BLOCK, q * BLOCK, 3]) & TORN_BLOCK) > 0
            for j in range(p * BLOCK, min((p + 1) * BLOCK, sides.shape[0] - 1)):
                begin = 3 * j * nx + i0
                find_strip(numbers, _U(begin), _U(begin + 3 * nx), _U(nx), i1 - i0, t)
                for i in range(i0, i1):
                    torn = int(surface[j, i, 3]) & (BELOW | ABOVE) if ripped else 0
                    if torn == 0 and (
                        bounds[p, q, 4]
                        or not sides[j, i] | sides[j, i + 1] | sides[j + 1, i] | sides[j + 1, i + 1]
                    ):
                        _cell(t, i - i0, frame, index, samples)
                        continue
                    if torn:
                        draw_ripped(
                            heights, surface, sides, matrix, near, planes, j, i, frame, index,
                            samples,
                        )  # fmt: skip
                    for half in range(2):
                        # Below the diagonal the third corner is at the right, else above.
                        j1, i1_ = j + half, i + 1 - half
                        s0, s1, s2 = sides[j, i], sides[j1, i1_], sides[j + 1, i + 1]
                        if (s0 | s1 | s2) & ABSENT or torn & (BELOW << half):
                            continue
                        if s0 == s1 and s0 == s2:
                            cover(
                                _known(corners, j, i), _known(corners, j1, i1_),
                                _known(corners, j + 1, i + 1), whole, s0, frame, index, samples,
                            )  # fmt: skip
                        else:
                            _cut(
                                heights, matrix, near, planes, ((j, i), (j1, i1_), (j + 1, i + 1)),
                                s0 | s1 | s2, frame, index, samples,
                            )  # fmt: skip
    # What the faces of cuts have in front is theirs.
    for k in range(4 * index[rows - 1, columns]):
        if faces[k] < depths[k]:
            depths[k] = faces[k]
        else:
            kinds[k] = 0


draw_samples = njit(**OPTIONS)(_draw_samples)
