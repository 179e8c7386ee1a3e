"""Where things stand in a picture, in pixels from the lower left."""

from __future__ import annotations

from dataclasses import dataclass

from landscape.errors import LandscapeError

__all__ = ["Box", "Layout", "PanelPlan", "has_room", "layout", "no_room"]

Box = tuple[float, float, float, float]  # left, bottom, width, height
Point = tuple[float, float]

# What share of the height one, two or three strips take beneath the contours.
_SHARES = (0.0, 0.27, 0.42, 0.52)


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """The plan of one surface and its curves.

    Attributes: `axes`; `strips`, the boxes of the curves, uppermost first; `title` (left edge,
    middle height) and `legend` where a picture has several panels, else None.
    """

    axes: Box
    strips: tuple[Box, ...] = ()
    title: Point | None = None
    legend: Box | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The plan of a picture.

    Attributes: `size` in pixels; `unit`, the size of a pixel of the 1280×720 slide here; `panels`;
    `legend` and `key` (the colour key; None if there is no room); `columns` of legend entries and
    the height `row` of each; `title` is the left edge and middle height of the heading; `beside`
    tells whether the legend stands at the right of the axes, and `flat` whether the key is one line
    beneath them.
    """

    size: tuple[int, int]
    unit: float
    panels: tuple[PanelPlan, ...]
    legend: Box | None
    key: Box | None
    columns: int
    row: float
    title: Point | None
    beside: bool = False
    flat: bool = True


def no_room(size: tuple[int, int], entries: int) -> LandscapeError:
    """Return the error for a picture whose parts do not fit."""
    return LandscapeError(
        f"a picture of {size[0]}x{size[1]} has no room for its axes, curves and {entries} "
        "optimizers: take a larger one, fewer of them or no legend"
    )


def has_room(plan: Layout, least: float = 40.0) -> bool:
    """Return whether all axes have `least` pixels each way, and the strips a third of that."""
    axes = all(min(panel.axes[2:]) >= least for panel in plan.panels)
    return axes and all(
        min(strip[2:]) >= least / 3 for panel in plan.panels for strip in panel.strips
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The page without its margins: what all plans begin with."""

    size: tuple[int, int]
    unit: float
    box: Box
    title: Point | None

    @property
    def tall(self) -> bool:
        width, height = self.size
        return width < 1.25 * height or width < 560


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
    letters: int = 4,
) -> Layout:
    """Return the plan for a picture of `size` pixels with `entries` lines in its legend.

    Wide pictures have the legend at the right of the axes, with a key of `marks` rows at its foot;
    the others have it beneath them, so that it never hides a trail, and of these the tall ones that
    are `keyed` have a key of one line. With several `panels` each has a legend of its own. `strips`
    of curves stand beneath the axes, or beneath the legend if `strips_beside`. `letters` is the
    length of the longest number at the y axis.
    """
    width, height = size
    # Text shrinks less than the picture: a small film has to be read as well.
    unit = max(0.48, min(width / 1280, height / 720)) ** 0.68
    head = (58.0 if title else 16.0) * unit + (36.0 * unit if caption else 0.0)
    margin = max(62.0, 12 + 11.5 * letters)
    left, bottom, right = margin * unit, 46 * unit, 20 * unit
    # A caption stands 39 below the heading; without one it takes the heading's place.
    place = (left, height - (30 if title else -9) * unit) if title or caption else None
    box = (left, bottom, width - left - right, height - bottom - head)
    page = _Page(size, unit, box, place)
    if panels > 1:
        return _side_by_side(page, panels, entries, strips, keyed)
    if entries and not page.tall:
        return _legend_beside(page, entries, marks, strips, strips_beside)
    return _legend_beneath(page, entries, strips, keyed)


