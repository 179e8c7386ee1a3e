"""A path as a line in space: straight from above, on the surface, in the air beyond it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landscape.relief.field import Relief
from landscape.relief.heights import Heights
from landscape.relief.lift import Lifted, lift
from tests.relief.raycast import waves
from tests.relief.test_field import interpolator

Array = NDArray[Any]


def walk(field: Relief, seed: int, count: int, wide: float = 1.0) -> Array:
    """Return a path that goes anywhere in the domain, or `wide` times as far from its middle."""
    (x0, x1), (y0, y1) = field.bounds
    rng = np.random.default_rng(seed)
    middle = np.array([x0 + x1, y0 + y1]) / 2
    half: Array = np.array([x1 - x0, y1 - y0]) / 2
    return middle + wide * half * rng.uniform(-1, 1, (count, 2))


def plane(kind: Any = "linear", low: float = 1.0, high: float = 3.0) -> Relief:
    """Return a tilted plane of losses low … high over [0, 4] x [10, 12], in cells of a half."""
    xs, ys = np.linspace(0.0, 4.0, 9), np.linspace(10.0, 12.0, 5)
    values = np.tile(np.linspace(low, high, 9), (5, 1))
    return Relief(xs, ys, values, Heights(kind, low, high), np.linspace(low, high, 5))


def check_order(found: Lifted, points: Array) -> None:
    """Straight lines from iterate to iterate, in order."""
    assert len(found.points) == len(found.steps)
    np.testing.assert_array_equal(found.steps[found.at], np.arange(len(points)))
    assert (np.diff(found.steps) > 0).all()
    seen: Any = np.isfinite(found.points).all(axis=1)
    assert np.isnan(found.points[~seen]).all()
    scale = np.abs(points).max(axis=0)
    for k in range(2):
        expected = np.interp(found.steps, np.arange(len(points)), points[:, k])
        np.testing.assert_allclose(found.points[seen, k], expected[seen], atol=1e-12 * scale[k])
    kept = seen[found.at]
    np.testing.assert_array_equal(found.points[found.at[kept], :2], points[kept])


@pytest.mark.parametrize("seed", range(4))
def test_within_the_domain_a_line_lies_on_the_surface(seed: int) -> None:
    field = waves(seed)
    points = walk(field, seed, 40)
    found = lift(field, points, np.full(40, 123.0))  # the surface, not what is said of the loss
    check_order(found, points)
    exact = interpolator(field, field.values)
    line = found.points
    np.testing.assert_allclose(line[:, 2], exact(line[:, 0], line[:, 1]), atol=1e-9)
    middle = 0.5 * (line[1:] + line[:-1])
    away = np.abs(middle[:, 2] - exact(middle[:, 0], middle[:, 1]))
    # A straight piece of half a cell: what the surface bends within a cell, by a quarter.
    z = field.values
    bends = [np.diff(z, 2, axis=0), np.diff(z, 2, axis=1), np.diff(np.diff(z, axis=0), axis=1)]
    assert away.max() <= 0.25 * sum(np.abs(bend).max() for bend in bends)
    assert away.max() < 0.02 * field.heights.span
    cell = field.xs[1] - field.xs[0], field.ys[1] - field.ys[0]
    assert (np.abs(np.diff(line[:, :2], axis=0)) / cell).max() <= 0.5 + 1e-9


def test_a_line_on_a_cut_lies_on_the_lid() -> None:
    field = waves(8, low=-0.5, high=0.3, cut=True, sunk=True)
    found = lift(field, walk(field, 1, 30), np.zeros(30))
    assert found.points[:, 2].max() == 0.3
    assert found.points[:, 2].min() == -0.5
    assert 0.1 < np.isin(found.points[:, 2], [-0.5, 0.3]).mean() < 0.9


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_beyond_the_domain_heights_are_those_of_the_losses(kind: Any) -> None:
    field = plane(kind)
    # Two within, out at the right and on, back in, out beneath.
    points = np.array([(1, 11), (3, 11), (6, 11), (8, 10.5), (2, 11), (2, 9.0)], dtype=float)
    losses = np.array([1.5, 2.5, 3.8, 2.0, 2.0, 1.1])
    found = lift(field, points, losses)
    check_order(found, points)
    axis = field.heights
    outside = [2, 3, 5]
    np.testing.assert_allclose(found.points[found.at[outside], 2], axis.of(losses[outside]))
    x, y, z = found.points.T
    inside = (x >= 0) & (x <= 4) & (y >= 10) & (y <= 12)
    # Of a tilted plane the height between two lines of the grid is that of a straight line.
    np.testing.assert_allclose(z[inside], np.interp(x[inside], field.xs, field.z[0]), atol=1e-9)
    # In the air there are straight lines, from the last place on the surface or to the first.
    known = inside | np.isin(np.arange(len(x)), found.at)
    assert (~known).sum() > 5
    np.testing.assert_allclose(
        z[~known], np.interp(found.steps[~known], found.steps[known], z[known]), atol=1e-12
    )


def test_over_a_hole_a_path_goes_on_at_its_losses() -> None:
    field = plane()
    values = field.values.copy()
    values[:, 4] = np.nan  # nothing from 1.5 to 2.5
    field = Relief(field.xs, field.ys, values, field.heights, field.levels)
    points = np.array([(0.5, 11.0), (2.0, 11.0), (3.5, 11.0)])
    found = lift(field, points, np.array([9.0, 2.75, 9.0]))
    x, _, z = found.points.T
    assert np.isfinite(z).all()
    assert z[found.at[1]] == 2.75
    on = (x < 1.5) | (x > 2.5)
    np.testing.assert_allclose(z[on], 1.0 + x[on] / 2, atol=1e-9)
    rising = (x > 1.5) & (x <= 2.0)
    assert rising.sum() >= 2
    slopes = np.diff(z[rising]) / np.diff(x[rising])
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-9)
    assert slopes[0] > 0.8


@pytest.mark.parametrize(
    ("at", "loss", "seen"),
    [
        # Two domain widths to the right of 4, one and a half of them are shown.
        ((4 + 5.9, 11.0), 2.0, True),
        ((4 + 6.1, 11.0), 2.0, False),
        ((-5.9, 11.0), 2.0, True),
        ((-6.1, 11.0), 2.0, False),
        ((2.0, 14.9), 2.0, True),
        ((2.0, 15.1), 2.0, False),
        ((6.0, 11.0), 3.0 + 5.9, True),
        ((6.0, 11.0), 3.0 + 6.1, False),
        ((6.0, 11.0), 1.0 - 5.9, True),
        ((6.0, 11.0), 1.0 - 6.1, False),
        ((6.0, 11.0), np.inf, False),
        ((6.0, 11.0), np.nan, False),
        ((1e300, -1e300), 1e300, False),
    ],
)
def test_far_away_a_path_is_out_of_sight(at: tuple[float, float], loss: float, seen: bool) -> None:
    points = np.array([(2.0, 11.0), at])
    found = lift(plane(), points, np.array([2.0, loss]))
    check_order(found, points)
    assert bool(np.isfinite(found.points[-1]).all()) == seen
    assert np.isfinite(found.points[0]).all()


@pytest.mark.parametrize("far", [1e1, 1e3, 1e8, 1e16, 1e60, 1e140])
def test_however_long_a_step_its_line_reaches_the_end_of_what_is_in_sight(far: float) -> None:
    field = plane()
    # To the right it leaves at 3 = x / 2 + 1 and rises far within a hair of the domain's edge.
    points = np.array([(2.0, 11.0), (4.0 + far, 11.0), (3.0, 11.5)])
    found = lift(field, points, np.array([2.0, far**2, 2.5]))
    x, y, z = found.points[np.isfinite(found.points[:, 2])].T
    assert np.diff(x[x <= 4]).max() <= 0.25 + 1e-9
    np.testing.assert_allclose(z[x < 4], 1 + x[x < 4] / 2, atol=1e-9)
    np.testing.assert_allclose(z.max(), 3 + 6, rtol=1e-9)
    assert np.diff(z[: z.argmax()]).max() <= 0.04 + 1e-9
    np.testing.assert_allclose(y[0], 11.0)
    np.testing.assert_allclose(y[x <= 4][-1], 11.5)
    # Both ways, each with its own end at the top of what is in sight.
    assert np.sum(np.isclose(z, 9)) == 2
    np.testing.assert_array_less(np.diff(z)[np.argmax(z) + 1 :], 1e-9)


def test_a_step_from_far_away_to_far_away_is_left_out() -> None:
    points = np.array([(2.0, 11.0), (1e3, 11.0), (-1e3, 11.0), (1.0, 11.0)])
    found = lift(plane(), points, np.array([2.0, 1e3, 1e3, 1.5]))
    first, second, third = (found.points[a:b, 2] for a, b in pairwise(found.at))
    assert np.isfinite(first).sum() > 8
    assert np.isnan(second).all()
    assert np.isfinite(third).sum() > 8
    inside = np.array([(2.0, 11.0), (5.0, 11.0), (-1.0, 11.0), (1.0, 11.0)])
    assert np.isfinite(lift(plane(), inside, np.full(4, 2.0)).points).all()


def test_what_has_no_logarithm_is_out_of_sight_in_the_air() -> None:
    points = np.array([(2.0, 11.0), (5.0, 11.0), (2.0, 11.0)])
    found = lift(plane("log"), points, np.array([2.0, -1.0, 2.0]))
    check_order(found, points)
    assert np.isnan(found.points[found.at[1]]).all()
    assert np.isfinite(found.points[found.at[[0, 2]]]).all()


def test_up_a_wall_pieces_are_short() -> None:
    xs, ys = np.linspace(0.0, 4.0, 9), np.linspace(10.0, 12.0, 5)
    values = np.tile(np.where(xs > 1.9, 3.0, 1.0), (5, 1))  # a wall of one cell, 1.5 … 2
    field = Relief(xs, ys, values, Heights("linear", 1.0, 3.0), np.linspace(1.0, 3.0, 5))
    points = np.array([(0.2, 11.0), (1.0, 11.1), (3.0, 11.2), (3.1, 11.0), (1.6, 11.0)])
    found = lift(field, points, np.zeros(5))
    check_order(found, points)
    x, _, z = found.points.T
    rises = np.abs(np.diff(z))
    assert 0 < rises.max() <= 0.04 + 1e-9  # a 100th of the box, or twice that at the edges
    np.testing.assert_allclose(z, np.interp(x, xs, values[0]), atol=1e-9)
    # Elsewhere they are as long as before.
    assert np.diff(x)[rises == 0].max() > 0.2
    assert len(z) < 300


def test_a_path_of_one_point_and_of_none() -> None:
    found = lift(plane(), np.array([(1.0, 11.0)]), np.array([7.0]))
    np.testing.assert_allclose(found.points, [(1.0, 11.0, 1.5)])
    assert (found.steps.tolist(), found.at.tolist()) == ([0.0], [0])
    found = lift(plane(), np.array([(5.0, 11.0)]), np.array([2.5]))
    np.testing.assert_allclose(found.points, [(5.0, 11.0, 2.5)])
    found = lift(plane(), np.empty((0, 2)), np.empty(0))
    assert found.points.shape == (0, 3)
    assert len(found.steps) == len(found.at) == 0


def test_a_path_that_stands_still_is_a_point_for_each_iterate() -> None:
    points = np.tile([1.0, 11.0], (4, 1))
    found = lift(plane(), points, np.zeros(4))
    check_order(found, points)
    assert found.at.tolist() == [0, 1, 2, 3]


def test_long_steps_and_long_paths_are_cut_into_so_many_pieces() -> None:
    field = plane()
    level = Relief(field.xs, field.ys, np.full((5, 9), 2.0), field.heights, field.levels)
    found = lift(level, np.array([(-100.0, 11.0), (100.0, 11.0)]), np.full(2, 2.0))
    # Out of sight, 6 in the air and 4 on the surface in pieces of 1/4, 6 in the air, out of sight.
    assert np.diff(found.at).tolist() == [1 + 24 + 16 + 24 + 1]
    fine = Relief(
        np.linspace(0, 4, 801), field.ys, np.full((5, 801), 2.0), field.heights, field.levels
    )
    found = lift(fine, np.array([(0.0, 11.0), (4.0, 11.0)]), np.full(2, 2.0))
    assert np.diff(found.at).tolist() == [400]
    there = np.tile([(0.0, 11.0), (4.0, 11.0)], (1000, 1))
    found = lift(fine, there, np.zeros(2000))
    check_order(found, there)
    assert 190_000 < len(found.points) <= 200_000 + 2000
    many = np.tile([(1.0, 11.0), (1.1, 11.0)], (110_000, 1))
    found = lift(field, many, np.zeros(220_000))
    assert len(found.points) == 220_000  # every iterate, whatever the cap


coordinates: Any = st.one_of(
    st.floats(-10, 20), st.floats(-1e308, 1e308), st.sampled_from([0.0, 4.0, 10.0, 12.0])
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(coordinates, coordinates, st.floats(allow_nan=True)), min_size=1, max_size=8
    ),
    st.sampled_from(["linear", "log"]),
)
def test_any_path_is_in_sight_or_not(steps: list[tuple[float, float, float]], kind: Any) -> None:
    field = plane(kind)
    rows = np.array(steps)
    found = lift(field, rows[:, :2], rows[:, 2])
    seen: Any = np.isfinite(found.points).all(axis=1)
    assert np.isnan(found.points[~seen]).all()
    np.testing.assert_array_equal(found.steps[found.at], np.arange(len(rows)))
    assert (np.diff(found.steps) >= 0).all()
    x, y = rows[:, 0], rows[:, 1]
    inside = (x >= 0) & (x <= 4) & (y >= 10) & (y <= 12)
    assert seen[found.at[inside]].all()
    np.testing.assert_array_equal(found.points[found.at[inside], :2], rows[inside, :2])
    expected = np.interp(x[inside], field.xs, field.z[0])
    np.testing.assert_allclose(found.points[found.at[inside], 2], expected, atol=1e-9)
