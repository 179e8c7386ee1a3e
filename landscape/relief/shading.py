"""Numba kernel: points of a surface, each of a place on the screen and a depth, into colours.

Slopes are interpolated, see `points`, so light is smooth across triangles. A line, of contour or
mesh, is where a coordinate on the surface is a whole number: its distance in pixels is the
coordinate's difference by the length of its gradient on the screen, that of the triangle.

Light: colour = base (ambient + diffuse) + gloss, as Blinn and Phong have it, with directions in the
viewer's space: right, up, towards the viewer.

The long formulas have no branch and are in single precision, so that one instruction works on
several points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief import points as at
from landscape.relief.kernels import OPTIONS
from landscape.relief.points import find_colors, find_heights, find_lines, find_places

__all__ = ["shade"]

Array = NDArray[Any]

_U = np.uint64  # see `strips`
_F = np.float32
_ZERO, _HALF, _ONE, _TWO, _THREE = _F(0.0), _F(0.5), _F(1.0), _F(2.0), _F(3.0)
_TINY = _F(1e-30)
_QUARTER, _MOST, _SOFT, _SKY, _SKY_REST = _F(0.25), _F(0.75), _F(-8.0), _F(0.1), _F(0.9)
_SHINE, _RIM, _STRONG = _F(3.0), _F(0.3), _F(0.8)
# From this brightness on colours are dimmed, and how much brighter they become at most.
_KNEE, _REST = _F(0.88), _F(0.12)
_UNDERSIDE = _F(1.0 - 0.86)  # what is taken off the light on what is seen from below
_PALE = _F(0.5)  # how much of another colour it has: it is the back of the surface
# Lines fade where they are closer than this many pixels, and are gone at the first figure.
_DENSEST, _CLEAR = 2.2, 5.0
_FADED, _PER_CLEAR = _F(_DENSEST), _F(1.0 / (_CLEAR - _DENSEST))
_FLAT = _F(1e5)  # pixels between lines: a plateau at a level is no line
# Light is a little warm and shade a little cool, as under a sky.
_WARM, _COOL, _WARM_BLUE, _COOL_BLUE = _F(1.04), _F(0.92), _F(0.95), _F(1.10)


def _stroke_formula(distance: Any, width: Any) -> Any:
    """Return how much of a pixel's width a line covers whose middle is `distance` pixels away."""
    half = _HALF * width
    covered = min(distance + _HALF, half) - max(distance - _HALF, -half)
    return min(max(covered, _ZERO), _ONE)


def _clear_formula(spacing: Any) -> Any:
    """Return how strong lines are drawn that are `spacing` pixels apart."""
    share = min(max((spacing - _FADED) * _PER_CLEAR, _ZERO), _ONE)
    return share * share * (_THREE - _TWO * share)


_stroke, _clear = (njit(forceinline=True, **OPTIONS)(f) for f in (_stroke_formula, _clear_formula))


