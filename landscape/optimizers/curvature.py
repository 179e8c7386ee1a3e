"""Second derivatives of a surface at one point, for the methods that use them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from landscape.errors import LandscapeError
from landscape.formula import Formula
from landscape.formula.compile import scalar_function

__all__ = ["Hessian", "hessian_at"]

Hessian = Callable[[float, float], tuple[float, float, float]]


def hessian_at(surface: Any, asker: str) -> Hessian:
    """Return the function of x and y that gives the surface's (d²f/dx², d²f/dxdy, d²f/dy²).

    Parameters: `surface` has a method `hessian` or is made of a formula; `asker` is the name of the
    method that needs it, for the error.

    Raises LandscapeError for a surface without second derivatives.
    """
    whole = getattr(surface, "hessian", None)
    if whole is None:
        raise LandscapeError(
            f"{asker} needs second derivatives, which {surface.name} has not: "
            "take a surface that is a formula, or another optimizer"
        )

    def careful(x: float, y: float) -> tuple[float, float, float]:
        (xx, xy), (_, yy) = whole(x, y)
        return float(xx), float(xy), float(yy)

    formula = getattr(surface, "formula", None)
    if not isinstance(formula, Formula):
        return careful
    fast = scalar_function(formula.variables, formula.hessian_nodes)

    def hessian(x: float, y: float) -> tuple[float, float, float]:
        found: tuple[float, float, float] = fast(x, y)
        return found if math.isfinite(sum(found)) else careful(x, y)

    return hessian
