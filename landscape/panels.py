"""The panels of a grid: the same picture for each value of one parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landscape.errors import LandscapeError
from landscape.formula.latex import plain_name
from landscape.optimizers.lookup import Optimizer, optimizer
from landscape.optimizers.schedule import find_schedule
from landscape.specs import format_spec, split_spec, split_values
from landscape.surfaces.lookup import remade
from landscape.surfaces.surface import Surface

__all__ = ["Variant", "panel_variants"]

_MOST_PANELS = 6


@dataclass(frozen=True)
class Variant:
    """What one panel shows: its title, its surface, the optimizers over it, their start.

    A start of None is left to the recipe and to the surface.
    """

    title: str
    surface: Surface
    optimizers: tuple[Optimizer | str, ...]
    start: tuple[float, float] | None = None


def panel_variants(
    grid: str,
    surface: Surface,
    optimizers: Sequence[Optimizer | str],
    *,
    bounds: Any = None,
) -> list[Variant]:
    """Return the variants that `grid` asks for, one without a title if it is empty.

    Parameters: `grid` is "key=value,value,…" where key is a parameter of the surface (kappa), else
    an option of the optimizers (lr, mu, schedule, batch); those that do not have it stay as they
    are. A comma within a value has a backslash before it. `bounds` are those asked for, None for
    the ones of each surface.

    Raises LandscapeError if neither has it, or a value is none of its.
    """
    if not grid:
        return [Variant("", surface, tuple(optimizers))]
    key, equals, tail = grid.partition("=")
    key = key.strip()
    values = [part.strip().replace("\\,", ",") for part in split_values(tail)]
    if not equals or not key or not all(values):
        raise LandscapeError(f"a grid is key=value,value such as mu=0.5,0.9: {grid!r} came")
    if not 2 <= len(values) <= _MOST_PANELS:
        raise LandscapeError(
            f"a grid has 2 to {_MOST_PANELS} panels: {len(values)} came in {grid!r}"
        )
    surfaces = _surfaces(surface, key, values, bounds)
    if surfaces is not None:
        pairs = zip(values, surfaces, strict=True)
        return [Variant(_title(key, value), one, tuple(optimizers)) for value, one in pairs]
    return [
        Variant(_title(key, value), surface, tuple(_changed(optimizers, key, value)))
        for value in values
    ]


def _title(key: str, value: str) -> str:
    if key == "schedule":
        return find_schedule(value).describe()
    # A word such as "standard" says enough; a number needs its name.
    return f"{plain_name(key)} {value}" if _is_number(value) else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _surfaces(
    surface: Surface, key: str, values: Sequence[str], bounds: Any
) -> list[Surface] | None:
    """Return the surface with each value of its parameter, None if it has no such parameter."""
    if not surface.spec or key in ("bounds", "gradient"):
        return None
    made: list[Surface] = []
    problems = []
    for value in values:
        try:
            made.append(remade(surface, bounds=bounds, **{key: value}))
        except LandscapeError as problem:
            problems.append(problem)
    if made and problems:  # the parameter is the surface's, and one of the values is none of its
        raise problems[0]
    return made or None


def _changed(optimizers: Sequence[Optimizer | str], key: str, value: str) -> list[Optimizer | str]:
    """Return the optimizers with one option changed; those that do not know it as they are."""
    changed: list[Optimizer | str] = []
    problems = []
    for one in optimizers:
        try:
            optimizer(one, **{key: value})
        except LandscapeError as problem:
            problems.append(problem)
            changed.append(one)
            continue
        if not isinstance(one, str):
            changed.append(optimizer(one, **{key: value}))
        else:
            head, options = split_spec(one)
            changed.append(format_spec(head, {**options, key: value}))
    if problems and len(problems) == len(optimizers):
        raise problems[0]
    return changed
