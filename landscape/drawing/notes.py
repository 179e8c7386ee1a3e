"""Short texts on the axes themselves, with a rim in the ground's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.groups import Grouped
from landscape.drawing.text import parameter_name
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_letters", "draw_note", "name_axes"]

Point = tuple[float, float]


def draw_note(axes: Axes, said: str, theme: Theme, unit: float) -> None:
    """Write a short remark in the lower left corner of the axes."""
    _write(axes, said, (0, 0), (8, 8), 17, theme, unit, corner=True)


def draw_letters(axes: Axes, looks: Grouped, theme: Theme, unit: float) -> None:
    """Write its letter beside each minimum that has one."""
    for letter, point in looks.letters:
        at = (point.x, point.y)
        _write(axes, letter, at, (26, 20), 22, theme, unit, fontweight="bold", va="center")


def name_axes(axes: Axes, labels: tuple[str, str], theme: Theme, unit: float) -> None:
    """Write the parameters' names inside the ends of the axes, where they take no room."""
    across, up = (f"${parameter_name(label)}$" for label in labels)
    _write(axes, across, (1, 0), (-8, 8), 23, theme, unit, corner=True, ha="right")
    _write(axes, up, (0, 1), (8, -8), 23, theme, unit, corner=True, va="top")


def _write(
    axes: Axes,
    said: str,
    at: Point,
    away: Point,
    size: float,
    theme: Theme,
    unit: float,
    *,
    corner: bool = False,
    **more: Any,
) -> None:
    """Write a text `away` (in slide pixels) from a point of the data, or from a corner."""
    from matplotlib.patheffects import withStroke

    axes.annotate(
        said,
        at,
        (away[0] * unit, away[1] * unit),
        xycoords="axes fraction" if corner else "data",
        textcoords="offset points",
        fontsize=size * unit,
        color=theme.ink,
        zorder=3.2,
        path_effects=[withStroke(linewidth=4 * unit, foreground=theme.ground)],
        **{"ha": "left" if corner else "center", "va": "bottom", **more},
    )
