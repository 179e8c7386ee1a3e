"""A path of the plane as a line in space: on the surface within its domain, in the air beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["Lifted", "lift"]

# Pieces for each cell that a step crosses, at most for one step, and for a whole path.
_PER_CELL, _MOST_A_STEP, _MOST = 2.0, 400, 200_000
# Up a wall a piece is no longer than this share of the box's height: one that the surface hides in
# part is drawn as a whole.
_RISE = 1 / 100
# How many domain widths and box heights beyond the box a path is still followed.
_FAR_ASIDE, _FAR_UP = 1.5, 1.5


@dataclass(frozen=True, eq=False)
class Lifted:
    """A path in space.

    Attributes: `points` (m, 3): x, y and height, rows of NaN where the path is out of sight;
    `steps` (m,), the step that is done at each, a fraction between two iterates; `at` (n,), the
    row of each iterate.
    """

    points: Array
    steps: Array
    at: Array


def lift(relief: Relief, points: Array, losses: Array) -> Lifted:
    """Return the line of a path: straight from above, and on the surface within its domain.

    Parameters: `points` (n, 2) are the iterates, all finite, and `losses` (n,) theirs. Beyond the
    domain a path has the heights of its losses, joined by straight lines.
    """
    import numpy as np

    count = len(points)
    if count == 0:
        return Lifted(np.empty((0, 3)), np.empty(0), np.empty(0, np.int64))
    pieces = _pieces(relief, points)
    at = np.concatenate([[0], np.cumsum(pieces)])
    segment = np.repeat(np.arange(count - 1), pieces)
    place = (np.arange(int(at[-1])) - at[segment]).astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        flat = _on_the_way(points, segment, place / pieces[segment])
        z = relief.z_at(flat[:, 0], flat[:, 1])
        parts = _parts(relief, z)
        if len(parts) and parts.max() > 1:
            first = np.concatenate([[0], np.cumsum(parts)])
            segment, place = np.repeat(segment, parts), np.repeat(place, parts)
            place += (np.arange(len(place)) - np.repeat(first[:-1], parts)) / np.repeat(
                parts, parts
            )
            flat = _on_the_way(points, segment, place / pieces[segment])
            z, at = relief.z_at(flat[:, 0], flat[:, 1]), first[at]
        steps = np.append(segment + place / pieces[segment], count - 1.0)
        own = relief.heights.of(losses)
        _bridge(z, steps, at, own)
        line = np.column_stack([flat, z])
        line[~_in_sight(relief, line)] = np.nan
    return Lifted(line, steps, at)


def _pieces(relief: Relief, points: Array) -> Array:
    """Return into how many pieces each step is cut so that it follows the surface."""
    import numpy as np

    cell = np.array([relief.xs[1] - relief.xs[0], relief.ys[1] - relief.ys[0]])
    with np.errstate(over="ignore", invalid="ignore"):
        crossed = np.abs(np.diff(points, axis=0) / cell).max(axis=1, initial=0.0)
        wanted = np.nan_to_num(np.ceil(_PER_CELL * crossed), nan=1.0, posinf=_MOST_A_STEP)
    found: Array = np.clip(wanted, 1, _MOST_A_STEP).astype(np.int64)
    if found.sum() > _MOST:
        found = np.maximum(1, found * _MOST // int(found.sum()))
    return found


def _parts(relief: Relief, z: Array) -> Array:
    """Return into how many parts each piece between heights (m,) is cut: (m - 1,)."""
    import numpy as np

    rise = np.nan_to_num(np.abs(np.diff(z)) / (_RISE * relief.heights.span))
    more: Array = np.clip(np.ceil(rise - 1e-9) - 1, 0, _MOST_A_STEP).astype(np.int64)
    left = max(_MOST - len(more), 0)
    if more.sum() > left:
        more = more * left // int(more.sum())
    return 1 + more


def _on_the_way(points: Array, segment: Array, share: Array) -> Array:
    """Return places (m, 2) on the steps of a path, and its last."""
    import numpy as np

    flat = points[segment] + share[:, None] * (points[segment + 1] - points[segment])
    return np.concatenate([flat, points[-1:]])


def _bridge(z: Array, steps: Array, at: Array, own: Array) -> None:
    """Fill the heights of what has none: of iterates their own, between them straight lines."""
    import numpy as np

    missing = np.isnan(z)
    if not missing.any():
        return
    z[at] = np.where(missing[at], own, z[at])
    gaps = np.flatnonzero(np.isnan(z))
    known = np.flatnonzero(~missing | np.isin(np.arange(len(z)), at))
    z[gaps] = np.interp(steps[gaps], steps[known], z[known])


def _in_sight(relief: Relief, line: Array) -> Array:
    import numpy as np

    (x0, x1), (y0, y1) = relief.bounds
    low = np.array([x0, y0, relief.heights.bottom])
    high = np.array([x1, y1, relief.heights.top])
    reach = (high - low) * (_FAR_ASIDE, _FAR_ASIDE, _FAR_UP)
    inside: Array = np.all((line >= low - reach) & (line <= high + reach), axis=1)
    return inside
