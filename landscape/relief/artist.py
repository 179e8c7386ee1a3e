"""The surface as a Matplotlib artist: a picture made anew for every view, resolution and format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist

from landscape.relief.rendering import Look, Rendered, hidden, render
from landscape.relief.view import View, view_of

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Bbox
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["SurfaceArtist"]

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

    def paint(self, relief: Relief, look: Look) -> Rendered:
        look = replace(look, line_width=self.line_width)
        return render(relief, self.view.scaled(self.finer), look, self.box)


@cache
def _painter() -> ThreadPoolExecutor:
    """Return the thread in which surfaces are painted ahead, one after the other."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "landscape-painter")


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
        self._coming: tuple[_Asked, Future[Rendered]] | None = None
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
            coming, self._coming = self._coming, None
            if coming is not None and coming[0].same(asked):
                made = coming[1].result()
            else:
                made = asked.paint(self.relief, self.look)
            self._shown = asked, made
        return self._shown[1], finer

    def foresee(self, view: View) -> None:
        """Have the surface painted as `view` shows it, in another thread, as it was painted last.

        The picture that is asked for next is taken from there if it is this one.
        """
        if self._shown is None:
            return
        asked = replace(self._shown[0], view=view)
        self._coming = asked, _painter().submit(asked.paint, self.relief, self.look)

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
