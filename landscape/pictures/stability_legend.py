"""The words above maps of settings, and the key of their colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from landscape.drawing.layout import Box
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet
from landscape.drawing.ticks import Ticks, compact, set_ticks
from landscape.pictures.plane_axes import log_ticks
from landscape.pictures.stability import Panel, Stability, StabilityRecipe
from landscape.pictures.stability_marks import mark_looks, marker_of
from landscape.pictures.stability_page import LINE, Plan
from landscape.pictures.stability_shades import Shades, late_look, left_look, lost_look
from landscape.pictures.stability_words import said_best, said_border, said_fastest, said_optimum

__all__ = ["draw_key", "lines_of", "write"]

_ROOMS = (520.0, 340.0)  # slide pixels of a panel below which its lines say less, and still less


def write(sheet: Sheet, panels: Sequence[Panel], where: Plan, recipe: StabilityRecipe) -> None:
    """Write above the maps which rules they are, their best cells, and what theory says."""
    unit, theme = sheet.unit, sheet.theme
    written = []
    for panel, box, words in zip(panels, where.maps, where.words, strict=True):
        x, y, width, height = box
        left, right = x - 60 * unit, x + width
        top = y + height + words - 17 * unit
        label = panel.rule.label or panel.rule.name
        name = sheet.text(left, top, label, 21, theme.ink, fontweight="bold")
        taken = (fit(name, right - left, least=0.4) or right - left) + 12 * unit
        if panel.rule.learning_rate is not None:
            held = sheet.text(left + taken, top, panel.rule.describe(), 17, theme.faint)
            fit(held, right - left - taken, least=0.4)
        room = (right - left) / unit
        less = sum(room < least for least in _ROOMS)
        for k, (mark, said) in enumerate(lines_of(panel, recipe, less), 1):
            at = top - k * LINE * unit
            _draw_glyph(sheet, left + 12 * unit, at, mark, panel)
            text = sheet.text(left + 36 * unit, at, said, 17, theme.ink)
            fit(text, right - left - 36 * unit, least=0.4)
            written.append(text)
    smallest = min((float(one.get_fontsize()) for one in written), default=0.0)
    for one in written:
        one.set_fontsize(smallest)


def lines_of(panel: Panel, recipe: StabilityRecipe, less: int = 0) -> list[tuple[str, str]]:
    """Return the lines above a map, each with its mark.

    Parameters: `less` is 1 for a narrow map, 2 for a very narrow one.
    """
    ranked = recipe.best and panel.held is not None
    lines = [("o", said_best(panel, recipe))] if ranked else []
    if panel.border is not None:
        lines.append(("-", said_border(panel, less)))
        if panel.border.fastest:
            lines.append((":", said_fastest(panel, less)))
    for one, rate in panel.optima:
        lines.append((marker_of(one.optimum.name), said_optimum(one, rate, less)))
    return lines


def _draw_glyph(sheet: Sheet, x: float, y: float, mark: str, panel: Panel) -> None:
    theme, point, unit = sheet.theme, sheet.point, sheet.unit
    if mark in "-:":
        dashes: Any = (0, (1, 1))
        if mark == "-":
            whole = panel.border is not None and panel.border.kind == "theory"
            dashes = "-" if whole else (0, (3, 1.5))
        sheet.pen.line(
            [x - 14 * unit, x + 14 * unit],
            [y, y],
            color=theme.ink,
            linewidth=3.0 * point,
            linestyle=dashes,
        )
        return
    for look in mark_looks(mark, 0.85 * point, theme.ink, theme.ground):
        sheet.pen.line([x], [y], marker=mark, linestyle="none", **look)


def draw_key(sheet: Sheet, box: Box, ready: Stability, shades: Shades) -> None:
    """Draw the scale of colours beneath the maps, and what the other cells are."""
    left, bottom, width, height = box
    unit, recipe = sheet.unit, ready.recipe
    middle = bottom + height - 36 * unit
    thick = 18 * unit
    over = "" if len(recipe.starts) == 1 else f"{recipe.average} "
    if shades.metric == "steps":
        said = f"{over}steps until arrived"
    else:
        above = f" above the {'minimum' if shades.known else 'lowest'}" if shades.zero else ""
        said = f"{over}loss{above} after {ready.setting.steps} steps"
    swatches: list[tuple[str, dict[str, Any]]] = []
    if any((lost & ~gone).any() for lost, gone in zip(shades.lost, shades.gone, strict=True)):
        swatches.append(("diverged", lost_look(sheet)))
    if any(one.any() for one in shades.gone):
        swatches.append(("left the domain", left_look(sheet)))
    if any(one.any() for one in shades.late):
        swatches.append((f"not there after {ready.setting.steps}", late_look(sheet)))
    x = left
    if shades.any:
        few = len(swatches) < 2
        bar = (left, middle, (0.3 if few else 0.24) * width, thick)
        share = 0.36 if few else 0.24 if width > 700 * unit else 0.3
        x = _draw_bar(sheet, bar, said, shades, share * width)
    _draw_swatches(sheet, (x, middle, left + width - x, thick), swatches)


def _draw_bar(sheet: Sheet, box: Box, said: str, shades: Shades, room: float) -> float:
    """Draw the scale of colours with its name; return where the next thing stands.

    Parameters: `box` is where the name begins, the bar's middle line, length and thickness;
    `room`, the length of the name at most.
    """
    left, middle, bar, thick = box
    unit, theme, point = sheet.unit, sheet.theme, sheet.point
    label = sheet.text(left, middle, said, 17, theme.ink)
    x = left + (fit(label, room, least=0.4) or room) + 14 * unit
    axes = sheet.axes((x, middle - thick / 2, bar, thick))
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.imshow(
        shades.colors(np.linspace(0, 1, 256))[None], extent=(0, 1, 0, 1), aspect="auto", zorder=1
    )
    axes.set_yticks([])
    ticks = log_ticks(shades.low, shades.high, max(2, int(bar / (95 * unit))))
    span = math.log(shades.high / shades.low)
    places = tuple(math.log(one / shades.low) / span for one in ticks.places)
    set_ticks(axes.xaxis, Ticks(places, tuple(compact(one) for one in ticks.places)))
    axes.set_xlim(0, 1)
    axes.tick_params(labelsize=15 * point, length=3 * point, pad=2 * point)
    return float(x + bar + 34 * unit)


def _draw_swatches(sheet: Sheet, box: Box, swatches: list[tuple[str, dict[str, Any]]]) -> None:
    """Draw what the cells are that have no colour of the scale, side by side."""
    from matplotlib.patches import Rectangle

    x, middle, room, thick = box
    unit = sheet.unit
    each = min(room / max(1, len(swatches)), 290 * unit)
    for k, (word, look) in enumerate(swatches):
        at = x + k * each
        sheet.figure.add_artist(
            Rectangle(
                (at / sheet.pen.width, (middle - thick / 2) / sheet.pen.height),
                34 * unit / sheet.pen.width,
                thick / sheet.pen.height,
                **look,
            )
        )
        written = sheet.text(at + 42 * unit, middle, word, 17, sheet.theme.ink)
        fit(written, each - 52 * unit, least=0.4)
