from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes import guess_loss, random_directions, sharpness
from tests.planes.cases import blobs, dense_hessian, loss_of, parameters, train

NETWORK = Network((3, 6, 3), "tanh", dtype="float64")
X, Y = blobs()


@pytest.fixture(scope="module")
def theta() -> Any:
    return train(NETWORK, X, Y, 80, 0.5)[-1]


def test_the_rise_is_that_of_the_loss(theta: Any) -> None:
    found = sharpness(NETWORK, theta, X, Y, radius=0.3, repeats=6, seed=4)
    base = loss_of(NETWORK, theta, X, Y)
    directions = random_directions(NETWORK, theta, 6, seed=4)
    ahead, behind = (
        np.array([loss_of(NETWORK, theta + sign * 0.3 * d, X, Y) for d in directions]) - base
        for sign in (1, -1)
    )
    assert found.loss == pytest.approx(base, rel=1e-10)
    np.testing.assert_allclose(found.rises, 0.5 * (ahead + behind), rtol=1e-8)
    assert found.value == pytest.approx(0.5 * (ahead + behind).mean(), rel=1e-8)
    assert found.spread == pytest.approx(np.std(0.5 * (ahead + behind), ddof=1), rel=1e-8)
    assert found.error == pytest.approx(found.spread / np.sqrt(6))
    assert found.worst >= max(ahead.max(), behind.max()) - 1e-12


def test_a_small_rise_is_the_curvature(theta: Any) -> None:
    dense = dense_hessian(NETWORK, theta, X, Y)
    found = sharpness(NETWORK, theta, X, Y, radius=1e-3, repeats=5, hessian=True)
    directions = random_directions(NETWORK, theta, 5)
    curvatures = np.einsum("kp,pq,kq->k", directions, dense, directions)
    np.testing.assert_allclose(found.rises, 0.5e-6 * curvatures, rtol=1e-3)
    assert found.largest == pytest.approx(np.linalg.eigvalsh(dense)[-1], rel=1e-4)
    assert found.trace is not None
    assert found.trace.value == pytest.approx(np.trace(dense), abs=4 * found.trace.error)


def test_the_flat_radius_is_where_the_loss_has_risen(theta: Any) -> None:
    found = sharpness(NETWORK, theta, X, Y, repeats=7, reach=2.0, tolerated=0.05)
    base = loss_of(NETWORK, theta, X, Y)
    for radius, direction in zip(found.radii, random_directions(NETWORK, theta, 7), strict=True):
        both = [loss_of(NETWORK, theta + s * radius * direction, X, Y) for s in (1, -1)]
        assert np.mean(both) - base == pytest.approx(0.05, rel=0.02)
    assert found.flat_radius == np.median(found.radii)
    low, middle, high = found.quartiles
    assert low < middle < high
    never = sharpness(NETWORK, theta, X, Y, repeats=3, reach=0.01, tolerated=5.0)
    assert np.isinf(never.radii).all()
    assert never.flat_radius == np.inf
    assert "most of them rise by less than" in str(never)


def test_a_flatter_minimum_has_a_smaller_number() -> None:
    network = Network((3, 1), "linear", loss="squared_error", dtype="float64")
    draw = np.random.default_rng(0)
    inputs = draw.normal(size=(500, 3))
    theta = np.array([1.0, 1.0, 1.0, 0.0])
    numbers = [
        sharpness(network, theta, scale * inputs, scale * inputs.sum(axis=1)).value
        for scale in (1.0, 3.0)
    ]
    # Nine times the curvature everywhere.
    assert numbers[1] == pytest.approx(9 * numbers[0], rel=1e-9)


def test_a_rescaled_network_is_as_sharp_as_before() -> None:
    network = Network((3, 8, 3), "relu", dtype="float64")
    theta = train(network, X, Y, 50, 0.3)[-1]
    rescaled = theta.copy()
    for block, factor in zip(network.blocks, (10.0, 10.0, 0.1, 1.0), strict=True):
        rescaled[block.slice] *= factor
    own, other = (
        sharpness(network, one, X, Y, repeats=8, hessian=True) for one in (theta, rescaled)
    )
    np.testing.assert_allclose(other.rises, own.rises, rtol=1e-7)
    np.testing.assert_allclose(other.radii, own.radii, rtol=1e-7)
    assert own.largest is not None
    assert other.largest is not None
    assert other.largest > 5 * own.largest  # which the Hessian's numbers do not see


def test_the_loss_of_a_guess() -> None:
    assert guess_loss(Network((3, 10)), [0, 1]) == pytest.approx(np.log(10))
    regression = Network((3, 1), loss="squared_error", dtype="float64")
    assert guess_loss(regression, [1.0, 2.0, 6.0]) == pytest.approx(np.var([1, 2, 6]))
    network = Network((3, 6, 3), "tanh", dtype="float64")
    found = sharpness(network, parameters(network), X, Y, repeats=2)
    assert found.tolerated == pytest.approx(0.1 * np.log(3))


def test_bad_input(theta: Any) -> None:
    with pytest.raises(LandscapeError, match="above 0"):
        sharpness(NETWORK, theta, X, Y, radius=0)
    with pytest.raises(LandscapeError, match="2 directions"):
        sharpness(NETWORK, theta, X, Y, repeats=1)
