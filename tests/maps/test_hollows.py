"""Paths that circle a minimum: told apart from those on their way, path by path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.descent import descend
from landscape.maps.hollows import Circles, calm_paths, hollows
from landscape.maps.places import CIRCLING, MOVING, Places, circled_by, moved
from landscape.maps.survey import find_places, spread, survey
from landscape.maps.walk import Paths
from landscape.optimizers.lookup import optimizer
from landscape.surfaces.lookup import surface

Array = NDArray[Any]


def marked(paths: Paths, count: int = 400) -> tuple[Places, Array, Array, Array]:
    """Return the places, the starts and their labels."""
    places = find_places(paths.surface, survey(paths, count=2500)[0])
    x, y = spread((paths.surface.bounds,), count)
    ends = paths.walk(x, y)
    labels = places.label(ends, paths.surface.value(x, y))
    plain = labels.copy()
    Circles(paths, places).mark(labels, ends, x, y)
    changed = labels != plain
    assert (plain[changed] == MOVING).all()
    assert (labels[changed] <= CIRCLING).all()
    return places, x, y, labels


def test_a_rate_above_the_border_of_stability_circles_the_minimum_of_its_hollow() -> None:
    # 2/0.4 = 5 > the smallest curvature and < the largest: it leaps from side to side in x alone.
    where = surface("(x**2-1)**2 + y**2", bounds=((-2, 2), (-2, 2)))
    paths = Paths(where, optimizer("gd:lr=0.27"), 300)  # curvature 8 at x = ±1: 2/8 = 0.25
    places, x, y, labels = marked(paths)
    around = {circled_by(int(one)) for one in labels[labels <= CIRCLING]}
    assert around == {0, 1}
    for k in np.flatnonzero(labels <= CIRCLING)[:12]:
        path = descend(where, "gd:lr=0.27", start=(x[k], y[k]), steps=300)
        point = places.points[CIRCLING - labels[k]]
        last = path.points[-80:]
        assert (np.sign(last[:, 0]) == np.sign(point.x)).all()  # it stays in the hollow
        turns = np.diff(np.sign(last[:, 0] - point.x))
        assert np.count_nonzero(turns) >= 40  # and goes about the minimum
        assert np.hypot(*path.gradients[-1]) > 0.1


def test_who_creeps_or_flies_by_does_not_circle() -> None:
    rosenbrock = surface("rosenbrock")
    _, _, _, labels = marked(Paths(rosenbrock, optimizer("gd:lr=0.001"), 300))
    assert (labels == MOVING).mean() > 0.5
    assert not (labels <= CIRCLING).any()
    himmelblau = surface("himmelblau")
    for rule, steps in (("momentum:lr=0.01", 1), ("momentum:lr=0.01", 4), ("gd:lr=0.005", 12)):
        _, _, _, labels = marked(Paths(himmelblau, optimizer(rule), steps))
        assert (labels == MOVING).any()
        assert (labels <= CIRCLING).mean() < 0.01


@pytest.mark.parametrize("schedule", ["", "lr0*(1 - 0.1*t/T)"])
def test_each_path_is_judged_by_itself(schedule: str) -> None:
    rule = optimizer("rmsprop:lr=0.3")
    paths = Paths(surface("himmelblau"), rule, 200, schedule=schedule)
    places, x, y, labels = marked(paths, 225)
    assert (labels <= CIRCLING).sum() > 20
    some = np.arange(225)[::-7]
    ends = paths.walk(x[some], y[some])
    again = places.label(ends, paths.surface.value(x[some], y[some]))
    Circles(paths, places).mark(again, ends, x[some], y[some], threads=1)
    np.testing.assert_array_equal(again, labels[some])


def test_shorter_paths_have_the_rates_of_the_whole() -> None:
    paths = Paths(surface("himmelblau"), optimizer("gd:lr=0.01"), 100, schedule="cosine")
    places = find_places(paths.surface, survey(paths, count=400)[0])
    before = Circles(paths, places)._begun(60).walk(np.array([1.0]), np.array([4.0]))
    path = descend("himmelblau", "gd:lr=0.01", start=(1, 4), steps=100, schedule="cosine")
    assert (before.x[0], before.y[0]) == pytest.approx(tuple(path.points[60]), rel=1e-12)


def test_descent_leads_to_the_hollow_s_minimum() -> None:
    where = surface("himmelblau")
    places = find_places(where, survey(Paths(where, optimizer("gd:lr=0.01"), 200), count=900)[0])
    found = hollows(
        places, calm_paths(where), np.array([3.0, -3, -3, np.nan]), np.array([1.0, 3, -4, 0])
    )
    names = [places.name(int(one)) for one in found]
    assert [one.split("(")[0] for one in names] == [
        "minimum C ",
        "minimum B ",
        "minimum A ",
        names[3],
    ]
    assert names[3] == "diverged"


def test_labels_are_moved_with_what_circles() -> None:
    labels = np.array([[0, 2, -1], [CIRCLING, CIRCLING - 2, -4]], np.int16)
    found = moved(labels, (5, 3, 1))
    assert found.tolist() == [[5, 1, -1], [CIRCLING - 5, CIRCLING - 1, -4]]
    assert [circled_by(int(one)) for one in found[1]] == [5, 1, None]
    assert labels[0, 0] == 0
