"""A scene to frames: the background once, then only what moves.

The canvas holds the finished picture of a frame; `still` holds the same without heads and changing
texts, so a new segment of trail is drawn once and stays. The cost of a frame does not depend on
how long the trails have become.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from landscape.animation.lettering import Lettering
from landscape.drawing.batch import BatchLines
from landscape.drawing.pen import DPI
from landscape.drawing.scene import Scene
from landscape.drawing.shapes import Shape
from landscape.drawing.track import Track
from landscape.drawing.trail import exit_parts, visible_path

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.text import Text
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Film", "frame_steps"]

Rect = tuple[int, int, int, int]  # top, bottom, left, right: rows and columns of the canvas

_NONE: Rect = (0, 0, 0, 0)


def frame_steps(last: int, speed: int) -> list[int]:
    """Return the step that each frame shows: 0, speed, 2·speed, …, and `last` at the end."""
    steps = list(range(0, last + 1, speed))
    return steps if steps[-1] == last else [*steps, last]


class Film:
    """The frames of a scene.

    Parameters: `scene` without trails; `speed`, the steps from one frame to the next.

    Attributes: `size` (width, height) in pixels; `steps`, the step that each frame shows; `pixels`,
    the canvas as uint32 RGBA of shape (h, w), which every frame repaints in part.
    """

    def __init__(self, scene: Scene, speed: int = 1) -> None:
        import numpy as np
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.scene = scene
        canvas = scene.figure.canvas
        assert isinstance(canvas, FigureCanvasAgg)
        canvas.draw()  # type: ignore[no-untyped-call]
        self._renderer: RendererAgg = canvas.get_renderer()  # type: ignore[no-untyped-call]
        rgba = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        self.size = rgba.shape[1], rgba.shape[0]
        self.pixels = rgba.view(np.uint32)[..., 0]
        self._empty = self.pixels.copy()
        self._still = self.pixels.copy()
        self.steps = frame_steps(scene.steps, speed)
        self._letterings: dict[Text, Lettering] = {}
        self._lines = [_Line(track) for track in scene.tracks]
        boxes = [track.axes.bbox for track in scene.tracks]
        self._insides = [self._rect(box.x0, box.y0, box.x1, box.y1, 1.0) for box in boxes]

    def __len__(self) -> int:
        return len(self.steps)

    def fullest(self) -> Array:
        """Return the last frame as RGB (h, w, 3): every colour that the film has is in it."""
        for _ in self._paint([self.steps[-1]]):
            pass
        return self.rgb().copy()

    def rgb(self) -> Array:
        """Return the canvas as RGB (h, w, 3)."""
        import numpy as np

        height, width = self.pixels.shape
        return self.pixels.view(np.uint8).reshape(height, width, 4)[..., :3]

    def frames(self) -> Iterator[list[Rect]]:
        """Paint frame after frame; yield the rectangles (top, bottom, left, right) that changed."""
        height, width = self.pixels.shape
        for k, changed in enumerate(self._paint(self.steps)):
            yield changed if k else [(0, height, 0, width)]

    def _paint(self, steps: list[int]) -> Iterator[list[Rect]]:
        self.pixels[:] = self._empty
        self._still[:] = self._empty
        over: list[Rect] = []
        before = 0
        for step in steps:
            for rect in over:
                self._copy(self._still, self.pixels, rect)
            grown = [self._grow(k, before, step) for k in range(len(self._lines))]
            fresh = self._draw_over(step)
            # One rectangle for each line (its old head, new segment, new head) and each text.
            changed = [_cover(*part) for part in zip_longest(over, fresh, grown, fillvalue=_NONE)]
            yield [rect for rect in changed if rect != _NONE]
            over, before = fresh, step

    def _grow(self, k: int, before: int, step: int) -> Rect:
        area = self._lines[k].grow(self._renderer, before, step)
        if area is None:
            return _NONE
        rect = self._within(self._rect(*area), self._insides[k])
        self._copy(self.pixels, self._still, rect)
        return rect

    def _draw_over(self, step: int) -> list[Rect]:
        """Draw heads and changing texts; return where, lines first, _NONE for a gone head."""
        over: list[Rect] = []
        under = [self._draw_batch(batch, step) for batch in self.scene.batches]
        for line, inside in zip(self._lines, self._insides, strict=True):
            area = line.head(self._renderer, step)
            over.append(_NONE if area is None else self._within(self._rect(*area), inside))
        for shape in self.scene.shapes:
            over.append(self._draw_shape(shape, step))
        for text, said in self.scene.texts:
            if text not in self._letterings:
                self._letterings[text] = Lettering(text, self._renderer, self.pixels)
            over.append(self._letterings[text].set(said(step)))
        return over + under

    def _draw_batch(self, batch: BatchLines, step: int) -> Rect:
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        pen = self._renderer.new_gc()
        pen.set_foreground(batch.color)
        pen.set_linewidth(batch.width)
        pen.set_clip_rectangle(batch.axes.bbox)
        for line in batch.lines(step):
            self._renderer.draw_path(pen, Path(line), Affine2D(), None)  # type: ignore[no-untyped-call]
        pen.restore()
        box = batch.axes.bbox
        return self._rect(box.x0, box.y0, box.x1, box.y1, 1.0)

    def _draw_shape(self, shape: Shape, step: int) -> Rect:
        import numpy as np
        from matplotlib.colors import to_rgba
        from matplotlib.transforms import Affine2D

        outline = shape.outline(step)
        if outline is None:
            return _NONE
        pen = self._renderer.new_gc()
        pen.set_linewidth(shape.line)
        pen.set_foreground(shape.color)
        pen.set_clip_rectangle(shape.axes.bbox)
        face = None if shape.line else to_rgba(shape.color)
        self._renderer.draw_path(pen, outline, Affine2D(), face)  # type: ignore[no-untyped-call]
        pen.restore()
        corners = np.asarray(outline.vertices)
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        box = shape.axes.bbox
        return self._within(
            self._rect(x0, y0, x1, y1, 2.0 + 2 * shape.line),
            self._rect(box.x0, box.y0, box.x1, box.y1, 1.0),
        )

    def _rect(self, x0: float, y0: float, x1: float, y1: float, pad: float = 0.0) -> Rect:
        """Return the rows and columns that cover a box of display coordinates."""
        width, height = self.size
        left, right = (min(max(int(x), 0), width) for x in (x0 - pad, x1 + pad + 1))
        top, bottom = (
            min(max(int(y), 0), height) for y in (height - y1 - pad, height - y0 + pad + 1)
        )
        return top, bottom, left, right

    def _within(self, rect: Rect, inside: Rect) -> Rect:
        top, bottom, left, right = rect
        a, b, c, d = inside
        # Exit marks reach over the edge of the axes by their own radius.
        reach = 24
        top, bottom = max(top, a - reach), min(bottom, b + reach)
        left, right = max(left, c - reach), min(right, d + reach)
        return max(top, 0), max(top, 0, bottom), max(left, 0), max(left, 0, right)

    @staticmethod
    def _copy(source: Array, target: Array, rect: Rect) -> None:
        top, bottom, left, right = rect
        target[top:bottom, left:right] = source[top:bottom, left:right]


def _cover(*rects: Rect) -> Rect:
    """Return the smallest rectangle that covers all that are not empty."""
    real = [rect for rect in rects if rect != _NONE]
    if not real:
        return _NONE
    tops, bottoms, lefts, rights = zip(*real, strict=True)
    return min(tops), max(bottoms), min(lefts), max(rights)


class _Line:
    """One track on the canvas: drawn segment by segment, with a head that moves."""

    def __init__(self, track: Track) -> None:
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
        self._exits = [(k, self._to_pixels(point)) for k, point in track.exits]
        self._color = to_rgba(style.color)
        self._edge = to_rgba(style.edge)
        scale = DPI / 72
        self._dot = Affine2D().scale(style.dot * scale / 2)
        self._circle = Path.unit_circle()
        self._marker = self._sized(MarkerStyle(style.marker), style.head * scale)
        self._exit = [
            (self._sized(MarkerStyle(marker), size * scale), edge)
            for marker, size, edge in exit_parts(style.head)
        ]
        self._reach = (style.head / 2 + style.width) * scale + 2
        self._pad = max(style.dot, style.width) / 2 * scale + 2
        self._clip = track.axes.bbox
        self._style = style
        self._identity = Affine2D()

    @staticmethod
    def _sized(marker: Any, size: float) -> tuple[Any, Any]:
        return marker.get_path(), marker.get_transform().frozen().scale(size)

    def _pen(self, renderer: RendererAgg, color: Any, width: float) -> GraphicsContextBase:
        pen = renderer.new_gc()
        pen.set_foreground(color, isRGBA=True)
        pen.set_linewidth(width)
        pen.set_capstyle("round")
        pen.set_joinstyle("round")
        pen.set_clip_rectangle(self._clip)
        return pen

    def _piece(self, first: int, last: int) -> Array:
        """Return the line from one iterate to another in pixels, empty if it is out of sight."""
        if self._pixels is not None:
            return self._pixels[first : last + 1]
        line = visible_path(self._points[first : last + 1], self._bounds)
        return self._to_pixels(line) if len(line) else line

    def grow(
        self, renderer: RendererAgg, before: int, step: int
    ) -> tuple[float, float, float, float, float] | None:
        """Draw what came after step `before` up to `step`; return where (x0, y0, x1, y1, pad)."""
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
            path = Path(new)
            pen = self._pen(renderer, self._color, self._style.width)
            if len(new) > 1:
                renderer.draw_path(pen, path, self._identity, None)  # type: ignore[no-untyped-call]
            if self._dots:
                pen.set_linewidth(0)
                renderer.draw_markers(
                    pen, self._circle, self._dot, path, self._identity, self._color
                )
            pen.restore()
        for at in exits:
            for marker, edge in self._exit:
                self._draw_marker(renderer, marker, at, edge)
        (x0, y0), (x1, y1) = np.nanmin(drawn, axis=0), np.nanmax(drawn, axis=0)
        return x0, y0, x1, y1, max(self._pad, self._reach if exits else 0.0)

    def head(
        self, renderer: RendererAgg, step: int
    ) -> tuple[float, float, float, float, float] | None:
        """Draw the marker of the current iterate; return where, None if there is none."""
        if self._lost is not None and step >= self._lost:
            return None
        k = min(step, self.length - 1)
        here = self._piece(k, k)
        if not len(here):
            return None
        at = here[0]
        # A head may stand on the edge of its axes.
        self._draw_marker(renderer, self._marker, at, 0.12 * self._style.head)
        return at[0], at[1], at[0], at[1], self._reach

    def _draw_marker(
        self, renderer: RendererAgg, marker: tuple[Any, Any], at: Any, edge: float
    ) -> None:
        from matplotlib.path import Path

        pen = self._pen(renderer, self._edge, edge)
        pen.set_clip_rectangle(None)
        pen.set_joinstyle("miter")
        path, transform = marker
        renderer.draw_markers(pen, path, transform, Path([at]), self._identity, self._color)
        pen.restore()
