"""Numba kernels: where points of a surface are on its grid, how high, and in which colour.

From a point's place on the screen and its depth the inverse projection gives its place on the grid,
and there the height is that of the triangle: of a plateau exactly. Up a wall a hair on the grid is
a long way, so there the height is the inverse projection's. So lines lie on what is drawn. Slopes
for the light are interpolated between the four corners of the cell.

Points are in a table with a row for each quantity, in single precision, so that one instruction
works on several of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief.kernels import OPTIONS
from landscape.relief.rips import RIPPED

Array = NDArray[Any]

POINTS = 256  # how many points the table holds
POINT_TABLE = 28 * POINTS  # how many numbers it has
# Given are column, row and depth, and the face: 0 on the surface, 1 on the floor, 2 on the top, or
# UNKNOWN, away from cuts; RIPPED beside a tear.
UNKNOWN = np.float32(-1.0)
_U = np.uint64  # see `strips`
(
    COLUMN, ROW, DEPTH, FACE, GRID_U, GRID_V, PART, ALONG_U, ALONG_V, OFF, APART, HEIGHT, X_U,
    X_V, Y_U, Y_V, RED, GREEN, BLUE, AROUND, DIRECT, GLOSS, EDGE, STEP, LOW, HIGH, BETWEEN,
    BACK,
) = (_U(k * POINTS) for k in range(28))  # fmt: skip
# The slopes for the light: it is written in their place.
SMOOTH_U, SMOOTH_V = AROUND, DIRECT
_ZERO, _HALF, _ONE, _RIPPED = (np.float32(n) for n in (0.0, 0.5, 1.0, RIPPED))
# A triangle is a wall from this rise in a cell on, in boxes.
_STEEP = np.float32(0.06)
AWAY, _LEAST = np.float32(1e9), np.float32(1e-12)


def _find_places(t: Array, count: int, inverse: Array, last_u: float, last_v: float) -> None:
    """Find the points' places on the grid, and heights."""
    i00, i01, i02, i03 = inverse[0, 0], inverse[0, 1], inverse[0, 2], inverse[0, 3]
    i10, i11, i12, i13 = inverse[1, 0], inverse[1, 1], inverse[1, 2], inverse[1, 3]
    i20, i21, i22, i23 = inverse[2, 0], inverse[2, 1], inverse[2, 2], inverse[2, 3]
    i30, i31, i32, i33 = inverse[3, 0], inverse[3, 1], inverse[3, 2], inverse[3, 3]
    for n in range(count):
        k = _U(n)
        x, y, z = np.float64(t[COLUMN + k]), np.float64(t[ROW + k]), np.float64(t[DEPTH + k])
        part = i30 * x + i31 * y + i32 * z + i33
        w = 1.0 / part
        u, v = (i00 * x + i01 * y + i02 * z + i03) * w, (i10 * x + i11 * y + i12 * z + i13) * w
        t[GRID_U + k] = np.float32(min(max(u, 0.0), last_u))
        t[GRID_V + k] = np.float32(min(max(v, 0.0), last_v))
        t[HEIGHT + k] = np.float32((i20 * x + i21 * y + i22 * z + i23) * w)
        t[PART + k] = np.float32(part)


