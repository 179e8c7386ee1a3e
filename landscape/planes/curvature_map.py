"""Where on a plane the loss is convex: extreme eigenvalues of the full Hessian, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.planes.curvature import hessian_eigenvectors
from landscape.planes.lanczos import NotFiniteError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network
    from landscape.planes.geometry import Geometry

    Array = NDArray[Any]

__all__ = ["CurvatureMap", "curvature_map"]


@dataclass(frozen=True, eq=False)
class CurvatureMap:
    """Extreme eigenvalues of the full Hessian where the lines xs and ys cross.

    Attributes: `xs` (columns,), `ys` (rows,); `smallest` and `largest` (rows, columns), λmin and
    λmax; `converged` (rows, columns), whether both met the tolerance; `products`, how many products
    with the Hessian it took in all. A cell whose Hessian is not finite is NaN, and not converged.
    """

    xs: Array
    ys: Array
    smallest: Array
    largest: Array
    converged: Array
    products: int

    @property
    def ratio(self) -> Array:
        """|λmin/λmax| (rows, columns): near 0 the loss is convex but for little (Li et al. 2018).

        Where λmax is 0 or less it is NaN: the loss curves up nowhere.
        """
        up = np.where(self.largest > 0, self.largest, np.nan)
        return np.asarray(np.abs(self.smallest) / up)


def curvature_map(
    network: Network,
    X: Array,  # noqa: N803
    y: ArrayLike,
    geometry: Geometry,
    xs: ArrayLike,
    ys: ArrayLike,
    *,
    tolerance: float = 1e-3,
    most: int = 400,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> CurvatureMap:
    """Return λmin and λmax of the full Hessian over a coarse grid of the plane.

    Parameters: `xs` and `ys` are the lines, in the plane's coordinates; `tolerance` is the residual
    as a share of the largest absolute eigenvalue, `most` the products that a cell may take; every
    cell starts from the same random vector, which `seed` decides, so that a cell does not depend on
    the others; `progress` is called with (cells done, cells in all).

    A product with the Hessian costs about two gradients, and a cell takes tens of them.
    """
    columns, rows = np.atleast_1d(np.asarray(xs, float)), np.atleast_1d(np.asarray(ys, float))
    shape = (rows.size, columns.size)
    smallest, largest = np.full(shape, np.nan), np.full(shape, np.nan)
    converged = np.zeros(shape, bool)
    products = 0
    for done, (i, j) in enumerate(np.ndindex(shape), start=1):
        theta = geometry.point(columns[j], rows[i])
        try:
            found = hessian_eigenvectors(
                network, theta, X, y, 2, which="both", tolerance=tolerance, most=most, seed=seed
            )
            largest[i, j], smallest[i, j] = found.values
            converged[i, j] = found.converged
            products += found.products
        except NotFiniteError:
            pass  # it stays NaN
        if progress is not None:
            progress(done, smallest.size)
    return CurvatureMap(columns, rows, smallest, largest, converged, products)
