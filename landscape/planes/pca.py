"""Principal components of training paths: the plane that shows most of them, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError, unknown_name
from landscape.planes.geometry import Geometry
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["CENTRES", "Principal", "principal_components", "random_walk_shares", "snapshots_of"]

CENTRES = ("final", "mean")
_BLOCK = 1 << 22  # numbers of a block in double precision: 32 MB
_NOTHING = 1e-13  # of the largest eigenvalue: below it is rounding of the Gram matrix
_ROUNDED = 100.0  # units of rounding of the steps, over a path: what they add up to


@dataclass(frozen=True, eq=False)
class Principal:
    """The directions in which training paths spread most about a centre.

    Attributes:
      origin       (P,) the centre
      directions   (k, P) orthonormal, the first component first
      shares       (k,) each component's share of the sum of all squared distances from the centre.
                   Their sum is exactly what the plane through the centre along them shows:
                   1 - Σ (distance from the plane)² / Σ (distance from the centre)²
      random_walk  (k,) what the shares would be for random walks of as many steps from one start;
                   NaN where the paths start at several, on which the shares would depend
      coordinates  for each path (T, k), the snapshots' places along the components
      centre       "final" or "mean"
    """

    origin: Array
    directions: Array
    shares: Array
    random_walk: Array
    coordinates: tuple[Array, ...]
    centre: str

    def geometry(self) -> Geometry:
        """Return the plane of the first two components; a unit of a or b is one of distance."""
        first, second = (
            f"component {k + 1} ({100 * share:.3g} %)" for k, share in enumerate(self.shares[:2])
        )
        return Geometry(
            self.origin,
            self.directions[0],
            self.directions[1],
            (first, second),
            f"principal components about the {'mean' if self.centre == 'mean' else 'final point'}",
        )


def principal_components(paths: Any, *, centre: str = "final", components: int = 2) -> Principal:
    """Return the principal components of one or several training paths.

    Parameters: `paths` is one path or a sequence of them, each an array of snapshots (T, P) or an
    object with `snapshots`, and, if they are not evenly spaced, `snapshot_steps`; `centre` is the
    point from which differences are taken and through which the plane goes, the final point (of
    several paths the mean of their final points) or the mean of all snapshots; `components` is how
    many.

    Li et al. (2018) subtract the final point, and their PCA then subtracts the mean: theirs are
    the components of centre="mean", drawn on a plane through the final point. That plane shows
    less than those shares say, for the final point lies off the plane of the mean; centre="final"
    is the plane through the final point that shows most.

    The eigenvectors are those of the Gram matrix (T, T), summed over blocks of parameters in double
    precision; the covariance (P, P) is never formed. Signs are fixed: the paths reach farther to
    the positive side of each component.

    Raises LandscapeError for an unknown centre, for parameters that are not finite, and for paths
    that spread in fewer directions than are asked for.
    """
    if centre not in CENTRES:
        raise unknown_name("centre", str(centre), CENTRES)
    runs = [snapshots_of(path) for path in _several(paths)]
    _check(runs, components)
    weights = _weights([len(run) for run in runs], centre)
    with one_blas_thread():
        origin, directions, shares, along = _decompose(runs, weights, components)
    ends = np.cumsum([len(run) for run in runs])[:-1]
    steps = [_steps_of(path, len(run)) for path, run in zip(_several(paths), runs, strict=True)]
    random_walk = np.full(components, np.nan)
    if all(np.array_equal(run[0], runs[0][0]) for run in runs):
        random_walk = random_walk_shares(*steps, centre=centre, components=components)
    return Principal(
        origin,
        directions,
        shares,
        random_walk,
        tuple(np.split(along, ends)),
        centre,
    )


def random_walk_shares(*steps: ArrayLike, centre: str = "mean", components: int = 3) -> Array:
    """Return the shares of the principal components of random walks in many dimensions.

    Parameters: `steps` are, for each walk, the numbers of the steps at which it is seen (T,), such
    as range(200); several walks have one start, where their step is 0; `centre` as in
    `principal_components`.

    The Gram matrix of a walk of independent steps tends, as the dimensions grow, to min(s, t);
    these are its eigenvalues once it is centred. For one long walk about its mean they are
    6/(π²k²): 60.8, 15.2 and 6.8 % (Antognini & Sohl-Dickstein 2018); about its final point
    8/(π²(2k-1)²): 81.1, 9.0 and 3.2 %.

    Raises LandscapeError for an unknown centre or fewer snapshots than components.
    """
    if centre not in CENTRES:
        raise unknown_name("centre", str(centre), CENTRES)
    seen = [np.asarray(one, np.float64) for one in steps]
    size = sum(one.size for one in seen)
    if size <= components:
        raise LandscapeError(f"{components} components need more snapshots than {size}")
    kernel = np.zeros((size, size))
    place = 0
    for one in seen:
        part = slice(place, place + one.size)
        kernel[part, part] = np.minimum(one[:, None], one[None, :])
        place += one.size
    weights = _weights([one.size for one in seen], centre)
    along = kernel @ weights
    kernel += weights @ along - along[:, None] - along[None, :]
    with one_blas_thread():
        values = np.linalg.eigvalsh(kernel)[::-1]
    shares: Array = values[:components] / values.sum()
    return shares


def snapshots_of(path: Any) -> Array:
    """Return the snapshots (T, P) of a run, or the array itself.

    Raises LandscapeError if they are no matrix.
    """
    found = np.asarray(getattr(path, "snapshots", path))
    if found.ndim != 2:
        raise LandscapeError(f"snapshots are a matrix (T, P): shape {found.shape} came")
    return found


def _decompose(
    runs: list[Array], weights: Array, components: int
) -> tuple[Array, Array, Array, Array]:
    """Return the centre, the directions, their shares and the coordinates of all snapshots."""
    gram = np.zeros((weights.size, weights.size))
    origin = np.empty(runs[0].shape[1])
    for part, block in _blocks(runs):
        origin[part] = weights @ block
        away = block - origin[part]
        gram += away @ away.T
    values, vectors = np.linalg.eigh(gram)
    values, vectors = values[::-1], vectors[:, ::-1]
    rank = int((values > _rounding(runs, float(values[0]))).sum())
    if rank < components:
        raise LandscapeError(
            f"{components} components need paths that spread in as many directions: these spread "
            f"in {rank}, the rest is rounding; start from other weights, take a smaller learning "
            "rate, or other directions (random, hessian)"
        )
    shares = values[:components] / values.sum()
    directions = np.empty((components, origin.size))
    for part, block in _blocks(runs):
        directions[:, part] = vectors[:, :components].T @ (block - origin[part])
    directions = _orthonormal(directions)
    along = np.zeros((weights.size, components))
    for part, block in _blocks(runs):
        along += (block - origin[part]) @ directions[:, part].T
    # Towards the side to which the paths reach farther.
    reach = np.where(along.max(axis=0) >= -along.min(axis=0), 1.0, -1.0)
    return origin, directions * reach[:, None], shares, along * reach


def _rounding(runs: list[Array], largest: float) -> float:
    """Return the eigenvalue up to which a component may be nothing but rounding.

    Snapshots are rounded, and so is each step between them, whose errors a path adds up.
    """
    exact = np.result_type(*runs, np.float32)
    unit = float(np.finfo(exact).eps)
    longest = max(float(np.linalg.norm(row)) for run in runs for row in run)
    stored = sum(map(len, runs)) * (2.0 * unit * longest) ** 2
    return max(stored, largest * max(_NOTHING, (_ROUNDED * unit) ** 2))


def _several(paths: Any) -> Sequence[Any]:
    """Return the paths as a sequence: one path may come alone."""
    alone = hasattr(paths, "snapshots") or (isinstance(paths, np.ndarray) and paths.ndim == 2)
    return [paths] if alone else list(paths)


def _steps_of(path: Any, count: int) -> Array:
    return np.asarray(getattr(path, "snapshot_steps", range(count)), np.float64)


def _check(runs: list[Array], components: int) -> None:
    if not runs:
        raise LandscapeError("principal components need at least one path: none came")
    widths = {run.shape[1] for run in runs}
    if len(widths) > 1:
        raise LandscapeError(f"paths of one network are needed: {sorted(widths)} parameters came")
    if sum(map(len, runs)) <= components:
        raise LandscapeError(
            f"{components} components need more snapshots than {sum(map(len, runs))}"
        )
    for k, run in enumerate(runs):
        finite = np.array([np.isfinite(row).all() for row in run])
        if not finite.all():
            raise LandscapeError(
                f"path {k + 1} is not finite from snapshot {int(np.argmin(finite))} on: leave it "
                "out, or the snapshots from there"
            )


def _weights(lengths: list[int], centre: str) -> Array:
    """Return the weight of each snapshot in the centre: it is their weighted mean."""
    weights = np.zeros(sum(lengths))
    if centre == "mean":
        weights[:] = 1 / weights.size
    else:
        weights[np.cumsum(lengths) - 1] = 1 / len(lengths)
    return weights


def _blocks(runs: list[Array]) -> Iterator[tuple[slice, Array]]:
    """Yield a range of parameters and what all snapshots have there, in double precision."""
    step = max(1, _BLOCK // sum(map(len, runs)))
    for k in range(0, runs[0].shape[1], step):
        part = slice(k, k + step)
        yield part, np.concatenate([run[:, part] for run in runs], dtype=np.float64)


def _orthonormal(rows: Array) -> Array:
    """Return the rows orthonormal to rounding, none turned round."""
    q, r = np.linalg.qr(rows.T)
    return np.asarray((q * np.sign(np.diag(r))).T)