def _find_light(t: Array, count: int, matrix: Array, light: Array, style: Array) -> None:
    """Find the light on the points, and how their places on the screen change along the grid."""
    m00, m01, m02 = matrix[0, 0], matrix[0, 1], matrix[0, 2]
    m10, m11, m12 = matrix[1, 0], matrix[1, 1], matrix[1, 2]
    m30, m31, m32 = matrix[3, 0], matrix[3, 1], matrix[3, 2]
    n00, n01, n02 = light[0, 0], light[0, 1], light[0, 2]
    n10, n11, n12 = light[1, 0], light[1, 1], light[1, 2]
    n20, n21, n22 = light[2, 0], light[2, 1], light[2, 2]
    to_x, to_x_step, to_y, to_y_step = light[3, 0], light[3, 1], light[4, 0], light[4, 1]
    l0, l1, l2 = light[5, 0], light[5, 1], light[5, 2]
    g0, g1, g2 = light[6, 0], light[6, 1], light[6, 2]
    s0, s1, s2 = light[7, 0], light[7, 1], light[7, 2]
    ambient, diffuse, specular = style[2], style[3], style[4]
    b0, b1, b2 = light[8, 0], light[8, 1], light[8, 2]
    for n in range(count):
        k = _U(n)
        x, y, part = t[at.COLUMN + k], t[at.ROW + k], t[at.PART + k]
        du, dv = t[at.SMOOTH_U + k], t[at.SMOOTH_V + k]
        way_x, way_y = to_x + to_x_step * x, to_y + to_y_step * y
        # The normal, upwards, and how it stands to the viewer.
        a, b, c = n02 - n00 * du - n01 * dv, n12 - n10 * du - n11 * dv, n22 - n20 * du - n21 * dv
        # Which side is seen the triangle tells. The smooth normal turns within a cell: in a narrow
        # valley it may show the other side, in a light that is not there. The nearer it comes to
        # that, the more the triangle's own is taken.
        du, dv = t[at.ALONG_U + k], t[at.ALONG_V + k]
        p, q, r = n02 - n00 * du - n01 * dv, n12 - n10 * du - n11 * dv, n22 - n20 * du - n21 * dv
        scale, own = (
            _ONE / np.sqrt(a * a + b * b + c * c + _TINY),
            _ONE / np.sqrt(p * p + q * q + r * r + _TINY),
        )
        a, b, c, p, q, r = a * scale, b * scale, c * scale, p * own, q * own, r * own
        facing, flat = a * way_x + b * way_y + c, p * way_x + q * way_y + r
        agreed = min(max(_TWO * facing * flat / (flat * flat + _TINY), _ZERO), _ONE)
        a, b, c = p + agreed * (a - p), q + agreed * (b - q), r + agreed * (c - r)
        scale = _ONE / np.sqrt(a * a + b * b + c * c + _TINY)
        facing = (a * way_x + b * way_y + c) * scale
        # The underside begins softly, as does the light that it has from below.
        below = min(max(_SOFT * facing, _ZERO), _ONE)
        scale = -scale if facing < _ZERO else scale
        toward = (a * l0 + b * l1 + c * l2) * scale
        # What is seen from below has a light from there, and a floor that is as bright as the sky.
        toward += (a * b0 + b * b1 + c * b2) * scale * below
        gloss = max((a * g0 + b * g1 + c * g2) * scale, _ZERO)
        sky = abs((a * s0 + b * s1 + c * s2) * scale)
        # A large soft light reaches round the edge, and more light comes from above.
        wrapped = _HALF + _HALF * toward
        wrapped = _QUARTER * wrapped + _MOST * wrapped * wrapped
        dimmed = _ONE - _UNDERSIDE * below
        gloss *= gloss  # to the power of 64
        gloss *= gloss
        gloss *= gloss
        gloss *= gloss
        gloss *= gloss
        gloss *= gloss
        rim = _ONE - min(abs(facing), _ONE)
        gloss = _SHINE * gloss * (_ONE - below) + _RIM * rim * rim * rim + _QUARTER * wrapped
        t[at.BACK + k] = _PALE * below
        t[at.AROUND + k] = ambient * (_SKY_REST + _SKY * sky) * dimmed
        t[at.DIRECT + k] = diffuse * wrapped * dimmed
        t[at.GLOSS + k] = specular * gloss
        du, dv = t[at.ALONG_U + k], t[at.ALONG_V + k]
        across = m30 + m32 * du
        t[at.X_U + k], t[at.Y_U + k] = (
            (m00 + m02 * du - x * across) * part,
            (m10 + m12 * du - y * across) * part,
        )
        across = m31 + m32 * dv
        t[at.X_V + k], t[at.Y_V + k] = (
            (m01 + m02 * dv - x * across) * part,
            (m11 + m12 * dv - y * across) * part,
        )


def _draw_mesh(t: Array, count: int, style: Array, ramp: Array, lines: float, way: int) -> None:
    """Draw lines of a mesh, `lines` in a cell: of u with `way` 0, of v with 1."""
    width = style[7]
    red, green, blue = ramp[2, 0], ramp[2, 1], ramp[2, 2]
    place, x_row, y_row = (at.GRID_U, at.X_V, at.Y_V) if way == 0 else (at.GRID_V, at.X_U, at.Y_U)
    for n in range(count):
        k = _U(n)
        area = abs(t[at.X_U + k] * t[at.Y_V + k] - t[at.X_V + k] * t[at.Y_U + k])
        x, y = t[x_row + k], t[y_row + k]
        spacing = area / (lines * np.sqrt(x * x + y * y + _TINY))
        phase = t[place + k] * lines
        cover = _stroke(abs(phase - np.floor(phase + _HALF)) * spacing, width) * _clear(spacing)
        t[at.RED + k] += (red - t[at.RED + k]) * cover
        t[at.GREEN + k] += (green - t[at.GREEN + k]) * cover
        t[at.BLUE + k] += (blue - t[at.BLUE + k]) * cover


