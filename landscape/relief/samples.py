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
from landscape.relief.kernels import ABSENT, BLOCK, LANES, NOTHING, OPTIONS, corner
from landscape.relief.strips import HAIR, ONE, find_strip

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


def _cover_row(
    samples: Any, begin: int, count: int, kind: int, edges: Any, plane: Any, one: Any, other: Any
) -> None:  # fmt: skip
    """Draw `count` samples of a triangle, a multiple of LANES, from the index `begin` on."""
    c0, x0, y0, c1, x1, y1, c2, x2, y2 = edges
    d, d_x, d_y = plane
    a, a_x, a_y = one
    b, b_x, b_y = other
    xs, ys, _, depths, kinds = samples
    for n in range(count):
        k = begin + _U(n)
        x, y = np.float64(xs[k]), np.float64(ys[k])
        inside = min(c0 + x0 * x + y0 * y, c1 + x1 * x + y1 * y, c2 + x2 * x + y2 * y)
        inside = min(inside, a + a_x * x + a_y * y, b + b_x * x + b_y * y)
        here, known = np.float32(d + d_x * x + d_y * y), depths[k]
        nearer = inside >= 0.0 and here < known
        depths[k] = here if nearer else known
        kinds[k] = kind if nearer else kinds[k]


def _linear_formula(v0: float, v1: float, v2: float, x0: float, y0: float, grow: Any) -> Any:
    """Return a function that has three values at a triangle's corners: at 0, by column, by row."""
    v_x = grow[0] * (v1 - v0) + grow[2] * (v2 - v0)
    v_y = grow[1] * (v1 - v0) + grow[3] * (v2 - v0)
    return v0 - v_x * x0 - v_y * y0, v_x, v_y


_some = njit(**OPTIONS)(_cover_row)
_linear = njit(forceinline=True, **OPTIONS)(_linear_formula)


def _cover_samples(
    one: Any, two: Any, three: Any, kept: Any, kind: int, frame: Any, index: Array, samples: Any
) -> None:
    """Draw one triangle on the samples of the pixels that have them.

    Corners are (column, row, depth). A sample is kept where two functions that are linear on the
    screen, with the values `kept` at the corners, are not negative. `frame` has the first row and
    column of pixels.
    """
    first, origin = frame
    x0, y0, d0 = one
    x1, y1, d1 = two
    x2, y2, d2 = three
    left = max(int(np.floor(min(x0, x1, x2))) - origin, 0)
    right = min(int(np.floor(max(x0, x1, x2))) - origin, index.shape[1] - 2)
    upper = max(int(np.floor(min(y0, y1, y2))) - first, 0)
    lower = min(int(np.floor(max(y0, y1, y2))) - first, index.shape[0] - 1)
    if left > right:
        return
    found = 0
    for r in range(upper, lower + 1):
        found += index[r, right + 1] - index[r, left]
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    if found == 0 or area == 0.0:
        return
    turn, part = -1.0 if area < 0.0 else 1.0, 1.0 / area
    # The edge opposite a corner: E(x, y) = dx (y - y_start) - dy (x - x_start), >= 0 inside.
    dx0, dy0 = turn * (x2 - x1), turn * (y2 - y1)
    dx1, dy1 = turn * (x0 - x2), turn * (y0 - y2)
    dx2, dy2 = turn * (x1 - x0), turn * (y1 - y0)
    edges = (
        dy0 * x1 - dx0 * y1, -dy0, dx0, dy1 * x2 - dx1 * y2, -dy1, dx1,
        dy2 * x0 - dx2 * y0, -dy2, dx2,
    )  # fmt: skip
    # How the shares of the second and the third corner grow by a column and by a row.
    grow = (y2 - y0) * part, (x0 - x2) * part, (y0 - y1) * part, (x1 - x0) * part
    plane = _linear(d0, d1, d2, x0, y0, grow)
    kept = _linear(*kept[0], x0, y0, grow), _linear(*kept[1], x0, y0, grow)
    for r in range(upper, lower + 1):
        start = index[r, left]
        count = (4 * (index[r, right + 1] - start) + LANES - 1) // LANES * LANES
        if count > 0:
            _some(samples, _U(4 * start), count, kind, edges, plane, kept[0], kept[1])


def _known_corner(corners: Array, j: int, i: int) -> Any:
    """Return a corner's column, row and depth, in double precision."""
    place = np.float64(corners[j, 0, i]), np.float64(corners[j, 1, i])
    return place[0], place[1], np.float64(corners[j, 2, i])


_cell, _cover, _known = (njit(**OPTIONS)(f) for f in (_draw_cell, _cover_samples, _known_corner))


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
        _cover(one, two, three, (a, b), 0, frame, index, samples)
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
            _cover(one, two, three, (a, a), kind, frame, index, samples)


_cut = njit(**OPTIONS)(_cut_triangle)


def _draw_samples(
    heights: Array,
    corners: Array,
    sides: Array,
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

    Parameters: those of `kernels.place` and `find_outlines`; `frame` has the first row and column
    of pixels. `samples`, four for each such pixel, get column, row, the nearest depth, NOTHING
    where there is nothing, that of the cuts' faces alone, and the face: 0 on the surface, 1 on the
    floor and 2 on the top. `t`, of STRIP_TABLE, is scratch.
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
            for j in range(p * BLOCK, min((p + 1) * BLOCK, sides.shape[0] - 1)):
                begin = 3 * j * nx + i0
                find_strip(numbers, _U(begin), _U(begin + 3 * nx), _U(nx), i1 - i0, t)
                for i in range(i0, i1):
                    if bounds[p, q, 4] or not (
                        sides[j, i] | sides[j, i + 1] | sides[j + 1, i] | sides[j + 1, i + 1]
                    ):
                        _cell(t, i - i0, frame, index, samples)
                        continue
                    for half in range(2):
                        # Below the diagonal the third corner is at the right, else above.
                        j1, i1_ = j + half, i + 1 - half
                        s0, s1, s2 = sides[j, i], sides[j1, i1_], sides[j + 1, i + 1]
                        if (s0 | s1 | s2) & ABSENT:
                            continue
                        if s0 == s1 and s0 == s2:
                            _cover(
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
