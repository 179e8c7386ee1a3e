"""The numbers at an axis: few enough to stand apart, short enough for a slide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axis import Axis

__all__ = ["Ticks", "choose_ticks", "compact", "set_ticks", "text_width", "widest_label"]

_LONG = 5  # digits, beyond which powers of ten are shorter
_TOO_LONG = 7  # letters of a label, beyond which all count from a number between them
_APART = 0.7  # the least room between two labels, in sizes of the font
_LINES = 1.7  # the least distance of two labels above each other, in sizes of the font
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Ticks:
    """Where an axis has numbers, and which: `base` is what all count from, "" for 0."""

    places: tuple[float, ...]
    labels: tuple[str, ...]
    base: str = ""


@lru_cache(maxsize=1024)
def text_width(said: str) -> float:
    """Return the width of a plain text in sizes of its font."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=100)
    width, _, _ = text_to_path.get_text_width_height_descent(said, font, ismath=False)
    return float(width) / 100


def choose_ticks(
    low: float, high: float, most: int, room: float = math.inf, *, upright: bool = False
) -> Ticks:
    """Return at most about `most` round numbers from `low` to `high`.

    Parameters: `room` is the axis' length in sizes of the font, in which the labels stand apart;
    `upright` tells that it is the vertical axis.
    """
    fallback = Ticks((), ())
    for count in range(most, 0, -1):
        ticks = _ticks(low, high, count)
        if len(ticks.places) < 2:
            continue
        fallback = ticks
        each = room * (ticks.places[1] - ticks.places[0]) / (high - low)
        widths = [text_width(label) for label in ticks.labels]
        needed = max((a + b) / 2 for a, b in pairwise(widths)) + _APART
        needed = _LINES if upright else needed
        if each >= needed:
            return ticks
    places, labels = fallback.places, fallback.labels
    return Ticks((*places[:1], *places[-1:]), (*labels[:1], *labels[-1:]), fallback.base)


def _ticks(low: float, high: float, count: int) -> Ticks:
    from matplotlib.ticker import MaxNLocator

    if not 0 < high - low < math.inf:
        return Ticks((), ())
    found = MaxNLocator(nbins=count, steps=[1, 2, 5, 10]).tick_values(low, high)
    hair = 1e-9 * (high - low)
    places = [float(place) for place in found if low - hair <= place <= high + hair]
    if len(places) < 2:
        return Ticks((), ())
    step = places[1] - places[0]
    places = [0.0 if abs(place) < 1e-6 * step else place for place in places]
    labels = _labels(places, step)
    base = ""
    if max(map(len, labels)) > _TOO_LONG:
        # Far from 0 most digits of all labels are the same: they are said once.
        unit = 10.0 ** math.ceil(math.log10(high - low) + 1e-9)
        middle = unit * round(0.5 * (low + high) / unit)
        if middle:
            base = _plain(middle, unit)
            if len(base) > _TOO_LONG:
                base = min(base, _power(middle, unit), key=len)
            labels = _labels([place - middle for place in places], step)
    return Ticks(tuple(places), tuple(labels), base)


def _labels(places: Sequence[float], step: float) -> list[str]:
    """Return the shorter of plain numbers and powers of ten."""
    plain = [_plain(place, step) for place in places]
    if max(len(label.lstrip(_MINUS)) for label in plain) <= _LONG:
        return plain
    powers = [_power(place, step) for place in places]
    return min(plain, powers, key=lambda labels: max(map(len, labels)))


def _finest(step: float) -> int:
    """Return the power of ten of the last digit that a multiple of `step` needs."""
    power = math.floor(math.log10(step) + 1e-9)
    return power - (abs(step / 10.0**power - round(step / 10.0**power)) > 1e-6)


def _plain(value: float, step: float) -> str:
    return f"{value:.{max(0, -_finest(step))}f}".replace("-", _MINUS)


def _power(value: float, step: float) -> str:
    if abs(value) < 1e-6 * step:
        return "0"
    digits = max(0, math.floor(math.log10(abs(value)) + 1e-9) - _finest(step))
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}".replace("-", _MINUS)


def compact(value: float) -> str:
    """Return a number in the shorter of both forms, as it stands at an axis."""
    plain = f"{value:g}".replace("-", _MINUS)
    if "e" not in plain and len(plain.lstrip(_MINUS)) <= _LONG:
        return plain
    return min(_power(value, abs(value) * 1e-5), plain, key=len)


def widest_label(low: float, high: float, most: int) -> float:
    """Return the width of the widest label of up to `most` ticks, in sizes of the font."""
    labels = [label for count in range(2, most + 1) for label in _ticks(low, high, count).labels]
    return max(map(text_width, labels), default=0.0)


def set_ticks(axis: Axis, ticks: Ticks) -> None:
    """Give an axis these numbers and no others."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    axis.set_major_locator(FixedLocator(list(ticks.places)))
    axis.set_major_formatter(FixedFormatter(list(ticks.labels)))
