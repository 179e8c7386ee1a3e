"""Particles with trails behind them, added up into a picture of light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb

from landscape.drawing.splats import add_dots, add_lines, merge
from landscape.pictures.swarm_colors import GLOW, SHINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from landscape.drawing.space import Space
    from landscape.pictures.swarm import SwarmPanel, Swarms
    from landscape.pictures.swarm_colors import SwarmColors

    Array = NDArray[Any]

__all__ = ["Particles", "put_picture"]

# The light of a line's pixel, how much of it is left after a trail's last frame, and its most.
_LIGHT, _LEFT, _ALPHA = 0.42, 0.02, {"dark": 0.85, "light": 0.8}
_LONGEST = 0.7  # of the panel's diagonal: a longer jump leaves no line
_FEW = 700  # particles that are drawn on a density
# Shares of light that are told apart; of a GIF few, and whole pixels, or it could not be shared.
_STEPS, _FEW_STEPS = 14, 3


class Particles(Artist):
    """Draws the particles of a frame with their trails.

    Attributes: `frame`, the one that is drawn.
    """

    def __init__(
        self,
        ready: Swarms,
        panel: SwarmPanel,
        colors: SwarmColors,
        box: tuple[int, int, int, int],
        axes: Axes | None,
        space: Space | None,
    ) -> None:
        super().__init__()
        self.set_zorder(5.0)
        self.frame = ready.count - 1
        self._ready, self._panel, self._axes, self._space = ready, panel, axes, space
        recipe = ready.recipe
        self._extents = axes.bbox if axes is not None else cast("Any", space).clip
        wide, tall = box[2:]
        if space is not None:
            wide, tall = (round(float(one)) for one in (self._extents.width, self._extents.height))
        self._size = wide, tall
        labels, index = np.unique(panel.fates.labels, return_inverse=True)
        table = np.array([colors.color(int(label)) for label in labels], np.float32)
        self._colors = np.ascontiguousarray(table[index])
        self._trail = 0 if recipe.density else recipe.trail
        point = _dot_unit(recipe.pixels)
        self._radius = 0.5 * recipe.dot * point * (0.8 if recipe.density else 1.0)
        # A density is of all particles, and some are enough to see how they move.
        self._part = slice(_FEW if recipe.density else None)
        self._colors = np.ascontiguousarray(self._colors[self._part])
        self._lines = np.zeros((tall, wide, 4), np.float32)
        self._dots = np.zeros((tall, wide, 4), np.float32)
        self._rgba = np.zeros((tall, wide, 4), np.uint8)
        self._coarse = recipe.format == "gif"
        name = recipe.theme
        self._most = _ALPHA[name]
        self._shine = SHINE[name]
        self._glow = np.array(to_rgb(GLOW[name]), np.float32)
        self._walk: Iterator[tuple[Array, Array]] | None = None
        self._step = self._known = -1
        self._past: list[tuple[Array, Array]] = []

    def draw(self, renderer: RendererBase) -> None:
        """Draw the frame."""
        if not self.get_visible():
            return
        self._go()
        places = [self._placed(x, y) for x, y in self._past]
        self._lines[:], self._dots[:] = 0.0, 0.0
        if self._trail:
            longest = _LONGEST * float(np.hypot(*self._size))
            fade = _LEFT ** (1 / self._trail)
            for age, (now, before) in enumerate(zip(places[:0:-1], places[-2::-1], strict=True)):
                weight = _LIGHT * fade**age
                add_lines(self._lines, *before, *now, self._colors, weight, longest)
        x, y = places[-1]
        if self._coarse:
            x, y = np.floor(x) + 0.5, np.floor(y) + 0.5
        add_dots(self._dots, x, y, self._colors, self._radius)
        steps = _FEW_STEPS if self._coarse else _STEPS
        shine = self._glow, self._shine, steps
        merge(self._lines, self._dots, self._most, *shine, self._rgba)
        put_picture(renderer, self._rgba, self._extents)
        self.stale = False

    def _go(self) -> None:
        """Walk to the frame; what is behind the longest trail is forgotten."""
        steps = self._panel.shown
        if self._walk is None or self.frame < self._known:
            self._walk, self._step, self._known, self._past = self._panel.swarm.walk(), -1, -1, []
        while self._known < self.frame:
            x, y = next(self._walk)
            self._step += 1
            if self._step == steps[self._known + 1]:
                self._known += 1
                if self._known and self._step - steps[self._known - 1] > steps[1]:
                    self._past = []  # the end of the run is no step of theirs
                now = (x[self._part], y[self._part])
                self._past = [*self._past[-self._trail :], now] if self._trail else [now]

    def _placed(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return where particles are in the picture's pixels, NaN for what is not seen."""
        wide, tall = self._size
        if self._space is None:
            (x0, x1), (y0, y1) = self._ready.surface.bounds
            return (x - x0) / (x1 - x0) * wide, (y1 - y) / (y1 - y0) * tall
        space = self._space
        height = space.relief.z_at(x, y)
        seen = space.view.project(np.column_stack([x, y, height]))
        behind = space.hidden(seen)
        left, bottom, right, top = self._extents.extents
        across = (seen[:, 0] - left) / (right - left) * wide
        down = (top - seen[:, 1]) / (top - bottom) * tall
        across[behind] = np.nan
        return across, down


def put_picture(renderer: RendererBase, rgba: Array, box: Any) -> None:
    """Put a picture into a box of display coordinates, whatever the page's resolution is."""
    from matplotlib.transforms import Affine2D

    pen = renderer.new_gc()
    pen.set_clip_rectangle(box)
    left, bottom = float(box.x0), float(box.y0)
    tall, wide = rgba.shape[:2]
    across, up = float(box.width) / wide, float(box.height) / tall
    if renderer.option_scale_image():
        size = Affine2D().scale(across * wide, up * tall)
        renderer.draw_image(pen, left, bottom, rgba[::-1], size)
    else:
        renderer.draw_image(pen, round(left), round(bottom), rgba[::-1])
    pen.restore()


def _dot_unit(pixels: tuple[int, int]) -> float:
    """Return the size of a slide's pixel on a page; dots shrink less than the page does."""
    return float(max(0.62, min(pixels[0] / 1280, pixels[1] / 720) ** 0.7))
