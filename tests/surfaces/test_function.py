"""Surfaces from Python functions: compiled or not, scalar or vectorised, exact or differenced."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.surfaces import surface
from landscape.surfaces.function import FunctionSurface, LandscapeWarning


def beale(x: float, y: float) -> float:
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def branches(x: float, y: float) -> float:
    if x > 0:
        return math.sin(x) * y
    return x * y


def with_numpy(x: Any, y: Any) -> Any:
    return np.sin(x) + y**2


def constant(x: float, y: float) -> int:
    return 3


class Callee:
    """No function, so Numba cannot compile it."""

    def __call__(self, x: float, y: float) -> float:
        return x * x + y


FUNCTIONS: list[Callable[[Any, Any], Any]] = [beale, branches, with_numpy, constant]


@pytest.mark.parametrize("jit", [None, False], ids=["numba", "python"])
@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_values(f: Callable[[Any, Any], Any], jit: bool | None) -> None:
    s = FunctionSurface(f, jit=jit)
    assert (s.name, s.spec) == (f.__name__, "")
    xs, ys, values = s.grid(9, 7)
    expected = np.array([[f(float(x), float(y)) for x in xs] for y in ys], float)
    np.testing.assert_allclose(values, expected, rtol=1e-14)
    assert [[s.value_at(x, y) for x in xs] for y in ys] == values.tolist()
    assert isinstance(s.value_at(0.5, 1), float)
    assert s.value(0.5, 1).shape == ()
    assert s.value(np.empty(0), 1.0).shape == (0,)


def test_numba_compiles_what_it_can() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quick = FunctionSurface(branches, jit=True)
        assert quick.value_at(0.5, 2) == pytest.approx(2 * math.sin(0.5), rel=1e-15)
    assert isinstance(quick._evaluate, np.ufunc) or "DUFunc" in type(quick._evaluate).__name__


def test_one_warning_says_why_numba_could_not() -> None:
    s = FunctionSurface(Callee())

    def use() -> None:
        s.value_at(1, 2)
        s.value_at(2, 2)
        s.grid(3, 3)
        s.gradient(1, 2)

    with pytest.warns(LandscapeWarning, match="runs as plain Python") as caught:
        use()
    assert len(caught) == 1
    assert "\n" not in str(caught[0].message)
    assert "not a function" in str(caught[0].message)
    assert s.value_at(3, 1) == 10


def test_numba_or_nothing() -> None:
    with pytest.raises(LandscapeError, match="Numba cannot compile function: ") as caught:
        FunctionSurface(Callee(), jit=True).value_at(0, 0)
    assert "\n" not in str(caught.value)


def test_without_numba_nothing_is_said_or_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "numba", None)  # an import of it would fail
    assert FunctionSurface(Callee(), jit=False).value_at(3, 1) == 10


def changes_when_compiled(x: float, y: float) -> float:
    return x + y + STATE[0]


STATE = (0.0,)


def test_a_compiled_function_that_differs_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    real = numba.vectorize

    def wrong(signatures: Any) -> Any:
        return lambda f: real(signatures)(lambda x, y: x - y)

    monkeypatch.setattr(numba, "vectorize", wrong)
    s = FunctionSurface(changes_when_compiled)
    with pytest.warns(LandscapeWarning, match="instead of"):
        assert s.value_at(1, 2) == 3


def test_arrays_go_to_a_vectorised_function_at_once() -> None:
    calls = []

    def f(x: Any, y: Any) -> Any:
        calls.append(np.ndim(x))
        return np.where(x > 0, x, y)

    s = FunctionSurface(f, jit=False)
    s.value(1.0, 2.0)
    calls.clear()
    assert s.grid(30, 20)[2].shape == (20, 30)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: float(np.sum(x * x + y)),  # one number for a whole array
        lambda x, y: x * x + y if np.ndim(x) == 0 else x,  # something else for arrays
        math.hypot,
        max,
        lambda x, y: (x * x + y) if np.shape(x) == np.shape(y) else np.zeros(3),
    ],
)
def test_scalar_functions_are_called_point_by_point(f: Callable[[Any, Any], Any]) -> None:
    s = FunctionSurface(f, jit=False)
    xs, ys, values = s.grid(6, 5)
    assert values.tolist() == [[float(f(float(x), float(y))) for x in xs] for y in ys]


# -- gradients -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["beale", "himmelblau", "ravine", "six_hump_camel", "muller_brown"]
)
def test_differences_are_near_the_exact_gradient(name: str) -> None:
    exact = surface(name)
    s = FunctionSurface(exact.value_at, bounds=exact.bounds, jit=False)
    assert (s.exact, exact.exact) == (False, True)
    (x0, x1), (y0, y1) = s.bounds
    # The bounds and the corners too.
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(x0, x1, 8), np.linspace(y0, y1, 8)))
    found, expected = s.gradient(x, y), exact.gradient(x, y)
    size = np.abs(expected).max() + np.ptp(exact.value(x, y))
    assert np.abs(found - expected).max() < 2e-8 * size
    inner = (x > x0) & (x < x1) & (y > y0) & (y < y1)
    assert np.abs(found - expected)[:, inner].max() < 1e-9 * size


@pytest.mark.parametrize("width", [1e-6, 1.0, 1e5])
@pytest.mark.parametrize("middle", [0.0, 1.0, -1e4])
def test_the_step_suits_the_scale(width: float, middle: float) -> None:
    s = FunctionSurface(
        lambda x, y: math.sin((x - middle) / width) + ((y - middle) / width) ** 3,
        bounds=((middle - width, middle + width), (middle - width, middle + width)),
        jit=False,
    )
    x, y = middle + 0.4 * width, middle - 0.7 * width
    dx, dy = s.gradient_at(x, y)
    # What the rounding of x itself leaves of (x - middle) / width.
    lost = 1e3 * np.spacing(abs(middle)) / width
    expected = math.cos((x - middle) / width), 3 * ((y - middle) / width) ** 2
    assert (dx * width, dy * width) == pytest.approx(expected, rel=1e-9 + lost)


def test_a_point_inside_never_asks_outside() -> None:
    asked: list[tuple[float, float]] = []

    def f(x: float, y: float) -> float:
        asked.append((x, y))
        return math.exp(x) * y

    s = FunctionSurface(f, bounds=((0, 1), (2, 5)), jit=False)
    s.value_at(0.5, 3)
    asked.clear()
    for x in (0.0, 1e-9, 1e-4, 0.5, 1 - 1e-9, 1.0):
        for y in (2.0, 2.0001, 5 - 1e-5, 5.0):
            dx, dy = s.gradient_at(x, y)
            assert (dx, dy) == pytest.approx((math.exp(x) * y, math.exp(x)), rel=1e-8)
    assert len(asked) >= 240
    assert all(0 <= x <= 1 and 2 <= y <= 5 for x, y in asked)


def test_outside_the_bounds_it_is_still_differenced() -> None:
    s = FunctionSurface(beale, bounds=((0, 1), (0, 1)), jit=False)
    expected = surface("beale").gradient_at(3.5, -1.5)
    assert s.gradient_at(3.5, -1.5) == pytest.approx(expected, rel=1e-8)


def test_exact_gradients_are_used() -> None:
    s = surface(beale, gradient=surface("beale").gradient_at)
    assert s.exact
    x, y = np.meshgrid([0.3, -2.0, 1.0], [0.5, 2.5])
    assert s.gradient(x, y).shape == (2, 2, 3)
    assert np.array_equal(s.gradient(x, y)[:, 1, 2], s.gradient_at(1.0, 2.5))
    np.testing.assert_allclose(s.gradient(x, y), surface("beale").gradient(x, y), rtol=1e-14)
    assert s.gradient(0.3, 0.5).shape == (2,)


def test_descent_over_a_function_is_that_over_the_formula() -> None:
    own = descend(beale, "momentum:lr=0.001", start=(1, 1.6), steps=100)
    formula = descend("beale", "momentum:lr=0.001", start=(1, 1.6), steps=100)
    np.testing.assert_allclose(own.points, formula.points, atol=1e-7)
    assert own.surface.name == "beale"


def test_divergence_is_no_error() -> None:
    path = descend(beale, "gd:lr=1", start=(1, 1.6), steps=50)
    assert path.ending.outcome == "diverged"


@pytest.mark.parametrize("jit", [None, False], ids=["numba", "python"])
def test_no_value_is_nan(jit: bool | None) -> None:
    s = FunctionSurface(lambda x, y: math.sqrt(x) * y, jit=jit)
    assert math.isnan(s.value_at(-1, 1))
    assert math.isnan(s.gradient_at(-1, 1)[0])
    assert s.value_at(4, 1) == 2
    assert np.isnan(s.value(np.array([-1, 4]), 1)).tolist() == [True, False]


# -- names, starts, errors -------------------------------------------------------------------


def test_name_and_start() -> None:
    assert FunctionSurface(lambda x, y: x).name == "function"
    assert FunctionSurface(Callee()).name == "function"
    assert FunctionSurface(beale, name="mine").name == "mine"
    assert FunctionSurface(beale, start=(1, 2)).start == (1, 2)
    moved = surface(beale, bounds=(10, 20, -2, -1))
    assert moved.start == pytest.approx((11.5, -1.2))


def no_arguments() -> float:
    return 0.0


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (no_arguments, "two numbers"),
        (lambda x: x, "two numbers"),
        (lambda x, y, z: x, "missing a required argument: 'z'"),
        (lambda x, y: 1j * x, "real number for two: complex came"),
        (lambda x, y: np.complex128(x), "complex128 came"),
        (lambda x, y: np.array([x, y]), r"an array of shape \(2,\) came"),
        (lambda x, y: (x, y), "tuple came"),
        (lambda x, y: None, "NoneType came"),
        (lambda x, y: "3", "str came"),
        (lambda x, y: x.missing, "AttributeError"),
    ],
)
def test_bad_functions_are_told_in_one_line(f: Callable[..., Any], words: str) -> None:
    with pytest.raises(LandscapeError, match=words) as caught:
        surface(f)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        (lambda x, y: x, "pair"),
        (lambda x, y: (x, y, y), "pair .* 3 came"),
        (lambda x, y: (x, None), "NoneType"),
        (lambda x: (x, x), "pair"),
    ],
)
def test_bad_gradients_are_told_in_one_line(gradient: Callable[..., Any], words: str) -> None:
    with pytest.raises(LandscapeError, match=words) as caught:
        surface(beale, gradient=gradient)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("made", [int, np.float32, np.array, lambda v: v > 0])
def test_numbers_of_any_kind_are_numbers(made: Callable[[float], Any]) -> None:
    s = FunctionSurface(lambda x, y: made(x + y), jit=False)
    assert s.value_at(2.0, 1.0) == float(made(3.0))
