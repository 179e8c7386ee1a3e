"""A learning rate that changes over the steps, written as a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from landscape.errors import LandscapeError
from landscape.formula.compile import scalar_function
from landscape.formula.latex import latex
from landscape.formula.parse import parse_expression

__all__ = ["Constant", "Rates", "Schedule", "find_schedule"]

Rates = Callable[[int, float], float]


@dataclass(frozen=True)
class Schedule:
    """A learning rate as a formula of lr0 (the first rate) and t (the steps done so far, from 0).

    Parameters: `formula` such as "lr0/(1 + 0.05*t)" or "lr0*0.5**floor(t/50)".

    Raises LandscapeError if the text is no formula of lr0 and t.
    """

    formula: str

    def __post_init__(self) -> None:
        parse_expression(self.formula, ("lr0", "t"), what="schedule")

    @cached_property
    def _at(self) -> Callable[[float, float], float]:
        node = parse_expression(self.formula, ("lr0", "t"), what="schedule")
        return scalar_function(("lr0", "t"), (node,))

    @property
    def latex(self) -> str:
        """The schedule as LaTeX."""
        return latex(parse_expression(self.formula, ("lr0", "t"), what="schedule"))

    def rates(self, first: float, count: int) -> list[float]:
        """Return the rates of the steps 0 … count - 1 from the first rate `first`.

        Raises LandscapeError where the formula gives a rate that is negative or not finite.
        """
        rates = [self._at(first, float(t)) for t in range(count)]
        for t, rate in enumerate(rates):
            if not 0 <= rate < float("inf"):
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
        planned = self.rates(first, count)
        after = self._at(first, float(count))
        planned.append(after if 0 <= after < float("inf") else planned[-1])
        return lambda t, loss: planned[t]


class Constant(Schedule):
    """A rate that stays."""

    def __init__(self) -> None:
        super().__init__("lr0")

    def start(self, first: float, count: int) -> Rates:
        """Return a function that gives the first rate at every step."""
        return lambda t, loss: first


def find_schedule(text: str | Schedule) -> Schedule:
    """Return the schedule of a text, a constant rate for an empty one.

    Raises LandscapeError if the text is no schedule.
    """
    if isinstance(text, Schedule):
        return text
    return Schedule(text) if text else Constant()
