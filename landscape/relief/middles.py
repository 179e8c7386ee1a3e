"""Numba kernel: a heightfield's cells into depths, one in the middle of each pixel.

Most cells cover a few pixels or none, so what a cell costs by itself counts most. Its numbers are
found for a strip of cells at once, see `strips`; then each row of pixels that it reaches is drawn
eight pixels at a time, both triangles together and without a branch.

A middle on an edge belongs to both triangles, and to a hair around as well: they agree there. What
it costs at an outline is mended there, see `samples`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief import strips as at
from landscape.relief.kernels import ABSENT, BLOCK, LANES, OPTIONS, corner
from landscape.relief.slopes import TORN_BLOCK
from landscape.relief.strips import BLOCKS, HAIR, ONE, OUTSIDE, ZERO, find_strip
from landscape.relief.tears import ABOVE, BELOW

__all__ = ["draw_middles"]

Array = NDArray[Any]

_U = np.uint64  # see `strips`


def _draw_row(
    depths: Array, begin: int, count: int,
    p: float, q: float, d: float, p_x: float, q_x: float, d_x: float,
    s: float, t: float, h: float, s_x: float, t_x: float, h_x: float,
) -> None:  # fmt: skip
    """Draw `count` pixels, a multiple of LANES, of a cell's triangles below and above."""
    for n in range(count):
        u = np.float32(n)
        one, two = p + p_x * u, q + q_x * u
        below = min(one, two, ONE - one - two)
        one, two = s + s_x * u, t + t_x * u
        above = min(one, two, ONE - one - two)
        k = begin + _U(n)
        known = depths[k]
        lower = d + d_x * u if below >= HAIR else known
        upper = h + h_x * u if above >= HAIR else known
        depths[k] = min(known, lower, upper)


def _mark_cell(
    corners: Array, sides: Array, surface: Array, matrix: Array, near: float, planes: Array,
    j: int, i: int, frame: Any, marked: Array,
) -> None:  # fmt: skip
    """Mark the pixels where a cell may be seen that goes through a plane, with its cut faces.

    That of a torn cell, with what goes on beyond its corners as high as another is.
    """
    left = upper = 2.0**24
    right = lower = -(2.0**24)
    seen = sides[j, i] | sides[j, i + 1] | sides[j + 1, i] | sides[j + 1, i + 1]
    torn = int(surface[j, i, 3]) & (BELOW | ABOVE)
    for k in range(28 if torn else 12):
        i1, j1 = i + (k & 1), j + ((k >> 1) & 1)
        if k >= 12:
            other = (k - 12) >> 2
            h = surface[j + (other >> 1), i + (other & 1), 0]
            h = min(max(np.float64(h), planes[0]), planes[1])
            x, y, _, part = corner(matrix, near, float(i1), float(j1), h)
            if part == 0.0:
                continue
        elif k < 4 and sides[j1, i1] != ABSENT:
            x, y = np.float64(corners[j1, 0, i1]), np.float64(corners[j1, 1, i1])
        elif k >= 4 and seen & (k >> 2):
            plane = planes[0] if k < 8 else planes[1]
            x, y, _, _ = corner(matrix, near, float(i1), float(j1), plane)
        else:
            continue
        left, right, upper, lower = min(left, x), max(right, x), min(upper, y), max(lower, y)
    first, origin, rows, columns = frame
    start, end = (
        max(int(np.floor(left)) - origin, 0),
        min(int(np.floor(right)) - origin, columns - 1),
    )
    for r in range(
        max(int(np.floor(upper)) - first, 0), min(int(np.floor(lower)) - first, rows - 1) + 1
    ):
        for c in range(start, end + 1):
            marked[r, c] = 1


_row, _mark = (njit(**OPTIONS)(f) for f in (_draw_row, _mark_cell))


