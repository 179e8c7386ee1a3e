"""The frame of a surface seen from above: its numbers and its parameters' names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.drawing.notes import name_axes
from landscape.drawing.pen import DPI
from landscape.drawing.ticks import choose_ticks, set_ticks, widest_label
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from landscape.surfaces.surface import Surface

__all__ = ["frame_axes", "label_width"]

# The size of the numbers in slide pixels, how many there are, and how many in one of some panels.
_NUMBERS, _MOST, _FEWER = 17.0, 7, 5


def label_width(surface: Surface) -> float:
    """Return the width of the widest number at the y axis, in pixels of the slide."""
    return _NUMBERS * widest_label(*surface.bounds[1], _MOST)


def frame_axes(
    axes: Axes, labels: tuple[str, str], theme: Theme, pixel: float, *, alone: bool = True
) -> None:
    """Give axes that have their limits their frame, numbers and names.

    Parameters: `labels` are the parameters' names; `pixel` is the size of a slide's pixel here;
    `alone` tells whether they are the only ones of the picture.
    """
    unit = pixel * 72 / DPI
    axes.set_facecolor(theme.ground)
    for spine in axes.spines.values():
        spine.set_color(theme.faint)
        spine.set_linewidth(1.2 * unit)
    axes.tick_params(
        colors=theme.ink, labelsize=_NUMBERS * unit, width=1.2 * unit, length=6 * unit, pad=4 * unit
    )
    bases = []
    for axis, length in ((axes.xaxis, axes.bbox.width), (axes.yaxis, axes.bbox.height)):
        upright = axis is axes.yaxis
        room = length / (_NUMBERS * pixel)
        ticks = choose_ticks(
            *axis.get_view_interval(), _MOST if alone else _FEWER, room, upright=upright
        )
        set_ticks(axis, ticks)
        bases.append(ticks.base)
    if labels != ("x", "y") or any(bases):
        name_axes(axes, labels, theme, unit, bases)
    axes.set_axisbelow(False)
