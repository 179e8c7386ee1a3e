"""The keys of pictures that say what settings do on a surface: it, the rules, and how they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from landscape.errors import LandscapeError
from landscape.optimizers.rule import Rule
from landscape.pictures.run_keys import OnSurface
from landscape.recipe import Recipe
from landscape.specs import check_python_text

if TYPE_CHECKING:
    from landscape.files import AnyPath
    from landscape.optimizers.lookup import Optimizer
    from landscape.surfaces.surface import Surface

__all__ = ["Setting", "part_of", "settle_setting", "settled"]

STEPS = 200

Made = TypeVar("Made", bound=OnSurface)


@dataclass(frozen=True, eq=False)
class Setting:
    """What a recipe of settings means: the surface, the rules, the starts and the steps."""

    surface: Surface
    rules: tuple[Rule, ...]
    starts: tuple[tuple[float, float], ...]
    steps: int


def settle_setting(
    recipe: OnSurface,
    *,
    surface: Surface | None = None,
    rules: Sequence[Optimizer | str] | None = None,
    folder: AnyPath | None = None,
    usual_fan: int = 0,
    usual_steps: int | None = STEPS,
) -> Setting:
    """Return what a recipe's texts mean.

    Parameters: `surface` and `rules` replace its texts by objects; `folder` is where a surface's
    file is looked up first; `usual_fan` is a number of starts on a ring for a recipe without
    starts, 0 for the surface's own start; `usual_steps` for one without steps, None for those of
    the surface's lesson.

    Raises LandscapeError for unknown names, a solver, and a start without a value.
    """
    from landscape.domains import choose_starts
    from landscape.optimizers.lookup import optimizer
    from landscape.panels import Variant
    from landscape.pictures.surface_keys import found_surface
    from landscape.presets import default_steps

    where = found_surface(recipe, folder) if surface is None else surface
    found = []
    for one in recipe.optimizers if rules is None else rules:
        if isinstance(one, str):
            check_python_text(one)
        rule = optimizer(one)
        if not isinstance(rule, Rule):
            raise LandscapeError(
                f"{rule.name} is a solver and has no settings to try: take a rule such as momentum"
            )
        found.append(rule)
    fan = recipe.fan or (0 if recipe.starts else usual_fan)
    first, *others = recipe.starts or (None,)
    drawn = Recipe(kind="still", format="png", fan=fan, start=first, starts=tuple(others))
    starts = choose_starts(drawn, Variant("", where, ()))
    return Setting(where, tuple(found), starts, recipe.steps or usual_steps or default_steps(where))


def settled(recipe: Made, setting: Setting) -> Made:
    """Return the recipe with the surface, the rules, the starts and the steps that it means."""
    from landscape.optimizers.lookup import rule_text
    from landscape.pictures.surface_keys import surface_text

    text, table = surface_text(setting.surface)
    (x0, x1), (y0, y1) = setting.surface.bounds
    return recipe.with_(
        surface=text,
        table=table,
        optimizers=tuple(map(rule_text, setting.rules)),
        starts=setting.starts,
        fan=0,
        steps=setting.steps,
        bounds=(x0, x1, y0, y1),
    )


def part_of(
    progress: Callable[[int, int], None] | None, k: int, count: int
) -> Callable[[int, int], None] | None:
    """Return the progress of the k-th of `count` equal parts of some work."""
    if progress is None:
        return None
    tell = progress
    return lambda done, total: tell(1000 * k + 1000 * done // max(1, total), 1000 * count)
