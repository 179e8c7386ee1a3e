"""The legend: marker, name, rates and loss of every path, laid out in pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


MovingText = tuple["Text", "Callable[[int], str]"]


def path_entry(path: Trajectory, style: TrailStyle) -> Entry:
    """Return the legend's line for a path."""
    return Entry(
        path.label,
        path.rule.describe(),
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
    pen = Pen(figure, plan)
    left, bottom, width, height = plan.legend
    unit, wide = plan.unit, plan.beside
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
            moving.append(_tall_entry(pen, plan, theme, box, entry))
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
    plan: Layout,
    theme: Theme,
    box: tuple[float, float, float],
    entry: Entry,
) -> MovingText:
    """Two lines: swatch, name and loss; beneath them the rate and the hyper-parameters."""
    x, top, width = box
    unit = plan.unit
    scale = min(1.0, plan.row / (66 * unit))
    upper, lower = top - 0.27 * plan.row, top - 0.27 * plan.row - 27 * unit * scale
    _swatch(pen, x, upper, entry.style, 44 * unit)
    status, taken = _status(pen, (x + width, upper), 21 * scale, theme, entry)
    write_name(
        pen, (x + 58 * unit, upper), entry.label, 24 * scale, theme.ink, width - 58 * unit - taken
    )
    _detail(pen, (x + 58 * unit, lower), entry.detail, 18 * scale, theme, width - 58 * unit)
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
    parts = told.split(", ")
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
    unit = plan.unit
    y = top - plan.row / 2
    _swatch(pen, x, y, entry.style, 34 * unit)
    status, taken = _status(pen, (x + width, y), 18, theme, entry)
    room = width - 44 * unit - taken
    used = write_name(pen, (x + 44 * unit, y), entry.label, 20, theme.ink, room) + 8 * unit
    _detail(pen, (x + 44 * unit + used, y), entry.detail, 16, theme, room - used)
    return status, entry.status
