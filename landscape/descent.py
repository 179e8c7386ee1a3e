"""Descent: an optimizer let loose on a surface, and the path that comes of it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import index
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

from landscape.errors import LandscapeError
from landscape.optimizers.lookup import Optimizer
from landscape.optimizers.lookup import optimizer as find_optimizer
from landscape.optimizers.rule import Rule
from landscape.optimizers.schedule import AnySchedule, Rates, find_schedule
from landscape.optimizers.solver import Question, Solver
from landscape.optimizers.tuning import Conditions
from landscape.presets import choose_rate, default_start, default_steps, preset_rule
from landscape.sampling import gradient_stream
from landscape.specs import parse_number
from landscape.surfaces.lookup import surface as find_surface
from landscape.surfaces.surface import Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = ["NEAR", "Ending", "Outcome", "Trajectory", "check_start", "check_steps", "descend"]

MAX_STEPS = 10_000_000

Outcome = Literal["finished", "converged", "stopped", "left the domain", "diverged", "undefined"]
# How many domain widths away a point may be and its NaN still be the surface's, not an overflow's.
NEAR = 100.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a path ended.

    `outcome` is "finished" (ran all its steps), "converged" (from `step` on, gradient and movement
    stay within the tolerance; or a solver says at `step` that it has arrived, and ends there),
    "stopped" (a solver could not go on at `step`, `reason` says why), "left the domain" (outside
    the surface's bounds from `step` on), "diverged" (a coordinate, loss or gradient is no longer a
    finite number at `step`) or "undefined" (the surface has no value at the point of `step`, such
    as the root of a negative number). `outside` is the step since which a path that diverged had
    been outside the bounds.
    """

    outcome: Outcome
    step: int
    outside: int | None = None
    reason: str = ""

    def __str__(self) -> str:
        if self.outcome == "finished":
            return f"ran all {self.step} steps"
        if self.outcome == "left the domain" and self.step == 0:
            return "outside the domain from the start"
        if self.outcome == "undefined":
            return f"came to a point without a value at step {self.step}"
        said = f"{self.outcome} at step {self.step}" + (f": {self.reason}" if self.reason else "")
        return said if self.outside is None else f"left the domain at step {self.outside}, {said}"


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The path of one optimizer over one surface; row 0 is the start, n = number of steps taken.

    Attributes:
      points          (n+1, 2) iterates, as the rule made them
      losses          (n+1,) the surface's value there
      gradients       (n+1, 2) what the rule was given there, noise included
      learning_rates  (n+1,) the rate of the step that begins there (last row: would begin); NaN
                      for a solver, which has none
      velocities      (n+1, 2) the rule's v, None if it has none
      evaluations     (n+1,) what had been asked for before the rule was there: gradients and, of
                      those that use them, Hessians and values, each counted as one
      ending          how the path ended
      exits           steps at which the path was outside the domain after having been inside
      epochs          (n+1,) passes over the data that those took, None without data
      simplices       (n+1, 3, 2) the triangles of Nelder-Mead, the best corner first (in row 0 the
                      start), None for the others

    A path that diverges, or comes to where there is no value, ends with the row that is not finite;
    a solver's ends as well where it has arrived or cannot go on.
    """

    surface: Surface
    rule: Optimizer
    points: Array
    losses: Array
    gradients: Array
    learning_rates: Array
    velocities: Array | None
    evaluations: Array
    ending: Ending
    exits: tuple[int, ...] = field(default=())
    epochs: Array | None = None
    simplices: Array | None = None

    def __len__(self) -> int:
        return len(self.points)

    @property
    def label(self) -> str:
        """The rule's name for legends."""
        return self.rule.label or self.rule.name

    def __repr__(self) -> str:
        return (
            f"<trajectory of {self.label} on {self.surface.name}: {len(self) - 1} steps, "
            f"loss {self.losses[0]:.4g} to {self.losses[-1]:.4g}, {self.ending}>"
        )


