"""How many steps a map takes if nobody says it: most paths arrive."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from landscape.maps.hollows import Circles
from landscape.maps.lasting import lasting_steps
from landscape.maps.places import MOVING
from landscape.maps.survey import find_places, spread, survey
from landscape.maps.walk import Paths
from landscape.optimizers.lookup import optimizer
from landscape.surfaces.lookup import surface


def moving(paths: Paths) -> float:
    """Return the share of starts that a map calls still moving."""
    places = find_places(paths.surface, survey(paths, count=900)[0])
    x, y = spread((paths.surface.bounds,), 1600)
    ends = paths.walk(x, y)
    labels = places.label(ends, paths.surface.value(x, y))
    Circles(paths, places).mark(labels, ends, x, y)
    return float((labels == MOVING).mean())


@pytest.mark.parametrize(
    ("where", "rule"),
    [
        ("beale", "adam:lr=0.2"),
        ("rosenbrock", "momentum:lr=0.001"),
        ("rosenbrock", "gd:lr=0.002"),
    ],
)
def test_slow_paths_are_given_the_time_to_arrive(where: str, rule: str) -> None:
    paths = Paths(surface(where), optimizer(rule), 300)
    steps = lasting_steps([paths], (paths.surface.bounds,))
    assert steps in (600, 1200, 2400, 4800)
    assert moving(paths) > 0.3
    assert moving(replace(paths, steps=steps)) < 0.15


def test_fast_and_hopeless_paths_are_not_longer() -> None:
    where = surface("himmelblau")
    for rule in ("momentum:lr=0.01", "gd:lr=0.03", "gd:lr=1"):
        paths = Paths(where, optimizer(rule), 300)
        assert lasting_steps([paths], (where.bounds,)) == 300


def test_the_slowest_rule_decides_and_paths_one_by_one_are_seldom_longer() -> None:
    where = surface("rosenbrock")
    fast, slow = (Paths(where, optimizer(f"gd:lr={lr}"), 300) for lr in (0.002, 0.0002))
    alone = lasting_steps([fast], (where.bounds,))
    assert lasting_steps([fast, slow], (where.bounds,)) == 4800 > alone

    def bowl(x: float, y: float) -> float:
        return np.hypot(x, y)  # type: ignore[no-any-return]

    paths = Paths(surface(bowl), optimizer("gd:lr=0.02"), 50)
    assert lasting_steps([paths], (paths.surface.bounds,)) == 200
