"""The heightfield: its triangles, its box, and what of a surface it keeps."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.tri import LinearTriInterpolator, Triangulation
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.relief.field import Relief, make_relief
from landscape.relief.heights import Heights
from landscape.surfaces.function import FunctionSurface
from landscape.surfaces.lookup import surface
from tests.relief.raycast import waves

Array = NDArray[Any]


def interpolator(field: Relief, heights: Array) -> Any:
    """Return Matplotlib's interpolation of `heights` on the cells split as a Relief's are."""
    nx, ny = len(field.xs), len(field.ys)
    x, y = np.meshgrid(field.xs, field.ys)
    corner = (np.arange(ny - 1)[:, None] * nx + np.arange(nx - 1)).ravel()
    right, above, far = corner + 1, corner + nx, corner + nx + 1
    cells = np.concatenate(
        [np.stack([corner, right, far], axis=1), np.stack([corner, far, above], axis=1)]
    )
    return LinearTriInterpolator(Triangulation(x.ravel(), y.ravel(), cells), heights.ravel())


def uneven(seed: int, cut: bool = False) -> Relief:
    """Return a rough field on a domain whose sides differ, as high as wide at no place."""
    rng = np.random.default_rng(seed)
    xs, ys = np.linspace(-2.0, 40.0, 9), np.linspace(0.1, 0.4, 12)
    values = rng.normal(size=(12, 9))
    box = (-0.7, 0.6) if cut else (float(values.min()), float(values.max()))
    return Relief(xs, ys, values, Heights("linear", *box, cut=cut, sunk=cut), np.linspace(*box, 5))


def places(field: Relief, seed: int, count: int) -> tuple[Array, Array]:
    (x0, x1), (y0, y1) = field.bounds
    rng = np.random.default_rng(seed)
    return rng.uniform(x0, x1, count), rng.uniform(y0, y1, count)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_heights_between_are_those_of_the_triangles(seed: int, cut: bool) -> None:
    field = uneven(seed, cut)
    x, y = places(field, seed, 2000)
    axis = field.heights
    expected = np.clip(interpolator(field, field.values)(x, y).filled(np.nan), axis.low, axis.high)
    assert np.isfinite(expected).all()
    found = field.z_at(x, y)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert (((found == axis.low) | (found == axis.high)).mean() > 0.1) == cut


def test_a_missing_value_takes_its_triangles_alone() -> None:
    field = uneven(5)
    values = field.values.copy()
    values[4, 3] = values[0, 0] = values[11, 8] = values[6, 8] = np.nan
    field = Relief(field.xs, field.ys, values, field.heights, field.levels)
    x, y = places(field, 5, 4000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = interpolator(field, values)(x, y)
    expected = np.where(np.ma.getmaskarray(expected), np.nan, expected.data)
    assert 0.05 < np.isnan(expected).mean() < 0.3
    np.testing.assert_allclose(field.z_at(x, y), expected, atol=1e-9)
    # Six triangles meet at a point of the grid, one or two at a corner of the domain.
    across, up = (field.xs[1] - field.xs[0]) / 99, (field.ys[1] - field.ys[0]) / 99
    for j, i, missing in ((4, 3, 6), (0, 0, 2), (11, 8, 2), (6, 8, 3)):
        around = np.radians(np.array([20, 70, 135, 200, 250, 315.0]))
        near = field.z_at(field.xs[i] + across * np.cos(around), field.ys[j] + up * np.sin(around))
        # What is outside the domain has no height either: of the rest those triangles are gone.
        (x0, x1), (y0, y1) = field.bounds
        inside = (field.xs[i] + across * np.cos(around) >= x0) & (
            field.xs[i] + across * np.cos(around) <= x1
        )
        inside &= (field.ys[j] + up * np.sin(around) >= y0) & (
            field.ys[j] + up * np.sin(around) <= y1
        )
        assert inside.sum() == missing
        assert np.isnan(near).all()


def test_points_of_the_grid_have_their_own_heights_also_at_the_edges() -> None:
    field = uneven(7)
    x, y = np.meshgrid(field.xs, field.ys)
    np.testing.assert_allclose(field.z_at(x.ravel(), y.ravel()), field.values.ravel(), atol=1e-9)
    # In the middle of a cell it is the diagonal's height.
    x, y = 0.5 * (field.xs[1:] + field.xs[:-1]), 0.5 * (field.ys[4] + field.ys[5])
    expected = 0.5 * (field.values[4, :-1] + field.values[5, 1:])
    np.testing.assert_allclose(field.z_at(x, np.full(8, y)), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (-2.0001, 0.2),
        (40.0001, 0.2),
        (3.0, 0.0999),
        (3.0, 0.4001),
        (1e300, 0.2),
        (-np.inf, 0.2),
        (3.0, np.inf),
        (np.nan, 0.2),
        (3.0, np.nan),
    ],
)
def test_outside_there_is_no_height(x: float, y: float) -> None:
    field = uneven(1)
    assert np.isnan(field.z_at([x, 3.0], [y, 0.2])).tolist() == [True, False]


def test_bounds_are_those_of_the_lines() -> None:
    assert uneven(1).bounds == ((-2.0, 40.0), (0.1, 0.4))


@settings(deadline=None)
@given(st.lists(st.floats(-1e300, 1e300), min_size=4, max_size=4), st.booleans())
def test_heights_stay_near_the_box(losses: list[float], logarithmic: bool) -> None:
    axis = Heights("log", 0.01, 100.0) if logarithmic else Heights("linear", 1.0, 3.0)
    field = Relief(
        np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array(losses).reshape(2, 2), axis, np.ones(3)
    )
    low, high = axis.bottom - 4 * axis.span, axis.top + 4 * axis.span
    assert (field.z >= low).all()
    assert (field.z <= high).all()
    near = (axis.of(field.values) >= low) & (axis.of(field.values) <= high)
    np.testing.assert_array_equal(field.z[near], axis.of(field.values)[near])
    found = field.z_at([0.2, 0.8, 0.5], [0.9, 0.1, 0.5])
    assert (found >= axis.bottom).all()
    assert (found <= axis.top).all()


# -- made of a surface -----------------------------------------------------------------------------


def test_a_relief_is_the_surface_on_its_grid() -> None:
    where = surface("himmelblau", bounds=((-5, 4), (-1, 3)))
    field = make_relief(where, cells=40)
    assert field.bounds == ((-5.0, 4.0), (-1.0, 3.0))
    assert field.values.shape == (len(field.ys), len(field.xs)) == (41, 41)
    x, y = np.meshgrid(np.linspace(-5, 4, 41), np.linspace(-1, 3, 41))
    np.testing.assert_allclose(field.values, (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)
    np.testing.assert_array_equal(field.z, field.values)
    assert make_relief(where).values.shape == (201, 201)


@pytest.mark.parametrize(("kind", "count"), [("linear", 5), ("log", 12), ("quantile", 7)])
def test_levels_are_of_the_kind_asked_for(kind: str, count: int) -> None:
    field = make_relief(surface("sphere"), levels=kind, count=count, cells=20)
    levels = field.levels
    assert len(levels) == count + 1
    assert levels[0] <= 0.0
    assert levels[-1] >= field.values.max()
    steps = np.diff(levels)
    assert (steps > 0).all()
    assert (np.ptp(steps) < 1e-9 * steps[0]) == (kind == "linear")
    if kind == "quantile":
        areas = np.histogram(field.values, levels)[0]
        assert areas.max() < 1.5 * areas.min()


def test_levels_that_are_given_are_kept() -> None:
    levels = [0.5, 0.7, 3.0, 50.0]
    field = make_relief(surface("sphere"), levels=levels, cells=10)
    assert field.levels.tolist() == levels


@pytest.mark.parametrize(
    ("asked", "kind", "high"),
    [
        ({}, "linear", 18.0),
        ({"heights": "log"}, "log", 18.0),
        ({"clip": 5.0}, "linear", 5.0),
        ({"heights": "log", "clip": 5.0}, "log", 5.0),
    ],
)
def test_heights_are_those_asked_for(asked: dict[str, Any], kind: str, high: float) -> None:
    axis = make_relief(surface("sphere"), cells=20, **asked).heights
    assert axis.high == pytest.approx(high)
    assert axis.kind == kind
    assert axis.cut == ("clip" in asked)


def test_a_known_minimum_between_the_grids_lines_is_the_floor() -> None:
    where = surface("sphere", bounds=((-1, 2), (-1.3, 2)))
    field = make_relief(where, heights="linear", cells=5)
    assert field.values.min() > 0.01
    assert field.heights.low == 0.0
    assert field.levels[0] <= 0.0


def walled() -> FunctionSurface:
    """Rises without end at the right, has no value above and falls without end at one place."""

    def value(x: Any, y: Any) -> Any:
        found = np.where(x > 1.0, np.inf, x**2 + y**2)
        found = np.where(y > 1.0, np.nan, found)
        return np.where((x < -1.0) & (y < -1.0), -np.inf, found)

    return FunctionSurface(value, bounds=((-2, 2), (-2, 2)), jit=False)


def test_infinite_walls_are_cut_off_with_the_others() -> None:
    field = make_relief(walled(), clip=1.5, cells=20)
    x, y = np.meshgrid(field.xs, field.ys)
    assert field.heights.cut
    wall = (x > 1) & (y <= 1)
    assert (field.values[wall] > 1.5).all()
    np.testing.assert_array_equal(field.z_at([1.9, 1.5], [0.0, -1.0]), [1.5, 1.5])
    missing = (y > 1) | ((x < -1) & (y < -1))
    np.testing.assert_array_equal(np.isnan(field.values), missing)
    np.testing.assert_array_equal(np.isnan(field.z), missing)


def test_without_a_cut_what_is_infinite_is_missing() -> None:
    field = make_relief(walled(), heights="linear", cells=20)
    x, y = np.meshgrid(field.xs, field.ys)
    assert not field.heights.cut
    missing = (x > 1) | (y > 1) | ((x < -1) & (y < -1))
    np.testing.assert_array_equal(np.isnan(field.values), missing)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"heights": "steep"}, "kind of heights"),
        ({"levels": "steep"}, "levels"),
        ({"clip": -1.0}, "above the minimum"),
    ],
)
def test_bad_requests_are_refused(given_: dict[str, Any], said: str) -> None:
    with pytest.raises(LandscapeError, match=said):
        make_relief(surface("sphere"), cells=4, **given_)


def test_a_surface_without_values_is_refused() -> None:
    nothing = FunctionSurface(lambda x, y: x * y * np.nan, bounds=((0, 1), (0, 1)), jit=False)
    with pytest.raises(LandscapeError, match="no finite value"):
        make_relief(nothing, cells=4)


def test_the_waves_of_other_tests_are_within_their_box() -> None:
    field = waves(3)
    x, y = places(field, 3, 500)
    np.testing.assert_allclose(field.z_at(x, y), interpolator(field, field.values)(x, y), atol=1e-9)
