"""The memory that a long film takes."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator

from measure import Row, bytes_text, run, scratch, seconds_text

__all__ = ["memory"]

LIMIT = 400e6


def memory(quick: bool) -> Iterator[Row]:
    """The peak of a process that writes a GIF of 10 000 frames, 800×600."""
    with scratch() as folder:
        path = folder / "long.gif"
        # A frictionless spring never comes to rest: every frame differs from the one before.
        command = shlex.split(
            "-m landscape animate --size 800x600 --steps 9999 --start 2,1.5 -s x**2+2*y**2"
            " --opt momentum:lr=0.0005,mu=1 --opt momentum:lr=0.0011,mu=1"
        )
        done = run([sys.executable, *command, "-o", path])
        yield Row(
            "peak memory, GIF of 10 000 frames 800×600",
            f"{bytes_text(LIMIT)} allowed",
            f"{bytes_text(done.memory)} ({seconds_text(done.seconds)}, "
            f"{bytes_text(path.stat().st_size)})",
            done.memory / LIMIT,
            1,
            "<=",
        )
