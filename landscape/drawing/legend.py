"""The legend: marker, name, rates and loss of every path, laid out in pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.drawing.batch import batch_of
from landscape.drawing.layout import Layout
from landscape.drawing.pen import Pen, fit, write_name
from landscape.drawing.status import longest_statuses, status_text
from landscape.drawing.trail import TrailStyle
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from landscape.descent import Trajectory

__all__ = ["Entry", "MovingText", "draw_flat", "draw_legend", "path_entry"]


@dataclass(frozen=True)
class Entry:
    """One line of a legend.

    Attributes: `label`; `detail`, the rate and hyper-parameters; `style` of its trail; `status`,
    what is said of it at a step; `longest`, texts of which one is as wide as any status.
    """

    label: str
    detail: str
    style: TrailStyle
    status: Callable[[int], str]
    longest: Sequence[str]


_TWO_LINES = 44.0  # slide pixels, beneath which an entry has one line

MovingText = tuple["Text", "Callable[[int], str]"]


def path_entry(path: Trajectory, style: TrailStyle) -> Entry:
    """Return the legend's line for a path, with the size of its batches if it has some."""
    told = path.rule.describe()
    size = batch_of(path)
    if size is not None and path.rule.batch is None:
        told = ", ".join(part for part in (told, f"batch {size}") if part)
    return Entry(
        path.label,
        told,
        style,
        lambda step: status_text(path, step),
        longest_statuses(path),
    )


def draw_legend(
    figure: Figure, plan: Layout, theme: Theme, entries: Sequence[Entry], status: str
) -> list[MovingText]:
    """Draw the legend of a picture with one panel; return its texts that change.

    Parameters: `status` says what the numbers at the right are.
    """
    assert plan.legend is not None
    pen = Pen(figure, plan, plan.zoom)
    left, bottom, width, height = plan.legend
    unit, wide = pen.unit, plan.beside
    top = bottom + height
    counter = pen.text(
        left if wide else left + width,
        top - (16 if wide else 14) * unit if wide else top - 4 * unit,
        "",
        26 if wide else 21,
        theme.ink,
        fontweight="bold",
        ha="left" if wide else "right",
        animated=True,
    )
    moving: list[MovingText] = [(counter, lambda step: f"step {step}")]
    if wide:
        pen.text(left + width, top - 16 * unit, status, 18, theme.faint, ha="right")
        for k, entry in enumerate(entries):
            box = (left, top - 44 * unit - k * plan.row, width)
            moving.append(_tall_entry(pen, plan.row, theme, box, entry))
        return moving
    moving += draw_flat(figure, plan, theme, (left, bottom, width), entries)
    return moving


def draw_flat(
    figure: Figure,
    plan: Layout,
    theme: Theme,
    box: tuple[float, float, float],
    entries: Sequence[Entry],
) -> list[MovingText]:
    """Draw entries of one line each above the left and bottom of `box`; return what changes."""
    pen = Pen(figure, plan)
    left, bottom, width = box
    column = width / plan.columns
    first = bottom + plan.row * -(-len(entries) // plan.columns)
    moving: list[MovingText] = []
    for k, entry in enumerate(entries):
        x = left + (k % plan.columns) * column
        last = k % plan.columns == plan.columns - 1
        room = column - (0 if last else 44 * plan.unit)
        y = first - (k // plan.columns) * plan.row
        moving.append(_flat_entry(pen, plan, theme, (x, y, room), entry))
    return moving


def _swatch(pen: Pen, x: float, y: float, style: TrailStyle, length: float) -> None:
    pen.line([x, x + length], [y, y], color=style.color, linewidth=style.width, zorder=1)
    pen.line(
        [x + length / 2],
        [y],
        marker=style.marker,
        linestyle="none",
        color=style.color,
        markersize=style.head,
        markeredgecolor=style.edge,
        markeredgewidth=0.1 * style.head,
        zorder=2,
    )


def _tall_entry(
    pen: Pen,
    row: float,
    theme: Theme,
    box: tuple[float, float, float],
    entry: Entry,
) -> MovingText:
    """Two lines: swatch, name and loss; beneath them the rate and the hyper-parameters.

    Where a `row` is too low for two, what fits into one.
    """
    x, top, width = box
    unit = pen.unit
    at = x + 58 * unit
    if row < _TWO_LINES * unit:  # one line of letters that can be read
        scale = min(0.9, row / (30 * unit))
        upper = top - 0.5 * row
        _swatch(pen, x, upper, entry.style, 44 * unit)
        status, taken = _status(pen, (x + width, upper), 21 * scale, theme, entry)
        room = width - 58 * unit - taken
        used = write_name(pen, (at, upper), entry.label, 24 * scale, theme.ink, room) + 10 * unit
        _detail(pen, (at + used, upper), entry.detail, 18 * scale, theme, room - used)
        return status, entry.status
    scale = min(1.0, row / (66 * unit))
    upper, lower = top - 0.27 * row, top - 0.27 * row - 27 * unit * scale
    _swatch(pen, x, upper, entry.style, 44 * unit)
    status, taken = _status(pen, (x + width, upper), 21 * scale, theme, entry)
    room = width - 58 * unit - taken
    write_name(pen, (at, upper), entry.label, 24 * scale, theme.ink, room)
    _detail(pen, (at, lower), entry.detail, 18 * scale, theme, width - 58 * unit)
    return status, entry.status


def _status(
    pen: Pen, at: tuple[float, float], size: float, theme: Theme, entry: Entry
) -> tuple[Text, float]:
    """Place the text that changes; return it, and how much room its longest reading takes."""
    text = pen.text(*at, "", size, theme.ink, ha="right", animated=True, parse_math=False)
    widths = []
    for said in entry.longest:
        text.set_text(said)
        widths.append(text.get_window_extent().width)
    text.set_text("")
    return text, float(max(widths)) + 14 * pen.unit


def _detail(
    pen: Pen, at: tuple[float, float], told: str, size: float, theme: Theme, room: float
) -> None:
    """Write the rate and the hyper-parameters, or as many of them as can be read in `room`."""
    parts = told.split(", ") if told and room > 0 else []
    while parts:
        text = pen.text(*at, ", ".join(parts), size, theme.faint, parse_math=False)
        if fit(text, room, least=0.75) is not None:
            return
        text.remove()
        parts.pop()


def _flat_entry(
    pen: Pen,
    plan: Layout,
    theme: Theme,
    box: tuple[float, float, float],
    entry: Entry,
) -> MovingText:
    """One line: swatch, name, rate and hyper-parameters, loss."""
    x, top, width = box
    # A narrow one has smaller letters, so that the name is left.
    scale = min(1.0, max(0.7, width / (210 * plan.unit)))
    unit = plan.unit * scale
    y = top - plan.row / 2
    _swatch(pen, x, y, entry.style, 34 * unit)
    status, taken = _status(pen, (x + width, y), 18 * scale, theme, entry)
    room = width - 44 * unit - taken
    used = write_name(pen, (x + 44 * unit, y), entry.label, 20 * scale, theme.ink, room)
    used += 8 * unit
    _detail(pen, (x + 44 * unit + used, y), entry.detail, 16, theme, room - used)
    return status, entry.status
