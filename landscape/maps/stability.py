"""Stability maps: how paths end with the settings of a grid over two numbers.

Every cell is the path of `descend` from each start with the cell's two values; which of them are
lost `landscape.maps.lost` says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.files import AnyPath
from landscape.maps.axes import Axis
from landscape.maps.kept import compute_kept
from landscape.maps.lost import depth_of, lost_paths
from landscape.maps.outcomes import OUTCOMES
from landscape.maps.walk import Paths, with_values
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
    "SOLVED",
    "StabilityMap",
    "average",
    "check_pair",
    "first_losses",
    "rated",
]

AVERAGES = ("median", "mean", "worst")
"""How the results from several starts become one; what is lost counts as infinite."""
SOLVED = 1e-20
"""The share of the first loss above the minimum below which losses are alike: it is rounding."""

# Steps of a block: an interrupt waits for one, and a journal loses at most one.
_BLOCK, _BLOCK_SLOW = 40_000_000, 200_000
_MOST = 400_000_000  # cells times starts


@dataclass(frozen=True, eq=False)
class StabilityMap:
    """How the paths with the settings of a grid end.

    Attributes: `surface`; `optimizer`; `x` and `y`, the axes: `y` is ALONE of a rule without a
    second number, and there is one row; `xs` (columns,) and `ys` (rows,), the values on them;
    `starts`; `steps`; `loss` (starts, rows, columns), the last loss of each path; `outcome` and
    `step` of that shape, as `landscape.maps.outcomes.Outcomes` has them; `first`, of a shape that
    broadcasts with theirs, the loss at each start.
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

        Parameters: `optimizer`, a rule; `rows` is 1 if `y` is ALONE; `starts`, one or several;
        `conditions` and `tolerance` are those of every path; `keep` is an NPZ file for the cells,
        which goes on after a kill, with `recipe` in it; `progress` is called with (paths done, in
        all).

        The file has `loss`, `outcome` and `step` (rows, columns, starts); `outcomes`, the names
        that the numbers in `outcome` are positions in; `axes`, the names of these three dimensions;
        under the names of its numbers the values of rows and columns; and `starts` (starts, 2).

        Raises LandscapeError for what cannot be varied, or a file that cannot be written.
        """
        import numpy as np

        from landscape.optimizers.tuning import Conditions

        run = conditions or Conditions()
        rule = rated(optimizer)
        check_pair(x, y)
        rows = rows if y.name else 1
        each = columns * len(starts)
        if rows * each > _MOST:
            raise LandscapeError(f"{rows * each:,} paths are too many for one map: {_MOST:,} fit")
        named = {one.name: values for one, values in ((x, x.values(columns)), (y, y.values(rows)))}
        xs, ys = named.values()
        named.pop("", None)
        paths = Paths(
            surface,
            rule,
            steps,
            tuple(named),
            run.schedule,
            run.batch,
            run.noise,
            run.seed,
            tolerance,
        )
        shape = (rows, columns, len(starts))
        arrays: dict[str, Array] = {
            "loss": np.empty(shape),
            "outcome": np.empty(shape, np.int8),
            "step": np.empty(shape, np.int32),
        }
        at = np.array(starts, dtype=np.float64)
        block = max(1, (_BLOCK_SLOW if paths.fused is None else _BLOCK) // (steps * each))
        pieces = [(begin, min(begin + block, rows)) for begin in range(0, rows, block)]

        def work(begin: int, end: int) -> None:
            row, column, start = (
                one.ravel() for one in np.indices((end - begin, columns, len(starts)))
            )
            values = {x.name: xs[column]} | ({y.name: ys[begin + row]} if y.name else {})
            told = (lambda done: progress(begin * each + done, rows * each)) if progress else None
            found = paths.walk(
                at[start, 0],
                at[start, 1],
                values,
                threads=threads,
                **({"progress": told} if told else {}),
            )
            for name, one in arrays.items():
                one[begin:end] = getattr(found, name).reshape(-1, *shape[1:])

        compute_kept(
            arrays,
            pieces,
            work,
            path=keep,
            identity=_identity(paths, (x, y), (columns, rows), starts) if keep else "",
            more={
                **named,
                "starts": at,
                "outcomes": np.array(OUTCOMES),
                "axes": np.array([y.name or "-", x.name, "start"]),
            },
            recipe=recipe,
            progress=(lambda done, _: progress(done * each, rows * each)) if progress else None,
        )
        loss, outcome, step = (np.moveaxis(one, 2, 0) for one in arrays.values())
        first = first_losses(surface, rule, starts, x, y, xs, ys)
        return cls(surface, rule, x, y, xs, ys, tuple(starts), steps, loss, outcome, step, first)

    @cached_property
    def diverged(self) -> Array:
        """Which paths (starts, rows, columns) end higher than they began, or without a number."""
        return self._fates[0]

    @cached_property
    def left(self) -> Array:
        """Which paths (starts, rows, columns) end outside the domain, no higher than they began.

        What falls far below the domain's lowest loss is among them, even if it ends without a
        number.
        """
        return self._fates[1]

    @cached_property
    def _fates(self) -> tuple[Array, Array]:
        return lost_paths(self.loss, self.outcome, self.first, self._depth)

    def _depth(self) -> Array:
        """Return the losses far below the domain's lowest, of the shape of `first`."""
        import numpy as np

        found = np.full(self.first.shape[1:], -np.inf)
        for row, column, where in _surfaces(
            self.surface, self.optimizer, self.x, self.y, self.xs, self.ys
        ):
            found[row, column] = depth_of(where)
        return found[None]

    def losses(self, over: str = "median") -> Array:
        """Return the last loss (rows, columns) over all starts, infinite where it is lost."""
        import numpy as np

        return average(np.where(self.diverged | self.left, np.inf, self.loss), over)

    def gone(self, over: str = "median") -> Array:
        """Return which cells (rows, columns) are lost because most of their paths have left."""
        import numpy as np

        most = self.left.sum(axis=0) > self.diverged.sum(axis=0)
        found: Array = most & np.isinf(self.losses(over))
        return found

    def arrivals(self, over: str = "median") -> Array:
        """Return after how many steps the paths have arrived, to the tolerance: (rows, columns).

        It is infinite for those that have not after all steps, or are lost.
        """
        import numpy as np

        there = (self.outcome == OUTCOMES.index("converged")) & ~(self.diverged | self.left)
        return average(np.where(there, self.step.astype(float), np.inf), over)

    def settings(self, row: int, column: int) -> dict[str, float]:
        """Return the values of a cell by their names."""
        values = {self.x.name: float(self.xs[column]), self.y.name: float(self.ys[row])}
        return {name: value for name, value in values.items() if name}

    def best(
        self, over: str = "median", metric: str = "loss", *, row: Any = None, column: Any = None
    ) -> tuple[int, int] | None:
        """Return (row, column) of the lowest last loss; None if all cells are lost.

        Parameters: `metric` is "loss", or "steps" for the cell that arrives first, None if none
        does; in a `row` or a `column` alone, if one is given.

        Of losses equal to rounding it is the one that arrived first, of arrivals the lowest loss.
        """
        import numpy as np

        losses, arrivals = self.losses(over), self.arrivals(over)
        seen = np.zeros(losses.shape, bool)
        seen[slice(None) if row is None else row, slice(None) if column is None else column] = True
        seen &= np.isfinite(losses if metric == "loss" else arrivals)
        if not seen.any():
            return None
        if metric == "loss":
            low = float(losses[seen].min())
            if self.surface.minima:
                zero = self.surface.minima[0].value
                low = max(low, zero + SOLVED * float(np.max(np.abs(self.first - zero))))
            seen &= losses <= low
        rows, columns = np.nonzero(seen)
        first = np.lexsort((losses[seen], arrivals[seen]))[0]
        return int(rows[first]), int(columns[first])


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

    cells = list(_surfaces(surface, rule, x, y, xs, ys))
    found = np.empty((len(starts), cells[-1][0] + 1, cells[-1][1] + 1))
    for row, column, where in cells:
        found[:, row, column] = [where.value_at(*start) for start in starts]
    return found


