"""Activations against the standard library's functions, differences and PyTorch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.networks import ACTIVATIONS, activation
from landscape.networks.normal import NORMAL_POLYNOMIAL, normal_density, normal_distribution

Array = NDArray[np.floating[Any]]

# The definitions again, number by number.
BY_NUMBER: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "relu": lambda z: z if z > 0 else 0.0,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "gelu": lambda z: 0.5 * z * math.erfc(-z / math.sqrt(2)),
    "linear": lambda z: z,
}
SMOOTH = ("tanh", "sigmoid", "gelu", "linear")
POINTS = np.concatenate([np.linspace(-30, 30, 6001), np.linspace(-2, 2, 777)])


def distribution(z: Array) -> NDArray[np.float64]:
    return np.array([0.5 * math.erfc(-float(v) / math.sqrt(2)) for v in z])


def test_the_catalogue_has_what_is_compared() -> None:
    assert set(ACTIVATIONS) == set(BY_NUMBER)


@pytest.mark.parametrize("name", BY_NUMBER)
@pytest.mark.parametrize(("dtype", "most"), [("float64", 1e-15), ("float32", 3e-7)])
def test_values(name: str, dtype: str, most: float) -> None:
    z = POINTS.astype(dtype)
    expected = np.array([BY_NUMBER[name](float(v)) for v in z])
    value = activation(name).value(z)
    assert value.dtype == z.dtype
    assert np.all(np.abs(value - expected) <= most * np.maximum(1, np.abs(z)))


@pytest.mark.parametrize("name", BY_NUMBER)
def test_derivatives_are_the_slopes_of_values(name: str) -> None:
    z = POINTS[np.abs(POINTS) > 1e-3] if name not in SMOOTH else POINTS
    kind, h = activation(name), 1e-5
    slope = (kind.value(z + h) - kind.value(z - h)) / (2 * h)
    assert np.abs(kind.derivative(z) - slope).max() < 1e-9
    bend = (kind.derivative(z + h) - kind.derivative(z - h)) / (2 * h)
    assert np.abs(kind.second(z) - bend).max() < 1e-9


@pytest.mark.parametrize("name", BY_NUMBER)
def test_in_place(name: str) -> None:
    kind = activation(name)
    z = POINTS.astype("float32").reshape(2, -1, order="F")
    value, slope = z.copy(), np.empty_like(z)
    kind.replace(value, slope)
    assert slope.dtype == z.dtype
    assert np.array_equal(slope, kind.derivative(z))
    assert np.allclose(value, kind.value(z), rtol=2e-7, atol=0)
    buffer = z.copy()
    assert kind.value(buffer, out=buffer) is buffer
    assert np.array_equal(buffer, kind.value(z))


@pytest.mark.parametrize("name", BY_NUMBER)
def test_steepest_is_the_largest_slope(name: str) -> None:
    kind = activation(name)
    slopes = np.abs(kind.derivative(np.linspace(-8, 8, 160_001)))
    assert slopes.max() == pytest.approx(kind.steepest, rel=1e-8)


@pytest.mark.parametrize("name", BY_NUMBER)
def test_ends_and_no_numbers(name: str) -> None:
    kind = activation(name)
    for dtype in ("float32", "float64"):
        far = kind.value(np.array([-1e4, 1e4, np.nan], dtype=dtype))
        floor = {"tanh": -1.0, "leaky_relu": -100.0, "linear": -1e4}.get(name, 0.0)
        top = 1.0 if name in ("tanh", "sigmoid") else 1e4
        assert far[:2].tolist() == pytest.approx([floor, top], abs=1e-12)
        assert math.isnan(far[2])
        assert math.isnan(kind.derivative(np.array([np.nan], dtype=dtype))[0]) == (
            name in ("tanh", "sigmoid", "relu", "gelu")
        )


def test_slopes_at_the_kink() -> None:
    zero = np.zeros(1)
    assert activation("relu").derivative(zero) == 0.0
    assert activation("leaky_relu").derivative(zero) == 0.01


def test_the_normal_distribution_to_its_stated_error() -> None:
    z = np.concatenate([np.linspace(-13, 13, 52_001), np.random.default_rng(0).normal(size=9_999)])
    assert np.abs(normal_distribution(z) - distribution(z)).max() < 3e-16
    single = z.astype("float32")
    assert np.abs(normal_distribution(single) - distribution(single)).max() < 1.2e-7
    exact = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    assert normal_density(z) == pytest.approx(exact, rel=1e-14)


def test_the_polynomial_is_the_fit() -> None:
    pytest.importorskip("scipy")
    from tests.networks.golden.fit_normal import fit

    coefficients, error = fit()
    assert list(NORMAL_POLYNOMIAL) == pytest.approx(coefficients, rel=1e-6)
    assert error < 3e-8


def test_gains_are_those_of_torch() -> None:
    gains = {name: kind.gain for name, kind in ACTIVATIONS.items() if name != "gelu"}
    assert gains == pytest.approx(
        {
            "tanh": 5 / 3,
            "sigmoid": 1.0,
            "relu": math.sqrt(2),
            "leaky_relu": math.sqrt(2 / 1.0001),
            "linear": 1.0,
        }
    )
    torch = pytest.importorskip("torch")
    for name, gain in gains.items():
        assert gain == pytest.approx(torch.nn.init.calculate_gain(name), rel=1e-12)


def test_gelu_gain_keeps_the_variance() -> None:
    z = np.linspace(-10, 10, 20_001)
    power = np.sum(activation("gelu").value(z) ** 2 * normal_density(z)) * (z[1] - z[0])
    assert activation("gelu").gain == pytest.approx(1 / math.sqrt(power), rel=1e-6)


def test_an_unknown_name() -> None:
    with pytest.raises(LandscapeError, match="did you mean tanh"):
        activation("tahn")
