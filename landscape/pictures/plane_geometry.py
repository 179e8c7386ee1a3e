"""Where a plane through a network's parameters lies: its directions, its bounds, its grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.pictures.plane_axes import MAP_ASPECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.run import Run
    from landscape.pictures.plane_recipe import PlaneRecipe
    from landscape.planes.geometry import Geometry
    from landscape.planes.pca import Principal
    from landscape.planes.plane import NetworkPlane

    Array = NDArray[Any]

__all__ = ["coarse_lines", "find_geometry", "grid_size"]


def find_geometry(
    recipe: PlaneRecipe, network: Network, data: Dataset, arrived: Sequence[Run]
) -> tuple[Geometry, Any, Principal | None]:
    """Return the plane, its bounds, and the principal components if it is made of them.

    Parameters: `arrived` are the runs that did not diverge or blow up.

    Raises LandscapeError if there are too few of them.
    """
    import numpy as np

    from landscape.planes.curvature import hessian_plane
    from landscape.planes.directions import random_plane
    from landscape.planes.geometry import box_around, plane_through
    from landscape.planes.pca import principal_components

    around = ((-recipe.reach, recipe.reach), (-recipe.reach, recipe.reach))
    if recipe.directions == "pca":
        # A run that diverged would be all that the components see.
        if not arrived:
            raise LandscapeError(
                "every run diverged, so there are no paths to lay a plane through: take smaller "
                "learning rates, or --directions random"
            )
        principal = principal_components(arrived, centre=recipe.centre)
        places = np.concatenate(principal.coordinates)
        return principal.geometry(), _widened(box_around(places, 0.15)), principal
    ends = [run.final for run in arrived]
    if len(ends) < (3 if recipe.directions == "solutions" else 1):
        raise LandscapeError(
            "a run diverged or ended above its first loss, so its end is no solution: take a "
            "smaller learning rate"
        )
    if recipe.directions == "solutions":
        geometry, corners = plane_through(*ends)
        return geometry, _widened(box_around(corners, 0.4)), None
    if recipe.directions == "hessian":
        return hessian_plane(network, ends[0], data.X, data.y)[0], around, None
    geometry = random_plane(
        network,
        ends[0],
        seed=recipe.draw,
        normalise=recipe.normalise,
        biases=recipe.biases,
        orthogonal=recipe.orthogonal,
    )
    return geometry, around, None


def grid_size(recipe: PlaneRecipe) -> tuple[int, int]:
    """Return the numbers of grid lines: columns and rows."""
    columns = rows = recipe.resolution
    if recipe.directions in ("pca", "solutions"):
        # As many cells as asked for, of the same length each way.
        root = MAP_ASPECT**0.5
        columns, rows = round(columns * root), round(rows / root)
    return columns, rows


def coarse_lines(recipe: PlaneRecipe, plane: NetworkPlane) -> tuple[Array, Array]:
    """Return the lines of a map of curvature: the middles of cells that cover the plane."""
    import numpy as np

    (x0, x1), (y0, y1) = plane.bounds
    places = np.arange(recipe.coarse) + 0.5
    return x0 + (x1 - x0) * places / recipe.coarse, y0 + (y1 - y0) * places / recipe.coarse


def _widened(
    bounds: tuple[tuple[float, float], ...],
) -> tuple[tuple[float, float], ...]:
    """Return bounds widened one way to MAP_ASPECT: both ways are equal distances."""
    (x0, x1), (y0, y1) = bounds
    wide, tall = x1 - x0, y1 - y0
    more_x = max(0.0, MAP_ASPECT * tall - wide) / 2
    more_y = max(0.0, wide / MAP_ASPECT - tall) / 2
    return (x0 - more_x, x1 + more_x), (y0 - more_y, y1 + more_y)
