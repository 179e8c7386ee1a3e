"""Numbers and names of a box, kept above the paths and marks that run over them.

Only the line of a path that has left the box comes near them, and markers at its rim. A text that
lies beneath is drawn again above them, with a thin rim of the page's ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from landscape.drawing.crate_placing import Written
    from landscape.drawing.space_course import Course

    Array = NDArray[Any]

__all__ = ["Letters", "boxes_of", "crossing", "meeting"]


class Letters:
    """The texts of a box that a course runs over.

    Parameters: `course`, whose track knows its box or has none; `reach`, half the width of what is
    drawn of the line, in pixels. They are those of a view, until `turn` is called.
    """

    def __init__(self, course: Course, reach: float) -> None:
        self._course, self._reach = course, reach
        self._outside = _outside(course)
        self._any = course.track.crate is not None and bool(self._outside.any())
        self._texts: tuple[list[Written], Array] | None = None
        self._crossed: Array | None = None

    def turn(self) -> None:
        """Forget where the texts were: the space is seen from elsewhere."""
        self._texts = self._crossed = None

    def over(self, renderer: RendererBase, begin: int, end: int, area: Area) -> Area:
        """Draw the texts that the line between two vertices runs over, and return where all is."""
        if not self._any or not self._outside[begin : end + 1].any():
            return area
        texts, _ = self._find(renderer)
        return self._draw(renderer, texts, self._cross(renderer)[begin:end].any(axis=0), area)

    def over_marker(self, renderer: RendererBase, marker: Area, area: Area) -> Area:
        """Draw the texts that a marker runs over, and return where they and all in `area` are."""
        if self._course.track.crate is None:
            return area
        texts, boxes = self._find(renderer)
        return self._draw(renderer, texts, meeting(marker, boxes), area)

    def _find(self, renderer: RendererBase) -> tuple[list[Written], Array]:
        """Return the texts and their boxes (k, 4)."""
        if self._texts is None:
            track = self._course.track
            assert track.crate is not None
            texts = track.crate.texts(renderer, track.space.view)
            self._texts = texts, boxes_of(texts)
        return self._texts

    def _cross(self, renderer: RendererBase) -> Array:
        """Return which segments run over which texts (m - 1, k)."""
        import numpy as np

        if self._crossed is None:
            _, boxes = self._find(renderer)
            found = crossing(self._course.places[:, :2], self._reach, boxes)
            # A line within the box is not before the numbers at its edges.
            found &= (self._outside[:-1] | self._outside[1:])[:, np.newaxis]
            self._crossed = found
        return self._crossed

    def _draw(self, renderer: RendererBase, texts: list[Written], which: Any, area: Area) -> Area:
        crate = self._course.track.crate
        if crate is None or not which.any():
            return area
        chosen = [texts[k] for k in which.nonzero()[0].tolist()]
        rim = crate.write_over(renderer, chosen)
        x0, y0, x1, y1, pad = area
        return (
            min(x0 - pad, *(one.place.x0 - rim for one in chosen)),
            min(y0 - pad, *(one.place.y0 - rim for one in chosen)),
            max(x1 + pad, *(one.place.x1 + rim for one in chosen)),
            max(y1 + pad, *(one.place.y1 + rim for one in chosen)),
            0.0,
        )


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


def _outside(course: Course) -> Array:
    """Return which vertices of a track are in sight, but beyond the box, as bools (m,)."""
    import numpy as np

    track = course.track
    relief = track.space.relief
    (x0, x1), (y0, y1) = relief.bounds
    points = track.lifted.points
    with np.errstate(invalid="ignore"):
        within = (points >= (x0, y0, relief.heights.bottom)).all(axis=1)
        within &= (points <= (x1, y1, relief.heights.top)).all(axis=1)
    return np.isfinite(points[:, 0]) & ~within
