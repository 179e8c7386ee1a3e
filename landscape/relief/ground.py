"""What of a relief the kernels read is the same from wherever it is seen: found once for each."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["Ground", "ground_of"]


@dataclass(frozen=True, eq=False)
class Ground:
    """A relief in the units of its grid and its box.

    Attributes: `steps`, what a cell along x and along y and the height of the box are in data;
    `heights` (ny, nx), 0 the box's floor and 1 its top; `planes`, the heights of its cuts (floor,
    top), infinite without; `levels`, those of the levels; `surface` (ny, nx, 4) of `slopes`, which
    knows the tears too.
    """

    steps: tuple[float, float, float]
    heights: Array
    planes: Array
    levels: Array
    surface: Array


_known: WeakKeyDictionary[Relief, Ground] = WeakKeyDictionary()
_lock = Lock()


def ground_of(relief: Relief) -> Ground:
    """Return a relief in the units of its grid and its box.

    Raises LandscapeError for fewer than 2 levels, and for a grid that is not evenly spaced or has
    fewer than 2 lines each way.
    """
    with _lock:
        known = _known.get(relief)
    if known is None:
        known = _find(relief)
        with _lock:
            _known[relief] = known
    return known


def _find(relief: Relief) -> Ground:
    from landscape.relief.slopes import slopes

    axis = relief.heights
    scale = axis.span if axis.span > 0 else 1.0
    heights = np.ascontiguousarray((relief.z - axis.bottom) / scale, dtype=np.float64)
    planes = np.array([0.0 if axis.sunk else -np.inf, 1.0 if axis.cut else np.inf])
    surface = np.empty((*heights.shape, 4), np.float32)
    steps = _spacing(relief.xs), _spacing(relief.ys), scale
    torn = relief.torn
    slopes(heights, np.zeros(heights.shape, np.uint32) if torn is None else torn, planes, surface)
    return Ground(steps, heights, planes, _level_heights(relief, heights, scale), surface)


def _level_heights(relief: Relief, heights: Array, scale: float) -> Array:
    axis, levels = relief.heights, np.asarray(relief.levels, dtype=np.float64)
    if len(levels) < 2:
        raise LandscapeError(f"colours need at least 2 levels: {len(levels)} came")
    found = (axis.of(levels) - axis.bottom) / scale
    # The lowest may have a logarithm without end: the surface has not.
    there = heights[np.isfinite(heights)]
    found = np.maximum(found, there.min() if there.size else 0.0)
    increasing = np.maximum.accumulate(found) + 1e-12 * np.arange(len(found))
    single: Array = increasing.astype(np.float32)
    return single


def _spacing(lines: Array) -> float:
    """Return the distance of evenly spaced grid lines."""
    steps = np.diff(lines)
    if not len(steps) or not np.allclose(steps, steps.mean(), rtol=1e-6, atol=0.0):
        raise LandscapeError("a surface in 3D needs evenly spaced grid lines, 2 or more each way")
    return float((lines[-1] - lines[0]) / len(steps))
