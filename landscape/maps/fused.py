"""Many paths at once, in a compiled loop: for rules and surfaces that are formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from landscape.formula.generated import load_generated
from landscape.formula.nodes import COMPARISONS, CONSTANTS, Node, postorder
from landscape.maps.blocks import KNOWN, LANES
from landscape.maps.outcomes import Outcomes, judge
from landscape.maps.source import SAVED, Derivatives, FusedSource
from landscape.optimizers.rule import NOISE_STREAM, Rule
from landscape.optimizers.schedule import AnySchedule, Schedule, find_schedule
from landscape.surfaces.lookup import remade
from landscape.surfaces.surface import FormulaSurface
from landscape.threads import share, usual_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = ["Fused", "can_fuse"]

# Blocks that a thread takes at once, and a call of the kernel must not outlast an interrupt.
_STEPS_A_CALL = 20_000_000
_SHARES = 10  # pieces for each thread, at least
# Where a loss may be too large for a double, and how far out is looked for it.
_HUGE, _FARTHEST = 1e300, 100


def can_fuse(surface: Surface, rule: Any, schedule: Any, batch: int | None) -> bool:
    """Return whether a rule on a surface can be compiled into one loop."""
    return (
        isinstance(surface, FormulaSurface)
        and isinstance(rule, Rule)
        and rule.batch is None
        and batch is None
        and isinstance(find_schedule(rule.schedule or schedule or ""), Schedule)
    )


@dataclass(frozen=True, eq=False)
class Fused:
    """Paths of one rule over one surface.

    Parameters: `surface`, a formula; `rule`, with a learning rate unless "lr" is varied;
    `varied`, names of hyper-parameters, of the surface's parameters, or "lr", whose values differ
    from path to path; `steps`; `schedule` of the rate; `noise` on gradients and `seed`, the same
    for every path, as `descend` has them; `tolerance` for what is called converged.
    """

    surface: FormulaSurface
    rule: Rule
    steps: int
    varied: tuple[str, ...] = ()
    schedule: str | AnySchedule = ""
    noise: float = 0.0
    seed: int = 0
    tolerance: float = 1e-8

    @cached_property
    def _plan_of(self) -> Schedule:
        found = find_schedule(self.rule.schedule or self.schedule)
        assert isinstance(found, Schedule)
        return found

    @cached_property
    def _source(self) -> FusedSource:
        rate: Node | None = None
        if "lr" in self.varied:
            rate = self._plan_of.expression(self.steps)
        nodes = _derivatives(self.surface, self.varied)
        return FusedSource(
            nodes,
            self.rule,
            self.varied,
            rate,
            noisy=self.noise > 0,
            bounded=self._reach < math.inf,
        )

    @cached_property
    def _plan(self) -> Array:
        """The rates of the steps, and of one more."""
        import numpy as np

        if "lr" in self.varied:
            return np.zeros(1)
        assert self.rule.learning_rate is not None
        rates = self._plan_of.start(self.rule.learning_rate, self.steps)
        return np.array([rates(t, 0.0) for t in range(self.steps + 1)])

    @cached_property
    def _shakes(self) -> Array:
        """What noise adds to the gradients, in the order in which a path asks for them."""
        import numpy as np

        if not self.noise:
            return np.empty((0, 2))
        count = self._source.shaken * self.steps + 1
        draw = np.random.Generator(np.random.PCG64(self.seed))
        return self.noise * draw.standard_normal((count, 2))

    @cached_property
    def _draws(self) -> Array:
        """What noise() gives in each step."""
        import numpy as np

        count = self._source.drawn * self.steps
        draw = np.random.Generator(np.random.PCG64([NOISE_STREAM, self.seed]))
        return draw.standard_normal((count, 2))

    @cached_property
    def _reach(self) -> float:
        """How far out, |x| and |y|, no loss or gradient can overflow; infinite if nobody knows."""
        free = [one for one in self.varied if one in self.surface.formula.parameters]
        if free:
            return math.inf
        formula = self.surface.formula
        nodes = (formula.node, *formula.gradient_nodes)
        (x0, x1), (y0, y1) = self.surface.bounds
        least = 10 * max(map(abs, (x0, x1, y0, y1)))
        for power in range(_FARTHEST, 0, -1):
            reach = 10.0**power
            if reach < least:
                break
            if all(_largest(node, reach) < _HUGE for node in nodes):
                return reach
        return math.inf

    def walk(
        self,
        x: Array,
        y: Array,
        values: Mapping[str, Array] | None = None,
        *,
        threads: int | None = None,
    ) -> tuple[Outcomes, Array]:
        """Return how the paths from starts ended, and which of them this cannot tell.

        Parameters: `x` and `y` (n,) are the starts, `values` (n,) those of what is varied. A path
        cannot be told where a formula has no value but a limit.
        """
        import numpy as np

        values = values or {}
        starts = np.stack([x, y]).astype(np.float64, copy=False)
        varied = np.empty((len(self.varied), starts.shape[1]))
        for k, one in enumerate(self.varied):
            varied[k] = values[one]
        found = self._run(starts, varied, threads, libm=False)
        doubtful = self._doubtful(found)
        if doubtful.any() and not self._source.is_exact:
            again = self._run(
                np.ascontiguousarray(starts[:, doubtful]),
                np.ascontiguousarray(varied[:, doubtful]),
                threads,
                libm=True,
            )
            found[:, doubtful] = again
            doubtful = self._doubtful(found)
        return judge(found, self.surface.bounds, self.steps), self._has_limit(
            found, doubtful, varied
        )

    def _doubtful(self, found: Array) -> Array:
        """Return which paths ended in a NaN at a finite place: a function may know more."""
        import numpy as np

        finite = np.isfinite(found[0]) & np.isfinite(found[1])
        result: Array = (found[5] <= self.steps) & finite
        return result

    def _has_limit(self, found: Array, doubtful: Array, varied: Array) -> Array:
        """Return which of the doubtful paths did not end where they seem to."""
        import numpy as np

        unknown = doubtful.copy()
        for surface, which in self._surfaces(varied, np.flatnonzero(doubtful)):
            x, y = found[0][which], found[1][which]
            known = np.isfinite(surface.value(x, y))
            unknown[which] = known & np.isfinite(surface.gradient(x, y)).all(axis=0)
        return unknown

    def _surfaces(self, varied: Array, paths: Array) -> Iterator[tuple[Surface, Array]]:
        """Yield the surfaces on which some paths go, each with its paths."""
        import numpy as np

        own = [k for k, one in enumerate(self.varied) if one in self.surface.formula.parameters]
        if not own:
            yield self.surface, paths
            return
        kinds, at = np.unique(varied[own][:, paths], axis=1, return_inverse=True)
        for k, kind in enumerate(kinds.T.tolist()):
            values = {self.varied[one]: value for one, value in zip(own, kind, strict=True)}
            surface = remade(self.surface, bounds=self.surface.bounds, **values)
            yield surface, paths[at.reshape(-1) == k]

    def _run(
        self,
        starts: Array,
        varied: Array,
        threads: int | None,
        *,
        libm: bool,
    ) -> Array:
        import numpy as np

        kernel = _kernel(self._source.module(libm=libm))
        count = starts.shape[1]
        out = np.empty((len(KNOWN), count))
        (x0, x1), (y0, y1) = self.surface.bounds
        fixed = (
            np.array(self._source.numbers, dtype=np.float64),
            self._plan,
            self._shakes,
            self._draws,
            self.steps,
            self.tolerance,
            np.array([x0, x1, y0, y1]),
            self._reach,
        )
        workers = threads or usual_threads()
        # Small enough that no thread waits long for the last one.
        blocks = min(_STEPS_A_CALL // (LANES * self.steps), count // (LANES * _SHARES * workers))
        size = LANES * max(1, blocks)
        pieces = -(-count // size)

        def work(k: int) -> None:
            part = k * size, min((k + 1) * size, count)
            rooms, which = _rooms(self._source.rows), np.empty(LANES, np.int64)
            table = np.empty(self._source.shared * self.steps)
            kernel(starts, varied, *fixed, *part, rooms, which, table, out)

        share(work, pieces, workers)
        return out


def _rooms(rows: int) -> Array:
    """Return three rooms for a block, each of which begins where the longest vectors like it to."""
    import numpy as np

    raw = np.empty(3 * rows * LANES + 8)
    skipped = -(raw.ctypes.data // 8) % 8
    return raw[skipped : skipped + 3 * rows * LANES].reshape(3, rows * LANES)


@lru_cache(maxsize=64)
def _kernel(module: str) -> Callable[..., None]:
    """Return the compiled kernel, from the user's cache folder if it has been compiled before."""
    kernel: Callable[..., None] = load_generated(
        lambda saved: module.replace(SAVED, str(saved)), "walk"
    )
    return kernel


