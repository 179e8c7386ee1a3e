from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.errors import LandscapeError
from landscape.formula.compile import array_function, execute, scalar_function
from landscape.formula.emit import Listing, function_source, text_source
from landscape.formula.grammar import FUNCTIONS, SCALAR_IMPORTS
from landscape.formula.nodes import Node, names
from landscape.formula.parse import parse_expression, parse_program
from tests.formula.expressions import expressions

XY = ("x", "y")
SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.5,
    1e-300,
    1e16,
    -1e16,
    1e200,
    math.inf,
    -math.inf,
    math.nan,
]
# Only + - * / and comparisons, the root and the absolute value: the same to the last bit anywhere.
EXACT = [
    "x*y + x/y - 3",
    "x**2 + x**3*y**7 + (x - y)**64",
    "x**-1 + y**-5",
    "sqrt(abs(x))",
    "abs(x)**0.5 + y",
    "min(x, y)",
    "max(x, y, 1)",
    "sign(x) + y",
    "floor(x) - floor(y)",
    "x % y",
    "x % 3",
    "x if x < y else y*2",
    "where(x == y, 1, -1) + where(x != y, 1, 2)",
    "where(x <= 0, x, sqrt(x)) + where(y >= 0, y, y*y)",
    "(x*x + y)**2 - x*x/(x*x + y)",
    "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
]
# Through libm or a vector library: each is right to about one unit in the last place.
ROUNDED = [f"{name}(x)" for name in FUNCTIONS if FUNCTIONS[name].arity == 1]
ROUNDED += ["x**y", "x**2.5", "x**65", "2**x", "sigmoid(x*y)", "x**0", "0**x"]


def node(text: str) -> Node:
    return parse_expression(text, XY)


def ulps(a: float, b: float) -> float:
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0.0
    return abs(a - b) / math.ulp(max(abs(a), abs(b), 1e-300))


