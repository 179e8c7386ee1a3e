"""A learning rate for a rule that was given none: the same short search for every rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.optimizers.rule import Gradient, Rule, Step
from landscape.optimizers.schedule import AnySchedule, Rates, find_schedule
from landscape.sampling import gradient_stream

if TYPE_CHECKING:
    from landscape.surfaces.surface import Surface

__all__ = ["RATES", "Conditions", "tune"]

# 1-2-5 steps from 1e-6 to 10: what a person would try by hand.
RATES = (*(float(f"{digit}e{power}") for power in range(-6, 1) for digit in (1, 2, 5)), 10.0)
# Where the scale of a surface is far from 1: data in thousands, losses of millions.
_BELOW = [float(f"{digit}e{power}") for power in range(-7, -16, -1) for digit in (5, 2, 1)]
_ABOVE = [float(f"{digit}e{power}") for power in range(1, 7) for digit in (2, 5, 10)]
_MOST_STEPS = 2000
_MOST_STARTS = 9


@dataclass(frozen=True)
class Conditions:
    """What else a run depends on.

    Attributes: `batch`, examples of each gradient, None for all; `noise`, its deviation; `seed` of
    both and of a rule's own draws; `schedule` of the rate, "" for a constant one. A batch and a
    schedule of the rule's own win.
    """

    batch: int | None = None
    noise: float = 0.0
    seed: int = 0
    schedule: str | AnySchedule = ""


def tune(
    surface: Surface,
    rule: Rule,
    *,
    start: tuple[float, float] | Sequence[tuple[float, float]],
    steps: int,
    conditions: Conditions | None = None,
) -> float:
    """Return the learning rate of the 1-2-5 series that does best in `steps` steps.

    Parameters: `start` is one, or several; `conditions` are those of the run that is shown.

    The series runs from 1e-6 to 10, and on from there while its best is at an end, to 1e-15 or 1e6.
    Best is the lowest mean loss over the last quarter of the path. A path that leaves the domain
    loses to every one that stays inside; if all leave, the rate that stays longest is taken, the
    smaller one of equals. Of several starts, at most nine of them, the one in the middle counts
    (the better of two): one that has to leave has no veto. More than 2000 steps are judged by the
    first 2000.
    """
    count = min(steps, _MOST_STEPS)
    several: list[Any] = [start] if isinstance(start[0], int | float) else list(start)
    several = several[:: -(-len(several) // _MOST_STARTS)]
    run = conditions or Conditions()
    size = run.batch if rule.batch is None else rule.batch
    plan = find_schedule(rule.schedule or run.schedule)

    def judged(rate: float) -> tuple[float, float]:
        found = []
        for one in several:
            # The same batches and the same noise for every rate.
            step = rule.step_on(surface, run.seed)
            sample = gradient_stream(surface, run.noise, size, run.seed)
            rates = plan.start(rate, steps)
            found.append(_score(surface, rule, step, one, count, sample, rates))
        return sorted(found)[(len(found) - 1) // 2]

    scores = {rate: judged(rate) for rate in RATES}
    for further, end in ((_BELOW, RATES[0]), (_ABOVE, RATES[-1])):
        last = end
        for rate in further:
            # As good as its neighbour is no reason to go on, unless every path leaves at once.
            best = min(scores, key=lambda one: (scores[one], one))
            if best != last or (scores[best][0] == -count and _flat(scores, last)):
                break
            scores[rate] = judged(rate)
            last = rate
    return min(scores, key=lambda rate: (scores[rate], rate))


def _flat(scores: dict[float, tuple[float, float]], end: float) -> bool:
    """Return whether the rate at an end of the series does no better than the one beside it."""
    rates = sorted(scores)
    beside = rates[1] if end == rates[0] else rates[-2]
    return scores[beside] <= scores[end]


def _score(
    surface: Surface,
    rule: Rule,
    step: Step,
    start: tuple[float, float],
    steps: int,
    sample: Callable[[], Gradient],
    rates: Rates,
) -> tuple[float, float]:
    """Return (minus the steps inside the domain, mean late loss): smaller is better."""
    (x0, x1), (y0, y1) = surface.bounds
    x, y = start
    follows = rates(0, surface.value_at(x, y))
    state = rule.initial_state(start, follows)
    late = steps - max(1, steps // 4)
    total = 0.0
    for k in range(steps):
        gradient = sample()
        dx, dy = gradient(x, y)
        x, y, state = step(k + 1, follows, x, y, dx, dy, state, gradient)
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            return -float(k), 0.0
        loss = surface.value_at(x, y)
        follows = rates(k + 1, loss)
        if k >= late:
            total += loss
    return -float(steps), total if math.isfinite(total) else math.inf
