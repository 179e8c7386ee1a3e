"""The page of losses along lines: medians with bands, accuracies beneath, a legend at the right."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.drawing.trail import TrailStyle, trail_styles
from landscape.errors import LandscapeError
from landscape.pictures.endings import said_of_ends
from landscape.pictures.plane_axes import set_log_ticks
from landscape.pictures.profile import Curve, Profiles, highest_between
from landscape.pictures.ready import Drawing
from landscape.pictures.sharp import losses_apart, rise_of, sharpest
from landscape.pictures.words import activation_label, percent, short, sizes_of
from landscape.style import parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw"]

_LEAST = 70.0  # pixels of the axes' height
_LEAST_WIDE = 200.0  # of their width: what stands above and beneath them is no shorter


def draw(ready: Profiles) -> Drawing:
    """Return the drawing of losses along lines, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    size = tuple(round(side * recipe.scale) for side in parse_size(recipe.size))
    sheet = new_sheet((size[0], size[1]), recipe.theme, _title(ready), _caption(ready))
    left, bottom, width, height = sheet.box
    unit, point = sheet.unit, sheet.point
    side = max(0.3 * width, min(340 * unit, 0.42 * width))
    ticks, foot = 78 * unit, 60 * unit
    wide, tall = width - side - ticks - 30 * unit, height - foot - 30 * unit
    classified = bool(np.isfinite(ready.curves[0].profile.accuracy).any())
    lower = 0.3 * tall if classified else 0.0
    gap = 44 * unit if classified else 0.0
    if wide < _LEAST_WIDE or tall - lower - gap < _LEAST:
        raise LandscapeError(
            f"a picture of {size[0]}x{size[1]} has no room for a profile: take a larger one, "
            "such as 640x400"
        )
    x = left + ticks
    upper = sheet.axes((x, bottom + foot + lower + gap, wide, tall - lower - gap))
    styles = trail_styles([f"curve {k}" for k in range(len(ready.curves))], sheet.theme, point)
    _draw_losses(sheet, upper, ready, styles)
    axes = upper
    if classified:
        axes = sheet.axes((x, bottom + foot, wide, lower))
        _draw_accuracies(sheet, axes, ready, styles)
        upper.tick_params(labelbottom=False)
    label = ready.curves[0].profile.label
    if recipe.along == "random" and recipe.normalise == "filter":
        label = "distance, in lengths of each neuron's weights"
    axes.set_xlabel(label, fontsize=19 * point, color=sheet.theme.faint, labelpad=3 * point)
    fit(axes.xaxis.label, wide + ticks, least=0.5)
    top = bottom + height
    found = sharpest(ready.curves)
    row = min((92 if found is None else 117) * unit, height / len(ready.curves))
    for k, (curve, style) in enumerate(zip(ready.curves, styles, strict=True)):
        more = [found.told] if found is not None and found.first is curve else []
        _entry(sheet, curve, style, (left + width - side, top - k * row, side, row), more)
    theme = sheet.theme
    return Drawing(sheet.figure, [], lambda k: None, [theme.ground, theme.ink, *theme.trails])


def _style(sheet: Sheet, axes: Axes, said: str) -> None:
    point, theme = sheet.point, sheet.theme
    axes.grid(visible=True, color=theme.faint, alpha=0.25, linewidth=0.8 * point)
    axes.set_title(said, loc="left", fontsize=18 * point, color=theme.faint, pad=6 * point)
    fit(axes._left_title, axes.bbox.width, least=0.5)  # type: ignore[attr-defined]


def _draw_losses(sheet: Sheet, axes: Axes, ready: Profiles, styles: list[TrailStyle]) -> None:
    recipe, ends = ready.recipe, []
    for curve, style in zip(ready.curves, styles, strict=True):
        profile = curve.profile
        low, high = profile.band()
        _band(axes, profile.ts, low, high, style)
        looks: dict[str, Any] = {"color": style.color, "linewidth": 1.2 * style.width}
        axes.plot(profile.ts, profile.median, zorder=3, **looks)
        ends += [low, high, profile.median]
    values = np.array(list(chain.from_iterable(ends)))
    good = values[np.isfinite(values) & (values > 0)]
    ts = ready.curves[0].profile.ts
    axes.set_xlim(ts[0], ts[-1])
    most = recipe.top or (float(good.max()) if good.size else 1.0)
    if good.size and most <= good.min():
        raise LandscapeError(f"top must be above the lowest loss, {good.min():.4g}: {most:g} came")
    if recipe.axis == "linear":
        axes.set_ylim(0, 1.05 * most)
    elif good.size:
        axes.set_ylim(good.min() / 1.5, most * 1.5)
        set_log_ticks(axes, 6)
    said = "training loss"
    if recipe.along == "random":
        said += f": median and tenth to ninetieth percentile of {recipe.repeats} directions"
        for side in (-recipe.radius, recipe.radius):
            if abs(side) <= recipe.reach:
                axes.axvline(
                    side, color=sheet.theme.faint, linewidth=1.4 * sheet.point, ls=(0, (4, 3))
                )
    else:
        for end in (0.0, 1.0):
            axes.axvline(end, color=sheet.theme.faint, linewidth=1.4 * sheet.point, ls=(0, (4, 3)))
    _style(sheet, axes, said)


