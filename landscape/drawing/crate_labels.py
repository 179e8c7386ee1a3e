"""Short texts that are drawn again in every frame: measured once, and on a raster painted once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Label", "is_raster", "point_size"]

_RIM = 3  # pixels around a painted text: letters reach a little out of their measured box
_HALO = 0.14  # the width of a rim of the ground around letters, in sizes of the font
_LINES = 1.2  # the distance of lines in sizes of the font


def is_raster(renderer: RendererBase) -> bool:
    """Return whether a renderer paints pixels, so that letters belong on whole ones."""
    from matplotlib.backends.backend_agg import RendererAgg

    return isinstance(renderer, RendererAgg)


def point_size(renderer: RendererBase) -> float:
    """Return the size of a point in canvas pixels."""
    return float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]


class Label:
    """An upright text, the middles of its lines above each other.

    Parameters: `said`, its lines plain or with mathtext between dollar signs; `size` in points;
    `color`.
    """

    def __init__(self, said: str, size: float, color: str) -> None:
        from matplotlib.cbook import is_math_text
        from matplotlib.font_manager import FontProperties

        self.said, self.color = said, color
        self._lines = [
            (line if is_math_text(line) else line.replace(r"\$", "$"), is_math_text(line))
            for line in said.split("\n")
        ]
        self._font, self._apart, self._halo = FontProperties(size=size), _LINES * size, _HALO * size
        self._sizes: dict[object, tuple[float, float, float]] = {}
        self._pictures: dict[tuple[float, str | None], Array] = {}

    def measure(self, renderer: RendererBase) -> tuple[float, float, float]:
        """Return the width, the height and the depth below the last base line in canvas pixels."""
        key = type(renderer), point_size(renderer)
        if key not in self._sizes:
            sizes = [self._measure_line(renderer, k) for k in range(len(self._lines))]
            depth = sizes[-1][2]
            # From the first line's top to its base line, on to the last one, and below it.
            height = sizes[0][1] - sizes[0][2] + self._distance(renderer) * (len(sizes) - 1) + depth
            self._sizes[key] = max(width for width, _, _ in sizes), height, depth
        return self._sizes[key]

    def _measure_line(self, renderer: RendererBase, line: int) -> tuple[float, float, float]:
        width, height, depth = renderer.get_text_width_height_descent(
            self._lines[line][0], self._font, self._lines[line][1]
        )
        if is_raster(renderer):
            width, above, depth = map(math.ceil, (width, height - depth, depth))
            height = above + depth
        return float(width), float(height), float(depth)

    def _distance(self, renderer: RendererBase) -> float:
        """Return the distance of base lines in canvas pixels."""
        distance = self._apart * point_size(renderer)
        return float(round(distance)) if is_raster(renderer) else distance

    def rim(self, renderer: RendererBase) -> int:
        """Return how far the text with a rim of the ground reaches out of its box, in pixels."""
        return _RIM + math.ceil(self._halo * point_size(renderer))

    def draw(
        self,
        renderer: RendererBase,
        pen: GraphicsContextBase,
        left: float,
        bottom: float,
        ground: str | None = None,
    ) -> None:
        """Draw the text, its box's lower left corner at a place in canvas pixels.

        On a raster the place is to be on whole pixels. Of the colour `ground` is a rim around it.
        """
        if is_raster(renderer):
            picture, rim = self._picture(renderer, ground), self._room(renderer, ground)
            renderer.draw_image(pen, int(left) - rim, int(bottom) - rim, picture)
            return
        base = bottom + self.measure(renderer)[2]
        if ground is not None:
            self.write(renderer, pen, left, base, self._outlining(renderer, ground))
        self.write(renderer, pen, left, base)

    def write(
        self,
        renderer: RendererBase,
        pen: GraphicsContextBase,
        left: float,
        base: float,
        through: RendererBase | None = None,
    ) -> None:
        """Write the text as letters: `base` is the height of its last line in canvas pixels.

        It is measured by `renderer`, and drawn by `through` if that is another one.
        """
        pen.set_foreground(self.color)
        width, distance = self.measure(renderer)[0], self._distance(renderer)
        for k, (line, is_math) in enumerate(self._lines):
            across = 0.5 * (width - self._measure_line(renderer, k)[0])
            x = left + (math.floor(across) if is_raster(renderer) else across)
            y = base + distance * (len(self._lines) - 1 - k)
            if renderer.flipy():
                y = renderer.get_canvas_width_height()[1] - y
            (through or renderer).draw_text(pen, x, y, line, self._font, 0.0, ismath=is_math)

    def _outlining(self, renderer: RendererBase, ground: str) -> RendererBase:
        """Return a renderer that draws wide outlines in place of letters."""
        from matplotlib.patheffects import PathEffectRenderer, Stroke

        # Half of a line's width is within the letter. Round: no joints stick out.
        stroke = Stroke(linewidth=2 * self._halo, foreground=ground, joinstyle="round")
        return PathEffectRenderer([stroke], renderer)

    def _room(self, renderer: RendererBase, ground: str | None) -> int:
        """Return how many pixels a painted text has around its box."""
        return _RIM if ground is None else self.rim(renderer)

    def _picture(self, renderer: RendererBase, ground: str | None) -> Array:
        """Return the painted text and what is around it: RGBA (h, w, 4), the lowest row first."""
        key = point_size(renderer), ground
        if key not in self._pictures:
            self._pictures[key] = self._paint(renderer, ground)
        return self._pictures[key]

    def _paint(self, renderer: RendererBase, ground: str | None) -> Array:
        import numpy as np
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.colors import to_rgb

        rim, (width, height, depth) = self._room(renderer, ground), self.measure(renderer)
        size = round(width) + 2 * rim, round(height) + 2 * rim

        def painted(outlined: str | None) -> Array:
            canvas = RendererAgg(*size, 72.0 * point_size(renderer))  # type: ignore[no-untyped-call]
            through = self._outlining(canvas, outlined) if outlined else None
            self.write(canvas, canvas.new_gc(), rim, depth + rim, through)
            return np.array(canvas.buffer_rgba())[::-1].copy()  # type: ignore[no-untyped-call]

        rgba = painted(None)
        # What is half covered is of the full colour: the canvas below shines through.
        ink = np.round(255 * np.array(to_rgb(self.color)))
        rgba[..., :3] = ink
        if ground is not None:
            # All there or not at all: however often it is drawn on itself, it is the same.
            around = (painted(ground)[..., 3] > 127) | (rgba[..., 3] > 0)
            share = rgba[..., 3:] / 255.0
            below = 255 * np.array(to_rgb(ground))
            rgba[..., :3] = np.round(below + share * (ink - below))
            rgba[..., 3] = np.where(around, 255, 0)
        return rgba
