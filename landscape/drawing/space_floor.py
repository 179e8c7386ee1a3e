"""Contour lines on the floor of a box, with no more points than a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.relief.tears import ABOVE, BELOW

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray

    from landscape.relief.field import Relief
    from landscape.relief.view import View
    from landscape.style import Theme

    Array = NDArray[Any]

__all__ = ["Floor", "floor_lines", "thinned"]

_PALE = 0.45  # how much of the ground is in the lines' colour
# How far they may be off, in pixels, and about how many points they may have while a camera turns.
_OFF, _MOST = 0.2, 9_000


class Floor:
    """Draws the contour lines of a heightfield on the floor of its box.

    Parameters: `relief`; `theme`; `width` of the lines in points; `side`, how many pixels of the
    page the floor's longer side has about; `moves`, whether they are drawn in every frame.

    Attributes: `lines` (n, 2), their points, rows of NaN between them.
    """

    def __init__(
        self, relief: Relief, theme: Theme, width: float, side: float, *, moves: bool = False
    ) -> None:
        self.lines = floor_lines(relief, _OFF / side, _MOST if moves else None)
        self._height, self._width = relief.heights.bottom, width
        self._color = _mixed(theme.line, theme.ground, _PALE)

    def draw(self, renderer: RendererBase, view: View, clip: Bbox) -> None:
        """Draw the lines under the box that `clip` shows; none from below: they would be on it."""
        import numpy as np
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        if not len(self.lines) or view.from_below:
            return
        heights = np.full(len(self.lines), self._height)
        places = view.project(np.column_stack([self.lines, heights]))[:, :2]
        gaps = np.isnan(places[:, 0])
        codes = np.where(np.concatenate([[True], gaps[:-1]]), Path.MOVETO, Path.LINETO)
        pen = renderer.new_gc()
        pen.set_foreground(self._color)
        pen.set_linewidth(self._width)
        pen.set_clip_rectangle(clip)
        path = Path(places[~gaps], codes[~gaps].astype(np.uint8))
        renderer.draw_path(pen, path, Affine2D(), None)
        pen.restore()


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


def _mixed(color: str, other: str, share: float) -> str:
    """Return a colour with a share of another one in it."""
    from matplotlib.colors import to_hex, to_rgb

    pairs = zip(to_rgb(color), to_rgb(other), strict=True)
    red, green, blue = ((1 - share) * a + share * b for a, b in pairs)
    return str(to_hex((red, green, blue)))
