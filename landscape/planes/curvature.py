"""The Hessian of a network's loss: its largest and smallest eigenvalues, its trace, its planes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.planes.geometry import Geometry
from landscape.planes.lanczos import Product, Spectrum, lanczos
from landscape.planes.seeds import PROBES, generator
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["Trace", "hessian_eigenvectors", "hessian_of", "hessian_plane", "hessian_trace"]


def hessian_of(network: Network, theta: ArrayLike, X: Array, y: ArrayLike) -> Product:  # noqa: N803
    """Return the function that multiplies a vector (P,) by the Hessian of the loss at `theta`.

    Parameters: `theta` (P,), examples `X` (rows, inputs) and targets `y`. It computes in double
    precision whatever the network's own is: single precision would hide eigenvalues of less than
    a millionth of the largest. For ReLU it is the Hessian of the piece that `theta` lies on.
    """
    double = replace(network, dtype="float64")
    flat = np.ascontiguousarray(theta, np.float64)
    rows, target = np.ascontiguousarray(X, np.float64), double.targets(y)
    return double.hessian_operator(flat, rows, target)


def hessian_eigenvectors(
    network: Network,
    theta: ArrayLike,
    X: Array,  # noqa: N803
    y: ArrayLike,
    count: int = 2,
    *,
    which: str = "largest",
    tolerance: float = 1e-5,
    most: int = 2000,
    seed: int = 0,
) -> Spectrum:
    """Return extreme eigenvalues and eigenvectors of the full Hessian at `theta`; see `lanczos`."""
    product = hessian_of(network, theta, X, y)
    return lanczos(
        product, network.count, count, which=which, tolerance=tolerance, most=most, seed=seed
    )


def hessian_plane(
    network: Network,
    theta: ArrayLike,
    X: Array,  # noqa: N803
    y: ArrayLike,
    *,
    which: str = "largest",
    seed: int = 0,
) -> tuple[Geometry, Spectrum]:
    """Return the plane through `theta` along two eigenvectors of the Hessian, with the spectrum.

    Parameters: as for `hessian_eigenvectors`; which="both" takes the directions that curve up and
    down most. A unit of a or b is one of distance.
    """
    found = hessian_eigenvectors(network, theta, X, y, 2, which=which, seed=seed)
    first, second = (f"eigenvector of {value:.3g}" for value in found.values)
    one, two = found.vectors
    centre = np.asarray(theta, np.float64)
    return Geometry(centre, one, two, (first, second), f"hessian:which={which}"), found


@dataclass(frozen=True)
class Trace:
    """An estimate of a trace: `value`, its standard `error`, and from how many `probes`."""

    value: float
    error: float
    probes: int


def hessian_trace(product: Product, size: int, *, probes: int = 64, seed: int = 0) -> Trace:
    """Return the trace of a symmetric matrix of `size` rows, estimated by Hutchinson's method.

    Parameters: `product` multiplies a vector by it; `probes` random vectors of ±1 are taken. The
    mean of zᵀHz is tr H; with signs its variance, 2 Σ_{i≠j} H_ij², is the smallest that independent
    entries have (for Gaussian ones it is 2 Σ H_ij²). Source: Hutchinson (1990).

    Raises LandscapeError for fewer than two probes.
    """
    if probes < 2:
        raise LandscapeError(f"a trace with its error needs 2 probes or more: {probes} came")
    draw = generator(PROBES, seed)
    found = np.empty(probes)
    for k in range(probes):
        signs = draw.integers(0, 2, size) * 2.0 - 1.0
        with one_blas_thread():
            found[k] = signs @ product(signs)
    error = float(found.std(ddof=1)) / float(np.sqrt(probes))
    return Trace(float(found.mean()), error, probes)
