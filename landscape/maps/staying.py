"""Which paths never leave the domain: what no last step says of one that comes back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.maps.fused import Fused
from landscape.maps.outcomes import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.surfaces.surface import Bounds, Surface

    Array = NDArray[Any]

__all__ = ["box_of", "path_stays", "stays"]


def box_of(surface: Surface, starts: Sequence[tuple[float, float]]) -> Bounds:
    """Return the box that paths have to stay in: the domain, and what starts outside of it need."""
    (x0, x1), (y0, y1) = surface.bounds
    xs, ys = zip(*starts, strict=True)
    return (min(x0, *xs), max(x1, *xs)), (min(y0, *ys), max(y1, *ys))


def path_stays(path: Trajectory, box: Bounds) -> bool:
    """Return whether a single path is in the box at every step and in the domain at the end."""
    if path.ending.outcome in ("left the domain", "diverged", "undefined"):
        return False
    (x0, x1), (y0, y1) = box
    return all(x0 <= x <= x1 and y0 <= y <= y1 for x, y in path.points.tolist())


def stays(
    loop: Fused, box: Bounds, x: Array, y: Array, values: Mapping[str, Array]
) -> tuple[Array, Array]:
    """Return which paths are in the box at every step, and of which this cannot be told.

    Parameters: `x`, `y` and `values` (n,) as `Fused.walk` takes them. A path that diverges may
    count as staying.

    A loop knows the last step at which a path was within bounds. Bounds that hold what is beyond
    one side of the box tell whether it was ever there.
    """
    import numpy as np

    inside, unknown = np.ones(len(x), bool), np.zeros(len(x), bool)
    left = OUTCOMES.index("left the domain")
    for beyond in _sides(box):
        rest = np.flatnonzero(inside & ~unknown)
        if not rest.size:
            break
        own = {key: one[rest] for key, one in values.items()}
        found, open_ones = _Side.of(loop, beyond).walk(x[rest], y[rest], own)
        # Never there: outside of these bounds at the end, and from step 0 on.
        never = (found.outcome == left) & (found.step == 0)
        gone = np.isin(found.outcome, [OUTCOMES.index(one) for one in ("diverged", "undefined")])
        inside[rest] = never | gone
        unknown[rest] = open_ones
    return inside, unknown


def _sides(box: Bounds) -> Iterator[Bounds]:
    """Yield the four half-planes around a box."""
    all_of_it = (-math.inf, math.inf)
    low, high = box[0]
    yield (math.nextafter(high, math.inf), math.inf), all_of_it
    yield (-math.inf, math.nextafter(low, -math.inf)), all_of_it
    low, high = box[1]
    yield all_of_it, (math.nextafter(high, math.inf), math.inf)
    yield all_of_it, (-math.inf, math.nextafter(low, -math.inf))


@dataclass(frozen=True, eq=False)
class _Side(Fused):
    """The same loop, asked about other bounds."""

    reach: float = math.inf

    @classmethod
    def of(cls, loop: Fused, bounds: Bounds) -> _Side:
        surface = copy(loop.surface)
        surface.bounds = bounds
        return cls(
            surface,
            loop.rule,
            loop.steps,
            loop.varied,
            loop.schedule,
            loop.noise,
            loop.seed,
            loop.tolerance,
            loop._reach,
        )

    @cached_property
    def _reach(self) -> float:
        # That of the domain: with another one the kernel would be compiled anew.
        return self.reach
