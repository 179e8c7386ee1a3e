"""Animated PNG films: lossless RGB. Format: https://www.w3.org/TR/png-3/#apng-frame-based-animation"""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from landscape.animation.metadata import png_texts
from landscape.animation.writers.base import FilmSpec
from landscape.animation.writers.delta import Patch, PatchWriter
from landscape.animation.writers.png import SIGNATURE, chunk, header, pack_pixels

if TYPE_CHECKING:
    from landscape.files import AnyPath

__all__ = ["ApngWriter"]

SOURCE, OVER = 0, 1  # how a patch meets what is there: replaces it, or is blended


class ApngWriter(PatchWriter):
    """Writes an animated PNG: exact colours, patches with transparent pixels, exact durations."""

    max_fps: ClassVar[float] = 90.0
    max_seconds: ClassVar[Fraction] = Fraction(65535)

    def __init__(self, path: AnyPath, spec: FilmSpec) -> None:
        super().__init__(path, spec)
        self._sequence = 0
        self._frames = 0
        self._control_at = 0

    def _begin(self, temporary: Path) -> None:
        super()._begin(temporary)
        self.file.write(SIGNATURE + header(*self.spec.size, 4))
        self._control_at = self.file.tell()
        self.file.write(self._control())
        for keyword, text in png_texts(self.spec.recipe).items():
            body = keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
            self.file.write(chunk(b"iTXt", body))

    def _control(self) -> bytes:
        return chunk(b"acTL", struct.pack(">II", self._frames, self.spec.loop))

    def _pack(self, patch: Patch) -> bytes:
        pixels = patch.pixels
        height, width, channels = pixels.shape
        blend = OVER
        if channels == 3:
            pixels = np.concatenate([pixels, np.full((height, width, 1), 255, np.uint8)], axis=2)
            blend = SOURCE
        # Where the patch goes and how it is blended, then its pixels: _emit puts the time between.
        place = struct.pack(">IIII", width, height, patch.x, patch.y)
        return place + bytes([blend]) + pack_pixels(pixels)

    def _emit(self, encoded: bytes, start: Fraction, stop: Fraction) -> None:
        place, blend, data = encoded[:16], encoded[16:17], encoded[17:]
        time = short_fraction(stop - start)
        self.file.write(
            chunk(
                b"fcTL",
                self._next()
                + place
                + struct.pack(">HH", time.numerator, time.denominator)
                + b"\0"
                + blend,
            )
        )
        # The first frame is the picture that a reader without animation shows.
        first = not self._frames
        self.file.write(chunk(b"IDAT", data) if first else chunk(b"fdAT", self._next() + data))
        self._frames += 1

    def _next(self) -> bytes:
        number = struct.pack(">I", self._sequence)
        self._sequence += 1
        return number

    def _close(self) -> None:
        self.file.write(chunk(b"IEND", b""))
        self.file.seek(self._control_at)
        self.file.write(self._control())


def short_fraction(seconds: Fraction) -> Fraction:
    """Return the nearest fraction to `seconds` (up to 65535) of two 16-bit numbers."""
    limit = 65535 if seconds <= 1 else int(65535 / seconds)
    return seconds.limit_denominator(limit)
