"""What a key of a recipe may hold: a number, a choice, points, texts, …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.style import parse_size
from landscape.values import cut, many_lines, number, one_line, short, whole

__all__ = [
    "Batch",
    "Bounds",
    "Flag",
    "Key",
    "Lines",
    "Number",
    "Numbers",
    "Points",
    "Size",
    "Text",
    "Texts",
    "Whole",
]

Names = tuple[str, ...] | Callable[[], Iterable[str]]
Limits = tuple[tuple[float, float], ...]


# Nobody prints or compares keys, and what nobody calls would take every command time to make.
@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Key:
    """One key of a recipe.

    Attributes:
      help      a sentence for the command's help
      option    the option's name where it is not the key's, "-" for a key without an option; the
                later of two keys with one option has what it says from the second time on
      also      other names of the option
      metavar   what the help shows for its value
      shown     whether the help shows the default; None: if it is not empty or 0
      film      whether only films have it
      optional  whether it may be None, which no recipe file can say
      always    whether a command says it even where it is the default
    """

    help: str
    option: str = ""
    also: tuple[str, ...] = ()
    metavar: str = ""
    shown: bool | None = None
    film: bool = False
    optional: bool = False
    always: bool = False

    def read(self, name: str, value: Any) -> Any:
        """Return the value in its own type; LandscapeError if it is none of this key's."""
        return None if value is None and self.optional else self._read(name, value)

    def said(self, value: Any) -> str:
        """Return the value as a command line says it."""
        return short(value)

    def words(self, option: str, value: Any) -> list[str]:
        """Return the words of a command line that give `option` the value."""
        # With "=", so that a text that begins with a dash is no option.
        return [f"{option}={self.said(value)}"]

    def _read(self, name: str, value: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Number(Key):
    """A number from `low` to `high`."""

    low: float
    high: float

    def _read(self, name: str, value: Any) -> float:
        return number(name, value, self.low, self.high)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Whole(Key):
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def _read(self, name: str, value: Any) -> int:
        return whole(name, value, self.low, self.high)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
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


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Numbers(Key):
    """Several numbers, each within its own `limits`; `parts`, if there are any, name them."""

    limits: Limits
    parts: tuple[str, ...] = ()

    def said(self, value: Any) -> str:
        """Return the numbers with commas between them."""
        return ",".join(map(short, value))

    def _read(self, name: str, value: Any) -> tuple[float, ...]:
        several = isinstance(value, (list, tuple))
        if not several or len(value) != len(self.limits):
            raise LandscapeError(f"{name} must be {len(self.limits)} numbers: {cut(value)} came")
        names = [f"the {part} of {name}" for part in self.parts] or [name] * len(value)
        return tuple(
            number(one, part, *limits)
            for one, part, limits in zip(names, value, self.limits, strict=True)
        )


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Bounds(Numbers):
    """The edges x0, x1, y0, y1 of a domain, wide enough for a picture."""

    def _read(self, name: str, value: Any) -> tuple[float, ...]:
        numbers = super()._read(name, value)
        x0, x1, y0, y1 = numbers
        if not (x0 < x1 and y0 < y1):
            raise LandscapeError(
                f"{name} need x0 < x1 and y0 < y1: {x0:g},{x1:g},{y0:g},{y1:g} came"
            )
        for low, high in ((x0, x1), (y0, y1)):
            # A picture needs some thousand different numbers between its edges.
            if high - low < max(1e-100, 1e-10 * max(abs(low), abs(high))):
                raise LandscapeError(
                    f"{name} from {low!r} to {high!r} are too narrow for a picture"
                )
        return numbers


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Points(Key):
    """At most `most` points, each within `limits`; `singular` names one of them."""

    limits: Limits
    singular: str
    most: int

    def words(self, option: str, value: Any) -> list[str]:
        """Return the option once for each point."""
        return [f"{option}={','.join(map(short, point))}" for point in value]

    def _read(self, name: str, value: Any) -> tuple[tuple[float, ...], ...]:
        if not isinstance(value, (list, tuple)) or len(value) > self.most:
            raise LandscapeError(f"{name} must be at most {self.most} points: {cut(value)} came")
        count = len(self.limits)
        for point in value:
            if not isinstance(point, (list, tuple)) or len(point) != count:
                raise LandscapeError(
                    f"each of the {name} must be {count} numbers: {cut(point)} came"
                )
        return tuple(
            tuple(
                number(f"a {self.singular}", part, *limits)
                for part, limits in zip(point, self.limits, strict=True)
            )
            for point in value
        )


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Flag(Key):
    """True or false.

    `without` is the option that says false: "" for --no-KEY, "-" for none, as false is the default.
    """

    without: str = ""

    def words(self, option: str, value: Any) -> list[str]:
        """Return the option that says true or the one that says false."""
        return [option if value else self.denial(option)]

    def denial(self, option: str) -> str:
        """Return the option that says false, "" if there is none."""
        if self.without == "-":
            return ""
        return self.without or f"--no-{option.removeprefix('--')}"

    def _read(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise LandscapeError(f"{name} must be true or false: {cut(value)} came")
        return value


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Text(Key):
    """A text on one line, one of `choices` if there are any.

    Of `statements` that stand on lines of their own one line is made, with ";" between them.
    """

    choices: Names = ()
    statements: bool = False

    def _read(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise LandscapeError(f"{name} must be a text: {cut(value)} came")
        value = _joined(value) if self.statements else value
        return _chosen(name, one_line(name, value), self.choices)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Lines(Key):
    """A text of any number of lines, which no command line can say; no file says an empty one."""

    def _read(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise LandscapeError(f"{name} must be a text: {cut(value)} came")
        return many_lines(name, value)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Texts(Key):
    """Texts, on the command line an option that is repeated; `singular` names one of them.

    They are all different if `distinct`, and at most `most`, None for any number.
    """

    singular: str = ""
    distinct: bool = True
    choices: Names = ()
    most: int | None = 16
    statements: bool = False

    def words(self, option: str, value: Any) -> list[str]:
        """Return the option once for each text."""
        return [f"{option}={part}" for part in value]

    def _read(self, name: str, value: Any) -> tuple[str, ...]:
        parts: Sequence[Any] = [value] if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)) or not all(isinstance(p, str) for p in parts):
            raise LandscapeError(f"{name} must be a list of texts: {cut(value)} came")
        if self.most is not None and len(parts) > self.most:
            raise LandscapeError(f"{name} has at most {self.most} entries: {len(parts)} came")
        one = self.singular or name
        texts = [_joined(part) for part in parts] if self.statements else parts
        found = tuple(_chosen(one, one_line(one, part), self.choices) for part in texts)
        if self.distinct and len(set(found)) < len(found):
            raise LandscapeError(f"each {one} stands once in a picture: {', '.join(found)} came")
        return found


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Size(Key):
    """A picture's size: a name of SIZES or pixels such as "800x600"; a pair is taken too."""

    def _read(self, name: str, value: Any) -> str:
        said = "x".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        if not isinstance(said, str):
            raise LandscapeError(f"{name} must be a text: {cut(value)} came")
        parse_size(one_line(name, said))
        return said


def _joined(text: str) -> str:
    """Return statements on lines of their own as one line; with ";" they are the same."""
    lines = [part.strip().rstrip(";") for part in text.splitlines()]
    return "; ".join(part for part in lines if part) if len(lines) > 1 else text


def _chosen(name: str, value: str, choices: Names) -> str:
    known = tuple(choices() if callable(choices) else choices)
    if known and value not in known:
        raise unknown_name(name, value, known)
    return value
