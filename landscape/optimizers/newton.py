"""Newton's method, pure or damped."""

from __future__ import annotations

import math
from typing import ClassVar

from landscape.optimizers.solver import Course, Question, Solver

__all__ = ["Newton"]

_ARMIJO = 1e-4
_HALVINGS = 60
_FLAT = 1e-8  # a lowest curvature below this share of the highest counts as none
_EPS = 2.0**-52


class Newton(Solver):
    """Newton's method: (H + damping*I) d = -g.

    The form "pure" takes the step d as it is. The form "backtracking" shifts an H that is not
    positive definite until its lowest eigenvalue is as far above 0 as it was below (at least a
    thousandth of the largest), and halves the step until the loss falls by Armijo's condition.
    """

    ranges: ClassVar = {"damping": (0.0, math.inf), "gtol": (0.0, math.inf)}

    def walk(self, question: Question, start: tuple[float, float], steps: int, seed: int) -> Course:
        """Return the course; converged where no part of the gradient is larger than gtol."""
        x, y = start
        pure = self.form == "pure"
        course = Course([start], [0])
        loss = math.nan if pure else question.value(x, y)
        for _ in range(steps):
            g = question.gradient(x, y)
            if max(abs(g[0]), abs(g[1])) <= self.hyperparameters["gtol"]:
                course.converged = True
                return course
            step = self._step(question.hessian(x, y), g, pure)
            if step is None:
                course.reason = "the Hessian has no inverse"
                return course
            if pure:
                x, y = x + step[0], y + step[1]
            else:
                found = _search(question, (x, y), step, loss, g)
                if found is None:
                    course.reason = "no step along the direction lowers the loss"
                    return course
                x, y, loss = found
            course.add(x, y, question.asked)
            if not math.isfinite(x + y):
                return course
        course.converged = max(map(abs, question.gradient(x, y))) <= self.hyperparameters["gtol"]
        return course

    def _step(
        self, hessian: tuple[float, float, float], g: tuple[float, float], pure: bool
    ) -> tuple[float, float] | None:
        """Return -(H + k*I)^-1 g, None where there is none."""
        xx, xy, yy = hessian
        k = self.hyperparameters["damping"]
        if not pure:
            k += _shift(xx + k, xy, yy + k)
        a, c = xx + k, yy + k
        determinant = a * c - xy * xy
        if determinant == 0 or not math.isfinite(determinant):
            return None
        return (xy * g[1] - c * g[0]) / determinant, (xy * g[0] - a * g[1]) / determinant


def _shift(xx: float, xy: float, yy: float) -> float:
    """Return what makes a symmetric matrix positive definite when it is added to its diagonal."""
    middle, radius = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    lowest, largest = middle - radius, max(abs(middle - radius), abs(middle + radius))
    if lowest > _FLAT * largest:
        return 0.0
    return (max(abs(lowest), 1e-3 * largest) or 1.0) - lowest


def _search(
    question: Question,
    at: tuple[float, float],
    step: tuple[float, float],
    loss: float,
    g: tuple[float, float],
) -> tuple[float, float, float] | None:
    """Return the first point along the step, halved again and again, that is low enough."""
    slope = g[0] * step[0] + g[1] * step[1]
    share = 1.0
    for _ in range(_HALVINGS):
        x, y = at[0] + share * step[0], at[1] + share * step[1]
        value = question.value(x, y)
        # Close to the minimum the gain is less than the rounding of the loss.
        if value <= loss + _ARMIJO * share * slope + 4 * _EPS * abs(loss):
            return x, y, value
        share /= 2
    return None
