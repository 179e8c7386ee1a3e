"""The path of an optimizer: the iterates themselves, joined by straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.style import MARKERS, Theme, find_theme, trail_slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = [
    "TrailStyle",
    "exit_mark",
    "exit_parts",
    "exit_points",
    "finite_part",
    "legend_handle",
    "lost_at",
    "start_mark",
    "trail",
    "trail_styles",
    "visible_path",
]

# How many domain widths beyond the domain a path is still drawn.
_FAR = 3.0
_GID = "landscape-trail-"


@dataclass(frozen=True, slots=True)
class TrailStyle:
    """How one trail is drawn: colour, the head's marker, widths in points."""

    color: str
    marker: str
    width: float = 2.2
    dot: float = 4.2
    head: float = 12.0
    edge: str = "#ffffff"


def trail_styles(rules: Sequence[str], theme: Theme, scale: float = 1.0) -> list[TrailStyle]:
    """Return a style for each rule's name, no two with the same colour and marker."""
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
        for k in trail_slots(rules)
    ]


def finite_part(points: Array) -> Array:
    """Return the iterates before the first that is not finite."""
    import numpy as np

    finite = np.isfinite(points).all(axis=1)
    return points if finite.all() else points[: int(np.argmin(finite))]


def visible_path(points: Array, bounds: Bounds) -> Array:
    """Return the line through finite iterates as it is drawn, shape (m, 2).

    A piece between two iterates that are both outside the domain is left out: where a path has
    gone, the picture has nothing to show of it, though the line might cross it. A renderer's
    coordinates overflow long before those of a diverging path do, so each piece is also cut where
    it leaves a box of three domain widths each way. Rows of NaN separate what is left.
    """
    import numpy as np

    (x0, x1), (y0, y1) = bounds
    inside: Array = np.all((points >= (x0, y0)) & (points <= (x1, y1)), axis=1)
    if inside.all():
        return points
    if len(points) == 1:
        return np.empty((0, 2))
    low = np.array([x0 - _FAR * (x1 - x0), y0 - _FAR * (y1 - y0)])
    high = np.array([x1 + _FAR * (x1 - x0), y1 + _FAR * (y1 - y0)])
    rows: list[Array] = []
    gap = np.full(2, np.nan)
    for k in np.flatnonzero(inside[:-1] | inside[1:]):
        piece = _cut(points[k], points[k + 1], low, high)
        if piece is None:
            continue
        if rows and not np.array_equal(rows[-1], piece[0]):
            rows.append(gap)
        if not rows or rows[-1] is gap:
            rows.append(piece[0])
        rows.append(piece[1])
    return np.array(rows) if rows else np.empty((0, 2))


def _cut(a: Array, b: Array, low: Array, high: Array) -> tuple[Array, Array] | None:
    """Return the part of the segment from a to b within a box (Liang and Barsky 1984)."""
    import numpy as np

    with np.errstate(over="ignore"):
        step = b - a
    begin, end = (0.0, -1, 0.0), (1.0, -1, 0.0)  # the share, and the edge: coordinate and value
    for k in range(2):
        if not np.isfinite(step[k]):
            return None
        if step[k] == 0:
            if not low[k] <= a[k] <= high[k]:
                return None
            continue
        with np.errstate(over="ignore"):
            edges = [((edge - a[k]) / step[k], k, edge) for edge in (low[k], high[k])]
        begin, end = max(begin, min(edges)), min(end, max(edges))
    if begin[0] > end[0]:
        return None
    ends = []
    for share, k, edge in (begin, end):
        point = (a if share == 0.0 else b) if k < 0 else a + share * step
        if k >= 0:
            point[k] = edge  # exactly: where a is huge, the sum has no digits left
        ends.append(point)
    return ends[0], ends[1]


def lost_at(trajectory: Trajectory) -> int | None:
    """Return the step from which a path has no place any more, None if it goes on to the end."""
    ending = trajectory.ending
    return ending.step if ending.outcome in ("diverged", "undefined") else None


