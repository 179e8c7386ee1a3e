"""Training: against a training written out by hand, and what a run promises."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.networks.batches import as_batch, epoch_order, steps_per_epoch
from landscape.networks.datasets import Dataset, dataset, from_arrays
from landscape.networks.loop import Loop
from landscape.networks.measuring import Meter
from landscape.networks.moments import EVERY, measured_steps, snapshot_steps
from landscape.networks.network import Network
from landscape.networks.rates import NETWORK_RATES, network_rule
from landscape.networks.run import Run
from landscape.networks.training import network_for, train, train_all
from landscape.optimizers import RULES
from landscape.optimizers.schedule import find_schedule

Array = NDArray[Any]

MOONS = dataset("moons:rows=125,seed=3", "float64")  # 100 to learn from
NETWORK = network_for(MOONS, (6, 5))


def of_the_same_bytes(first: Run, second: Run) -> bool:
    return all(
        getattr(first, name).tobytes() == getattr(second, name).tobytes()
        for name in ("snapshots", "train_loss", "test_accuracy", "batch_losses", "rates")
    )


# -- a training written out by hand --------------------------------------------------------------


def by_hand(
    data: Dataset, start: Array, batches: list[Array], lr: float, mu: float
) -> tuple[Array, list[float]]:
    """Return the parameters after momentum steps on a 2-6-5-2 tanh network, and batch losses."""
    shapes = [(6, 2), (6,), (5, 6), (5,), (2, 5), (2,)]
    sizes = [math.prod(shape) for shape in shapes]
    parts = np.split(start, np.cumsum(sizes)[:-1])
    W1, b1, W2, b2, W3, b3 = (part.reshape(s) for part, s in zip(parts, shapes, strict=True))
    parameters = [W1.copy(), b1.copy(), W2.copy(), b2.copy(), W3.copy(), b3.copy()]
    velocities = [np.zeros_like(p) for p in parameters]
    losses = []
    for rows in batches:
        W1, b1, W2, b2, W3, b3 = parameters
        X, y = data.X[rows], data.y[rows]
        h1 = np.tanh(X @ W1.T + b1)
        h2 = np.tanh(h1 @ W2.T + b2)
        z = h2 @ W3.T + b3
        share = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        losses.append(float(-np.log(share[np.arange(len(y)), y]).mean()))
        d3 = (share - np.eye(2)[y]) / len(y)
        d2 = (d3 @ W3) * (1 - h2**2)
        d1 = (d2 @ W2) * (1 - h1**2)
        slopes = [d1.T @ X, d1.sum(0), d2.T @ h1, d2.sum(0), d3.T @ h2, d3.sum(0)]
        velocities = [mu * v - lr * d for v, d in zip(velocities, slopes, strict=True)]
        parameters = [p + v for p, v in zip(parameters, velocities, strict=True)]
    return np.concatenate([p.ravel() for p in parameters]), losses


@pytest.mark.parametrize("batch", [32, 100, None])
def test_equals_the_training_by_hand(batch: int | None) -> None:
    run = train(NETWORK, MOONS, "momentum:lr=0.1,mu=0.8", epochs=4, batch=batch, seed=5)
    size = batch or 100
    batches = []
    for epoch in range(4):
        order = epoch_order(100, 5, epoch) if size < 100 else np.arange(100)
        batches += [order[k : k + size] for k in range(0, 100, size)]
    assert [len(rows) for rows in batches[:4]] == ([32, 32, 32, 4] if size == 32 else [100] * 4)
    final, losses = by_hand(MOONS, NETWORK.initial("", 5), batches, 0.1, 0.8)
    np.testing.assert_allclose(run.final, final, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(run.batch_losses, losses, rtol=1e-10)
    assert run.steps_per_epoch == len(batches) // 4
    assert run.ending == "finished"


def test_sam_asks_on_the_same_batch() -> None:
    run = train(NETWORK, MOONS, "sam:lr=0.1,rho=0.2", epochs=2, batch=30)
    p = NETWORK.initial()
    for epoch in range(2):
        order = epoch_order(100, 0, epoch)
        for rows in (order[k : k + 30] for k in range(0, 100, 30)):
            X, y = MOONS.X[rows], MOONS.y[rows]
            _, g = NETWORK.value_and_gradient(p, X, y)
            uphill = p + 0.2 * g / (np.sqrt(np.sum(g * g)) + 1e-12)
            p = p - 0.1 * NETWORK.value_and_gradient(uphill, X, y)[1]
    np.testing.assert_allclose(run.final, p, rtol=1e-10, atol=1e-12)


def test_hutchinson_s_mean_is_the_diagonal() -> None:
    small = Network((2, 3, 2), dtype="float64")
    start = small.initial("normal:scale=0.8")
    rule = network_rule("sophia")
    loop = Loop(small, MOONS, rule, find_schedule(""), start, len(MOONS.X), 1, seed=0)
    draws = np.array([loop._curvature(start) for _ in range(4000)])
    diagonal = np.array(
        [
            small.hessian_product(start, unit, MOONS.X, MOONS.y) @ unit
            for unit in np.eye(small.count)
        ]
    )
    error = draws.std(axis=0) / math.sqrt(len(draws))
    assert (np.abs(draws.mean(axis=0) - diagonal) <= 4.5 * error + 1e-12).all()
    assert error.max() > 0  # the draws differ
    assert np.abs(diagonal).max() > 10 * error.max()


@pytest.mark.parametrize(
    "rule",
    [
        "sophia",
        "schedule_free",
        "nesterov:form=lookahead",
        "prodigy",
        "rprop",
        "sgld:temperature=1e-5",
    ],
)
def test_rules_that_ask_for_more_learn_too(rule: str) -> None:
    run = train(NETWORK, MOONS, rule, epochs=15, measure="ends")
    assert run.train_loss[-1] < 0.97 * run.train_loss[0]


# -- batches and moments -------------------------------------------------------------------------


@given(rows=st.integers(1, 300), seed=st.integers(0, 9), epoch=st.integers(0, 9))
def test_an_epoch_takes_every_row_once(rows: int, seed: int, epoch: int) -> None:
    order = epoch_order(rows, seed, epoch)
    np.testing.assert_array_equal(np.sort(order), np.arange(rows))
    np.testing.assert_array_equal(order, epoch_order(rows, seed, epoch))


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    orders = {tuple(epoch_order(50, seed, epoch)) for seed in range(3) for epoch in range(3)}
    assert len(orders) == 9


def test_sizes_of_batches() -> None:
    assert as_batch(None, 10) == 10
    assert as_batch(64, 10) == 10
    assert as_batch(np.int64(3), 10) == 3
    assert (steps_per_epoch(10, 3), steps_per_epoch(9, 3), steps_per_epoch(2, 3)) == (4, 3, 1)
    for bad in (0, -1, 2.5, True, "8"):
        with pytest.raises(LandscapeError, match="whole number of rows"):
            as_batch(bad, 10)


@settings(deadline=None)
@given(
    epochs=st.integers(1, 60),
    per_epoch=st.integers(1, 50),
    most=st.integers(2, 80),
    every=st.sampled_from(EVERY),
)
def test_snapshots_are_few_and_hold_the_ends(
    epochs: int, per_epoch: int, most: int, every: str
) -> None:
    total = epochs * per_epoch
    steps = snapshot_steps(total, per_epoch, most, every)
    assert 2 <= len(steps) <= most
    assert (steps[0], steps[-1]) == (0, total)
    gaps = np.diff(steps)
    assert (gaps > 0).all()
    if every == "step":
        assert np.ptp(gaps) <= 1
        assert len(steps) == min(most, total + 1)
    elif every == "epoch":
        assert (steps % per_epoch == 0).all()
        assert len(steps) == min(most, epochs + 1)
    elif len(steps) > 6:
        assert gaps[-1] >= gaps[1]


@settings(deadline=None)
@given(epochs=st.integers(1, 400), per_epoch=st.integers(1, 50))
def test_measurements_are_dense_at_first(epochs: int, per_epoch: int) -> None:
    total = epochs * per_epoch
    early = measured_steps(total, per_epoch, "early")
    ends = measured_steps(total, per_epoch, "epoch")
    assert set(ends) <= set(early)
    assert len(ends) == min(epochs, 100) + 1
    assert len(early) < 125
    assert {0, 1, total} <= set(early)
    np.testing.assert_array_equal(measured_steps(total, per_epoch, "ends"), [0, total])


def test_measurements_as_told() -> None:
    np.testing.assert_array_equal(measured_steps(10, 5, 4), [0, 4, 8, 10])
    np.testing.assert_array_equal(measured_steps(10, 5, [7, 3, 3]), [0, 3, 7, 10])
    for bad in (0, True, [11], [-1], 2.5, ["x"]):
        with pytest.raises(LandscapeError, match="measure is early"):
            measured_steps(10, 5, bad)  # type: ignore[arg-type]
    with pytest.raises(LandscapeError, match="did you mean epoch"):
        measured_steps(10, 5, "epochs")


# -- what a run holds ----------------------------------------------------------------------------

CASES: dict[str, tuple[Dataset, dict[str, Any]]] = {
    "classes": (MOONS, {"l2": 0.01}),
    "squares": (MOONS, {"loss": "squared_error", "skip": True, "activation": "relu"}),
    "numbers": (dataset("diabetes", "float64"), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_curves_and_batches_are_those_of_the_snapshots(name: str) -> None:
    data, options = CASES[name]
    network = network_for(data, (5, 5), **options)
    run = train(network, data, "adam:lr=0.02", epochs=3, batch=40, measure=1, snapshots=1000)
    total = 3 * steps_per_epoch(data.rows, 40)
    np.testing.assert_array_equal(run.snapshot_steps, np.arange(total + 1))
    np.testing.assert_array_equal(run.steps, np.arange(total + 1))
    np.testing.assert_array_equal(run.epochs, np.arange(total + 1) / (total // 3))
    np.testing.assert_array_equal(run.initial, network.initial())
    for k, flat in enumerate(run.snapshots):
        for X, y, loss, share in (
            (data.X, data.y, run.train_loss, run.train_accuracy),
            (data.X_test, data.y_test, run.test_loss, run.test_accuracy),
        ):
            assert loss[k] == pytest.approx(network.value(flat, X, y), rel=1e-12)
            np.testing.assert_equal(share[k], network.accuracy(flat, X, y))
        batch = min(k, total - 1)
        order = epoch_order(data.rows, 0, batch // run.steps_per_epoch)
        rows = order[batch % run.steps_per_epoch * 40 :][:40]
        loss_there, g = network.value_and_gradient(flat, data.X[rows], data.y[rows])
        assert run.gradient_norm[k] == pytest.approx(math.sqrt(np.sum(g * g)), rel=1e-10)
        if k < total:
            assert run.batch_losses[k] == pytest.approx(loss_there, rel=1e-10)
            assert run.batch_gradients[k] == run.gradient_norm[k]
    assert np.isnan(run.train_accuracy).all() == (not data.classes)
    assert run.train_loss[-1] < run.train_loss[0]


def test_a_long_run_begins_as_a_short_one() -> None:
    long = train(NETWORK, MOONS, "adam", epochs=6, every="epoch", snapshots=7)
    short = train(NETWORK, MOONS, "adam", epochs=2, measure="ends")
    np.testing.assert_array_equal(long.snapshots[2], short.final)
    assert long.snapshots.shape == (7, NETWORK.count)


def test_one_output_is_enough_for_two_classes() -> None:
    network = Network((2, 8, 1), loss="squared_error", dtype="float64")
    run = train(network, MOONS, "adam:lr=0.02", epochs=30)
    assert run.test_accuracy[-1] > 0.85
    assert run.test_accuracy[-1] == network.accuracy(run.final, MOONS.X_test, MOONS.y_test)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_meter_agrees_with_the_network(dtype: str) -> None:
    data = dataset("iris", dtype)
    network = network_for(data, (4,), l2=0.1, activation="gelu")
    flat = network.initial()
    loss, share = Meter(network, data.X, data.y)(flat)
    assert loss == pytest.approx(network.value(flat, data.X, data.y), rel=1e-6)
    assert share == network.accuracy(flat, data.X, data.y)
    nothing = Meter(network, data.X[:0], data.y[:0])(flat)
    assert all(map(math.isnan, nothing))


def test_a_set_without_a_test_part() -> None:
    run = train(NETWORK, dataset("moons:test=0,rows=60", "float64"), epochs=1)
    assert np.isnan(run.test_loss).all()
    assert np.isfinite(run.train_loss).all()


# -- rates and schedules -------------------------------------------------------------------------


def test_a_schedule_counts_steps() -> None:
    run = train(NETWORK, MOONS, "gd:lr=0.3", epochs=5, schedule="cosine", batch=25)
    expected = find_schedule("cosine").rates(0.3, 20)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(run.rates, expected)
    np.testing.assert_array_equal(run.rate[:-1], run.rates[run.steps[:-1]])
    assert run.rule == "gd:lr=0.3,schedule=cosine"
    own = train(
        NETWORK, MOONS, "gd:lr=0.3,schedule=cosine,batch=25", epochs=5, schedule="", batch=7
    )
    np.testing.assert_array_equal(own.final, run.final)


def test_plateau_follows_the_means_of_epochs() -> None:
    plan = "plateau:factor=0.5,patience=1"
    run = train(NETWORK, MOONS, "gd:lr=2", epochs=60, batch=25, schedule=plan)
    means = run.batch_losses.reshape(60, 4).mean(axis=1)
    rates = run.rates.reshape(60, 4)
    follow = find_schedule(plan).start(2.0, 60)
    expected = [2.0, *(follow(k, mean) for k, mean in enumerate(means[:-1], 1))]
    np.testing.assert_array_equal(rates, np.repeat(expected, 4).reshape(60, 4))
    assert rates[-1, 0] < 2.0


def test_a_state_that_starts_at_the_rate_starts_at_the_scheduled_one() -> None:
    run = train(NETWORK, MOONS, "rprop:lr=0.01", epochs=1, schedule="lr0*0.5", batch=None)
    assert np.abs(run.final - run.initial).max() == pytest.approx(0.005)


def test_every_rule_has_a_rate_that_learns() -> None:
    data = dataset("blobs:rows=250,noise=0.25")
    network = network_for(data, (12,))
    for name, entry in RULES.items():
        for form in entry.forms:
            if "swap(" in entry.forms[form].formula:
                continue
            run = train(network, data, f"{name}:form={form}", epochs=8, measure="ends")
            assert run.ending == "finished"
            # What SGLD samples at its usual temperature is no minimum.
            assert name == "sgld" or run.train_loss[-1] < run.train_loss[0], name
    known = {f"{name}/{form}" for name, entry in RULES.items() for form in entry.forms}
    assert set(NETWORK_RATES) <= known | set(RULES)


def test_a_rate_that_is_given_stays() -> None:
    assert network_rule("adam:lr=0.3").learning_rate == 0.3
    assert network_rule("p = p - lr*g").learning_rate == 0.01
    assert network_rule("prodigy").learning_rate == 1.0
    assert network_rule("amsgrad:form=optax").learning_rate == NETWORK_RATES["amsgrad/optax"]


# -- seeds, ends and memory ----------------------------------------------------------------------


def test_the_same_arguments_give_the_same_bytes() -> None:
    first, second = (train(NETWORK, MOONS, "sgld:temperature=1e-4", epochs=2) for _ in range(2))
    assert of_the_same_bytes(first, second)
    other = train(NETWORK, MOONS, "sgld:temperature=1e-4", epochs=2, seed=1)
    assert not of_the_same_bytes(first, other)


def test_threads_change_no_bit() -> None:
    # Wide enough that BLAS would share the work out, in batches and over all rows.
    code = """
