"""The first run on a fresh computer beside the next ones, and `--help`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from films import FILM
from measure import Command, Row, Times, alternate, run, scratch, seconds_text, spread_text

__all__ = ["first", "help_"]

CACHES = ("LANDSCAPE_CACHE_DIR", "MPLCONFIGDIR", "NUMBA_CACHE_DIR")
BYTECODE = "PYTHONPYCACHEPREFIX"
RUNS = {
    "the film": FILM,
    "ravine, momentum": ["animate", "--surface", "ravine", "--opt", "momentum"],
}


def first(quick: bool) -> Iterator[Row]:
    """The first run ever beside a warm one, in the same folders."""
    for name, args in RUNS.items():
        for caches, suffix in (((*CACHES, BYTECODE), ""), (CACHES, ", byte code compiled")):
            # An installer that compiles byte code (pip does) leaves the second case.
            if quick and suffix:
                continue
            if BYTECODE not in caches:
                _once(args, caches)
            cold, warm = Times(), Times()
            for _ in range(1 if quick else 3):
                with scratch() as folder:
                    env = _fresh(folder, caches)
                    cold.values.append(_seconds(args, folder, env))
                    rest = [_seconds(args, folder, env) for _ in range(3)]
                    warm.values.append(Times(rest).median)
            yield Row(
                f"first run ever / warm, {name}{suffix}",
                seconds_text(warm.median),
                seconds_text(cold.median),
                cold.median / warm.median,
                3,
                "<=",
                spread=spread_text(warm, cold),
            )


def _seconds(args: list[str], folder: Path, env: dict[str, str]) -> float:
    command = [sys.executable, "-m", "landscape", *args, "-o", str(folder / "film.gif")]
    return run(command, env=env).seconds


def _once(args: list[str], caches: tuple[str, ...]) -> None:
    """Leave the byte code that a first run imports in the folder that this benchmark shares."""
    with scratch() as folder:
        _seconds(args, folder, _fresh(folder, caches))


def _fresh(folder: Path, caches: tuple[str, ...]) -> dict[str, str]:
    env = dict(os.environ)
    for name in caches:
        place = folder / name.lower()
        place.mkdir()
        env[name] = str(place)
    return env


def help_(quick: bool) -> Iterator[Row]:
    """`landscape --help` beside the import of click, whole processes."""
    command = Path(sys.executable).with_name("landscape")
    ours: list[str | Path] = [command]
    if not command.exists():
        ours = [sys.executable, "-m", "landscape"]
    click: Command = [sys.executable, "-c", "import click"]
    run([*ours, "--help"])
    run(click)
    peer, mine = alternate(
        10 if quick else 40,
        lambda: run(click).seconds,
        lambda: run([*ours, "--help"]).seconds,
    )
    yield Row(
        "landscape --help / python -c 'import click'",
        seconds_text(peer.median),
        seconds_text(mine.median),
        mine.median / peer.median,
        2.5,
        "<=",
        spread=spread_text(peer, mine),
    )
