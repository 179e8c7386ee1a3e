"""Rules that are matrices: the spectral radius of a step, and the largest rate that is stable.

A rule is tried out and not read: any that is linear in the parameters and in what it remembers has
a matrix, one typed by hand as well.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.optimizers.rule import Rule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer

    Array = NDArray[Any]

__all__ = ["is_linear", "searched_rate", "spectral_radius"]

_LINEAR = 1e-9  # relative to the largest number in a step
_BISECTIONS = 60


def searched_rate(rule: Rule, hessian: Array, high: float) -> float | None:
    """Return the largest stable rate of a rule on a quadratic form, by bisection along lr.

    Parameters: `hessian` (2, 2) of the form, `high` its largest eigenvalue.

    It is 0 where small rates are not stable, and None for a rule that is not linear or stable at
    any rate.
    """
    if not is_linear(rule, hessian):
        return None

    def stable(rate: float) -> bool:
        return spectral_radius(rule.with_learning_rate(rate), hessian) < 1.0

    # The first rate of a fine series that is not stable: beyond it others may be so by chance.
    rates = [math.pow(10.0, k / 12) / high for k in range(-60, 61)]
    if not stable(rates[0]):
        return 0.0
    below = next((k for k in range(len(rates) - 1) if not stable(rates[k + 1])), None)
    if below is None:
        return None
    good, bad = rates[below], rates[below + 1]
    for _ in range(_BISECTIONS):
        middle = 0.5 * (good + bad)
        if middle in (good, bad):
            break
        good, bad = (middle, bad) if stable(middle) else (good, middle)
    return float(good)


def is_linear(optimizer: Optimizer, hessian: Array) -> bool:
    """Return whether a rule on a quadratic form is one matrix, in every step.

    It is tried out: a step of a sum is the sum of the steps, at all scales and in any step. A rule
    that draws noise or asks for second derivatives is not taken for linear.
    """
    import numpy as np

    if not isinstance(optimizer, Rule) or optimizer.schedule or optimizer.batch is not None:
        return False
    rated = optimizer if optimizer.learning_rate else optimizer.with_learning_rate(0.1)
    try:
        moved = _stepper(rated, hessian)
    except LandscapeError:
        return False
    draw = np.random.default_rng(0)
    size = 2 + 2 * len(rated.state)
    for k in range(12):
        a, b = draw.standard_normal((2, size)) * 10.0 ** draw.uniform(-4, 4, (2, 1))
        s = float(draw.uniform(-3, 3))
        first, second = moved(1, a), moved(1, b)
        both, later = moved(1, a + s * b), moved(2 + 7 * k, a)
        scale = max(np.abs(a).max(), np.abs(s * b).max(), np.abs(both).max())
        with np.errstate(all="ignore"):
            wrong = np.abs(both - first - s * second).max()
            aged = np.abs(later - first).max()
        if not wrong <= _LINEAR * scale or not aged <= _LINEAR * scale:
            return False
    return not np.abs(moved(1, np.zeros(size))).any()


def spectral_radius(optimizer: Optimizer, hessian: Array) -> float:
    """Return the spectral radius of a linear rule's step on a quadratic form.

    Parameters: `optimizer` with a learning rate; `hessian` (2, 2) of the form, without a direction
    in which it is flat.

    Raises LandscapeError for what is no rule or has no learning rate.
    """
    import numpy as np

    if not isinstance(optimizer, Rule) or optimizer.learning_rate is None:
        raise LandscapeError("a spectral radius needs a rule with a learning rate")
    moved = _stepper(optimizer, hessian)
    matrix = np.stack([moved(1, row) for row in np.eye(2 + 2 * len(optimizer.state))], axis=1)
    if not np.isfinite(matrix).all():
        return math.inf
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def _stepper(rule: Rule, hessian: Array) -> Any:
    """Return the function of the step's number and (p, state) that gives them after the step."""
    import numpy as np

    step, rate = rule.step, float(rule.learning_rate or 0.0)
    (xx, xy), (yx, yy) = hessian.tolist()

    def gradient(x: float, y: float) -> tuple[float, float]:
        return xx * x + xy * y, yx * x + yy * y

    def moved(t: int, row: Array) -> Array:
        x, y, *state = row.tolist()
        p0, p1, after = step(t, rate, x, y, *gradient(x, y), tuple(state), gradient)
        return np.array([p0, p1, *after], dtype=np.float64)

    return moved
