"""The line on a map of settings where theory puts the border of stability, and its optimum."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from landscape.errors import LandscapeError
from landscape.maps.axes import Axis
from landscape.maps.theory import (
    Optimum,
    fastest,
    hessian_near,
    largest_rate,
    quadratic_hessian,
)
from landscape.maps.walk import with_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.rule import Rule
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = [
    "Border",
    "Marked",
    "border_rates",
    "find_border",
    "find_optima",
    "surface_numbers",
    "with_minima",
]

# How many values of the other axis a line goes through, where none of them needs a search or a
# surface of its own, and where they do; and the grid of a line between two axes that are no rate.
_POINTS, _SEARCHED, _GRID = 161, 41, 21


@dataclass(frozen=True, eq=False)
class Border:
    """Where a rule becomes unstable.

    Attributes: `kind`, "theory" on a quadratic form, "local theory" where it is that of the Hessian
    at a minimum; `lines`, each (n, 2) pairs of values of x and y; `curvature`, the largest
    eigenvalue of the Hessian, None where the map varies it; `fastest`, lines of the optimal rate
    of a rule that has nothing else to choose.
    """

    kind: Literal["theory", "local theory"]
    lines: tuple[Array, ...]
    curvature: float | None
    fastest: tuple[Array, ...] = ()


@dataclass(frozen=True, eq=False)
class Marked:
    """An optimum of theory on a map: its values of x and y, and the optimum."""

    x: float
    y: float
    optimum: Optimum


def find_border(
    surface: Surface, rule: Rule, x: Axis, y: Axis, *, near: tuple[float, float] | None = None
) -> Border | None:
    """Return the border of stability on a map, None where theory has none.

    Parameters: `near` is where the paths of the map end: of a surface that is no quadratic form the
    minimum nearest to it is looked at.
    """
    import numpy as np

    found = _hessian(surface, near)
    if found is None:
        return None
    hessian, kind = found
    if largest_rate(rule, hessian) is None:
        return None
    best: list[Array] = []
    if "lr" in (x.name, y.name):
        lines = _line_of_rates(surface, rule, x, y, near, _rate)
        if rule.name == "gd":
            best = _line_of_rates(surface, rule, x, y, near, _best_rate)
    else:
        lines = _between(surface, rule, x, y, near)
    if not lines:
        return None
    varied = bool({x.name, y.name} & surface_numbers(surface, rule))
    curvature = None if varied else float(np.linalg.eigvalsh(hessian)[-1])
    return Border(kind, tuple(lines), curvature, tuple(best))


def find_optima(
    surface: Surface, rule: Rule, x: Axis, y: Axis, *, near: tuple[float, float] | None = None
) -> list[Marked]:
    """Return the optima of theory that lie on a map, for the surface as it is.

    An optimum has its place where the map varies all that it says.
    """
    found = _hessian(surface, near)
    if found is None or {x.name, y.name} & surface_numbers(surface, rule):
        return []
    marked = []
    for one in fastest(rule, found[0]):
        if one.values.keys() == {x.name, y.name}:
            at = one.values[x.name], one.values[y.name]
            inside = all(0 <= axis.share(v) <= 1 for axis, v in zip((x, y), at, strict=True))
            if inside:
                marked.append(Marked(*at, one))
    return marked


def with_minima(surface: Surface) -> Surface:
    """Return a surface that knows its minima, found if it is a formula that nobody has looked at.

    A quadratic form is returned as it is: its Hessian is the same everywhere.
    """
    from landscape.surfaces.critical import critical_points

    if surface.points or quadratic_hessian(surface) is not None:
        return surface
    found = copy(surface)
    found.points = critical_points(surface)
    return found


def _hessian(
    surface: Surface, near: tuple[float, float] | None
) -> tuple[Array, Literal["theory", "local theory"]] | None:
    whole = quadratic_hessian(surface)
    if whole is not None:
        return whole, "theory"
    local = None if near is None else hessian_near(surface, *near)
    return None if local is None else (local, "local theory")


def surface_numbers(surface: Surface, rule: Rule) -> set[str]:
    """Return the names of the surface's parameters that a map can vary.

    They are part of the problem, and not settings of which one would be the best.
    """
    formula: Any = getattr(surface, "formula", None)
    return set(formula.parameters if formula else ()) - set(rule.hyperparameters)


def _line_of_rates(
    surface: Surface,
    rule: Rule,
    x: Axis,
    y: Axis,
    near: tuple[float, float] | None,
    rate_of: Callable[..., float],
) -> list[Array]:
    """Return the rates that `rate_of` gives for the values of the other axis."""
    import numpy as np

    other = y if x.name == "lr" else x
    quick = rule.name in ("gd", "momentum", "nesterov")
    quick = quick and other.name not in surface_numbers(surface, rule)
    count = (_POINTS if quick else _SEARCHED) if other.name else 2
    values = other.values(count)
    rates = _rates(surface, rule, other, values, near, rate_of)
    line = np.stack([rates, values] if x.name == "lr" else [values, rates], axis=1)
    return _pieces(line, np.isfinite(rates) & (rates > 0))


def border_rates(
    surface: Surface, rule: Rule, other: Axis, count: int, *, near: tuple[float, float] | None
) -> Array:
    """Return the largest stable rates for `count` values of another axis, those that there are.

    Parameters: `near` as for `find_border`.
    """
    import numpy as np

    if _hessian(surface, near) is None:
        return np.empty(0)
    values = other.values(count if other.name else 1)
    rates = _rates(surface, rule, other, values, near, _rate)
    found: Array = rates[np.isfinite(rates) & (rates > 0)]
    return found


def _rates(
    surface: Surface,
    rule: Rule,
    other: Axis,
    values: Array,
    near: tuple[float, float] | None,
    rate_of: Callable[..., float],
) -> Array:
    import numpy as np

    given = [{other.name: value} if other.name else {} for value in values.tolist()]
    if not other.name:
        return np.full(len(given), rate_of(surface, rule, {}, near))
    return np.array([rate_of(surface, rule, one, near) for one in given])


def _rate(
    surface: Surface, rule: Rule, values: dict[str, float], near: tuple[float, float] | None
) -> float:
    """Return the largest stable rate with other values, NaN where there is none."""
    where, moved = with_values(surface, rule, values)
    found = _hessian(where, near)
    rate = None if found is None else largest_rate(moved, found[0])
    return rate or math.nan


def _best_rate(
    surface: Surface, rule: Rule, values: dict[str, float], near: tuple[float, float] | None
) -> float:
    """Return the optimal rate with other values, NaN where there is none."""
    where, moved = with_values(surface, rule, values)
    found = _hessian(where, near)
    optima = () if found is None else fastest(moved, found[0])
    return optima[0].values["lr"] if optima else math.nan


def _pieces(line: Array, good: Array) -> list[Array]:
    """Return the unbroken parts of a line."""
    import numpy as np

    parts = np.split(np.arange(len(line)), np.flatnonzero(np.diff(good)) + 1)
    return [line[part] for part in parts if good[part[0]] and len(part) > 1]


def _between(
    surface: Surface, rule: Rule, x: Axis, y: Axis, near: tuple[float, float] | None
) -> list[Array]:
    """Return where the rule's rate is the largest stable one, for two axes that are no rate."""
    import numpy as np
    from contourpy import contour_generator

    if rule.learning_rate is None:
        return []
    shares = np.linspace(0.0, 1.0, _GRID)
    margin = np.empty((_GRID, _GRID))
    for i, v in enumerate(y.at(shares).tolist()):
        for j, u in enumerate(x.at(shares).tolist()):
            try:
                rate = _rate(surface, rule, {x.name: u, y.name: v}, near)
            except LandscapeError:  # the value means nothing to the surface
                rate = math.nan
            margin[i, j] = math.log(rule.learning_rate / rate)
    made: Any = contour_generator(shares, shares, np.ma.masked_invalid(margin)).lines(0.0)
    return [np.stack([x.at(one[:, 0]), y.at(one[:, 1])], axis=1) for one in made if len(one) > 1]
