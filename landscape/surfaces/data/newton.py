"""The minima of a unit's loss, by Newton's method in weights that are all on the same scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["lowest_points"]

_SCAN = 6.0  # how far starts reach: the root mean square of z
_LINES = 33
_STEPS = 200
_FLATTEST = 1e-8  # curvature, where that of a bowl in these weights is about 1


class _Loss(Protocol):
    def value_at(self, x: float, y: float) -> float: ...

    def value(self, x: Any, y: Any) -> Array: ...

    def gradient_at(self, x: float, y: float) -> tuple[float, float]: ...

    def hessian(self, x: Any, y: Any) -> Array: ...


def lowest_points(loss: _Loss, factor: Array, *, convex: bool) -> list[tuple[float, float]]:
    """Return the minima of `loss`, the lowest first; none where the loss falls for ever.

    Parameters: `factor` is R (2, 2) with RᵀR = mean (a, b)(a, b)ᵀ. In the weights q = R p the mean
    of z² is |q|², whatever the features' scales are, so Newton's method and its starts (0 if the
    loss is convex, else the lowest places of a grid) need to know nothing of those.
    """
    import numpy as np

    back = np.linalg.inv(factor)
    starts = [np.zeros(2)] if convex else _starts(loss, back)
    found: list[tuple[float, float, float]] = []
    for start in starts:
        q = _newton(loss, back, start)
        if q is None:
            continue
        x, y = (back @ q).tolist()
        near = [np.abs(factor @ (x - other[1], y - other[2])).max() < 1e-4 for other in found]
        if not any(near):
            found.append((loss.value_at(x, y), x, y))
    return [(x, y) for _, x, y in sorted(found)]


def _starts(loss: _Loss, back: Array) -> list[Array]:
    """Return the local minima of the loss on a grid of weights, and zero."""
    import numpy as np

    line = np.linspace(-_SCAN, _SCAN, _LINES)
    q = np.stack(np.meshgrid(line, line)).reshape(2, -1)
    values = loss.value(*(back @ q)).reshape(_LINES, _LINES)
    padded = np.pad(values, 1, constant_values=np.inf)
    low = np.ones(values.shape, bool)
    for i in range(3):
        for j in range(3):
            if (i, j) != (1, 1):
                low &= values < padded[i : i + _LINES, j : j + _LINES]
    places = np.flatnonzero(low)
    places = places[np.argsort(values.ravel()[places], kind="stable")]
    return [np.zeros(2), *(q[:, k] for k in places[:16])]


def _newton(loss: _Loss, back: Array, q: Array) -> Array | None:
    """Return the minimum that a damped Newton's method reaches from q, None if there is none."""
    import numpy as np

    value = loss.value_at(*(back @ q).tolist())
    for _ in range(_STEPS):
        x, y = (back @ q).tolist()
        slope = back.T @ loss.gradient_at(x, y)
        values, vectors = np.linalg.eigh(back.T @ loss.hessian(x, y) @ back)
        # Where the surface bends down or hardly at all, the slope leads on, one unit at most.
        curvature = np.maximum(np.abs(values), _FLATTEST)
        along = -(vectors.T @ slope) / curvature
        length = math.hypot(*along)
        step = vectors @ along
        if length < 1e-6 and values[0] > _FLATTEST:
            # Quadratic convergence: this step is the last, and exact.
            return np.asarray(q + step)
        step *= min(1.0, 1.0 / length) if length > 0 else 1.0
        for _ in range(40):
            new = loss.value_at(*(back @ (q + step)).tolist())
            if new <= value + 1e-4 * float(slope @ step):
                break
            step = step / 2
        else:
            return q + vectors @ along if values[0] > _FLATTEST and length < 1e-3 else None
        q, value = q + step, new
    return None
