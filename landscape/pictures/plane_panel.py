"""One panel of a picture of planes: the networks that are trained, and the plane through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.pictures.plane_recipe import PlaneRecipe
from landscape.pictures.trained import trained_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.run import Run
    from landscape.planes.curvature_map import CurvatureMap
    from landscape.planes.geometry import Geometry
    from landscape.planes.pca import Principal
    from landscape.planes.plane import NetworkPlane
    from landscape.planes.projection import ProjectedPath
    from landscape.planes.sharpness import Sharpness

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["PlanePanel", "compute_panel"]

# Width over height of the domain where both axes are distances: that of the axes on a slide.
_ASPECT = 1.3
_REPEATS = 20  # random directions of a sharpness


@dataclass(frozen=True, eq=False)
class PlanePanel:
    """One plane with the paths on it.

    Attributes: `title`; `plane`; `runs` and their `paths`; `principal`, the components if it is a
    plane of them; `sharpness` of the networks trained, one for each seed, empty if not measured;
    `curvature`, the extreme eigenvalues of the Hessian if they were asked for.
    """

    title: str
    plane: NetworkPlane
    runs: tuple[Run, ...]
    paths: tuple[ProjectedPath, ...]
    principal: Principal | None = None
    sharpness: tuple[Sharpness, ...] = field(default=())
    curvature: CurvatureMap | None = None


def compute_panel(
    recipe: PlaneRecipe,
    title: str,
    data: Dataset,
    seeds: int,
    save: str,
    report: Callable[[str], None],
    progress: Progress,
) -> PlanePanel:
    """Train the networks of one panel and compute its plane.

    Parameters: `title` among several panels; `seeds`, how many networks are trained to compare
    their sharpness; `save`, `report` and `progress` as in `landscape.pictures.plane.prepare`.

    Raises LandscapeError for rules that mean nothing, and if no run arrives.
    """
    from landscape.planes.cost import Forecast
    from landscape.planes.projection import joint_plane
    from landscape.planes.saved import compute_into

    network = recipe.network(data, recipe.activation)
    share = 500 // seeds
    measured = bool(title) and recipe.directions == "random" and recipe.metric == "loss"
    runs: list[Run] = []
    found = []
    for k in range(seeds):

        def trained(done: int, total: int, k: int = k) -> None:
            progress(share * k + share * done // max(1, total), 1000)

        one = _train(recipe, network, data, recipe.seed + k, trained)
        runs = runs or one
        if measured:
            found.append(_sharpness(recipe, network, data, one[0]))
    for run in runs:
        if run.ending != "finished":
            report(f"{run.label}: {run.describe_ending()}")

    columns = rows = recipe.resolution
    if recipe.directions in ("pca", "solutions"):
        # As many cells as asked for, of the same length each way.
        columns, rows = round(columns * _ASPECT**0.5), round(rows / _ASPECT**0.5)

    def gridded(done: int, total: int) -> None:
        progress(500 + 500 * done // max(1, total), 1000)

    forecast = Forecast(
        columns, rows, len(data.X), lambda cost: report(cost.describe()), then=gridded
    )
    geometry, bounds, principal = _geometry(recipe, network, data, runs)
    plane, paths, _ = joint_plane(
        network,
        data,
        runs,
        geometry=geometry,
        bounds=bounds,
        metric="loss" if recipe.metric == "curvature" else recipe.metric,
        resolution=(columns, rows),
        progress=None if recipe.metric == "curvature" else forecast,
    )
    if save:
        compute_into(plane, data, save, recipe=recipe.to_toml(), progress=forecast)
    else:
        plane.computed()
    curvature = None
    if recipe.metric == "curvature":
        curvature = _curvature(recipe, plane, data, gridded)
    return PlanePanel(title, plane, tuple(runs), paths, principal, tuple(found), curvature)


def _curvature(
    recipe: PlaneRecipe, plane: NetworkPlane, data: Dataset, progress: Progress
) -> CurvatureMap:
    """Return the map of curvature, in the middles of cells that cover the plane."""
    import numpy as np

    from landscape.planes.curvature_map import curvature_map

    def middles(low: float, high: float) -> Array:
        return low + (high - low) * (np.arange(recipe.coarse) + 0.5) / recipe.coarse

    xs, ys = (middles(*ends) for ends in plane.bounds)
    return curvature_map(
        plane.network, data.X, data.y, plane.geometry, xs, ys, seed=recipe.draw, progress=progress
    )


def _train(
    recipe: PlaneRecipe, network: Network, data: Dataset, seed: int, progress: Progress
) -> list[Run]:
    return trained_runs(
        recipe,
        network,
        data,
        recipe.optimizers,
        epochs=recipe.epochs,
        init=recipe.init,
        seed=seed,
        apart=recipe.apart,
        snapshots=recipe.frames if recipe.kind == "film" else 200,
        progress=progress,
    )


def _sharpness(recipe: PlaneRecipe, network: Network, data: Dataset, run: Run) -> Sharpness:
    from landscape.planes.sharpness import sharpness

    return sharpness(
        network,
        run.final,
        data.X,
        data.y,
        radius=recipe.radius,
        reach=max(recipe.reach, recipe.radius),
        repeats=_REPEATS,
        normalise=recipe.normalise,
        biases=recipe.biases,
        seed=recipe.draw,
    )


def _geometry(
    recipe: PlaneRecipe, network: Network, data: Dataset, runs: list[Run]
) -> tuple[Geometry, Any, Principal | None]:
    """Return the plane, its bounds, and the principal components if it is made of them."""
    import numpy as np

    from landscape.planes.curvature import hessian_plane
    from landscape.planes.directions import random_plane
    from landscape.planes.geometry import box_around, plane_through
    from landscape.planes.pca import principal_components

    arrived = [run for run in runs if run.ending == "finished"]
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
        raise LandscapeError("a run diverged, so its end is no solution: take a smaller rate")
    if recipe.directions == "solutions":
        geometry, corners = plane_through(*ends)
        return geometry, _widened(box_around(corners, 0.4)), None
    if recipe.directions == "hessian":
        return hessian_plane(network, ends[0], data.X, data.y)[0], around, None
    geometry = random_plane(
        network, ends[0], seed=recipe.draw, normalise=recipe.normalise, biases=recipe.biases
    )
    return geometry, around, None


def _widened(bounds: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Return bounds widened one way to the shape of the axes: both ways are equal distances."""
    (x0, x1), (y0, y1) = bounds
    wide, tall = x1 - x0, y1 - y0
    more_x = max(0.0, _ASPECT * tall - wide) / 2
    more_y = max(0.0, wide / _ASPECT - tall) / 2
    return (x0 - more_x, x1 + more_x), (y0 - more_y, y1 + more_y)
