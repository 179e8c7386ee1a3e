"""The keys of a recipe: what each holds, said once for command, TOML and Python.

The functions `number_key`, `text`, … stand where a dataclass has its defaults.
"""

from __future__ import annotations

from dataclasses import Field, field
from typing import Any

from landscape.key_kinds import (
    Bounds,
    Flag,
    Key,
    Lines,
    Number,
    Numbers,
    Points,
    Size,
    Text,
    Texts,
    Whole,
)

__all__ = [
    "bounds_key",
    "flag",
    "key_of",
    "lines",
    "number_key",
    "numbers_key",
    "option_of",
    "points_key",
    "size",
    "text",
    "texts",
    "whole_key",
]


def key_of(one: Field[Any]) -> Key:
    """Return the key of a dataclass's field."""
    found = one.metadata["key"]
    assert isinstance(found, Key)
    return found


def option_of(one: Field[Any]) -> str:
    """Return the option of a key on the command line, "" if it has none."""
    said = key_of(one).option
    if said == "-":
        return ""
    return said or f"--{one.name.replace('_', '-')}"


def number_key(default: float | None, low: float, high: float, help: str, **more: Any) -> Any:
    """Return the field of a number; `more` are attributes of Key."""
    return _field(default, Number(low=low, high=high, help=help, **more))


def whole_key(default: int | None, low: int, high: int, help: str, **more: Any) -> Any:
    """Return the field of a whole number."""
    return _field(default, Whole(low=low, high=high, help=help, **more))


def numbers_key(
    default: tuple[float, ...] | None,
    limits: tuple[tuple[float, float], ...],
    help: str,
    **more: Any,
) -> Any:
    """Return the field of as many numbers as there are `limits` (low, high)."""
    return _field(default, Numbers(limits=limits, help=help, **more))


def bounds_key(limits: tuple[float, float], help: str, **more: Any) -> Any:
    """Return the field of a domain's edges x0, x1, y0, y1, None by default."""
    return _field(None, Bounds(limits=(limits,) * 4, help=help, optional=True, **more))


def points_key(
    limits: tuple[float, float], help: str, *, singular: str, most: int, **more: Any
) -> Any:
    """Return the field of points (x, y), none by default; `singular` names one of them."""
    return _field((), Points(limits=(limits,) * 2, singular=singular, most=most, help=help, **more))


def flag(default: bool, help: str, **more: Any) -> Any:
    """Return the field of something that is or is not."""
    return _field(default, Flag(help=help, **more))


def text(default: str | None, help: str, **more: Any) -> Any:
    """Return the field of a text."""
    return _field(default, Text(help=help, **more))


def texts(default: tuple[str, ...], help: str, **more: Any) -> Any:
    """Return the field of several texts."""
    return _field(default, Texts(help=help, **more))


def lines(help: str) -> Any:
    """Return the field of a long text, "" by default, which only files say."""
    return field(default="", repr=False, metadata={"key": Lines(help=help, option="-")})


def size(default: str, help: str, **more: Any) -> Any:
    """Return the field of a picture's size."""
    return _field(default, Size(help=help, **more))


def _field(default: Any, key: Key) -> Any:
    return field(default=default, metadata={"key": key})
