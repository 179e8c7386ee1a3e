"""The keys of a picture's recipe: what each holds, said once for command, TOML and Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field
from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.style import parse_size
from landscape.values import cut, number, one_line, short, whole

__all__ = [
    "Batch",
    "Flag",
    "Key",
    "Lines",
    "Number",
    "Size",
    "Text",
    "Texts",
    "Whole",
    "flag",
    "key_of",
    "number_key",
    "size",
    "text",
    "texts",
    "whole_key",
]

Names = tuple[str, ...] | Callable[[], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key of a recipe.

    Attributes: `help`, a sentence for the command's help; `option`, the option's name where it is
    not the key's; `metavar`, what the help shows for its value; `film`, whether only films have it;
    `optional`, whether it may be None, which no recipe file can say.
    """

    help: str
    option: str = ""
    metavar: str = ""
    film: bool = False
    optional: bool = False

    def read(self, name: str, value: Any) -> Any:
        """Return the value in its own type; LandscapeError if it is none of this key's."""
        return None if value is None and self.optional else self._read(name, value)

    def said(self, value: Any) -> str:
        """Return the value as a command line says it."""
        return short(value)

    def _read(self, name: str, value: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Key):
    """A number from `low` to `high`."""

    low: float
    high: float

    def _read(self, name: str, value: Any) -> float:
        return number(name, value, self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class Whole(Key):
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def _read(self, name: str, value: Any) -> int:
        return whole(name, value, self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class Batch(Whole):
    """Examples of a step: a whole number, or "all", which is kept as 0."""

    def _read(self, name: str, value: Any) -> int:
        if isinstance(value, str):
            said = value.strip().lower()
            if said != "all" and not said.isdecimal():
                raise LandscapeError(
                    f"{name} must be a whole number of rows, or all: {cut(value)} came"
                )
            value = 0 if said == "all" else int(said[:30])
        return super()._read(name, value)

    def said(self, value: Any) -> str:
        """Return "all" for 0."""
        return "all" if value == 0 else super().said(value)


@dataclass(frozen=True, kw_only=True)
class Flag(Key):
    """True or false; `without` is the option that says false, "" for --no-KEY."""

    without: str = ""

    def _read(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise LandscapeError(f"{name} must be true or false: {cut(value)} came")
        return value


@dataclass(frozen=True, kw_only=True)
class Text(Key):
    """A text on one line, one of `choices` if there are any."""

    choices: Names = ()

    def _read(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise LandscapeError(f"{name} must be a text: {cut(value)} came")
        return _chosen(name, one_line(name, value), self.choices)


@dataclass(frozen=True, kw_only=True)
class Lines(Key):
    """A text of any number of lines, which no command line can say."""

    def _read(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise LandscapeError(f"{name} must be a text: {cut(value)} came")
        return value


@dataclass(frozen=True, kw_only=True)
class Texts(Key):
    """Texts, on the command line an option that is repeated; `singular` names one of them."""

    singular: str = ""
    distinct: bool = True
    choices: Names = ()
    most: int = 16

    def _read(self, name: str, value: Any) -> tuple[str, ...]:
        parts = [value] if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)) or not all(isinstance(p, str) for p in parts):
            raise LandscapeError(f"{name} must be a list of texts: {cut(value)} came")
        if len(parts) > self.most:
            raise LandscapeError(f"{name} has at most {self.most} entries: {len(parts)} came")
        one = self.singular or name
        found = tuple(_chosen(one, one_line(one, part), self.choices) for part in parts)
        if self.distinct and len(set(found)) < len(found):
            raise LandscapeError(f"each {one} stands once in a picture: {', '.join(found)} came")
        return found


@dataclass(frozen=True, kw_only=True)
class Size(Key):
    """A picture's size: a name of SIZES or pixels such as "800x600"; a pair is taken too."""

    def _read(self, name: str, value: Any) -> str:
        said = "x".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        if not isinstance(said, str):
            raise LandscapeError(f"{name} must be a text: {cut(value)} came")
        parse_size(one_line(name, said))
        return said


def _chosen(name: str, value: str, choices: Names) -> str:
    known = tuple(choices() if callable(choices) else choices)
    if known and value not in known:
        raise unknown_name(name, value, known)
    return value


def key_of(one: Field[Any]) -> Key:
    """Return the key of a dataclass's field."""
    found = one.metadata["key"]
    assert isinstance(found, Key)
    return found


# The functions below stand where a dataclass has its defaults.


def number_key(default: float | None, low: float, high: float, help: str, **more: Any) -> Any:
    """Return the field of a number; `more` are attributes of Key."""
    return _field(default, Number(low=low, high=high, help=help, **more))


def whole_key(default: int | None, low: int, high: int, help: str, **more: Any) -> Any:
    """Return the field of a whole number."""
    return _field(default, Whole(low=low, high=high, help=help, **more))


def flag(default: bool, help: str, **more: Any) -> Any:
    """Return the field of something that is or is not."""
    return _field(default, Flag(help=help, **more))


def text(default: str | None, help: str, **more: Any) -> Any:
    """Return the field of a text."""
    return _field(default, Text(help=help, **more))


def texts(default: tuple[str, ...], help: str, **more: Any) -> Any:
    """Return the field of several texts."""
    return _field(default, Texts(help=help, **more))


def size(default: str, help: str, **more: Any) -> Any:
    """Return the field of a picture's size."""
    return _field(default, Size(help=help, **more))


def _field(default: Any, key: Key) -> Any:
    return field(default=default, metadata={"key": key})
