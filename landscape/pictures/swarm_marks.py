"""Letters at minima, and signs at other places where particles are, above everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.transforms import IdentityTransform

from landscape.drawing.pen import DPI
from landscape.drawing.sheet import Sheet
from landscape.pictures.basins_words import SIGNS
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text

    from landscape.drawing.space import Space
    from landscape.pictures.swarm import SwarmPanel, Swarms

__all__ = ["Marks"]

_MOST_LETTERS = 30
_FAINT = 0.5  # how much shows of the letter of a place that the surface hides
_ABOVE = 19.0  # a letter over its minimum, in slide pixels


class Marks(Artist):
    """Draws letters at minima, and signs at other places where particles are."""

    def __init__(
        self,
        ready: Swarms,
        panel: SwarmPanel,
        sheet: Sheet,
        box: tuple[int, int, int, int],
        space: Space | None,
    ) -> None:
        super().__init__()
        self.set_zorder(6.0)
        self._sheet, self._box, self._space = sheet, box, space
        places = ready.places
        (x0, x1), (y0, y1) = ready.surface.bounds
        reached = set(np.unique(panel.fates.labels).tolist())
        theme, unit = sheet.theme, sheet.unit
        self._texts: list[tuple[tuple[float, float], Text]] = []
        taken: list[tuple[float, float]] = []
        if sum(map(bool, places.letters)) > _MOST_LETTERS:
            return  # they would hide what they name
        for k, (one, kind) in enumerate(zip(places.points, places.kinds, strict=True)):
            said = places.letters[k] or (SIGNS[kind][0] if k in reached else "")
            inside = x0 <= one.x <= x1 and y0 <= one.y <= y1
            if not said or not inside:
                continue
            spot = (one.x - x0) / (x1 - x0) * box[2], (one.y - y0) / (y1 - y0) * box[3]
            if any(np.hypot(spot[0] - u, spot[1] - v) < 24 * unit for u, v in taken):
                continue
            taken.append(spot)
            # Above the particles that gather there, where there is room.
            up = _ABOVE if spot[1] + 2 * _ABOVE * unit < box[3] else -_ABOVE
            text = sheet.text(
                *(box[0] + spot[0], box[1] + spot[1] + up * unit, said, 20, theme.ink),
                ha="center", va="center", fontweight="bold",
            )  # fmt: skip
            text.set_visible(False)  # until it is drawn here
            text.set_path_effects(_halo(theme, 3.2 * sheet.point))
            self._texts.append(((one.x, one.y), text))

    def draw(self, renderer: RendererBase) -> None:
        """Draw the letters."""
        if not self.get_visible():
            return
        for place, text in self._texts:
            if self._space is not None and not self._put(self._space, place, text):
                continue
            text.set_visible(True)
            text.draw(renderer)
            text.set_visible(False)
        self.stale = False

    def _put(self, space: Space, place: tuple[float, float], text: Text) -> bool:
        """Put a letter where its place is, faint if that is hidden; return whether it is known."""
        height = float(space.relief.z_at([place[0]], [place[1]])[0])
        seen = space.view.project([[*place, height]])
        if not np.isfinite(seen).all():
            return False
        above = _ABOVE * self._sheet.unit * self._sheet.figure.dpi / DPI
        text.set_transform(IdentityTransform())
        text.set_position((float(seen[0, 0]), float(seen[0, 1]) + above))
        text.set_alpha(_FAINT if space.hidden(seen)[0] else None)
        return True


def _halo(theme: Theme, width: float) -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground=theme.ground)]
