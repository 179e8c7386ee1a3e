"""What the recipes of all pictures of networks share: their looks, and what says which it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, Literal, Self

from landscape.errors import unknown_name
from landscape.keyed import Keyed
from landscape.keys import lines, number_key, size, text, whole_key
from landscape.style import THEMES, parse_size

__all__ = ["PictureRecipe"]


@dataclass(frozen=True, kw_only=True, repr=False)
class PictureRecipe(Keyed):
    """What a picture depends on, as one value that TOML can hold.

    A picture of its own is a frozen dataclass, made with `repr=False`, that inherits from this
    one, names itself in `picture` and adds fields by the functions of `landscape.keys`; they are
    its options on the command line, the keys of its recipe files and the arguments of its function
    in Python.

    Attributes:
      kind        "still" or "film"
      title       None for one that says what is shown, "" for none
      caption     a line beneath the title; None for the conditions, "" for none
      theme       "light" or "dark"
      size        a name such as "slide", or "800x600"
      scale       pixels of the picture for one of `size`, at most 1
      frames      of a film, at most
      fps         frames a second
      hold        seconds that the last frame stays
      loop        how often the film plays, 0 for ever
      colors      colours of the film's palette (GIF), at most 256
      format      the film's or still's format
      table       what the picture read of a CSV or NPZ file, "" for what the file has now: CSV of
                  the columns, packed if that is long, or the SHA-256 by which a file is known again
    """

    picture: ClassVar[str]

    kind: Literal["still", "film"] = text(
        "still", "Whether it moves.", choices=("still", "film"), option="-"
    )
    title: str | None = text(None, "Heading; '' for none.", optional=True)
    caption: str | None = text(None, "A line beneath the heading; '' for none.", optional=True)
    theme: str = text("light", "Colours of the picture.", choices=tuple(THEMES))
    size: str = size(
        "slide",
        "slide 1280x720, hd, square, wide, cs231n 620x480, or pixels such as 800x600.",
    )
    scale: float = number_key(1.0, 0.1, 1, "Shrink the picture to this share.")
    frames: int = whole_key(60, 2, 10_000, "Frames of a film, at most.", film=True)
    fps: float = number_key(10.0, 0.1, 100, "Frames a second.", film=True)
    hold: float = number_key(2.0, 0, 600, "Seconds the last frame stays.", film=True)
    loop: int = whole_key(0, 0, 65_535, "Times to play; 0 for ever.", film=True)
    colors: int = whole_key(256, 8, 256, "Palette of a GIF.", film=True)
    format: str = text("png", "The file's format.", option="-")
    table: str = lines("What was read of the user's file.")

    @classmethod
    def key_fields(cls) -> list[Field[Any]]:
        """Return the fields in the order of a recipe file: what is shown, then the looks."""
        looks = {one.name for one in fields(PictureRecipe)}
        return sorted(super().key_fields(), key=lambda one: one.name in looks)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], source: str = "recipe") -> Self:
        """Return the recipe that a table of TOML holds; LandscapeError as from_toml raises it."""
        name = table.get("picture", cls.picture)
        if name != cls.picture:
            raise unknown_name(f"picture of {source}", str(name), [cls.picture])
        return super().from_table(table, source)

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small; called before long work begins."""

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        width, height = parse_size(self.size)
        return round(width * self.scale), round(height * self.scale)

    def _shown(self) -> list[Field[Any]]:
        told = {one.name for one in self._told()}
        return [one for one in fields(self) if one.name in told]

    @classmethod
    def _head(cls) -> dict[str, str]:
        return {**super()._head(), "picture": cls.picture}

    def _verb(self) -> str:
        return self.picture

    def _usual_format(self) -> str:
        return "png"
