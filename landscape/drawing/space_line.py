"""One path on a surface in three dimensions, drawn piece by piece: its line, its dots, its head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area
from landscape.drawing.space_course import BEHIND, SEEN, Course
from landscape.drawing.space_head import Head
from landscape.drawing.space_letters import crossing
from landscape.drawing.space_pens import CASE, Pens
from landscape.drawing.space_texts import Letters

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray

    from landscape.drawing.overlaps import Polyline
    from landscape.drawing.space_track import SpaceTrack

    Array = NDArray[Any]

__all__ = ["SpaceLine"]


class SpaceLine:
    """Draws a track piece by piece with a renderer's own coordinates.

    Parameters: `track`; `scale`, the renderer's pixels for a point. It is drawn as the space's
    view is now, until `turn` is called.
    """

    def __init__(self, track: SpaceTrack, scale: float) -> None:
        self.track, self.space = track, track.space
        self._style, self._scale = track.style, scale
        self.length = len(track.lifted.at)
        self.course = Course(track, scale)
        self._pens = Pens(track, scale)
        self._reach = 0.5 * max(CASE * track.style.width, track.style.dot) * scale + 1
        self._letters = Letters(self.course, self._reach)
        self._head = Head(self.course, self._pens, self._letters, scale)

    @property
    def turns(self) -> bool:
        """Whether the line is another one in every frame."""
        return self.space.moves

    @property
    def clip(self) -> Bbox:
        """Where the line is drawn."""
        return self.space.clip

    @property
    def head_size(self) -> float:
        """The size of a head in pixels."""
        return self._head.size

    def turn(self) -> None:
        """Project the line as the space is seen now."""
        self.course.turn()
        self._letters.turn()

    def polyline(self) -> Polyline:
        """Return the line in pixels, as those are asked who look for overlaps."""
        return self.course.polyline()

    def by_step(self, segments: Array) -> Array:
        """Return for each step whether it is drawn by itself: all, as a later rim is on top."""
        import numpy as np

        return np.ones(max(0, self.length - 1), dtype=bool)

    def leave_out(self, gaps: Array) -> None:
        """Say which stretches of the line's length (m, 2) are left out."""
        self.course.leave_out(gaps)

    def places(self, steps: int) -> Array:
        """Return where the head is at steps 0 … `steps`, NaN where there is none."""
        return self.course.heads(steps)

    def crowd(self, factors: Array | None) -> None:
        """Say by what factor the head is drawn larger at each step."""
        self._head.crowd(factors)

    def head(self, renderer: RendererBase, step: int) -> Area | None:
        """Draw the marker of the current iterate; return where, None if there is none."""
        return self._head.draw(renderer, step)

    def grow(self, renderer: RendererBase, before: int, step: int) -> Area | None:
        """Draw what came after step `before` up to `step`; return where."""
        import numpy as np

        at = self.track.lifted.at
        first, last = min(before, self.length - 1), min(step, self.length - 1)
        if not len(at) or not (last > first or step == 0):
            return None
        begin, end = int(at[first]), int(at[last])
        dots = at[first + (first > 0) : last + 1]
        again = np.empty(0, np.int64)
        if end > begin:
            again = self._draw_line(renderer, begin, end)
            dots = np.concatenate([at[:first][np.isin(at[:first], again)], at[first:][:1], dots])
        self._draw_dots(renderer, np.unique(dots))
        drawn = np.concatenate([again, np.arange(begin, end + 1)])
        drawn = self.course.places[drawn, :2]
        drawn = drawn[np.isfinite(drawn[:, 0])]
        if not len(drawn):
            return None
        (x0, y0), (x1, y1) = drawn.min(axis=0).tolist(), drawn.max(axis=0).tolist()
        return self._letters.over(renderer, begin, end, (x0, y0, x1, y1, self._pad))

    def runs_over(self, boxes: Array, step: int) -> Array:
        """Return which boxes (k, 4) the line up to a step lies on: bools (k,)."""
        import numpy as np

        at = self.track.lifted.at
        end = int(at[min(step, len(at) - 1)]) + 1 if len(at) else 0
        found: Array = np.any(crossing(self.course.places[:end, :2], self._reach, boxes), axis=0)
        return found

    @property
    def _pad(self) -> float:
        """How far markers reach beyond their places, in pixels."""
        return (self._style.head / 2 + self._style.width) * self._scale + 2

    def _draw_line(self, renderer: RendererBase, begin: int, end: int) -> Array:
        """Draw the segments between two vertices; return what was drawn again for it, vertices.

        The rim tells a line from what is under it, not from itself: what it covers of the line is
        drawn again. So it does not matter in which pieces a line is drawn.
        """
        import numpy as np

        kind = self.course.kind
        new = np.zeros(len(kind), dtype=bool)
        new[begin:end] = True
        behind = new & (kind == BEHIND)
        if behind.any() and self.track.hidden != "absent":
            # The dashes go on where those before have ended.
            dashed = self.course.along[begin] if self.track.hidden == "dashed" else None
            self._pens.line(renderer, "behind", self._path(behind), dashed)
        seen = new & (kind == SEEN)
        if not seen.any():
            return np.empty(0, np.int64)
        reach = 0.5 * (CASE + 1) * self._style.width * self._scale + 1
        near = self.course.near_before(begin, end, reach)
        covered = np.zeros(len(kind), dtype=bool)
        covered[:begin] = near | np.append(near[1:], False)
        covered &= kind == SEEN
        # A surface may have nearly the colour of the line.
        self._pens.line(renderer, "case", self._path(seen))
        self._pens.line(renderer, "line", self._path(seen | covered))
        rows = np.flatnonzero(covered)
        return np.unique(np.concatenate([rows, rows + 1]))

    def _path(self, wanted: Array) -> Any:
        """Return the path of some segments."""
        import numpy as np
        from matplotlib.path import Path

        # A vertex is drawn if a segment ends or begins there; the first one of a run is moved to.
        starts = wanted & ~np.concatenate([[False], wanted[:-1]])
        used = np.concatenate([wanted, [False]]) | np.concatenate([[False], wanted])
        codes = np.full(len(used), Path.LINETO, dtype=np.uint8)
        codes[:-1][starts] = Path.MOVETO
        return Path(self.course.places[used, :2], codes[used])

    def _draw_dots(self, renderer: RendererBase, rows: Array) -> None:
        import numpy as np

        places, behind = self.course.places[rows, :2], self.course.behind[rows]
        self._pens.dots(renderer, places[np.isfinite(places[:, 0]) & ~behind])
