"""Thousands of small dots and fading lines, added up into a picture of their own.

Light is added, not painted over: the order of the particles changes nothing, and where many are,
it is brighter. A canvas has the colours' sums and their weight, (height, width, 4) float32, row 0
at the top.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit
from numpy.typing import NDArray

__all__ = ["add_dots", "add_lines", "merge"]

Array = NDArray[Any]

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "cache": True}


@njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def add_lines(
    canvas: Array,
    x0: Array,
    y0: Array,
    x1: Array,
    y1: Array,
    colors: Array,
    weight: float,
    longest: float,
) -> None:
    """Add a line for each particle, smooth at its edges; `weight` is the light of a pixel of it.

    Parameters: `x0`, `y0`, `x1`, `y1` (n,) its ends in pixels, NaN for no line; `colors` (n, 3)
    from 0 to 1; lines longer than `longest` pixels are left out.
    """
    height, width = canvas.shape[:2]
    for k in range(len(x0)):
        across, up = x1[k] - x0[k], y1[k] - y0[k]
        length = math.sqrt(across * across + up * up)
        if not 0.02 < length <= longest:
            continue
        count = int(length) + 1
        light = weight * min(length, 1.0) if count == 1 else weight * length / count
        for j in range(count):
            share = (j + 0.5) / count
            # A pixel's middle is at half numbers.
            x, y = x0[k] + share * across - 0.5, y0[k] + share * up - 0.5
            i0, j0 = math.floor(x), math.floor(y)
            if i0 < 0 or j0 < 0 or i0 >= width - 1 or j0 >= height - 1:
                continue
            u, v = x - i0, y - j0
            for dj in range(2):
                for di in range(2):
                    part = light * (u if di else 1 - u) * (v if dj else 1 - v)
                    pixel = canvas[int(j0) + dj, int(i0) + di]
                    pixel[0] += part * colors[k, 0]
                    pixel[1] += part * colors[k, 1]
                    pixel[2] += part * colors[k, 2]
                    pixel[3] += part


@njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def add_dots(canvas: Array, x: Array, y: Array, colors: Array, radius: float) -> None:
    """Add a round dot for each particle, smooth at its edge: its pixels weigh at most 1.

    Parameters: `x` and `y` (n,) in pixels, NaN for no dot; `colors` (n, 3) from 0 to 1; `radius`
    in pixels.
    """
    height, width = canvas.shape[:2]
    for k in range(len(x)):
        if not (-9.0 < x[k] < width + 9.0 and -9.0 < y[k] < height + 9.0):
            continue
        reach = radius + 0.5
        left, right = max(int(x[k] - reach), 0), min(int(x[k] + reach) + 1, width)
        top, bottom = max(int(y[k] - reach), 0), min(int(y[k] + reach) + 1, height)
        for j in range(top, bottom):
            for i in range(left, right):
                across, up = i + 0.5 - x[k], j + 0.5 - y[k]
                part = reach - math.sqrt(across * across + up * up)
                if part <= 0.0:
                    continue
                part = min(part, 1.0)
                pixel = canvas[j, i]
                pixel[0] += part * colors[k, 0]
                pixel[1] += part * colors[k, 1]
                pixel[2] += part * colors[k, 2]
                pixel[3] += part


@njit(**_OPTIONS)  # type: ignore[untyped-decorator]
def merge(
    lines: Array, dots: Array, most: float, glow: Array, shine: float, steps: int, rgba: Array
) -> None:
    """Write the picture of lines with dots upon them: (height, width, 4) uint8, straight alpha.

    Parameters: `lines` and `dots` are canvases; lines have an alpha of at most `most`; where dots
    lie upon each other, their colour goes towards `glow` (3,), up to a share `shine`; shares are
    rounded to whole `steps` of all, so that few colours do.
    """
    height, width = lines.shape[:2]
    for j in range(height):
        for i in range(width):
            weight, crowd = lines[j, i, 3], dots[j, i, 3]
            if weight < 1e-3 and crowd <= 0.0:
                for c in range(4):
                    rgba[j, i, c] = 0
                continue
            under = most * (1.0 - math.exp(-weight))
            under = math.floor(under * steps + 0.5) / steps
            over = math.floor(min(crowd, 1.0) * steps + 0.5) / steps
            bright = 0.0
            if crowd > 1.0:
                bright = shine * (1.0 - math.exp((1.0 - crowd) / 14.0))
                bright = math.floor(bright * steps + 0.5) / steps
            alpha = over + under * (1.0 - over)
            rgba[j, i, 3] = int(255.0 * alpha + 0.5)
            for c in range(3):
                if alpha <= 0.0:
                    rgba[j, i, c] = 0
                    continue
                low = lines[j, i, c] / weight if weight >= 1e-3 else 0.0
                high = dots[j, i, c] / crowd if crowd > 0.0 else 0.0
                high += bright * (glow[c] - high)
                level = (over * high + under * (1.0 - over) * low) / alpha
                rgba[j, i, c] = int(255.0 * min(level, 1.0) + 0.5)
