"""What a formula may say: its functions and how large it may be."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "FUNCTIONS",
    "MAX_ARGUMENTS",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_EXPONENT",
    "MAX_NODES",
    "MAX_STATEMENTS",
    "MAX_TOTAL_DEPTH",
    "NUMPY_IMPORTS",
    "SCALAR_IMPORTS",
    "Function",
]

# Bounds that no formula on a slide comes near, and under which every later step (SymPy's
# derivatives above all) stays within a second.
MAX_CHARACTERS = 4000
MAX_NODES = 1500
MAX_DEPTH = 120
MAX_TOTAL_DEPTH = 150  # with the names of statements written out
MAX_STATEMENTS = 40
MAX_EXPONENT = 100
MAX_ARGUMENTS = 16  # of min, max and sum


@dataclass(frozen=True, slots=True)
class Function:
    """How one function is written in Python's floats and in NumPy.

    The templates take the arguments as {0}, {1}, …; those that mention one twice get it as a
    name. `arity` is the number of arguments (for min and max: of one pair, to
    which more are brought down).
    """

    arity: int
    scalar: str
    numpy: str
    note: str = ""


FUNCTIONS: dict[str, Function] = {
    "exp": Function(1, "_exp({0})", "_np.exp({0})"),
    "log": Function(1, "_log({0})", "_np.log({0})", "natural logarithm"),
    "sqrt": Function(1, "_sqrt({0})", "_np.sqrt({0})"),
    "abs": Function(1, "_fabs({0})", "_np.abs({0})"),
    "sin": Function(1, "_sin({0})", "_np.sin({0})"),
    "cos": Function(1, "_cos({0})", "_np.cos({0})"),
    "tan": Function(1, "_tan({0})", "_np.tan({0})"),
    "asin": Function(1, "_asin({0})", "_np.arcsin({0})"),
    "acos": Function(1, "_acos({0})", "_np.arccos({0})"),
    "atan": Function(1, "_atan({0})", "_np.arctan({0})"),
    "sinh": Function(1, "_sinh({0})", "_np.sinh({0})"),
    "cosh": Function(1, "_cosh({0})", "_np.cosh({0})"),
    "tanh": Function(1, "_tanh({0})", "_np.tanh({0})"),
    "sigmoid": Function(1, "(1.0 / (1.0 + _exp(-{0})))", "(1.0 / (1.0 + _np.exp(-{0})))"),
    "sign": Function(
        1, "(_copysign(1.0, {0}) if {0} > 0.0 or {0} < 0.0 else 0.0 * {0})", "_np.sign({0})"
    ),
    # From 2**52 on every float is whole; Numba's floor is an integer, which ends before that.
    "floor": Function(
        1,
        "({0} if not _fabs({0}) < 4503599627370496.0 else _float(_floor({0})))",
        "_np.floor({0})",
    ),
    # The scalar forms hand a NaN on from either side, as NumPy's do.
    "min": Function(2, "({0} if {0} < {1} or {0} != {0} else {1})", "_np.minimum({0}, {1})"),
    "max": Function(2, "({0} if {0} > {1} or {0} != {0} else {1})", "_np.maximum({0}, {1})"),
    "where": Function(3, "({1} if {0} else {2})", "_np.where({0}, {1}, {2})", "where(x < 0, a, b)"),
}

# What the scalar templates call, under names that no formula can write (a leading underscore).
SCALAR_IMPORTS = (
    "from math import acos as _acos, asin as _asin, atan as _atan, copysign as _copysign, "
    "cos as _cos, cosh as _cosh, exp as _exp, fabs as _fabs, floor as _floor, log as _log, "
    "pow as _pow, sin as _sin, sinh as _sinh, sqrt as _sqrt, tan as _tan, tanh as _tanh\n"
    "_float = float\n"
)
NUMPY_IMPORTS = "import numpy as _np\n"
