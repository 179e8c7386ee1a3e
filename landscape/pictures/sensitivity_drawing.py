"""The page of losses against learning rates: a line for each rule, a legend beside or beneath."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.layout import Box
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.drawing.ticks import Ticks, compact, set_ticks
from landscape.drawing.trail import TrailStyle, exit_parts, trail_styles
from landscape.maps.stability import SOLVED
from landscape.pictures.heading_words import one_line, run_words, start_words, surface_words
from landscape.pictures.plane_axes import log_ticks
from landscape.pictures.ready import Drawing
from landscape.pictures.sensitivity import Curve, Sensitivity, said_best
from landscape.pictures.sensitivity_page import INDENT, LINE, note_lines, plan
from landscape.style import parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["draw"]

# Losses this much smaller than the largest one are alike to the search, and the axis ends there.
_DEEPEST = SOLVED
# Where nobody knows the minimum, losses are shown above the lowest one down to this share.
_ABOVE_LOWEST = 1e-3


def draw(ready: Sensitivity) -> Drawing:
    """Return the drawing of losses against rates, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    size = tuple(round(side * recipe.scale) for side in parse_size(recipe.size))
    where = plan(recipe, len(ready.curves))
    sheet = new_sheet((size[0], size[1]), recipe.theme, _title(ready), _caption(ready))
    styles = trail_styles([one.rule.name for one in ready.curves], sheet.theme, sheet.point)
    axes = sheet.axes(where.axes)
    _draw_curves(sheet, axes, ready, styles)
    sizes = []
    for curve, style, box in zip(ready.curves, styles, where.entries, strict=True):
        sizes += _entry(sheet, curve, style, box)
    for said in sizes:  # all as small as the longest of them
        said.set_fontsize(min(float(one.get_fontsize()) for one in sizes))
    _write_note(sheet, ready.budget.settings, where.note)
    theme = sheet.theme
    return Drawing(sheet.figure, [], lambda k: None, [theme.ground, theme.ink, *theme.trails])


def _draw_curves(sheet: Sheet, axes: Axes, ready: Sensitivity, styles: list[TrailStyle]) -> None:
    recipe, point, theme = ready.recipe, sheet.point, sheet.theme
    zero = _zero(ready)
    low, high = _limits(ready, zero)
    axes.set_xscale("log")
    axes.set_yscale("log")
    several = len(ready.setting.starts) > 1
    for curve, style in zip(ready.curves, styles, strict=True):
        rates = curve.rates
        looks: dict[str, Any] = {"color": style.color, "zorder": 3, "solid_capstyle": "round"}
        lower, upper, line, raw = (
            np.where(np.isfinite(one), np.clip(one - zero, low, None), np.nan)
            for one in (curve.low, curve.high, curve.loss, curve.raw)
        )
        if recipe.band and several:
            # Where some of the starts are lost there is no upper end: the line is.
            top = np.where(np.isfinite(upper), upper, line)
            axes.fill_between(
                rates, lower, top, color=style.color, alpha=0.12, linewidth=0, zorder=2
            )
        axes.plot(rates, raw, linewidth=0.5 * style.width, **looks)
        axes.plot(rates, line, linewidth=1.35 * style.width, **looks)
        _draw_end(axes, curve, raw, high, style)
    for curve, style in zip(ready.curves, styles, strict=True):
        shown = curve.rates[0] <= curve.best <= curve.rates[-1]
        if recipe.best and shown and math.isfinite(curve.least):
            axes.plot(
                [curve.best],
                [min(max(curve.least - zero, low), high)],
                marker=style.marker,
                linestyle="none",
                color=style.color,
                markersize=1.1 * style.head,
                markeredgecolor=theme.ink,
                markeredgewidth=0.12 * style.head,
                clip_on=False,
                zorder=6,
            )
    axes.set_xlim(ready.curves[0].rates[0], ready.curves[0].rates[-1])
    axes.set_ylim(low, high)
    axes.minorticks_off()
    letter = 17 * sheet.unit
    for axis, ends, room in (
        (axes.xaxis, axes.get_xlim(), axes.bbox.width / (4.2 * letter)),
        (axes.yaxis, axes.get_ylim(), axes.bbox.height / (2.6 * letter)),
    ):
        ticks = log_ticks(*ends, max(2, min(9, int(room))))
        set_ticks(axis, Ticks(ticks.places, tuple(compact(one) for one in ticks.places)))
    axes.grid(visible=True, color=theme.faint, alpha=0.22, linewidth=0.8 * point)
    axes.set_axisbelow(True)
    axes.set_xlabel("learning rate lr", fontsize=19 * point, color=theme.ink, labelpad=2 * point)
    where = "minimum" if ready.setting.surface.minima else "lowest"
    above = f" above the {where}" if zero else ""
    said = f"loss{above} after {ready.setting.steps} steps"
    axes.set_ylabel(said, fontsize=19 * point, color=theme.ink, labelpad=3 * point)
    label = axes.yaxis.label
    tall = label.get_window_extent().height
    if tall > axes.bbox.height:
        label.set_fontsize(float(label.get_fontsize()) * max(0.6, axes.bbox.height / tall))


