from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from landscape.descent import Trajectory, check_start, check_steps, descend
from landscape.errors import LandscapeError
from landscape.optimizers import Rule, optimizer
from landscape.optimizers.schedule import Schedule
from landscape.surfaces.surface import FormulaSurface

BOWL = "x**2/2 + 2*y**2"  # curvatures 1 and 4
START = (2.0, -1.5)


def gd(steps: int = 40, rate: float = 0.1, **options: Any) -> Trajectory:
    return descend(BOWL, "gd", start=START, steps=steps, learning_rate=rate, **options)


def closed_form(steps: int, rate: float) -> Any:
    k = np.arange(steps + 1)[:, None]
    return np.array(START) * (1 - rate * np.array([1.0, 4.0])) ** k


# -- what a trajectory holds -----------------------------------------------------------------------


def test_gd_on_a_quadratic_has_exact_iterates() -> None:
    path = gd()
    expected = closed_form(40, 0.1)
    np.testing.assert_allclose(path.points, expected, rtol=1e-13, atol=0)
    np.testing.assert_allclose(path.losses, expected**2 @ [0.5, 2.0], rtol=1e-13)
    np.testing.assert_allclose(path.gradients, expected * [1.0, 4.0], rtol=1e-13)


@pytest.mark.parametrize("steps", [1, 2, 7, 500])
def test_shapes(steps: int) -> None:
    path = descend(BOWL, "momentum", start=START, steps=steps, learning_rate=0.01)
    assert path.velocities is not None
    for array, shape in (
        (path.points, (steps + 1, 2)),
        (path.losses, (steps + 1,)),
        (path.gradients, (steps + 1, 2)),
        (path.learning_rates, (steps + 1,)),
        (path.velocities, (steps + 1, 2)),
        (path.evaluations, (steps + 1,)),
    ):
        assert array.shape == shape
        assert array.flags["C_CONTIGUOUS"]
    assert path.points.dtype == path.losses.dtype == np.float64
    assert len(path) == steps + 1


def test_row_0_is_the_start() -> None:
    path = descend(BOWL, "momentum", start=(1, 1), steps=3, learning_rate=0.01)
    assert path.points[0].tolist() == [1.0, 1.0]
    assert path.losses[0] == 2.5
    assert path.gradients[0].tolist() == [1.0, 4.0]
    assert path.velocities is not None
    assert path.velocities[0].tolist() == [0.0, 0.0]
    assert path.evaluations[0] == 0


def test_velocities_are_the_rules_v() -> None:
    path = descend(BOWL, "momentum", start=START, steps=30, learning_rate=0.01)
    assert path.velocities is not None
    np.testing.assert_allclose(path.velocities[1:], np.diff(path.points, axis=0), atol=1e-15)
    assert gd().velocities is None


def test_rules_count_steps_from_1_and_schedules_from_0() -> None:
    path = descend(BOWL, "p = p - lr*t", start=(0, 0), steps=3, learning_rate=1, schedule="lr0 + t")
    assert path.points[:, 0].tolist() == [0.0, -1.0, -5.0, -14.0]
    assert path.learning_rates.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_the_surfaces_own_start() -> None:
    surface = FormulaSurface(BOWL, start=(0.5, 0.25))
    assert descend(surface, steps=1, learning_rate=0.1).points[0].tolist() == [0.5, 0.25]


@pytest.mark.parametrize(
    ("rule", "each"),
    [
        ("gd", 1),
        ("nesterov", 1),
        ("nesterov:form=lookahead", 1),
        ("p = p - lr*(g + grad(p - lr*g))/2", 2),
        ("p = 0.9*p", 0),
    ],
)
def test_evaluations(rule: str, each: int) -> None:
    path = descend(BOWL, rule, start=START, steps=20, learning_rate=0.05)
    assert path.evaluations.tolist() == [each * k for k in range(21)]


def test_rates_under_a_schedule() -> None:
    path = gd(steps=10, schedule="lr0/(1 + t)")
    assert path.learning_rates.tolist() == [0.1 / (1 + t) for t in range(11)]
    factors = np.cumprod([1 - 0.1 / (1 + t) for t in range(10)])
    np.testing.assert_allclose(path.points[1:, 0], START[0] * factors, rtol=1e-13)
    same = gd(steps=10, schedule=Schedule("lr0/(1 + t)"))
    assert same.points.tobytes() == path.points.tobytes()
    assert gd(steps=3).learning_rates.tolist() == [0.1] * 4


