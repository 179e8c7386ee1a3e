"""What theory says of rates: where a rule is stable, and where it is fastest.

Near a minimum the loss is a quadratic form with the eigenvalues mu … L of the Hessian. There a rule
that is linear in the parameters and in what it remembers is a matrix: it converges where the
spectral radius of that matrix is below 1, and the radius is the factor by which the distance to the
minimum shrinks in each step, in the long run.

For an eigenvalue e, with a = lr e, the matrix has the characteristic polynomial

    gradient descent   z - (1 - a)
    heavy ball         z² - (1 + mu - a) z + mu
    Nesterov           z² - (1 + mu)(1 - a) z + mu (1 - a)

and the roots lie inside the unit circle (Jury's conditions) where

    gradient descent   a < 2
    heavy ball         |mu| < 1 and a < 2 (1 + mu)
    Nesterov           a < 2 (1 + mu)/(1 + 2 mu) for mu > -1/2, and |mu| |1 - a| < 1.

Sources: Polyak 1964, doi:10.1016/0041-5553(64)90137-5 (heavy ball: its rates and its border);
Nesterov 2004, Introductory lectures on convex optimization, scheme 2.2.11 (the pair 1/L and
(sqrt(L) - sqrt(mu))/(sqrt(L) + sqrt(mu))); Lessard, Recht, Packard 2016, doi:10.1137/15M1009597,
proposition 1 (all rates on quadratics, and the fastest pair of Nesterov's rule there).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.formula.nodes import names
from landscape.optimizers.rule import Rule
from landscape.surfaces.surface import FormulaSurface, Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer

    Array = NDArray[Any]

__all__ = [
    "Optimum",
    "fastest",
    "hessian_near",
    "is_linear",
    "largest_rate",
    "lowest_point",
    "measured_rate",
    "quadratic_hessian",
    "spectral_radius",
]

_LINEAR = 1e-9  # relative to the largest number in a step
_CLOSE = 1e-9
_DRAWS = 40
# A curvature this much smaller than the largest one is none: along it nothing moves.
_FLAT = 1e-10
_BISECTIONS = 60


@dataclass(frozen=True)
class Optimum:
    """The settings with which a rule is fastest on a quadratic form, or its usual ones.

    Attributes: `name`, whose they are; `values` of "lr" and hyper-parameters; `rate`, the factor
    by which the distance to the minimum shrinks in a step; `source`.
    """

    name: str
    values: Mapping[str, float]
    rate: float
    source: str


# -- the Hessian -------------------------------------------------------------------------------


def quadratic_hessian(surface: Surface) -> Array | None:
    """Return the Hessian (2, 2) of a surface that is a quadratic form, None of another.

    A formula must have second derivatives without x and y; and the gradient of any surface must be
    linear at random points of its domain, to rounding.
    """
    import numpy as np

    if isinstance(surface, FormulaSurface):
        if set(names(*surface.formula.hessian_nodes)) & set(surface.formula.variables):
            return None
    elif not surface.exact:
        return None
    (x0, x1), (y0, y1) = surface.bounds
    draw = np.random.default_rng(0)
    points = np.array([x0, y0]) + draw.uniform(0.0, 1.0, (_DRAWS, 2)) * (x1 - x0, y1 - y0)
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    half = np.array([(x1 - x0) / 2, (y1 - y0) / 2])
    at = np.concatenate([middle + half * side for side in ([1, 0], [-1, 0], [0, 1], [0, -1])])
    with np.errstate(all="ignore"):
        ends = surface.gradient(at[::2], at[1::2])
        here = surface.gradient(points[:, 0], points[:, 1])
    hessian = np.stack(
        [(ends[:, 0] - ends[:, 1]) / (2 * half[0]), (ends[:, 2] - ends[:, 3]) / (2 * half[1])],
        axis=1,
    )
    base = ends.mean(axis=1)
    size = np.abs(ends).max()
    wrong = np.abs(here - base[:, None] - hessian @ (points - middle).T).max()
    if not wrong <= _CLOSE * size or not np.isfinite(hessian).all():
        return None
    if abs(hessian[0, 1] - hessian[1, 0]) > _CLOSE * np.abs(hessian).max():
        return None
    symmetric: Array = (hessian + hessian.T) / 2
    return symmetric


def hessian_near(surface: Surface, x: float, y: float) -> Array | None:
    """Return the Hessian (2, 2) at the known minimum nearest to (x, y), None if there is none.

    A minimum without curvature has none either.
    """
    import numpy as np

    whole = getattr(surface, "hessian", None)
    if whole is None or not surface.minima or not math.isfinite(x + y):
        return None
    point = min(surface.minima, key=lambda one: (math.hypot(one.x - x, one.y - y), one.value))
    (xx, xy), (_, yy) = whole(point.x, point.y)
    found = np.array([[xx, xy], [xy, yy]], dtype=np.float64)
    return found if np.isfinite(found).all() and _curvatures(found) is not None else None


def _curvatures(hessian: Array) -> tuple[float, float] | None:
    """Return the smallest and the largest curvature along which something moves, None for none."""
    import numpy as np

    low, high = np.linalg.eigvalsh(hessian).tolist()
    if not high > 0 or low < -_FLAT * high:
        return None
    return (low if low > _FLAT * high else high), high


# -- borders -----------------------------------------------------------------------------------


def largest_rate(optimizer: Optimizer, hessian: Array) -> float | None:
    """Return the learning rate below which a rule converges on a quadratic form.

    Parameters: `hessian` (2, 2) of the form.

    It is 0 where small rates are not stable (momentum of 1 and more), and None where theory says
    nothing: of a rule that is not linear, and on a form without a minimum.
    """
    curvatures = _curvatures(hessian)
    if curvatures is None or not isinstance(optimizer, Rule) or optimizer.schedule:
        return None
    mu = optimizer.hyperparameters.get("mu", 0.0)
    if optimizer.name == "gd":
        return 2.0 / curvatures[1]
    if optimizer.name == "momentum":
        return 2.0 * (1.0 + mu) / curvatures[1] if abs(mu) < 1 else 0.0
    if optimizer.name == "nesterov":
        return max(0.0, _nesterov(mu)) / curvatures[1]
    return _searched(optimizer, hessian, curvatures[1])


def _nesterov(mu: float) -> float:
    """Return the largest lr times curvature at which Nesterov's rule is stable."""
    low, border = 0.0, 2.0 * (1.0 + mu) / (1.0 + 2.0 * mu) if mu > -0.5 else math.inf
    if mu:
        # |1 - a| < 1/|mu|: for mu above 1 small steps are unstable as well.
        low, border = 1.0 - 1.0 / abs(mu), min(border, 1.0 + 1.0 / abs(mu))
    return border if low <= 0.0 else 0.0


