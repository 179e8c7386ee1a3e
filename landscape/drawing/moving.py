"""What moves in a scene as one artist: a still of a step is the frame of a film."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.artist import Artist

from landscape.drawing.painter import Painter

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

    from landscape.drawing.scene import Scene

__all__ = ["draw_moving"]


class _Moving(Artist):
    """Draws everything that moves in a scene as it is at a step, in the order of a film.

    Lines that cross are so drawn as they were walked, step by step, not path by path.
    """

    def __init__(self, scene: Scene, step: int) -> None:
        super().__init__()
        self._scene, self._step = scene, step
        self.set_zorder(5.0)

    def draw(self, renderer: RendererBase) -> None:
        """Draw it in the renderer's own pixels, those of its resolution."""
        # A figure has the resolution of its format only while it is drawn.
        painter = Painter(self._scene, float(renderer.points_to_pixels(1.0)))  # type: ignore[arg-type]  # a number of points is one of pixels
        painter.draw(renderer, self._step)


def draw_moving(scene: Scene, step: int) -> None:
    """Draw everything that moves as it is at `step`, as artists of the figure, for a still."""
    scene.figure.add_artist(_Moving(scene, step))
    for text, said in scene.texts:
        text.set_text(said(step))
        text.set_animated(False)