def values(text: str, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return, for each point, the scalar and the NumPy value."""
    scalar = scalar_function(XY, [node(text)])
    array = array_function(XY, [node(text)])
    many = array(np.array([x for x, _ in points]), np.array([y for _, y in points]))
    many = np.broadcast_to(many, len(points))
    return [(scalar(x, y), float(v)) for (x, y), v in zip(points, many, strict=True)]


def points() -> list[tuple[float, float]]:
    rng = np.random.default_rng(3)
    random = [(float(x), float(y)) for x, y in rng.normal(0, 3, (60, 2))]
    return [(x, y) for x in SPECIAL for y in SPECIAL] + random


@pytest.mark.parametrize("text", EXACT)
def test_scalar_and_numpy_agree_to_the_last_bit(text: str) -> None:
    for point, (scalar, array) in zip(points(), values(text, points()), strict=True):
        assert ulps(scalar, array) == 0, point


@pytest.mark.parametrize("text", ROUNDED)
def test_scalar_and_numpy_agree_to_rounding(text: str) -> None:
    for point, (scalar, array) in zip(points(), values(text, points()), strict=True):
        assert ulps(scalar, array) <= 4, point


# What Python raises for (log of a negative number) is a NumPy matter and is tested above.
COMPILED = [text for text in EXACT + ROUNDED if text not in ("asin(x)", "acos(x)", "log(x)")]


@pytest.mark.parametrize("k", range(3))
def test_numba_compiles_the_scalar_source_as_it_stands(k: int) -> None:
    from numba import njit

    texts = COMPILED[k::3]  # a few functions of many outputs compile sooner than many of one
    nodes = [node(text) for text in texts]
    source = SCALAR_IMPORTS + function_source("f", XY, nodes, "scalar")
    function = njit(error_model="numpy")(execute(source, "f"))
    scalar = scalar_function(XY, nodes)
    rng = np.random.default_rng(4)
    near = [(float(x), float(y)) for x, y in rng.normal(0, 3, (60, 2))]
    for x, y in [*near, (1e300, 2.0), (-1e300, 0.5), (0.0, 1.0)]:
        for text, ours, theirs in zip(texts, function(x, y), scalar(x, y), strict=True):
            assert ulps(ours, theirs) <= (0 if text in EXACT else 4), (text, x, y)


@pytest.mark.parametrize("power", [*range(-12, 13), 63, 64, 65, 100, -64, -65])
def test_integer_powers(power: int) -> None:
    x = 1.1
    formula = node(f"x**{power}")
    assert scalar_function(XY, [formula])(x, 0.0) == pytest.approx(x**power, rel=1e-13)
    source = function_source("f", XY, [formula], "scalar")
    assert ("_pow" in source) == (abs(power) > 64)


def test_equal_parts_are_computed_once() -> None:
    source = function_source("f", XY, [node("exp(x*y) + 1"), node("exp(x*y)*sin(x*y)")], "scalar")
    assert source.count("_exp(") == 1
    assert source.count("(x * y)") == 1


def test_listing_can_be_written_in_stretches() -> None:
    listing = Listing([node("u = exp(x); u + u*y"), node("u = exp(x); u - y")])
    given: dict[int, str] = {}
    first, texts = listing.write("scalar", listing.roots[:1], given)
    second, more = listing.write("scalar", listing.roots[1:], given)
    assert "_exp" in "".join(first)
    assert "_exp" not in "".join(second) + "".join(more.values())
    assert set(texts) == {listing.roots[0]}
    assert listing.dependencies()[listing.roots[0]] == {"x", "y"}


def test_several_outputs_are_a_tuple() -> None:
    function = scalar_function(XY, [node("x + y"), node("x*y")])
    assert function(2.0, 3.0) == (5.0, 6.0)
    # The careful path that takes over when Python raises.
    function = scalar_function(XY, [node("1/x"), node("-1/x"), node("log(-y)"), node("exp(y)")])
    result = function(0.0, 1000.0)
    assert result[:2] == (math.inf, -math.inf)
    assert math.isnan(result[2])
    assert result[3] == math.inf
    assert all(type(value) is float for value in result)


def test_no_line_is_nested_deeper_than_python_reads() -> None:
    text = "sigmoid(" * 110 + "x" + ")" * 110
    for target in ("scalar", "numpy"):
        source = function_source("f", XY, [node(text)], target)
        assert max(line.count("(") for line in source.splitlines()) < 150
    assert parse_program(text_source({"u": node(text)}), XY, inline=True).statements


# -- back to text --------------------------------------------------------------------------------


def again(nodes: dict[str, Node]) -> dict[str, Node]:
    return dict(parse_program(text_source(nodes), XY).statements)


@pytest.mark.parametrize(
    "text",
    [
        *EXACT,
        *ROUNDED,
        "x - -0.5",
        "0.1 + 1e300*x - 1e-300*y",
        "-(-x)**2",
        "where(x < y, 1, 2) + where(x < y, y, x)",
    ],
)
def test_text_is_read_again(text: str) -> None:
    written = {"a": node(text), "b": node(f"({text}) + ({text})*y")}
    read = again(written)
    for name in written:
        here, there = (scalar_function(XY, [n[name]]) for n in (written, read))
        for x, y in points():
            assert ulps(here(x, y), there(x, y)) == 0


@settings(max_examples=150, deadline=None)
@given(expressions, st.floats(-3, 3), st.floats(-3, 3))
def test_random_text_is_read_again(text: str, x: float, y: float) -> None:
    try:
        written = node(text)
    except LandscapeError:
        return
    read = again({"a": written})["a"]
    assert ulps(scalar_function(XY, [written])(x, y), scalar_function(XY, [read])(x, y)) == 0
    assert set(names(read)) <= set(names(written))


@settings(max_examples=150, deadline=None)
@given(expressions, st.floats(-3, 3), st.floats(-3, 3))
def test_numpy_agrees_with_scalars_on_random_formulas(text: str, x: float, y: float) -> None:
    try:
        written = node(text)
    except LandscapeError:
        return
    scalar = scalar_function(XY, [written])(x, y)
    array = float(array_function(XY, [written])(np.float64(x), np.float64(y)))
    assert type(scalar) is float
    assert scalar == pytest.approx(array, rel=1e-9, abs=1e-9, nan_ok=True)
