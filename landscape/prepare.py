"""From a recipe to what it shows: the surface, and a path for every optimizer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from landscape.descent import Trajectory, check_start, check_steps, descend
from landscape.errors import LandscapeError
from landscape.optimizers.catalogue import RULES, SOLVERS
from landscape.optimizers.lookup import TYPED_LABEL, Optimizer, rule_spec
from landscape.panels import Variant, panel_variants
from landscape.presets import choose_rate, default_start, default_steps, lesson_of, preset_rule
from landscape.recipe import Recipe
from landscape.surfaces.lookup import surface as find_surface
from landscape.surfaces.surface import FormulaSurface, Surface

__all__ = ["Panel", "Prepared", "prepare"]

_MOST_OPTIMIZERS = 16
_MOST_PATHS = 64
# How far out a ring of starts lies, as a share of the way to the edge.
_RING = 0.88
# Frame rates whose delays are whole hundredths of a second, as GIF counts them.
_RATES = (10.0, 12.5, 20.0, 25.0)
_SECONDS = 8.0


@dataclass(frozen=True)
class Panel:
    """One surface of a picture with the paths over it, and its title among several panels."""

    surface: Surface
    trajectories: tuple[Trajectory, ...]
    title: str = ""


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
        _check_text(recipe.surface)
    given = recipe.optimizers if rules is None else rules
    for one in given:
        if isinstance(one, str):
            _check_text(one)
    where = surface if surface is not None else find_surface(recipe.surface, bounds=recipe.bounds)
    if not given and recipe.kind == "film":
        lesson = lesson_of(where)
        given = lesson.rules if lesson else ("gd", "momentum", "adam")
    if recipe.grid and recipe.beside and recipe.curves:
        raise LandscapeError("the curves of a grid stand beneath its panels: leave --beside out")
    variants = panel_variants(recipe.grid, where, given, bounds=recipe.bounds)
    steps = check_steps(recipe.steps or default_steps(where))
    variants = _from_one_model(recipe, variants)
    plans = [_plan(recipe, variant, steps, report) for variant in variants]
    total = sum(len(plan.rules) * len(plan.starts) for plan in plans) * steps
    panels, done = [], 0
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
        panels.append(Panel(plan.surface, tuple(paths), plan.title))
    return Prepared(_complete(recipe, where, plans, given, steps), tuple(panels))


@dataclass(frozen=True)
class _Plan:
    """What one panel is made of, before anything has moved."""

    title: str
    surface: Surface
    rules: tuple[Optimizer, ...]
    starts: tuple[tuple[float, float], ...]


def _plan(recipe: Recipe, variant: Variant, steps: int, report: Callable[[str], None]) -> _Plan:
    where = _with_view(_with_points(variant.surface), recipe)
    starts = _starts(recipe, where)
    (x0, x1), (y0, y1) = where.bounds
    for x, y in starts:
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            report(f"the start {x:g},{y:g} lies outside the picture")
    chosen = _told_apart([preset_rule(where, one) for one in variant.optimizers])
    if len(chosen) * len(starts) > _MOST_PATHS:
        raise LandscapeError(
            f"{_MOST_PATHS} paths fit into one picture: {len(chosen)} optimizers from "
            f"{len(starts)} starts came"
        )
    if len(chosen) > _MOST_OPTIMIZERS:
        raise LandscapeError(
            f"{_MOST_OPTIMIZERS} optimizers fit into one picture: {len(chosen)} came"
        )
    ready = []
    for rule in chosen:
        rated, searched = choose_rate(where, rule, starts[0], steps)
        if searched:
            report(
                f"{rule.label}: no lr was given; of 1, 2 and 5 times each power of ten, "
                f"{rated.learning_rate:g} does best in {steps} steps"
            )
        ready.append(rated)
    return _Plan(variant.title, where, tuple(ready), starts)


def _from_one_model(recipe: Recipe, variants: list[Variant]) -> list[Variant]:
    """Return the variants such that scalings of the same data start from the same model.

    It is the start of the roundest surface; where it lies outside another's domain, that grows,
    unless bounds were asked for.
    """
    surfaces = [variant.surface for variant in variants]
    if len(variants) < 2 or not all(one.examples for one in surfaces) or recipe.start is not None:
        return variants
    if recipe.fan or any(lesson_of(one) is not None for one in surfaces):
        return variants
    from landscape.surfaces.data import DataSurface

    known = [one for one in surfaces if isinstance(one, DataSurface)]
    if len(known) < len(variants):
        return variants
    roundest = min(known, key=lambda one: one.condition or math.inf)
    moved = []
    for variant, one in zip(variants, known, strict=True):
        start = one.same_model(roundest, *roundest.start)
        if start is None:
            return variants
        (x0, x1), (y0, y1) = one.bounds
        (x, y), (wide, tall) = start, (0.06 * (x1 - x0), 0.06 * (y1 - y0))
        around = ((min(x0, x - wide), max(x1, x + wide)), (min(y0, y - tall), max(y1, y + tall)))
        grown = find_surface(one, bounds=one.bounds if recipe.bounds is not None else around)
        grown.start = start
        moved.append(replace(variant, surface=grown))
    return moved


def _with_view(where: Surface, recipe: Recipe) -> Surface:
    """Return the surface with the bounds that its lesson shows, unless others are asked for."""
    lesson = lesson_of(where)
    if lesson is None or lesson.view is None or recipe.bounds is not None:
        return where
    if where.bounds != find_surface(where.spec).bounds:
        return where
    x0, x1, y0, y1 = lesson.view
    return find_surface(where, bounds=((x0, x1), (y0, y1)))


def _starts(recipe: Recipe, where: Surface) -> tuple[tuple[float, float], ...]:
    """Return the starts of every rule: a ring of them, those of the recipe, or the lesson's."""
    if recipe.fan and (recipe.start is not None or recipe.starts):
        raise LandscapeError("a fan has its own starts: leave --start or --fan out")
    if recipe.fan:
        (x0, x1), (y0, y1) = where.bounds
        angles = [2 * math.pi * (k + 0.5) / recipe.fan for k in range(recipe.fan)]
        ring = [
            (
                _on_ring(x0, x1, math.cos(angle)),
                _on_ring(y0, y1, math.sin(angle)),
            )
            for angle in angles
        ]
        return tuple(check_start(point, where) for point in ring)
    first = recipe.start or default_start(where)
    return tuple(check_start(point, where) for point in (first, *recipe.starts))


