"""exp, log, sin, cos and tanh that LLVM vectorises, and a division by what many have in common.

There are no branches in them, no calls and no tables.

Each result is within 2 ulp of the exact value. sin and cos are NaN for |x| > 8192, where reducing
the argument takes more than is done here: who gets a NaN asks the mathematical library.

Sources of the methods: Cody & Waite 1980 (reduction of arguments by constants in parts); the
polynomial of log is that of FreeBSD's msun (Sun Microsystems 1993), that of sin a Chebyshev fit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite.binding import get_host_cpu_features
from llvmlite.ir import Value
from numba import njit, types
from numba.extending import intrinsic
from numpy import float64, int64, isnan

__all__ = [
    "FUNCTIONS", "HAS_FMA", "compiled", "cos", "exp", "log", "over", "sin", "tanh", "widest",
]  # fmt: skip

# Whether a*b + c is one instruction; where it is not, it takes hundreds.
HAS_FMA = bool(get_host_cpu_features().get("fma", False))

# Added to a double below 2**51 it leaves the nearest whole number in the last bits.
_MAGIC = 6755399441055744.0
_LOG2E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_SQRT2 = 1.4142135623730951
_BY_PI = 0.3183098861837907
# pi in two parts of 33 bits and the rest: half numbers below 2**13 times the first two are exact.
_PI_1, _PI_2, _PI_3 = 3.1415926534682512, 1.2154201012607932e-10, 4.044532497591901e-21
_LARGEST = 8192.0
_MANTISSA, _ONE = 0x000FFFFFFFFFFFFF, 0x3FF0000000000000


_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function, **options: Any) -> _Function:
    """Return a function for kernels, from Numba's cache if it can be used."""
    options = {"error_model": "numpy", "_nrt": False, **options}
    made: _Function
    try:
        made = njit(cache=True, **options)(function)
    except RuntimeError:  # there is no folder that can be written
        made = njit(**options)(function)
    return made


@intrinsic  # type: ignore[untyped-decorator]
def widest(context: Any) -> Any:
    """Let the function that calls this use vectors of 512 bits, where there are any.

    LLVM has them on many computers and takes half of them, for the sake of code around it that
    is not vectorised.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: list[Value]) -> Any:
        # llvmlite knows LLVM's attributes without values only, and writes whatever is in the set.
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.none(), generate


@intrinsic  # type: ignore[untyped-decorator]
def _fma(context: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a*b + c, rounded once."""

    def generate(context: Any, builder: Any, signature: Any, arguments: list[Value]) -> Any:
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@compiled
def over(a: float, b: float) -> float:
    """Return a/b to the last bit; in a loop with the same b, its reciprocal is computed once.

    With the reciprocal in two parts the quotient is off by less than its last bit; corrected by
    what is left over it is the rounded one, as long as a is no subnormal number or near one.

    Source: Markstein 1990, doi:10.1147/rd.341.0111.
    """
    high = 1.0 / b
    low = _fma(-high, b, 1.0) * high
    low = low if abs(low) < float("inf") else 0.0
    q = _fma(a, high, a * low)
    found: float = _fma(_fma(-q, b, a), high, q)
    return a * high if isnan(found) else found  # infinite numbers leave NaN over


@compiled
def _scaled(value: float, power: float) -> float:
    """Return value * 2**k for a shifted k, in two steps: the result may be subnormal."""
    k = float64(power).view(int64) - float64(_MAGIC).view(int64)
    half = k >> 1
    one = int64((half + 1023) << 52).view(float64)
    other = int64((k - half + 1023) << 52).view(float64)
    return value * one * other


@compiled
def _series(r: float) -> float:
    """Return (e**r - 1 - r)/r**2 for |r| <= ln(2)/2: the series to r**11."""
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
    return p * r + 0.5


@compiled
def exp(x: float) -> float:
    """Return e**x: x = n ln 2 + r, and the series of e**r."""
    # Beyond these there is nothing but 0 and inf; comparisons that let a NaN through.
    x = -800.0 if x < -800.0 else x
    x = 800.0 if x > 800.0 else x
    shifted = x * _LOG2E + _MAGIC
    n = shifted - _MAGIC
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = _series(r)
    return _scaled((p * r) * r + r + 1.0, shifted)


@compiled
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


@compiled
def _sine(x: float, turns: float) -> float:
    """Return the sine of x - turns pi, |.| <= pi/2, for half a whole number of turns below 2**13.

    The difference is a sum of two doubles, so that nothing is lost near a multiple of pi.
    """
    first = x - turns * _PI_1
    second = turns * _PI_2
    rest = first - second
    low = ((first - rest) - second) - turns * _PI_3
    r = rest + low
    low = (rest - r) + low
    z = r * r
    # (sin(r) - r)/r**3 in powers of r**2, to 3e-19.
    p = 2.7312437275184624e-15
    p = p * z - 7.643954152966411e-13
    p = p * z + 1.6058976806176106e-10
    p = p * z - 2.505210760917741e-08
    p = p * z + 2.755731921910176e-06
    p = p * z - 0.00019841269841254746
    p = p * z + 0.008333333333333316
    p = p * z - 0.16666666666666666
    return r + (r * z * p + (low - 0.5 * z * low))


@compiled
def _odd(shifted: float) -> Any:
    """Return whether a whole number is odd that `_MAGIC` was added to."""
    return float64(shifted).view(int64) & 1


@compiled
def sin(x: float) -> float:
    """Return the sine, NaN for |x| > 8192: x = n pi + r, and -sin(r) for an odd n."""
    x = x if abs(x) <= _LARGEST else float("nan")
    shifted = x * _BY_PI + _MAGIC
    found = _sine(x, shifted - _MAGIC)
    return -found if _odd(shifted) else found


@compiled
def cos(x: float) -> float:
    """Return the cosine, NaN for |x| > 8192: x = (n + 1/2) pi + r, and sin(r) for an odd n."""
    x = x if abs(x) <= _LARGEST else float("nan")
    shifted = (x * _BY_PI - 0.5) + _MAGIC
    found = _sine(x, (shifted - _MAGIC) + 0.5)
    return found if _odd(shifted) else -found


@compiled
def _expm1(x: float) -> float:
    """Return e**x - 1 for 0 <= x <= 44, without loss near 0."""
    shifted = x * _LOG2E + _MAGIC
    n = shifted - _MAGIC
    high = x - n * _LN2_HIGH
    low = n * _LN2_LOW
    r = high - low
    lost = (high - r) - low
    p = _series(r)
    tail = p * r * r + (lost + lost * r)
    scale = _scaled(1.0, shifted)
    # scale (1 + r + tail) - 1, the large parts first.
    return (scale - 1.0) + (scale * r + scale * tail)


@compiled
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
