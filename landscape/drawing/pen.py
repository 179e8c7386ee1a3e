"""Text, lines and boxes placed in pixels, in sizes that follow the picture's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["DPI", "Pen", "fit", "write_name"]

DPI = 100


def fit(artist: Text, room: float, least: float = 0.6) -> float | None:
    """Shrink a text until it is at most `room` pixels wide; return its width.

    None means that it does not fit at `least` times its size; it is left at that size.
    """
    width = float(artist.get_window_extent().width)
    size, share = float(artist.get_fontsize()), 1.0
    # Letters are hinted, so a width does not shrink in proportion: a second try may be needed.
    while width > room > 0 and share > least:
        share = max(least, 0.98 * share * room / width)
        artist.set_fontsize(size * share)
        width = float(artist.get_window_extent().width)
    return width if width <= room * 1.005 else None


class Pen:
    """Draws on a figure in pixels from the lower left, in slide units, `zoom` times as large."""

    def __init__(self, figure: Figure, plan: Layout, zoom: float = 1.0) -> None:
        self.figure, self.unit = figure, plan.unit * zoom
        self.width, self.height = plan.size

    def text(self, x: float, y: float, said: str, size: float, color: str, **more: Any) -> Text:
        """Write `said` at (x, y); `size` is in points on the 1280×720 slide."""
        more.setdefault("va", "center_baseline")
        return self.figure.text(
            x / self.width,
            y / self.height,
            said,
            fontsize=size * self.unit * 72 / DPI,
            color=color,
            **more,
        )

    def line(self, xs: Sequence[float], ys: Sequence[float], **more: Any) -> None:
        """Draw a line or markers; `more` goes to Line2D."""
        from matplotlib.lines import Line2D

        self.figure.add_artist(
            Line2D([x / self.width for x in xs], [y / self.height for y in ys], **more)
        )

    def box(self, x: float, y: float, width: float, height: float, color: Any) -> None:
        """Fill a box, its edges hard."""
        from matplotlib.patches import Rectangle

        self.figure.add_artist(
            Rectangle(
                (x / self.width, y / self.height),
                width / self.width,
                height / self.height,
                facecolor=color,
                edgecolor="none",
                antialiased=False,
            )
        )


def write_name(
    pen: Pen, at: tuple[float, float], said: str, size: float, color: str, room: float
) -> float:
    """Write a name in bold, smaller or cut where there are not `room` pixels; return its width."""
    text = pen.text(*at, said, size, color, fontweight="bold", parse_math=False)
    width = fit(text, room, least=0.55)
    while width is None and len(said) > 1:
        said = said[:-1]
        text.set_text(f"{said.rstrip()}…")
        width = fit(text, room, least=1.0)
    return float(width or 0.0)
