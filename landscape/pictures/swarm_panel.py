"""The swarm of one rule in a picture, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.maps.fates import Fates
from landscape.maps.places import Places
from landscape.maps.swarm import Swarm
from landscape.pictures.basins_shares import shares_of
from landscape.pictures.swarm_noise import SEEN, SHARES, Held, Theory, counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer

    Array = NDArray[Any]

__all__ = ["SwarmPanel"]

_TOLD = 12  # places that a line names


@dataclass(frozen=True, eq=False)
class SwarmPanel:
    """The particles of one rule.

    Attributes: `swarm`, for all steps of the run; `fates` at its end; `shown`, the steps of the
    frames; `theory` of a rule with noise, None where there is none; `held`, where particles with
    noise are in each frame, None for others.
    """

    swarm: Swarm
    fates: Fates
    shown: tuple[int, ...]
    theory: Theory | None = None
    held: Held | None = None

    @property
    def rule(self) -> Optimizer:
        """The rule by which they go."""
        return self.swarm.paths.optimizer

    def counts(self, frame: int) -> dict[int, int]:
        """Return how many particles have arrived at each place by a frame, MOVING for the others.

        Those with noise never arrive: they are counted where they would come to rest without it.
        """
        return self._counts[frame]

    @cached_property
    def _counts(self) -> Sequence[dict[int, int]]:
        if self.held is not None:
            return self.held.counts
        return [counted(self.fates.at(step)) for step in self.shown]

    def numbers(self, places: Places) -> list[str]:
        """Return lines on the particles: where they end, and what theory says of it."""
        label = self.rule.label or self.rule.name
        said = [
            f"{label}: of {len(self.swarm)} particles {_told(places, counted(self.fates.labels))}"
        ]
        theory, held = self.theory, self.held
        if theory is None or held is None:
            return said
        seen = {one: part for one, part in theory.shares.items() if part >= SEEN}
        told = _told(places, {one: round(1e6 * part) for one, part in seen.items()})
        pairs = zip(SHARES, held.within[-1], strict=True)
        inside = ", ".join(f"{100 * mine:.1f} % ({100 * part:g} %)" for part, mine in pairs)
        said.append(f"{label}: by theory, exp(-loss/T) with T = {theory.temperature:.4g}, {told}")
        said.append(f"{label}: within the lines of theory at the end {inside}")
        if held.is_far(theory):
            said.append(
                f"{label}: that is far from theory: too few steps for them to pass from hollow to "
                "hollow, or too large a rate"
            )
        return said


def _told(places: Places, counts: Mapping[int, int]) -> str:
    """Return the places that have most, in their order, with their shares."""
    shares = dict(shares_of(counts))
    most = sorted(counts, key=lambda one: (-counts[one], one < 0, abs(one)))[:_TOLD]
    most.sort(key=lambda one: (one < 0, abs(one)))
    said = ", ".join(f"{places.name(one)} {shares[one]}" for one in most)
    rest = len(counts) - len(most)
    return said + (f", and {rest} more places" if rest else "")
