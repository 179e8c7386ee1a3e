"""What of a map of settings theory needs to know: which minimum its paths end at, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.descent import descend
from landscape.maps.measured import lowest_point, measured_rate
from landscape.maps.walk import with_values

if TYPE_CHECKING:
    from landscape.maps.borders import Marked
    from landscape.maps.stability import StabilityMap
    from landscape.optimizers.rule import Rule
    from landscape.pictures.on_surface import Setting
    from landscape.pictures.stability_recipe import StabilityRecipe
    from landscape.surfaces.surface import Surface

__all__ = ["end_of_best", "rate_of"]


def end_of_best(
    recipe: StabilityRecipe, setting: Setting, rule: Rule, found: StabilityMap
) -> tuple[float, float] | None:
    """Return where the path of the best cell ends, None if there is none."""
    best = found.best(recipe.average, recipe.metric)
    if best is None:
        return None
    surface, moved = with_values(setting.surface, rule, found.settings(*best))
    path = descend(surface, moved, start=setting.starts[0], steps=setting.steps)
    x, y = path.points[-1].tolist()
    return x, y


def rate_of(
    known: Surface, rule: Rule, one: Marked, near: tuple[float, float] | None, setting: Setting
) -> float | None:
    """Return the rate of the path with the settings of an optimum, None if it has none.

    Parameters: `known` is the surface with its minima; `near`, where the optimum's minimum is.
    """
    point = lowest_point(known, near)
    if point is None:
        return None
    surface, moved = with_values(known, rule, one.optimum.values)
    path = descend(surface, moved, start=setting.starts[0], steps=setting.steps)
    x, y = path.points[-1].tolist()
    there = lowest_point(known, (x, y)) == point  # it may have gone to another minimum
    return measured_rate(path.points, point) if there else None
