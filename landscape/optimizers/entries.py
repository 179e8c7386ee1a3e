"""What the catalogue says of an optimizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Form", "RuleEntry"]


@dataclass(frozen=True)
class Form:
    """One way to write a rule: its formula, default hyper-parameters, and what sets it apart.

    `initial` says what states start at, if not at 0: a number, a hyper-parameter, p (the start) or
    lr; `learning_rate` is the rule's own, for the few that have one.
    """

    formula: str
    defaults: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    initial: Mapping[str, str] = field(default_factory=dict)
    learning_rate: float | None = None


@dataclass(frozen=True)
class RuleEntry:
    """An optimizer of the catalogue: its label in legends, its lesson, its source and its forms.

    `in_the_plane` tells whether it means something with two parameters; if not, it has no forms,
    and the lesson says why.
    """

    label: str
    teaches: str
    source: str
    forms: Mapping[str, Form]
    in_the_plane: bool = True
