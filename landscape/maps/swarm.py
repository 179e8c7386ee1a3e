"""Swarms: many particles that go over a surface at once.

A swarm is walked, not kept: its positions come step after step, so that what is held beside them
does not grow with the steps. Without noise the path of every particle is that of `descend` from the
same start. With noise each has numbers of its own, all from one seeded generator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.descent import Ending, descend
from landscape.errors import LandscapeError
from landscape.formula.compile import execute
from landscape.formula.grammar import NUMPY_IMPORTS
from landscape.maps.hollows import calm_paths
from landscape.maps.outcomes import OUTCOMES, Outcomes
from landscape.maps.survey import Ends, find_places, is_noisy, survey
from landscape.maps.walk import Paths
from landscape.optimizers.plane import PlaneCode
from landscape.optimizers.rule import NOISE_STREAM, Rule
from landscape.optimizers.schedule import find_schedule
from landscape.surfaces.surface import FormulaSurface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from landscape.maps.places import Places
    from landscape.surfaces.surface import Bounds, Surface

    Array = NDArray[Any]

__all__ = ["Swarm", "cloud", "evenly", "is_random", "swarm_places"]

# Steps to the low-discrepancy sequence of two dimensions that is most even, by the root of
# x³ = x + 1: Roberts 2018, "The unreasonable effectiveness of quasirandom sequences".
_ROOT = 1.32471795724474602596
# Positions of particles that go one by one are kept: so many at most.
_MOST_KEPT = 16_000_000
# Steps without noise, of which few particles take all: some are beside a saddle.
_CALM_STEPS = 3000


def evenly(bounds: Bounds, count: int, seed: int = 0) -> tuple[Array, Array]:
    """Return `count` starts (n,), (n,) that fill a domain evenly; `seed` shifts them all."""
    u, v = _unit(count, seed)
    (x0, x1), (y0, y1) = bounds
    return x0 + (x1 - x0) * u, y0 + (y1 - y0) * v


def cloud(at: tuple[float, float], radius: float, count: int, seed: int = 0) -> tuple[Array, Array]:
    """Return `count` starts (n,), (n,) that fill a disc about a point evenly."""
    import numpy as np

    u, v = _unit(count, seed)
    away, turn = radius * np.sqrt(u), 2 * np.pi * v
    return at[0] + away * np.cos(turn), at[1] + away * np.sin(turn)


def _unit(count: int, seed: int) -> tuple[Array, Array]:
    import numpy as np

    first = np.random.Generator(np.random.PCG64(seed)).random(2)
    k = np.arange(1, count + 1)
    return (first[0] + k / _ROOT) % 1.0, (first[1] + k / _ROOT**2) % 1.0


def is_random(paths: Paths) -> bool:
    """Return whether two particles from one place would go apart."""
    rule = paths.optimizer
    return is_noisy(paths) or (rule.is_random if isinstance(rule, Rule) else False)


@dataclass(frozen=True, eq=False)
class Swarm:
    """Particles that are released at once.

    Parameters: `paths` say how each goes, with nothing varied; `x` and `y` (n,) are their starts.
    """

    paths: Paths
    x: Array
    y: Array

    def __len__(self) -> int:
        return len(self.x)

    def walk(self) -> Iterator[tuple[Array, Array]]:
        """Yield x and y (n,) at the start and after every step, NaN from where a path has ended.

        Raises LandscapeError for more particles, one by one, than can be kept.
        """
        if self.paths.fused is None:
            yield from self._one_by_one[0]
        else:
            yield from self._together()

    @cached_property
    def ends(self) -> Outcomes:
        """How the particles end: without noise, as the paths of a map from the same starts."""
        if self.paths.fused is None:
            return self._one_by_one[1]
        if not is_random(self.paths):
            return self.paths.walk(self.x, self.y)
        return self._noisy_ends()

    @cached_property
    def calm(self) -> Paths:
        """The paths of gradient descent without noise, at a small rate."""
        return replace(calm_paths(self.paths.surface), steps=_CALM_STEPS)

    # -- all at once -------------------------------------------------------------------------

    def _together(self) -> Iterator[tuple[Array, Array]]:
        import numpy as np

        paths, rule = self.paths, self.paths.optimizer
        assert isinstance(rule, Rule)
        surface: Surface = paths.surface
        code = PlaneCode(rule.formula, rule.program.statements, rule.state, rule.hyperparameters)
        step = execute(NUMPY_IMPORTS + code.source("numpy"), "step")
        rates = find_schedule(rule.schedule or paths.schedule or "").start(
            rule.learning_rate or 1.0, paths.steps
        )
        count = len(self)
        gradient = self._gradient()
        draw = np.random.Generator(np.random.PCG64([NOISE_STREAM, paths.seed])).standard_normal

        def curvature(x: Array, y: Array) -> tuple[Array, Array]:
            assert isinstance(surface, FormulaSurface)  # as all that goes together
            hessian = surface.hessian(*np.broadcast_arrays(x, y))
            return hessian[0, 0], hessian[1, 1]

        def noise() -> Array:
            return draw((2, count))

        x, y = (np.array(one, np.float64) for one in (self.x, self.y))
        dead = np.zeros(count, bool)
        with np.errstate(all="ignore"):
            dx, dy = gradient(x, y)
            loss = surface.value(x, y)
            start: Any = (x, y)
            state = tuple(
                np.broadcast_to(np.asarray(one, np.float64), (count,))
                for one in rule.initial_state(start, rates(0, 0.0))
            )
        for k in range(paths.steps + 1):
            yield np.where(dead, np.nan, x), np.where(dead, np.nan, y)
            if k == paths.steps:
                return
            rate = np.float64(rates(k, 0.0))
            with np.errstate(all="ignore"):
                dead |= ~np.isfinite(x + y + loss + dx + dy)
                x, y, state = step(
                    np.float64(k + 1), rate, x, y, dx, dy, state, gradient, curvature, noise
                )
                x, y = np.broadcast_to(x, (count,)), np.broadcast_to(y, (count,))
                dx, dy = gradient(x, y)
                loss = surface.value(x, y)

    def _gradient(self) -> Callable[[Array, Array], Array]:
        """Return the gradient as the particles see it."""
        import numpy as np

        surface, deviation = self.paths.surface, self.paths.noise
        shape = (2, len(self))
        draw = np.random.Generator(np.random.PCG64(self.paths.seed)).standard_normal

        def exact(x: Array, y: Array) -> Array:
            return surface.gradient(*np.broadcast_arrays(x, y, np.empty(shape[1]))[:2])

        def noisy(x: Array, y: Array) -> Array:
            found: Array = exact(x, y) + deviation * draw(shape)
            return found

        return noisy if deviation else exact

    def _noisy_ends(self) -> Outcomes:
        """Return the ends of particles with noise: where each is, and whether it is lost."""
        import numpy as np

        surface = self.paths.surface
        (x0, x1), (y0, y1) = surface.bounds
        made = Outcomes.empty(len(self))
        left = np.zeros(len(self), np.int32)  # the last step inside
        alive = np.zeros(len(self), np.int32)
        made.x[:], made.y[:] = self.x, self.y
        for k, (x, y) in enumerate(self.walk()):
            known = np.isfinite(x + y)
            alive[known] = k
            made.x[known], made.y[known] = x[known], y[known]
            left[known & (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)] = k
        with np.errstate(all="ignore"):
            made.loss[:] = surface.value(made.x, made.y)
            made.dx[:], made.dy[:] = surface.gradient(made.x, made.y)
        over = (alive < self.paths.steps) | ~np.isfinite(made.loss + made.dx + made.dy)
        away = ~over & (left < self.paths.steps)
        names = ["finished", "left the domain", "diverged"]
        kinds = np.array([OUTCOMES.index(one) for one in names], np.int8)
        made.outcome[:] = kinds[np.where(over, 2, away)]
        made.last[:] = alive
        made.step[:] = np.where(away, left + 1, alive)
        return made

    # -- one by one --------------------------------------------------------------------------

    @cached_property
    def _one_by_one(self) -> tuple[list[tuple[Array, Array]], Outcomes]:
        import numpy as np

        paths, count = self.paths, len(self)
        if count * (paths.steps + 1) > _MOST_KEPT:
            raise LandscapeError(
                f"{count} particles for {paths.steps} steps are too many where paths go one by "
                f"one: take {_MOST_KEPT // (paths.steps + 1)} of them, or fewer steps"
            )
        table = np.full((2, paths.steps + 1, count), np.nan)
        rows = []
        for k, start in enumerate(zip(self.x.tolist(), self.y.tolist(), strict=True)):
            value = paths.surface.value_at(*start)
            if not math.isfinite(value):
                ending = Ending("undefined" if math.isnan(value) else "diverged", 0)
                rows.append(((*start, value, *paths.surface.gradient_at(*start)), ending, 0))
                table[:, 0, k] = start
                continue
            path = descend(
                paths.surface,
                paths.optimizer,
                start=start,
                steps=paths.steps,
                schedule=paths.schedule or None,
                batch=paths.batch,
                noise=paths.noise,
                # A path of its own for each.
                seed=paths.seed + (k if is_random(paths) else 0),
                tolerance=paths.tolerance,
            )
            table[:, : len(path), k] = path.points.T
            if path.ending.outcome in ("converged", "stopped", "finished"):
                table[:, len(path) :, k] = path.points[-1][:, None]  # a solver that is done
            last = (*path.points[-1], path.losses[-1], *path.gradients[-1])
            rows.append((last, path.ending, len(path) - 1))
        return list(zip(table[0], table[1], strict=True)), Outcomes.of(rows)


def swarm_places(paths: Sequence[Paths]) -> Places:
    """Return the places of a surface at which particles of several rules end.

    They are those of a map of basins. Of a rule that draws numbers, they are those of the same
    surface without noise.
    """
    surface = paths[0].surface
    calm = [calm_paths(surface) if _can_calm(one) else one for one in paths]
    found = [survey(one, (surface.bounds,))[0] for one in calm]
    return find_places(surface, Ends.of(found))


def _can_calm(paths: Paths) -> bool:
    return is_random(paths) and paths.fused is not None