import sys
import numpy as np
from landscape.networks import from_arrays, network_for, train
draw = np.random.default_rng(0)
data = from_arrays(draw.normal(size=(1500, 60)), draw.integers(0, 5, 1500))
network = network_for(data, (150, 140), activation="relu")
run = train(network, data, "adam", epochs=2, batch=500, initial="orthogonal", measure=1)
sys.stdout.buffer.write(run.snapshots.tobytes() + run.train_loss.tobytes())
"""
    found = []
    for threads in ("1", "2"):
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        env = {**os.environ, **dict.fromkeys(names, threads)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, check=True
        )
        found.append(done.stdout)
    assert len(found[0]) > 1000
    assert found[0] == found[1]


def test_a_run_that_diverges_keeps_what_was_there() -> None:
    data = dataset("diabetes", "float32")
    network = network_for(data, (8,), activation="relu")
    run = train(network, data, "gd:lr=30", epochs=10, every="step", snapshots=50)
    assert run.ending == "diverged"
    assert 0 < run.steps_taken < run.planned_steps
    assert run.describe_ending() == f"diverged at step {run.steps_taken}"
    assert run.snapshot_steps[-1] == run.steps[-1] == run.steps_taken
    assert len(run.batch_losses) == run.steps_taken
    assert np.isfinite(run.batch_losses).all()
    assert not math.isfinite(run.train_loss[-1])
    assert np.isfinite(run.train_loss[0])
    np.testing.assert_array_equal(run.initial, network.initial())
    assert len(run.snapshots) == len(run.snapshot_steps)


def test_a_run_that_diverges_at_its_last_step_is_found_out() -> None:
    data = from_arrays(np.eye(4, 3), np.arange(4) % 2, test=0, dtype="float32")
    network = network_for(data, ())
    run = train(network, data, "p = p - lr*g*1e39", epochs=1)
    assert run.ending == "diverged"
    assert run.steps_taken == 1


def test_snapshots_stay_within_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landscape.networks.training._MOST_BYTES", 5 * NETWORK.count * 8)
    run = train(NETWORK, MOONS, epochs=5, snapshots=100)
    assert len(run.snapshots) == 5
    assert (run.snapshot_steps[0], run.snapshot_steps[-1]) == (0, run.planned_steps)


def test_progress_ends_with_all() -> None:
    told: list[tuple[int, int]] = []
    train_all(
        NETWORK,
        MOONS,
        ["adam", "gd"],
        epochs=40,
        progress=lambda done, total: told.append((done, total)),
    )
    assert {total for _, total in told} == {2 * 40 * 4}
    assert told == sorted(told)
    assert told[-1][0] == 2 * 40 * 4


# -- several runs --------------------------------------------------------------------------------


def test_several_runs_share_start_and_batches() -> None:
    rules = ["adam", "gd", "adam:lr=0.1", "momentum:mu=0.5", "momentum"]
    runs = train_all(NETWORK, MOONS, rules, epochs=2, seed=4)
    assert [run.label for run in runs] == [
        "Adam 0.005",
        "GD",
        "Adam 0.1",
        "Momentum lr 0.02, μ 0.5",
        "Momentum lr 0.02, μ 0.9",
    ]
    for run in runs:
        np.testing.assert_array_equal(run.initial, NETWORK.initial("", 4))
        assert run.batch_losses[0] == runs[0].batch_losses[0]
        alone = train(NETWORK, MOONS, run.rule, epochs=2, seed=4)
        assert of_the_same_bytes(run, alone)
    assert len({run.train_loss[-1] for run in runs}) == 5


def test_parameters_may_be_given() -> None:
    start = NETWORK.initial("normal:scale=0.5", 9)
    run = train(NETWORK, MOONS, epochs=1, initial=start)
    np.testing.assert_array_equal(run.initial, start)
    assert run.scheme == "given"
    same = train(NETWORK, MOONS, epochs=1, initial="normal:scale=0.5", seed=9)
    np.testing.assert_array_equal(same.initial, start)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rule": "lbfgs"}, "lbfgs chooses its own steps"),
        ({"rule": "muon"}, "works on whole layers"),
        ({"rule": "shampoo"}, "two coordinates of the plane"),
        ({"rule": "adem"}, "did you mean adam"),
        ({"epochs": 0}, "epochs are a whole number"),
        ({"epochs": 2.5}, "epochs are a whole number"),
        ({"epochs": 10**9}, "take fewer epochs"),
        ({"batch": 0}, "a batch is a whole number"),
        ({"seed": -1}, "a seed is a whole number"),
        ({"seed": 1.0}, "a seed is a whole number"),
        ({"snapshots": 1}, "whole number from 2"),
        ({"every": "steps"}, "did you mean step"),
        ({"schedule": "cosin"}, "did you mean cosine"),
        ({"initial": np.zeros(3)}, "one flat vector"),
        ({"initial": "he"}, "unknown"),
        ({"data": "iris"}, "4 inputs and 3 outputs"),
    ],
)
def test_bad_input_in_one_line(options: dict[str, Any], said: str) -> None:
    given: dict[str, Any] = {"data": MOONS, "rule": "adam", **options}
    with pytest.raises(LandscapeError, match=said) as caught:
        train(NETWORK, **given)
    assert "\n" not in str(caught.value)


def test_numbers_need_the_squared_error() -> None:
    data = from_arrays(np.eye(9), np.linspace(0, 1, 9))
    with pytest.raises(LandscapeError, match="squared_error"):
        train(Network((9, 2)), data)
    assert network_for(data, ()).loss == "squared_error"
