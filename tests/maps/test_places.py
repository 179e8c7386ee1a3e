"""Where many paths end: as single paths are told, each at one place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.descent import descend
from landscape.ends import find_ends
from landscape.maps.outcomes import OUTCOMES, Outcomes
from landscape.maps.places import (
    CODES,
    DIVERGED,
    LEFT,
    MOVING,
    PLATEAU,
    UNDEFINED,
    Places,
    cell_centres,
    letter,
)
from landscape.maps.survey import find_places, survey
from landscape.maps.walk import Paths
from landscape.optimizers.lookup import optimizer
from landscape.surfaces.lookup import surface

Array = NDArray[Any]


def labelled(paths: Paths, side: int = 24) -> tuple[Places, Array, Array, Array]:
    """Return the places, and the starts of a grid with their labels."""
    count = 2500 if paths.fused is not None else 100
    places = find_places(paths.surface, survey(paths, count=count)[0])
    (x0, x1), (y0, y1) = paths.surface.bounds
    grid = np.meshgrid(cell_centres(x0, x1, side), cell_centres(y0, y1, side))
    x, y = (one.ravel() for one in grid)
    labels = places.label(paths.walk(x, y), paths.surface.value(x, y), noisy=bool(paths.noise))
    return places, x, y, labels


@pytest.mark.parametrize(
    ("text", "spec", "steps"),
    [
        ("himmelblau", "momentum:lr=0.01", 300),
        ("himmelblau", "gd:lr=0.01", 12),
        ("himmelblau", "newton:form=pure", 40),
        ("(x**2-1)**2", "gd:lr=0.02", 100),
    ],
)
def test_labels_are_what_is_told_of_single_paths(text: str, spec: str, steps: int) -> None:
    where, rule = surface(text), optimizer(spec)
    places, x, y, labels = labelled(Paths(where, rule, steps), 8 if "newton" in spec else 20)
    (x0, x1), _ = where.bounds
    seen = set()
    for k in np.random.default_rng(1).integers(0, x.size, 30):
        path = descend(where, rule, start=(x[k], y[k]), steps=steps)
        (end,) = find_ends(where, [path])
        seen.add(end.place)
        if end.place == "plateau":
            assert labels[k] == PLATEAU
        elif end.place == "moving":
            assert labels[k] == MOVING
        elif end.place == "lost":
            assert labels[k] in (LEFT, DIVERGED, UNDEFINED)
        elif end.point is not None:
            kind, point = places.kinds[labels[k]], places.points[labels[k]]
            assert kind == end.place
            assert abs(point.x - end.point.x) < 1e-3 * (x1 - x0)
            if kind != "floor":
                assert abs(point.y - end.point.y) < 1e-3 * (x1 - x0)
    assert seen


def test_every_start_has_one_label_with_a_name() -> None:
    places, x, _, labels = labelled(Paths(surface("himmelblau"), optimizer("momentum:lr=0.01"), 60))
    assert labels.shape == x.shape
    assert labels.dtype == np.int16
    known = {*range(len(places)), *CODES}
    assert set(labels.tolist()) <= known
    assert len({places.name(label) for label in known}) == len(known)
    assert places.names[:4] == (
        "minimum A (-3.78, -3.28)",
        "minimum B (-2.81, 3.13)",
        "minimum C (3, 2)",
        "minimum D (3.58, -1.85)",
    )
    assert {kind for kind, sign in zip(places.kinds, places.letters, strict=True) if not sign} == {
        "saddle",
        "maximum",
    }


def test_places_do_not_depend_on_threads() -> None:
    paths = Paths(surface("himmelblau"), optimizer("momentum:lr=0.01"), 200)
    found = [find_places(paths.surface, survey(paths, count=1000, threads=n)[0]) for n in (1, 2, 5)]
    assert len({one.points for one in found}) == 1
    places = found[0]
    values = [one.value for one, kind in zip(places.points, places.kinds, strict=True)
              if kind == "saddle"]  # fmt: skip
    assert len(values) == 4
    assert values == sorted(values)


def test_minima_that_nobody_has_listed_are_found() -> None:
    def bumps(x: Any, y: Any) -> Any:
        return np.cos(2 * x) + np.cos(2 * y) + 0.05 * (x**2 + y**2)

    where = surface(bumps)
    assert not where.points
    places, _, _, labels = labelled(Paths(where, optimizer("gd:lr=0.1"), 60), 6)
    minima = [one for k, one in enumerate(places.points) if places.kinds[k] == "minimum"]
    low, high = 1.0, 2.0  # where the slope -2 sin(2x) + x/10 changes its sign
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if 0.1 * middle > 2 * np.sin(2 * middle) else (middle, high)
    assert [(np.sign(one.x), np.sign(one.y)) for one in minima] == [
        *((-1, -1), (-1, 1), (1, -1), (1, 1)),
    ]
    assert np.abs([(one.x, one.y) for one in minima]) == pytest.approx(low, abs=1e-7)
    assert np.bincount(labels[labels >= 0]).tolist() == [9, 9, 9, 9]


def test_valleys_are_one_place_each() -> None:
    places, x, _, labels = labelled(Paths(surface("(x**2-1)**2"), optimizer("gd:lr=0.02"), 300))
    assert places.kinds == ("floor", "floor")
    assert [one.x for one in places.points] == pytest.approx([-1, 1])
    assert places.names[0].startswith("line of minima A (-1")
    np.testing.assert_array_equal(labels, np.where(x < 0, 0, 1))


def test_what_is_lost_is_told_apart() -> None:
    def half(x: Any, y: Any) -> Any:
        return np.where(x < 0, np.nan, x) + y**2

    where = surface(half, bounds=((-1, 3), (-1, 1)))
    paths = Paths(where, optimizer("gd:lr=0.01"), 5)
    x, y = np.array([-0.5, 2.0]), np.ones(2)
    ends = paths.walk(x, y)
    places = find_places(where, survey(paths, count=9)[0])
    labels = places.label(ends, where.value(x, y))
    assert OUTCOMES[ends.outcome[0]] == "undefined"
    assert labels.tolist() == [UNDEFINED, MOVING]
    middle = surface("himmelblau", bounds=((-1, 1), (-1, 1)))
    left = Paths(middle, optimizer("gd:lr=0.01"), 60)
    found = left.walk(np.zeros(1), np.zeros(1))
    assert find_places(middle, survey(left, count=50)[0]).label(found, np.zeros(1)) == LEFT
    steep = Paths(surface("himmelblau"), optimizer("gd:lr=1"), 60)
    found = steep.walk(np.full(1, 5.0), np.full(1, 5.0))
    labels = find_places(steep.surface, survey(steep, count=50)[0]).label(found, np.zeros(1))
    assert labels.tolist() == [DIVERGED]


@pytest.mark.slow
def test_noise_does_not_hide_where_a_path_is() -> None:
    paths = Paths(surface("himmelblau"), optimizer("gd:lr=0.005"), 300, noise=0.5)
    _, _, _, labels = labelled(paths, 12)
    assert np.isin(labels, range(4)).mean() > 0.95


def test_a_plateau_is_told_from_slow_and_from_rest() -> None:
    where = surface("plateau")
    places = find_places(where, survey(Paths(where, optimizer("bfgs"), 5), count=16)[0])
    (x0, x1), (_, y1) = where.bounds
    x, y = np.array([x0 + 0.01, 0.3 * x1]), np.array([y1 - 0.01, 0.0])
    ends = Outcomes.empty(2)
    dx, dy = where.gradient(x, y)
    for name, value in {"x": x, "y": y, "loss": where.value(x, y), "dx": dx, "dy": dy}.items():
        getattr(ends, name)[:] = value
    ends.outcome[:] = OUTCOMES.index("finished")
    assert places.label(ends, where.value(x, y)).tolist() == [PLATEAU, MOVING]


def test_letters_go_on_after_z() -> None:
    assert [letter(k) for k in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]
