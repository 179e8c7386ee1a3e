"""Losses on grids and lines, beside PyTorch's, the network's own and themselves."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes import blocks, crew
from landscape.planes.blocks import Problem, Workspace, arithmetic_for
from landscape.planes.engine import losses, losses_on_grid, problem
from tests.planes.cases import blobs, parameters
from tests.planes.golden.make_grid_losses import (
    ACTIVATIONS,
    L2,
    LOSSES,
    SIZES,
    case,
    drawn,
    torch_loss,
)

GOLDEN = Path(__file__).parent / "golden" / "grid_losses.npz"
# float64 is NumPy's arithmetic alone.
KINDS = [("numpy", "float64", 1e-12), ("numpy", "float32", 1e-5), ("numba", "float32", 1e-5)]
ARITHMETICS = pytest.mark.parametrize(("arithmetic", "dtype", "within"), KINDS)
CASES = list(product(ACTIVATIONS, (False, True), LOSSES))


@dataclass(frozen=True)
class Plane:
    origin: Any
    first: Any
    second: Any


def posed(
    network: Network, rows: int = 50, seed: int = 0, reach: float = 0.5
) -> tuple[Any, Any, Plane]:
    """Data and a plane for a network."""
    X, y = blobs(rows, network.sizes[0], max(2, network.sizes[-1]), seed)
    frame = [parameters(network, seed + k) for k in range(3)]
    return X.astype(network.dtype), y, Plane(frame[0], reach * frame[1], reach * frame[2])


def own(network: Network, plane: Plane, a: float, b: float, X: Any, y: Any) -> float:
    theta = plane.origin + a * plane.first + b * plane.second
    return network.value(theta.astype(network.dtype), X, y)


@pytest.mark.parametrize(("activation", "skip", "loss"), CASES)
@ARITHMETICS
def test_losses_are_pytorchs(
    arithmetic: str, dtype: str, within: float, activation: str, skip: bool, loss: str
) -> None:
    network = Network(SIZES, activation=activation, skip=skip, loss=loss, l2=L2, dtype=dtype)
    with np.load(GOLDEN) as golden:
        y = golden["labels" if loss == "cross_entropy" else "targets"]
        found = losses(
            network,
            golden["X"],
            y,
            golden["origin"],
            golden["directions"],
            golden["coordinates"],
            arithmetic=arithmetic,
        )
        expected = golden[case(activation, skip, loss)]
    assert found.done.all()
    np.testing.assert_allclose(found.loss, expected, rtol=within)


@pytest.mark.parametrize(("activation", "skip", "loss"), CASES[::5])
def test_golden_losses_are_what_pytorch_says_now(activation: str, skip: bool, loss: str) -> None:
    pytest.importorskip("torch")
    given = drawn()
    with np.load(GOLDEN) as golden:
        saved = golden[case(activation, skip, loss)]
    for (a, b), expected in zip(given["coordinates"], saved, strict=True):
        theta = given["origin"] + np.array([a, b]) @ given["directions"]
        found = torch_loss(theta, given, activation, skip, loss)
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("sizes", "options"),
    [
        ((3, 8, 3), {}),
        ((3, 3), {"l2": 0.1}),  # no hidden layer
        ((3, 7, 5, 2), {"activation": "relu"}),
        ((3, 3, 3, 3), {"activation": "gelu", "skip": True}),
        ((3, 300, 4), {"activation": "sigmoid"}),  # more than one chunk of rows
        ((3, 6, 3), {"loss": "squared_error"}),  # labels as rows with a single 1
        ((3, 6, 1), {"loss": "squared_error", "activation": "leaky_relu"}),
    ],
)
@ARITHMETICS
def test_loss_and_accuracy_are_the_networks_own(
    arithmetic: str, dtype: str, within: float, sizes: tuple[int, ...], options: dict[str, Any]
) -> None:
    network = Network(sizes, dtype=dtype, **options)
    X, y, plane = posed(network, rows=333)
    coordinates = np.vstack([[0, 0], np.random.default_rng(1).uniform(-2, 2, (5, 2))])
    found = losses(
        network, X, y, plane.origin, [plane.first, plane.second], coordinates, arithmetic=arithmetic
    )
    sharper = min(within, 1e-6)
    assert found.loss[0] == pytest.approx(network.value(plane.origin, X, y), rel=sharper)
    for (a, b), loss, accuracy in zip(coordinates, found.loss, found.accuracy, strict=True):
        theta = (plane.origin + a * plane.first + b * plane.second).astype(dtype)
        assert loss == pytest.approx(network.value(theta, X, y), rel=within)
        # A tie may fall the other way in other arithmetic.
        assert accuracy == pytest.approx(network.accuracy(theta, X, y), abs=1.5 / 333)
    assert 0 < found.accuracy[0] < 1


def test_accuracy_is_nan_where_targets_are_numbers() -> None:
    network = Network((3, 4, 1), loss="squared_error")
    X, y, plane = posed(network)
    for targets in (y.astype(float), y + 5):
        found = losses(network, X, targets, plane.origin, plane.first, [0.0, 1.0])
        assert np.isnan(found.accuracy).all()
        assert np.isfinite(found.loss).all()


@ARITHMETICS
def test_a_grid_that_is_not_square_is_the_right_way_up(
    arithmetic: str, dtype: str, within: float
) -> None:
    network = Network((3, 5, 3), dtype=dtype)
    X, y, plane = posed(network)
    xs, ys = np.linspace(-1, 2, 7), np.linspace(0.5, 3, 4)
    loss, accuracy = losses_on_grid(network, X, y, plane, xs, ys, arithmetic=arithmetic)
    assert loss.shape == accuracy.shape == (4, 7)
    for i, j in product(range(4), range(7)):
        expected = own(network, plane, xs[j], ys[i], X, y)
        assert loss[i, j] == pytest.approx(expected, rel=within)
    assert np.ptp(loss[:, 0]) > 0.01


@ARITHMETICS
def test_a_line_is_the_plane_where_the_other_coordinate_is_zero(
    arithmetic: str, dtype: str, within: float
) -> None:
    network = Network((3, 5, 3), dtype=dtype)
    X, y, plane = posed(network)
    ts = np.linspace(-1, 1, 9)
    line = losses(network, X, y, plane.origin, plane.first, ts, arithmetic=arithmetic)
    both = [plane.first, plane.second]
    pairs = np.stack([ts, 0 * ts], axis=1)
    flat = losses(network, X, y, plane.origin, both, pairs, arithmetic=arithmetic)
    np.testing.assert_array_equal(line.loss, flat.loss)
    column = losses(network, X, y, plane.origin, [plane.first], ts[:, None], arithmetic=arithmetic)
    np.testing.assert_array_equal(line.loss, column.loss)


@ARITHMETICS
@pytest.mark.parametrize("loss", LOSSES)
def test_cells_that_overflow_are_not_hidden_and_leave_the_others_alone(
    arithmetic: str, dtype: str, within: float, loss: str
) -> None:
    network = Network((3, 6, 6, 3), activation="relu", loss=loss, dtype=dtype)
    X, y, plane = posed(network)
    far = 1e30 if dtype == "float32" else 1e130
    a = np.array([0.5, far, -0.5, math.nan, 1.0, math.inf, 0.0])
    found = losses(
        network, X, y, plane.origin, [plane.first, plane.second], np.stack([a, a / 2], axis=1),
        arithmetic=arithmetic,
    )  # fmt: skip
    for place, loss_found in zip(a, found.loss, strict=True):
        with np.errstate(all="ignore"):
            expected = own(network, plane, place, place / 2, X, y)
        assert loss_found == pytest.approx(expected, rel=within, nan_ok=True)
    np.testing.assert_array_equal(
        np.isfinite(found.loss), [True, False, True, False, True, False, True]
    )


@ARITHMETICS
def test_any_number_of_threads_gives_the_same_bits(
    arithmetic: str, dtype: str, within: float
) -> None:
    network = Network((3, 40, 40, 3), dtype=dtype, l2=0.01)
    X, y, plane = posed(network, rows=700)
    xs = np.linspace(-1, 1, 13)
    found = [
        losses_on_grid(network, X, y, plane, xs, xs, arithmetic=arithmetic, threads=threads)
        for threads in (1, 2, 3, 17)
    ]
    for loss, accuracy in found[1:]:
        np.testing.assert_array_equal(loss, found[0][0])
        np.testing.assert_array_equal(accuracy, found[0][1])


@ARITHMETICS
def test_a_cell_does_not_depend_on_the_cells_beside_it(
    arithmetic: str, dtype: str, within: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network((3, 9, 9, 3), skip=True, dtype=dtype)
    X, y, plane = posed(network, rows=300)
    coordinates = np.random.default_rng(2).uniform(-1, 1, (40, 2))

    def run(chosen: Any) -> Any:
        directions = [plane.first, plane.second]
        given = coordinates[chosen]
        return losses(network, X, y, plane.origin, directions, given, arithmetic=arithmetic).loss

    everything = run(slice(None))
    np.testing.assert_array_equal(run(slice(None, None, 3)), everything[::3])
    np.testing.assert_array_equal(run(slice(5, 6)), everything[5:6])
    np.testing.assert_array_equal(run(slice(None, None, -1)), everything[::-1])
    monkeypatch.setattr(blocks, "_HELD_BYTES", 0)  # the first layer's parts computed each time
    np.testing.assert_array_equal(run(slice(None)), everything)


def test_progress_rises_to_the_number_of_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_REPORT_AFTER", 0.0)
    network = Network((3, 60, 3))
    X, y, plane = posed(network, rows=400)
    told: list[tuple[int, int]] = []
    xs = np.linspace(-1, 1, 20)
    losses_on_grid(network, X, y, plane, xs, xs[:11], progress=lambda *both: told.append(both))
    done = [count for count, _ in told]
    assert {total for _, total in told} == {220}
    assert done[0] == 0
    assert done[-1] == 220
    assert done == sorted(set(done))
    assert len(done) > 3


def test_work_that_is_cancelled_says_which_cells_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_REPORT_AFTER", 0.0)
    network = Network((3, 60, 3))
    X, y, plane = posed(network, rows=400)
    ts = np.linspace(-1, 1, 500)
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) == 3

    found = losses(network, X, y, plane.origin, plane.first, ts, cancelled=cancelled)
    whole = losses(network, X, y, plane.origin, plane.first, ts)
    assert 0 < found.done.sum() < 500
    assert np.isnan(found.loss[~found.done]).all()
    np.testing.assert_array_equal(found.loss[found.done], whole.loss[found.done])
    assert len(asked) == 3


def test_an_interrupt_ends_the_threads_and_gives_blas_its_threads_back() -> None:
    def blas() -> list[int]:
        return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]

    network = Network((3, 60, 3))
    X, y, plane = posed(network, rows=400)
    before, running = blas(), threading.active_count()

    def progress(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        losses(network, X, y, plane.origin, plane.first, np.linspace(0, 1, 5000), progress=progress)
    assert threading.active_count() == running
    assert blas() == before


def test_an_error_in_a_thread_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Problem, coordinates: Any, space: Workspace) -> Any:
        raise MemoryError("no buffers left")

    monkeypatch.setattr(Problem, "evaluate", broken)
    network = Network((3, 4, 3))
    X, y, plane = posed(network)
    with pytest.raises(MemoryError, match="no buffers left"):
        losses(network, X, y, plane.origin, plane.first, [0.0, 1.0])


def test_no_cells_are_no_work() -> None:
    network = Network((3, 4, 3))
    X, y, plane = posed(network)
    found = losses(network, X, y, plane.origin, plane.first, [])
    assert found.loss.shape == found.done.shape == (0,)


def test_large_work_is_compiled_and_double_precision_never() -> None:
    network = Network((2, 64, 64, 2))
    assert arithmetic_for(network, 1000, 51 * 51) == "numba"
    assert arithmetic_for(network, 1000, 51) == "numpy"
    assert arithmetic_for(Network((2, 64, 64, 2), dtype="float64"), 1000, 51 * 51) == "numpy"


def test_buffers_of_a_wide_network_on_many_rows_stay_small() -> None:
    network = Network((10, 2000, 2000, 10))
    X, y = np.zeros((30_000, 10), np.float32), np.zeros(30_000, int)
    origin = np.zeros(network.count)
    space = Workspace(problem(network, X, y, origin, [origin, origin], 100))
    assert space.buffers.signals.nbytes < 30e6
    assert space.buffers.parameters.nbytes < 20e6


ORIGIN = np.zeros(Network((3, 4, 3)).count)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"X": np.zeros((5, 2))}, r"reads examples of shape \(rows, 3\): an array of shape \(5, 2"),
        ({"X": np.zeros((0, 3)), "y": []}, r"shape \(0, 3\) came"),
        ({"y": np.zeros(4, int)}, "5 examples and 4 targets came"),
        ({"y": np.full(5, 3)}, "labels are 0 to 2"),
        ({"origin": ORIGIN[1:]}, r"has 31 parameters: an origin of shape \(30,\) came"),
        ({"directions": np.zeros((3, 31))}, r"one or two directions .*\(3, 31\) came"),
        ({"directions": np.zeros((2, 30))}, r"one or two directions .*\(2, 30\) came"),
        ({"coordinates": np.zeros((4, 3))}, r"shape \(cells, 2\) were wanted .*\(4, 3\) came"),
        ({"coordinates": np.zeros(4)}, r"shape \(cells, 2\) were wanted"),
        ({"threads": 0}, "threads must be 1 or more: 0 came"),
        ({"arithmetic": "nunpy"}, "did you mean numpy"),
        ({"network": Network((3, 4, 3), dtype="float64"), "arithmetic": "numba"}, "take numpy"),
    ],
)
def test_input_that_does_not_fit_is_named(changed: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "network": Network((3, 4, 3)),
        "X": np.zeros((5, 3)),
        "y": np.zeros(5, int),
        "origin": ORIGIN,
        "directions": np.ones((2, 31)),
        "coordinates": np.zeros((4, 2)),
    } | changed
    with pytest.raises(LandscapeError, match=message) as caught:
        losses(**given)
    assert "\n" not in str(caught.value)
