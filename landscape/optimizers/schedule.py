"""A learning rate that changes over the steps: a formula of them, or one that follows the loss."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

from landscape.errors import LandscapeError, unknown_name
from landscape.formula.compile import scalar_function
from landscape.formula.grammar import FUNCTIONS
from landscape.formula.latex import latex
from landscape.formula.nodes import CONSTANTS, Node, name, names, number, substitute
from landscape.formula.parse import free_names, parse_expression, parse_program
from landscape.optimizers.plateau import Plateau
from landscape.optimizers.schedule_values import (
    check,
    default,
    described,
    unknown_parameter,
    written,
)
from landscape.optimizers.schedules import ALIASES, SCHEDULES, Parameter, milestone_formula
from landscape.specs import parse_number, split_spec

__all__ = ["AnySchedule", "Rates", "Schedule", "find_schedule", "schedule_name"]

Rates = Callable[[int, float], float]

_GIVEN = ("lr0", "t", "T")
_MOST_MILESTONES = 50  # one inside the other in the formula, which has room for 120 levels
# Letters alone, as a formula never is: "cosine-anealing" is a name that nobody knows.
_WORDS = re.compile(r"[^\W\d_]+([\s_-]+[^\W\d_]+)*")


class AnySchedule(Protocol):
    """What a run needs of a schedule, and what a picture says of it."""

    def start(self, first: float, count: int) -> Rates:
        """Return a function of the step t and the loss there that gives the rate of that step.

        Parameters: `first` is the optimizer's rate, `count` the number of steps. It is called once
        for each t from 0 to `count`, in order.
        """
        ...

    def describe(self, steps: int | None = None) -> str:
        """Return a short text for a legend, with what comes of a run of `steps` steps."""
        ...

    @property
    def spec(self) -> str:
        """The text that makes the schedule again."""
        ...

    @property
    def latex(self) -> str:
        """The schedule as LaTeX, "" if it is no formula."""
        ...


@dataclass(frozen=True)
class Schedule:
    """A learning rate as a formula of lr0 (the optimizer's rate), t (the steps done, from 0) and T.

    Parameters: `formula` such as "lr0/(1 + k*t)" or "lr0*0.5**floor(t/50)"; `values` of its
    parameters, such as {"k": 0.05}. T is the run's length unless it has a value. `name` is that of
    the catalogue's entry, whose defaults stand for what has no value; `milestones` are those that
    the formula of multistep was made from.

    Raises LandscapeError if the text is no formula of lr0, t, T and the parameters, or a value is
    not one of them or out of its range.
    """

    formula: str
    values: Mapping[str, float] = field(default_factory=dict, hash=False)
    name: str = ""
    milestones: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        used = [found for found in names(self._node) if found not in ("lr0", "t")]
        if self.name:
            check(self.name, self.values)
        for key, value in self.values.items():
            if not self.name and key not in used:
                raise unknown_parameter(repr(self.formula), key, used)
            if not math.isfinite(value):
                raise LandscapeError(f"{key} of the schedule must be finite: {value:g} came")

    @property
    def _parameters(self) -> Mapping[str, Parameter]:
        return SCHEDULES[self.name].parameters if self.name else {}

    @cached_property
    def _node(self) -> Node:
        known = list(dict.fromkeys([*_GIVEN, *self._parameters, *self.values]))
        try:
            return parse_expression(self.formula, known, what="schedule")
        except LandscapeError as problem:
            missing = _missing(self.formula, known)
            if not missing or "did you mean" in str(problem):
                raise
            example = ",".join(f"{found}=0.1" for found in missing)
            text = f"{problem}; a parameter needs a value: add ':{example}'"
        raise LandscapeError(text)

    @cached_property
    def _wanted(self) -> list[str]:
        """The names in the formula that need a value."""
        return [found for found in names(self._node) if found not in ("lr0", "t")]

    @cached_property
    def _at(self) -> Callable[..., float]:
        return scalar_function(("lr0", "t", *self._wanted), (self._node,))

    def _filled(self, count: int) -> dict[str, float]:
        """Return the values of all names in the formula, in a run of `count` steps."""
        length = float(self.values.get("T", count))
        filled = {}
        for key in self._wanted:
            value = length if key == "T" else self.values.get(key)
            if value is None:
                value = default(self._parameters[key].default, length)
            known = self._parameters.get(key)
            below = known is not None and known.wanted == "a number above 0 and below T"
            if below and not value < length:
                raise LandscapeError(
                    f"{key} of schedule {self.name} must be a number above 0 and below T, the "
                    f"run's length unless given: {value:g} came, T is {length:g}"
                )
            filled[key] = float(value)
        return filled

    def expression(self, count: int) -> Node:
        """Return the rate as an expression of lr (the optimizer's rate) and t (the steps done)."""
        filled = {key: number(value) for key, value in self._filled(count).items()}
        return substitute(self._node, {**filled, "lr0": name("lr")})

    def rates(self, first: float, count: int) -> list[float]:
        """Return the rates of the steps 0 … count - 1 from the optimizer's rate `first`.

        Raises LandscapeError where the formula gives a rate that is negative or not finite.
        """
        plan = self._plan(first, count)
        return plan * count if len(plan) == 1 else plan[:count]

    def _plan(self, first: float, count: int) -> list[float]:
        """Return the rates of the steps and of one more; a single one if it never changes."""
        at, values = self._at, self._filled(count).values()
        # A long run at one rate needs no list of it.
        last = count if "t" in names(self._node) else 0
        rates = [at(first, float(t), *values) for t in range(last + 1)]
        for t, rate in enumerate(rates):
            if not 0 <= rate < math.inf:
                if t == count > 0:  # that step is not taken: a schedule may have ended by then
                    rates[t] = rates[t - 1]
                    break
                raise LandscapeError(
                    f"schedule {self.formula!r} gives {rate:g} at t={t}: a rate must be 0 or more"
                )
        return rates

    def start(self, first: float, count: int) -> Rates:
        """Return a function of the step t and the loss there that gives the rate of that step.

        A run of `count` steps asks for one more, the rate of a step that is not taken: where the
        schedule has ended by then, it is the last one.

        Raises LandscapeError as `rates` does.
        """
        plan = self._plan(first, count)
        if len(plan) == 1:
            return lambda t, loss: plan[0]
        return lambda t, loss: plan[t]

    def describe(self, steps: int | None = None) -> str:
        """Return a short text for a legend or a strip's title, such as "cosine, T 200".

        It says the values that were given and, with `steps`, the others too as such a run has them.
        """
        values = dict(self.values)
        if steps is not None:
            hidden = [key for key, known in self._parameters.items() if not known.shown]
            if self.name and "T" not in self._parameters:
                hidden.append("T")  # the milestones of multistep, unless given, are shares of it
            filled = self._filled(steps).items()
            values = {**{key: value for key, value in filled if key not in hidden}, **values}
        label = SCHEDULES[self.name].label if self.name else " ".join(self.formula.split())
        return described(label, self._parameters, values, self.milestones)

    @property
    def spec(self) -> str:
        """The text that makes the schedule again, such as "cosine:T=200"."""
        return written(self.name or self.formula, self.values, self.milestones)

    @property
    def latex(self) -> str:
        """The schedule as LaTeX, parameters by name; what its statements name comes after it."""
        program = parse_program(self.formula, None, what="schedule", inline=False)
        assert program.result is not None  # it was parsed as an expression
        where = [rf"{latex(name(target))} = {latex(node)}" for target, node in program.statements]
        return r",\quad ".join([latex(program.result), *where])


def schedule_name(text: str) -> str | None:
    """Return the catalogue's name for `text`, whatever its case and hyphens; None for none."""
    return _names().get(_plain(text))


def find_schedule(text: str | AnySchedule) -> AnySchedule:
    """Return the schedule of a text, a constant rate for an empty one.

    Parameters: `text` is a name of the catalogue ("cosine"), a name with options ("cosine:T=200",
    "multistep:gamma=0.1,at=30/60/90"), a formula of lr0, t and T ("lr0/(1 + 0.05*t)"), one with
    parameters ("lr0/(1 + k*t):k=0.05"), or a schedule, which is returned as it is.

    Raises LandscapeError if the text is no schedule.
    """
    if not isinstance(text, str):
        if callable(getattr(text, "start", None)):
            return text
        raise LandscapeError(f"a schedule must be text such as 'cosine:T=200': {text!r} came")
    if not text:
        return Schedule(SCHEDULES["constant"].formula, name="constant")
    found = schedule_name(text.partition(":")[0])
    try:
        head, options = split_spec(text)
    except LandscapeError as problem:
        if found != "multistep" or "," not in text:
            raise
        raise LandscapeError(f"{problem}; milestones are written at=30/60/90") from None
    if found is not None:
        return _from_catalogue(found, options)
    if _is_name(head):
        raise unknown_name("schedule", head, [*SCHEDULES, *ALIASES, "lr0"])
    called = re.match(r"[\w-]+(?=\()", head)
    if called and called[0] not in FUNCTIONS and (found := schedule_name(called[0])):
        raise LandscapeError(
            f"the options of a schedule stand after a colon, as in {SCHEDULES[found].example!r}: "
            f"{text!r} came"
        )
    values = {key: parse_number(value, f"{key} of the schedule") for key, value in options.items()}
    return Schedule(head, values)


def _from_catalogue(found: str, options: Mapping[str, str]) -> AnySchedule:
    entry = SCHEDULES[found]
    spelled = {_plain(key): key for key in entry.parameters}
    values: dict[str, float] = {}
    formula = entry.formula
    milestones: tuple[int, ...] = ()
    for given, text in options.items():
        key = spelled.get(_plain(given), given)
        if key in values:
            raise LandscapeError(f"{key!r} of schedule {found} stands twice")
        if key == "at" and key in entry.parameters:
            milestones = _milestones(text)
            formula = milestone_formula([str(step) for step in milestones])
            continue
        values[key] = parse_number(text, f"{key} of schedule {found}")
        formula = entry.special.get((key, values[key]), formula)
    if not formula:
        return Plateau(values)
    return Schedule(formula, values, found, milestones)


def _milestones(text: str) -> tuple[int, ...]:
    try:
        steps = [int(part) for part in text.split("/")]
    except ValueError:
        steps = []
    if not steps or steps[0] < 1 or sorted(set(steps)) != steps:
        wanted = SCHEDULES["multistep"].parameters["at"].wanted
        raise LandscapeError(f"at of schedule multistep must be {wanted}: {text!r} came")
    if len(steps) > _MOST_MILESTONES:
        raise LandscapeError(
            f"at of schedule multistep takes at most {_MOST_MILESTONES} milestones: "
            f"{len(steps)} came"
        )
    return tuple(steps)


def _missing(formula: str, known: Iterable[str]) -> list[str]:
    """Return the names in `formula` that are not `known`, none if it cannot be read at all."""
    try:
        program = parse_program(formula, None, what="schedule")
    except LandscapeError:
        return []
    return [found for found in free_names(program) if found not in known]


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text.lower())


@lru_cache
def _names() -> dict[str, str]:
    """Return what each name and alias stands for."""
    return {_plain(one): ALIASES.get(one, one) for one in [*SCHEDULES, *ALIASES]}


def _is_name(head: str) -> bool:
    """Return whether `head` looks like a name of a schedule rather than a formula."""
    known = {*_GIVEN, *CONSTANTS}
    words = re.split(r"[\s-]+", head)
    return bool(head.isidentifier() or _WORDS.fullmatch(head)) and not known.issuperset(words)
