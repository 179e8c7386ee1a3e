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

    They are round losses; of a logarithmic height 0 and powers of ten of the loss above its base,
    as long as there are two of them. The places are heights, and the labels may be mathtext.
    """
    bottom, top = heights.bottom, heights.top
    if heights.kind == "linear":
        return choose_ticks(bottom, top, most, upright=True)
    hair = 1e-9 * (top - bottom)
    low, high = heights.low - heights.base, heights.high - heights.base
    # Beneath twice what is added to it a loss lies next to 0.
    least = low if low > 0.0 else 1.99 * heights.soft
    first, last = math.ceil(math.log10(least) - hair), math.floor(math.log10(high) + hair)
    origin = [0.0] if low <= 0.0 else []
    if last - first >= 2 or (last > first and top - bottom > 1.5):
        stride = 1
        while (last - first) // stride + 1 > most:
            stride += 1
        # With 0 the highest are kept: what lies next to it tells the least.
        begin = last - (last - first) // stride * stride if origin else -(-first // stride) * stride
        powers = range(begin, last + 1, stride)
        if len(powers) >= 2:
            losses = [*origin, *(10.0**power for power in powers)]
            labels = [*("0" for _ in origin), *map(_power_of_ten, powers)]
            return Ticks(_places(heights, losses), tuple(labels))
    digits = [
        digit * 10.0**power
        for power in range(math.floor(math.log10(least)), math.ceil(math.log10(high)) + 1)
        for digit in (1, 2, 5)
    ]
    losses = origin + [loss for loss in digits if least * (1 - hair) <= loss <= high * (1 + hair)]
    if len(losses) < 3:
        linear = choose_ticks(low, high, most, upright=True)
        losses = [max(loss, low) for loss in linear.places]
    return Ticks(_places(heights, losses), tuple(map(_short, losses)))


def _places(heights: Heights, losses: list[float]) -> tuple[float, ...]:
    return tuple(float(one) for one in heights.of([heights.base + loss for loss in losses]))


def height_name(heights: Heights, name: str = "loss") -> str:
    """Return what a height axis is called: the loss, or how far it lies above the minimum."""
    above = heights.kind == "log" and heights.base != 0.0
    return f"{name} {_MINUS} min" if above else name


def _power_of_ten(power: int) -> str:
    return f"{10.0**power:g}" if abs(power) <= _WRITTEN_OUT else f"$10^{{{power}}}$"


def _short(value: float) -> str:
    return f"{value:.6g}"
