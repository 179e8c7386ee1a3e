"""exp, log, sin, cos and tanh that LLVM vectorises: no branches, no calls, no tables.

Each result is within 2 ulp of the exact value. sin and cos are NaN for |x| > 8192, where reducing
the argument takes more than is done here: who gets a NaN asks the mathematical library.

Sources of the methods: Cody & Waite 1980 (reduction of arguments by constants in parts); the
kernels of sin, cos and log are the minimax polynomials of FreeBSD's msun (Sun Microsystems 1993).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit
from numpy import float64, int64

__all__ = ["FUNCTIONS", "cos", "exp", "log", "sin", "tanh"]

# Added to a double below 2**51 it leaves the nearest whole number in the last bits.
_MAGIC = 6755399441055744.0
_LOG2E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_SQRT2 = 1.4142135623730951
_TWO_BY_PI = 0.6366197723675814
# pi/2 in three parts of 33 bits and the rest: whole numbers below 2**20 times them are exact.
_PI_1, _PI_2 = 1.57079632673412561417e00, 6.07710050630396597660e-11
_PI_3, _PI_4 = 2.02226624871116645580e-21, 8.47842766036889956997e-32
_LARGEST = 8192.0
_MANTISSA, _ONE = 0x000FFFFFFFFFFFFF, 0x3FF0000000000000


_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    made: _Function = njit(error_model="numpy")(function)
    return made


@_compiled
def _scaled(value: float, power: float) -> float:
    """Return value * 2**k for a shifted k, in two steps: the result may be subnormal."""
    k = float64(power).view(int64) - float64(_MAGIC).view(int64)
    half = k >> 1
    one = int64((half + 1023) << 52).view(float64)
    other = int64((k - half + 1023) << 52).view(float64)
    return value * one * other


@_compiled
def exp(x: float) -> float:
    """Return e**x: x = n ln 2 + r, and the series of e**r to r**13 for |r| <= ln(2)/2."""
    # Beyond these there is nothing but 0 and inf; comparisons that let a NaN through.
    x = -800.0 if x < -800.0 else x
    x = 800.0 if x > 800.0 else x
    shifted = x * _LOG2E + _MAGIC
    n = shifted - _MAGIC
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    return _scaled((p * r) * r + r + 1.0, shifted)


@_compiled
def log(x: float) -> float:
    """Return the natural logarithm: x = 2**k f, and a polynomial in s = (f - 1)/(f + 1)."""
    small = x < 2.2250738585072014e-308
    given = x * 18014398509481984.0 if small else x  # 2**54: subnormals have a leading bit
    bits = float64(given).view(int64)
    whole = float64((bits >> 52) - 1023) - (54.0 if small else 0.0)
    part = int64((bits & _MANTISSA) | _ONE).view(float64)
    high = part > _SQRT2
    k = whole + (1.0 if high else 0.0)
    f = (0.5 * part if high else part) - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = 1.479819860511658591e-01
    r = r * z + 1.531383769920937332e-01
    r = r * z + 1.818357216161805012e-01
    r = r * z + 2.222219843214978396e-01
    r = r * z + 2.857142874366239149e-01
    r = r * z + 3.999999999940941908e-01
    r = r * z + 6.666666666666735130e-01
    r = r * z
    square = 0.5 * f * f
    found: float = k * _LN2_HIGH - ((square - (s * (square + r) + k * _LN2_LOW)) - f)
    found = x if x == float("inf") else found
    found = float("-inf") if x == 0.0 else found
    return found if x >= 0.0 else float("nan")


@_compiled
def _reduced(x: float) -> tuple[float, float, Any]:
    """Return x - n pi/2 as a sum of two doubles, and n."""
    shifted = x * _TWO_BY_PI + _MAGIC
    n = shifted - _MAGIC
    first = x - n * _PI_1
    # What each subtraction rounds off is kept.
    second = n * _PI_2
    rest = first - second
    part = rest - first
    lost = (first - (rest - part)) - (second + part)
    third = n * _PI_3
    last = rest - third
    part = last - rest
    lost += (rest - (last - part)) - (third + part)
    lost -= n * _PI_4
    high = last + lost
    low = (last - high) + lost
    turns = float64(shifted).view(int64) - float64(_MAGIC).view(int64)
    return high, low, turns


@_compiled
def _sine(x: float, low: float) -> float:
    """Return the sine of x + low for |x| <= pi/4."""
    z = x * x
    v = z * x
    r = 1.58969099521155010221e-10
    r = r * z - 2.50507602534068634195e-08
    r = r * z + 2.75573137070700676789e-06
    r = r * z - 1.98412698298579493134e-04
    r = r * z + 8.33333333332248946124e-03
    return x - ((z * (0.5 * low - v * r) - low) - v * -1.66666666666666324348e-01)


@_compiled
def _cosine(x: float, low: float) -> float:
    """Return the cosine of x + low for |x| <= pi/4."""
    z = x * x
    r = -1.13596475577881948265e-11
    r = r * z + 2.08757232129817482790e-09
    r = r * z - 2.75573143513906633035e-07
    r = r * z + 2.48015872894767294178e-05
    r = r * z - 1.38888888888741095749e-03
    r = r * z + 4.16666666666666019037e-02
    half = 0.5 * z
    w = 1.0 - half
    return w + (((1.0 - w) - half) + (z * z * r - x * low))


@_compiled
def sin(x: float) -> float:
    """Return the sine, NaN for |x| > 8192."""
    x = x if abs(x) <= _LARGEST else float("nan")
    high, low, turns = _reduced(x)
    sine, cosine = _sine(high, low), _cosine(high, low)
    found = cosine if turns & 1 else sine
    return -found if turns & 2 else found


@_compiled
def cos(x: float) -> float:
    """Return the cosine, NaN for |x| > 8192."""
    x = x if abs(x) <= _LARGEST else float("nan")
    high, low, turns = _reduced(x)
    sine, cosine = _sine(high, low), _cosine(high, low)
    found = sine if turns & 1 else cosine
    return -found if (turns + 1) & 2 else found


@_compiled
def _expm1(x: float) -> float:
    """Return e**x - 1 for 0 <= x <= 44, without loss near 0."""
    shifted = x * _LOG2E + _MAGIC
    n = shifted - _MAGIC
    high = x - n * _LN2_HIGH
    low = n * _LN2_LOW
    r = high - low
    lost = (high - r) - low
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    tail = p * r * r + (lost + lost * r)
    scale = _scaled(1.0, shifted)
    # scale (1 + r + tail) - 1, the large parts first.
    return (scale - 1.0) + (scale * r + scale * tail)


@_compiled
def tanh(x: float) -> float:
    """Return the hyperbolic tangent: u/(u + 2) with u = e**(2|x|) - 1."""
    size = abs(x)
    size = 22.0 if size > 22.0 else size
    u = _expm1(2.0 * size)
    under = u + 2.0
    found = u / under
    found -= found * ((u - (under - 2.0)) / under)  # what the sum has rounded off
    return -found if x < 0.0 else found


FUNCTIONS = ("exp", "log", "sin", "cos", "tanh")
