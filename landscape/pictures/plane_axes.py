"""The axes of planes and profiles: the map's place, and the numbers at logarithmic axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from landscape.drawing.layout import Box
from landscape.drawing.ticks import Ticks, choose_ticks, compact, set_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MAP_ASPECT", "log_ticks", "map_box", "set_log_ticks"]

MAP_ASPECT = 1.3
"""Width over height of a plane of paths: it fills the map's box on a slide, whatever the page is.

A page of another shape leaves room beside it, so that one saved grid serves all of them.
"""


def map_box(sheet: Box, unit: float) -> tuple[Box, float]:
    """Return the box of a map with a legend at its right, and the legend's width, all in pixels."""
    left, bottom, width, height = sheet
    side = max(0.34 * width, min(390 * unit, 0.45 * width))
    x, y = left + 62 * unit, bottom + 54 * unit
    return (x, y, width - side - 86 * unit, height - 58 * unit), side


def log_ticks(low: float, high: float, most: int) -> Ticks:
    """Return at most about `most` numbers from `low` to `high`, both above 0, for a log axis.

    Powers of ten, at equal steps, if there are two in it; else those that begin with 1, 2 or 5;
    else round numbers; none if that is no range.
    """
    if not 0 < low < high < math.inf:
        return Ticks((), ())
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    powers = list(range(first, last + 1))
    step = max(1, math.ceil(len(powers) / max(2, most)))
    places = [10.0**power for power in powers[::step]]
    if len(places) < 2:
        all_places = [
            digit * 10.0**power for power in range(first - 1, last + 1) for digit in (1, 2, 5)
        ]
        places = [place for place in all_places if low <= place <= high]
        if len(places) > max(2, most):
            places = places[:: len(places) - 1] if most < 3 else places[::2]
    if len(places) < 2:
        return choose_ticks(low, high, max(2, most))
    return Ticks(tuple(places), tuple(compact(place) for place in places))


def set_log_ticks(axes: Axes, most: int) -> None:
    """Make the y axis logarithmic, within its limits, with at most about `most` plain numbers."""
    from matplotlib.ticker import NullLocator

    low, high = axes.get_ylim()
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    axes.yaxis.set_minor_locator(NullLocator())
    set_ticks(axes.yaxis, log_ticks(low, high, most))
