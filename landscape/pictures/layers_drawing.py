"""The page of histograms, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from landscape.drawing.histograms import Bars, said_spread
from landscape.drawing.layout import Box
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.networks.activations import ACTIVATIONS
from landscape.pictures.layers import QUANTITIES, Layers, Row, Shown, plan_layers
from landscape.pictures.ready import Drawing
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


@dataclass(frozen=True)
class _Cell:
    """One histogram on the page: its bars, the texts above it, and whether these are short."""

    bars: Bars
    told: Text
    warned: Text
    short: bool


def draw(ready: Layers) -> Drawing:
    """Return the drawing of histograms, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    times = [time_of(ready.epochs, k) if recipe.epochs else "" for k in range(ready.count)]
    longest = max(times, key=len)
    sheet = new_sheet(recipe.pixels, recipe.theme, _title(ready), _caption(ready), counter=longest)
    colors = dict(zip(QUANTITIES, (1, 2, 3), strict=True))
    # Gradients repeat what is said of the activations above them.
    warned = [name for name in recipe.quantities if name != "gradients"] or ["gradients"]
    cells = []
    left, bottom, _, height = sheet.box
    unit = sheet.unit
    columns, rows = plan_layers(recipe)
    label, head = columns[0][0] - left, 30 * unit
    for number, (x, wide) in zip(ready.rows[0].layers, columns, strict=True):
        top = bottom + height - 0.5 * head
        said = f"layer {number}" if wide > 70 * unit else str(number)
        sheet.text(x + wide / 2, top, said, 19, sheet.theme.faint, ha="center")
    summaries = []
    for row, (y, tall) in zip(ready.rows, rows, strict=True):
        box = (left, y, label - 12 * unit, tall)
        summaries.append(_draw_label(sheet, ready, row, box))
        color = sheet.theme.trails[colors[row.quantity]]
        boxes = [(x, y + 25 * unit, wide, tall - 52 * unit) for x, wide in columns]
        cells.append(_draw_row(sheet, row, boxes, color, warn=row.quantity in warned))
    sheet.moving.append(sheet.counter)

    def show(k: int) -> None:
        for row, shown, summary in zip(ready.rows, cells, summaries, strict=True):
            for one, cell in zip(row.frames[k], shown, strict=True):
                cell.bars.show(one.spread)
                cell.told.set_text(_told(one, short=cell.short))
                said = _warning(row, one, short=cell.short) if row.quantity in warned else ""
                cell.warned.set_text(said)
            summary.set_text(_summary(row, k))
        sheet.counter.set_text(times[k])

    theme = sheet.theme
    exact = [theme.ground, theme.ink, theme.faint, *theme.trails[:4]]
    return Drawing(sheet.figure, sheet.moving, show, exact)


def _draw_row(sheet: Sheet, row: Row, boxes: list[Box], color: str, *, warn: bool) -> list[_Cell]:
    unit, theme = sheet.unit, sheet.theme
    shown = [one for frame in row.frames for one in frame]
    room = boxes[0][2] + 8 * unit
    sizes = {max((_told(one) for one in shown), key=len): 17.0}
    if warn:
        sizes |= {max((_warning(row, one) for one in shown), key=len): 15.0}
    # Where they would be too small to read, the mean and some letters are left out.
    short = any(0.7 * _width(sheet, said, size) > room for said, size in sizes.items())
    longest = max((_told(one, short=short) for one in shown), key=len)
    texts = {_warning(row, one, short=short) for one in shown} if warn else {""}
    cells = []
    for box in boxes:
        axes = sheet.axes(box)
        x, y, wide, tall = box
        # The bars leave a line for what is said in the corner.
        line = 20 * unit / tall if any(texts) else 0.0
        bars = Bars(axes, row.limits, theme, color, width=4 * sheet.point, room=line)
        _ticks(axes, row.limits, unit)
        told = sheet.text(x + wide / 2, y + tall + 12 * unit, "", 17, theme.ink, ha="center")
        warned = sheet.text(x + wide / 2, y + tall, "", 15, theme.trails[0], ha="center", va="top")
        _shrink(told, longest, room)
        _shrink(warned, max(texts, key=len), room)
        cells.append(_Cell(bars, told, warned, short))
        sheet.moving += [*bars.artists, told, warned]
    return cells


def _told(shown: Shown, *, short: bool = False) -> str:
    """Return mean and standard deviation, or the latter alone."""
    said = said_spread(shown.spread)
    return f"± {said.partition(' ± ')[2]}" if short and " ± " in said else said


def _warning(row: Row, shown: Shown, *, short: bool = False) -> str:
    """Return what is wrong with a layer: units alike, dead or saturated, overflow."""
    parts = ["all alike"] if shown.alike else []
    if shown.dead:
        parts.append(f"{shown.dead} dead")
    if shown.spread.lost:
        parts.append(f"{percent(shown.spread.lost)} not finite")
    if not ACTIVATIONS[row.network.activation].kinked and shown.saturated >= 0.01:
        parts.append(f"{percent(shown.saturated)} {'sat.' if short else 'saturated'}")
    return ", ".join(parts)


