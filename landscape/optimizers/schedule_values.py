"""The parameters of the catalogue's schedules: their ranges, defaults and how they are written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from landscape.errors import LandscapeError, unknown_name
from landscape.formula.compile import scalar_function
from landscape.formula.latex import plain_name
from landscape.formula.parse import parse_expression
from landscape.optimizers.schedules import SCHEDULES, Parameter, Wanted
from landscape.specs import format_spec

__all__ = ["check", "default", "described", "unknown_parameter", "written"]

_RANGES: dict[Wanted, Callable[[float], bool]] = {
    "a number above 0": lambda value: value > 0,
    "a number of 0 or more": lambda value: value >= 0,
    "a number of 1 or more": lambda value: value >= 1,
    "a number from 0 to 1": lambda value: 0 <= value <= 1,
    "a number above 0 and below 1": lambda value: 0 < value < 1,
    "a number above 0 and at most 1": lambda value: 0 < value <= 1,
    "a number above 0 and below T": lambda value: value > 0,  # T is known when the run is
    "a whole number of 0 or more": lambda value: value >= 0 and value == int(value),
}


def check(found: str, values: Mapping[str, float]) -> None:
    """Refuse values that the catalogue's schedule has no parameter for, or that it cannot take."""
    known = SCHEDULES[found].parameters
    for key, value in values.items():
        if key not in known:
            raise unknown_parameter(found, key, known)
        wanted = known[key].wanted
        if wanted not in _RANGES or not math.isfinite(value) or not _RANGES[wanted](value):
            raise LandscapeError(f"{key} of schedule {found} must be {wanted}: {value:g} came")


def unknown_parameter(found: str, key: str, known: Iterable[str]) -> LandscapeError:
    """Return the error for a parameter that the schedule `found` does not have."""
    if not list(known):
        return LandscapeError(f"schedule {found} has no parameters: {key!r} came")
    return unknown_name(f"parameter of schedule {found}", key, known)


@lru_cache(maxsize=512)
def default(text: str, length: float = 0.0) -> float:
    """Return a parameter's default in a run of so many steps."""
    node = parse_expression(text, ("T",), what="default")
    return float(scalar_function(("T",), (node,))(length))


def described(
    label: str,
    parameters: Mapping[str, Parameter],
    values: Mapping[str, float],
    milestones: tuple[int, ...] = (),
) -> str:
    """Return a label with values after it, in the order of the parameters."""
    ordered = [key for key in parameters if key in values]
    ordered += [key for key in values if key not in parameters]
    parts = [f"{plain_name(key)} {values[key]:.4g}" for key in ordered]
    return ", ".join([label, *parts, *([f"at {_slashed(milestones)}"] if milestones else [])])


def written(head: str, values: Mapping[str, float], milestones: tuple[int, ...] = ()) -> str:
    """Return the text that makes a schedule again."""
    options = {key: _number_text(value) for key, value in values.items()}
    if milestones:
        options["at"] = _slashed(milestones)
    return format_spec(head, options)


def _slashed(milestones: tuple[int, ...]) -> str:
    return "/".join(map(str, milestones))


def _number_text(value: float) -> str:
    """Return a number as it is typed, all its digits and no more: 200 rather than 200.0."""
    short = f"{value:.15g}"
    return short if float(short) == value else repr(float(value))
