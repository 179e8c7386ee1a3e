"""How many paths ended, as arrays: what `descend` says of one path, of a map's every cell."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from landscape.descent import NEAR, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from landscape.descent import Ending
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["OUTCOMES", "Outcomes", "judge"]

OUTCOMES: tuple[Outcome, ...] = (
    "finished",
    "converged",
    "stopped",
    "left the domain",
    "diverged",
    "undefined",
)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """How n paths ended; each array has shape (n,).

    Attributes: `x` and `y`, the last iterates; `loss`, `dx` and `dy`, the loss there and the
    gradient as the rule saw it; `last`, the number of steps taken; `outcome`, a position in
    OUTCOMES, and `step`, both as an `Ending` has them.
    """

    x: Array
    y: Array
    loss: Array
    dx: Array
    dy: Array
    last: Array
    outcome: Array
    step: Array

    def __len__(self) -> int:
        return len(self.x)

    @classmethod
    def empty(cls, count: int) -> Outcomes:
        """Return outcomes to be filled in."""
        import numpy as np

        kinds = {"last": np.int32, "outcome": np.int8, "step": np.int32}
        return cls(*(np.empty(count, kinds.get(one.name, np.float64)) for one in fields(cls)))

    def put(self, where: Any, others: Outcomes) -> None:
        """Write other outcomes at some places: a slice, indices or a mask."""
        for one in fields(self):
            getattr(self, one.name)[where] = getattr(others, one.name)

    @classmethod
    def of(cls, rows: Sequence[tuple[Sequence[float], Ending, int]]) -> Outcomes:
        """Return the outcomes of single paths: x, y, loss, dx, dy; the ending; the steps taken."""
        made = cls.empty(len(rows))
        for k, (numbers, ending, last) in enumerate(rows):
            made.x[k], made.y[k], made.loss[k], made.dx[k], made.dy[k] = numbers
            made.last[k], made.step[k] = last, ending.step
            made.outcome[k] = OUTCOMES.index(ending.outcome)
        return made


def judge(found: Array, bounds: Bounds, count: int) -> Outcomes:
    """Return how paths of `count` steps ended.

    Parameters: `found` (8, n) are the rows `blocks.KNOWN`: x, y, loss, dx, dy; how many iterates
    are finite, the last step inside the bounds and the last one that moves (-1 if there is none).
    """
    import numpy as np

    x, y, loss, dx, dy, finite, inside, moving = found
    (x0, x1), (y0, y1) = bounds
    dead = finite <= count
    last = np.minimum(finite, count).astype(np.int32)
    width = max(x1 - x0, y1 - y0)
    with np.errstate(invalid="ignore", over="ignore"):
        near = (np.abs(x - x0) < NEAR * width) & (np.abs(y - y0) < NEAR * width)
    away, still = inside < count, moving < count
    outcome = np.select(
        [dead & near & np.isnan(loss), dead, away, still],
        [OUTCOMES.index(one) for one in ("undefined", "diverged", "left the domain", "converged")],
        OUTCOMES.index("finished"),
    ).astype(np.int8)
    step = np.select([dead, away, still], [last, inside + 1, moving + 1], count).astype(np.int32)
    return Outcomes(x, y, loss, dx, dy, last, outcome, step)
