"""Losses and gradients: PyTorch (stored, and live where it is installed), differences, chunks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landscape.networks import ACTIVATIONS, Network
from tests.networks.golden.cases import CASES, Case, inputs, parameters

SMOOTH = ("tanh", "sigmoid", "gelu", "linear")

with np.load(Path(__file__).parent / "golden" / "networks.npz") as stored:
    GOLDEN: dict[str, NDArray[Any]] = dict(stored)


def ours(case: Case, dtype: str = "float64") -> Network:
    return Network(case.sizes, case.activation, case.skip, case.loss, case.l2, dtype)


@pytest.mark.parametrize("name", CASES)
def test_the_stored_inputs_are_those_of_the_cases(name: str) -> None:
    rows, targets = inputs(CASES[name])
    assert np.array_equal(GOLDEN[f"{name}/rows"], rows)
    assert np.array_equal(GOLDEN[f"{name}/targets"], targets)
    assert np.array_equal(GOLDEN[f"{name}/flat"], parameters(CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_torch_float64(name: str) -> None:
    network = ours(CASES[name])
    flat, rows, targets = (GOLDEN[f"{name}/{key}"] for key in ("flat", "rows", "targets"))
    assert network.outputs(flat, rows) == pytest.approx(GOLDEN[f"{name}/outputs"], rel=1e-12)
    loss, gradient = network.value_and_gradient(flat, rows, targets)
    assert loss == pytest.approx(float(GOLDEN[f"{name}/loss"]), rel=1e-14)
    assert network.value(flat, rows, targets) == pytest.approx(loss, rel=1e-14)
    assert gradient == pytest.approx(GOLDEN[f"{name}/gradient"], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", CASES)
def test_torch_float32(name: str) -> None:
    network = ours(CASES[name], "float32")
    flat, rows, targets = (GOLDEN[f"{name}/{key}"] for key in ("flat", "rows", "targets"))
    expected = GOLDEN[f"{name}/gradient"]
    loss, gradient = network.value_and_gradient(flat, rows, targets)
    assert gradient.dtype == np.float32
    assert network.outputs(flat, rows).dtype == np.float32
    assert loss == pytest.approx(float(GOLDEN[f"{name}/loss"]), rel=3e-6)
    assert np.abs(gradient - expected).max() < 3e-6 * np.abs(expected).max()


@pytest.mark.parametrize("name", CASES)
def test_torch_live(name: str) -> None:
    pytest.importorskip("torch")
    from tests.networks.golden.oracle import answers

    case = CASES[name]
    rows, targets = inputs(case, seed=5)
    flat = parameters(case, seed=6)
    expected = answers(case, flat, rows, targets)
    loss, gradient = ours(case).value_and_gradient(flat, rows, targets)
    assert loss == pytest.approx(float(expected["loss"]), rel=1e-13)
    assert gradient == pytest.approx(expected["gradient"], rel=1e-11, abs=1e-14)


def test_the_order_of_the_vector_is_that_of_torch() -> None:
    torch = pytest.importorskip("torch")
    nn = torch.nn
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2))
    flat = nn.utils.parameters_to_vector(model.parameters()).detach().numpy()
    for (weights, biases), linear in zip(
        Network((3, 4, 5, 2)).unpack(flat), model[::2], strict=True
    ):
        assert np.array_equal(weights, linear.weight.detach().numpy())
        assert np.array_equal(biases, linear.bias.detach().numpy())


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, int, bool]:
    width = st.integers(1, 5)
    hidden = draw(
        st.one_of(
            st.lists(width, max_size=4), st.builds(lambda w, n: [w] * n, width, st.integers(2, 6))
        )
    )
    squares = draw(st.booleans())
    outputs = draw(st.integers(1 if squares else 2, 4))
    network = Network(
        (draw(width), *hidden, outputs),
        draw(st.sampled_from(sorted(ACTIVATIONS))),
        skip=draw(st.booleans()),
        loss="squared_error" if squares else "cross_entropy",
        l2=draw(st.sampled_from([0.0, 0.3])),
        dtype="float64",
    )
    return network, draw(st.integers(0, 2**32 - 1)), draw(st.booleans())


def example(
    network: Network, seed: int, labels: bool, rows: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return parameters, examples and targets."""
    draw = np.random.default_rng(seed)
    flat = draw.normal(size=network.count)
    examples = draw.normal(size=(rows, network.sizes[0]))
    outputs = network.sizes[-1]
    if network.loss == "cross_entropy" or (labels and outputs > 1):
        return flat, examples, draw.integers(0, outputs, rows)
    return flat, examples, draw.normal(size=(rows, outputs))


