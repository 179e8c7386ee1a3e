"""Series against values and derivatives where a formula is regular, and on their way to a jump."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from landscape.errors import LandscapeError
from landscape.formula import Formula
from landscape.formula.compile import array_function
from landscape.formula.emit import Listing
from landscape.formula.nodes import CONSTANTS
from landscape.formula.parse import parse_expression
from landscape.formula.series import Series, apply, constant, limit, line
from tests.formula.expressions import expressions
from tests.formula.test_derive import COORDINATES


def series(
    text: str, at: tuple[float, float], way: tuple[float, float], stretch: int = 1
) -> Series:
    """Return the series of a formula from `at` along `way`."""
    names = {
        name: line(np.array([a]), np.array([b]), stretch)
        for name, a, b in zip("xy", at, way, strict=True)
    }
    done: list[Series] = []
    with np.errstate(all="ignore"):
        listing = Listing([parse_expression(text, ("x", "y"))])
        for entry in listing.entries:
            if entry.op == "number":
                done.append(constant(float(entry.value), 1))
            elif entry.op == "name":
                name = str(entry.value)
                done.append(names[name] if name in names else constant(CONSTANTS[name], 1))
            else:
                done.append(apply(entry.op, [done[arg] for arg in entry.args]))
    return done[listing.roots[0]]


# Always the same examples: near a pole rounding alone can make any two programs differ.
@settings(max_examples=400, deadline=None, derandomize=True)
@given(expressions, COORDINATES, COORDINATES)
def test_coefficients_are_value_and_derivatives(text: str, x: float, y: float) -> None:
    y += 1 / 293  # off the diagonal, where min and max tie
    try:
        f = Formula(text)
        with np.errstate(all="ignore"):
            value = float(array_function(("x", "y"), [f.node])(np.float64(x), np.float64(y)))
            slopes, bends = f.gradient(x, y), f.hessian(x, y)
    except LandscapeError:
        return
    way = np.array([0.8, -0.6])
    with np.errstate(all="ignore"):
        ahead, behind = f.value(x + 8e-7 * np.array([1, -1]), y - 6e-7 * np.array([1, -1]))
        # On paper tan(pi) is 0, in floats it is below: derivatives then are those of another side.
        if not abs((ahead - behind) / 2e-6 - slopes @ way) < 1e-3 * (1 + abs(slopes @ way)):
            return
    found = series(text, (x, y), (0.8, -0.6))
    if not (math.isfinite(value) and np.isfinite(slopes).all() and np.isfinite(bends).all()):
        return
    if np.isnan(limit(found)[0]):  # a jump or a root's end: nothing is said
        return
    expected = [value, float(slopes @ way), float(way @ bends @ way) / 2]
    shift = int(found.start[0])
    known = [0.0] * min(shift, 3) + [float(term) for term in found.terms[: max(0, 3 - shift), 0]]
    scale = 1 + max(map(abs, expected))
    if scale < 1e6:
        for ours, theirs in zip(known, expected, strict=True):
            assert math.isnan(ours) or ours == pytest.approx(theirs, rel=1e-7, abs=1e-7 * scale)


# formula, coefficients of t**0, t**1, … along x = t
KNOWN: dict[str, list[float]] = {
    "exp(x)": [1, 1, 1 / 2, 1 / 6],
    "log(1 + x)": [0, 1, -1 / 2, 1 / 3],
    "sin(x)": [0, 1, 0, -1 / 6],
    "cos(x)": [1, 0, -1 / 2, 0],
    "tan(x)": [0, 1, 0, 1 / 3],
    "asin(x)": [0, 1, 0, 1 / 6],
    "acos(x)": [math.pi / 2, -1, 0, -1 / 6],
    "atan(x)": [0, 1, 0, -1 / 3],
    "sinh(x)": [0, 1, 0, 1 / 6],
    "cosh(x)": [1, 0, 1 / 2, 0],
    "tanh(x)": [0, 1, 0, -1 / 3],
    "sigmoid(x)": [1 / 2, 1 / 4, 0, -1 / 48],
    "1/(1 - x)": [1, 1, 1, 1],
    "sqrt(1 + x)": [1, 1 / 2, -1 / 8, 1 / 16],
    "(1 + x)**2.5": [1, 5 / 2, 15 / 8, 5 / 16],
    "2**x": [math.log(2) ** k / math.factorial(k) for k in range(4)],
    "(1 + x)**(1 + x)": [1, 1, 1, 1 / 2],
    "abs(-x)": [0, 1, 0, 0],
    "sqrt(x**2 + x**3)": [0, 1, 1 / 2, -1 / 8],
    "floor(3 - x)": [2, 0, 0, 0],
    "floor(3 + x)": [3, 0, 0, 0],
    "floor(2.5 - x)": [2, 0, 0, 0],
    "(2 - x) % 2": [2, -1, 0, 0],
    "(2 + x) % 2": [0, 1, 0, 0],
    "sign(x - x**2)": [1, 0, 0, 0],
    "min(x, x**2, 1)": [0, 0, 1, 0],
    "max(x, x**2, -1)": [0, 1, 0, 0],
    "where(x > 0, 1 + x, 5)": [1, 1, 0, 0],
    "where(x == 0, 5, x)": [0, 1, 0, 0],
    "atan(1/x)": [math.pi / 2, -1, 0, 1 / 3],
    "tanh(1/x) + x": [1, 1, 0, 0],
    "sigmoid(-1/x) + x": [0, 1, 0, 0],
    "exp(-1/x) + x": [0, 1, 0, 0],
    "x*floor(1/x)": [1],
    "x**2*sin(1/x)": [0, 0],
    "x**2*log(x)": [0, 0],
    "x**1.5": [0, 0],
    "asin(1 - x)": [math.pi / 2],
}


@pytest.mark.parametrize("text", KNOWN)
def test_known_series(text: str) -> None:
    found = series(text, (0.0, 0.0), (1.0, 0.0))
    assert not found.undefined[0]
    terms = [0.0] * int(min(found.start[0], 4)) + list(found.terms[:, 0])
    assert terms[: len(KNOWN[text])] == pytest.approx(KNOWN[text], abs=1e-15)
    if len(KNOWN[text]) < 4:  # what comes next is no whole power
        assert np.isnan(terms[len(KNOWN[text])])


@pytest.mark.parametrize("text", ["log(-x)", "sqrt(-x)", "x/(x - x)", "asin(1 + x)", "(-x)**1.5"])
def test_undefined(text: str) -> None:
    assert series(text, (0.0, 0.0), (1.0, 0.0)).undefined[0]


@pytest.mark.parametrize("text", ["1/x", "log(x)", "exp(1/x)", "sin(1/x)", "1/sin(x)", "tan(1/x)"])
def test_no_limit(text: str) -> None:
    found = series(text, (0.0, 0.0), (1.0, 0.0))
    assert not found.undefined[0]
    assert np.isnan(limit(found)[0])


def test_a_stretched_way_makes_a_root_a_series() -> None:
    found = series("sin(sqrt(x))/sqrt(x)", (0.0, 0.0), (1.0, 0.0), stretch=2)
    assert found.terms[:5, 0] == pytest.approx([1, 0, -1 / 6, 0, 1 / 120], abs=1e-15)
