"""What theory says of rates: where a rule is stable, and where it is fastest.

Near a minimum the loss is a quadratic form with the eigenvalues m … L of the Hessian (mu is the
momentum). There a rule that is linear in the parameters and in what it remembers is a matrix: it
converges where the spectral radius of that matrix is below 1, and the radius is the factor by which
the distance to the minimum shrinks in each step, in the long run.

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
(sqrt(L) - sqrt(m))/(sqrt(L) + sqrt(m))); Lessard, Recht, Packard 2016, doi:10.1137/15M1009597,
proposition 1 (all rates on quadratics, and the fastest pair of Nesterov's rule there).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.formula.nodes import names
from landscape.maps.spectrum import searched_rate
from landscape.optimizers.rule import Rule
from landscape.surfaces.surface import FormulaSurface, Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer

    Array = NDArray[Any]

__all__ = [
    "FLAT",
    "Optimum",
    "fastest",
    "hessian_near",
    "largest_rate",
    "quadratic_hessian",
]

_CLOSE = 1e-9
_DRAWS = 40
# A curvature this much smaller than the largest one is none: along it nothing moves.
FLAT = 1e-10
# Curvatures as close as this are one: what is left between them is rounding.
_EVEN = 1e-12


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
    if not high > 0 or low < -FLAT * high:
        return None
    even = low <= FLAT * high or high - low <= _EVEN * high
    return (high if even else low), high


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
    return searched_rate(optimizer, hessian, curvatures[1])


def _nesterov(mu: float) -> float:
    """Return the largest lr times curvature at which Nesterov's rule is stable."""
    low, border = 0.0, 2.0 * (1.0 + mu) / (1.0 + 2.0 * mu) if mu > -0.5 else math.inf
    if mu:
        # |1 - a| < 1/|mu|: for mu above 1 small steps are unstable as well.
        low, border = 1.0 - 1.0 / abs(mu), min(border, 1.0 + 1.0 / abs(mu))
    return border if low <= 0.0 else 0.0


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
        return (Optimum("2/(L + m)", {"lr": 2.0 / (high + low)}, rate, "Polyak 1964"),)
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
