"""What every panel of a picture is made of, before anything moves; the panels are treated alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from landscape.domains import choose_starts, settle_domains
from landscape.errors import LandscapeError
from landscape.optimizers.catalogue import RULES, SOLVERS
from landscape.optimizers.lookup import TYPED_LABEL, Optimizer
from landscape.optimizers.solver import Solver
from landscape.optimizers.tuning import Conditions
from landscape.panels import Variant
from landscape.presets import choose_rate, preset_rule, taught_rate
from landscape.recipe import Recipe
from landscape.surfaces.surface import Surface

__all__ = ["Plan", "make_plans"]

_MOST_OPTIMIZERS = 16
_MOST_PATHS = 64


@dataclass(frozen=True)
class Plan:
    """What one panel is made of."""

    title: str
    surface: Surface
    rules: tuple[Optimizer, ...]
    starts: tuple[tuple[float, float], ...]
    told: str = ""
    """How the search of its settings went, in words; "" if there was none."""


def make_plans(
    recipe: Recipe,
    base: Surface,
    variants: Sequence[Variant],
    steps: int,
    report: Callable[[str], None],
) -> list[Plan]:
    """Return a plan for each variant of `base`, with domain, starts, rules and rates.

    With `lr` all rules have the settings of one search, but for rates that are written. Else a rule
    that names no rate has the lesson's in every panel, or in every panel one that is searched for:
    half of each would compare the settings and not what the grid varies.

    Raises LandscapeError for too many paths, and for what `choose_starts` and the rules refuse.
    """
    conditions = Conditions(recipe.batch, recipe.noise, recipe.seed, recipe.schedule)
    variants = settle_domains(recipe, base, variants)
    taught = _taught(variants)
    plans = []
    for variant in variants:
        where, starts = variant.surface, choose_starts(recipe, variant)
        name = f"{variant.title}: " if variant.title else ""
        (x0, x1), (y0, y1) = where.bounds
        for x, y in starts:
            if not (x0 <= x <= x1 and y0 <= y <= y1):
                report(f"{name}the start {x:g},{y:g} lies outside the picture")
        rules = _told_apart(
            [
                preset_rule(where, one, taught=known and not recipe.lr)
                for one, known in zip(variant.optimizers, taught, strict=True)
            ]
        )
        _check_count(len(rules), len(starts))
        if recipe.lr:
            tuned, told = _tuned(recipe, where, rules, starts, steps, conditions)
            for before, rule in zip(rules, tuned, strict=True):
                how = "as it stands" if rule is before else "the best of the search"
                report(f"{name}{rule.label}: {rule.describe()}, {how}")
            plans.append(Plan(variant.title, where, tuned, starts, told))
            continue
        ready = []
        for rule, known in zip(rules, taught, strict=True):
            rated, searched = choose_rate(where, rule, starts, steps, conditions, taught=known)
            if searched:
                report(
                    f"{name}{rule.label}: no lr was given; of 1, 2 and 5 times each power of ten, "
                    f"{rated.learning_rate:g} does best in {steps} steps"
                )
            ready.append(rated)
        plans.append(Plan(variant.title, where, tuple(ready), starts))
    _check_asked(recipe, [rule for plan in plans for rule in plan.rules])
    return plans


def _tuned(
    recipe: Recipe,
    where: Surface,
    rules: Sequence[Optimizer],
    starts: tuple[tuple[float, float], ...],
    steps: int,
    conditions: Conditions,
) -> tuple[tuple[Optimizer, ...], str]:
    """Return the rules with the settings that one search, the same for all, finds the best.

    A rate that stands with a rule stays. The second result says what was searched.
    """
    from landscape.maps.tune import Budget, tune_fairly

    budget = Budget.usual(where, conditions, steps, starts)
    found = tune_fairly(
        where, rules, budget, over=recipe.searched[1:], conditions=conditions, keep_rates=True
    )
    ready: list[Optimizer] = []
    kept = []
    for rule, one in zip(rules, found, strict=True):
        if isinstance(rule, Solver):
            ready.append(rule)
            continue
        if rule.learning_rate is not None and rule.reads_rate:
            kept.append(rule.label)
        rated = rule if rule.learning_rate is not None else rule.with_learning_rate(1.0)
        ready.append(one.rule if one is not None else rated)
    if kept and not any(found):
        raise LandscapeError(
            f"the rate of {', '.join(kept)} is written, so there is none to search: leave --lr or "
            "the rate out"
        )
    said = f"the best of {budget.brief}"
    return tuple(ready), f"{said}; {', '.join(kept)} with the lr written" if kept else said


def _check_asked(recipe: Recipe, rules: Sequence[Optimizer]) -> None:
    """Refuse what none of the optimizers could follow or show."""
    moving = [rule for rule in rules if not isinstance(rule, Solver)]
    names = ", ".join(dict.fromkeys(rule.label or rule.name for rule in rules))
    if rules and recipe.schedule and not any(rule.reads_rate for rule in moving):
        raise LandscapeError(
            f"a schedule needs a learning rate, which {names} has not: leave it out"
        )
    if recipe.view == "3d":
        for name, asked in (
            ("arrows", recipe.arrows),
            ("the batch's contours", recipe.batch_lines),
        ):
            if asked:
                raise LandscapeError(f"{name} are drawn from above: take --view both or contour")
    if rules and "velocity" in recipe.arrows and all(rule.velocity is None for rule in moving):
        raise LandscapeError(
            f"an arrow of the velocity needs a rule with one, such as momentum: {names} came"
        )


def _taught(variants: Sequence[Variant]) -> list[bool]:
    """Return for each place in the lists of optimizers whether all panels' lessons have a rate."""
    places = zip(*(variant.optimizers for variant in variants), strict=True)
    return [
        all(
            taught_rate(variant.surface, one) is not None
            for variant, one in zip(variants, place, strict=True)
        )
        for place in places
    ]


def _check_count(rules: int, starts: int) -> None:
    if rules * starts > _MOST_PATHS:
        raise LandscapeError(
            f"{_MOST_PATHS} paths fit into one picture: {rules} optimizers from {starts} starts "
            "came"
        )
    if rules > _MOST_OPTIMIZERS:
        raise LandscapeError(f"{_MOST_OPTIMIZERS} optimizers fit into one picture: {rules} came")


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
