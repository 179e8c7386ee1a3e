"""The colours of basins: a hue for each, its lightness for the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.maps.places import (
    DIVERGED,
    LEFT,
    MOVING,
    PLATEAU,
    REST,
    UNDEFINED,
    Places,
    circled_by,
)
from landscape.style import Theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["HUES", "BasinColors", "choose_hues", "step_scale"]

# Okabe and Ito's hues, those that can be lightened and darkened. Green and pink, which are one grey
# for who cannot tell red from green, are apart in lightness, and so are the other pairs.
_PALETTE = (
    "#0072b2", "#e69f00", "#007a58", "#eaa9d0", "#6cc4f5", "#b84a00", "#ede04a", "#6a55c2",
)  # fmt: skip
HUES = len(_PALETTE)
# Lightness (OKLab's L) of the starts that arrive first and last, about that of their colour.
_LIGHTER, _DARKER = 0.13, 0.19
_LIGHTEST, _DARKEST = 0.93, 0.34
_PALE = 0.35  # how much colour saddles and maxima keep
# What circles a minimum: how far on the way to the palest lightness, and how much colour is kept.
_FADED, _PALEST, _FADED_COLOR = 0.55, 0.96, 0.7
# What is no basin: grey, apart in lightness, on a light and on a dark page.
_GREYS = {
    "light": {MOVING: "#dde1e5", REST: "#b3bac2", PLATEAU: "#e8ddc8", LEFT: "#7d858f",
              DIVERGED: "#23272d", UNDEFINED: "#ffffff"},
    "dark": {MOVING: "#505a65", REST: "#76818c", PLATEAU: "#6b5d45", LEFT: "#a3acb6",
             DIVERGED: "#050607", UNDEFINED: "#14181d"},
}  # fmt: skip

# Ottosson 2020, "A perceptual color space for image processing".
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def choose_hues(places: Places, reached: Sequence[int]) -> dict[int, int]:
    """Return a hue (0 … HUES - 1) for each of some places, in their order.

    The first ones have hues of their own; further ones have those that are farthest away on the
    surface, so that neighbours differ.
    """
    (x0, x1), (y0, y1) = places.surface.bounds
    spots = [((one.x - x0) / (x1 - x0), (one.y - y0) / (y1 - y0)) for one in places.points]
    hues: dict[int, int] = {}
    for k in reached:
        crowd = [0.0] * HUES
        for j, hue in hues.items():
            apart = (spots[k][0] - spots[j][0]) ** 2 + (spots[k][1] - spots[j][1]) ** 2
            crowd[hue] += 1 / max(apart, 1e-12) ** 2
        hues[k] = crowd.index(min(crowd))
    return hues


def step_scale(steps: Array) -> tuple[Array, Array]:
    """Return steps in ascending order and the shade of each, from 0 for few to 1 for many.

    Half of a shade is the logarithm of the steps and half their rank: so the shades of a fast rule
    differ as well, beside a slow one whose steps are those that most starts have.
    """
    ends = np.quantile(steps, np.linspace(0.02, 0.98, 33)) if steps.size else np.array([0.0, 1.0])
    knots, first = np.unique(ends, return_index=True)
    if knots.size < 2:
        return np.array([knots[0], knots[0] + 1.0]), np.array([0.0, 1.0])
    ranks = first / first[-1]
    logs = np.log1p(knots)
    return knots, 0.5 * ranks + 0.5 * (logs - logs[0]) / (logs[-1] - logs[0])


@dataclass(frozen=True, eq=False)
class BasinColors:
    """Colours of a picture's maps.

    Attributes: `theme`; `hues` by label; `pale`, labels of saddles and maxima; `scale`, steps
    in ascending order and the shade of each from 0 to 1 (see `step_scale`); `shades`, how many
    there are.
    """

    theme: Theme
    hues: dict[int, int]
    pale: frozenset[int]
    scale: tuple[Array, Array]
    shades: int = 64

    def table(self, label: int) -> Array:
        """Return the shades of a label (shades, 3), sRGB from 0 to 1, few steps first."""
        around = circled_by(label)
        if around is not None:
            return np.repeat(self._faded(around)[None], self.shades, axis=0)
        if label < 0:
            grey = _rgb(_GREYS[self.theme.name][label])
            return np.repeat(grey[None], self.shades, axis=0)
        lab = _lab(_rgb(_PALETTE[self.hues.get(label, 0)]))
        if label in self.pale:
            lab = lab * [1.0, _PALE, _PALE]
        return _ramp(lab, self.shades)

    def _faded(self, place: int) -> Array:
        """Return the colour of paths that circle a place: its own, made pale."""
        lab = _lab(_rgb(_PALETTE[self.hues.get(place, 0)]))
        light = lab[0] + _FADED * (_PALEST - lab[0])
        return _encoded(_from_lab(np.array([light, *(_FADED_COLOR * lab[1:])])).clip(0, 1))

    def flat(self, label: int) -> tuple[float, float, float]:
        """Return the colour that stands for a label in a legend."""
        r, g, b = self.table(label)[self.shades // 3].tolist()
        return r, g, b

    def greys(self) -> Array:
        """Return the shades of the scale of steps, without a hue."""
        return _ramp(np.array([0.62, 0.0, 0.0]), self.shades)

    def shade(self, steps: Array) -> Array:
        """Return which shade so many steps have."""
        share = np.interp(np.log1p(steps), np.log1p(self.scale[0]), self.scale[1])
        found: Array = (share * (self.shades - 1) + 0.5).astype(np.int64)
        return found

    def steps_at(self, share: float) -> float:
        """Return the steps that have a shade from 0 to 1."""
        return float(np.expm1(np.interp(share, self.scale[1], np.log1p(self.scale[0]))))

    def paint(self, labels: Array, steps: Array, pixels: tuple[int, int]) -> Array:
        """Return the picture of a map (height, width, 3), uint8, the highest row first.

        Parameters: `labels` and `steps` (rows, columns), the lowest row first; `pixels` (width,
        height). Where there are fewer cells than pixels, a pixel has the cell that it lies in;
        where there are more, it is the mean of its cells' light.
        """
        known = np.unique(labels)
        tables = np.stack([self.table(int(label)) for label in known])
        (rows, columns), (width, height) = labels.shape, pixels
        across, up = _edges(columns, width), _edges(rows, height)
        if across is None and up is None:
            rgb = tables[np.searchsorted(known, labels), self.shade(steps)]
            picture = (255 * rgb + 0.5).astype(np.uint8)
        else:
            picture = self._mean(known, tables, labels, steps, across, up)
        if across is None:
            picture = picture[:, np.arange(width) * columns // width]
        if up is None:
            picture = picture[np.arange(height) * rows // height]
        return np.ascontiguousarray(picture[::-1])

    def _mean(
        self,
        known: Array,
        tables: Array,
        labels: Array,
        steps: Array,
        across: Array | None,
        up: Array | None,
    ) -> Array:
        """Return the means over cells that share a pixel, a row of pixels at a time."""
        light = _linear(tables)
        first = np.arange(labels.shape[1]) if across is None else across
        lower = np.arange(labels.shape[0]) if up is None else up
        wide = np.diff(np.append(first, labels.shape[1]))[:, None]
        rows = []
        for low, high in zip(lower, np.append(lower[1:], labels.shape[0]), strict=True):
            part = slice(low, high)
            cells = light[np.searchsorted(known, labels[part]), self.shade(steps[part])].mean(
                axis=0
            )
            rows.append(np.add.reduceat(cells, first, axis=0) / wide)
        return (255 * _encoded(np.stack(rows)) + 0.5).astype(np.uint8)


def _edges(cells: int, pixels: int) -> Array | None:
    """Return the first cell of each pixel, None if no pixel has several."""
    return None if cells <= pixels else np.arange(pixels) * cells // pixels


def _ramp(lab: Array, count: int) -> Array:
    """Return shades of a colour from light to dark, sRGB."""
    light = min(lab[0] + _LIGHTER, _LIGHTEST)
    dark = max(lab[0] - _DARKER, _DARKEST)
    share = np.linspace(0, 1, count)[:, None]
    shades = np.repeat(lab[None], count, axis=0)
    shades[:, :1] = light + (dark - light) * share
    # Light and dark colours have less colour in them.
    shades[:, 1:] *= 1 - 0.45 * np.abs(2 * share - 1) ** 2
    return _encoded(_from_lab(shades).clip(0, 1))


def _rgb(text: str) -> Array:
    return np.array([int(text[k : k + 2], 16) / 255 for k in (1, 3, 5)])


def _linear(rgb: Array) -> Array:
    found: Array = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return found


def _encoded(light: Array) -> Array:
    found: Array = np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055
    )
    return found


def _lab(rgb: Array) -> Array:
    found: Array = _TO_LAB @ np.cbrt(_TO_LMS @ _linear(rgb))
    return found


def _from_lab(lab: Array) -> Array:
    found: Array = (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T
    return found
