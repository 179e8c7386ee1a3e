"""The page of planes: one with its legend and curves, or several side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet, split
from landscape.drawing.trail import trail_styles
from landscape.errors import LandscapeError
from landscape.levels import choose_levels
from landscape.pictures.plane_axes import map_box
from landscape.pictures.plane_places import places_alone
from landscape.pictures.plane_side import draw_entry, draw_strip
from landscape.pictures.plane_surface import draw_key, draw_surface, no_room
from landscape.pictures.plane_words import caption_of, loss_name, title_of
from landscape.pictures.ready import Drawing
from landscape.pictures.rounding import off_plateaus
from landscape.pictures.sharp import losses_apart, ordering, rise_of
from landscape.pictures.words import percent, short, time_of
from landscape.style import find_theme, parse_size

if TYPE_CHECKING:
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from landscape.pictures.plane import Plane, PlanePanel
    from landscape.pictures.plane_recipe import PlaneRecipe

    Array = NDArray[Any]

__all__ = ["draw", "levels_of"]

Show = Callable[[int], None]
_LEAST_STRIP = 32.0  # pixels of a strip's height
_LITTLE = 28.0  # what numbers take beneath contours, in slide pixels
_LEAST_MAP = 165.0  # pixels of a map either way: beside a smaller one nothing can be read


def draw(ready: Plane) -> Drawing:
    """Return the drawing of planes, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    size = tuple(round(side * recipe.scale) for side in parse_size(recipe.size))
    times = [time_of(ready.epochs, k) for k in range(ready.count)]
    alone = len(ready.panels) == 1
    counter = max(times, key=len) if alone else ""
    theme = find_theme(recipe.theme)
    if recipe.view != "contour":
        from landscape.drawing.space_surface import relief_theme

        theme = relief_theme(theme, recipe.cmap)
    sheet = new_sheet(
        (size[0], size[1]), theme, title_of(ready), caption_of(ready), counter=counter
    )
    levels = levels_of(ready)
    shows = _draw_alone(sheet, ready, levels) if alone else _draw_beside(sheet, ready, levels)
    if alone:
        sheet.moving.append(sheet.counter)

    def show(k: int) -> None:
        for one in shows:
            one(k)
        if alone:
            sheet.counter.set_text(times[k])

    runs = len(ready.panels[0].runs)
    exact = [theme.ground, theme.ink, theme.faint, *theme.trails[:runs]]
    return Drawing(sheet.figure, sheet.moving, show, exact)


def levels_of(ready: Plane) -> Array:
    """Return the levels of all panels; what is above the recipe's top is in the last step."""
    found, plane = [], ready.panels[0].plane
    of_loss = plane.metric.endswith("loss")
    for panel in ready.panels:
        grid = panel.plane.computed()
        found.append((grid.loss if of_loss else grid.accuracy).ravel())
    values = np.concatenate(found)
    levels = _chosen(ready.recipe, values, plane.scale)
    return off_plateaus(levels, values, plane.network.dtype) if of_loss else levels


def _chosen(recipe: PlaneRecipe, values: Array, scale: str) -> Array:
    """Return the levels of a recipe for values of the given usual scale."""
    kind = recipe.levels if recipe.levels != "auto" else scale
    finite = values[np.isfinite(values)]
    top, name = recipe.top_of_colors
    if not top or not finite.size or finite.max() <= top:
        return choose_levels(values, kind, recipe.count)
    if top <= finite.min():
        raise LandscapeError(
            f"{name} must be above the lowest value, {finite.min():.4g}: {top:g} came"
        )
    below = choose_levels(np.append(finite[finite < top], top), kind, recipe.count)
    return np.append(below, finite.max())


