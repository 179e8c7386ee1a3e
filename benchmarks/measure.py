"""What every benchmark needs: a row of the table, timed processes, medians.

Only the standard library is imported here and in the modules that start processes: what a process
inherits from the one that starts it would be counted as its own memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

__all__ = [
    "FOLDER",
    "Command",
    "Process",
    "Row",
    "Times",
    "alternate",
    "bytes_text",
    "job",
    "run",
    "scratch",
    "seconds_text",
    "spread_text",
]

FOLDER = Path(__file__).resolve().parent
Command = Sequence[str | Path]


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes: `what`; `peer` and `ours` as texts with units; `ratio`, the figure that is compared
    with `target` (None for rows that only inform); `sense`, whether the target is the least or the
    most; `spread`, how far the measurements lie apart, (largest - smallest) / median, peer's and
    ours; `note` stands in place of the verdict if the row could not be measured.
    """

    what: str
    peer: str
    ours: str
    ratio: float | None = None
    target: float | None = None
    sense: Literal[">=", "<="] = ">="
    spread: str = ""
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target or a measurement."""
        if self.ratio is None or self.target is None:
            return None
        return self.ratio >= self.target if self.sense == ">=" else self.ratio <= self.target

    def cells(self) -> list[str]:
        """Return the row as it is printed."""
        sign = "≥" if self.sense == ">=" else "≤"
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        target = "" if self.target is None else f"{sign} {self.target:g}"
        verdict = {True: "met", False: "NOT MET", None: self.note}[self.met]
        return [self.what, self.peer, self.ours, ratio, target, verdict, self.spread]

    def table(self) -> dict[str, Any]:
        """Return the row for JSON."""
        return asdict(self) | {"met": self.met}


@dataclass(frozen=True)
class Process:
    """A process that has ended: wall `seconds`, `memory` in bytes at its peak, stdout."""

    seconds: float
    memory: int
    output: str


class Times:
    """The measurements of one side."""

    def __init__(self, values: Sequence[float] = ()) -> None:
        self.values = list(values)

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """(largest - smallest) / median."""
        return (max(self.values) - min(self.values)) / self.median


def run(
    command: Command,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Process:
    """Run a process to its end and return what it took.

    Raises RuntimeError with its stderr if it fails.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.perf_counter()
        child = subprocess.Popen(
            [str(part) for part in command], stdout=out, stderr=err, cwd=cwd, env=env
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{err.read()[-2000:]}")
        # Linux counts in kibibytes, macOS in bytes.
        unit = 1 if sys.platform == "darwin" else 1024
        return Process(seconds, usage.ru_maxrss * unit, out.read())


def job(name: str, *args: str | Path | float) -> Any:
    """Run a function of `jobs.py` in a process of its own and return what it found."""
    done = run([sys.executable, FOLDER / "jobs.py", name, *map(str, args)])
    return json.loads(done.output.splitlines()[-1])


def alternate(
    repeats: int, first: Callable[[], float], second: Callable[[], float]
) -> tuple[Times, Times]:
    """Measure the two sides in turns, so that whatever slows the computer slows both."""
    a, b = Times(), Times()
    for _ in range(repeats):
        a.values.append(first())
        b.values.append(second())
    return a, b


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="landscape-benchmark-") as folder:
        yield Path(folder)


def seconds_text(seconds: float) -> str:
    """Return a duration in the unit that suits it."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def bytes_text(count: float) -> str:
    """Return a file's size."""
    return f"{count / 1e6:.2f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def spread_text(*times: Times) -> str:
    """Return the spreads of both sides; nothing where one measurement cannot tell."""
    if any(len(one.values) < 2 for one in times):
        return ""
    return " / ".join(f"{one.spread:.0%}" for one in times)
