"""What all film writers share: the description of a film, its life cycle, the check of frames."""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self

from landscape.errors import LandscapeError
from landscape.files import AnyPath, atomic_output, check_writable, shown, write_error

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FilmSpec", "Writer"]

MAX_HOLD = 600.0
MAX_LOOP = 65535  # what GIF and WebP can store


@dataclass(frozen=True, eq=False)
class FilmSpec:
    """Everything about a film but its frames.

    Parameters: `size` is width and height in pixels (1 to 16383); `fps` frames a second; `hold` the
    seconds (0 to 600) that the last frame stays in addition to its own duration; `loop` how often
    the film plays, 0 for ever (videos leave that to the player); `recipe` the text to embed
    (UTF-8, TOML); `palette` the colours, (n <= 256, 3) RGB uint8, for indexed writers only.

    Errors: `LandscapeError` for a value out of range.
    """

    size: tuple[int, int]
    fps: float
    hold: float
    loop: int
    recipe: str
    palette: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        if len(self.size) != 2 or not all(1 <= side <= 16383 for side in self.size):
            raise LandscapeError(
                f"a film's size is width and height from 1 to 16383 pixels, not {self.size!r}"
            )
        if not (math.isfinite(self.fps) and 0.01 <= self.fps <= 1000):
            raise LandscapeError(f"fps must be from 0.01 to 1000 frames a second, not {self.fps!r}")
        if not (math.isfinite(self.hold) and 0 <= self.hold <= MAX_HOLD):
            raise LandscapeError(f"hold must be from 0 to {MAX_HOLD:g} seconds, not {self.hold!r}")
        if not (self.loop == int(self.loop) and 0 <= self.loop <= MAX_LOOP):
            raise LandscapeError(
                f"loop must be a whole number from 0 (for ever) to {MAX_LOOP}, not {self.loop!r}"
            )

    @property
    def rate(self) -> Fraction:
        """Frames a second as the fraction that the float stands for (29.97 is 2997/100)."""
        return Fraction(self.fps).limit_denominator(1001)


class Writer(ABC):
    """A film that is being written, frame by frame, as a context manager.

    A clean exit makes the film appear under its name; an exception leaves nothing, and an older
    file of that name as it was.

    Parameters: `path` is the file, or the folder, to write; `spec` describes the film.

    Errors: `LandscapeError` if the path cannot be written or the format cannot hold the film.
    """

    indexed: ClassVar[bool] = False
    """True: `write` takes (h, w) uint8 palette indices; False: (h, w, 3) uint8 RGB."""
    max_fps: ClassVar[float] = 1000.0
    folder: ClassVar[bool] = False

    def __init__(self, path: AnyPath, spec: FilmSpec) -> None:
        self.path = Path(os.fspath(path))
        self.spec = spec
        self.count = 0
        self._stack: ExitStack | None = None
        if spec.fps > self.max_fps:
            raise LandscapeError(
                f"{shown(self.path)}: fps {spec.fps:g} is too fast for this format, which browsers "
                f"slow down beyond {self.max_fps:g}; use a smaller fps or a video (.mp4, .webm)"
            )
        check_writable(path, folder=self.folder)

    def __enter__(self) -> Self:
        with ExitStack() as stack, self._explained():
            temporary = stack.enter_context(self._output())
            stack.callback(self._release)
            self._begin(temporary)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stack, self._stack = self._stack, None
        if stack is None:
            return
        if error is not None:
            stack.__exit__(kind, error, trace)
            return
        with stack, self._explained():
            if not self.count:
                raise LandscapeError(
                    f"{shown(self.path)}: a film needs at least one frame, got none"
                )
            self._finish()

    def write(self, frame: NDArray[np.uint8]) -> None:
        """Add one frame; the array may be reused afterwards.

        Parameters: `frame` is (h, w) uint8 palette indices if `indexed`, else (h, w, 3) uint8 RGB.

        Errors: `LandscapeError` for another shape or type, and if the disk is full.
        """
        if self._stack is None:
            raise LandscapeError(
                f"{shown(self.path)} is not open: write frames inside `with open_writer(...)`"
            )
        width, height = self.spec.size
        want = (height, width) if self.indexed else (height, width, 3)
        shape, dtype = getattr(frame, "shape", None), getattr(frame, "dtype", None)
        if shape != want or str(dtype) != "uint8":
            came = f"{shape} {dtype}" if shape is not None else type(frame).__name__
            raise LandscapeError(
                f"{shown(self.path)}: frame {self.count} must be an array {want} uint8, not {came}"
            )
        with self._explained():
            self._add(frame)
        self.count += 1

    def _time(self, index: int) -> Fraction:
        """Return when frame `index` starts, in seconds."""
        return index / self.spec.rate

    def _output(self) -> AbstractContextManager[Path]:
        return atomic_output(self.path)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise write_error(self.path, error) from error

    @abstractmethod
    def _begin(self, temporary: Path) -> None:
        """Open the output at `temporary`."""

    @abstractmethod
    def _add(self, frame: NDArray[np.uint8]) -> None:
        """Take one checked frame."""

    @abstractmethod
    def _finish(self) -> None:
        """Write what is left and close the output, with an error if that fails."""

    @abstractmethod
    def _release(self) -> None:
        """Close whatever is still open; must not raise."""