def _draw_middles(
    corners: Array,
    sides: Array,
    surface: Array,
    bounds: Array,
    matrix: Array,
    near: float,
    planes: Array,
    frame: Any,
    depths: Array,
    marked: Array,
    t: Array,
) -> None:
    """Draw the nearest depths in the middles of pixels.

    Parameters: those of `kernels.place`; `surface` of `slopes`; `frame` has the first row and
    column of pixels and how many; `depths` (rows, columns + LANES) gets nearer ones, `marked`, of
    that shape, 1 where a cell goes through a plane or is torn: such a triangle is not drawn here;
    `t`, of STRIP_TABLE, is scratch.
    """
    nx, stride = sides.shape[1], depths.shape[1]
    first, origin, rows, columns = frame
    flat, numbers = depths.reshape(-1), corners.reshape(-1)
    for p in range(bounds.shape[0]):
        for q in range(0, bounds.shape[1], BLOCKS):
            upper, lower, whole = bounds[p, q, 2], bounds[p, q, 3], bounds[p, q, 4]
            for b in range(q + 1, min(q + BLOCKS, bounds.shape[1])):
                upper, lower = min(upper, bounds[p, b, 2]), max(lower, bounds[p, b, 3])
                whole &= bounds[p, b, 4]
            if lower < first or upper >= first + rows:
                continue
            ripped = False
            for b in range(q, min(q + BLOCKS, bounds.shape[1])):
                ripped |= (int(surface[p * BLOCK, b * BLOCK, 3]) & TORN_BLOCK) > 0
            i0, i1 = q * BLOCK, min((q + BLOCKS) * BLOCK, nx - 1)
            for j in range(p * BLOCK, min((p + 1) * BLOCK, sides.shape[0] - 1)):
                begin = 3 * j * nx + i0
                find_strip(numbers, _U(begin), _U(begin + 3 * nx), _U(nx), i1 - i0, t)
                for n in range(i1 - i0):
                    k = _U(n)
                    p0, p_x, p_y = t[at.P + k], t[at.P_X + k], t[at.P_Y + k]
                    s0, s_x, s_y = t[at.S + k], t[at.S_X + k], t[at.S_Y + k]
                    if ripped or not whole:
                        # A triangle with a corner elsewhere, or with none, is not drawn here, nor
                        # one that is torn.
                        i = i0 + n
                        side, far = sides[j, i], sides[j + 1, i + 1]
                        below, above = sides[j, i + 1], sides[j + 1, i]
                        torn = int(surface[j, i, 3]) & (BELOW | ABOVE) if ripped else 0
                        if torn or (
                            side | far | below | above
                            and (side != far or side != below or side != above or side == ABSENT)
                        ):
                            _mark(
                                corners, sides, surface, matrix, near, planes, j, i, frame, marked
                            )
                            alike = side == far and side != ABSENT
                            if torn & BELOW or not (alike and side == below):
                                p0, p_x, p_y = OUTSIDE, ZERO, ZERO
                            if torn & ABOVE or not (alike and side == above):
                                s0, s_x, s_y = OUTSIDE, ZERO, ZERO
                    left, top = int(t[at.LEFT + k]), int(t[at.UPPER + k])
                    start, end = max(left, origin), min(int(t[at.RIGHT + k]), origin + columns - 1)
                    r0, r1 = max(top, first), min(int(t[at.LOWER + k]), first + rows - 1)
                    if start > end or r0 > r1:
                        continue
                    q_x, q_y, t_x, t_y = t[at.Q_X + k], t[at.Q_Y + k], t[at.T_X + k], t[at.T_Y + k]
                    d_x, d_y, h_x, h_y = t[at.D_X + k], t[at.D_Y + k], t[at.H_X + k], t[at.H_Y + k]
                    u = np.float32(start - left)
                    p0, q0, d0 = p0 + p_x * u, t[at.Q + k] + q_x * u, t[at.D + k] + d_x * u
                    s0, t0, h0 = s0 + s_x * u, t[at.T + k] + t_x * u, t[at.H + k] + h_x * u
                    count = (end - start + LANES) // LANES * LANES
                    for r in range(r0, r1 + 1):
                        v = np.float32(r - top)
                        _row(
                            flat, _U((r - first) * stride + start - origin), count,
                            p0 + p_y * v, q0 + q_y * v, d0 + d_y * v, p_x, q_x, d_x,
                            s0 + s_y * v, t0 + t_y * v, h0 + h_y * v, s_x, t_x, h_x,
                        )  # fmt: skip


draw_middles = njit(**OPTIONS)(_draw_middles)
