"""A network's loss on a plane through its parameters, and the paths of training on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from landscape.errors import LandscapeError
from landscape.files import shown
from landscape.pictures.network import load_data, spread_evenly
from landscape.pictures.outlook import Outlook, training_work
from landscape.pictures.plane_panel import PlanePanel, compute_panel
from landscape.pictures.plane_recipe import MOST_PANELS, MOST_RUNS, PlaneRecipe
from landscape.pictures.plane_sight import with_viewpoint
from landscape.pictures.ready import Redrawn
from landscape.pictures.rounding import check_varied
from landscape.pictures.trained import data_of_runs, runs_of_files
from landscape.pictures.variants import variants_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.run import Run

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["Plane", "PlanePanel", "PlaneRecipe", "prepare", "saved_grids"]


class Plane(Redrawn):
    """A picture of planes whose numbers are computed.

    Attributes: `recipe`; `panels`; `epochs`, the time of each frame, at which the longest run has a
    snapshot; `data`, the data's name.
    """

    recipe: PlaneRecipe
    alike = True

    def __init__(self, recipe: PlaneRecipe, panels: tuple[PlanePanel, ...], data: str) -> None:
        self.recipe, self.panels, self.data = recipe, panels, data
        times = max((_times(run) for one in panels for run in one.runs), key=_end_and_count)
        shown = spread_evenly(len(times) - 1, recipe.frames)
        self.epochs = tuple(float(times[k]) for k in shown)
        self.count = len(self.epochs)
        rules = [run.rule.partition(":")[0] for run in panels[0].runs]
        names = [rule if rule.isidentifier() else "rule" for rule in rules]
        what = [] if recipe.metric == "loss" else [recipe.metric.replace("_", "-")]
        self.name = "-".join(["plane", recipe.directions, *what, *dict.fromkeys(names)][:6])

    def reached(self, run: Run, frame: int) -> int:
        """Return the last snapshot of a run that is not later than a frame."""
        found = _times(run).searchsorted(self.epochs[frame] * (1 + 1e-9), side="right")
        return max(0, int(found) - 1)

    def still(self, suffix: str) -> Self:
        """Return the film's last frame, with the camera where it has turned to."""
        recipe = self.recipe.still(suffix)
        if self.recipe.orbit:
            from landscape.drawing.camera import camera_of

            recipe = recipe.with_(azimuth=camera_of(self.recipe).last)
        return self.with_recipe(recipe)

    def numbers(self) -> list[str]:
        """Return lines on the planes: directions, what they show, and what lies off them."""
        from landscape.pictures.plane_words import said_of

        return said_of(self)


def _times(run: Run) -> Array:
    """Return the epochs of a run's snapshots."""
    found: Array = run.snapshot_steps / run.steps_per_epoch
    return found


def _end_and_count(times: Array) -> tuple[float, int]:
    return float(times[-1]), len(times)


def saved_grids(recipe: PlaneRecipe, save: str) -> list[str]:
    """Return the files in which the grids of a recipe's panels are kept, none for "".

    One panel has `save` itself; several have FILE-1.npz, FILE-2.npz, … in their order.

    Raises LandscapeError for a name that is no .npz.
    """
    if not save:
        return []
    if not save.endswith(".npz"):
        raise LandscapeError(f"a plane is saved as .npz: {shown(save)} came")
    count = len(variants_of(recipe, recipe.vary, MOST_PANELS))
    stem = save.removesuffix(".npz")
    return [save] if count == 1 else [f"{stem}-{k + 1}.npz" for k in range(count)]


def prepare(
    recipe: PlaneRecipe,
    *,
    data: Dataset | None = None,
    save: str = "",
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Plane:
    """Train the networks of a recipe, or read its runs, and compute their planes.

    Parameters: `data` replaces the recipe's text by an object; `save` names an NPZ file that keeps
    the grid (`saved_grids` those of several panels): a call that was killed trains again and goes
    on with the grid where it stopped, and what is finished is not computed again; `report` is told
    what a reader should know; `progress` is called with (done, in all).

    Raises LandscapeError for data, rules and variants that mean nothing, and if the loss is the
    same everywhere.
    """
    from landscape.planes.compute import check_free

    saves = saved_grids(recipe, save)
    for path in saves:
        check_free(path)
    given: list[Run] = []
    if recipe.runs:
        given = runs_of_files(recipe.runs, MOST_RUNS, "paths on a plane")
        data = data_of_runs(given, data)
        if recipe.directions == "solutions" and len(given) != 3:
            raise LandscapeError(f"a plane through solutions needs three runs: {len(given)} came")
    variants = variants_of(recipe, recipe.vary, MOST_PANELS)
    rows = [
        load_data(one.recipe.data, dtype=one.recipe.dtype) if data is None else data
        for one in variants
    ]
    works = [] if given else [*map(training_work, (one.recipe for one in variants), rows)]
    outlook = Outlook(
        [work for work in works for _ in range(recipe.seeds)],
        f"all {recipe.seeds * sum(len(one.recipe.optimizers) for one in variants)} trainings",
        report,
    )
    parts = len(variants) * 1000
    panels = []
    for k, variant in enumerate(variants):

        def part(done: int, total: int, k: int = k) -> None:
            if progress is not None:
                progress(1000 * k + 1000 * done // max(1, total), parts)

        panels.append(
            compute_panel(
                variant.recipe,
                variant.title,
                rows[k],
                recipe.seeds,
                saves[k] if saves else "",
                report,
                part,
                outlook,
                given,
            )
        )
    if panels[0].plane.metric.endswith("loss"):
        grids = [one.plane.computed().loss for one in panels]
        check_varied(grids, panels[0].plane.network.dtype, "this plane")
    return Plane(with_viewpoint(recipe, panels), tuple(panels), rows[-1].name)
