"""Where many paths end: the places of a surface, and which of them each end belongs to.

`landscape.maps.survey` looks where some thousand paths go, lets a few of those ends down to the
bottom of their hollows, and joins what it finds to what is known of the surface. `Places.label`
then tells of any number of ends, by arithmetic on arrays, where they are. The places depend on the
surface and on the survey alone, not on blocks, threads or the map's own cells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from landscape.maps.outcomes import OUTCOMES, Outcomes
from landscape.surfaces.surface import CriticalPoint, Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "CIRCLING",
    "CODES",
    "DIVERGED",
    "HEIGHT",
    "LEFT",
    "LOST",
    "MOVING",
    "NEAR",
    "PLATEAU",
    "REST",
    "STILL",
    "UNDEFINED",
    "PlaceKind",
    "Places",
    "Scale",
    "cell_centres",
    "circled_by",
    "letter",
    "moved",
    "scale_of",
]

PlaceKind = Literal["minimum", "floor", "saddle", "maximum"]

# Labels of ends that are at no place.
MOVING, REST, PLATEAU, LEFT, DIVERGED, UNDEFINED = -1, -2, -3, -4, -5, -6
CODES = {
    MOVING: "still moving",
    REST: "at rest elsewhere",
    PLATEAU: "on a plateau",
    LEFT: "left the domain",
    DIVERGED: "diverged",
    UNDEFINED: "no value there",
}
"""What labels below 0 mean, but those of CIRCLING and below."""

CIRCLING = -100
"""CIRCLING - k is the label of ends that stay about the k-th place and never come to rest there."""

LOST = {"left the domain": LEFT, "diverged": DIVERGED, "undefined": UNDEFINED}

# Distances are in units of the domain, slopes in units of its median slope; `landscape.ends` has
# the same numbers for single paths. How near to a minimum a path must end to have found it:
NEAR = 0.03 * math.sqrt(2)
# … and to a saddle or a maximum, where it must be at rest as well.
_NEAR_SADDLE = 0.0225
# How much of its first loss above the minimum it may have kept, at least of this share of the
# surface's usual height: who starts at the bottom has little to lose.
_LOW, _LEAST = 0.005, 0.01
STILL = 1e-4
_RINGS, _FLAT = (0.02 * math.sqrt(2), 0.05 * math.sqrt(2)), 0.01
HEIGHT = 1e-9  # losses that differ by less, in heights of the surface, are equal


@dataclass(frozen=True, slots=True)
class Scale:
    """What is high and steep on a surface, as a grid over its domain sees it.

    Attributes: `lowest` loss; `relief`, the largest minus the lowest; `height`, the median minus
    the lowest; `slope`, the median of the gradient's norm, in losses over the domain's width.
    """

    lowest: float
    relief: float
    height: float
    slope: float


@dataclass(frozen=True, eq=False)
class Places:
    """Where paths over a surface end.

    Attributes: `surface`; `points`, the places, minima first, then lines of minima, saddles and
    maxima, each kind from the lowest and then by x and y; `kinds` of them, "minimum", "floor" (a
    line of minima, of which the point is one), "saddle" or "maximum"; `names`, such as
    "minimum A (3, 2)"; `letters`, "" for saddles and maxima; `members`, further points
    (x, y, place) of lines of minima.
    """

    surface: Surface
    points: tuple[CriticalPoint, ...]
    kinds: tuple[PlaceKind, ...]
    members: tuple[tuple[float, float, int], ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """A letter for each minimum or line of minima, "" for another place."""
        low = [kind in ("minimum", "floor") for kind in self.kinds]
        return tuple(letter(sum(low[:k])) if low[k] else "" for k in range(len(low)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each place is called: its kind, its letter and where it is."""
        said = {"floor": "line of minima"}
        return tuple(
            " ".join(filter(None, (said.get(kind, kind), sign, f"({one.x:.3g}, {one.y:.3g})")))
            for one, kind, sign in zip(self.points, self.kinds, self.letters, strict=True)
        )

    def name(self, label: int) -> str:
        """Return what a label means."""
        around = circled_by(label)
        if around is not None:
            return f"circling {self.names[around]}"
        return self.names[label] if label >= 0 else CODES[label]

    def near(self, x: Array, y: Array, within: float, labels: Array | None = None) -> Array:
        """Return which of some points (n,) lie near minima.

        Parameters: `x` and `y` (n,) are the points; `within` so many domains; `labels` (n,), if
        they are given, for each point the only place that is asked about.
        """
        import numpy as np

        (x0, x1), (y0, y1) = self.surface.bounds
        order = np.argsort(x, kind="stable")
        u, v = (x[order] - x0) / (x1 - x0), (y[order] - y0) / (y1 - y0)
        wanted = None if labels is None else labels[order]
        near = np.zeros(len(x), bool)
        for px, py, k in self._marks():
            if self.kinds[k] in ("minimum", "floor"):
                at, up = (px - x0) / (x1 - x0), (py - y0) / (y1 - y0)
                part = slice(*np.searchsorted(u, (at - within, at + within)))
                fits = (u[part] - at) ** 2 + (v[part] - up) ** 2 <= within**2
                near[part] |= fits if wanted is None else fits & (wanted[part] == k)
        found = np.empty_like(near)
        found[order] = near
        return found

    @cached_property
    def _scale(self) -> Scale:
        return scale_of(self.surface)

    def label(self, outcomes: Outcomes, first_loss: Array, *, noisy: bool = False) -> Array:
        """Return where each path ended (n,), int16: a position in `points`, or one of CODES.

        Parameters: `outcomes` of n paths over the surface; `first_loss` (n,), the loss at their
        starts; `noisy` whether their gradients had noise or were those of batches, so that the
        surface's own has to be asked for.

        A path is at a minimum if it ended near it, and nearly as low (measured by its start) or at
        rest; at a saddle or a maximum if it is at rest there. Each path has exactly one label.
        """
        import numpy as np

        code = np.array([LOST.get(one, MOVING) for one in OUTCOMES], np.int16)
        found = code[outcomes.outcome]
        alive = np.flatnonzero((found == MOVING) & np.isfinite(outcomes.loss))
        if not alive.size:
            return found
        x, y, loss = outcomes.x[alive], outcomes.y[alive], outcomes.loss[alive]
        first = np.where(np.isfinite(first_loss[alive]), first_loss[alive], loss)
        dx, dy = outcomes.dx[alive], outcomes.dy[alive]
        if noisy:
            with np.errstate(all="ignore"):
                dx, dy = self.surface.gradient(x, y)
        slope = self._slope(dx, dy)
        still = slope <= STILL * self._scale.slope
        placed = self._nearest(x, y, loss, first, still)
        found[alive] = placed
        lost = placed == MOVING
        if lost.any():
            rest = np.where(still[lost], REST, MOVING)
            flat = self._flat(x[lost], y[lost], loss[lost], slope[lost])
            found[alive[lost]] = np.where(flat, PLATEAU, rest)
        return found

    def _slope(self, dx: Array, dy: Array) -> Array:
        import numpy as np

        (x0, x1), (y0, y1) = self.surface.bounds
        with np.errstate(all="ignore"):
            found: Array = np.hypot(dx * (x1 - x0), dy * (y1 - y0))
        return found

    def _nearest(self, x: Array, y: Array, loss: Array, first: Array, still: Array) -> Array:
        """Return the nearest place to which each end can belong, MOVING if there is none."""
        import numpy as np

        (x0, x1), (y0, y1) = self.surface.bounds
        scale = self._scale
        order = np.argsort(x, kind="stable")
        u, v = (x[order] - x0) / (x1 - x0), (y[order] - y0) / (y1 - y0)
        loss, first, still = loss[order], first[order], still[order]
        best = np.full(len(x), np.inf)
        placed = np.full(len(x), MOVING, np.int16)
        for px, py, k in self._marks():
            low = self.kinds[k] in ("minimum", "floor")
            near = NEAR if low else _NEAR_SADDLE
            at, up = (px - x0) / (x1 - x0), (py - y0) / (y1 - y0)
            # Only ends that are near it across can be near it.
            part = slice(*np.searchsorted(u, (at - near, at + near)))
            away = (u[part] - at) ** 2 + (v[part] - up) ** 2
            fits = (away <= near**2) & (away < best[part])
            if low:
                value = self.points[k].value
                left = loss[part] - value
                room = np.maximum(first[part] - value, _LEAST * scale.height)
                # What is lower than a minimum does not belong to it.
                fits &= left >= -HEIGHT * scale.relief
                fits &= still[part] | (left <= _LOW * room)
            else:
                fits &= still[part]
            best[part][fits] = away[fits]
            placed[part][fits] = k
        back = np.empty_like(placed)
        back[order] = placed
        return back

    def _marks(self) -> Iterator[tuple[float, float, int]]:
        for k, point in enumerate(self.points):
            yield point.x, point.y, k
        yield from self.members

    def _flat(self, x: Array, y: Array, loss: Array, slope: Array) -> Array:
        """Return whether the loss is the same far and wide, measured by what is left to fall."""
        import numpy as np

        left = loss - np.minimum(self._lowest, loss)
        flat = slope * _RINGS[1] <= 2 * _FLAT * left
        some = np.flatnonzero(flat)
        if not some.size:
            return flat
        (x0, x1), (y0, y1) = self.surface.bounds
        x, y, loss, left = x[some], y[some], loss[some], left[some]
        same = np.ones(some.size, bool)
        for radius in _RINGS:
            for turn in np.linspace(0, 2 * np.pi, 24, endpoint=False):
                xs = np.clip(x + (x1 - x0) * radius * np.cos(turn), x0, x1)
                ys = np.clip(y + (y1 - y0) * radius * np.sin(turn), y0, y1)
                with np.errstate(all="ignore"):
                    same &= np.abs(self.surface.value(xs, ys) - loss) <= _FLAT * left
        flat[some] = same
        return flat

    @property
    def _lowest(self) -> float:
        return min([self._scale.lowest, *(point.value for point in self.points)])


