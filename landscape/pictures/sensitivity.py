"""How much a rule's result depends on its learning rate: the last loss against it, all rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.keys import flag, text, whole_key
from landscape.maps.axes import Axis, parse_axis, tidy
from landscape.maps.stability import AVERAGES, average
from landscape.maps.trials import Trials
from landscape.maps.tune import Budget, Tuned, tune_fairly
from landscape.maps.valleys import RULE
from landscape.pictures.on_surface import Setting, settle_setting, settled
from landscape.pictures.ready import Redrawn
from landscape.pictures.run_keys import OnSurface, borrowed
from landscape.pictures.words import short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.files import AnyPath
    from landscape.optimizers.lookup import Optimizer
    from landscape.optimizers.rule import Rule
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["FAN", "RULES", "Curve", "Sensitivity", "SensitivityRecipe", "prepare"]

RULES = ("gd", "momentum", "nesterov", "rmsprop", "adam")
"""Those that are compared if none is named."""
FAN = 8
"""How many starts on a ring there are if none is given."""

_MOST = 8
# How far the axis goes on beyond the best rates.
_BEYOND = 200.0


@dataclass(frozen=True, kw_only=True, repr=False)
class SensitivityRecipe(OnSurface):
    """What a picture of losses against learning rates depends on.

    Attributes, beside those of OnSurface:
      optimizers  rules, a line each
      rates       "LOW:HIGH" of the learning rates, "" for what lies around the best ones
      count       how many rates
      average     what counts of several starts: "median", "mean" or "worst"
      band        the tenth to the ninetieth percentile over the starts
      best        a mark at the best rate of each rule
    """

    picture = "sensitivity"

    optimizers: tuple[str, ...] = borrowed(
        "optimizers",
        default=RULES,
        help="An update rule: momentum, adam:beta1=0.8, or 'p = p - lr*g'. Repeat it for several.",
        distinct=True,
        most=_MOST,
    )
    steps: int | None = borrowed(
        "steps", help="How many steps each path takes; those of the surface's lesson if left out."
    )
    rates: str = text(
        "",
        "Learning rates, such as 1e-4:10; what lies around the best ones if left out.",
        metavar="LOW:HIGH",
    )
    count: int = whole_key(241, 8, 2000, "How many rates.")
    average: str = text("median", "What counts of several starts.", choices=AVERAGES)
    band: bool = flag(True, "The tenth to the ninetieth percentile over the starts.")
    best: bool = flag(True, "A mark at the best rate of each rule.")

    def _check(self) -> None:
        super()._check()
        if not self.optimizers:
            raise LandscapeError("a picture of rates needs an optimizer: add --opt adam")
        if self.rates:
            self.axis()

    def axis(self) -> Axis:
        """Return the axis of the rates of a recipe that has them."""
        _, found = parse_axis(f"lr={self.rates}", ["lr"], "--rates")
        assert found is not None
        return found

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small; called before long work begins."""
        from landscape.pictures.sensitivity_page import plan

        plan(self, len(self.optimizers))


@dataclass(frozen=True, eq=False)
class Curve:
    """What a rule does at every rate.

    Attributes: `best`, the rate that the search finds, and its loss `least`; `rates` (n,); `loss`
    (n,), what counts of the starts, infinite where it diverged or left the domain on the way; `raw`
    (n,), infinite where it diverged alone; `low` and `high` (n,), the ends of the band.
    """

    rule: Rule
    best: float
    least: float
    rates: Array
    loss: Array
    raw: Array
    low: Array
    high: Array


class Sensitivity(Redrawn):
    """Losses against learning rates, ready to be drawn."""

    alike = True

    def __init__(
        self, recipe: SensitivityRecipe, setting: Setting, budget: Budget, curves: tuple[Curve, ...]
    ) -> None:
        self.recipe: SensitivityRecipe = recipe
        self.setting, self.budget, self.curves = setting, budget, curves
        where = setting.surface.name
        self.name = f"{where if where.isidentifier() else 'surface'}-sensitivity"

    def numbers(self) -> list[str]:
        """Return the budget, and the best rate of each rule."""
        found = [
            f"best of {self.budget.settings} rates for each rule, {self.budget.paths} ({RULE})"
        ]
        return found + [f"{one.rule.label}: {said_best(one)}" for one in self.curves]


def prepare(
    recipe: SensitivityRecipe,
    *,
    surface: Surface | None = None,
    rules: Sequence[Optimizer | str] | None = None,
    folder: AnyPath | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Compute the curves of a recipe.

    Parameters: `surface` and `rules` replace the recipe's texts by objects; `folder` is where a
    surface's file is looked up first; `report` is told what a reader should know; `progress` is
    called with (done, in all).

    Raises LandscapeError for names and values that mean nothing.
    """
    setting = settle_setting(
        recipe, surface=surface, rules=rules, folder=folder, usual_fan=FAN, usual_steps=None
    )
    budget = Budget.usual(
        setting.surface, recipe.conditions, setting.steps, setting.starts, over=recipe.average
    )

    def part(first: int) -> Progress:
        def tell(done: int, total: int) -> None:
            if progress is not None:
                progress(first + 500 * done // max(1, total), 1000)

        return tell

    found = tune_fairly(
        setting.surface, setting.rules, budget, conditions=recipe.conditions, progress=part(0)
    )
    tuned = [one for one in found if one is not None and "lr" in one.values]
    for rule, one in zip(setting.rules, found, strict=True):
        if one is None:
            report(f"{rule.label} has no learning rate and is left out")
    if not tuned:
        raise LandscapeError("none of these rules has a learning rate: take others")
    axis = recipe.axis() if recipe.rates else _around([one.values["lr"] for one in tuned])
    curves = []
    for k, one in enumerate(tuned):
        curves.append(_curve(recipe, setting, budget, one, axis))
        part(500)(k + 1, len(tuned))
    recipe = settled(recipe, setting).with_(
        rates=f"{axis.low!r}:{axis.high!r}" if not recipe.rates else recipe.rates,
    )
    return Sensitivity(recipe, setting, budget, tuple(curves))


def _around(best: list[float]) -> Axis:
    """Return the rates around the best ones of all rules."""
    return Axis("lr", tidy(min(best) / _BEYOND, 1), tidy(max(best) * _BEYOND, 1), "log")


def _curve(
    recipe: SensitivityRecipe, setting: Setting, budget: Budget, tuned: Tuned, axis: Axis
) -> Curve:
    import numpy as np

    trials = Trials(
        setting.surface, tuned.rule, ("lr",), setting.starts, setting.steps, recipe.conditions
    )
    # A valley may be narrower than the rates are apart: the line goes through the best one too.
    rates = np.array([tidy(rate) for rate in axis.values(recipe.count).tolist()])
    rates[0], rates[-1] = axis.low, axis.high
    best = tuned.values["lr"]
    if axis.low < best < axis.high:
        rates = np.append(rates, best)
    rates = np.unique(rates)
    found = trials.walk([(rate,) for rate in rates.tolist()])
    low, high = np.quantile(found.loss, (0.1, 0.9), axis=0, method="inverted_cdf")
    middle, raw = (average(one, recipe.average) for one in (found.loss, found.raw))
    return Curve(tuned.rule, best, tuned.loss, rates, middle, raw, low, high)


def said_best(curve: Curve) -> str:
    """Return the best rate of a rule in words and numbers."""
    if curve.least == float("inf"):
        return "diverges at every rate"
    return f"best lr {curve.best:g}: loss {short(curve.least)}"
