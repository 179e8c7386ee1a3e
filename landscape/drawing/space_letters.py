"""Numbers and names of a box, kept above the paths and marks that run over them.

Only the line of a path that has left the box comes near them, and markers at its rim. A text that
lies beneath is drawn again above them, with a thin rim of the page's ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.drawing.crate_placing import Written

    Array = NDArray[Any]

__all__ = ["boxes_of", "crossing", "meeting"]


def boxes_of(texts: Sequence[Written]) -> Array:
    """Return the boxes (k, 4) of texts in canvas pixels: left, bottom, right, top."""
    import numpy as np

    places = [(one.place.x0, one.place.y0, one.place.x1, one.place.y1) for one in texts]
    return np.array(places, dtype=float).reshape(-1, 4)


def meeting(area: Area, boxes: Array) -> Array:
    """Return which boxes (k, 4) an area meets: bools (k,)."""
    x0, y0, x1, y1, pad = area
    found: Array = (boxes[:, 0] < x1 + pad) & (boxes[:, 2] > x0 - pad)
    found &= (boxes[:, 1] < y1 + pad) & (boxes[:, 3] > y0 - pad)
    return found


def crossing(places: Array, reach: float, boxes: Array) -> Array:
    """Return which segments of a line (m, 2) run over which boxes (k, 4): bools (m - 1, k).

    Parameters: `reach` is half the line's width in pixels. What has no place (NaN) meets none.
    """
    import numpy as np

    found = np.zeros((max(0, len(places) - 1), len(boxes)), dtype=bool)
    if not found.size:
        return found
    starts, ways = places[:-1], np.diff(places, axis=0)
    first, last = np.zeros(found.shape), np.ones(found.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        for axis in (0, 1):
            begin, way = starts[:, axis, np.newaxis], ways[:, axis, np.newaxis]
            low, high = boxes[:, axis] - reach, boxes[:, axis + 2] + reach
            ends = (low - begin) / way, (high - begin) / way
            # Of a segment that runs along the side both are infinite, or it is beyond it.
            within = (begin > low) & (begin < high)
            level = way == 0
            first = np.maximum(first, np.where(level, np.where(within, 0.0, 2.0), np.fmin(*ends)))
            last = np.minimum(last, np.where(level, 1.0, np.fmax(*ends)))
        found[:] = first < last
        found &= np.isfinite(starts[:, :1]) & np.isfinite(ways[:, :1])
    return found
