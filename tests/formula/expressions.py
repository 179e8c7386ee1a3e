"""Random well-formed expressions, as text that both the parser and Python can read."""

from __future__ import annotations

import math
from collections.abc import Callable

from hypothesis import strategies as st

# What the names of the grammar mean in Python itself: an evaluation that shares no code with ours.
PYTHON: dict[str, object] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sigmoid": lambda u: 1 / (1 + math.exp(-u)),
    "sign": lambda u: float((u > 0) - (u < 0)),
    "floor": lambda u: float(math.floor(u)),
    "min": min,
    "max": max,
    "pi": math.pi,
    "e": math.e,
}

numbers = st.integers(0, 9).map(str) | st.floats(0.01, 20).map(lambda v: f"{v:.3g}")
leaves = st.sampled_from(["x", "y", "x", "y", "pi", "e"]) | numbers


def extend(
    functions: list[str], operators: list[str]
) -> Callable[[st.SearchStrategy[str]], st.SearchStrategy[str]]:
    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from(operators), inner).map(
                lambda p: f"({p[0]} {p[1]} {p[2]})"
            ),
            st.tuples(st.sampled_from(functions), inner).map(lambda p: f"{p[0]}({p[1]})"),
            inner.map(lambda u: f"-{u}"),
            st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "4", "1.5"])).map(
                lambda p: f"({p[0]})**{p[1]}"
            ),
            st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
                lambda p: f"{p[0]}({p[1]}, {p[2]})"
            ),
            st.tuples(inner, st.sampled_from(["<", "<=", ">", ">="]), inner, inner, inner).map(
                lambda p: f"({p[3]} if {p[0]} {p[1]} {p[2]} else {p[4]})"
            ),
        )

    return grow


ONE_ARGUMENT = [name for name in PYTHON if name not in ("min", "max", "pi", "e")]

expressions = st.recursive(leaves, extend(ONE_ARGUMENT, ["+", "-", "*", "/", "%"]), max_leaves=8)
# Without jumps: floor and % are left out, and the kinks of the rest are met with probability 0.
smooth = st.recursive(
    leaves,
    extend([name for name in ONE_ARGUMENT if name != "floor"], ["+", "-", "*", "/"]),
    max_leaves=5,
)
