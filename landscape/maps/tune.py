"""A fair search: for every rule the best settings, under one budget and by one criterion.

Each rule tries the same number of settings, each from the same starts for the same number of steps:
a grid over its numbers, and then finer ones around the best, ROUNDS of them. What counts is the
loss at the end of all steps, over the starts; a path that ends higher than it began, without a
number, or leaves the domain on its way counts as infinite. A rule that has none of the numbers
asked for but lr spends the whole budget on lr. Nothing is random: the same question has the same
answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from landscape.descent import Trajectory, descend
from landscape.errors import LandscapeError, unknown_name
from landscape.maps.axes import Axis, tidy, usual_axis
from landscape.maps.outcomes import OUTCOMES
from landscape.maps.stability import AVERAGES, SOLVED, average
from landscape.maps.walk import Paths, with_values
from landscape.optimizers.rule import Rule
from landscape.optimizers.tuning import Conditions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]
    Starts = Sequence[tuple[float, float]]

__all__ = ["ROUND", "ROUNDS", "Budget", "Judge", "Tuned", "tune_fairly"]

ROUNDS = 4
"""How many grids are tried, each around the best of those before it."""
ROUND = 144
"""Settings of a grid: 144 of one number, 16 times 9 of two, 9 times 4 times 4 of three."""

_SHAPES: dict[int, tuple[int, ...]] = {1: (144,), 2: (16, 9), 3: (9, 4, 4)}
_RATES = (1e-7, 1e4)
# How far around the best the next grid reaches, in distances of the last one's neighbours.
_REACH = 1.2
_SMALLEST, _LARGEST = 1e-15, 1e8
# Steps after which paths are looked at for having left the domain.
_EARLY = (1, 2, 3, 5, 8, 13, 21, 34, 55)


@dataclass(frozen=True)
class Budget:
    """What every rule may spend, and by what it is judged.

    Attributes: `steps` of every path; `starts`; `rounds` of ROUND settings; `over`, how the starts
    count: "median", "mean" or "worst".
    """

    steps: int
    starts: tuple[tuple[float, float], ...]
    rounds: int = ROUNDS
    over: str = "median"

    def __post_init__(self) -> None:
        if self.over not in AVERAGES:
            raise unknown_name("criterion", self.over, AVERAGES)

    @property
    def settings(self) -> int:
        """How many settings each rule tries."""
        return self.rounds * ROUND

    @property
    def paths(self) -> str:
        """What each setting is judged by, in words."""
        count = len(self.starts)
        start = "1 start" if count == 1 else f"each of {count} starts"
        what = "loss" if count == 1 else f"{self.over} loss"
        return f"{self.steps} steps from {start}, by the {what} at the end"

    def __str__(self) -> str:
        return f"{self.settings} settings for each rule, {self.paths}"


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
    progress: Callable[[int, int], None] | None = None,
) -> list[Tuned | None]:
    """Return the best settings of each rule; None for what has none to search, such as a solver.

    Parameters: `over` are the numbers searched, each of the rules that have it; `conditions` are
    those of every path; `progress` is called with (settings done, in all).

    Raises LandscapeError for a number that no rule has, and for more than three.
    """
    rules = [one if isinstance(one, Rule) else None for one in optimizers]
    chosen = _check_over(list(dict.fromkeys(over)), [one for one in rules if one is not None])
    rules = [one if one is not None and _own(one, chosen) else None for one in rules]
    total = sum(one is not None for one in rules) * budget.settings
    found: list[Tuned | None] = []
    done = 0
    for rule in rules:
        if rule is None:
            found.append(None)
            continue

        def tell(part: int, before: int = done) -> None:
            if progress is not None:
                progress(before + part, total)

        own = _own(rule, chosen)
        rated = rule if "lr" in own else rule.with_learning_rate(rule.learning_rate or 1.0)
        found.append(_search(surface, rated, own, budget, conditions or Conditions(), tell))
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
        if len(own) > len(_SHAPES):
            raise LandscapeError(
                f"a search has at most {len(_SHAPES)} numbers of a rule: {', '.join(own)} came"
            )
    return chosen


def _search(
    surface: Surface,
    rule: Rule,
    names: list[str],
    budget: Budget,
    conditions: Conditions,
    tell: Callable[[int], None],
) -> Tuned:
    judge = Judge(surface, rule, tuple(names), budget, conditions)
    axes = [_axis(rule, name) for name in names]
    shape = _SHAPES[len(names)]
    best: dict[str, float] = {}
    for k in range(budget.rounds):
        grid = [_values(axis, count) for axis, count in zip(axes, shape, strict=True)]
        judge.walk(list(product(*grid)))
        best = dict(zip(names, judge.best()[0], strict=True))
        tell((k + 1) * ROUND)
        axes = [
            axis.around(best[name], _REACH / (count - 1))
            for axis, name, count in zip(axes, names, shape, strict=True)
        ]
    own = {key: value for key, value in best.items() if key != "lr"}
    tuned = replace(
        rule,
        hyperparameters={**rule.hyperparameters, **own},
        learning_rate=best.get("lr", rule.learning_rate),
    )
    calls = rule.gradient_calls + rule.hessian_calls
    spent = budget.settings * len(budget.starts) * budget.steps * calls
    return Tuned(tuned, best, judge.best()[1], spent, judge.lost / budget.settings)


def _axis(rule: Rule, name: str) -> Axis:
    """Return where a number is looked for first."""
    if name == "lr":
        return Axis("lr", *_RATES, "log")
    if name == "mu":  # what it does depends on 1 - mu
        return Axis(name, 0.0, 0.999, "near1")
    found = usual_axis(name, rule.hyperparameters[name])
    return Axis(name, 0.0, 0.9999, "near1") if found.spacing == "near1" else found


def _values(axis: Axis, count: int) -> list[float]:
    """Return the values of a grid, rounded to what is printed."""
    found = []
    for value in axis.values(count).tolist():
        if axis.spacing == "near1":
            found.append(round(1.0 - tidy(1.0 - value), 12))
        else:
            found.append(tidy(min(max(value, _SMALLEST), _LARGEST)) if value > 0 else tidy(value))
    return found


@dataclass(eq=False)
class Case:
    """A setting that was tried: the last losses and the arrivals of its paths, (starts,).

    Attributes: `row`, the values; `loss`, infinite where a path diverged or, as far as is known,
    left the domain on the way; `raw`, where it diverged alone; `seen`, whether all is known.
    """

    row: tuple[float, ...]
    loss: Array
    arrival: Array
    raw: Array
    seen: bool = False


class Judge:
    """The settings of one rule that were tried, and which is the best.

    Parameters: `names` of the numbers that differ from setting to setting; the others are those of
    `tune_fairly`.

    Attributes: `cases`, the settings so far.
    """

    def __init__(
        self,
        surface: Surface,
        rule: Rule,
        names: tuple[str, ...],
        budget: Budget,
        conditions: Conditions,
    ) -> None:
        import numpy as np

        self._surface, self._rule, self._names = surface, rule, names
        self._budget, self._run = budget, conditions
        self._first = np.array([surface.value_at(*start) for start in budget.starts])
        self._paths = self._of(budget.steps)
        self.cases: list[Case] = []
        zero = surface.minima[0].value if surface.minima else -math.inf
        self._solved = zero + SOLVED * float(np.max(np.abs(self._first - zero)))

    @property
    def lost(self) -> int:
        """How many settings diverged."""
        return sum(math.isinf(self._over(one.raw)) for one in self.cases)

    def _of(self, steps: int) -> Paths:
        run = self._run
        return Paths(
            self._surface,
            self._rule,
            steps,
            self._names,
            run.schedule,
            run.batch,
            run.noise,
            run.seed,
        )

    def walk(self, rows: Sequence[tuple[float, ...]]) -> None:
        """Try settings."""
        import numpy as np

        if self._paths.fused is None:
            self.cases += [self._single(row) for row in rows]
            return
        found = self._outcomes(self._paths, rows)
        shape = (len(self._budget.starts), len(rows))
        loss = self._counted(found.loss.reshape(shape), found.outcome.reshape(shape))
        there = (found.outcome.reshape(shape) == OUTCOMES.index("converged")) & np.isfinite(loss)
        arrival = np.where(there, found.step.reshape(shape).astype(float), math.inf)
        left = self._left_early(rows, shape)
        for k, row in enumerate(rows):
            inside = np.where(left[:, k], np.inf, loss[:, k])
            self.cases.append(Case(row, inside, arrival[:, k], loss[:, k]))

    def _outcomes(self, paths: Paths, rows: Sequence[tuple[float, ...]]) -> Any:
        import numpy as np

        table, starts = np.array(rows), self._budget.starts
        values = {name: np.tile(table[:, k], len(starts)) for k, name in enumerate(self._names)}
        at = np.repeat(np.array(starts, dtype=np.float64), len(rows), axis=0)
        return paths.walk(at[:, 0], at[:, 1], values)

    def _counted(self, loss: Array, outcome: Array) -> Array:
        """Return last losses (starts, n), infinite for paths that diverged."""
        import numpy as np

        lost = (outcome == OUTCOMES.index("diverged")) | ~np.isfinite(loss)
        with np.errstate(invalid="ignore"):
            lost |= loss > self._first[:, None]
        counted: Array = np.where(lost, np.inf, loss)
        return counted

    def _left_early(self, rows: Sequence[tuple[float, ...]], shape: tuple[int, int]) -> Array:
        """Return which paths are outside the domain at one of some early steps.

        It spares most of the single paths of `_look`; under a schedule a shorter path is another.
        """
        import numpy as np

        left = np.zeros(shape, bool)
        if self._run.schedule or self._rule.schedule:
            return left
        gone = [OUTCOMES.index(one) for one in ("left the domain", "diverged")]
        for steps in _EARLY:
            if steps <= self._budget.steps:
                found = self._outcomes(self._of(steps), rows)
                left |= np.isin(found.outcome, gone).reshape(shape)
        return left

    def _single(self, row: tuple[float, ...]) -> Case:
        """Return a setting whose paths are walked one by one."""
        import numpy as np

        paths = [self._descend(row, start) for start in self._budget.starts]
        kinds = np.array([[OUTCOMES.index(one.ending.outcome)] for one in paths])
        raw = self._counted(np.array([[one.losses[-1]] for one in paths]), kinds)[:, 0]
        there = np.array([one.ending.outcome == "converged" for one in paths]) & np.isfinite(raw)
        steps = np.array([float(one.ending.step) for one in paths])
        inside = np.where([self._stays(one) for one in paths], raw, np.inf)
        return Case(row, inside, np.where(there, steps, np.inf), raw, seen=True)

    def _descend(self, row: tuple[float, ...], start: tuple[float, float]) -> Trajectory:
        run = self._run
        values = dict(zip(self._names, row, strict=True))
        surface, rule = with_values(self._surface, self._rule, values)
        return descend(
            surface,
            rule,
            start=start,
            steps=self._budget.steps,
            schedule=run.schedule or None,
            batch=run.batch,
            noise=run.noise,
            seed=run.seed,
        )

    @staticmethod
    def _stays(path: Trajectory) -> bool:
        return not path.exits and path.ending.outcome not in ("left the domain", "diverged")

    def look(self, case: Case) -> None:
        """Find out which of a setting's paths leave the domain on the way."""
        import numpy as np

        for k, start in enumerate(self._budget.starts):
            if np.isfinite(case.loss[k]) and not self._stays(self._descend(case.row, start)):
                case.loss[k] = np.inf
        case.seen = True

    def _over(self, values: Array) -> float:
        return float(average(values[:, None], self._budget.over)[0])

    def _score(self, case: Case, losses: Array) -> tuple[float, float, float]:
        # Of losses that are all rounding the one that is there first wins, then the smaller rate.
        loss = self._over(losses)
        if loss <= self._solved:
            return -math.inf, self._over(case.arrival), case.row[0]
        return loss, 0.0, case.row[0]

    def best(self) -> tuple[tuple[float, ...], float]:
        """Return the best setting so far and its criterion, infinite if all diverged.

        Where the paths of all settings leave the domain, that counts for none.
        """
        while True:
            found = min(self.cases, key=lambda one: self._score(one, one.loss))
            if math.isinf(self._over(found.loss)):
                found = min(self.cases, key=lambda one: self._score(one, one.raw))
                return found.row, self._over(found.raw)
            if found.seen:
                return found.row, self._over(found.loss)
            self.look(found)
