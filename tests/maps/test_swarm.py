"""Swarms: every particle goes as a path of its own does, and noise spreads them as theory says."""

from __future__ import annotations

import math

import numpy as np
import pytest

import landscape as ls
from landscape.maps.basins import basin_map
from landscape.maps.fates import Fates
from landscape.maps.langevin import Gibbs, falls_without_end, temperature
from landscape.maps.places import CIRCLING, MOVING
from landscape.maps.survey import find_places, survey
from landscape.maps.swarm import Swarm, cloud, evenly, swarm_places
from landscape.maps.walk import Paths

STEPS = 40


def paths_of(surface: str, rule: str, **more: object) -> Paths:
    return Paths(ls.surface(surface), ls.optimizer(rule), **{"steps": STEPS, **more})  # type: ignore[arg-type]


def table_of(swarm: Swarm) -> np.ndarray:
    """Return (steps + 1, 2, n)."""
    return np.array([np.stack(pair) for pair in swarm.walk()])


@pytest.mark.parametrize(
    ("surface", "rule", "exact"),
    [
        ("himmelblau", "momentum:lr=0.005", True),
        ("himmelblau", "gd:lr=0.05", True),  # many blow up
        ("rosenbrock", "nesterov:lr=0.0005", True),
        ("himmelblau", "adam:lr=0.1", False),
        ("rastrigin", "rmsprop:lr=0.01", False),
        ("log(x) + y**2", "gd:lr=0.05", False),  # no value on the left
        ("himmelblau", "newton", True),  # one by one
    ],
)
def test_without_noise_each_particle_goes_as_descend_does(
    surface: str, rule: str, exact: bool
) -> None:
    paths = paths_of(surface, rule)
    swarm = Swarm(paths, *evenly(paths.surface.bounds, 12, seed=2))
    found = table_of(swarm)
    assert found.shape == (STEPS + 1, 2, 12)
    compared = 0
    for k in range(12):
        start = swarm.x[k], swarm.y[k]
        if not math.isfinite(paths.surface.value_at(*start)):
            assert np.isnan(found[1:, :, k]).all()
            continue
        points = ls.descend(paths.surface, paths.optimizer, start=start, steps=STEPS).points
        own = found[: len(points), :, k]
        np.testing.assert_allclose(own, points, rtol=0 if exact else 1e-12, atol=0)
        compared += 1
    assert compared >= 5


def test_a_schedule_is_followed() -> None:
    paths = paths_of("himmelblau", "gd:lr=0.01", schedule="lr0/(1 + t)")
    swarm = Swarm(paths, *evenly(paths.surface.bounds, 3))
    for k in range(3):
        start = swarm.x[k], swarm.y[k]
        path = ls.descend(
            paths.surface, paths.optimizer, start=start, steps=STEPS, schedule="lr0/(1 + t)"
        )
        np.testing.assert_array_equal(table_of(swarm)[:, :, k], path.points)


def test_labels_are_those_of_the_map_of_basins_and_who_has_arrived_stays() -> None:
    paths = paths_of("himmelblau", "gd:lr=0.002", steps=150)
    places = find_places(paths.surface, survey(paths, (paths.surface.bounds,))[0])
    swarm = Swarm(paths, *evenly(paths.surface.bounds, 300))
    own = swarm_places([paths])
    assert own.points == places.points
    expected = places.label(paths.walk(swarm.x, swarm.y), paths.surface.value(swarm.x, swarm.y))
    fates = Fates.of(swarm, own)
    np.testing.assert_array_equal(fates.labels, expected)
    assert {0, 1, 2, 3} <= set(expected.tolist())
    table, end = table_of(swarm), swarm.ends
    away = np.hypot(table[:, 0] - end.x, table[:, 1] - end.y) / 12
    for k in range(300):
        when = fates.arrivals[k]
        if fates.labels[k] == MOVING:
            assert when == 150
            continue
        assert (away[when:, k] <= 0.012).all()
        assert when == 0 or away[when - 1, k] > 0.012
    assert (fates.at(0) == MOVING).sum() > 250
    np.testing.assert_array_equal(fates.at(150), fates.labels)


@pytest.mark.parametrize(
    ("surface", "rule", "schedule"),
    [
        ("ackley", "adam:lr=0.5", ""),  # half of them circle the minimum in the middle
        ("rastrigin", "momentum:lr=0.001", "cosine"),
    ],
)
def test_fates_are_those_of_the_map_of_basins(surface: str, rule: str, schedule: str) -> None:
    paths = paths_of(surface, rule, steps=300, schedule=schedule)
    places = swarm_places([paths])
    found = basin_map(paths, places, paths.surface.bounds, 16, 16)
    x, y = (one.ravel() for one in np.meshgrid(found.xs, found.ys))
    swarm = Swarm(paths, x, y)
    fates = Fates.of(swarm, places)
    np.testing.assert_array_equal(fates.labels, found.labels.ravel())
    assert np.mean(fates.labels == MOVING) < 0.05
    circling = fates.labels == CIRCLING
    assert circling.any() == (surface == "ackley")
    if circling.any():
        # They have arrived when they are as near to their ends as they stay.
        last, end = table_of(swarm), swarm.ends
        away = np.hypot(last[:, 0] - end.x, last[:, 1] - end.y)[:, circling] / 10
        when = fates.arrivals[circling]
        assert np.median(when) < 150
        for k, step in enumerate(when):
            assert away[step:, k].max() <= max(0.012, away[225:, k].max()) * (1 + 1e-12)