def test_the_argument_wins_over_the_rules_rate() -> None:
    assert descend(BOWL, "gd:lr=0.5", steps=1, learning_rate=0.25).rule.learning_rate == 0.25
    assert descend(BOWL, "gd:lr=0.5", steps=1).rule.learning_rate == 0.5
    # So it does for a rule that is not the catalogue's, though it bears a name of it.
    own = Rule("adam", "p = p - 2*lr*g", {}, 0.1)
    path = descend(BOWL, own, start=START, steps=20, learning_rate=0.05)
    np.testing.assert_allclose(path.points, closed_form(20, 0.1), rtol=1e-12)


def test_words() -> None:
    path = gd(steps=3)
    assert path.label == "GD"
    assert (
        repr(path) == "<trajectory of GD on formula: 3 steps, loss 6.5 to 1.273, ran all 3 steps>"
    )
    assert descend(BOWL, Rule("mine", "p = p - lr*g", {}, 0.1), steps=1).label == "mine"


def test_progress_is_told() -> None:
    told: list[int] = []
    gd(steps=10_000, progress=told.append)
    assert told == [4096, 8192]


# -- endings ---------------------------------------------------------------------------------------


def ending(path: Trajectory) -> tuple[str, int]:
    return path.ending.outcome, path.ending.step


def test_finished() -> None:
    path = gd(steps=10)
    assert ending(path) == ("finished", 10)
    assert str(path.ending) == "ran all 10 steps"
    assert path.exits == ()


@pytest.mark.parametrize("tolerance", [1e-3, 1e-8])
def test_converged(tolerance: float) -> None:
    path = gd(steps=400, tolerance=tolerance)
    # The gradients are 2*0.9**k and -6*0.6**k: the first is the larger from k = 3 on.
    first = math.ceil(math.log(tolerance / 2) / math.log(0.9))
    assert ending(path) == ("converged", first)
    assert str(path.ending) == f"converged at step {first}"
    assert len(path) == 401  # it goes on all the same


def test_converged_from_the_start() -> None:
    assert ending(descend(BOWL, start=(0, 0), steps=5, learning_rate=0.1)) == ("converged", 0)


def test_a_small_gradient_while_it_still_moves_is_no_convergence() -> None:
    rule = Rule("drift", "v = v + 0*g; p = p + lr", {}, 0.1)
    path = descend("0*x + 1", rule, start=(0, 0), steps=20)
    assert ending(path) == ("finished", 20)


def test_left_the_domain() -> None:
    # |1 - 0.6*4| = 1.4: y = -1.5*(-1.4)**k passes 3 at k = 3, and stays outside from there.
    path = gd(steps=50, rate=0.6)
    first = math.ceil(math.log(3 / 1.5) / math.log(1.4))
    assert ending(path) == ("left the domain", first)
    assert path.exits == (first,)
    np.testing.assert_allclose(path.points, closed_form(50, 0.6), rtol=1e-12)  # nothing clipped
    assert np.abs(path.points).max() > 1e7


def test_leaves_and_comes_back() -> None:
    surface = FormulaSurface(BOWL, bounds=((-3.0, 3.0), (-1.0, 3.0)))
    # y = 1.5 * (-0.96)**k is below -1 for odd k up to 9 and stays above from there.
    path = descend(surface, "gd", start=(2.0, 1.5), steps=60, learning_rate=0.49)
    outside = [k for k in range(61) if 1.5 * (-0.96) ** k < -1]
    assert path.exits == tuple(outside)
    assert path.ending.outcome == "finished"


def test_starts_outside() -> None:
    path = descend(BOWL, "gd", start=(50, 0), steps=3, learning_rate=0.1)
    assert ending(path) == ("left the domain", 0)
    assert path.exits == ()


def test_diverged() -> None:
    # x**4/4 with a large step: |x| grows by a power of three each step until it overflows.
    path = descend("x**4/4 + y**2", "gd", start=(2, 0), steps=100, learning_rate=10)
    x, k = 2.0, 0
    while math.isfinite(x) and math.isfinite(x**4 if abs(x) < 1e77 else math.inf):
        x -= 10 * x**3
        k += 1
    assert ending(path) == ("diverged", k)
    # 2 - 10*8 is far outside already.
    assert str(path.ending) == f"left the domain at step 1, diverged at step {k}"
    assert len(path) == k + 1
    assert np.isfinite(path.points[:-1]).all()
    assert np.isfinite(path.losses[:-1]).all()
    assert not math.isfinite(path.losses[-1])
    for array in (path.gradients, path.learning_rates, path.evaluations):
        assert len(array) == k + 1


