"""The surface as a Matplotlib artist: a picture made anew for every view, resolution and format."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist

from landscape.relief.rendering import Look, Rendered, hidden, render
from landscape.relief.view import View, view_of
from landscape.threads import usual_threads

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Bbox
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["AHEAD", "SurfaceArtist"]

AHEAD = 3
"""How many frames of a film are painted ahead."""

# Pixels of the surface's picture for one of a page that scales pictures (SVG, PDF).
_FINE = 3.0


@dataclass(frozen=True, eq=False)
class _Asked:
    """What a picture of a surface is made for."""

    view: View
    finer: float
    line_width: float
    box: tuple[float, float, float, float]

    def same(self, other: _Asked) -> bool:
        if (self.finer, self.line_width, self.box) != (other.finer, other.line_width, other.box):
            return False
        return np.array_equal(self.view.matrix, other.view.matrix)

    def paint(self, relief: Relief, look: Look, threads: int | None = None) -> Rendered:
        look = replace(look, line_width=self.line_width)
        return render(relief, self.view.scaled(self.finer), look, self.box, threads)


@cache
def _painters() -> ThreadPoolExecutor:
    """Return the threads in which surfaces are painted ahead, each picture on one of them."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(min(usual_threads(), AHEAD), "landscape-painter")


class SurfaceArtist(Artist):
    """Draws a surface under the projection of mplot3d axes, hidden parts removed.

    Parameters: `axes`, whose limits, box and angles decide the view; `relief`; `look`, with its
    line's width in points; `clip`, where it is drawn, the axes' own rectangle by default.

    Attributes: those, and `moves`, whether it is seen from elsewhere in every frame of a film.
    """

    moves = False

    def __init__(self, axes: Axes3D, relief: Relief, look: Look, clip: Bbox | None = None) -> None:
        super().__init__()
        self.axes3d, self.relief, self.look = axes, relief, look
        self.clip: Bbox = axes.bbox if clip is None else clip
        self._shown: tuple[_Asked, Rendered] | None = None
        self._coming: deque[tuple[_Asked, Future[Rendered]]] = deque()
        self.set_zorder(1.0)

    @property
    def view(self) -> View:
        """The projection into the figure's pixels as it is now."""
        return view_of(self.axes3d)

    def picture(self, view: View, renderer: RendererBase) -> tuple[Rendered, float]:
        """Return the surface's picture and how many of its pixels are one of the renderer's."""
        points = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # of one number
        finer = _FINE if renderer.option_scale_image() else 1.0
        x0, y0, x1, y1 = (finer * float(side) for side in self.clip.extents)
        asked = _Asked(view, finer, self.look.line_width * points * finer, (x0, y0, x1, y1))
        if self._shown is None or not self._shown[0].same(asked):
            self._shown = asked, self._foreseen(asked) or asked.paint(self.relief, self.look)
        return self._shown[1], finer

    def foresee(self, views: Iterable[View]) -> None:
        """Have the surface painted as views will show it, in other threads, as it was painted last.

        A picture that is asked for is taken from there if it is among them, and those before it are
        given up.
        """
        if self._shown is None:
            return
        last = self._shown[0]
        for view in views:
            asked = replace(last, view=view)
            if not any(one.same(asked) for one in (last, *(coming for coming, _ in self._coming))):
                made = _painters().submit(asked.paint, self.relief, self.look, 1)
                self._coming.append((asked, made))

    def _foreseen(self, asked: _Asked) -> Rendered | None:
        while self._coming:
            coming, made = self._coming.popleft()
            if coming.same(asked):
                return made.result()
            made.cancel()
        return None

    def hidden(self, projected: Array) -> Array:
        """Return which points (n, 3) of `view.project` lie behind the surface as it was drawn."""
        if self._shown is None:
            return np.zeros(len(projected), dtype=bool)
        asked, rendered = self._shown
        return hidden(rendered.scene, projected * (asked.finer, asked.finer, 1.0))

    def draw(self, renderer: RendererBase) -> None:
        """Draw the surface as it is seen now."""
        if self.get_visible():
            self.draw_picture(renderer, self.view)
        self.stale = False

    def draw_picture(self, renderer: RendererBase, view: View) -> None:
        """Draw the surface as a picture."""
        from matplotlib.transforms import Affine2D

        rendered, finer = self.picture(view, renderer)
        picture = rendered.rgba[::-1]
        pen = renderer.new_gc()
        pen.set_clip_rectangle(self.clip)
        if finer == 1.0:
            renderer.draw_image(pen, rendered.left, rendered.bottom, picture)
        else:
            height, width = picture.shape[:2]
            size = Affine2D().scale(width / finer, height / finer)
            left, bottom = rendered.left / finer, rendered.bottom / finer
            renderer.draw_image(pen, left, bottom, picture, size)
        pen.restore()
