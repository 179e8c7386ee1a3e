"""The page of the good range: an activation above, the pre-activations of each layer beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.drawing.good_range import Ridges, good_intervals, good_range, in_good_range, shade
from landscape.drawing.layout import Box
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.pictures.ready import Drawing
from landscape.pictures.units import BINS, Units, UnitsPanel, plan_units
from landscape.pictures.words import (
    activation_label,
    init_label,
    percent,
    rule_words,
    sizes_of,
    time_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = ["draw"]

_PILE = 0.02  # the share in a bar at the edge that has to be explained


@dataclass(frozen=True)
class _Drawn:
    """What changes in one panel."""

    ridges: Ridges
    total: Text
    shares: tuple[Text, ...]


def draw(ready: Units) -> Drawing:
    """Return the drawing of the good range, within `picture_style`.

    Raises LandscapeError if the picture is too small for it.
    """
    recipe = ready.recipe
    times = [time_of(ready.epochs, k) if recipe.epochs else "" for k in range(ready.count)]
    longest = max(times, key=len)
    sheet = new_sheet(recipe.pixels, recipe.theme, _title(ready), _caption(ready), counter=longest)
    unit = sheet.unit
    _, bottom, _, height = sheet.box
    columns, lower = plan_units(recipe)
    names = 62 * unit
    drawn = []
    for k, (panel, (x, wide)) in enumerate(zip(ready.panels, columns, strict=True)):
        _head(sheet, ready, panel, (x, bottom + height - names, wide, names))
        foot = bottom + 30 * unit
        ridges = (x, foot, wide, lower - 30 * unit)
        above = (x, bottom + lower + 8 * unit, wide, height - names - lower - 12 * unit)
        drawn.append(_draw_panel(sheet, ready, panel, ridges, above, first=k == 0))
    sheet.moving.append(sheet.counter)

    def show(k: int) -> None:
        for panel, one in zip(ready.panels, drawn, strict=True):
            at = min(k, len(panel.frames) - 1)
            one.ridges.show([ridge.spread for ridge in panel.frames[at]])
            one.total.set_text(f"{percent(panel.good[at])} in the good range")
            for ridge, text in zip(panel.frames[at], one.shares, strict=True):
                text.set_text(percent(ridge.good))
        sheet.counter.set_text(times[k])

    theme = sheet.theme
    exact = [theme.ground, theme.ink, theme.faint, theme.trails[0], theme.trails[2]]
    return Drawing(sheet.figure, sheet.moving, show, exact)


def _head(sheet: Sheet, ready: Units, panel: UnitsPanel, box: Box) -> None:
    left, bottom, width, height = box
    recipe = ready.recipe
    label, options = init_label(panel.init)
    said = f"{label} {options}".strip()
    if len(recipe.activations) > 1:
        said = f"{activation_label(panel.network.activation)}, {said}"
    name = sheet.text(
        left + width / 2,
        bottom + height - 16 * sheet.unit,
        said,
        22,
        sheet.theme.ink,
        ha="center",
        fontweight="bold",
    )
    fit(name, width, least=0.5)


def _draw_panel(
    sheet: Sheet, ready: Units, panel: UnitsPanel, lower: Box, upper: Box, *, first: bool
) -> _Drawn:
    unit, theme, share = sheet.unit, sheet.theme, ready.recipe.share
    kind, reach = panel.network.activation, panel.reach
    above = sheet.axes(upper)
    good_range(
        kind,
        above,
        share=share,
        reach=reach,
        theme=theme,
        width=3.2 * sheet.point,
        labels=False,
    )
    several = len(ready.recipe.activations) > 1
    _style_curves(above, reach, unit, numbered=first or several)
    if first or several:
        _name_curves(sheet, above, kind)
    below = sheet.axes(lower)
    ridges = Ridges(
        below,
        len(panel.layers),
        (-reach, reach),
        theme,
        bins=BINS,
        width=3.5 * sheet.point,
        zeros_good=bool(in_good_range(0.0, kind, share)),
    )
    shade(below, good_intervals(kind, share, (-reach, reach)), theme)
    below.spines["left"].set_visible(False)
    below.set_xticks([-reach / 2, 0, reach / 2])
    below.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace("-", "\N{MINUS SIGN}"))
    left, bottom, width, height = lower
    step = height / len(panel.layers)
    shares = []
    size = min(17.0, 0.8 * step / unit)
    for k, number in enumerate(panel.layers):
        y = bottom + height - (k + 0.5) * step
        if first:
            sheet.text(left - 8 * unit, y, f"layer {number}", size, theme.ink, ha="right")
        text = sheet.text(left + width - 14 * unit, y, "", size, theme.ink, ha="right")
        shares.append(text)
    total = sheet.text(
        left + width / 2,
        upper[1] + upper[3] + 16 * unit,
        "100 % in the good range",
        19,
        theme.ink,
        ha="center",
    )
    fit(total, width, least=0.5)
    sheet.moving += [*ridges.artists, total, *shares]
    return _Drawn(ridges, total, tuple(shares))


def _style_curves(axes: Axes, reach: float, unit: float, *, numbered: bool) -> None:
    from matplotlib.ticker import MaxNLocator, NullFormatter

    axes.set_xticks([-reach / 2, 0, reach / 2])
    axes.xaxis.set_major_formatter(NullFormatter())
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    axes.grid(visible=True, axis="y", alpha=0.3, linewidth=0.8 * unit)
    if not numbered:
        axes.yaxis.set_major_formatter(NullFormatter())


def _name_curves(sheet: Sheet, axes: Axes, kind: str) -> None:
    """Write the names of the two curves above their left half, where both are low."""
    theme, unit = sheet.theme, sheet.unit
    box = axes.get_window_extent()
    x, y = float(box.x0) + 8 * unit, float(box.y1) - 14 * unit
    for said, color in ((activation_label(kind), theme.ink), ("derivative", theme.trails[0])):
        text = sheet.text(x, y, said, 18, color, fontweight="bold")
        fit(text, 0.44 * float(box.width), least=0.6)
        y -= 24 * unit


def _title(ready: Units) -> str:
    recipe = ready.recipe
    if recipe.title is not None:
        return " ".join(recipe.title.split())
    said = "The good range"
    if len(recipe.activations) == 1:
        said += f" of {activation_label(recipe.activations[0])}"
    return f"{said}: where the derivative is large and units learn"


def _caption(ready: Units) -> str:
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    first = ready.panels[0]
    hidden = len(first.network.sizes) - 2
    some = f", {len(first.layers)} of {hidden} layers" if len(first.layers) < hidden else ""
    parts = [
        f"pre-activations of {ready.data} in {sizes_of(first.network)}{some}",
        f"shaded: f\N{PRIME} at least {percent(recipe.share)} of its largest value",
    ]
    ridges = [ridge.spread for panel in ready.panels for k in panel.frames for ridge in k]
    if any(max(one.heights[0], one.heights[-1]) > _PILE for one in ridges):
        parts.append("bars at the edges hold what lies beyond")
    if recipe.epochs:
        parts.append(f"trained by {rule_words(recipe.optimizer)}")
    return "; ".join(parts)
