"""What pictures of swarms say: heading, caption and what stands at the legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.pictures.basins_words import rule_words
from landscape.pictures.heading_words import LONGEST, one_line, run_words, surface_words

if TYPE_CHECKING:
    from landscape.pictures.swarm import Swarms

__all__ = ["caption_of", "heading_of_legend", "title_words"]


def title_words(ready: Swarms) -> str:
    """Return the heading."""
    if ready.recipe.title is not None:
        return one_line(ready.recipe.title)
    name = surface_words(ready.surface, longest=LONGEST)
    said = "where noise keeps them" if ready.noisy else "where each start leads"
    count = len(ready.panels[0].swarm)
    many = f"{count:,} particles".replace(",", "\N{THIN SPACE}") if count > 1 else "1 particle"
    said = f"{many}, {said}"
    return f"{name}: {said}" if name else said


def caption_of(ready: Swarms) -> str:
    """Return the line beneath the heading."""
    recipe = ready.recipe
    if recipe.caption is not None:
        return one_line(recipe.caption)
    parts = [rule_words(ready.panels[0].rule)] if len(ready.panels) == 1 else []
    parts += run_words(recipe)
    if recipe.origin is not None:
        at = ", ".join(f"{one:g}" for one in recipe.origin).replace("-", "\N{MINUS SIGN}")
        parts.append(f"released within {recipe.spread:.3g} of ({at})")
    if recipe.density:
        parts.append(
            "their density over time; dashed: that of theory, exp(\N{MINUS SIGN}loss/T)"
            if ready.panels[0].theory is not None
            else "their density over time"
        )
    elif ready.noisy:
        parts.append("colour: the hollow of its last step")
    else:
        parts.append("colour: where it will end")
    return "; ".join(parts)


def heading_of_legend(ready: Swarms) -> tuple[str, str]:
    """Return what stands above the places and above the shares."""
    return ("hollow", "are there") if ready.noisy else ("ends at", "arrived")
