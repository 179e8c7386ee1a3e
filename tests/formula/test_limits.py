"""Where a formula is 0/0 or 0*inf: the limit if there is one, NaN if there is none."""

from __future__ import annotations

import math
import time
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from landscape.errors import LandscapeError
from landscape.formula import Formula
from tests.formula.expressions import smooth
from tests.formula.test_derive import COORDINATES

NAN = math.nan
# formula, point, value, gradient, Hessian (xx, xy, yy)
FILLED = [
    ("sin(x)/x", (0, 0.3), 1, (0, 0), (-1 / 3, 0, 0)),
    ("sin(100*x)/x", (0, 0), 100, (0, 0), (-1e6 / 3, 0, 0)),
    ("(1 - cos(x))/x**2", (0, 1), 1 / 2, (0, 0), (-1 / 12, 0, 0)),
    ("(exp(x) - 1)/x", (0, -2), 1, (1 / 2, 0), (1 / 3, 0, 0)),
    ("tanh(x)/x", (0, 0), 1, (0, 0), (-2 / 3, 0, 0)),
    ("log(1 + x)/x", (0, 0), 1, (-1 / 2, 0), (2 / 3, 0, 0)),
    ("(x - sin(x))/x**3", (0, 0), 1 / 6, (0, 0), (-1 / 60, 0, 0)),
    ("(x**2 - y**2)/(x - y)", (0.1, 0.1), 0.2, (1, 1), (0, 0, 0)),
    ("(x**2 - y**2)/(x - y)", (-1.7, -1.7), -3.4, (1, 1), (0, 0, 0)),
    ("(x**2 - y**2)/(x - y)", (0, 0), 0, (1, 1), (0, 0, 0)),
    ("(x**3 - y**3)/(x - y)", (0.3, 0.3), 0.27, (0.9, 0.9), (2, 1, 2)),
    ("sin(x*y)/(x*y)", (0, 2), 1, (0, 0), (-4 / 3, 0, 0)),
    ("sin(x*y)/(x*y)", (0, 0), 1, (0, 0), (0, 0, 0)),
    (
        "(1 - cos(sqrt(x**2 + y**2)))/(x**2 + y**2)",
        (0, 0),
        1 / 2,
        (0, 0),
        (-1 / 12, 0, -1 / 12),
    ),
    ("sin(sqrt(x))/sqrt(x)", (0, 0), 1, (-1 / 6, 0), (1 / 60, 0, 0)),
    ("acos(x)/sqrt(1 - x)", (1, 0), math.sqrt(2), (-math.sqrt(2) / 12, 0), None),
    ("(x - 1)/log(x) + y", (1, 5), 6, (1 / 2, 1), (-1 / 6, 0, 0)),
    ("exp(-1/x**2)/x", (0, 0), 0, (0, 0), (0, 0, 0)),
    # From above alone, where the formula has values.
    ("x*log(x)", (0, 0), 0, (-math.inf, 0), None),
    # What shrinks faster than it swings or grows has a limit; its derivatives have none.
    ("x*log(abs(x))", (0, 1), 0, (NAN, 0), (NAN, 0, 0)),
    ("x**2*log(x**2 + y**2)", (0, 0), 0, (0, 0), (NAN, NAN, NAN)),
    ("x**2*sin(1/x)", (0, 1), 0, (NAN, 0), (NAN, 0, 0)),
    ("x**3*sin(1/x)", (0, 1), 0, (0, 0), (NAN, 0, 0)),
    ("x**3/abs(x)", (0, 0), 0, (0, 0), (NAN, 0, 0)),
]


