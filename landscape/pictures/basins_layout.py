"""Where things stand in a picture of basins, in whole pixels: a cell is a pixel or some of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landscape.drawing.layout import Box
from landscape.drawing.sheet import page, split
from landscape.errors import LandscapeError

__all__ = ["BasinsPlan", "plan_basins"]

# In slide pixels: numbers at the axes, the rule above a panel, a line of the legend.
_TICKS, _FOOT, _HEAD, LINE = 74.0, 40.0, 40.0, 31.0
_GAP, _BAR = 26.0, 44.0
_NARROW, _SIDE, _WIDEST = 270.0, 310.0, 440.0  # a legend beside a map
_LEAST = 64  # pixels of a map's sides
# Shapes beyond this ratio fill what room there is.
_TRUE = 2.2
_LEAST_LINES = 4
# Of panels that share the names of the outcomes: a list of signs and shares beside or beneath each
# map, the scale of the steps, and how wide a page is whose names stand beside that.
_MANY, _TIGHT = 4, 235.0
_SHARES, _BESIDE, _SHORT_BAR, _WIDE, _NAMES = 142.0, 12.0, 330.0, 900.0, 40.0
_LINES = (2, 3, 4)  # of shares beneath a map, at least
_HEADED = 250.0  # wide enough for a rule and its settings


@dataclass(frozen=True)
class BasinsPlan:
    """Boxes (left, bottom, width, height) in pixels.

    Attributes: `maps`, one for each panel, in whole pixels; `legends` of the panels; `heads`, the
    width of each panel's heading; `bar`, the scale of the steps; `unit`, the size of a slide's
    pixel; `names`, where the names of outcomes stand once for all panels, None if each legend has
    them; `numbered`, whether each panel has numbers at its x axis and at its y axis.
    """

    maps: tuple[tuple[int, int, int, int], ...]
    legends: tuple[Box, ...]
    heads: tuple[float, ...]
    bar: Box
    unit: float
    names: Box | None = None
    numbered: tuple[tuple[bool, bool], ...] = ()


def plan_basins(
    size: tuple[int, int],
    panels: int,
    ratio: float,
    *,
    title: bool,
    caption: bool,
    together: bool = False,
) -> BasinsPlan:
    """Return the plan of a page of `size` pixels with some panels.

    Parameters: `ratio`, a map's width over its height in the surface's units; `title` and
    `caption`, whether there are any; `together`, whether many panels, or narrow ones, may share the
    names of the outcomes, and stand in several rows.

    Raises LandscapeError if the page is too small.
    """
    (left, bottom, width, height), unit = page(size, title=title, caption=caption)
    if panels == 1 and width > 1.12 * height:
        side = min(_SIDE * unit, 0.45 * width)
        room = (width - side - (_TICKS + _GAP) * unit, height - _FOOT * unit)
        wide, tall = _fitted(room, ratio, size)
        x = round(left + _TICKS * unit)
        y = round(bottom + _FOOT * unit + max(0.0, room[1] - tall))
        beside = x + wide + _GAP * unit
        rest = min(left + width - beside, _WIDEST * unit)
        bar: Box = (beside, float(y), rest, _BAR * unit)
        legend = (beside, y + bar[3], rest, tall - bar[3])
        shown = ((x, y, wide, tall),), (legend,), (float(wide),)
        return BasinsPlan(*shown, bar, unit, None, _all(1))
    ticks = _TICKS * unit
    pieces = split(left, width, panels, _GAP * 0.6 * unit)
    if together and panels > 1 and (panels >= _MANY or pieces[0][1] - ticks < _TIGHT * unit):
        return _shared((left, bottom, width, height), unit, size, panels, ratio)
    head = _HEAD * unit if panels > 1 else 0.0
    rest = height - head - (_FOOT + _BAR) * unit
    # On a small page the legends give way.
    lines = next(
        (k for k in range(_LEAST_LINES, 1, -1) if rest - k * LINE * unit >= 1.5 * _LEAST), 1
    )
    room = (pieces[0][1] - ticks, rest - lines * LINE * unit)
    # On a wide page legends beside the maps leave more room for these.
    side = (_NARROW + _GAP) * unit
    beside = min(room[0] - side, ratio * rest) > min(room[0], ratio * room[1])
    if beside:
        room = room[0] - side, rest
    wide, tall = _fitted(room, ratio, size)
    y = round(bottom + height - head - tall)
    maps, legends = [], []
    for start, length in pieces:
        x = round(start + ticks)
        maps.append((x, y, wide, tall))
        low = bottom + _BAR * unit
        if beside:
            near = x + wide + _GAP * unit
            legends.append((near, float(y), start + length - near, float(tall)))
        else:
            legends.append((x, low, start + length - x, y - _FOOT * unit - low))
    bar = (float(maps[0][0]), bottom, min(_WIDEST * unit, width), _BAR * unit)
    heads = tuple(max(float(wide), legend[2] * 0.97) for legend in legends)
    return BasinsPlan(tuple(maps), tuple(legends), heads, bar, unit, None, _all(panels))


def _all(panels: int) -> tuple[tuple[bool, bool], ...]:
    return ((True, True),) * panels


@dataclass(frozen=True)
class _Grid:
    """Rows of panels: how wide and tall a panel is without its heading, and its map in it.

    Attributes: `lines` of the shares beneath a map at least, 0 for shares beside it.
    """

    rows: int
    columns: int
    panel: tuple[float, float]
    map: tuple[float, float]
    lines: int

    @property
    def merit(self) -> float:
        """How large the maps are, less where headings are hardly readable."""
        return min(self.map) * (1.0 if self.panel[0] >= _HEADED else 0.85)


def _shared(
    page_box: Box, unit: float, size: tuple[int, int], panels: int, ratio: float
) -> BasinsPlan:
    """Return the plan of panels in rows, with numbers at the outer axes alone."""
    left, bottom, width, height = page_box
    bar: Box = (left, bottom, min(_SHORT_BAR * unit, width), _BAR * unit)
    names = (left, bottom + _BAR * unit, width, _NAMES * unit)
    foot = (_BAR + _NAMES) * unit
    if width >= _WIDE * unit:
        foot = _BAR * unit
        start = bar[0] + bar[2] + _GAP * unit
        names = (start, bottom, left + width - start, _BAR * unit)
    room = (left, bottom + foot, width, height - foot)
    best = max(_grids(room, unit, panels, ratio), key=lambda one: one.merit)
    wide, tall = _fitted(best.map, ratio, size)
    maps, legends, numbered = [], [], []
    for k in range(panels):
        row, column = divmod(k, best.columns)
        x = round(left + _TICKS * unit + column * (best.panel[0] + _GAP * unit))
        top = bottom + height - row * (best.panel[1] + _HEAD * unit) - _HEAD * unit
        y = round(top - tall)
        maps.append((x, y, wide, tall))
        lowest = k + best.columns >= panels
        numbered.append((bool(best.lines) or lowest, column == 0))
        if best.lines:
            low = top - best.panel[1]
            legends.append((float(x), low, best.panel[0], y - _FOOT * unit - low))
        else:
            start = x + wide + _BESIDE * unit
            legends.append((start, float(y), min(_SHARES * unit, size[0] - start), float(tall)))
    heads = (best.panel[0],) * panels
    shown = tuple(maps), tuple(legends), heads
    return BasinsPlan(*shown, bar, unit, names, tuple(numbered))


def _grids(room: Box, unit: float, panels: int, ratio: float) -> Iterator[_Grid]:
    """Yield the ways in which panels can stand in rows."""
    _, _, width, height = room
    for rows in range(1, panels + 1):
        columns = -(-panels // rows)
        wide = (width - _TICKS * unit - (columns - 1) * _GAP * unit) / columns
        beside = wide - (_SHARES + _BESIDE) * unit
        tall = (height - _FOOT * unit) / rows - _HEAD * unit
        yield _Grid(rows, columns, (wide, tall), _true((beside, tall), ratio), 0)
        for lines in _LINES:
            tall = height / rows - _HEAD * unit
            left = tall - (_FOOT + lines * LINE) * unit
            shape = _true((wide, left), ratio)
            yield _Grid(rows, columns, (wide, tall), shape, lines)


def _true(room: tuple[float, float], ratio: float) -> tuple[float, float]:
    """Return the size of a map in a room, true to its shape if that is no strip."""
    wide, tall = room
    if 1 / _TRUE <= ratio <= _TRUE:
        return min(wide, tall * ratio), min(tall, wide / ratio)
    return wide, tall


def _fitted(room: tuple[float, float], ratio: float, size: tuple[int, int]) -> tuple[int, int]:
    """Return the whole pixels of a map in a room."""
    wide, tall = _true(room, ratio)
    if min(wide, tall) < _LEAST:
        raise LandscapeError(
            f"a picture of {size[0]}x{size[1]} has no room for its maps: take a larger one, or "
            "fewer optimizers"
        )
    return int(wide), int(tall)
