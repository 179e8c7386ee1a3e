"""Where a surface is torn: grid neighbours with a jump or a pole in between, and not a mere wall.

An edge of the grid is looked at where the losses change far more than on the edges before and
after, or against both of them. It is halved towards the larger part of the difference: on a steep
but unbroken surface the difference vanishes, at a jump it stays, at a pole it grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = [
    "ABOVE", "BELOW", "PARTS", "RIGHT", "RIGHT_AT", "UP", "UP_AT", "Tears", "find_tears",
    "torn_triangles",
]  # fmt: skip

# The bits of a corner: the triangles of its cell below and above the diagonal are torn, its edges
# to the right and upwards, and from these bits on where, in so many parts of the edge. The lowest
# two are free for `slopes`, and so is 16.
BELOW, ABOVE, RIGHT, UP = 4, 8, 32, 64
RIGHT_AT, UP_AT, PARTS = 7, 15, 256
# What is smaller than this share of the usual range is not seen; larger than the edges around by
# this factor is looked at.
_SEEN, _STANDS_OUT = 1e-3, 1.5
_BESIDE = 2.0**-20  # of an edge, from an infinite end
# So many halvings come down to neighbouring numbers. A difference that falls below this share of
# the largest so far is no jump, and one that grows by this factor is a pole.
_HALVINGS, _GONE, _GROWN = 50, 0.25, 2.0
_POLE = 1e6  # usual ranges, which no jump has
# So many times the difference on a cell: a slope beside it that belongs to a wall, as narrow as
# numbers can tell, and not to the sides of a jump.
_WALL = 30.0


@dataclass(frozen=True, eq=False)
class Tears:
    """The torn edges of a grid.

    Attributes: `marks` (ny, nx) uint32, the bits of each corner; `unbounded` tells whether there is
    a pole among them, at which losses have no end.
    """

    marks: Array
    unbounded: bool


def find_tears(surface: Surface, xs: Array, ys: Array, values: Array) -> Tears | None:
    """Return where a surface is torn between the points of a grid, None if it is nowhere.

    Parameters: `xs` (nx,), `ys` (ny,), and `values` (ny, nx), the losses there.
    """
    import numpy as np

    usual = _usual_range(values)
    marks = np.zeros(values.shape, np.uint32)
    points = np.stack(np.broadcast_arrays(xs, ys[:, None]), axis=-1).reshape(-1, 2)
    flat, unbounded = values.ravel(), False
    for bit, grid in ((RIGHT, values), (UP, values.T)):
        step = 1 if bit == RIGHT else len(xs)
        for find, halve in ((_standing_out, _halve), (_beside_infinity, _leave_infinity)):
            rows, places = np.nonzero(find(grid, usual))
            if not len(rows):
                continue
            at = rows * len(xs) + places if bit == RIGHT else places * len(xs) + rows
            ends, losses = (points[at], points[at + step]), (flat[at], flat[at + step])
            torn, shares, endless = halve(surface, ends, losses, usual)
            part = np.clip(shares[torn] * PARTS, 0, PARTS - 1).astype(np.uint32)
            marks.ravel()[at[torn]] |= bit | part << (RIGHT_AT if bit == RIGHT else UP_AT)
            unbounded |= endless
    return Tears(torn_triangles(marks), unbounded) if marks.any() else None


def torn_triangles(marks: Array) -> Array:
    """Return bits (ny, nx) of torn edges with those of the triangles that have one."""
    found = marks.copy()
    right, up = marks & RIGHT > 0, marks & UP > 0
    found[:-1, :-1][right[:-1, :-1] | up[:-1, 1:]] |= BELOW
    found[:-1, :-1][right[1:, :-1] | up[:-1, :-1]] |= ABOVE
    return found


def _usual_range(values: Array) -> float:
    """Return the range of nearly all values: at poles the others have no end."""
    import numpy as np

    some = values[np.isfinite(values)]
    if not some.size:
        return 0.0
    low, high = np.quantile(some, (0.05, 0.95))
    floor = 1e-9 * max(abs(float(low)), abs(float(high)))
    if high - low > floor:
        return float(high - low)
    return float(some.max() - some.min())


def _standing_out(values: Array, usual: float) -> Array:
    """Return the edges along the last axis (…, n - 1) that may be torn."""
    import numpy as np

    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.diff(values, axis=1)
    steps[~np.isfinite(steps)] = 0.0
    size = np.abs(steps)
    seen: Array = size > _SEEN * usual
    # One edge alone, or two: a jump may be at a point of the grid that has a loss in between.
    padded = np.pad(size, ((0, 0), (2, 2)))
    before, after = padded[:, 1:-3], padded[:, 3:-1]
    around = np.minimum(
        np.maximum(before, np.minimum(after, padded[:, 4:])),
        np.maximum(after, np.minimum(before, padded[:, :-4])),
    )
    against = seen.copy()
    against[:, 1:] &= steps[:, 1:] * np.sign(steps[:, :-1]) <= 0
    against[:, :-1] &= steps[:, :-1] * np.sign(steps[:, 1:]) <= 0
    seen &= (size > _STANDS_OUT * around) | against
    return seen


def _halve(
    surface: Surface, ends: tuple[Array, Array], losses: tuple[Array, Array], usual: float
) -> tuple[Array, Array, bool]:
    """Return which edges (n,) are torn, at which share, and whether one of them is at a pole.

    Parameters: `ends` (n, 2) and the `losses` (n,) there, of the first and the other end.
    """
    import numpy as np

    a, b = (np.array(part, dtype=np.float64) for part in ends)
    length = b - a
    here, there = (np.array(part, dtype=np.float64) for part in losses)
    first = np.abs(there - here)
    most = first.copy()
    left = np.arange(len(a))
    endless = np.zeros(len(a), bool)
    for _ in range(_HALVINGS):
        middle = 0.5 * (a[left] + b[left])
        with np.errstate(all="ignore"):
            found = np.asarray(surface.value(middle[:, 0], middle[:, 1]), dtype=np.float64)
        known = np.isfinite(found)
        endless[left[~known]] = True
        left, middle, found = left[known], middle[known], found[known]
        nearer = np.abs(found - here[left]) >= np.abs(there[left] - found)
        b[left[nearer]], there[left[nearer]] = middle[nearer], found[nearer]
        a[left[~nearer]], here[left[~nearer]] = middle[~nearer], found[~nearer]
        steps = np.abs(there[left] - here[left])
        most[left] = np.maximum(most[left], steps)
        left = left[steps > _GONE * most[left]]
        if not len(left):
            break
    jump = np.abs(there[left] - here[left])
    endless[left[(jump > _GROWN * first[left]) | (jump > _POLE * usual)]] = True
    torn = endless.copy()
    torn[left] = True
    rest = np.flatnonzero(torn & ~endless)
    if surface.exact and len(rest):  # a finite difference across a jump would be a wall
        for place in (a[rest], b[rest]):
            with np.errstate(all="ignore"):
                slope = np.asarray(surface.gradient(place[:, 0], place[:, 1])).T
            rise = np.abs((slope * length[rest]).sum(axis=1))
            torn[rest[rise > _WALL * first[rest]]] = False
    way = np.argmax(np.abs(length), axis=1)[:, None]
    gone = 0.5 * (a + b) - ends[0]
    shares = np.take_along_axis(gone, way, 1)[:, 0] / np.take_along_axis(length, way, 1)[:, 0]
    return torn, shares, bool(endless.any())


def _beside_infinity(values: Array, usual: float) -> Array:
    """Return the edges along the last axis with one infinite end."""
    import numpy as np

    infinite, finite = np.isinf(values), np.isfinite(values)
    found: Array = infinite[:, :-1] & finite[:, 1:] | finite[:, :-1] & infinite[:, 1:]
    return found


def _leave_infinity(
    surface: Surface, ends: tuple[Array, Array], losses: tuple[Array, Array], usual: float
) -> tuple[Array, Array, bool]:
    """Return along which edges (n,) an infinite loss is not what the others go towards.

    Returned and given is what `_halve` has.
    """
    import numpy as np

    first = np.isinf(losses[0])
    there, here = np.where(first, losses, losses[::-1])
    start, end = np.where(first[:, None], ends, ends[::-1])
    near = start + _BESIDE * (end - start)
    with np.errstate(all="ignore"):
        found = np.asarray(surface.value(near[:, 0], near[:, 1]), dtype=np.float64)
        torn = np.sign(there) * (found - here) < 0
    return torn, np.where(first, 0.0, 1.0), bool(torn.any())
