"""The solvers: SciPy's iterates against a plain call of SciPy, Newton's by what they must do."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from landscape.descent import Trajectory, descend
from landscape.errors import LandscapeError
from landscape.optimizers import SOLVERS, Solver, optimizer, rule_spec
from landscape.optimizers.tuning import Conditions
from landscape.presets import choose_rate, preset_rule
from landscape.surfaces import surface as find_surface
from landscape.surfaces.surface import FormulaSurface

optimize: Any = pytest.importorskip("scipy.optimize")

FORMS = [(name, form) for name, entry in SOLVERS.items() for form in entry.forms]
PLACES = [("beale", (1.0, 1.6)), ("rosenbrock", (-1.2, 1.0)), ("himmelblau", (0.0, -3.0))]
METHODS = {"cg": "CG", "bfgs": "BFGS", "lbfgs": "L-BFGS-B"}
BOWL = "x**2/2 + 10*y**2 + x*y"


def plain(name: str, start: Any, **options: Any) -> Any:
    """Return what a plain call of SciPy gives, with its default options."""
    surface = find_surface(name)
    return optimize.minimize(
        lambda p: surface.value_at(p[0], p[1]),
        np.array(start),
        jac=lambda p: np.array(surface.gradient_at(p[0], p[1])),
        **options,
    )


# -- as SciPy does it ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "start"), PLACES)
@pytest.mark.parametrize("solver", METHODS)
def test_line_searches_are_scipys(solver: str, name: str, start: tuple[float, float]) -> None:
    seen: list[Any] = []
    calls: list[int] = []
    surface = find_surface(name)
    count = 0

    def value(p: Any) -> float:
        nonlocal count
        count += 1
        return surface.value_at(p[0], p[1])

    def gradient(p: Any) -> Any:
        nonlocal count
        count += 1
        return np.array(surface.gradient_at(p[0], p[1]))

    def note(p: Any) -> None:
        seen.append(p.copy())
        calls.append(count)

    result = optimize.minimize(
        value, np.array(start), jac=gradient, method=METHODS[solver], callback=note
    )
    path = descend(name, solver, start=start, steps=1000)
    assert result.success
    assert len(path) - 1 == result.nit == len(seen)
    assert path.points[0].tolist() == list(start)
    np.testing.assert_array_equal(path.points[1:], seen)
    np.testing.assert_array_equal(path.points[-1], result.x)
    assert path.losses[-1] == result.fun
    assert path.evaluations.tolist() == [0, *calls]
    assert path.evaluations[-1] == result.nfev + result.njev
    assert (path.ending.outcome, path.ending.step) == ("converged", result.nit)
    assert path.losses[-1] < 1e-9


@pytest.mark.parametrize("solver", METHODS)
def test_steps_are_the_most_lines(solver: str) -> None:
    whole = descend("rosenbrock", solver, start=(-1.2, 1), steps=1000)
    part = descend("rosenbrock", solver, start=(-1.2, 1), steps=7)
    assert len(part) == 8
    np.testing.assert_array_equal(part.points, whole.points[:8])
    assert part.ending.outcome == "finished"
    assert str(part.ending) == "ran all 7 steps"


def test_options_reach_scipy() -> None:
    start = (-1.2, 1.0)
    options = {"gtol": 1e-2, "maxcor": 1, "ftol": 0.0}
    result = plain("rosenbrock", start, method="L-BFGS-B", options=options)
    path = descend("rosenbrock", "lbfgs:gtol=0.01,memory=1,ftol=0", start=start, steps=1000)
    assert len(path) - 1 == result.nit
    np.testing.assert_array_equal(path.points[-1], result.x)
    assert len(path) != len(descend("rosenbrock", "lbfgs", start=start, steps=1000))
    loose = descend("rosenbrock", "bfgs:gtol=1", start=start, steps=1000)
    assert np.abs(loose.gradients[-1]).max() <= 1


@pytest.mark.parametrize(("name", "start"), [*PLACES, ("himmelblau", (0.0, 0.0))])
def test_nelder_mead_is_scipys(name: str, start: tuple[float, float]) -> None:
    surface = find_surface(name)
    best: list[Any] = []
    result = optimize.minimize(
        lambda p: surface.value_at(p[0], p[1]),
        np.array(start),
        method="Nelder-Mead",
        callback=lambda p: best.append(p.copy()),
    )
    path = descend(name, "nelder_mead", start=start, steps=1000)
    # SciPy counts the first triangle as an iteration.
    assert len(path) == result.nit == len(best) + 1
    np.testing.assert_array_equal(path.points[1:], best)
    assert path.simplices is not None
    assert path.simplices.shape == (len(path), 3, 2)
    np.testing.assert_array_equal(path.simplices[-1], result.final_simplex[0])
    assert path.evaluations[-1] == result.nfev
    assert (path.ending.outcome, path.ending.step) == ("converged", len(path) - 1)


def test_the_triangles() -> None:
    path = descend("beale", "nelder_mead:size=0.5", start=(1, 1.6), steps=60)
    assert path.simplices is not None
    assert path.simplices[0].tolist() == [[1, 1.6], [1.5, 1.6], [1, 2.1]]
    np.testing.assert_array_equal(path.simplices[:, 0], path.points)
    surface = path.surface
    losses = [[surface.value_at(*corner) for corner in simplex] for simplex in path.simplices]
    for row, after in pairwise(losses[1:]):
        assert row == sorted(row)
        assert after[0] <= row[0]
    # Each step keeps two corners, or the best one when the triangle shrinks.
    for before, after in pairwise(path.simplices):
        kept = sum(any((corner == old).all() for old in before) for corner in after)
        assert kept in (1, 2)
    # The first triangle in SciPy's own size.
    own = descend("beale", "nelder_mead", start=(1, 0), steps=3)
    assert own.simplices is not None
    assert own.simplices[0].tolist() == [[1, 0], [1.05, 0], [1, 0.00025]]
    # It has no gradients of its own; those that are shown are the surface's.
    assert path.gradients[5].tolist() == list(surface.gradient_at(*path.points[5]))


@pytest.mark.parametrize("seed", [0, 1])
def test_dual_annealing_is_scipys(seed: int) -> None:
    surface = find_surface("himmelblau")
    visited: list[Any] = []

    def value(p: Any) -> float:
        visited.append(p.copy())
        return surface.value_at(p[0], p[1])

    start = (1.0, -2.0)
    optimize.dual_annealing(
        value,
        surface.bounds,
        maxfun=400,
        x0=np.array(start),
        rng=np.random.default_rng(seed),
        minimizer_kwargs={
            "method": "L-BFGS-B",
            "jac": lambda p: np.array(surface.gradient_at(p[0], p[1])),
            "bounds": surface.bounds,
        },
    )
    path = descend("himmelblau", "dual_annealing", start=start, steps=300, seed=seed)
    assert len(path) == 301
    np.testing.assert_array_equal(path.points[:-1], visited[:300])
    assert path.losses[-1] == path.losses[:-1].min()
    assert path.losses[-1] < 1e-9
    (x0, x1), (y0, y1) = surface.bounds
    assert ((path.points >= [x0, y0]) & (path.points <= [x1, y1])).all()
    assert path.ending.outcome == "finished"


def test_dual_annealing_is_the_seeds() -> None:
    one, same, other = (
        descend("himmelblau", "dual_annealing", steps=100, seed=seed) for seed in (5, 5, 6)
    )
    assert one.points.tobytes() == same.points.tobytes()
    assert one.points.tobytes() != other.points.tobytes()
    longer = descend("himmelblau", "dual_annealing", steps=150, seed=5)
    assert longer.points[:100].tobytes() == one.points[:100].tobytes()


def test_dual_annealing_stays_within_the_domain() -> None:
    with pytest.raises(LandscapeError, match="stays within the domain: the start 50,0 is not"):
        descend("himmelblau", "dual_annealing", start=(50, 0), steps=10)


def test_finds_the_lowest_of_many() -> None:
    # A bowl full of dents: the others stop in the first.
    surface = "x**2 + y**2 + 20 - 10*cos(2*pi*x) - 10*cos(2*pi*y)"
    ends = {
        name: descend(surface, name, start=(2.1, 1.9), steps=1500).losses[-1]
        for name in ("bfgs", "nelder_mead", "dual_annealing")
    }
    assert ends["dual_annealing"] < 1e-8
    assert min(ends["bfgs"], ends["nelder_mead"]) > 1


# -- Newton ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pure", "backtracking"])
def test_newton_does_a_bowl_in_one_step(form: str) -> None:
    path = descend(BOWL, f"newton:form={form}", start=(2.0, -1.5), steps=20)
    np.testing.assert_allclose(path.points[1], 0, atol=1e-14)
    assert (path.ending.outcome, path.ending.step) == ("converged", 1)


def test_pure_newton_goes_to_the_saddle_and_the_damped_one_does_not() -> None:
    surface = "x**2 - y**2 + y**4/4"  # minima at y = ±sqrt(2)
    pure, damped = (
        descend(surface, f"newton:form={form}", start=(1.0, 0.2), steps=40)
        for form in ("pure", "backtracking")
    )
    np.testing.assert_allclose(pure.points[-1], [0, 0], atol=1e-9)
    np.testing.assert_allclose(damped.points[-1], [0, math.sqrt(2)], atol=1e-8)
    assert pure.ending.outcome == damped.ending.outcome == "converged"


@pytest.mark.parametrize(("name", "start"), PLACES)
@pytest.mark.parametrize("damping", [0.0, 0.3])
def test_damped_steps_are_what_they_say(
    name: str, start: tuple[float, float], damping: float
) -> None:
    path = descend(name, "newton", start=start, steps=200)
    path = descend(name, f"newton:damping={damping}", start=start, steps=200)
    surface = path.surface
    assert isinstance(surface, FormulaSurface)
    for p, q, loss, after in zip(
        path.points, path.points[1:], path.losses, path.losses[1:], strict=False
    ):
        g = np.array(surface.gradient_at(*p))
        shifted = surface.hessian(*p) + damping * np.eye(2)
        lowest, highest = np.linalg.eigvalsh(shifted)
        if lowest <= 1e-8 * max(abs(lowest), abs(highest)):
            above = max(-lowest, 1e-3 * max(abs(lowest), abs(highest)))
            shifted = shifted + (above - lowest) * np.eye(2)
        whole = -np.linalg.solve(shifted, g)
        share = np.linalg.norm(q - p) / np.linalg.norm(whole)
        np.testing.assert_allclose(q - p, share * whole, rtol=1e-5, atol=1e-12)
        assert abs(math.log2(share) - round(math.log2(share))) < 1e-5  # whole or halved
        assert after <= loss + 1e-4 * share * (g @ whole) + 1e-15 * abs(loss)
        if share < 0.9:  # twice as far would not have been low enough
            further = surface.value_at(*(p + 2 * share * whole))
            assert further > loss + 2e-4 * share * (g @ whole)
    assert path.losses[-1] < 1e-12
    assert path.ending.outcome == "converged"


def test_newton_counts_what_it_asks_for() -> None:
    # The loss at the start; then gradient, Hessian and one trial; then the gradient that ends it.
    path = descend(BOWL, "newton", start=(2.0, -1.5), steps=20)
    assert path.evaluations.tolist() == [0, 4]
    pure = descend(BOWL, "newton:form=pure", start=(2.0, -1.5), steps=20)
    assert pure.evaluations.tolist() == [0, 2]


def test_newton_where_there_is_no_inverse() -> None:
    path = descend("x**2 + y", "newton:form=pure", start=(1, 1), steps=5)
    assert path.ending.outcome == "stopped"
    assert str(path.ending) == "stopped at step 0: the Hessian has no inverse"
    assert len(path) == 1
    # The damped form shifts it and walks on, down the slope without end.
    assert len(descend("x**2 + y", "newton", start=(1, 1), steps=5)) == 6


def test_newton_needs_a_hessian() -> None:
    with pytest.raises(LandscapeError, match="newton needs second derivatives"):
        descend("rnn_cliff", "newton", steps=2)


# -- endings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["cg", "bfgs", "lbfgs", "nelder_mead"])
def test_a_surface_without_a_floor_is_left(solver: str) -> None:
    path = descend("x**3 + y**2", solver, start=(-1, 1), steps=100)
    assert path.ending.outcome in ("left the domain", "diverged")
    assert np.isfinite(path.points[:-1]).all()
    assert np.isfinite(path.losses[:-1]).all()


def test_where_a_line_search_fails_the_path_stops() -> None:
    # At the kink every direction that the gradient promises goes uphill.
    path = descend("abs(x) + 3*abs(y) + x*0", "bfgs", start=(1.0, 0.7), steps=200)
    assert path.ending.outcome == "stopped"
    assert path.ending.reason == "the line search finds no lower point"
    assert len(path) < 201


def test_noise_reaches_a_solver() -> None:
    calm = descend("beale", "bfgs", steps=50)
    one, same = (descend("beale", "bfgs", steps=50, noise=0.5, seed=3) for _ in range(2))
    assert one.points.tobytes() == same.points.tobytes()
    assert one.points.tobytes() != calm.points.tobytes()
    # What is shown is what it was given.
    assert not np.array_equal(one.gradients[0], one.surface.gradient_at(*one.points[0]))


# -- as the rest of the package sees them ----------------------------------------------------------


def walk(name: str, form: str) -> Trajectory:
    return descend("beale", f"{name}:form={form}", start=(1, 1.6), steps=25)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_a_trajectory_as_any_other(name: str, form: str) -> None:
    path = walk(name, form)
    n = len(path)
    assert 1 < n <= 26
    assert path.points.shape == path.gradients.shape == (n, 2)
    assert path.losses.shape == path.evaluations.shape == path.learning_rates.shape == (n,)
    assert np.isnan(path.learning_rates).all()
    assert path.velocities is None
    assert path.epochs is None
    assert path.points[0].tolist() == [1, 1.6]
    assert path.evaluations[0] == 0
    assert (np.diff(path.evaluations) >= 1).all() or name == "dual_annealing"
    losses = [path.surface.value_at(x, y) for x, y in path.points]
    assert path.losses.tolist() == losses
    assert path.label == SOLVERS[name].label
    assert path.points.tobytes() == walk(name, form).points.tobytes()
    assert (path.simplices is None) == (name != "nelder_mead")
    assert path.label in repr(path)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_a_solver_has_what_shows_a_rule(name: str, form: str) -> None:
    solver = optimizer(f"{name}:form={form}")
    assert isinstance(solver, Solver)
    assert (solver.name, solver.form, solver.label) == (name, form, SOLVERS[name].label)
    assert solver.formula == SOLVERS[name].forms[form].formula
    assert (solver.learning_rate, solver.schedule, solver.batch) == (None, "", None)
    assert solver.latex == []
    assert "nan" not in solver.describe()
    assert replace(solver, label="Mine").label == "Mine"
    assert optimizer(solver) is solver
    assert optimizer(rule_spec(solver)) == solver


@pytest.mark.parametrize(
    ("spec", "written", "told"),
    [
        ("BFGS", "bfgs", ""),
        ("l-bfgs-b:memory=5", "lbfgs:memory=5.0", ""),
        ("newton", "newton", ""),
        ("newton:damping=0.5,form=pure", "newton:form=pure,damping=0.5", "damping 0.5"),
        ("simplex:size=1,label=Amoeba", "nelder_mead:size=1.0,label=Amoeba", "size 1"),
        ("cg:gtol=1e-5", "cg", ""),
        ("annealing:temperature=100", "dual_annealing:temperature=100.0", "temperature 100"),
    ],
)
def test_written_and_told(spec: str, written: str, told: str) -> None:
    solver = optimizer(spec)
    assert rule_spec(solver) == written
    assert optimizer(written) == solver
    assert solver.describe() == told


def test_a_solver_has_no_rate_to_choose() -> None:
    where = find_surface("ravine")
    solver = preset_rule(where, "bfgs")
    assert choose_rate(where, solver, [(1.0, 1.0)], 10, Conditions()) == (solver, False)
    # A schedule is for those that have a rate.
    path = descend(where, "bfgs", steps=5, schedule="lr0/(1 + t)")
    assert path.points.tobytes() == descend(where, "bfgs", steps=5).points.tobytes()


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("bfgs:lr=0.1", "bfgs chooses its own steps on the whole loss: leave lr away"),
        ("cg:schedule=lr0/t", "leave schedule away"),
        ("newton:batch=3", "leave batch away"),
        ("bfgs:gtoll=1", "unknown hyper-parameter of bfgs 'gtoll': did you mean gtol"),
        ("newton:form=full", "unknown form of newton"),
        ("newton:damping=high", "damping of newton must be a number"),
        ("newton:damping=-1", "damping of newton must be at least 0: -1 came"),
        ("lbfgs:memory=0", "memory of lbfgs must be at least 1 and 1000 at most: 0 came"),
        ("dual_annealing:visit=5", "visit of dual_annealing must be at least 1.01 and 3 at most"),
        ("nelder_mead:xatol=nan", "must be finite"),
    ],
)
def test_refuses(spec: str, reason: str) -> None:
    with pytest.raises(LandscapeError, match=reason) as caught:
        optimizer(spec)
    assert "\n" not in str(caught.value)


def test_no_rate_and_no_batch_for_a_solver() -> None:
    with pytest.raises(LandscapeError, match="bfgs chooses its own steps"):
        descend("ravine", "bfgs", learning_rate=0.1)
    with pytest.raises(LandscapeError, match="bfgs works on the whole loss"):
        descend("ravine", "bfgs", batch=3)


def test_a_solver_that_is_not_the_catalogues_has_no_text() -> None:
    odd = replace(optimizer("bfgs"), name="mine")
    with pytest.raises(LandscapeError, match="solver 'mine' is not the catalogue's"):
        rule_spec(odd)


@pytest.mark.parametrize("name", [name for name in SOLVERS if name != "newton"])
def test_without_scipy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(LandscapeError, match=r"needs SciPy: install it with .*\[scipy\]"):
        descend("ravine", name, steps=3)
    assert descend("ravine", "newton", steps=3).losses[-1] < 1e-20
