"""Many paths at once end as `descend` says of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.maps.outcomes import OUTCOMES, Outcomes
from landscape.maps.walk import Paths, with_values
from landscape.optimizers.lookup import optimizer
from landscape.surfaces.lookup import surface
from landscape.surfaces.surface import Surface

Array = NDArray[Any]


def starts(where: Surface, count: int, seed: int = 0) -> tuple[Array, Array]:
    """Return random starts, a tenth of the domain's width beyond it at most."""
    (x0, x1), (y0, y1) = where.bounds
    across, up = np.random.default_rng(seed).uniform(-0.1, 1.1, (2, count))
    return x0 + across * (x1 - x0), y0 + up * (y1 - y0)


def same(
    paths: Paths,
    found: Outcomes,
    x: Array,
    y: Array,
    values: dict[str, Array],
    *,
    exact: bool = False,
) -> float:
    """Compare with single paths; return the largest difference of an end, in domain widths."""
    worst = 0.0
    (x0, x1), (y0, y1) = paths.surface.bounds
    for k in range(len(x)):
        mine = {key: float(one[k]) for key, one in values.items()}
        where, rule = with_values(paths.surface, paths.optimizer, mine)
        path = descend(
            where,
            rule,
            start=(x[k], y[k]),
            steps=paths.steps,
            schedule=paths.schedule or None,
            noise=paths.noise,
            seed=paths.seed,
            tolerance=paths.tolerance,
        )
        assert OUTCOMES[found.outcome[k]] == path.ending.outcome, k
        assert found.step[k] == path.ending.step, k
        assert found.last[k] == len(path) - 1, k
        ends = np.array([found.x[k], found.y[k]])
        if np.isfinite(path.points[-1]).all():
            away = np.abs(ends - path.points[-1]) / (x1 - x0, y1 - y0)
            worst = max(worst, float(away.max()))
            if exact:
                mine_too = [found.loss[k], found.dx[k], found.dy[k]]
                theirs = [path.losses[-1], *path.gradients[-1]]
                np.testing.assert_array_equal(mine_too, theirs)
    return worst


def slow(*case: Any) -> Any:
    """Return a case whose kernel is compiled for it alone."""
    return pytest.param(*case, marks=pytest.mark.slow)


EXACT = [
    ("himmelblau", "momentum:lr=0.01", 400, {}),
    ("himmelblau", "momentum:lr=0.01", 120, {"schedule": "cosine"}),
    ("beale", "adam:lr=0.05", 150, {}),
    ("himmelblau", "nesterov:lr=0.005,form=lookahead", 90, {"noise": 1.0}),
    slow("himmelblau", "sophia:lr=0.05", 100, {}),
    slow("beale", "gd:lr=0.01", 150, {}),
    slow("himmelblau", "sgld:lr=0.005", 100, {"seed": 3}),
    slow("beale", "rprop:lr=0.01", 100, {}),
    slow("1/(x*y) + x**2", "gd:lr=0.1", 60, {}),
]


@pytest.mark.parametrize(("text", "spec", "steps", "more"), EXACT)
def test_arithmetic_is_the_same_to_the_last_bit(
    text: str, spec: str, steps: int, more: dict[str, Any]
) -> None:
    where = surface(text)
    paths = Paths(where, optimizer(spec), steps, **more)
    assert paths.fused is not None
    x, y = starts(where, 70)
    assert same(paths, paths.walk(x, y), x, y, {}, exact=True) == 0.0


@pytest.mark.parametrize(
    ("text", "spec"), [("ackley", "adam:lr=0.1"), slow("rastrigin", "rmsprop")]
)
def test_functions_that_vectorise_differ_in_the_last_bits(text: str, spec: str) -> None:
    where = surface(text)
    paths = Paths(where, optimizer(spec).with_learning_rate(0.05), 150)
    x, y = starts(where, 60)
    assert same(paths, paths.walk(x, y), x, y, {}) < 1e-12


def test_what_a_function_does_not_know_is_asked_of_the_library() -> None:
    where = surface("cos(3000*x) + y**2", bounds=((-9, 9), (-9, 9)))
    paths = Paths(where, optimizer("gd:lr=1e-9"), 20)
    x, y = starts(where, 60)
    assert np.abs(3000 * x).max() > 8192  # beyond which the vectorised cosine is NaN
    assert same(paths, paths.walk(x, y), x, y, {}) < 1e-12


