"""From a recipe to what it shows: the surface, and a path for every optimizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from landscape.descent import Trajectory, check_start, check_steps, descend
from landscape.errors import LandscapeError
from landscape.optimizers.catalogue import RULES
from landscape.optimizers.lookup import TYPED_LABEL, rule_spec
from landscape.optimizers.rule import Rule
from landscape.presets import choose_rate, default_start, default_steps, lesson_of, preset_rule
from landscape.recipe import Recipe
from landscape.surfaces.lookup import surface as find_surface
from landscape.surfaces.surface import FormulaSurface, Surface

__all__ = ["Prepared", "prepare"]

_MOST_OPTIMIZERS = 16
# Frame rates whose delays are whole hundredths of a second, as GIF counts them.
_RATES = (10.0, 12.5, 20.0, 25.0)
_SECONDS = 8.0


@dataclass(frozen=True)
class Prepared:
    """What a recipe shows: `recipe` with nothing left open, `surface`, `trajectories`."""

    recipe: Recipe
    surface: Surface
    trajectories: tuple[Trajectory, ...]


def prepare(
    recipe: Recipe,
    *,
    surface: Surface | None = None,
    rules: Sequence[Rule | str] | None = None,
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
    if len(given) > _MOST_OPTIMIZERS:
        raise LandscapeError(
            f"{_MOST_OPTIMIZERS} optimizers fit into one picture: {len(given)} came"
        )
    where = surface if surface is not None else find_surface(recipe.surface, bounds=recipe.bounds)
    where = _with_points(where)
    lesson = lesson_of(where)
    own = lesson is not None and where.bounds == find_surface(where.spec).bounds
    if lesson is not None and lesson.view is not None and recipe.bounds is None and own:
        x0, x1, y0, y1 = lesson.view
        where = find_surface(where, bounds=((x0, x1), (y0, y1)))
    start = check_start(recipe.start or default_start(where), where)
    (x0, x1), (y0, y1) = where.bounds
    if not (x0 <= start[0] <= x1 and y0 <= start[1] <= y1):
        report(f"the start {start[0]:g},{start[1]:g} lies outside the picture")
    steps = check_steps(recipe.steps or default_steps(where))
    if not given and recipe.kind == "film":
        given = lesson.rules if lesson else ("gd", "momentum", "adam")
    for one in given:
        if isinstance(one, str):
            _check_text(one)
    chosen = _told_apart([preset_rule(where, one) for one in given])
    paths = []
    for index, rule in enumerate(chosen):
        ready, searched = choose_rate(where, rule, start, steps)
        if searched:
            report(
                f"{rule.label}: no lr was given; of 1e-6, 2e-6, 5e-6 … 10, "
                f"{ready.learning_rate:g} does best in {steps} steps"
            )
        paths.append(
            descend(
                where,
                ready,
                start=start,
                steps=steps,
                schedule=recipe.schedule or None,
                noise=recipe.noise,
                seed=recipe.seed,
                progress=_shifted(progress, index * steps, len(chosen) * steps),
            )
        )
    full = recipe.with_(
        surface=where.spec or f"python:{where.name}",
        optimizers=tuple(_spec(path.rule) for path in paths),
        start=start,
        steps=steps,
        bounds=(x0, x1, y0, y1),
        fps=_frame_rate(recipe, steps),
    )
    return Prepared(full, where, tuple(paths))


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


def _told_apart(rules: list[Rule]) -> list[Rule]:
    """Return the rules with labels that tell apart typed ones, and forms of one of the catalogue.

    A label of the user's own stays as it is.
    """
    formulas: dict[str, list[str]] = {}
    apart = []
    for rule in rules:
        typed = rule.name not in RULES
        usual = TYPED_LABEL if typed else RULES[rule.name].label
        known = formulas.setdefault(rule.label, [])
        if rule.formula not in known:
            known.append(rule.formula)
        k = known.index(rule.formula)
        label = rule.label
        if k and label == usual:
            label = f"{usual} {k + 1}" if typed else f"{usual} ({rule.form})"
        apart.append(replace(rule, label=label))
    return apart


def _shifted(
    progress: Callable[[int, int], None] | None, before: int, total: int
) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress(before + done, total)


def _spec(rule: Rule) -> str:
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
