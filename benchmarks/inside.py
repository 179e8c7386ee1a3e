"""What jobs share that are measured inside a process of their own; see `jobs.py`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["prepared", "timed"]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def prepared(args: Sequence[str]) -> Any:
    """Return what `landscape animate ARGS` would draw, its paths computed."""
    from landscape.cli.options import recipe_from
    from landscape.cli.pictures import animate
    from landscape.prepare import prepare

    values = animate.make_context("animate", list(args)).params
    for name in ("output", "max_mb", "poster"):
        del values[name]
    return prepare(recipe_from("film", values))
