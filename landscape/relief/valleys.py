"""What a grid misses of the floors of valleys: the least loss lies between two of its lines.

How much it misses changes from line to line: beneath a logarithm a smooth floor has teeth then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["FINE", "floors"]

# Cells each way where a valley is so narrow that its floor would have teeth with fewer.
FINE = 400


def floors(values: Array, cells: int | None = None) -> tuple[Array, Array]:
    """Return the losses (n,) of a grid's floors, and how much too high they may seem on its lines.

    Parameters: `values` (ny, nx); `cells` each way, of another grid whose lines are meant.

    Where a corner is no higher than its neighbours along x or along y, the parabola through the
    three has its vertex on the floor, at most half a cell away: an eighth of the second difference
    is the most that it is lower.
    """
    import numpy as np

    lowest, above = np.array(values, dtype=np.float64), np.zeros(values.shape)
    for axis in (0, 1):
        line, floor = np.moveaxis(values, axis, 0), np.moveaxis(lowest, axis, 0)[1:-1]
        most = np.moveaxis(above, axis, 0)[1:-1]
        with np.errstate(all="ignore"):
            before, after = line[:-2] - line[1:-1], line[2:] - line[1:-1]
            bend = before + after
            vertex = line[1:-1] - 0.125 * (after - before) ** 2 / bend
            known = np.isfinite(bend) & (np.minimum(before, after) >= 0) & (bend > 0)
        found = 0.125 * bend if cells is None else 0.125 * ((len(line) - 1) / cells) ** 2 * bend
        known &= ~(found <= most)
        most[known], floor[known] = found[known], vertex[known]
    there = above > 0
    return lowest[there], above[there]
