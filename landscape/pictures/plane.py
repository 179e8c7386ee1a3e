"""A network's loss on a plane through its parameters, and the paths of training on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.pictures.keys import flag, number_key, text, texts, whole_key
from landscape.pictures.network import NetworkRecipe, activation_names, load_data
from landscape.pictures.ready import Drawing, Redrawn
from landscape.pictures.trained import check_distinct, trained_runs
from landscape.pictures.variants import variants_of
from landscape.style import LEVEL_KINDS

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

__all__ = ["DIRECTIONS", "Plane", "PlanePanel", "PlaneRecipe", "prepare"]

DIRECTIONS = ("pca", "random", "hessian", "solutions")
STRIPS = ("loss", "off")
_MOST_PANELS = 4
_MOST_RUNS = 8
# Width over height of the domain where both axes are distances: that of the axes on a slide.
_ASPECT = 1.3
_REPEATS = 20  # random directions of a sharpness


def _metrics() -> Sequence[str]:
    from landscape.planes.plane import METRICS

    return (*METRICS, "curvature")


def _normalisations() -> Sequence[str]:
    from landscape.planes.directions import NORMALISATIONS

    return tuple(NORMALISATIONS)


def _biases() -> Sequence[str]:
    from landscape.planes.directions import BIASES

    return tuple(BIASES)


@dataclass(frozen=True, kw_only=True)
class PlaneRecipe(NetworkRecipe):
    """What a picture of a plane through a network's parameters depends on.

    Attributes:
      activation  of the hidden layers
      init        scheme of the initial weights, "" for what suits the activation
      optimizers  rules that train, all from the same start; their paths are drawn
      epochs      of training
      apart       each rule from a start of its own, seeds `seed`, `seed` + 1, …
      directions  "pca" of the paths; "random" ones or eigenvectors of the "hessian" at the end of
                  the first path; "solutions": the plane through the ends of the first three
      normalise   scaling of random directions: "filter", "layer", "plain", "unit", "gaussian"
      biases      whether they move along random directions: "zero", "keep", "perturb"
      draw        seed of the random directions
      centre      of the principal components: "final" or "mean"
      reach       how far the plane goes each way from the centre (random, hessian)
      metric      "loss", "accuracy", "test_loss", "test_accuracy", or "curvature":
                  |λmin/λmax| of the full Hessian, beneath the levels of the loss
      coarse      grid lines of a map of curvature each way
      resolution  grid lines computed each way
      vary        "skip=no,yes": a panel for each value, with the same levels; "" for one panel
      seeds       networks trained for each panel (the first is drawn), whose sharpness is compared
      radius      how far out the sharpness is measured
      top         highest level drawn, 0 for the highest there is
      levels      "auto", "log", "power", "quantile" or "linear"
      count       how many steps between levels
      fill        filled contours, or lines alone
      curves      strips beneath the legend: "loss", true and on the plane; "off", how far off it
    """

    picture = "plane"

    activation: str = text("relu", "Activation of the hidden layers.", choices=activation_names)
    init: str = text("", "Initial weights; what suits the activation if left out.", metavar="INIT")
    optimizers: tuple[str, ...] = texts(
        ("adam",),
        "Rule that trains, with options; repeat it for several from the same start.",
        option="--opt",
        singular="optimizer",
        distinct=False,
        metavar="NAME|RULE",
        most=_MOST_RUNS,
    )
    epochs: int = whole_key(20, 1, 10_000, "Epochs of training.")
    apart: bool = flag(False, "Each rule from a start of its own: seeds SEED, SEED + 1, …")
    directions: str = text(
        "pca",
        "pca of the paths; random; hessian: its top eigenvectors; solutions: through three ends.",
        choices=DIRECTIONS,
    )
    normalise: str = text("filter", "Scaling of random directions.", choices=_normalisations)
    biases: str = text("zero", "How biases move along random directions.", choices=_biases)
    draw: int = whole_key(0, 0, 2**53, "Seed of the random directions.")
    centre: str = text(
        "final", "What principal components are taken about.", choices=("final", "mean")
    )
    reach: float = number_key(1.0, 1e-6, 1e6, "How far random and hessian planes go each way.")
    metric: str = text("loss", "What is drawn over the plane.", choices=_metrics)
    resolution: int = whole_key(51, 5, 2001, "Grid lines that are computed each way.")
    coarse: int = whole_key(15, 2, 501, "Grid lines of a map of curvature each way.")
    vary: str = text("", "A panel for each value: skip=no,yes.", metavar="KEY=V,V")
    seeds: int = whole_key(1, 1, 100, "Networks trained for each panel, to compare sharpness.")
    radius: float = number_key(0.25, 1e-6, 1e6, "How far out sharpness is measured.")
    top: float = number_key(0.0, 0, 1e30, "Highest level drawn; what is above has one colour.")
    levels: str = text("auto", "How contour levels are spaced.", choices=LEVEL_KINDS)
    count: int = whole_key(18, 2, 100, "Steps between contour levels.")
    fill: bool = flag(True, "Filled contours, or lines alone.")
    curves: tuple[str, ...] = texts(
        STRIPS,
        "loss: true and on the plane; off: distance from the plane. Repeat it for both.",
        option="--curve",
        singular="curve",
        metavar="loss|off",
        choices=STRIPS,
    )

    def _check(self) -> None:
        super()._check()
        check_distinct(self.optimizers, apart=self.apart)
        if not self.optimizers:
            raise LandscapeError("a plane needs an optimizer that trains the network: name one")
        if self.directions == "solutions" and len(self.optimizers) != 3:
            raise LandscapeError(
                "a plane through solutions needs three optimizers, such as adam three times with "
                f"--apart: {len(self.optimizers)} came"
            )
        if self.seeds > 1 and not self.vary:
            raise LandscapeError("several seeds compare variants: add --vary skip=no,yes, say")
        if self.vary:
            variants_of(self, self.vary, _MOST_PANELS)
            if self.kind == "film":
                raise LandscapeError("variants side by side make a still: leave --vary out")


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


class Plane(Redrawn):
    """A picture of planes whose numbers are computed.

    Attributes: `recipe`; `panels`; `epochs`, the time of each frame; `data`, the data's name.
    """

    recipe: PlaneRecipe

    def __init__(self, recipe: PlaneRecipe, panels: tuple[PlanePanel, ...], data: str) -> None:
        self.recipe, self.panels, self.data = recipe, panels, data
        longest = max((run for one in panels for run in one.runs), key=lambda r: len(r.snapshots))
        self.epochs = tuple(float(s) / longest.steps_per_epoch for s in longest.snapshot_steps)
        self.count = len(self.epochs)
        rules = [run.rule.partition(":")[0] for run in panels[0].runs]
        names = [rule if rule.isidentifier() else "rule" for rule in rules]
        self.name = "-".join(["plane", recipe.directions, *dict.fromkeys(names)][:6])

    def draw(self) -> Drawing:
        """Return the drawing; within `picture_style`."""
        from landscape.pictures.plane_drawing import draw_plane

        return draw_plane(self)

    def numbers(self) -> list[str]:
        """Return lines on the planes: directions, what they show, and what lies off them."""
        from landscape.pictures.plane_words import said_of

        return said_of(self)


def prepare(
    recipe: PlaneRecipe,
    *,
    data: Dataset | None = None,
    save: str = "",
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Plane:
    """Train the networks of a recipe and compute their planes.

    Parameters: `data` replaces the recipe's text by an object; `save` names an NPZ file that keeps
    the grid: a call that was killed goes on where it stopped, and what is finished is not computed
    again; `report` is told what a reader should know; `progress` is called with (done, in all).

    Raises LandscapeError for data, rules and variants that mean nothing.
    """
    if save and recipe.vary:
        raise LandscapeError("a file keeps one plane: leave --save or --vary out")
    variants = variants_of(recipe, recipe.vary, _MOST_PANELS)
    parts = len(variants) * 1000
    panels = []
    name = ""
    for k, variant in enumerate(variants):

        def part(done: int, total: int, k: int = k) -> None:
            if progress is not None:
                progress(1000 * k + 1000 * done // max(1, total), parts)

        rows = load_data(variant.recipe.data) if data is None else data
        name = rows.name
        panels.append(_panel(variant.recipe, variant.title, rows, recipe.seeds, save, report, part))
    return Plane(recipe, tuple(panels), name)


def _panel(
    recipe: PlaneRecipe,
    title: str,
    data: Dataset,
    seeds: int,
    save: str,
    report: Callable[[str], None],
    progress: Progress,
) -> PlanePanel:
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
