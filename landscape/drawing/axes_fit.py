"""How large the box of one's own mplot3d axes may be so that no number or name is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg
    from mpl_toolkits.mplot3d import Axes3D

    Box = tuple[float, float, float, float]

__all__ = ["fit_texts"]

_MARGIN = 3.0  # pixels that stay free
_NEAR = 0.5  # pixels: places that touch are beside each other
# How often a size is tried, how much smaller the next one is at least, and the least of all.
_TRIALS, _SHRINK, _LEAST = 16, 0.985, 0.3


def fit_texts(axes: Axes3D, sides: tuple[float, float, float], zoom: float) -> None:
    """Give axes a box of some sides, so large that their texts have room, times `zoom`.

    The room ends half-way to the axes beside them; where a layout engine moves axes later, at the
    edges of their own place.

    Parameters: `axes` on which nothing is drawn yet but themselves, with their limits, angles and
    names; `sides` of the box along x, y and height; `zoom` as that of `Axes3D.set_box_aspect`.
    """
    from matplotlib.backends.backend_agg import RendererAgg

    fitting = 1.0
    axes.set_box_aspect(sides, zoom=fitting)
    figure = axes.get_figure(root=True)
    if figure is not None and axes.get_visible():
        # Where mplot3d puts texts is known when they are drawn: the page is thrown away.
        width, height = figure.bbox.size.tolist()
        scratch = RendererAgg(width, height, figure.dpi)  # type: ignore[no-untyped-call]
        room = _room(axes, moves=figure.get_layout_engine() is not None)
        for _ in range(_TRIALS):
            share = _share(axes, scratch, room)
            if share >= 1 or fitting <= _LEAST:
                break
            fitting = max(_LEAST, fitting * min(share, _SHRINK))
            axes.set_box_aspect(sides, zoom=fitting)
    axes.set_box_aspect(sides, zoom=fitting * zoom)


def _room(axes: Axes3D, *, moves: bool) -> Box:
    """Return the pixels (x0, y0, x1, y1) in which texts of axes are seen."""
    own = _place(axes)
    figure = axes.get_figure(root=False)
    assert figure is not None
    x0, y0, x1, y1 = figure.bbox.extents
    if moves:  # mplot3d's axes are square, and an engine may put them close to each other
        across, up = 0.5 * (own[0] + own[2]), 0.5 * (own[1] + own[3])
        half = 0.5 * min(own[2] - own[0], own[3] - own[1])
        x0, y0, x1, y1 = across - half, up - half, across + half, up + half
    for left, bottom, right, top in _neighbours(axes):
        if bottom < own[3] - _NEAR and top > own[1] + _NEAR:
            if left >= own[2] - _NEAR:
                x1 = min(x1, 0.5 * (left + own[2]))
            elif right <= own[0] + _NEAR:
                x0 = max(x0, 0.5 * (right + own[0]))
        if left < own[2] - _NEAR and right > own[0] + _NEAR:
            if bottom >= own[3] - _NEAR:
                y1 = min(y1, 0.5 * (bottom + own[3]))
            elif top <= own[1] + _NEAR:
                y0 = max(y0, 0.5 * (top + own[1]))
    return x0 + _MARGIN, y0 + _MARGIN, x1 - _MARGIN, y1 - _MARGIN


def _neighbours(axes: Axes3D) -> list[Box]:
    """Return the places of other axes, and those in the grid of axes that there may be later."""
    figure, root = axes.get_figure(root=False), axes.get_figure(root=True)
    assert figure is not None
    assert root is not None
    found = [_place(one) for one in root.get_axes() if one is not axes and one.get_visible()]
    spec = axes.get_subplotspec()
    if spec is not None:
        bottoms, tops, lefts, rights = spec.get_gridspec().get_grid_positions(figure)
        for bottom, top in zip(bottoms, tops, strict=True):
            for left, right in zip(lefts, rights, strict=True):
                (x0, y0), (x1, y1) = figure.transSubfigure.transform([(left, bottom), (right, top)])
                found.append((float(x0), float(y0), float(x1), float(y1)))
    return found


def _place(axes: Axes) -> Box:
    """Return the pixels (x0, y0, x1, y1) that axes were given, which square ones do not fill."""
    figure = axes.get_figure(root=False)
    assert figure is not None
    place = axes.get_position(original=True).transformed(figure.transSubfigure)
    x0, y0, x1, y1 = place.extents
    return x0, y0, x1, y1


def _share(axes: Axes3D, renderer: RendererAgg, room: Box) -> float:
    """Return how much smaller what is drawn would have to be to fit into a room, 1 if it does."""
    if not getattr(axes, "_axis3don", True):  # after set_axis_off there are no texts
        return 1.0
    axes.draw(renderer)
    x, y = (0.5 * sum(pair) for pair in (axes.bbox.intervalx, axes.bbox.intervaly))
    share = 1.0
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        box = axis.get_tightbbox(renderer) if axis.get_visible() else None
        if box is None or not box.width:
            continue
        ways = [
            (box.x0 - x, room[0] - x),
            (box.x1 - x, room[2] - x),
            (box.y0 - y, room[1] - y),
            (box.y1 - y, room[3] - y),
        ]
        # A text beyond the room is on the room's side of the axes' middle.
        over = [side / end for end, side in ways if abs(end) > abs(side) and end * side > 0]
        share = min([share, *over])
    return share
