"""Pictures in three dimensions beside mplot3d's: frames, films, the rasteriser's growth, memory."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from measure import (
    FOLDER,
    Command,
    Row,
    Times,
    alternate,
    bytes_text,
    job,
    run,
    scratch,
    seconds_text,
    spread_text,
)

__all__ = ["ORBIT", "SPACE", "space"]

SPACE = shlex.split(
    "animate --surface beale --start 1,1.6 --steps 119 --size 800x600 --opt gd:lr=0.001"
    " --opt momentum:lr=0.001 --opt adam:lr=0.1 --view 3d --elevation 50 --azimuth -150"
)
"""The film of the comparison; `peer_mplot3d.py` draws the same."""

ORBIT = shlex.split("--orbit 357")
"""Of 120 frames each is 3 degrees on."""

PEER = FOLDER / "peer_mplot3d.py"
LONG, SHORT = 2000, 200


def space(quick: bool) -> Iterator[Row]:
    """Frames at a camera that stands still and one that turns, films, growth, memory."""
    with scratch() as folder:
        # Both sides once, unmeasured: kernels, fonts, byte code.
        run(_still(folder / "ours.png"))
        run([sys.executable, PEER, folder / "peer.png"])
    yield from _frames(quick)
    yield from _films(quick)
    yield from _growth(quick)
    yield from _stills(quick)
    yield _memory(quick)


def _frames(quick: bool) -> Iterator[Row]:
    """One frame on its canvas; ours has four times the cells."""
    rounds = 1 if quick else 3
    for what, camera, target in (
        ("3D frame, fixed camera", "fixed", 15.0),
        ("3D frame of an orbit, axes included", "orbit", 2.5),
    ):
        peer, ours = alternate(
            rounds,
            partial(job, "space_frame_peer", camera),
            partial(job, "space_frame_ours", camera),
        )
        yield _beside(what, peer, ours, target)
    peer, ours = alternate(
        rounds, partial(job, "space_surface_peer", 30), partial(job, "space_surface_ours", 120)
    )
    yield _beside("  the surface alone, from another side", peer, ours)


def _films(quick: bool) -> Iterator[Row]:
    """The whole orbit: in a process that is warm, and from the command to the file."""
    rounds = 1 if quick else 3
    with scratch() as folder:
        mine, theirs = folder / "ours.gif", folder / "peer.gif"
        peer, ours = alternate(
            rounds,
            partial(job, "space_film_peer", theirs),
            # Several, as they take a fraction of the peer's time.
            lambda: Times([job("space_film_ours", mine) for _ in range(3)]).median,
        )
        yield _beside("3D orbit film, in process", peer, ours, 8.0)
        peer, ours = alternate(
            rounds,
            lambda: run([sys.executable, PEER, theirs]).seconds,
            lambda: Times([run(_film(mine)).seconds for _ in range(3)]).median,
        )
        yield _beside("3D orbit film, whole process", peer, ours)
        large, small = theirs.stat().st_size, mine.stat().st_size
        yield Row(
            "  its GIF's size / PillowWriter's",
            bytes_text(large),
            bytes_text(small),
            small / large,
        )


def _growth(quick: bool) -> Iterator[Row]:
    """The rasteriser's seconds as pixels and cells grow."""
    found = job("space_raster", 7 if quick else 25)
    seconds = {(side, cells): Times(times) for side, cells, times in found["seconds"]}
    small = seconds[1, 200]
    for what, side, cells, target in (
        ("pixels and cells", 2, 400, 1.1),
        ("pixels", 2, 200, 1.1),
        ("cells", 1, 400, 1.1),
    ):
        large = seconds[side, cells]
        yield Row(
            f"rasteriser, four times the {what} / four times the time",
            seconds_text(4 * small.median),
            seconds_text(large.median),
            # Round by round, as whatever slows the computer passes in between.
            Times([b / (4 * a) for a, b in zip(small.values, large.values, strict=True)]).median,
            target,
            "<=",
            spread=spread_text(small, large),
        )
    picture, pixel, cell = found["fit"]
    yield Row(
        "  a plane through 50 … 800 % of both; its worst point",
        "",
        f"{1e3 * picture:.2g} ms + {1e9 * pixel:.3g} ns a pixel + {1e9 * cell:.3g} ns a cell",
        1 + found["off"],
    )


def _stills(quick: bool) -> Iterator[Row]:
    """One picture, from the command to the file."""
    with scratch() as folder:
        peer, ours = alternate(
            2 if quick else 7,
            lambda: run([sys.executable, PEER, folder / "peer.png"]).seconds,
            lambda: run(_still(folder / "ours.png")).seconds,
        )
    yield _beside("3D still, whole process", peer, ours)


def _memory(quick: bool) -> Row:
    """The peaks of processes that write a long orbit and a short one."""
    long = LONG // 4 if quick else LONG
    with scratch() as folder:
        path = folder / "long.gif"
        # A frictionless spring never comes to rest.
        command = shlex.split(
            "-m landscape animate --size 800x600 --start 2,1.5 -s x**2+2*y**2 --view 3d --orbit 360"
            " --opt momentum:lr=0.0005,mu=1 --opt momentum:lr=0.0011,mu=1"
        )

        def peak(frames: int) -> tuple[int, str]:
            done = run([sys.executable, *command, "--steps", str(frames - 1), "-o", path])
            size = bytes_text(path.stat().st_size)
            return done.memory, f"{bytes_text(done.memory)} ({seconds_text(done.seconds)}, {size})"

        (few, short), (many, full) = peak(SHORT), peak(long)
    return Row(f"peak memory, orbit of {long} frames / of {SHORT}", short, full, many / few)


def _beside(what: str, peer: Times, ours: Times, target: float | None = None) -> Row:
    return Row(
        what,
        seconds_text(peer.median),
        seconds_text(ours.median),
        peer.median / ours.median,
        target,
        spread=spread_text(peer, ours),
    )


def _film(path: Path) -> Command:
    return [sys.executable, "-m", "landscape", *SPACE, *ORBIT, "-o", path]


def _still(path: Path) -> Command:
    return [sys.executable, "-m", "landscape", "plot", *SPACE[1:], "-o", path]
