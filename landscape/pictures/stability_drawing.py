"""Maps of settings as they are drawn: cells, theory's lines and marks, and the numbers at axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.sheet import Sheet, new_sheet
from landscape.drawing.ticks import Ticks, choose_ticks, set_ticks
from landscape.formula.latex import plain_name
from landscape.pictures.plane_axes import log_ticks
from landscape.pictures.ready import Drawing
from landscape.pictures.stability import Panel, Stability
from landscape.pictures.stability_heading import caption_of, title_of
from landscape.pictures.stability_legend import draw_key, lines_of, write
from landscape.pictures.stability_marks import draw_mark, marker_of
from landscape.pictures.stability_page import plan
from landscape.pictures.stability_shades import Shades, lost_look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from landscape.maps.axes import Axis

__all__ = ["axis_ticks", "draw"]


def draw(ready: Stability) -> Drawing:
    """Return the drawing of maps of settings, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    where = plan(recipe, [1 + len(lines_of(one, recipe)) for one in ready.panels])
    sheet = new_sheet(recipe.pixels, recipe.theme, title_of(ready), caption_of(ready))
    shades = Shades(ready)
    for panel, box in zip(ready.panels, where.maps, strict=True):
        axes = sheet.axes(box)
        _draw_map(sheet, axes, panel, shades)
        _draw_theory(sheet, axes, panel)
        if recipe.best and panel.best is not None:
            draw_mark(axes, _share(panel, panel.map.settings(*panel.best)), "o", sheet)
    write(sheet, ready.panels, where, recipe)
    draw_key(sheet, where.key, ready, shades)
    theme = sheet.theme
    return Drawing(sheet.figure, [], lambda k: None, [theme.ground, theme.ink])


def _draw_map(sheet: Sheet, axes: Axes, panel: Panel, shades: Shades) -> None:
    from matplotlib import rcParams
    from matplotlib.patches import Rectangle

    rcParams["hatch.linewidth"] = 1.4 * sheet.point
    found = panel.map
    alone = not found.y.name
    side, up = 0.5 / (len(found.xs) - 1), 0.0 if alone else 0.5 / (len(found.ys) - 1)
    axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, zorder=0, **lost_look(sheet)))
    axes.imshow(
        shades.paint(panel, sheet),
        extent=(-side, 1 + side, -up, 1 + up),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        zorder=1,
    )
    axes.set(xlim=(-side, 1 + side), ylim=(-up, 1 + up))
    point = sheet.point
    for axis, one, room in (
        (axes.xaxis, found.x, axes.bbox.width),
        (axes.yaxis, found.y, axes.bbox.height),
    ):
        upright = axis is axes.yaxis
        letter = 17 * sheet.unit
        most = int(room / ((2.2 if upright else 4.2) * letter))
        ticks = axis_ticks(one, max(2, min(8, most))) if one.name else Ticks((), ())
        set_ticks(axis, ticks)
    across, upwards = _named(found.x), _named(found.y) if not alone else f"{found.x.name} alone"
    axes.set_xlabel(across, fontsize=19 * point, color=sheet.theme.ink, labelpad=2 * point)
    axes.set_ylabel(upwards, fontsize=19 * point, color=sheet.theme.ink, labelpad=3 * point)


def _named(axis: Axis) -> str:
    return "learning rate lr" if axis.name == "lr" else plain_name(axis.name)


def axis_ticks(axis: Axis, most: int) -> Ticks:
    """Return at most about `most` numbers of an axis, at their shares of its length."""
    if axis.spacing == "log":
        found = log_ticks(axis.low, axis.high, most)
    elif axis.spacing == "linear":
        found = choose_ticks(axis.low, axis.high, most)
    else:
        places = [0.0, 0.5, *(1 - 10.0**-k for k in range(1, 13))]
        inside = [one for one in places if axis.low <= one <= axis.high * (1 + 1e-15)]
        inside = inside[:: max(1, math.ceil(len(inside) / max(2, most)))]
        if len(inside) < 2:
            inside = [axis.low, axis.high]
        found = Ticks(tuple(inside), tuple(f"{one:.12g}" for one in inside))
    shares = tuple(float(axis.share(place)) for place in found.places)
    base = f"{found.base} + " if found.base else ""
    return Ticks(shares, tuple(f"{base}{label}" for label in found.labels))


def _share(panel: Panel, values: dict[str, float]) -> tuple[float, float]:
    x, y = panel.map.x, panel.map.y
    up = float(y.share(values[y.name])) if y.name else 0.5
    return float(x.share(values[x.name])), up


def _draw_theory(sheet: Sheet, axes: Axes, panel: Panel) -> None:
    from matplotlib.patheffects import Normal, withStroke

    if panel.border is None:
        return
    theme, point = sheet.theme, sheet.point
    whole: Any = "-" if panel.border.kind == "theory" else (0, (4, 2))
    for line, dashes in [
        *((one, whole) for one in panel.border.lines),
        *((one, (0, (1, 1))) for one in panel.border.fastest),
    ]:
        with np.errstate(invalid="ignore", divide="ignore"):
            us = np.stack([panel.map.x.share(line[:, 0]), panel.map.y.share(line[:, 1])], axis=1)
        axes.plot(
            us[:, 0],
            us[:, 1],
            color=theme.ink,
            linewidth=3.0 * point,
            linestyle=dashes,
            path_effects=[withStroke(linewidth=6.5 * point, foreground=theme.ground), Normal()],
            zorder=3,
            scalex=False,
            scaley=False,
        )
    for marked, _ in panel.optima:
        at = _share(panel, {panel.map.x.name: marked.x, panel.map.y.name: marked.y})
        draw_mark(axes, at, marker_of(marked.optimum.name), sheet)
