"""What is hidden from a place is what a picture that is seen from there hides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.relief.field import Relief
from landscape.relief.look import Look
from landscape.relief.lookout import eye_of, hidden_from, slopes_at
from landscape.relief.rendering import hidden
from landscape.relief.scene import Scene
from landscape.relief.view import View, view_of
from tests.relief.cameras import camera
from tests.relief.raycast import waves

Array = NDArray[Any]
SEEDS = range(6)


def view_at(seed: int, field: Relief) -> tuple[Any, View]:
    """Return axes that look at a field from somewhere, in perspective, and their view."""
    axes = camera(seed, field, (300, 225))
    axes.set_proj_type("persp")
    axes.view_init(10 + 7 * seed, 40 * seed)
    return axes, view_of(axes)


def points_on(field: Relief, seed: int, lifted: float) -> Array:
    """Return points (n, 3) on a field and above it, by a share of its height at most."""
    rng = np.random.default_rng(seed)
    (x0, x1), (y0, y1) = field.bounds
    x, y = rng.uniform(x0, x1, 400), rng.uniform(y0, y1, 400)
    return np.column_stack(
        [x, y, field.z_at(x, y) + rng.uniform(0, lifted, 400) * field.heights.span]
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_eye_is_where_all_ways_of_a_picture_meet(seed: int) -> None:
    axes, view = view_at(seed, waves(seed))
    eye = eye_of(axes.get_proj())
    np.testing.assert_allclose(eye, eye_of(view.matrix), rtol=1e-9)
    points = points_on(waves(seed), seed, 1.0)
    places = view.project(points)[:, :2]
    for share in (0.3, 0.8):
        nearer = view.project(points + share * (eye - points))[:, :2]
        np.testing.assert_allclose(nearer, places, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("heights", [{}, {"high": 0.4, "cut": True}, {"low": -0.5, "sunk": True}])
def test_it_hides_what_a_picture_hides(seed: int, heights: dict[str, Any]) -> None:
    field = waves(seed, **heights)
    _, view = view_at(seed, field)
    look = Look(colors=np.zeros((len(field.levels) - 1, 3)), line=(0, 0, 0), line_width=0)
    for lifted in (0.0, 0.6):
        points = points_on(field, seed, lifted)
        expected = hidden(Scene(field, view, look, (0, 0, 300, 225)), view.project(points))
        found = hidden_from(field, points, eye_of(view.matrix))
        assert 0.0 < expected.mean() < 0.99
        # Rounding decides for a point that lies on an outline.
        assert (found != expected).mean() <= 0.005


def test_slopes_tell_what_lies_above_the_surface() -> None:
    field = waves(3)
    points = points_on(field, 3, 0.0)
    slopes = slopes_at(field, points)
    (x0, x1), (y0, y1) = field.bounds
    assert np.isfinite(slopes).all()
    np.testing.assert_array_equal(slopes[:, 2], 1.0)
    step = np.array([3e-4 * (x1 - x0), -2e-4 * (y1 - y0)])
    x, y = (points[:, :2] + step).T
    away = np.column_stack([np.broadcast_to(step, (len(x), 2)), field.z_at(x, y) - points[:, 2]])
    above = (away * slopes).sum(axis=1) / field.heights.span
    inside = np.isfinite(above)
    assert inside.mean() > 0.98
    # But for the few that have an edge between two triangles there.
    assert np.median(np.abs(above[inside])) < 1e-9
    assert np.isnan(slopes_at(field, np.array([[x1 + 1, y1, 0.0]]))[0, :2]).all()


def test_at_the_far_rim_there_is_a_slope() -> None:
    field = waves(1)
    (_, x1), (_, y1) = field.bounds
    slopes = slopes_at(field, np.array([[x1, y1, 0.0]]))
    assert np.isfinite(slopes).all()
