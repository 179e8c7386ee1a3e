"""Where things stand in a picture, in pixels from the lower left."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Box", "Layout", "layout"]

Box = tuple[float, float, float, float]  # left, bottom, width, height


@dataclass(frozen=True, slots=True)
class Layout:
    """The plan of a picture.

    Attributes: `size` in pixels; `unit`, the size of a pixel of the 1280×720 slide here; `axes`,
    `legend` and `key` (the colour key; None if there is no room); `columns` of legend entries and
    the height `row` of each; `title` is the left edge and middle height of the heading; `beside`
    tells whether legend and key stand at the right of the axes, else beneath them.
    """

    size: tuple[int, int]
    unit: float
    axes: Box
    legend: Box | None
    key: Box | None
    columns: int
    row: float
    title: tuple[float, float] | None
    beside: bool = False


def layout(
    size: tuple[int, int],
    entries: int,
    *,
    title: bool,
    caption: bool,
    marks: int = 2,
    keyed: bool = False,
) -> Layout:
    """Return the plan for a picture of `size` pixels with `entries` lines in its legend.

    Wide pictures have the legend at the right of the axes, with a key of `marks` rows at its foot;
    the others have it beneath them, so that it never hides a trail, and of these the tall ones that
    are `keyed` have a key of one line.
    """
    width, height = size
    # Text shrinks less than the picture: a small film has to be read as well.
    unit = max(0.48, min(width / 1280, height / 720)) ** 0.68
    head = (58.0 if title else 16.0) * unit + (36.0 * unit if caption else 0.0)
    left, bottom, right = 62 * unit, 46 * unit, 20 * unit
    # A caption stands 39 below the heading; without one it takes the heading's place.
    place = (left, height - (30 if title else -9) * unit) if title or caption else None
    line = 52 * unit if keyed and (entries == 0 or height >= 560) else 0.0
    key = (left, 6 * unit, width - left - right, line) if line else None
    if entries == 0:
        box = (left, bottom + line, width - left - right, height - bottom - head - line)
        return Layout(size, unit, box, None, key, 1, 0.0, place)
    if width >= 1.25 * height and width >= 560:
        side = max(min(0.31 * width, 420 * unit), 340 * unit)
        box = (left, bottom, width - left - side - 26 * unit, height - bottom - head)
        top = height - head
        key_height = (68 + 30 * marks) * unit
        legend = (width - side, bottom + key_height, side - right, top - bottom - key_height)
        row = min(74 * unit, (legend[3] - 44 * unit) / entries)
        key = (width - side, bottom, side - right, key_height)
        return Layout(size, unit, box, legend, key, 1, row, place, beside=True)
    row = 30 * unit
    narrow = width < 560 and entries * row < 0.3 * height
    columns = 1 if entries == 1 or narrow else 2
    rows = -(-entries // columns)
    under = rows * row + 30 * unit
    foot = line + under
    box = (left, bottom + foot, width - left - right, height - bottom - head - foot)
    legend = (left, 8 * unit + line, width - left - right, under)
    return Layout(size, unit, box, legend, key, columns, row, place)
