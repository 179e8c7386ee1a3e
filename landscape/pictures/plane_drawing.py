"""The page of planes: contours with the paths on them, and how far the paths are from the plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.contour import contour, fill_colors
from landscape.drawing.layout import Box
from landscape.drawing.levels import choose_levels
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet, split
from landscape.drawing.text import format_level
from landscape.drawing.trail import TrailStyle, trail_styles
from landscape.errors import LandscapeError
from landscape.pictures.plane_words import caption_of, rule_of, title_of
from landscape.pictures.ready import Drawing
from landscape.pictures.sharp import ordering, rise_of
from landscape.pictures.words import percent, short, time_of
from landscape.style import parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from landscape.pictures.plane import Plane, PlanePanel
    from landscape.planes.curvature_map import CurvatureMap
    from landscape.planes.projection import ProjectedPath
    from landscape.style import Theme

    Array = NDArray[Any]

__all__ = ["draw_plane"]

Show = Callable[[int], None]
_LEAST = 90.0  # pixels of the axes, either way
_STRIP_NAMES = {
    "loss": "loss: true (line), of the plane (dots)",
    "off": "distance from the plane / reach of the path",
}


def draw_plane(ready: Plane) -> Drawing:
    """Return the drawing of planes, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    size = tuple(round(side * recipe.scale) for side in parse_size(recipe.size))
    times = [time_of(ready.epochs, k) for k in range(ready.count)]
    alone = len(ready.panels) == 1
    counter = max(times, key=len) if alone else ""
    sheet = new_sheet(
        (size[0], size[1]), recipe.theme, title_of(ready), caption_of(ready), counter=counter
    )
    levels = _levels(ready)
    shows = _draw_alone(sheet, ready, levels) if alone else _draw_beside(sheet, ready, levels)
    if alone:
        sheet.moving.append(sheet.counter)

    def show(k: int) -> None:
        for one in shows:
            one(k)
        if alone:
            sheet.counter.set_text(times[k])

    theme = sheet.theme
    runs = len(ready.panels[0].runs)
    exact = [theme.ground, theme.ink, theme.faint, *theme.trails[:runs]]
    return Drawing(sheet.figure, sheet.moving, show, exact)


def _levels(ready: Plane) -> Array:
    """Return the levels of all panels; what is above the recipe's top is in the last step."""
    recipe, found = ready.recipe, []
    for panel in ready.panels:
        grid = panel.plane.computed()
        found.append((grid.loss if panel.plane.metric.endswith("loss") else grid.accuracy).ravel())
    values = np.concatenate(found)
    kind = recipe.levels if recipe.levels != "auto" else ready.panels[0].plane.scale
    finite = values[np.isfinite(values)]
    if not recipe.top or not finite.size or finite.max() <= recipe.top:
        return choose_levels(values, kind, recipe.count)
    if recipe.top <= finite.min():
        raise LandscapeError(
            f"top must be above the lowest value, {finite.min():.4g}: {recipe.top:g} came"
        )
    below = choose_levels(np.append(finite[finite < recipe.top], recipe.top), kind, recipe.count)
    return np.append(below, finite.max())


def _draw_alone(sheet: Sheet, ready: Plane, levels: Array) -> list[Show]:
    """Draw one plane, and at its right legend, curves and the key of its colours."""
    panel, recipe = ready.panels[0], ready.recipe
    left, bottom, width, height = sheet.box
    unit = sheet.unit
    side = max(0.34 * width, min(390 * unit, 0.45 * width))
    ticks = (62 * unit, 54 * unit)
    box = (left + ticks[0], bottom + ticks[1], width - side - ticks[0] - 24 * unit, height)
    box = (*box[:3], height - ticks[1] - 4 * unit)
    styles = trail_styles([run.rule.split(":")[0] for run in panel.runs], sheet.theme, sheet.point)
    shows = _draw_surface(sheet, ready, panel, box, levels, styles)
    x, y, top = left + width - side, bottom, bottom + height
    row = min(60 * unit, 0.42 * height / len(panel.runs))
    shows += [
        _entry(sheet, panel, k, style, (x, top - k * row, side, row))
        for k, style in enumerate(styles)
    ]
    top -= len(styles) * row
    _draw_key(sheet, panel, levels, recipe.top, (x, y, side, 44 * unit))
    y += (80 if panel.curvature is not None else 58) * unit
    strips = split(y, top - y, max(1, len(recipe.curves)), 0.0)[::-1]
    for kind, (foot, tall) in zip(recipe.curves, strips, strict=False):
        last = kind == recipe.curves[-1]
        under = (40 if last else 14) * unit
        place = (x + 52 * unit, foot + under, side - 58 * unit, tall - under - 42 * unit)
        if place[3] >= 0.35 * _LEAST:
            shows += _draw_strip(sheet, ready, kind, place, styles, last=last)
    return shows


