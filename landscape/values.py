"""Checks of single values: each returns the value in its own type, or says what was wanted."""

from __future__ import annotations

from typing import Any

from landscape.errors import LandscapeError

__all__ = ["LONGEST_TOML", "cut", "many_lines", "number", "one_line", "short", "whole"]

# Characters of a recipe, and so of a text in it.
LONGEST_TOML = 1_000_000

# A formula may have 4000 characters; the rest are a rule's numbers and its label.
_LONGEST = 5000


def number(name: str, value: Any, low: float, high: float) -> float:
    """Return a number from `low` to `high`; `name` stands for it in the error."""
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    # NaN fails the comparison, and a whole number of any length passes through it unharmed.
    if not fits or not low <= value <= high:
        raise LandscapeError(f"{name} must be a number from {low:g} to {high:g}: {cut(value)} came")
    return float(value)


def whole(name: str, value: Any, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`; `name` stands for it in the error."""
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not fits or not low <= value <= high or value != int(value):
        raise LandscapeError(
            f"{name} must be a whole number from {low} to {high}: {cut(value)} came"
        )
    return int(value)


def one_line(name: str, value: str) -> str:
    """Return a text that fits on one line of a command and into the metadata of a picture."""
    if not value.isprintable():
        bad = next(letter for letter in value if not letter.isprintable())
        raise LandscapeError(f"{name} has {bad!a} in it, which cannot be printed; remove it")
    if len(value) > _LONGEST:
        raise LandscapeError(
            f"{name} has {len(value)} characters: {_LONGEST} is the most that is read"
        )
    return value


def many_lines(name: str, value: str) -> str:
    """Return a text of lines that can be printed."""
    if len(value) > LONGEST_TOML:
        raise LandscapeError(
            f"the {name} has {len(value)} characters: {LONGEST_TOML} is the most that is read"
        )
    for line in value.split("\n"):
        if not line.isprintable():
            bad = next(letter for letter in line if not letter.isprintable())
            raise LandscapeError(
                f"the {name} has {bad!a} in it, which cannot be printed; remove it"
            )
    return value


def cut(value: Any) -> str:
    """Return what came, as an error shows it."""
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a huge number"
    return text if len(text) <= 60 else f"{text[:57]}…"


def short(value: Any) -> str:
    """Return a value as a command line has it: 2 for 2.0."""
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)
