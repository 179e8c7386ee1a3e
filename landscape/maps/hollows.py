"""The hollows of a surface: which minimum lies downhill of a point.

That is where gradient descent without noise leads at a small rate: the inherent structure of
Stillinger & Weber 1982, doi:10.1103/PhysRevA.25.978. It tells of paths that never come to rest to
which minimum they belong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.maps.places import CIRCLING, DIVERGED, MOVING, Places
from landscape.maps.walk import Paths
from landscape.optimizers.rule import Rule
from landscape.optimizers.schedule import AnySchedule, Schedule, find_schedule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.maps.outcomes import Outcomes
    from landscape.optimizers.schedule import Rates
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = ["Circles", "calm_paths", "hollows"]

# So many steps at a share of the usual rate; where paths go one by one, those of ends that are near
# a minimum already.
_STEPS, _FEW_STEPS, _SHARE = 400, 100, 0.3
_HIGH = 1e300
# Who circles a minimum is so near to it, in domains, and was when this share of the steps was done;
# its way since then is so many times as long as what lies between.
_NEAR, _EARLIER, _WINDING = 0.12, 0.75, 2.0


def calm_paths(surface: Surface) -> Paths:
    """Return the paths of gradient descent over a surface, without noise and with a small rate."""
    from landscape.optimizers.lookup import optimizer
    from landscape.optimizers.tuning import Conditions
    from landscape.presets import choose_rate, default_start

    rule, _ = choose_rate(surface, optimizer("gd"), [default_start(surface)], 300, Conditions())
    assert isinstance(rule, Rule)
    assert rule.learning_rate is not None
    return Paths(surface, rule.with_learning_rate(_SHARE * rule.learning_rate), _STEPS)


def hollows(places: Places, calm: Paths, x: Array, y: Array, threads: int | None = None) -> Array:
    """Return the labels (n,), int16, of where points would come to rest by plain descent.

    Parameters: `calm` are the paths of `calm_paths`; `x` and `y` (n,) are the points. What is no
    point has the label DIVERGED.
    """
    import numpy as np

    labels = np.full(len(x), DIVERGED, np.int16)
    known = np.isfinite(x + y)
    ends = calm.walk(x[known], y[known], threads=threads)
    high = np.full(len(ends), _HIGH)  # however low it was: what counts is where it ends
    labels[known] = places.label(ends, high)
    return labels


@dataclass(frozen=True, eq=False)
class Circles:
    """Finds the paths that circle a minimum: near it and in its hollow, but never at rest there.

    Parameters: `paths`; `places` of their surface.
    """

    paths: Paths
    places: Places

    @cached_property
    def _calm(self) -> Paths:
        found = calm_paths(self.places.surface)
        return found if found.fused is not None else replace(found, steps=_FEW_STEPS)

    def mark(
        self, labels: Array, ends: Outcomes, x: Array, y: Array, threads: int | None = None
    ) -> None:
        """Change labels MOVING to CIRCLING - k where a path circles the k-th place.

        Such a path is near the minimum at its end and was when three quarters of its steps were
        done, from both points plain descent leads to this minimum, and at the pace of its last step
        it would have come much farther: who creeps to a minimum does not circle it.

        Parameters: `labels` (n,) of Places.label; `ends` of the paths; `x` and `y` (n,), their
        starts. Each path is judged by itself: others, and `threads`, change nothing.
        """
        import numpy as np

        (x0, x1), (y0, y1) = self.places.surface.bounds
        steps = self.paths.steps
        earlier = int(_EARLIER * steps)
        some = np.flatnonzero(labels == MOVING)
        some = some[self.places.near(ends.x[some], ends.y[some], _NEAR)]
        if not some.size or earlier < 1:
            return
        before = self._begun(earlier).walk(x[some], y[some], threads=threads)
        around = self._around(before.x, before.y, threads)
        same = (around >= 0) & (around == self._around(ends.x[some], ends.y[some], threads))
        some, around = some[same], around[same]
        if not some.size:
            return
        last = self._begun(steps - 1).walk(x[some], y[some], threads=threads)
        across, up = (ends.x[some], ends.y[some])
        pace = np.hypot((across - last.x) / (x1 - x0), (up - last.y) / (y1 - y0))
        away = np.hypot((across - before.x[same]) / (x1 - x0), (up - before.y[same]) / (y1 - y0))
        circling = pace * (steps - earlier) >= _WINDING * away
        labels[some[circling]] = CIRCLING - around[circling]

    def _around(self, x: Array, y: Array, threads: int | None) -> Array:
        """Return the minimum about which each point lies, MOVING if there is none."""
        import numpy as np

        found = np.full(len(x), MOVING, np.int16)
        some = np.flatnonzero(self.places.near(x, y, _NEAR))
        if some.size:
            down = hollows(self.places, self._calm, x[some], y[some], threads)
            near = self.places.near(x[some], y[some], _NEAR, down)
            found[some[near]] = down[near]
        return found

    def _begun(self, steps: int) -> Paths:
        """Return the paths without their last steps, at the same rates."""
        paths, rule = self.paths, self.paths.optimizer
        if not isinstance(rule, Rule):
            return replace(paths, steps=steps)
        schedule = _begun(find_schedule(rule.schedule or paths.schedule or ""), paths.steps)
        rule = replace(rule, schedule="")
        return replace(paths, optimizer=rule, steps=steps, schedule=schedule)


def _begun(schedule: AnySchedule, total: int) -> AnySchedule:
    """Return a schedule whose shorter runs have the rates of one of `total` steps."""
    if isinstance(schedule, Schedule):
        parts = schedule.formula, schedule.values, schedule.name, schedule.milestones
        return _Begun(*parts, total=total)
    return schedule  # what follows the losses knows no end


@dataclass(frozen=True)
class _Begun(Schedule):
    """The beginning of a schedule."""

    total: int = 0

    def start(self, first: float, count: int) -> Rates:
        del count
        return super().start(first, self.total)
