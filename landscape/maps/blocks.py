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
# are. First those that a stretch writes and nobody needs after it: its extremes, and 0, or NaN
# where a number may not have been finite.
LEAST_X, LEAST_Y, MOST_X, MOST_Y, STEEPEST, ODD = range(0, 6 * LANES, LANES)
# What is known of each path at its end: a point, ...
AT_X, AT_Y, LOSS, DX, DY = range(6 * LANES, 11 * LANES, LANES)
ALIVE = 11 * LANES  # how many iterates of the path have finite numbers only
INSIDE, MOVING = 12 * LANES, 13 * LANES  # the last step inside the domain, the last one that moves
KNOWN = ("x", "y", "loss", "dx", "dy", "alive", "inside", "moving")
FIRST_KNOWN = AT_X // LANES
X, Y = 14 * LANES, 15 * LANES  # where the rule is
FIRST = 16  # rows before the rule's own
STATE = ALIVE  # from here on is what a stretch begins with

# Of what only kernels call: no reference counts, and nothing that Python can call.
INNER: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _part(function: _Function) -> _Function:
    return compiled(function, **INNER)


@_part
def begin(block: Any, kept: Any, done: int, last: int) -> None:
    """Keep a block as it is before a stretch, and take its paths to be alive before the last step.

    The extremes are those of no step yet.
    """
    for k in range(STATE, block.size):
        kept[k] = block[k]
    for k in range(LEAST_X, MOST_X):
        block[k] = inf
    for k in range(MOST_X, STEEPEST):
        block[k] = -inf
    for k in range(STEEPEST, AT_X):
        block[k] = 0.0
    now, then = float(done), float(last)
    for k in range(ALIVE, ALIVE + LANES):
        block[k] = then if block[k] == now else block[k]


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
    odd = 0
    for i in range(LANES):  # without branches: most blocks have no such path
        now_x, now_y = kept[X + i], kept[Y + i]
        low_x, low_y, top_x, top_y = (
            block[LEAST_X + i], block[LEAST_Y + i], block[MOST_X + i], block[MOST_Y + i]
        )  # fmt: skip
        inside, moving, alive = block[INSIDE + i], block[MOVING + i], block[ALIVE + i]
        # With a NaN among them, the comparison of that is false.
        good = (
            (block[ODD + i] == 0.0)
            & (low_x >= -reach) & (low_y >= -reach) & (top_x <= reach) & (top_y <= reach)
        )  # fmt: skip
        least_x, least_y = min(low_x, now_x), min(low_y, now_y)
        most_x, most_y = max(top_x, now_x), max(top_y, now_y)
        outside = (least_x > right) | (most_x < left) | (least_y > high) | (most_y < low)
        still = (
            (block[STEEPEST + i] <= tolerance)
            & (most_x - least_x <= tolerance) & (most_y - least_y <= tolerance)
        )  # fmt: skip
        good &= (inside >= latest) | outside
        good &= (moving >= latest) | (alive <= latest) | still
        ended = kept[ALIVE + i] < done
        block[ODD + i] = 2.0 if ended else (0.0 if good else 1.0)
        odd += ended | (not good)
    width = 0
    if odd == 0:
        return int64(width)  # type: ignore[return-value]
    for i in range(LANES):
        if block[ODD + i] == 2.0:  # it had ended before
            for k in range(STATE + i, block.size, LANES):
                block[k] = kept[k]
        elif block[ODD + i] == 1.0:
            which[width] = i
            for k in range(STATE, block.size, LANES):
                again[k + width] = kept[k + i]
            width += 1
    return int64(width)  # type: ignore[return-value]


@_part
def put_back(block: Any, again: Any, which: Any, width: int, stop: int) -> bool:
    """Put the paths that were gathered back; return whether any path goes on after `stop` steps."""
    for w in range(width):
        for k in range(STATE, block.size, LANES):
            block[k + which[w]] = again[k + w]
    living = 0
    for i in range(LANES):
        living += block[ALIVE + i] == stop
    return living > 0
