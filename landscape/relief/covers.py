"""Numba kernel: one triangle, or a part of it, on the samples of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief.kernels import LANES, OPTIONS

__all__ = ["cover"]

Array = NDArray[Any]

_U = np.uint64  # see `strips`


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


cover = njit(**OPTIONS)(_cover_samples)
