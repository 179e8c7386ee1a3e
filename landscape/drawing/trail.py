"""The path of an optimizer: the iterates themselves, joined by straight lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.theme import MARKERS, Theme, find_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["TrailStyle", "drawable", "exit_points", "start_mark", "trail", "trail_styles"]

# A path that has run far off is drawn towards where it went, this many domain widths away.
_FAR = 30.0


@dataclass(frozen=True, slots=True)
class TrailStyle:
    """How one trail is drawn: colour, the head's marker, widths in points."""

    color: str
    marker: str
    width: float = 2.2
    dot: float = 4.2
    head: float = 12.0
    edge: str = "#ffffff"


def trail_styles(count: int, theme: Theme, scale: float = 1.0) -> list[TrailStyle]:
    """Return `count` styles, no two with the same colour and marker."""
    colors = len(theme.trails)
    return [
        TrailStyle(
            theme.trails[k % colors],
            MARKERS[(k + k // colors) % len(MARKERS)],
            2.2 * scale,
            4.2 * scale,
            12.0 * scale,
            theme.edge,
        )
        for k in range(count)
    ]


def drawable(points: Array, bounds: Bounds) -> Array:
    """Return the iterates that can be drawn: finite ones, far ones pulled in along their line.

    A renderer's coordinates overflow long before a diverging path does. The line from one iterate
    to the next keeps its direction as far as the picture shows it.
    """
    import numpy as np

    finite = np.isfinite(points).all(axis=1)
    count = len(points) if finite.all() else int(np.argmin(finite))
    kept = points[:count]
    (x0, x1), (y0, y1) = bounds
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    width = np.array([x1 - x0, y1 - y0])
    away = np.abs((kept - middle) / width).max(axis=1, initial=0.0)
    if away.max(initial=0.0) <= _FAR:
        return kept
    result = kept.copy()
    for k in np.flatnonzero(away > _FAR):
        origin = result[k - 1] if k else middle
        step = kept[k] - origin
        length = np.abs(step / width).max()
        if not math.isfinite(length):
            return result[:k]
        result[k] = origin + step * min(1.0, _FAR / max(length, 1e-300))
        if np.abs((result[k] - middle) / width).max() > 3 * _FAR:
            result[k] = result[k - 1]
    return result


def exit_points(points: Array, exits: Sequence[int], bounds: Bounds) -> list[tuple[float, float]]:
    """Return where the path crosses the edge of the domain at each of `exits` (steps)."""
    (x0, x1), (y0, y1) = bounds
    found = []
    for k in exits:
        if k >= len(points):
            break
        (ax, ay), (bx, by) = points[k - 1], points[k]
        share = 1.0
        for a, b, low, high in ((ax, bx, x0, x1), (ay, by, y0, y1)):
            if b > high:
                share = min(share, (high - a) / (b - a))
            elif b < low:
                share = min(share, (low - a) / (b - a))
        found.append((float(ax + share * (bx - ax)), float(ay + share * (by - ay))))
    return found


def trail(
    trajectory: Trajectory,
    ax: Axes | None = None,
    *,
    step: int | None = None,
    style: TrailStyle | None = None,
    theme: str | Theme = "light",
    label: str | None = None,
    **line: Any,
) -> list[Artist]:
    """Draw the path up to `step`: line and dots at the iterates, the head's marker, exits as ×.

    Parameters: `trajectory` from `descend`; `ax` defaults to the current axes; `step` to the last;
    `style` to the first of the theme that the axes have not used yet; `label` for a legend, the
    rule's own by default; `line` goes to `Axes.plot` for the path (color, linewidth, …).

    Returns the artists: path, head, and one for the exits if there are any.
    """
    from landscape.drawing.contour import current_axes

    axes = ax if ax is not None else current_axes()
    look = find_theme(theme)
    if style is None:
        used = sum(str(old.get_gid()).startswith("landscape-trail") for old in axes.lines)
        style = trail_styles(used + 1, look)[-1]
    bounds = trajectory.surface.bounds
    shown = drawable(trajectory.points, bounds)
    last = len(shown) - 1 if step is None else min(step, len(shown) - 1)
    x, y = shown[: last + 1, 0], shown[: last + 1, 1]
    options: dict[str, Any] = {
        "color": style.color,
        "linewidth": style.width,
        "marker": "o",
        "markersize": style.dot,
        "markeredgewidth": 0,
        "solid_joinstyle": "round",
        "solid_capstyle": "round",
        "zorder": 4.0,
        "scalex": False,
        "scaley": False,
        "label": trajectory.label if label is None else label,
        "gid": "landscape-trail",
    }
    options.update(line)
    made: list[Artist] = [*axes.plot(x, y, **options)]
    color = made[0].get_color()  # type: ignore[attr-defined]  # a Line2D
    gone = [k for k in trajectory.exits if k <= last]
    if gone:
        crossed = exit_points(shown, gone, bounds)
        made += axes.plot(
            [p[0] for p in crossed],
            [p[1] for p in crossed],
            marker="X",
            linestyle="none",
            color=color,
            markersize=0.9 * style.head,
            markeredgecolor=style.edge,
            markeredgewidth=0.1 * style.head,
            clip_on=False,
            zorder=5.5,
        )
    if last < len(shown):
        made += axes.plot(
            x[-1:],
            y[-1:],
            marker=style.marker,
            linestyle="none",
            color=color,
            markersize=style.head,
            markeredgecolor=style.edge,
            markeredgewidth=0.12 * style.head,
            zorder=5.0,
            scalex=False,
            scaley=False,
        )
    return made


def start_mark(point: Sequence[float], ax: Axes, theme: Theme, size: float = 11.0) -> list[Artist]:
    """Draw the start as a ring and return it."""
    return [
        *ax.plot(
            [point[0]],
            [point[1]],
            marker="o",
            linestyle="none",
            markersize=size,
            markerfacecolor=theme.ground,
            markeredgecolor=theme.ink,
            markeredgewidth=0.16 * size,
            zorder=3.5,
            scalex=False,
            scaley=False,
        )
    ]
