"""The stationary density of noisy descent: Gibbs' exp(-loss/T), and how much of it lies where.

Noise with the deviation s in every step of a small rate lr makes of gradient descent the dynamics
dp = -grad dt + sqrt(2 T) dW with t = lr·steps and 2 T lr = s², whose stationary density is
exp(-loss/T): Langevin dynamics (Risken 1989, "The Fokker-Planck equation"). For `sgld` T is its
`temperature` (Welling & Teh 2011). Noise of deviation sigma on the gradient moves gradient descent
by s = lr·sigma, so T = lr sigma²/2; momentum mu adds up shocks and rates alike by 1/(1 - mu), so
T = lr sigma²/(2 (1 - mu)) (Mandt, Hoffman & Blei 2017, jmlr.org/papers/v18/17-214.html).

These are limits for small rates. On a quadratic with curvature k, the variance of gradient descent
is T/k · 1/(1 - lr k/2) at any stable rate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from landscape.optimizers.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from landscape.maps.walk import Paths
    from landscape.surfaces.surface import Bounds, Surface

    Array = NDArray[Any]

__all__ = ["Gibbs", "falls_without_end", "temperature"]

_CELLS = 300  # each way, of the grid on which the density is summed
# Rings about the domain, each twice as wide as the one before, and how many of the last ones tell
# whether the loss falls for ever.
_RINGS, _LAST, _TURNS = 20, 6, 720


def temperature(paths: Paths) -> float | None:
    """Return the temperature T that theory gives a noisy rule, None where it gives none.

    It knows gradient descent, momentum and sgld at a constant rate.
    """
    rule = paths.optimizer
    if not isinstance(rule, Rule) or rule.learning_rate is None or paths.batch or rule.batch:
        return None
    if rule.schedule or paths.schedule:
        return None
    shaken = rule.learning_rate * paths.noise**2 / 2
    found = None
    if rule.name == "sgld":
        found = rule.hyperparameters["temperature"] + shaken
    elif rule.name == "gd":
        found = shaken
    elif rule.name == "momentum" and set(rule.hyperparameters) == {"mu"}:
        mu = rule.hyperparameters["mu"]
        found = shaken / (1 - mu) if mu < 1 else None
    return found if found and found > 0 and math.isfinite(found) else None


def falls_without_end(surface: Surface) -> bool:
    """Return whether the loss falls for ever in some direction, so that exp(-loss/T) has no sum.

    It is asked for on rings, each twice as wide as the one before: what falls still on the last
    ones, to less than the domain has, has no lowest value.
    """
    import numpy as np

    (x0, x1), (y0, y1) = surface.bounds
    turn = np.linspace(0, 2 * np.pi, _TURNS, endpoint=False)
    lowest = []
    for k in range(_RINGS):
        x = 0.5 * (x0 + x1) + 2.0**k * (x1 - x0) * np.cos(turn)
        y = 0.5 * (y0 + y1) + 2.0**k * (y1 - y0) * np.sin(turn)
        with np.errstate(all="ignore"):
            ring = np.asarray(surface.value(x, y), np.float64)
        lowest.append(float(np.fmin.reduce(ring, initial=np.inf)))
    last = lowest[-_LAST:]
    if last[-1] == -math.inf:
        return True
    _, _, inside = surface.grid(_CELLS // 3, _CELLS // 3)
    falls = all(after < before for before, after in pairwise(last))
    return falls and last[-1] < float(np.fmin.reduce(inside, axis=None, initial=np.inf))


@dataclass(frozen=True, eq=False)
class Gibbs:
    """The density exp(-loss/T) on a domain, as a grid sees it.

    Attributes: `xs` (columns,), `ys` (rows,), the grid; `density` (rows, columns), which sums to 1
    over the grid's cells.
    """

    xs: Array
    ys: Array
    density: Array

    @classmethod
    def of(cls, surface: Surface, temperature: float, bounds: Bounds | None = None) -> Gibbs:
        """Return the density of a surface at a temperature, 0 where it has no value."""
        import numpy as np

        xs, ys, values = surface.grid(_CELLS, _CELLS, bounds)
        values = np.where(np.isfinite(values), values, np.inf)
        weight = np.exp(-(values - values.min()) / temperature)
        return cls(xs, ys, weight / weight.sum())

    def shares(self, labels: Array) -> dict[int, float]:
        """Return how much of the density lies where each label is.

        Parameters: `labels` (rows, columns) of the grid's points.
        """
        import numpy as np

        found = np.unique(labels)
        return {int(one): float(self.density[labels == one].sum()) for one in found}

    def levels(self, shares: Sequence[float]) -> list[float]:
        """Return the densities above which so large shares of all particles are found."""
        import numpy as np

        falling = np.sort(self.density.ravel())[::-1]
        held = np.cumsum(falling)
        places = np.minimum(np.searchsorted(held, shares), falling.size - 1)
        return [float(one) for one in falling[places]]

    def at(self, x: Array, y: Array) -> Array:
        """Return the density (n,) at the grid's point nearest to each place, 0 outside."""
        import numpy as np

        i = (x - self.xs[0]) / (self.xs[1] - self.xs[0]) + 0.5
        j = (y - self.ys[0]) / (self.ys[1] - self.ys[0]) + 0.5
        with np.errstate(invalid="ignore"):
            inside = (i >= 0) & (i < len(self.xs)) & (j >= 0) & (j < len(self.ys))
        found = np.zeros(len(x))
        found[inside] = self.density[j[inside].astype(int), i[inside].astype(int)]
        return found
