"""The letters of minima on a surface in three dimensions, which stand over the trails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

    from landscape.drawing.space import Space
    from landscape.drawing.space_marks import Mark

__all__ = ["SpaceLetter", "letters_of"]

# How far above its star a letter stands, in its own heights.
_ABOVE = 0.45


@dataclass(frozen=True)
class SpaceLetter:
    """The letter of a minimum, above its star wherever that is seen.

    Parameters: `space`, the surface; `mark`, the star, whose letter has a height; `ground`, the
    colour of the letter's rim.
    """

    space: Space
    mark: Mark
    ground: str

    def draw(self, renderer: RendererBase) -> None:
        """Draw the letter as the surface is seen now, unless its star is outside."""
        place = self.space.view.project([self.mark.at])[0, :2]
        if self.space.clip.contains(*place):
            self._text(renderer).draw(renderer)

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """Return where the letter is on the canvas, by its figure's renderer if none is given."""
        if renderer is None:
            figure: Any = self.space.axes3d.get_figure(root=True)
            renderer = figure.canvas.get_renderer()
        return self._text(renderer).get_window_extent(renderer)

    def _text(self, renderer: RendererBase) -> Text:
        x, y = self.space.view.project([self.mark.at])[0, :2]
        size = self.mark.height
        up = (0.5 * self.mark.size + _ABOVE * size) * float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # of one number
        made = Text(
            float(np.nan_to_num(x)),
            float(np.nan_to_num(y)) + up,
            self.mark.letter,
            fontsize=size,
            fontweight="bold",
            color=self.mark.edge,
            ha="center",
            va="center",
            path_effects=[withStroke(linewidth=0.18 * size, foreground=self.ground)],
        )
        figure = self.space.axes3d.get_figure(root=True)
        assert figure is not None
        made.set_figure(figure)
        return made


def letters_of(space: Space, marks: Sequence[Mark], ground: str) -> list[SpaceLetter]:
    """Return the letters that marks on a surface have."""
    return [SpaceLetter(space, mark, ground) for mark in marks if mark.letter]
