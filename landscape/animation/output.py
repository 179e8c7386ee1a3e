"""Frames to a file: the palette, the writer, the loop that every kind of film goes through."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from landscape.errors import LandscapeError
from landscape.files import atomic_output

if TYPE_CHECKING:
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from landscape.animation.palette import Quantizer
    from landscape.animation.shading import ShadedQuantizer

    Array = NDArray[Any]

__all__ = ["Frames", "Playing", "bytes_of", "first_within", "write_frames"]


class _Weighed(Protocol):
    @property
    def bytes(self) -> int: ...


_TURN = 2e-5  # seconds
_QUEUE = 3  # frames that are painted and not yet written, at most

T = TypeVar("T")
R = TypeVar("R", bound=_Weighed)
Rect = tuple[int, int, int, int]  # top, bottom, left, right: rows and columns of the canvas


class Frames(Protocol):
    """What can be written as a film.

    Attributes: `size` (width, height); `pixels`, the canvas as uint32 RGBA (h, w), which every
    frame repaints; `slow`, whether a frame takes longer to draw than to write; `shaded`, where
    surfaces with light and shade are.
    """

    size: tuple[int, int]
    pixels: Array
    slow: bool
    shaded: Sequence[Rect]

    def __len__(self) -> int: ...

    def fullest(self) -> Array:
        """Return frames above each other, RGB (n h, w, 3), with all colours but the shades."""
        ...

    def shades(self) -> Array:
        """Return samples, RGB (n, 3), of what is seen in `shaded` in all of the film."""
        ...

    def rgb(self) -> Array:
        """Return the canvas as RGB (h, w, 3)."""
        ...

    def frames(self) -> Iterator[list[Rect]]:
        """Paint frame after frame; yield the rectangles that changed."""
        ...


@dataclass(frozen=True)
class Playing:
    """How a film plays: frames a second, seconds that the last one stays, times, GIF colours."""

    fps: float
    hold: float
    loop: int
    colors: int


def write_frames(
    film: Frames,
    path: str | Path,
    playing: Playing,
    recipe: str,
    exact: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write a film in the format of the path's suffix, whole or not at all.

    Parameters: `recipe` is the text that the file carries; `exact` are colours that a palette must
    have as they are; `progress` is called with (frames done, frames in all).

    Raises LandscapeError if the suffix is unknown or the file cannot be written.
    """
    import numpy as np
    from matplotlib.colors import to_rgb

    from landscape.animation.writers import FilmSpec, is_indexed, open_writer

    palette, quantize = None, None
    if is_indexed(path):
        wanted = [
            (round(r * 255), round(g * 255), round(b * 255)) for r, g, b in map(to_rgb, exact)
        ]
        # One index stays free: it says that a pixel has not changed.
        palette, quantize = _indexing(film, wanted, min(playing.colors, 255))
    spec = FilmSpec(film.size, playing.fps, playing.hold, playing.loop, recipe, palette)
    with ExitStack() as stack:
        writer = stack.enter_context(open_writer(path, spec))
        # Most frames are drawn sooner than another thread could be told of them.
        behind = stack.enter_context(_Behind()) if film.slow else None
        indices = np.zeros(film.pixels.shape, dtype=np.uint8)

        def write(pixels: Array, changed: list[Rect]) -> None:
            if quantize is None:
                writer.write(pixels)
                return
            for area in map(_slices, changed):
                indices[area] = quantize(pixels[area], area)
            writer.write(indices)

        for done, changed in enumerate(film.frames(), 1):
            painted = film.rgb() if quantize is None else film.pixels
            if behind is None:
                write(painted, changed)
            else:  # the film paints the next frame over this one's pixels
                behind.do(write, painted.copy(), changed)
            if progress is not None:
                progress(done, len(film))


def _indexing(
    film: Frames, exact: Sequence[tuple[int, int, int]], size: int
) -> tuple[Array, Quantizer | ShadedQuantizer]:
    """Return the palette of a film, and what maps its pixels to it."""
    import numpy as np

    from landscape.animation.palette import Quantizer, choose_palette

    if not film.shaded:
        palette = choose_palette(film.fullest(), exact, size)
        return palette, Quantizer(palette)
    from landscape.animation.shading import ShadedQuantizer, choose_shaded_palette

    mask = np.zeros(film.pixels.shape, dtype=bool)
    for rect in film.shaded:
        mask[_slices(rect)] = True
    full = film.fullest()  # of one frame, or several above each other
    masks = np.tile(mask, (len(full) // len(mask), 1))
    palette = choose_shaded_palette(full, masks, film.shades(), exact, size)
    return palette, ShadedQuantizer(palette, mask)


def _slices(rect: Rect) -> tuple[slice, slice]:
    top, bottom, left, right = rect
    return slice(top, bottom), slice(left, right)


class _Behind:
    """Does one thing after the other in another thread: frames are written while more are drawn."""

    def __init__(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._pool = ThreadPoolExecutor(1, "landscape-writer")
        self._under_way: deque[Future[object]] = deque()

    def __enter__(self) -> Self:
        # Who draws and who writes take turns with the interpreter: the usual 5 ms are a third of a
        # frame, in which the other one would wait.
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        return self

    def do(self, work: Callable[..., object], *arguments: Any) -> None:
        """Have some work done after what came before; raise what that has raised.

        It waits while as much is left to do as may be.
        """
        while self._under_way and (len(self._under_way) >= _QUEUE or self._under_way[0].done()):
            self._under_way.popleft().result()
        self._under_way.append(self._pool.submit(work, *arguments))

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self._pool.shutdown(wait=True, cancel_futures=kind is not None)
        finally:
            sys.setswitchinterval(self._usual)
        if kind is None:
            for done in self._under_way:
                done.result()


def first_within(
    tries: Iterable[tuple[T, str]],
    write: Callable[[T, Path], R],
    path: str | Path,
    suffix: str,
    most: int,
    cure: str,
    report: Callable[[str], None],
) -> R:
    """Write the first of several ways to make a film that stays within a size.

    Parameters: `tries` are ways, the best first, each with what it gives up; `write` writes one to
    a path of `suffix` and returns what was written, with its `bytes`; `most` in bytes; `cure` ends
    the error; `report` is told what was given up.

    Raises LandscapeError if none does, and what `write` raises at the first.
    """
    import shutil
    import tempfile

    smallest: int | None = None
    with tempfile.TemporaryDirectory(prefix="landscape-") as folder:
        trial = Path(folder) / f"film.{suffix}"
        for way, done in tries:
            try:
                made = write(way, trial)
            except LandscapeError:
                if smallest is None:
                    raise
                break  # too small a page for what is on it
            smallest = min(smallest or made.bytes, made.bytes)
            if made.bytes <= most:
                with atomic_output(path) as place:
                    shutil.copyfile(trial, place)
                if done:
                    report(f"to stay within {most / 1e6:g} MB: {done}")
                return made
    raise LandscapeError(
        f"no film of this fits into {most / 1e6:g} MB: {(smallest or 0) / 1e6:.2g} MB is the "
        f"smallest; {cure}"
    )


def bytes_of(path: Path) -> int:
    """Return the size of a file, or of all files in a folder of frames."""
    if path.is_dir():
        return sum(part.stat().st_size for part in path.iterdir())
    return path.stat().st_size
