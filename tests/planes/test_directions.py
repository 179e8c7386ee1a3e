from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes import (
    NORMALISATIONS,
    angle,
    expected_angle,
    random_directions,
    random_line,
    random_plane,
)
from tests.planes.cases import blobs, loss_of, parameters

NETWORK = Network((3, 8, 6, 3), "relu", dtype="float64")
THETA = parameters(NETWORK)


def blocks(flat: Any) -> dict[str, Any]:
    return {b.name: flat[b.slice].reshape(b.shape) for b in NETWORK.blocks}


@pytest.mark.parametrize("orthogonal", [False, True])
def test_filter_normalised_rows_are_as_long_as_the_networks(orthogonal: bool) -> None:
    for direction in random_directions(NETWORK, THETA, 2, orthogonal=orthogonal):
        own, theirs = blocks(direction), blocks(THETA)
        for name in ("W1", "W2", "W3"):
            lengths = np.linalg.norm(own[name], axis=1)
            np.testing.assert_allclose(lengths, np.linalg.norm(theirs[name], axis=1), rtol=1e-12)
        for name in ("b1", "b2", "b3"):
            assert not own[name].any()


def test_layer_normalised_blocks_are_as_long_as_the_networks() -> None:
    (direction,) = random_directions(NETWORK, THETA, 1, normalise="layer", biases="perturb")
    own, theirs = blocks(direction), blocks(THETA)
    for name in own:
        assert np.linalg.norm(own[name]) == pytest.approx(np.linalg.norm(theirs[name]), rel=1e-12)
    # Its rows are not: that is what filter normalisation adds.
    rows = np.linalg.norm(own["W2"], axis=1) / np.linalg.norm(theirs["W2"], axis=1)
    assert np.ptp(rows) > 0.1


def test_what_happens_to_biases() -> None:
    kept = blocks(random_directions(NETWORK, THETA, 1, biases="keep")[0])
    moved = blocks(random_directions(NETWORK, THETA, 1, biases="perturb")[0])
    fixed = blocks(random_directions(NETWORK, THETA, 1, biases="zero")[0])
    theirs = blocks(THETA)
    for name in ("b1", "b2", "b3"):
        assert np.array_equal(kept[name], theirs[name])
        assert np.linalg.norm(moved[name]) == pytest.approx(np.linalg.norm(theirs[name]))
        assert abs(np.corrcoef(moved[name], theirs[name])[0, 1]) < 0.99
        assert not fixed[name].any()
    for name in ("W1", "W2", "W3"):
        np.testing.assert_array_equal(kept[name], fixed[name])
        np.testing.assert_array_equal(moved[name], fixed[name])


@pytest.mark.parametrize("biases", ["zero", "keep", "perturb"])
def test_filter_layer_and_plain_are_equally_long(biases: str) -> None:
    lengths = [
        np.linalg.norm(random_directions(NETWORK, THETA, 1, normalise=kind, biases=biases))
        for kind in ("filter", "layer", "plain")
    ]
    weights = [THETA[b.slice] for b in NETWORK.blocks if biases != "zero" or len(b.shape) > 1]
    wanted = np.linalg.norm(np.concatenate(weights))
    np.testing.assert_allclose(lengths[:2], wanted, rtol=1e-12)
    if biases != "keep":
        assert lengths[2] == pytest.approx(wanted, rel=1e-12)


def test_unit_and_gaussian() -> None:
    big = Network((30, 40, 10))
    theta = parameters(big)
    (unit,) = random_directions(big, theta, 1, normalise="unit")
    (drawn,) = random_directions(big, theta, 1, normalise="gaussian", biases="perturb")
    assert np.linalg.norm(unit) == pytest.approx(1.0, rel=1e-14)
    # 1650 standard normal numbers: the mean within 4/√1650, the mean square within 4√(2/1650).
    assert abs(drawn.mean()) < 0.1
    assert abs((drawn**2).mean() - 1) < 0.14


def test_draws_stay_what_they_are() -> None:
    # Pictures are drawn again from seeds alone.
    drawn = random_directions(NETWORK, THETA, 2, normalise="gaussian", biases="perturb", seed=7)
    for k in range(2):
        wanted = np.random.Generator(np.random.PCG64([41, 7, k])).standard_normal(NETWORK.count)
        np.testing.assert_array_equal(drawn[k], wanted)


def test_a_direction_depends_on_its_seed_and_number_alone() -> None:
    three = random_directions(NETWORK, THETA, 3, seed=4)
    assert np.array_equal(three[:2], random_directions(NETWORK, THETA, 2, seed=4))
    assert not np.array_equal(three[0], three[1])
    assert not np.array_equal(three, random_directions(NETWORK, THETA, 3, seed=5))


@pytest.mark.parametrize("normalise", NORMALISATIONS)
@pytest.mark.parametrize("biases", ["zero", "perturb"])
def test_orthogonal_directions(normalise: str, biases: str) -> None:
    made = random_directions(
        NETWORK, THETA, 3, normalise=normalise, biases=biases, orthogonal=True, seed=2
    )
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert angle(made[i], made[j]) == pytest.approx(90.0, abs=1e-10)
    plain = random_directions(NETWORK, THETA, 3, normalise=normalise, biases=biases, seed=2)
    assert np.array_equal(made[0], plain[0])
    np.testing.assert_allclose(
        np.linalg.norm(made, axis=1), np.linalg.norm(plain, axis=1), rtol=1e-12
    )
    assert abs(angle(plain[0], plain[1]) - 90) > 0.1


