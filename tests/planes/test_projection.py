from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks.datasets import dataset
from landscape.networks.network import Network
from landscape.networks.training import train_all
from landscape.planes import Geometry, NetworkPlane, joint_plane, project_path
from landscape.planes.projection import lost_runs
from tests.planes.cases import blobs, loss_of, parameters

NETWORK = Network((2, 8, 2), "tanh")


@pytest.fixture(scope="module")
def data() -> Any:
    return dataset("moons:rows=150,noise=0.1")


@pytest.fixture(scope="module")
def runs(data: Any) -> list[Any]:
    return train_all(NETWORK, data, ["gd:lr=0.3", "adam:lr=0.02"], epochs=4, snapshots=20)


def test_a_path_in_the_plane_is_shown_as_it_is() -> None:
    network = Network((3, 5, 3), "tanh", dtype="float64")
    X, y = blobs()
    draw = np.random.default_rng(0)
    first, second = draw.normal(size=(2, network.count))
    geometry = Geometry(parameters(network), first, second + first)  # 45 degrees apart
    plane = NetworkPlane(network, X, y, geometry)
    places = draw.normal(size=(12, 2))
    path = project_path(geometry.point(places[:, 0], places[:, 1]), plane, label="planted")
    np.testing.assert_allclose(path.coordinates, places, atol=1e-12)
    assert path.off_plane.max() < 1e-12
    assert path.relative.max() < 1e-13
    assert path.hidden < 1e-24
    np.testing.assert_allclose(path.plane_loss, path.loss, rtol=1e-10)
    assert path.label == "planted"
    assert path.steps.tolist() == list(range(12))


def test_what_the_plane_hides_is_told() -> None:
    network = Network((3, 5, 3), "tanh", dtype="float64")
    X, y = blobs()
    axes, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(network.count, 3)))
    origin = parameters(network)
    plane = NetworkPlane(network, X, y, Geometry(origin, axes[:, 0], axes[:, 1]))
    path = origin + np.array([[0.0, 1.0, 0.0], [3.0, 1.0, 4.0], [0.0, 1.0, 2.0]]) @ axes.T
    found = project_path(path, plane)
    np.testing.assert_allclose(found.coordinates, [[0, 1], [3, 1], [0, 1]], atol=1e-12)
    np.testing.assert_allclose(found.off_plane, [0, 4, 2], atol=1e-12)
    assert found.reach == pytest.approx(5.0)
    np.testing.assert_allclose(found.relative, [0, 0.8, 0.4], atol=1e-12)
    assert found.hidden == pytest.approx((16 + 4) / (1 + 26 + 5))
    true = [loss_of(network, theta, X, y) for theta in path]
    shown = [
        loss_of(network, theta, X, y)
        for theta in path - path @ axes[:, 2:] @ axes[:, 2:].T + (origin @ axes[:, 2]) * axes[:, 2]
    ]
    np.testing.assert_allclose(found.loss, true, rtol=1e-10)
    np.testing.assert_allclose(found.plane_loss, shown, rtol=1e-9)
    assert abs(true[1] - shown[1]) > 0.05


def test_several_runs_on_one_plane(data: Any, runs: list[Any]) -> None:
    plane, paths, principal = joint_plane(NETWORK, data, runs, resolution=9)
    assert principal is not None
    assert [path.label for path in paths] == [run.label for run in runs]
    np.testing.assert_allclose(paths[0].coordinates[0], paths[1].coordinates[0], atol=1e-6)
    np.testing.assert_allclose(plane.start, paths[0].coordinates[0])
    (x0, x1), (y0, y1) = plane.bounds
    for path, run in zip(paths, runs, strict=True):
        a, b = path.coordinates.T
        assert x0 < a.min() < a.max() < x1
        assert y0 < b.min() < b.max() < y1
        assert np.array_equal(path.steps, run.snapshot_steps)
        measured = np.searchsorted(run.steps, run.steps_taken)
        assert path.loss[-1] == pytest.approx(run.train_loss[measured], rel=1e-5)
        true = [loss_of(NETWORK, theta, data.X, data.y) for theta in run.snapshots]
        np.testing.assert_allclose(path.loss, true, rtol=1e-5)
    # Together the paths hide what the components do not show.
    rows = np.concatenate([run.snapshots for run in runs]).astype(float) - principal.origin
    off = np.concatenate([path.off_plane for path in paths])
    assert (off**2).sum() / (rows**2).sum() == pytest.approx(1 - principal.shares.sum(), rel=1e-6)
    test = joint_plane(NETWORK, data, runs, metric="test_loss", resolution=9)[1]
    true = [loss_of(NETWORK, theta, data.X_test, data.y_test) for theta in runs[0].snapshots]
    np.testing.assert_allclose(test[0].loss, true, rtol=1e-5)


