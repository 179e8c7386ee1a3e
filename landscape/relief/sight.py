"""Numba kernel: which points a heightfield hides, found along the ways from them to the viewer.

A way passes through the surface if it lies above it at one place and below it at another. So it is
for points on the surface, which begin on it, as for those in the air, and the resolution of a
picture has no part in it: as the camera turns, what is hidden changes only at true outlines.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landscape.relief import kernels, tears
from landscape.relief.kernels import BLOCK, OPTIONS, kernel
from landscape.relief.tears import ABOVE, BELOW

if TYPE_CHECKING:
    from landscape.relief.ground import Ground

__all__ = ["find_hidden", "spans_of"]

Array = NDArray[Any]

_known: WeakKeyDictionary[Ground, tuple[Array, Array]] = WeakKeyDictionary()
_lock = Lock()


def spans_of(ground: Ground) -> tuple[Array, Array]:
    """Return the least and the greatest height of every block of cells: (down, across, 2); of all.

    They are without end for a block with a hole or a tear: a way is followed cell by cell there.
    """
    with _lock:
        known = _known.get(ground)
    if known is None:
        spans = _find_spans(ground)
        known = spans, np.array([spans[..., 0].min(), spans[..., 1].max()])
        with _lock:
            _known[ground] = known
    return known


def _find_spans(ground: Ground) -> Array:
    floor, top = ground.planes
    heights = np.clip(ground.heights, floor, top)
    gaps = np.isnan(heights)
    torn = (ground.surface[:-1, :-1, 3].astype(np.int64) & (BELOW | ABOVE)) > 0
    gaps[:-1, :-1] |= torn
    ends = []
    for of, without in ((np.minimum, -np.inf), (np.maximum, np.inf)):
        found = np.where(gaps, without, heights)
        for axis in (0, 1):
            first = np.arange(0, heights.shape[axis] - 1, BLOCK)
            last = np.minimum(first + BLOCK, heights.shape[axis] - 1)
            # The line of corners between two blocks belongs to both.
            shared = found.take(last, axis)
            found = of(of.reduceat(found, first, axis), shared)
        ends.append(found)
    return np.ascontiguousarray(np.stack(ends, axis=-1))


def _height_at(
    heights: Array, surface: Array, planes: Array, i: int, j: int, x: float, y: float
) -> Any:
    """Return the height of the triangles of a cell (i, j), cut off at the planes; NaN for none."""
    u, v = x - i, y - j
    if int(surface[j, i, 3]) & (BELOW if u >= v else ABOVE):
        return np.nan
    near, far = heights[j, i], heights[j + 1, i + 1]
    if u >= v:
        right = heights[j, i + 1]
        h = near + u * (right - near) + v * (far - right)
    else:
        left = heights[j + 1, i]
        h = near + v * (left - near) + u * (far - left)
    return h if np.isnan(h) else max(min(h, planes[1]), planes[0])


_height = njit(forceinline=True, **OPTIONS)(_height_at)


def _find_hidden(
    points: Array,
    ways: Array,
    heights: Array,
    surface: Array,
    planes: Array,
    spans: Array,
    extent: Array,
    slack: float,
    behind: Array,
) -> None:
    """Write which points are hidden.

    Parameters: `points` and `ways` (n, 3), columns, rows and heights of the box; a way ends at the
    viewer; `heights`, `surface` and `planes` of a `Ground` and its `spans`; `extent` (2,), between
    which all heights lie; `slack`, by how much of the box a way has to be above and below;
    `behind` (n,) gets 1 and 0.
    """
    ny, nx = heights.shape
    for k in range(len(points)):
        behind[k] = 0
        x, y, h = points[k, 0], points[k, 1], points[k, 2]
        dx, dy, dh = ways[k, 0], ways[k, 1], ways[k, 2]
        begin, end = 0.0, 1.0
        # Where the way is over the grid, and no higher or lower than anything there.
        for axis in range(3):
            at, way = points[k, axis], ways[k, axis]
            low, high = 0.0, float(nx - 1 if axis == 0 else ny - 1)
            if axis == 2:
                low, high = extent[0] - 2 * slack, extent[1] + 2 * slack
            if way > 0.0:
                begin, end = max(begin, (low - at) / way), min(end, (high - at) / way)
            elif way < 0.0:
                begin, end = max(begin, (high - at) / way), min(end, (low - at) / way)
            elif not low <= at <= high:
                end = -1.0
        if not begin <= end:
            continue
        i = min(max(int(np.floor(x + begin * dx)), 0), nx - 2)
        j = min(max(int(np.floor(y + begin * dy)), 0), ny - 2)
        side = 0
        t = begin
        first = True
        while True:
            # Over a whole block at once, if the way is above all of it or below.
            p, q = i // BLOCK, j // BLOCK
            left, right = p * BLOCK, min((p + 1) * BLOCK, nx - 1)
            lower, upper = q * BLOCK, min((q + 1) * BLOCK, ny - 1)
            across = (right - x) / dx if dx > 0.0 else (left - x) / dx if dx < 0.0 else end
            up = (upper - y) / dy if dy > 0.0 else (lower - y) / dy if dy < 0.0 else end
            leave = min(max(min(across, up), t), end)
            one, other = h + t * dh, h + leave * dh
            over = min(one, other) > spans[q, p, 1] + slack
            if over or max(one, other) < spans[q, p, 0] - slack:
                now = 1 if over else -1
                if side == -now:
                    behind[k] = 1
                side = now
                if behind[k] or leave >= end:
                    break
                first = False
                t = leave
                if across <= up:
                    i = right if dx > 0.0 else left - 1
                    j = min(max(int(np.floor(y + t * dy)), lower), upper - 1)
                else:
                    j = upper if dy > 0.0 else lower - 1
                    i = min(max(int(np.floor(x + t * dx)), left), right - 1)
                if not (0 <= i < nx - 1 and 0 <= j < ny - 1):
                    break
                continue
            # On to the next grid line, and to the diagonal if that comes before.
            across = (i + 1 - x) / dx if dx > 0.0 else (i - x) / dx if dx < 0.0 else end
            up = (j + 1 - y) / dy if dy > 0.0 else (j - y) / dy if dy < 0.0 else end
            leave = min(max(min(across, up), t), end)
            turn = ((x - i) - (y - j)) / (dy - dx) if dx != dy else end
            for part in range(3):
                if part == 0:
                    if not first:
                        continue
                    at = t
                elif part == 1:
                    if not t < turn < leave:
                        continue
                    at = turn
                else:
                    at = leave
                above = (
                    h + at * dh - _height(heights, surface, planes, i, j, x + at * dx, y + at * dy)
                )
                if above > slack:
                    if side < 0:
                        behind[k] = 1
                    side = 1
                elif above < -slack:
                    if side > 0:
                        behind[k] = 1
                    side = -1
                elif np.isnan(above):  # through a hole it may come to the other side
                    side = 0
            if behind[k] or leave >= end:
                break
            first = False
            t = leave
            if across <= up:
                i += 1 if dx > 0.0 else -1
            else:
                j += 1 if dy > 0.0 else -1
            if not (0 <= i < nx - 1 and 0 <= j < ny - 1):
                break


find_hidden = kernel(
    "void(float64[:, ::1], float64[:, ::1], float64[:, ::1], float32[:, :, ::1], float64[::1], "
    "float64[:, :, ::1], float64[::1], float64, uint8[::1])",
    _find_hidden,
    *(kernels, tears),
)
