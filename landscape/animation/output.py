"""Frames to a file: the palette, the writer, the loop that every kind of film goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Frames", "Playing", "bytes_of", "write_frames"]

Rect = tuple[int, int, int, int]  # top, bottom, left, right: rows and columns of the canvas


class Frames(Protocol):
    """What can be written as a film.

    Attributes: `size` (width, height); `pixels`, the canvas as uint32 RGBA (h, w), which every
    frame repaints.
    """

    size: tuple[int, int]
    pixels: Array

    def __len__(self) -> int: ...

    def fullest(self) -> Array:
        """Return RGB (h, w, 3) with every colour that the film has."""
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

    from landscape.animation.palette import Quantizer, choose_palette
    from landscape.animation.writers import FilmSpec, is_indexed, open_writer

    palette = None
    if is_indexed(path):
        wanted = [
            (round(r * 255), round(g * 255), round(b * 255)) for r, g, b in map(to_rgb, exact)
        ]
        palette = choose_palette(film.fullest(), wanted, playing.colors)
    spec = FilmSpec(film.size, playing.fps, playing.hold, playing.loop, recipe, palette)
    with open_writer(path, spec) as writer:
        quantize = Quantizer(palette) if palette is not None else None
        indices = np.zeros(film.pixels.shape, dtype=np.uint8)
        for done, changed in enumerate(film.frames(), 1):
            if quantize is not None:
                for top, bottom, left, right in changed:
                    area = slice(top, bottom), slice(left, right)
                    indices[area] = quantize(film.pixels[area])
            writer.write(film.rgb() if quantize is None else indices)
            if progress is not None:
                progress(done, len(film))


def bytes_of(path: Path) -> int:
    """Return the size of a file, or of all files in a folder of frames."""
    if path.is_dir():
        return sum(part.stat().st_size for part in path.iterdir())
    return path.stat().st_size
