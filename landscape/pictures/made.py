"""What a picture's writing has made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landscape.pictures.recipe import PictureRecipe

__all__ = ["Made"]


@dataclass(frozen=True)
class Made:
    """What was written: `path`, `bytes` in all, `frames` (1 for a still), the `recipe` inside.

    Attributes: `more`, the other files of an export of several planes.
    """

    path: Path
    bytes: int
    frames: int
    recipe: PictureRecipe
    more: tuple[Made, ...] = ()
