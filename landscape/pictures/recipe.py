"""What the recipes of all pictures of networks share: looks, checks, TOML, the command."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, Self

from landscape._version import __version__
from landscape.errors import LandscapeError, unknown_name
from landscape.pictures.keys import Flag, Lines, Texts, key_of, number_key, size, text, whole_key
from landscape.recipe import FILM_FORMATS, STILL_FORMATS, listed, read_toml
from landscape.style import THEMES, parse_size

__all__ = ["PictureRecipe", "keys_of", "option_of"]

# In the order of a recipe file: what is shown, then the looks.
_LOOKS = (
    *("kind", "title", "caption", "theme", "size", "scale"),
    *("frames", "fps", "hold", "loop", "colors", "format", "table"),
)
# What no option of the command says, but the name of the file that is written.
_BY_SUFFIX = ("kind", "format")
_LONG_TEXTS = ("table",)


@dataclass(frozen=True, kw_only=True)
class PictureRecipe:
    """What a picture depends on, as one value that TOML can hold.

    A picture of its own is a frozen dataclass that inherits from this one, names itself in
    `picture` and adds fields by the functions of `landscape.pictures.keys`; they are its options
    on the command line, the keys of its recipe files and the arguments of its function in Python.

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
    table: str = field(
        default="",
        repr=False,
        metadata={"key": Lines(help="What was read of the user's file.", option="-")},
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            value = key_of(one).read(one.name, getattr(self, one.name))
            object.__setattr__(self, one.name, value)
        formats = FILM_FORMATS if self.kind == "film" else STILL_FORMATS
        if self.format not in formats:
            raise unknown_name(f"{self.kind} format", self.format, formats)
        self._check()

    def _check(self) -> None:
        """Raise LandscapeError for values that do not go together."""

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small; called before long work begins."""

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        width, height = parse_size(self.size)
        return round(width * self.scale), round(height * self.scale)

    def with_(self, **changes: Any) -> Self:
        """Return the recipe with some values changed."""
        return replace(self, **changes)

    def still(self, suffix: str) -> Self:
        """Return the recipe of a still: what only films have is as it is by default."""
        plain = {one.name: one.default for one in keys_of(type(self)) if key_of(one).film}
        return self.with_(kind="still", format=suffix, **plain)

    # -- TOML --------------------------------------------------------------------------------

    def to_toml(self) -> str:
        """Return the recipe as TOML; values that are None are left out."""
        import tomli_w

        table: dict[str, Any] = {"landscape": __version__, "picture": self.picture}
        for one in keys_of(type(self)):
            value = getattr(self, one.name)
            if value is not None and not (one.name in _LONG_TEXTS and not value):
                table[one.name] = listed(value)
        # Lines of a table as lines; no other text has more than one.
        return tomli_w.dumps(table, multiline_strings=True)

    @classmethod
    def from_toml(cls, text: str, source: str = "recipe") -> Self:
        """Return the recipe that `text` holds; `source` names it in errors.

        Raises LandscapeError if the text is no TOML, or has unknown keys or wrong values.
        """
        return cls.from_table(read_toml(text, source), source)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], source: str = "recipe") -> Self:
        """Return the recipe that a table of TOML holds."""
        known = [one.name for one in keys_of(cls)]
        given = {key: value for key, value in table.items() if key != "landscape"}
        name = given.pop("picture", cls.picture)
        if name != cls.picture:
            raise unknown_name(f"picture of {source}", str(name), [cls.picture])
        for key in given:
            if key not in known:
                raise unknown_name(f"key of {source}", key, known)
        try:
            return cls(**given)
        except LandscapeError as problem:
            raise LandscapeError(f"{source}: {problem}") from None

    # -- the command -------------------------------------------------------------------------

    def command(self) -> str:
        """Return the command line that makes this picture."""
        words = ["landscape", self.picture]
        for one in keys_of(type(self)):
            key, value = key_of(one), getattr(self, one.name)
            if one.name in (*_BY_SUFFIX, *_LONG_TEXTS) or (key.film and self.kind == "still"):
                continue
            if value is None or value == one.default:
                continue
            option = option_of(one)
            if isinstance(key, Flag):
                words.append(option if value else key.without or f"--no-{option[2:]}")
            elif isinstance(key, Texts):
                words += [f"{option}={part}" for part in value]
            else:
                # With "=", so that a text that begins with a dash is no option.
                words.append(f"{option}={key.said(value)}")
        if self.format == "frames":
            words += ["-o", "frames/"]
        elif self.format != "png":
            words += ["-o", f"picture.{self.format}"]
        return shlex.join(words)


def keys_of(recipe: type[PictureRecipe]) -> list[Field[Any]]:
    """Return the fields of a recipe: its own, then the looks."""
    found = {one.name: one for one in fields(recipe)}
    own = [one for name, one in found.items() if name not in _LOOKS]
    return [*own, *(found[name] for name in _LOOKS)]


def option_of(one: Field[Any]) -> str:
    """Return the option of a key on the command line, "" if it has none."""
    said = key_of(one).option
    if said == "-":
        return ""
    return said or f"--{one.name.replace('_', '-')}"
