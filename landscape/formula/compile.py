"""Expressions to callables: Python floats for single points, NumPy for arrays.

The source that is executed here is written by `emit` from parsed nodes, never by the user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from landscape.formula.emit import function_source
from landscape.formula.grammar import NUMPY_IMPORTS, SCALAR_IMPORTS
from landscape.formula.nodes import Node

__all__ = ["array_function", "execute", "scalar_function"]


@lru_cache(maxsize=512)
def execute(source: str, name: str) -> Callable[..., Any]:
    """Return the function `name` that our own `source` defines."""
    namespace: dict[str, Any] = {}
    exec(compile(source, f"<landscape {name}>", "exec"), namespace)
    function: Callable[..., Any] = namespace[name]
    return function


def array_function(args: Sequence[str], outputs: Sequence[Node]) -> Callable[..., Any]:
    """Return the NumPy function of `args` whose value is the outputs (a tuple if several).

    Floating-point exceptions are silent: inf and NaN are results here, and looked at later.
    """
    import numpy as np

    function = execute(NUMPY_IMPORTS + function_source("f", args, outputs, "numpy"), "f")

    def evaluate(*values: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*values)

    return evaluate


def scalar_function(args: Sequence[str], outputs: Sequence[Node]) -> Callable[..., Any]:
    """Return the function of Python floats whose value is the outputs (a tuple if several).

    Where Python raises (overflow, division by zero, log of a negative number), the result is what
    IEEE arithmetic gives: inf or NaN.
    """
    fast = execute(SCALAR_IMPORTS + function_source("f", args, outputs, "scalar"), "f")

    @cache
    def careful() -> Callable[..., Any]:
        return array_function(args, outputs)

    def evaluate(*values: float) -> Any:
        try:
            return fast(*values)
        except (ArithmeticError, ValueError):
            import numpy as np

            result = careful()(*(np.float64(value) for value in values))
            return tuple(map(float, result)) if isinstance(result, tuple) else float(result)

    return evaluate