def exit_points(trajectory: Trajectory) -> list[tuple[int, tuple[float, float]]]:
    """Return the steps at which a path is marked as gone, and where.

    That is where it crosses the edge of the domain outwards, and the last finite iterate of a path
    that is lost within the domain.
    """
    (x0, x1), (y0, y1) = trajectory.surface.bounds
    points = finite_part(trajectory.points)
    found = []
    for k in trajectory.exits:
        if k >= len(points):
            break
        (ax, ay), (bx, by) = points[k - 1], points[k]
        share = 1.0
        for a, b, low, high in ((ax, bx, x0, x1), (ay, by, y0, y1)):
            if b > high:
                share = min(share, (high - a) / (b - a))
            elif b < low:
                share = min(share, (low - a) / (b - a))
        found.append((k, (float(ax + share * (bx - ax)), float(ay + share * (by - ay)))))
    lost = lost_at(trajectory)
    if lost is not None and len(points):
        x, y = (float(part) for part in points[-1])
        if x0 <= x <= x1 and y0 <= y <= y1:
            found.append((lost, (x, y)))
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
    """Draw the path up to `step`: line and dots at the iterates, the head's marker, exits.

    Parameters: `trajectory` from `descend`; `ax` defaults to the current axes; `step` to the last;
    `style` to the rule's own, or one that the axes have not used yet; `label` for a legend, the
    rule's own by default; `line` goes to `Axes.plot` for the path (color, linewidth, …).

    Returns the artists: path, the exits' two if there are any, head.
    """
    from landscape.drawing.contour import current_axes

    axes = ax if ax is not None else current_axes()
    look = find_theme(theme)
    if style is None:
        used = [str(old.get_gid()) for old in axes.lines]
        rules = [gid.removeprefix(_GID) for gid in used if gid.startswith(_GID)]
        style = trail_styles([*rules, trajectory.rule.name], look)[-1]
    bounds = trajectory.surface.bounds
    shown = finite_part(trajectory.points)
    last = len(shown) - 1 if step is None else min(step, len(shown) - 1)
    line_of = visible_path(shown[: last + 1], bounds) if last > 0 else shown[:1]
    x, y = line_of[:, 0], line_of[:, 1]
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
        "gid": _GID + trajectory.rule.name,
    }
    options.update(line)
    made: list[Artist] = [*axes.plot(x, y, **options)]
    color = made[0].get_color()  # type: ignore[attr-defined]  # a Line2D
    reached = len(trajectory) - 1 if step is None else step
    gone = [point for k, point in exit_points(trajectory) if k <= reached]
    if gone:
        made += exit_mark(gone, axes, color, style)
    lost = lost_at(trajectory)
    if len(visible_path(shown[last : last + 1], bounds)) and (lost is None or reached < lost):
        made += axes.plot(
            shown[last : last + 1, 0],
            shown[last : last + 1, 1],
            marker=style.marker,
            linestyle="none",
            color=color,
            markersize=style.head,
            markeredgecolor=style.edge,
            markeredgewidth=0.12 * style.head,
            clip_on=False,
            zorder=5.0,
            scalex=False,
            scaley=False,
        )
    return made


def legend_handle(style: TrailStyle, label: str) -> Artist:
    """Return what stands for a trail in a legend of Matplotlib's: its line with its head."""
    from matplotlib.lines import Line2D

    return Line2D(
        [],
        [],
        color=style.color,
        linewidth=style.width,
        marker=style.marker,
        markersize=0.75 * style.head,
        markeredgecolor=style.edge,
        label=label,
    )


def exit_mark(
    at: Sequence[tuple[float, float]], ax: Axes, color: Any, style: TrailStyle
) -> list[Artist]:
    """Draw where paths are lost to sight, a disc with a cross in it, and return the two parts."""
    xs, ys = [x for x, _ in at], [y for _, y in at]
    common: dict[str, Any] = {
        "linestyle": "none",
        "markeredgecolor": style.edge,
        "clip_on": False,
        "zorder": 5.5,
        "scalex": False,
        "scaley": False,
    }
    made: list[Artist] = []
    for marker, size, edge in exit_parts(style.head):
        made += ax.plot(
            xs, ys, marker=marker, color=color, markersize=size, markeredgewidth=edge, **common
        )
    return made


def exit_parts(head: float) -> list[tuple[str, float, float]]:
    """Return marker, size and edge width of the parts of an exit mark, for heads of size `head`."""
    return [("o", 1.05 * head, 0.1 * head), ("x", 0.46 * head, 0.16 * head)]


def start_mark(point: Sequence[float], ax: Axes, theme: Theme, size: float = 19.0) -> list[Artist]:
    """Draw the start as a ring, wide enough to be seen around the heads, and return it."""
    return [
        *ax.plot(
            [point[0]],
            [point[1]],
            marker="o",
            linestyle="none",
            markersize=size,
            markerfacecolor="none",
            markeredgecolor=theme.ink,
            markeredgewidth=0.1 * size,
            zorder=3.5,
            scalex=False,
            scaley=False,
        )
    ]
