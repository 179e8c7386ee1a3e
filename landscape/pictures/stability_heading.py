"""The heading of a picture of maps of settings: its title and its caption."""

from __future__ import annotations

from landscape.pictures.stability import Stability
from landscape.pictures.stability_words import BORDERS

__all__ = ["caption_of", "title_of"]


def title_of(ready: Stability) -> str:
    """Return the picture's heading."""
    recipe = ready.recipe
    if recipe.title is not None:
        return " ".join(recipe.title.split())
    surface = ready.setting.surface
    name = surface.title or surface.name.replace("_", " ")
    return f"Which settings work on {name if name != 'formula' else surface.spec}"


def caption_of(ready: Stability) -> str:
    """Return the line beneath the heading: what a cell is, and what the words mean."""
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    starts = ready.setting.starts
    said = f"each cell is a run of {ready.setting.steps} steps from "
    if len(starts) == 1:
        said += f"{starts[0][0]:g}, {starts[0][1]:g}"
    else:
        said += f"each of {len(starts)} starts"
    if recipe.noise:
        said += f", noise {recipe.noise:g}"
    if any(one.map.diverged.any() for one in ready.panels):
        said += "; diverged: ends higher than it began"
    shown = [one for one in ready.panels if one.border is not None and one.rule.name in BORDERS]
    if any(one.border is not None and one.border.fastest for one in shown):
        said += "; L, m: largest and smallest curvature"
    elif shown:
        said += "; L: largest curvature"
    return said
