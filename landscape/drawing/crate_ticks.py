"""The numbers and the name of a height axis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from landscape.drawing.ticks import Ticks, choose_ticks

if TYPE_CHECKING:
    from landscape.relief.heights import Heights

__all__ = ["height_name", "height_ticks"]

_MINUS = "\N{MINUS SIGN}"
# Powers of ten up to this one are written out.
_WRITTEN_OUT = 3


def height_ticks(heights: Heights, most: int = 5) -> Ticks:
    """Return at most about `most` numbers for the heights of a box.

    They are round losses; of a logarithmic height powers of ten of the loss above its base, as long
    as there are two of them. The places are heights, and the labels may be mathtext.
    """
    low, high = heights.bottom, heights.top
    if heights.kind == "linear":
        return choose_ticks(low, high, most, upright=True)
    hair = 1e-9 * (high - low)
    first, last = math.ceil(low - hair), math.floor(high + hair)
    if last - first >= 2 or (last > first and high - low > 1.5):
        stride = 1
        while last // stride + (-first) // stride + 1 > most:
            stride += 1
        powers = range(-(-first // stride) * stride, last + 1, stride)
        if len(powers) >= 2:
            return Ticks(tuple(map(float, powers)), tuple(map(_power_of_ten, powers)))
    losses = [
        digit * 10.0**power
        for power in range(math.floor(low), math.ceil(high) + 1)
        for digit in (1, 2, 5)
    ]
    losses = [loss for loss in losses if low - hair <= math.log10(loss) <= high + hair]
    if len(losses) < 3:
        linear = choose_ticks(10.0**low, 10.0**high, most, upright=True)
        losses = [loss for loss in linear.places if loss > 0]
    return Ticks(tuple(math.log10(loss) for loss in losses), tuple(map(_short, losses)))


def height_name(heights: Heights, name: str = "loss") -> str:
    """Return what a height axis is called: the loss, or how far it lies above the minimum."""
    above = heights.kind == "log" and heights.base != 0.0
    return f"{name} {_MINUS} min" if above else name


def _power_of_ten(power: int) -> str:
    return f"{10.0**power:g}" if abs(power) <= _WRITTEN_OUT else f"$10^{{{power}}}$"


def _short(value: float) -> str:
    return f"{value:.6g}"
