"""Which settings work: final losses over two numbers, with the border and the optimum of theory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.files import AnyPath
from landscape.keys import flag, number_key, text, whole_key
from landscape.maps.axes import Axis, tidy
from landscape.maps.borders import Border, Marked
from landscape.maps.kept import check_kept, says_what_is_kept
from landscape.maps.stability import AVERAGES, StabilityMap, choose_axes
from landscape.pictures.on_surface import (
    OnSurface,
    Setting,
    borrowed,
    part_of,
    settle_setting,
    settled,
)
from landscape.pictures.ready import Redrawn
from landscape.pictures.words import short

if TYPE_CHECKING:
    from landscape.optimizers.lookup import Optimizer
    from landscape.optimizers.rule import Rule
    from landscape.surfaces.surface import Surface

    Progress = Callable[[int, int], None]

__all__ = ["Panel", "Stability", "StabilityRecipe", "kept_maps", "prepare", "said_settings"]

_MOST = 4


@dataclass(frozen=True, kw_only=True, repr=False)
class StabilityRecipe(OnSurface):
    """What a map of settings depends on.

    Attributes, beside those of OnSurface:
      optimizers  rules, a panel each
      x           the number across: "lr=0.001:0.2", "lr" for its usual range, "" for lr
      y           the number upwards: "mu=0:0.99", "" for the rule's own
      columns     cells across
      rows        cells upwards
      metric      "loss" at the end, or "steps" until a path has arrived
      average     how the results from several starts become one: "median", "mean" or "worst"
      tolerance   how small gradient and movement are where a path has arrived
      theory      the border and the optimum of theory
      best        a mark at the best cell
    """

    picture = "stability"

    optimizers: tuple[str, ...] = borrowed(
        "optimizers",
        default=("momentum",),
        help="An update rule: momentum, adam:beta1=0.8, or 'p = p - lr*g'. Repeat it for panels "
        "side by side.",
        distinct=True,
        most=_MOST,
    )
    x: str = text(
        "",
        "The number across and its range, such as lr=0.001:0.2; lr if left out. :log, :linear or "
        ":near1 behind it spaces it so.",
        metavar="NAME=LOW:HIGH",
    )
    y: str = text(
        "",
        "The number upwards, such as mu=0:0.99, or a parameter of the surface, such as kappa; the "
        "rule's own if left out.",
        metavar="NAME=LOW:HIGH",
    )
    columns: int = whole_key(320, 8, 4000, "Cells across.")
    rows: int = whole_key(200, 8, 4000, "Cells upwards.")
    metric: str = text(
        "loss",
        "What the colours are: the loss at the end, or the steps until a path has arrived.",
        choices=("loss", "steps"),
    )
    average: str = text("median", "What counts of several starts.", choices=AVERAGES)
    tolerance: float = number_key(
        1e-6, 0, 1e6, "A path has arrived where gradient and movement are no larger."
    )
    theory: bool = flag(True, "The border of stability and the optimum that theory has.")
    best: bool = flag(True, "A mark at the best cell.")

    def _check(self) -> None:
        super()._check()
        if not self.optimizers:
            raise LandscapeError("a map of settings needs an optimizer: add --opt momentum")

    def _verb(self) -> str:
        return "map stability"

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small; called before long work begins."""
        from landscape.pictures.stability_drawing import plan

        plan(self, len(self.optimizers))


@dataclass(frozen=True, eq=False)
class Panel:
    """The map of one rule: `border` and `optima` of theory, each with the rate that was measured.

    Attributes: `best`, (row, column) of the best cell, None if there is none; `curvature`, the
    largest one, which the border has.
    """

    rule: Rule
    map: StabilityMap
    border: Border | None
    optima: tuple[tuple[Marked, float | None], ...]
    best: tuple[int, int] | None

    def best_settings(self) -> dict[str, float]:
        """Return the settings of the best cell."""
        return {} if self.best is None else self.map.settings(*self.best)


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
        found = []
        for one in self.panels:
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
    recipe, axes = _with_axes(recipe, setting)
    with says_what_is_kept(paths):
        panels = _panels(recipe, setting, axes, paths, progress)
    return Stability(recipe, setting, tuple(panels))


