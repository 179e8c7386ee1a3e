"""Numba kernel: samples of depth into the colours of pixels.

From a point's place on the screen and its depth the inverse projection gives its place on the grid;
there heights and slopes are interpolated between the four corners of the cell, so light and lines
are smooth across triangles. A line, of contour or mesh, is where a coordinate on the surface is a
whole number: its distance in pixels is the coordinate's difference by the length of its gradient on
the screen.

Light: colour = base (ambient + diffuse) + gloss, as Blinn and Phong have it, with directions in the
viewer's space: right, up, towards the viewer.

Points are shaded many at a time, in a table with a row for each quantity: the long formulas have no
branch, so that one instruction works on several points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief.kernels import OPTIONS, SAMPLES, kernel

__all__ = ["POINT_TABLES", "resolve"]

Array = NDArray[Any]

_UNDERSIDE = 0.86  # the light on what is seen from below
# Lines fade where they are closer than this many pixels, and are gone at the first figure.
_DENSEST, _CLEAR = 2.2, 5.0
_PER_CLEAR = 1.0 / (_CLEAR - _DENSEST)
_FLAT = 1e5  # pixels between lines: a plateau at a level is no line

# The rows of the table of points, and how many points it holds.
_COLUMN, _ROW, _DEPTH, _FACE = 0, 1, 2, 3  # _FACE: 0 on the surface, 1 on the floor, 2 on the top
_U, _V, _HEIGHT, _ALONG_U, _ALONG_V, _PART = 4, 5, 6, 7, 8, 9
_AROUND, _DIRECT, _GLOSS, _PER_HEIGHT, _PER_U, _PER_V, _PER_HATCH = 10, 11, 12, 13, 14, 15, 16
_ROWS, _POINTS = 17, 512
POINT_TABLES = (_ROWS, _POINTS), (_POINTS, 2)  # the shapes of what `resolve` works in


def _stroke_formula(distance: float, width: float) -> float:
    """Return how much of a pixel's width a line covers whose middle is `distance` pixels away."""
    half = 0.5 * width
    covered = min(distance + 0.5, half) - max(distance - 0.5, -half)
    return min(max(covered, 0.0), 1.0)


def _clear_formula(spacing: float) -> float:
    """Return how strong lines are drawn that are `spacing` pixels apart."""
    share = min(max((spacing - _DENSEST) * _PER_CLEAR, 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def _find_formula(points: Array, count: int, surface: Array, inverse: Array, style: Array) -> None:
    """Find the points' places on the grid, and the height and slopes there."""
    ny, nx = surface.shape[0], surface.shape[1]
    flat = surface.reshape(-1)
    last_u, last_v = nx - 1.0, ny - 1.0
    for n in range(count):
        x, y, z = points[_COLUMN, n], points[_ROW, n], points[_DEPTH, n]
        part = inverse[3, 0] * x + inverse[3, 1] * y + inverse[3, 2] * z + inverse[3, 3]
        w = 1.0 / part
        u = (inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2] * z + inverse[0, 3]) * w
        v = (inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2] * z + inverse[1, 3]) * w
        u, v = min(max(u, 0.0), last_u), min(max(v, 0.0), last_v)
        points[_U, n], points[_V, n], points[_PART, n] = u, v, part
    for n in range(count):
        u, v = points[_U, n], points[_V, n]
        i, j = min(int(u), nx - 2), min(int(v), ny - 2)
        s, t = u - i, v - j
        at = 3 * (j * nx + i)
        up = at + 3 * nx
        c00, c10, c01, c11 = (1.0 - s) * (1.0 - t), s * (1.0 - t), (1.0 - s) * t, s * t
        points[_HEIGHT, n] = (
            c00 * flat[at] + c10 * flat[at + 3] + c01 * flat[up] + c11 * flat[up + 3]
        )
        points[_ALONG_U, n] = (
            c00 * flat[at + 1] + c10 * flat[at + 4] + c01 * flat[up + 1] + c11 * flat[up + 4]
        )
        points[_ALONG_V, n] = (
            c00 * flat[at + 2] + c10 * flat[at + 5] + c01 * flat[up + 2] + c11 * flat[up + 5]
        )
        if points[_FACE, n] > 0.0:  # the face of a cut is flat
            points[_HEIGHT, n] = style[0] if points[_FACE, n] == 1.0 else style[1]
            points[_ALONG_U, n] = points[_ALONG_V, n] = 0.0


