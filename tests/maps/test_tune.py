"""The fair search: the same budget for every rule, and known optima."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.maps.theory import fastest, quadratic_hessian
from landscape.maps.tune import ROUND, Budget, tune_fairly
from landscape.optimizers.lookup import optimizer
from landscape.surfaces.function import FunctionSurface
from landscape.surfaces.lookup import surface

START = (-4.0, 1.5)


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
    budget = Budget(5, ((2.0, 1.0), (1.0, -2.0)), rounds=1)
    spent = []
    for name in ("gd", "momentum", "adam"):
        before = calls
        over = ("lr", "mu") if name == "momentum" else ("lr",)
        (found,) = tune_fairly(where, [optimizer(name)], budget, over=over)
        assert found is not None
        assert found.gradients == ROUND * 2 * 5
        spent.append(calls - before)
    # Of each path one more is asked, where it ends.
    assert set(spent) == {ROUND * 2 * (5 + 1)}


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


def test_no_other_rate_of_a_fine_series_does_better() -> None:
    where = surface("ravine")
    starts = (START, (4.0, 3.0), (-2.0, -4.5))
    (found,) = tune_fairly(where, [optimizer("momentum")], Budget(40, starts))
    assert found is not None

    def judged(rate: float) -> float:
        losses = []
        for start in starts:
            path = descend(where, optimizer("momentum", lr=rate), start=start, steps=40)
            inside = not path.exits and path.ending.outcome in ("finished", "converged")
            losses.append(path.losses[-1] if inside else np.inf)
        return float(sorted(losses)[1])

    assert judged(found.values["lr"]) == pytest.approx(found.loss, rel=1e-9)
    rates = np.geomspace(found.values["lr"] / 1.1, found.values["lr"] * 1.1, 61)
    assert found.loss <= min(judged(float(rate)) for rate in rates) * 1.02


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
