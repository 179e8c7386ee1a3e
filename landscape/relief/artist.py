"""The surface as a Matplotlib artist: a picture made anew for every view, resolution and format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist

from landscape.relief.rendering import Look, Rendered, hidden, render
from landscape.relief.view import View, view_of

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Bbox
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["SurfaceArtist"]

# Pixels of the surface's picture for one of a page that scales pictures (SVG, PDF).
_FINE = 3.0


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
        self._shown: tuple[View, Rendered, float, tuple[float, ...]] | None = None
        self.set_zorder(1.0)

    @property
    def view(self) -> View:
        """The projection into the figure's pixels as it is now."""
        return view_of(self.axes3d)

    def picture(self, view: View, renderer: RendererBase) -> tuple[Rendered, float]:
        """Return the surface's picture and how many of its pixels are one of the renderer's."""
        import numpy as np

        points = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # of one number
        finer = _FINE if renderer.option_scale_image() else 1.0
        box = tuple(finer * float(side) for side in self.clip.extents)
        width = self.look.line_width * points * finer
        key = (finer, width, *box)
        if self._shown is not None and self._shown[3] == key:
            known = self._shown[0]
            if np.array_equal(known.matrix, view.matrix):
                return self._shown[1], finer
        made = render(self.relief, view.scaled(finer), replace(self.look, line_width=width), box)  # type: ignore[arg-type]  # four sides
        self._shown = view, made, finer, key
        return made, finer

    def hidden(self, projected: Array) -> Array:
        """Return which points (n, 3) of `view.project` lie behind the surface as it was drawn."""
        import numpy as np

        if self._shown is None:
            return np.zeros(len(projected), dtype=bool)
        _, rendered, finer, _ = self._shown
        return hidden(rendered.scene, projected * (finer, finer, 1.0))

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
