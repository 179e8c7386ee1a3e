"""What recipes have in common: each is a value that TOML files and command lines can say."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import Field, fields, replace
from typing import Any, Self

from landscape._version import __version__
from landscape.errors import LandscapeError, unknown_name
from landscape.key_kinds import Lines
from landscape.keys import key_of, option_of
from landscape.values import LONGEST_TOML

__all__ = ["FILM_FORMATS", "STILL_FORMATS", "Keyed", "listed", "moving_words", "read_toml"]

FILM_FORMATS = ("gif", "mp4", "webm", "webp", "apng", "frames")
STILL_FORMATS = ("png", "svg", "pdf")


class Keyed:
    """A recipe: its values are checked, and it says itself as TOML and as a command.

    A recipe of its own is a frozen dataclass, made with `repr=False`, that inherits from this class
    and has fields by the functions of `landscape.keys`, `kind` and `format` among them.
    """

    kind: str
    format: str

    def __post_init__(self) -> None:
        for one in self.key_fields():
            value = key_of(one).read(one.name, getattr(self, one.name))
            object.__setattr__(self, one.name, value)
        formats = FILM_FORMATS if self.kind == "film" else STILL_FORMATS
        if self.format not in formats:
            raise unknown_name(f"{self.kind} format", self.format, formats)
        self._check()

    def __repr__(self) -> str:
        told = [f"{one.name}={getattr(self, one.name)!r}" for one in self._shown() if one.repr]
        return f"{type(self).__name__}({', '.join(told)})"

    @classmethod
    def key_fields(cls) -> list[Field[Any]]:
        """Return the fields in the order of a recipe file."""
        made: Any = cls
        return list(fields(made))

    def with_(self, **changes: Any) -> Self:
        """Return the recipe with some values changed."""
        made: Any = self
        changed: Self = replace(made, **changes)
        return changed

    def still(self, suffix: str) -> Self:
        """Return the recipe of a still: what only films have is as it is by default."""
        plain = {one.name: one.default for one in self.key_fields() if key_of(one).film}
        return self.with_(kind="still", format=suffix, **plain)

    # -- what a kind of recipe may say of itself ---------------------------------------------

    def _check(self) -> None:
        """Raise LandscapeError for values that do not go together."""

    def _told(self) -> list[Field[Any]]:
        """Return the keys that this recipe's file has if they have a value."""
        return self.key_fields()

    def _shown(self) -> list[Field[Any]]:
        """Return the keys that the recipe is printed with."""
        return self._told()

    @classmethod
    def _head(cls) -> dict[str, str]:
        """Return what stands in a recipe's file before the keys."""
        return {"landscape": __version__}

    def _verb(self) -> str:
        """Return the name of the command that makes the picture."""
        raise NotImplementedError

    def _usual_format(self) -> str:
        """Return the format of a picture whose command names no file."""
        raise NotImplementedError

    # -- TOML --------------------------------------------------------------------------------

    def to_toml(self) -> str:
        """Return the recipe as TOML; values that are None are left out."""
        import tomli_w

        table: dict[str, Any] = {**self._head()}
        for one in self._told():
            value = getattr(self, one.name)
            if value is not None and (value or not isinstance(key_of(one), Lines)):
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
        """Return the recipe that a table of TOML holds; LandscapeError as from_toml raises it."""
        known = [one.name for one in cls.key_fields()]
        head = cls._head()
        given = {key: value for key, value in table.items() if key not in head}
        for key in given:
            if key not in known:
                raise unknown_name(f"key of {source}", key, known)
        try:
            return cls(**given)
        except LandscapeError as problem:
            raise LandscapeError(f"{source}: {problem}") from None

    # -- the command -------------------------------------------------------------------------

    def command(self) -> str:
        """Return the command line that makes this picture; a file of data has to be there."""
        words = ["landscape", *self._verb().split()]
        for one in self.key_fields():
            key, option, value = key_of(one), option_of(one), getattr(self, one.name)
            if not option or value is None or (key.film and self.kind == "still"):
                continue
            if key.always or value != one.default:
                words += key.words(option, value)
        if self.format != self._usual_format():
            words += ["-o", "frames/" if self.format == "frames" else f"picture.{self.format}"]
        return shlex.join(words)


def moving_words(recipe: Keyed) -> list[str]:
    """Return what a still's recipe says of films alone, as options of the command."""
    if recipe.kind != "still":
        return []
    films = [one for one in recipe.key_fields() if key_of(one).film and option_of(one)]
    said = [(one, getattr(recipe, one.name)) for one in films]
    return [
        " ".join(key_of(one).words(option_of(one), value))
        for one, value in said
        if value != one.default
    ]


def read_toml(text: str, source: str) -> dict[str, Any]:
    """Return the table that `text` holds; `source` names it in errors.

    Raises LandscapeError if the text is no TOML.
    """
    if len(text) > LONGEST_TOML:
        raise LandscapeError(f"{source} is no recipe: it has {len(text)} characters")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # a number of 5000 digits is a ValueError
        raise LandscapeError(f"{source} is no TOML: {problem}") from None


def listed(value: Any) -> Any:
    """Return a value with lists for tuples, as TOML has them."""
    return [listed(part) for part in value] if isinstance(value, tuple) else value
