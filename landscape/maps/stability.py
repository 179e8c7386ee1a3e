"""Stability maps: how paths end with the settings of a grid over two numbers.

Every cell is the path of `descend` from each start with the cell's two values; a path has diverged
if it ends higher than it began, or without a number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.files import AnyPath
from landscape.maps.axes import Axis, parse_axis, spacing_of, tidy, usual_axis
from landscape.maps.kept import compute_kept
from landscape.maps.outcomes import OUTCOMES
from landscape.maps.walk import Paths, variable_names, with_values
from landscape.optimizers.lookup import rule_spec
from landscape.optimizers.rule import Rule
from landscape.optimizers.schedule import find_schedule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer
    from landscape.optimizers.tuning import Conditions
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]
    Starts = Sequence[tuple[float, float]]

__all__ = [
    "AVERAGES",
    "StabilityMap",
    "average",
    "choose_axes",
    "first_losses",
    "usual_rates",
]

AVERAGES = ("median", "mean", "worst")
"""How the results from several starts become one; what diverged counts as infinite."""

# Steps of a block: an interrupt waits for one, and a journal loses at most one.
_BLOCK = 40_000_000
_MOST = 400_000_000  # cells times starts
_SECOND = ("mu", "beta2", "rho", "beta", "beta1", "gamma")
# Where a range of rates is looked for, in decades and places in each.
_RATES = (-9, 5, 6)
_BELOW, _ABOVE = 50.0, 2.0


@dataclass(frozen=True, eq=False)
class StabilityMap:
    """How the paths with the settings of a grid end.

    Attributes: `surface`; `optimizer`; `x` and `y`, the axes; `xs` (columns,) and `ys` (rows,), the
    values on them; `starts`; `steps`; `loss` (starts, rows, columns), the last loss of each path;
    `outcome` and `step` of that shape, as `landscape.maps.outcomes.Outcomes` has them; `first`, of
    a shape that broadcasts with theirs, the loss at each start.
    """

    surface: Surface
    optimizer: Rule
    x: Axis
    y: Axis
    xs: Array
    ys: Array
    starts: tuple[tuple[float, float], ...]
    steps: int
    loss: Array
    outcome: Array
    step: Array
    first: Array

    @classmethod
    def compute(
        cls,
        surface: Surface,
        optimizer: Optimizer,
        x: Axis,
        y: Axis,
        *,
        columns: int,
        rows: int,
        starts: Starts,
        steps: int,
        conditions: Conditions | None = None,
        tolerance: float = 1e-8,
        keep: AnyPath = "",
        recipe: str = "",
        threads: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> StabilityMap:
        """Return the map of a grid of `rows` times `columns` settings.

        Parameters: `optimizer`, a rule; `starts`, one or several; `conditions` and `tolerance` are
        those of every path; `keep` is an NPZ file for the cells, which goes on after a kill, with
        `recipe` in it; `progress` is called with (paths done, in all).

        Raises LandscapeError for what cannot be varied, or a file that cannot be written.
        """
        import numpy as np

        from landscape.optimizers.tuning import Conditions

        run = conditions or Conditions()
        rule = _rated(optimizer)
        check_pair(x, y)
        count = rows * columns
        if count * len(starts) > _MOST:
            raise LandscapeError(
                f"{count * len(starts):,} paths are too many for one map: {_MOST:,} fit"
            )
        paths = Paths(
            surface,
            rule,
            steps,
            (x.name, y.name),
            run.schedule,
            run.batch,
            run.noise,
            run.seed,
            tolerance,
        )
        xs, ys = x.values(columns), y.values(rows)
        shape = (len(starts), count)
        arrays: dict[str, Array] = {
            "loss": np.empty(shape[0] * count),
            "outcome": np.empty(shape[0] * count, np.int8),
            "step": np.empty(shape[0] * count, np.int32),
        }
        slow = paths.fused is None
        each = max(1, (200_000 if slow else _BLOCK) // steps)
        pieces = [
            (n * count + begin, n * count + min(begin + each, count))
            for n in range(shape[0])
            for begin in range(0, count, each)
        ]

        def work(begin: int, end: int) -> None:
            which, cell = begin // count, np.arange(begin, end) % count
            values = {x.name: xs[cell % columns], y.name: ys[cell // columns]}
            at = starts[which]
            told = (lambda done: progress(begin + done, shape[0] * count)) if progress else None
            found = paths.walk(
                np.full(end - begin, at[0]),
                np.full(end - begin, at[1]),
                values,
                threads=threads,
                **({"progress": told} if told else {}),
            )
            for name, one in arrays.items():
                one[begin:end] = getattr(found, name)

        compute_kept(
            arrays,
            pieces,
            work,
            path=keep,
            identity=_identity(paths, (x, y), (columns, rows), starts) if keep else "",
            more={x.name: xs, y.name: ys, "starts": np.array(starts)},
            recipe=recipe,
            progress=progress,
        )
        loss, outcome, step = (one.reshape(shape[0], rows, columns) for one in arrays.values())
        first = first_losses(surface, rule, starts, x, y, xs, ys)
        return cls(surface, rule, x, y, xs, ys, tuple(starts), steps, loss, outcome, step, first)

    @cached_property
    def diverged(self) -> Array:
        """Which paths (starts, rows, columns) end higher than they began, or without a number."""
        import numpy as np

        lost = (self.outcome == OUTCOMES.index("diverged")) | ~np.isfinite(self.loss)
        with np.errstate(invalid="ignore"):
            found: Array = lost | (self.loss > self.first)
        return found

    def losses(self, over: str = "median") -> Array:
        """Return the last loss (rows, columns) over all starts, infinite where it diverged."""
        import numpy as np

        return average(np.where(self.diverged, np.inf, self.loss), over)

    def arrivals(self, over: str = "median") -> Array:
        """Return after how many steps the paths have arrived, to the tolerance: (rows, columns).

        It is infinite for those that have not after all steps, or diverged.
        """
        import numpy as np

        there = (self.outcome == OUTCOMES.index("converged")) & ~self.diverged
        return average(np.where(there, self.step.astype(float), np.inf), over)

    def settings(self, row: int, column: int) -> dict[str, float]:
        """Return the two values of a cell by their names."""
        return {self.x.name: float(self.xs[column]), self.y.name: float(self.ys[row])}

    def best(self, over: str = "median") -> tuple[int, int] | None:
        """Return (row, column) of the lowest last loss; None if all cells diverged.

        Of cells equally low to rounding it is the one that arrived first.
        """
        import numpy as np

        losses, arrivals = self.losses(over), self.arrivals(over)
        if not np.isfinite(losses).any():
            return None
        low = float(losses.min())
        zero = self.surface.minima[0].value if self.surface.minima else 0.0
        even = losses <= max(low, zero + SOLVED * float(np.max(np.abs(self.first - zero))))
        order = np.lexsort((losses[even], arrivals[even]))
        rows, columns = np.nonzero(even)
        return int(rows[order[0]]), int(columns[order[0]])


SOLVED = 1e-20
"""The share of the first loss above the minimum below which losses are alike: it is rounding."""


def average(values: Array, over: str) -> Array:
    """Return values (starts, …) as one over the starts: "median", "mean" or "worst".

    The median of an even number is the larger of the two in the middle: half of them are no worse.
    """
    import numpy as np

    if over == "mean":
        with np.errstate(over="ignore"):
            found: Array = values.mean(axis=0)
        return found
    middle = len(values) // 2 if over == "median" else len(values) - 1
    picked: Array = np.partition(values, middle, axis=0)[middle]
    return picked


def first_losses(
    surface: Surface, rule: Rule, starts: Starts, x: Axis, y: Axis, xs: Array, ys: Array
) -> Array:
    """Return the losses at the starts, (starts, rows or 1, columns or 1)."""
    import numpy as np

    def moved(name: str) -> bool:
        return name != "lr" and name not in rule.hyperparameters

    rows = ys if moved(y.name) else ys[:1]
    columns = xs if moved(x.name) else xs[:1]
    found = np.empty((len(starts), len(rows), len(columns)))
    for i, v in enumerate(rows.tolist()):
        for j, u in enumerate(columns.tolist()):
            own = {name: value for name, value in ((x.name, u), (y.name, v)) if moved(name)}
            where, _ = with_values(surface, rule, own)
            found[:, i, j] = [where.value_at(*start) for start in starts]
    return found


def check_pair(x: Axis, y: Axis) -> None:
    """Raise LandscapeError for two axes of one number."""
    if x.name == y.name:
        raise LandscapeError(f"a map needs two different numbers: {x.name} came twice")


def _rated(optimizer: Optimizer) -> Rule:
    if not isinstance(optimizer, Rule):
        raise LandscapeError(
            f"{optimizer.name} is a solver and has no settings to map: take a rule such as momentum"
        )
    return optimizer


def _identity(paths: Paths, axes: tuple[Axis, Axis], size: tuple[int, int], starts: Starts) -> str:
    """Return a text that is equal for equal cells alone."""
    surface = paths.surface
    (x0, x1), (y0, y1) = surface.bounds
    # A surface on data is known by some of its values.
    places = [(x0 + u * (x1 - x0), y0 + v * (y1 - y0)) for u, v in ((0.2, 0.3), (0.7, 0.6))]
    told = {
        "surface": [surface.spec, surface.kept, [surface.value_at(*one) for one in places]],
        "bounds": surface.bounds,
        "rule": rule_spec(paths.optimizer),
        "axes": [[one.name, one.low, one.high, one.spacing] for one in axes],
        "size": size,
        "starts": list(starts),
        "steps": paths.steps,
        "schedule": find_schedule(paths.schedule).spec,
        "run": [paths.batch, paths.noise, paths.seed, paths.tolerance],
    }
    return json.dumps(told, ensure_ascii=False, default=list)


# -- axes that are left open -------------------------------------------------------------------


def choose_axes(
    surface: Surface,
    optimizer: Optimizer,
    x: str,
    y: str,
    *,
    starts: Starts,
    steps: int,
    conditions: Conditions | None = None,
) -> tuple[Axis, Axis]:
    """Return the axes of a map from texts, with ranges for what they leave open.

    Parameters: `x` and `y` are texts of `parse_axis`, "" for the learning rate, and for the rule's
    mu, beta2 or the like, or else a parameter of the surface.

    Raises LandscapeError for unknown names, and if there is no second number.
    """
    rule = _rated(optimizer)
    known = variable_names(surface, rule)
    if not (rule.reads_rate or "lr" in rule.initial.values()):
        known.remove("lr")
    name, first = parse_axis(x, known, "--x") if x else ("", None)
    other, second = parse_axis(y, known, "--y") if y else ("", None)
    name = name or next(one for one in [*known, ""] if one != other)
    other = other or _second(rule, known, name)
    usual = {key: Axis(key, 1.0, 2.0, "log") for key in (name, other)}
    for key, given in ((name, first), (other, second)):
        if given is not None:
            usual[key] = given
        elif key != "lr":
            usual[key] = usual_axis(key, _value(surface, rule, key))
    if name != other and "lr" in usual and (first if name == "lr" else second) is None:
        beside = other if name == "lr" else name
        usual["lr"] = usual_rates(surface, rule, beside, starts, steps, conditions)
    check_pair(usual[name], usual[other])
    return usual[name], usual[other]


def _second(rule: Rule, known: Sequence[str], first: str) -> str:
    """Return the number that a map shows beside the first one."""
    free = [one for one in known if one != first]
    found = [one for one in _SECOND if one in free]
    found += [one for one in free if one not in rule.hyperparameters] + free
    if not found:
        raise LandscapeError(
            f"{rule.label or rule.name} has no number beside {first}, and the surface no "
            "parameters: take 'landscape sensitivity' for one number"
        )
    return found[0]


def _value(surface: Surface, rule: Rule, name: str) -> float:
    if name in rule.hyperparameters:
        return rule.hyperparameters[name]
    formula: Any = getattr(surface, "formula", None)
    return float(formula.parameters[name])


def usual_rates(
    surface: Surface,
    rule: Rule,
    beside: str,
    starts: Starts,
    steps: int,
    conditions: Conditions | None = None,
) -> Axis:
    """Return the range of learning rates to look at: from slow ones to where a rule diverges.

    Parameters: `beside` is what else is varied, which is as the rule or the surface has it here.
    """
    import numpy as np

    low, high, each = _RATES
    rates = 10.0 ** np.arange(low, high + 0.5 / each, 1.0 / each)
    axis = Axis("lr", float(rates[0]), float(rates[-1]), "log")
    value = _value(surface, rule, beside)
    held = Axis(beside, value, value + max(1.0, abs(value)), "linear")
    found = StabilityMap.compute(
        surface,
        rule,
        axis,
        held,
        columns=len(rates),
        rows=1,
        starts=starts[:1],
        steps=steps,
        conditions=conditions,
    )
    losses = found.losses()[0]
    good = np.isfinite(losses)
    if not good.any():
        return Axis("lr", 1e-4, 1.0, spacing_of("lr", 1e-4))
    # Far beyond the border a path may end low by chance: the border is the first above the best.
    k = int(np.argmin(losses))
    above = np.flatnonzero(~good[k:])
    last = float(rates[k + int(above[0]) - 1 if above.size else -1])
    best = float(rates[k])
    top = tidy(min(_ABOVE * last, _BELOW * best), 1)
    return Axis("lr", tidy(min(best, top / 10) / _BELOW, 1), top, "log")
