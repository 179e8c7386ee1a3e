"""A plane from above: contours or a map of curvature, the paths on it, the key of its colours."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.contour import contour, fill_colors
from landscape.drawing.layout import Box
from landscape.drawing.sheet import Sheet
from landscape.drawing.text import format_level
from landscape.drawing.trail import TrailStyle
from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from landscape.pictures.plane import Plane, PlanePanel
    from landscape.planes.curvature_map import CurvatureMap
    from landscape.planes.projection import ProjectedPath
    from landscape.style import Theme

    Array = NDArray[Any]

__all__ = ["draw_key", "draw_surface", "finite_count", "no_room"]

Show = Callable[[int], None]
_LEAST = 90.0  # pixels of the axes, either way
_SEVERAL = 130.0  # of their width, from which on more than three numbers have room


def draw_surface(
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
        raise no_room(sheet, len(ready.panels))
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
    axes.set_aspect("equal", adjustable="box", anchor="N")  # as high as the legend
    for spine in axes.spines.values():
        spine.set_visible(True)
    ticks = 7 if named and box[2] > 400 * sheet.unit else 5 if box[2] >= _SEVERAL else 3
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
        _fit_left(axes, 17 * point, 4 * sheet.unit)
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
    drawn = range(len(panel.paths))
    if recipe.directions in ("random", "hessian"):
        # The others' ends lie far off the plane: nearest to its middle, where they are not.
        drawn = range(panel.first, panel.first + 1)
    return [
        _draw_path(
            sheet,
            axes,
            panel.paths[k],
            styles[k],
            partial(ready.reached, panel.runs[k]),
            started=k == drawn[0] or panel.apart,
        )
        for k in drawn
    ]


def no_room(sheet: Sheet, panels: int) -> LandscapeError:
    """Return the error of a page that is too small for so many planes."""
    return LandscapeError(
        f"a picture of {sheet.pen.width}x{sheet.pen.height} has no room for {panels} planes: take "
        "a larger one, or fewer panels"
    )


def _fit_left(axes: Axes, size: float, edge: float) -> None:
    """Make the numbers of the y axis smaller until its name begins `edge` pixels from the left."""
    for share in (0.9, 0.8, 0.7):
        box = axes.yaxis.get_tightbbox()
        if box is None or box.x0 >= edge:
            return
        axes.tick_params(axis="y", labelsize=share * size)


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
    sheet: Sheet,
    axes: Axes,
    path: ProjectedPath,
    style: TrailStyle,
    reached: Callable[[int], int],
    *,
    started: bool,
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
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    x, y = points[np.isfinite(points).all(axis=1)].T
    inside = bool(((x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)).all())
    line, head = _growing(axes, style, {**fixed, "clip_on": not inside})
    line.set_clip_on(True)
    sheet.moving += [line, head]
    last = finite_count(points) - 1

    def show(frame: int) -> None:
        k = min(reached(frame), last)
        line.set_data(*points[: k + 1].T)
        head.set_data(*points[k : k + 1].T)

    return show


def finite_count(points: Array) -> int:
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
        **fixed,
    )
    return line, head


def _apart(values: list[float]) -> list[str]:
    """Return numbers in three digits, or as many more as tell them apart."""
    said = [format_level(value) for value in values]
    digits = 4
    while len(set(said)) < len(set(values)) and digits < 9:
        said = [f"{value:.{digits}g}" for value in values]
        digits += 1
    return said


def draw_key(sheet: Sheet, panel: PlanePanel, levels: Array, top: float, box: Box) -> None:
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
    said = _apart([float(levels[k]) for k in places])
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
