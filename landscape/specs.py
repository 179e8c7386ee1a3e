"""The command line's short notation: `name:key=value,key=value`, and formula text."""

from __future__ import annotations

from landscape.errors import LandscapeError

__all__ = ["format_spec", "parse_number", "split_spec"]


def split_spec(text: str) -> tuple[str, dict[str, str]]:
    """Return the head of `text` and its options.

    "momentum:lr=0.02,mu=0.9" gives ("momentum", {"lr": "0.02", "mu": "0.9"}); a formula has no
    colon of its own, so "v = mu*v - lr*g; p = p + v:mu=0.9" splits as well.

    Raises LandscapeError if an option is not written key=value.
    """
    head, colon, tail = text.strip().partition(":")
    options: dict[str, str] = {}
    if colon and not tail.strip():
        raise LandscapeError(f"{text!r} ends in a colon: write options such as ':lr=0.01'")
    for part in tail.split(",") if colon else []:
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise LandscapeError(f"cannot read {part.strip()!r} in {text!r}: write key=value")
        if key.strip() in options:
            raise LandscapeError(f"{key.strip()!r} stands twice in {text!r}")
        options[key.strip()] = value.strip()
    if not head.strip():
        raise LandscapeError(f"{text!r} has no name before its options")
    return head.strip(), options


def parse_number(text: str, what: str) -> float:
    """Return a finite number; `what` names it in the error."""
    try:
        value = float(text)
    except ValueError:
        raise LandscapeError(f"{what} must be a number: {text!r} came") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise LandscapeError(f"{what} must be finite: {text!r} came")
    return value


def format_spec(head: str, options: dict[str, str]) -> str:
    """Return the notation that `split_spec` reads."""
    tail = ",".join(f"{key}={value}" for key, value in options.items())
    return f"{head}:{tail}" if tail else head
