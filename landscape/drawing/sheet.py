"""A page for pictures of several panels: heading, caption, and boxes for axes in pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landscape.drawing.layout import Box, layout
from landscape.drawing.pen import DPI, Pen, fit
from landscape.style import Theme, find_theme

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Sheet", "new_sheet", "page", "plain_axes", "split"]

_MARGIN = 22.0


@dataclass
class Sheet:
    """A page that panels are drawn on.

    Attributes: `figure`; `theme`; `pen`, which writes in pixels; `unit`, the size of a pixel of the
    1280×720 slide here, and `point`, the same in points; `box`, what heading and caption leave;
    `moving`, the artists that change from frame to frame; `counter`, the text at the heading's end.
    """

    figure: Figure
    theme: Theme
    pen: Pen
    unit: float
    box: Box
    counter: Text
    moving: list[Artist] = field(default_factory=list)

    @property
    def point(self) -> float:
        """Points for one pixel of the slide."""
        return self.unit * 72 / DPI

    def axes(self, box: Box) -> Axes:
        """Return new axes in a box of pixels, in the page's colours."""
        left, bottom, width, height = box
        wide, tall = self.pen.width, self.pen.height
        made = self.figure.add_axes((left / wide, bottom / tall, width / wide, height / tall))
        plain_axes(made, self.theme, self.point)
        return made

    def text(self, x: float, y: float, said: str, size: float, color: str, **more: Any) -> Text:
        """Write at a place in pixels, with a `size` in points on the slide; see `Pen.text`."""
        more.setdefault("parse_math", False)
        return self.pen.text(x, y, said, size, color, **more)


def page(size: tuple[int, int], *, title: bool, caption: bool) -> tuple[Box, float]:
    """Return the box that heading and caption leave of a page, and the unit of `Sheet`."""
    plan = layout(size, 0, title=title, caption=caption)
    unit = plan.unit
    head = size[1] - plan.panels[0].axes[1] - plan.panels[0].axes[3]
    foot = 12 * unit
    side = _MARGIN * unit
    return (side, foot, size[0] - 2 * side, size[1] - head - foot), unit


def new_sheet(
    size: tuple[int, int], theme: str | Theme, title: str, caption: str, *, counter: str = ""
) -> Sheet:
    """Return a page of `size` pixels with its heading.

    Parameters: `counter` is the longest text that the heading's right end will show.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    look = find_theme(theme)
    plan = layout(size, 0, title=bool(title or counter), caption=bool(caption))
    figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI, facecolor=look.ground)
    FigureCanvasAgg(figure)
    pen, unit = Pen(figure, plan), plan.unit
    width, height = size
    left, right = _MARGIN * unit, width - _MARGIN * unit
    middle = height - 30 * unit
    said = pen.text(right, middle, counter, 22, look.ink, ha="right", fontweight="bold")
    taken = said.get_window_extent().width + 24 * unit if counter else 0.0
    said.set_text("")
    if title:
        math = title.count("$") > 1
        heading = pen.text(left, middle, title, 26, look.ink, fontweight="bold", parse_math=math)
        fit(heading, right - taken - left, least=0.45)
    if caption:
        lower = middle - 37 * unit if title or counter else height - 22 * unit
        told = pen.text(left, lower, caption, 19, look.faint, parse_math=False)
        fit(told, right - left, least=0.4)
    box, _ = page(size, title=bool(title or counter), caption=bool(caption))
    return Sheet(figure, look, pen, unit, box, said)


def split(start: float, length: float, count: int, gap: float) -> list[tuple[float, float]]:
    """Return `count` equal pieces (start, length) of a stretch, with `gap` between them."""
    each = (length - gap * (count - 1)) / count
    return [(start + k * (each + gap), each) for k in range(count)]


def plain_axes(axes: Axes, theme: Theme, point: float) -> None:
    """Give axes the colours of a theme, with lines at the left and the foot alone.

    Parameters: `point` is the size in points of a slide's pixel.
    """
    axes.set_facecolor(theme.ground)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(theme.faint)
        spine.set_linewidth(1.2 * point)
    axes.tick_params(
        which="both",
        colors=theme.ink,
        labelsize=17 * point,
        width=1.1 * point,
        length=5 * point,
        pad=4 * point,
    )