def _on_ring(low: float, high: float, share: float) -> float:
    """Return a coordinate of a start, rounded to what a reader would write."""
    half = 0.5 * (high - low)
    digits = 3 - math.floor(math.log10(half))
    return round(0.5 * (low + high) + _RING * half * share, digits) + 0.0


def _complete(
    recipe: Recipe,
    where: Surface,
    plans: Sequence[_Plan],
    given: Sequence[Optimizer | str],
    steps: int,
) -> Recipe:
    """Return the recipe with what was left open; a grid's panels keep what differs open."""
    first = plans[0]
    named = where.spec or f"python:{where.name}"
    full = recipe.with_(surface=named, steps=steps, fps=_frame_rate(recipe, steps))
    if recipe.grid:
        texts = [one if isinstance(one, str) else _spec(one) for one in given]
        return full.with_(optimizers=tuple(texts))
    (x0, x1), (y0, y1) = first.surface.bounds
    return full.with_(
        optimizers=tuple(_spec(rule) for rule in first.rules),
        start=first.starts[0],
        starts=first.starts[1:],
        fan=0,
        bounds=(x0, x1, y0, y1),
    )


def _check_text(text: str) -> None:
    """Refuse what stands in a recipe for an object that no text can say."""
    head, colon, name = text.partition(":")
    if colon and head == "python":
        raise LandscapeError(
            f"{name!r} was made in Python and is not in the recipe: make the picture there again"
        )


def _frame_rate(recipe: Recipe, steps: int) -> float | None:
    """Return the recipe's frame rate, else the slowest exact one for a film of eight seconds."""
    if recipe.fps is not None or recipe.kind == "still":
        return recipe.fps
    frames = steps // recipe.speed + 1
    return next((rate for rate in _RATES if frames <= _SECONDS * rate), _RATES[-1])


def _told_apart(rules: list[Optimizer]) -> list[Optimizer]:
    """Return the rules with labels that tell apart typed ones, and forms of one of the catalogue.

    A label of the user's own stays as it is.
    """
    formulas: dict[str, list[str]] = {}
    apart = []
    for rule in rules:
        entry = {**RULES, **SOLVERS}.get(rule.name)
        typed = entry is None
        usual = TYPED_LABEL if entry is None else entry.label
        known = formulas.setdefault(rule.label, [])
        if rule.formula not in known:
            known.append(rule.formula)
        k = known.index(rule.formula)
        label = rule.label
        if k and label == usual:
            label = f"Rule {k + 1}" if typed else f"{usual} ({rule.form})"
        apart.append(replace(rule, label=label))
    return apart


def _shifted(
    progress: Callable[[int, int], None] | None, before: int, total: int
) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress(before + done, total)


def _spec(rule: Optimizer) -> str:
    try:
        return rule_spec(rule)
    except LandscapeError:
        return f"python:{rule.name}"


def _with_points(where: Surface) -> Surface:
    """Return the surface with its critical points found, if nobody has said them."""
    if where.points or not isinstance(where, FormulaSurface) or lesson_of(where) is not None:
        return where
    from copy import copy

    from landscape.surfaces.critical import critical_points

    found = copy(where)
    found.points = critical_points(where)
    return found
