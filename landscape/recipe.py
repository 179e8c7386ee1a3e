"""The recipe: everything that a picture depends on, as one value that TOML can hold."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from landscape._version import __version__
from landscape.errors import LandscapeError, unknown_name
from landscape.style import LEVEL_KINDS, THEMES, parse_size

__all__ = ["AGAINST", "ARROWS", "CURVES", "FILM_FORMATS", "STILL_FORMATS", "Recipe"]

FILM_FORMATS = ("gif", "mp4", "webm", "webp", "apng", "frames")
STILL_FORMATS = ("png", "svg", "pdf")
CURVES = ("loss", "gradient", "rate")
ARROWS = ("gradient", "velocity", "step")
AGAINST = ("steps", "epochs", "evaluations")
_MOST_STARTS = 64
# Keys that only a film has: a still is the same whatever they say.
_FILM_KEYS = ("fps", "speed", "hold", "loop", "colors")


@dataclass(frozen=True)
class Recipe:
    """What a picture depends on; what is None is filled in before the picture is made.

    Attributes:
      kind        "film" or "still"
      surface     name with options, or formula
      optimizers  one text for each path, such as "momentum:lr=0.02,mu=0.9"
      start       (x, y) of every path
      starts      further starts: each rule walks from every one
      fan         so many starts on a ring in the picture, 0 for none
      steps       how many steps each rule takes
      schedule    learning rate by name or as a formula of lr0 and t, "" for a constant one
      batch       examples of a data surface that each gradient is measured on, None for all
      batch_lines contours of the current batch's own loss
      noise, seed standard deviation of the noise on every gradient, and its seed
      grid        "key=value,value": a panel for each value of a hyper-parameter, or of a parameter
                  of the surface; "" for one panel
      bounds      (x0, x1, y0, y1) that the axes show
      levels      "auto", "log", "power", "quantile" or "linear"
      count       how many steps between levels
      fill        filled contours, or lines alone
      marks       minima, saddles and the start
      legend      names, rates and losses
      title       None for the formula, "" for none
      caption     a line beneath the title, "" for none
      arrows      "gradient", "velocity" and "step" (of each coordinate) at the heads
      curves      strips of "loss", "gradient" (its norm) and "rate", over the steps of the film
      against     what the curves are drawn over: "steps", "epochs" or "evaluations"
      beside      the curves beneath the legend, not beneath the axes
      theme       "light" or "dark"
      size        a name such as "slide", or "800x600"
      fps         frames a second; None for one that makes the film last about eight seconds
      speed       steps from one frame to the next
      hold        seconds that the last frame stays
      loop        how often the film plays, 0 for ever
      scale       pixels of the film for one of `size`, at most 1
      colors      colours of the film's palette (GIF), at most 256
      format      the film's or still's format
    """

    kind: Literal["film", "still"] = "film"
    surface: str = "ravine"
    optimizers: tuple[str, ...] = ()
    start: tuple[float, float] | None = None
    starts: tuple[tuple[float, float], ...] = ()
    fan: int = 0
    steps: int | None = None
    schedule: str = ""
    batch: int | None = None
    batch_lines: bool = False
    noise: float = 0.0
    seed: int = 0
    grid: str = ""
    bounds: tuple[float, float, float, float] | None = None
    levels: str = "auto"
    count: int = 18
    fill: bool = True
    marks: bool = True
    legend: bool = True
    title: str | None = None
    caption: str = ""
    arrows: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()
    against: str = "steps"
    beside: bool = False
    theme: str = "light"
    size: str = "slide"
    fps: float | None = None
    speed: int = 1
    hold: float = 2.0
    loop: int = 0
    scale: float = 1.0
    colors: int = 256
    format: str = "gif"

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _checked(field.name, getattr(self, field.name)))
        formats = FILM_FORMATS if self.kind == "film" else STILL_FORMATS
        if self.format not in formats:
            raise unknown_name(f"{self.kind} format", self.format, formats)

    def with_(self, **changes: Any) -> Recipe:
        """Return the recipe with some values changed."""
        return replace(self, **changes)

    # -- TOML --------------------------------------------------------------------------------

    def to_toml(self) -> str:
        """Return the recipe as TOML; values that are None are left out."""
        import tomli_w

        table: dict[str, Any] = {"landscape": __version__}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                table[field.name] = _listed(value)
        return tomli_w.dumps(table)

    @classmethod
    def from_toml(cls, text: str, source: str = "recipe") -> Recipe:
        """Return the recipe that `text` holds; `source` names it in errors.

        Raises LandscapeError if the text is no TOML, or has unknown keys or wrong values.
        """
        if len(text) > _LONGEST_TOML:
            raise LandscapeError(f"{source} is no recipe: it has {len(text)} characters")
        try:
            table = tomllib.loads(text)
        except (ValueError, RecursionError) as problem:  # a number of 5000 digits is a ValueError
            raise LandscapeError(f"{source} is no TOML: {problem}") from None
        return cls.from_table(table, source)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], source: str = "recipe") -> Recipe:
        """Return the recipe that a table of TOML holds."""
        known = [field.name for field in fields(cls)]
        given = {key: value for key, value in table.items() if key != "landscape"}
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
        words = ["landscape", "animate" if self.kind == "film" else "plot"]
        # With "=", so that a text that begins with a dash is no option.
        words.append(f"--surface={self.surface}")
        words += [f"--opt={optimizer}" for optimizer in self.optimizers]
        default = Recipe(kind=self.kind, format="gif" if self.kind == "film" else "png")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("kind", "surface", "optimizers", "format"):
                continue
            if self.kind == "still" and field.name in _FILM_KEYS:
                continue
            if value is None or value == getattr(default, field.name):
                continue
            flag = f"--{field.name.replace('_', '-')}"
            if isinstance(value, bool):
                words.append(flag if value else f"--no-{field.name}")
            elif field.name in ("curves", "arrows"):
                words += [f"{flag[:-1]}={part}" for part in value]
            elif field.name == "starts":
                words += [f"--start={','.join(map(_short, point))}" for point in value]
            elif isinstance(value, tuple):
                words.append(f"{flag}={','.join(_short(part) for part in value)}")
            else:
                words.append(f"{flag}={_short(value)}")
        if self.format != default.format:
            words += ["-o", "frames/" if self.format == "frames" else f"picture.{self.format}"]
        return shlex.join(words)


def _listed(value: Any) -> Any:
    """Return a value with lists for tuples, as TOML has them."""
    return [_listed(part) for part in value] if isinstance(value, tuple) else value


def _short(value: Any) -> str:
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def _cut(value: Any) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a huge number"
    return text if len(text) <= 60 else f"{text[:57]}…"


def _number(name: str, value: Any, low: float, high: float) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    # NaN fails the comparison, and a whole number of any length passes through it unharmed.
    if not number or not low <= value <= high:
        raise LandscapeError(
            f"{name} must be a number from {low:g} to {high:g}: {_cut(value)} came"
        )
    return float(value)


def _whole(name: str, value: Any, low: int, high: int) -> int:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high or value != int(value):
        raise LandscapeError(
            f"{name} must be a whole number from {low} to {high}: {_cut(value)} came"
        )
    return int(value)


def _text(name: str, value: str) -> str:
    """Return a text that fits on one line of a command and into the metadata of a picture."""
    if name in ("surface", "optimizers", "schedule"):
        # Statements may stand on lines of their own; written with ";" they are the same.
        lines = [part.strip().rstrip(";") for part in value.splitlines()]
        value = "; ".join(part for part in lines if part) if len(lines) > 1 else value
    if not value.isprintable():
        bad = next(letter for letter in value if not letter.isprintable())
        raise LandscapeError(f"{name} has {bad!a} in it, which cannot be printed; remove it")
    if len(value) > _LONGEST_TEXT:
        raise LandscapeError(
            f"{name} has {len(value)} characters: {_LONGEST_TEXT} is the most that is read"
        )
    return value


def _bounds(numbers: tuple[float, ...]) -> tuple[float, ...]:
    x0, x1, y0, y1 = numbers
    if not (x0 < x1 and y0 < y1):
        raise LandscapeError(f"bounds need x0 < x1 and y0 < y1: {x0:g},{x1:g},{y0:g},{y1:g} came")
    for low, high in ((x0, x1), (y0, y1)):
        # A picture needs some thousand different numbers between its edges.
        if high - low < max(1e-100, 1e-10 * max(abs(low), abs(high))):
            raise LandscapeError(f"bounds from {low!r} to {high!r} are too narrow for a picture")
    return numbers


_NUMBERS = {"noise": (0, 1e12), "fps": (0.1, 100), "hold": (0, 600), "scale": (0.1, 1)}
_WHOLES = {
    "steps": (1, 10_000_000),
    "batch": (1, 10_000_000),
    "fan": (0, 64),
    "seed": (0, 2**63 - 1),
    "count": (2, 100),
    "speed": (1, 1_000_000),
    "loop": (0, 65_535),
    "colors": (8, 256),
}
_CHOICES = {
    "kind": ("film", "still"),
    "levels": LEVEL_KINDS,
    "theme": tuple(THEMES),
    "against": AGAINST,
}
# A formula may have 4000 characters; the rest are a rule's numbers and its label.
_LONGEST_TEXT = 5000
_LONGEST_TOML = 1_000_000
_LENGTHS = {"start": 2, "bounds": 4}


def _distinct(name: str, parts: Sequence[str]) -> tuple[str, ...]:
    known = CURVES if name == "curves" else ARROWS
    for part in parts:
        if part not in known:
            raise unknown_name(name[:-1], part, known)
    if len(set(parts)) < len(parts):
        raise LandscapeError(f"each {name[:-1]} stands once in a picture: {', '.join(parts)} came")
    return tuple(parts)


def _starts(value: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, (list, tuple)) or len(value) > _MOST_STARTS:
        raise LandscapeError(f"starts must be at most {_MOST_STARTS} points: {_cut(value)} came")
    found = []
    for point in value:
        if not isinstance(point, (list, tuple)) or len(point) != 2:
            raise LandscapeError(f"each of the starts must be 2 numbers: {_cut(point)} came")
        x, y = (_number("a start", part, -1e150, 1e150) for part in point)
        found.append((x, y))
    return tuple(found)


def _checked(name: str, value: Any) -> Any:
    """Return the value of one key in its own type, or raise the error that says what it must be."""
    if value is None and name in ("start", "steps", "batch", "bounds", "title", "fps"):
        return None
    if name in _NUMBERS:
        return _number(name, value, *_NUMBERS[name])
    if name in _WHOLES:
        return _whole(name, value, *_WHOLES[name])
    if name in _LENGTHS:
        if not isinstance(value, (list, tuple)) or len(value) != _LENGTHS[name]:
            raise LandscapeError(f"{name} must be {_LENGTHS[name]} numbers: {_cut(value)} came")
        numbers = tuple(_number(name, part, -1e150, 1e150) for part in value)
        return _bounds(numbers) if name == "bounds" else numbers
    if name in ("optimizers", "curves", "arrows"):
        parts = [value] if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)) or not all(isinstance(p, str) for p in parts):
            raise LandscapeError(f"{name} must be a list of texts: {_cut(value)} came")
        if name != "optimizers":
            return _distinct(name, parts)
        return tuple(_text(name, part) for part in parts)
    if name == "starts":
        return _starts(value)
    if name in ("fill", "marks", "legend", "beside", "batch_lines"):
        if not isinstance(value, bool):
            raise LandscapeError(f"{name} must be true or false: {_cut(value)} came")
        return value
    if name == "size" and isinstance(value, (list, tuple)):
        value = "x".join(str(part) for part in value)
    if not isinstance(value, str):
        raise LandscapeError(f"{name} must be a text: {_cut(value)} came")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise unknown_name(name, value, _CHOICES[name])
    if name == "size":
        parse_size(value)
    return _text(name, value)
