"""Where a formula's gradient vanishes: the stars and saddles of a surface that somebody typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from landscape.surfaces.probing import kind_by_values, simplex_minimum
from landscape.surfaces.surface import (
    Bounds,
    CriticalPoint,
    FormulaSurface,
    Kind,
    Surface,
    check_bounds,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["critical_points"]

_ITERATIONS = 48  # a degenerate point halves the distance in each
_WORK = 8_000_000  # operations of one sweep of Newton's method over all starts, at most
_MOST = 60  # more points than that and only the lowest minima are kept
_LOWEST = 25
_MOST_SINGULAR = 8  # more than that are a line or a plain
_KINKS = {"abs", "sqrt", "min", "max", "where", "sign", "floor", "%"}
_MOST_KINKS = 16


def critical_points(surface: Surface, bounds: Bounds | None = None) -> tuple[CriticalPoint, ...]:
    """Return the minima, maxima and saddles of a formula within its bounds, the lowest first.

    Parameters: `bounds` default to the surface's own. A surface that is no formula gives the
    points that are known of it.

    Newton's method on the exact gradient and Hessian starts from a grid and from every local
    minimum of the gradient's norm on a finer one; the eigenvalues of the Hessian say which kind a
    point is, and where one of them vanishes, or at a kink, the values around it do. A minimum at a
    kink is found by the simplex method of Nelder and Mead (the sixteen lowest places are tried).
    Where critical points fill a line or a region none of those is given, and of more than 60 only
    the 25 lowest minima. What lies closer together than a hundredth of the domain may be missed.
    The same formula gives the same points.

    Raises LandscapeError for bad bounds and for nothing else: a formula without derivatives gives
    no points.
    """
    within = surface.bounds if bounds is None else check_bounds(bounds)
    if not isinstance(surface, FormulaSurface):
        return surface.points
    try:
        return _search(surface, within)
    except (ValueError, ArithmeticError, RecursionError, MemoryError):
        return ()


def _search(surface: FormulaSurface, bounds: Bounds) -> tuple[CriticalPoint, ...]:
    derivatives, columns = _derivatives(surface)
    kinked = _has_kinks(surface)
    found = _stationary(derivatives, bounds, columns)
    regular, singular = _sort_out(surface, derivatives, found, bounds)
    points = [_point(surface, *at, kind) for at, kind in regular]
    if len(singular) <= _MOST_SINGULAR:
        points += [_point(surface, *at, kind_by_values(surface, *at, bounds)) for at in singular]
    if kinked:
        points += _at_kinks(surface, bounds, points)
    points.sort(key=lambda point: (point.value, point.x, point.y))
    if len(points) > _MOST:
        points = [point for point in points if point.kind == "minimum"][:_LOWEST]
    return tuple(points)


def _derivatives(surface: FormulaSurface) -> tuple[Callable[[Array, Array], list[Array]], int]:
    """Return one function for gradient and Hessian, and how many starts a side it allows."""
    import numpy as np

    from landscape.formula.compile import array_function
    from landscape.formula.emit import Listing

    formula = surface.formula
    nodes = (*formula.gradient_nodes, *formula.hessian_nodes)
    function = array_function(formula.variables, nodes)
    columns = int((_WORK / _ITERATIONS / len(Listing(nodes).entries)) ** 0.5)

    def derivatives(x: Array, y: Array) -> list[Array]:
        return [np.broadcast_to(np.asarray(part, float), x.shape) for part in function(x, y)]

    return derivatives, min(max(columns, 9), 27)


def _has_kinks(surface: FormulaSurface) -> bool:
    stack, seen = [surface.formula.node], set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.op in _KINKS:
            return True
        if node.op == "**":
            exponent = node.args[1]
            if exponent.op != "number" or float(exponent.value) != int(float(exponent.value)):
                return True
        stack.extend(node.args)
    return False


def _stationary(
    derivatives: Callable[[Array, Array], list[Array]], bounds: Bounds, columns: int
) -> list[tuple[float, float]]:
    """Return the distinct points to which Newton's method converges within the bounds."""
    import numpy as np

    (x0, x1), (y0, y1) = bounds
    spans = np.array([x1 - x0, y1 - y0])
    x, y = _starts(derivatives, bounds, columns)
    live = np.arange(x.size)
    last = np.full(x.size, np.inf)  # the length of each point's last step, in domains
    for _ in range(_ITERATIONS):
        px, py = x[live], y[live]
        sx, sy = _newton(derivatives(px, py), float(spans.min()))
        length = np.hypot(sx / spans[0], sy / spans[1])
        with np.errstate(all="ignore"):
            shorter = np.minimum(1.0, 0.1 / length)
        shorter[length == 0] = 1.0
        x[live], y[live] = px + shorter * sx, py + shorter * sy
        last[live] = length
        # Far outside, or not a number: given up. Quite still: arrived.
        near = (np.abs(x[live] - (x0 + x1) / 2) < spans[0]) & (
            np.abs(y[live] - (y0 + y1) / 2) < spans[1]
        )
        last[live[~near]] = np.inf
        live = live[near & (length > 1e-15)]
        if not live.size:
            break
    slack = 1e-9 * spans
    inside = (x >= x0 - slack[0]) & (x <= x1 + slack[0]) & (y >= y0 - slack[1])
    good = inside & (y <= y1 + slack[1]) & (last < 1e-6)
    order = np.flatnonzero(good)[np.argsort(last[good], kind="stable")]
    return _distinct(x[order], y[order], 1e-5 * spans)


