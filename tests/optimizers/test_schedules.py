"""The catalogue of schedules, and the notation that chooses from it."""

from __future__ import annotations

import math
import time
import tracemalloc

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.formula.parse import parse_expression
from landscape.optimizers.lookup import optimizer
from landscape.optimizers.plateau import Plateau
from landscape.optimizers.schedule import AnySchedule, Rates, Schedule, find_schedule
from landscape.optimizers.schedules import ALIASES, SCHEDULES

FORMULAS = [name for name, entry in SCHEDULES.items() if entry.formula]


def planned(text: str, count: int, first: float = 1.0) -> list[float]:
    schedule = find_schedule(text)
    assert isinstance(schedule, Schedule)
    return schedule.rates(first, count)


# -- the catalogue ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEDULES)
def test_an_entry_is_whole(name: str) -> None:
    entry = SCHEDULES[name]
    assert entry.teaches.endswith(".")
    assert entry.source
    assert entry.label
    made = find_schedule(entry.example)
    assert made.spec == entry.example
    assert made.describe().startswith(entry.label)
    for formula in [entry.formula, *entry.special.values()] if entry.formula else []:
        parse_expression(formula, ("lr0", "t", "T", *entry.parameters))
    for key, known in entry.parameters.items():
        assert known.meaning, key


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 10, 41, 300, 1000])
def test_lr0_is_the_largest_rate_in_a_run_of_any_length(name: str, count: int) -> None:
    rates = [*planned(name, count, 0.3), find_schedule(name).start(0.3, count)(count, 0.0)]
    assert all(0 <= rate <= 0.3 * (1 + 1e-12) for rate in rates)
    # At half the rate, half of all: a schedule is a share of lr0.
    assert planned(name, count, 0.15) == pytest.approx([rate / 2 for rate in rates[:-1]])
    if count >= 10:
        assert max(rates) == pytest.approx(0.3, rel=0.12)


def test_the_defaults_are_those_of_a_run() -> None:
    at_the_end = {
        "constant": 1.0,
        "step": 0.5**5,
        "multistep": 0.01,
        "exponential": 0.01,
        "inverse": 0.1,
        "cosine": 0.0,
        "restarts": 1.0,
        "warmup": 1.0,
        "warmup_cosine": 0.0,
        "polynomial": 0.0,
        "triangular": 0.1,
        "onecycle": 1 / 250_000,
    }
    assert set(at_the_end) == set(FORMULAS)
    for name, last in at_the_end.items():
        for count in (70, 420):  # so that every share of it is a whole number
            rate = find_schedule(name).start(1.0, count)(count, 0.0)
            assert rate == pytest.approx(last, rel=1e-9, abs=1e-12), (name, count)


def test_multistep_drops_at_its_milestones() -> None:
    assert planned("multistep:gamma=0.5,at=2/3/5", 7) == [1, 1, 0.5, 0.25, 0.25, 0.125, 0.125]
    assert planned("multistep", 8) == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])


