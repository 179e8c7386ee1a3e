"""An update rule: formula text in, one step of the plane or the plain recurrence out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.formula.compile import execute
from landscape.formula.emit import Listing
from landscape.formula.grammar import NUMPY_IMPORTS, SCALAR_IMPORTS
from landscape.formula.latex import latex, plain_name
from landscape.formula.nodes import Node, call, fold, name, names, number, substitute
from landscape.formula.parse import Program, parse_program

__all__ = ["Rule", "Step"]

# A step takes (t, lr, p0, p1, g0, g1, state, gradient) and returns (p0, p1, state).
State = tuple[float, ...]
Gradient = Callable[[float, float], tuple[float, float]]
Step = Callable[[int, float, float, float, float, float, State, Gradient], tuple[Any, ...]]

_GIVEN = ("p", "g", "lr", "t")


@dataclass(frozen=True)
class Rule:
    """An update rule with its hyper-parameters.

    The formula is a list of statements over `p` (the parameters), `g` (the gradient at p), `lr`
    (the learning rate) and `t` (the number of the step, 1 for the first); `grad(…)` is the gradient
    elsewhere. It must assign p. A name that is read before it is assigned is state and starts at
    its value in `initial`, else at 0; a state called v is the velocity. Every other name is a
    hyper-parameter and needs a value.

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
        return parse_program(self.formula, None, what="rule", inline=False, functions={"grad": 1})

    @cached_property
    def _reads(self) -> tuple[list[str], list[str]]:
        """State (read before assigned, assigned somewhere) and the other free names."""
        assigned = {target for target, _ in self.program.statements}
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
        ]
        return list(dict.fromkeys([*self._reads[1], *extra]))

    @property
    def velocity(self) -> int | None:
        """The position of the velocity v in the state, None for a rule without one."""
        return self.state.index("v") if "v" in self.state else None

    def with_learning_rate(self, learning_rate: float) -> Rule:
        """Return the same rule with another learning rate."""
        return replace(self, learning_rate=float(learning_rate))

    def initial_state(self) -> State:
        """Return the state before the first step: each name's value for both coordinates."""
        values: list[float] = []
        for found in self.state:
            text = self.initial.get(found, "0")
            value = self.hyperparameters[text] if text in self.hyperparameters else float(text)
            values += [value, value]
        return tuple(values)

    @cached_property
    def latex(self) -> list[str]:
        """The statements as LaTeX, hyper-parameters by name."""
        lines = []
        for target, node in self.program.statements:
            shown = latex(name(target))
            lines.append(rf"{shown} \leftarrow {latex(node)}")
        return lines

    def describe(self) -> str:
        """Return the rate and hyper-parameters as a legend shows them; a typed rule as well."""
        parts = [] if self.learning_rate is None else [f"lr {self.learning_rate:.4g}"]
        parts += [
            f"{plain_name(found)} {value:.4g}"
            for found, value in self.hyperparameters.items()
            if found not in ("eps", "initial")
        ]
        if self.batch is not None:
            parts.append(f"batch {self.batch}")
        if self.schedule:
            parts.append(self.schedule)
        if self.name == self.formula:
            parts.append(self.formula)
        return ", ".join(parts)

    # -- stepping ----------------------------------------------------------------------------

    @cached_property
    def gradient_calls(self) -> int:
        """How many gradients one step evaluates: g counts if it is read, and every grad(…)."""
        return int(self.reads_gradient) + len(self._plane.points)

    @cached_property
    def reads_gradient(self) -> bool:
        """Whether the rule uses the gradient at p."""
        return any("g" in names(node) for _, node in self.program.statements)

    @cached_property
    def _plane(self) -> _PlaneCode:
        return _PlaneCode(self)

    @cached_property
    def step(self) -> Step:
        """One step in the plane on Python floats, IEEE results where Python would raise."""
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
                result: tuple[Any, ...] = fast(t, lr, p0, p1, g0, g1, state, gradient)
                return result
            except (ArithmeticError, ValueError):
                return _careful(slow, (t, lr, p0, p1, g0, g1), state, gradient)

        return step


def _careful(
    slow: Callable[..., Any],
    scalars: tuple[float, ...],
    state: State,
    gradient: Gradient,
) -> tuple[Any, ...]:
    import numpy as np

    with np.errstate(all="ignore"):
        p0, p1, after = slow(
            *map(np.float64, scalars),
            tuple(map(np.float64, state)),
            gradient,
        )
    return float(p0), float(p1), tuple(map(float, after))


class _PlaneCode:
    """The rule written out for the two coordinates of the plane.

    Statements are run on expressions: every vector becomes a pair of them, and each grad(…) a
    stretch of code that ends in a call of the gradient.
    """

    def __init__(self, rule: Rule) -> None:
        self.state = rule.state
        self.points: list[tuple[Node, Node]] = []
        vectors = ["p", "g", *rule.state]
        values = {found: number(value) for found, value in rule.hyperparameters.items()}
        self._environment: dict[str, tuple[Node, Node]] = {
            vector: (name(f"_{vector}_0"), name(f"_{vector}_1")) for vector in vectors
        }
        for target, node in rule.program.statements:
            pair = self._pair(substitute(node, values))
            self._environment[target] = pair
        outputs = [part for found in ["p", *rule.state] for part in self._environment[found]]
        try:
            self.outputs = [fold(part) for part in outputs]
            self.points = [(fold(first), fold(second)) for first, second in self.points]
        except (ArithmeticError, ValueError):
            shown = ", ".join(f"{key}={value:g}" for key, value in rule.hyperparameters.items())
            raise LandscapeError(
                f"rule {rule.formula!r} has no finite value with {shown or 'its numbers'}"
            ) from None

    def _pair(self, node: Node) -> tuple[Node, Node]:
        """Return the two coordinates of an expression."""
        if node.op == "name":
            return self._environment.get(str(node.value), (node, node))
        if not node.args:
            return node, node
        pairs = [self._pair(arg) for arg in node.args]
        if node.op == "grad":
            self.points.append(pairs[0])
            k = len(self.points) - 1
            # Two underscores, lest a state called grad0 have the same name.
            return name(f"__grad{k}_0"), name(f"__grad{k}_1")
        first = call(node.op, *(pair[0] for pair in pairs))
        if all(pair[0] is pair[1] for pair in pairs):
            return first, first
        return first, call(node.op, *(pair[1] for pair in pairs))

    def source(self, target: Any) -> str:
        """Return the source of `step(t, lr, p0, p1, g0, g1, state, gradient)`."""
        flat = [part for point in self.points for part in point]
        listing = Listing([*flat, *self.outputs])
        given: dict[int, str] = {}
        body: list[str] = []
        held = [f"_{found}_{i}" for found in self.state for i in (0, 1)]
        if held:
            body.append(f"{', '.join(held)} = _state")
        for k in range(len(self.points)):
            roots = listing.roots[2 * k : 2 * k + 2]
            lines, texts = listing.write(target, roots, given)
            body += lines
            arguments = ", ".join(texts[root] for root in roots)
            body.append(f"__grad{k}_0, __grad{k}_1 = _gradient({arguments})")
        roots = listing.roots[len(flat) :]
        lines, texts = listing.write(target, roots, given)
        body += lines
        p0, p1, *after = (texts[root] for root in roots)
        closing = "".join(f"{text}, " for text in after)
        body.append(f"return {p0}, {p1}, ({closing})")
        head = "def step(t, lr, _p_0, _p_1, _g_0, _g_1, _state, _gradient):\n"
        return head + "".join(f"    {line}\n" for line in body)
