"""Where things stand in a picture, in pixels from the lower left.

Both axes of a surface have one scale, so that a circle is round and the gradient stands upright on
the level lines, unless that would cost too much of the picture: see `layout`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from landscape.drawing.boxes import (
    Box,
    Layout,
    Page,
    PanelPlan,
    moved,
    stack,
    true_size,
    with_strips,
)
from landscape.drawing.side_by_side import side_by_side, spaces_side_by_side
from landscape.drawing.space_boxes import with_space
from landscape.drawing.space_plans import USUAL, Shape, best_pair, drawn_scale, largest
from landscape.errors import LandscapeError

__all__ = ["Box", "Layout", "PanelPlan", "has_room", "layout", "no_room"]

# What share of the area axes of one scale must keep; where nothing else is in the picture, or where
# arrows are to be seen at right angles to the level lines, less is enough, and least where shapes
# are compared.
LEAST, LEAST_ALONE, LEAST_COMPARED = 0.5, 0.4, 0.2
# How much larger the letters of a legend become that has room, and how small where it has not.
_LARGE, _SMALL = 1.2, 0.8
# The least side in pixels of a box for a surface in three dimensions with its numbers.
_LEAST_SPACE = 110.0
# How much larger another arrangement must make it to be worth it; on pages lower than this, in
# pixels, the key may give way to it.
_WORTH, _LOW = 1.1, 400
# As many entries fit beside a strip without making it higher than it should be.
_FEW = 4
# The least height of an entry of two lines, in slide pixels of the legend's letters.
_TIGHT = 48.0


def no_room(
    size: tuple[int, int], entries: int, *, panels: int = 1, strips: int = 0
) -> LandscapeError:
    """Return the error for a picture whose parts do not fit."""
    parts = [f"{panels} panels" if panels > 1 else "its axes"]
    cures = ["take a larger one"]
    if strips:
        parts.append("their curves" if panels > 1 else "curves")
    if entries:
        each = " each" if panels > 1 else ""
        parts.append(f"a legend of {entries} line{'s' if entries > 1 else ''}{each}")
    if panels > 1:
        cures.append("fewer panels")
    if strips:
        cures.append("fewer curves" if strips > 1 else "no curve")
    if entries > 1:
        cures.append("fewer optimizers")
    if entries:
        cures.append("no legend")
    return LandscapeError(
        f"a picture of {size[0]}x{size[1]} has no room for {_and(parts, 'and')}: "
        f"{_and(cures, 'or')}"
    )


def _and(parts: Sequence[str], word: str) -> str:
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}" if len(parts) > 1 else parts[0]


def has_room(plan: Layout, least: float = 40.0) -> bool:
    """Return whether all axes have `least` pixels each way, and the strips a third of that.

    Surfaces in three dimensions need more, whatever `least` is.
    """
    axes = all(min(panel.axes[2:]) >= least for panel in plan.panels)
    axes = axes and all(
        panel.space is None or min(panel.space[2:]) >= _LEAST_SPACE for panel in plan.panels
    )
    return axes and all(
        min(strip[2:]) >= least / 3 for panel in plan.panels for strip in panel.strips
    )


def layout(
    size: tuple[int, int],
    entries: int,
    *,
    title: bool,
    caption: bool,
    marks: int = 2,
    keyed: bool = False,
    panels: int = 1,
    strips: int = 0,
    strips_beside: bool = False,
    labels: float = 40.0,
    aspects: Sequence[float] = (),
    upright: bool = False,
    compared: bool = False,
    view: str = "contour",
    shape: Shape = USUAL,
) -> Layout:
    """Return the plan for a picture of `size` pixels with `entries` lines in its legend.

    Wide pictures have the legend at the right of the axes, with a key of `marks` rows at its foot;
    the others have it beneath them, so that it never hides a trail, and of these the tall ones that
    are `keyed` have a key of one line. With several `panels` each has a legend of its own. `strips`
    of curves stand beneath the axes, or beneath the legend if `strips_beside`. `labels` is the
    width of the longest number at the y axis, in pixels of the slide. `aspects` are width / height
    of the panels' domains: where none is beyond 3.5 and the axes keep half of their area (40 % in a
    picture of nothing else, or with arrows that are to be `upright` on the level lines; 20 % where
    surfaces are `compared`), both axes of every panel have one scale. `view` is "contour", "3d" or
    "both", and `shape` what is seen of a box in three dimensions: legend and
    curves then stand where they leave the drawings most room, and on the lowest pages the key is
    left out for them.
    """
    width, height = size
    # Text shrinks less than the picture: a small film has to be read as well.
    unit = max(0.48, min(width / 1280, height / 720)) ** 0.68
    head = (58.0 if title else 16.0) * unit + (36.0 * unit if caption else 0.0)
    left, bottom, right = max(62.0, 20 + labels) * unit, 46 * unit, 20 * unit
    # A caption stands 39 below the heading; without one it takes the heading's place.
    place = (left, height - (30 if title else -9) * unit) if title or caption else None
    box = (left, bottom, width - left - right, height - bottom - head)
    least = LEAST_ALONE if upright or (not entries and panels == 1) else LEAST
    least = LEAST_COMPARED if compared else least
    page = Page(size, unit, box, place, tuple(aspects), least, labels * unit)
    if view == "3d":  # a box in perspective has no scale that could be that of both axes
        page = replace(page, aspects=())
        if panels > 1:
            return spaces_side_by_side(page, panels, entries, strips, shape, keyed=keyed)
    if panels > 1:
        return side_by_side(page, panels, entries, strips, keyed=keyed)
    if view == "both":
        inner = replace(page, aspects=())
        plans = _others(inner, entries, marks, strips, strips_beside)
        if not (strips and strips_beside and width >= 1.25 * height and entries):
            plans = [_legend_beneath(inner, entries, strips, keyed), *plans]
            if strips == 1 and 0 < entries <= _FEW and width > height:
                plans.append(_legend_at_foot(inner, entries, marks, keyed))
        return best_pair(page, plans, shape, _WORTH)
    plan = _flat(page, entries, marks, strips, strips_beside, keyed)
    if view == "contour":
        return plan
    plans = [plan, _legend_beneath(page, entries, strips, keyed)]
    plans += _others(page, entries, marks, strips, strips_beside)
    spaces = [with_space(page, one) for one in plans]
    return largest(spaces, lambda one: drawn_scale(_space(one), shape, unit), _WORTH)


def _space(plan: Layout) -> Box:
    (panel,) = plan.panels
    return panel.space or panel.axes


def _others(page: Page, entries: int, marks: int, strips: int, strips_beside: bool) -> list[Layout]:
    """Return other plans of a surface in three dimensions than the usual ones."""
    (width, height), found = page.size, []
    if entries and width >= 1.25 * height:
        places = [True] if strips_beside else [False, True] if strips else [False]
        found += [_legend_beside(page, entries, marks, strips, one) for one in places]
    if height < _LOW:
        found.append(_legend_beneath(page, entries, strips, keyed=False))
    return found


def _legend_at_foot(page: Page, entries: int, marks: int, keyed: bool) -> Layout:
    """Return the plan with one strip beneath the axes, and the legend and the key at its right."""
    (left, bottom, wide, tall), unit = page.box, page.unit
    row = 30 * unit
    listed, key_height = (entries + 1) * row, (68 + 30 * marks) * unit if keyed else 0.0
    x = left + 0.5 * wide + 30 * unit
    width = left + wide - x
    # The strip ends at the legend's top, its name included, above which the axes' numbers stand.
    strip = max(110 * unit, listed + key_height - 68 * unit)
    over = strip + 78 * unit
    boxes = ((left, bottom, 0.5 * wide - 30 * unit, strip),)
    panel = PanelPlan((left, bottom + over, wide, tall - over), boxes)
    legend = (x, 8 * unit + key_height, width, listed)
    key = (x, 8 * unit, min(width, 420 * unit), key_height) if keyed else None
    return Layout(page.size, unit, (panel,), legend, key, 1, row, page.title, flat=False)


def _flat(
    page: Page, entries: int, marks: int, strips: int, strips_beside: bool, keyed: bool
) -> Layout:
    """Return the plan of one surface with its legend beside or beneath it."""
    width, height = page.size
    beneath = _legend_beneath(page, entries, strips, keyed)
    if not entries or width < 1.25 * height:
        return beneath
    beside = _legend_beside(page, entries, marks, strips, strips_beside)
    # Of a small picture the legend takes much, wherever it stands.
    return beside if not page.tall or _size(beside, page) > _size(beneath, page) else beneath


def _size(plan: Layout, page: Page) -> float:
    """Return how large the surface is at one scale."""
    (panel,) = plan.panels
    return true_size(panel.axes, page.aspects[0] if page.aspects else 1.0)


def _legend_beside(
    page: Page, entries: int, marks: int, strips: int, strips_beside: bool
) -> Layout:
    (width, _), unit = page.size, page.unit
    left, bottom, _, tall = page.box
    zoom = _SMALL if page.tall else 1.0
    side = max(min(0.31 * width, 420 * unit), 340 * unit) * zoom
    line = 52 * unit if strips and strips_beside else 0.0
    inner = 0 if strips_beside else strips

    def space(side: float) -> Box:
        return (left, bottom + line, width - left - side - 26 * unit, tall - line)

    equal = page.equal(with_strips(space(side), inner, unit).axes)
    aspect = page.aspects[0] if equal else None
    plan = with_strips(space(side), inner, unit, aspect)
    shift = 0.0
    if aspect is not None:
        spare = space(side)[2] - plan.axes[2]
        if spare > 0:
            # The legend takes what high axes leave, as letters that are read farther away; the
            # rest is margin.
            larger = min(max(_LARGE, zoom), (side + spare) / side * zoom)
            spare -= side * (larger / zoom - 1)
            side, zoom = side * larger / zoom, larger
            shift = spare / 2
        else:
            side = max(min(side, 340 * unit * zoom), side - _missing(plan, space(side)))
            plan = with_strips(space(side), inner, unit, aspect)
            low = plan.strips[-1][1] if plan.strips else plan.axes[1]
            plan = moved(plan, 0.0, -(low - space(side)[1]) / 2)
        plan = moved(plan, shift, 0.0)
    column, room = plan.axes[0] + plan.axes[2] + 26 * unit, side - 20 * unit
    title = None if page.title is None else (left + shift, page.title[1])
    if line:
        # The curves take the place of the key, which goes beneath the axes.
        row = min(74 * unit * zoom, (0.55 * tall - 44 * unit * zoom) / entries)
        listed = 44 * unit * zoom + entries * row
        legend = (column, bottom + tall - listed, room, listed)
        # Room for tick labels on the left, and for a strip's name above each.
        ticks = 58 * unit
        below = (column + ticks, bottom, room - ticks, tall - listed - 30 * unit)
        plan = PanelPlan(plan.axes, stack(below, strips, 30 * unit))
        key: Box | None = (
            left + shift,
            6 * unit,
            width - left - side - 26 * unit - 2 * shift,
            line,
        )
    else:
        key_height = (68 + 30 * marks) * unit * zoom
        row = (tall - key_height - 44 * unit * zoom) / entries
        if row < _TIGHT * unit * zoom:  # names and rates come before what the marks mean
            key_height = 0.0
            row = (tall - 44 * unit * zoom) / entries
        legend = (column, bottom + key_height, room, tall - key_height)
        row = min(74 * unit * zoom, row)
        key = (column, bottom, room, key_height) if key_height else None
    return Layout(
        page.size,
        unit,
        (plan,),
        legend,
        key,
        1,
        row,
        title,
        beside=True,
        flat=bool(line),
        zoom=zoom,
        equal=equal,
    )


def _missing(plan: PanelPlan, box: Box) -> float:
    """Return by how much wider a box would have to be for its axes to reach its foot."""
    _, _, width, tall = plan.axes
    low = plan.strips[-1][1] if plan.strips else plan.axes[1]
    return (low - box[1]) * width / tall


def _legend_beneath(page: Page, entries: int, strips: int, keyed: bool) -> Layout:
    (width, height), unit = page.size, page.unit
    left, bottom, wide, tall = page.box
    roomy = height >= 560 or (height >= 280 and entries <= 3 and not strips)
    line = 52 * unit if keyed and (entries == 0 or roomy) else 0.0
    row, columns, under = 0.0, 1, 0.0
    if entries:
        row = 30 * unit
        narrow = width < 560 and entries * row < 0.3 * height
        columns = 1 if entries == 1 or narrow else 2
        under = -(-entries // columns) * row + 30 * unit
    box = (left, bottom + line + under, wide, tall - line - under)
    equal = page.equal(with_strips(box, strips, unit).axes)
    plan = with_strips(box, strips, unit, page.aspects[0] if equal else None)
    # Axes narrower or lower than their box stand in its middle.
    low = plan.strips[-1][1] if plan.strips else plan.axes[1]
    plan = moved(plan, (wide - plan.axes[2]) / 2, (box[1] - low) / 2)
    key = (left, 6 * unit, wide, line) if line else None
    legend = (left, 8 * unit + line, wide, under) if entries else None
    plans = (plan,)
    return Layout(page.size, unit, plans, legend, key, columns, row, page.title, equal=equal)