def _draw_accuracies(sheet: Sheet, axes: Axes, ready: Profiles, styles: list[TrailStyle]) -> None:
    for curve, style in zip(ready.curves, styles, strict=True):
        profile = curve.profile
        low, high = np.quantile(profile.accuracy, (0.1, 0.9), axis=0)
        _band(axes, profile.ts, low, high, style)
        median = np.median(profile.accuracy, axis=0)
        axes.plot(profile.ts, median, color=style.color, linewidth=1.2 * style.width, zorder=3)
    ts = ready.curves[0].profile.ts
    axes.set(xlim=(ts[0], ts[-1]), ylim=(0, 1.04))
    axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    _style(sheet, axes, "training accuracy")


def _band(axes: Axes, ts: Any, low: Any, high: Any, style: TrailStyle) -> None:
    if np.array_equal(low, high):
        return
    axes.fill_between(ts, low, high, color=style.color, alpha=0.22, linewidth=0, zorder=2)


def _entry(
    sheet: Sheet,
    curve: Curve,
    style: TrailStyle,
    box: tuple[float, float, float, float],
    more: list[str],
) -> None:
    """Write what is said of a curve: its name, its network's ends, its sharpness, and `more`."""
    x, top, width, row = box
    unit, theme = sheet.unit, sheet.theme
    scale = min(1.0, row / ((115 if more else 90) * unit))
    y = top - 16 * unit * scale
    sheet.pen.line([x, x + 40 * unit], [y, y], color=style.color, linewidth=1.4 * style.width)
    runs = curve.runs
    name = curve.title or " to ".join(run.label for run in runs)
    written = sheet.text(x + 52 * unit, y, name, 22 * scale, theme.ink, fontweight="bold")
    fit(written, width - 52 * unit, least=0.45)
    said = [f"loss {', '.join(short(float(run.train_loss[-1])) for run in runs)}"]
    tests = [float(run.test_accuracy[-1]) for run in runs]
    if np.isfinite(tests).all():
        said[0] += f", test {', '.join(percent(one) for one in tests)}"
    if curve.sharpness:
        said.append(rise_of(curve.sharpness, each=False))
    else:
        said.append(f"highest between them {short(highest_between(curve.profile))}")
    for k, line in enumerate([*said, *more]):
        lower = y - (26 + 25 * k) * unit * scale
        color = theme.ink if k else theme.faint
        fit(sheet.text(x + 52 * unit, lower, line, 17 * scale, color), width - 52 * unit, least=0.5)


def _title(ready: Profiles) -> str:
    recipe = ready.recipe
    if recipe.title is not None:
        return " ".join(recipe.title.split())
    data = ready.data.replace("_", " ")
    where = "between two solutions" if recipe.along == "line" else "around the end of training"
    if len(ready.curves) > 1:
        return f"Loss {where} on {data}"
    network = ready.curves[0].network
    return f"Loss {where} on {data}: {sizes_of(network)} {activation_label(recipe.activation)}"


def _caption(ready: Profiles) -> str:
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    ends = said_of_ends([(one.title or run.label, run) for one in ready.curves for run in one.runs])
    if recipe.along == "line":
        told = "dashed: the ends of training; the line goes on beyond them"
        return "; ".join(filter(None, (ends, told)))
    scaled = {"filter": "filter-normalised", "layer": "layer-normalised"}
    said = scaled.get(recipe.normalise, recipe.normalise)
    told = f"random {said} directions; the rise of the loss is measured at the dashed lines"
    return "; ".join(filter(None, (ends, told, losses_apart(ready.curves))))
