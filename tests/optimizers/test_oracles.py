"""Every rule of the catalogue against torch.optim and optax, or against its own recurrence."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.descent import descend
from landscape.optimizers import RULES, optimizer
from tests.optimizers.golden.cases import CASES as CLASSIC_CASES
from tests.optimizers.golden.cases import EVERY, HILLS, STEPS, Case
from tests.optimizers.golden.modern_cases import MODERN_CASES

Rows = NDArray[np.float64]
CASES = {**CLASSIC_CASES, **MODERN_CASES}
GOLDEN: dict[str, Rows] = {}
for file in ("oracles.npz", "moderns.npz"):
    with np.load(Path(__file__).parent / "golden" / file) as stored:
        GOLDEN.update(stored)

# Forms that no library has: the tests below compare them with their own recurrence; SGLD, which is
# random, has `test_sgld`.
BY_RECURRENCE = {
    ("nesterov", "lookahead"),
    ("adam", "paper"),
    ("adadelta", "cs231n"),
    ("sgld", "langevin"),
}


def our_path(case: Case, hill: str) -> Rows:
    surface = HILLS[hill]
    path = descend(
        surface.spec,
        case.rule,
        start=surface.start,
        steps=STEPS,
        schedule=case.schedule or None,
    )
    assert path.ending.outcome != "diverged"
    points: Rows = path.points[::EVERY]
    return points


def assert_same(ours: Rows, theirs: Rows) -> None:
    assert ours.shape == theirs.shape
    worst = np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs)))
    assert worst <= 1e-10


@pytest.mark.parametrize("hill", HILLS)
@pytest.mark.parametrize("name", CASES)
def test_equals_the_oracle(name: str, hill: str) -> None:
    golden = GOLDEN[f"{name}/{hill}"]
    assert np.abs(golden[-1] - golden[0]).max() > 0.05  # a path that stands still proves nothing
    ours = our_path(CASES[name], hill)
    assert_same(ours, golden)


@pytest.mark.parametrize("hill", HILLS)
def test_newton_s_full_steps(hill: str) -> None:
    golden = GOLDEN[f"newton/{hill}"]
    surface = HILLS[hill]
    path = descend(surface.spec, "newton:form=pure,gtol=0", start=surface.start, steps=6)
    assert_same(path.points, golden[: len(path)])
    assert len(path) == 7 or hill == "ravine"  # a bowl is done in one step


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].oracle[:5] == "torch"])
def test_equals_the_torch_that_is_installed(name: str) -> None:
    pytest.importorskip("torch")
    from tests.optimizers.golden.oracles import oracle_path

    assert_same(our_path(CASES[name], "wavy"), oracle_path(CASES[name], "wavy"))


def test_every_form_is_compared() -> None:
    tested = {(optimizer(case.rule).name, optimizer(case.rule).form) for case in CASES.values()}
    assert tested | BY_RECURRENCE == {(name, form) for name in RULES for form in RULES[name].forms}
    assert not tested & BY_RECURRENCE


def test_golden_data_and_cases_belong_together() -> None:
    assert set(GOLDEN) == {f"{name}/{hill}" for name in [*CASES, "newton"] for hill in HILLS}
    assert len(CASES) == len(CLASSIC_CASES) + len(MODERN_CASES)


# -- forms that no library has -------------------------------------------------------------------


@pytest.mark.parametrize("mu", [0.5, 0.9])
@pytest.mark.parametrize("hill", HILLS)
def test_lookahead_is_rewritten_minus_its_velocity(hill: str, mu: float) -> None:
    surface = HILLS[hill]
    shown, papers = (
        descend(
            surface.spec,
            optimizer("nesterov", form=form, mu=mu, lr=1e-3),
            start=surface.start,
            steps=STEPS,
        )
        for form in ("rewritten", "lookahead")
    )
    assert papers.velocities is not None
    # What the rewritten form shows is the point at which the papers' form takes its gradient.
    assert_same(shown.points, papers.points + mu * papers.velocities)


def recurrence(hill: str, kind: str, lr: float) -> Rows:
    """Return the path of a rule that is written out here for the second time, with NumPy."""
    surface = HILLS[hill]
    slope = descend(surface.spec, start=surface.start, steps=1, learning_rate=1.0).surface
    p = np.array(surface.start)
    m, s = np.zeros(2), np.zeros(2)
    rows = [p.copy()]
    for t in range(1, STEPS + 1):
        g = np.array(slope.gradient_at(p[0], p[1]))
        if kind == "adam":
            m += (1 - 0.9) * (g - m)
            s += (1 - 0.999) * (g * g - s)
            rate = lr * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            p = p - rate * m / (np.sqrt(s) + 1e-8)
        else:  # Adadelta with lr inside the accumulator of steps, as cs231n animates it
            s = 0.95 * s + (1 - 0.95) * g * g
            change = -lr * np.sqrt((m + 1e-6) / (s + 1e-6)) * g
            m = 0.95 * m + (1 - 0.95) * change * change
            p = p + change
        rows.append(p.copy())
    return np.array(rows)


@pytest.mark.parametrize("hill", HILLS)
@pytest.mark.parametrize(
    ("rule", "kind", "lr"),
    [("adam:form=paper", "adam", 0.05), ("adadelta:form=cs231n", "adadelta", 0.3)],
)
def test_equals_its_recurrence(rule: str, kind: str, lr: float, hill: str) -> None:
    surface = HILLS[hill]
    path = descend(surface.spec, rule, start=surface.start, steps=STEPS, learning_rate=lr)
    assert_same(path.points, recurrence(hill, kind, lr))


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_where_lr_stands_matters_only_under_a_schedule(rule: str) -> None:
    inside, outside = optimizer(rule, lr=1e-3), optimizer(rule, lr=1e-3, form="torch")
    start = HILLS["wavy"].start
    same = [descend(HILLS["wavy"].spec, r, start=start, steps=200) for r in (inside, outside)]
    np.testing.assert_allclose(same[0].points, same[1].points, rtol=1e-10, atol=1e-10)
    other = [
        descend(HILLS["wavy"].spec, r, start=start, steps=200, schedule="lr0/(1 + 0.05*t)")
        for r in (inside, outside)
    ]
    assert np.abs(other[0].points - other[1].points).max() > 1e-3
