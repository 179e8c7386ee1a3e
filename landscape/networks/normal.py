"""The standard normal distribution function, which NumPy does not have."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from landscape.networks.layout import Array

__all__ = ["NORMAL_EDGE", "NORMAL_POLYNOMIAL", "normal_density", "normal_distribution"]

# Φ(z) = ½(1 + tanh(z·P(z²))) to 2.9e-8, lowest power first, made by
# tests/networks/golden/fit_normal.py. It is fitted up to |z| = 5.6, where Φ is as near to 0 or 1,
# and goes on growing: at NORMAL_EDGE tanh is ±1, so that z·Φ(z) is 0 for any z far below.
NORMAL_POLYNOMIAL = (
    0.7978849415,
    0.03633308436,
    -3.259468915e-05,
    -5.530634131e-05,
    3.964777986e-06,
    -1.322666953e-07,
    1.756290006e-09,
)
NORMAL_EDGE = 12.0

_TABLE_EDGE = 9.0  # Φ(-9) is 1e-19: beyond, Φ is 0 or 1 in float64
_PER_UNIT = 512  # nodes of the table


def normal_distribution(z: Array) -> Array:
    """Return Φ(z), the standard normal distribution function, in the shape and dtype of `z`.

    The largest error is 1.2e-7 for float32 and 3e-16 for float64: with float32 from a polynomial
    inside tanh, with float64 from Taylor steps out of a table that `math.erfc` has filled.
    """
    return _polynomial(z) if z.dtype == np.float32 else _taylor(z)


def normal_density(z: Array) -> Array:
    """Return φ(z), the standard normal density, in the shape and dtype of `z`."""
    density = np.multiply(z, z)
    density *= -0.5
    np.exp(density, out=density)
    density *= 1 / math.sqrt(2 * math.pi)
    return density


def _polynomial(z: Array) -> Array:
    inside = np.minimum(z, NORMAL_EDGE)
    np.maximum(inside, -NORMAL_EDGE, out=inside)
    square = np.multiply(inside, inside)
    result = np.multiply(square, NORMAL_POLYNOMIAL[-1])
    for coefficient in NORMAL_POLYNOMIAL[-2:0:-1]:
        result += coefficient
        result *= square
    result += NORMAL_POLYNOMIAL[0]
    result *= inside
    np.tanh(result, out=result)
    result += 1.0
    result *= 0.5
    return result


def _taylor(z: Array) -> Array:
    """Φ(c + h) = Φ(c) + φ(c)·h·(1 - ch/2 + (c² - 1)h²/6 - (c³ - 3c)h³/24) + …, c the nearest node.

    A step is at most h = 1/1024 wide, so what is left out is below 0.55/120 h⁵ = 4e-18.
    """
    values, densities = _table()
    step = np.clip(z, -_TABLE_EDGE, _TABLE_EDGE)
    node = np.rint(step * _PER_UNIT)
    with np.errstate(invalid="ignore"):  # a NaN's index is any number, and "clip" mends it
        index = (node + _TABLE_EDGE * _PER_UNIT).astype(np.intp)
    node /= _PER_UNIT
    step -= node
    square = np.multiply(node, node)
    series = (square - 3.0) * node * step
    series *= -1 / 24
    series += (square - 1.0) / 6
    series *= step
    series -= node / 2
    series *= step
    series += 1.0
    series *= step
    series *= densities.take(index, mode="clip")
    series += values.take(index, mode="clip")
    return series


@cache
def _table() -> tuple[Array, Array]:
    last = round(_TABLE_EDGE * _PER_UNIT)
    nodes = [k / _PER_UNIT for k in range(-last, last + 1)]
    values = [0.5 * math.erfc(-c / math.sqrt(2)) for c in nodes]
    values[0] = 0.0  # so that z·Φ(z) is 0 for any z far below
    return np.array(values), normal_density(np.array(nodes))
