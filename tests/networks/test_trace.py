"""What goes through the layers, and units that do not respond, on networks built for it."""

from __future__ import annotations

import numpy as np
import pytest

from landscape.networks import Network
from landscape.networks.trace import SATURATION, LayerTrace
from tests.networks.golden.cases import CASES
from tests.networks.test_gradients import GOLDEN, ours


@pytest.mark.parametrize("name", CASES)
def test_torch(name: str) -> None:
    network = ours(CASES[name])
    flat, rows, targets = (GOLDEN[f"{name}/{key}"] for key in ("flat", "rows", "targets"))
    traces = network.trace(flat, rows, targets)
    assert [trace.layer for trace in traces] == list(range(1, len(network.sizes)))
    assert [trace.width for trace in traces] == list(network.sizes[1:])
    for trace in traces:
        k = trace.layer
        assert trace.preactivation == pytest.approx(GOLDEN[f"{name}/seen{k}"], rel=1e-12)
        assert trace.gradient is not None
        back = GOLDEN[f"{name}/back{k}"]
        assert trace.gradient == pytest.approx(back, rel=1e-11, abs=1e-15)
    assert np.array_equal(traces[-1].activation, traces[-1].preactivation)


def test_without_targets() -> None:
    network = Network((3, 4, 2))
    traces = network.trace(network.initial(), np.ones((5, 3), "float32"))
    assert [trace.gradient for trace in traces] == [None, None]
    assert traces[0].activation == pytest.approx(np.tanh(traces[0].preactivation))
    assert traces[0].preactivation.flags.c_contiguous
    assert traces[0].activation.dtype == np.float32


def test_a_skip_is_not_in_the_activation() -> None:
    network = Network((2, 2, 2, 2), "linear", skip=True, dtype="float64")
    flat = np.zeros(network.count)
    for weights, _ in network.unpack(flat):
        weights[...] = np.eye(2)
    rows = np.array([[1.0, -2.0]])
    first, second, last = network.trace(flat, rows)
    assert first.activation.tolist() == [[1.0, -2.0]]
    assert second.preactivation.tolist() == [[2.0, -4.0]]  # h = x + x
    assert last.preactivation.tolist() == [[4.0, -8.0]]


def one_layer(activation: str, preactivations: list[list[float]]) -> LayerTrace:
    """Return the trace of a hidden layer whose units see just these numbers, a row an example."""
    z = np.array(preactivations)
    network = Network((z.shape[1], z.shape[1], 2), activation, dtype="float64")
    flat = np.zeros(network.count)
    network.unpack(flat)[0][0][...] = np.eye(z.shape[1])
    return network.trace(flat, z)[0]


def test_dead_relu_units() -> None:
    #                              never  once   always constant
    trace = one_layer(
        "relu", [[-1.0, -3.0, 2.0, 1.0], [0.0, 1.0, 3.0, 1.0], [-2.0, -1.0, 1.0, 1.0]]
    )
    assert trace.dead.tolist() == [True, False, False, False]
    assert trace.dead_count == 1


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "gelu", "leaky_relu", "linear"])
@pytest.mark.parametrize("z", [0.5, -60.0, 60.0])
def test_a_unit_whose_derivative_is_not_0_is_not_dead(activation: str, z: float) -> None:
    trace = one_layer(activation, [[z, 0.5], [z, -0.5]])
    assert trace.dead.tolist() == [False, False]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("init", ["normal:scale=0.0001", "normal:scale=1", "zero"])
def test_what_is_dead_does_not_depend_on_the_precision(activation: str, init: str) -> None:
    counts = []
    for dtype in ("float32", "float64"):
        network = Network((10, 30, 30, 30, 3), activation, dtype=dtype)
        rows = np.random.default_rng(0).normal(size=(40, 10)).astype(dtype)
        flat = network.initial(init, 3)
        counts.append([trace.dead_count for trace in network.trace(flat, rows)])
    assert counts[0] == counts[1]
    assert activation == "relu" or not any(counts[0])


def test_units_of_zero_weights_are_alike() -> None:
    rows = np.random.default_rng(0).normal(size=(20, 4)).astype("float32")
    for activation, dead in (("tanh", [0, 0, 0]), ("relu", [6, 5, 0])):
        network = Network((4, 6, 5, 3), activation)
        traces = network.trace(network.initial("zero"), rows, np.arange(20) % 3)
        assert [trace.dead_count for trace in traces] == dead
        assert all(trace.alike for trace in traces)
    traces = Network((4, 6, 5, 3), "tanh").trace(network.initial("he_normal"), rows)
    assert not any(trace.alike for trace in traces)


def test_biases_far_below_kill_relu_units() -> None:
    network = Network((4, 50, 3), "relu")
    rows = np.random.default_rng(0).normal(size=(20, 4)).astype("float32")
    assert network.trace(network.initial("he_normal:bias=-100"), rows)[0].dead_count == 50
    assert network.trace(network.initial("he_normal:bias=100"), rows)[0].dead_count == 0


def test_saturation_of_tanh_and_sigmoid() -> None:
    edge = float(np.arctanh(0.97))
    column = [[0.0], [edge - 1e-6], [-edge + 1e-6], [edge + 1e-6], [-edge - 1e-6], [50.0]]
    assert one_layer("tanh", column).saturated.tolist() == [0.5]
    doubled = [[2 * z for z in row] for row in column]
    assert one_layer("sigmoid", doubled).saturated.tolist() == [0.5]
    assert pytest.approx(1 - 0.97**2) == SATURATION


def test_saturation_of_the_others() -> None:
    column = [[-2.0], [-1.0], [1.0], [2.0]]
    for activation, share in (("relu", 0.5), ("leaky_relu", 0.5), ("linear", 0.0)):
        assert one_layer(activation, column).saturated_share == share
    # f′ of GELU is small where its minimum is, at -0.7518, and far below 0.
    assert one_layer("gelu", [[-6.0], [-0.75], [0.0], [2.0]]).saturated_share == 0.5


def test_counts_of_saturated_units() -> None:
    trace = one_layer("tanh", [[5.0, 5.0, 0.1]] * 9 + [[5.0, 0.2, 0.2]])
    assert trace.saturated.tolist() == [1.0, 0.9, 0.0]
    assert trace.saturated_count() == 1
    assert trace.saturated_count(0.9) == 2
    assert trace.saturated_share == pytest.approx(1.9 / 3)


def test_glorot_keeps_signals_and_gradients_and_a_small_scale_does_not() -> None:
    # Glorot & Bengio 2010: with their variance pre-activations and gradients keep their size.
    network = Network((100, *[100] * 8, 10), "tanh", dtype="float64")
    rows = np.random.default_rng(0).normal(size=(400, 100)) * 0.5
    y = np.arange(400) % 10

    def ratios(scheme: str) -> tuple[float, float]:
        traces = network.trace(network.initial(scheme, seed=1), rows, y)
        signals = [float(trace.activation.std()) for trace in traces[:-1]]
        assert traces[0].gradient is not None
        assert traces[-2].gradient is not None
        return signals[-1] / signals[0], float(traces[0].gradient.std() / traces[-2].gradient.std())

    forward, back = ratios("glorot_normal")
    assert 0.3 < forward < 1.2
    assert 0.3 < back < 3
    forward, back = ratios("normal:scale=0.01")
    assert forward == pytest.approx(0.1**7, rel=0.5)  # 0.01·√100 = 0.1 a layer
    assert back == pytest.approx(0.1**7, rel=0.5)
