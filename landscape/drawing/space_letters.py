"""Numbers and names of a box, kept above the paths that leave it.

Only a path that has left the box comes near them. A text that a piece of a path, or its head, runs
over is drawn again above that, with a thin rim of the page's ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from landscape.drawing.crate_placing import Written
    from landscape.drawing.space_course import Course

    Array = NDArray[Any]

__all__ = ["Letters"]


class Letters:
    """The texts of a box that a course runs over.

    Parameters: `course`, whose track knows its box or has none; `reach`, half the width of what is
    drawn of the line, in pixels. They are those of a view, until `turn` is called.
    """

    def __init__(self, course: Course, reach: float) -> None:
        self._course, self._reach = course, reach
        self._outside = _outside(course)
        self._any = course.track.crate is not None and bool(self._outside.any())
        self._found: tuple[list[Written], Array, Array] | None = None

    def turn(self) -> None:
        """Forget where the texts were: the space is seen from elsewhere."""
        self._found = None

    def over(self, renderer: RendererBase, begin: int, end: int, area: Area) -> Area:
        """Draw the texts that the line between two vertices runs over, and return where all is."""
        if not self._any or not self._outside[begin : end + 1].any():
            return area
        texts, _, crossed = self._find(renderer)
        return self._draw(renderer, texts, crossed[begin:end].any(axis=0), area)

    def over_head(self, renderer: RendererBase, row: int, area: Area) -> Area:
        """Draw the texts that the head at a vertex runs over, and return where all is."""
        if not self._any or not self._outside[row]:
            return area
        texts, boxes, _ = self._find(renderer)
        x0, y0, x1, y1, pad = area
        meets: Array = (boxes[:, 0] < x1 + pad) & (boxes[:, 2] > x0 - pad)
        meets &= (boxes[:, 1] < y1 + pad) & (boxes[:, 3] > y0 - pad)
        return self._draw(renderer, texts, meets, area)

    def _find(self, renderer: RendererBase) -> tuple[list[Written], Array, Array]:
        """Return the texts, their boxes (k, 4), and which segments run over which (m - 1, k)."""
        import numpy as np

        if self._found is None:
            track = self._course.track
            assert track.crate is not None
            texts = track.crate.texts(renderer, track.space.view)
            places = [(one.place.x0, one.place.y0, one.place.x1, one.place.y1) for one in texts]
            boxes = np.array(places, dtype=float).reshape(-1, 4)
            x, y, _ = self._course.places.T
            rows = np.flatnonzero(self._outside[:-1] | self._outside[1:])
            crossed = np.zeros((max(0, len(x) - 1), len(texts)), dtype=bool)
            met = np.ones((len(rows), len(texts)), dtype=bool)
            for part, low, high in ((x, 0, 2), (y, 1, 3)):
                ends = part[rows], part[rows + 1]
                met &= (np.minimum(*ends) - self._reach)[:, None] < boxes[:, high]
                met &= (np.maximum(*ends) + self._reach)[:, None] > boxes[:, low]
            crossed[rows] = met
            self._found = texts, boxes, crossed
        return self._found

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
