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
_FAR_ASIDE, _FAR_UP = 1.5, 3.0
_HAIR = 1e-9  # of the box: what rounding adds to a line that ends there


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
    domain a path has the heights of its losses, joined by straight lines. A step between iterates
    that are both out of sight is left out, as it is in a picture from above.
    """
    import numpy as np

    if len(points) == 0:
        return Lifted(np.empty((0, 3)), np.empty(0), np.empty(0, np.int64))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        line = _Line(relief, *_cut_up(relief, np.asarray(points, dtype=np.float64)))
        line.bridge(relief.heights.of(losses))
        low, high = _reach(relief)
        line.end_at(low[2], high[2])
        line.follow()
        placed = np.column_stack([line.flat, line.z])
        placed[~_in_sight(relief, placed)] = np.nan
    at = line.firsts()
    away = np.isnan(placed[at, 2])
    placed[np.append(away[:-1] & away[1:], False)[line.segment]] = np.nan
    return Lifted(placed, line.segment + line.share, at)


class _Line:
    """The vertices of a path in space, in order.

    Parameters: `relief`; `segment` (m,), the step on which each vertex lies, and `share` (m,), how
    much of it is done: 0 for the iterate that it begins from; `flat` (m, 2), where it is from
    above, as of a huge step the share has not the digits for that.

    Attributes: those, and `z` (m,), their heights, at first those on the surface alone; `over`
    (m,), which of them are over its domain.
    """

    def __init__(self, relief: Relief, segment: Array, share: Array, flat: Array) -> None:
        import numpy as np

        self.relief, self.segment, self.share, self.flat = relief, segment, share, flat
        self.z = relief.z_at(*flat.T)
        low, high = np.array(relief.bounds).T
        self.over = ((flat >= low) & (flat <= high)).all(axis=1)

    def firsts(self) -> Array:
        """Return the row of each iterate."""
        import numpy as np

        rows: Array = np.flatnonzero(np.diff(self.segment, prepend=-1))
        return rows

    def bridge(self, own: Array) -> None:
        """Fill the heights of what has none: of iterates their `own`, between them lines."""
        import numpy as np

        z, at = self.z, self.firsts()
        z[at] = np.where(np.isnan(z[at]), own, z[at])
        gaps = np.isnan(z)
        gaps[at] = False
        rows = np.flatnonzero(gaps)
        if not len(rows):
            return
        # An iterate is known, so that what is known before a gap and after it is of one step.
        index = np.arange(len(z))
        before = np.maximum.accumulate(np.where(gaps, 0, index))[rows]
        after = np.minimum.accumulate(np.where(gaps, len(z) - 1, index)[::-1])[::-1][rows]
        way = self.flat[after] - self.flat[before]
        # From the nearer end: the height of the other may leave no digits for this one.
        flat = self.flat[rows]
        back = np.abs(flat - self.flat[before]).max(axis=1) > np.abs(self.flat[after] - flat).max(
            axis=1
        )
        near = np.where(back, after, before)
        longer = np.abs(way).argmax(axis=1)[:, None]
        gone = np.take_along_axis(flat - self.flat[near], longer, axis=1)
        part = (gone / np.take_along_axis(way, longer, axis=1))[:, 0]
        z[rows] = z[near] + part * (z[after] - z[before])

    def end_at(self, low: float, high: float) -> None:
        """Cut the pieces where they cross two heights."""
        import numpy as np

        rise = np.diff(self.z)
        # A piece that crosses both does so in the order of its direction.
        edges = np.where((rise < 0)[:, None], (high, low), (low, high))
        before, after = self.z[:-1, None] - edges, self.z[1:, None] - edges
        crossed = (np.sign(before) * np.sign(after) < 0) & np.isfinite(rise)[:, None]
        row = np.nonzero(crossed)[0]
        # From the nearer end, as above.
        back = np.abs(after[crossed]) < np.abs(before[crossed])
        near = row + back
        part = -np.where(back, after[crossed], before[crossed]) / rise[row]
        flat = self.flat[near] + part[:, None] * np.diff(self.flat, axis=0)[row]
        share = self.share[row] + np.clip(part + back, 0, 1) * (self._ends() - self.share)[row]
        self.segment = np.insert(self.segment, row + 1, self.segment[row])
        self.share = np.insert(self.share, row + 1, share)
        self.flat = np.insert(self.flat, row + 1, flat, axis=0)
        self.z = np.insert(self.z, row + 1, edges[crossed])
        self.over = np.insert(self.over, row + 1, values=False)

    def follow(self) -> None:
        """Cut the pieces that rise or fall far, and put those on the surface on it again."""
        import numpy as np

        parts = np.append(_parts(self.relief, self.z), 1)
        if parts.max() == 1:
            return
        row = np.repeat(np.arange(len(parts)), parts)
        part = (np.arange(len(row)) - (np.cumsum(parts) - parts)[row]) / parts[row]
        new = np.flatnonzero(part > 0)
        old, part = row[new], part[new]
        z = self.z[old] + part * (self.z[old + 1] - self.z[old])
        share = self.share[old] + part * (self._ends()[old] - self.share[old])
        flat = self.flat[old] + part[:, None] * (self.flat[old + 1] - self.flat[old])
        # In the air a line may rise within a hair of the surface's edge.
        over = self.over[old] & self.over[old + 1]
        on = self.relief.z_at(*flat.T)
        z = np.where(over & ~np.isnan(on), on, z)
        self.segment, self.share = self.segment[row], self.share[row]
        self.flat, self.z = self.flat[row], self.z[row]
        self.share[new], self.flat[new] = share, flat
        self.z[new] = z

    def _ends(self) -> Array:
        """Return the share at which the piece after each vertex ends."""
        import numpy as np

        goes_on = np.append(self.segment[1:] == self.segment[:-1], False)
        return np.where(goes_on, np.append(self.share[1:], 1.0), 1.0)


def _cut_up(relief: Relief, points: Array) -> tuple[Array, Array, Array]:
    """Return the steps on which vertices lie, the shares of these steps, and their places.

    There is one where a step begins, where it crosses the edges of the domain and of what is in
    sight, and between these at least two for every cell.
    """
    import numpy as np

    begin, end = points[:-1], points[1:]
    step = end - begin
    cell = np.array([relief.xs[1] - relief.xs[0], relief.ys[1] - relief.ys[0]])
    inner = _Crossed(begin, end, *np.array(relief.bounds, dtype=np.float64).T)
    outer = _Crossed(begin, end, *(corner[:2] for corner in _reach(relief)))
    zero, one = np.zeros(len(step)), np.ones(len(step))
    shares = np.column_stack([zero, outer.first, inner.first, inner.last, outer.last, one])
    places = np.stack([begin, outer.enters, inner.enters, inner.leaves, outer.leaves, end], axis=1)
    # A step that does not cross the domain is in the air as a whole; or it is out of sight.
    beside, away = ~inner.crosses, ~outer.crosses
    for column in (2, 3):
        shares[beside, column], places[beside, column] = outer.last[beside], outer.leaves[beside]
    shares[away, 1:5], places[away, 1:5] = 0.0, begin[away, None]
    length, way = np.diff(shares, axis=1), np.diff(places, axis=1)
    crossed = np.abs(way / cell).max(axis=2, initial=0.0)
    wanted = np.clip(np.nan_to_num(np.ceil(_PER_CELL * crossed)), 1, _MOST_A_STEP).astype(np.int64)
    wanted[:, [0, -1]] = 1  # out of sight
    wanted[~(way != 0).any(axis=2)] = 0
    wanted[~wanted.any(axis=1), -1] = 1  # a step that goes nowhere
    total = int(wanted.sum())
    if total > _MOST:
        wanted = np.where(wanted > 0, np.maximum(1, wanted * _MOST // total), 0)
    counts = wanted.ravel()
    piece = np.repeat(np.arange(len(counts)), counts)
    part = (np.arange(len(piece)) - (np.cumsum(counts) - counts)[piece]) / counts[piece]
    share = shares[:, :-1].ravel()[piece] + length.ravel()[piece] * part
    # What is not divided may be longer than numbers are.
    moved = np.where(part[:, None] > 0, way.reshape(-1, 2)[piece] * part[:, None], 0.0)
    flat = places[:, :-1].reshape(-1, 2)[piece] + moved
    segment = np.repeat(np.arange(len(step)), wanted.sum(axis=1))
    first = np.flatnonzero(np.diff(segment, prepend=-1))
    share[first], flat[first] = 0.0, begin
    return (
        np.append(segment, len(points) - 1),
        np.append(share, 0.0),
        np.concatenate([flat, points[-1:]]),
    )


class _Crossed:
    """Where steps cross a box of the plane (Liang and Barsky 1984).

    Parameters: `begin` (n, 2) and `end` (n, 2) of the steps; the box's corners `low` and `high`.

    Attributes: `crosses` (n,); the shares of the steps at which they are in the box, from `first`
    to `last` (n,); the places (n, 2) where that is, `enters` and `leaves`.
    """

    def __init__(self, begin: Array, end: Array, low: Array, high: Array) -> None:
        import numpy as np

        step = end - begin
        shares = np.stack([(low - begin) / step, (high - begin) / step])
        still = step == 0
        inside = [(place >= low) & (place <= high) for place in (begin, end)]
        enters = np.where(still, np.where(inside[0], -np.inf, np.inf), shares.min(axis=0))
        leaves = np.where(still, np.inf, shares.max(axis=0))
        first, last = np.maximum(enters.max(axis=1), 0.0), np.minimum(leaves.min(axis=1), 1.0)
        self.crosses = first <= last  # nor does a step whose length has no number
        self.first = np.where(self.crosses, first, 0.0)
        self.last = np.where(self.crosses, last, 0.0)

        def places(share: Array, on: Array, edge: Array) -> Array:
            # On an edge a place has its coordinate: of a huge step the sum has no digits left.
            at = share[:, None]
            between = np.where(at < 1, begin + np.where(at > 0, at * step, 0.0), end)
            return np.where(on, edge, between)

        forth = step > 0
        on = (enters == self.first[:, None]) & ~inside[0]
        self.enters = places(self.first, on, np.where(forth, low, high))
        on = (leaves == self.last[:, None]) & ~inside[1]
        self.leaves = places(self.last, on, np.where(forth, high, low))


def _reach(relief: Relief) -> tuple[Array, Array]:
    """Return the corners (3,) of the room in which a path is followed."""
    import numpy as np

    sides = [*relief.bounds, (relief.heights.bottom, relief.heights.top)]
    low, high = np.array(sides, dtype=np.float64).T
    more = (high - low) * (_FAR_ASIDE, _FAR_ASIDE, _FAR_UP)
    return low - more, high + more


def _parts(relief: Relief, z: Array) -> Array:
    """Return into how many parts each piece between heights (m,) is cut: (m - 1,)."""
    import numpy as np

    low, high = (corner[2] for corner in _reach(relief))
    hair = _HAIR * relief.heights.span
    rise = np.nan_to_num(np.abs(np.diff(z)) / (_RISE * relief.heights.span))
    seen = (z >= low - hair) & (z <= high + hair)
    rise = np.where(seen[:-1] & seen[1:], rise, 0.0)
    more: Array = np.clip(np.ceil(rise - 1e-9) - 1, 0, _MOST_A_STEP).astype(np.int64)
    left = max(_MOST - len(more), 0)
    if more.sum() > left:
        more = more * left // int(more.sum())
    return 1 + more


def _in_sight(relief: Relief, line: Array) -> Array:
    import numpy as np

    low, high = _reach(relief)
    hair = _HAIR * (high - low)
    inside: Array = np.all((line >= low - hair) & (line <= high + hair), axis=1)
    return inside
