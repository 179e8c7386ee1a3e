"""What a picture of maps of settings depends on, and the map of one rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.keys import flag, number_key, text, whole_key
from landscape.maps.borders import Border, Marked
from landscape.maps.stability import AVERAGES, StabilityMap
from landscape.pictures.run_keys import OnSurface, borrowed

if TYPE_CHECKING:
    from landscape.optimizers.rule import Rule

    Progress = Callable[[int, int], None]

__all__ = ["Panel", "StabilityRecipe"]


_MOST = 4


@dataclass(frozen=True, kw_only=True, repr=False)
class StabilityRecipe(OnSurface):
    """What a map of settings depends on.

    Attributes, beside those of OnSurface:
      optimizers  rules, a panel each
      x           the number across: "lr=0.001:0.2", "lr" for its usual range, "" for lr
      y           the number upwards: "mu=0:0.99", "" for the rule's own
      columns     cells across
      rows        cells upwards
      metric      "loss" at the end, or "steps" until a path has arrived
      average     how the results from several starts become one: "median", "mean" or "worst"
      tolerance   how small gradient and movement are where a path has arrived
      theory      the border and the optimum of theory
      best        a mark at the best cell
    """

    picture = "stability"

    optimizers: tuple[str, ...] = borrowed(
        "optimizers",
        default=("momentum",),
        help="An update rule: momentum, adam:beta1=0.8, or 'p = p - lr*g'. Repeat it for panels "
        "side by side.",
        distinct=True,
        most=_MOST,
    )
    x: str = text(
        "",
        "The number across and its range, such as lr=0.001:0.2; lr if left out. :log, :linear or "
        ":near1 behind it spaces it so.",
        metavar="NAME=LOW:HIGH",
    )
    y: str = text(
        "",
        "The number upwards, such as mu=0:0.99, or a parameter of the surface, such as kappa; the "
        "rule's own if left out. A rule that has none, such as gd, is a strip beside the others.",
        metavar="NAME=LOW:HIGH",
    )
    columns: int = whole_key(320, 8, 4000, "Cells across.")
    rows: int = whole_key(200, 8, 4000, "Cells upwards.")
    metric: str = text(
        "loss",
        "What the colours are: the loss at the end, or the steps until a path has arrived.",
        choices=("loss", "steps"),
    )
    average: str = text("median", "What counts of several starts.", choices=AVERAGES)
    tolerance: float = number_key(
        1e-6, 0, 1e6, "A path has arrived where gradient and movement are no larger."
    )
    theory: bool = flag(True, "The border of stability and the optimum that theory has.")
    best: bool = flag(True, "A mark at the best cell.")

    def _check(self) -> None:
        super()._check()
        if not self.optimizers:
            raise LandscapeError("a map of settings needs an optimizer: add --opt momentum")

    def _verb(self) -> str:
        return "map stability"

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small; called before long work begins."""
        from landscape.pictures.stability_page import plan, usual_lines

        said = {"best": self.best, "theory": self.theory}
        plan(self, [usual_lines(one, **said) for one in self.optimizers])


@dataclass(frozen=True, eq=False)
class Panel:
    """The map of one rule.

    Attributes: `border` of theory; `optima` of theory, each with the rate that was measured;
    `best`, (row, column) of the best cell, None if there is none; `held`, the parameter of the
    surface, with its value, at which that is the best: it is no setting to choose; None where the
    map varies nothing else.
    """

    rule: Rule
    map: StabilityMap
    border: Border | None
    optima: tuple[tuple[Marked, float | None], ...]
    best: tuple[int, int] | None
    held: dict[str, float] | None

    def best_settings(self) -> dict[str, float]:
        """Return the settings of the best cell."""
        values = {} if self.best is None else self.map.settings(*self.best)
        return {name: one for name, one in values.items() if name not in (self.held or {})}
