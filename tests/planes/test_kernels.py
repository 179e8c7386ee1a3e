"""The two arithmetics of a block, beside exact functions and beside each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from landscape.planes import kernels, plain
from landscape.planes.plain import KINDS

MODULES = pytest.mark.parametrize("steps", [plain, kernels], ids=["numpy", "numba"])

EXACT: dict[str, Any] = {
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: max(z, 0.01 * z),
    "gelu": lambda z: z * 0.5 * math.erfc(-z / math.sqrt(2)),
    "linear": lambda z: z,
}
# The errors that the module states.
ERRORS = {
    "tanh": 4e-7,
    "sigmoid": 3e-7,
    "gelu": 5e-7,
    "relu": 0.0,
    "leaky_relu": 1e-7,
    "linear": 0.0,
}


def activated(steps: Any, name: str, z: Any) -> Any:
    block = np.array(z, np.float32).reshape(1, 1, -1)
    with np.errstate(all="ignore"):  # as the engine calls it
        steps.layer(block, np.zeros((1, 1), np.float32), KINDS.index(name), block[:0])
    return block.ravel()


@MODULES
@pytest.mark.parametrize("name", KINDS)
def test_activations_are_within_the_stated_error_of_the_exact_ones(steps: Any, name: str) -> None:
    dense = np.linspace(-12, 12, 40_001)
    far = np.concatenate([-np.logspace(1, 30, 59), np.logspace(1, 30, 59), [0.0]])
    small = np.concatenate([np.logspace(-30, -1, 59), -np.logspace(-30, -1, 59)])
    z = np.concatenate([dense, far, small]).astype(np.float32)
    exact = np.array([EXACT[name](float(one)) for one in z])
    scale = 1.0 if name in ("tanh", "sigmoid") else np.maximum(1.0, np.abs(z))
    assert np.max(np.abs(activated(steps, name, z) - exact) / scale) <= ERRORS[name]


@MODULES
def test_tanh_keeps_small_numbers_to_their_last_digits(steps: Any) -> None:
    z = np.logspace(-30, -2, 200).astype(np.float32)
    exact = np.tanh(z.astype(np.float64))
    assert np.max(np.abs(activated(steps, "tanh", z) / exact - 1)) <= 4e-7


@MODULES
@pytest.mark.parametrize("name", KINDS)
def test_nan_stays_nan_and_infinities_go_where_they_belong(steps: Any, name: str) -> None:
    found = activated(steps, name, [math.nan, math.inf, -math.inf])
    ends = {"tanh": (1, -1), "sigmoid": (1, 0), "relu": (math.inf, 0)}
    high, low = ends.get(name, (math.inf, math.nan if name == "gelu" else -math.inf))
    np.testing.assert_allclose(found, [math.nan, high, low], rtol=3e-7)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("skip", [False, True])
def test_layers_of_both_arithmetics_agree(name: str, skip: bool) -> None:
    draw = np.random.default_rng(3)
    parts = draw.normal(size=(3, 5, 33)).astype(np.float32)
    a, b = draw.normal(size=(2, 4))
    inputs = draw.normal(size=(5 * skip, 33)).astype(np.float32)
    bias = draw.normal(size=(4, 5)).astype(np.float32)
    found = []
    for steps in (plain, kernels):
        first = np.empty((4, 5, 33), np.float32)
        steps.first_layer(parts[0], parts[1], parts[2], a, b, KINDS.index(name), inputs, first)
        then = np.ascontiguousarray(first[:, ::-1])
        steps.layer(then, bias, KINDS.index(name), first if skip else first[:0])
        found.append(np.stack([first, then]))
    np.testing.assert_allclose(found[0], found[1], atol=3e-6)
    assert np.ptp(found[0]) > 0.1


def test_first_layer_is_affine_in_the_coordinates() -> None:
    draw = np.random.default_rng(4)
    parts = draw.normal(size=(3, 2, 7))
    a, b = draw.normal(size=(2, 3))
    out = np.empty((3, 2, 7))
    kind = KINDS.index("linear")
    plain.first_layer(parts[0], parts[1], parts[2], a, b, kind, parts[0][:0], out)
    for c in range(3):
        np.testing.assert_allclose(out[c], parts[0] + a[c] * parts[1] + b[c] * parts[2])


@MODULES
def test_blend_rounds_the_exact_parameters_once(steps: Any) -> None:
    draw = np.random.default_rng(5)
    origin, first, second = draw.normal(size=(3, 50))
    a, b = draw.normal(size=(2, 6))
    out = np.empty((6, 50), np.float32)
    steps.blend(origin, first, second, a, b, out)
    exact = origin + a[:, None] * first + b[:, None] * second
    assert np.all(np.abs(out - exact) <= np.abs(exact) * 2**-24 * (1 + 1e-6))


def cross_entropies(z: Any, labels: Any) -> Any:
    """The summed loss of each cell, by mathematics on doubles."""
    z = np.asarray(z, np.float64)
    top = z.max(axis=1)
    total = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
    return (total - z[:, labels, np.arange(z.shape[2])]).sum(axis=1)


@MODULES
@pytest.mark.parametrize("classes", [2, 3, 10, 300])
def test_cross_entropy_sums_the_rows_of_each_cell(steps: Any, classes: int) -> None:
    draw = np.random.default_rng(classes)
    z = (4 * draw.normal(size=(3, classes, 500))).astype(np.float32)
    bias = draw.normal(size=(3, classes)).astype(np.float32)
    labels = draw.integers(0, classes, 500)
    logits = z + bias[:, :, None]
    loss, right = np.full(3, 7.0), np.full(3, 11)
    steps.cross_entropy(z.copy(), bias, labels, loss, right)
    np.testing.assert_allclose(loss - 7, cross_entropies(logits, labels), rtol=2e-7)
    np.testing.assert_array_equal(right - 11, (logits.argmax(axis=1) == labels).sum(axis=1))


def test_cross_entropy_of_a_sure_answer_keeps_its_digits() -> None:
    for off in np.linspace(0.0, 30.0, 61, dtype=np.float32):
        z = np.array([[[off], [0.0]]], np.float32)
        loss, right = np.zeros(1), np.zeros(1, np.int64)
        kernels.cross_entropy(z, np.zeros((1, 2), np.float32), np.zeros(1, np.int64), loss, right)
        # Where e^-off is below the last digit of 1 in doubles there is no more to keep.
        exact = math.log1p(math.exp(-float(off)))
        assert loss[0] == pytest.approx(exact, rel=3e-7, abs=2e-16)


@MODULES
def test_large_logits_neither_overflow_nor_vanish(steps: Any) -> None:
    z = np.array([[[1e30, -1e30, 3e38], [0.0, 1e30, -3e38]]], np.float32)
    loss, right = np.zeros(1), np.zeros(1, np.int64)
    with np.errstate(all="ignore"):
        steps.cross_entropy(z, np.zeros((1, 2), np.float32), np.array([0, 1, 0]), loss, right)
    assert loss[0] == pytest.approx(0.0, abs=1e-30)
    assert right[0] == 3


@MODULES
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_logit_that_is_no_number_makes_only_its_cell_nan(steps: Any, bad: float) -> None:
    z = np.zeros((3, 2, 20), np.float32)
    z[1, 1, 13] = bad
    loss, right = np.zeros(3), np.zeros(3, np.int64)
    with np.errstate(invalid="ignore"):
        steps.cross_entropy(z, np.zeros((3, 2), np.float32), np.zeros(20, np.int64), loss, right)
    np.testing.assert_allclose(loss, [20 * math.log(2), math.nan, 20 * math.log(2)])
    np.testing.assert_array_equal(right, [20, 19, 20])


@MODULES
@pytest.mark.parametrize("outputs", [1, 3])
def test_squared_error_and_its_labels(steps: Any, outputs: int) -> None:
    draw = np.random.default_rng(outputs)
    z = draw.normal(size=(2, outputs, 40)).astype(np.float32)
    bias = draw.normal(size=(2, outputs)).astype(np.float32)
    targets = draw.normal(size=(outputs, 40)).astype(np.float32)
    labels = draw.integers(0, max(2, outputs), 40)
    out = z + bias[:, :, None]
    loss, right = np.zeros(2), np.zeros(2, np.int64)
    steps.squared_error(z.copy(), bias, targets, labels, loss, right)
    exact = ((out.astype(np.float64) - targets) ** 2).sum(axis=(1, 2))
    np.testing.assert_allclose(loss, exact, rtol=3e-7)
    found = out[:, 0] > 0.5 if outputs == 1 else out.argmax(axis=1)
    np.testing.assert_array_equal(right, (found == labels).sum(axis=1))
    none = np.zeros(2, np.int64)
    steps.squared_error(z, bias, targets, labels[:0], loss, none)
    assert not none.any()
