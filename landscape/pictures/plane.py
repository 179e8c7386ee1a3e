"""A network's loss on a plane through its parameters, and the paths of training on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.pictures.network import load_data
from landscape.pictures.plane_panel import PlanePanel, compute_panel
from landscape.pictures.plane_recipe import MOST_PANELS, PlaneRecipe
from landscape.pictures.ready import Redrawn
from landscape.pictures.rounding import check_varied
from landscape.pictures.variants import variants_of

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset

    Progress = Callable[[int, int], None]

__all__ = ["Plane", "PlanePanel", "PlaneRecipe", "prepare"]


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

    Raises LandscapeError for data, rules and variants that mean nothing, and if the loss is the
    same everywhere.
    """
    if save and recipe.vary:
        raise LandscapeError("a file keeps one plane: leave --save or --vary out")
    variants = variants_of(recipe, recipe.vary, MOST_PANELS)
    parts = len(variants) * 1000
    panels = []
    name = ""
    for k, variant in enumerate(variants):

        def part(done: int, total: int, k: int = k) -> None:
            if progress is not None:
                progress(1000 * k + 1000 * done // max(1, total), parts)

        rows = load_data(variant.recipe.data) if data is None else data
        name = rows.name
        panels.append(
            compute_panel(variant.recipe, variant.title, rows, recipe.seeds, save, report, part)
        )
    if panels[0].plane.metric.endswith("loss"):
        grids = [one.plane.computed().loss for one in panels]
        check_varied(grids, panels[0].plane.network.dtype, "this plane")
    return Plane(recipe, tuple(panels), name)