def scale_of(surface: Surface) -> Scale:
    """Return what is high and steep on a surface."""
    import numpy as np

    xs, ys, values = surface.grid(33, 33)
    (x0, x1), (y0, y1) = surface.bounds
    with np.errstate(all="ignore"):
        dx, dy = surface.gradient(*np.meshgrid(xs, ys))
        slopes = np.hypot(dx * (x1 - x0), dy * (y1 - y0))
    values, slopes = values[np.isfinite(values)], slopes[np.isfinite(slopes)]
    known = [point.value for point in surface.visible_points()]
    if not values.size or not slopes.size:
        return Scale(0.0, 0.0, 0.0, 0.0)
    lowest = min([float(values.min()), *known])
    return Scale(
        lowest,
        float(np.ptp(values)),
        float(np.median(values)) - lowest,
        float(np.median(slopes)),
    )


def circled_by(label: int) -> int | None:
    """Return the place that ends with a label circle, None for any other label."""
    return CIRCLING - label if label <= CIRCLING else None


def moved(labels: Array, same: Sequence[int]) -> Array:
    """Return labels by other positions of the places.

    Parameters: `labels` of any shape; `same`, for each place the position it has there.
    """
    import numpy as np

    own = np.asarray(same, np.int16)
    found = labels.copy()
    there, around = labels >= 0, labels <= CIRCLING
    found[there] = own[labels[there]]
    found[around] = CIRCLING - own[CIRCLING - labels[around]]
    return found


def letter(k: int) -> str:
    """Return the k-th letter from 0: A … Z, AA, AB, …"""
    said = ""
    k += 1
    while k:
        k, rest = divmod(k - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def cell_centres(low: float, high: float, count: int) -> Array:
    """Return the middles of `count` equal cells from `low` to `high`."""
    import numpy as np

    middles: Array = low + (high - low) * ((np.arange(count) + 0.5) / count)
    return middles
