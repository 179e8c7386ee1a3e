"""The marks on maps of settings: a ring for the best cell, a star and a diamond for theory's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_mark", "mark_looks", "marker_of"]


def marker_of(name: str) -> str:
    """Return the mark of an optimum of theory: a diamond for Nesterov's usual pair."""
    return "D" if name == "Nesterov" else "*"


def draw_mark(axes: Axes, at: tuple[float, float], marker: str, sheet: Sheet) -> None:
    """Draw a mark: a ring for the best cell, a star for the optimum, a diamond for a usual pair."""
    point, theme = sheet.point, sheet.theme
    for look in mark_looks(marker, point, theme.ink, theme.ground):
        axes.plot(
            *at,
            marker=marker,
            linestyle="none",
            clip_on=False,
            zorder=5 if marker == "o" else 6,
            **look,
        )


def mark_looks(marker: str, point: float, ink: str, ground: str) -> list[dict[str, Any]]:
    """Return how a mark is drawn, one look above the other, each as arguments of a line."""
    size = {"o": 17.0, "*": 23.0, "D": 10.0}[marker] * point
    if marker == "o":  # a ring, so that a star within it is seen
        rim = {"markersize": size, "markerfacecolor": "none"}
        return [
            {**rim, "markeredgecolor": ground, "markeredgewidth": 5.5 * point},
            {**rim, "markeredgecolor": ink, "markeredgewidth": 2.6 * point},
        ]
    return [
        {
            "markersize": size,
            "markerfacecolor": ink,
            "markeredgecolor": ground,
            "markeredgewidth": 1.6 * point,
        }
    ]
