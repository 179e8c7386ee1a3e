"""The box around a surface in three dimensions: panes, grid, ticks, numbers and names.

It is drawn under the projection of an mplot3d axes, from the view's matrix alone, because the axes'
own box takes longer to draw than the surface. A pane is any side of the box that shows its inner
side: it comes and goes where it is seen edge-on, so that nothing jumps while the camera turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from landscape.drawing.crate_labels import point_size
from landscape.drawing.crate_layout import FACES, projected
from landscape.drawing.crate_placing import TICK, Placing, Seen, Written
from landscape.drawing.pen import DPI
from landscape.drawing.ticks import Ticks
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase
    from matplotlib.transforms import Affine2D, Bbox
    from numpy.typing import NDArray

    from landscape.relief.view import View

    Array = NDArray[Any]

__all__ = ["Crate"]

Range = tuple[float, float]
Color = tuple[float, float, float]

# The lines' widths in slide pixels.
_AXIS, _OUTLINE, _GRID = 1.3, 1.0, 0.9
# Shares of the faint colour in that of floor and ceiling, walls, grid and outlines.
_TINTS = {"floor": 0.09, "wall": 0.055, "grid": 0.26, "outline": 0.45, "axis": 1.0}
_FLOOR = 4  # the first of the two level faces


class Crate:
    """The box with its panes, grid, ticks, numbers and names.

    Parameters: `ranges` of x, y and height, ascending; `ticks` of each, which may be mathtext;
    `names` of the axes, mathtext between dollar signs, "" for none; `theme`; `unit`, the size of a
    pixel of the 1280×720 slide here at 100 dots per inch.

    Attributes: `clip`, the rectangle that nothing of it is drawn beyond, None for the whole canvas;
    a text that would be cut there is left out.
    """

    def __init__(
        self,
        ranges: tuple[Range, Range, Range],
        ticks: tuple[Ticks, Ticks, Ticks],
        names: tuple[str, str, str],
        theme: Theme,
        unit: float,
    ) -> None:
        self.ranges, self.ticks, self.names, self.theme = ranges, ticks, names, theme
        self._point = unit * 72 / DPI
        self._colors = _colors(theme)
        self._placing = Placing(ranges, ticks, names, theme.ink, self._point)
        self._grids = [self._grid(*divmod(face, 2)) for face in range(6)]
        self._last: tuple[object, Seen] | None = None
        self.clip: Bbox | None = None

    def back(self, renderer: RendererBase, view: View) -> None:
        """Draw what lies behind the surface: the panes and their grid."""
        seen = self.seen(renderer, view)
        panes = [face for face, inside in enumerate(seen.inside) if inside]
        renderer.open_group("crate-back")
        for face in panes:
            self._fill(renderer, seen.corners[list(FACES[face])], face)
        grids = [self._grids[face] for face in panes]
        self._stroke(renderer, [projected(_joined(grids), view.matrix)], "grid", _GRID)
        # An edge that the numbers' edge hides: lines lead from there to the numbers.
        leaders = [
            _pairs(ticks, ticks + edge.away * edge.outward)
            for edge, ticks in ((edge, seen.ticks(edge)) for edge in seen.edges)
            if edge.away > 1.0
        ]
        self._stroke(renderer, leaders, "outline", _GRID)
        sides = {
            tuple(sorted((FACES[face][k - 1], FACES[face][k]))) for face in panes for k in range(4)
        }
        outline = [seen.corners[list(pair)] for pair in sorted(sides)]
        self._stroke(renderer, outline, "outline", _OUTLINE)
        renderer.close_group("crate-back")

    def front(self, renderer: RendererBase, view: View) -> None:
        """Draw the edges that have numbers, with ticks, numbers and names."""
        seen = self.seen(renderer, view)
        length = TICK * self._pixel(renderer)
        renderer.open_group("crate-front")
        lines = []
        for edge in seen.edges:
            near = seen.ticks(edge) + edge.away * edge.outward
            lines += [edge.ends, _pairs(near, near + length * edge.outward)]
        self._stroke(renderer, lines, "axis", _AXIS)
        pen = self._pen(renderer)
        for one in self.texts(renderer, view):
            one.label.draw(renderer, pen, one.place.x0, one.place.y0)
        pen.restore()
        renderer.close_group("crate-front")

    def texts(self, renderer: RendererBase, view: View) -> list[Written]:
        """Return the numbers and names that are drawn."""
        written = self.seen(renderer, view).written
        if self.clip is None:
            return list(written)
        # What is not whole where things are drawn is left out: no text is cut.
        x0, y0, x1, y1 = self.clip.extents
        return [
            one
            for one in written
            if one.place.x0 >= x0
            and one.place.y0 >= y0
            and one.place.x1 <= x1
            and one.place.y1 <= y1
        ]

    def write_over(self, renderer: RendererBase, texts: Sequence[Written]) -> float:
        """Write texts above what lies on them; return how far they reach beyond their places.

        A rim of the page's ground is around them.
        """
        pen = self._pen(renderer)
        reach = 0.0
        for one in texts:
            one.label.draw(renderer, pen, one.place.x0, one.place.y0, self.theme.ground)
            reach = max(reach, one.label.rim(renderer))
        pen.restore()
        return reach

    def extent(self, renderer: RendererBase, view: View) -> tuple[float, float, float, float]:
        """Return the box (x0, y0, x1, y1) of all that is drawn, in canvas pixels."""
        x0, y0, x1, y1 = self.bare(renderer, view)
        places = [one.place for one in self.seen(renderer, view).written]
        return (
            min([x0, *(place.x0 for place in places)]),
            min([y0, *(place.y0 for place in places)]),
            max([x1, *(place.x1 for place in places)]),
            max([y1, *(place.y1 for place in places)]),
        )

    def bare(self, renderer: RendererBase, view: View) -> tuple[float, float, float, float]:
        """Return the box (x0, y0, x1, y1) of the crate without ticks and letters."""
        corners = self.seen(renderer, view).corners
        rim = _AXIS * self._pixel(renderer)
        (x0, y0), (x1, y1) = corners.min(axis=0) - rim, corners.max(axis=0) + rim
        return float(x0), float(y0), float(x1), float(y1)

    def seen(self, renderer: RendererBase, view: View) -> Seen:
        """Return where everything is for a camera."""
        key = view.matrix.tobytes(), type(renderer), point_size(renderer)
        if self._last is None or self._last[0] != key:
            placed = self._placing.arrange(renderer, view.matrix, self._pixel(renderer))
            self._last = key, placed
        return self._last[1]

    def _grid(self, axis: int, side: int) -> Array:
        """Return the ends (2n, 3) of the grid's lines on a face."""
        import numpy as np

        lines = [np.empty((0, 3))]
        for across, up in (((axis + 1) % 3, (axis + 2) % 3), ((axis + 2) % 3, (axis + 1) % 3)):
            for at in self.ticks[across].places:
                if at in self.ranges[across]:
                    continue  # an edge of the box
                pair = np.empty((2, 3))
                pair[:, axis] = self.ranges[axis][side]
                pair[:, across] = at
                pair[:, up] = self.ranges[up]
                lines.append(pair)
        return np.concatenate(lines)

    def _pen(self, renderer: RendererBase) -> GraphicsContextBase:
        pen = renderer.new_gc()
        if self.clip is not None:
            pen.set_clip_rectangle(self.clip)
        return pen

    def _pixel(self, renderer: RendererBase) -> float:
        """Return the size of a pixel of the slide in canvas pixels."""
        return self._point * point_size(renderer)

    def _fill(self, renderer: RendererBase, ring: Array, face: int) -> None:
        import numpy as np
        from matplotlib.path import Path

        pen = self._pen(renderer)
        pen.set_linewidth(0)
        color = self._colors["floor" if face >= _FLOOR else "wall"]
        outline = Path(np.concatenate([ring, ring[:1]]), closed=True)
        renderer.draw_path(pen, outline, _identity(), color)
        pen.restore()

    def _stroke(
        self, renderer: RendererBase, lines: Sequence[Array], color: str, width: float
    ) -> None:
        """Draw lines between pairs of points (2n, 2) in canvas pixels."""
        from matplotlib.path import Path

        ends = _joined(lines)
        if not len(ends):
            return
        pen = self._pen(renderer)
        pen.set_foreground(self._colors[color])
        pen.set_linewidth(width * self._point)
        # Snapped lines would jerk as the camera turns.
        pen.set_snap(False)
        codes = [Path.MOVETO, Path.LINETO] * (len(ends) // 2)
        renderer.draw_path(pen, Path(ends, codes), _identity(), None)
        pen.restore()


def _colors(theme: Theme) -> dict[str, Color]:
    from matplotlib.colors import to_rgb

    ground, faint = to_rgb(theme.ground), to_rgb(theme.faint)

    def mixed(share: float) -> Color:
        red, green, blue = (a + share * (b - a) for a, b in zip(ground, faint, strict=True))
        return red, green, blue

    return {name: mixed(share) for name, share in _TINTS.items()}


def _joined(parts: Sequence[Array]) -> Array:
    import numpy as np

    return np.concatenate(parts) if parts else np.empty((0, 2))


def _pairs(starts: Array, ends: Array) -> Array:
    """Return the ends (2n, 2) of lines, one after the other."""
    import numpy as np

    return np.stack([starts, ends], axis=1).reshape(-1, 2)


@lru_cache(maxsize=1)
def _identity() -> Affine2D:
    from matplotlib.transforms import Affine2D

    return Affine2D()
