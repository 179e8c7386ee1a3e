"""What a run that leaves something open gets: the lesson's start, steps and rates."""

from __future__ import annotations

import math
from collections.abc import Sequence

from landscape.lessons import LESSONS, Lesson
from landscape.optimizers.catalogue import RULES
from landscape.optimizers.lookup import Optimizer, optimizer
from landscape.optimizers.rule import Rule
from landscape.optimizers.solver import Solver
from landscape.optimizers.tuning import Conditions, tune
from landscape.specs import split_spec
from landscape.surfaces.surface import Surface

__all__ = [
    "choose_rate",
    "default_start",
    "default_steps",
    "lesson_of",
    "preset_rule",
    "taught_rate",
]

_STEPS = 200
# Where a start is looked for, as shares of the domain's width and height.
_SHARES = (0.85, 0.15, 0.7, 0.3, 0.55, 0.45)


def lesson_of(surface: Surface) -> Lesson | None:
    """Return the lesson preset of a catalogue surface at its default parameters, else None."""
    return LESSONS.get(surface.spec)


def default_start(surface: Surface) -> tuple[float, float]:
    """Return the start of the surface's lesson, or its usual one.

    Where the usual one has no value, as for log(x), it is the first place of a grid that has.
    """
    lesson = lesson_of(surface)
    if lesson is not None:
        return lesson.start
    if math.isfinite(surface.value_at(*surface.start)):
        return surface.start
    (x0, x1), (y0, y1) = surface.bounds
    for v in _SHARES:
        for u in _SHARES:
            point = x0 + u * (x1 - x0), y0 + v * (y1 - y0)
            if math.isfinite(surface.value_at(*point)):
                return point
    return surface.start


def default_steps(surface: Surface) -> int:
    """Return how many steps the surface's lesson takes, 200 for a surface without one."""
    lesson = lesson_of(surface)
    return _STEPS if lesson is None else lesson.steps


def taught_rate(surface: Surface, spec: str | Optimizer) -> float | None:
    """Return the rate that the surface's lesson has for a rule without one of its own.

    None where it has none, and for a rule that has or needs no rate.
    """
    rule = optimizer(spec)
    if isinstance(rule, Solver) or rule.learning_rate is not None or not rule.reads_rate:
        return None
    lesson = _lesson_for(surface, rule)
    return None if lesson is None else lesson.rates[rule.name]


def preset_rule(surface: Surface, spec: str | Optimizer, *, taught: bool = True) -> Optimizer:
    """Return the rule of a text; one that names no rate gets the lesson's hyper-parameters too.

    The lesson's rate and its hyper-parameters belong together, so a rate of one's own means the
    rule's defaults for the rest. A Rule is taken as it is, and so is a solver. `taught` tells
    whether the lesson is asked at all.
    """
    rule = optimizer(spec)
    if not isinstance(spec, str) or isinstance(rule, Solver) or rule.learning_rate is not None:
        return rule
    lesson = _lesson_for(surface, rule) if taught else None
    if lesson is None:
        return rule
    given = split_spec(spec)[1]
    preset = lesson.hyperparameters.get(rule.name, {})
    return optimizer(spec, **{key: value for key, value in preset.items() if key not in given})


def choose_rate(
    surface: Surface,
    rule: Optimizer,
    starts: Sequence[tuple[float, float]],
    steps: int,
    conditions: Conditions,
    *,
    taught: bool = True,
) -> tuple[Optimizer, bool]:
    """Return the rule with a learning rate, and whether it had to be searched for.

    The rule's own rate wins; then the lesson's, for a catalogue surface, unless `taught` is false;
    then the search of `landscape.optimizers.tuning`. A solver has no rate and is returned as it is.
    """
    if isinstance(rule, Solver) or rule.learning_rate is not None:
        return rule, False
    if not rule.reads_rate:
        return rule.with_learning_rate(1.0), False
    rate = taught_rate(surface, rule) if taught else None
    if rate is not None:
        return rule.with_learning_rate(rate), False
    found = tune(surface, rule, start=starts, steps=steps, conditions=conditions)
    return rule.with_learning_rate(found), True


def _lesson_for(surface: Surface, rule: Rule) -> Lesson | None:
    """Return the surface's lesson if it has a rate for the rule, which it has in default forms."""
    lesson = lesson_of(surface)
    if lesson is None or rule.name not in lesson.rates:
        return None
    return lesson if rule.form == next(iter(RULES[rule.name].forms)) else None