def _starts(
    derivatives: Callable[[Array, Array], list[Array]], bounds: Bounds, columns: int
) -> tuple[Array, Array]:
    import numpy as np

    (x0, x1), (y0, y1) = bounds
    xs, ys = np.meshgrid(np.linspace(x0, x1, columns), np.linspace(y0, y1, columns))
    # The finer grid is for wells too narrow for the coarse one.
    fine = 4 * columns + 1
    fx, fy = np.meshgrid(np.linspace(x0, x1, fine), np.linspace(y0, y1, fine))
    slopes = derivatives(fx, fy)
    with np.errstate(all="ignore"):
        steep = np.hypot(slopes[0], slopes[1])
    low = _local_minima(steep)
    return np.append(xs.ravel(), fx[low]), np.append(ys.ravel(), fy[low])


def _local_minima(values: Array) -> Array:
    """Return where a grid is lower than all its neighbours, as flags."""
    import numpy as np

    rows, columns = values.shape
    padded = np.pad(np.where(np.isnan(values), np.inf, values), 1, constant_values=np.inf)
    flags = np.isfinite(values)
    for i in range(3):
        for j in range(3):
            if (i, j) != (1, 1):
                flags &= values < padded[i : i + rows, j : j + columns]
    return flags


def _newton(derivatives: list[Array], span: float) -> tuple[Array, Array]:
    """Return Newton's step; where the Hessian is singular, along its one direction or none."""
    import numpy as np

    gx, gy, xx, xy, yy = derivatives

    with np.errstate(all="ignore"):
        determinant = xx * yy - xy * xy
        squares = xx * xx + 2 * xy * xy + yy * yy
        singular = np.abs(determinant) < 1e-14 * squares
        sx = (xy * gy - yy * gx) / determinant
        sy = (xy * gx - xx * gy) / determinant
        # A matrix of rank one is its own trace times a projection: H⁺ = H / trace².
        flat_x, flat_y = -(xx * gx + xy * gy) / squares, -(xy * gx + yy * gy) / squares
        sx, sy = np.where(singular, flat_x, sx), np.where(singular, flat_y, sy)
        still = (gx == 0) & (gy == 0)
        # A slope that no curvature answers for (an inflection) leads nowhere.
        lost = singular & (np.hypot(gx, gy) > 1e-8 * span * np.sqrt(squares))
    sx[lost] = np.nan
    return np.where(still, 0.0, sx), np.where(still, 0.0, sy)


def _distinct(xs: Array, ys: Array, apart: Array) -> list[tuple[float, float]]:
    """Return one point of each cluster, the first that comes."""
    import numpy as np

    kept = np.empty((len(xs), 2))
    count = 0
    for point in np.column_stack([xs, ys]):
        if not (np.abs(kept[:count] - point) <= apart).all(axis=1).any():
            kept[count] = point
            count += 1
    return [(float(x), float(y)) for x, y in kept[:count]]


