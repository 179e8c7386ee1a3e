"""A fair search: for every rule the best settings, under one budget and by one criterion.

Each rule tries the same number of settings, each from the same starts for the same number of steps:
a grid over its numbers, and then finer ones in the best three valleys. What counts is the loss at
the end of all steps, over the starts; a path that ends higher than it began, without a number, or
leaves the domain on its way counts as infinite; a fluke does not win (see `valleys`). A rule that
has none of the numbers asked for but lr spends the whole budget on lr. Nothing is random, and no
rule is judged by its companions: the same question has the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, unknown_name
from landscape.maps.search import FEW, FIRST, MOST_NUMBERS, ROUND, Search
from landscape.maps.stability import AVERAGES
from landscape.maps.trials import Trials
from landscape.maps.valleys import RULE, Order
from landscape.optimizers.rule import Rule
from landscape.optimizers.tuning import Conditions
from landscape.surfaces.surface import FormulaSurface

if TYPE_CHECKING:
    from landscape.optimizers.lookup import Optimizer
    from landscape.surfaces.surface import Surface

__all__ = ["FIRST", "ROUND", "ROUNDS", "Budget", "Tuned", "tune_fairly"]

ROUNDS = 4
"""How many times settings are tried: on a grid, and then closer to the best of those before."""


@dataclass(frozen=True)
class Budget:
    """What every rule may spend, and by what it is judged.

    Attributes: `steps` of every path; `starts`; `rounds`, the first grid and what follows; `over`,
    how the starts count: "median", "mean" or "worst"; `first`, the settings of the first grid.
    """

    steps: int
    starts: tuple[tuple[float, float], ...]
    rounds: int = ROUNDS
    over: str = "median"
    first: int = FIRST

    def __post_init__(self) -> None:
        if self.over not in AVERAGES:
            raise unknown_name("criterion", self.over, AVERAGES)

    @classmethod
    def usual(
        cls,
        surface: Surface,
        conditions: Conditions,
        steps: int,
        starts: Sequence[tuple[float, float]],
        *,
        rounds: int = ROUNDS,
        over: str = "median",
    ) -> Budget:
        """Return the budget of a surface: a coarser first grid if it is no formula, or in batches.

        Parameters: those of the class, and the `conditions` of the paths.
        """
        quick = isinstance(surface, FormulaSurface) and conditions.batch is None
        return cls(steps, tuple(starts), rounds, over, FIRST if quick else FEW)

    @property
    def settings(self) -> int:
        """How many settings each rule tries."""
        return self.first + (self.rounds - 1) * ROUND

    @property
    def paths(self) -> str:
        """What each setting is judged by, in words."""
        count = len(self.starts)
        start = "1 start" if count == 1 else f"each of {count} starts"
        what = "loss" if count == 1 else f"{self.over} loss"
        return f"{self.steps} steps from {start}, by the {what} at the end"

    def __str__(self) -> str:
        return f"{self.settings} settings for each rule, {self.paths} ({RULE})"

    @property
    def brief(self) -> str:
        """The budget as a caption has room for it."""
        return f"{self.settings} settings for each rule, {self.paths}, no flukes"


@dataclass(frozen=True)
class Tuned:
    """The best settings of a rule: `rule` has them.

    Attributes: `values` of what was searched; `loss`, the criterion; `gradients`, how many were
    evaluated in all; `diverged`, the share of the settings tried that diverged.
    """

    rule: Rule
    values: dict[str, float]
    loss: float
    gradients: int
    diverged: float


def tune_fairly(
    surface: Surface,
    optimizers: Sequence[Optimizer],
    budget: Budget,
    *,
    over: Sequence[str] = ("lr",),
    conditions: Conditions | None = None,
    keep_rates: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Tuned | None]:
    """Return the best settings of each rule; None for what has none to search, such as a solver.

    Parameters: `over` are the numbers searched, each of the rules that have it; `conditions` are
    those of every path; with `keep_rates` a rule that has a learning rate keeps it; `progress` is
    called with (settings done, in all).

    Raises LandscapeError for a number that no rule has, and for more than three.
    """
    rules = [one if isinstance(one, Rule) else None for one in optimizers]
    chosen = _check_over(list(dict.fromkeys(over)), [one for one in rules if one is not None])

    def own(rule: Rule | None) -> list[str]:
        kept = keep_rates and rule is not None and rule.learning_rate is not None
        return [one for one in (_own(rule, chosen) if rule else []) if not (kept and one == "lr")]

    total = sum(bool(own(one)) for one in rules) * budget.settings
    found: list[Tuned | None] = []
    done = 0
    for rule in rules:
        names = own(rule)
        if rule is None or not names:
            found.append(None)
            continue

        def tell(part: int, before: int = done) -> None:
            if progress is not None:
                progress(before + part, total)

        rated = rule if "lr" in names else rule.with_learning_rate(rule.learning_rate or 1.0)
        found.append(_searched(surface, rated, names, budget, conditions or Conditions(), tell))
        done += budget.settings
    return found


def _own(rule: Rule, names: Sequence[str]) -> list[str]:
    """Return which of some numbers a rule has."""
    rated = rule.reads_rate or "lr" in rule.initial.values()
    return [name for name in names if (rated if name == "lr" else name in rule.hyperparameters)]


def _check_over(over: list[str], rules: Sequence[Rule]) -> list[str]:
    known = ["lr", *dict.fromkeys(name for rule in rules for name in rule.hyperparameters)]
    for name in over:
        if name not in known and rules:
            raise unknown_name("number to search", name, known)
    chosen = ["lr", *(name for name in over if name != "lr")]
    for rule in rules:
        own = _own(rule, chosen)
        if len(own) > MOST_NUMBERS:
            raise LandscapeError(
                f"a search has at most {MOST_NUMBERS} numbers of a rule: {', '.join(own)} came"
            )
    return chosen


def _searched(
    surface: Surface,
    rule: Rule,
    names: list[str],
    budget: Budget,
    conditions: Conditions,
    tell: Callable[[int], None],
) -> Tuned:
    trials = Trials(surface, rule, names, budget.starts, budget.steps, conditions)
    known = surface.minima[0].value if surface.minima else None
    search = Search(rule, names, trials, Order(known, trials.first), budget.over, tell)
    best = search.run(budget.first, budget.rounds)
    values = dict(zip(names, best.row, strict=True))
    own = {key: value for key, value in values.items() if key != "lr"}
    tuned = replace(
        rule,
        hyperparameters={**rule.hyperparameters, **own},
        learning_rate=values.get("lr", rule.learning_rate),
    )
    calls = rule.gradient_calls + rule.hessian_calls
    spent = search.walked * len(budget.starts) * budget.steps * calls
    # Where the paths of all settings leave the domain, that counts for none.
    loss = best.loss if math.isfinite(best.loss) else best.raw
    return Tuned(tuned, values, loss, spent, search.lost / search.walked)
