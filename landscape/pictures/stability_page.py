"""Where the parts of a picture of maps of settings stand on its page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.drawing.layout import Box
from landscape.drawing.sheet import page, split
from landscape.errors import LandscapeError
from landscape.optimizers.catalogue import find_name
from landscape.pictures.recipe import PictureRecipe

__all__ = ["LINE", "Plan", "plan", "usual_lines"]

LINE = 25.0
"""Slide pixels from one line of words to the next."""

_LEAST = (130.0, 80.0)  # pixels of a map
_KEY = 74.0  # slide pixels of the key's height


@dataclass(frozen=True)
class Plan:
    """Boxes of the panels' maps and of the key, and the height of the words above, in pixels."""

    maps: list[Box]
    words: list[float]
    key: Box


def plan(recipe: PictureRecipe, lines: Sequence[int]) -> Plan:
    """Return where things stand on the page.

    Parameters: `lines` of words above each of the panels.

    Raises LandscapeError if there is no room for them.
    """
    panels = len(lines)
    width, height = recipe.pixels
    if width < 0.9 * height:
        order = [1]
    elif panels < 4:
        order = [panels]
    else:
        order = [math.ceil(panels / 2), panels]
    for columns in order:
        found = _placed(recipe, lines, columns)
        if all(w >= _LEAST[0] and h >= _LEAST[1] for _, _, w, h in found.maps):
            return found
    cure = "fewer optimizers, or a larger one" if panels > 1 else "a larger one"
    larger = "800x600" if width < 800 or height < 600 else "1920x1080"
    raise LandscapeError(
        f"a picture of {width}x{height} has no room for {panels} map"
        f"{'s' if panels > 1 else ''} of settings: take {cure}, such as {larger}"
    )


def _placed(recipe: PictureRecipe, lines: Sequence[int], columns: int) -> Plan:
    """Return where things stand with so many maps side by side."""
    panels = len(lines)
    box, unit = page(recipe.pixels, title=recipe.title != "", caption=recipe.caption != "")
    rows = math.ceil(panels / columns)
    left, bottom, wide, tall = box
    foot, side, key, gap = 58 * unit, 84 * unit, _KEY * unit, 12 * unit
    across = split(left, wide, columns, 26 * unit)
    words = [
        max(lines[row * columns : (row + 1) * columns]) * LINE * unit + 14 * unit
        for row in range(rows)
    ]
    each = (tall - key - gap * (rows - 1) - sum(words)) / rows - foot
    maps, above, top = [], [], bottom + tall
    for row in range(rows):
        low = top - words[row] - each
        for x, w in across[: panels - row * columns]:
            maps.append((x + side, low, w - side - 8 * unit, each))
            above.append(words[row])
        top = low - foot - gap
    return Plan(maps, above, (left, bottom, wide, key))


def usual_lines(optimizer: str, *, best: bool, theory: bool) -> int:
    """Return how many lines stand above a map: its name, the best cell, the border, the optima.

    It is what is known before the work begins. `best` and `theory` are whether these are written.
    """
    head = optimizer.partition(":")[0].strip()
    known = {"gd": 2, "momentum": 2, "nesterov": 3}
    lines = known.get(find_name(head), 1 if "=" in head or head == "python" else 0)
    return 1 + best + (lines if theory else 0)
