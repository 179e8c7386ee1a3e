"""Pictures of networks: their recipes, what they show, and how they are drawn.

A kind of picture is a module of this package: NAME.py has the dataclass `NameRecipe`, which
inherits from `PictureRecipe`, and `prepare(recipe, report=, progress=)`, which returns a `Ready`.
Its name stands in PICTURES; the command of that name is a line in `landscape.cli.commands`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from landscape.errors import unknown_name
from landscape.files import AnyPath

if TYPE_CHECKING:
    from pathlib import Path

    from landscape.networks.datasets import Dataset
    from landscape.pictures.made import Made
    from landscape.pictures.ready import Ready
    from landscape.pictures.recipe import PictureRecipe
    from landscape.recipe import Recipe

__all__ = ["PICTURES", "make_picture", "prepare_picture", "read_any_recipe", "recipe_class"]

PICTURES = (
    *("layers", "units", "curves", "plane", "profile"),
    *("basins", "stability", "sensitivity", "swarm"),
)
"""The kinds of pictures of networks, as the key `picture` of a recipe names them."""


def recipe_class(picture: str) -> type[PictureRecipe]:
    """Return the dataclass of a kind of picture.

    Raises LandscapeError if there is no such kind.
    """
    if picture not in PICTURES:
        raise unknown_name("picture", str(picture), PICTURES)
    found = getattr(import_module(f"{__name__}.{picture}"), f"{picture.capitalize()}Recipe")
    assert isinstance(found, type)
    return found


def read_any_recipe(text: str, source: str = "recipe") -> Recipe | PictureRecipe:
    """Return the recipe that a text in TOML holds, whichever picture it is of.

    Parameters: `source` names it in errors.

    Raises LandscapeError if the text is no TOML, or has unknown keys or wrong values.
    """
    from landscape.keyed import read_toml
    from landscape.recipe import Recipe

    table = read_toml(text, source)
    if "picture" not in table:
        return Recipe.from_table(table, source)
    return recipe_class(table["picture"]).from_table(table, source)


def prepare_picture(
    recipe: PictureRecipe,
    *,
    data: Dataset | None = None,
    folder: AnyPath | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
    **more: Any,
) -> Ready:
    """Compute what a recipe shows.

    A recipe of the user's file comes back with what was read of it, or the SHA-256 of that.

    Parameters: `data` replaces the recipe's text by an object; `folder` is where its file is looked
    up first; `report` is told what a reader should know; `progress` is called with (done, in all);
    `more` goes to the `prepare` of the recipe's picture.

    Raises LandscapeError for names and values that mean nothing, or a file that has changed since.
    """
    from landscape.pictures.carried import own_data
    from landscape.pictures.run_keys import OnSurface
    from landscape.pictures.surface_keys import SurfaceRecipe

    made: Any = import_module(f"{__name__}.{recipe.picture}")
    if data is None:
        data = own_data(recipe, folder)
        if data is not None:
            recipe = recipe.with_(table=data.table)
    if data is not None and getattr(recipe, "float64", False):
        data = data.astype("float64")
    if data is not None and data.dropped:
        report(f"{data.name}: {data.say_dropped()}")
    given: dict[str, Any] = {} if data is None else {"data": data}
    if isinstance(recipe, SurfaceRecipe | OnSurface):
        given["folder"] = folder
    ready: Ready = made.prepare(recipe, report=report, progress=progress, **given, **more)
    return ready


def make_picture(
    recipe: PictureRecipe,
    path: str | Path,
    *,
    max_bytes: int | None = None,
    folder: AnyPath | None = None,
    progress: Callable[[int, int], None] | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> Made:
    """Compute a recipe's picture and write it to `path`, of the recipe's kind and format.

    Parameters: as for `prepare_picture` and `write_picture`.

    Raises LandscapeError as `prepare_picture` and `write_picture` do.
    """
    from landscape.pictures.output import check_picture, write_picture

    def part(first: int) -> Callable[[int, int], None]:
        def show(done: int, total: int) -> None:
            if progress is not None:
                progress(first + 1000 * done // max(1, total), 2000)

        return show

    check_picture(recipe, path, max_bytes=max_bytes)
    ready = prepare_picture(recipe, folder=folder, report=report, progress=part(0))
    return write_picture(ready, path, max_bytes=max_bytes, progress=part(1000), report=report)
