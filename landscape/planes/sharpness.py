"""How sharp a minimum is, in numbers that two networks can be compared by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.planes.curvature import Trace, hessian_of, hessian_trace
from landscape.planes.directions import random_directions
from landscape.planes.geometry import Line
from landscape.planes.lanczos import lanczos
from landscape.planes.profile import profile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["Sharpness", "guess_loss", "sharpness"]


@dataclass(frozen=True, eq=False)
class Sharpness:
    """How fast the loss rises around parameters, over random directions.

    Attributes:
      loss       at the parameters
      radius     how far out the rise was measured, in units of the (normalised) directions
      rises      (D,) for each direction the mean of the loss at +radius and at -radius, less `loss`
      worst      the largest rise of all, one side taken alone
      tolerated  the rise that counts as having left the minimum
      radii      (D,) the first distance at which the mean of both sides has risen by `tolerated`,
                 inf where that is farther than was looked
      reach      how far was looked
      largest    λmax of the Hessian, None if it was not asked for
      trace      of the Hessian, likewise
    """

    loss: float
    radius: float
    rises: Array
    worst: float
    tolerated: float
    radii: Array
    reach: float
    largest: float | None = None
    trace: Trace | None = None

    @property
    def value(self) -> float:
        """The sharpness: the mean rise over the directions."""
        return float(self.rises.mean())

    @property
    def spread(self) -> float:
        """The standard deviation of the rise over the directions."""
        return float(self.rises.std(ddof=1))

    @property
    def error(self) -> float:
        """The standard error of `value`."""
        return self.spread / float(np.sqrt(self.rises.size))

    @property
    def flat_radius(self) -> float:
        """The median of `radii`: how far a random direction leads before the minimum is left."""
        return self.quartiles[1]

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """The quartiles of `radii`."""
        # Of the values themselves: halfway between a number and inf there is nothing.
        low, middle, high = np.quantile(self.radii, (0.25, 0.5, 0.75), method="inverted_cdf")
        return float(low), float(middle), float(high)

    def __str__(self) -> str:
        flat = self.flat_radius
        said = f"half of them have risen by {self.tolerated:.2g} at {flat:.3g}"
        if not np.isfinite(flat):
            said = f"most of them rise by less than {self.tolerated:.2g} up to {self.reach:g}"
        return (
            f"rise {self.value:.3g} ± {self.error:.1g} at radius {self.radius:g} (mean and "
            f"standard error of {self.rises.size} directions); {said}"
        )


def sharpness(
    network: Network,
    theta: ArrayLike,
    X: Array,  # noqa: N803
    y: ArrayLike,
    *,
    radius: float = 0.25,
    repeats: int = 50,
    tolerated: float | None = None,
    reach: float = 1.0,
    normalise: str = "filter",
    biases: str = "zero",
    hessian: bool = False,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Sharpness:
    """Return how sharp the minimum at `theta` is.

    Parameters: `theta` (P,), examples `X` (rows, inputs) and targets `y`; `radius` is how far from
    `theta` the rise is measured, as a share of each neuron's own length when `normalise` is
    "filter"; `repeats` random directions, those of `random_directions` from `seed`; `tolerated` is
    the rise that counts as having left the minimum, by default a tenth of `guess_loss`; `reach` how
    far out that is looked for; `hessian` adds λmax and the trace of the Hessian, for reference.

    The rise is the mean over random directions d of ½ (L(θ + r d) + L(θ - r d)) - L(θ), for small r
    the curvature ½ r² dᵀHd; both sides together, so that a slope which training has not yet
    descended does not count. With filter normalisation it is in the same units for networks with
    weights of any size, and does not change when a ReLU network is rescaled from layer to layer,
    which λmax and the trace do (Dinh et al. 2017). It is an average-case adaptive sharpness in the
    sense of Andriushchenko et al. (2023); `worst` is a lower bound of a worst case like Keskar et
    al.'s (2017), over these directions only; the scale is that of the plots of Li et al. (2018).

    Raises LandscapeError for a radius or reach that is not above 0, or fewer than 2 directions.
    """
    if not (0 < radius < np.inf and 0 < reach < np.inf):
        raise LandscapeError(f"radius and reach are above 0: {radius!r} and {reach!r} came")
    if repeats < 2:
        raise LandscapeError(f"a spread needs 2 directions or more: {repeats!r} came")
    directions = random_directions(
        network, theta, repeats, normalise=normalise, biases=biases, seed=seed
    )
    centre = np.asarray(theta, np.float64)
    out = np.union1d(np.linspace(0.0, reach, 41)[1:], [radius])
    ts = np.concatenate([-out[::-1], [0.0], out])
    lines = [Line(centre, direction) for direction in directions]
    loss = profile(network, X, y, lines, ts, progress=progress).loss
    base = float(loss[0, out.size])
    right, left = loss[:, out.size + 1 :] - base, loss[:, out.size - 1 :: -1] - base
    both = 0.5 * (left + right)
    at = int(np.searchsorted(out, radius))
    limit = 0.1 * guess_loss(network, y) if tolerated is None else tolerated
    largest = trace = None
    if hessian:
        product = hessian_of(network, theta, X, y)
        largest = float(lanczos(product, network.count, tolerance=1e-4, seed=seed).values[0])
        trace = hessian_trace(product, network.count, seed=seed)
    return Sharpness(
        base,
        radius,
        both[:, at],
        float(max(left[:, at].max(), right[:, at].max())),
        limit,
        np.array([_crossing(out[out <= reach], row[out <= reach], limit) for row in both]),
        reach,
        largest,
        trace,
    )


def guess_loss(network: Network, y: ArrayLike) -> float:
    """Return the loss of a network that says the same of every example.

    For cross-entropy it is log K, of K classes that are equally likely; for the squared error the
    variance of the targets, the mean over the outputs.
    """
    if network.loss == "cross_entropy":
        return float(np.log(network.sizes[-1]))
    targets = np.asarray(network.targets(y), np.float64)
    return float(targets.var(axis=0).mean())


def _crossing(out: Array, rise: Array, limit: float) -> float:
    """Return the first distance at which the rise, linear between the places, reaches `limit`."""
    over = ~(rise < limit)  # a loss that is no number any more has left the minimum too
    if not over.any():
        return float("inf")
    k = int(np.argmax(over))
    near, before = (out[k - 1], rise[k - 1]) if k else (0.0, 0.0)
    step = rise[k] - before
    share = (limit - before) / step if np.isfinite(step) and step > 0 else 1.0
    return float(near + share * (out[k] - near))
