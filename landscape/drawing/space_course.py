"""Where a path on a surface is seen, and what of it is hidden: a track in the pixels of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.drawing.overlaps import Polyline

if TYPE_CHECKING:
    from matplotlib.transforms import BboxBase
    from numpy.typing import NDArray

    from landscape.drawing.space_track import SpaceTrack

    Array = NDArray[Any]

__all__ = ["BEHIND", "NOT", "SEEN", "THIN", "Course"]

SEEN, BEHIND, NOT = 0, 1, 2  # kinds of a segment: in sight, behind the surface, not drawn
THIN = 0.55  # the width of what the surface hides, in that of the line
# A piece that is shorter than this, in widths of the line, is as what is before it and after it: it
# would come and go while the camera turns.
_SHORT = 1.5


class Course:
    """A track as its space is seen now, until `turn` is called.

    Parameters: `track`; `scale`, the renderer's pixels for a point.

    Attributes: `places` (m, 3), pixels and depth of the track's vertices, NaN out of sight;
    `behind` (m,), which of them the surface hides; `kind` (m - 1,) of the segments; `lengths`
    (m - 1,) and `along` (m,), theirs and the line's up to each vertex, in pixels.
    """

    places: Array
    behind: Array
    kind: Array
    lengths: Array
    along: Array

    def __init__(self, track: SpaceTrack, scale: float) -> None:
        self.track, self._width = track, track.style.width * scale
        self.turn()

    def turn(self) -> None:
        """Project the line as its space is seen now."""
        import numpy as np

        space = self.track.space
        with np.errstate(invalid="ignore"):
            self.places = space.view.project(self.track.lifted.points)
        flat = self.places[:, :2]
        self.lengths = np.hypot(*np.diff(flat, axis=0).T)
        self.along = np.concatenate([[0.0], np.cumsum(np.nan_to_num(self.lengths))])
        found = space.hidden(self.places)
        self.behind = _steady(found, self.along, _SHORT * self._width)
        known = np.isfinite(flat[:, 0])
        kind = np.where(self.behind[:-1] & self.behind[1:], BEHIND, SEEN)
        again = _again(flat, self.along, self.behind, THIN * self._width)
        # What is transparent would not be where it lies on itself.
        kind[(kind == BEHIND) & again[:-1] & again[1:]] = NOT
        self.kind = np.where(known[:-1] & known[1:], kind, NOT)

    def polyline(self) -> Polyline:
        """Return the line in pixels, as those are asked who look for overlaps."""
        import numpy as np

        style = self.track.style
        x0, y0, x1, y1 = self.track.space.clip.extents
        times = np.ceil(self.track.lifted.steps[1:]).astype(np.int64)
        look = style.color, style.marker
        return Polyline(self.places[:, :2], look, self._width, (x0, y0, x1, y1), times)

    def leave_out(self, gaps: Array) -> None:
        """Say which stretches of the line's length (m, 2) are left out."""
        import numpy as np

        if not len(gaps):
            return
        middle = 0.5 * (self.along[:-1] + self.along[1:])
        place = np.searchsorted(gaps[:, 0], middle, side="right") - 1
        within = (place >= 0) & (middle < gaps[np.maximum(place, 0), 1])
        self.kind = np.where(within & (self.kind == SEEN), NOT, self.kind)

    def heads(self, steps: int) -> Array:
        """Return where the head is at steps 0 … `steps`, NaN where there is none."""
        import numpy as np

        at = self.track.lifted.at
        if not len(at):
            return np.full((steps + 1, 2), np.nan)
        k = np.minimum(np.arange(steps + 1), len(at) - 1)
        found: Array = self.places[at[k], :2].copy()
        if self.track.lost is not None:
            found[self.track.lost :] = np.nan
        return found

    def last_seen(self, row: int, within: BboxBase) -> tuple[tuple[float, float], bool] | None:
        """Return where the line up to a vertex was last within a box, and whether it is hidden.

        None if it never was.
        """
        import numpy as np

        low, high = within.extents[:2], within.extents[2:]
        flat = self.places[: row + 1, :2]
        with np.errstate(invalid="ignore"):
            inside = ((flat >= low) & (flat <= high)).all(axis=1)
        rows = np.flatnonzero(inside)
        if not len(rows):
            return None
        last = int(rows[-1])
        place = flat[last]
        if last < row and np.isfinite(flat[last + 1, 0]):
            way = flat[last + 1] - place
            room = np.where(way > 0, high, low) - place
            share = min(float(r / w) for r, w in zip(room, way, strict=True) if w)
            place = place + min(share, 1.0) * way
        return (float(place[0]), float(place[1])), bool(self.behind[last])

    def near_before(self, begin: int, end: int, reach: float) -> Array:
        """Return which vertices before `begin` are within pixels of those up to `end`: bools."""
        import numpy as np

        found = np.zeros(begin, dtype=bool)
        new, old = self.places[begin : end + 1, :2], self.places[:begin, :2]
        new = new[np.isfinite(new[:, 0])]
        if not len(new):
            return found
        low, high = new.min(axis=0) - reach, new.max(axis=0) + reach
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero(((old >= low) & (old <= high)).all(axis=1))
        apart = old[rows, None] - new
        found[rows] = ((apart**2).sum(axis=2) <= reach**2).any(axis=1)
        return found


def _steady(behind: Array, along: Array, least: float) -> Array:
    """Return what is hidden without pieces that are shorter than `least` pixels.

    Of several short pieces in a row all are what most of their length is.
    """
    import numpy as np

    ends = np.flatnonzero(behind[1:] != behind[:-1])
    if len(ends) < 2:
        return behind
    lengths = np.diff(0.5 * (along[ends] + along[ends + 1]))
    short = lengths < least
    if not short.any():
        return behind
    steady: Array = behind.copy()
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], short, [False]])))
    for first, last in bounds.reshape(-1, 2).tolist():
        begin, end = int(ends[first]) + 1, int(ends[last]) + 1
        if (last - first) % 2:  # the same before it and after it
            steady[begin:end] = behind[begin - 1]
        else:
            own = lengths[first:last:2].sum() > lengths[first + 1 : last : 2].sum()
            steady[begin:end] = behind[begin] == own
    return steady


def _again(places: Array, along: Array, behind: Array, size: float) -> Array:
    """Return which hidden vertices lie where the line has been hidden before, as bools (m,).

    Places are the same in squares of `size` pixels.
    """
    import numpy as np

    again = np.zeros(len(places), dtype=bool)
    rows = np.flatnonzero(behind)
    if not len(rows):
        return again
    squares = np.floor(places[rows] / size).astype(np.int64)
    _, first, same = np.unique(
        squares[:, 0] * (1 << 31) + squares[:, 1], return_index=True, return_inverse=True
    )
    again[rows] = along[rows] - along[rows[first[same]]] > 2 * size
    return again
