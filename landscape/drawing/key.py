"""The key: what the colours and the marks of a picture mean."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from landscape.drawing.contour import fill_colors, rank_minima
from landscape.drawing.layout import Layout
from landscape.drawing.pen import DPI, Pen, fit
from landscape.drawing.status import GONE
from landscape.drawing.text import format_levels
from landscape.drawing.trail import exit_parts, exit_points
from landscape.style import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from landscape.descent import Trajectory
    from landscape.surfaces.surface import Surface

__all__ = ["KeyMark", "draw_key", "is_flat", "key_marks", "key_rows", "without_left"]

# In slide pixels: a sign with its gap, the width of a letter, the gap after a text.
_SIGN, _LETTER, _GAP = 28.0, 10.6, 18.0
_PROBES = 33  # places each way at which a surface is found flat
_BAR = 380.0  # the width of the colours where they stand beneath the axes

_ARROWS = {
    "gradient": ("gradient", "downhill"),
    "velocity": ("velocity", "velocity"),
    "step": ("next", "next step"),
}


@dataclass(frozen=True, slots=True)
class KeyMark:
    """A mark that a picture has, and what it means."""

    sign: str  # "start", "best", "other", "saddle", "gone", "gradient", "velocity" or "next"
    said: str


def key_marks(
    surface: Surface,
    paths: Sequence[Trajectory],
    *,
    started: bool,
    arrows: Sequence[str] = (),
    batch: str = "",
) -> list[KeyMark]:
    """Return the marks that a picture of `surface` and `paths` has, in reading order.

    Parameters: `started` tells whether it shows a start; `arrows` are the kinds at the heads;
    `batch` is the label of the path whose batches' level lines are drawn, "" for none.
    """
    found = [KeyMark("start", "start")] if started else []
    best, others = rank_minima(surface)
    if best:
        found.append(KeyMark("best", "lowest minimum" if others else "minimum"))
    if others:
        found.append(KeyMark("other", "other minimum"))
    if any(point.kind in ("saddle", "degenerate") for point in surface.visible_points()):
        found.append(KeyMark("saddle", "saddle"))
    found += [KeyMark(*_ARROWS[kind]) for kind in arrows]
    if batch:
        found.append(KeyMark("batch", f"loss on {batch}'s batch"))
    words = [
        "left" if path.exits else GONE.get(path.ending.outcome, "left")
        for path in paths
        if exit_points(path)
    ]
    if words:
        found.append(KeyMark("gone", ", ".join(dict.fromkeys(words))))
    return found


def without_left(rows: Sequence[Sequence[KeyMark]]) -> list[list[KeyMark]]:
    """Return a key's rows where no path leaves the page: it may be in the air beyond the domain."""
    found: list[list[KeyMark]] = []
    for row in rows:
        found.append([])
        for mark in row:
            words = [
                word for word in mark.said.split(", ") if mark.sign != "gone" or word != "left"
            ]
            if words:
                found[-1].append(KeyMark(mark.sign, ", ".join(words)))
    return found


def key_rows(marks: Sequence[KeyMark], width: float = 320.0) -> list[list[KeyMark]]:
    """Return the marks in rows that fit into `width` pixels of the slide."""
    rows: list[list[KeyMark]] = []
    room = 0.0
    for mark in marks:
        needed = _SIGN + _LETTER * len(mark.said)
        if not rows or needed > room:
            rows.append([])
            room = width
        rows[-1].append(mark)
        room -= needed + _GAP
    return rows


def draw_key(
    figure: Figure,
    plan: Layout,
    theme: Theme,
    levels: Any | None,
    rows: Sequence[Sequence[KeyMark]],
) -> None:
    """Draw what the colours and the marks mean: at the foot of the legend, or beneath the axes.

    Parameters: `levels` is None for a picture of lines alone; `rows` are those of `key_rows`.
    """
    assert plan.key is not None
    pen = Pen(figure, plan, 1.0 if plan.flat else plan.zoom)
    left, bottom, width, _ = plan.key
    unit = pen.unit
    if plan.flat:  # one line: the marks, and the colours at its end
        marks = [mark for row in rows for mark in row]
        end = _draw_marks(pen, theme, marks, (left, left + width, bottom + 24 * unit))
        if levels is not None and end + _BAR * unit < left + width:
            _draw_colors(pen, theme, levels, left + width - _BAR * unit, bottom, _BAR * unit)
        return
    if levels is not None:
        _draw_colors(pen, theme, levels, left, bottom, width)
        bottom += 52 * unit
    for k, row in enumerate(reversed(rows)):
        _draw_marks(pen, theme, row, (left, left + 1.1 * width, bottom + (18 + 30 * k) * unit))