def test_fifty_milestones() -> None:
    every_third = "/".join(str(3 * k) for k in range(1, 51))
    rates = planned(f"multistep:gamma=0.9,at={every_third}", 153)
    assert rates == pytest.approx([0.9 ** (t // 3) for t in range(153)])


def test_restarts_jump_exactly_at_the_end_of_a_wave() -> None:
    for text, waves in {
        "restarts": [0, 30, 90],
        "restarts:T0=2,T_mult=3": [0, 2, 8, 26, 80],
        "restarts:T0=50,T_mult=1": [0, 50, 100, 150, 200],
        "restarts:T0=1,T_mult=10": [0, 1, 11, 111],
        "restarts:T0=16,T_mult=1.5": [0, 16, 40, 76, 130],
    }.items():
        rates = planned(text, 210)
        assert [t for t, rate in enumerate(rates) if rate > 1 - 1e-12] == waves, text
        assert all(rates[t - 1] < 0.01 for t in waves if t > 16), text


def test_warm_up_grows_in_equal_steps() -> None:
    rates = planned("warmup:w=4,f=0.2", 7)
    assert rates == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 1, 1])
    assert planned("warmup_cosine:w=4,f=0.2,T=6", 8) == pytest.approx(
        [0.2, 0.4, 0.6, 0.8, 1, 0.5, 0, 0]
    )


@pytest.mark.parametrize("name", FORMULAS)
def test_ten_thousand_steps_are_planned_in_milliseconds(name: str) -> None:
    schedule = find_schedule(name)
    schedule.start(0.1, 2)
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        schedule.start(0.1, 10_000)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05  # 3 to 7 ms on a quiet machine


def test_a_constant_rate_needs_no_plan() -> None:
    schedule = find_schedule("constant")
    tracemalloc.start()
    try:
        rate = schedule.start(0.1, 10_000_000)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert rate(10_000_000, 1.0) == 0.1


# -- names and notation ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("", "constant"),
        ("Cosine", "cosine"),
        (" cosine : T = 200 ", "cosine:T=200"),
        ("cosine:t=1e2", "cosine:T=100"),
        ("1/t", "inverse"),
        ("1/t:k=0.05", "inverse:k=0.05"),
        ("one-cycle", "onecycle"),
        ("1cycle", "onecycle"),
        ("Warm-up cosine:w=5", "warmup_cosine:w=5"),
        ("ReduceLROnPlateau:min_LR=0.001", "plateau:min_lr=0.001"),
        ("SGDR:Tmult=1,t_0=20", "restarts:T_mult=1,T0=20"),
        ("multi-step:AT=30/60", "multistep:at=30/60"),
        ("multistep:at= 30 / 60 ,gamma=0.5", "multistep:gamma=0.5,at=30/60"),
        ("lr0", "lr0"),
        ("t", "t"),
        ("0.05", "0.05"),
        ("T - t", "T - t"),
        ("lr0/(1 + k*t):k=0.05", "lr0/(1 + k*t):k=0.05"),
        ("u = t/s; lr0*(1 - u):s=400", "u = t/s; lr0*(1 - u):s=400"),
        ("exp(-t)", "exp(-t)"),
        ("lr0/(1 + k*t):k=0.1234567890123456789", "lr0/(1 + k*t):k=0.12345678901234568"),
    ],
)
def test_reads(text: str, spec: str) -> None:
    found = find_schedule(text)
    assert found.spec == spec
    again = find_schedule(found.spec)
    assert again == found
    assert again.spec == spec


def test_every_alias_is_one() -> None:
    for alias, name in ALIASES.items():
        assert name in SCHEDULES
        assert alias not in SCHEDULES
        assert find_schedule(alias) == find_schedule(name)


