"""A network's loss over a plane beside PyTorch, loss-landscapes and the bare matrix products."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator

from measure import (
    FOLDER,
    Command,
    Row,
    Times,
    bytes_text,
    job,
    run,
    scratch,
    seconds_text,
    spread_text,
)

__all__ = ["networks"]

MEMORY = 300e6


def networks(quick: bool) -> Iterator[Row]:
    """Grids of 51×51 cells beside the peers; memory; time over cells and rows; first use."""
    rounds = 2 if quick else 5
    mlp, digits = ("moons", 51, 1000), ("digits", 51, 1797)
    for what, case, target in (
        ("grid 51×51, 2-64-64-2 tanh, 1000 rows / PyTorch loop", mlp, 6.0),
        ("grid 51×51, digits 64-64-32-10 ReLU, 1797 rows / PyTorch loop", digits, 3.5),
    ):
        yield from _beside("torch", what, case, target, rounds)
        yield from _beside(
            "torch_tuned", "  the same / the loop tuned, its best threads", case, None, rounds
        )
    yield from _beside(
        "loss_landscapes",
        "grid 51×51, 2-64-64-2 tanh, 1000 rows / loss-landscapes 3.0.6",
        mlp,
        4.0,
        rounds,
    )
    ours, bare = _in_turns(["ours", "products"], mlp, rounds)
    yield Row(
        "the same / its bare matrix products",
        seconds_text(bare.median),
        seconds_text(ours.median),
        ours.median / bare.median,
        2,
        "<=",
        spread=spread_text(bare, ours),
    )
    yield from _linear(rounds)
    yield _memory()
    yield from _first_use()


def _beside(
    peer: str, what: str, case: tuple[str, int, int], target: float | None, rounds: int
) -> Iterator[Row]:
    for module in ("torch", "loss_landscapes") if peer == "loss_landscapes" else ("torch",):
        if importlib.util.find_spec(module) is None:
            yield Row(what, "", "", None, target, note=f"{module} not installed")
            return
    if peer == "torch":
        apart = job("network_apart", *case)
        if not apart <= 1e-5:
            raise RuntimeError(f"{what}: losses differ by {apart:g}")
    theirs, ours = _in_turns([peer, "ours"], case, rounds)
    yield Row(
        what,
        seconds_text(theirs.median),
        seconds_text(ours.median),
        theirs.median / ours.median,
        target,
        spread=spread_text(theirs, ours),
    )


def _in_turns(sides: list[str], case: tuple[str, int, int], rounds: int) -> list[Times]:
    """Measure the sides in turns, each in processes of its own, warm."""
    found = [Times() for _ in sides]
    for _ in range(rounds):
        for side, times in zip(sides, found, strict=True):
            times.values.append(Times(job("network_grid", side, *case, 3)).median)
    return found


def _linear(rounds: int) -> Iterator[Row]:
    """Four times the cells, and four times the rows, beside four times the time."""
    small, more_cells, more_rows = (Times() for _ in range(3))
    for _ in range(rounds):
        for times, case in (
            (small, ("moons", 51, 1000)),
            (more_cells, ("moons", 102, 1000)),
            (more_rows, ("moons", 51, 4000)),
        ):
            times.values.append(Times(job("network_grid", "ours", *case, 3)).median)
    for what, times in (("cells", more_cells), ("rows", more_rows)):
        yield Row(
            f"four times the {what} / four times the time",
            seconds_text(4 * small.median),
            seconds_text(times.median),
            times.median / (4 * small.median),
            1.2,
            "<=",
            spread=spread_text(small, times),
        )


def _memory() -> Row:
    def process(work: str) -> tuple[int, float]:
        done = run([sys.executable, FOLDER / "jobs.py", "network_memory", work])
        return done.memory, float(done.output.splitlines()[-1])

    (data, _), (all_, seconds) = process("data"), process("grid")
    return Row(
        "peak memory over the data, grid 201×201, 10 000 rows",
        f"{bytes_text(MEMORY)} allowed",
        f"{bytes_text(all_ - data)} ({seconds_text(seconds)})",
        (all_ - data) / MEMORY,
        1,
        "<=",
    )


def _first_use() -> Iterator[Row]:
    """The kernels compiled on a fresh computer, and loaded in each process after that."""
    with scratch() as folder:
        env = dict(os.environ) | {"NUMBA_CACHE_DIR": str(folder)}
        command: Command = [sys.executable, FOLDER / "jobs.py", "network_kernels"]
        cold, warm = (float(run(command, env=env).output) for _ in range(2))
    yield Row("kernels of networks: compiled once / loaded", seconds_text(cold), seconds_text(warm))