def test_starts_fill_the_domain_and_the_cloud() -> None:
    x, y = evenly(((-2.0, 4.0), (1.0, 2.0)), 1600, seed=1)
    counts = np.histogram2d(x, y, bins=(8, 8), range=((-2, 4), (1, 2)))[0]
    assert counts.sum() == 1600
    assert np.abs(counts - 25).max() <= 8  # random ones would miss by 15
    again = evenly(((-2.0, 4.0), (1.0, 2.0)), 1600, seed=1)
    np.testing.assert_array_equal(again, (x, y))
    assert not np.array_equal(evenly(((-2.0, 4.0), (1.0, 2.0)), 1600, seed=2), (x, y))
    u, v = cloud((1.0, 2.0), 0.5, 1000)
    away = np.hypot(u - 1, v - 2)
    assert away.max() <= 0.5
    assert np.mean(away <= 0.25) == pytest.approx(0.25, abs=0.02)


def test_noise_is_each_particles_own_and_the_seed_decides_it() -> None:
    x, y = np.full(50, 1.0), np.full(50, 1.0)
    for rule, noise in (("sgld:lr=0.01,temperature=1", 0.0), ("gd:lr=0.01", 3.0)):
        first, again, other = (
            table_of(Swarm(paths_of("sphere", rule, noise=noise, seed=seed), x, y))
            for seed in (1, 1, 2)
        )
        assert len(np.unique(first[-1, 0])) == 50
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("rule", "noise", "heat", "finite"),
    [
        # On x**2 + 4*y**2 the curvatures are 2 and 8; at a finite rate a quadratic's variance is
        # larger by 1/(1 - lr k/2).
        ("sgld:lr=0.02,temperature=0.3", 0.0, 0.3, (1 / (1 - 0.02), 1 / (1 - 0.08))),
        ("gd:lr=0.02", 4.0, 0.02 * 16 / 2, (1 / (1 - 0.02), 1 / (1 - 0.08))),
        ("sgld:lr=0.02,temperature=0.3", 4.0, 0.46, (1 / (1 - 0.02), 1 / (1 - 0.08))),
        # 1 - lr k/(2 (1 + mu)) for heavy balls.
        (
            "momentum:lr=0.01,mu=0.5",
            4.0,
            0.01 * 16 / 2 / 0.5,
            (1 / (1 - 0.02 / 3), 1 / (1 - 0.08 / 3)),
        ),
    ],
)
def test_on_a_quadratic_the_variance_is_that_of_theory(
    rule: str, noise: float, heat: float, finite: tuple[float, float]
) -> None:
    count = 20_000
    paths = paths_of("x**2 + 4*y**2", rule, noise=noise, steps=400, seed=5)
    assert temperature(paths) == pytest.approx(heat)
    swarm = Swarm(paths, np.zeros(count), np.zeros(count))
    *_, (x, y) = swarm.walk()
    # The variance of n normal numbers is known to sqrt(2/n); four of these.
    error = 4 * math.sqrt(2 / count)
    assert x.var() == pytest.approx(heat / 2 * finite[0], rel=error)
    assert y.var() == pytest.approx(heat / 8 * finite[1], rel=error)
    assert abs(np.corrcoef(x, y)[0, 1]) < 4 / math.sqrt(count)


def test_theory_is_asked_for_what_it_knows() -> None:
    assert temperature(paths_of("sphere", "gd:lr=0.1")) is None
    assert temperature(paths_of("sphere", "adam:lr=0.1", noise=1.0)) is None
    assert temperature(paths_of("sphere", "gd:lr=0.1", noise=1.0, schedule="lr0/(1 + t)")) is None


def test_gibbs_lines_hold_their_share() -> None:
    found = Gibbs.of(ls.surface("x**2 + y**2"), 0.2)
    assert found.density.sum() == pytest.approx(1)
    half = found.levels((0.5,))[0]
    # Of exp(-r²/T) half lies within r² = T log 2.
    draw = np.random.default_rng(0).normal(0, math.sqrt(0.1), (2, 4000))
    inside = found.at(*draw) >= half
    assert inside.mean() == pytest.approx(0.5, abs=0.04)
    assert found.at(np.array([99.0, np.nan]), np.array([0.0, 0.0])).tolist() == [0, 0]


def test_gibbs_shares_are_integrals() -> None:
    found = Gibbs.of(ls.surface("(x - 0.3)**2 + y**2", bounds=(-4, 4, -4, 4)), 0.5)
    left = np.broadcast_to(np.where(found.xs < 0, 1, 0), found.density.shape)
    shares = found.shares(left)
    # Its x is normal about 0.3 with the variance T/2.
    expected = 0.5 * math.erfc(0.3 / 0.5 / math.sqrt(2))
    assert shares == pytest.approx({1: expected, 0: 1 - expected}, abs=0.005)


@pytest.mark.parametrize(
    ("formula", "falls"),
    [
        ("saddle", True),
        ("x**3 - 3*x*y**2", True),
        ("x**3 + y", True),
        ("0 - log(1 + x**2 + y**2)", True),
        ("log(x) + y**2", False),
        ("monkey_saddle", False),  # ours is in a bowl
        ("himmelblau", False),
        ("ackley", False),
        ("sin(x) + cos(y)", False),
        ("exp(-x**2 - y**2)", False),  # to 0, and never beneath
    ],
)
def test_a_loss_that_falls_without_end_is_known(formula: str, falls: bool) -> None:
    assert falls_without_end(ls.surface(formula)) == falls