def _panels(
    recipe: StabilityRecipe,
    setting: Setting,
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
        panels.append(_panel(recipe, setting, rated, found))
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
    recipe: StabilityRecipe, setting: Setting
) -> tuple[StabilityRecipe, list[tuple[Axis, Axis]]]:
    """Return the axes of each panel, and the recipe that says those that all have."""
    axes = [
        choose_axes(
            setting.surface,
            rule,
            recipe.x,
            recipe.y,
            starts=setting.starts,
            steps=setting.steps,
            conditions=recipe.conditions,
        )
        for rule in setting.rules
    ]
    xs = _common([x for x, _ in axes])
    ys = _common([y for _, y in axes])
    recipe = recipe.with_(
        x=xs[0].text if len(set(xs)) == 1 else recipe.x,
        y=ys[0].text if len(set(ys)) == 1 else recipe.y,
    )
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


def _panel(recipe: StabilityRecipe, setting: Setting, rule: Rule, found: StabilityMap) -> Panel:
    best = found.best(recipe.average) if recipe.metric == "loss" else _first(found, recipe.average)
    border, optima = None, []
    exact = not recipe.noise and recipe.batch is None and not recipe.schedule
    if recipe.theory and exact:
        where, near = _around(setting, rule, found, best)
        from landscape.maps.borders import find_border, find_optima

        border = find_border(where, rule, found.x, found.y, near=near)
        if border is not None:
            for one in find_optima(where, rule, found.x, found.y, near=near):
                optima.append((one, _measured(where, rule, one, near, setting)))
    return Panel(rule, found, border, tuple(optima), best)


def _first(found: StabilityMap, over: str) -> tuple[int, int] | None:
    """Return (row, column) of the cell that arrives first, None if none does."""
    import numpy as np

    arrivals = found.arrivals(over)
    if not np.isfinite(arrivals).any():
        return None
    losses = found.losses(over)
    order = np.lexsort((losses.ravel(), arrivals.ravel()))
    row, column = divmod(int(order[0]), arrivals.shape[1])
    return row, column


def _around(
    setting: Setting, rule: Rule, found: StabilityMap, best: tuple[int, int] | None
) -> tuple[Any, tuple[float, float] | None]:
    """Return the surface with its minima, and the place where the best path ends."""
    from copy import copy

    from landscape.descent import descend
    from landscape.maps.theory import quadratic_hessian
    from landscape.maps.walk import with_values
    from landscape.surfaces.critical import critical_points

    where = setting.surface
    if not where.points and quadratic_hessian(where) is None:
        where = copy(where)
        where.points = critical_points(where)
    if best is None:
        return where, None
    values = found.settings(*best)
    surface, moved = with_values(setting.surface, rule, values)
    path = descend(surface, moved, start=setting.starts[0], steps=setting.steps)
    x, y = path.points[-1].tolist()
    return where, (x, y)


def _measured(
    where: Any, rule: Rule, one: Marked, near: tuple[float, float] | None, setting: Setting
) -> float | None:
    """Return the rate of the path with the settings of an optimum, None if it has none."""
    from landscape.descent import descend
    from landscape.maps.theory import lowest_point, measured_rate
    from landscape.maps.walk import with_values

    point = lowest_point(where, near)
    if point is None:
        return None
    surface, moved = with_values(where, rule, one.optimum.values)
    path = descend(surface, moved, start=setting.starts[0], steps=setting.steps)
    x, y = path.points[-1].tolist()
    there = lowest_point(where, (x, y)) == point  # it may have gone to another minimum
    return measured_rate(path.points, point) if there else None


# -- words -------------------------------------------------------------------------------------


def said_settings(values: Any) -> str:
    """Return settings as a legend has them: "lr 0.134, mu 0.403"."""
    return ", ".join(f"{key} {tidy(value):g}" for key, value in values.items())


def said_best(panel: Panel, recipe: StabilityRecipe) -> str:
    """Return the best cell of a map in words and numbers."""
    if panel.best is None:
        return "no cell arrives" if recipe.metric == "steps" else "every cell diverges"
    loss = float(panel.map.losses(recipe.average)[panel.best])
    arrived = float(panel.map.arrivals(recipe.average)[panel.best])
    end = f"there after {arrived:g} steps" if recipe.metric == "steps" else f"loss {short(loss)}"
    return f"best: {said_settings(panel.best_settings())}: {end}"


def said_optimum(marked: Marked, measured: float | None) -> str:
    """Return an optimum of theory in words and numbers."""
    one = marked.optimum
    tail = "" if measured is None else f", measured {measured:.3g}"
    return f"{one.name}: {said_settings(one.values)}: rate {one.rate:.3g}{tail}"
