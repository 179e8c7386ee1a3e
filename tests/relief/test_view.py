from typing import Any

import numpy as np
import pytest
from mpl_toolkits.mplot3d import proj3d
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.relief.view import view_of
from tests.relief.cameras import camera


def points_in(axes: Any, count: int = 50) -> NDArray[Any]:
    rng = np.random.default_rng(3)
    limits = np.array([axes.get_xlim3d(), axes.get_ylim3d(), axes.get_zlim3d()])
    points: NDArray[Any] = limits[:, 0] + rng.uniform(-0.2, 1.2, (count, 3)) * np.ptp(
        limits, axis=1
    )
    return points


@pytest.mark.parametrize("seed", range(12))
def test_projection_is_that_of_mplot3d(seed: int) -> None:
    axes = camera(seed)
    points = points_in(axes)
    found = view_of(axes).project(points)
    axes.figure.canvas.draw()
    x, y, depth = proj3d.proj_transform(*points.T, axes.get_proj())
    expected = axes.transData.transform(np.column_stack([x, y]))
    np.testing.assert_allclose(found[:, :2], expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found[:, 2], depth, rtol=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_eye_sees_what_the_screen_shows(seed: int) -> None:
    axes = camera(seed)
    view = view_of(axes)
    centre = np.array([np.mean(p) for p in (axes.get_xlim(), axes.get_ylim(), axes.get_zlim())])
    eye = view.eye
    size = 1e-5 * np.ptp(np.array([axes.get_xlim(), axes.get_ylim(), axes.get_zlim()]), axis=1)
    steps = view.project(centre + np.diag(size)) - view.project(centre - np.diag(size))
    seen = (eye * (2 * size)).T
    scale = steps[:, :2].ravel() @ seen[:, :2].ravel() / (seen[:, :2] ** 2).sum()
    assert scale > 0
    np.testing.assert_allclose(steps[:, :2], scale * seen[:, :2], rtol=1e-4, atol=1e-4 * scale)
    # Nearer is less deep, and depth is in one proportion to the way towards the viewer.
    np.testing.assert_allclose(
        steps[:, 2] * seen[0, 2], steps[0, 2] * seen[:, 2], rtol=1e-4, atol=1e-12
    )
    assert (steps[:, 2] * seen[:, 2] <= 0).all()
    # A rotation of the box as it is displayed.
    aspect = np.diag(1 / np.linalg.norm(eye, axis=0))
    np.testing.assert_allclose((eye @ aspect).T @ (eye @ aspect), np.eye(3), atol=1e-9)


def test_scaled_view_has_more_pixels() -> None:
    axes = camera(1)
    points = points_in(axes)
    view = view_of(axes)
    expected = view.project(points) * [2.5, 2.5, 1]
    np.testing.assert_allclose(view.scaled(2.5).project(points), expected, rtol=1e-12)


def test_what_is_behind_the_viewer_has_no_place() -> None:
    axes = camera(0)
    axes.set_proj_type("persp")
    view = view_of(axes)
    centre = np.array([np.mean(p) for p in (axes.get_xlim(), axes.get_ylim(), axes.get_zlim())])
    toward = np.linalg.solve(view.eye, [0.0, 0.0, 1.0])
    steps = view.project(centre + np.outer([0, 1e3, 1e6], toward))
    assert np.isfinite(steps[0]).all()
    assert np.isnan(steps[2]).all()


def test_axes_that_are_not_linear_are_refused() -> None:
    axes = camera(0)
    axes.xaxis.get_scale = lambda: "log"
    with pytest.raises(LandscapeError, match="linear"):
        view_of(axes)
