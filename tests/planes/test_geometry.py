from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.errors import LandscapeError
from landscape.planes import Geometry, Line, angle, box_around, line_through, plane_through
from landscape.planes import geometry as module


def vectors(count: int, size: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(size=(count, size))


@pytest.mark.parametrize("degrees", [90.0, 30.0, 1.0, 0.01, 179.0])
@pytest.mark.parametrize("length", [1.0, 1e-4, 1e5])
def test_a_path_planted_in_a_skewed_plane_is_found_exactly(degrees: float, length: float) -> None:
    size = 5000
    origin, u, v = vectors(3, size)
    u /= np.linalg.norm(u)
    v -= (v @ u) * u
    v /= np.linalg.norm(v)
    turn = np.radians(degrees)
    plane = Geometry(origin, 3 * u, length * (np.cos(turn) * u + np.sin(turn) * v))
    assert plane.angle == pytest.approx(degrees, rel=1e-9)
    planted = np.random.default_rng(1).normal(size=(40, 2))
    path = plane.point(planted[:, 0], planted[:, 1])
    found, off = plane.project(path)
    # Two axes at a hundredth of a degree share all but 1.7e-4 of themselves.
    exact = 1e-11 / np.sin(turn) * max(1.0, 1.0 / length)
    np.testing.assert_allclose(found, planted, atol=exact)
    assert off.max() < 1e-10
    np.testing.assert_allclose(plane.point(found[:, 0], found[:, 1]), path, atol=1e-9)


def test_products_with_skewed_axes_would_be_wrong() -> None:
    origin, first, second = vectors(3, 50)
    second += 2 * first
    plane = Geometry(origin, first, second)
    theta = plane.point(0.7, -1.2)
    away = theta - origin
    naive = [away @ first / (first @ first), away @ second / (second @ second)]
    np.testing.assert_allclose(plane.coordinates(theta), [0.7, -1.2], atol=1e-12)
    assert abs(naive[0] - 0.7) > 0.5


def test_least_squares_and_distance_off_the_plane() -> None:
    origin, first, second, theta = vectors(4, 30, seed=2)
    plane = Geometry(origin, first, second)
    axes = np.stack([first, second], axis=1)
    wanted, (square,), *_ = np.linalg.lstsq(axes, theta - origin)
    np.testing.assert_allclose(plane.coordinates(theta), wanted, rtol=1e-12)
    assert float(plane.residual(theta)) == pytest.approx(np.sqrt(square), rel=1e-12)


def test_a_known_distance_off_the_plane_is_found() -> None:
    origin, first, second, up = vectors(4, 1000, seed=3)
    plane = Geometry(origin, first, second)
    axes, _ = np.linalg.qr(np.stack([first, second], axis=1))
    up -= axes @ (axes.T @ up)
    up /= np.linalg.norm(up)
    heights = np.array([0.0, 1e-8, 1e-3, 5.0])
    path = plane.point(np.arange(4.0), -np.arange(4.0)) + heights[:, None] * up
    np.testing.assert_allclose(plane.residual(path), heights, rtol=1e-5, atol=1e-12)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    origin, first, second, *path = vectors(20, 64, seed=4)
    plane = Geometry(origin, first, second)
    whole = plane.project(np.array(path))
    monkeypatch.setattr(module, "_BLOCK", 3 * 64)
    parts = plane.project(np.array(path))
    np.testing.assert_allclose(parts[0], whole[0], rtol=1e-12)
    np.testing.assert_allclose(parts[1], whole[1], rtol=1e-12)
    alone = plane.project(path[5])
    np.testing.assert_allclose(alone[0], whole[0][5], rtol=1e-12)
    assert alone[1].shape == ()


def test_parameters_in_single_precision_are_differenced_in_double() -> None:
    origin = np.full(100, 1000.0)
    first, second = np.eye(100)[:2]
    plane = Geometry(origin.astype(np.float32), first, second)
    theta = origin.astype(np.float32)
    theta[0] = np.float32(1000.001)
    exact = float(theta[0]) - 1000.0
    assert plane.coordinates(theta)[0] == pytest.approx(exact, rel=1e-12)


def test_a_path_that_diverges_is_nan_where_it_does() -> None:
    origin, first, second = vectors(3, 10)
    path = np.stack([origin, np.full(10, np.inf), origin * np.nan, origin + first])
    coordinates, off = Geometry(origin, first, second).project(path)
    np.testing.assert_allclose(coordinates[[0, 3]], [[0, 0], [1, 0]], atol=1e-14)
    assert np.isnan(coordinates[1:3]).all()
    assert np.isnan(off[1:3]).all()


@given(st.floats(0.0, 180.0))
@settings(deadline=None)
def test_angles(degrees: float) -> None:
    turn = np.radians(degrees)
    found = angle([2.0, 0.0, 0.0], [3 * np.cos(turn), 0.0, 3 * np.sin(turn)])
    assert found == pytest.approx(degrees, abs=1e-7 if 1e-6 < degrees < 179.9 else 1e-5)


def test_the_line_through_two_solutions() -> None:
    start, end = vectors(2, 40).astype(np.float32)
    line = line_through(start, end)
    assert np.array_equal(line.point(0.0).astype(np.float32), start)
    assert np.array_equal(line.point(1.0).astype(np.float32), end)
    assert line.point(np.linspace(0, 1, 5)).shape == (5, 40)
    np.testing.assert_allclose(line.coordinates(np.stack([start, end])), [0, 1], atol=1e-12)
    middle = line.point(0.25)
    aside = np.cross(line.direction[:3], [1.0, 2.0, 3.0])
    off = middle + np.concatenate([aside, np.zeros(37)])
    assert float(line.coordinates(off)) == pytest.approx(0.25, abs=1e-12)
    assert float(line.residual(off)) == pytest.approx(np.linalg.norm(aside), rel=1e-10)


def test_the_plane_through_three_solutions_keeps_their_distances() -> None:
    three = vectors(3, 70, seed=6)
    plane, places = plane_through(*three)
    np.testing.assert_allclose(plane.point(places[:, 0], places[:, 1]), three, atol=1e-12)
    np.testing.assert_allclose(plane.coordinates(three), places, atol=1e-12)
    np.testing.assert_allclose(plane.lengths, [1, 1], rtol=1e-14)
    assert plane.angle == pytest.approx(90.0, abs=1e-10)
    for k in range(3):
        apart = np.linalg.norm(three[k] - three[k - 1])
        assert np.linalg.norm(places[k] - places[k - 1]) == pytest.approx(apart, rel=1e-12)
    assert places[0].tolist() == [0, 0]
    assert places[1, 1] == 0
    assert places[2, 1] > 0


def test_a_box_around_a_path() -> None:
    points = np.array([[0.0, 0.0], [4.0, 2.0], [np.nan, 1.0], [np.inf, 9.0]])
    assert box_around(points, 0.25) == ((-1.0, 5.0), (-0.5, 2.5))
    straight = np.array([[0.0, 1.0], [10.0, 1.0]])
    (x0, x1), (y0, y1) = box_around(straight, 0.0)
    assert (x0, x1) == (0.0, 10.0)
    assert (y0, y1) == (0.5, 1.5)


def test_bad_input() -> None:
    origin, first, second = vectors(3, 10)
    with pytest.raises(LandscapeError, match="parallel to the first"):
        Geometry(origin, first, -2 * first)
    with pytest.raises(LandscapeError, match="equally long: 10 and 9"):
        Geometry(origin, first, second[:9])
    with pytest.raises(LandscapeError, match="must be finite"):
        Geometry(origin, first, second * np.inf)
    with pytest.raises(LandscapeError, match="all its numbers are 0"):
        Line(origin, 0 * first)
    with pytest.raises(LandscapeError, match=r"shape \(10,\) or \(T, 10\)"):
        Geometry(origin, first, second).coordinates(np.zeros((3, 9)))
    with pytest.raises(LandscapeError, match="both are the same"):
        line_through(origin, origin)
    with pytest.raises(LandscapeError, match="not lie on one line"):
        plane_through(origin, origin + first, origin - 3 * first)
    with pytest.raises(LandscapeError, match="not lie on one line"):
        plane_through(origin, origin, first)
    with pytest.raises(LandscapeError, match="points that differ"):
        box_around(np.ones((3, 2)))