def test_diverged_at_a_slow_pace() -> None:
    # y = 2*(-3)**k: the loss 2*y**2 overflows long before y does.
    path = descend(BOWL, "gd", start=(0, 2), steps=2000, learning_rate=1)
    k = next(k for k in range(400) if 2 * (2 * 3**k) ** 2 > sys.float_info.max)
    assert ending(path) == ("diverged", k)
    assert path.points[-1, 1] == pytest.approx(2 * (-3.0) ** k, rel=1e-12)


def test_where_there_is_no_value_a_path_ends() -> None:
    path = descend("log(x) + y**2", "gd", start=(0.5, 0), steps=20, learning_rate=1)
    # 0.5 - 1/0.5 = -1.5, where log has no value.
    assert ending(path) == ("undefined", 1)
    assert str(path.ending) == "came to a point without a value at step 1"
    assert path.points[-1, 0] == -1.5
    assert math.isnan(path.losses[-1])


def test_a_path_that_overflows_to_nan_has_diverged() -> None:
    # Far out inf - inf is NaN: that is no hole in the surface.
    path = descend("x**4 - x**3*y + y**2", "gd", start=(2, 1), steps=100, learning_rate=5)
    assert path.ending.outcome == "diverged"
    assert path.ending.outside == 1


def test_a_start_outside_that_stays_there() -> None:
    path = descend(BOWL, "gd", start=(50, 0), steps=2, learning_rate=0.01)
    assert str(path.ending) == "outside the domain from the start"


def test_infinite_gradient_at_the_start() -> None:
    # exp(709) is finite, a thousand times that is not.
    path = descend("exp(x*1000) + y", start=(0.709, 0), steps=3, learning_rate=0.1)
    assert math.isfinite(path.losses[0])
    assert ending(path) == ("diverged", 0)
    assert len(path) == 1


def test_huge_but_finite_is_not_diverged() -> None:
    path = descend("0*x + 1", "p = p*10:lr=1", start=(1e300, 1e300), steps=8)
    assert ending(path) == ("left the domain", 0)
    assert path.points[-1, 0] == pytest.approx(1e308)


# -- noise -----------------------------------------------------------------------------------------


def test_noise_is_the_seeds() -> None:
    one, same, other = (gd(noise=0.5, seed=seed) for seed in (1, 1, 2))
    assert one.points.tobytes() == same.points.tobytes()
    assert one.gradients.tobytes() == same.gradients.tobytes()
    assert one.points.tobytes() != other.points.tobytes()
    assert gd(noise=0.0, seed=1).points.tobytes() == gd().points.tobytes()


def test_noise_is_gaussian_of_its_width() -> None:
    path = descend(BOWL, "gd", start=START, steps=20_000, learning_rate=0.01, noise=0.7, seed=5)
    extra = path.gradients - path.points * [1.0, 4.0]
    n = extra.size
    assert abs(extra.mean()) < 5 * 0.7 / math.sqrt(n)
    assert extra.std() == pytest.approx(0.7, rel=5 / math.sqrt(2 * n))
    assert abs(np.corrcoef(extra.T)[0, 1]) < 5 / math.sqrt(n / 2)
    assert abs(np.mean(extra**4) / np.var(extra) ** 2 - 3) < 0.2
    # The loss is the surface's own, without noise.
    np.testing.assert_allclose(path.losses, path.points**2 @ [0.5, 2.0], rtol=1e-12)


def test_the_rule_is_given_the_noise() -> None:
    path = gd(noise=0.5)
    np.testing.assert_allclose(np.diff(path.points, axis=0), -0.1 * path.gradients[:-1], atol=1e-14)


def test_same_bytes_on_any_number_of_threads() -> None:
    code = (
        "import hashlib\n"
        "from landscape.descent import descend\n"
        "total = hashlib.sha256()\n"
        "for rule in ('gd', 'momentum', 'adam:lr=0.05', 'nesterov:form=lookahead,lr=1e-3'):\n"
        "    path = descend('beale', rule, steps=300, noise=0.1, seed=3)\n"
        "    total.update(path.points.tobytes() + path.gradients.tobytes())\n"
        "print(total.hexdigest())\n"
    )
    found = set()
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, threads), "PYTHONHASHSEED": threads}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        found.add(done.stdout)
    total = hashlib.sha256()
    for rule in ("gd", "momentum", "adam:lr=0.05", "nesterov:form=lookahead,lr=1e-3"):
        path = descend("beale", rule, steps=300, noise=0.1, seed=3)
        total.update(path.points.tobytes() + path.gradients.tobytes())
    assert found == {total.hexdigest() + "\n"}