def test_rows_of_one_number_are_orthogonal_together() -> None:
    network = Network((1, 12, 1), loss="squared_error")
    theta = parameters(network)
    plane = random_plane(network, theta, orthogonal=True)
    assert plane.angle == pytest.approx(90.0, abs=1e-10)
    first = network.blocks[0].slice
    lengths = [np.linalg.norm(one[first]) for one in (plane.first, plane.second)]
    np.testing.assert_allclose(lengths, np.linalg.norm(theta[first]), rtol=1e-12)


@pytest.mark.parametrize(
    ("normalise", "biases"),
    [
        ("filter", "zero"),
        ("layer", "perturb"),
        ("unit", "zero"),
        ("plain", "perturb"),
        ("filter", "keep"),
    ],
)
def test_the_expected_angle(normalise: str, biases: str) -> None:
    mean, deviation = expected_angle(NETWORK, THETA, normalise=normalise, biases=biases)
    choices: dict[str, Any] = {"normalise": normalise, "biases": biases}
    many = random_directions(NETWORK, THETA, 120, **choices)
    many /= np.linalg.norm(many, axis=1, keepdims=True)
    angles = np.degrees(np.arccos((many @ many.T)[np.triu_indices(120, 1)]))
    # 7140 pairs of 120 directions are not independent; ten times the naive error is allowed.
    assert angles.mean() == pytest.approx(mean, abs=10 * deviation / np.sqrt(angles.size))
    assert angles.std() == pytest.approx(deviation, rel=0.08)


def test_in_many_dimensions_directions_are_nearly_orthogonal() -> None:
    wide = Network((64, 256, 10))
    theta = parameters(wide)
    mean, deviation = expected_angle(wide, theta)
    assert mean == 90.0
    assert deviation < 1.0
    assert abs(random_plane(wide, theta).angle - 90) < 4 * deviation


@pytest.mark.parametrize(
    ("biases", "orthogonal"),
    [("zero", False), ("keep", False), ("perturb", False), ("zero", True), ("perturb", True)],
)
@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_a_rescaled_relu_network_has_the_same_filter_normalised_surface(
    biases: str, orthogonal: bool, activation: str
) -> None:
    network = Network((3, 8, 6, 3), activation, dtype="float64")
    X, y = blobs()
    rescaled = THETA.copy()
    own = {b.name: rescaled[b.slice] for b in network.blocks}
    for name, factor in {"W1": 37.0, "b1": 37.0, "W2": 0.2 / 37.0, "b2": 0.2, "W3": 5.0}.items():
        own[name] *= factor
    assert loss_of(network, rescaled, X, y) == pytest.approx(loss_of(network, THETA, X, y))
    choices: dict[str, Any] = {"biases": biases, "orthogonal": orthogonal, "seed": 3}
    planes = [random_plane(network, theta, **choices) for theta in (THETA, rescaled)]
    unscaled = [
        random_plane(network, theta, normalise="unit", seed=3) for theta in (THETA, rescaled)
    ]
    places = [(0.5, 0.0), (-1.0, 1.0), (0.3, -0.8), (1.0, 1.0)]

    def surface(plane: Any) -> Any:
        return np.array([loss_of(network, plane.point(a, b), X, y) for a, b in places])

    first, second = map(surface, planes)
    assert np.ptp(first) > 0.1
    np.testing.assert_allclose(second, first, rtol=1e-10)
    # The control: directions that are not normalised tell the two apart.
    raw = [surface(plane) for plane in unscaled]
    assert np.abs(raw[1] / raw[0] - 1).max() > 0.05


def test_a_neuron_without_incoming_weights_does_not_move() -> None:
    theta = THETA.copy()
    theta[NETWORK.blocks[0].slice][:3] = 0.0
    for direction in random_directions(NETWORK, theta, 2, orthogonal=True):
        assert not direction[:3].any()
        assert direction[3:6].any()


def test_planes_and_lines_say_how_they_were_made() -> None:
    plane = random_plane(NETWORK, THETA, seed=9, orthogonal=True)
    assert plane.spec == "random:normalise=filter,biases=zero,orthogonal=True,seed=9"
    assert np.array_equal(plane.origin, THETA)
    line = random_line(NETWORK, THETA, seed=9, normalise="layer")
    assert line.spec == "random:normalise=layer,biases=zero,orthogonal=False,seed=9"
    wanted = random_directions(NETWORK, THETA, 1, seed=9, normalise="layer")[0]
    assert np.array_equal(line.direction, wanted)


def test_bad_input() -> None:
    with pytest.raises(LandscapeError, match="did you mean filter"):
        random_directions(NETWORK, THETA, normalise="fliter")
    with pytest.raises(LandscapeError, match="did you mean zero"):
        random_directions(NETWORK, THETA, biases="zeros")
    with pytest.raises(LandscapeError, match="107 parameters"):
        random_directions(NETWORK, THETA[:-1])
    with pytest.raises(LandscapeError, match="take zero or perturb"):
        random_directions(NETWORK, THETA, biases="keep", orthogonal=True)
    with pytest.raises(LandscapeError, match="weights that would move are 0, and so are 'filter'"):
        random_directions(NETWORK, 0 * THETA)
    with pytest.raises(LandscapeError, match="'layer' has no scale"):
        expected_angle(NETWORK, 0 * THETA, normalise="layer")
    with pytest.raises(LandscapeError, match="a seed is a whole number"):
        random_plane(NETWORK, THETA, seed=1.5)  # type: ignore[arg-type]