def descend(
    surface: str | Surface | Callable[[Any, Any], Any],
    optimizer: str | Optimizer = "gd",
    *,
    start: Sequence[float] | None = None,
    steps: int | None = None,
    learning_rate: float | None = None,
    schedule: str | AnySchedule | None = None,
    batch: int | None = None,
    noise: float = 0.0,
    seed: int = 0,
    tolerance: float = 1e-8,
    progress: Callable[[int], None] | None = None,
) -> Trajectory:
    """Let an optimizer go over a surface and return its path.

    Parameters: `surface` and `optimizer` are names, formulas or objects; `start` (x, y) and `steps`
    default to those of the surface's lesson (without one: the surface's own start, 200 steps);
    `learning_rate` wins over the rule's, and if neither has one, the lesson's is taken with its
    hyper-parameters, or `landscape.optimizers.tuning` chooses it for these steps; `schedule` is a
    formula of lr0 and t; `noise` is the standard deviation of Gaussian noise on each coordinate of
    every gradient, from `seed`; `tolerance` is how small gradient and movement must be to be called
    converged (the path goes on all the same); `progress` is called with the step now and then.

    A solver (bfgs, nelder_mead, …) has no learning rate: `schedule` does not touch it, and the path
    ends where it has arrived. `seed` is also that of what draws numbers of its own (sgld,
    dual_annealing).

    Nothing is clipped: a path may leave the domain and come back, and it ends early only where
    numbers end. The same arguments give the same bytes.

    Raises LandscapeError for bad arguments.
    """
    where = find_surface(surface)
    if isinstance(optimizer, list | tuple):
        raise LandscapeError(f"descend takes one optimizer, call it for each: {optimizer!r} came")
    first = check_start(default_start(where) if start is None else start, where)
    count = check_steps(default_steps(where) if steps is None else steps)
    if learning_rate is not None:
        rule = find_optimizer(optimizer)
        rule = rule.with_learning_rate(parse_number(learning_rate, "the learning rate"))
    else:
        rule = preset_rule(where, optimizer)
    noise = _at_least_0(noise, "noise")
    tolerance = _at_least_0(tolerance, "tolerance")
    if isinstance(seed, bool) or not isinstance(seed, SupportsIndex) or index(seed) < 0:
        raise LandscapeError(f"a seed is a whole number from 0: {seed!r} came")
    conditions = Conditions(batch, noise, seed, schedule or "")
    rule, _ = choose_rate(where, rule, (first,), count, conditions)
    if isinstance(rule, Solver):
        if batch is not None:
            raise LandscapeError(f"{rule.name} works on the whole loss: leave the batch away")
        return _solve(
            where, rule, first, count, gradient_stream(where, noise, None, seed)(), seed, tolerance
        )
    rate = rule.learning_rate
    assert rate is not None
    plan = rule.schedule or schedule or ""
    rates = find_schedule(plan).start(rate, count)
    size = batch if rule.batch is None else rule.batch
    return _walk(
        where,
        rule,
        first,
        count,
        rates,
        gradient_stream(where, noise, size, seed),
        seed=seed,
        batch=size,
        tolerance=tolerance,
        progress=progress,
    )


def _at_least_0(value: Any, what: str) -> float:
    number = parse_number(value, what)
    if number < 0:
        raise LandscapeError(f"{what} must be 0 or more: {number:g} came")
    return number


def _walk(
    surface: Surface,
    rule: Rule,
    start: tuple[float, float],
    count: int,
    rates: Rates,
    sample: Callable[[], Gradient],
    *,
    seed: int,
    batch: int | None,
    tolerance: float,
    progress: Callable[[int], None] | None,
) -> Trajectory:
    import numpy as np

    value, step = surface.value_at, rule.step_on(surface, seed)
    velocity = rule.velocity
    x, y = start
    gradient = sample()
    dx, dy = gradient(x, y)
    loss = value(x, y)
    rate = rates(0, loss)
    state = rule.initial_state(start, rate)
    # Plain doubles, eight a row: a tuple for each step would take five times the memory.
    rows = array("d", (x, y, loss, dx, dy, rate, 0.0, 0.0))
    diverged = not all(map(math.isfinite, rows))
    for k in range(count):
        if diverged:
            break
        x, y, state = step(k + 1, rate, x, y, dx, dy, state, gradient)
        gradient = sample()
        dx, dy = gradient(x, y)
        loss = value(x, y)
        rate = rates(k + 1, loss)
        if velocity is None:
            rows.extend((x, y, loss, dx, dy, rate, 0.0, 0.0))
        else:
            rows.extend((x, y, loss, dx, dy, rate, state[2 * velocity], state[2 * velocity + 1]))
        # One sum tells whether all are finite: inf - inf is NaN, and NaN stays.
        total = x + y + loss + dx + dy
        diverged = not math.isfinite(total) and not all(map(math.isfinite, rows[-8:-3]))
        if progress is not None and k % 4096 == 4095:
            progress(k + 1)
    table = np.frombuffer(rows, dtype=np.float64).reshape(-1, 8)
    points, losses, gradients = table[:, :2].copy(), table[:, 2].copy(), table[:, 3:5].copy()
    ending, exits = _judge(surface, points, losses, gradients, diverged, tolerance)
    steps = np.arange(len(table))
    examples = surface.examples if batch is None else min(batch, surface.examples)
    return Trajectory(
        surface,
        rule,
        points,
        losses,
        gradients,
        table[:, 5].copy(),
        None if velocity is None else table[:, 6:8].copy(),
        steps * (rule.gradient_calls + rule.hessian_calls),
        ending,
        exits,
        _epochs(surface, rule, steps, examples),
    )


