"""What headings of pictures of many paths have in common: the surface, the starts, the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.drawing.text import title_of

if TYPE_CHECKING:
    from landscape.pictures.run_keys import OnSurface
    from landscape.pictures.surface_keys import SurfaceRecipe
    from landscape.surfaces.surface import Surface

__all__ = ["LONGEST", "one_line", "run_words", "start_words", "surface_words"]

LONGEST = 32
"""Letters of a formula that stand before other words of a title."""


def one_line(text: str) -> str:
    """Return a text that was given, on one line."""
    return " ".join(text.split())


def surface_words(where: Surface, longest: int | None = None) -> str:
    """Return a surface's title, its name as words, or its formula.

    Parameters: `longest`, how many letters of a formula are too many, and "" is returned.
    """
    name = where.title or ("" if where.name == "formula" else title_of(where.name))
    fits = longest is None or len(where.spec) <= longest
    return name or (where.spec if fits else "")


def start_words(starts: Sequence[tuple[float, float]]) -> str:
    """Return where paths begin: a place, or how many there are."""
    if len(starts) == 1:
        return ", ".join(f"{one:g}" for one in starts[0])
    return f"each of {len(starts)} starts"


def run_words(recipe: OnSurface | SurfaceRecipe) -> list[str]:
    """Return what else the paths depend on: schedule, batches, noise."""
    said = [f"schedule {recipe.schedule}"] if recipe.schedule else []
    said += [f"batches of {recipe.batch}"] if recipe.batch is not None else []
    return said + ([f"noise {recipe.noise:g} on every gradient"] if recipe.noise else [])
