"""The numbers and the name of a height axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.drawing.notes import taken_off
from landscape.drawing.text import with_power
from landscape.drawing.ticks import Ticks, choose_ticks

if TYPE_CHECKING:
    from landscape.relief.heights import Heights

__all__ = ["height_name", "height_ticks"]

_MINUS = "\N{MINUS SIGN}"
# Powers of ten are written out if all of an axis lie between these two.
_LEAST_OUT, _MOST_OUT = -3, 4
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONG = 7  # letters, beyond which a number is shorter with a power of ten


def height_ticks(heights: Heights, most: int = 5) -> Ticks:
    """Return at most about `most` numbers for the heights of a box.

    They are round losses; of a logarithmic height 0 and powers of ten of the loss above its base,
    as long as there are two of them. The places are heights.
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
            labels = [*("0" for _ in origin), *_powers_of_ten(powers)]
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
        return Ticks(_places(heights, losses), linear.labels, linear.base)
    return Ticks(_places(heights, losses), tuple(_short(losses)))


def _places(heights: Heights, losses: list[float]) -> tuple[float, ...]:
    return tuple(float(one) for one in heights.of([heights.base + loss for loss in losses]))


def height_name(heights: Heights, name: str = "loss", base: str = "") -> str:
    """Return what a height axis is called: the loss, or how far it lies above the minimum.

    A logarithmic axis says that it is one.

    Parameters: `name` of the losses; `base`, from which the numbers at the axis count, "" for 0.
    """
    if heights.kind == "linear":
        return taken_off(name, base)
    above = f"{name} {_MINUS} min" if heights.base != 0.0 else name
    return f"{taken_off(above, base)} (log)"


def _powers_of_ten(powers: Sequence[int]) -> list[str]:
    """Return powers of ten in one style."""
    if powers[0] >= _LEAST_OUT and powers[-1] <= _MOST_OUT:
        return [f"{10.0**power:g}" for power in powers]
    return [f"10{str(power).translate(_RAISED)}" for power in powers]


def _short(losses: Sequence[float]) -> list[str]:
    """Return round losses in one style."""
    plain = [f"{loss:.6g}" for loss in losses]
    if all("e" not in said and len(said) <= _LONG for said in plain):
        return plain
    return [with_power(loss, 6) for loss in losses]
