"""A learning rate for a rule that was given none: the same short search for every rule."""

from __future__ import annotations

import math
from typing import Protocol

from landscape.optimizers.rule import Rule

__all__ = ["RATES", "tune"]

# 1-2-5 steps from 1e-6 to 10: what a person would try by hand.
RATES = (*(float(f"{digit}e{power}") for power in range(-6, 1) for digit in (1, 2, 5)), 10.0)
# Where the scale of a surface is far from 1: data in thousands, losses of millions.
_BELOW = [float(f"{digit}e{power}") for power in range(-7, -16, -1) for digit in (5, 2, 1)]
_ABOVE = [float(f"{digit}e{power}") for power in range(1, 7) for digit in (2, 5, 10)]
_MOST_STEPS = 2000


class _Surface(Protocol):
    bounds: tuple[tuple[float, float], tuple[float, float]]

    def value_at(self, x: float, y: float) -> float: ...

    def gradient_at(self, x: float, y: float) -> tuple[float, float]: ...


def tune(surface: _Surface, rule: Rule, *, start: tuple[float, float], steps: int) -> float:
    """Return the learning rate of the 1-2-5 series that does best in `steps` steps.

    The series runs from 1e-6 to 10, and on from there while its best is at an end, to 1e-15 or 1e6.
    Best is the lowest mean loss over the last quarter of the path. A path that leaves the domain
    loses to every one that stays inside; if all leave, the rate that stays longest is taken, the
    smaller one of equals. More than 2000 steps are judged by the first 2000.
    """
    count = min(steps, _MOST_STEPS)
    scores = {rate: _score(surface, rule, rate, start, count) for rate in RATES}
    for further, end in ((_BELOW, RATES[0]), (_ABOVE, RATES[-1])):
        last = end
        for rate in further:
            # As good as its neighbour is no reason to go on, unless every path leaves at once.
            best = min(scores, key=lambda one: (scores[one], one))
            if best != last or (scores[best][0] == -count and _flat(scores, last)):
                break
            scores[rate] = _score(surface, rule, rate, start, count)
            last = rate
    return min(scores, key=lambda rate: (scores[rate], rate))


def _flat(scores: dict[float, tuple[float, float]], end: float) -> bool:
    """Return whether the rate at an end of the series does no better than the one beside it."""
    rates = sorted(scores)
    beside = rates[1] if end == rates[0] else rates[-2]
    return scores[beside] <= scores[end]


def _score(
    surface: _Surface, rule: Rule, rate: float, start: tuple[float, float], steps: int
) -> tuple[float, float]:
    """Return (minus the steps inside the domain, mean late loss): smaller is better."""
    (x0, x1), (y0, y1) = surface.bounds
    gradient, step = surface.gradient_at, rule.step_on(surface)
    (x, y), state = start, rule.initial_state(start, rate)
    late = steps - max(1, steps // 4)
    total = 0.0
    for k in range(steps):
        dx, dy = gradient(x, y)
        x, y, state = step(k + 1, rate, x, y, dx, dy, state, gradient)
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            return -float(k), 0.0
        if k >= late:
            total += surface.value_at(x, y)
    return -float(steps), total if math.isfinite(total) else math.inf
