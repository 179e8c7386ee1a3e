"""Random directions from a network's parameters, scaled so that networks can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError, unknown_name
from landscape.planes.geometry import Geometry, Line
from landscape.planes.seeds import DIRECTIONS, generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = [
    "BIASES",
    "NORMALISATIONS",
    "expected_angle",
    "random_directions",
    "random_line",
    "random_plane",
]

# What each does with a draw of independent standard normal numbers.
NORMALISATIONS = {
    "filter": "each neuron's incoming weights are scaled to the length they have in the network",
    "layer": "each layer's weights are scaled to their length in the network",
    "plain": "all weights together are scaled to their length in the network",
    "unit": "the whole direction has length 1",
    "gaussian": "as drawn",
}
BIASES = {
    "zero": "biases do not move",
    "keep": "biases move along themselves: a bias b becomes (1 + a) b",
    "perturb": "biases move at random, as the weights do; under filter and layer a layer's biases "
    "are scaled as one block",
}


def random_directions(
    network: Network,
    theta: ArrayLike,
    count: int = 2,
    *,
    normalise: str = "filter",
    biases: str = "zero",
    orthogonal: bool = False,
    seed: int = 0,
) -> Array:
    """Return random directions from the parameters `theta`: (count, P) in double precision.

    Parameters: `theta` (P,); `normalise` is one of NORMALISATIONS, `biases` one of BIASES;
    direction k depends on `seed` and k alone, not on how many are asked for.

    Filter normalisation (Li et al. 2018) divides each row of a weight matrix by its length and
    multiplies it by that of the network's row, which is 0 for a neuron without incoming weights.
    It makes surfaces of a ReLU network equal, cell by cell, when a hidden layer's weights and
    biases are multiplied by c > 0 and the next layer's weights divided by it, for it multiplies and
    divides the directions likewise. That holds without skip connections and L2, for every choice
    of biases, and for one c a layer (a c of each neuron's own would change the lengths of the next
    layer's rows). Filter, layer and plain directions are equally long: as long as the weights (and
    the biases, where these move).

    `orthogonal` makes the directions orthogonal by Gram and Schmidt within each group that is
    scaled by itself (each row, each layer, or everything), in the order of k, and gives each group
    its length back: so they are orthogonal and normalised at once, and a rescaled ReLU network
    still has the same surface. A group with no more numbers than directions before it cannot be;
    those groups are taken together, and keep their common length only. In many dimensions random
    directions are nearly orthogonal anyway: `expected_angle` says how nearly.

    Raises LandscapeError for unknown names, and where nothing of `theta` gives a scale.
    """
    flat = _check(network, theta, normalise, biases)
    if orthogonal and biases == "keep":
        raise LandscapeError(
            "biases='keep' moves biases the same way in every direction, which cannot be "
            "orthogonal: take zero or perturb"
        )
    groups = list(_groups(network, normalise, biases))
    made = np.stack([_draw(network, flat, biases, seed, k) for k in range(count)])
    for k in range(count):
        own = _orthogonalise(made, k, groups) if orthogonal else groups
        if normalise == "unit":
            made[k] /= np.linalg.norm(made[k]) or 1.0
        elif normalise != "gaussian":
            _scale(made[k], flat, own)
    if not made.any(axis=1).all():
        raise LandscapeError(
            f"all weights that would move are 0, and so are {normalise!r} directions, which have "
            "their length: start from other weights, or normalise by 'unit' or 'gaussian'"
        )
    return made


def random_line(network: Network, theta: ArrayLike, *, seed: int = 0, **choices: Any) -> Line:
    """Return the line from `theta` along a random direction; see `random_directions`."""
    (direction,) = random_directions(network, theta, 1, seed=seed, **choices)
    return Line(np.asarray(theta, np.float64), direction, "distance", _spec(seed, choices))


def random_plane(network: Network, theta: ArrayLike, *, seed: int = 0, **choices: Any) -> Geometry:
    """Return the plane through `theta` along two random directions; see `random_directions`."""
    first, second = random_directions(network, theta, 2, seed=seed, **choices)
    labels = ("direction 1", "direction 2")
    return Geometry(np.asarray(theta, np.float64), first, second, labels, _spec(seed, choices))


def expected_angle(
    network: Network, theta: ArrayLike, *, normalise: str = "filter", biases: str = "zero"
) -> tuple[float, float]:
    """Return mean and standard deviation, in degrees, of the angle of two such directions.

    The cosine of the angle of two random directions of n numbers has mean 0 and variance 1/n; in
    groups of lengths w and n numbers, variance Σ w⁴/n / (Σ w²)². Biases that are kept are common
    to both and pull the mean below 90. The deviation is that of the cosine, divided by the slope
    of the arc cosine at the mean: right where it is small.
    """
    flat = _check(network, theta, normalise, biases)
    groups = list(_groups(network, normalise, biases))
    if normalise in ("unit", "gaussian"):
        squares = np.array([float(group.size) for group in groups])
    else:
        squares = np.array([float(flat[group] @ flat[group]) for group in groups])
    sizes = np.array([group.size for group in groups])
    kept = 0.0
    if biases == "keep":
        kept = float(sum((flat[b.slice] ** 2).sum() for b in network.blocks if len(b.shape) < 2))
    total = squares.sum() + kept
    if not total > 0:
        raise LandscapeError(f"all parameters that would move are 0: {normalise!r} has no scale")
    mean = kept / total
    deviation = np.sqrt((squares**2 / sizes).sum()) / total
    return (
        float(np.degrees(np.arccos(mean))),
        float(np.degrees(deviation / np.sqrt(1 - min(mean, 1 - 1e-12) ** 2))),
    )


def _spec(seed: int, choices: dict[str, Any]) -> str:
    said = {"normalise": "filter", "biases": "zero", "orthogonal": False, **choices, "seed": seed}
    return "random:" + ",".join(f"{key}={value}" for key, value in said.items())


def _check(network: Network, theta: ArrayLike, normalise: str, biases: str) -> Array:
    if normalise not in NORMALISATIONS:
        raise unknown_name("normalisation", str(normalise), NORMALISATIONS)
    if biases not in BIASES:
        raise unknown_name("choice for biases", str(biases), BIASES)
    flat = np.asarray(theta, np.float64)
    if flat.shape != (network.count,):
        raise LandscapeError(
            f"{network.describe()} has {network.count} parameters: shape {flat.shape} came"
        )
    return flat


def _groups(network: Network, normalise: str, biases: str) -> Iterator[Array]:
    """Yield the indices of each group of random numbers that is scaled by itself."""
    moved = []
    for block in network.blocks:
        weights = len(block.shape) > 1
        if not weights and biases != "perturb":
            continue
        indices = np.arange(block.offset, block.offset + block.size)
        if normalise == "filter" and weights:
            yield from indices.reshape(block.shape)
        elif normalise in ("filter", "layer"):
            yield indices
        else:
            moved.append(indices)
    if moved:
        yield np.concatenate(moved)


def _draw(network: Network, flat: Array, biases: str, seed: int, k: int) -> Array:
    """Return direction k before it is scaled."""
    made = generator(DIRECTIONS, seed, k).standard_normal(network.count)
    for block in network.blocks:
        if len(block.shape) < 2 and biases != "perturb":
            made[block.slice] = flat[block.slice] if biases == "keep" else 0.0
    return made


def _scale(direction: Array, flat: Array, groups: list[Array]) -> None:
    """Give each group the length that it has in the parameters."""
    for group in groups:
        length = float(np.linalg.norm(direction[group]))
        direction[group] *= float(np.linalg.norm(flat[group])) / length if length else 0.0


def _orthogonalise(made: Array, k: int, groups: list[Array]) -> list[Array]:
    """Make direction k orthogonal to those before it, group by group; return the groups used.

    Each group of the direction keeps the length that it had.
    """
    small = [group for group in groups if group.size <= k]
    used = [group for group in groups if group.size > k]
    used += [np.concatenate(small)] if small else []
    for group in used:
        q, r = np.linalg.qr(made[:k, group].T)
        # A group whose own length is 0 has no direction before it to be orthogonal to.
        sizes = np.abs(np.diag(r))
        q = q[:, : sizes.size][:, sizes > 1e-12 * max(1e-300, float(sizes.max(initial=0.0)))]
        if group.size <= q.shape[1]:
            continue
        part = made[k, group]
        length = float(np.linalg.norm(part))
        for _ in range(2):
            part = part - q @ (q.T @ part)
        left = float(np.linalg.norm(part))
        made[k, group] = part * (length / left if left else 0.0)
    return used
