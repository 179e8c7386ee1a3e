"""The pens of a path on a surface: widths, colours and ends of all that is drawn of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from landscape.drawing.space_course import THIN

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase
    from matplotlib.transforms import Affine2D
    from numpy.typing import NDArray

    from landscape.drawing.space_track import SpaceTrack

    Array = NDArray[Any]

__all__ = ["CASE", "Pens"]

CASE = 1.8  # the width of the rim around a line, in that of the line
_FAINT = 0.5  # the opacity of what the surface hides
_DASHED = 0.8  # the width of hidden dashes, in that of the line
_MARKED = ("head", "head behind", "exit", "exit behind")  # kinds with an edge of its own colour


class Pens:
    """Draws lines and markers in the style of a path.

    Parameters: `track`, the path, whose lines end where its space is clipped; `scale`, the
    renderer's pixels for a point.
    """

    def __init__(self, track: SpaceTrack, scale: float) -> None:
        from matplotlib.colors import to_rgba

        style = track.style
        self._style, self._scale, self._space = style, scale, track.space
        self._color, self._edge = to_rgba(style.color), to_rgba(style.edge)
        self._pens: dict[str, GraphicsContextBase] = {}

    def line(
        self, renderer: RendererBase, kind: str, path: Any, dashed_from: float | None = None
    ) -> None:
        """Draw a path in pixels.

        Parameters: `kind` is "line", "case", "behind", "drop" or "drop behind"; it is dashed as a
        line that has come `dashed_from` pixels far.
        """
        pen = self._pen(renderer, kind)
        if dashed_from is not None:
            # As thin and as faint as what is not dashed, nobody would see the dashes.
            width = self._style.width
            pen.set_foreground(self._color, isRGBA=True)
            pen.set_linewidth(_DASHED * width)
            offset = dashed_from / self._scale % (6 * width)
            pen.set_dashes(offset, [3.2 * width, 2.8 * width])
        renderer.draw_path(pen, path, _identity(), None)

    def dots(self, renderer: RendererBase, places: Array) -> None:
        """Draw the dots of iterates at places (n, 2)."""
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        if len(places):
            size = Affine2D().scale(self._style.dot * self._scale / 2)
            pen, circle = self._pen(renderer, "dot"), Path.unit_circle()
            renderer.draw_markers(pen, circle, size, Path(places), _identity(), self._color)

    def marker(
        self,
        renderer: RendererBase,
        kind: str,
        marker: str,
        size: float,
        at: tuple[float, float],
        edge: float | None = None,
    ) -> None:
        """Draw a marker of a size in points.

        Parameters: `kind` is "head", "exit" or either with " behind"; `edge`, its width in points.
        """
        from matplotlib.path import Path

        pen = self._pen(renderer, kind)
        if edge is not None:
            pen.set_linewidth(edge)
        outline, transform = _sized(marker, size * self._scale)
        color = (*self._color[:3], _FAINT) if "behind" in kind else self._color
        renderer.draw_markers(pen, outline, transform, Path([at]), _identity(), color)

    def _pen(self, renderer: RendererBase, kind: str) -> GraphicsContextBase:
        """Return a pen, made once for a renderer."""
        pen = self._pens.get(kind)
        if pen is not None:
            return pen
        pen = self._pens[kind] = renderer.new_gc()
        style = self._style
        color = self._edge if kind in _MARKED or kind == "case" else self._color
        if "behind" in kind:
            color = (*color[:3], _FAINT)
        pen.set_foreground(color, isRGBA=True)
        # Transparent pieces must not lie on each other where they join.
        pen.set_capstyle("butt" if "behind" in kind or kind == "case" else "round")
        pen.set_joinstyle("miter" if kind in _MARKED else "round")
        widths = {
            "line": style.width,
            "case": CASE * style.width,
            "behind": THIN * style.width,
            "dot": 0.0,
            "head": 0.12 * style.head,
            "head behind": 0.12 * style.head,
            "exit": 0.12 * style.head,
            "exit behind": 0.12 * style.head,
            "drop": 0.7 * style.width,
            "drop behind": 0.5 * style.width,
        }
        pen.set_linewidth(widths[kind])
        if kind not in _MARKED:
            pen.set_clip_rectangle(self._space.clip)
        return pen


@lru_cache(maxsize=1)
def _identity() -> Affine2D:
    from matplotlib.transforms import Affine2D

    return Affine2D()


@lru_cache(maxsize=64)
def _sized(marker: str, size: float) -> tuple[Any, Any]:
    """Return a marker's outline and its transform for a size in pixels."""
    from matplotlib.markers import MarkerStyle

    style = MarkerStyle(marker)
    transform: Any = style.get_transform().frozen()
    return style.get_path(), transform.scale(size)