REFUSED = {
    "cosin": "unknown schedule 'cosin': did you mean cosine",
    "lr": "did you mean lr0",
    "cosine-anealing": "did you mean cosine_annealing",
    "zigzag": "unknown schedule 'zigzag': choose from constant, step",
    "abs": "unknown schedule 'abs'",
    "cosine(T=3)": "stand after a colon, as in 'cosine:T=200'",
    "cosine:T=0": "T of schedule cosine must be a number above 0: 0 came",
    "cosine:T=-5": "must be a number above 0: -5 came",
    "cosine:T=long": "T of schedule cosine must be a number: 'long' came",
    "cosine:T=nan": "T of schedule cosine must be finite",
    "cosine:T=1,t=2": "'T' of schedule cosine stands twice",
    "cosine:k=1": "unknown parameter of schedule cosine 'k': choose from T",
    "step:gama=0.5": "did you mean gamma",
    "constant:k=1": "schedule constant has no parameters: 'k' came",
    "step:gamma=-0.5": "gamma of schedule step must be a number above 0 and at most 1: -0.5 came",
    "step:gamma=2": "at most 1: 2 came",
    "step:s=0": "s of schedule step must be a number above 0",
    "exponential:k=-1": "k of schedule exponential must be a number of 0 or more",
    "polynomial:p=0": "p of schedule polynomial must be a number above 0",
    "restarts:T_mult=0.5": "T_mult of schedule restarts must be a number of 1 or more",
    "restarts:T0=0": "T0 of schedule restarts must be a number above 0",
    "warmup:f=2": "f of schedule warmup must be a number from 0 to 1: 2 came",
    "onecycle:up=1": "up of schedule onecycle must be a number above 0 and below 1: 1 came",
    "onecycle:div=0": "div of schedule onecycle must be a number of 1 or more",
    "multistep:at=1.5": "must be rising whole numbers from 1, such as 30/60/90: '1.5' came",
    "multistep:at=60/30": "rising whole numbers",
    "multistep:at=30/30": "rising whole numbers",
    "multistep:at=0/30": "whole numbers from 1",
    "multistep:at=30/": "'30/' came",
    "multistep:at=30,60": "milestones are written at=30/60/90",
    "multistep:at=30\\,60": "'30,60' came",
    "multistep:at=" + "/".join(map(str, range(1, 60))): "at most 50 milestones: 59 came",
    "plateau:patience=1.5": "patience of schedule plateau must be a whole number of 0 or more",
    "plateau:factor=1": "factor of schedule plateau must be a number above 0 and below 1: 1 came",
    "plateau:threshold=2": "from 0 to 1",
    "plateau:cooldown=-1": "cooldown of schedule plateau",
    "plateau:patince=3": "did you mean patience",
    "plateau:at=3": "unknown parameter of schedule plateau 'at'",
    "lr0*k": "a parameter needs a value: add ':k=0.1'",
    "lr0*k + q": "add ':k=0.1,q=0.1'",
    "lr0*k:k=0.1,j=2": "unknown parameter of schedule 'lr0*k' 'j': choose from k",
    "lr0:j=2": "schedule 'lr0' has no parameters: 'j' came",
    "lr0*k:k=inf": "k of the schedule must be finite",
    "lr0*t:t=3": "has no parameters: 't' came",
    "cosine:": "ends in a colon",
    "cosine:T": "cannot read 'T'",
    "lr0*": "cannot read schedule",
    "  ": "a name or a formula was wanted",
    "lambda t: 0.1": "without 'lambda'",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str) -> None:
    with pytest.raises(LandscapeError) as caught:
        find_schedule(text)
    assert REFUSED[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_refuses_what_is_no_schedule() -> None:
    with pytest.raises(LandscapeError, match="schedule must be text such as 'cosine:T=200': 5"):
        find_schedule(5)  # type: ignore[arg-type]
    with pytest.raises(LandscapeError, match="T of schedule cosine must be a number above 0"):
        Schedule(SCHEDULES["cosine"].formula, {"T": 0}, "cosine")
    with pytest.raises(LandscapeError, match="k of the schedule must be finite"):
        Schedule("lr0*k", {"k": math.nan})
    with pytest.raises(LandscapeError, match="must be a number above 0 and below 1: nan came"):
        Plateau({"factor": math.nan})


def test_a_warm_up_longer_than_the_run_is_refused_when_the_run_is_known() -> None:
    schedule = find_schedule("warmup_cosine:w=50")
    assert schedule.start(0.1, 51)(50, 0.0) == 0.1
    for count in (50, 30):
        with pytest.raises(LandscapeError, match=f"below T.*: 50 came, T is {count}"):
            schedule.start(0.1, count)
    with pytest.raises(LandscapeError, match="T is 20"):
        find_schedule("warmup_cosine:w=50,T=20").start(0.1, 1000)


# -- formulas --------------------------------------------------------------------------------


def test_the_run_s_length_is_known_unless_given() -> None:
    assert planned("lr0*(1 - t/T)", 4) == [1, 0.75, 0.5, 0.25]
    assert planned("lr0*(1 - t/T):T=8", 4) == [1, 0.875, 0.75, 0.625]
    assert planned("lr0/T", 4) == [0.25] * 4
    assert find_schedule("lr0/T").start(1.0, 4)(3, 0.0) == 0.25
    assert planned("polynomial:T=2", 4) == [1, 0.5, 0, 0]


def test_the_step_that_is_not_taken_may_have_no_rate() -> None:
    assert find_schedule("lr0*(1 - t/T)").start(1.0, 4)(4, 0.0) == 0
    assert find_schedule("lr0/(T - t)").start(1.0, 4)(4, 0.0) == 1  # the last one
    with pytest.raises(LandscapeError, match="gives inf at t=0"):
        find_schedule("lr0*k/t:k=2").start(1.0, 4)


# -- what a picture says ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "short", "full"),
    [
        ("", "constant", "constant"),
        ("cosine", "cosine", "cosine, T 200"),
        ("cosine:T=150", "cosine, T 150", "cosine, T 150"),
        ("step", "step decay", "step decay, γ 0.5, s 40"),
        ("step:s=7", "step decay, s 7", "step decay, γ 0.5, s 7"),
        ("multistep:at=3/5", "multi-step decay, at 3/5", "multi-step decay, γ 0.1, at 3/5"),
        ("multistep", "multi-step decay", "multi-step decay, γ 0.1"),
        (
            "restarts:T_mult=1",
            "cosine with restarts, T_mult 1",
            "cosine with restarts, T0 28.57, T_mult 1",
        ),
        ("onecycle:div=10", "one-cycle, div 10", "one-cycle, T 200, up 0.3, div 10"),
        ("plateau:cooldown=3", "on plateau, cooldown 3", None),
        ("plateau", "on plateau", "on plateau, factor 0.1, patience 10"),
        ("lr0/(1 +  k*t):k=0.05", "lr0/(1 + k*t), k 0.05", "lr0/(1 + k*t), k 0.05"),
        ("lr0*(1 - t/T)", "lr0*(1 - t/T)", "lr0*(1 - t/T), T 200"),
    ],
)
def test_describe(text: str, short: str, full: str | None) -> None:
    found = find_schedule(text)
    assert found.describe() == short
    assert found.describe(200) == (full or "on plateau, factor 0.1, patience 10, cooldown 3")


