"""Series in a small t > 0: what a formula does on its way into a point, for many points at once.

A `Series` holds c0*t**v + c1*t**(v + 1) + …, the leading c0 not 0, so that 0/0 is a shift of
powers and sin(x)/x is 1 to the last bit. A coefficient that is not known is NaN, and so are all
after it; [0, NaN, …] from the power v on says "smaller than any multiple of t**v", which is all
that is said of log(t), of sin(1/t) and of roots that are no whole power. A zero begins at the power
`_FAR`. `undefined` marks where the formula has no value on this way: it divides by 0 all along, or
takes the logarithm or the root of what is negative.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.formula.nodes import COMPARISONS

__all__ = ["TERMS", "Condition", "Series", "apply", "constant", "limit", "line"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Powers = NDArray[np.int64]

TERMS = 12  # second derivatives of what is divided by x**4 cancel six
_ENOUGH = TERMS // 2
_FAR = 100_000
_NOISE = 4 * np.finfo(np.float64).eps  # a difference as small as this is 0


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """Series of n points: `start` (n,) the first powers, `terms` (TERMS, n), `undefined` (n,)."""

    start: Powers
    terms: Array
    undefined: Flags

    @property
    def zero(self) -> Flags:
        """Where the series is 0."""
        return np.equal(self.start, _FAR)

    @property
    def lead(self) -> Array:
        """The leading coefficient; NaN where it is not known, 0 for zero."""
        vague = (self.terms[0] == 0) & ~self.zero
        return np.where(vague, np.nan, self.terms[0])


@dataclass(frozen=True, eq=False, slots=True)
class Condition:
    """Which way a comparison of series goes, where that is known."""

    truth: Flags
    unknown: Flags
    undefined: Flags


def constant(value: Array | float, size: int) -> Series:
    """Return the series of a number at `size` points."""
    terms = np.zeros((TERMS, size))
    terms[0] = value
    return _series(np.zeros(size, np.int64), terms, np.zeros(size, np.bool_))


def line(at: Array, slope: Array, stretch: int) -> Series:
    """Return the series of at + slope*t**stretch."""
    terms = np.zeros((TERMS, at.size))
    terms[0] = at
    terms[stretch] = slope
    return _series(np.zeros(at.size, np.int64), terms, np.zeros(at.size, np.bool_))


def limit(u: Series) -> Array:
    """Return the limits for t → 0; NaN where there is none or it is not known."""
    tends = np.where(u.start > 0, 0.0, np.where(u.start == 0, u.terms[0], np.nan))
    return np.where(u.undefined, np.nan, tends)


def apply(op: str, args: Sequence[Any]) -> Any:
    """Return the series (of a comparison the Condition) of an operation on the series `args`.

    Floating-point exceptions are the caller's to silence.
    """
    if op in COMPARISONS:
        return _compare(op, args[0], args[1])
    return _OPERATIONS[op](*args)


def _series(start: Powers, terms: Array, undefined: Flags) -> Series:
    """Return the series with its leading zeros taken off."""
    terms = np.where(np.isfinite(terms), terms, np.nan)
    if np.isnan(terms).any():
        terms[np.maximum.accumulate(np.isnan(terms), axis=0)] = np.nan
    # What has so many zeros and then unknowns is 0: the unknowns are where a sum was cut off.
    rest = np.nan_to_num(terms[_ENOUGH:])
    terms[:, (terms[:_ENOUGH] == 0).all(axis=0) & (rest == 0).all(axis=0)] = 0.0
    filled = terms != 0
    first = np.argmax(filled, axis=0)
    # Before the first unknown, one zero stays: it says how small the unknown is.
    first -= (first > 0) & np.isnan(np.take_along_axis(terms, first[None], 0)[0])
    if first.any():
        terms, start = _from(terms, first), start + first
    start = np.where(filled.any(axis=0), start, _FAR)
    return Series(np.where(np.isnan(terms[0]), -_FAR, start), terms, undefined)


def _from(terms: Array, first: Powers) -> Array:
    """Return `terms` moved by `first` places; what was before them is 0, what is after unknown."""
    places = np.arange(TERMS)[:, None] + first
    moved = np.take_along_axis(terms, np.clip(places, 0, TERMS - 1), 0)
    return np.where(places < 0, 0.0, np.where(places < TERMS, moved, np.nan))


def _taylor(u: Series) -> Array:
    """Return the coefficients of t**0, t**1, …; unknown where `u` has negative powers."""
    terms = _from(u.terms, -u.start)
    terms[:, u.start < 0] = np.nan
    return terms


def _choose(flags: Flags, a: Series, b: Series) -> Series:
    return Series(
        np.where(flags, a.start, b.start),
        np.where(flags, a.terms, b.terms),
        np.where(flags, a.undefined, b.undefined),
    )


def _vague(u: Series, start: Powers | int) -> Series:
    """Return "smaller than any multiple of t**start", defined where `u` is."""
    terms = np.full_like(u.terms, np.nan)
    terms[0] = 0.0
    return Series(np.broadcast_to(np.asarray(start), u.start.shape), terms, u.undefined)


def _lost(u: Series, where: Flags) -> Series:
    """Return `u` with `where` added to what is undefined."""
    return Series(u.start, u.terms, u.undefined | where)


# -- arithmetic ------------------------------------------------------------------------------------


def _neg(u: Series) -> Series:
    return Series(u.start, -u.terms, u.undefined)


def _add(a: Series, b: Series) -> Series:
    start = np.minimum(a.start, b.start)
    left, right = _from(a.terms, start - a.start), _from(b.terms, start - b.start)
    terms = left + right
    terms[np.abs(terms) <= _NOISE * np.maximum(np.abs(left), np.abs(right))] = 0.0
    return _series(start, terms, a.undefined | b.undefined)


def _subtract(a: Series, b: Series) -> Series:
    return _add(a, _neg(b))


def _multiply(a: Series, b: Series) -> Series:
    terms = np.zeros_like(a.terms)
    for k in range(TERMS):
        terms[k:] += a.terms[k] * b.terms[: TERMS - k]
    terms[:, a.zero | b.zero] = 0.0
    return _series(a.start + b.start, terms, a.undefined | b.undefined)


def _divide(a: Series, b: Series) -> Series:
    lead = b.lead
    terms = np.empty_like(a.terms)
    terms[0] = a.terms[0] / lead
    for k in range(1, TERMS):
        known = (b.terms[1 : k + 1] * terms[k - 1 :: -1][:k]).sum(axis=0)
        terms[k] = (a.terms[k] - known) / lead
    terms[:, a.zero] = 0.0
    return _series(a.start - b.start, terms, a.undefined | b.undefined | b.zero)


def _inverse(u: Series) -> Series:
    return _divide(constant(1.0, u.start.size), u)


def _remainder(u: Series, m: Series) -> Series:
    return _subtract(u, _multiply(m, _floor(_divide(u, m))))


def _real_power(u: Series, power: Array) -> Series:
    """Return u**power for exponents that are numbers, one a point."""
    lead = u.lead
    shape = u.terms / lead
    terms = np.empty_like(u.terms)
    terms[0] = 1.0
    for k in range(1, TERMS):
        factors = np.arange(1, k + 1)[:, None] * (power + 1) - k
        terms[k] = (factors * shape[1 : k + 1] * terms[k - 1 :: -1][:k]).sum(axis=0) / k
    start = np.clip(np.where(u.zero, 0, u.start) * power, -_FAR // 2, _FAR // 2)
    whole = np.floor(start)
    negative = (lead < 0) & (power != np.floor(power))
    result = _series(whole.astype(np.int64), terms * lead**power, u.undefined | negative)
    result = _choose((whole == start) | np.isnan(lead), result, _vague(result, result.start))
    nothing = _lost(constant(np.where(power == 0, 1.0, 0.0), lead.size), u.undefined | (power < 0))
    return _choose(u.zero, nothing, result)


def _power(u: Series, exponent: Series) -> Series:
    fixed = exponent.zero | ((exponent.start == 0) & (exponent.terms[1:] == 0).all(axis=0))
    plain = _lost(_real_power(u, exponent.terms[0]), exponent.undefined)
    if fixed.all():
        return plain
    return _choose(fixed, plain, _exp(_multiply(exponent, _log(u))))


# -- functions -------------------------------------------------------------------------------------


def _flow(u: Series, first: Array, p: tuple[float, float, float]) -> Series:
    """Return the y that starts at `first` with dy/du = p[0] + p[1]*y + p[2]*y**2."""
    inner = _taylor(u)
    slopes = np.arange(TERMS)[:, None] * inner
    y, rate = np.empty_like(inner), np.empty_like(inner)
    y[0] = first
    rate[0] = p[0] + p[1] * first + p[2] * first * first
    for k in range(1, TERMS):
        y[k] = (slopes[1 : k + 1] * rate[k - 1 :: -1][:k]).sum(axis=0) / k
        rate[k] = p[1] * y[k]
        if p[2]:
            rate[k] += p[2] * (y[: k + 1] * y[k::-1][: k + 1]).sum(axis=0)
    return _series(np.zeros_like(u.start), y, u.undefined)


def _waves(u: Series, turn: float, first: tuple[Array, Array]) -> tuple[Series, Series]:
    """Return the s and c that start at `first` with ds/du = c and dc/du = turn*s."""
    inner = _taylor(u)
    slopes = np.arange(TERMS)[:, None] * inner
    s, c = np.empty_like(inner), np.empty_like(inner)
    s[0], c[0] = first
    for k in range(1, TERMS):
        s[k] = (slopes[1 : k + 1] * c[k - 1 :: -1][:k]).sum(axis=0) / k
        c[k] = turn * (slopes[1 : k + 1] * s[k - 1 :: -1][:k]).sum(axis=0) / k
    start = np.zeros_like(u.start)
    return _series(start, s, u.undefined), _series(start, c, u.undefined)


def _integral(u: Series, first: Array, rate: Series) -> Series:
    """Return the y that starts at `first` with dy/du = rate."""
    powers = u.start + np.arange(TERMS)[:, None]
    slope = _multiply(rate, _series(u.start - 1, powers * u.terms, u.undefined))
    y = np.empty_like(u.terms)
    y[0] = first
    y[1:] = (_taylor(slope) / np.arange(1, TERMS + 1)[:, None])[:-1]
    y[1:, slope.zero] = 0.0
    return _series(np.zeros_like(u.start), y, slope.undefined)


def _bounded(u: Series, result: Series) -> Series:
    """Return `result`, where it is unknown that it is bounded all the same."""
    return _choose(np.isnan(result.terms[0]), _vague(u, -1), result)


def _first(u: Series) -> Array:
    first: Array = _taylor(u)[0]
    return first


def _grows(u: Series) -> Array:
    """Return the sign with which `u` goes to infinity, 0 where it does not."""
    return np.where(u.start < 0, np.nan_to_num(np.sign(u.lead)), 0.0)


def _exp(u: Series) -> Series:
    result = _flow(u, np.exp(_first(u)), (0.0, 1.0, 0.0))
    return _choose(_grows(u) < 0, _lost(constant(0.0, u.start.size), u.undefined), result)


def _log(u: Series) -> Series:
    result = _integral(u, np.log(_first(u)), _inverse(u))
    # log(t) grows, if slower than any power.
    result = _choose((u.start == 0) | np.isnan(u.lead), result, _vague(u, -1))
    return _lost(result, u.zero | (u.lead < 0))


def _sqrt(u: Series) -> Series:
    return _real_power(u, np.full(u.start.size, 0.5))


def _sin(u: Series) -> Series:
    first = _first(u)
    return _bounded(u, _waves(u, -1.0, (np.sin(first), np.cos(first)))[0])


def _cos(u: Series) -> Series:
    first = _first(u)
    return _bounded(u, _waves(u, -1.0, (np.sin(first), np.cos(first)))[1])


def _sinh(u: Series) -> Series:
    first = _first(u)
    return _waves(u, 1.0, (np.sinh(first), np.cosh(first)))[0]


def _cosh(u: Series) -> Series:
    first = _first(u)
    return _waves(u, 1.0, (np.sinh(first), np.cosh(first)))[1]


def _tan(u: Series) -> Series:
    return _flow(u, np.tan(_first(u)), (1.0, 0.0, 1.0))


def _tanh(u: Series) -> Series:
    result = _flow(u, np.tanh(_first(u)), (1.0, 0.0, -1.0))
    ends = _lost(constant(_grows(u), u.start.size), u.undefined)
    return _bounded(u, _choose(_grows(u) != 0, ends, result))


def _sigmoid(u: Series) -> Series:
    result = _flow(u, 1.0 / (1.0 + np.exp(-_first(u))), (0.0, 1.0, -1.0))
    ends = _lost(constant((1.0 + _grows(u)) / 2.0, u.start.size), u.undefined)
    return _bounded(u, _choose(_grows(u) != 0, ends, result))


def _atan(u: Series) -> Series:
    small = _choose(u.start < 0, _inverse(u), u)
    one = constant(1.0, u.start.size)
    result = _integral(
        small, np.arctan(_first(small)), _inverse(_add(one, _multiply(small, small)))
    )
    ends = constant(_grows(u) * (math.pi / 2), u.start.size)
    return _bounded(u, _choose(u.start < 0, _subtract(ends, result), result))


def _asin(u: Series) -> Series:
    inside = _subtract(constant(1.0, u.start.size), _multiply(u, u))
    result = _integral(u, np.arcsin(_first(u)), _real_power(inside, np.full(u.start.size, -0.5)))
    edge = _lost(constant(np.arcsin(_first(u)), u.start.size), u.undefined)
    return _lost(_choose(inside.zero, edge, result), inside.lead < 0)


def _acos(u: Series) -> Series:
    return _subtract(constant(math.pi / 2, u.start.size), _asin(u))


# -- jumps and kinks -------------------------------------------------------------------------------


def _abs(u: Series) -> Series:
    return Series(u.start, np.where(u.terms[0] < 0, -u.terms, u.terms), u.undefined)


def _sign(u: Series) -> Series:
    return _bounded(u, _lost(constant(np.sign(u.lead), u.start.size), u.undefined))


def _floor(u: Series) -> Series:
    first = _first(u)
    rest = _from(u.terms, np.clip(1 - u.start, 0, TERMS))
    rest[:, u.start > 0] = u.terms[:, u.start > 0]
    rest = np.where(np.isnan(rest), np.nan, np.sign(rest))
    index = np.argmax(rest != 0, axis=0)
    below = np.take_along_axis(rest, index[None], 0)[0]  # the side from which a whole number is met
    # A constant is known to its end, whatever its moving left unknown.
    still = u.zero | ((u.start == 0) & (u.terms[1:] == 0).all(axis=0))
    step = np.where(still | (first != np.floor(first)), 0.0, np.where(below < 0, -1.0, below * 0.0))
    result = _lost(constant(np.floor(first) + step, u.start.size), u.undefined)
    # u is within 1 of its floor: where u grows, so does it.
    powers = u.start + np.arange(TERMS)[:, None]
    large = _series(u.start, np.where(powers < 0, u.terms, np.nan), u.undefined)
    result = _choose(_grows(u) != 0, large, result)
    unsure = _choose(np.isnan(u.terms[0]), u, _vague(u, np.minimum(u.start, -1)))
    return _choose(np.isnan(result.terms[0]), unsure, result)


def _compare(op: str, a: Series, b: Series) -> Condition:
    difference = _subtract(a, b)
    lead = difference.lead
    truth = {
        "<": lead < 0,
        "<=": lead <= 0,
        ">": lead > 0,
        ">=": lead >= 0,
        "==": lead == 0,
        "!=": lead != 0,
    }[op]
    return Condition(truth, np.isnan(lead), difference.undefined)


def _where(condition: Condition, a: Series, b: Series) -> Series:
    chosen = _choose(condition.truth, a, b)
    terms = np.where(condition.unknown, np.nan, chosen.terms)
    start = np.where(condition.unknown, -_FAR, chosen.start)
    return Series(start, terms, chosen.undefined | condition.undefined)


def _extreme(op: str) -> Callable[..., Series]:
    def extreme(*args: Series) -> Series:
        result = args[0]
        for other in args[1:]:
            result = _where(_compare(op, result, other), result, other)
        return result

    return extreme


_OPERATIONS: dict[str, Callable[..., Series]] = {
    "neg": _neg,
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
    "**": _power,
    "exp": _exp,
    "log": _log,
    "sqrt": _sqrt,
    "abs": _abs,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "sign": _sign,
    "floor": _floor,
    "min": _extreme("<"),
    "max": _extreme(">"),
    "where": _where,
}
