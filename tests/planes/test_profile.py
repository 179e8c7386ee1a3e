from __future__ import annotations

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes import Line, line_profile, profile, random_directions, random_profile
from tests.planes.cases import blobs, loss_of, parameters, train

NETWORK = Network((3, 6, 3), "tanh", dtype="float64")
X, Y = blobs()
THETA = parameters(NETWORK)


def test_a_profile_along_lines() -> None:
    directions = np.random.default_rng(0).normal(size=(3, NETWORK.count))
    ts = np.array([-1.0, 0.0, 0.3, 2.0])
    seen: list[tuple[int, int]] = []
    lines = [Line(THETA, direction, "far") for direction in directions]
    found = profile(NETWORK, X, Y, lines, ts, progress=lambda *at: seen.append(at))
    wanted = [[loss_of(NETWORK, THETA + t * d, X, Y) for t in ts] for d in directions]
    np.testing.assert_allclose(found.loss, wanted, rtol=1e-10)
    accuracy = [[NETWORK.accuracy(THETA + t * d, X, Y) for t in ts] for d in directions]
    np.testing.assert_array_equal(found.accuracy, accuracy)
    assert found.label == "far"
    assert seen[-1] == (12, 12)
    alone = profile(NETWORK, X, Y, lines[1], ts)
    np.testing.assert_allclose(alone.loss, found.loss[1:2], rtol=1e-12)


def test_a_band_over_random_directions() -> None:
    found = random_profile(NETWORK, THETA, X, Y, repeats=9, reach=0.5, count=5, seed=2)
    assert found.ts.tolist() == [-0.5, -0.25, 0.0, 0.25, 0.5]
    assert found.loss.shape == (9, 5)
    direction = random_directions(NETWORK, THETA, 9, seed=2)[4]
    assert found.loss[4, 3] == pytest.approx(loss_of(NETWORK, THETA + 0.25 * direction, X, Y))
    np.testing.assert_allclose(found.loss[:, 2], loss_of(NETWORK, THETA, X, Y), rtol=1e-10)
    low, high = found.band(0, 1)
    np.testing.assert_array_equal(low, found.loss.min(axis=0))
    np.testing.assert_array_equal(high, found.loss.max(axis=0))
    inner = found.band(0.25, 0.75)
    assert (low <= inner[0]).all()
    assert (inner[0] <= found.median).all()
    assert (found.median <= inner[1]).all()
    assert (inner[1][[0, 4]] < high[[0, 4]]).all()
    with pytest.raises(LandscapeError, match="quantiles"):
        found.band(0.9, 0.1)


@pytest.mark.parametrize("count", [2, 10, 101])
def test_the_line_through_two_solutions(count: int) -> None:
    network = Network((3, 6, 3), "relu")
    start, end = (train(network, X, Y, 30, 0.3, seed=seed)[-1] for seed in range(2))
    found = line_profile(network, start, end, X, Y, count=count)
    assert (found.ts[0], found.ts[-1]) == (-0.25, 1.25)
    assert (np.diff(found.ts) > 1e-10).all()
    for t, theta in ((0.0, start), (1.0, end)):
        (place,) = np.flatnonzero(found.ts == t)
        assert found.loss[0, place] == pytest.approx(network.value(theta, X, Y), rel=1e-6)
    beyond = line_profile(network, start, end, X, Y, overshoot=1.0, count=4)
    assert beyond.ts.tolist() == [-1.0, 0.0, 1.0, 2.0]
    assert beyond.loss[0, 3] == pytest.approx(
        loss_of(network, 2 * end.astype(float) - start, X, Y), rel=1e-5
    )


def test_bad_input() -> None:
    with pytest.raises(LandscapeError, match="needs a line"):
        profile(NETWORK, X, Y, [], [0.0])
    with pytest.raises(LandscapeError, match="overshoot"):
        line_profile(NETWORK, THETA, THETA + 1, X, Y, overshoot=-0.1)
