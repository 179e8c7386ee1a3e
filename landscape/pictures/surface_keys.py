"""What pictures of many paths over a surface depend on: the keys that decide the paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.optimizers.tuning import Conditions
from landscape.pictures.recipe import PictureRecipe
from landscape.pictures.run_keys import OnSurface, borrowed
from landscape.presets import choose_rate, default_start
from landscape.specs import check_python_text, python_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from landscape.files import AnyPath
    from landscape.optimizers.lookup import Optimizer
    from landscape.surfaces.surface import Surface

__all__ = ["SurfaceRecipe", "found_surface", "surface_text", "with_rate"]


@dataclass(frozen=True, kw_only=True, repr=False)
class SurfaceRecipe(PictureRecipe):
    """What the paths of a picture depend on.

    Attributes:
      surface     name with options, or formula
      optimizers  a text for each panel, such as "momentum:lr=0.02,mu=0.9"
      steps       how many steps each path takes, None for the surface's usual number
      schedule    learning rate by name or as a formula of lr0 and t, "" for a constant one
      batch       examples of a data surface that each gradient is measured on, None for all
      noise       standard deviation of the noise on every gradient
      seed        of the noise and the batches, the same for every path
      bounds      (x0, x1, y0, y1), the surface's domain, None for its own
    """

    surface: str = borrowed("surface", default="himmelblau")
    optimizers: tuple[str, ...] = borrowed(
        "optimizers",
        help="An update rule or a solver: momentum, momentum:lr=0.02,mu=0.9, or 'p = p - lr*g'. "
        "Repeat it for several side by side.",
    )
    steps: int | None = borrowed("steps", help="How many steps each path takes.")
    schedule: str = borrowed("schedule")
    batch: int | None = borrowed("batch")
    noise: float = borrowed("noise")
    seed: int = borrowed("seed")
    bounds: tuple[float, float, float, float] | None = borrowed(
        "bounds", help="The surface's domain; what ends outside has left it."
    )


def found_surface(recipe: SurfaceRecipe | OnSurface, folder: AnyPath | None = None) -> Surface:
    """Return the surface that a recipe's text makes.

    Parameters: `folder` is where its file is looked up first.

    Raises LandscapeError as `landscape.surface` does, and for an object of Python's.
    """
    from landscape.surfaces.lookup import surface

    text = recipe.surface
    check_python_text(text)
    said = text.lstrip().lower()
    if said.startswith("plane:"):
        from landscape.planes.saved import plane_surface

        return surface(
            plane_surface(text, {}, table=recipe.table, folder=folder), bounds=recipe.bounds
        )
    if said.startswith("data"):
        from landscape.surfaces.data import csv_path, data_surface

        if csv_path(text):
            made = data_surface(text, table=recipe.table, folder=folder)
            return surface(made, bounds=recipe.bounds)
    return surface(text, bounds=recipe.bounds, table=recipe.table)


def with_rate(
    recipe: SurfaceRecipe,
    where: Surface,
    rule: Optimizer,
    steps: int,
    report: Callable[[str], None],
) -> Optimizer:
    """Return a rule with a learning rate; `report` is told of one that is searched for."""
    conditions = Conditions(recipe.batch, recipe.noise, recipe.seed, recipe.schedule)
    found, searched = choose_rate(where, rule, [default_start(where)], steps, conditions)
    if searched:
        report(
            f"{found.label or found.name}: no lr was given; of 1, 2 and 5 times each power of "
            f"ten, {found.learning_rate:g} does best in {steps} steps from the usual start"
        )
    return found


def surface_text(where: Surface) -> tuple[str, str]:
    """Return what a recipe says of a surface: its text, and what it carries of a file."""
    if where.kept:
        return where.spec, where.kept
    table = ""
    if where.examples:
        from landscape.surfaces.data import carried_table

        table = carried_table([where])
    return where.spec or python_text(where.name), table
