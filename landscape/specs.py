"""The command line's short notation: `name:key=value,key=value`, and formula text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from landscape.errors import LandscapeError

__all__ = [
    "check_python_text",
    "format_spec",
    "parse_number",
    "python_text",
    "split_spec",
    "split_values",
]


def split_spec(text: str) -> tuple[str, dict[str, str]]:
    """Return the head of `text` and its options.

    "momentum:lr=0.02,mu=0.9" gives ("momentum", {"lr": "0.02", "mu": "0.9"}); a formula has no
    colon of its own, so "v = mu*v - lr*g; p = p + v:mu=0.9" splits as well.

    A comma that belongs to a value has a backslash before it.

    Raises LandscapeError if an option is not written key=value.
    """
    if not isinstance(text, str) or not text.strip():
        raise LandscapeError(f"a name or a formula was wanted: {text!r} came")
    head, colon, tail = text.strip().partition(":")
    if head.split()[:1] == ["lambda"]:
        raise LandscapeError(f"a formula is written without 'lambda': {text!r} came")
    options: dict[str, str] = {}
    if colon and not tail.strip():
        raise LandscapeError(f"{text!r} ends in a colon: write options such as ':lr=0.01'")
    for part in split_values(tail) if colon else []:
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise LandscapeError(f"cannot read {part.strip()!r} in {text!r}: write key=value")
        if key.strip() in options:
            raise LandscapeError(f"{key.strip()!r} stands twice in {text!r}")
        options[key.strip()] = value.strip().replace("\\,", ",")
    if not head.strip():
        raise LandscapeError(f"{text!r} has no name before its options")
    return head.strip(), options


def split_values(text: str) -> list[str]:
    """Return the parts of `text` between commas; one that has a backslash before it is none."""
    return re.split(r"(?<!\\),", text)


def parse_number(text: str | float, what: str) -> float:
    """Return a finite number; `what` names it in the error."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        raise LandscapeError(f"{what} must be a number: {text!r} came") from None
    if not math.isfinite(value):
        raise LandscapeError(f"{what} must be finite: {text!r} came")
    return value


def format_spec(head: str, options: Mapping[str, str]) -> str:
    """Return the notation that `split_spec` reads.

    Raises LandscapeError if it would read anything else (a label that ends in a backslash).
    """
    parts = {key: value.replace(",", r"\,") for key, value in options.items()}
    tail = ",".join(f"{key}={value}" for key, value in parts.items())
    text = f"{head.strip()}:{tail}" if tail else head.strip()
    if split_spec(text) != (head.strip(), dict(options)):
        raise LandscapeError(f"{text!r} cannot be written on one line of options: change the label")
    return text


def python_text(name: str) -> str:
    """Return what stands in a recipe for an object that was made in Python and has no text."""
    return f"python:{name}"


def check_python_text(text: str) -> None:
    """Raise LandscapeError for what `python_text` gives: nobody can make the object from it."""
    head, colon, name = text.partition(":")
    if colon and head == "python":
        raise LandscapeError(
            f"{name!r} was made in Python and is not in the recipe: make the picture there again"
        )