def _light_formula(points: Array, count: int, matrix: Array, light: Array, style: Array) -> None:
    """Find the light on the points, and in how many pixels their coordinates change by 1."""
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
    ambient, diffuse, specular, hatch_u, hatch_v = style[2], style[3], style[4], style[9], style[10]
    for n in range(count):
        x, y, part = points[_COLUMN, n], points[_ROW, n], points[_PART, n]
        du, dv = points[_ALONG_U, n], points[_ALONG_V, n]
        # The normal, upwards, and how it stands to the viewer.
        a = n02 - n00 * du - n01 * dv
        b = n12 - n10 * du - n11 * dv
        c = n22 - n20 * du - n21 * dv
        scale = 1.0 / np.sqrt(a * a + b * b + c * c + 1e-300)
        facing = (a * (to_x + to_x_step * x) + b * (to_y + to_y_step * y) + c) * scale
        # The underside begins softly: at the outline the smooth normal and the triangle disagree.
        below = min(max(-8.0 * facing, 0.0), 1.0)
        scale = -scale if facing < 0.0 else scale
        toward = (a * l0 + b * l1 + c * l2) * scale
        gloss = max((a * g0 + b * g1 + c * g2) * scale, 0.0)
        sky = (a * s0 + b * s1 + c * s2) * scale
        # A large soft light reaches round the edge, and more light comes from above.
        wrapped = 0.5 + 0.5 * toward
        wrapped = 0.25 * wrapped + 0.75 * wrapped * wrapped
        dimmed = 1.0 - (1.0 - _UNDERSIDE) * below
        points[_AROUND, n] = ambient * (0.9 + 0.1 * sky) * dimmed
        points[_DIRECT, n] = diffuse * wrapped * dimmed
        for _ in range(5):  # to the power of 32
            gloss *= gloss
        rim = 1.0 - min(abs(facing), 1.0)
        gloss = gloss * (1.0 - below) + 0.3 * rim * rim * rim + 0.25 * wrapped
        points[_GLOSS, n] = specular * gloss
        # How the place on the screen changes along u and v, and how they change on the screen.
        x_u = (m00 + m02 * du - x * (m30 + m32 * du)) * part
        x_v = (m01 + m02 * dv - x * (m31 + m32 * dv)) * part
        y_u = (m10 + m12 * du - y * (m30 + m32 * du)) * part
        y_v = (m11 + m12 * dv - y * (m31 + m32 * dv)) * part
        area = abs(x_u * y_v - x_v * y_u)
        p, q = du * y_v - dv * y_u, dv * x_u - du * x_v
        points[_PER_HEIGHT, n] = area / np.sqrt(p * p + q * q + 1e-60)
        points[_PER_U, n] = area / np.sqrt(x_v * x_v + y_v * y_v + 1e-60)
        points[_PER_V, n] = area / np.sqrt(x_u * x_u + y_u * y_u + 1e-60)
        p, q = hatch_u * y_v - hatch_v * y_u, hatch_v * x_u - hatch_u * x_v
        points[_PER_HATCH, n] = area / np.sqrt(p * p + q * q + 1e-60)


