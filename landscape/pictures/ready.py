"""A picture that is ready to be drawn, and how it becomes a figure or the frames of a film."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from landscape.pictures.recipe import PictureRecipe

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    from landscape.animation.output import Frames

__all__ = ["Drawing", "Ready", "Redrawn"]


class Ready(ABC):
    """A picture whose numbers are computed.

    Attributes: `recipe`, with nothing left open; `name`, a file name for it without a suffix.
    """

    recipe: PictureRecipe
    name: str
    alike: bool = False
    """Whether still and film show the same numbers, which then serve both."""

    @abstractmethod
    def figure(self) -> Figure:
        """Return the still, for a film its last frame; within `picture_style`."""

    @abstractmethod
    def film(self) -> tuple[Frames, Sequence[str]]:
        """Return the frames, and the colours that its palette must have; within `picture_style`."""

    def numbers(self) -> list[str]:
        """Return lines that say in words and numbers what the picture shows."""
        return []

    def with_recipe(self, recipe: PictureRecipe) -> Self:
        """Return the same numbers with other looks."""
        from copy import copy

        other = copy(self)
        other.recipe = recipe
        return other

    def still(self, suffix: str) -> Self:
        """Return the film's last frame as a still in a format."""
        return self.with_recipe(self.recipe.still(suffix))


@dataclass(frozen=True)
class Drawing:
    """A figure of which some artists change.

    Attributes: `figure`; `moving`, those artists; `show`, which sets them as they are in frame k;
    `colors` that a palette must have.
    """

    figure: Figure
    moving: Sequence[Artist]
    show: Callable[[int], None]
    colors: Sequence[str]


class Redrawn(Ready):
    """A picture whose film shows the same artists with other numbers."""

    count: int = 1
    """How many frames a film has."""

    def draw(self) -> Drawing:
        """Return the drawing, which shows no frame yet; within `picture_style`.

        It is `draw` of the module PICTURE_drawing, which stands above the numbers that it draws.
        """
        module: Any = import_module(f"landscape.pictures.{self.recipe.picture}_drawing")
        drawing: Drawing = module.draw(self)
        return drawing

    def figure(self) -> Figure:
        """Return the last frame."""
        drawing = self.draw()
        drawing.show(self.count - 1)
        return drawing.figure

    def film(self) -> tuple[Frames, Sequence[str]]:
        """Return the frames and the colours that matter."""
        from landscape.animation.redraw import Redraw

        drawing = self.draw()
        film = Redraw(drawing.figure, drawing.moving, drawing.show, self.count)
        return film, drawing.colors
