"""Initial parameters: variances in closed form, orthogonality, seeds, options, errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks import ACTIVATIONS, INITIALISATIONS, Network

# Layers of 300 x 200 and 120 x 300: their variances are known to a few per mille.
WIDE = Network((200, 300, 120), dtype="float64")

VARIANCES: dict[str, Callable[[int, int], float]] = {
    "normal:scale=0.05": lambda fan_in, fan_out: 0.05**2,
    "uniform:scale=0.05": lambda fan_in, fan_out: 0.05**2 / 3,
    "glorot_normal": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "glorot_uniform": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he_normal": lambda fan_in, fan_out: 2 / fan_in,
    "he_uniform": lambda fan_in, fan_out: 2 / fan_in,
    "lecun_normal": lambda fan_in, fan_out: 1 / fan_in,
    "lecun_uniform": lambda fan_in, fan_out: 1 / fan_in,
    "he_normal:gain=0.5": lambda fan_in, fan_out: 0.25 * 2 / fan_in,
    "orthogonal:gain=3": lambda fan_in, fan_out: 9 / max(fan_in, fan_out),
}


def test_every_scheme_is_tested() -> None:
    tested = {spec.split(":")[0] for spec in VARIANCES}
    assert tested | {"zero", "constant"} == set(INITIALISATIONS)


@pytest.mark.parametrize("spec", VARIANCES)
def test_variances(spec: str) -> None:
    for weights, biases in WIDE.unpack(WIDE.initial(spec, seed=3)):
        fan_out, fan_in = weights.shape
        variance = VARIANCES[spec](fan_in, fan_out)
        count = weights.size
        # Five standard errors: of a variance (kurtosis 3 at most) and of a mean.
        assert weights.var() == pytest.approx(variance, rel=5 * math.sqrt(2 / count))
        assert abs(weights.mean()) < 5 * math.sqrt(variance / count)
        assert not biases.any()


@pytest.mark.parametrize("spec", [spec for spec in VARIANCES if "uniform" in spec])
def test_uniform_weights_fill_their_range(spec: str) -> None:
    for weights, _ in WIDE.unpack(WIDE.initial(spec)):
        bound = math.sqrt(3 * VARIANCES[spec](weights.shape[1], weights.shape[0]))
        assert 0.999 * bound < weights.max() < bound
        assert -bound < weights.min() < -0.999 * bound


@pytest.mark.parametrize("spec", [spec for spec in VARIANCES if "normal" in spec])
def test_normal_weights_have_normal_tails(spec: str) -> None:
    for weights, _ in WIDE.unpack(WIDE.initial(spec)):
        far = np.mean(np.abs(weights) > 2 * math.sqrt(VARIANCES[spec](*weights.shape[::-1])))
        assert far == pytest.approx(0.0455, abs=5 * math.sqrt(0.0455 / weights.size))


def test_orthogonal() -> None:
    network = Network((7, 7, 12, 5), dtype="float64")
    for weights, _ in network.unpack(network.initial("orthogonal:gain=1.5", seed=2)):
        small = weights @ weights.T if len(weights) <= weights.shape[1] else weights.T @ weights
        assert small == pytest.approx(2.25 * np.eye(len(small)), abs=1e-14)


def test_orthogonal_matrices_are_uniform() -> None:
    # Without the signs of Mezzadri (2007) the first entry would always be negative.
    network = Network((3, 3, 2), dtype="float64")
    first = [network.initial("orthogonal", seed)[0] for seed in range(200)]
    assert abs(np.mean(first)) < 5 * math.sqrt(1 / 3 / 200)


def test_constants() -> None:
    assert not WIDE.initial("zero").any()
    layers = WIDE.unpack(WIDE.initial("constant:value=-0.25"))
    assert all((weights == -0.25).all() and not biases.any() for weights, biases in layers)


def test_biases() -> None:
    layers = WIDE.unpack(WIDE.initial("he_normal:bias=0.01"))
    assert all((biases == 0.01).all() for _, biases in layers)
    assert np.array_equal(layers[0][0], WIDE.unpack(WIDE.initial("he_normal"))[0][0])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_usual_scheme(name: str) -> None:
    network = Network((4, 5, 3), name)
    scheme = "he_normal" if name in ("relu", "leaky_relu", "gelu") else "glorot_normal"
    assert np.array_equal(network.initial(), network.initial(scheme))


def test_seeds() -> None:
    network = Network((4, 5, 3))
    four: Any = np.int64(4)
    assert np.array_equal(network.initial(seed=4), network.initial(seed=four))
    assert not np.array_equal(network.initial(seed=4), network.initial(seed=5))
    assert network.initial().dtype == np.float32
    double = Network((4, 5, 3), dtype="float64").initial()
    assert np.array_equal(network.initial(), double.astype("float32"))


def test_a_later_layer_does_not_change_an_earlier_one() -> None:
    first = Network((4, 5, 3)).unpack(Network((4, 5, 3)).initial())[0][0]
    other = Network((4, 5, 9, 2)).unpack(Network((4, 5, 9, 2)).initial())[0][0]
    assert np.array_equal(first, other)


@pytest.mark.parametrize(
    ("spec", "seed", "message"),
    [
        ("glorot", 0, "did you mean glorot_normal"),
        ("normal:size=2", 0, "unknown option of normal 'size'"),
        ("normal:scale=much", 0, "scale of normal must be a number: 'much' came"),
        ("normal:scale=-1", 0, "scale of normal must be 0 or more: -1 came"),
        ("he_normal:gain=-2", 0, "gain of he_normal must be 0 or more: -2 came"),
        ("zero", -1, "a seed is a whole number from 0 on: -1 came"),
        ("zero", 1.5, "a seed is a whole number from 0 on: 1.5 came"),
    ],
)
def test_errors(spec: str, seed: int, message: str) -> None:
    with pytest.raises(LandscapeError, match=message):
        WIDE.initial(spec, seed)


def test_the_usual_scheme_keeps_the_signal_of_a_deep_network_with_skips() -> None:
    deep = Network((64, *[32] * 21, 10), "relu", skip=True, dtype="float64")
    rows = np.random.default_rng(0).standard_normal((200, 64))

    def growth(scheme: str) -> float:
        trace = deep.trace(deep.initial(scheme, 0), rows)
        return float(trace[-2].activation.std() / trace[0].activation.std())

    assert growth("") < 5
    assert growth("he_normal") > 100
    plain = Network((64, *[32] * 21, 10), "relu")
    np.testing.assert_array_equal(plain.initial("", 3), plain.initial("he_normal", 3))