def _color_formula(
    points: Array, n: int, step: int, cells: Any, style: Array, levels: Array, ramp: Array
) -> Any:
    """Return a point's colour (r, g, b) and its step between levels, sought from `step` on."""
    u, v, h = points[_U, n], points[_V, n], points[_HEIGHT, n]
    around, direct, gloss = points[_AROUND, n], points[_DIRECT, n], points[_GLOSS, n]
    if points[_FACE, n] > 0.0:
        spacing = points[_PER_HATCH, n]
        phase = u * style[9] + v * style[10]
        cover = _stroke(abs(phase - np.floor(phase + 0.5)) * spacing, style[8]) * _clear(spacing)
        flat = 0.5 * (1.0 + style[2] + style[3])  # a drawn face, lit but a little
        red, green, blue = _mixed(ramp[0, 0], ramp[0, 1], ramp[0, 2], ramp, 3, cover)
        return red * flat, green * flat, blue * flat, step
    last = levels.size - 2
    while step < last and h >= levels[step + 1]:
        step += 1
    while step > 0 and h < levels[step]:
        step -= 1
    rise = ramp[4 + step, 3]
    level = (h - levels[step]) * rise
    place = min(max(step + level - 0.5, 0.0), ramp.shape[0] - 5.0)
    k = min(int(place), max(ramp.shape[0] - 6, 0)) + 4
    share, k1 = place - (k - 4), min(k + 1, ramp.shape[0] - 1)
    red, green, blue = _mixed(ramp[k, 0], ramp[k, 1], ramp[k, 2], ramp, k1, share)
    if style[6] > 0.0:  # mesh
        phase, spacing = u * style[6] / cells[0], points[_PER_U, n] * cells[0] / style[6]
        cover = _stroke(abs(phase - np.floor(phase + 0.5)) * spacing, style[7]) * _clear(spacing)
        red, green, blue = _mixed(red, green, blue, ramp, 2, cover)
        phase, spacing = v * style[6] / cells[1], points[_PER_V, n] * cells[1] / style[6]
        cover = _stroke(abs(phase - np.floor(phase + 0.5)) * spacing, style[7]) * _clear(spacing)
        red, green, blue = _mixed(red, green, blue, ramp, 2, cover)
    if style[5] > 0.0:
        nearest = step if level < 0.5 else step + 1
        off = abs(h - levels[nearest]) * points[_PER_HEIGHT, n]
        # The outermost levels are the ends of the colours, not lines.
        if off < style[5] and 0 < nearest <= last:
            spacing = points[_PER_HEIGHT, n] / rise
            if spacing < _FLAT:
                cover = _stroke(off, style[5]) * _clear(spacing)
                red, green, blue = _mixed(red, green, blue, ramp, 1, cover)
    # Light is a little warm and shade a little cool, as under a sky.
    red = red * (0.97 * around + 1.02 * direct) + gloss
    green = green * (around + direct) + gloss
    blue = blue * (1.04 * around + 0.98 * direct) + gloss
    off = abs(style[1] - h)
    if off < np.inf:  # the edge of the lid, drawn on the surface's side
        cover = 0.8 * _stroke(off * points[_PER_HEIGHT, n], 2.0 * style[8])
        red, green, blue = _mixed(red, green, blue, ramp, 3, cover)
    return red, green, blue, step


def _mixed_formula(red: float, green: float, blue: float, ramp: Array, k: int, part: float) -> Any:
    red, green = red + (ramp[k, 0] - red) * part, green + (ramp[k, 1] - green) * part
    return red, green, blue + (ramp[k, 2] - blue) * part


_stroke, _clear, _mixed, _color = (
    njit(forceinline=True, **OPTIONS)(f)
    for f in (_stroke_formula, _clear_formula, _mixed_formula, _color_formula)
)
_find, _light = njit(**OPTIONS)(_find_formula), njit(**OPTIONS)(_light_formula)