def _draw_beside(sheet: Sheet, ready: Plane, levels: Array) -> list[Show]:
    """Draw several planes side by side with the same levels, each with its numbers beneath."""
    left, bottom, width, height = sheet.box
    unit = sheet.unit
    _draw_key(
        sheet,
        ready.panels[0],
        levels,
        ready.recipe.top,
        (left + 0.5 * width, bottom, 0.5 * width, 44 * unit),
    )
    told = sheet.text(left, bottom + 18 * unit, ordering(ready.panels), 19, sheet.theme.ink)
    fit(told, 0.47 * width, least=0.5)
    foot, head = bottom + 58 * unit, 34 * unit
    measured = any(panel.sharpness for panel in ready.panels)
    lines = (60 if measured else 30) * unit
    ticks = 50 * unit
    shows: list[Show] = []
    for panel, (x, wide) in zip(
        ready.panels, split(left, width, len(ready.panels), 16 * unit), strict=True
    ):
        y = foot + lines + 32 * unit
        box = (x + ticks, y, wide - ticks, bottom + height - head - y)
        side = min(box[2], box[3])
        box = (box[0] + (box[2] - side) / 2, box[1] + box[3] - side, side, side)
        styles = trail_styles(
            [run.rule.split(":")[0] for run in panel.runs], sheet.theme, sheet.point
        )
        shows += _draw_surface(sheet, ready, panel, box, levels, styles, named=False)
        middle = box[0] + side / 2
        name = sheet.text(
            middle,
            bottom + height - 0.5 * head,
            panel.title,
            23,
            sheet.theme.ink,
            ha="center",
            fontweight="bold",
        )
        fit(name, wide, least=0.5)
        end = panel.runs[0]
        said = [f"loss {short(float(end.train_loss[-1]))}", *_accuracies(panel)]
        lower = box[1] - 52 * unit
        texts = [", ".join(said), *([rise_of(panel.sharpness)] if measured else [])]
        for k, one in enumerate(texts):
            color = sheet.theme.ink if k else sheet.theme.faint
            written = sheet.text(middle, lower - 28 * k * unit, one, 18, color, ha="center")
            fit(written, wide, least=0.5)
    return shows


def _accuracies(panel: PlanePanel) -> list[str]:
    run = panel.runs[0]
    parts = []
    if np.isfinite(run.train_accuracy[-1]):
        parts.append(f"accuracy {percent(float(run.train_accuracy[-1]))}")
    if np.isfinite(run.test_accuracy[-1]):
        parts.append(f"test {percent(float(run.test_accuracy[-1]))}")
    return parts


def _draw_surface(
    sheet: Sheet,
    ready: Plane,
    panel: PlanePanel,
    box: Box,
    levels: Array,
    styles: list[TrailStyle],
    *,
    named: bool = True,
) -> list[Show]:
    """Draw the contours of a plane and the paths on it; return what shows them at a frame."""
    from matplotlib.ticker import MaxNLocator

    if min(box[2:]) < _LEAST:
        raise LandscapeError(
            f"a picture of {sheet.pen.width}x{sheet.pen.height} has no room for "
            f"{len(ready.panels)} planes: take a larger one, or fewer panels"
        )
    recipe, theme, point = ready.recipe, sheet.theme, sheet.point
    axes = sheet.axes(box)
    if panel.curvature is not None:
        _draw_curvature(axes, panel.curvature, panel.plane.bounds, theme)
    contour(
        panel.plane,
        axes,
        levels=list(levels),
        fill=recipe.fill and panel.curvature is None,
        theme=theme,
        line_width=0.7 * point,
    )
    axes.set_aspect("equal", adjustable="box", anchor="C")
    for spine in axes.spines.values():
        spine.set_visible(True)
    ticks = 7 if named and box[2] > 400 * sheet.unit else 5
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(ticks))
    if named:
        looks: dict[str, Any] = {
            "fontsize": 19 * point,
            "color": theme.faint,
            "labelpad": 3 * point,
        }
        axes.set_xlabel(panel.plane.labels[0], **looks)
        axes.set_ylabel(panel.plane.labels[1], **looks)
    if recipe.directions in ("random", "hessian"):
        axes.plot(
            [0],
            [0],
            "+",
            color=theme.ink,
            markersize=15 * point,
            markeredgewidth=2 * point,
            zorder=6,
        )
        if len(ready.panels) > 1:
            return []
    return [
        _draw_path(sheet, axes, path, style, started=k == 0 or recipe.apart)
        for k, (path, style) in enumerate(zip(panel.paths, styles, strict=True))
    ]


