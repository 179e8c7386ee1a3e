"""The texts of a box in three dimensions that the line of a path runs over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area
from landscape.drawing.space_letters import boxes_of, crossing, meeting

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
