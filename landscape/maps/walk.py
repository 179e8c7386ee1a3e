"""Paths from many starts, or with many settings: how each of them ends.

Where rule and surface are formulas, they are compiled into one loop. Everything else (a network's
plane, an L-BFGS, mini-batches) walks path by path through `descend`, and so do the few paths that
come to where a formula has no value but a limit: the results are those of `descend` in any case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.descent import Ending, Trajectory, descend
from landscape.errors import LandscapeError, unknown_name
from landscape.maps.fused import Fused, can_fuse
from landscape.maps.outcomes import Outcomes
from landscape.optimizers.rule import Rule
from landscape.surfaces.lookup import remade
from landscape.surfaces.surface import FormulaSurface, Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer
    from landscape.optimizers.schedule import AnySchedule

    Array = NDArray[Any]

__all__ = ["Paths", "variable_names", "with_values"]


@dataclass(frozen=True, eq=False)
class Paths:
    """Many paths of one optimizer over one surface.

    Parameters: `surface`; `optimizer`, with a learning rate unless it is a solver or "lr" is
    varied; `steps`; `varied`, names of hyper-parameters, of the surface's parameters, or "lr",
    whose values differ from path to path; `schedule`, `batch`, `noise`, `seed` and `tolerance` as
    `descend` takes them, the same for all paths.

    Raises LandscapeError for a name that cannot be varied.
    """

    surface: Surface
    optimizer: Optimizer
    steps: int
    varied: tuple[str, ...] = ()
    schedule: str | AnySchedule = ""
    batch: int | None = None
    noise: float = 0.0
    seed: int = 0
    tolerance: float = field(default=1e-8)

    def __post_init__(self) -> None:
        known = variable_names(self.surface, self.optimizer)
        for one in self.varied:
            if one not in known:
                raise unknown_name("parameter to vary", one, known)
        rule = self.optimizer
        if isinstance(rule, Rule) and rule.learning_rate is None and "lr" not in self.varied:
            raise LandscapeError(f"{rule.name} needs a learning rate")

    @cached_property
    def fused(self) -> Fused | None:
        """The compiled loop, None if there is none for this surface and optimizer."""
        if not can_fuse(self.surface, self.optimizer, self.schedule, self.batch):
            return None
        assert isinstance(self.surface, FormulaSurface)
        assert isinstance(self.optimizer, Rule)
        return Fused(
            self.surface,
            self.optimizer,
            self.steps,
            self.varied,
            self.schedule,
            self.noise,
            self.seed,
            self.tolerance,
        )

    def walk(
        self,
        x: Array,
        y: Array,
        values: Mapping[str, Array] | None = None,
        *,
        threads: int | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Outcomes:
        """Return how the paths from starts end.

        Parameters: `x` and `y` (n,) are the starts, `values` (n,) those of what is varied;
        `progress` is called with the paths that are done where they are done one by one.

        A path from where the surface has no value is "undefined" at step 0. The number of `threads`
        changes nothing in the results.
        """
        import numpy as np

        x, y = np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64)
        given = dict(values or {})
        if self.fused is None:
            return self._one_by_one(x, y, given, progress)
        found, unknown = self.fused.walk(x, y, given, threads=threads)
        if unknown.any():
            rest = {key: value[unknown] for key, value in given.items()}
            found.put(unknown, self._one_by_one(x[unknown], y[unknown], rest, progress))
        return found

    def descend(self, start: tuple[float, float], values: Mapping[str, float]) -> Trajectory:
        """Return one of the paths, whole.

        Parameters: `start` (x, y); `values` of what is varied.

        Raises LandscapeError as `descend` does.
        """
        surface, optimizer = with_values(self.surface, self.optimizer, values)
        return descend(
            surface,
            optimizer,
            start=start,
            steps=self.steps,
            schedule=self.schedule or None,
            batch=self.batch,
            noise=self.noise,
            seed=self.seed,
            tolerance=self.tolerance,
        )

    def _one_by_one(
        self, x: Array, y: Array, values: Mapping[str, Array], progress: Callable[[int], None]
    ) -> Outcomes:
        rows = []
        for k, start in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
            rows.append(self._path(start, {key: float(one[k]) for key, one in values.items()}))
            progress(k + 1)
        return Outcomes.of(rows)

    def _path(
        self, start: tuple[float, float], values: Mapping[str, float]
    ) -> tuple[Sequence[float], Ending, int]:
        surface, _ = with_values(self.surface, self.optimizer, values)
        value = surface.value_at(*start)
        if not math.isfinite(value):
            outcome = Ending("undefined" if math.isnan(value) else "diverged", 0)
            return (*start, value, *surface.gradient_at(*start)), outcome, 0
        path = self.descend(start, values)
        last = (*path.points[-1], path.losses[-1], *path.gradients[-1])
        return last, path.ending, len(path) - 1


def variable_names(surface: Surface, optimizer: Optimizer) -> list[str]:
    """Return the names of what can differ from path to path, the optimizer's first."""
    names = ["lr", *optimizer.hyperparameters] if isinstance(optimizer, Rule) else []
    if isinstance(surface, FormulaSurface):
        names += [one for one in surface.formula.parameters if one not in names]
    return names


def with_values(
    surface: Surface, optimizer: Optimizer, values: Mapping[str, float]
) -> tuple[Surface, Optimizer]:
    """Return a surface and an optimizer with other values of what `variable_names` has."""
    if not values:
        return surface, optimizer
    if isinstance(optimizer, Rule):
        own = {key: value for key, value in values.items() if key in optimizer.hyperparameters}
        rate = values.get("lr", optimizer.learning_rate)
        optimizer = replace(
            optimizer, hyperparameters={**optimizer.hyperparameters, **own}, learning_rate=rate
        )
        values = {key: value for key, value in values.items() if key not in own and key != "lr"}
    if values:
        surface = remade(surface, bounds=surface.bounds, **values)
    return surface, optimizer