def _draw_curvature(axes: Axes, found: CurvatureMap, bounds: Any, theme: Theme) -> None:
    """Paint |λmin/λmax| cell by cell, from 0 to 1."""
    from matplotlib.colors import LinearSegmentedColormap

    (x0, x1), (y0, y1) = bounds
    ramp = LinearSegmentedColormap.from_list("landscape", list(theme.fills))
    axes.imshow(
        np.ma.masked_invalid(np.minimum(found.ratio, 1.0)),
        cmap=ramp,
        vmin=0,
        vmax=_most(found),
        origin="lower",
        extent=(x0, x1, y0, y1),
        aspect="auto",
        zorder=0,
    )


def _most(found: CurvatureMap) -> float:
    """Return the ratio that has the strongest colour, at most 1."""
    good = found.ratio[np.isfinite(found.ratio)]
    return min(1.0, float(good.max(initial=0.0))) or 1.0


def _draw_path(
    sheet: Sheet, axes: Axes, path: ProjectedPath, style: TrailStyle, *, started: bool
) -> Show:
    points = path.coordinates
    point = sheet.point
    fixed: dict[str, Any] = {"scalex": False, "scaley": False}
    if started:
        axes.plot(
            *points[:1].T,
            marker="o",
            markersize=13 * point,
            markerfacecolor="none",
            markeredgecolor=sheet.theme.ink,
            markeredgewidth=2.4 * point,
            zorder=6,
            **fixed,
        )
    line, head = _growing(axes, style, fixed)
    sheet.moving += [line, head]
    last = _finite(points) - 1

    def show(k: int) -> None:
        line.set_data(*points[: min(k, last) + 1].T)
        head.set_data(*points[min(k, last) : min(k, last) + 1].T)

    return show


def _finite(points: Array) -> int:
    """Return how many points come before the first that is not finite."""
    good = np.isfinite(points).reshape(len(points), -1).all(axis=1)
    return len(points) if good.all() else max(1, int(np.argmin(good)))


def _growing(axes: Axes, style: TrailStyle, fixed: dict[str, Any]) -> tuple[Line2D, Line2D]:
    """Return a line that grows and its head, both empty."""
    (line,) = axes.plot(
        [], [], color=style.color, linewidth=1.3 * style.width, zorder=4,
        solid_joinstyle="round", solid_capstyle="round", **fixed,
    )  # fmt: skip
    (head,) = axes.plot(
        [],
        [],
        marker=style.marker,
        markersize=1.2 * style.head,
        color=style.color,
        markeredgecolor=style.edge,
        markeredgewidth=0.12 * style.head,
        linestyle="none",
        zorder=5,
        clip_on=False,
        **fixed,
    )
    return line, head


