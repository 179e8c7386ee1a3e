"""The recipe: everything that a picture depends on, as one value that TOML can hold."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from landscape._version import __version__
from landscape.errors import LandscapeError, unknown_name
from landscape.recipe_keys import AGAINST, ARROWS, CURVES, LONGEST_TOML, checked
from landscape.values import short

__all__ = [
    "AGAINST",
    "ARROWS",
    "CURVES",
    "FILM_FORMATS",
    "STILL_FORMATS",
    "Recipe",
    "listed",
    "read_toml",
]

FILM_FORMATS = ("gif", "mp4", "webm", "webp", "apng", "frames")
STILL_FORMATS = ("png", "svg", "pdf")
# Keys that only a film has: a still is the same whatever they say.
_FILM_KEYS = ("fps", "speed", "hold", "loop", "colors")


@dataclass(frozen=True)
class Recipe:
    """What a picture depends on; what is None is filled in before the picture is made.

    Attributes:
      kind        "film" or "still"
      surface     name with options, or formula
      table       the data of a surface that a CSV file makes, "" for what the file has now: CSV of
                  the columns used, or that compressed, or its SHA-256
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
    table: str = field(default="", repr=False)
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
        for one in fields(self):
            object.__setattr__(self, one.name, checked(one.name, getattr(self, one.name)))
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

        said: dict[str, Any] = {"landscape": __version__}
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None and not (one.name == "table" and not value):
                said[one.name] = listed(value)
        # Lines of a table as lines; no other text has more than one.
        return tomli_w.dumps(said, multiline_strings=True)

    @classmethod
    def from_toml(cls, text: str, source: str = "recipe") -> Recipe:
        """Return the recipe that `text` holds; `source` names it in errors.

        Raises LandscapeError if the text is no TOML, or has unknown keys or wrong values.
        """
        return cls.from_table(read_toml(text, source), source)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], source: str = "recipe") -> Recipe:
        """Return the recipe that a table of TOML holds."""
        known = [one.name for one in fields(cls)]
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
        """Return the command line that makes this picture; a CSV file has to be there for it."""
        words = ["landscape", "animate" if self.kind == "film" else "plot"]
        # With "=", so that a text that begins with a dash is no option.
        words.append(f"--surface={self.surface}")
        words += [f"--opt={optimizer}" for optimizer in self.optimizers]
        default = Recipe(kind=self.kind, format="gif" if self.kind == "film" else "png")
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in ("kind", "surface", "table", "optimizers", "format"):
                continue
            if self.kind == "still" and one.name in _FILM_KEYS:
                continue
            if value is None or value == getattr(default, one.name):
                continue
            flag = f"--{one.name.replace('_', '-')}"
            if isinstance(value, bool):
                words.append(flag if value else f"--no-{one.name}")
            elif one.name in ("curves", "arrows"):
                words += [f"{flag[:-1]}={part}" for part in value]
            elif one.name == "starts":
                words += [f"--start={','.join(map(short, point))}" for point in value]
            elif isinstance(value, tuple):
                words.append(f"{flag}={','.join(short(part) for part in value)}")
            else:
                words.append(f"{flag}={short(value)}")
        if self.format != default.format:
            words += ["-o", "frames/" if self.format == "frames" else f"picture.{self.format}"]
        return shlex.join(words)


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
