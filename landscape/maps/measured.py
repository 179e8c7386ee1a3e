"""How fast paths come to a minimum: the factor a step that theory speaks of, as it is measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from landscape.maps.theory import FLAT, quadratic_hessian

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = ["lowest_point", "measured_rate"]


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
        if not curvatures[0] > FLAT * curvatures[-1]:
            return None
        (x0, x1), (y0, y1) = surface.bounds
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        x, y = (middle - np.linalg.solve(whole, surface.gradient_at(*middle.tolist()))).tolist()
        return x, y
    if not surface.minima or near is None:
        return None
    point = min(surface.minima, key=lambda one: math.hypot(one.x - near[0], one.y - near[1]))
    return point.x, point.y