def test_a_plane_of_ones_own_for_several_runs(data: Any, runs: list[Any]) -> None:
    draw = np.random.default_rng(0)
    geometry = Geometry(runs[0].final, *draw.normal(size=(2, NETWORK.count)))
    plane, paths, principal = joint_plane(
        NETWORK, data, runs, geometry=geometry, bounds=((-1, 1), (-2, 2))
    )
    assert principal is None
    assert plane.geometry is geometry
    assert plane.bounds == ((-1.0, 1.0), (-2.0, 2.0))
    assert paths[0].hidden > 0.5  # random directions show next to nothing of a path


def test_a_run_that_diverged_does_not_stretch_the_plane(data: Any, runs: list[Any]) -> None:
    thrown = runs[1].snapshots.copy()
    thrown[-3], thrown[-2], thrown[-1] = thrown[-3] * 1e6, np.inf, np.nan
    lost = replace(runs[1], snapshots=thrown, ending="diverged", label="lost")
    plane, paths, _ = joint_plane(NETWORK, data, [runs[0], lost], resolution=9)
    alone, *_ = joint_plane(NETWORK, data, runs[:1], resolution=9)
    assert plane.bounds == alone.bounds
    assert np.isfinite(paths[1].coordinates[:-2]).all()
    assert np.isnan(paths[1].coordinates[-2:]).all()
    assert not np.isfinite(paths[1].loss[-1])
    assert np.isfinite([paths[1].reach, paths[1].hidden]).all()
    with pytest.raises(LandscapeError, match="did not diverge"):
        joint_plane(NETWORK, data, [lost])


def test_runs_that_went_away_are_lost_unless_all_did() -> None:
    def run(last: float, reach: float, ending: str = "finished") -> Any:
        path = np.array([[0.0, 0.0], [reach, 0.0]])
        return SimpleNamespace(snapshots=path, train_loss=np.array([1.0, last]), ending=ending)

    good, slow, far = run(0.1, 1.0), run(0.9, 1e-3), run(0.5, 1e4)
    assert lost_runs([good, slow, far]) == [False, False, False]
    assert lost_runs([good, run(11.0, 1.0)]) == [False, True]
    assert lost_runs([good, run(9.0, 1.0)]) == [False, False]
    assert lost_runs([good, run(2.0, 101.0), slow]) == [False, True, False]
    assert lost_runs([good, run(0.1, 1.0, "diverged")]) == [False, True]
    assert lost_runs([run(11.0, 1.0)]) == [False]
    assert lost_runs([run(11.0, 1.0), run(np.nan, np.nan, "diverged")]) == [False, True]
    assert lost_runs([np.eye(3), np.ones((4, 3))]) == [False, False]


def test_a_path_that_is_not_finite_is_refused(data: Any, runs: list[Any]) -> None:
    plane, _, _ = joint_plane(NETWORK, data, runs, resolution=5)
    path = runs[0].snapshots.copy()
    path[4, 3] = np.nan
    with pytest.raises(LandscapeError, match="not finite from snapshot 4 on"):
        project_path(path, plane)
    gone = replace(runs[0], snapshots=path, ending="diverged")
    assert np.isnan(project_path(gone, plane).loss[4])


def test_what_blew_up_has_the_reach_from_before(data: Any, runs: list[Any]) -> None:
    plane, (steady, _), _ = joint_plane(NETWORK, data, runs, resolution=5)
    path = runs[0].snapshots.copy()
    path[15:] *= 1e6
    found = project_path(path, plane)
    assert (found.loss[15:] > 10 * found.loss[0]).all()
    away = np.linalg.norm(path[:15] - path[0], axis=1)
    assert found.reach == pytest.approx(away.max(), rel=1e-5)
    np.testing.assert_allclose(found.off_plane[:15], steady.off_plane[:15])
    assert found.relative[1:15].max() > 0.05
    # What comes back from a spike keeps the reach of all of it.
    back = np.concatenate([path, runs[0].snapshots[-1:]])
    assert project_path(back, plane).reach > 1e4 * found.reach