def far_from_kinks(network: Network, flat: NDArray[Any], examples: NDArray[Any]) -> bool:
    """Whether no unit changes sides within the differences."""
    layers = network.trace(flat, examples)[:-1]
    return all(np.abs(layer.preactivation).min() > 1e-2 for layer in layers)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_gradients_against_differences(drawn: tuple[Network, int, bool]) -> None:
    network, seed, labels = drawn
    flat, examples, y = example(network, seed, labels, rows=3)
    smooth = network.activation in SMOOTH or far_from_kinks(network, flat, examples)
    loss, gradient = network.value_and_gradient(flat, examples, y)
    assert network.value(flat, examples, y) == pytest.approx(loss, rel=1e-13)
    if not smooth:
        return
    h = 1e-6
    for k in np.random.default_rng(seed).permutation(network.count)[:12]:
        step = np.zeros(network.count)
        step[k] = h
        above, below = (network.value(flat + s * step, examples, y) for s in (1, -1))
        slope = (above - below) / (2 * h)
        size = 1 + abs(loss) + np.abs(gradient).max()
        assert gradient[k] == pytest.approx(slope, abs=1e-7 * size)


@settings(max_examples=40, deadline=None)
@given(networks())
def test_single_precision_agrees_with_double(drawn: tuple[Network, int, bool]) -> None:
    double, seed, labels = drawn
    single = Network(
        double.sizes, double.activation, double.skip, double.loss, double.l2, "float32"
    )
    flat, examples, y = example(double, seed, labels, rows=5)
    flat, examples = flat.astype("float32"), examples.astype("float32")
    if double.activation not in SMOOTH and not far_from_kinks(double, flat, examples):
        return
    expected, exact = double.value_and_gradient(flat, examples, y)
    loss, gradient = single.value_and_gradient(flat, examples, y)
    assert loss == pytest.approx(expected, rel=1e-4)
    assert np.abs(gradient - exact).max() <= 1e-4 * (1 + np.abs(exact).max())


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
def test_chunks_do_not_show(dtype: str, loss: str) -> None:
    network = Network((3, 6, 6, 4), "gelu", skip=True, loss=loss, l2=0.01, dtype=dtype)
    flat, examples, y = example(network, 0, labels=True, rows=41)
    flat, examples = flat.astype(dtype), examples.astype(dtype)
    expected, exact = network.value_and_gradient(flat, examples, y)
    targets = network.targets(y)
    close = 1e-13 if dtype == "float64" else 3e-7
    for rows in (1, 7, 40, 41, 1000):
        evaluator = network.evaluator(rows)
        gradient = np.full(network.count, np.nan, dtype)
        assert evaluator(flat, examples, targets, gradient) == pytest.approx(expected, rel=close)
        assert np.abs(gradient - exact).max() < close * np.abs(exact).max() * 10
        assert evaluator.value(flat, examples, targets) == pytest.approx(expected, rel=close)
        outputs = evaluator.outputs(flat, examples)
        assert outputs == pytest.approx(network.outputs(flat, examples), rel=1e-4, abs=1e-5)


def test_an_evaluator_may_be_used_in_any_order() -> None:
    network = Network((3, 4, 4, 2), "tanh", skip=True, l2=0.1, dtype="float64")
    evaluator = network.evaluator(8)
    for seed, rows in enumerate((8, 3, 8, 20, 1, 3)):
        flat, examples, y = example(network, seed, labels=True, rows=rows)
        expected, exact = network.value_and_gradient(flat, examples, y)
        gradient = np.empty(network.count)
        assert evaluator(flat, examples, y, gradient) == pytest.approx(expected, rel=1e-13)
        assert evaluator.value(flat, examples, y) == pytest.approx(expected, rel=1e-13)
        assert gradient == pytest.approx(exact, rel=1e-10, abs=1e-14)
        # A step in place: the evaluator must see it though the array is the same.
        flat -= 0.5 * exact
        again = network.value(flat, examples, y)
        assert evaluator(flat, examples, y, gradient) == pytest.approx(again, rel=1e-13)