def _derivatives(surface: FormulaSurface, varied: Collection[str]) -> Derivatives:
    formula = surface.formula
    free = [one for one in varied if one in formula.parameters]

    def found(which: str) -> Node:
        return formula.expression(which, free)

    return Derivatives(
        found("value"), (found("dx"), found("dy")), lambda: (found("dxx"), found("dyy"))
    )


def _largest(node: Node, reach: float) -> float:
    """Return a bound of all that an expression computes for |x|, |y| <= reach, inf for none."""
    found: dict[int, float] = {}
    for part in postorder(node):
        args = [found[id(arg)] for arg in part.args]
        found[id(part)] = _bound(part, args, reach)
        if not found[id(part)] < _HUGE:
            return math.inf
    return found[id(node)]


def _bound(part: Node, args: list[float], reach: float) -> float:
    if part.op == "number":
        return abs(float(part.value))
    if part.op == "name":
        return abs(CONSTANTS.get(str(part.value), reach))
    if part.op in ("neg", "abs"):
        return args[0]
    if part.op in ("+", "-"):
        return args[0] + args[1]
    if part.op == "*":
        return args[0] * args[1]
    if part.op in ("min", "max"):
        return max(args)
    if part.op == "where":
        return max(args[1:])
    if part.op in ("sin", "cos", "tanh", "sign", *COMPARISONS):
        return 1.0
    if part.op == "**" and part.args[1].op == "number":
        power = float(part.args[1].value)
        if power == int(power) and 0 < power <= 64:
            return math.exp(min(power * math.log(max(args[0], 1.0)), 700.0))
    if part.op == "exp":
        return math.exp(min(args[0], 700.0))
    return math.inf
