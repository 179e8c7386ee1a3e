"""Settings of one rule that are tried: how the paths end that each of them has from all starts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.descent import Trajectory
from landscape.maps.outcomes import OUTCOMES, Outcomes
from landscape.maps.staying import box_of, path_stays, stays
from landscape.maps.walk import Paths
from landscape.optimizers.rule import Rule
from landscape.optimizers.tuning import Conditions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]
    Starts = Sequence[tuple[float, float]]

__all__ = ["Results", "Trials"]


@dataclass(frozen=True, eq=False)
class Results:
    """How the paths of n settings ended; each array has shape (starts, n).

    Attributes: `loss`, the last losses, infinite where a path diverged or left the domain on the
    way; `raw`, infinite where it diverged alone; `arrival`, the steps until it was there, infinite
    if it was not.
    """

    loss: Array
    raw: Array
    arrival: Array


class Trials:
    """What tries settings of a rule.

    Parameters: `names` of the numbers that differ from setting to setting; `starts` and `steps` of
    the paths; `conditions`, what else they depend on.

    Attributes: `first`, the losses at the starts.
    """

    def __init__(
        self,
        surface: Surface,
        rule: Rule,
        names: Sequence[str],
        starts: Starts,
        steps: int,
        conditions: Conditions,
    ) -> None:
        import numpy as np

        self._names, self._starts = tuple(names), starts
        self._box = box_of(surface, starts)
        self.first: Array = np.array([surface.value_at(*start) for start in starts])
        run = conditions
        self._paths = Paths(
            surface,
            rule,
            steps,
            self._names,
            run.schedule,
            run.batch,
            run.noise,
            run.seed,
        )

    def walk(
        self, rows: Sequence[tuple[float, ...]], tell: Callable[[int], None] = lambda _: None
    ) -> Results:
        """Try settings, each a row of the values of what differs.

        Parameters: `tell` is called with the settings done, where they are done one by one.
        """
        import numpy as np

        if self._paths.fused is None:
            return self._one_by_one(rows, tell)
        shape = (len(self._starts), len(rows))
        table = np.array(rows, dtype=np.float64)
        values = {name: np.tile(table[:, k], shape[0]) for k, name in enumerate(self._names)}
        at = np.repeat(np.array(self._starts, dtype=np.float64), len(rows), axis=0)
        x, y = np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])
        found = self._paths.walk(x, y, values)
        inside, unknown = stays(self._paths.fused, self._box, x, y, values)
        for k in np.flatnonzero(unknown).tolist():
            path = self._descend(rows[k % len(rows)], self._starts[k // len(rows)])
            inside[k] = path_stays(path, self._box)
        return self._results(found, inside, shape)

    def _one_by_one(
        self, rows: Sequence[tuple[float, ...]], tell: Callable[[int], None]
    ) -> Results:
        import numpy as np

        shape = (len(rows), len(self._starts))
        found, inside = Outcomes.empty(len(rows) * shape[1]), np.zeros(shape, bool)
        for k, row in enumerate(rows):
            paths = [self._descend(row, start) for start in self._starts]
            ends = [
                ((*one.points[-1], one.losses[-1], *one.gradients[-1]), one.ending, len(one) - 1)
                for one in paths
            ]
            found.put(slice(k * shape[1], (k + 1) * shape[1]), Outcomes.of(ends))
            inside[k] = [path_stays(one, self._box) for one in paths]
            tell(k + 1)
        by_setting = self._results(found, inside.ravel(), shape)
        return Results(by_setting.loss.T, by_setting.raw.T, by_setting.arrival.T)

    def _descend(self, row: tuple[float, ...], start: tuple[float, float]) -> Trajectory:
        return self._paths.descend(start, dict(zip(self._names, row, strict=True)))

    def _results(self, found: Outcomes, inside: Array, shape: tuple[int, int]) -> Results:
        """Return what counts of outcomes (starts, n) or, one by one, (n, starts)."""
        import numpy as np

        outcome, loss = found.outcome.reshape(shape), found.loss.reshape(shape)
        first = self.first[:, None] if self._paths.fused is not None else self.first[None]
        lost = np.isin(outcome, _LOST) | ~np.isfinite(loss)
        with np.errstate(invalid="ignore"):
            lost |= loss > first
        raw = np.where(lost, np.inf, loss)
        away = ~inside.reshape(shape) | (outcome == OUTCOMES.index("left the domain"))
        there = (outcome == OUTCOMES.index("converged")) & ~lost
        arrival = np.where(there, found.step.reshape(shape).astype(float), math.inf)
        return Results(np.where(away, np.inf, raw), raw, arrival)


_LOST = [OUTCOMES.index(one) for one in ("diverged", "undefined")]
