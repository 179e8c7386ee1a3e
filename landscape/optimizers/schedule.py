"""A learning rate that changes over the steps, written as a formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from landscape.errors import LandscapeError
from landscape.formula.compile import scalar_function
from landscape.formula.latex import latex
from landscape.formula.parse import parse_expression

__all__ = ["Schedule"]


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

    def rates(self, first: float, count: int) -> Sequence[float]:
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

    def next_rate(self, first: float, t: int, last: float) -> float:
        """Return the rate after the last step, `last` where the schedule has ended by then."""
        rate = self._at(first, float(t))
        return rate if 0 <= rate < float("inf") else last
