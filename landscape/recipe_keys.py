"""What the keys of a recipe may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.style import LEVEL_KINDS, THEMES, parse_size
from landscape.values import cut, number, one_line, whole

__all__ = ["AGAINST", "ARROWS", "CURVES", "LONGEST_TOML", "checked"]

CURVES = ("loss", "gradient", "rate")
ARROWS = ("gradient", "velocity", "step")
AGAINST = ("steps", "epochs", "evaluations")
LONGEST_TOML = 1_000_000
_MOST_STARTS = 64


def _text(name: str, value: str) -> str:
    """Return a text that fits on one line of a command and into the metadata of a picture."""
    if name in ("surface", "optimizers", "schedule"):
        # Statements may stand on lines of their own; written with ";" they are the same.
        lines = [part.strip().rstrip(";") for part in value.splitlines()]
        value = "; ".join(part for part in lines if part) if len(lines) > 1 else value
    return one_line(name, value)


def _table(value: str) -> str:
    """Return the text of a table, of lines that can be printed."""
    if len(value) > LONGEST_TOML:
        raise LandscapeError(
            f"the table has {len(value)} characters: {LONGEST_TOML} is the most that is read"
        )
    for line in value.split("\n"):
        if not line.isprintable():
            bad = next(letter for letter in line if not letter.isprintable())
            raise LandscapeError(f"the table has {bad!a} in it, which cannot be printed; remove it")
    return value


def _bounds(numbers: tuple[float, ...]) -> tuple[float, ...]:
    x0, x1, y0, y1 = numbers
    if not (x0 < x1 and y0 < y1):
        raise LandscapeError(f"bounds need x0 < x1 and y0 < y1: {x0:g},{x1:g},{y0:g},{y1:g} came")
    for low, high in ((x0, x1), (y0, y1)):
        # A picture needs some thousand different numbers between its edges.
        if high - low < max(1e-100, 1e-10 * max(abs(low), abs(high))):
            raise LandscapeError(f"bounds from {low!r} to {high!r} are too narrow for a picture")
    return numbers


_NUMBERS = {"noise": (0, 1e12), "fps": (0.1, 100), "hold": (0, 600), "scale": (0.1, 1)}
_WHOLES = {
    "steps": (1, 10_000_000),
    "batch": (1, 10_000_000),
    "fan": (0, 64),
    "seed": (0, 2**63 - 1),
    "count": (2, 100),
    "speed": (1, 1_000_000),
    "loop": (0, 65_535),
    "colors": (8, 256),
}
_CHOICES = {
    "kind": ("film", "still"),
    "levels": LEVEL_KINDS,
    "theme": tuple(THEMES),
    "against": AGAINST,
}
_LENGTHS = {"start": 2, "bounds": 4}


def _distinct(name: str, parts: Sequence[str]) -> tuple[str, ...]:
    known = CURVES if name == "curves" else ARROWS
    for part in parts:
        if part not in known:
            raise unknown_name(name[:-1], part, known)
    if len(set(parts)) < len(parts):
        raise LandscapeError(f"each {name[:-1]} stands once in a picture: {', '.join(parts)} came")
    return tuple(parts)


def _starts(value: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, (list, tuple)) or len(value) > _MOST_STARTS:
        raise LandscapeError(f"starts must be at most {_MOST_STARTS} points: {cut(value)} came")
    found = []
    for point in value:
        if not isinstance(point, (list, tuple)) or len(point) != 2:
            raise LandscapeError(f"each of the starts must be 2 numbers: {cut(point)} came")
        x, y = (number("a start", part, -1e150, 1e150) for part in point)
        found.append((x, y))
    return tuple(found)


def checked(name: str, value: Any) -> Any:
    """Return the value of the key `name` in its own type.

    Raises LandscapeError, which says what the value must be.
    """
    if value is None and name in ("start", "steps", "batch", "bounds", "title", "fps"):
        return None
    if name in _NUMBERS:
        return number(name, value, *_NUMBERS[name])
    if name in _WHOLES:
        return whole(name, value, *_WHOLES[name])
    if name in _LENGTHS:
        if not isinstance(value, (list, tuple)) or len(value) != _LENGTHS[name]:
            raise LandscapeError(f"{name} must be {_LENGTHS[name]} numbers: {cut(value)} came")
        numbers = tuple(number(name, part, -1e150, 1e150) for part in value)
        return _bounds(numbers) if name == "bounds" else numbers
    if name in ("optimizers", "curves", "arrows"):
        parts = [value] if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)) or not all(isinstance(p, str) for p in parts):
            raise LandscapeError(f"{name} must be a list of texts: {cut(value)} came")
        if name != "optimizers":
            return _distinct(name, parts)
        return tuple(_text(name, part) for part in parts)
    if name == "starts":
        return _starts(value)
    if name in ("fill", "marks", "legend", "beside", "batch_lines"):
        if not isinstance(value, bool):
            raise LandscapeError(f"{name} must be true or false: {cut(value)} came")
        return value
    if name == "size" and isinstance(value, (list, tuple)):
        value = "x".join(str(part) for part in value)
    if not isinstance(value, str):
        raise LandscapeError(f"{name} must be a text: {cut(value)} came")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise unknown_name(name, value, _CHOICES[name])
    if name == "size":
        parse_size(value)
    return _table(value) if name == "table" else _text(name, value)
