"""Hessian-vector products: PyTorch's dense Hessians, differences, closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from landscape.networks import Network, hessian
from tests.networks.golden.cases import CASES, inputs, parameters
from tests.networks.test_gradients import (
    GOLDEN,
    SMOOTH,
    example,
    far_from_kinks,
    networks,
    ours,
)


def dense(
    network: Network, flat: NDArray[Any], rows: NDArray[Any], y: NDArray[Any]
) -> NDArray[Any]:
    operator = network.hessian_operator(flat, rows, y)
    return np.array([operator(e) for e in np.eye(network.count, dtype=network.dtype)])


@pytest.mark.parametrize("name", CASES)
def test_torch_float64(name: str) -> None:
    network, expected = ours(CASES[name]), GOLDEN[f"{name}/hessian"]
    flat, rows, targets = (GOLDEN[f"{name}/{key}"] for key in ("flat", "rows", "targets"))
    found = dense(network, flat, rows, targets)
    assert np.abs(found - expected).max() < 1e-13 * np.abs(expected).max()
    vector = np.random.default_rng(3).normal(size=network.count)
    product = network.hessian_product(flat, vector, rows, targets)
    assert product == pytest.approx(expected @ vector, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_torch_float32(name: str) -> None:
    expected = GOLDEN[f"{name}/hessian"]
    flat, rows, targets = (GOLDEN[f"{name}/{key}"] for key in ("flat", "rows", "targets"))
    found = dense(ours(CASES[name], "float32"), flat, rows, targets)
    assert found.dtype == np.float32
    assert np.abs(found - expected).max() < 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("name", ["skip-tanh", "gelu", "squares-column"])
def test_torch_live(name: str) -> None:
    pytest.importorskip("torch")
    from tests.networks.golden import oracle

    case = CASES[name]
    rows, targets = inputs(case, seed=8)
    flat = parameters(case, seed=9)
    expected = oracle.hessian(case, flat, rows, targets)
    found = dense(ours(case), flat, rows, targets)
    assert np.abs(found - expected).max() < 1e-13 * np.abs(expected).max()


@settings(max_examples=60, deadline=None)
@given(networks())
def test_against_differences_of_gradients(drawn: tuple[Network, int, bool]) -> None:
    network, seed, labels = drawn
    flat, examples, y = example(network, seed, labels, rows=3)
    vector = np.random.default_rng(seed + 1).normal(size=network.count)
    vector /= np.linalg.norm(vector)
    product = network.hessian_product(flat, vector, examples, y)
    other = np.random.default_rng(seed + 2).normal(size=network.count)
    backwards = network.hessian_product(flat, other, examples, y)
    size = 1 + np.abs(product).max() + np.abs(backwards).max()
    assert other @ product == pytest.approx(vector @ backwards, abs=1e-10 * size)
    if network.activation in SMOOTH or far_from_kinks(network, flat, examples):
        h = 1e-6
        above, below = (
            network.value_and_gradient(flat + s * h * vector, examples, y)[1] for s in (1, -1)
        )
        size += np.abs(above).max()
        assert product == pytest.approx((above - below) / (2 * h), abs=1e-6 * size)


def test_linear_least_squares() -> None:
    network = Network((3, 1), loss="squared_error", dtype="float64")
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(50, 3))
    columns = np.column_stack([rows, np.ones(50)])
    found = dense(network, draw.normal(size=4), rows, draw.normal(size=50))
    assert found == pytest.approx(2 / 50 * columns.T @ columns, rel=1e-13)


def test_softmax_regression_at_zero() -> None:
    network = Network((2, 3), l2=0.5, dtype="float64")
    rows = np.random.default_rng(0).normal(size=(20, 2))
    found = dense(network, np.zeros(9), rows, np.arange(20) % 3)
    jacobian = np.eye(3) / 3 - np.full((3, 3), 1 / 9)
    weights = np.kron(jacobian, rows.T @ rows / 20) + 0.5 * np.eye(6)
    assert found[:6, :6] == pytest.approx(weights, rel=1e-12)
    assert found[6:, 6:] == pytest.approx(jacobian, rel=1e-12)


@pytest.mark.parametrize("kept", [True, False])
def test_chunks_do_not_show(kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network((3, 200, 200, 4), "tanh", skip=True, l2=0.1, dtype="float64")
    rows = 2 * network.layout.chunk + 5
    flat, examples, y = example(network, 0, labels=True, rows=rows)
    flat *= 0.1
    vector = np.random.default_rng(1).normal(size=network.count)
    parts = [slice(0, 30), slice(30, 31), slice(31, rows)]
    plain = Network(network.sizes, "tanh", skip=True, dtype="float64")
    expected = 0.1 * vector
    for block in network.blocks:
        if block.name.startswith("b"):
            expected[block.slice] = 0.0
    for part in parts:
        share = len(y[part]) / rows
        expected += share * plain.hessian_product(flat, vector, examples[part], y[part])
    if not kept:
        monkeypatch.setattr(hessian, "_KEPT_BYTES", 0)
    operator = network.hessian_operator(flat, examples, y)
    for _ in range(2):  # a product leaves nothing behind
        assert np.abs(operator(vector) - expected).max() < 1e-12 * np.abs(expected).max()


def test_an_operator_keeps_its_point() -> None:
    network = Network((3, 4, 2), dtype="float64")
    flat, examples, y = example(network, 0, labels=True, rows=9)
    vector = np.ones(network.count)
    operator = network.hessian_operator(flat, examples, y)
    before = operator(vector)
    flat += 1.0
    assert np.array_equal(operator(vector), before)
