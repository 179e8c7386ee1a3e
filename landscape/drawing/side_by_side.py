"""Where several panels stand in a picture."""

from __future__ import annotations

from dataclasses import replace

from landscape.drawing.boxes import Box, Layout, Page, moved, true_size, with_strips

__all__ = ["side_by_side"]

# In slide pixels: the room of tick labels beneath axes, of a title, of a line of the legend, and
# the width that such a line should have.
_TICKS, _NAME, _ROW, _LINE = 40.0, 36.0, 30.0, 220.0
_GAP = 20.0
# How much larger the axes of another arrangement must be to be worth a less usual one.
_WORTH = 1.15


def side_by_side(page: Page, panels: int, entries: int, strips: int, *, keyed: bool) -> Layout:
    """Return the plan of a picture of several panels, each with a title and a legend of its own.

    They stand in the usual number of columns, or in another that makes them clearly larger.
    """
    usual = panels if panels <= 4 and not page.tall else -(-panels // 2)
    if page.tall:
        usual = 1 if panels <= 2 else 2
    best = _in_columns(page, panels, usual, entries, strips, keyed)
    worth = _WORTH * _size(best, page, usual)
    for columns in range(1, panels + 1):
        # No arrangement with fewer holes has so many rows.
        if columns != usual and -(-panels // -(-panels // columns)) == columns:
            plan = _in_columns(page, panels, columns, entries, strips, keyed)
            if _size(plan, page, columns) > worth:
                best, worth = plan, _size(plan, page, columns)
    return best


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
