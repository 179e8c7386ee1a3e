"""The network as a whole: its vector, its losses' closed forms, memory, words and errors."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks import Block, Network


def test_blocks() -> None:
    network = Network((4, 3, 2))
    assert network.blocks == (
        Block("W1", 0, (3, 4), 1),
        Block("b1", 12, (3,), 1),
        Block("W2", 15, (2, 3), 2),
        Block("b2", 21, (2,), 2),
    )
    assert network.count == 23
    assert [block.slice for block in network.blocks] == [
        slice(0, 12),
        slice(12, 15),
        slice(15, 21),
        slice(21, 23),
    ]


def test_unpacked_parts_are_views() -> None:
    network = Network((4, 3, 2))
    flat = np.arange(23, dtype="float32")
    (w1, b1), (w2, b2) = network.unpack(flat)
    assert w1[1].tolist() == [4, 5, 6, 7]
    assert (b1.tolist(), w2[1].tolist(), b2.tolist()) == ([12, 13, 14], [18, 19, 20], [21, 22])
    w2[1, 2] = -1
    assert flat[20] == -1


def test_skips() -> None:
    assert Network((3, 3, 4, 4, 4), skip=True).skips == (True, False, True)
    assert Network((3, 3, 4, 4, 4)).skips == (False, False, False)


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (Network((64, 32, 10)), "64-32-10 tanh"),
        (Network((2, *[64] * 20, 2), "relu", skip=True), "2-(20x64 skip)-2 relu"),
        (Network((2, *[64] * 20, 2), "relu"), "2-(20x64)-2 relu"),
        (Network((2, 64, 64, 2), "gelu", skip=True), "2-64-64-2 gelu skip"),
        (Network((2, 64, 32, 2), "gelu", skip=True), "2-64-32-2 gelu"),
        (Network((4, 8, 8, 8, 5, 3), l2=1e-3), "4-(3x8)-5-3 tanh, l2=0.001"),
        (Network((4, 1), loss="squared_error"), "4-1 linear, squared error"),
    ],
)
def test_describe(network: Network, words: str) -> None:
    assert network.describe() == words


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("classes", [2, 3, 10, 1000])
def test_zero_weights_lose_log_k(dtype: str, classes: int) -> None:
    network = Network((5, 7, classes), dtype=dtype)
    rows = np.random.default_rng(0).normal(size=(37, 5))
    y = np.arange(37) % classes
    loss, gradient = network.value_and_gradient(network.initial("zero"), rows, y)
    assert loss == pytest.approx(math.log(classes), rel=1e-15, abs=0)
    # Only the output's biases feel a force: 1/K minus the share of each class.
    shares = np.bincount(y, minlength=classes) / 37
    assert gradient[-classes:] == pytest.approx(1 / classes - shares, abs=1e-7)
    assert not gradient[:-classes].any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_huge_logits_do_not_overflow(dtype: str) -> None:
    network = Network((1, 2), dtype=dtype)
    flat = np.array([1e5, -1e5, 0.0, 0.0], dtype)
    rows, y = np.array([[1.0], [-1.0], [1.0]], dtype), [0, 1, 1]
    loss, gradient = network.value_and_gradient(flat, rows, y)
    assert loss == pytest.approx(2e5 / 3, rel=1e-6)
    assert gradient == pytest.approx([1 / 3, -1 / 3, 1 / 3, -1 / 3], rel=1e-6)
    assert network.value(flat, rows[:2], y[:2]) == 0.0
    assert network.accuracy(flat, rows, y) == pytest.approx(2 / 3)


def test_an_overflow_is_no_warning_but_nan() -> None:
    network = Network((2, 3, 2), "relu")
    flat = np.full(network.count, 1e30, "float32")
    assert math.isnan(network.value(flat, np.ones((4, 2)), [0, 1, 0, 1]))
    loss, gradient = network.value_and_gradient(flat, np.ones((4, 2)), [0, 1, 0, 1])
    assert math.isnan(loss)
    assert gradient.shape == (network.count,)
    assert network.hessian_product(flat, flat, np.ones((4, 2)), [0, 1, 0, 1]).shape == flat.shape
    assert len(network.trace(flat, np.ones((4, 2)), [0, 1, 0, 1])) == 2


def test_squared_error_is_the_mean_over_rows_and_outputs() -> None:
    network = Network((2, 3), "linear", loss="squared_error", dtype="float64")
    flat = np.array([1, 0, 0, 1, 1, 1, 0.5, 0, 0], float)
    rows, y = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    outputs = [[1.5, 2, 3], [0.5, -1, -1]]
    assert network.outputs(flat, rows).tolist() == outputs
    assert network.value(flat, rows, y) == pytest.approx((0.25 + 1 + 4 + 0.25 + 1 + 1) / 6)
    assert network.value(flat, rows, [1, 2]) == pytest.approx(
        (2.25 + 1 + 9 + 0.25 + 1 + 4) / 6  # the labels as (0, 1, 0) and (0, 0, 1)
    )


def test_l2_is_on_weights_alone() -> None:
    plain = Network((2, 3, 2), dtype="float64")
    network = replace(plain, l2=0.4)
    flat, rows = plain.initial("normal:scale=1,bias=5"), np.ones((3, 2))
    weights = sum(float((w**2).sum()) for w, _ in plain.unpack(flat))
    loss, gradient = plain.value_and_gradient(flat, rows, [0, 1, 1])
    penalised, pulled = network.value_and_gradient(flat, rows, [0, 1, 1])
    assert penalised == pytest.approx(loss + 0.2 * weights)
    for (w, _), (dw, db) in zip(
        network.unpack(flat), network.unpack(pulled - gradient), strict=True
    ):
        assert dw == pytest.approx(0.4 * w)
        assert not db.any()


def test_a_relu_network_rescaled_layer_against_layer_is_the_same() -> None:
    network = Network((4, 6, 3), "relu", dtype="float64")
    flat = network.initial("he_normal:bias=0.1")
    rows = np.random.default_rng(0).normal(size=(9, 4))
    scaled = flat.copy()
    (w1, b1), (w2, _) = network.unpack(scaled)
    w1 *= 4
    b1 *= 4
    w2 /= 4
    assert network.outputs(scaled, rows) == pytest.approx(network.outputs(flat, rows), rel=1e-13)


def test_accuracy() -> None:
    network = Network((1, 3), "linear")
    flat = np.array([1, 0, -1, 0, 0.5, 0], "float32")
    rows = np.array([[2.0], [0.1], [-2.0], [3.0]])
    assert network.accuracy(flat, rows, [0, 1, 2, 1]) == 0.75
    assert network.accuracy(flat, rows, np.array([0, 1, 2, 0], "uint8")) == 1.0
    single = Network((1, 1), "linear", loss="squared_error")
    flat = np.array([0.5, 0.5], "float32")
    rows = np.array([[1.0], [-1.0], [0.5]])
    assert single.accuracy(flat, rows, [1, 0, 0]) == pytest.approx(2 / 3)
    assert single.accuracy(flat, rows, np.array([True, False, True])) == 1.0
    assert math.isnan(single.accuracy(flat, rows, [1.0, 0.0, 0.3]))
    assert math.isnan(single.accuracy(flat, rows, [1, 0, 7]))
    several = Network((1, 2), loss="squared_error")
    assert math.isnan(several.accuracy(np.zeros(4), rows, np.zeros((3, 2))))


def test_targets_are_made_once() -> None:
    labels = np.array([0, 2, 1])
    assert Network((2, 3)).targets(labels) is labels
    assert Network((2, 3)).targets(labels.astype("uint8")).dtype == np.intp
    squares = Network((2, 3), loss="squared_error")
    made = squares.targets(labels)
    assert made.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert made.dtype == np.float32
    assert squares.targets(made).base is made or squares.targets(made) is made
    assert Network((2, 1), loss="squared_error").targets([0.5, 1]).tolist() == [[0.5], [1.0]]


def test_inputs_of_any_kind_of_number() -> None:
    network = Network((2, 3, 2), dtype="float64")
    flat = network.initial()
    rows = np.array([[1, 2], [3, -1], [0, 5]])
    expected = network.value(flat, rows.astype(float), np.array([0, 1, 1]))
    assert network.value(flat, np.asfortranarray(rows), [0, 1, 1]) == expected
    assert network.value(flat, np.repeat(rows, 2, axis=1)[:, ::2], [0, 1, 1]) == expected
    assert network.value(flat.tolist(), rows.tolist(), (0, 1, 1)) == expected


def test_memory_does_not_grow_with_the_rows() -> None:
    network = Network((8, 64, 64, 3), "relu", skip=True)
    flat = network.initial()
    rows = np.random.default_rng(0).normal(size=(40_000, 8)).astype("float32")
    y = np.arange(len(rows)) % 3
    peaks = []
    for work in (
        lambda: network.value(flat, rows, y),
        lambda: network.value_and_gradient(flat, rows, y),
        lambda: network.hessian_product(flat, flat, rows, y),
        lambda: network.accuracy(flat, rows, y),
    ):
        tracemalloc.start()
        work()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 5e6  # one layer of all rows is 10 MB


GOOD: dict[str, Any] = {"sizes": (4, 3, 2)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": (4,)}, r"sizes are whole numbers .* such as \(64, 32, 10\): \(4,\) came"),
        ({"sizes": (4, 0, 2)}, "sizes are whole numbers"),
        ({"sizes": (4, 2.5, 2)}, "sizes are whole numbers"),
        ({"sizes": "432"}, "sizes are whole numbers"),
        ({"sizes": 7}, "sizes are whole numbers"),
        ({"activation": "Relu"}, "unknown activation 'Relu': did you mean relu"),
        ({"loss": "crossentropy"}, "did you mean cross_entropy"),
        ({"loss": "mse"}, "choose from cross_entropy, squared_error"),
        ({"dtype": "float16"}, "did you mean"),
        ({"l2": -1.0}, "l2 must be a number from 0 on: -1.0 came"),
        ({"l2": math.nan}, "l2 must be a number from 0 on: nan came"),
        ({"l2": "much"}, "l2 must be a number from 0 on: 'much' came"),
        ({"sizes": (4, 1)}, "an output for each class: 1 output came"),
    ],
)
def test_errors_of_networks(change: dict[str, Any], message: str) -> None:
    with pytest.raises(LandscapeError, match=message) as caught:
        Network(**{**GOOD, **change})
    assert "\n" not in str(caught.value)


FLAT, ROWS, LABELS = np.zeros(23), np.zeros((5, 4)), np.zeros(5, int)


@pytest.mark.parametrize(
    ("loss", "flat", "rows", "y", "message"),
    [
        ("cross_entropy", np.zeros(22), ROWS, LABELS, "4-3-2 network has 23 parameters .*(22,)"),
        ("cross_entropy", FLAT, ROWS[:, :3], LABELS, r"shape \(rows, 4\): .*\(5, 3\) came"),
        ("cross_entropy", FLAT, ROWS[0], LABELS, r"shape \(rows, 4\): .*\(4,\) came"),
        ("cross_entropy", FLAT, ROWS[:0], LABELS, r"\(0, 4\) came"),
        ("cross_entropy", FLAT, [["a"] * 4], LABELS, "examples must be an array of numbers"),
        ("cross_entropy", FLAT, ROWS, LABELS[:4], "5 examples and 4 targets came"),
        ("cross_entropy", FLAT, ROWS, LABELS + 2, "labels are 0 to 1: 2 to 2 came"),
        ("cross_entropy", FLAT, ROWS, LABELS - 1, "labels are 0 to 1: -1 to -1 came"),
        ("cross_entropy", FLAT, ROWS, np.zeros(5), "needs whole labels .* float64 of shape"),
        ("cross_entropy", FLAT, ROWS, 3, r"whole labels of shape \(rows,\): int64 of shape \(\)"),
        ("squared_error", FLAT, ROWS, np.zeros(5), r"2 outputs need targets of shape \(rows, 2\)"),
        ("squared_error", FLAT, ROWS, np.zeros((5, 3)), r"\(rows, 2\): float64 of shape \(5, 3\)"),
        ("squared_error", FLAT, ROWS, ["a"] * 5, "targets"),
        ("squared_error", FLAT, ROWS, LABELS + 2, "labels are 0 to 1"),
    ],
)
def test_errors_of_arrays(loss: str, flat: Any, rows: Any, y: Any, message: str) -> None:
    network = Network((4, 3, 2), loss=loss)
    for method in (
        network.value,
        network.value_and_gradient,
        network.accuracy,
        network.trace,
        network.hessian_operator,
    ):
        with pytest.raises(LandscapeError, match=message) as caught:
            method(flat, rows, y)
        assert "\n" not in str(caught.value)


def test_errors_of_others() -> None:
    network = Network((4, 3, 2))
    with pytest.raises(LandscapeError, match="room for 1 row or more: 0 came"):
        network.evaluator(0)
    with pytest.raises(LandscapeError, match="23 parameters"):
        network.hessian_product(FLAT, np.zeros(3), ROWS, LABELS)
    with pytest.raises(LandscapeError, match="23 parameters"):
        network.outputs(np.zeros((1, 23)), ROWS)
