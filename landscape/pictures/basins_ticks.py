"""The numbers at the axes of maps of basins, and the scale of their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet
from landscape.pictures.basins_colors import BasinColors
from landscape.pictures.basins_words import axis_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from landscape.drawing.layout import Box
    from landscape.style import Theme
    from landscape.surfaces.surface import Bounds

__all__ = ["draw_bar", "draw_ticks"]

_CORNER = 12.0  # points on the slide


def draw_ticks(
    axes: Axes,
    bounds: Bounds,
    names: tuple[str, str],
    theme: Theme,
    point: float,
    box: tuple[int, int, int, int],
    numbered: tuple[bool, bool] = (True, True),
) -> None:
    """Write numbers at the axes of a map; in a small region they count from one in its middle.

    Parameters: `axes`; `bounds` of the region; `names` of x and y; `theme`; `point`, the size in
    points of a slide's pixel; `box` of the map in pixels; `numbered`, whether the x and the y axis
    have numbers at their marks.
    """
    from matplotlib.ticker import MaxNLocator

    size = 17 * point
    axes.tick_params(
        colors=theme.ink, labelsize=size, width=1.1 * point, length=5 * point, pad=4 * point
    )
    corner_taken = False
    corners = ((0.99, 0.012, "right", "bottom"), (0.01, 0.988, "left", "top"))
    for axis, (low, high), name, side, corner, told in zip(
        (axes.xaxis, axes.yaxis), bounds, names, box[2:], corners, numbered, strict=True
    ):
        words = axis_words(low, high, name)
        most = max(2, min(7, int(side / (75 * point * 100 / 72))))
        near, far = (low - words.origin) / words.unit, (high - words.origin) / words.unit
        places = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(near, far)
        inside = [one for one in places if near <= one <= far]
        # Two numbers at the lower left corner would touch.
        beside = bool(inside) and (inside[0] - near) / (far - near) * side < _CORNER * point
        if beside and corner_taken:
            inside = inside[1:]
        corner_taken = beside
        axis.set_ticks(
            [words.origin + words.unit * one for one in inside],
            [_number(one) if told else "" for one in inside],
        )
        if words.label and told:
            x, y, across, up = corner
            axes.text(
                *(x, y, words.label),
                transform=axes.transAxes,
                ha=across,
                va=up,
                fontsize=size,
                color=theme.ink,
                zorder=5,
                bbox={"facecolor": theme.ground, "alpha": 0.85, "linewidth": 0, "pad": 3 * point},
            )


def _number(value: float) -> str:
    return f"{value:.6g}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")


def draw_bar(sheet: Sheet, box: Box, colors: BasinColors) -> None:
    """Draw the scale of the steps: light for few, dark for many."""
    left, bottom, width, height = box
    unit, ink = sheet.unit, sheet.theme.faint
    y = bottom + 0.5 * height
    few, usual, many = (f"{colors.steps_at(share):.0f}" for share in (0.0, 0.5, 1.0))
    last = sheet.text(left + width, y, f"{many} steps", 18, ink, ha="right")
    first = sheet.text(left, y, few, 18, ink)
    start = left + float(first.get_window_extent().width) + 8 * unit
    end = left + width - float(last.get_window_extent().width) - 8 * unit
    if end - start < 30 * unit:
        return
    axes = sheet.axes((round(start), round(y - 11 * unit), round(end - start), round(22 * unit)))
    axes.imshow(colors.greys()[None], aspect="auto", extent=(0, 1, 0, 1), interpolation="nearest")
    axes.set_axis_off()
    if usual not in (few, many):
        middle = sheet.text(0.5 * (start + end), y, usual, 17, "#ffffff", ha="center")
        fit(middle, 0.8 * (end - start), least=0.5)
