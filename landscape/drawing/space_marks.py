"""What stands still on a surface in three dimensions: its minima, saddles and starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from landscape.drawing.contour import rank_minima
from landscape.drawing.line import Area

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.relief.artist import SurfaceArtist
    from landscape.relief.field import Relief
    from landscape.relief.view import View
    from landscape.style import Theme
    from landscape.surfaces.surface import CriticalPoint, Surface

    Array = NDArray[Any]

__all__ = ["Mark", "draw_marks", "surface_marks"]

_MOST = 60
_SEEN = 1.4  # the least contrast of ink and surface
_RIM = 2.4  # the width of a rim, in that of the line
_FAINT = 0.35  # how much of a mark shows that the surface hides
_LETTER = 20.0  # its size in slide pixels


@dataclass(frozen=True)
class Mark:
    """Something that stands still at a place of the surface.

    Attributes: `at` (x, y, height); `marker`, `size`, `face`, `edge` and `width` as Matplotlib has
    them, sizes in points; `letter` above it, of a `height` in points, which `SpaceLetter` draws;
    `rim`, the colour around its lines, "" for none.
    """

    at: tuple[float, float, float]
    marker: str
    size: float
    face: str
    edge: str
    width: float
    letter: str = ""
    height: float = 0.0
    rim: str = ""


def surface_marks(
    surface: Surface,
    relief: Relief,
    paths: Sequence[Trajectory],
    theme: Theme,
    point: float,
    letters: Sequence[tuple[str, CriticalPoint]] = (),
) -> list[Mark]:
    """Return marks of the known minima, the saddles and the starts that lie on a surface.

    Parameters: `point` is the size in points of a slide's pixel; `letters` are those of minima.
    """
    best, others = rank_minima(surface)
    found = surface.visible_points()[:_MOST]
    saddles = [one for one in found if one.kind in ("saddle", "degenerate")]
    size = 30 * point * (1.0 if len(found) < 12 else 0.6)
    rim = theme.ground if _is_lost(theme) else ""
    named = {id(minimum): letter for letter, minimum in letters}
    names = {(one.x, one.y): letter for letter, one in letters}
    marks = []
    for group, share, face in ((best, 1.0, theme.star), (others[:_MOST], 0.75, theme.ground)):
        for one in group:
            letter = named.get(id(one)) or names.get((one.x, one.y), "")
            at = _on(relief, one.x, one.y)
            look = (share * size, face, theme.ink, 1.1 * point)
            marks.append(Mark(at, "*", *look, letter, _LETTER * point))
    for one in saddles:
        look = 0.4 * size, "none", theme.ink, 1.8 * point
        marks.append(Mark(_on(relief, one.x, one.y), "x", *look, rim=rim))
    starts = dict.fromkeys(tuple(path.points[0]) for path in paths)
    (x0, x1), (y0, y1) = surface.bounds
    ring = (22 if len(starts) < 5 else 15) * point
    for x, y in starts:
        if x0 <= x <= x1 and y0 <= y <= y1:
            look = ring, "none", theme.ink, 0.1 * ring
            marks.append(Mark(_on(relief, x, y), "o", *look, rim=rim))
    return [mark for mark in marks if mark.at[2] == mark.at[2]]


def _is_lost(theme: Theme) -> bool:
    """Return whether a fill of a theme hides lines of its ink (a contrast of WCAG 2 below 1.4)."""
    from matplotlib.colors import to_rgb

    def luminance(color: str) -> float:
        linear = [
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(color)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    ink = luminance(theme.ink)
    return any(max(ink / fill, fill / ink) < _SEEN for fill in map(luminance, theme.fills))


def _on(relief: Relief, x: float, y: float) -> tuple[float, float, float]:
    return float(x), float(y), float(relief.z_at([x], [y])[0])


def draw_marks(
    renderer: RendererBase, surface: SurfaceArtist, view: View, marks: Sequence[Mark]
) -> list[Area]:
    """Draw marks on a surface as it has been drawn, and return where; hidden ones are faint."""
    import numpy as np

    if not marks:
        return []
    places = view.project(np.array([mark.at for mark in marks]))
    behind = surface.hidden(places)
    for mark, place, hides in zip(marks, places, behind, strict=True):
        _draw(renderer, surface, mark, place[:2], _FAINT if hides else 1.0)
    scale = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # of one number
    return [
        (x, y, x, y, 0.5 * (mark.size + mark.width) * scale)
        for mark, (x, y) in zip(marks, places[:, :2].tolist(), strict=True)
    ]


def _draw(
    renderer: RendererBase, surface: SurfaceArtist, mark: Mark, at: Array, share: float
) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D

    scale = mark.size * float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # of one number
    outline, transform, fills = _sign(mark.marker)
    filled = mark.face != "none" and fills
    lines = [(mark.rim, _RIM * mark.width)] if mark.rim else []
    for color, width in (*lines, (mark.edge, mark.width)):
        pen = renderer.new_gc()
        pen.set_foreground(to_rgba(color, share), isRGBA=True)
        pen.set_linewidth(width)
        pen.set_joinstyle("miter")
        pen.set_clip_rectangle(surface.clip)
        renderer.draw_markers(
            pen,
            outline,
            transform.frozen().scale(scale),
            Path([at]),
            Affine2D(),
            to_rgba(mark.face, share) if filled else None,
        )
        pen.restore()


@lru_cache
def _sign(marker: str) -> tuple[Any, Any, bool]:
    """Return a marker's outline, its transform, and whether it is filled."""
    from matplotlib.markers import MarkerStyle

    style = MarkerStyle(marker)
    return style.get_path(), style.get_transform(), style.is_filled()
