"""An update rule: formula text in, one step of the plane or the plain recurrence out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.formula.compile import execute
from landscape.formula.grammar import NUMPY_IMPORTS, SCALAR_IMPORTS
from landscape.formula.latex import latex, plain_name
from landscape.formula.nodes import name, names, number, postorder
from landscape.formula.parse import Program, parse_program
from landscape.optimizers.curvature import hessian_at
from landscape.optimizers.notation import FUNCTIONS, rule_latex
from landscape.optimizers.plane import PlaneCode
from landscape.optimizers.schedule import find_schedule

__all__ = ["NOISE_STREAM", "Rule", "Step"]

# A step takes (t, lr, p0, p1, g0, g1, state, gradient) and returns (p0, p1, state).
State = tuple[float, ...]
Gradient = Callable[[float, float], tuple[float, float]]
Noise = Callable[[], tuple[float, float]]
Step = Callable[[int, float, float, float, float, float, State, Gradient], tuple[Any, ...]]

_GIVEN = ("p", "g", "lr", "t")
# What a legend leaves out: guards and first guesses.
_SMALL = ("eps", "initial", "d0", "k", "psi", "etaminus", "etaplus", "stepmin", "stepmax")
NOISE_STREAM = 1  # beside the streams of noisy gradients and of batches, which have the bare seed


@dataclass(frozen=True)
class Rule:
    """An update rule with its hyper-parameters.

    The formula is a list of statements over `p` (the parameters), `g` (the gradient at p), `lr`
    (the learning rate) and `t` (the number of the step, 1 for the first). `grad(…)` is the gradient
    elsewhere, `hess(…)` the diagonal of the Hessian; `dot(u, v)` and `norm(u)` are sums over the
    coordinates, `swap(u)` has them exchanged; `noise()` is a standard normal number for each. It
    must assign p. A name that is read before it is assigned is state and starts at its value in
    `initial` (a number, a hyper-parameter, p or lr), else at 0; a state called v is the velocity.
    Every other name is a hyper-parameter and needs a value.

    Attributes: `name`, `label` (for legends), `formula`, `hyperparameters`, `learning_rate` (None:
    to be chosen for the surface), `form` (which of the catalogue's written forms this is),
    `initial`, `schedule` (how the rate changes, "" for not), `batch` (examples that each gradient
    is measured on, None for all).

    Raises LandscapeError if the text is no rule or a hyper-parameter has no value.
    """

    name: str
    formula: str
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    learning_rate: float | None = None
    label: str = ""
    form: str = ""
    initial: Mapping[str, str] = field(default_factory=dict)
    schedule: str = ""
    batch: int | None = None

    def __post_init__(self) -> None:
        assigned = [target for target, _ in self.program.statements]
        if self.program.result is not None or "p" not in assigned:
            raise LandscapeError(
                f"rule {self.formula!r} does not move p: end it with a statement such as "
                "'p = p - lr*g'"
            )
        for given in ("g", "lr", "t"):
            if given in assigned:
                raise LandscapeError(f"rule {self.formula!r} assigns {given}: it is given")
        missing = [found for found in self.wanted if found not in self.hyperparameters]
        if missing:
            example = ",".join(f"{found}=0.9" for found in missing)
            raise LandscapeError(
                f"rule {self.formula!r} needs a value for {', '.join(missing)}: add ':{example}'"
            )
        called = self.name if self.name.isidentifier() else "the rule"  # a name may be a formula
        for found in self.hyperparameters:
            if found not in self.wanted:
                if not self.wanted:
                    raise LandscapeError(f"{called} has no hyper-parameter {found!r}, only lr")
                raise unknown_name(f"hyper-parameter of {called}", found, ["lr", *self.wanted])
            if not math.isfinite(self.hyperparameters[found]):
                raise LandscapeError(
                    f"{found} of {called} must be finite: {self.hyperparameters[found]:g} came"
                )
        if self.learning_rate is not None and not 0 < self.learning_rate < math.inf:
            raise LandscapeError(
                f"the learning rate of {called} must be a finite number above 0: "
                f"{self.learning_rate:g} came"
            )
        if self.batch is not None and (self.batch != int(self.batch) or self.batch < 1):
            raise LandscapeError(f"a batch is a whole number of examples: {self.batch!r} came")

    @cached_property
    def program(self) -> Program:
        """The statements of the formula."""
        return _parsed(self.formula)

    @cached_property
    def _reads(self) -> tuple[list[str], list[str]]:
        """State (read before assigned, assigned somewhere) and the other free names."""
        assigned = {*self.initial, *(target for target, _ in self.program.statements)}
        done: set[str] = set()
        state: dict[str, None] = {}
        free: dict[str, None] = {}
        for target, node in self.program.statements:
            for found in names(node):
                if found in _GIVEN or found in done:
                    continue
                (state if found in assigned else free)[found] = None
            done.add(target)
        return list(state), list(free)

    @property
    def state(self) -> list[str]:
        """The names of what the rule remembers from step to step."""
        return self._reads[0]

    @property
    def wanted(self) -> list[str]:
        """The names of its hyper-parameters, the learning rate aside."""
        extra = [
            found
            for text in self.initial.values()
            for found in names(parse_program(text, None).result or number(0))
            if found not in ("p", "lr")
        ]
        return list(dict.fromkeys([*self._reads[1], *extra]))

    @property
    def velocity(self) -> int | None:
        """The position of the velocity v in the state, None for a rule without one."""
        return self.state.index("v") if "v" in self.state else None

    def with_learning_rate(self, learning_rate: float) -> Rule:
        """Return the same rule with another learning rate."""
        return replace(self, learning_rate=float(learning_rate))

    def initial_state(self, start: tuple[float, float] = (0.0, 0.0), rate: float = 0.0) -> State:
        """Return the state before the first step: each name's value for both coordinates.

        Parameters: `start` and the first learning rate `rate` are what states may start at.
        """
        values: list[float] = []
        for found in self.state:
            text = self.initial.get(found, "0")
            if text == "p":
                values += start
                continue
            known = {**self.hyperparameters, "lr": rate}
            value = known[text] if text in known else float(text)
            values += [value, value]
        return tuple(values)

    @cached_property
    def latex(self) -> list[str]:
        """The statements as LaTeX, hyper-parameters by name."""
        lines = []
        for target, node in self.program.statements:
            shown = latex(name(target))
            lines.append(rf"{shown} \leftarrow {rule_latex(node)}")
        return lines

    def describe(self) -> str:
        """Return the rate and hyper-parameters as a legend shows them; a typed rule as well."""
        rated = self.learning_rate is not None and self.reads_rate
        parts = [f"lr {self.learning_rate:.4g}"] if rated else []
        parts += [
            f"{plain_name(found)} {value:.4g}"
            for found, value in self.hyperparameters.items()
            if found not in _SMALL and (found, value) != ("decay", 0.0)
        ]
        if self.batch is not None:
            parts.append(f"batch {self.batch}")
        if self.schedule:
            parts.append(find_schedule(self.schedule).describe())
        if self.name == self.formula:
            parts.append(self.formula)
        return ", ".join(parts)

    # -- stepping ----------------------------------------------------------------------------

    @cached_property
    def gradient_calls(self) -> int:
        """How many gradients one step evaluates: g counts if it is read, and every grad(…)."""
        return int(self.reads_gradient) + self._plane.calls("grad")

    @cached_property
    def hessian_calls(self) -> int:
        """How many Hessians one step evaluates."""
        return self._plane.calls("hess")

    @cached_property
    def reads_gradient(self) -> bool:
        """Whether the rule uses the gradient at p."""
        return any("g" in names(node) for _, node in self.program.statements)

    @cached_property
    def reads_rate(self) -> bool:
        """Whether the rule uses the learning rate."""
        return any("lr" in names(node) for _, node in self.program.statements)

    @property
    def is_random(self) -> bool:
        """Whether the rule draws noise of its own."""
        return self._asks("noise")

    def _asks(self, what: str) -> bool:
        nodes = (node for _, node in self.program.statements)
        return any(part.op == what for node in nodes for part in postorder(node))

    @cached_property
    def _plane(self) -> PlaneCode:
        return PlaneCode(self.formula, self.program.statements, self.state, self.hyperparameters)

    @cached_property
    def step(self) -> Step:
        """One step in the plane on Python floats, IEEE results where Python would raise.

        Raises LandscapeError for a rule with hess(…) or noise(): see `step_on`.
        """
        if self._asks("hess") or self._asks("noise"):
            raise LandscapeError(
                f"{self.label or self.name} needs its surface to step: take step_on(surface)"
            )
        return self._bound(None, None)

    def step_on(self, surface: Any, seed: int = 0) -> Step:
        """Return `step` with what else the rule asks for.

        Parameters: `surface` gives the second derivatives for hess(…); `seed` begins the numbers
        of noise(): the same seed gives the same ones.

        Raises LandscapeError if the rule asks for second derivatives that `surface` has not.
        """
        curvature: Gradient | None = None
        noise: Noise | None = None
        if self._asks("hess"):
            hessian = hessian_at(surface, self.label or self.name)

            def diagonal(x: float, y: float) -> tuple[float, float]:
                xx, _, yy = hessian(x, y)
                return xx, yy

            curvature = diagonal

        if self._asks("noise"):
            from numpy.random import PCG64, Generator

            draw = Generator(PCG64([NOISE_STREAM, seed])).standard_normal

            def pair() -> tuple[float, float]:
                a, b = draw(2)
                return float(a), float(b)

            noise = pair

        if curvature is None and noise is None:
            return self.step
        return self._bound(curvature, noise)

    def _bound(self, curvature: Gradient | None, noise: Noise | None) -> Step:
        """Return the step with the functions that it calls beside the gradient."""
        fast = execute(SCALAR_IMPORTS + self._plane.source("scalar"), "step")
        slow = execute(NUMPY_IMPORTS + self._plane.source("numpy"), "step")

        def step(
            t: int,
            lr: float,
            p0: float,
            p1: float,
            g0: float,
            g1: float,
            state: State,
            gradient: Gradient,
        ) -> tuple[Any, ...]:
            try:
                result: tuple[Any, ...] = fast(
                    t, lr, p0, p1, g0, g1, state, gradient, curvature, noise
                )
                return result
            except (ArithmeticError, ValueError):
                return _careful(slow, (t, lr, p0, p1, g0, g1), state, gradient, curvature, noise)

        return step


@lru_cache(maxsize=256)
def _parsed(formula: str) -> Program:
    """Return the statements of a rule; the same rule at another rate is not read again."""
    return parse_program(formula, None, what="rule", inline=False, functions=FUNCTIONS)


def _careful(
    slow: Callable[..., Any],
    scalars: tuple[float, ...],
    state: State,
    *asked: Callable[..., Any] | None,
) -> tuple[Any, ...]:
    import numpy as np

    with np.errstate(all="ignore"):
        p0, p1, after = slow(
            *map(np.float64, scalars),
            tuple(map(np.float64, state)),
            *asked,
        )
    return float(p0), float(p1), tuple(map(float, after))
