"""The recipe: everything that a picture depends on, as one value that TOML can hold."""

from __future__ import annotations

from dataclasses import Field, dataclass
from typing import Any, Literal

from landscape.errors import LandscapeError
from landscape.keys import (
    bounds_key,
    flag,
    lines,
    number_key,
    numbers_key,
    points_key,
    size,
    text,
    texts,
    whole_key,
)
from landscape.space_keys import SpaceKeys
from landscape.style import LEVEL_KINDS, THEMES

__all__ = ["Recipe"]

_PLACE = (-1e150, 1e150)
_MOST_STARTS = 64


@dataclass(frozen=True, repr=False)
class Recipe(SpaceKeys):
    """What a picture depends on; what is None is filled in before the picture is made.

    Attributes, beside those of SpaceKeys:
      kind        "film" or "still"
      surface     name with options, or formula
      table       the data of a surface that a CSV file makes, "" for what the file has now: CSV of
                  the columns used, or that compressed, or its SHA-256
      optimizers  one text for each path, such as "momentum:lr=0.02,mu=0.9"
      start       (x, y) of every path
      starts      further starts: each rule walks from every one
      fan         so many starts on a ring in the picture, 0 for none
      steps       how many steps each rule takes
      lr          "auto" for a fair search over all rules, "auto,mu" for one over mu as well; "" for
                  what the rules and the lesson say
      schedule    learning rate by name or as a formula of lr0 and t, "" for a constant one
      batch       examples of a data surface that each gradient is measured on, None for all
      batch_lines contours of the current batch's own loss
      noise       standard deviation of the noise on every gradient
      seed        of the noise and the batches
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

    # The order is that of recipe files, and of the options but for films' alone, which come later.
    # What decides the paths stands before the looks, up to `bounds`.
    kind: Literal["film", "still"] = text(
        "film", "Whether it moves.", choices=("film", "still"), option="-"
    )
    surface: str = text(
        "ravine",
        "A name ('landscape surfaces' lists them), NAME:key=value, a model on data such as "
        "data:diabetes or data:mine.csv,target=y, or a formula of x and y.",
        also=("-s",),
        metavar="NAME|FORMULA",
        statements=True,
        always=True,
    )
    table: str = lines("What was read of the user's file.")
    optimizers: tuple[str, ...] = texts(
        (),
        "An update rule: momentum, momentum:lr=0.02,mu=0.9, or 'p = p - lr*g'. "
        "Repeat it for several; left out, a film shows those of the surface's lesson.",
        option="--opt",
        singular="optimizer",
        metavar="NAME|RULE",
        statements=True,
        distinct=False,
        most=None,
    )
    start: tuple[float, float] | None = numbers_key(
        None, (_PLACE, _PLACE), "Where the paths begin.", metavar="X,Y", optional=True
    )
    starts: tuple[tuple[float, float], ...] = points_key(
        _PLACE,
        "Where the paths begin. Repeat it for several starts.",
        option="--start",
        singular="start",
        metavar="X,Y",
        most=_MOST_STARTS,
    )
    fan: int = whole_key(
        0, 0, 64, "So many starts on a ring in the picture, told apart by the minima they find."
    )
    steps: int | None = whole_key(
        None, 1, 10_000_000, "How many steps each rule takes.", optional=True
    )
    lr: str = text(
        "",
        "auto searches the best rate of every rule alike: the same number of tries, the steps and "
        "starts that are drawn, the lowest loss at the end (no fluke: it counts at most ten times "
        "better than at rates 2 % beside). A written rate stays; auto,mu searches mu too.",
        metavar="auto[,NAME…]",
    )
    schedule: str = text(
        "",
        "How the learning rate changes: cosine, step:gamma=0.5,s=40 ('landscape schedules' "
        "lists them), or a formula of lr0 and t (from 0), such as 'lr0/(1 + 0.05*t)'.",
        metavar="NAME|FORMULA",
        statements=True,
    )
    batch: int | None = whole_key(
        None,
        *(1, 10_000_000),
        "Examples of a data surface for each gradient; all if left out.",
        optional=True,
    )
    batch_lines: bool = flag(
        False, "Draw the contours of the current batch's own loss.", without="-"
    )
    noise: float = number_key(0.0, 0, 1e12, "Standard deviation of noise on every gradient.")
    seed: int = whole_key(0, 0, 2**63 - 1, "Seed of noise and batches.", shown=True)
    grid: str = text(
        "",
        "A panel for each value of one parameter of the rules or the surface, such as "
        "mu=0.5,0.9,0.99 or kappa=5,50. Panels are treated alike: a rule without lr has the "
        "lesson's in all of them or one searched for in each.",
        metavar="KEY=VALUE,…",
    )
    bounds: tuple[float, float, float, float] | None = bounds_key(
        _PLACE, "The domain shown.", metavar="X0,X1,Y0,Y1"
    )
    levels: str = text("auto", "How contour levels are spaced.", choices=LEVEL_KINDS)
    count: int = whole_key(18, 2, 100, "How many levels.")
    fill: bool = flag(True, "Filled contours, or lines alone.")
    marks: bool = flag(True, "Minima, saddles and the start.")
    legend: bool = flag(True, "Names, rates, step and losses.")
    title: str | None = text(
        None, "Heading in place of the name and formula; '' for none.", optional=True
    )
    caption: str = text("", "A line beneath the heading.")
    arrows: tuple[str, ...] = texts(
        (),
        "Arrows at the heads: minus rate times gradient, the last movement, the next step of "
        "each coordinate. Repeat it for several.",
        option="--arrow",
        singular="arrow",
        choices=("gradient", "velocity", "step"),
    )
    curves: tuple[str, ...] = texts(
        (),
        "A strip with the loss, the gradient's norm or the rate. Repeat it for several.",
        option="--curve",
        also=("--panel",),
        singular="curve",
        choices=("loss", "gradient", "rate"),
    )
    against: str = text(
        "steps", "What the curves are drawn over.", choices=("steps", "epochs", "evaluations")
    )
    beside: bool = flag(False, "Where the curves stand.", without="--beneath")
    theme: str = text("light", "Colours of the picture.", choices=tuple(THEMES))
    size: str = size(
        "slide", "slide 1280x720, hd, square, wide, cs231n 620x480, or pixels such as 800x600."
    )
    fps: float | None = number_key(
        None,
        *(0.1, 100),
        "Frames a second; 10 to 25 for about eight seconds if left out.",
        film=True,
        optional=True,
    )
    speed: int = whole_key(1, 1, 1_000_000, "Steps a frame.", film=True)
    hold: float = number_key(2.0, 0, 600, "Seconds the last frame stays.", film=True)
    loop: int = whole_key(0, 0, 65_535, "Times to play; 0 for ever.", film=True, shown=True)
    scale: float = number_key(1.0, 0.1, 1, "Shrink the picture to this share.")
    colors: int = whole_key(256, 8, 256, "Palette of a GIF.", film=True)
    format: str = text("gif", "The file's format.", option="-")

    def _check(self) -> None:
        super()._check()
        if self.lr and self.searched[0] != "auto":
            raise LandscapeError(
                f"lr is auto, or auto and what else is searched, such as auto,mu: {self.lr!r} "
                "came; one rule's rate stands behind it, as in gd:lr=0.01"
            )
        varied = self.grid.partition("=")[0].strip()
        if self.lr and varied in ("lr", *self.searched[1:]):
            raise LandscapeError(
                f"a grid over {varied} and a search for it are at odds: leave one of them out"
            )
        if self.view == "both" and self.grid:
            raise LandscapeError(
                "a grid has no room for two views of each panel: take --view 3d, or leave --grid "
                "out"
            )

    @property
    def searched(self) -> list[str]:
        """The parts of `lr`: "auto", and what is searched beside the rate."""
        return [part.strip() for part in self.lr.split(",")]

    def _told(self) -> list[Field[Any]]:
        # What was found stands with the rules: a finished recipe has no search.
        return [one for one in super()._told() if one.name != "lr" or self.lr]

    def _verb(self) -> str:
        return "animate" if self.kind == "film" else "plot"

    def _usual_format(self) -> str:
        return "gif" if self.kind == "film" else "png"
