"""What is said of how sharp the minima of several networks are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Protocol

from landscape.pictures.words import short

if TYPE_CHECKING:
    from landscape.planes.sharpness import Sharpness

__all__ = ["Order", "losses_apart", "ordering", "rise_of", "sharpest"]

_APART = 3.0  # times as high a loss: so unequal ends are no like with like


class _Measured(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def sharpness(self) -> tuple[Sharpness, ...]: ...
    @property
    def nothing(self) -> int: ...


def rise_of(found: Sequence[Sharpness], *, each: bool = True) -> str:
    """Return the mean rise of the loss around networks of several seeds, with its error.

    "" if there are none. The error of one seed is that over its directions. Parameters: `each` adds
    the rises of the seeds one by one.
    """
    if not found:
        return ""
    mean, error = fmean(one.value for one in found), _error([one.value for one in found], found)
    said = f"rise at radius {found[0].radius:g}: {short(mean)} ± {error:.1g}"
    if len(found) == 1 or not each:
        return said
    rises = ", ".join(short(one.value) for one in found[:5]) + (", …" if len(found) > 5 else "")
    return f"{said} ({rises})"


def _error(values: Sequence[float], *measured: Sequence[Sharpness]) -> float:
    """Return the error of the mean of a number over seeds.

    From its scatter or from the errors over directions of what was `measured`, whichever is larger.
    """
    count = len(values)
    error = math.sqrt(sum(one.error**2 for found in measured for one in found)) / count
    if count > 1 and all(map(math.isfinite, values)):
        error = max(error, stdev(values) / math.sqrt(count))
    return error


@dataclass(frozen=True)
class Order:
    """Which of several variants is the sharpest, which the flattest, and how sure that is.

    `told` is "sharper in 4 of 5 seeds", with the flattest's name among three or more; it begins
    with "no order: " or "no difference beyond the error: " where nothing follows from it.
    """

    first: _Measured
    last: _Measured
    told: str


def ordering(variants: Sequence[_Measured]) -> str:
    """Return which variant is sharper than which in how many pairs of networks of the same seed.

    It says besides how far the losses are apart if they are; "" unless there are at least two
    variants whose sharpness was measured.
    """
    found = sharpest(variants)
    if found is None:
        return ""
    said = found.told
    if "sharper" in said:
        said = f"{found.first.title}: {said}"
        if "sharper than" not in said:
            said = said.replace("sharper", f"sharper than {found.last.title}")
    return "; ".join(filter(None, (said, losses_apart(variants))))


def sharpest(variants: Sequence[_Measured]) -> Order | None:
    """Return the sharpest and the flattest variant, and what is said of their difference.

    None unless there are at least two variants whose sharpness was measured.

    The error is that of the mean difference over seeds. One seed proves no order.
    """
    known = [one for one in variants if one.sharpness]
    if len(known) < 2:
        return None
    known.sort(key=lambda one: -sum(part.value for part in one.sharpness))
    first, last = known[0], known[-1]
    pairs = list(zip(first.sharpness, last.sharpness, strict=True))
    away = [one.value - other.value for one, other in pairs]
    seeds = len(pairs)
    if nothing := first.nothing + last.nothing:
        return Order(first, last, f"no order: {nothing} of {2 * seeds} runs found no minimum")
    if not all(map(math.isfinite, away)):
        return Order(first, last, "no order: the rise is not finite")
    if seeds == 1:
        return Order(first, last, "no order: one seed proves nothing, add --seeds 5")
    error = _error(away, first.sharpness, last.sharpness)
    held = sum(one > 0 for one in away)
    than = f" than {last.title}" if len(known) > 2 else ""
    told = f"sharper{than} in {held} of {seeds} seeds"
    if not fmean(away) > error:
        told = f"no difference beyond the error: {told}"
    elif 2 * held <= seeds:
        told = f"no order: {told}"
    return Order(first, last, told)


def losses_apart(variants: Sequence[_Measured]) -> str:
    """Return "their losses differ 64-fold" if the ends of variants do more than threefold."""
    ends = [fmean(part.loss for part in one.sharpness) for one in variants if one.sharpness]
    if len(ends) < 2 or not max(ends) > _APART * min(ends):
        return ""
    if min(ends) <= 0:
        return "their losses differ: one is 0"
    ratio = float(f"{max(ends) / min(ends):.2g}")
    return f"their losses differ {short(ratio)}-fold"
