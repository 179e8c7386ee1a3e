"""The surface from above: filled levels, lines, and the marks of what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.levels import choose_levels
from landscape.style import Theme, find_theme
from landscape.surfaces.lookup import surface as find_surface

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet

    from landscape.surfaces.surface import CriticalPoint, Surface

__all__ = ["contour", "current_axes", "fill_colors", "points", "rank_minima"]

_MOST_POINTS = 150


def fill_colors(
    theme: Theme, count: int, *, lines: bool = False
) -> list[tuple[float, float, float]]:
    """Return `count` colours from the lowest level's to the highest's, for fills or for lines."""
    from matplotlib.colors import LinearSegmentedColormap

    stops = theme.lines if lines else theme.fills
    ramp = LinearSegmentedColormap.from_list("landscape", list(stops))
    return [ramp(k / max(1, count - 1))[:3] for k in range(count)]


def contour(
    surface: str | Surface | Callable[[Any, Any], Any],
    ax: Axes | None = None,
    *,
    levels: str | Sequence[float] = "auto",
    count: int = 18,
    fill: bool = True,
    lines: bool = True,
    theme: str | Theme = "light",
    resolution: int = 400,
    line_width: float = 0.8,
) -> list[QuadContourSet]:
    """Draw a surface from above and return the contour sets: the filled one first, then the lines.

    Parameters: `surface` is a name, a formula, a Python function or a Surface; `ax` defaults to the
    current axes; `levels` is a kind of `choose_levels` ("auto", "log", …) or the levels themselves;
    `count` is the number of steps; `resolution` the number of grid lines each way; `line_width` is
    in points. The axes are fixed to the surface's bounds.

    Raises LandscapeError as `landscape.surface` does, or if the surface is finite nowhere.
    """
    import numpy as np

    where = find_surface(surface)
    axes = ax if ax is not None else current_axes()
    look = find_theme(theme)
    xs, ys, values = where.grid(resolution, resolution)
    if isinstance(levels, str):
        # A grid seldom hits a minimum: what is known of it sets the lowest level.
        known = [point.value for point in where.visible_points()]
        kind = levels if levels != "auto" else where.scale
        edges = choose_levels(np.append(values, known), kind, count)
    else:
        edges = np.asarray(levels, dtype=np.float64)
    shown = np.ma.masked_invalid(values)
    made: list[QuadContourSet] = []
    if shown.mask is not np.ma.nomask and shown.mask.any():
        _hatch(axes, look)
    if fill:
        # The outer levels are moved out by a hair so that the extremes themselves are painted.
        outer = edges.copy()
        outer[0] -= 1e-9 * (1 + abs(outer[0]))
        outer[-1] += 1e-9 * (1 + abs(outer[-1]))
        colors = fill_colors(look, len(edges) - 1)
        made.append(axes.contourf(xs, ys, shown, levels=outer, colors=colors, zorder=0))
    if lines:
        made.append(
            axes.contour(
                xs,
                ys,
                shown,
                levels=edges[1:-1],
                colors=look.line if fill else fill_colors(look, len(edges) - 2, lines=True),
                linewidths=line_width,
                linestyles="solid",
                zorder=0.5,
            )
        )
    (x0, x1), (y0, y1) = where.bounds
    axes.set(xlim=(x0, x1), ylim=(y0, y1))
    return made


def _hatch(axes: Axes, theme: Theme) -> None:
    """Hatch the axes beneath the contours: it shows where the surface has no value."""
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (0, 0),
            1,
            1,
            transform=axes.transAxes,
            facecolor=theme.ground,
            edgecolor=theme.faint,
            hatch="//",
            linewidth=0,
            alpha=0.5,
            zorder=-1,
        )
    )


def rank_minima(surface: Surface) -> tuple[list[CriticalPoint], list[CriticalPoint]]:
    """Return the known minima within the bounds: the lowest, and the others."""
    visible = surface.visible_points()[:_MOST_POINTS]
    minima = [point for point in visible if point.kind == "minimum"]
    lowest = min((point.value for point in minima), default=0.0)
    near = lowest + 1e-6 * max(1.0, abs(lowest))
    return [p for p in minima if p.value <= near], [p for p in minima if p.value > near]


def points(
    surface: str | Surface | Callable[[Any, Any], Any],
    ax: Axes | None = None,
    *,
    theme: str | Theme = "light",
    size: float = 22.0,
) -> list[Artist]:
    """Mark the known minima (stars; the lowest filled) and saddles (crosses); return the artists.

    Parameters: as for `contour`; `size` is a star's width in points.
    """
    where = find_surface(surface)
    axes = ax if ax is not None else current_axes()
    look = find_theme(theme)
    best, others = rank_minima(where)
    visible = where.visible_points()[:_MOST_POINTS]
    saddles = [point for point in visible if point.kind in ("saddle", "degenerate")]
    crowd = 1.0 if len(visible) < 12 else 0.6
    made: list[Artist] = []
    star: dict[str, Any] = {
        "marker": "*",
        "linestyle": "none",
        "markeredgecolor": look.ink,
        "zorder": 3.0,
    }
    if best:
        xs, ys = [p.x for p in best], [p.y for p in best]
        made += axes.plot(
            xs, ys, markersize=size * crowd, markerfacecolor=look.star, markeredgewidth=1.0, **star
        )
    if others:
        xs, ys = [p.x for p in others], [p.y for p in others]
        made += axes.plot(
            xs,
            ys,
            markersize=0.75 * size * crowd,
            markerfacecolor=look.ground,
            markeredgewidth=0.9,
            **star,
        )
    if saddles:
        xs, ys = [p.x for p in saddles], [p.y for p in saddles]
        made += axes.plot(
            xs,
            ys,
            marker="x",
            linestyle="none",
            color=look.ink,
            markersize=0.42 * size * crowd,
            markeredgewidth=1.6,
            zorder=3.0,
        )
    return made


def current_axes() -> Axes:
    """Return the axes that pyplot would draw on."""
    import matplotlib.pyplot as plt

    return plt.gca()