@pytest.mark.parametrize(
    "text",
    [*FORMULAS, "restarts:T_mult=1", "multistep:at=1/2/3", "lr0/(1 + k*t):k=2", "u = t/9; lr0*u"],
)
def test_matplotlib_can_set_the_latex(text: str) -> None:
    MathTextParser("path").parse(f"${find_schedule(text).latex}$")


def test_latex() -> None:
    assert find_schedule("1/t").latex == r"\frac{\alpha_0}{1 + k\,t}"
    assert find_schedule("step").latex == (r"\alpha_0\,\gamma^{\lfloor \frac{t}{s} \rfloor}")
    shown = find_schedule("restarts:T_mult=1").latex
    assert shown.startswith(r"\frac{\alpha_0}{2}\,\left(1 + \cos\left(\frac{\pi\,u}{T_{0}}\right)")
    assert shown.endswith(r",\quad u = t \,\mathrm{mod}\, T_{0}")
    assert find_schedule("plateau").latex == ""


# -- in a run --------------------------------------------------------------------------------

BOWL = "x**2/2 + 2*y**2"


def test_a_rule_s_own_schedule_with_options() -> None:
    for text in ("momentum:lr=0.1,schedule=warmup:w=10\\,f=0.5", "momentum:schedule=warmup:w=10"):
        rule = optimizer(text, lr=0.1)
        path = descend(BOWL, rule, start=(2, 1), steps=30)
        share = 0.5 if "f=" in text else 0.1
        expected = [0.1 * min(1, share + (1 - share) * t / 10) for t in range(31)]
        assert path.learning_rates.tolist() == pytest.approx(expected)


def test_plateau_follows_the_losses_of_the_path() -> None:
    path = descend(
        BOWL, "gd:lr=0.45", start=(3, 1), steps=200, noise=1.0, schedule="plateau:patience=4"
    )
    rate = Plateau({"patience": 4}).start(0.45, 200)
    expected = [rate(t, float(loss)) for t, loss in enumerate(path.losses)]
    assert path.learning_rates.tolist() == expected
    drops = np.unique(path.learning_rates)
    assert len(drops) >= 3
    assert np.all(np.diff(path.learning_rates) <= 0)


def test_two_runs_of_one_plateau_do_not_share_a_state() -> None:
    schedule = find_schedule("plateau:patience=1")
    first, second = schedule.start(1.0, 9), schedule.start(1.0, 9)
    assert [first(t, 1.0) for t in range(4)] == pytest.approx([1, 1, 0.1, 0.1])
    assert second(0, 1.0) == 1.0


def test_plateau_with_losses_that_are_no_numbers() -> None:
    rate = find_schedule("plateau:patience=2,factor=0.5").start(1.0, 20)
    assert [rate(t, math.nan) for t in range(6)] == [1, 1, 0.5, 0.5, 0.5, 0.25]
    rate = find_schedule("plateau:min_lr=2,patience=0").start(1.0, 20)
    assert [rate(t, 1.0) for t in range(4)] == [1, 1, 1, 1]  # never up


def test_decay_settles_where_a_constant_rate_rattles() -> None:
    def late(schedule: str) -> float:
        losses = [
            descend(
                BOWL,
                "gd:lr=0.3",
                start=(3, 1),
                steps=300,
                noise=1.0,
                seed=seed,
                schedule=schedule,
            ).losses[-50:]
            for seed in range(5)
        ]
        return float(np.mean(losses))

    rattling = late("constant")
    for text in ("1/t", "exponential", "step", "multistep", "cosine", "polynomial", "onecycle"):
        assert late(text) < rattling / 3, text


class Halves:
    """A schedule from elsewhere."""

    spec = "python:halves"
    latex = ""

    def start(self, first: float, count: int) -> Rates:
        return lambda t, loss: first / 2**t

    def describe(self, steps: int | None = None) -> str:
        return "halves"


def test_a_schedule_from_elsewhere() -> None:
    own: AnySchedule = Halves()
    assert find_schedule(own) is own
    path = descend(BOWL, "gd:lr=0.2", start=(2, 1), steps=3, schedule=own)
    assert path.learning_rates.tolist() == [0.2, 0.1, 0.05, 0.025]
