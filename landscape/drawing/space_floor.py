"""Contour lines on the floor of a box, with no more points than a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.relief.tears import ABOVE, BELOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["floor_lines", "thinned"]


def floor_lines(relief: Relief, hair: float, most: int | None = None) -> Array:
    """Return the contour lines (n, 2) of a heightfield, rows of NaN between them.

    None crosses a tear.

    Parameters: `hair` is how far they may be off, as a share of the floor's sides: an orbit draws
    them in every frame, and most points that a grid makes are on a straight line. They are more off
    if they had more than about `most` points.
    """
    import numpy as np
    from contourpy import contour_generator

    values = np.ma.masked_invalid(relief.values)
    if relief.torn is not None:
        values = np.ma.masked_where((relief.torn & (BELOW | ABOVE)) > 0, values)
    made = contour_generator(relief.xs, relief.ys, values, corner_mask=False)
    lines: list[Any] = []
    for level in relief.levels[1:-1]:
        lines += made.lines(float(level))
    if not lines:
        return np.empty((0, 2))
    ends = np.cumsum([len(line) for line in lines])
    points = np.concatenate(lines)
    (x0, x1), (y0, y1) = relief.bounds
    shares = points / (x1 - x0, y1 - y0)
    kept = thinned(shares, ends, hair)
    # Ends stay, however far others may be off.
    while most is not None and np.count_nonzero(kept) > max(most, 4 * len(ends)):
        hair *= 1.5
        kept = thinned(shares, ends, hair)
    gaps = np.cumsum(kept)[ends - 1]
    return np.insert(points[kept], gaps, np.nan, axis=0)


def thinned(points: Array, ends: Array, hair: float) -> Array:
    """Return which points (n,) of lines are needed for no other to be farther than `hair` off.

    Parameters: `points` (n, 2) of all lines; `ends` (k,), where in them each line ends, increasing.
    """
    import numpy as np

    kept = np.zeros(len(points), dtype=bool)
    kept[ends - 1] = kept[np.concatenate([[0], ends[:-1]])] = True
    # Douglas and Peucker's way, for all pieces of all lines at once: of each between two points
    # that are kept, the one farthest off is kept too, until none is too far.
    while True:
        corners = np.flatnonzero(kept)
        piece = np.cumsum(kept) - 1
        start = points[corners[piece]]
        along = points[corners[np.minimum(piece + 1, len(corners) - 1)]] - start
        away = points - start
        length = np.maximum((along * along).sum(axis=1), 1e-300)
        share = np.clip((away * along).sum(axis=1) / length, 0.0, 1.0)[:, None]
        off = np.hypot(*(away - share * along).T)
        off[kept] = 0.0
        most = np.maximum.reduceat(off, corners)
        far = np.flatnonzero((off > hair) & (off >= most[piece]))
        if not far.size:
            return kept
        kept[far] = True