def _draw_end(axes: Axes, curve: Curve, raw: Array, high: float, style: TrailStyle) -> None:
    """Draw where a line ends as the rule diverges: a line up to the edge, the mark of lost paths.

    A single rate beyond it, or in a gap, from which the rule comes back is a dot.
    """
    good = np.isfinite(raw)
    beside = np.append(good[1:], False) | np.append(False, good[:-1])
    axes.plot(
        curve.rates[good & ~beside],
        raw[good & ~beside],
        marker="o",
        linestyle="none",
        color=style.color,
        markersize=1.8 * style.width,
        markeredgewidth=0,
        zorder=3,
    )
    drawn = np.flatnonzero(good & beside)
    if not drawn.size or drawn[-1] + 1 >= len(raw):
        return
    last = int(drawn[-1])
    rate = math.sqrt(curve.rates[last] * curve.rates[last + 1])
    axes.plot(
        [curve.rates[last], rate, rate],
        [raw[last], raw[last], high],
        color=style.color,
        linewidth=0.5 * style.width,
        linestyle=(0, (2, 2)),
        zorder=2.5,
    )
    for marker, size, edge in exit_parts(0.9 * style.head):
        axes.plot(
            [rate],
            [high],
            marker=marker,
            linestyle="none",
            color=style.color,
            markersize=size,
            markeredgecolor=style.edge,
            markeredgewidth=edge,
            clip_on=False,
            zorder=5,
        )


def _zero(ready: Sensitivity) -> float:
    """Return the loss that the axis counts from: the lowest minimum's, or else the lowest loss."""
    minima = ready.setting.surface.minima
    # Outside the domain losses may fall without end: they do not count.
    values = [float(one) for curve in ready.curves for one in (*curve.loss, curve.least)]
    least = min((one for one in values if math.isfinite(one)), default=0.0)
    known = minima[0].value if minima else math.inf
    return known if least >= known - 1e-9 * abs(known) else least


def _limits(ready: Sensitivity, zero: float) -> tuple[float, float]:
    first = [ready.setting.surface.value_at(*start) - zero for start in ready.setting.starts]
    high = 3.0 * max([*first, 1e-300])
    losses = np.concatenate(
        [one.loss[np.isfinite(one.loss)] - zero for one in ready.curves] + [np.array([high / 3])]
    )
    tuned = [one.least - zero for one in ready.curves if math.isfinite(one.least)]
    good = [*losses[losses > 0].tolist(), *(one for one in tuned if one > 0)]
    deepest = _DEEPEST if ready.setting.surface.minima else _ABOVE_LOWEST
    return max(min(good) / 3, deepest * high), high


def _entry(sheet: Sheet, curve: Curve, style: TrailStyle, box: Box) -> list[Any]:
    """Write a rule's name and its best rate beside its line; return the lesser text."""
    x, y, width, height = box
    unit, theme = sheet.unit, sheet.theme
    top = y + height - 16 * unit
    sheet.pen.line(
        [x + 20 * unit],
        [top],
        color=style.color,
        marker=style.marker,
        markersize=0.9 * style.head,
        markeredgecolor=theme.ink,
        markeredgewidth=0.1 * style.head,
        zorder=5,
    )
    sheet.pen.line([x, x + 40 * unit], [top, top], color=style.color, linewidth=1.35 * style.width)
    left, room = x + INDENT * unit, width - INDENT * unit
    label = curve.rule.label or curve.rule.name
    name = sheet.text(left, top, label, 21, theme.ink, fontweight="bold")
    taken = (fit(name, room, least=0.45) or room) + 10 * unit
    held = ", ".join(
        part for part in curve.rule.describe().split(", ") if not part.startswith("lr ")
    )
    if held and room - taken > 60 * unit:
        fit(sheet.text(left + taken, top, held, 16, theme.faint), room - taken, least=0.5)
    said = sheet.text(left, top - 27 * unit, said_best(curve), 17, theme.ink)
    fit(said, room, least=0.45)
    return [said]


def _write_note(sheet: Sheet, settings: int, box: Box) -> None:
    x, y, width, height = box
    unit = sheet.unit
    lines = note_lines(width / unit, settings)
    found = [
        sheet.text(
            x + INDENT * unit, y + height - (k + 0.8) * LINE * unit, line, 16, sheet.theme.faint
        )
        for k, line in enumerate(lines)
    ]
    for one in found:
        fit(one, width - INDENT * unit, least=0.45)
    for one in found:
        one.set_fontsize(min(float(two.get_fontsize()) for two in found))


def _title(ready: Sensitivity) -> str:
    recipe = ready.recipe
    if recipe.title is not None:
        return one_line(recipe.title)
    return f"How much the learning rate matters on {surface_words(ready.setting.surface)}"


def _caption(ready: Sensitivity) -> str:
    recipe = ready.recipe
    if recipe.caption is not None:
        return one_line(recipe.caption)
    starts = ready.setting.starts
    said = f"{ready.setting.steps} steps from {start_words(starts)}"
    if len(starts) > 1:
        said += f": {recipe.average}"
        said += ", 10 to 90 %" if recipe.band else ""
    return "; ".join([said, *run_words(recipe), "thin: leaves the domain", "cross: diverges"])
