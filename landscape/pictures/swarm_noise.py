"""What particles with noise do, frame by frame, beside what theory says of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.maps.hollows import hollows
from landscape.maps.langevin import Gibbs, falls_without_end, temperature
from landscape.maps.swarm import Swarm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.maps.places import Places

    Array = NDArray[Any]

__all__ = ["SEEN", "SHARES", "WARM_UP", "Held", "Theory", "counted", "held_in", "theory_of"]

SHARES = (0.5, 0.9)
"""How much of a stationary density lies within the lines that are drawn of it."""
SEEN = 5e-4
"""A share of particles that is not 0.0 %."""
WARM_UP = 1 / 3  # of the steps, before the density is measured
# Shares that differ from theory by more are worth a word: so much, and what chance alone makes.
_FAR, _CHANCE = 0.04, 3.0
_SKIP = 3  # points of the density's grid to one whose hollow is asked for


@dataclass(frozen=True, eq=False)
class Theory:
    """The stationary density of a rule with noise, by theory.

    Attributes: `temperature`; `gibbs`, the density; `shares` of it by the label of the hollow.
    """

    temperature: float
    gibbs: Gibbs
    shares: dict[int, float]


@dataclass(frozen=True, eq=False)
class Held:
    """Where the particles of a swarm with noise are in each frame.

    Attributes: `counts` by the label of the hollow; `within`, which part of all particles is
    within each of theory's lines (see SHARES), () where theory has none.
    """

    counts: tuple[dict[int, int], ...]
    within: tuple[tuple[float, ...], ...]

    def is_far(self, theory: Theory) -> bool:
        """Return whether the last frame is further from theory than chance explains."""
        last = self.counts[-1]
        total = sum(last.values())
        labels = {*last, *theory.shares}
        pairs = [(last.get(one, 0) / total, theory.shares.get(one, 0.0)) for one in labels]
        pairs += zip(self.within[-1], SHARES, strict=True)
        return any(
            abs(mine - share) > _FAR + _CHANCE * math.sqrt(share * (1 - share) / total)
            for mine, share in pairs
        )


def theory_of(
    swarm: Swarm, places: Places, *, needed: bool, report: Callable[[str], None]
) -> Theory | None:
    """Return what theory says of a swarm, None if it says nothing.

    Parameters: `needed` is whether the picture is one of densities; `report` is told why there is
    no theory if it is.

    Raises LandscapeError if it is needed and cannot be, as the loss has no lowest value.
    """
    paths = swarm.paths
    label = paths.optimizer.label or paths.optimizer.name
    heat = temperature(paths)
    if heat is None:
        if needed:
            report(
                f"{label}: theory has a stationary density for gradient descent, momentum and "
                "sgld at a constant rate; the particles' own is shown alone"
            )
        return None
    if falls_without_end(paths.surface):
        if needed:
            raise LandscapeError(
                f"the loss of {paths.surface.name} falls without end, so there is no density at "
                "which noise keeps the particles: leave --density out, or take a surface with a "
                "lowest value"
            )
        return None
    gibbs = Gibbs.of(paths.surface, heat)
    # The middle one of so many points each way tells the hollow of all of them.
    x, y = np.meshgrid(gibbs.xs[_SKIP // 2 :: _SKIP], gibbs.ys[_SKIP // 2 :: _SKIP])
    labels = hollows(places, swarm.calm, x.ravel(), y.ravel()).reshape(x.shape)
    rows, columns = gibbs.density.shape
    labels = labels.repeat(_SKIP, axis=0)[:rows].repeat(_SKIP, axis=1)[:, :columns]
    return Theory(heat, gibbs, gibbs.shares(labels))


def held_in(swarm: Swarm, places: Places, shown: Sequence[int], theory: Theory | None) -> Held:
    """Return where the particles of a swarm are at some steps: it is walked to the last of them."""
    levels = () if theory is None else tuple(theory.gibbs.levels(SHARES))
    wanted, counts, within = set(shown), [], []
    for k, (x, y) in enumerate(swarm.walk()):
        if k not in wanted:
            continue
        counts.append(counted(hollows(places, swarm.calm, x, y)))
        if theory is not None:
            density = theory.gibbs.at(x, y)
            within.append(tuple(float(np.mean(density >= level)) for level in levels))
        if k == shown[-1]:
            break
    return Held(tuple(counts), tuple(within))


def counted(labels: Array) -> dict[int, int]:
    """Return how many there are of each label."""
    found, counts = np.unique(labels, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))
