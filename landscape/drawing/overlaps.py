"""Where lines lie on each other, so that none of them is hidden.

A line that is drawn on an earlier one of another colour is drawn in dashes there, and the earlier
one shows in the gaps. What is covered is looked up on a grid of half a line's width, in which each
colour has the time at which it first came by: the cost grows with the length of the lines, not with
its square.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Polyline", "crowding", "find_gaps", "find_meetings"]

# In widths of the line: a dash, the shortest stretch that is dashed, and the longest stretch
# between two of those that is dashed as well.
_DASH, _SHORTEST, _BRIDGED = 3.4, 10.0, 3.4
# More samples than this would take seconds: such long lines are scribbles, dashed or not.
_MOST_SAMPLES = 2_000_000
_FAR = 1e7  # pixels
_MOST_DISTANCES = 20_000_000
# How much a head grows for each of another colour on it, and at most.
_RING, _LARGEST = 0.7, 2.2


@dataclass(frozen=True)
class Polyline:
    """A line in pixels; segment k joins rows k and k+1.

    Attributes: `points` (n, 2); `look`, equal for lines that cannot be told apart; `width` in
    pixels; `box` (x0, y0, x1, y1), beyond which nothing is seen; `times` (n-1,), the step at which
    each segment is drawn, None if segment k is drawn at step k+1.
    """

    points: Array
    look: tuple[str, str]
    width: float
    box: tuple[float, float, float, float]
    times: Array | None = None

    def time_of(self, segments: Array) -> Array:
        """Return the steps at which segments are drawn."""
        found: Array = segments + 1 if self.times is None else self.times[segments]
        return found


@dataclass(frozen=True)
class _Samples:
    """Points along a line, about a cell apart: the segment, the length so far, and the cell."""

    segment: Array
    along: Array
    cell: Array


def _sample(line: Polyline, size: float, columns: int) -> _Samples:
    import numpy as np

    x0, y0, x1, y1 = line.box
    with np.errstate(all="ignore"):
        a, step = line.points[:-1], np.diff(line.points, axis=0)
        # The part of each segment within the box, as in Liang and Barsky (1984).
        toward, back = ((np.array(edge) - a) / step for edge in ((x0, y0), (x1, y1)))
        still = step == 0
        outside = (still & ((a < (x0, y0)) | (a > (x1, y1)))).any(axis=1)
        enter = np.where(still, 0.0, np.minimum(toward, back)).max(axis=1, initial=0.0)
        leave = np.where(still, 1.0, np.maximum(toward, back)).min(axis=1, initial=1.0)
        lengths = np.hypot(*step.T)
        seen = (leave - enter) * lengths
        # Of a segment as long as that, shares of its length have no digits left.
        good = (lengths < _FAR) & (enter <= leave) & ~outside
        seen = np.where(good, seen, 0.0)
        counts = np.where(good, np.ceil(seen / size).astype(np.int64) + 1, 0)
    total = int(counts.sum())
    if total > _MOST_SAMPLES:
        return _Samples(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    segment = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    share = within / np.maximum(np.repeat(counts, counts) - 1, 1)
    share = enter[segment] + share * (leave - enter)[segment]
    places = a[segment] + share[:, None] * step[segment]
    finite = np.where(np.isfinite(lengths), lengths, 0.0)
    before = np.concatenate([[0.0], np.cumsum(finite)[:-1]])
    along = before[segment] + share * finite[segment]
    column, row = np.floor((places - (x0, y0)) / size).astype(np.int64).T + 1
    return _Samples(segment, along, row * columns + column)


def _all_samples(lines: Sequence[Polyline]) -> tuple[list[_Samples], int, int]:
    """Return the samples of lines in one box, and the columns and cells of their grid."""
    x0, y0, x1, y1 = lines[0].box
    size = max(1.0, lines[0].width / 2)
    columns, rows = (int((high - low) / size) + 4 for low, high in ((x0, x1), (y0, y1)))
    return [_sample(line, size, columns) for line in lines], columns, columns * rows


def find_gaps(lines: Sequence[Polyline]) -> list[Array]:
    """Return for each line the stretches (m, 2) of its length that it must leave out.

    Parameters: `lines` are in one box, drawn step by step, at each step in their order.
    """
    import numpy as np

    none = np.empty((0, 2))
    looks = list(dict.fromkeys(line.look for line in lines))
    if len(looks) < 2:
        return [none for _ in lines]
    samples, columns, cells = _all_samples(lines)
    count = len(lines)
    times = [
        line.time_of(one.segment) * count + k
        for k, (line, one) in enumerate(zip(lines, samples, strict=True))
    ]
    never = np.iinfo(np.int64).max
    first = {look: np.full(cells, never) for look in looks}
    around = [row * columns + column for row in (-1, 0, 1) for column in (-1, 0, 1)]
    for line, one, time in zip(lines, samples, times, strict=True):
        came = first[line.look]
        for aside in around:
            # The earliest time is written last, and stays.
            place = one.cell[::-1] + aside
            came[place] = np.minimum(came[place], time[::-1])
    found = []
    for line, one, time in zip(lines, samples, times, strict=True):
        beneath = np.zeros(len(one.cell), dtype=np.int64)
        for look in looks:
            if look != line.look:
                beneath += first[look][one.cell] < time
        found.append(_gaps(one.along, beneath, line.width) if beneath.any() else none)
    return found


def _gaps(along: Array, beneath: Array, width: float) -> Array:
    """Return the gaps of a line whose samples lie on so many others."""
    import numpy as np

    covered = np.flatnonzero(beneath)
    breaks = np.flatnonzero(np.diff(along[covered]) > _BRIDGED * width) + 1
    gaps = []
    for run in np.split(covered, breaks):
        low, high = float(along[run[0]]), float(along[run[-1]])
        if high - low < _SHORTEST * width:
            continue
        dash = _DASH * width
        period = dash * (1 + max(1, round(float(beneath[run].mean()))))
        starts = np.arange(low + dash, high, period)
        gaps.append(np.stack([starts, np.minimum(starts + period - dash, high)], axis=1))
    return np.concatenate(gaps) if gaps else np.empty((0, 2))


def find_meetings(lines: Sequence[Polyline]) -> list[Array]:
    """Return for each line which segments come near another one: their order is seen."""
    import numpy as np

    plain = [np.zeros(max(0, len(line.points) - 1), dtype=bool) for line in lines]
    if len(lines) < 2:
        return plain
    samples, columns, cells = _all_samples(lines)
    near = np.zeros(cells, dtype=np.int64)
    aside = [row * columns + column for row in range(-3, 4) for column in range(-3, 4)]
    for one in samples:
        touched = np.unique(one.cell)
        places = (touched[:, None] + np.array(aside)).ravel()
        places = np.unique(places[(places >= 0) & (places < cells)])
        near[places] += 1
    for meets, one in zip(plain, samples, strict=True):
        meets[one.segment[near[one.cell] > 1]] = True
    return plain


def crowding(
    places: Sequence[Array], looks: Sequence[tuple[str, str]], size: float
) -> list[Array | None]:
    """Return by what factor each head is drawn larger at each step, None where never.

    Heads on each other become rings about the uppermost, which is the last.

    Parameters: `places` (steps, 2) of each in pixels, NaN where it has no head; `size` of a head.
    """
    import numpy as np

    count = len(places)
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count) if looks[i] != looks[j]]
    grown: list[Array | None] = [None] * count
    if not pairs or len(pairs) * len(places[0]) > _MOST_DISTANCES:
        return grown
    upon: dict[tuple[int, tuple[str, str]], Array] = {}
    for i, j in pairs:
        with np.errstate(all="ignore"):
            away = np.hypot(*(places[i] - places[j]).T) / size
        near = np.nan_to_num(np.clip(1.5 - 2.0 * away, 0.0, 1.0))
        if near.any():
            known = upon.get((i, looks[j]))
            upon[i, looks[j]] = near if known is None else np.maximum(known, near)
    for (i, _), near in upon.items():
        before = grown[i]
        grown[i] = _RING * near + (1.0 if before is None else before)
    return [None if one is None else np.minimum(one, _LARGEST) for one in grown]
