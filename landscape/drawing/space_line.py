"""One path on a surface in three dimensions: its visible parts, its hidden parts, its head."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area
from landscape.drawing.overlaps import Polyline
from landscape.drawing.trail import exit_parts

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray

    from landscape.drawing.space_track import SpaceTrack

    Array = NDArray[Any]

__all__ = ["SpaceLine"]

_USUAL = 40  # a head's size, of which others are multiples, as for lines of the plane
_THIN, _FAINT = 0.55, 0.5  # width and opacity of what the surface hides
_CASE = 1.8  # the width of the rim around a line, in that of the line
_SEEN, _BEHIND, _NOT = 0, 1, 2  # kinds of a segment


class SpaceLine:
    """Draws a track piece by piece with a renderer's own coordinates.

    Parameters: `track`; `scale`, the renderer's pixels for a point. It is drawn as the space's
    view is now, until `turn` is called.
    """

    def __init__(self, track: SpaceTrack, scale: float) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        self.track, self.space = track, track.space
        style = track.style
        self._style, self._scale = style, scale
        self.length = len(track.lifted.at)
        self._color, self._edge = to_rgba(style.color), to_rgba(style.edge)
        self._dot = Affine2D().scale(style.dot * scale / 2)
        self._circle = Path.unit_circle()
        self._identity = Affine2D()
        self._markers: dict[int, tuple[Any, Any]] = {}
        self._crowd: list[int] | None = None
        self._pens: dict[str, GraphicsContextBase] = {}
        self._gaps: Array | None = None
        self.turn()

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
        return self._style.head * self._scale

    def turn(self) -> None:
        """Project the line as the space is seen now."""
        import numpy as np

        lifted = self.track.lifted
        with np.errstate(invalid="ignore"):
            self._places = self.space.view.project(lifted.points)
        behind = self.space.hidden(self._places)
        self._behind = behind
        known = np.isfinite(self._places[:, 0])
        kind = np.where(behind[:-1] & behind[1:], _BEHIND, _SEEN)
        self._kind = np.where(known[:-1] & known[1:], kind, _NOT)
        self._lengths = np.hypot(*np.diff(self._places[:, :2], axis=0).T)
        self._along = np.concatenate([[0.0], np.cumsum(np.nan_to_num(self._lengths))])
        self._gaps = None

    def polyline(self) -> Polyline:
        """Return the line in pixels, as those are asked who look for overlaps."""
        import numpy as np

        x0, y0, x1, y1 = self.clip.extents
        look = (self._style.color, self._style.marker)
        times = np.ceil(self.track.lifted.steps[1:]).astype(np.int64)
        width = self._style.width * self._scale
        return Polyline(self._places[:, :2], look, width, (x0, y0, x1, y1), times)

    def by_step(self, segments: Array) -> Array:
        """Return for each step whether it is drawn by itself: all, as a later rim is on top."""
        import numpy as np

        return np.ones(max(0, self.length - 1), dtype=bool)

    def leave_out(self, gaps: Array) -> None:
        """Say which stretches of the line's length (m, 2) are left out."""
        import numpy as np

        if not len(gaps):
            return
        middle = 0.5 * (self._along[:-1] + self._along[1:])
        place = np.searchsorted(gaps[:, 0], middle, side="right") - 1
        within = (place >= 0) & (middle < gaps[np.maximum(place, 0), 1])
        self._kind = np.where(within & (self._kind == _SEEN), _NOT, self._kind)

    def places(self, steps: int) -> Array:
        """Return where the head is at steps 0 … `steps`, NaN where there is none."""
        import numpy as np

        at = self.track.lifted.at
        if not len(at):
            return np.full((steps + 1, 2), np.nan)
        k = np.minimum(np.arange(steps + 1), self.length - 1)
        found: Array = self._places[at[k], :2].copy()
        if self.track.lost is not None:
            found[self.track.lost :] = np.nan
        return found

    def crowd(self, factors: Array | None) -> None:
        """Say by what factor the head is drawn larger at each step."""
        if factors is not None:
            self._crowd = [round(_USUAL * factor) for factor in factors.tolist()]

    # -- drawing -----------------------------------------------------------------------------

    def grow(self, renderer: RendererBase, before: int, step: int) -> Area | None:
        """Draw what came after step `before` up to `step`; return where."""
        import numpy as np

        at = self.track.lifted.at
        first, last = min(before, self.length - 1), min(step, self.length - 1)
        lost = self.track.lost
        ends = lost is not None and before < lost <= step
        if not len(at) or not (last > first or step == 0 or ends):
            return None
        begin, end = int(at[first]), int(at[last])
        if end > begin and self.track.hidden != "absent":
            self._draw_runs(renderer, begin, end, _BEHIND)
        if end > begin:
            self._draw_runs(renderer, begin, end, _SEEN)
        self._draw_dots(renderer, at[first + (first > 0) : last + 1])
        if ends:
            self._draw_exit(renderer)
        drawn = self._places[begin : end + 1, :2]
        drawn = drawn[np.isfinite(drawn[:, 0])]
        if not len(drawn):
            return None
        (x0, y0), (x1, y1) = drawn.min(axis=0).tolist(), drawn.max(axis=0).tolist()
        pad = (self._style.head / 2 + self._style.width) * self._scale + 2
        return x0, y0, x1, y1, pad

    def _draw_runs(self, renderer: RendererBase, begin: int, end: int, kind: int) -> None:
        """Draw the segments of one kind between two vertices."""
        import numpy as np
        from matplotlib.path import Path

        wanted = self._kind[begin:end] == kind
        if not wanted.any():
            return
        # A vertex is drawn if a segment of this kind ends or begins there; the first one of a run
        # is moved to.
        starts = wanted & ~np.concatenate([[False], wanted[:-1]])
        used = np.concatenate([wanted, [False]]) | np.concatenate([[False], wanted])
        codes = np.full(end - begin + 1, Path.LINETO, dtype=np.uint8)
        codes[:-1][starts] = Path.MOVETO
        vertices = self._places[begin : end + 1, :2]
        path = Path(vertices[used], codes[used])
        if kind == _SEEN:  # a surface may have nearly the colour of the line
            renderer.draw_path(self._pen(renderer, "case"), path, self._identity, None)
        pen = self._pen(renderer, "line" if kind == _SEEN else "behind")
        if kind == _BEHIND and self.track.hidden == "dashed":
            # The dashes go on where those before have ended.
            points = 1.0 / self._scale
            width = self._style.width
            offset = float(self._along[begin]) * points % (6 * width)
            pen.set_dashes(offset, [2.2 * width, 3.8 * width])
        renderer.draw_path(pen, path, self._identity, None)

    def _draw_dots(self, renderer: RendererBase, rows: Array) -> None:
        import numpy as np
        from matplotlib.path import Path

        known = rows[np.isfinite(self._places[rows, 0])]
        seen = known[~self._behind[known]]
        if len(seen):
            renderer.draw_markers(
                self._pen(renderer, "dot"),
                self._circle,
                self._dot,
                Path(self._places[seen, :2]),
                self._identity,
                self._color,
            )

    def _draw_exit(self, renderer: RendererBase) -> None:
        """Mark the last place of a path that is lost."""
        import numpy as np
        from matplotlib.markers import MarkerStyle

        known = np.flatnonzero(np.isfinite(self._places[:, 0]))
        if not len(known):
            return
        x, y = self._places[known[-1], :2].tolist()
        for marker, size, edge in exit_parts(self._style.head):
            pen = self._pen(renderer, "exit")
            pen.set_linewidth(edge)
            style = MarkerStyle(marker)
            transform: Any = style.get_transform().frozen()
            sized = style.get_path(), transform.scale(size * self._scale)
            self._draw_marker(renderer, pen, sized, (x, y), self._color)

    def head(self, renderer: RendererBase, step: int) -> Area | None:
        """Draw the marker of the current iterate; return where, None if there is none."""
        at = self.track.lifted.at
        lost = self.track.lost
        if not len(at) or (lost is not None and step >= lost):
            return None
        row = int(at[min(step, self.length - 1)])
        x, y = self._places[row, :2].tolist()
        if math.isnan(x) or not self.clip.contains(x, y):  # out of sight
            return None
        behind = bool(self._behind[row])
        if behind and self.track.hidden == "absent":
            return None
        foot = self._draw_drop(renderer, row) if self.track.drop else (x, y)
        size = _USUAL if self._crowd is None else self._crowd[step]
        red, green, blue, _ = self._color
        color = (red, green, blue, _FAINT) if behind else self._color
        pen = self._pen(renderer, "head")
        self._draw_marker(renderer, pen, self._marker(size), (x, y), color)
        reach = (self._style.head / 2 + self._style.width) * self._scale + 2
        low, high = min(y, foot[1]), max(y, foot[1])
        return min(x, foot[0]), low, max(x, foot[0]), high, reach * size / _USUAL

    def _draw_drop(self, renderer: RendererBase, row: int) -> tuple[float, float]:
        """Draw a line from a vertex to the floor, and return where it ends."""
        import numpy as np
        from matplotlib.path import Path

        x, y, z = self.track.lifted.points[row]
        heights = np.linspace(z, self.space.relief.heights.bottom, 24)
        line = np.column_stack([np.full(24, x), np.full(24, y), heights])
        places = self.space.view.project(line)
        behind = self.space.hidden(places)
        for k, flag in enumerate(behind[:-1] | behind[1:]):
            pen = self._pen(renderer, "drop behind" if flag else "drop")
            if not flag or self.track.hidden != "absent":
                piece = Path(places[k : k + 2, :2])
                renderer.draw_path(pen, piece, self._identity, None)
        return float(places[-1, 0]), float(places[-1, 1])

    def _marker(self, size: int) -> tuple[Any, Any]:
        """Return the head's marker in one of some sizes."""
        if size not in self._markers:
            from matplotlib.markers import MarkerStyle

            style = MarkerStyle(self._style.marker)
            scale = self._style.head * self._scale * size / _USUAL
            transform: Any = style.get_transform().frozen()
            self._markers[size] = style.get_path(), transform.scale(scale)
        return self._markers[size]

    def _draw_marker(
        self,
        renderer: RendererBase,
        pen: GraphicsContextBase,
        marker: tuple[Any, Any],
        at: tuple[float, float],
        color: tuple[float, float, float, float],
    ) -> None:
        from matplotlib.path import Path

        path, transform = marker
        renderer.draw_markers(pen, path, transform, Path([at]), self._identity, color)

    def _pen(self, renderer: RendererBase, kind: str) -> GraphicsContextBase:
        """Return a pen, made once for a renderer."""
        pen = self._pens.get(kind)
        if pen is not None:
            return pen
        pen = self._pens[kind] = renderer.new_gc()
        style = self._style
        upon = kind in ("head", "exit", "case")
        color = self._color
        if "behind" in kind:
            color = (*color[:3], _FAINT)
        pen.set_foreground(self._edge if upon else color, isRGBA=True)
        # Transparent pieces must not lie on each other where they join.
        pen.set_capstyle("butt" if "behind" in kind or kind == "case" else "round")
        pen.set_joinstyle("miter" if kind in ("head", "exit") else "round")
        widths = {
            "line": style.width,
            "case": _CASE * style.width,
            "behind": _THIN * style.width,
            "dot": 0.0,
            "head": 0.12 * style.head,
            "exit": 0.12 * style.head,
            "drop": 0.7 * style.width,
            "drop behind": 0.5 * style.width,
        }
        pen.set_linewidth(widths[kind])
        if kind not in ("head", "exit"):
            pen.set_clip_rectangle(self.clip)
        return pen
