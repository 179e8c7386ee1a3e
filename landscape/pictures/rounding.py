"""Whether there is anything to be seen in computed losses but how they were rounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.pictures.words import short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["check_varied", "off_plateaus"]

_ROUNDED = 16.0  # units of rounding that a loss over many examples may be wrong by
_PLATEAU = 0.01  # of a grid's cells that have one value


def check_varied(losses: Sequence[Array], dtype: str, where: str) -> None:
    """Find out whether losses that share a scale differ by more than rounding.

    Parameters: `losses` are arrays of any shape, computed in `dtype`; `where` is what they cover,
    as an error says it: "this plane".

    Raises LandscapeError if all that are finite are the same but for rounding.
    """
    values = np.concatenate([np.ravel(one) for one in losses])
    values = values[np.isfinite(values)]
    if not values.size:
        return
    unit = float(np.finfo(dtype).eps)
    if np.ptp(values) <= _ROUNDED * unit * np.abs(values).max():
        raise LandscapeError(
            f"the loss is {short(float(values.mean()))} all over {where}, but for rounding, so "
            "there is nothing to draw: start from other weights, train longer, or go farther out "
            "(--reach)"
        )


def off_plateaus(levels: Array, values: Array, dtype: str) -> Array:
    """Return contour levels of which none is the loss of a plateau, which rounding would outline.

    Parameters: `levels` (n,) ascend; `values` are the losses of all cells, computed in `dtype`.
    """
    moved = np.array(levels)
    for k in range(1, moved.size - 1):
        step = _ROUNDED * float(np.finfo(dtype).eps) * abs(float(moved[k]))
        if (np.abs(values - moved[k]) <= step).mean() >= _PLATEAU:
            moved[k] = max(moved[k] - 4 * step, 0.5 * (moved[k - 1] + moved[k]))
    return moved
