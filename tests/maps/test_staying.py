"""Which paths never leave the domain: of many in one loop, the same as of each alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from landscape.descent import descend
from landscape.maps.staying import box_of, path_stays, stays
from landscape.maps.walk import Paths
from landscape.optimizers.lookup import optimizer
from landscape.surfaces.lookup import surface


@pytest.mark.parametrize("name", ["himmelblau", "rosenbrock"])
@pytest.mark.parametrize(
    "rule",
    ["adam", *(pytest.param(one, marks=pytest.mark.slow) for one in ("rmsprop", "momentum"))],
)
def test_paths_that_come_back_have_left(name: str, rule: str) -> None:
    where = surface(name)
    (x0, x1), (y0, y1) = where.bounds
    draw = np.random.default_rng(3)
    count = 150
    x, y = draw.uniform(x0, x1, count), draw.uniform(y0, y1, count)
    rates = 10 ** draw.uniform(-4, 1, count)
    paths = Paths(where, optimizer(rule), 60, ("lr",))
    assert paths.fused is not None
    inside, unknown = stays(paths.fused, where.bounds, x, y, {"lr": rates})
    came_back = 0
    for k in range(count):
        path = descend(
            where,
            optimizer(rule, lr=float(rates[k])),
            start=(float(x[k]), float(y[k])),
            steps=60,
        )
        if path.ending.outcome in ("diverged", "undefined") or unknown[k]:
            continue
        wanted = not path.exits and path.ending.outcome != "left the domain"
        assert path_stays(path, where.bounds) == wanted
        assert inside[k] == wanted
        came_back += bool(path.exits) and path.ending.outcome != "left the domain"
    assert came_back > 0


def test_a_start_outside_widens_the_box() -> None:
    where = surface("ravine")
    box = box_of(where, [(1.0, 1.0), (-7.0, 2.0)])
    assert box == ((-7.0, 5.0), (-5.0, 5.0))
    paths = Paths(where, optimizer("gd:lr=0.01"), 400)
    assert paths.fused is not None
    at = np.array([-7.0]), np.array([2.0])
    assert stays(paths.fused, box, *at, {})[0].all()
    assert not stays(paths.fused, where.bounds, *at, {})[0].any()
    path = descend(where, optimizer("gd:lr=0.01"), start=(-7.0, 2.0), steps=400)
    assert path_stays(path, box)
    assert not path_stays(path, where.bounds)
    assert not math.isinf(path.losses[-1])
