"""Derivatives that come with the package: those of the catalogue's surfaces.

`derivatives.json` is written by tests/golden/make_derivatives.py with SymPy and compared with a
fresh derivation by the tests. With it, the first film on a fresh machine needs no SymPy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

__all__ = ["PATH", "entry_name", "shipped"]

PATH = Path(__file__).with_name("derivatives.json")


def entry_name(text: str, parameters: Iterable[str]) -> str:
    """Return the name under which the derivatives of a formula are kept."""
    return " | ".join([text, *sorted(parameters)])


@cache
def _entries() -> dict[str, dict[str, str]]:
    try:
        entries = json.loads(PATH.read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # SymPy derives them
    return entries if isinstance(entries, dict) else {}


def shipped(text: str, parameters: Iterable[str]) -> dict[str, str] | None:
    """Return the derivatives of a catalogue formula, None for any other."""
    return _entries().get(entry_name(text, parameters))