def _legend_beside(
    page: _Page, entries: int, marks: int, strips: int, strips_beside: bool
) -> Layout:
    (width, _), unit = page.size, page.unit
    left, bottom, _, tall = page.box
    side = max(min(0.31 * width, 420 * unit), 340 * unit)
    column, room = width - side, side - 20 * unit
    if strips and strips_beside:
        # The curves take the place of the key, which goes beneath the axes.
        line = 52 * unit
        box = (left, bottom + line, width - left - side - 26 * unit, tall - line)
        row = min(74 * unit, (0.55 * tall - 44 * unit) / entries)
        listed = 44 * unit + entries * row
        legend = (column, bottom + tall - listed, room, listed)
        # Room for tick labels on the left, and for a strip's name above each.
        below = (column + 44 * unit, bottom, room - 44 * unit, tall - listed - 30 * unit)
        plan = PanelPlan(box, _stack(below, strips, 30 * unit))
        key = (left, 6 * unit, box[2], line)
        return Layout(page.size, unit, (plan,), legend, key, 1, row, page.title, beside=True)
    key_height = (68 + 30 * marks) * unit
    legend = (column, bottom + key_height, room, tall - key_height)
    row = min(74 * unit, (legend[3] - 44 * unit) / entries)
    plan = _with_strips((left, bottom, width - left - side - 26 * unit, tall), strips, unit)
    key = (column, bottom, room, key_height)
    plans = (plan,)
    return Layout(page.size, unit, plans, legend, key, 1, row, page.title, beside=True, flat=False)


def _legend_beneath(page: _Page, entries: int, strips: int, keyed: bool) -> Layout:
    (width, height), unit = page.size, page.unit
    left, bottom, wide, tall = page.box
    roomy = height >= 560 or (height >= 280 and entries <= 3 and not strips)
    line = 52 * unit if keyed and (entries == 0 or roomy) else 0.0
    key = (left, 6 * unit, wide, line) if line else None
    if entries == 0:
        plan = _with_strips((left, bottom + line, wide, tall - line), strips, unit)
        return Layout(page.size, unit, (plan,), None, key, 1, 0.0, page.title)
    row = 30 * unit
    narrow = width < 560 and entries * row < 0.3 * height
    columns = 1 if entries == 1 or narrow else 2
    under = -(-entries // columns) * row + 30 * unit
    foot = line + under
    plan = _with_strips((left, bottom + foot, wide, tall - foot), strips, unit)
    legend = (left, 8 * unit + line, wide, under)
    return Layout(page.size, unit, (plan,), legend, key, columns, row, page.title)


def _side_by_side(page: _Page, panels: int, entries: int, strips: int, keyed: bool) -> Layout:
    (width, height), unit = page.size, page.unit
    margin, _, _, tall = page.box
    line = 52 * unit if keyed and height >= 400 else 0.0
    margin -= 16 * unit
    columns = panels if panels <= 4 and not page.tall else -(-panels // 2)
    if page.tall:
        columns = 1 if panels <= 2 else 2
    rows = -(-panels // columns)
    row = 30 * unit
    gap = 20 * unit
    cell_width = (width - 2 * gap) / columns
    top, foot = height - (height - tall - page.box[1]), line + 10 * unit
    cell_height = (top - foot) / rows
    ticks, name, listed = 40 * unit, 36 * unit, entries * row
    plans = []
    for k in range(panels):
        x = gap + (k % columns) * cell_width
        y = top - (k // columns + 1) * cell_height
        left = x + margin
        wide = cell_width - margin - 12 * unit
        box = (left, y + ticks + listed, wide, cell_height - ticks - listed - name)
        inner = _with_strips(box, strips, unit)
        place = (left, y + cell_height - 0.5 * name)
        plans.append(PanelPlan(inner.axes, inner.strips, place, (left, y, wide, listed)))
    key = (gap + margin, 6 * unit, width - 2 * gap - margin - 12 * unit, line) if line else None
    return Layout(page.size, unit, tuple(plans), None, key, 1, row, page.title)


def _with_strips(box: Box, strips: int, unit: float) -> PanelPlan:
    """Return the plan of a box that axes share with strips beneath them."""
    if not strips:
        return PanelPlan(box)
    left, bottom, width, height = box
    taken = _SHARES[strips] * height
    gap = 62 * unit  # the axes' tick labels and the first strip's name
    return PanelPlan(
        (left, bottom + taken, width, height - taken),
        _stack((left, bottom, width, taken - gap + 30 * unit), strips, 30 * unit),
    )


def _stack(box: Box, count: int, gap: float) -> tuple[Box, ...]:
    """Return boxes above each other, uppermost first, each with `gap` above it."""
    left, bottom, width, height = box
    each = height / count
    return tuple((left, bottom + (count - 1 - k) * each, width, each - gap) for k in range(count))