def test_limits_are_filled_in_and_starts_without_a_value_told_as_on_one_path() -> None:
    where = surface("sin(x)/x + y**2 + log(y + 5) - log(y + 5)", bounds=((-3, 3), (-7, 3)))
    paths = Paths(where, optimizer("gd:lr=0.1"), 30)
    x, y = np.array([0.0, 0.5, 0.0]), np.array([1.0, 0.0, 0.0])
    found = paths.walk(x, y)
    assert np.isfinite(found.loss).all()
    assert same(paths, found, x, y, {}) < 1e-12
    found = paths.walk(np.array([1.0, 1.0]), np.array([-6.0, 1.0]))
    assert OUTCOMES[found.outcome[0]] == "undefined"
    assert (found.step[0], found.last[0]) == (0, 0)
    assert found.last[1] == 30


VARIED = [
    ("himmelblau", "momentum:mu=0.9,lr=0.01", ("lr", "mu"), {}),
    slow("beale", "adam:lr=0.01", ("lr", "beta2"), {}),
    slow("ravine", "gd:lr=0.01", ("lr", "kappa"), {}),
    ("himmelblau", "gd:lr=0.01", ("lr",), {"schedule": "lr0/(1 + 0.1*t)"}),
    slow("himmelblau", "rprop:lr=0.01", ("lr",), {}),
]


@pytest.mark.parametrize(("text", "spec", "varied", "more"), VARIED)
def test_settings_that_differ_from_path_to_path(
    text: str, spec: str, varied: tuple[str, ...], more: dict[str, Any]
) -> None:
    where = surface(text)
    paths = Paths(where, optimizer(spec), 100, varied, **more)
    x, y = starts(where, 40)
    draw = np.random.default_rng(1)
    ranges = {"lr": (0.001, 0.1), "mu": (0.1, 0.95), "beta2": (0.5, 0.999), "kappa": (2.0, 60.0)}
    values = {one: draw.uniform(*ranges[one], 40) for one in varied}
    assert same(paths, paths.walk(x, y, values), x, y, values) < 1e-12


@pytest.mark.parametrize("spec", ["bfgs", "nelder_mead", "momentum:lr=0.01,batch=20"])
def test_what_is_no_formula_walks_path_by_path(spec: str) -> None:
    where = surface("data:diabetes" if "batch" in spec else "himmelblau")
    paths = Paths(where, optimizer(spec), 20)
    assert paths.fused is None
    x, y = starts(where, 6)
    told: list[int] = []
    found = paths.walk(x, y, progress=told.append)
    assert told == [1, 2, 3, 4, 5, 6]
    assert same(paths, found, x, y, {}, exact=True) == 0.0


def test_any_number_of_threads_and_of_paths_gives_the_same_bits() -> None:
    where = surface("ackley")
    paths = Paths(where, optimizer("adam:lr=0.1"), 60)
    x, y = starts(where, 3001)
    one, two = (paths.walk(x, y, threads=count) for count in (1, 2))
    for name in ("x", "y", "loss", "step", "outcome"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    part = paths.walk(x[700:957], y[700:957])
    np.testing.assert_array_equal(part.x, one.x[700:957])
    np.testing.assert_array_equal(part.step, one.step[700:957])


def test_another_number_is_not_compiled_again() -> None:
    where = surface("himmelblau")
    modules = set()
    for spec in ("momentum:lr=0.01,mu=0.9", "momentum:lr=0.02,mu=0.5"):
        fused = Paths(where, optimizer(spec), 50).fused
        assert fused is not None
        modules.add(fused._source.module())
    assert len(modules) == 1


def test_what_cannot_be_varied() -> None:
    where = surface("himmelblau")
    with pytest.raises(LandscapeError, match="parameter to vary 'nu': choose from lr, mu"):
        Paths(where, optimizer("momentum:lr=0.1"), 10, ("nu",))
    with pytest.raises(LandscapeError, match="needs a learning rate"):
        Paths(where, optimizer("momentum"), 10)
