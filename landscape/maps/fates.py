"""What becomes of the particles of a swarm, and when each is where it stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.maps.hollows import Circles, hollows
from landscape.maps.outcomes import OUTCOMES, Outcomes
from landscape.maps.places import CIRCLING, DIVERGED, LEFT, MOVING, UNDEFINED, Places
from landscape.maps.survey import is_noisy
from landscape.maps.swarm import Swarm, is_random

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Fates"]

_NEAR = 0.012  # domains from its end, within which a particle has arrived
# Who circles a minimum has arrived when it is as near as it stays in this part of the steps.
_LAST = 0.25


@dataclass(frozen=True, eq=False)
class Fates:
    """What becomes of the particles of a swarm.

    Attributes: `labels` (n,), int16, as in a map of basins from the same starts; `arrivals` (n,),
    the step from which each is there for good.
    """

    labels: Array
    arrivals: Array

    @classmethod
    def of(cls, swarm: Swarm, places: Places) -> Fates:
        """Return the fates of a swarm: it is walked to its end.

        Particles with noise of their own never arrive; their labels are the hollows in which their
        last step is.
        """
        import numpy as np

        ends, steps = swarm.ends, swarm.paths.steps
        surface = swarm.paths.surface
        if is_random(swarm.paths) and swarm.paths.fused is not None:
            labels = hollows(places, swarm.calm, ends.x, ends.y)
            lost = ends.outcome != OUTCOMES.index("finished")
            code = np.where(ends.outcome == OUTCOMES.index("diverged"), DIVERGED, LEFT)
            labels[lost] = code[lost]
            return cls(labels, np.full(len(swarm), steps))
        with np.errstate(all="ignore"):
            first_loss = surface.value(swarm.x, swarm.y)
        labels = places.label(ends, first_loss, noisy=is_noisy(swarm.paths))
        Circles(swarm.paths, places).mark(labels, ends, swarm.x, swarm.y)
        arrivals = _arrivals(swarm, ends, labels)
        lost = np.isin(labels, (LEFT, DIVERGED, UNDEFINED))
        arrivals[lost] = ends.step[lost]
        arrivals = np.minimum(arrivals, steps)
        arrivals[labels == MOVING] = steps
        return cls(labels, arrivals)

    def at(self, step: int) -> Array:
        """Return the labels (n,) of those that have arrived at a step, MOVING for the others."""
        import numpy as np

        found: Array = np.where(self.arrivals <= step, self.labels, np.int16(MOVING))
        return found


def _arrivals(swarm: Swarm, ends: Outcomes, labels: Array) -> Array:
    """Return the step (n,) from which each particle is near its end for good."""
    import numpy as np

    (x0, x1), (y0, y1) = swarm.paths.surface.bounds

    def away() -> Iterator[tuple[int, Array]]:
        for k, (x, y) in enumerate(swarm.walk()):
            with np.errstate(all="ignore"):
                yield k, np.hypot((x - ends.x) / (x1 - x0), (y - ends.y) / (y1 - y0))

    near = np.full(len(swarm), _NEAR)
    circling = labels <= CIRCLING
    if circling.any():
        begin = (1 - _LAST) * swarm.paths.steps
        for k, far in away():
            if k >= begin:
                near[circling] = np.maximum(near, far)[circling]
    arrivals = np.zeros(len(swarm), np.int64)
    for k, far in away():
        arrivals[~(far <= near)] = k + 1
    return arrivals