def _surfaces(
    surface: Surface, rule: Rule, x: Axis, y: Axis, xs: Array, ys: Array
) -> Iterator[tuple[int, int, Surface]]:
    """Yield (row, column, surface) for the surfaces of a map: one if no parameter of it varies."""

    def moved(name: str) -> bool:
        return name not in ("", "lr", *rule.hyperparameters)

    for row, v in enumerate((ys if moved(y.name) else ys[:1]).tolist()):
        for column, u in enumerate((xs if moved(x.name) else xs[:1]).tolist()):
            own = {name: value for name, value in ((x.name, u), (y.name, v)) if moved(name)}
            yield row, column, with_values(surface, rule, own)[0]


def check_pair(x: Axis, y: Axis) -> None:
    """Raise LandscapeError for two axes of one number."""
    if x.name == y.name:
        raise LandscapeError(f"a map needs two different numbers: {x.name} came twice")


def rated(optimizer: Optimizer) -> Rule:
    """Return the rule that an optimizer is; LandscapeError for a solver."""
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
        "layout": "rows, columns, starts",
        "starts": list(starts),
        "steps": paths.steps,
        "schedule": find_schedule(paths.schedule).spec,
        "run": [paths.batch, paths.noise, paths.seed, paths.tolerance],
    }
    return json.dumps(told, ensure_ascii=False, default=list)