def _draw_strip(
    sheet: Sheet, ready: Plane, kind: str, box: Box, styles: list[TrailStyle], *, last: bool
) -> list[Show]:
    """Draw the axes of one kind of curve over the epochs; return what shows it at a frame."""
    from matplotlib.ticker import MaxNLocator, NullFormatter

    panel, theme, point = ready.panels[0], sheet.theme, sheet.point
    axes = sheet.axes(box)
    axes.tick_params(labelsize=15 * point, length=4 * point, pad=3 * point)
    axes.grid(visible=True, color=theme.faint, alpha=0.25, linewidth=0.8 * point)
    axes.set_title(
        _STRIP_NAMES[kind], loc="left", fontsize=16 * point, color=theme.faint, pad=5 * point
    )
    fit(axes._left_title, box[2] + 50 * sheet.unit, least=0.6)  # type: ignore[attr-defined]
    axes.set_xlim(0, ready.epochs[-1] or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    if last:
        axes.annotate(
            "epochs",
            (1.0, 0.0),
            (0.0, -22 * point),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=15 * point,
            color=theme.faint,
        )
    else:
        axes.xaxis.set_major_formatter(NullFormatter())
    curves: list[tuple[Line2D, Array, Array]] = []
    values = []
    fixed: dict[str, Any] = {"scalex": False, "scaley": False}
    for run, path, style in zip(panel.runs, panel.paths, styles, strict=True):
        times = path.steps / run.steps_per_epoch
        looks: dict[str, Any] = {"color": style.color, "linewidth": style.width, **fixed}
        if kind == "loss":
            (plane,) = axes.plot([], [], linestyle=(0, (1, 1.4)), **looks)
            curves.append((plane, times, path.plane_loss))
            values += [path.plane_loss, path.loss]
            (true,) = axes.plot([], [], **looks)
            curves.append((true, times, path.loss))
        else:
            (off,) = axes.plot([], [], **looks)
            curves.append((off, times, path.relative))
            values.append(path.relative)
    _limit(axes, np.concatenate(values), log=kind == "loss")
    sheet.moving += [line for line, _, _ in curves]

    def shower(line: Line2D, times: Array, heights: Array) -> Show:
        return lambda k: line.set_data(times[: k + 1], heights[: k + 1])

    return [shower(*one) for one in curves]


def _limit(axes: Axes, values: Array, *, log: bool) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

    good = values[np.isfinite(values)]
    if log and (good > 0).any():
        low, high = float(good[good > 0].min()), float(good.max())
        axes.set_yscale("log")
        axes.set_ylim(low / 1.4, high * 1.4)
        axes.yaxis.set_major_locator(LogLocator(numticks=4))
        axes.yaxis.set_minor_locator(NullLocator())
        return
    high = float(good.max(initial=0.0)) or 1.0
    axes.set_ylim(0, 1.08 * high)
    axes.yaxis.set_major_locator(MaxNLocator(3))


def _entry(sheet: Sheet, panel: PlanePanel, k: int, style: TrailStyle, box: Box) -> Show:
    """Write a run's line of the legend; return what shows its loss at a frame."""
    run, path = panel.runs[k], panel.paths[k]
    x, top, width, row = box
    unit, theme = sheet.unit, sheet.theme
    scale = min(1.0, row / (56 * unit))
    upper, lower = top - 16 * unit * scale, top - 40 * unit * scale
    sheet.pen.line(
        [x, x + 40 * unit], [upper, upper], color=style.color, linewidth=1.3 * style.width
    )
    sheet.pen.line(
        [x + 20 * unit],
        [upper],
        marker=style.marker,
        color=style.color,
        markersize=style.head,
        markeredgecolor=style.edge,
        linestyle="none",
    )
    name = sheet.text(x + 52 * unit, upper, run.label, 22 * scale, theme.ink, fontweight="bold")
    fit(name, width - 52 * unit, least=0.5)
    taken = 64 * unit + name.get_window_extent().width
    if taken < 0.8 * width:
        told = sheet.text(x + taken, upper, rule_of(run), 17 * scale, theme.faint)
        if fit(told, width - taken, least=0.65) is None:
            told.remove()
    last = _finite(path.relative) - 1
    ending = run.describe_ending() if run.ending != "finished" else ""
    texts = []
    for step, loss in enumerate(path.loss):
        parts = [f"loss {short(float(loss))}", *(_accuracies_of(run) if step == last else [])]
        parts.append(f"{percent(float(path.relative[min(step, last)]))} off the plane")
        texts.append(ending if ending and step >= last else ", ".join(parts))
    said = sheet.text(x + 52 * unit, lower, max(texts, key=len), 17 * scale, theme.ink)
    fit(said, width - 52 * unit, least=0.5)
    sheet.moving.append(said)
    return lambda step: said.set_text(texts[min(step, len(texts) - 1)])


def _accuracies_of(run: Any) -> list[str]:
    value = float(run.test_accuracy[-1])
    return [f"test {percent(value)}"] if np.isfinite(value) else []


def _draw_key(sheet: Sheet, panel: PlanePanel, levels: Array, top: float, box: Box) -> None:
    """Draw the colours from the lowest level to the highest, with a few of their numbers."""
    x, y, width, _ = box
    unit, theme = sheet.unit, sheet.theme
    axes = sheet.figure.add_axes(
        (
            (x + 8 * unit) / sheet.pen.width,
            (y + 24 * unit) / sheet.pen.height,
            (width - 24 * unit) / sheet.pen.width,
            14 * unit / sheet.pen.height,
        )
    )
    if panel.curvature is not None:
        levels = np.linspace(0, 1, 33)
    colors = fill_colors(theme, len(levels) - 1)
    axes.imshow(np.array(colors)[None], aspect="auto", extent=(0, len(colors), 0, 1))
    axes.set_yticks([])
    places = sorted({0, len(colors) // 3, 2 * len(colors) // 3, len(colors)})
    said = [format_level(float(levels[k])) for k in places]
    if panel.curvature is not None:
        top = _most(panel.curvature)
        said = ["0", f"{top / 2:.2g}", f"{top:.2g}{'' if top < 1 else ' and more'}"]
        places = [0, 16, 32]
        axes.set_title(
            "|\u03bbmin/\u03bbmax| of the Hessian", fontsize=15 * sheet.point, color=theme.faint
        )
    elif top and levels[-2] == top:
        said[-1] = f"> {top:g}"
    axes.set_xticks(places, said)
    axes.tick_params(labelsize=15 * sheet.point, length=0, pad=3 * sheet.point, colors=theme.faint)
    for spine in axes.spines.values():
        spine.set_color(theme.faint)
        spine.set_linewidth(0.8 * sheet.point)
