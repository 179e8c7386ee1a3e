"""Limits of a formula at points where it has no value by itself: 0/0, 0*inf, inf - inf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.formula.emit import Listing
from landscape.formula.nodes import CONSTANTS, Node
from landscape.formula.series import TERMS, apply, constant, limit, line

__all__ = ["limits"]

Array = NDArray[np.float64]

_WAYS = (
    *((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)),
    *((1, 0.25), (-1, -0.25), (0.25, 1), (-0.25, -1)),
    *((1, -0.25), (-1, 0.25), (-0.25, 1), (0.25, -1)),
)
_STRETCHES = (1, 2)  # powers of t with which a point is approached: t**2 makes sqrt(x) a series
_AGREE = 1e-9
_NEARBY = 2.0**-20
# One probe a quadrant, of a slope on which few formulas have their singular lines.
_PROBES = ((1, 0.618), (-1, -0.618), (-0.618, 1), (0.618, -1))
_NUMBERS = 4_000_000  # held at a time, 32 MB


def limits(
    outputs: Sequence[Node], function: Callable[..., Any], x: Array, y: Array
) -> list[Array]:
    """Return the limit of each output at the points (x, y), NaN where there is none.

    Parameters: `outputs` are expressions of x and y, `function` the NumPy function of them; `x` and
    `y` have shape (n,) and are finite.

    A point is approached along the axes, along the diagonals and in between. The ways on which the
    formula has no value (log(x) from below, x/x along x = 0) do not count; on all others it must
    have one and the same finite limit.
    """
    found = [np.full(x.shape, np.nan) for _ in outputs]
    open_ = np.flatnonzero(_has_neighbours(len(outputs), function, x, y))
    if not open_.size:
        return found
    listing = Listing(outputs)
    size = max(1, _NUMBERS // (len(listing.entries) * len(_WAYS) * TERMS))
    for stretch in _STRETCHES:
        for k in range(0, open_.size, size):
            part = open_[k : k + size]
            for array, values in zip(
                found, _approach(listing, x[part], y[part], stretch), strict=True
            ):
                array[part] = np.where(np.isnan(array[part]), values, array[part])
        missing = np.any([np.isnan(array[open_]) for array in found], axis=0)
        open_ = open_[missing]
    return found


def _has_neighbours(count: int, function: Callable[..., Any], x: Array, y: Array) -> Any:
    """Return where an output is a number close by: it is quicker to see that first."""
    flags = np.zeros(x.shape, np.bool_)
    hx, hy = (_NEARBY * np.maximum(1.0, np.abs(p)) for p in (x, y))
    for a, b in _PROBES:
        with np.errstate(over="ignore"):
            px, py = x + a * hx, y + b * hy
        result = function(px, py)
        for values in result if count > 1 else (result,):
            flags |= np.isfinite(values)
    return flags


def _approach(listing: Listing, x: Array, y: Array, stretch: int) -> list[Array]:
    """Return the common limit along all ways, for each output."""
    ways = np.array(_WAYS, dtype=np.float64)
    size = len(ways) * x.size
    names = {
        name: line(np.tile(at, len(ways)), np.repeat(ways[:, k], at.size), stretch)
        for k, (name, at) in enumerate((("x", x), ("y", y)))
    }
    done: list[Any] = []
    with np.errstate(all="ignore"):
        for entry in listing.entries:
            if entry.op == "number":
                done.append(constant(float(entry.value), size))
            elif entry.op == "name":
                name = str(entry.value)
                done.append(constant(CONSTANTS[name], size) if name in CONSTANTS else names[name])
            else:
                done.append(apply(entry.op, [done[arg] for arg in entry.args]))
        return [
            _agreed(
                limit(done[root]).reshape(len(ways), -1),
                done[root].undefined.reshape(len(ways), -1),
            )
            for root in listing.roots
        ]


def _agreed(values: Array, undefined: NDArray[np.bool_]) -> Array:
    """Return the value on which all rows agree that are not undefined, NaN where they do not."""
    first = np.take_along_axis(values, np.argmin(undefined, axis=0)[None], 0)[0]
    apart = np.abs(values - first) <= _AGREE * (1.0 + np.abs(first))
    return np.where((apart | undefined).all(axis=0), first, np.nan)