def _resolve(
    depths: Array,
    kinds: Array,
    first: int,
    last: int,
    surface: Array,
    matrix: Array,
    inverse: Array,
    light: Array,
    style: Array,
    levels: Array,
    ramp: Array,
    rgba: Array,
    nearest: Array,
    points: Array,
    pixels: Array,
) -> None:
    """Write the pixel rows first … last - 1 of the picture and of its nearest depths.

    Parameters: `depths` and `kinds` (rows, width, 4) of `kernels.rasterize`; `surface` (ny, nx, 3)
    of `slopes`; `matrix` and `inverse` (4, 4) between grid and picture; `light`, `style` and `ramp`
    as `scene` packs them; `levels` (k,) heights, increasing; `rgba` (height, width, 4) and
    `nearest` (height, width) are the picture's; `points` and `pixels` of POINT_TABLES are scratch:
    of the first point of a pixel `pixels` has the column, and how many points are the pixel's.

    A pixel whose samples all lie on one smooth piece is shaded once, at its middle; else each
    sample is, and the colours' mean is the pixel's.
    """
    cells = (surface.shape[1] - 1.0, surface.shape[0] - 1.0)
    step = 0
    smooth = style[11]
    width = rgba.shape[1]
    for r in range(first, last):
        y = r - first
        c = 0
        while c < width:
            count = 0
            while c < width and count <= _POINTS - 4:
                d0, d1, d2, d3 = depths[y, c, 0], depths[y, c, 1], depths[y, c, 2], depths[y, c, 3]
                low, high = min(d0, d1, d2, d3), max(d0, d1, d2, d3)
                nearest[r, c] = low
                kind = kinds[y, c, 0]
                if low == np.inf:
                    rgba[r, c, 0] = rgba[r, c, 1] = rgba[r, c, 2] = rgba[r, c, 3] = 0
                elif (
                    high - low < smooth
                    and kind == kinds[y, c, 1]
                    and kind == kinds[y, c, 2]
                    and kind == kinds[y, c, 3]
                ):
                    points[_COLUMN, count], points[_ROW, count] = c + 0.5, r + 0.5
                    points[_DEPTH, count] = 0.25 * (np.float64(d0) + d1 + d2 + d3)
                    points[_FACE, count] = kind
                    pixels[count, 0], pixels[count, 1] = c, 1
                    rgba[r, c, 3] = 255
                    count += 1
                else:
                    start = count
                    for k in range(4):
                        if depths[y, c, k] < np.inf:
                            points[_COLUMN, count] = c + 0.125 * SAMPLES[k]
                            points[_ROW, count] = r + 0.125 + 0.25 * k
                            points[_DEPTH, count] = depths[y, c, k]
                            points[_FACE, count] = kinds[y, c, k]
                            pixels[count, 0] = c
                            count += 1
                    pixels[start, 1] = count - start
                    rgba[r, c, 3] = (255 * (count - start) + 2) // 4
                c += 1
            _find(points, count, surface, inverse, style)
            _light(points, count, matrix, light, style)
            n = 0
            while n < count:
                x, samples = pixels[n, 0], pixels[n, 1]
                red = green = blue = 0.0
                for _ in range(samples):
                    one, two, three, step = _color(points, n, step, cells, style, levels, ramp)
                    red += min(max(one, 0.0), 1.0)
                    green += min(max(two, 0.0), 1.0)
                    blue += min(max(three, 0.0), 1.0)
                    n += 1
                share = 255.0 / samples
                rgba[r, x, 0] = np.uint8(red * share + 0.5)
                rgba[r, x, 1] = np.uint8(green * share + 0.5)
                rgba[r, x, 2] = np.uint8(blue * share + 0.5)


_TABLE = "float64[:, ::1]"
resolve = kernel(
    f"void(float32[:, :, ::1], uint8[:, :, ::1], int64, int64, float32[:, :, ::1], {_TABLE}, "
    f"{_TABLE}, {_TABLE}, float64[::1], float64[::1], {_TABLE}, uint8[:, :, ::1], "
    "float32[:, ::1], float64[:, ::1], int64[:, ::1])",
    _resolve,
)
