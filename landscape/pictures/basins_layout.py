"""Where things stand in a picture of basins, in whole pixels: a cell is a pixel or some of them."""

from __future__ import annotations

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


@dataclass(frozen=True)
class BasinsPlan:
    """Boxes (left, bottom, width, height) in pixels.

    Attributes: `maps`, one for each panel, in whole pixels; `legends` of the panels; `bar`, the
    scale of the steps; `unit`, the size of a slide's pixel.
    """

    maps: tuple[tuple[int, int, int, int], ...]
    legends: tuple[Box, ...]
    bar: Box
    unit: float


def plan_basins(
    size: tuple[int, int],
    panels: int,
    ratio: float,
    *,
    title: bool,
    caption: bool,
    cells: tuple[int, int] | None = None,
) -> BasinsPlan:
    """Return the plan of a page of `size` pixels with some panels.

    Parameters: `ratio`, a map's width over its height in the surface's units; `title` and
    `caption`, whether there are any; `cells` (columns, rows), of which each is then a pixel or a
    whole number of them each way, if it is not smaller.

    Raises LandscapeError if the page is too small.
    """
    (left, bottom, width, height), unit = page(size, title=title, caption=caption)
    if panels == 1 and width > 1.12 * height:
        side = min(_SIDE * unit, 0.45 * width)
        room = (width - side - (_TICKS + _GAP) * unit, height - _FOOT * unit)
        wide, tall = _fitted(room, ratio, cells, size)
        x = round(left + _TICKS * unit)
        y = round(bottom + _FOOT * unit + max(0.0, room[1] - tall))
        beside = x + wide + _GAP * unit
        rest = min(left + width - beside, _WIDEST * unit)
        bar: Box = (beside, float(y), rest, _BAR * unit)
        legend = (beside, y + bar[3], rest, tall - bar[3])
        return BasinsPlan(((x, y, wide, tall),), (legend,), bar, unit)
    ticks = _TICKS * unit
    pieces = split(left, width, panels, _GAP * 0.6 * unit)
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
    wide, tall = _fitted(room, ratio, cells, size)
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
    return BasinsPlan(tuple(maps), tuple(legends), bar, unit)


def _fitted(
    room: tuple[float, float], ratio: float, cells: tuple[int, int] | None, size: tuple[int, int]
) -> tuple[int, int]:
    """Return the width and height of a map in a room, true to its shape if that is no strip."""
    wide, tall = room
    if 1 / _TRUE <= ratio <= _TRUE:
        wide, tall = min(wide, tall * ratio), min(tall, wide / ratio)
    if cells is not None:
        # A cell that is a whole number of pixels; where there are more cells, a map is as large as
        # the room, and a pixel is the mean of its cells.
        wide, tall = (
            count * (side // count) if side >= count else side
            for side, count in zip((wide, tall), cells, strict=True)
        )
    if min(wide, tall) < _LEAST:
        raise LandscapeError(
            f"a picture of {size[0]}x{size[1]} has no room for its maps: take a larger one, or "
            "fewer optimizers"
        )
    return int(wide), int(tall)
