"""Where the panels of learning curves stand on their page, in pixels."""

from __future__ import annotations

from landscape.drawing.layout import Box
from landscape.drawing.sheet import page, split
from landscape.errors import LandscapeError
from landscape.pictures.curves_variants import curve_variants
from landscape.pictures.trained_recipe import TrainedRecipe

__all__ = ["check_room", "outer_margins", "plan_grid", "plan_one"]

_LEAST = 60.0  # of the axes' height and width
Stretch = tuple[float, float]


def outer_margins(width: float, unit: float) -> tuple[float, float, float, float]:
    """Return the room for the lines' names, and that left of, beneath and above each panel."""
    return min(206 * unit, 0.24 * width), 58 * unit, 44 * unit, 34 * unit


def plan_one(recipe: TrainedRecipe, box: Box, unit: float, metrics: int) -> Stretch:
    """Return width and height of the panels, one for each metric.

    Raises LandscapeError if the page is too small for them.
    """
    _, _, width, height = box
    gutter, ticks, foot, head = outer_margins(width, unit)
    wide = (width - gutter - metrics * ticks) / metrics
    tall = height - foot - head
    _check(recipe, min(wide, tall))
    return wide, tall


def plan_grid(
    recipe: TrainedRecipe, box: Box, unit: float, panels: int, metrics: int
) -> tuple[list[Stretch], list[Stretch]]:
    """Return where the columns begin and how wide they are, and the same of rows.

    Raises LandscapeError if the page is too small for them.
    """
    left, bottom, width, height = box
    columns = panels if metrics > 1 or panels <= 4 else -(-panels // 2)
    rows = metrics if metrics > 1 else -(-panels // columns)
    across = split(left + 58 * unit, width - 58 * unit, columns, 34 * unit)
    down = split(bottom, height, rows, 6 * unit)[::-1]
    _check(recipe, min(across[0][1], down[0][1] - 76 * unit))
    return across, down


def check_room(recipe: TrainedRecipe, grid: str) -> None:
    """Raise LandscapeError if the page is too small for the losses alone.

    Whether there are accuracies depends on the data. Parameters: `grid` is the text that says what
    the panels are, "" for one.
    """
    film = recipe.kind == "film"
    box, unit = page(recipe.pixels, title=recipe.title != "" or film, caption=recipe.caption != "")
    panels = len(curve_variants(recipe, grid, 64))
    if panels > 1:
        plan_grid(recipe, box, unit, panels, 1)
    else:
        plan_one(recipe, box, unit, 1)


def _check(recipe: TrainedRecipe, least: float) -> None:
    if least < _LEAST:
        width, height = recipe.pixels
        raise LandscapeError(
            f"a picture of {width}x{height} has no room for these learning curves: take a larger "
            "one, or fewer panels"
        )
