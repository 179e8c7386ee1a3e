"""Where on a plane the loss is convex: extreme eigenvalues of the full Hessian, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.planes.curvature import hessian_eigenvectors
from landscape.planes.lanczos import NotFiniteError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network
    from landscape.planes.geometry import Geometry

    Array = NDArray[Any]

__all__ = ["CURVATURE_RECORD", "CurvatureMap", "curvature_cells", "curvature_map", "no_curvature"]

CURVATURE_RECORD = np.dtype(
    [
        *(("part", "<u4"), ("cell", "<u4"), ("smallest", "<f8"), ("largest", "<f8")),
        *(("converged", "?"), ("taken", "<u4")),
    ]
)
"""A finished cell in a journal; cells are counted row after row."""


@dataclass(frozen=True, eq=False)
class CurvatureMap:
    """Extreme eigenvalues of the full Hessian where the lines xs and ys cross.

    Attributes: `xs` (columns,), `ys` (rows,); `smallest` and `largest` (rows, columns), λmin and
    λmax; `converged` (rows, columns), whether both met the tolerance; `taken` (rows, columns), how
    many products with the Hessian it took; `done` (rows, columns), whether the cell was computed;
    `tolerance`, `most` and `seed` as `curvature_map` takes them. A cell whose Hessian is not finite
    is NaN, and not converged.
    """

    xs: Array
    ys: Array
    smallest: Array
    largest: Array
    converged: Array
    taken: Array
    done: Array
    tolerance: float
    most: int
    seed: int

    @property
    def products(self) -> int:
        """How many products with the Hessian it took in all."""
        return int(self.taken.sum())

    @property
    def ratio(self) -> Array:
        """|λmin/λmax| (rows, columns): near 0 the loss is convex but for little (Li et al. 2018).

        Where λmax is 0 or less it is NaN: the loss curves up nowhere.
        """
        up = np.where(self.largest > 0, self.largest, np.nan)
        return np.asarray(np.abs(self.smallest) / up)

    def copy(self) -> CurvatureMap:
        """Return the same map with results in arrays of its own."""
        names = ("smallest", "largest", "converged", "taken", "done")
        return replace(self, **{name: getattr(self, name).copy() for name in names})

    def fill(self, record: Array) -> None:
        """Write cells of CURVATURE_RECORD into the arrays."""
        for name in ("smallest", "largest", "converged", "taken"):
            getattr(self, name).reshape(-1)[record["cell"]] = record[name]
        self.done.reshape(-1)[record["cell"]] = True


def no_curvature(
    xs: ArrayLike, ys: ArrayLike, *, tolerance: float = 1e-3, most: int = 400, seed: int = 0
) -> CurvatureMap:
    """Return a map of which no cell is computed; parameters as for `curvature_map`."""
    columns, rows = np.atleast_1d(np.asarray(xs, float)), np.atleast_1d(np.asarray(ys, float))
    shape = (rows.size, columns.size)
    smallest, largest = np.full((2, *shape), math.nan)
    converged, done = np.zeros((2, *shape), bool)
    taken = np.zeros(shape, np.int64)
    return CurvatureMap(
        columns, rows, smallest, largest, converged, taken, done, tolerance, most, seed
    )


def curvature_cells(
    network: Network,
    X: Array,  # noqa: N803
    y: ArrayLike,
    geometry: Geometry,
    found: CurvatureMap,
    *,
    part: int = 0,
) -> Iterator[Array]:
    """Yield records of the cells that `found` does not have, each as it is computed.

    Parameters: examples `X` (rows, inputs) and targets `y`; `part` is what the records say.
    """
    columns = found.xs.size
    for cell in np.flatnonzero(~found.done):
        row, column = divmod(int(cell), columns)
        theta = geometry.point(found.xs[column], found.ys[row])
        record = np.zeros(1, CURVATURE_RECORD)
        record["part"], record["cell"] = part, cell
        try:
            spectrum = hessian_eigenvectors(
                network,
                theta,
                X,
                y,
                2,
                which="both",
                tolerance=found.tolerance,
                most=found.most,
                seed=found.seed,
            )
            record["largest"], record["smallest"] = spectrum.values
            record["converged"], record["taken"] = spectrum.converged, spectrum.products
        except NotFiniteError:
            record["largest"] = record["smallest"] = math.nan
        yield record


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
    found = no_curvature(xs, ys, tolerance=tolerance, most=most, seed=seed)
    cells = curvature_cells(network, X, y, geometry, found)
    for done, record in enumerate(cells, start=1):
        found.fill(record)
        if progress is not None:
            progress(done, found.done.size)
    return found
