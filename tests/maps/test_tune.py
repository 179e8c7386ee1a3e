"""The fair search: the same budget for every rule, and known optima."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.maps.theory import fastest, quadratic_hessian
from landscape.maps.trials import Trials
from landscape.maps.tune import FIRST, ROUND, Budget, tune_fairly
from landscape.maps.valleys import BESIDE, LUCK
from landscape.optimizers.lookup import optimizer
from landscape.optimizers.rule import Rule
from landscape.optimizers.tuning import Conditions
from landscape.surfaces.function import FunctionSurface
from landscape.surfaces.lookup import surface

START = (-4.0, 1.5)


def rule_of(name: str) -> Rule:
    found = optimizer(name)
    assert isinstance(found, Rule)
    return found


def test_every_rule_evaluates_as_many_gradients() -> None:
    calls = 0

    def gradient(x: float, y: float) -> tuple[Any, Any]:
        nonlocal calls
        calls += 1
        root = np.sqrt(1 + x**2 + 9 * y**2)  # bounded: no path ends early
        return x / root, 9 * y / root

    where = FunctionSurface(
        lambda x, y: np.sqrt(1 + x**2 + 9 * y**2), gradient=gradient, bounds=((-3, 3), (-3, 3))
    )
    starts = ((2.0, 1.0), (1.0, -2.0))
    budget = Budget.usual(where, Conditions(), 5, starts, rounds=2)
    assert budget.settings == 288 + ROUND < FIRST
    spent = []
    for name in ("gd", "momentum", "adam"):
        before = calls
        over = ("lr", "mu") if name == "momentum" else ("lr",)
        (found,) = tune_fairly(where, [optimizer(name)], budget, over=over)
        assert found is not None
        assert found.gradients == budget.settings * 2 * 5
        spent.append(calls - before)
    # Of each path one more is asked, where it ends.
    assert set(spent) == {budget.settings * 2 * (5 + 1)}


@pytest.mark.parametrize("kappa", [4, 20])
def test_the_optimum_of_gradient_descent_is_found(kappa: float) -> None:
    where = surface(f"ravine:kappa={kappa}")
    (found,) = tune_fairly(where, [optimizer("gd")], Budget(100, (START,)))
    assert found is not None
    # 2/(L + mu) is the limit of many steps; the start weighs the two directions differently.
    assert found.values["lr"] == pytest.approx(2 / (1 + kappa), rel=0.03)


def test_polyak_s_pair_is_found() -> None:
    where = surface("ravine")
    hessian = quadratic_hessian(where)
    assert hessian is not None
    (best,) = fastest(optimizer("momentum"), hessian)
    budget = Budget(100, (START,))
    (found,) = tune_fairly(where, [optimizer("momentum")], budget, over=["lr", "mu"])
    assert found is not None
    assert found.values["lr"] == pytest.approx(best.values["lr"], rel=0.1)
    assert found.values["mu"] == pytest.approx(best.values["mu"], abs=0.04)
    ideal = descend(where, optimizer("momentum", **best.values), start=START, steps=100)
    assert found.loss < ideal.losses[-1]
    own = descend(where, found.rule, start=START, steps=100)
    assert own.losses[-1] == pytest.approx(found.loss, rel=1e-9)


@pytest.mark.parametrize("name", ["gd", "momentum", "adam"])
def test_a_rate_found_is_as_good_as_it_says_and_no_near_one_is_better(name: str) -> None:
    where = surface("ravine")
    starts = (START, (4.0, 3.0), (-2.0, -4.5))
    (found,) = tune_fairly(where, [optimizer(name)], Budget(40, starts))
    assert found is not None

    def judged(rate: float) -> float:
        losses = []
        for start in starts:
            path = descend(where, optimizer(name, lr=rate), start=start, steps=40)
            inside = not path.exits and path.ending.outcome in ("finished", "converged")
            losses.append(path.losses[-1] if inside else np.inf)
        return float(sorted(losses)[1])

    assert judged(found.values["lr"]) == pytest.approx(found.loss, rel=1e-9)

    def counted(rate: float) -> float:
        beside = min(judged(rate / BESIDE), judged(rate * BESIDE))
        return max(judged(rate), beside / LUCK)

    rates = np.geomspace(found.values["lr"] / 1.1, found.values["lr"] * 1.1, 41)
    # As close as a rate of three digits comes to the bottom of a narrow valley.
    assert counted(found.values["lr"]) <= min(counted(float(rate)) for rate in rates) * 1.3


RULES = ("gd", "momentum", "nesterov", "rmsprop", "adam", "adagrad")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["ravine", "himmelblau", "rosenbrock", "beale", "saddle", "plateau"]
)
def test_brute_force_finds_nothing_notably_better(name: str) -> None:
    where = surface(name)
    (x0, x1), (y0, y1) = where.bounds
    turns = np.linspace(0, 2 * np.pi, 5, endpoint=False) + 0.3
    places = [
        ((x0 + x1) / 2 + 0.4 * (x1 - x0) * np.cos(t), (y0 + y1) / 2 + 0.4 * (y1 - y0) * np.sin(t))
        for t in turns
    ]
    starts = tuple((float(x), float(y)) for x, y in places)
    rates = np.geomspace(1e-7, 1e4, 1152)
    for rule in RULES:
        (found,) = tune_fairly(where, [optimizer(rule)], Budget(100, starts))
        assert found is not None
        trials = Trials(where, rule_of(rule), ("lr",), starts, 100, Conditions())
        losses = np.sort(trials.walk([(rate,) for rate in rates.tolist()]).loss, axis=0)[2]
        zero = min(losses.min(), found.loss)
        if where.minima:
            zero = min(zero, where.minima[0].value)
        # A fluke is left out: nothing beside it comes within ten times of it.
        beside = np.minimum(np.append(losses[1:], np.inf), np.append(np.inf, losses[:-1]))
        counted = np.maximum(losses - zero, (beside - zero) / LUCK).min()
        # What both call solved is rounding.
        first = float(np.median(trials.first)) - zero
        assert found.loss - zero <= max(counted * 1.3, 1e-12 * first), rule


def test_a_fluke_does_not_win() -> None:
    where, starts = surface("ravine"), ((4.065, 1.684), (-1.684, 4.065), (-4.065, -1.684))
    trials = Trials(where, rule_of("adam"), ("lr",), starts, 60, Conditions())
    rates = np.geomspace(0.1, 10, 2001)
    losses = np.sort(trials.walk([(rate,) for rate in rates.tolist()]).loss, axis=0)[1]
    lucky = float(rates[losses.argmin()])
    (found,) = tune_fairly(where, [optimizer("adam")], Budget(60, starts))
    assert found is not None

    def around(rate: float) -> tuple[float, float]:
        rows = [(rate,), (rate / BESIDE,), (rate * BESIDE,)]
        own, less, more = np.sort(trials.walk(rows).loss, axis=0)[1].tolist()
        return own, min(less, more)

    own, beside = around(lucky)
    assert own < found.loss
    assert beside > LUCK * own  # luck, and no more than a tenth of this counts
    assert beside / LUCK > max(found.loss, around(found.values["lr"])[1] / LUCK) * 0.99


def test_companions_and_written_rates_change_nothing() -> None:
    where, budget = surface("ravine"), Budget(60, (START,))
    (alone,) = tune_fairly(where, [optimizer("adam")], budget)
    among = tune_fairly(where, [optimizer(one) for one in ("gd", "adam:lr=3")], budget)
    assert alone is not None
    assert among[1] is not None
    assert among[1].values == alone.values
    kept = tune_fairly(
        where,
        [optimizer("adam:lr=3"), optimizer("momentum:lr=0.05"), optimizer("gd")],
        budget,
        over=("mu",),
        keep_rates=True,
    )
    assert kept[0] is None
    assert kept[1] is not None
    assert kept[1].values.keys() == {"mu"}
    assert kept[1].rule.learning_rate == 0.05
    assert kept[2] is not None
    assert kept[2].values.keys() == {"lr"}


@pytest.mark.slow
def test_a_rate_with_which_the_path_leaves_the_domain_does_not_win() -> None:
    where = surface("ravine")
    (found,) = tune_fairly(where, [optimizer("rmsprop")], Budget(60, (START,)))
    assert found is not None
    path = descend(where, found.rule, start=START, steps=60)
    assert not path.exits
    far = descend(where, optimizer("rmsprop:lr=20.5"), start=START, steps=60)
    assert far.exits
    assert far.losses[-1] < found.loss  # it comes back, and ends lower


def test_the_same_question_has_the_same_answer() -> None:
    budget = Budget(40, (START,))
    rules = [optimizer("momentum"), optimizer("bfgs"), optimizer("gd:lr=3")]
    first = tune_fairly(surface("ravine"), rules, budget, over=("mu",))
    again = tune_fairly(surface("ravine"), rules, budget, over=("mu",))
    assert first == again
    assert first[1] is None
    assert first[2] is not None
    assert first[2].values.keys() == {"lr"}  # of one that has no mu, whatever its own rate was


@pytest.mark.parametrize(
    ("over", "wanted"),
    [
        (["beta2", "mu"], "unknown number to search 'beta2'"),
        (["lr", "nu"], "unknown number to search 'nu'"),
    ],
)
def test_unknown_numbers_are_refused(over: list[str], wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted):
        tune_fairly(surface("ravine"), [optimizer("momentum")], Budget(5, (START,)), over=over)
    with pytest.raises(LandscapeError, match="did you mean median"):
        Budget(5, (START,), over="medain")