def is_flat(surface: Surface, levels: Any) -> bool:
    """Return whether a surface has one loss alone, so that its levels tell nothing of it.

    Parameters: `levels` are those of `choose_levels`, of a flat surface three about its loss.
    """
    import numpy as np

    if len(levels) != 3:
        return False
    _, _, values = surface.grid(_PROBES, _PROBES)
    found = values[np.isfinite(values)]
    return bool(found.size) and float(np.ptp(found)) <= 1e-12 * max(1.0, float(abs(found).max()))


def _draw_colors(
    pen: Pen, theme: Theme, levels: Any, left: float, bottom: float, width: float
) -> None:
    unit = pen.unit
    colors = fill_colors(theme, len(levels) - 1)
    step = width / len(colors)
    bar = bottom + 26 * unit
    for k, color in enumerate(colors):
        pen.box(left + k * step, bar, step + 0.5, 18 * unit, color)
    pen.line(
        [left, left + width, left + width, left, left],
        [bar, bar, bar + 18 * unit, bar + 18 * unit, bar],
        color=theme.faint,
        linewidth=1.0 * unit * 72 / DPI,
    )
    _draw_levels(pen, levels, left, bottom + 8 * unit, step, theme)


def _draw_levels(pen: Pen, levels: Any, left: float, y: float, step: float, theme: Theme) -> None:
    """Write the levels at the quarters of the bar; those between are left out if they collide."""
    last = len(levels) - 1
    places = list(dict.fromkeys([0, last // 4, last // 2, 3 * last // 4, last]))
    values = [float(levels[index]) for index in places]
    # A grid seldom hits the lowest value itself: what is next to nothing is shown as 0.
    if abs(values[0]) < 1e-6 * (values[-1] - values[0]):
        values[0] = 0.0
    for apart in (1, 2, 4):
        texts = []
        for index, said in zip(places[::apart], format_levels(values[::apart]), strict=True):
            align = "left" if index == 0 else "right" if index == last else "center"
            texts.append(pen.text(left + index * step, y, said, 17, theme.faint, ha=align))
        boxes = [text.get_window_extent() for text in texts]
        if apart == 4 or all(a.x1 + 9 * pen.unit < b.x0 for a, b in pairwise(boxes)):
            return
        for text in texts:
            text.remove()


def _draw_marks(
    pen: Pen, theme: Theme, marks: Sequence[KeyMark], box: tuple[float, float, float]
) -> float:
    """Draw the marks that have room beside each other, the last smaller; return where they end.

    Parameters: `box` is left, right and middle height.
    """
    x, right, y = box
    unit = pen.unit
    for mark in marks:
        text = pen.text(x + _SIGN * unit, y, mark.said, 18, theme.faint)
        room = right - x - _SIGN * unit
        taken = fit(text, room) if room > 0 else None
        if taken is None:
            text.remove()
            break
        end = x + _SIGN * unit + taken
        for how in _looks(mark.sign, theme, unit * 72 / DPI):
            pen.line([x + 11 * unit], [y], linestyle="none", **how)
        x = end + _GAP * unit
    return x


def _looks(sign: str, theme: Theme, point: float) -> list[dict[str, Any]]:
    """Return how a mark is drawn; `point` is the size of a slide's pixel in points."""
    if sign == "start":
        return [
            {
                "marker": "o",
                "markersize": 16 * point,
                "markerfacecolor": "none",
                "markeredgecolor": theme.ink,
                "markeredgewidth": 1.9 * point,
            }
        ]
    if sign in ("best", "other"):
        return [
            {
                "marker": "*",
                "markersize": (22 if sign == "best" else 18) * point,
                "markerfacecolor": theme.star if sign == "best" else theme.ground,
                "markeredgecolor": theme.ink,
                "markeredgewidth": 0.9,
            }
        ]
    if sign == "batch":
        look = {"marker": "_", "markersize": 20 * point, "color": theme.trails[3]}
        return [{**look, "markeredgewidth": 1.6 * point}]
    if sign in ("gradient", "velocity", "next"):
        color = {"gradient": theme.ink, "velocity": theme.trails[1], "next": theme.trails[0]}[sign]
        return [
            {
                "marker": r"$\rightarrow$",
                "markersize": 19 * point,
                "color": color,
                "markeredgewidth": (0.4 if sign == "gradient" else 1.2) * point,
            }
        ]
    if sign == "saddle":
        return [
            {
                "marker": "x",
                "markersize": 11 * point,
                "markeredgecolor": theme.ink,
                "markeredgewidth": 2 * point,
            }
        ]
    return [
        {
            "marker": marker,
            "color": theme.faint,
            "markersize": size,
            "markeredgecolor": theme.edge,
            "markeredgewidth": edge,
        }
        for marker, size, edge in exit_parts(15 * point)
    ]
