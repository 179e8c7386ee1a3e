"""The heading of a picture: name, formula, and beneath them what its legend does not say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.drawing.layout import Layout
from landscape.drawing.pen import DPI, fit
from landscape.drawing.text import formula_of, title_of
from landscape.formula.latex import latex
from landscape.formula.nodes import fold, number, substitute
from landscape.optimizers.schedule import find_schedule
from landscape.style import Theme
from landscape.surfaces.surface import FormulaSurface

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from landscape.prepare import Prepared
    from landscape.surfaces.surface import Surface

__all__ = ["condition_of", "conditions", "draw_heading", "heading_of"]

_LIMIT = "2/\N{GREEK SMALL LETTER LAMDA}\u2098\u2090\u2093"  # lambda max, its index as letters


def heading_of(prepared: Prepared) -> list[tuple[str, str]]:
    """Return the parts of the heading as (text, weight); empty for none."""
    recipe, surface = prepared.recipe, prepared.surface
    if recipe.title is not None:
        said = " ".join(recipe.title.split())
        return [(said, "bold")] if said else []
    parts = []
    if surface.name != "formula":
        parts.append((surface.title or title_of(surface.name), "bold"))
    formula = _common_formula([panel.surface for panel in prepared.panels])
    if formula:
        parts.append((f"${formula}$", "normal"))
    return parts or [(title_of(surface.name), "bold")]


def _common_formula(surfaces: Sequence[Surface]) -> str:
    """Return the formula of all panels; a parameter that differs among them stays a letter.

    It is empty if there is none that holds for all.
    """
    first = surfaces[0]
    if len({surface.latex for surface in surfaces}) == 1:
        return formula_of(first) if first.latex else ""
    formulas = [surface.formula for surface in surfaces if isinstance(surface, FormulaSurface)]
    if len(formulas) < len(surfaces) or len({formula.text for formula in formulas}) > 1:
        return ""
    written = formulas[0].written
    same = {
        name: number(value)
        for name, value in formulas[0].parameters.items()
        if all(formula.parameters[name] == value for formula in formulas)
    }
    return formula_of(first, latex(fold(substitute(written, same), keep=written)))


def _is_math(text: str) -> bool:
    """Return whether a heading has formulas between dollar signs that Matplotlib can set."""
    if text.count("$") < 2:
        return False
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        return False
    return True


def condition_of(surface: Surface) -> str:
    """Return what is said of a data surface's condition number, "" if it has none."""
    if not surface.examples or surface.condition is None or not math.isfinite(surface.condition):
        return ""
    return f"condition number {surface.condition:.3g}"


def _data_of(prepared: Prepared) -> list[str]:
    """Return what a model on data predicts, and from what, if all panels agree."""
    if not all(panel.surface.examples for panel in prepared.panels):
        return []
    from landscape.surfaces.data import DataSurface  # most surfaces have none

    said = set()
    for panel in prepared.panels:
        surface = panel.surface
        if not isinstance(surface, DataSurface):
            return []
        scaled = f", {surface.scaling} features" if surface.scaling != "raw" else ""
        said.add(f"{surface.target} from {' and '.join(surface.features)}{scaled}")
    return list(said) if len(said) == 1 else []


def conditions(prepared: Prepared) -> str:
    """Return what a picture without a caption must say: what the legend does not tell of paths."""
    recipe = prepared.recipe
    parts = _data_of(prepared)
    paths = prepared.panels[0].trajectories
    if len(paths) > 1 and all(path.rule is paths[0].rule for path in paths):
        said = {panel.trajectories[0].rule.describe() for panel in prepared.panels}
        told = f" ({said.pop()})" if len(said) == 1 else ""  # else the panels' titles say it
        parts.append(f"{paths[0].label}{told} from {len(paths)} starts")
    curvature = prepared.surface.largest_curvature if recipe.grid.startswith("lr=") else None
    if curvature is not None and any(path.rule.name == "gd" for path in paths):
        parts.append(f"GD is stable below {_LIMIT} = {2 / curvature:.4g}")
    if len(prepared.panels) == 1 and condition_of(prepared.surface):
        parts.append(condition_of(prepared.surface))
    several = len(paths) > len({id(path.rule) for path in paths})
    if recipe.batch is not None and (several or not recipe.legend):
        parts.append(f"gradients on {recipe.batch} examples")
    if recipe.schedule and not all(path.rule.schedule for path in prepared.trajectories):
        told = find_schedule(recipe.schedule).describe(recipe.steps)
        own = any(path.rule.schedule for path in prepared.trajectories)
        whose = " where the legend says no other" if own else ", lr0 in the legend"
        parts.append(f"learning rate: {told}{whose}")
    if recipe.noise:
        parts.append(f"noise of deviation {recipe.noise:g} on every gradient, seed {recipe.seed}")
    return "; ".join(parts)


def draw_heading(
    figure: Figure, parts: list[tuple[str, str]], caption: str, plan: Layout, theme: Theme
) -> None:
    """Draw the parts of a heading beside each other, and the caption beneath them."""
    assert plan.title is not None
    width, height = plan.size
    left, middle = plan.title
    unit = plan.unit * 72 / DPI
    room = width - left - 20 * plan.unit
    # Of several panels the step stands at the end of this line.
    line = room - (140 * plan.unit if len(plan.panels) > 1 else 0.0)
    at = left
    for text, weight in parts:
        if at > left and line - (at - left) < 60 * plan.unit:
            break
        formula = text.startswith(("$f(", "$L("))
        artist = figure.text(
            at / width,
            middle / height,
            text,
            fontsize=(27 if formula else 26) * unit,
            fontweight=weight,
            color=theme.ink,
            va="center_baseline" if not formula else "center",
            parse_math=formula or _is_math(text),
        )
        # A formula too long for the line at 55 % of its size is left out: the name stands alone.
        extent = fit(artist, left + line - at, least=0.55 if at > left else 0.4)
        if extent is None:
            if at > left:
                artist.remove()
                break
            extent = artist.get_window_extent().width
        at += extent + 26 * plan.unit
    if caption:
        artist = figure.text(
            left / width,
            (middle - 39 * plan.unit) / height,
            caption,
            fontsize=19 * unit,
            color=theme.faint,
            va="center",
            parse_math=False,
        )
        fit(artist, room, least=0.5)