def _epochs(surface: Surface, rule: Rule, steps: Array, examples: int) -> Array | None:
    """Return the passes over the data that the steps took; a Hessian is that of all the data."""
    if not surface.examples:
        return None
    passes: Array = steps * (
        rule.gradient_calls * (examples / surface.examples) + rule.hessian_calls
    )
    return passes


def _solve(
    surface: Surface,
    solver: Solver,
    start: tuple[float, float],
    count: int,
    gradient: Gradient,
    seed: int,
    tolerance: float,
) -> Trajectory:
    import numpy as np

    question = Question(surface, gradient)
    course = solver.walk(question, start, count, seed)
    points = np.array(course.points)
    losses = np.array([surface.value_at(x, y) for x, y in course.points])
    # Where the solver asked for none, it is the surface's own.
    gradients = np.array([question.seen.get(p) or surface.gradient_at(*p) for p in course.points])
    finite = np.isfinite(np.column_stack([points, losses, gradients])).all(axis=1)
    diverged = not finite.all()
    rows = int(np.argmin(finite)) + 1 if diverged else len(points)
    points, losses, gradients = points[:rows], losses[:rows], gradients[:rows]
    ending, exits = _judge(surface, points, losses, gradients, diverged, tolerance)
    if ending.outcome in ("finished", "converged"):
        if course.converged:
            ending = Ending("converged", rows - 1)
        elif course.reason:
            ending = Ending("stopped", rows - 1, reason=course.reason)
    calls = np.array(course.evaluations[:rows])
    return Trajectory(
        surface,
        solver,
        points,
        losses,
        gradients,
        np.full(rows, math.nan),
        None,
        calls,
        ending,
        exits,
        calls.astype(float) if surface.examples else None,
        None if course.simplices is None else np.array(course.simplices[:rows]),
    )


def _judge(
    surface: Surface,
    points: Array,
    losses: Array,
    gradients: Array,
    diverged: bool,
    tolerance: float,
) -> tuple[Ending, tuple[int, ...]]:
    """Return how the path ended and the steps at which it left the domain."""
    import numpy as np

    last = len(points) - 1
    (x0, x1), (y0, y1) = surface.bounds
    x, y = points[:, 0], points[:, 1]
    inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    exits = tuple(int(k) for k in np.flatnonzero(inside[:-1] & ~inside[1:]) + 1)
    if diverged:
        width = max(x1 - x0, y1 - y0)
        near = abs(x[-1] - x0) < NEAR * width and abs(y[-1] - y0) < NEAR * width
        if near and np.isnan(losses[-1]):
            return Ending("undefined", last), exits
        since = _since(~inside)
        return Ending("diverged", last, since if 0 < since < last else None), exits
    if not inside[-1]:
        return Ending("left the domain", _since(~inside)), exits
    with np.errstate(over="ignore"):
        moved = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0.0)
    still = np.abs(gradients).max(axis=1) <= tolerance
    still[:-1] &= moved <= tolerance
    still[1:][-1:] &= moved[-1:] <= tolerance  # where the last step goes on to is not known
    if still[-1] and last > 0:
        return Ending("converged", _since(still)), exits
    return Ending("finished", last), exits


def _since(flags: Array) -> int:
    """Return the first index from which `flags` stay true to the end."""
    import numpy as np

    false = np.flatnonzero(~flags)
    return int(false[-1]) + 1 if false.size else 0


def check_start(start: Any, surface: Surface) -> tuple[float, float]:
    """Return `start` as two finite floats.

    Raises LandscapeError if it is not, or lies where the surface has no value.
    """
    try:
        if isinstance(start, str):
            raise TypeError
        x, y = (float(value) for value in start)
    except (TypeError, ValueError):
        raise LandscapeError(f"a start is x,y such as 1,1.6: {start!r} came") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise LandscapeError(f"a start must be finite: {x:g},{y:g} came")
    if not math.isfinite(surface.value_at(x, y)):
        raise LandscapeError(f"{surface.name} has no finite value at the start {x:g},{y:g}")
    return x, y


def check_steps(steps: Any) -> int:
    """Return `steps` as a whole number from 1 to ten million; raises LandscapeError otherwise."""
    try:
        whole = not isinstance(steps, bool) and int(steps) == steps and 1 <= steps <= MAX_STEPS
    except (TypeError, ValueError, OverflowError):
        whole = False
    if not whole:
        raise LandscapeError(f"steps must be a whole number from 1 to {MAX_STEPS}: {steps!r} came")
    return int(steps)
