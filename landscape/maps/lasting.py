"""How many steps the paths of a map take, so that most of them arrive somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landscape.maps.outcomes import OUTCOMES
from landscape.maps.places import LOST, NEAR, STILL, scale_of
from landscape.maps.survey import spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.maps.outcomes import Outcomes
    from landscape.maps.walk import Paths
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["lasting_steps"]

# Where paths go one by one, fewer starts tell it, and there are fewer steps.
_STARTS, _FEW_STARTS = 900, 36
_DOUBLINGS, _FEW_DOUBLINGS = 4, 2
_MOVING = 0.10  # of the starts, that may be on the way yet
_USELESS = 0.03  # of the starts: fewer arrive later, if it is no use to wait for them


def lasting_steps(paths: Sequence[Paths], regions: Sequence[Bounds]) -> int:
    """Return how many steps paths of several rules take until nine tenths have arrived.

    It is their own number, or twice, four times … that; at most 16 times, and 4 times if paths go
    one by one. A path has arrived if it is lost, at rest, or where the longest one from its start
    ends. Where paths do not arrive later either, as those of a rate too large, they are not longer.

    Parameters: `paths` of each rule over one surface, of equal steps; `regions` of their starts,
    of which some hundred are tried.
    """
    first = paths[0].steps
    if paths[0].surface.kept:  # a network's plane, where some steps cost as much as a picture
        return first
    fused = all(one.fused is not None for one in paths)
    longest = first * 2 ** (_DOUBLINGS if fused else _FEW_DOUBLINGS)
    x, y = spread(regions, _STARTS if fused else _FEW_STARTS)
    far = [replace(one, steps=longest).walk(x, y) for one in paths]

    still = STILL * scale_of(paths[0].surface).slope

    def moving(steps: int) -> float:
        """The share of the starts from which paths are on the way, by the slowest rule."""
        return max(
            float(_moves(one, replace(one, steps=steps).walk(x, y), end, still).mean())
            for one, end in zip(paths, far, strict=True)
        )

    steps, late = first, None
    while steps < longest:
        share = moving(steps)
        if share < _MOVING:
            break
        if steps < longest // 2:
            late = moving(longest // 2) if late is None else late
            if share - late < _USELESS:
                break
        steps *= 2
    return steps


def _moves(paths: Paths, one: Outcomes, longest: Outcomes, still: float) -> Array:
    """Return which paths (n,) are on the way yet; where the slope is `still`, nothing is."""
    import numpy as np

    (x0, x1), (y0, y1) = paths.surface.bounds
    with np.errstate(all="ignore"):
        slope = np.hypot(one.dx * (x1 - x0), one.dy * (y1 - y0))
        away = np.hypot((one.x - longest.x) / (x1 - x0), (one.y - longest.y) / (y1 - y0))
    lost = np.isin(one.outcome, [OUTCOMES.index(name) for name in LOST])
    moves: Array = ~lost & ~(away <= NEAR) & ~(slope <= still)
    return moves
