"""Which settings work: final losses over two numbers, with the border and the optimum of theory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.files import AnyPath
from landscape.maps.axes import Axis
from landscape.maps.borders import surface_numbers, with_minima
from landscape.maps.kept import check_kept
from landscape.maps.ranges import choose_panels
from landscape.maps.stability import StabilityMap
from landscape.pictures.on_surface import Setting, part_of, settle_setting, settled
from landscape.pictures.ready import Redrawn
from landscape.pictures.stability_recipe import Panel, StabilityRecipe
from landscape.planes.journal import says_what_is_kept

if TYPE_CHECKING:
    from landscape.optimizers.lookup import Optimizer
    from landscape.optimizers.rule import Rule
    from landscape.surfaces.surface import Surface

    Progress = Callable[[int, int], None]

__all__ = ["Panel", "Stability", "StabilityRecipe", "kept_maps", "prepare"]

_MOST = 4


class Stability(Redrawn):
    """Maps of settings, ready to be drawn."""

    alike = True

    def __init__(
        self, recipe: StabilityRecipe, setting: Setting, panels: tuple[Panel, ...]
    ) -> None:
        self.recipe: StabilityRecipe = recipe
        self.setting = setting
        self.panels = panels
        names = [one.rule.name if one.rule.name.isidentifier() else "rule" for one in panels]
        where = setting.surface.name
        where = where if where.isidentifier() else "surface"
        self.name = "-".join([where, *dict.fromkeys(names), "stability"])

    def numbers(self) -> list[str]:
        """Return for each rule its best cell, and what theory says."""
        from landscape.pictures.stability_words import said_best, said_optimum

        found = []
        for one in self.panels:
            if one.held is not None:
                found.append(f"{one.rule.label}: {said_best(one, self.recipe)}")
            found += [f"{one.rule.label}: {said_optimum(*each)}" for each in one.optima]
        return found


def prepare(
    recipe: StabilityRecipe,
    *,
    surface: Surface | None = None,
    rules: Sequence[Optimizer | str] | None = None,
    keep: AnyPath = "",
    folder: AnyPath | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Stability:
    """Compute the maps of a recipe.

    Parameters: `surface` and `rules` replace the recipe's texts by objects; `keep` is an NPZ file
    for the cells (of several rules FILE-1.npz, …), which goes on after a kill; `folder` is where a
    surface's file is looked up first; `report` is told what a reader should know; `progress` is
    called with (done, in all).

    Raises LandscapeError for names and values that mean nothing.
    """
    paths = kept_maps(recipe, keep)
    for path in paths:
        check_kept(path)
    setting = settle_setting(recipe, surface=surface, rules=rules, folder=folder)
    recipe = settled(recipe, setting)
    exact = not recipe.noise and recipe.batch is None and not recipe.schedule
    known = with_minima(setting.surface) if recipe.theory and exact else None
    recipe, axes = _with_axes(recipe, setting, known)
    with says_what_is_kept(paths):
        panels = _panels(recipe, setting, known, axes, paths, progress)
    return Stability(recipe, setting, tuple(panels))


def _panels(
    recipe: StabilityRecipe,
    setting: Setting,
    known: Surface | None,
    axes: Sequence[tuple[Axis, Axis]],
    paths: Sequence[str],
    progress: Progress | None,
) -> list[Panel]:
    panels = []
    for k, (rule, (x, y)) in enumerate(zip(setting.rules, axes, strict=True)):
        rated = _rated(setting, rule, x, y, recipe)
        found = StabilityMap.compute(
            setting.surface,
            rated,
            x,
            y,
            columns=recipe.columns,
            rows=recipe.rows,
            starts=setting.starts,
            steps=setting.steps,
            conditions=recipe.conditions,
            tolerance=recipe.tolerance,
            keep=paths[k] if paths else "",
            recipe=recipe.to_toml() if paths else "",
            progress=part_of(progress, k, len(axes)),
        )
        panels.append(_panel(recipe, setting, known, rated, found))
    return panels


def kept_maps(recipe: StabilityRecipe, keep: AnyPath) -> list[str]:
    """Return the files that keep the maps of a recipe, none if nothing is kept."""
    if not keep:
        return []
    if len(recipe.optimizers) == 1:
        return [str(keep)]
    path = Path(keep)
    return [
        str(path.with_name(f"{path.stem}-{k + 1}{path.suffix}"))
        for k in range(len(recipe.optimizers))
    ]


def _with_axes(
    recipe: StabilityRecipe, setting: Setting, known: Surface | None
) -> tuple[StabilityRecipe, list[tuple[Axis, Axis]]]:
    """Return the axes of each panel, and the recipe that says those that all have.

    Parameters: `known` is the surface with its minima, None if theory is not drawn.
    """
    axes = choose_panels(
        setting.surface,
        setting.rules,
        recipe.x,
        recipe.y,
        starts=setting.starts,
        steps=setting.steps,
        conditions=recipe.conditions,
        known=known,
    )
    xs = _common([x for x, _ in axes])
    upwards = _common([y for _, y in axes if y.name])
    recipe = recipe.with_(
        x=xs[0].text if len(set(xs)) == 1 else recipe.x,
        y=upwards[0].text if len(set(upwards)) == 1 else recipe.y,
    )
    rest = iter(upwards)
    ys = [next(rest) if y.name else y for _, y in axes]
    return recipe, list(zip(xs, ys, strict=True))


def _common(axes: list[Axis]) -> list[Axis]:
    """Return axes of one number with one range, in which all of theirs lie; others as they are."""
    if len({(one.name, one.spacing) for one in axes}) > 1:
        return axes
    low, high = min(one.low for one in axes), max(one.high for one in axes)
    return [Axis(one.name, low, high, one.spacing) for one in axes]


def _rated(setting: Setting, rule: Rule, x: Axis, y: Axis, recipe: StabilityRecipe) -> Rule:
    """Return the rule with a learning rate, if the map does not vary it."""
    from landscape.presets import choose_rate, preset_rule

    if "lr" in (x.name, y.name):
        return rule
    ready = preset_rule(setting.surface, rule)
    rated, _ = choose_rate(setting.surface, ready, setting.starts, setting.steps, recipe.conditions)
    assert not isinstance(rated, str)
    found: Any = rated
    rate: Rule = found
    return rate


def _panel(
    recipe: StabilityRecipe,
    setting: Setting,
    known: Surface | None,
    rule: Rule,
    found: StabilityMap,
) -> Panel:
    best, held = _best(recipe, rule, found)
    border, optima = None, []
    if known is not None:
        from landscape.maps.borders import find_border, find_optima
        from landscape.pictures.stability_theory import end_of_best, rate_of

        near = end_of_best(recipe, setting, rule, found)
        border = find_border(known, rule, found.x, found.y, near=near)
        if border is not None:
            for one in find_optima(known, rule, found.x, found.y, near=near):
                optima.append((one, rate_of(known, rule, one, near, setting)))
    return Panel(rule, found, border, tuple(optima), best, held)


def _best(
    recipe: StabilityRecipe, rule: Rule, found: StabilityMap
) -> tuple[tuple[int, int] | None, dict[str, float] | None]:
    """Return the best cell and the parameter of the surface for which it is that.

    A surface with another parameter is another problem: of one that the map varies the value
    nearest to its own is looked at.
    """
    import numpy as np

    varied = {found.x.name, found.y.name} & surface_numbers(found.surface, rule)
    if not varied:
        return found.best(recipe.average, recipe.metric), {}
    if len(varied) > 1 or not found.y.name:
        return None, None
    (name,) = varied
    formula: Any = getattr(found.surface, "formula", None)
    own = float(formula.parameters[name])
    across = name == found.x.name
    axis, values = (found.x, found.xs) if across else (found.y, found.ys)
    if not axis.low <= own <= axis.high:
        return None, None
    k = int(np.argmin(np.abs(axis.share(values) - axis.share(own))))
    only: dict[str, Any] = {"column" if across else "row": k}
    return found.best(recipe.average, recipe.metric, **only), {name: float(values[k])}
