"""The film beside the same picture by FuncAnimation and PillowWriter: time, size, other formats."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
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

__all__ = ["FILM", "film", "formats", "render", "sizes", "slide", "trail", "warm_up"]

FILM = shlex.split(
    "animate --surface beale --start 1,1.6 --steps 119 --size 800x600 --opt gd:lr=0.001"
    " --opt momentum:lr=0.001 --opt nesterov:lr=0.001 --opt adagrad:lr=1 --opt rmsprop:lr=0.05"
    " --opt adam:lr=0.1"
)
"""The film of the comparison; `peer_matplotlib.py` draws the same."""

PEER = FOLDER / "peer_matplotlib.py"


def _ours(path: Path) -> list[str | Path]:
    return [sys.executable, "-m", "landscape", *FILM, "-o", path]


def _seconds(command: Command) -> float:
    return run(command).seconds


def warm_up() -> None:
    """Run both sides once, unmeasured: byte code, fonts, derivatives."""
    with scratch() as folder:
        run(_ours(folder / "ours.gif"))
        job("warm_peer", folder / "peer.gif")


def film(quick: bool) -> Iterator[Row]:
    """From the command to the file, both as processes, with warm caches."""
    with scratch() as folder:
        peer, ours = alternate(
            1 if quick else 3,
            lambda: _seconds([sys.executable, PEER, folder / "peer.gif"]),
            # As many as take about as long as one of the peer's.
            lambda: _median_of(5, lambda: _seconds(_ours(folder / "ours.gif"))),
        )
    yield Row(
        "film, whole process",
        seconds_text(peer.median),
        seconds_text(ours.median),
        peer.median / ours.median,
        12,
        spread=spread_text(peer, ours),
    )


def _median_of(count: int, measure: Callable[[], float]) -> float:
    return Times([measure() for _ in range(count)]).median


def render(quick: bool) -> Iterator[Row]:
    """Drawing and encoding alone, in process: imports, fonts and descent are done before."""
    with scratch() as folder:
        peer, ours = alternate(
            1 if quick else 3,
            lambda: job("render_peer", folder / "peer.gif", 1),
            lambda: job("render_ours", folder / "ours.gif", 5 if quick else 9),
        )
    yield Row(
        "render + encode, in process",
        seconds_text(peer.median),
        seconds_text(ours.median),
        peer.median / ours.median,
        25,
        spread=spread_text(peer, ours),
    )


def sizes(quick: bool) -> Iterator[Row]:
    """The GIF's size beside the peer's, and beside what gifsicle makes of our frames."""
    with scratch() as folder:
        run(_ours(folder / "ours.gif"))
        run([sys.executable, PEER, folder / "peer.gif"])
        ours, peer = _size(folder / "ours.gif"), _size(folder / "peer.gif")
        yield Row(
            "GIF size / PillowWriter's", bytes_text(peer), bytes_text(ours), ours / peer, 0.25, "<="
        )
        what = "GIF size / gifsicle -O3 of our frames"
        if shutil.which("gifsicle") is None:
            yield Row(what, "", bytes_text(ours), None, 1.1, "<=", note="gifsicle not installed")
            return
        best = _optimized(folder / "ours.gif")
        yield Row(what, bytes_text(best), bytes_text(ours), ours / best, 1.1, "<=")
        squeezed = _optimized(folder / "peer.gif")
        yield Row(
            "  the peer's own GIF after gifsicle -O3",
            bytes_text(squeezed),
            bytes_text(ours),
            ours / squeezed,
        )


def _size(path: Path) -> int:
    return path.stat().st_size


def _optimized(path: Path) -> int:
    """Return the size that `gifsicle -O3` makes of a GIF."""
    target = path.with_suffix(".best.gif")
    run(["gifsicle", "-O3", path, "-o", target])
    return _size(target)


def trail(quick: bool) -> Iterator[Row]:
    """Seconds a frame as the trail grows: drawing, palette and encoder."""
    with scratch() as folder:
        first, last = Times(), Times()
        for _ in range(1 if quick else 3):
            found = job("trail", folder / "trail.gif", 10_000)
            first.values.append(found["first"])
            last.values.append(found["last"])
    yield Row(
        "frame at step 10 000 / at step 100",
        seconds_text(first.median),
        seconds_text(last.median),
        last.median / first.median,
        1.3,
        "<=",
        spread=spread_text(first, last),
    )


def slide(quick: bool) -> Iterator[Row]:
    """The 1280×720 film of a lesson, as a lecturer makes it."""
    with scratch() as folder:
        command = [sys.executable, "-m", "landscape", "animate", "--surface", "ravine", "-o"]
        path = folder / "slide.gif"
        run([*command, path])
        seconds = _median_of(3, lambda: _seconds([*command, path]))
        yield Row(
            "slide 1280×720, ravine lesson, GIF",
            "",
            f"{seconds_text(seconds)}, {bytes_text(_size(path))}",
        )


def formats(quick: bool) -> Iterator[Row]:
    """The film of the comparison in the other formats, whole process."""
    with scratch() as folder:
        for suffix in ("mp4", "webm", "webp", "apng"):
            path = folder / f"film.{suffix}"
            command = _ours(path)
            run(command)
            size = _size(path)
            seconds = _median_of(1 if quick else 3, partial(_seconds, command))
            yield Row(f"film as {suffix}", "", f"{seconds_text(seconds)}, {bytes_text(size)}")
