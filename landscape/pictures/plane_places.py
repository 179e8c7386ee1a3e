"""Where the parts of a page with one plane stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.drawing.sheet import split
from landscape.pictures.plane_axes import map_box

if TYPE_CHECKING:
    from landscape.drawing.boxes import Box
    from landscape.drawing.sheet import Sheet
    from landscape.drawing.space_plans import Shape
    from landscape.pictures.plane import Plane, PlanePanel

__all__ = ["Places", "places_alone"]

# What numbers and names take at the left of contours and beneath them, in slide pixels.
_ASIDE, _BENEATH = 54.0, 44.0
# With two views the legend is no wider than this at their right; beneath them it is as high as its
# entries are, at least as the curves are, and at most such a share of the page.
_SIDE, _ENTRY, _KEY, _FOOT, _MOST = 390.0, 48.0, 58.0, 180.0, 0.6
# From this height on the curves beneath them stand above each other, with this room at their right.
_STACKED, _RIGHT = 290.0, 32.0
# The least height of a map, which the name at its side is as long as.
_NAMED = 200.0
# The same of contours above a box, and of the names at it, which have two lines.
_BELOW, _LETTERS = 62.0, (130.0, 110.0)
# The legend beneath them must make both views so much larger.
_WORTH = 1.05


@dataclass(frozen=True)
class Places:
    """The boxes of a page with one plane, in pixels.

    Attributes: `flat`, the axes of the map, and `space`, the surface in three dimensions with its
    letters, None for what the page does not show; `entries`, the legend; `key`, the colours;
    `strips`, each curve's with its numbers and names, and whether it has those of the epochs.
    """

    flat: Box | None
    space: Box | None
    entries: Box
    key: Box
    strips: tuple[tuple[Box, bool], ...]


def places_alone(sheet: Sheet, ready: Plane, panel: PlanePanel) -> Places:
    """Return where the parts of one plane stand."""
    recipe, unit = ready.recipe, sheet.unit
    room, side = map_box(sheet.box, unit)
    if recipe.view == "contour":
        return _legend_beside(sheet, ready, panel, side, room, None)
    if recipe.view == "3d":  # it brings its own numbers, for which contours need room
        left, bottom, width, height = room
        aside, beneath = _ASIDE * unit, _BENEATH * unit
        whole = (left - aside, bottom - beneath, width + aside, height + beneath)
        return _legend_beside(sheet, ready, panel, side, None, whole)
    from landscape.drawing.space_plans import largest, pair

    (x0, x1), (y0, y1) = panel.plane.bounds
    aspect, shape = (x1 - x0) / (y1 - y0), _shape(ready, panel)
    left, bottom, width, height = sheet.box
    aside, beneath = 62 * unit, 54 * unit
    side = min(_SIDE * unit, 0.45 * width)

    def views(room: Box) -> tuple[float, Box, Box]:
        return pair(room, aspect, shape, unit, _ASIDE * unit, _BELOW, _NAMED * unit)

    room = (left + aside, bottom + beneath, width - side - 86 * unit, height - 58 * unit)
    size, flat, space = views(room)
    found = [(size, _legend_beside(sheet, ready, panel, side, flat, space))]
    foot = max(_FOOT, _ENTRY * len(panel.runs) + _KEY) * unit
    lower = []
    while foot < _MOST * height:
        rest = (left + aside, bottom + foot + beneath, width - aside, height - foot - 58 * unit)
        lower.append((foot, *views(rest)))
        foot += 20 * unit
    if lower:
        # What the views have no use for is the curves'.
        best = max(one[1] for one in lower)
        foot, size, flat, space = [one for one in lower if one[1] > 0.98 * best][-1]
        found.append((size, _legend_beneath(sheet, ready, foot, flat, space)))
    return largest(found, lambda one: one[0], _WORTH)[1]


def _shape(ready: Plane, panel: PlanePanel) -> Shape:
    from landscape.drawing.camera import camera_of
    from landscape.drawing.space_plans import Shape, shape_of
    from landscape.drawing.space_surface import box_sides

    sides = box_sides(panel.plane.bounds, ready.recipe.exaggerate)
    seen = shape_of(sides, camera_of(ready.recipe))
    return Shape(seen.width, seen.height, _LETTERS)


def _legend_beside(
    sheet: Sheet, ready: Plane, panel: PlanePanel, side: float, flat: Box | None, space: Box | None
) -> Places:
    """Return the places with legend, curves and colours above each other at the right."""
    left, bottom, width, height = sheet.box
    unit, runs, curves = sheet.unit, len(panel.runs), ready.recipe.curves
    x, top = left + width - side, bottom + height
    row = min(60 * unit, 0.42 * height / runs)
    y = bottom + (80 if panel.curvature is not None else 58) * unit
    strips = split(y, top - runs * row - y, max(1, len(curves)), 0.0)[::-1]
    boxes = []
    for kind, (foot, tall) in zip(curves, strips, strict=False):
        last = kind == curves[-1]
        under = (40 if last else 14) * unit
        boxes.append(
            ((x + 52 * unit, foot + under, side - 58 * unit, tall - under - 42 * unit), last)
        )
    entries = (x, top - runs * row, side, runs * row)
    return Places(flat, space, entries, (x, bottom, side, 44 * unit), tuple(boxes))


def _legend_beneath(sheet: Sheet, ready: Plane, foot: float, flat: Box, space: Box) -> Places:
    """Return the places with the legend beneath both views and the curves at its right."""
    left, bottom, width, _ = sheet.box
    unit, curves = sheet.unit, ready.recipe.curves
    stacked = foot > _STACKED * unit
    gap, right = 20 * unit, left + width
    wide = max(width / (2 if stacked else 3), min(_SIDE * unit, 0.45 * width)) - gap
    at = left + wide + gap
    if stacked:
        # The lowest has the numbers of the epochs beneath it.
        rows = split(bottom + 26 * unit, foot - 26 * unit, max(1, len(curves)), 0.0)[::-1]
        boxes = [(at, y, right - at, tall) for y, tall in rows]
    else:
        columns = split(at, right - at, max(1, len(curves)), gap)
        boxes = [(x, bottom + 26 * unit, long, foot - 26 * unit) for x, long in columns]
    strips = [
        (
            (x + 52 * unit, y + 14 * unit, long - (52 + _RIGHT) * unit, tall - 56 * unit),
            not stacked or kind == curves[-1],
        )
        for (x, y, long, tall), kind in zip(boxes, curves, strict=False)
    ]
    runs = len(ready.panels[0].runs)
    high = min(60 * unit * runs, foot - _KEY * unit)
    entries = (left, bottom + foot - high, wide, high)
    # Its first number stands at both sides of the colours' beginning.
    key = (left + 28 * unit, bottom, wide - 28 * unit, 44 * unit)
    return Places(flat, space, entries, key, tuple(strips))