# -- bad arguments ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"steps": 0}, "steps must be a whole number from 1"),
        ({"steps": -1}, "steps must be"),
        ({"steps": 1.5}, "steps must be"),
        ({"steps": 10**8}, "steps must be"),
        ({"steps": math.nan}, "steps must be"),
        ({"steps": math.inf}, "steps must be"),
        ({"steps": "many"}, "steps must be a whole number from 1 to 10000000: 'many' came"),
        ({"steps": "many"}, "steps must be"),
        ({"steps": True}, "steps must be"),
        ({"start": (1,)}, "a start is x,y"),
        ({"start": (1, 2, 3)}, "a start is x,y"),
        ({"start": "12"}, "a start is x,y"),
        ({"start": 5}, "a start is x,y"),
        ({"start": ("a", "b")}, "a start is x,y"),
        ({"start": (math.nan, 0)}, "a start must be finite"),
        ({"start": (math.inf, 0)}, "a start must be finite"),
        ({"start": (1e200, 0)}, "no finite value at the start"),
        ({"learning_rate": 0}, "must be a finite number above 0"),
        ({"learning_rate": -1}, "above 0"),
        ({"learning_rate": math.nan}, "must be finite"),
        ({"learning_rate": math.inf}, "must be finite"),
        ({"learning_rate": "fast"}, "the learning rate must be a number: 'fast' came"),
        ({"noise": -1}, "noise must be 0 or more"),
        ({"noise": math.nan}, "noise must be finite"),
        ({"noise": math.inf}, "noise must be finite"),
        ({"noise": "loud"}, "noise must be a number"),
        ({"noise": 1.0, "seed": -1}, "a seed is a whole number from 0: -1 came"),
        ({"noise": 1.0, "seed": 1.5}, "a seed is"),
        ({"noise": 1.0, "seed": "a"}, "a seed is"),
        ({"tolerance": -1}, "tolerance must be 0 or more"),
        ({"tolerance": math.nan}, "tolerance must be finite"),
        ({"schedule": "lr0 - t"}, "a rate must be 0 or more"),
        ({"schedule": "lr0*q"}, "unknown name 'q'"),
        ({"schedule": 5}, "schedule must be text"),
    ],
)
def test_refuses(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(LandscapeError, match=reason) as caught:
        descend(BOWL, "gd", **{"start": START, "steps": 5, "learning_rate": 0.1, **options})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("surface", "rule", "reason"),
    [
        ("bele", "gd", "did you mean beale"),
        ("x +", "gd", "cannot read"),
        (BOWL, "gdd", "did you mean gd"),
        (BOWL, None, "a name or a formula"),
        (None, "gd", "a name or a formula"),
        ("log(x)", "gd", "no finite value at the start"),
    ],
)
def test_refuses_surfaces_and_rules(surface: Any, rule: Any, reason: str) -> None:
    with pytest.raises(LandscapeError, match=reason):
        descend(surface, rule, start=(-1, 0), steps=5, learning_rate=0.1)


def test_checks_return_what_they_checked() -> None:
    surface = FormulaSurface(BOWL)
    assert check_start(np.array([1, 2]), surface) == (1.0, 2.0)
    assert check_start(["1", "2.5"], surface) == (1.0, 2.5)
    assert check_steps(np.int64(7)) == 7
    assert type(check_steps(7.0)) is int
    assert descend(BOWL, optimizer("gd", lr=0.1), steps=2, seed=int(np.int64(3)), noise=0.1)


def test_several_rules_are_several_calls() -> None:
    with pytest.raises(LandscapeError, match="takes one optimizer, call it for each"):
        descend(BOWL, ["gd", "adam"])  # type: ignore[arg-type]


def test_a_rule_s_own_schedule_wins() -> None:
    path = descend(BOWL, "gd:lr=0.1,schedule=lr0/(1 + t)", steps=3, schedule="lr0*2", start=START)
    assert path.learning_rates.tolist() == [0.1, 0.05, 0.1 / 3, 0.025]
    assert path.epochs is None


def test_batches_need_data() -> None:
    with pytest.raises(LandscapeError, match="no examples"):
        descend(BOWL, "gd:lr=0.1,batch=4", steps=3)
