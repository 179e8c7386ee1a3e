"""Where several panels stand in a picture."""

from __future__ import annotations

import math
from dataclasses import replace

from landscape.drawing.boxes import (
    Box,
    Layout,
    Page,
    PanelPlan,
    moved,
    true_size,
    with_strips,
)
from landscape.drawing.space_plans import Shape, drawn_scale, largest, needed

__all__ = ["side_by_side", "spaces_side_by_side"]

# In slide pixels: the room of tick labels beneath axes, of a title, of a line of the legend, and
# the width that such a line should have.
_TICKS, _NAME, _ROW, _LINE = 40.0, 36.0, 30.0, 220.0
_GAP = 20.0
# How much larger the axes of another arrangement must be to be worth a less usual one.
_WORTH = 1.15
# What numbers take beneath axes, which a box in three dimensions needs not; the width of a legend
# in which all rates have room, and the most at the right of a box.
_BENEATH, _TOLD, _BESIDE = 32.0, 270.0, 360.0


def side_by_side(page: Page, panels: int, entries: int, strips: int, *, keyed: bool) -> Layout:
    """Return the plan of a picture of several panels, each with a title and a legend of its own.

    They stand in the usual number of columns, or in another that makes them clearly larger.
    """
    usual = _usual(page, panels)
    best = _in_columns(page, panels, usual, entries, strips, keyed)
    worth = _WORTH * _size(best, page, usual)
    for columns in range(1, panels + 1):
        # No arrangement with fewer holes has so many rows.
        if columns != usual and -(-panels // -(-panels // columns)) == columns:
            plan = _in_columns(page, panels, columns, entries, strips, keyed)
            if _size(plan, page, columns) > worth:
                best, worth = plan, _size(plan, page, columns)
    return best


def _usual(page: Page, panels: int) -> int:
    if page.tall:
        return 1 if panels <= 2 else 2
    return panels if panels <= 4 else -(-panels // 2)


def _size(plan: Layout, page: Page, columns: int) -> float:
    """Return how large a surface of one scale is in the smallest panel, less for empty places."""
    areas = []
    for panel, aspect in zip(plan.panels, page.aspects or (1.0,) * len(plan.panels), strict=True):
        legible = min(1.0, (panel.legend or panel.axes)[2] / (_LINE * page.unit)) ** 2
        areas.append(true_size(panel.axes, aspect) * legible)
    places = columns * -(-len(plan.panels) // columns)
    return min(areas) * len(plan.panels) / places


def _in_columns(
    page: Page, panels: int, columns: int, entries: int, strips: int, keyed: bool
) -> Layout:
    (width, height), unit = page.size, page.unit
    line = 52 * unit if keyed and height >= 400 else 0.0
    margin = max((58 if strips else 46) * unit, page.labels + 16 * unit)
    rows = -(-panels // columns)
    listed, gap = entries * _ROW * unit, _GAP * unit
    cell_width = (width - 2 * gap) / columns
    top, foot = page.box[1] + page.box[3], line + 10 * unit
    cell_height = (top - foot) / rows
    around = (_TICKS + _NAME) * unit + listed
    room: Box = (0.0, 0.0, cell_width - margin - 12 * unit, cell_height - around)
    equal = page.equal(*[with_strips(room, strips, unit).axes] * panels)
    aspects = page.aspects if equal else (None,) * panels
    inner = [with_strips(room, strips, unit, aspect) for aspect in aspects]
    # What the axes leave stands beside the columns and between the rows.
    block = max(*(plan.axes[2] for plan in inner), min(room[2], 300 * unit))
    lows = [min([plan.axes[1], *(strip[1] for strip in plan.strips)]) for plan in inner]
    spares = [min(lows[r * columns : (r + 1) * columns]) for r in range(rows)]
    between = sum(spares) / (rows + 1)
    plans = []
    y = top
    for r, spare in enumerate(spares):
        y -= between + cell_height - spare
        for k in range(r * columns, min((r + 1) * columns, panels)):
            left = gap + (k % columns) * cell_width + margin + (room[2] - block) / 2
            title = (left, y + cell_height - spare - 0.5 * _NAME * unit)
            plan = moved(inner[k], left, y + _TICKS * unit + listed - spare)
            plans.append(replace(plan, title=title, legend=(left, y, block, listed)))
    key = (gap + margin, 6 * unit, width - 2 * gap - margin - 12 * unit, line) if line else None
    row = _ROW * unit
    return Layout(page.size, unit, tuple(plans), None, key, 1, row, page.title, equal=equal)


# -- surfaces in three dimensions ------------------------------------------------------------------


def spaces_side_by_side(
    page: Page, panels: int, entries: int, strips: int, shape: Shape, *, keyed: bool
) -> Layout:
    """Return the plan of several surfaces in three dimensions, with a title and a legend each.

    They stand in the number of columns that makes them largest, with the legends beneath them or at
    their right.

    Parameters: `shape` is width and height of what is seen of a box.
    """
    usual = _usual(page, panels)
    counts = [n for n in range(1, panels + 1) if -(-panels // -(-panels // n)) == n]
    counts.sort(key=lambda n: n != usual)
    places = [False, True] if entries and not strips else [False]
    plans = [
        _spaces_in_columns(page, panels, columns, entries, strips, shape, keyed, beside)
        for columns in counts
        for beside in places
    ]
    return largest(plans, lambda plan: _space_size(plan, page, shape), 1.0)


def _space_size(plan: Layout, page: Page, shape: Shape) -> float:
    """Return how large a box is, less for a legend that is too narrow for all that it tells."""
    panel = plan.panels[0]
    assert panel.space is not None
    assert panel.legend is not None
    legible = min(1.0, panel.legend[2] / (_TOLD * page.unit))
    return drawn_scale(panel.space, shape, page.unit) * legible


def _spaces_in_columns(
    page: Page,
    panels: int,
    columns: int,
    entries: int,
    strips: int,
    shape: Shape,
    keyed: bool,
    beside: bool,
) -> Layout:
    (width, height), unit = page.size, page.unit
    line = 52 * unit if keyed and height >= 400 else 0.0
    rows = -(-panels // columns)
    gap, name, listed = _GAP * unit, _NAME * unit, entries * _ROW * unit
    cell_width = (width - (columns + 1) * gap) / columns
    top, foot = page.box[1] + page.box[3], line + 10 * unit
    cell_height = (top - foot) / rows
    above, under, aside = name, listed, 0.0
    if beside:  # the legend has the width that boxes as high as their cell leave
        above = under = 0.0
        high = drawn_scale((0.0, 0.0, math.inf, cell_height), shape, unit)
        left_over = cell_width - needed(high, shape, unit)[0]
        aside = min(max(left_over, 0.5 * _TOLD * unit), _BESIDE * unit)
    margin = max(58 * unit, page.labels + 16 * unit) if strips else 0.0
    ticks = _TICKS * unit if strips else 0.0
    room: Box = (margin, under + ticks, cell_width - aside - margin, 0.0)
    room = (*room[:3], cell_height - above - under - ticks)
    inner = with_strips(room, strips, unit)
    _, low, _, tall = inner.axes
    # Numbers of axes in the plane would stand here.
    low, tall = (low - _BENEATH * unit, tall + _BENEATH * unit) if strips else (low, tall)
    box: Box = (0.0, low, cell_width - aside, tall)
    across, up = needed(drawn_scale(box, shape, unit), shape, unit)
    # What the boxes leave stands beside the columns and between the rows.
    spare = max(0.0, tall - up)
    between = spare * rows / (rows + 1)
    block = min(cell_width, max(across + aside, 380 * unit)) if not strips else cell_width
    plans = []
    for k in range(panels):
        r, c = divmod(k, columns)
        left = gap + c * (cell_width + gap) + (cell_width - block) / 2
        y = top - (r + 1) * (cell_height - spare + between)
        space: Box = (left, y + low, block - aside, tall - spare)
        plan = moved(PanelPlan(inner.axes, inner.strips), left, y)
        if beside:
            foot_of = y + 0.5 * (cell_height - spare - name - listed)
            legend: Box = (left + block - aside + gap, foot_of, aside - gap, listed)
            title = (legend[0], foot_of + listed + 0.5 * name)
        else:
            legend = (left, y, block, listed)
            title = (left, y + cell_height - spare - 0.5 * name)
        plans.append(replace(plan, axes=space, space=space, title=title, legend=legend))
    key = (gap, 6 * unit, width - 2 * gap, line) if line else None
    heading = (gap, page.title[1]) if page.title is not None else None
    return Layout(page.size, unit, tuple(plans), None, key, 1, _ROW * unit, heading)
