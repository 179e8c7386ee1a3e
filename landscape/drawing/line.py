"""One track on a canvas: drawn segment by segment, with a head that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.overlaps import Polyline
from landscape.drawing.track import Track
from landscape.drawing.trail import exit_parts, visible_path

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Area", "Line"]

Area = tuple[float, float, float, float, float]  # x0, y0, x1, y1 and a margin, in pixels

_FAR = 1e5  # pixels: no longer segment is seen in full
_USUAL = 40  # a head's size, of which others are multiples: there are not many different ones
_SMALL = 0.62  # an iterate within a gap, beside the dot of the line beneath


class Line:
    """Draws a track piece by piece with a renderer's own coordinates.

    Parameters: `track`; `scale`, the renderer's pixels for a point.
    """

    turns = False

    def __init__(self, track: Track, scale: float) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.markers import MarkerStyle
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        style, bounds = track.style, track.bounds
        self._points, self._bounds = track.points, bounds
        self.length = len(self._points)
        self._lost = track.lost
        self._to_pixels = track.axes.transData.transform
        self._dots = track.dots
        # A path that never goes far is transformed once, any other piece by piece.
        near = len(self._points) > 0 and visible_path(self._points, bounds) is self._points
        self._pixels = self._to_pixels(self._points) if near else None
        exits = [(k, self._to_pixels(point).tolist()) for k, point in track.exits]
        self._exits: list[tuple[int, tuple[float, float]]] = [(k, (x, y)) for k, (x, y) in exits]
        self._color = to_rgba(style.color)
        self._edge = to_rgba(style.edge)
        self._scale = scale
        self._dot = Affine2D().scale(style.dot * scale / 2)
        self._circle = Path.unit_circle()
        self._markers: dict[int, tuple[Any, Any]] = {}
        self._exit = [
            (self._sized(MarkerStyle(marker), size), edge)
            for marker, size, edge in exit_parts(style.head)
        ]
        self._reach = (style.head / 2 + style.width) * scale + 2
        self._pad = max(style.dot, style.width) / 2 * scale + 2
        self._clip = track.axes.bbox
        self._style = style
        self._identity = Affine2D()
        # What is drawn of the segments that lie on other lines, and their dots' sizes.
        self._broken: dict[int, list[Array]] = {}
        self._dot_sizes: dict[int, float] = {}
        self._crowd: list[int] | None = None
        self._pens: dict[str, GraphicsContextBase] = {}

    @property
    def clip(self) -> Bbox:
        """Where the line is drawn."""
        return self._clip

    def by_step(self, segments: Array) -> Array:
        """Return for each step whether any of its segments is among those marked."""
        return segments

    def polyline(self) -> Polyline:
        """Return the line in pixels, as those are asked who look for overlaps."""
        import numpy as np

        box = self._clip
        points = self._pixels
        if points is None:
            with np.errstate(all="ignore"):
                points = self._to_pixels(self._points)
        look = (self._style.color, self._style.marker)
        width = self._style.width * self._scale
        return Polyline(points, look, width, (box.x0, box.y0, box.x1, box.y1))

    def places(self, steps: int) -> Array:
        """Return where the head is at steps 0 … `steps`, NaN where there is none."""
        import numpy as np

        line = self.polyline()
        k = np.minimum(np.arange(steps + 1), self.length - 1)
        found: Array = line.points[k] if self.length else np.full((steps + 1, 2), np.nan)
        x0, y0, x1, y1 = line.box
        low, high = (x0 - 1, y0 - 1), (x1 + 1, y1 + 1)
        seen: Array = np.all((found >= low) & (found <= high), axis=1)
        if self._lost is not None:
            seen &= np.arange(steps + 1) < self._lost
        return np.where(seen[:, None], found, np.nan)

    @property
    def head_size(self) -> float:
        """The size of a head in pixels."""
        return self._style.head * self._scale

    def crowd(self, factors: Array | None) -> None:
        """Say by what factor the head is drawn larger at each step."""
        if factors is not None:
            self._crowd = [round(_USUAL * factor) for factor in factors.tolist()]

    def leave_out(self, gaps: Array) -> None:
        """Say which stretches of the line's length (m, 2) are left out."""
        import numpy as np

        if not len(gaps):
            return
        line = self.polyline().points
        with np.errstate(all="ignore"):
            lengths = np.hypot(*np.diff(line, axis=0).T)
        lengths[~np.isfinite(lengths)] = 0.0
        ends = np.concatenate([[0.0], np.cumsum(lengths)])
        period = float(np.max(gaps[:, 1] - gaps[:, 0])) * 2
        first = np.maximum(np.searchsorted(ends, gaps[:, 0], side="right") - 1, 0)
        last = np.searchsorted(ends, gaps[:, 1], side="left")
        for (begin, end), low, high in zip(gaps, first, last, strict=True):
            for k in range(int(low), min(int(high), len(lengths))):
                segment = line[k : k + 2]
                if lengths[k] < _FAR:
                    a, b = ((place - ends[k]) / (lengths[k] or 1.0) for place in (begin, end))
                    self._broken[k] = _without(self._broken.get(k, [segment]), segment, a, b)
            for k in range(int(low), min(int(high), len(lengths)) + 1):
                if begin < ends[k] < end:
                    beside = lengths[max(k - 1, 0) : k + 1]
                    self._dot_sizes[k] = _SMALL if beside.min() >= period else 0.0

    def _sized(self, marker: Any, size: float) -> tuple[Any, Any]:
        return marker.get_path(), marker.get_transform().frozen().scale(size * self._scale)

    def _pen(self, renderer: RendererBase, kind: str) -> GraphicsContextBase:
        """Return the pen for lines, dots, heads or exits, made once for a renderer."""
        pen = self._pens.get(kind)
        if pen is None:
            pen = self._pens[kind] = renderer.new_gc()
            upon = kind in ("head", "exit")
            pen.set_foreground(self._edge if upon else self._color, isRGBA=True)
            pen.set_capstyle("butt" if kind == "dash" else "round")
            pen.set_joinstyle("miter" if upon else "round")
            pen.set_linewidth(0.0 if kind == "dot" else self._style.width)
            if kind == "head":
                pen.set_linewidth(0.12 * self._style.head)
            if not upon:  # a head may stand on the edge of its axes
                pen.set_clip_rectangle(self._clip)
        return pen

    def _piece(self, first: int, last: int) -> Array:
        """Return the line from one iterate to another in pixels, empty if it is out of sight."""
        if self._pixels is not None:
            return self._pixels[first : last + 1]
        line = visible_path(self._points[first : last + 1], self._bounds)
        return self._to_pixels(line) if len(line) else line

    def grow(self, renderer: RendererBase, before: int, step: int) -> Area | None:
        """Draw what came after step `before` up to `step`; return where."""
        import numpy as np
        from matplotlib.path import Path

        exits = [at for k, at in self._exits if before < k <= step]
        first, last = min(before, self.length - 1), min(step, self.length - 1)
        # The first frame has no piece of line, but the start's dot.
        new = self._piece(first, last) if last > first or step == 0 else np.empty((0, 2))
        drawn = np.concatenate([new, exits]) if exits else new
        if not len(drawn):
            return None
        if len(new):
            if self._broken and not self._broken.keys().isdisjoint(range(first, last + 1)):
                self._draw_broken(renderer, first, last)
            else:
                path = Path(new)
                if len(new) > 1:
                    renderer.draw_path(self._pen(renderer, "line"), path, self._identity, None)
                if self._dots:
                    self._draw_dots(renderer, path, self._dot)
        for at in exits:
            for marker, edge in self._exit:
                pen = self._pen(renderer, "exit")
                pen.set_linewidth(edge)
                self._draw_marker(renderer, pen, marker, at)
        pad = max(self._pad, self._reach if exits else 0.0)
        if len(drawn) == 2:  # most frames; twice as fast
            (ax, ay), (bx, by) = drawn.tolist()
            return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), pad
        (x0, y0), (x1, y1) = np.nanmin(drawn, axis=0).tolist(), np.nanmax(drawn, axis=0).tolist()
        return x0, y0, x1, y1, pad

    def _draw_broken(self, renderer: RendererBase, first: int, last: int) -> None:
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        for k in range(first, last):
            pieces = self._broken.get(k)
            if pieces is None:
                whole = self._piece(k, k + 1)
                if len(whole):
                    pen = self._pen(renderer, "line")
                    renderer.draw_path(pen, Path(whole), self._identity, None)
            elif pieces:
                path = Path.make_compound_path(*map(Path, pieces))
                renderer.draw_path(self._pen(renderer, "dash"), path, self._identity, None)
        if self._dots:
            # The dot before these segments has been drawn with those that led there.
            for k in range(first + (first > 0), last + 1):
                share, here = self._dot_sizes.get(k, 1.0), self._piece(k, k)
                if share and len(here):
                    dot = self._dot
                    if share != 1.0:
                        dot = Affine2D().scale(share * self._style.dot * self._scale / 2)
                    self._draw_dots(renderer, Path(here), dot)

    def _draw_dots(self, renderer: RendererBase, path: Any, dot: Any) -> None:
        pen = self._pen(renderer, "dot")
        renderer.draw_markers(pen, self._circle, dot, path, self._identity, self._color)

    def head(self, renderer: RendererBase, step: int) -> Area | None:
        """Draw the marker of the current iterate; return where, None if there is none."""
        if self._lost is not None and step >= self._lost:
            return None
        k = min(step, self.length - 1)
        here = self._piece(k, k)
        if not len(here):
            return None
        x, y = here[0].tolist()
        size = _USUAL if self._crowd is None else self._crowd[step]
        self._draw_marker(renderer, self._pen(renderer, "head"), self._head(size), (x, y))
        return x, y, x, y, self._reach * size / _USUAL

    def _head(self, size: int) -> tuple[Any, Any]:
        """Return the marker in one of some sizes."""
        if size not in self._markers:
            from matplotlib.markers import MarkerStyle

            marker = MarkerStyle(self._style.marker)
            self._markers[size] = self._sized(marker, self._style.head * size / _USUAL)
        return self._markers[size]

    def _draw_marker(
        self,
        renderer: RendererBase,
        pen: GraphicsContextBase,
        marker: tuple[Any, Any],
        at: tuple[float, float],
    ) -> None:
        from matplotlib.path import Path

        path, transform = marker
        renderer.draw_markers(pen, path, transform, Path([at]), self._identity, self._color)


def _without(pieces: list[Array], segment: Array, begin: float, end: float) -> list[Array]:
    """Return pieces of a segment without what lies between two shares of its length."""
    import numpy as np

    (start, stop), left = segment, []
    length = float(np.hypot(*(stop - start))) or 1.0
    for piece in pieces:
        low, high = (float(np.hypot(*(one - start))) / length for one in piece)
        for a, b in ((low, min(high, begin)), (max(low, end), high)):
            if b > a:
                left.append(np.stack([start + a * (stop - start), start + b * (stop - start)]))
    return left
