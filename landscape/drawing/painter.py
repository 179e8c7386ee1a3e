"""Draws what moves in a scene with a renderer: the same for a film's frames and for a still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.line import Area, Line
from landscape.drawing.overlaps import crowding, find_gaps, find_meetings
from landscape.drawing.track import Track

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from landscape.drawing.batch import BatchLines
    from landscape.drawing.scene import Scene
    from landscape.drawing.shapes import Shape
    from landscape.drawing.space_line import SpaceLine
    from landscape.drawing.space_track import SpaceTrack

    Array = NDArray[Any]

__all__ = ["Painter", "batch_area", "draw_batch", "draw_shape"]


class Painter:
    """The lines of a scene in the pixels of a renderer.

    Parameters: `scene`; `scale`, the renderer's pixels for a point.

    Attributes: `lines`, in the order in which each step draws them.
    """

    def __init__(self, scene: Scene, scale: float) -> None:
        self.scene = scene
        self.lines = [_line(track, scale) for track in scene.tracks]
        # Only lines over the same axes can hide each other.
        self._groups: dict[int, list[Line | SpaceLine]] = {}
        for track, line in zip(scene.tracks, self.lines, strict=True):
            axes = track.axes if isinstance(track, Track) else track.space
            self._groups.setdefault(id(axes), []).append(line)
        for space in scene.spaces:
            if space.moves:  # what lies on what is another thing in every frame
                self._groups.pop(id(space), None)
        for lines in self._groups.values():
            if len({line.polyline().look for line in lines}) > 1:
                self._part(lines)
        self._meetings: list[Array] | None = None

    def _part(self, lines: list[Line | SpaceLine]) -> None:
        found = [line.polyline() for line in lines]
        for line, gaps in zip(lines, find_gaps(found), strict=True):
            line.leave_out(gaps)
        places = [line.places(self.scene.steps) for line in lines]
        looks = [one.look for one in found]
        factors = crowding(places, looks, lines[0].head_size)
        for line, factor in zip(lines, factors, strict=True):
            line.crowd(factor)

    def pieces(self, before: int, step: int) -> list[tuple[int, int, int]]:
        """Return what to draw for `step` after `before`: lines' numbers, from which step to which.

        It is in order of time where lines meet, and as few pieces as that allows.
        """
        if step - before <= 1:
            return [(k, before, step) for k in range(len(self.lines))]
        if self._meetings is None:
            self._meetings = self._find_meetings()
        found = []
        for k, meets in enumerate(self._meetings):
            # Segments after which a piece ends: those that meet another line, and the one before.
            meet = [int(one) for one in meets[before:step].nonzero()[0] + before]
            ends = sorted({*meet, *(one + 1 for one in meet), step} - {before})
            begin = before
            for end in ends:
                found.append((begin, k, end))
                begin = end
        return [(k, begin, end) for begin, k, end in sorted(found)]

    def _find_meetings(self) -> list[Array]:
        import numpy as np

        found: dict[int, Array] = {}
        for lines in self._groups.values():
            polylines = [line.polyline() for line in lines]
            for line, meets in zip(lines, find_meetings(polylines), strict=True):
                found[id(line)] = line.by_step(meets)
        none = np.empty(0, dtype=bool)
        return [found.get(id(line), none) for line in self.lines]

    def draw(self, renderer: RendererBase, step: int) -> None:
        """Draw everything that moves as it is at `step`, except changing texts."""
        for k, before, end in self.pieces(0, step):
            self.lines[k].grow(renderer, before, end)
        for letter in self.scene.letters:
            letter.draw(renderer)
        for batch in self.scene.batches:
            draw_batch(renderer, batch, step)
        for line in self.lines:
            line.head(renderer, step)
        for shape in self.scene.shapes:
            draw_shape(renderer, shape, step)


def _line(track: Track | SpaceTrack, scale: float) -> Line | SpaceLine:
    if isinstance(track, Track):
        return Line(track, scale)
    from landscape.drawing.space_line import SpaceLine

    return SpaceLine(track, scale)


def batch_area(batch: BatchLines) -> Area:
    """Return where the contours of a batch are drawn."""
    box = batch.axes.bbox
    return box.x0, box.y0, box.x1, box.y1, 1.0


def draw_batch(renderer: RendererBase, batch: BatchLines, step: int) -> None:
    """Draw the contours of the batch of a step."""
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D

    pen = renderer.new_gc()
    pen.set_foreground(batch.color)
    pen.set_linewidth(batch.width)
    pen.set_clip_rectangle(batch.axes.bbox)
    for line in batch.lines(step):
        renderer.draw_path(pen, Path(line), Affine2D(), None)
    pen.restore()


def draw_shape(renderer: RendererBase, shape: Shape, step: int) -> Area | None:
    """Draw the shape of a step; return where, None if there is none."""
    import numpy as np
    from matplotlib.colors import to_rgba
    from matplotlib.transforms import Affine2D

    outline = shape.outline(step)
    if outline is None:
        return None
    pen = renderer.new_gc()
    pen.set_linewidth(shape.line)
    pen.set_foreground(shape.color)
    pen.set_clip_rectangle(shape.axes.bbox)
    renderer.draw_path(pen, outline, Affine2D(), None if shape.line else to_rgba(shape.color))
    pen.restore()
    corners = np.asarray(outline.vertices)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1), 2.0 + 2 * shape.line