@pytest.mark.parametrize(("text", "point", "value", "gradient", "hessian"), FILLED)
def test_filled(
    text: str,
    point: tuple[float, float],
    value: float,
    gradient: tuple[float, float],
    hessian: tuple[float, float, float] | None,
) -> None:
    f = Formula(text)
    x, y = map(float, point)
    np.testing.assert_allclose(f.value_at(x, y), value, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(f.gradient_at(x, y), gradient, rtol=1e-13, atol=1e-13)
    if hessian is not None:
        found = f.hessian(x, y)[[0, 0, 1], [0, 1, 1]]
        np.testing.assert_allclose(found, hessian, rtol=1e-13, atol=1e-13)


# A grid's kernel is compiled, which takes a while: one for each function and way to have no value.
GRIDS = {
    "sin(x)/x",
    "tanh(x)/x",
    "(x**2 - y**2)/(x - y)",
    "(1 - cos(sqrt(x**2 + y**2)))/(x**2 + y**2)",
    "acos(x)/sqrt(1 - x)",
    "exp(-1/x**2)/x",
    "x*log(x)",
    "x**3/abs(x)",
    "abs(x)/x",
    "1/x - 1/x**3",
    "max(x, 0)/x",
    "min((x - y)/x, x)",
    "x % (y % (x % y))",
    "sqrt(x**2 + y**2 - 1e-14)",
    "log(x) + y",
    "exp(x)/exp(2*x)",
    "sqrt(x)",
    "log(log(x))",
    "x**(1/3)",
    "x**y",
    "asin(x - 3)",
}


def on_grids(*rows: tuple[Any, ...]) -> list[Any]:
    """Return the parameters of a test of grids; those of other formulas are slow."""
    return [pytest.param(*row, marks=[pytest.mark.slow] * (row[0] not in GRIDS)) for row in rows]


def points_around(x: float, y: float) -> tuple[Any, Any]:
    return np.array([x - 0.5, x, x + 0.25]), np.array([y, y + 0.5])


@pytest.mark.parametrize(("text", "point"), [(row[0], row[1]) for row in FILLED])
def test_scalars_and_arrays_agree(text: str, point: tuple[float, float]) -> None:
    f = Formula(text)
    x, y = map(float, point)
    xs, ys = points_around(x, y)
    assert f.value(xs, y)[1] == f.value_at(x, y) == f.value(x, y)
    slopes = f.gradient(xs, ys[:, None])
    np.testing.assert_array_equal(slopes[:, 0, 1], f.gradient_at(x, y))


@pytest.mark.parametrize(("text", "point"), on_grids(*(row[:2] for row in FILLED)))
def test_scalars_and_grids_agree(text: str, point: tuple[float, float]) -> None:
    f = Formula(text)
    x, y = map(float, point)
    xs, ys = points_around(x, y)
    grid = f.grid(xs, ys)
    assert grid[0, 1] == f.value_at(x, y)
    np.testing.assert_allclose(grid, f.value(xs, ys[:, None]), rtol=1e-13, atol=1e-13)


EMPTY = [
    ("abs(x)/x", (0, 0)),
    ("x/x**2", (0, 0)),
    ("cos(x)/x - 1/x + 1/x", (0, 0)),
    ("1/x - 1/x**3", (0, 0)),
    ("max(x, 0)/x", (0, 0)),
    ("x/sqrt(x**2 + y**2)", (0, 0)),
    ("x*y/(x**2 + y**2)", (0, 0)),
    ("(x**2 - y**2)/(x**2 + y**2)", (0, 0)),
    ("max((x - y)/y, 1)", (0, 0)),
    ("min((x - y)/x, x)", (0, 0)),
    ("x % (y % (x % y))", (1, 0)),
    ("sin(1/x)", (0, 0)),
    ("0*x + sin(1/x)*(1 + x)", (0, 0)),
    ("tanh(1/x)*(x/x)", (0, 0)),
    ("log(x**2 - 1e-14)", (0, 0)),
    ("sqrt(x**2 + y**2 - 1e-14)", (0, 0)),
    ("log(x) + y", (-1e-9, 0)),
    ("(x - x)/(y - y)", (1, 1)),
    ("exp(x)/exp(2*x)", (1000, 0)),
]


@pytest.mark.parametrize(("text", "point"), EMPTY)
def test_not_filled(text: str, point: tuple[float, float]) -> None:
    f = Formula(text)
    x, y = map(float, point)
    assert math.isnan(f.value_at(x, y))
    assert np.isnan(f.value([x], [y])[0])


@pytest.mark.parametrize(("text", "point"), on_grids(*EMPTY))
def test_not_filled_on_a_grid(text: str, point: tuple[float, float]) -> None:
    x, y = map(float, point)
    assert np.isnan(Formula(text).grid(np.array([x]), np.array([y]))[0, 0])


def test_a_pole_is_infinite_and_a_jump_has_no_slope() -> None:
    assert Formula("1/x").value_at(0.0, 0.0) == math.inf
    assert Formula("1/x").gradient_at(0.0, 0.0)[0] == -math.inf
    # On both sides the slope of abs(x)/x is 0, yet there is no value to have one.
    assert math.isnan(Formula("abs(x)/x").gradient_at(0.0, 0.0)[0])
    assert Formula("sign(x)").value_at(0.0, 0.0) == 0.0


# Always the same examples, as for the derivatives.
@settings(max_examples=200, deadline=None, derandomize=True)
@given(smooth, COORDINATES, COORDINATES)
def test_a_difference_quotient_becomes_the_derivative(text: str, x: float, y: float) -> None:
    try:
        g = Formula(text)
        quotient = Formula(
            f"s = {text}; x0 = x; x = {x!r}; t = {text}; x = x0; (s - t)/(x - {x!r})"
        )
        slope = g.gradient_at(x, y)[0]
        value = g.value_at(x, y)
    except LandscapeError:
        return
    found = quotient.value_at(x, y)
    if all(map(math.isfinite, (slope, value, found))) and abs(slope) < 1e6 and abs(value) < 1e6:
        assert found == pytest.approx(slope, rel=1e-9, abs=1e-9)


def test_a_line_of_them_is_filled() -> None:
    xs = np.linspace(-2, 2, 401)
    grid = Formula("(x**2 - y**2)/(x - y)").grid(xs, xs)
    np.testing.assert_allclose(grid, xs + xs[:, None], atol=1e-10)
    np.testing.assert_allclose(np.diag(grid), 2 * xs, rtol=1e-15, atol=1e-15)


def test_no_time_is_lost_where_there_is_nothing_to_fill() -> None:
    f = Formula("log(x) + sqrt(y)")
    xs = np.linspace(-2, -1, 1000)
    f.value(xs[:3], xs[:3])
    began = time.perf_counter()
    assert np.isnan(f.value(xs, xs[:, None])).all()
    assert time.perf_counter() - began < 2
    # A descent that stands still on such a point.
    f = Formula("sin(x)/x + y**2")
    f.gradient_at(0.0, 0.5)
    began = time.perf_counter()
    for _ in range(1000):
        f.value_at(0.0, 0.5), f.gradient_at(0.0, 0.5)
    assert time.perf_counter() - began < 1


OUTSIDE = [
    "sqrt(x)",
    "log(x)",
    "x**0.5",
    "x**1.5",
    "x**(1/3)",
    "x**y",
    "asin(x - 3)",
    "acos(x - 3)",
    "sqrt(x)*log(x) + x**2.5",
    "log(log(x))",
    "(sqrt(x) - 1)/(x - 1)",
]


@pytest.mark.parametrize("text", OUTSIDE)
def test_outside_the_domain_is_a_silent_nan(text: str) -> None:
    f = Formula(text)
    x, y = -2.0, 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert math.isnan(f.value_at(x, y))
        assert np.isnan(f.value(np.array([x, x]), y)).all()
        # Its derivative may be a number there (1/x of log(x)), but nothing may be said about it.
        assert len(f.gradient_at(x, y)) == 2
        assert f.gradient(np.array([x, 1.5]), y).shape == (2, 2)
        assert f.hessian(x, y).shape == (2, 2)


@pytest.mark.parametrize("text", on_grids(*((text,) for text in OUTSIDE)))
def test_a_grid_outside_the_domain_is_a_silent_nan(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(Formula(text).grid(np.array([-2.0, -1.0]), np.array([0.5]))).all()
