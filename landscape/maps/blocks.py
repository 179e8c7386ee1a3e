"""A block of paths and what is done with it whatever the rule and the surface: Numba functions.

A block's coordinates, the rule's state and what is known of each path are rows of one array. How a
path ends is known from three steps: the one at which its numbers end, the last one inside the
domain, and the last one that moves. To look for those in every step costs as much as the step. So
a block's steps are done in stretches of which only the last step is looked at. That is enough for
a path that is inside then or was outside all the time, either moves then or was at rest all the
time, and had finite numbers: because it was never so far out that a loss can have overflowed, or
else because their sum was. Extremes tell; the other paths are gathered and do the stretch again,
looked at in every step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numpy import inf, int64

from landscape.maps.functions import compiled

__all__ = [
    "FIRST",
    "INNER",
    "KNOWN",
    "LANES",
    "begin",
    "choose",
    "ends",
    "look_at",
    "look_back",
    "put_back",
]

_Function = TypeVar("_Function", bound=Callable[..., Any])

LANES = 256  # paths in a block
# Where the rows of a block begin: an array of one dimension, so that LLVM knows how far apart they
# are. The first ones are what is known of each path at its end: a point, ...
AT_X, AT_Y, LOSS, DX, DY = range(0, 5 * LANES, LANES)
ALIVE = 5 * LANES  # how many iterates of the path have finite numbers only
INSIDE, MOVING = 6 * LANES, 7 * LANES  # the last step inside the domain, the last one that moves
KNOWN = ("x", "y", "loss", "dx", "dy", "alive", "inside", "moving")
X, Y = 8 * LANES, 9 * LANES  # where the rule is
# Of a stretch: extremes, and 0, or NaN where a number may not have been finite.
LEAST_X, LEAST_Y, MOST_X, MOST_Y, STEEPEST, ODD = range(10 * LANES, 16 * LANES, LANES)
FIRST = 16  # rows before the rule's own

# Of what only kernels call: no reference counts, and nothing that Python can call.
INNER: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _part(function: _Function) -> _Function:
    return compiled(function, **INNER)


@_part
def begin(block: Any, kept: Any, done: int, last: int) -> None:
    """Keep a block as it is before a stretch, and take its paths to be alive before the last step.

    The extremes are those of no step yet.
    """
    for k in range(block.size):
        kept[k] = block[k]
    for i in range(LANES):
        block[LEAST_X + i] = inf
        block[LEAST_Y + i] = inf
        block[MOST_X + i] = -inf
        block[MOST_Y + i] = -inf
        block[STEEPEST + i] = 0.0
        block[ODD + i] = 0.0
        block[ALIVE + i] = last if block[ALIVE + i] == done else block[ALIVE + i]


@_part
def look_at(block: Any, width: int) -> None:
    """Look at the points where the rule is."""
    for i in range(width):
        block[AT_X + i] = block[X + i]
        block[AT_Y + i] = block[Y + i]


@_part
def look_back(block: Any) -> None:
    """Look at the points where the rule is, and put it where it was one step before."""
    for i in range(LANES):
        block[AT_X + i], block[X + i] = block[X + i], block[AT_X + i]
        block[AT_Y + i], block[Y + i] = block[Y + i], block[AT_Y + i]


@_part
def ends(block: Any, width: int, step: int, bounds: Any, tolerance: float) -> None:
    """Judge the points that are looked at, and leave the rule there if the path has ended.

    `descend` judges the same by the whole path. Comparisons cost most, so there are few: inf - inf
    is NaN.
    """
    left, right, low, high = bounds[0], bounds[1], bounds[2], bounds[3]
    now = float(step)
    for i in range(width):
        x, y = block[AT_X + i], block[AT_Y + i]
        dx, dy = block[DX + i], block[DY + i]
        other_x, other_y = block[X + i], block[Y + i]
        alive_so_far, inside, moving = block[ALIVE + i], block[INSIDE + i], block[MOVING + i]
        total = x + y + block[LOSS + i] + dx + dy
        # The numbers are finite here, and they were in all rows before.
        alive = alive_so_far + (total - total) == now
        across = left - x if left - x > x - right else x - right
        up = low - y if low - y > y - high else y - high
        outside = across if across > up else up
        block[INSIDE + i] = now if alive and outside <= 0.0 else inside
        across, up = abs(other_x - x), abs(other_y - y)
        moved = across if across > up else up
        across, up = abs(dx), abs(dy)
        steep = across if across > up else up
        most = moved if moved > steep else steep
        block[MOVING + i] = now if alive and most > tolerance else moving
        block[ALIVE + i] = now + 1.0 if alive else alive_so_far
        block[X + i] = other_x if alive else x
        block[Y + i] = other_y if alive else y


@_part
def choose(
    block: Any,
    kept: Any,
    again: Any,
    which: Any,
    done: int,
    stop: int,
    bounds: Any,
    reach: float,
    tolerance: float,
) -> int:
    """Gather the paths that have to be looked at in every step of a stretch; return their number.

    `reach` is how far out, |x| and |y|, a path may have been without being looked at.
    """
    left, right, low, high = bounds[0], bounds[1], bounds[2], bounds[3]
    latest = float(stop - 1)
    width = 0
    for i in range(LANES):
        if kept[ALIVE + i] < done:  # it had ended before
            for k in range(i, block.size, LANES):
                block[k] = kept[k]
            continue
        least_x, most_x = min(block[LEAST_X + i], kept[X + i]), max(block[MOST_X + i], kept[X + i])
        least_y, most_y = min(block[LEAST_Y + i], kept[Y + i]), max(block[MOST_Y + i], kept[Y + i])
        # With a NaN among them, the comparison of that is false.
        good = block[ODD + i] == 0.0
        good = good and block[LEAST_X + i] >= -reach and block[LEAST_Y + i] >= -reach
        good = good and block[MOST_X + i] <= reach and block[MOST_Y + i] <= reach
        if block[INSIDE + i] < latest:
            aside = least_x > right or most_x < left
            good = good and (aside or least_y > high or most_y < low)
        if block[MOVING + i] < latest < block[ALIVE + i]:
            good = good and block[STEEPEST + i] <= tolerance
            good = good and most_x - least_x <= tolerance and most_y - least_y <= tolerance
        if not good:
            which[width] = i
            for k in range(0, block.size, LANES):
                again[k + width] = kept[k + i]
            width += 1
    return int64(width)  # type: ignore[return-value]


@_part
def put_back(block: Any, again: Any, which: Any, width: int, stop: int) -> bool:
    """Put the paths that were gathered back; return whether any path goes on after `stop` steps."""
    for w in range(width):
        for k in range(0, block.size, LANES):
            block[k + which[w]] = again[k + w]
    living = 0
    for i in range(LANES):
        living += block[ALIVE + i] == stop
    return living > 0
