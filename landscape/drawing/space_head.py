"""The marker of the current iterate of a path on a surface, and its line to the floor.

Where a path has left the page, or has no iterate any more, a mark stands in its place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area
from landscape.drawing.space_track import outside
from landscape.drawing.trail import exit_parts

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from landscape.drawing.space_course import Course
    from landscape.drawing.space_pens import Pens
    from landscape.drawing.space_texts import Letters

    Array = NDArray[Any]

__all__ = ["Head"]

_USUAL = 40  # a head's size, of which others are multiples, as for lines of the plane
_PIECES = 23  # of the line to the floor, each of them hidden or not


class Head:
    """Draws the head of a course, faint where the surface hides it.

    Parameters: `course`; `pens`; `letters` of the box, which stay above it; `scale`, the renderer's
    pixels for a point.
    """

    def __init__(self, course: Course, pens: Pens, letters: Letters, scale: float) -> None:
        self._course, self._pens, self._letters, self._scale = course, pens, letters, scale
        self._crowd: list[int] | None = None
        track = course.track
        self._beyond = outside(track.space.relief, track.lifted.points)

    @property
    def size(self) -> float:
        """The size of a head in pixels."""
        return self._course.track.style.head * self._scale

    def crowd(self, factors: Array | None) -> None:
        """Say by what factor the head is drawn larger at each step."""
        if factors is not None:
            self._crowd = [round(_USUAL * factor) for factor in factors.tolist()]

    def draw(self, renderer: RendererBase, step: int) -> Area | None:
        """Draw the marker of the iterate of a step; return where, None if there is none."""
        track, course = self._course.track, self._course
        at = track.lifted.at
        if not len(at):
            return None
        row = int(at[min(step, len(at) - 1)])
        x, y = course.places[row, :2].tolist()
        lost = track.lost is not None and step >= track.lost
        if lost or math.isnan(x) or not track.space.clip.contains(x, y):
            # What a near view crops has not gone anywhere.
            return self._draw_gone(renderer, row) if lost or self._beyond[row] else None
        behind = bool(course.behind[row])
        if behind and track.hidden == "absent":
            return None
        foot = self._draw_drop(renderer, row) if track.drop else (x, y)
        share = (_USUAL if self._crowd is None else self._crowd[step]) / _USUAL
        style = track.style
        kind = "head behind" if behind else "head"
        self._pens.marker(renderer, kind, style.marker, style.head * share, (x, y))
        reach = ((style.head / 2 + style.width) * self._scale + 2) * share
        low, high = min(y, foot[1]), max(y, foot[1])
        area = min(x, foot[0]), low, max(x, foot[0]), high, reach
        return self._letters.over_marker(renderer, area, area)

    def _draw_gone(self, renderer: RendererBase, row: int) -> Area | None:
        """Mark where a path that is out of sight at a vertex was seen last."""
        from matplotlib.transforms import BboxBase

        track = self._course.track
        style, figure = track.style, track.space.axes3d.get_figure(root=True)
        assert figure is not None
        size = style.head * self._scale
        # Whole on the page, and nearly where the line ends.
        within = BboxBase.intersection(
            track.space.clip.padded(-0.35 * size), figure.bbox.padded(-0.6 * size)
        )
        found = None if within is None else self._course.last_seen(row, within)
        if found is None:
            return None
        place, behind = found
        if behind and track.hidden == "absent":
            return None
        for marker, size, edge in exit_parts(style.head):
            kind = "exit behind" if behind else "exit"
            self._pens.marker(renderer, kind, marker, size, place, edge)
        area = *place, *place, (style.head / 2 + style.width) * self._scale + 2
        return self._letters.over_marker(renderer, area, area)

    def _draw_drop(self, renderer: RendererBase, row: int) -> tuple[float, float]:
        """Draw a line from a vertex to the floor, and return where it ends."""
        import numpy as np
        from matplotlib.path import Path

        track = self._course.track
        space = track.space
        x, y, z = track.lifted.points[row]
        heights = np.linspace(z, space.relief.heights.bottom, _PIECES + 1)
        line = np.column_stack([np.broadcast_to((x, y), (len(heights), 2)), heights])
        places = space.view.project(line)
        behind = space.hidden(places)
        for k, flag in enumerate(behind[:-1] | behind[1:]):
            if not flag or track.hidden != "absent":
                kind = "drop behind" if flag else "drop"
                self._pens.line(renderer, kind, Path(places[k : k + 2, :2]))
        return float(places[-1, 0]), float(places[-1, 1])
