"""The legend: marker, name, rates and loss of every path, laid out in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.drawing.layout import Layout
from landscape.drawing.pen import Pen, fit
from landscape.drawing.status import longest_statuses
from landscape.drawing.trail import TrailStyle
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from landscape.descent import Trajectory
    from landscape.prepare import Prepared

__all__ = ["Entry", "draw_legend"]


@dataclass(frozen=True)
class Entry:
    """One line of the legend; `status` is the text that changes."""

    status: Text


def draw_legend(
    figure: Figure, plan: Layout, theme: Theme, prepared: Prepared, styles: list[TrailStyle]
) -> tuple[Text, list[Entry]]:
    """Draw the legend and return the step counter and the entries, their changing texts empty."""
    assert plan.legend is not None
    pen = Pen(figure, plan)
    left, bottom, width, height = plan.legend
    unit, wide = plan.unit, plan.beside
    top = bottom + height
    counter = pen.text(
        left if wide else left + width,
        top - (16 if wide else 14) * unit if wide else _axes_foot(plan),
        "",
        26 if wide else 21,
        theme.ink,
        fontweight="bold",
        ha="left" if wide else "right",
        animated=True,
    )
    if wide:
        pen.text(left + width, top - 16 * unit, "loss", 18, theme.faint, ha="right")
    first = top - 44 * unit if wide else bottom + plan.row * -(-len(styles) // plan.columns)
    column = width / plan.columns
    draw = _tall_entry if wide else _flat_entry
    entries = []
    for k, (trajectory, style) in enumerate(zip(prepared.trajectories, styles, strict=True)):
        x = left + (k % plan.columns) * column
        last = k % plan.columns == plan.columns - 1
        room = column - (0 if last else 44 * unit)
        y = first - (k // plan.columns) * plan.row
        entries.append(draw(pen, plan, theme, (x, y, room), trajectory, style))
    return counter, entries


def _axes_foot(plan: Layout) -> float:
    """The height of the line of tick labels, where a narrow picture has its counter."""
    assert plan.legend is not None
    return plan.legend[1] + plan.legend[3] - 4 * plan.unit


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
    trajectory: Trajectory,
    style: TrailStyle,
) -> Entry:
    """Two lines: swatch, name and loss; beneath them the rate and the hyper-parameters."""
    x, top, width = box
    unit = plan.unit
    scale = min(1.0, plan.row / (66 * unit))
    upper, lower = top - 0.27 * plan.row, top - 0.27 * plan.row - 27 * unit * scale
    _swatch(pen, x, upper, style, 44 * unit)
    status, taken = _status(pen, (x + width, upper), 21 * scale, theme, trajectory)
    _label(
        pen, (x + 58 * unit, upper), trajectory.label, 24 * scale, theme, width - 58 * unit - taken
    )
    told = trajectory.rule.describe()
    _detail(pen, (x + 58 * unit, lower), told, 18 * scale, theme, width - 58 * unit)
    return Entry(status)


def _status(
    pen: Pen, at: tuple[float, float], size: float, theme: Theme, trajectory: Trajectory
) -> tuple[Text, float]:
    """Place the text that changes; return it, and how much room its longest reading takes."""
    text = pen.text(*at, "", size, theme.ink, ha="right", animated=True, parse_math=False)
    widths = []
    for said in longest_statuses(trajectory):
        text.set_text(said)
        widths.append(text.get_window_extent().width)
    text.set_text("")
    return text, float(max(widths)) + 14 * pen.unit


def _label(
    pen: Pen, at: tuple[float, float], said: str, size: float, theme: Theme, room: float
) -> float:
    """Write a name, smaller or cut where there is no room; return its width."""
    text = pen.text(*at, said, size, theme.ink, fontweight="bold", parse_math=False)
    width = fit(text, room, least=0.7)
    while width is None and len(said) > 1:
        said = said[:-1]
        text.set_text(f"{said.rstrip()}…")
        width = fit(text, room, least=1.0)
    return float(width or 0.0)


def _detail(
    pen: Pen, at: tuple[float, float], told: str, size: float, theme: Theme, room: float
) -> None:
    """Write the rate and the hyper-parameters, or as many of them as can be read in `room`."""
    parts = told.split(", ")
    while parts:
        text = pen.text(*at, ", ".join(parts), size, theme.faint, parse_math=False)
        if fit(text, room, least=0.65) is not None:
            return
        text.remove()
        parts.pop()


def _flat_entry(
    pen: Pen,
    plan: Layout,
    theme: Theme,
    box: tuple[float, float, float],
    trajectory: Trajectory,
    style: TrailStyle,
) -> Entry:
    """One line: swatch, name, rate and hyper-parameters, loss."""
    x, top, width = box
    unit = plan.unit
    y = top - plan.row / 2
    _swatch(pen, x, y, style, 34 * unit)
    status, taken = _status(pen, (x + width, y), 18, theme, trajectory)
    room = width - 44 * unit - taken
    used = _label(pen, (x + 44 * unit, y), trajectory.label, 20, theme, room) + 8 * unit
    told = trajectory.rule.describe()
    _detail(pen, (x + 44 * unit + used, y), told, 16, theme, room - used)
    return Entry(status)
