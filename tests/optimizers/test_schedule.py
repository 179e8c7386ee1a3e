from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from landscape.errors import LandscapeError
from landscape.optimizers.schedule import Schedule

# The schedules of the lecture, beside the same written as Python.
KNOWN: dict[str, Callable[[float, int], float]] = {
    "lr0": lambda lr, t: lr,
    "0.05": lambda lr, t: 0.05,
    "lr0*0.5**floor(t/20)": lambda lr, t: lr * 0.5 ** (t // 20),
    "lr0*exp(-0.03*t)": lambda lr, t: lr * math.exp(-0.03 * t),
    "lr0/(1 + 0.05*t)": lambda lr, t: lr / (1 + 0.05 * t),
    "lr0/sqrt(1 + t)": lambda lr, t: lr / math.sqrt(1 + t),
    "lr0/2*(1 + cos(pi*t/99))": lambda lr, t: lr / 2 * (1 + math.cos(math.pi * t / 99)),
    "lr0/2*(1 + cos(pi*(t % 25)/25))": lambda lr, t: (
        lr / 2 * (1 + math.cos(math.pi * (t % 25) / 25))
    ),
    "lr0*min(1, (t + 1)/10)": lambda lr, t: lr * min(1, (t + 1) / 10),
    "lr0*(1 - t/100)**2": lambda lr, t: lr * (1 - t / 100) ** 2,
    "where(t < 10, lr0*(t + 1)/10, lr0*0.99**(t - 10))": lambda lr, t: (
        lr * (t + 1) / 10 if t < 10 else lr * 0.99 ** (t - 10)
    ),
    "lr0 if t < 50 else lr0/10": lambda lr, t: lr if t < 50 else lr / 10,
    "u = t/100; lr0*(1 - u)": lambda lr, t: lr * (1 - t / 100),
}


@pytest.mark.parametrize("formula", KNOWN)
def test_rates(formula: str) -> None:
    rates = Schedule(formula).rates(0.3, 100)
    assert list(rates) == pytest.approx([KNOWN[formula](0.3, t) for t in range(100)], rel=1e-12)
    assert all(type(rate) is float for rate in rates)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("lr0 - 0.01*t", "gives -0.01 at t=11"),
        ("lr0/(t - 3)", "at t=0: a rate must be 0 or more"),
        ("lr0/abs(t - 3)", "gives inf at t=3"),
        ("lr0*log(0*lr0 - 1 - t)", "gives nan at t=0"),
        ("lr0*exp(t*t)", "gives inf at t=27"),
    ],
)
def test_a_rate_that_is_none(formula: str, reason: str) -> None:
    with pytest.raises(LandscapeError, match=reason) as caught:
        Schedule(formula).rates(0.1, 30)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("lr0*k", "unknown name 'k' in schedule"),
        ("lr", "did you mean lr0"),
        ("p*lr0", "unknown name 'p'"),
        ("", "schedule is empty"),
        ("cosine", "unknown name 'cosine'"),
        ("rate = lr0", "schedule 'rate = lr0' has no value"),
        ("lr0.real", "cannot read"),
        ("9**9**9**9", "no finite value"),
        (None, "schedule must be text"),
    ],
)
def test_refuses(formula: str, reason: str) -> None:
    with pytest.raises(LandscapeError, match=reason):
        Schedule(formula)


def test_a_rate_of_0_is_a_rate() -> None:
    assert list(Schedule("max(0, lr0 - t)").rates(1.0, 3)) == [1.0, 0.0, 0.0]


def test_latex() -> None:
    assert Schedule("lr0/(1 + 0.1*t)").latex == r"\frac{\alpha_0}{1 + 0.1\,t}"
