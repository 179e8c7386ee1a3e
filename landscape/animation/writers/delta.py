"""Films stored as differences: only the part of a frame that changed, equal frames as one."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar

import numpy as np

from landscape.animation.writers.base import FilmSpec, Writer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.files import AnyPath

__all__ = ["DeltaWriter", "Patch", "PatchWriter", "difference"]


class DeltaWriter(Writer):
    """Base of the formats whose frames have durations of their own.

    A frame waits, encoded, until it is known how long it stays: equal frames that follow only
    lengthen it. So the memory in use does not grow with the film.
    """

    max_seconds: ClassVar[Fraction]
    """The longest duration that the format can give to one frame."""

    def __init__(self, path: AnyPath, spec: FilmSpec) -> None:
        super().__init__(path, spec)
        self._file: BinaryIO | None = None
        self._previous: NDArray[np.uint8] | None = None
        self._waiting = b""
        self._start = Fraction(0)

    @property
    def file(self) -> BinaryIO:
        """The open output."""
        assert self._file is not None
        return self._file

    def _begin(self, temporary: Path) -> None:
        self._file = temporary.open("wb")

    def _add(self, frame: NDArray[np.uint8]) -> None:
        previous = self._previous
        if previous is None:
            self._waiting = self._encode(frame, None)
            self._previous = frame.copy()
        elif not np.array_equal(previous, frame):
            self._flush(self._time(self.count))
            self._waiting = self._encode(frame, previous)
            np.copyto(previous, frame)

    def _finish(self) -> None:
        self._flush(self._time(self.count) + Fraction(self.spec.hold).limit_denominator(1000))
        self._close()
        self.file.close()

    def _release(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()

    def _flush(self, stop: Fraction) -> None:
        """Write the waiting frame, which stays until `stop`, in as many parts as that takes."""
        while stop - self._start > self.max_seconds:
            middle = self._start + self.max_seconds
            self._emit(self._waiting, self._start, middle)
            self._waiting, self._start = self._encode_nothing(), middle
        self._emit(self._waiting, self._start, stop)
        self._start = stop

    @abstractmethod
    def _encode(self, frame: NDArray[np.uint8], previous: NDArray[np.uint8] | None) -> bytes:
        """Return the encoded change from `previous` to `frame`; the whole frame if it is None."""

    @abstractmethod
    def _encode_nothing(self) -> bytes:
        """Return the encoded change from the last frame to itself."""

    @abstractmethod
    def _emit(self, encoded: bytes, start: Fraction, stop: Fraction) -> None:
        """Write a frame that is seen from `start` to `stop`, in seconds."""

    @abstractmethod
    def _close(self) -> None:
        """Write the end of the file."""


class Patch:
    """A rectangle to lay over the film: `pixels` (h, w, 3 or 4) at column `x` and row `y`."""

    def __init__(self, x: int, y: int, pixels: NDArray[np.uint8]) -> None:
        self.x, self.y, self.pixels = x, y, pixels


def difference(frame: NDArray[np.uint8], previous: NDArray[np.uint8], align: int = 1) -> Patch:
    """Return the smallest RGBA patch that turns `previous` into `frame`, two unlike RGB images.

    Pixels that stay are (0, 0, 0, 0), so that they pack to almost nothing; those that change are
    opaque. `align` is what the patch's corner must be a multiple of, in pixels.
    """
    height = len(frame)
    unlike = frame != previous
    rows = np.flatnonzero(unlike.reshape(height, -1).any(axis=1))
    top, bottom = int(rows[0]) // align * align, int(rows[-1]) + 1
    columns = np.flatnonzero(unlike[top:bottom].any(axis=0).any(axis=1))
    left, right = int(columns[0]) // align * align, int(columns[-1]) + 1
    part = unlike[top:bottom, left:right]
    changed = part[..., 0] | part[..., 1] | part[..., 2]
    pixels = np.zeros((*changed.shape, 4), np.uint8)
    pixels[..., :3][changed] = frame[top:bottom, left:right][changed]
    pixels[..., 3][changed] = 255
    return Patch(left, top, pixels)


class PatchWriter(DeltaWriter):
    """Base of the lossless RGB formats that lay patches with transparent pixels over each other."""

    align: ClassVar[int] = 1

    def _encode(self, frame: NDArray[np.uint8], previous: NDArray[np.uint8] | None) -> bytes:
        if previous is None:
            return self._pack(Patch(0, 0, frame))
        return self._pack(difference(frame, previous, self.align))

    def _encode_nothing(self) -> bytes:
        return self._pack(Patch(0, 0, np.zeros((1, 1, 4), np.uint8)))

    @abstractmethod
    def _pack(self, patch: Patch) -> bytes:
        """Return the encoded patch: opaque if it has three channels, else to be blended."""
