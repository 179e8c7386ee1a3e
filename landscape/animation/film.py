"""A scene to frames: the background once, then only what moves.

The canvas holds the finished picture of a frame; `still` holds the same without heads and changing
texts, so a new segment of trail is drawn once and stays. The cost of a frame does not depend on
how long the trails have become. A surface in three dimensions that turns is drawn anew in every
frame, with its box and the trails on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from landscape.animation.lettering import Lettering
from landscape.drawing.line import Line
from landscape.drawing.painter import Painter, batch_area, draw_batch, draw_shape
from landscape.drawing.scene import Scene
from landscape.drawing.space_letter import SpaceLetter

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.text import Text
    from matplotlib.transforms import BboxBase
    from numpy.typing import NDArray

    from landscape.drawing.space import Space

    Array = NDArray[Any]

__all__ = ["SIDES", "Film", "frame_steps"]

Rect = tuple[int, int, int, int]  # top, bottom, left, right: rows and columns of the canvas

_NONE: Rect = (0, 0, 0, 0)
_BLACK = 0xFF000000
SIDES = 8  # from which a surface that turns is looked at for its colours


def frame_steps(last: int, speed: int) -> list[int]:
    """Return the step that each frame shows: 0, speed, 2·speed, …, and `last` at the end."""
    steps = list(range(0, last + 1, speed))
    return steps if steps[-1] == last else [*steps, last]


class Film:
    """The frames of a scene.

    Parameters: `scene` without trails; `speed`, the steps from one frame to the next.

    Attributes: `size` (width, height) in pixels; `steps`, the step that each frame shows; `pixels`,
    the canvas as uint32 RGBA of shape (h, w), which every frame repaints in part; `shaded`, where
    surfaces in three dimensions are.
    """

    def __init__(self, scene: Scene, speed: int = 1) -> None:
        import numpy as np
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.scene = scene
        self._turning = [space for space in scene.spaces if space.moves]
        for space in self._turning:
            space.set_animated(True)
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
        self.slow = bool(self._turning)
        self.shaded: Sequence[Rect] = [self._inside(space.clip) for space in scene.spaces]
        self._letterings: dict[Text, Lettering] = {}
        for space in self._turning:
            space.draw(self._renderer)  # what it hides is known from then on
        self._painter = Painter(scene, self._renderer.points_to_pixels(1.0))
        self._lines = self._painter.lines
        self._insides = [self._inside(line.clip) for line in self._lines]
        # Lines on a surface that turns are drawn from their beginnings in every frame.
        self._growing = [k for k, line in enumerate(self._lines) if not line.turns]
        self._letters = [self._letter(one) for one in scene.letters if one not in self._turned()]

    def __len__(self) -> int:
        return len(self.steps)

    def fullest(self) -> Array:
        """Return the last frame as RGB (h, w, 3): all its colours are the film's, shades apart."""
        for _ in self._paint([len(self.steps) - 1], ordered=False):
            pass
        return self.rgb().copy()

    def shades(self) -> Array:
        """Return samples, RGB (n, 3), of the surfaces in three dimensions from all sides."""
        import numpy as np

        found = []
        for side in range(SIDES if self._turning else 1):
            self.pixels[:] = self._empty
            for space in self._turning:
                space.show_frame(side, SIDES)
                space.draw(self._renderer)
            for top, bottom, left, right in self.shaded:
                seen = self.rgb()[top:bottom:2, left:right:2]
                found.append(seen.reshape(-1, 3))  # a copy, as the columns are apart
        return np.concatenate(found) if found else np.empty((0, 3), dtype=np.uint8)

    def rgb(self) -> Array:
        """Return the canvas as RGB (h, w, 3)."""
        import numpy as np

        height, width = self.pixels.shape
        return self.pixels.view(np.uint8).reshape(height, width, 4)[..., :3]

    def frames(self) -> Iterator[list[Rect]]:
        """Paint frame after frame; yield the rectangles (top, bottom, left, right) that changed."""
        height, width = self.pixels.shape
        for k, changed in enumerate(self._paint(range(len(self)))):
            yield changed if k else [(0, height, 0, width)]

    def _paint(self, frames: Sequence[int], *, ordered: bool = True) -> Iterator[list[Rect]]:
        self.pixels[:] = self._empty
        self._still[:] = self._empty
        over: list[Rect] = []
        before = 0
        for frame in frames:
            step = self.steps[frame]
            for rect in over:
                self._copy(self._still, self.pixels, rect)
            grown = [_NONE] * len(self._lines)
            if step - before <= 1 or not ordered:
                for k in self._growing:
                    grown[k] = self._grow(k, before, step)
            else:
                for k, begin, end in self._painter.pieces(before, step):
                    if not self._lines[k].turns:
                        grown[k] = _cover(grown[k], self._grow(k, begin, end))
            turned = [self._turn(space, frame) for space in self._turning]
            if self._letters:
                self._lift_letters(grown)
            fresh = self._draw_over(step)
            # One rectangle for each line (its old head, new segment, new head) and each text.
            changed = [_cover(*part) for part in zip_longest(over, fresh, grown, fillvalue=_NONE)]
            apart = [rect for rect in changed if not any(_holds(one, rect) for one in turned)]
            yield [rect for rect in (*turned, *apart) if rect != _NONE]
            over, before = fresh, step

    def _turn(self, space: Space, frame: int) -> Rect:
        """Draw a surface as a frame sees it, with the trails on it."""
        rect = self._inside(space.clip)
        self._copy(self._empty, self.pixels, rect)
        space.show_frame(frame, len(self.steps) - 1)
        space.draw(self._renderer)
        for line in self._lines:
            if not isinstance(line, Line) and line.space is space:
                line.turn()
                line.grow(self._renderer, 0, self.steps[frame])
        for letter in self._turned(space):
            letter.draw(self._renderer)
        return rect  # of which the next frame needs nothing

    def _turned(self, space: Space | None = None) -> list[SpaceLetter]:
        """Return the letters on a surface that turns, or on all of them."""
        return [
            one
            for one in self.scene.letters
            if isinstance(one, SpaceLetter) and one.space in ([space] if space else self._turning)
        ]

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
        under = []
        for batch in self.scene.batches:
            draw_batch(self._renderer, batch, step)
            under.append(self._rect(*batch_area(batch)))
        for line, inside in zip(self._lines, self._insides, strict=True):
            area = line.head(self._renderer, step)
            over.append(_NONE if area is None else self._within(self._rect(*area), inside))
        for shape in self.scene.shapes:
            area = draw_shape(self._renderer, shape, step)
            inside = self._inside(shape.axes.bbox)
            over.append(_NONE if area is None else self._within(self._rect(*area), inside))
        for text, said in self.scene.texts:
            if text not in self._letterings:
                self._letterings[text] = Lettering(text, self._renderer, self.pixels)
            over.append(self._letterings[text].set(said(step)))
        return over + under

    def _lift_letters(self, grown: list[Rect]) -> None:
        """Put the letters back that a line has been drawn over."""
        import numpy as np

        for place, drawn, opaque in self._letters:
            if any(_meet(rect, place) for rect in grown):
                top, bottom, left, right = place
                for canvas in (self.pixels, self._still):
                    np.copyto(canvas[top:bottom, left:right], drawn, where=opaque)

    def _letter(self, letter: Text | SpaceLetter) -> tuple[Rect, Array, Array]:
        """Draw a letter on the ground of all frames; return where, its pixels and its opaque ones.

        Those are the same on any ground.
        """
        box = letter.get_window_extent(self._renderer)
        place = self._rect(box.x0, box.y0, box.x1, box.y1, 6.0)
        canvas = self.pixels[place[0] : place[1], place[2] : place[3]]
        kept = canvas.copy()
        canvas[:] = _BLACK
        letter.draw(self._renderer)
        on_black = canvas.copy()
        canvas[:] = kept
        letter.draw(self._renderer)
        self._copy(self.pixels, self._empty, place)
        return place, canvas.copy(), canvas == on_black

    def _inside(self, box: BboxBase) -> Rect:
        return self._rect(box.x0, box.y0, box.x1, box.y1, 1.0)

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


def _holds(one: Rect, other: Rect) -> bool:
    return one[0] <= other[0] and other[1] <= one[1] and one[2] <= other[2] and other[3] <= one[3]


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
