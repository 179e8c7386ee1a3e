"""Which paths are lost, so that their settings do not count as good.

A path has diverged if it ends higher than it began, or without a number. It has left if it ends
outside the domain though no higher, or falls far below all that the domain has: on a surface
without a lowest point the best setting would else be the one that falls fastest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from landscape.maps.outcomes import OUTCOMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = ["depth_of", "lost_paths"]

_GRID = 33  # lines a side of the grid on which the domain's lowest loss is looked for


def lost_paths(
    loss: Array, outcome: Array, first: Array, depth: Callable[[], Array]
) -> tuple[Array, Array]:
    """Return which paths have diverged and which have left, as the module's head defines it.

    Parameters: `loss` and `outcome` at the end, `first` at the start, of shapes that broadcast;
    `depth` returns the losses far below the domain's lowest, and is called if that is asked for.
    """
    import numpy as np

    dead = outcome == OUTCOMES.index("diverged")
    with np.errstate(invalid="ignore"):
        fell = dead & (loss < first)
        if fell.any():
            fell &= loss < depth()
        left: Array = fell | ((outcome == OUTCOMES.index("left the domain")) & (loss <= first))
        diverged: Array = (dead | ~np.isfinite(loss) | (loss > first)) & ~left
    return diverged, left


def depth_of(surface: Surface) -> float:
    """Return the loss that is as far below a domain's lowest as its highest is above.

    It is minus infinity if the surface has no values there.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        values = surface.grid(_GRID, _GRID)[2]
    values = values[np.isfinite(values)]
    if not values.size:
        return -np.inf
    low = min([float(values.min()), *(one.value for one in surface.minima)])
    return low - (float(values.max()) - low)
