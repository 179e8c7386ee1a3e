"""What a lesson of a surface is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Lesson", "rates"]

_RULES = ("gd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamax")


@dataclass(frozen=True)
class Lesson:
    """The settings with which a surface shows its phenomenon.

    Attributes: `start` (x, y); `steps`, the same for every rule; `rates`, the learning rate of each
    rule; `rules`, those that a film shows unless told otherwise, with options where the lesson is
    about those ("gd:batch=20"); `claim`, what is seen, in one sentence; `hyperparameters` of rules
    that depart from their defaults, such as {"momentum": {"mu": 0.6}}; `view` (x0, x1, y0, y1), the
    part of the domain that a picture shows unless told otherwise.
    """

    start: tuple[float, float]
    steps: int
    rates: Mapping[str, float]
    rules: tuple[str, ...]
    claim: str
    hyperparameters: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    view: tuple[float, float, float, float] | None = None


def rates(*values: float) -> dict[str, float]:
    """Return the rates by rule, in the order of the catalogue."""
    return dict(zip(_RULES, values, strict=True))
