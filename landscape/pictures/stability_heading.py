"""The heading of a picture of maps of settings: its title and its caption."""

from __future__ import annotations

from landscape.pictures.heading_words import one_line, run_words, start_words, surface_words
from landscape.pictures.stability import Stability
from landscape.pictures.stability_words import BORDERS

__all__ = ["caption_of", "title_of"]


def title_of(ready: Stability) -> str:
    """Return the picture's heading."""
    recipe = ready.recipe
    if recipe.title is not None:
        return one_line(recipe.title)
    return f"Which settings work on {surface_words(ready.setting.surface)}"


def caption_of(ready: Stability) -> str:
    """Return the line beneath the heading: what a cell is, and what the words mean."""
    recipe = ready.recipe
    if recipe.caption is not None:
        return one_line(recipe.caption)
    run = f"each cell is a run of {ready.setting.steps} steps from "
    said = [run + start_words(ready.setting.starts), *run_words(recipe)]
    if any(one.map.diverged.any() for one in ready.panels):
        said.append("diverged: ends higher than it began")
    shown = [one for one in ready.panels if one.border is not None and one.rule.name in BORDERS]
    if any(one.border is not None and one.border.fastest for one in shown):
        said.append("L, m: largest and smallest curvature")
    elif shown:
        said.append("L: largest curvature")
    return "; ".join(said)
