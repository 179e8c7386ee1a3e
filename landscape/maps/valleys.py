"""Which of the settings that were tried is the best, and where it is worth looking closer.

A loss at the end may be low by luck: an oscillation that is caught at the bottom, a leap that lands
at the minimum. A fluke does not win: each setting counts as a tenth of what the better of its
neighbours has (BESIDE less or more of the rate), if that is higher than its own loss.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.maps.stability import SOLVED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["BESIDE", "LUCK", "RULE", "Order", "Tried", "valleys_of"]

BESIDE = 10 ** (11 / 1151)
"""By which factor the rates of neighbours differ: 2.2 %, that of 1152 rates from 1e-7 to 1e4."""
LUCK = 10.0
"""How many times better than its neighbours a setting may count."""
RULE = f"no fluke: at most {LUCK:g} times better than at rates 2 % beside"
"""The rule in words."""

# Valleys of the first grid are at least so many of its distances apart.
_APART = 4


@dataclass(frozen=True)
class Tried:
    """A setting that was tried, with its neighbours.

    Attributes: `row`, its values; `place`, their shares of the axes; `loss`, over the starts,
    infinite if paths diverged or left the domain, `raw` if they diverged alone; `arrival`, the
    steps until they were there; `beside` and `beside_raw`, the losses of the better neighbour.
    """

    row: tuple[float, ...]
    place: tuple[float, ...]
    loss: float
    raw: float
    arrival: float
    beside: float
    beside_raw: float


class Order:
    """Which of two settings is better.

    Parameters: `known` is the loss of the lowest minimum, None if nobody knows it; `first` are the
    losses at the starts.
    """

    def __init__(self, known: float | None, first: Array) -> None:
        self._known = known
        self._solved = -1.0
        if known is not None:
            self._solved = SOLVED * max(abs(float(one) - known) for one in first)

    def keys(self, tried: Sequence[Tried]) -> list[tuple[float, ...]]:
        """Return what to sort settings by: the smallest is the best.

        Settings with which the paths leave the domain come after those with which they do not, and
        between them those that no neighbour bears out. Of losses that are all rounding the one that
        is there first wins, then the smaller rate.
        """
        ends = [one.loss for one in tried if math.isfinite(one.loss)]
        ends = ends or [one.raw for one in tried if math.isfinite(one.raw)]
        # Ten times better is a share of what is left above the minimum, or above the lowest loss.
        zero = min(ends, default=0.0)
        if self._known is not None:
            zero = min(zero, self._known)
        return [self._key(one, zero) for one in tried]

    def _key(self, one: Tried, zero: float) -> tuple[float, ...]:
        counted = _counted(one.loss, one.beside, zero)
        if counted <= self._solved:
            return 0.0, -math.inf, one.arrival, one.row[0]
        if math.isfinite(counted):
            return 0.0, counted, one.loss, one.row[0]
        if math.isfinite(one.loss):
            return 1.0, one.loss, 0.0, one.row[0]
        return 2.0, _counted(one.raw, one.beside_raw, zero), one.raw, one.row[0]

    def best(self, tried: Sequence[Tried]) -> Tried:
        """Return the best setting."""
        keys = self.keys(tried)
        return tried[min(range(len(tried)), key=keys.__getitem__)]


def _counted(own: float, beside: float, zero: float) -> float:
    return max(own - zero, (beside - zero) / LUCK)


def valleys_of(keys: Sequence[tuple[float, ...]], shape: tuple[int, ...], most: int) -> list[int]:
    """Return the places of the best settings of a grid that lie in valleys of their own.

    Parameters: `keys` of the grid's settings in C order, and its `shape`. Settings that are no
    worse than what is beside them on the grid come first; if there are too few, others do.
    """
    import numpy as np

    order = sorted(range(len(keys)), key=lambda k: (keys[k], k))
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys))
    grid = rank.reshape(shape)
    low = np.ones(shape, bool)
    for axis in range(len(shape)):
        for side in (-1, 1):
            other = np.roll(grid, side, axis)
            edge: list[Any] = [slice(None)] * len(shape)
            edge[axis] = -1 if side == -1 else 0  # rolled in from the other end
            other[tuple(edge)] = len(keys)
            low &= grid < other
    apart = _APART if len(shape) == 1 else 1
    found: list[int] = []
    at = np.stack(np.unravel_index(np.arange(len(keys)), shape), axis=1)
    for chosen in ([k for k in order if low.flat[k]], order):
        for k in chosen:
            if len(found) == most:
                return found
            if all(np.abs(at[k] - at[j]).max() > apart for j in found):
                found.append(k)
    return found
