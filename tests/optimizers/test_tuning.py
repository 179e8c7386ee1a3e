from __future__ import annotations

import math

import pytest

from landscape.descent import Trajectory, descend
from landscape.optimizers import RULES, Rule, find_rule
from landscape.optimizers.tuning import RATES, tune
from landscape.surfaces.surface import FormulaSurface


def test_the_series() -> None:
    assert RATES[0] == 1e-6
    assert RATES[-1] == 10.0
    assert list(RATES) == sorted(set(RATES))
    assert len(RATES) == 22
    for rate in RATES:
        digit = rate / 10 ** math.floor(math.log10(rate) + 1e-9)
        assert round(digit, 9) in (1, 2, 5)


@pytest.mark.parametrize(
    ("curvature", "best"),
    [(1.0, 1.0), (2.0, 0.5), (20.0, 0.05), (500.0, 0.002), (1e4, 1e-4)],
)
def test_gd_on_a_bowl_takes_the_inverse_of_the_curvature(curvature: float, best: float) -> None:
    # 1/curvature reaches the minimum in one step, and is in the series.
    bowl = FormulaSurface(f"{curvature / 2!r}*(x**2 + y**2)")
    assert tune(bowl, find_rule("gd"), start=(1.0, -2.0), steps=50) == best


def score(surface: FormulaSurface, rule: Rule, steps: int, rate: float) -> tuple[float, float]:
    """Return how good a rate is by its whole path, as the docstring words it; less is better."""
    (x0, x1), (y0, y1) = surface.bounds
    path = descend(surface, rule, steps=steps, learning_rate=rate)
    left = [k for k, (x, y) in enumerate(path.points[1:]) if not (x0 <= x <= x1 and y0 <= y <= y1)]
    late = path.losses[1:][-max(1, steps // 4) :]
    return (-left[0], 0.0) if left else (-steps, float(late.mean()))


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("steps", [1, 3, 60])
def test_does_as_it_says(name: str, steps: int) -> None:
    surface = FormulaSurface("x**2 + 4*y**2 + sin(3*x)", start=(2.0, 1.0))
    rule = find_rule(name)
    scores = [score(surface, rule, steps, rate) for rate in RATES]
    best = RATES[scores.index(min(scores))]
    found = tune(surface, rule, start=surface.start, steps=steps)
    if RATES[0] < best < RATES[-1]:
        assert found == best
    else:  # the series goes on from its end
        assert found <= RATES[0] or found >= RATES[-1]
        assert score(surface, rule, steps, found) <= min(scores)


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e3, 1e9, 1e12])
def test_the_scale_of_the_surface_is_no_obstacle(scale: float) -> None:
    bowl = FormulaSurface(f"{scale!r}*(x**2 + y**2)/2")
    assert tune(bowl, find_rule("gd"), start=(1.0, -2.0), steps=50) == pytest.approx(1 / scale)


def test_where_every_rate_leaves_the_smallest_is_taken() -> None:
    slope = FormulaSurface("-x*1e20", bounds=((0.0, 1.0), (0.0, 1.0)))
    assert tune(slope, find_rule("gd"), start=(0.5, 0.5), steps=10) == 1e-15


def test_where_nothing_differs_the_smaller_is_taken() -> None:
    flat = FormulaSurface("0*x + 7")
    assert tune(flat, find_rule("gd"), start=(1.0, 1.0), steps=10) == RATES[0]


def test_a_path_that_ends_in_nan_has_left() -> None:
    # log has no value on the left: the steps that jump there must not win.
    surface = FormulaSurface("x - log(x) + y**2", bounds=((-5.0, 5.0), (-5.0, 5.0)))
    rate = tune(surface, find_rule("gd"), start=(0.5, 1.0), steps=100)
    path = descend(surface, "gd", start=(0.5, 1.0), steps=100, learning_rate=rate)
    assert path.ending.outcome in ("converged", "finished")
    assert path.losses[-1] == pytest.approx(1.0, abs=1e-3)


def test_start_outside_the_domain_is_no_error() -> None:
    bowl = FormulaSurface("x**2 + y**2")
    assert tune(bowl, find_rule("gd"), start=(100.0, 0.0), steps=5) in RATES


def test_descend_asks_for_its_own_steps() -> None:
    surface = FormulaSurface("x**2 + 4*y**2 + sin(3*x)", start=(2.0, 1.0))
    for steps in (3, 60):
        path = descend(surface, "momentum", steps=steps)
        assert path.rule.learning_rate == tune(
            surface, find_rule("momentum"), start=surface.start, steps=steps
        )


def test_long_paths_are_judged_by_their_first_2000_steps() -> None:
    bowl = FormulaSurface("x**2 + 3*y**2")
    rule = find_rule("gd")
    assert tune(bowl, rule, start=(1.0, 1.0), steps=10**7) == tune(
        bowl, rule, start=(1.0, 1.0), steps=2000
    )


def rate_of(path: Trajectory) -> float:
    assert path.rule.learning_rate is not None
    return path.rule.learning_rate


def test_mini_batches_get_a_rate_that_suits_them() -> None:
    path = descend("data:line,noise=2", "gd", batch=1, steps=200)
    assert path.ending.outcome == "finished"
    whole = descend("data:line,noise=2", "gd", steps=200)
    assert rate_of(path) < rate_of(whole)
    # The one that is chosen is the best of the series for this very run.
    late = {
        rate: float(
            descend(
                "data:line,noise=2", "gd", batch=1, steps=200, learning_rate=rate
            ).losses[-50:].mean()
        )
        for rate in (0.005, 0.01, 0.02, 0.05)
    }  # fmt: skip
    assert min(late, key=lambda rate: late[rate]) == rate_of(path)


def test_noise_and_schedule_of_the_run_are_those_of_the_search() -> None:
    bowl = FormulaSurface("x**2 + 10*y**2")
    quiet = descend(bowl, "gd", steps=200)
    noisy = descend(bowl, "gd", steps=200, noise=10.0)
    assert rate_of(noisy) < rate_of(quiet)
    falling = descend(bowl, "gd", steps=200, schedule="lr0/100")
    assert rate_of(falling) > rate_of(quiet)


def test_of_several_starts_one_that_must_leave_has_no_veto() -> None:
    # Right of 2 the surface falls for ever: that start leaves the domain at every useful rate.
    surface = FormulaSurface("where(x < 2, x**2 + y**2, 4 + y**2 - 3*(x - 2))")
    rule = find_rule("gd")
    starts = [(-1.0, 1.0), (2.8, 1.0), (1.0, -2.0)]
    alone = tune(surface, rule, start=starts[0], steps=100)
    assert tune(surface, rule, start=starts[1], steps=100) < alone
    for order in (starts, starts[::-1]):
        assert tune(surface, rule, start=order, steps=100) == alone