def _find_heights(
    t: Array,
    count: int,
    surface: Array,
    nx: int,
    ny: int,
    style: Array,
    levels: Array,
) -> None:
    """Find heights, smooth slopes and those of the triangles, and the levels below and above."""
    last = levels.size - 2
    one, cell, row = _U(1), _U(4), _U(4 * nx)
    right, upper = np.int32(nx - 2), np.int32(ny - 2)
    floor, top = style[0], style[1]
    step = 0
    for n in range(count):
        k = _U(n)
        u, v = t[GRID_U + k], t[GRID_V + k]
        i, j = min(np.int32(u), right), min(np.int32(v), upper)
        s, r = u - np.float32(i), v - np.float32(j)
        at = _U(j) * row + _U(i) * cell
        up = at + row
        a, b, c, d = surface[at], surface[at + cell], surface[up], surface[up + cell]
        # Below the diagonal the third corner is at the right, above it at the left.
        below = s >= r
        rise_u = b - a if below else d - c
        rise_v = d - b if below else c - a
        h = a + s * rise_u + r * rise_v
        seen = t[HEIGHT + k]
        h = seen if max(abs(rise_u), abs(rise_v)) > _STEEP else h
        at, up = at + one, up + one
        a, b = surface[at], surface[up]
        a, b = a + s * (surface[at + cell] - a), b + s * (surface[up + cell] - b)
        smooth_u = a + r * (b - a)
        at, up = at + one, up + one
        a, b = surface[at], surface[up]
        a, b = a + s * (surface[at + cell] - a), b + s * (surface[up + cell] - b)
        smooth_v = a + r * (b - a)
        face = t[FACE + k]
        face = face if face >= _ZERO else surface[at + one]
        if face > _ZERO:
            if face > _RIPPED:  # without the bits of tears
                face = np.float32(np.int32(face) & 3)
            if face == _RIPPED:  # its corners are those of two sheets
                h = seen
                # The light is that of the corner whose sheet goes on to here.
                least = AWAY
                for m in range(4):
                    beside = _U(m & 1) * cell + _U(m >> 1) * row
                    near = _U(j) * row + _U(i) * cell + beside
                    du, dv = surface[near + one], surface[near + one + one]
                    goes = (
                        surface[near] + du * (s - np.float32(m & 1)) + dv * (r - np.float32(m >> 1))
                    )
                    if abs(goes - h) < least:
                        least, smooth_u, smooth_v = abs(goes - h), du, dv
                rise_u, rise_v, face = smooth_u, smooth_v, _ZERO
            elif face > _ZERO:  # the face of a cut is flat
                smooth_u = smooth_v = rise_u = rise_v = _ZERO
                h = floor if face == _ONE else top
        t[FACE + k], t[HEIGHT + k], t[ALONG_U + k], t[ALONG_V + k] = face, h, rise_u, rise_v
        t[SMOOTH_U + k], t[SMOOTH_V + k] = smooth_u, smooth_v
        while step < last and h >= levels[_U(step + 1)]:
            step += 1
        while step > 0 and h < levels[_U(step)]:
            step -= 1
        t[STEP + k] = np.float32(step)
        t[LOW + k], t[HIGH + k] = levels[_U(step)], levels[_U(step + 1)]


def _find_lines(t: Array, count: int, top: float, last: float) -> None:
    """Find how far in height the points are from lines, and where between colours they are."""
    for n in range(count):
        k = _U(n)
        h, low, step, apart = t[HEIGHT + k], t[LOW + k], t[STEP + k], t[HIGH + k] - t[LOW + k]
        level = (h - low) / max(apart, _LEAST)
        off = min(abs(h - low) if level < _HALF else abs(t[HIGH + k] - h), AWAY)
        # The outermost levels are the ends of the colours, not lines; cuts have none.
        nearest = step if level < _HALF else step + _ONE
        off = off if nearest > _ZERO else AWAY
        off = off if nearest <= last else AWAY
        edge = min(abs(top - h), AWAY)
        t[OFF + k] = off if t[FACE + k] == _ZERO else AWAY
        t[EDGE + k] = edge if t[FACE + k] == _ZERO else AWAY
        t[APART + k] = apart
        # A step has its colour in the middle.
        t[BETWEEN + k] = min(max(step + level - _HALF, _ZERO), last)


def _find_colors(t: Array, count: int, ramp: Array) -> None:
    """Find the points' colours."""
    one, two, color = _U(1), _U(2), _U(4)
    for n in range(count):
        k = _U(n)
        between = t[BETWEEN + k]
        c = np.int32(between)
        share, at = between - np.float32(c), color * _U(c + 4)
        up = at + color
        a, b = ramp[at], ramp[up]
        t[RED + k] = a + (b - a) * share
        a, b = ramp[at + one], ramp[up + one]
        t[GREEN + k] = a + (b - a) * share
        a, b = ramp[at + two], ramp[up + two]
        t[BLUE + k] = a + (b - a) * share


find_places, find_heights, find_lines, find_colors = (
    njit(**OPTIONS)(f) for f in (_find_places, _find_heights, _find_lines, _find_colors)
)
