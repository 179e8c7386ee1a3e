from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes import (
    Geometry,
    curvature_map,
    hessian_eigenvectors,
    hessian_of,
    hessian_plane,
    hessian_trace,
    random_directions,
)
from tests.planes.cases import blobs, dense_hessian, parameters

TANH = Network((3, 5, 3), "tanh", l2=0.01)
X, Y = blobs()
THETA = parameters(TANH)


@pytest.fixture(scope="module")
def dense() -> Any:
    return dense_hessian(TANH, THETA, X, Y)


@pytest.mark.parametrize("which", ["largest", "smallest", "both"])
def test_eigenvalues_are_those_of_the_dense_hessian(dense: Any, which: str) -> None:
    values, vectors = np.linalg.eigh(dense)
    found = hessian_eigenvectors(TANH, THETA, X.astype(np.float32), Y, 2, which=which)
    places = {"largest": [-1, -2], "smallest": [0, 1], "both": [-1, 0]}[which]
    assert found.converged
    np.testing.assert_allclose(found.values, values[places], atol=2e-5)
    cosines = np.abs((found.vectors * vectors[:, places].T).sum(axis=1))
    np.testing.assert_allclose(cosines, 1.0, atol=1e-4)


def test_a_linear_network_in_closed_form() -> None:
    network = Network((3, 1), "linear", loss="squared_error")
    y = X @ [1.0, -2.0, 0.5]
    design = np.column_stack([X, np.ones(len(X))])
    values = np.linalg.eigvalsh(2 / len(X) * design.T @ design)
    found = hessian_eigenvectors(network, np.ones(4), X, y, 4, which="largest")
    # The examples pass through single precision.
    np.testing.assert_allclose(found.values, values[::-1], rtol=1e-5)


def test_the_plane_of_two_eigenvectors(dense: Any) -> None:
    plane, found = hessian_plane(TANH, THETA, X, Y, which="both")
    curvatures = [plane.first @ dense @ plane.first, plane.second @ dense @ plane.second]
    np.testing.assert_allclose(curvatures, found.values, atol=1e-4)
    assert curvatures[0] > 0 > curvatures[1]
    assert plane.angle == pytest.approx(90, abs=1e-6)
    assert plane.labels[0] == f"eigenvector of {found.values[0]:.3g}"


def test_the_mean_of_gaussian_curvatures_is_the_trace(dense: Any) -> None:
    drawn = random_directions(TANH, THETA, 4000, normalise="gaussian", biases="perturb")
    curvatures = np.einsum("kp,pq,kq->k", drawn, dense, drawn)
    # The variance of dᵀHd is 2 Σ H².
    error = np.sqrt(2 * (dense**2).sum() / 4000)
    assert curvatures.std() == pytest.approx(error * np.sqrt(4000), rel=0.1)
    assert curvatures.mean() == pytest.approx(np.trace(dense), abs=4 * error)
    assert abs(curvatures.mean()) > 8 * error


def test_hutchinsons_trace(dense: Any) -> None:
    found = hessian_trace(hessian_of(TANH, THETA, X, Y), TANH.count, probes=400)
    assert found.value == pytest.approx(np.trace(dense), abs=4 * found.error)
    off_diagonal = (dense**2).sum() - (np.diag(dense) ** 2).sum()
    assert found.error == pytest.approx(np.sqrt(2 * off_diagonal / 400), rel=0.15)
    diagonal = hessian_trace(lambda v: np.arange(5.0) * v, 5, probes=2)
    assert (diagonal.value, diagonal.error) == (10.0, 0.0)
    with pytest.raises(LandscapeError, match="2 probes or more"):
        hessian_trace(lambda v: v, 5, probes=1)


def test_a_map_of_curvatures() -> None:
    draw = np.random.default_rng(3)
    plane = Geometry(THETA, *draw.normal(size=(2, TANH.count)))
    xs, ys = [0.0, 0.3], [-0.4, 0.0, 0.2]
    seen: list[tuple[int, int]] = []
    found = curvature_map(
        TANH, X, Y, plane, xs, ys, tolerance=1e-6, progress=lambda *at: seen.append(at)
    )
    assert found.largest.shape == found.smallest.shape == (3, 2)
    assert found.converged.all()
    assert seen == [(k, 6) for k in range(1, 7)]
    for i, j in ((0, 1), (2, 0)):
        values = np.linalg.eigvalsh(dense_hessian(TANH, plane.point(xs[j], ys[i]), X, Y))
        assert found.largest[i, j] == pytest.approx(values[-1], abs=1e-5)
        assert found.smallest[i, j] == pytest.approx(values[0], abs=1e-5)
        assert found.ratio[i, j] == pytest.approx(abs(values[0] / values[-1]), abs=1e-4)
    # A cell does not depend on the others.
    alone = curvature_map(TANH, X, Y, plane, xs[1], ys[2], tolerance=1e-6)
    assert alone.largest[0, 0] == found.largest[2, 1]
    assert alone.products * 5 < 6 * found.products


def test_a_map_beyond_all_numbers_is_nan_there() -> None:
    network = Network((3, 4, 3), "relu")
    plane = Geometry(parameters(network), *np.random.default_rng(0).normal(size=(2, 31)))
    found = curvature_map(network, X, Y, plane, [0.0, 1e200], [0.0])
    assert np.isfinite(found.largest[0, 0])
    assert np.isnan(found.largest[0, 1])
    assert found.converged.tolist() == [[True, False]]


def test_a_ratio_needs_a_loss_that_curves_up() -> None:
    network = Network((3, 1), "linear", loss="squared_error")
    plane = Geometry(np.zeros(4), *np.eye(4)[:2])
    flat = curvature_map(network, 0 * X[:5], np.zeros(5), plane, [0.0], [0.0])
    assert flat.largest[0, 0] == pytest.approx(2.0)  # the bias alone
    assert flat.ratio[0, 0] == pytest.approx(0.0, abs=1e-12)
