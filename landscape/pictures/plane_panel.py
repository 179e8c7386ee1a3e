"""One panel of a picture of planes: the networks that are trained, and the plane through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.pictures.endings import found_nothing, said_of_end
from landscape.pictures.plane_geometry import coarse_lines, find_geometry, grid_size
from landscape.pictures.plane_recipe import PlaneRecipe
from landscape.pictures.trained import sharpness_of, trained_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.run import Run
    from landscape.pictures.outlook import Outlook
    from landscape.planes.curvature_map import CurvatureMap
    from landscape.planes.pca import Principal
    from landscape.planes.plane import NetworkPlane
    from landscape.planes.projection import ProjectedPath
    from landscape.planes.sharpness import Sharpness

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["PlanePanel", "compute_panel"]

_REPEATS = 20  # random directions of a sharpness
_PROBES = 16  # places at which the picture is compared with the network
_SNAPSHOTS = 200  # of a path, in stills and films alike: both have the same plane
_WRONG = 0.2  # error there that is worth a warning


@dataclass(frozen=True, eq=False)
class PlanePanel:
    """One plane with the paths on it.

    Attributes: `title`; `plane`; `runs` and their `paths`; `principal`, the components if it is a
    plane of them; `sharpness` of the networks trained, one for each seed, empty if not measured;
    `curvature`, the extreme eigenvalues of the Hessian if they were asked for; `lost`, which runs
    did not set the plane; `interpolation`, median and largest error between the grid's lines;
    `nothing`, how many of the networks whose sharpness was measured found nothing.
    """

    title: str
    plane: NetworkPlane
    runs: tuple[Run, ...]
    paths: tuple[ProjectedPath, ...]
    principal: Principal | None = None
    sharpness: tuple[Sharpness, ...] = field(default=())
    curvature: CurvatureMap | None = None
    lost: tuple[bool, ...] = field(default=())
    interpolation: tuple[float, float] = (float("nan"), float("nan"))
    nothing: int = 0

    @property
    def first(self) -> int:
        """The first run that set the plane."""
        return self.lost.index(False)

    @property
    def apart(self) -> bool:
        """Whether the runs have starts of their own."""
        first = self.runs[0].initial
        return not all((run.initial == first).all() for run in self.runs[1:])


def compute_panel(
    recipe: PlaneRecipe,
    title: str,
    data: Dataset,
    seeds: int,
    save: str,
    report: Callable[[str], None],
    progress: Progress,
    outlook: Outlook,
    given: Sequence[Run] = (),
) -> PlanePanel:
    """Train the networks of one panel and compute its plane.

    Parameters: `title` among several panels; `seeds`, how many networks are trained to compare
    their sharpness; `save`, `report` and `progress` as in `landscape.pictures.plane.prepare`;
    `outlook` is told of each seed's training; `given` are runs on the data in place of training.

    Raises LandscapeError for rules that mean nothing, and if no run arrives.
    """
    from landscape.planes.cost import Forecast
    from landscape.planes.curvature_map import curvature_map, no_curvature
    from landscape.planes.projection import joint_plane, lost_runs
    from landscape.planes.saved import compute_into

    if recipe.metric.endswith("accuracy") and not data.classes:
        raise LandscapeError(
            f"{data.name} has numbers to predict, no classes, so there is no accuracy: take "
            f"--metric {recipe.metric.replace('accuracy', 'loss')}"
        )
    network = given[0].network if given else recipe.network(data, recipe.activation)
    share = 500 // seeds
    measured = bool(title) and recipe.directions == "random" and recipe.metric == "loss"
    runs: list[Run] = list(given)
    found, nothing = [], 0
    for k in range(0 if given else seeds):

        def trained(done: int, total: int, k: int = k) -> None:
            progress(share * k + share * done // max(1, total), 1000)

        with outlook.piece():
            one = _train(recipe, network, data, recipe.seed + k, trained)
            if measured:
                found.append(sharpness_of(recipe, network, data, one[0], _REPEATS))
        runs = runs or one
        if measured:
            nothing += found_nothing(one[0])
            if k:
                _say_ending(f"{title}, seed {recipe.seed + k}", one[0], False, report)
    lost = lost_runs(runs)
    for run, away in zip(runs, lost, strict=True):
        _say_ending(", ".join(filter(None, (title, run.label))), run, away, report)

    columns, rows = grid_size(recipe)
    geometry, bounds, principal = find_geometry(
        recipe, network, data, [run for run, away in zip(runs, lost, strict=True) if not away]
    )
    mapped = recipe.metric == "curvature"
    size = (recipe.coarse, recipe.coarse) if mapped else (columns, rows)

    def gridded(done: int, total: int) -> None:
        progress(500 + 500 * done // max(1, total), 1000)

    forecast = Forecast(*size, len(data.X), lambda cost: report(cost.describe()), then=gridded)
    plane, paths, _ = joint_plane(
        network,
        data,
        runs,
        geometry=geometry,
        bounds=bounds,
        metric="loss" if mapped else recipe.metric,
        resolution=(columns, rows),
        progress=None if mapped else forecast,
    )
    lines = coarse_lines(recipe, plane)
    curvature = no_curvature(*lines, seed=recipe.draw) if mapped else None
    if save:
        told = _of_last(curvature.done.size, forecast) if curvature is not None else forecast
        curvature = compute_into(
            plane, data, save, curvature=curvature, recipe=recipe.to_toml(), progress=told
        ).curvature
    else:
        plane.computed()
        if mapped:
            curvature = curvature_map(
                network, data.X, data.y, geometry, *lines, seed=recipe.draw, progress=forecast
            )
    return PlanePanel(
        title,
        plane,
        tuple(runs),
        paths,
        principal,
        tuple(found),
        curvature,
        tuple(lost),
        _interpolation(plane, title, report),
        nothing,
    )


def _say_ending(name: str, run: Run, away: bool, report: Callable[[str], None]) -> None:
    """Report a run that found nothing."""
    said = said_of_end(run)
    if said and run.ending == "finished" and away:
        said = f"{said}; the plane is that of the other runs"
    if said:
        report(f"{name}: {said}")


def _interpolation(
    plane: NetworkPlane, title: str, report: Callable[[str], None]
) -> tuple[float, float]:
    """Return the median and the largest error between the grid's lines, and report a large one."""
    import numpy as np

    errors = plane.interpolation_error(_PROBES)
    errors = errors[np.isfinite(errors)]
    if not errors.size:
        return float("nan"), float("nan")
    most = float(errors.max())
    if most > _WRONG:
        start = f"{title}: " if title else ""
        report(
            f"{start}between the lines of its grid the picture is wrong by up to "
            f"{100 * most:.2g} %: take more, --resolution 101, or a smaller plane"
        )
    return float(np.median(errors)), most


def _of_last(count: int, progress: Progress) -> Progress:
    """Return a callback that tells of the last `count` cells, which take nearly all the time."""

    def told(done: int, total: int) -> None:
        if done >= total - count:
            progress(done - (total - count), count)

    return told


def _train(
    recipe: PlaneRecipe, network: Network, data: Dataset, seed: int, progress: Progress
) -> list[Run]:
    return trained_runs(
        recipe,
        network,
        data,
        seed=seed,
        apart=recipe.apart,
        snapshots=_SNAPSHOTS,
        progress=progress,
    )
