"""Where 40 000 starts end after 1000 steps, beside JAX; time over starts, steps and threads."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from measure import FOLDER, Row, Times, bytes_text, job, run, scratch, seconds_text, spread_text

__all__ = ["maps"]

# Surface, rule, and the most of JAX's time that ours may take.
_CASES = (
    ("beale", "adam:lr=0.01", 0.4),
    ("himmelblau", "momentum:lr=0.001", 0.4),
    ("ackley", "adam:lr=0.01", 0.5),
    ("rastrigin", "rmsprop:lr=0.01", 0.5),
)
_STARTS, _STEPS = 40_000, 1000


def maps(quick: bool) -> Iterator[Row]:
    """Paths beside JAX's; linear in starts and steps; threads; what compiling takes."""
    rounds = 2 if quick else 5
    for surface, rule, target in _CASES:
        what = f"{_STARTS} starts × {_STEPS} steps, {surface} + {rule.partition(':')[0]} / JAX"
        if any(importlib.util.find_spec(module) is None for module in ("jax", "optax")):
            yield Row(what, "", "", None, target, "<=", note="jax or optax not installed")
            continue
        apart = job("map_apart", surface, rule, 400, 200)
        if not apart <= 1e-9:
            raise RuntimeError(f"{what}: ends differ by {apart:g} of the domain")
        case = surface, rule, _STARTS, _STEPS
        theirs, ours = Times(), Times()
        for _ in range(rounds):
            theirs.values.append(job("map_jax", *case))
            ours.values.append(job("map_ours", *case, 0))
        yield _row(what, theirs, ours, target)
    yield from _linear(rounds)
    yield from _compiled(rounds)
    yield _memory(quick)


def _row(what: str, theirs: Times, ours: Times, target: float | None) -> Row:
    return Row(
        what,
        seconds_text(theirs.median),
        seconds_text(ours.median),
        ours.median / theirs.median,
        target,
        "<=",
        spread=spread_text(theirs, ours),
    )


def _linear(rounds: int) -> Iterator[Row]:
    """Four times the starts and the steps beside four times the time; two threads beside one."""
    surface, rule = "beale", "adam:lr=0.01"
    base, starts, steps, one = Times(), Times(), Times(), Times()
    for _ in range(rounds):
        for times, *case in (
            (base, _STARTS, _STEPS, 0),
            (starts, 4 * _STARTS, _STEPS, 0),
            (steps, _STARTS, 4 * _STEPS, 0),
            (one, _STARTS, _STEPS, 1),
        ):
            times.values.append(job("map_ours", surface, rule, *case))
    for what, times in (("starts", starts), ("steps", steps)):
        yield Row(
            f"four times the {what} / four times the time",
            seconds_text(4 * base.median),
            seconds_text(times.median),
            times.median / (4 * base.median),
            1.15,
            "<=",
            spread=spread_text(base, times),
        )
    yield Row(
        f"all cores ({len(os.sched_getaffinity(0))}) / one thread",
        seconds_text(one.median),
        seconds_text(base.median),
        one.median / base.median,
        1.6,
        spread=spread_text(one, base),
    )


def _compiled(rounds: int) -> Iterator[Row]:
    """The first use of a rule on a surface, and the first in a later process."""
    first, later = Times(), Times()
    for _ in range(rounds):
        with scratch() as folder:
            # Nothing is compiled, not even what all kernels share.
            folders = {"LANDSCAPE_CACHE_DIR": str(folder), "NUMBA_CACHE_DIR": str(folder)}
            env = {**os.environ, **folders}
            for times in (first, later):
                command: list[str | Path] = [
                    sys.executable,
                    FOLDER / "jobs.py",
                    "map_first",
                    "beale",
                    "adam:lr=0.01",
                ]
                times.values.append(float(run(command, env=env).output.splitlines()[-1]))
    yield Row(
        "compiling beale + adam (at most 3 s)",
        "",
        seconds_text(first.median),
        first.median,
        3.0,
        "<=",
        spread=spread_text(first),
    )
    yield Row(
        "the same, compiled before (at most 50 ms)",
        "",
        seconds_text(later.median),
        later.median,
        0.05,
        "<=",
        spread=spread_text(later),
    )


def _memory(quick: bool) -> Row:
    """A large map beside a small one: both stream through block after block."""
    peaks = []
    for side in (200, 1000 if quick else 4000):
        with scratch() as folder:
            command: list[str | Path] = [
                *(sys.executable, "-m", "landscape", "map", "basins", "--steps", "20"),
                *("--columns", str(side), "--rows", str(side), "--save", folder / "map.npz"),
                *("-o", folder / "map.png"),
            ]
            peaks.append(run(command).memory)
    few, many = peaks
    return Row(f"peak memory, {side}² starts / 200²", bytes_text(few), bytes_text(many), many / few)