def _finish_colors(t: Array, count: int, style: Array, ramp: Array) -> None:
    """Draw contour lines and the edge of the lid, and put the light on the colours."""
    line, rim = style[5], _TWO * style[8]
    line_r, line_g, line_b = ramp[1, 0], ramp[1, 1], ramp[1, 2]
    edge_r, edge_g, edge_b = ramp[3, 0], ramp[3, 1], ramp[3, 2]
    back_r, back_g, back_b = ramp[0, 3], ramp[1, 3], ramp[2, 3]
    for n in range(count):
        k = _U(n)
        du, dv, x_u, x_v = t[at.ALONG_U + k], t[at.ALONG_V + k], t[at.X_U + k], t[at.X_V + k]
        y_u, y_v = t[at.Y_U + k], t[at.Y_V + k]
        p, q = du * y_v - dv * y_u, dv * x_u - du * x_v
        height = abs(x_u * y_v - x_v * y_u) / np.sqrt(p * p + q * q + _TINY)
        spacing = height * t[at.APART + k]
        cover = _stroke(t[at.OFF + k] * height, line) * _clear(spacing)
        cover = cover if spacing < _FLAT else _ZERO
        around, direct, gloss = t[at.AROUND + k], t[at.DIRECT + k], t[at.GLOSS + k]
        back = t[at.BACK + k]
        red = t[at.RED + k] + (back_r - t[at.RED + k]) * back
        red += (line_r - red) * cover
        green = t[at.GREEN + k] + (back_g - t[at.GREEN + k]) * back
        green += (line_g - green) * cover
        blue = t[at.BLUE + k] + (back_b - t[at.BLUE + k]) * back
        blue += (line_b - blue) * cover
        red = red * (_COOL * around + _WARM * direct) + gloss
        green = green * (around + direct) + gloss
        blue = blue * (_COOL_BLUE * around + _WARM_BLUE * direct) + gloss
        # Bright colours are dimmed as a whole: what is cut off at white has no colour left.
        over = max(red, green, blue) - _KNEE
        dimmed = (_KNEE + _REST * over / (over + _REST)) / (over + _KNEE) if over > _ZERO else _ONE
        red, green, blue = red * dimmed, green * dimmed, blue * dimmed
        cover = _STRONG * _stroke(t[at.EDGE + k] * height, rim)  # drawn on the surface's side
        t[at.RED + k] = min(max(red + (edge_r - red) * cover, _ZERO), _ONE)
        t[at.GREEN + k] = min(max(green + (edge_g - green) * cover, _ZERO), _ONE)
        t[at.BLUE + k] = min(max(blue + (edge_b - blue) * cover, _ZERO), _ONE)


def _hatch_cuts(t: Array, count: int, style: Array, ramp: Array) -> None:
    """Draw the points on the faces of cuts."""
    hatch_u, hatch_v, width = style[9], style[10], style[8]
    flat = _HALF * (_ONE + style[2] + style[3])  # a drawn face, lit but a little
    for n in range(count):
        k = _U(n)
        face = t[at.FACE + k]
        x_u, x_v, y_u, y_v = t[at.X_U + k], t[at.X_V + k], t[at.Y_U + k], t[at.Y_V + k]
        p, q = hatch_u * y_v - hatch_v * y_u, hatch_v * x_u - hatch_u * x_v
        spacing = abs(x_u * y_v - x_v * y_u) / np.sqrt(p * p + q * q + _TINY)
        phase = t[at.GRID_U + k] * hatch_u + t[at.GRID_V + k] * hatch_v
        cover = _stroke(abs(phase - np.floor(phase + _HALF)) * spacing, width) * _clear(spacing)
        red = min((ramp[0, 0] + (ramp[3, 0] - ramp[0, 0]) * cover) * flat, _ONE)
        green = min((ramp[0, 1] + (ramp[3, 1] - ramp[0, 1]) * cover) * flat, _ONE)
        blue = min((ramp[0, 2] + (ramp[3, 2] - ramp[0, 2]) * cover) * flat, _ONE)
        t[at.RED + k] = red if face > _ZERO else t[at.RED + k]
        t[at.GREEN + k] = green if face > _ZERO else t[at.GREEN + k]
        t[at.BLUE + k] = blue if face > _ZERO else t[at.BLUE + k]


_light, _mesh, _finish, _hatch = (
    njit(**OPTIONS)(f) for f in (_find_light, _draw_mesh, _finish_colors, _hatch_cuts)
)


def _shade(
    t: Array,
    count: int,
    surface: Array,
    matrix: Array,
    inverse: Array,
    light: Array,
    style: Array,
    levels: Array,
    ramp: Array,
) -> None:
    """Find the colours, from 0 to 1, of the first `count` points of a table.

    Parameters: `surface` (ny, nx, 4) of `slopes`; `matrix` and `inverse` (4, 4) between grid and
    picture; `light`, `style` and `ramp` as `scene` packs them; `levels` (k,) heights, increasing.
    All but `inverse` are in single precision.
    """
    ny, nx = surface.shape[0], surface.shape[1]
    find_places(t, count, inverse, nx - 1.0, ny - 1.0)
    find_heights(t, count, surface.reshape(-1), nx, ny, style, levels)
    find_lines(t, count, style[1], np.float32(levels.size - 2))
    find_colors(t, count, ramp.reshape(-1))
    _light(t, count, matrix, light, style)
    if style[6] > _ZERO:
        _mesh(t, count, style, ramp, style[6] / np.float32(nx - 1), 0)
        _mesh(t, count, style, ramp, style[6] / np.float32(ny - 1), 1)
    _finish(t, count, style, ramp)
    if style[0] > -np.inf or style[1] < np.inf:
        _hatch(t, count, style, ramp)


shade = njit(**OPTIONS)(_shade)
