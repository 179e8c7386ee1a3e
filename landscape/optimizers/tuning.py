"""A learning rate for a rule that was given none: the same short search for every rule."""

from __future__ import annotations

import math
from typing import Protocol

from landscape.optimizers.rule import Rule

__all__ = ["RATES", "tune"]

# 1-2-5 steps from 1e-6 to 10: what a person would try by hand.
RATES = (*(float(f"{digit}e{power}") for power in range(-6, 1) for digit in (1, 2, 5)), 10.0)
_MOST_STEPS = 2000


class _Surface(Protocol):
    bounds: tuple[tuple[float, float], tuple[float, float]]

    def value_at(self, x: float, y: float) -> float: ...

    def gradient_at(self, x: float, y: float) -> tuple[float, float]: ...


def tune(surface: _Surface, rule: Rule, *, start: tuple[float, float], steps: int) -> float:
    """Return the learning rate of the 1-2-5 series (1e-6 to 10) that does best in `steps` steps.

    Best is the lowest mean loss over the last quarter of the path. A path that leaves the domain
    loses to every one that stays inside; if all leave, the rate that stays longest is taken, the
    smaller one of equals. More than 2000 steps are judged by the first 2000.
    """
    count = min(steps, _MOST_STEPS)
    scores = [_score(surface, rule, rate, start, count) for rate in RATES]
    return RATES[min(range(len(RATES)), key=lambda k: (scores[k], k))]


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
