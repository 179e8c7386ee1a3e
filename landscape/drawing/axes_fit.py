"""How large the box of one's own mplot3d axes may be so that its numbers and names are not cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from mpl_toolkits.mplot3d import Axes3D

__all__ = ["fit_texts"]

_MARGIN = 3.0  # pixels that stay free
# How often a size is tried, how much smaller the next one is at least, and the least of all.
_TRIALS, _SHRINK, _LEAST = 12, 0.985, 0.5


def fit_texts(axes: Axes3D, sides: tuple[float, float, float], zoom: float) -> None:
    """Give axes a box of some sides, smaller than `zoom` if the figure would cut their texts.

    Parameters: `axes` on which nothing is drawn yet but themselves, with their limits, angles and
    names; `sides` of the box along x, y and height; `zoom` as that of `Axes3D.set_box_aspect`.
    """
    from matplotlib.backends.backend_agg import RendererAgg

    axes.set_box_aspect(sides, zoom=zoom)
    figure = axes.get_figure(root=True)
    if figure is None or not axes.get_visible():
        return
    width, height = figure.bbox.size.tolist()
    # Where mplot3d puts texts is known when they are drawn: the page is thrown away.
    scratch = RendererAgg(width, height, figure.dpi)  # type: ignore[no-untyped-call]
    least = min(zoom, _LEAST)
    for _ in range(_TRIALS):
        share = _share(axes, scratch, width, height)
        if share >= 1 or zoom <= least:
            return
        zoom = max(least, zoom * min(share, _SHRINK))
        axes.set_box_aspect(sides, zoom=zoom)


def _share(axes: Axes3D, renderer: RendererAgg, width: float, height: float) -> float:
    """Return how much smaller what is drawn would have to be to fit on the page, 1 if it does."""
    axes.draw(renderer)
    x, y = (0.5 * sum(pair) for pair in (axes.bbox.intervalx, axes.bbox.intervaly))
    share = 1.0
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        box = axis.get_tightbbox(renderer) if axis.get_visible() else None
        if box is None or not box.width:
            continue
        ways = [
            (box.x0 - x, _MARGIN - x),
            (box.x1 - x, width - _MARGIN - x),
            (box.y0 - y, _MARGIN - y),
            (box.y1 - y, height - _MARGIN - y),
        ]
        # A text beyond the page is on the page's side of the axes' middle.
        over = [room / end for end, room in ways if abs(end) > abs(room) and end * room > 0]
        share = min([share, *over])
    return share
