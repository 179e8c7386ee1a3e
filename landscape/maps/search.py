"""The search for the best settings of one rule: a grid, and finer ones in its best valleys."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from landscape.maps.axes import Axis, tidy, usual_axis
from landscape.maps.stability import average
from landscape.maps.trials import Results, Trials
from landscape.maps.valleys import BESIDE, Order, Tried, valleys_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.rule import Rule

    Array = NDArray[Any]
    Row = tuple[float, ...]

__all__ = ["FEW", "FIRST", "MOST_NUMBERS", "ROUND", "Search"]

FIRST = 1152
"""Settings of the first grid: 1152 of one number, 64 times 18 of two, 48 times 6 times 4 of three.
The next ones of its first number count as neighbours."""
FEW = 288
"""Those where paths are walked one by one, which takes a hundred times as long."""
ROUND = 144
"""Settings of each further round: 16 in each of three valleys, each with the rates beside it."""

_SHAPES: dict[int, dict[int, tuple[int, ...]]] = {
    FIRST: {1: (1152,), 2: (64, 18), 3: (48, 6, 4)},
    FEW: {1: (288,), 2: (24, 12), 3: (18, 4, 4)},
}
_VALLEYS = 3
_CLOSER: dict[int, tuple[int, ...]] = {1: (16,), 2: (4, 4), 3: (4, 2, 2)}
MOST_NUMBERS = len(_CLOSER)
"""How many numbers of a rule can be searched at once."""
# By which factor the settings of a round are closer together than those before.
_FINER = 2.5
_RATES = (1e-7, 1e4)
_SMALLEST, _LARGEST = 1e-15, 1e8


class Search:
    """The search of one rule; places are shares of the axes of its numbers, the rate's first.

    Parameters: `rule`, whose `names` are searched with `trials`; `order` says which of two settings
    is better; `over`, how the starts count; `tell` is called with the settings done.

    Attributes: `walked`, the settings tried so far; `lost`, how many of them diverged.
    """

    def __init__(
        self,
        rule: Rule,
        names: Sequence[str],
        trials: Trials,
        order: Order,
        over: str,
        tell: Callable[[int], None],
    ) -> None:
        self._axes = [_axis(rule, name) for name in names]
        self._trials, self._order, self._over, self._tell = trials, order, over, tell
        self.walked = self.lost = 0

    def run(self, first: int, rounds: int) -> Tried:
        """Return the best setting of a first grid, FIRST or FEW, and of the rounds after it."""
        shape = _SHAPES[first][len(self._axes)]
        apart = [1 / (count - 1) for count in shape]
        grid = list(product(*([k / (count - 1) for k in range(count)] for count in shape)))
        tried = self._in_rows(grid, shape[0])
        keys = self._order.keys(tried)
        valleys = [[tried[k]] for k in valleys_of(keys, shape, _VALLEYS)]
        for _ in range(rounds - 1):
            apart = [step / _FINER for step in apart]
            places = [self._closer(self._order.best(one).place, apart) for one in valleys]
            new = iter(self._with_neighbours([one for part in places for one in part]))
            for valley, part in zip(valleys, places, strict=True):
                valley.extend(next(new) for _ in part)
        return self._order.best([*tried, *(one for valley in valleys for one in valley)])

    def _closer(self, middle: Row, apart: Sequence[float]) -> list[Row]:
        """Return the places of a round around the best one of a valley."""
        counts = _CLOSER[len(middle)]
        sides: list[list[float]] = []
        for at, step, count, axis in zip(middle, apart, counts, self._axes, strict=True):
            # One number has the middle itself among its places: its neighbours may be new.
            first = (1 - count) / 2 if len(counts) > 1 else 1 - count // 2
            sides.append([_within(axis, at + (first + k) * step) for k in range(count)])
        return list(product(*sides))

    def _in_rows(self, places: Sequence[Row], count: int) -> list[Tried]:
        """Try a grid's settings, those with the next of `count` first numbers being neighbours.

        Those of several numbers are far apart, so what has good ones there is a wide valley.
        """
        import numpy as np

        loss, raw, arrival = self._walk([self._row(one) for one in places])
        beside, beside_raw = (_lesser(np.array(one).reshape(count, -1)) for one in (loss, raw))
        return [
            Tried(self._row(place), place, *numbers)
            for place, *numbers in zip(places, loss, raw, arrival, beside, beside_raw, strict=True)
        ]

    def _with_neighbours(self, places: Sequence[Row]) -> list[Tried]:
        """Try settings, each with a bit less and a bit more of its first number."""
        step = _beside(self._axes[0])
        several = [
            (_within(self._axes[0], first + side * step), *others)
            for first, *others in places
            for side in (0, -1, 1)
        ]
        loss, raw, arrival = self._walk([self._row(one) for one in several])
        return [
            Tried(
                self._row(place),
                place,
                loss[k],
                raw[k],
                arrival[k],
                min(loss[k + 1 : k + 3]),
                min(raw[k + 1 : k + 3]),
            )
            for k, place in zip(range(0, len(several), 3), places, strict=True)
        ]

    def _walk(self, rows: Sequence[Row]) -> tuple[list[float], list[float], list[float]]:
        before = self.walked
        found: Results = self._trials.walk(rows, lambda done: self._tell(before + done))
        self.walked += len(rows)
        self._tell(self.walked)
        loss, raw, arrival = (
            average(one, self._over).tolist() for one in (found.loss, found.raw, found.arrival)
        )
        self.lost += sum(map(math.isinf, raw))
        return loss, raw, arrival

    def _row(self, place: Row) -> Row:
        """Return the values at a place, rounded to what is printed."""
        return tuple(_value(axis, share) for axis, share in zip(self._axes, place, strict=True))


def _lesser(losses: Array) -> list[float]:
    """Return the lesser of the losses before and after each one in its column, row by row."""
    import numpy as np

    edge = np.full((1, losses.shape[1]), np.inf)
    before, after = np.vstack([edge, losses[:-1]]), np.vstack([losses[1:], edge])
    found: list[float] = np.minimum(before, after).ravel().tolist()
    return found


def _axis(rule: Rule, name: str) -> Axis:
    """Return where a number is looked for first."""
    if name == "lr":
        return Axis("lr", *_RATES, "log")
    if name == "mu":  # what it does depends on 1 - mu
        return Axis(name, 0.0, 0.999, "near1")
    found = usual_axis(name, rule.hyperparameters[name])
    return Axis(name, 0.0, 0.9999, "near1") if found.spacing == "near1" else found


def _beside(axis: Axis) -> float:
    """Return how far neighbours are apart, as a share of an axis."""
    if axis.spacing == "linear":
        return 1 / (FIRST - 1)
    low, high = (axis.low, axis.high) if axis.spacing == "log" else (1 - axis.high, 1 - axis.low)
    return math.log(BESIDE) / math.log(high / low)


def _within(axis: Axis, share: float) -> float:
    """Return a share of an axis with a value that the number can have."""
    if axis.spacing == "log":
        return share
    return max(0.0, share) if axis.spacing == "near1" else min(max(0.0, share), 1.0)


def _value(axis: Axis, share: float) -> float:
    """Return the value at a share of an axis, rounded to what is printed."""
    value = float(axis.at(share))
    if axis.spacing == "near1":
        return round(1.0 - tidy(1.0 - value), 12)
    return tidy(min(max(value, _SMALLEST), _LARGEST)) if value > 0 else tidy(value)
