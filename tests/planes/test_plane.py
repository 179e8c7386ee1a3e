from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes import (
    Geometry,
    NetworkPlane,
    PlaneGrid,
    line_through,
    plane_through,
    random_plane,
)
from landscape.planes.cells import cells as real_cells
from landscape.surfaces.lookup import surface as find_surface
from tests.planes.cases import blobs, dense_hessian, loss_of, parameters, train

NETWORK = Network((3, 6, 3), "tanh", l2=0.01, dtype="float64")
X, Y = blobs(rows=64)
TEST = blobs(rows=20, seed=5)
THETA = train(NETWORK, X, Y, 60, 0.5)[-1]


@pytest.fixture
def plane() -> NetworkPlane:
    geometry = random_plane(NETWORK, THETA, seed=1)
    return NetworkPlane(NETWORK, X, Y, geometry, test=TEST, resolution=21)


def test_the_centre_is_the_models_own_loss(plane: NetworkPlane) -> None:
    own = NETWORK.value(THETA, X, Y)
    assert plane.value_at(0.0, 0.0) == own
    assert plane.computed().loss[10, 10] == pytest.approx(own, rel=1e-10)
    assert plane.computed().xs[10] == plane.computed().ys[10] == 0.0
    _, _, smooth = plane.grid(101, 61)
    assert smooth[30, 50] == pytest.approx(own, rel=1e-10)
    assert own == pytest.approx(loss_of(NETWORK, THETA, X, Y), rel=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_solutions_keep_their_losses(dtype: str) -> None:
    network = Network((3, 6, 3), "relu", dtype=dtype)
    three = [train(network, X, Y, 40, 0.3, seed=seed)[-1] for seed in range(3)]
    geometry, places = plane_through(*three)
    plane = NetworkPlane(network, X, Y, geometry)
    exact = [network.value(theta, X, Y) for theta in three]
    at_places = [plane.value_at(*place) for place in places]
    np.testing.assert_allclose(at_places, exact, rtol=1e-6 if dtype == "float32" else 1e-12)
    xs, ys = np.unique(places[:, 0]), np.unique(places[:, 1])
    corners = plane.value_on_grid(xs, ys)
    for (a, b), own in zip(places, exact, strict=True):
        found = corners[np.searchsorted(ys, b), np.searchsorted(xs, a)]
        assert found == pytest.approx(own, rel=2e-6 if dtype == "float32" else 1e-10)
    line = line_through(three[0], three[1])
    assert network.value(line.point(1.0).astype(dtype), X, Y) == exact[1]


def test_values_are_those_of_the_network(plane: NetworkPlane) -> None:
    draw = np.random.default_rng(0)
    a, b = draw.uniform(-1, 1, (2, 30))
    wanted = [
        loss_of(NETWORK, THETA + x * plane.geometry.first + y * plane.geometry.second, X, Y)
        for x, y in zip(a, b, strict=True)
    ]
    np.testing.assert_allclose(plane.value(a, b), wanted, rtol=1e-10)  # by the engine
    np.testing.assert_allclose(plane.value(a[:3], b[:3]), wanted[:3], rtol=1e-12)  # one by one
    assert plane.value(a[:5, None], b[None, :4]).shape == (5, 4)
    assert plane.value(a[0], b[0]).shape == ()
    assert plane(a[0], b[0]) == plane.value_at(a[0], b[0])


def test_a_non_square_grid_is_the_right_way_up() -> None:
    geometry = random_plane(NETWORK, THETA, seed=1)
    plane = NetworkPlane(
        NETWORK, X, Y, geometry, bounds=((-0.5, 1.0), (0.0, 2.0)), resolution=(7, 4)
    )
    xs, ys, values = plane.grid(7, 4)
    assert values.shape == (4, 7)
    assert (xs[0], xs[-1], ys[0], ys[-1]) == (-0.5, 1.0, 0.0, 2.0)
    for i, j in ((0, 6), (3, 0), (1, 2)):
        theta = THETA + xs[j] * geometry.first + ys[i] * geometry.second
        assert values[i, j] == pytest.approx(loss_of(NETWORK, theta, X, Y), rel=1e-10)
    assert abs(values[0, 6] - values[3, 0]) > 0.1
    # A finer one, smoothed, agrees with it where lines coincide.
    fine_xs, fine_ys, fine = plane.grid(13, 10)
    np.testing.assert_allclose(fine[::3, ::2], values, rtol=1e-10)
    assert (fine_xs.size, fine_ys.size) == (13, 10)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_gradient_is_that_of_the_values(activation: str) -> None:
    network = Network((3, 6, 3), activation, l2=0.01, dtype="float64")
    geometry = random_plane(network, parameters(network), seed=2, biases="perturb")
    plane = NetworkPlane(network, X, Y, geometry)
    step = 1e-6
    for x, y in ((0.0, 0.0), (0.3, -0.7), (-1.0, 0.9)):
        dx = (plane.value_at(x + step, y) - plane.value_at(x - step, y)) / (2 * step)
        dy = (plane.value_at(x, y + step) - plane.value_at(x, y - step)) / (2 * step)
        np.testing.assert_allclose(plane.gradient_at(x, y), (dx, dy), rtol=1e-6, atol=1e-8)
    found = plane.gradient(np.array([[0.0], [0.3]]), np.array([0.5, -0.7, 1.0]))
    assert found.shape == (2, 2, 3)
    assert found[:, 1, 1].tolist() == list(plane.gradient_at(0.3, -0.7))
    assert plane.gradient(0.1, 0.2).shape == (2,)


def test_the_hessian_is_the_networks_projected(plane: NetworkPlane) -> None:
    geometry = plane.geometry
    directions = np.stack([geometry.first, geometry.second])
    dense = dense_hessian(NETWORK, geometry.point(0.2, -0.1), X, Y)
    wanted = directions @ dense @ directions.T
    np.testing.assert_allclose(plane.hessian(0.2, -0.1), wanted, atol=2e-3 * np.abs(wanted).max())
    assert plane.hessian(np.zeros((4, 3)), 0.1).shape == (2, 2, 4, 3)


def test_rules_descend_it(plane: NetworkPlane) -> None:
    path = ls.descend(plane, "momentum", start=(0.8, -0.9), steps=60, learning_rate=0.05)
    assert path.losses[-1] < 0.7 * path.losses[0]
    np.testing.assert_allclose(path.losses, plane.value(*path.points.T), rtol=1e-9)
    np.testing.assert_allclose(path.gradients, plane.gradient(*path.points.T).T, rtol=1e-12)
    newton = ls.descend(plane, "newton", start=(0.1, 0.1), steps=8)
    np.testing.assert_allclose(plane.gradient_at(*newton.points[-1]), 0.0, atol=1e-6)
    tuned = ls.descend(plane, "adam", start=(0.8, -0.9), steps=15)
    assert tuned.losses[-1] < tuned.losses[0]


def test_mini_batches_are_real_ones(plane: NetworkPlane) -> None:
    sample = plane.batches(16, seed=3)
    gradients = [sample() for _ in range(8)]
    at = (0.4, -0.2)
    full = np.array(plane.gradient_at(*at))
    for epoch in (gradients[:4], gradients[4:]):
        found = np.array([gradient(*at) for gradient in epoch])
        # An epoch takes each of the 64 rows once.
        np.testing.assert_allclose(found.mean(axis=0), full, rtol=1e-9)
        assert np.abs(found - full).max() > 1e-3
    again = plane.batches(16, seed=3)()
    assert again(*at) == gradients[0](*at)
    for k in (0, 5):
        batch = plane.batch_surface(k, 16, seed=3)
        assert batch.examples == 16
        np.testing.assert_allclose(batch.gradient_at(*at), gradients[k](*at), rtol=1e-12)
        assert batch.grid(30, 30)[2].shape == (30, 30)
        assert not np.allclose(batch.computed().loss, plane.batch_surface(1, 16, 3).computed().loss)
    path = ls.descend(plane, "gd", steps=20, batch=16, learning_rate=0.05)
    assert path.epochs is not None
    assert path.epochs[-1] == 20 * 16 / 64
    with pytest.raises(LandscapeError, match="64 examples"):
        plane.batches(65, seed=0)


def test_metrics(plane: NetworkPlane) -> None:
    at = (0.5, 0.5)
    theta = plane.geometry.point(*at)
    wanted = {
        "loss": loss_of(NETWORK, theta, X, Y),
        "test_loss": loss_of(NETWORK, theta, *TEST),
        "accuracy": NETWORK.accuracy(theta, X, Y),
        "test_accuracy": NETWORK.accuracy(theta, *TEST),
    }
    for metric, value in wanted.items():
        shown = plane.with_metric(metric)
        assert shown.value_at(*at) == pytest.approx(value, rel=1e-12)
        np.testing.assert_allclose(shown.value(np.full(20, at[0]), at[1]), value, rtol=1e-10)
        assert shown.examples == (20 if metric.startswith("test") else 64)
    assert plane.metric == "loss"
    with pytest.raises(LandscapeError, match="take metric='loss'"):
        plane.with_metric("accuracy").gradient_at(0, 0)
    accuracy = plane.with_metric("accuracy").grid(70, 70)[2]
    cells = plane.computed().accuracy
    assert cells.min() <= accuracy.min() <= accuracy.max() <= cells.max()


def test_no_cell_is_computed_twice(monkeypatch: pytest.MonkeyPatch, plane: NetworkPlane) -> None:
    asked: list[int] = []

    def counted(*given: Any, **choices: Any) -> Any:
        asked.append(len(given[5]))
        return real_cells(*given, **choices)

    monkeypatch.setattr("landscape.planes.grids.cells", counted)
    first = plane.grid(200, 100)[2]
    assert np.array_equal(plane.grid(200, 100)[2], first)
    plane.grid(21, 21)
    plane.with_metric("accuracy").grid(300, 300)
    assert asked == [21 * 21]
    plane.with_metric("test_loss").grid(300, 300)
    plane.with_resolution(11).grid(300, 300)
    find_surface(plane, bounds=((0, 1), (0, 1))).grid(50, 50)
    assert asked == [441, 441, 121, 441]


def test_a_grid_from_a_file_is_shown(plane: NetworkPlane) -> None:
    known = plane.computed()
    other = NetworkPlane(NETWORK, X, Y, plane.geometry, resolution=21)
    marked = PlaneGrid(known.xs, known.ys, known.loss + 100, known.accuracy)
    other.remember(marked)
    assert other.grid(60, 60)[2].min() > 100
    with pytest.raises(LandscapeError, match="21 columns and 21 rows"):
        other.remember(PlaneGrid(known.xs, known.ys, known.loss[1:], known.accuracy))


def test_the_error_of_the_smoothed_picture_is_measured(plane: NetworkPlane) -> None:
    coarse = plane.with_resolution(11).interpolation_error()
    fine = plane.with_resolution(41).interpolation_error()
    assert coarse.shape == (64,)
    assert np.median(fine) < 0.2 * np.median(coarse)
    assert fine.max() < 1e-3
    # It is what the picture is wrong by, found here another way.
    xs, ys, values = plane.with_resolution(11).grid(53, 47)
    exact = plane.value_on_grid(xs, ys)
    assert np.median(np.abs(values / exact - 1)) == pytest.approx(np.median(coarse), rel=0.6)


def test_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    NetworkPlane(
        NETWORK,
        X,
        Y,
        random_plane(NETWORK, THETA),
        resolution=9,
        progress=lambda *at: seen.append(at),
    ).computed()
    assert seen[-1] == (81, 81)


def test_pictures_are_drawn_of_it(plane: NetworkPlane) -> None:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    drawn = ls.plot(plane, ["momentum:lr=0.02"], ax=ax, steps=10, start=(0.5, 0.5))
    assert len(drawn.trajectories[0]) == 11
    assert ax.get_xlim() == (-1, 1)
    film = ls.animate(plane, ["gd:lr=0.02"], steps=5, batch=16, batch_lines=True, size="320x240")
    assert film.surface.labels == ("direction 1", "direction 2")
    assert film.recipe.surface.startswith("python:3-6-3_tanh")


def test_where_the_loss_is_beyond_all_numbers() -> None:
    network = Network((3, 6, 3), "relu")
    geometry = random_plane(network, parameters(network))
    plane = NetworkPlane(network, X, Y, geometry, bounds=((-1e30, 1e30), (-1, 1)), resolution=11)
    values = plane.grid(41, 41)[2]
    assert np.isfinite(values[:, 20]).all()
    assert not np.isfinite(values[:, 2]).any()
    assert not np.isfinite(plane.value_at(1e300, 0.0))
    usual = NetworkPlane(network, X, Y, geometry)
    path = ls.descend(usual, "gd", start=(0.1, 0.1), learning_rate=1e12, steps=40)
    assert path.ending.outcome == "diverged"


def test_bad_input(plane: NetworkPlane) -> None:
    geometry = plane.geometry
    with pytest.raises(LandscapeError, match="did you mean accuracy"):
        plane.with_metric("acuracy")
    with pytest.raises(LandscapeError, match="needs test data"):
        NetworkPlane(NETWORK, X, Y, geometry, metric="test_loss")
    empty = (X[:0], Y[:0])
    with pytest.raises(LandscapeError, match="needs test data"):
        NetworkPlane(NETWORK, X, Y, geometry, test=empty, metric="test_loss")
    with pytest.raises(LandscapeError, match="45 parameters: a plane through 9 came"):
        NetworkPlane(NETWORK, X, Y, Geometry(*np.random.default_rng(0).normal(size=(3, 9))))
    for wrong in (1, 1.5, True, (5, 5, 5), 100_000):
        with pytest.raises(LandscapeError, match="resolution"):
            plane.with_resolution(wrong)  # type: ignore[arg-type]
    with pytest.raises(LandscapeError, match="x0 < x1"):
        NetworkPlane(NETWORK, X, Y, geometry, bounds=((1, 0), (0, 1)))


@pytest.mark.parametrize(
    ("rows", "targets", "said"),
    [
        (np.where(np.arange(64)[:, None] == 6, np.nan, X), Y, "X has a value that is not .*row 7"),
        (X[:, :2], Y, r"shape \(rows, 3\)"),
        (X, Y[:-1], "64 examples and 63 targets"),
        (X, Y + 1, "labels are 0 to 2"),
    ],
)
def test_data_that_cannot_be_are_refused_at_once(rows: Any, targets: Any, said: str) -> None:
    geometry = random_plane(NETWORK, THETA, seed=1)
    with pytest.raises(LandscapeError, match=said):
        NetworkPlane(NETWORK, rows, targets, geometry)
    with pytest.raises(LandscapeError, match=said.replace("X has", "X_test has")):
        NetworkPlane(NETWORK, X, Y, geometry, test=(rows, targets))