def _draw_alone(sheet: Sheet, ready: Plane, levels: Array) -> list[Show]:
    """Draw one plane, and beside it legend, curves and the key of its colours."""
    panel, recipe = ready.panels[0], ready.recipe
    box, _ = map_box(sheet.box, sheet.unit)
    if box[2] < _LEAST_MAP or box[3] < _LEAST_MAP:
        raise LandscapeError(
            f"a picture of {sheet.pen.width}x{sheet.pen.height} has no room for a plane and its "
            "legend: take a larger one, such as 640x400"
        )
    styles = trail_styles([run.rule.split(":")[0] for run in panel.runs], sheet.theme, sheet.point)
    places = places_alone(sheet, ready, panel)
    shows: list[Show] = []
    if places.flat is not None:
        shows += draw_surface(sheet, ready, panel, places.flat, levels, styles)
    if places.space is not None:
        from landscape.pictures.plane_space import draw_space

        shows += draw_space(sheet, ready, panel, places.space, levels, styles).shows
    x, y, side, high = places.entries
    row = high / len(styles)
    shows += [
        draw_entry(sheet, ready, k, style, (x, y + high - k * row, side, row))
        for k, style in enumerate(styles)
    ]
    draw_key(sheet, panel, levels, recipe.top_of_colors[0], places.key)
    for kind, (place, last) in zip(recipe.curves, places.strips, strict=False):
        if place[3] >= _LEAST_STRIP:
            shows += draw_strip(sheet, ready, kind, place, styles, last=last)
    return shows


def _draw_beside(sheet: Sheet, ready: Plane, levels: Array) -> list[Show]:
    """Draw several planes side by side with the same levels, each with its numbers beneath."""
    left, bottom, width, height = sheet.box
    unit, recipe = sheet.unit, ready.recipe
    draw_key(
        sheet,
        ready.panels[0],
        levels,
        recipe.top_of_colors[0],
        (left + 0.5 * width, bottom, 0.5 * width, 44 * unit),
    )
    apart = losses_apart(ready.panels)
    order = ordering(ready.panels).removesuffix(f"; {apart}")
    told: list[Text] = []
    for up, words in ((30.0, order), (4.0, apart)):
        told.append(sheet.text(left, bottom + up * unit, words, 19, sheet.theme.ink))
        if fit(told[-1], 0.47 * width, least=0.5) is None:
            raise no_room(sheet, len(ready.panels))
    for text in told:
        text.set_fontsize(min(other.get_fontsize() for other in told))
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
        if recipe.view == "contour":
            side = min(box[2], box[3])
            box = (box[0] + (box[2] - side) / 2, box[1] + box[3] - side, side, side)
        else:
            box = (x, y - _LITTLE * unit, wide, box[3] + _LITTLE * unit)
        styles = trail_styles(
            [run.rule.split(":")[0] for run in panel.runs], sheet.theme, sheet.point
        )
        if recipe.view == "contour":
            shows += draw_surface(sheet, ready, panel, box, levels, styles, named=False)
        else:
            from landscape.pictures.plane_space import draw_space

            shows += draw_space(sheet, ready, panel, box, levels, styles).shows
        middle = box[0] + box[2] / 2
        room = 2 * min(middle - x, x + wide - middle) + 14 * unit
        name = sheet.text(
            middle,
            bottom + height - 0.5 * head,
            panel.title,
            23,
            sheet.theme.ink,
            ha="center",
            fontweight="bold",
        )
        fit(name, room, least=0.5)
        loss = float(panel.paths[panel.first].loss[-1])
        said = [f"{loss_name(panel.plane.metric)} {short(loss)}", *_accuracies(panel)]
        lower = (box[1] if recipe.view == "contour" else y) - 52 * unit
        texts = [", ".join(said), *([rise_of(panel.sharpness)] if measured else [])]
        for k, one in enumerate(texts):
            color = sheet.theme.ink if k else sheet.theme.faint
            written = sheet.text(middle, lower - 28 * k * unit, one, 18, color, ha="center")
            if fit(written, room, least=0.5) is None:
                raise no_room(sheet, len(ready.panels))
    return shows


def _accuracies(panel: PlanePanel) -> list[str]:
    run = panel.runs[panel.first]
    parts = []
    if np.isfinite(run.train_accuracy[-1]):
        parts.append(f"accuracy {percent(float(run.train_accuracy[-1]))}")
    if np.isfinite(run.test_accuracy[-1]):
        parts.append(f"test {percent(float(run.test_accuracy[-1]))}")
    return parts