def _searched(rule: Rule, hessian: Array, high: float) -> float | None:
    """Return the largest stable rate by bisection of the spectral radius along lr."""
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


# -- the matrix of a rule ----------------------------------------------------------------------


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


# -- optima ------------------------------------------------------------------------------------


def fastest(optimizer: Optimizer, hessian: Array) -> tuple[Optimum, ...]:
    """Return the settings that theory recommends for a rule on a quadratic form, () for none.

    Parameters: `hessian` (2, 2) of the form.
    """
    curvatures = _curvatures(hessian)
    if curvatures is None or not isinstance(optimizer, Rule) or optimizer.schedule:
        return ()
    low, high = curvatures
    a, b, kappa = math.sqrt(low), math.sqrt(high), high / low
    if optimizer.name == "gd":
        rate = (high - low) / (high + low)
        return (Optimum("2/(L + µ)", {"lr": 2.0 / (high + low)}, rate, "Polyak 1964"),)
    if optimizer.name == "momentum":
        rate = (b - a) / (b + a)
        values = {"lr": (2.0 / (b + a)) ** 2, "mu": rate**2}
        return (Optimum("Polyak", values, rate, "Polyak 1964"),)
    if optimizer.name == "nesterov":
        root = math.sqrt(3.0 * kappa + 1.0)
        return (
            Optimum(
                "Nesterov",
                {"lr": 1.0 / high, "mu": (b - a) / (b + a)},
                1.0 - 1.0 / math.sqrt(kappa),
                "Nesterov 2004",
            ),
            Optimum(
                "fastest pair",
                {"lr": 4.0 / (3.0 * high + low), "mu": (root - 2.0) / (root + 2.0)},
                1.0 - 2.0 / root,
                "Lessard, Recht, Packard 2016",
            ),
        )
    return ()


def measured_rate(points: Array, minimum: tuple[float, float]) -> float | None:
    """Return the factor by which the distance to a minimum shrinks in a step of a path.

    Parameters: `points` (n, 2) of the path.

    It is the slope of the logarithm of the distance over the second half of the path, as far as
    that is not rounding; None if too little of it is left.
    """
    import numpy as np

    away = np.hypot(points[:, 0] - minimum[0], points[:, 1] - minimum[1])
    if not np.isfinite(away).all() or not away[0] > 0:
        return None
    # Two steps together: what swings passes the minimum now and then.
    size = np.hypot(away[1:], away[:-1])
    scale = max(float(size[0]), 1e-3 * (abs(minimum[0]) + abs(minimum[1])))
    small = np.flatnonzero(size < 1e-11 * scale)
    end = int(small[0]) if small.size else len(size)
    steps = np.arange(end // 2, end)
    # The long run has not begun while the path is hardly nearer than it was.
    if len(steps) < 8 or not size[end - 1] < 0.1 * size[0]:
        return None
    slope = np.polyfit(steps, np.log(size[steps]), 1)[0]
    return float(math.exp(slope))


def lowest_point(
    surface: Surface, near: tuple[float, float] | None = None
) -> tuple[float, float] | None:
    """Return the minimum of a quadratic form, or the known one nearest to a place, or None."""
    import numpy as np

    whole = quadratic_hessian(surface)
    if whole is not None:
        curvatures = np.linalg.eigvalsh(whole)
        if not curvatures[0] > _FLAT * curvatures[-1]:
            return None
        (x0, x1), (y0, y1) = surface.bounds
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        x, y = (middle - np.linalg.solve(whole, surface.gradient_at(*middle.tolist()))).tolist()
        return x, y
    if not surface.minima or near is None:
        return None
    point = min(surface.minima, key=lambda one: math.hypot(one.x - near[0], one.y - near[1]))
    return point.x, point.y
