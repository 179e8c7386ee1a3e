"""Paths through the parameters on one's own Matplotlib axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.planes.projection import ProjectedPath

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from landscape.style import Theme

__all__ = ["draw_path"]

_GID = "landscape-path"


def draw_path(
    path: ProjectedPath,
    ax: Axes | None = None,
    *,
    theme: str | Theme = "light",
    label: str | None = None,
    **line: Any,
) -> list[Artist]:
    """Draw a path that `project_path` has put on a plane: a ring at its start, the line, its head.

    It ends before the first snapshot that is not finite. The limits of the axes stay as they are.

    Parameters: `ax` defaults to the current axes; `label` for a legend, the path's own by default;
    `line` goes to `Axes.plot` for the line (color, linewidth, …); its colour is the next of the
    theme that no path on the axes has.

    Returns the artists: ring, line, head.
    """
    from landscape.drawing.contour import current_axes
    from landscape.drawing.trail import finite_part, trail_styles
    from landscape.style import find_theme

    axes = ax if ax is not None else current_axes()
    look = find_theme(theme)
    before = sum(old.get_gid() == _GID for old in axes.lines)
    style = trail_styles([f"path {k}" for k in range(before + 1)], look)[-1]
    points = finite_part(path.coordinates)
    fixed: dict[str, Any] = {"scalex": False, "scaley": False}
    (ring,) = axes.plot(
        *points[:1].T,
        marker="o",
        markersize=style.head,
        markerfacecolor="none",
        markeredgecolor=look.ink,
        markeredgewidth=0.8 * style.width,
        linestyle="none",
        zorder=6.0,
        **fixed,
    )
    options: dict[str, Any] = {
        "color": style.color,
        "linewidth": style.width,
        "solid_joinstyle": "round",
        "solid_capstyle": "round",
        "zorder": 4.0,
        "label": path.label if label is None else label,
        "gid": _GID,
    }
    (drawn,) = axes.plot(*points.T, **fixed, **{**options, **line})
    (head,) = axes.plot(
        *points[-1:].T,
        marker=style.marker,
        markersize=style.head,
        color=drawn.get_color(),
        markeredgecolor=style.edge,
        markeredgewidth=0.12 * style.head,
        linestyle="none",
        zorder=5.0,
        **fixed,
    )
    return [ring, drawn, head]
