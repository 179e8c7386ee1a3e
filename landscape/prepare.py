"""From a recipe to what it shows: the surface, and a path for every optimizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from landscape.descent import Trajectory, check_steps, descend
from landscape.ends import End, find_ends, with_found
from landscape.errors import LandscapeError
from landscape.optimizers.lookup import Optimizer, rule_text
from landscape.panels import panel_variants
from landscape.plan import Plan, make_plans
from landscape.presets import default_steps, lesson_of
from landscape.recipe import Recipe
from landscape.specs import check_python_text, python_text
from landscape.surfaces.lookup import remade
from landscape.surfaces.lookup import surface as find_surface
from landscape.surfaces.surface import Surface

__all__ = ["Panel", "Prepared", "prepare"]

# Frame rates whose delays are whole hundredths of a second, as GIF counts them.
_RATES = (10.0, 12.5, 20.0, 25.0)
_SECONDS = 8.0


@dataclass(frozen=True)
class Panel:
    """One surface of a picture with the paths over it, and its title among several panels.

    Attributes: `surface`, its points with those at which several starts ended; `ends`, how the
    paths from several starts ended, () for those from one.
    """

    surface: Surface
    trajectories: tuple[Trajectory, ...]
    title: str = ""
    ends: tuple[End, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """What a recipe shows: `recipe` with nothing left open, and its `panels`."""

    recipe: Recipe
    panels: tuple[Panel, ...]

    @property
    def surface(self) -> Surface:
        """The surface of the first panel."""
        return self.panels[0].surface

    @property
    def trajectories(self) -> tuple[Trajectory, ...]:
        """The paths of all panels."""
        return tuple(path for panel in self.panels for path in panel.trajectories)


def prepare(
    recipe: Recipe,
    *,
    surface: Surface | None = None,
    rules: Sequence[Optimizer | str] | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Prepared:
    """Fill in what the recipe leaves open and compute the paths.

    Parameters: `surface` and `rules` replace the recipe's texts by objects (for what no text can
    say); `report` is told each choice that the reader should know of, such as a searched rate;
    `progress` is called with (steps done, steps in all).

    Raises LandscapeError for names, formulas and values that mean nothing.
    """
    if surface is None:
        check_python_text(recipe.surface)
    given = recipe.optimizers if rules is None else rules
    for one in given:
        if isinstance(one, str):
            check_python_text(one)
    where = surface
    if where is None:
        where = find_surface(recipe.surface, bounds=recipe.bounds, table=recipe.table)
    if dropped := getattr(where, "dropped", 0):
        report(f"{dropped} rows of {dropped + where.examples} have no value and are left out")
    if not given and recipe.kind == "film":
        lesson = lesson_of(where)
        given = lesson.rules if lesson else ("gd", "momentum", "adam")
    if recipe.grid and recipe.beside and recipe.curves:
        raise LandscapeError("the curves of a grid stand beneath its panels: leave --beside out")
    recipe = _with_own_bounds(recipe, where)
    variants = panel_variants(recipe.grid, where, given, bounds=recipe.bounds)
    steps = check_steps(recipe.steps or default_steps(where))
    plans = make_plans(recipe, where, variants, steps, report)
    total = sum(len(plan.rules) * len(plan.starts) for plan in plans) * steps
    panels: list[Panel] = []
    done = 0
    for plan in plans:
        paths = []
        for rule in plan.rules:
            for start in plan.starts:
                paths.append(
                    descend(
                        plan.surface,
                        rule,
                        start=start,
                        steps=steps,
                        schedule=recipe.schedule or None,
                        batch=recipe.batch,
                        noise=recipe.noise,
                        seed=recipe.seed,
                        progress=_shifted(progress, done, total),
                    )
                )
                done += steps
        panels.append(_panel(plan, paths))
    return Prepared(_complete(recipe, where, plans, given, steps), tuple(panels))


def _panel(plan: Plan, paths: list[Trajectory]) -> Panel:
    """Return the panel of a plan; several starts are told apart by where they end."""
    if len(plan.starts) < 2:
        return Panel(plan.surface, tuple(paths), plan.title)
    ends = find_ends(plan.surface, paths)
    return Panel(with_found(plan.surface, ends), tuple(paths), plan.title, ends)


def _with_own_bounds(recipe: Recipe, where: Surface) -> Recipe:
    """Return the recipe with the bounds of a surface that are not those its text gives.

    A grid makes its surfaces from that text, and so does whoever makes the picture again.
    """
    if not recipe.grid or recipe.bounds is not None or not where.spec:
        return recipe
    (x0, x1), (y0, y1) = where.bounds
    usual = remade(where).bounds
    return recipe if where.bounds == usual else recipe.with_(bounds=(x0, x1, y0, y1))


def _complete(
    recipe: Recipe,
    where: Surface,
    plans: Sequence[Plan],
    given: Sequence[Optimizer | str],
    steps: int,
) -> Recipe:
    """Return the recipe with what was left open; a grid's panels keep what differs open."""
    first = plans[0]
    named = where.spec or python_text(where.name)
    table = _carried(where, plans)
    full = recipe.with_(surface=named, table=table, steps=steps, fps=_frame_rate(recipe, steps))
    if recipe.grid:
        texts = [one if isinstance(one, str) else rule_text(one) for one in given]
        return full.with_(optimizers=tuple(texts))
    (x0, x1), (y0, y1) = first.surface.bounds
    if recipe.lr:  # what was found stands in the recipe, and is not searched again
        told = first.told
        if len(first.starts) > 1 and len(first.rules) == 1:  # then the legend is of the ends
            told = f"{first.rules[0].describe()}: {told}"
        full = full.with_(lr="", caption=recipe.caption or told)
    return full.with_(
        optimizers=tuple(rule_text(rule) for rule in first.rules),
        start=first.starts[0],
        starts=first.starts[1:],
        fan=0,
        bounds=(x0, x1, y0, y1),
    )


def _carried(where: Surface, plans: Sequence[Plan]) -> str:
    """Return what the recipe carries of a surface's file, "" for a surface that none makes."""
    if where.kept:
        return where.kept
    if not where.examples:
        return ""
    from landscape.surfaces.data import carried_table

    return carried_table([where, *(plan.surface for plan in plans)])


def _frame_rate(recipe: Recipe, steps: int) -> float | None:
    """Return the recipe's frame rate, else the slowest exact one for a film of eight seconds."""
    if recipe.fps is not None or recipe.kind == "still":
        return recipe.fps
    frames = steps // recipe.speed + 1
    return next((rate for rate in _RATES if frames <= _SECONDS * rate), _RATES[-1])


def _shifted(
    progress: Callable[[int, int], None] | None, before: int, total: int
) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress(before + done, total)
