"""Where the parts of a picture of losses against learning rates stand on its page."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.layout import Box
from landscape.drawing.sheet import page
from landscape.errors import LandscapeError
from landscape.maps.tune import FIRST
from landscape.maps.valleys import RULE
from landscape.pictures.recipe import PictureRecipe
from landscape.style import parse_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["INDENT", "LINE", "Plan", "note_lines", "plan"]

_LEAST = (170.0, 90.0)  # pixels of the axes
# Of the note, in units: from one line to the next, and how wide a letter is at most.
LINE, _LETTER = 24.0, 8.6
INDENT = 52.0  # of what is written in the legend, behind lines and marks


@dataclass(frozen=True)
class Plan:
    """Boxes in pixels: the axes, an entry of the legend for each rule, and a note beneath them."""

    axes: Box
    entries: list[Box]
    note: Box


def plan(recipe: PictureRecipe, curves: int) -> Plan:
    """Return where things stand on the page.

    Raises LandscapeError if there is no room for them.
    """
    width, height = (round(side * recipe.scale) for side in parse_size(recipe.size))
    box, unit = page((width, height), title=recipe.title != "", caption=recipe.caption != "")
    left, bottom, wide, tall = box
    ticks, foot, over = 84 * unit, 58 * unit, 10 * unit
    row = 62 * unit
    if width > 1.15 * height and width > 620:
        side = max(0.26 * wide, 270 * unit)
        last = (len(note_lines(side / unit)) + 0.5) * LINE * unit
        each = min(row * 1.35, (tall - foot - last) / curves)
        axes = (left + ticks, bottom + foot, wide - ticks - side - 30 * unit, tall - foot - over)
        top = bottom + tall
        x = left + wide - side
        entries = [(x, top - (k + 1) * each, side, each) for k in range(curves)]
        note = (x, top - curves * each - last, side, last)
    else:
        columns = max(1, min(curves, int(wide / (250 * unit))))
        rows = math.ceil(curves / columns)
        last = len(note_lines(wide / unit)) * LINE * unit
        note = (left, bottom, wide, last)
        lower = rows * row + last + 12 * unit
        axes = (left + ticks, bottom + lower + foot, wide - ticks, tall - foot - lower - over)
        each = wide / columns
        entries = [
            (
                left + (k % columns) * each,
                bottom + last + (rows - 1 - k // columns) * row,
                each - 14 * unit,
                row,
            )
            for k in range(curves)
        ]
    if axes[2] < _LEAST[0] or axes[3] < _LEAST[1] or min(one[3] for one in entries) < 40 * unit:
        raise LandscapeError(
            f"a picture of {width}x{height} has no room for {curves} rule"
            f"{'s' if curves > 1 else ''} with its axes: take fewer, or a larger one, such as "
            "800x600"
        )
    return Plan(axes, entries, note)


def note_lines(width: float, settings: int = FIRST) -> list[str]:
    """Return the lines on how the best rates were found, for so many units of width."""
    rule = RULE.replace("no fluke", "no\N{NO-BREAK SPACE}fluke")
    said = f"best of {settings} rates each, {rule}"
    return textwrap.wrap(said, max(20, int((width - INDENT) / _LETTER)))
