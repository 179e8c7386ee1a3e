"""The colours of particles: the hues of basins, bright where they glow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from landscape.maps.places import MOVING, circled_by
from landscape.pictures.basins_colors import HUES, BasinColors, choose_hues
from landscape.style import Theme

if TYPE_CHECKING:
    from landscape.pictures.swarm import Swarms

__all__ = ["DIM", "GLOW", "SHINE", "SwarmColors", "colors_of", "mixed"]

DIM = {"dark": 0.52, "light": 0.55}
"""How much of the ground is in the levels."""
SHINE, GLOW = {"dark": 0.75, "light": 0.35}, {"dark": "#ffffff", "light": "#000000"}
_PALER = 0.35  # how grey they are
_MOST_EXACT = 10  # labels of which a palette has all shades
# The hues of basins, in their order, as bright as light is.
_BRIGHT = (
    "#3fa9ff", "#ffb01f", "#1fd6a0", "#ff8fd2", "#9fe4ff", "#ff7440", "#fff27a", "#a68cff",
)  # fmt: skip


class SwarmColors(BasinColors):
    """The colours of particles: the hues of basins, brighter on a dark page, where they glow."""

    def color(self, label: int) -> tuple[float, float, float]:
        """Return the colour of particles with a label.

        Who circles a minimum is a little paler, where each minimum has a colour of its own.
        """
        around = circled_by(label)
        if around is not None:
            full = to_hex(self.color(around))
            if len(self.hues) - len(self.pale) > HUES:
                r, g, b = to_rgb(full)
                return r, g, b
            r, g, b = to_rgb(mixed(full, self.theme.faint, _PALER))
            return r, g, b
        if label >= 0 and label not in self.pale and self.theme.name == "dark":
            r, g, b = to_rgb(_BRIGHT[self.hues.get(label, 0)])
            return r, g, b
        if label == MOVING:
            # It must be seen on the levels, as a map's cells need not.
            r, g, b = to_rgb(mixed(self.theme.faint, self.theme.ground, 0.4))
            return r, g, b
        r, g, b = self.table(label)[self.shades // 2].tolist()
        return r, g, b

    def flat(self, label: int) -> tuple[float, float, float]:
        """Return the colour that stands for a label in the legend: that of its particles."""
        return self.color(label)

    def exact(self, ready: Swarms) -> list[str]:
        """Return the colours that a palette must have: particles, their crowds and trails."""
        labels = {label for one in ready.panels for label in np.unique(one.fates.labels).tolist()}
        colors = [to_hex(self.color(label)) for label in sorted(labels)][:_MOST_EXACT]
        glow, shine = GLOW[self.theme.name], SHINE[self.theme.name]
        ground = mixed(self.theme.fills[1], self.theme.ground, DIM[self.theme.name])
        crowds = [mixed(one, glow, shine * k / 4) for one in colors for k in range(1, 5)]
        trails = [mixed(one, ground, k / 8) for one in colors for k in range(1, 8)]
        return [str(one) for one in (*colors, *crowds, *trails)]


def colors_of(ready: Swarms, theme: Theme) -> SwarmColors:
    """Return the colours of a picture: minima have the first hues, reached or not."""
    places = ready.places
    lows = [k for k, sign in enumerate(places.letters) if sign]
    others = [k for k in range(len(places)) if k not in lows]
    scale = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    return SwarmColors(theme, choose_hues(places, [*lows, *others]), frozenset(others), scale)


def mixed(color: str, other: str, share: float) -> str:
    """Return a colour with a share of another one in it."""
    pairs = zip(to_rgb(color), to_rgb(other), strict=True)
    red, green, blue = ((1 - share) * a + share * b for a, b in pairs)
    return str(to_hex((red, green, blue)))
