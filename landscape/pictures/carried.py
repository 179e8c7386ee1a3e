"""The user's file behind a picture of a network: what its recipe carries of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.files import AnyPath
from landscape.pictures.recipe import PictureRecipe
from landscape.surfaces.data.carried import DIGEST, has_changed

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset

__all__ = ["own_data", "said_of_file", "warning_of_change"]


def own_data(recipe: PictureRecipe, folder: AnyPath | None = None) -> Dataset | None:
    """Return the data of a recipe that names a CSV or NPZ file; None for another recipe.

    The recipe's own table wins over the file; of one by its SHA-256 the file must be the same.

    Parameters: `folder` is where a relative path is looked up first.

    Raises LandscapeError for a file that cannot be read or has changed, or a damaged table.
    """
    from landscape.pictures.network import NetworkRecipe, load_data

    if not _file(recipe):
        # What is drawn on a surface reads the surface's file itself.
        if recipe.table and isinstance(recipe, NetworkRecipe):
            raise LandscapeError(
                "the recipe has a table, and its data are no file: take the line 'table' out"
            )
        return None
    said: Any = recipe
    return load_data(said.data, recipe.table, folder, said.dtype)


def said_of_file(recipe: PictureRecipe) -> str:
    """Return a comment on the file that the command of a recipe reads, "" if there is none."""
    path = _file(recipe)
    if not path or not recipe.table:
        return ""
    if recipe.table.startswith(DIGEST):
        return f"# {path} is not in the recipe, which has the SHA-256 of its numbers.\n"
    return f"# The command reads {path}; 'landscape render' takes the data from this recipe.\n"


def warning_of_change(recipe: PictureRecipe, folder: AnyPath | None = None) -> str:
    """Return a line if the file is not what it was when the picture was made, "" if it is.

    A file that is gone is missed only where the recipe does not carry its numbers.

    Raises LandscapeError for a damaged table.
    """
    path = _file(recipe)
    if not path or not recipe.table:
        return ""
    if recipe.table.startswith(DIGEST):
        try:
            own_data(recipe, folder)
        except LandscapeError as problem:
            return str(problem)
        return ""
    if not has_changed(path, recipe.table, folder):
        return ""
    return (
        f"{path} has changed since; the picture has the data of its recipe, and those of the file "
        "if you take the key 'table' out of the recipe"
    )


def _file(recipe: PictureRecipe) -> str:
    """Return the file that a recipe's data are, "" for other data, runs of files, or several."""
    from landscape.pictures.network import NetworkRecipe, data_file

    said: Any = recipe
    if not isinstance(recipe, NetworkRecipe) or (hasattr(said, "runs") and said.runs):
        return ""
    varied = [getattr(said, name) for name in ("vary", "grid") if hasattr(said, name)]
    return "" if any("data=" in one for one in varied) else data_file(recipe.data)
