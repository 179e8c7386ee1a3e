"""Artists for one's own mplot3d axes: a path on a surface, and the marks on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.artist import Artist

from landscape.drawing.space_line import SpaceLine
from landscape.drawing.space_marks import Mark, draw_marks
from landscape.drawing.space_track import SpaceTrack

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

    from landscape.relief.artist import SurfaceArtist

__all__ = ["MarksArtist", "TrailArtist"]


class TrailArtist(Artist):
    """Draws a path on a surface, its hidden parts in another way, and its head.

    Parameters: `track`, the path; `step`, up to which it is drawn, its last one by default.
    """

    def __init__(self, track: SpaceTrack, step: int | None = None) -> None:
        super().__init__()
        self.track = track
        self.step = len(track.lifted.at) - 1 if step is None else step
        self.set_zorder(5.0)

    def set_step(self, step: int) -> None:
        """Show the path up to `step`."""
        self.step = step
        self.stale = True

    def draw(self, renderer: RendererBase) -> None:
        """Draw the path as it is seen now."""
        if self.get_visible():
            scale = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # of one number
            line = SpaceLine(self.track, scale)
            line.grow(renderer, 0, self.step)
            line.head(renderer, self.step)
        self.stale = False


class MarksArtist(Artist):
    """Draws what stands still on a surface.

    Parameters: `surface`, the artist whose surface hides it; `marks`; `ground` behind letters.
    """

    def __init__(self, surface: SurfaceArtist, marks: Sequence[Mark], ground: str) -> None:
        super().__init__()
        self.surface, self.marks, self.ground = surface, list(marks), ground
        self.set_zorder(4.0)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the marks as they are seen now."""
        if self.get_visible():
            draw_marks(renderer, self.surface, self.surface.view, self.marks, self.ground)
        self.stale = False
