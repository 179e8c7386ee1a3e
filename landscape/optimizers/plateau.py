"""A learning rate that follows the loss: no formula, but the same protocol as one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from landscape.optimizers.schedule_values import check, default, described, written
from landscape.optimizers.schedules import SCHEDULES

__all__ = ["Plateau"]


@dataclass(frozen=True)
class Plateau:
    """A learning rate that drops when the loss has stood still: torch's ReduceLROnPlateau.

    Parameters: `values` such as {"factor": 0.5, "patience": 5}; the catalogue's entry says what
    they mean, and its defaults stand for the others.

    Raises LandscapeError if a value is not one of its parameters or out of its range.
    """

    values: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check("plateau", self.values)

    def start(self, first: float, count: int) -> Callable[[int, float], float]:
        """Return a function of the step t and the loss there that gives the rate of that step."""
        known = SCHEDULES["plateau"].parameters
        values = {key: default(one.default) for key, one in known.items()}
        values.update(self.values)
        factor, patience, threshold = (values[key] for key in ("factor", "patience", "threshold"))
        cooldown, lowest, least = (values[key] for key in ("cooldown", "min_lr", "eps"))
        rate, best, bad, resting = first, math.inf, 0, 0.0

        def follow(t: int, loss: float) -> float:
            nonlocal rate, best, bad, resting
            # best*(1 - threshold), as torch has it, lies above a negative best.
            wanted = best * (1.0 - threshold if best >= 0 else 1.0 + threshold)
            if loss < wanted:
                best, bad = loss, 0
            else:
                bad += 1
            if resting > 0:
                resting, bad = resting - 1, 0
            if bad > patience:
                resting, bad = cooldown, 0
                lower = max(rate * factor, lowest)
                rate = lower if rate - lower > least else rate
            return rate

        return follow

    def describe(self, steps: int | None = None) -> str:
        """Return a short text for a legend, such as "on plateau, factor 0.5, patience 5".

        It says the values that were given and, with `steps`, factor and patience in any case.
        """
        entry = SCHEDULES["plateau"]
        values = dict(self.values)
        if steps is not None:
            shown = {key: one.default for key, one in entry.parameters.items() if one.shown}
            values = {key: default(text) for key, text in shown.items()} | values
        return described(entry.label, entry.parameters, values)

    @property
    def spec(self) -> str:
        """The text that makes the schedule again, such as "plateau:factor=0.5"."""
        return written("plateau", self.values)

    @property
    def latex(self) -> str:
        """Nothing: it is no formula."""
        return ""