def _sort_out(
    surface: FormulaSurface,
    derivatives: Callable[[Array, Array], list[Array]],
    found: list[tuple[float, float]],
    bounds: Bounds,
) -> tuple[list[tuple[tuple[float, float], Kind]], list[tuple[float, float]]]:
    """Return the points with their kinds, and the points whose Hessian is singular.

    Left out are those that no picture can show: without a finite value, or (in the tail of an
    exponential) with a curvature that over the whole domain makes no difference.
    """
    import numpy as np

    if not found:
        return [], []
    xs, ys = np.array(found).T
    _, _, xx, xy, yy = derivatives(xs, ys)
    values = surface.value(xs, ys)
    (x0, x1), (y0, y1) = bounds
    whole = surface.grid(33, 33, bounds)[2]
    whole = whole[np.isfinite(whole)]
    relief = 1e-6 * float(np.ptp(whole)) / max(x1 - x0, y1 - y0) ** 2 if whole.size else 0.0
    regular: list[tuple[tuple[float, float], Kind]] = []
    singular = []
    for k, at in enumerate(found):
        if not np.isfinite(values[k]):
            continue
        if not np.isfinite(xx[k] + xy[k] + yy[k]):
            singular.append(at)
            continue
        low, high = np.linalg.eigvalsh([[xx[k], xy[k]], [xy[k], yy[k]]])
        smaller, larger = sorted((abs(low), abs(high)))
        if smaller <= 1e-7 * larger:
            singular.append(at)
        elif larger > relief:
            kind: Kind = "saddle" if low < 0 < high else "minimum" if low > 0 else "maximum"
            regular.append((at, kind))
    return regular, singular


def _point(surface: FormulaSurface, x: float, y: float, kind: Kind) -> CriticalPoint:
    """Return the point, at round coordinates if those are no worse."""
    rounded = round(x, 6) + 0.0, round(y, 6) + 0.0
    slopes = [sum(map(abs, surface.gradient_at(*at))) for at in ((x, y), rounded)]
    if slopes[1] <= slopes[0]:
        x, y = rounded
    else:
        x, y = (r if abs(r - u) < 1e-13 else u for u, r in zip((x, y), rounded, strict=True))
    return CriticalPoint(x, y, surface.value_at(x, y), kind)


def _at_kinks(
    surface: FormulaSurface, bounds: Bounds, known: list[CriticalPoint]
) -> list[CriticalPoint]:
    """Return the minima at which the surface has a kink."""
    import numpy as np

    columns = 81
    xs, ys, values = surface.grid(columns, columns, bounds)
    rows, places = np.nonzero(_local_minima(values))
    order = np.argsort(values[rows, places], kind="stable")
    (x0, x1), (y0, y1) = bounds
    cell = np.array([(x1 - x0), (y1 - y0)]) / (columns - 1)
    taken = [(point.x, point.y) for point in known if point.kind == "minimum"]
    fresh: list[CriticalPoint] = []
    tried = 0
    for k in order:
        at = np.array([xs[places[k]], ys[rows[k]]])
        if any((np.abs(at - point) <= cell).all() for point in np.array(taken).reshape(-1, 2)):
            continue
        tried += 1
        if tried > _MOST_KINKS:
            break
        x, y = simplex_minimum(surface.value_at, float(at[0]), float(at[1]), *cell.tolist())
        rounded = round(x, 6) + 0.0, round(y, 6) + 0.0
        if surface.value_at(*rounded) <= surface.value_at(x, y):
            x, y = rounded
        same = any((np.abs(np.array([x, y]) - point) <= 1e-2 * cell).all() for point in taken)
        if same or not (x0 <= x <= x1 and y0 <= y <= y1):
            continue
        if kind_by_values(surface, x, y, bounds) == "minimum":
            taken.append((x, y))
            fresh.append(CriticalPoint(x, y, surface.value_at(x, y), "minimum"))
    return fresh
