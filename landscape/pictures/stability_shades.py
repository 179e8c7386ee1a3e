"""The colours of the cells of maps of settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.sheet import Sheet
from landscape.pictures.stability import Panel, Stability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Shades", "late_look", "left_look", "lost_look"]

_COLORS = "viridis_r"
_LATE = 0.55  # how much of the ink is in the colour of what has not arrived
_LEFT = 0.08
# Losses this much smaller than the largest have one colour: they would take the colours of the
# rest.
_DEEPEST = 1e-100
_HIGHEST = 1e300


class Shades:
    """The colours of the cells, the same in all panels.

    Attributes: `metric`; `any`, whether a cell has a colour of the scale; `low` and `high`, the
    ends of the scale, above `zero`, which is the loss at the minimum if that is `known`, else the
    lowest there is; `lost`, `gone` and `late` of each panel, which cells are lost, are so because
    they have left, and have not arrived.
    """

    def __init__(self, ready: Stability) -> None:
        recipe = ready.recipe
        self.metric = recipe.metric
        self.zero, self.known = 0.0, True
        self._order = ready.panels
        maps = [panel.map for panel in ready.panels]
        if self.metric == "steps":
            self._values = [one.arrivals(recipe.average) for one in maps]
        else:
            self._values = [one.losses(recipe.average) for one in maps]
            minima = ready.setting.surface.minima
            self.known = bool(minima)
            good = [one[np.isfinite(one)] for one in self._values]
            least = min((float(one.min()) for one in good if one.size), default=0.0)
            known = minima[0].value if minima else 0.0
            self.known &= least >= known - 1e-9 * abs(known)
            self.zero = known if self.known else least
            self._values = [np.maximum(one - self.zero, 0.0) for one in self._values]
        self.lost = [np.isinf(one.losses(recipe.average)) for one in maps]
        self.gone = [one.gone(recipe.average) for one in maps]
        self.late = [
            np.isinf(one) & ~lost for one, lost in zip(self._values, self.lost, strict=True)
        ]
        found = np.concatenate([one[np.isfinite(one) & (one > 0)] for one in self._values])
        self.any = any(np.isfinite(one).any() for one in self._values)
        if found.size:
            high = min(float(found.max()), _HIGHEST)
            low = max(float(np.quantile(found, 0.002)), _DEEPEST * high)
            self.low, self.high = (low, high) if low < 0.999 * high else (low / 2, high * 2)
        else:
            self.low, self.high = 0.1, 1.0
        from matplotlib import colormaps

        self.colors = colormaps[_COLORS]

    def paint(self, panel: Panel, sheet: Sheet) -> Array:
        """Return the picture (rows, columns, 4) of a panel, clear where it diverged."""
        k = self._order.index(panel)
        values = self._values[k]
        with np.errstate(divide="ignore"):
            u = np.log(np.clip(values, self.low, self.high) / self.low)
        u = np.nan_to_num(u / math.log(self.high / self.low))
        painted: Array = self.colors(np.clip(u, 0, 1))
        painted[np.isinf(values)] = (*_mixed(sheet, _LATE), 1.0)
        painted[self.lost[k]] = (0, 0, 0, 0)
        painted[self.gone[k]] = (*_mixed(sheet, _LEFT), 1.0)
        return painted


def _mixed(sheet: Sheet, share: float) -> tuple[float, float, float]:
    """Return the ink's colour with so much of it in the ground."""
    from matplotlib.colors import to_rgb

    ground, ink = np.array(to_rgb(sheet.theme.ground)), np.array(to_rgb(sheet.theme.faint))
    red, green, blue = (ground + share * (ink - ground)).tolist()
    return red, green, blue


def late_look(sheet: Sheet) -> dict[str, Any]:
    """Return how a cell is drawn whose paths have not arrived, as arguments of a rectangle."""
    return {"facecolor": _mixed(sheet, _LATE), "edgecolor": "none"}


def left_look(sheet: Sheet) -> dict[str, Any]:
    """Return how a cell is drawn whose paths have left the domain."""
    return {"facecolor": _mixed(sheet, _LEFT), "edgecolor": _mixed(sheet, 0.5)}


def lost_look(sheet: Sheet) -> dict[str, Any]:
    """Return how the ground is drawn, which is seen where paths diverged."""
    return {
        "facecolor": _mixed(sheet, 0.22),
        "edgecolor": _mixed(sheet, 0.5),
        "hatch": "//",
        "linewidth": 0,
    }