def _summary(row: Row, k: int) -> str:
    """Return what is said of all layers shown of a row: dead, saturated and like units, zeros."""
    shown = row.frames[k]
    widths = [row.network.sizes[layer] for layer in row.layers]
    units, dead = sum(widths), sum(one.dead for one in shown)
    lines = ["all units alike"] if all(one.alike for one in shown) else []
    if ACTIVATIONS[row.network.activation].closes:
        lines.append(f"{dead} of {units} dead")
    pairs = list(zip(widths, shown, strict=True))
    if not ACTIVATIONS[row.network.activation].kinked:
        lines.append(f"{percent(sum(w * one.saturated for w, one in pairs) / units)} saturated")
    zero = sum(w * one.spread.zero for w, one in pairs) / units
    if 0 < zero < 1:
        lines.append(f"{percent(zero)} zeros")
    return "\n".join(lines)


def _draw_label(sheet: Sheet, ready: Layers, row: Row, box: Box) -> Text:
    """Write what a row shows at its left; return the text of its summary."""
    left, bottom, width, height = box
    recipe = ready.recipe
    bold, plain = [], []
    if len(recipe.activations) > 1:
        bold.append(activation_label(row.network.activation))
    if len(recipe.inits) > 1:
        label, options = init_label(row.init)
        bold.append(label)
        plain += [options] if options else []
    if len(recipe.quantities) > 1 or not bold:
        (plain if bold else bold).append(QUANTITIES[row.quantity])
    longest = max((_summary(row, k) for k in range(len(row.frames))), key=lambda s: s.count("\n"))
    needed = 27 * len(bold) + 24 * len(plain) + 21 * (1 + longest.count("\n"))
    unit = min(sheet.unit, height / needed)
    size = unit / sheet.unit
    y = bottom + height / 2 + 0.5 * needed * unit
    for said, heavy in [(said, True) for said in bold] + [(said, False) for said in plain]:
        text = sheet.text(
            left,
            y,
            said,
            (21 if heavy else 18) * size,
            sheet.theme.ink,
            fontweight="bold" if heavy else "normal",
            va="top",
        )
        fit(text, width, least=0.5)
        y -= (27 if heavy else 24) * unit
    summary = sheet.text(left, y, "", 16 * size, sheet.theme.faint, va="top", linespacing=1.15)
    _shrink(summary, "999 of 999 dead", width)
    sheet.moving.append(summary)
    return summary


def _ticks(axes: Axes, limits: tuple[float, float], unit: float) -> None:
    """Label 0 and one number on each side of it that has room."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

    low, high = limits
    step = MaxNLocator(nbins=2, steps=[1, 2, 5, 10]).tick_values(0, high)
    end = float(max(value for value in step if value <= high * 1.001))
    places = [end, 0.0] if low >= -0.3 * high else [-end, 0.0, end]
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    axes.tick_params(labelsize=15 * unit * 72 / 100, length=4 * unit, pad=2 * unit)
    _keep_inside(axes)
    for fewer in ([0.0, end], [end]):
        boxes = sorted((t.get_window_extent() for t in axes.get_xticklabels()), key=_left)
        if all(a.x1 + 4 * unit < b.x0 for a, b in pairwise(boxes)):
            break
        axes.xaxis.set_major_locator(FixedLocator(fewer))
        _keep_inside(axes)


def _keep_inside(axes: Axes) -> None:
    """Keep the labels at the ends within the axes: beside them are the next histogram's."""
    inside = axes.get_window_extent()
    for text in axes.get_xticklabels():
        text.set_horizontalalignment("center")
        box = text.get_window_extent()
        if box.x0 < inside.x0:
            text.set_horizontalalignment("left")
        elif box.x1 > inside.x1:
            text.set_horizontalalignment("right")


def _left(box: Any) -> float:
    return float(box.x0)


def _tick(value: float) -> str:
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e4:
        return f"{value:g}".replace("-", "\N{MINUS SIGN}")
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "\N{MINUS SIGN}")


def _width(sheet: Sheet, said: str, size: float) -> float:
    """Return how many pixels wide a text of this size is."""
    text = sheet.text(0, 0, said, size, sheet.theme.ink)
    width = float(text.get_window_extent().width)
    text.remove()
    return width


def _shrink(text: Text, longest: str, room: float) -> None:
    """Make a text that will change as small as its longest reading needs."""
    text.set_text(longest)
    fit(text, room, least=0.5)
    text.set_text("")


def _title(ready: Layers) -> str:
    recipe = ready.recipe
    if recipe.title is not None:
        return " ".join(recipe.title.split())
    parts = []
    if len(recipe.activations) == 1:
        parts.append(activation_label(recipe.activations[0]))
    if len(recipe.inits) == 1:
        label, options = init_label(recipe.inits[0])
        parts.append(f"{label} {options}".strip())
    what = (
        QUANTITIES[recipe.quantities[0]] if len(recipe.quantities) == 1 else "signals and gradients"
    )
    said = f"{what[:1].upper()}{what[1:]}, layer by layer"
    return f"{said}: {', '.join(parts)}" if parts else said


def _caption(ready: Layers) -> str:
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    first = ready.rows[0]
    parts = [f"{ready.data}, {sizes_of(first.network)}"]
    hidden = len(first.network.sizes) - 2
    if len(first.layers) < hidden:
        parts.append(f"{len(first.layers)} of {hidden} hidden layers are shown and counted")
    parts.append("mean ± standard deviation above each histogram")
    if recipe.epochs:
        parts.append(f"trained by {rule_words(recipe.optimizer)}")
    return "; ".join(parts)
