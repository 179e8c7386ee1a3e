"""What a reader of a picture would stumble over: texts on each other, or out of the page."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text

SLACK = 1.5  # pixels that boxes may share: letters do not fill theirs


def texts(figure: Figure) -> list[Text]:
    """Every text that is drawn, tick labels too."""
    found = [text for text in figure.texts if text.get_text() and text.get_visible()]
    for axes in figure.axes:
        found += [text for text in axes.texts if text.get_text()]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if tick.label1.get_text() and low <= tick.get_loc() <= high:
                    found.append(tick.label1)
    return found


def trouble(figure: Figure) -> list[str]:
    """Return what overlaps, and what leaves the page."""
    figure.canvas.draw()
    width, height = figure.bbox.width, figure.bbox.height
    boxes = [(text.get_text(), box_of(text)) for text in texts(figure)]
    said = []
    for name, box in boxes:
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1:
            said.append(f"{name!r} leaves the page")
    for (a, one), (b, other) in combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        up = min(one.y1, other.y1) - max(one.y0, other.y0)
        if across > SLACK and up > SLACK:
            said.append(f"{a!r} and {b!r} overlap by {across:.0f}x{up:.0f}")
    return said


def box_of(text: Text) -> Any:
    return text.get_window_extent()
