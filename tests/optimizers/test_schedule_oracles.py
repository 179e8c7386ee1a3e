"""Our schedules against those of torch and optax, step for step."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.optimizers.schedule import find_schedule
from landscape.optimizers.schedules import SCHEDULES
from tests.optimizers.golden.schedule_oracles import (
    CASES,
    DIFFERENT,
    FIRST,
    FOLDER,
    STEPS,
    falling_losses,
)

Rates = NDArray[np.float64]


@cache
def golden() -> dict[str, Rates]:
    with np.load(FOLDER / "schedules.npz", allow_pickle=False) as table:
        return {key: table[key] for key in table.files}


def ours(spec: str, losses: Any = None) -> Rates:
    rate = find_schedule(spec).start(FIRST, STEPS)
    seen = golden()["losses"] if losses is None else losses
    return np.array([rate(t, float(seen[t])) for t in range(STEPS)])


@pytest.mark.parametrize("case", CASES)
def test_agrees(case: str) -> None:
    expected = golden()[case]
    assert len(expected) == STEPS
    assert len(set(expected)) > 2, "a constant rate would compare nothing"
    np.testing.assert_allclose(ours(CASES[case].spec), expected, rtol=1e-12, atol=1e-12 * FIRST)


def test_every_schedule_has_an_oracle() -> None:
    compared = {find_schedule(case.spec).spec.partition(":")[0] for case in CASES.values()}
    assert compared == set(SCHEDULES) - {"constant"}


def test_the_golden_data_is_that_of_the_cases() -> None:
    assert set(golden()) == {"losses", *CASES, *DIFFERENT}
    assert falling_losses() == pytest.approx(golden()["losses"], abs=1e-12)
    made = json.loads((FOLDER / "schedules.json").read_text("utf-8"))
    assert made["steps"] == STEPS
    assert set(made["versions"]) >= {"torch", "optax"}


def test_a_cosine_stays_at_its_end_where_torch_rises() -> None:
    torch, here = golden()["torch-cosine-rises"], ours("cosine:T=200")
    np.testing.assert_allclose(here[:201], torch[:201], rtol=1e-12, atol=1e-12 * FIRST)
    assert not here[200:].any()
    assert torch[STEPS - 1] == pytest.approx(FIRST * 0.5, rel=0.05)


def test_one_cycle_turns_a_step_before_optax() -> None:
    optax, here = golden()["optax-onecycle-as-given"], ours("onecycle:T=200")
    assert (int(np.argmax(here)), int(np.argmax(optax))) == (59, 60)
    last = here[STEPS - 1]
    assert here[199] == last < here[198]
    assert optax[200] == pytest.approx(last, rel=1e-12)
    assert optax[199] > 2 * last


def test_optax_counts_the_step_that_drops_as_patience() -> None:
    optax = golden()["optax-plateau-as-given"]
    assert not np.allclose(ours("plateau:factor=0.5,patience=5,eps=0"), optax)
    np.testing.assert_allclose(ours("plateau:factor=0.5,patience=4,eps=0"), optax, rtol=1e-12)


def test_below_0_an_equal_loss_is_no_better_one_except_in_torch() -> None:
    assert set(golden()["torch-plateau-below-0"]) == {FIRST}
    below = ours("plateau:patience=5", np.full(STEPS, -1.0))
    np.testing.assert_array_equal(below, ours("plateau:patience=5", np.full(STEPS, 1.0)))
    assert below[5] == FIRST
    assert below[6] == FIRST * 0.1
