"""How large a box in three dimensions can be drawn so that its letters stay in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from landscape.drawing.boxes import Box
from landscape.drawing.crate import Crate
from landscape.relief.view import View, view_of

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["fit_view"]

Camera = tuple[float, float]
Extent = tuple[float, float, float, float]

# Pixels that are left free on each side: letters move by parts of a pixel to whole ones.
_MARGIN = 1.0
# It fits well enough with less room to spare than this, in pixels.
_NEAR = 1.0
# The least side of the square that the axes are, in pixels.
_LEAST = 16.0
_SOME = 12  # cameras of many that are tried first
# How often a size is tried that the room left over suggests, how often smaller ones after that and
# how they shrink, and how often the last step of these is halved.
_GROWING, _TRIALS, _SHRINK, _HALVINGS = 5, 400, 0.99, 4


def fit_view(
    axes: Axes3D,
    crate: Crate,
    box: Box,
    renderer: RendererBase,
    cameras: Sequence[Camera] | None = None,
) -> None:
    """Give axes the place in which the crate, its letters too, fills a box of the canvas.

    Only the place changes, not the perspective. What is drawn reaches beyond the axes, so they are
    to be without frame and ground.

    Parameters: `axes` with their limits, box aspect and projection; `box` (left, bottom, width,
    height) in canvas pixels; `renderer` measures the letters; `cameras` are all (elevation,
    azimuth) in degrees that the crate is seen from: one size and one centre do for all. None means
    the axes' own.
    """
    from matplotlib.transforms import Bbox

    view = view_of(axes)
    views = list(_views(axes, cameras)) if cameras is not None else [view]
    size, middle = float(axes.bbox.width), _middle(axes)
    left, bottom, width, height = box
    room = width - 2 * _MARGIN, height - 2 * _MARGIN

    def spare(few: Sequence[View], side: float) -> tuple[float, Callable[[], float], Extent]:
        """Return the room that is left, what tells how the box could grow, and its extent."""
        placed = [_enlarged(view, side / size, middle) for view in few]
        extent = _union([crate.extent(renderer, view) for view in placed])
        left_over = [room[k] - (extent[k + 2] - extent[k]) for k in (0, 1)]

        def grown() -> float:
            # The box grows with the axes and its letters do not: the next trial is nearly right.
            bare = _union([crate.bare(renderer, view) for view in placed])
            return min(1 + left_over[k] / (bare[k + 2] - bare[k]) for k in (0, 1))

        return min(left_over), grown, extent

    # A size that does for some of many cameras is nearly that of all.
    some = views[:: -(-len(views) // _SOME)]
    # That of many shrinks once more below, which finer steps would not change.
    halvings = _HALVINGS if len(views) == 1 else 0
    side, extent = _largest(size, lambda side: spare(some, side), halvings)
    while len(some) < len(views) and side > _LEAST:
        left_over, grown, extent = spare(views, side)
        if left_over >= 0:
            break
        side = max(_LEAST, side * min(_SHRINK, grown()))
    across = round(left + 0.5 * (width - extent[0] - extent[2]))
    up = round(bottom + 0.5 * (height - extent[1] - extent[3]))
    corner = middle[0] + across - 0.5 * side, middle[1] + up - 0.5 * side
    figure = axes.get_figure(root=True)
    assert figure is not None
    place = Bbox.from_bounds(*corner, side, side)
    axes.set_position(place.transformed(figure.transFigure.inverted()))


def _largest(
    side: float, spare: Callable[[float], tuple[float, Callable[[], float], Extent]], halvings: int
) -> tuple[float, Extent]:
    """Return the largest side that leaves room to spare, and the extent that it has."""
    largest, extent = _LEAST, (0.0, 0.0, 0.0, 0.0)
    for _ in range(_GROWING):
        left_over, grown, extent = spare(side)
        if 0 <= left_over < _NEAR or (left_over < 0 and side <= _LEAST):
            return side, extent
        largest = max(largest, side)
        side = max(_LEAST, side * grown())
    # Numbers that come and go make it jump to and fro: now all sizes are tried downwards.
    side, beyond = largest, largest
    for _ in range(_TRIALS):
        left_over, _, extent = spare(side)
        if left_over >= 0 or side <= _LEAST:
            break
        side, beyond = max(_LEAST, side * _SHRINK), side
    for _ in range(halvings if beyond > side else 0):
        if left_over < _NEAR:
            break
        between = 0.5 * (side + beyond)
        more, _, reached = spare(between)
        if more >= 0:
            side, left_over, extent = between, more, reached
        else:
            beyond = between
    return side, extent


def _views(axes: Axes3D, cameras: Sequence[Camera]) -> Iterator[View]:
    """Yield the view of each camera; the axes keep their own."""
    kept = axes.elev, axes.azim
    for elevation, azimuth in cameras:
        axes.elev, axes.azim = elevation, azimuth
        yield view_of(axes)
    axes.elev, axes.azim = kept


def _middle(axes: Axes3D) -> tuple[float, float]:
    box = axes.bbox
    return 0.5 * float(box.x0 + box.x1), 0.5 * float(box.y0 + box.y1)


def _enlarged(view: View, factor: float, middle: tuple[float, float]) -> View:
    """Return the view that axes `factor` times as large have around the same middle."""
    import numpy as np

    grown = np.diag([factor, factor, 1.0, 1.0])
    grown[:2, 3] = [(1 - factor) * part for part in middle]
    return View(grown @ view.matrix, view.eye)


def _union(extents: Sequence[Extent]) -> Extent:
    lefts, bottoms, rights, tops = zip(*extents, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
