"""The name of the line of guessing on learning curves, where no curve is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.layout import Box
from landscape.drawing.pen import DPI, fit
from landscape.drawing.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from landscape.networks.run import Run

    Array = NDArray[Any]

__all__ = ["keep_right", "name_guess"]

# Slide pixels from the line to the middle of its name: close to it, or else a little farther.
_UP, _DOWN = (13.0, 24.0), (-15.0, -26.0)
_ALONG = (1.0, 0.5, 0.0)  # where along the line: its right end, middle, left end
_EDGE, _CLEAR = 4.0, 3.0  # to the ends of the axes, and to a curve


def name_guess(
    sheet: Sheet,
    axes: Axes,
    said: str,
    metric: str,
    box: Box,
    runs: Sequence[Run],
    parts: Sequence[str],
    *,
    beneath: bool,
) -> None:
    """Write what the line of guessing is beside it: at its right end above it, if that is free.

    Parameters: `said`, with the level in it; `box` of the axes; `runs` and `parts` of them whose
    curves are drawn; `beneath` says whether it may stand beneath the line.
    """
    from matplotlib.patheffects import withStroke

    value = float(said.partition("= ")[2].partition(":")[0]) if metric == "loss" else 0.0
    if metric == "accuracy":
        value = 1 / int(said.partition("/")[2].partition(":")[0])
    y = float(axes.transData.transform((0.0, value))[1])
    left, bottom, width, height = box
    if not bottom <= y <= bottom + height:
        return
    unit = sheet.unit
    rim = [withStroke(linewidth=4 * sheet.point, foreground=sheet.theme.ground)]
    looks: dict[str, Any] = {"ha": "right", "zorder": 6, "path_effects": rim}
    text = sheet.text(left + width, y, said, 17, sheet.theme.ink, **looks)
    fit(text, 0.9 * width, least=0.5)
    wide = float(text.get_window_extent().width)
    tall = 0.5 * float(text.get_window_extent().height) + _CLEAR * unit
    points = _points(axes, runs, metric, parts)
    places = [
        (left + _EDGE * unit + wide + share * (width - wide - 2 * _EDGE * unit), y + up * unit)
        for up in ((_UP[0], _DOWN[0], _UP[1], _DOWN[1]) if beneath else _UP)
        for share in _ALONG
    ]

    def hidden(place: tuple[float, float]) -> int:
        x, middle = place
        across = (x - wide <= points[:, 0]) & (points[:, 0] <= x)
        return int((across & (np.abs(points[:, 1] - middle) <= tall)).sum())

    inside = [place for place in places if bottom + tall <= place[1] <= bottom + height - tall]
    x, middle = min(inside or places[:1], key=hidden)  # the first of those that hide equally much
    text.set_position((x / sheet.pen.width, middle / sheet.pen.height))
    keep_right(sheet, text)


def _points(axes: Axes, runs: Sequence[Run], metric: str, parts: Sequence[str]) -> Array:
    """Return points all along the curves, about a pixel from each other, in pixels (N, 2)."""
    found = [np.empty((0, 2))]
    for run in runs:
        for part in parts:
            values = getattr(run, f"{part}_{metric}")
            good = np.isfinite(values)
            if not good.any():
                continue
            corners = axes.transData.transform(np.column_stack([run.epochs, values])[good])
            corners = np.clip(corners, -1e4, 1e4)
            lengths = np.hypot(*np.diff(corners, axis=0).T)
            along = np.concatenate([[0.0], np.cumsum(lengths)])
            at = np.linspace(0, along[-1], 2 + int(along[-1]))
            found.append(np.column_stack([np.interp(at, along, one) for one in corners.T]))
    return np.concatenate(found)


def keep_right(sheet: Sheet, text: Text) -> None:
    """Move a text with a rim to where its right end was meant to be."""
    from matplotlib.textpath import TextPath

    # With a rim it is drawn as outlines, which are wider than the hinted letters it is placed by.
    looks = text.get_fontproperties()
    outline = TextPath((0.0, 0.0), text.get_text(), size=float(text.get_fontsize()), prop=looks)
    wider = outline.get_extents().width * DPI / 72 - text.get_window_extent().width
    text.set_x(float(text.get_position()[0]) - max(0.0, wider) / sheet.pen.width)
