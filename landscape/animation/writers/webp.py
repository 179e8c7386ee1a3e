"""Animated WebP films: lossless RGB.

Each patch is a still picture to Pillow; this module joins them, as Pillow's own animations keep the
whole film in memory. Format: https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from landscape.animation.metadata import riff_chunks, xmp_packet
from landscape.animation.writers.delta import Patch, PatchWriter
from landscape.errors import LandscapeError
from landscape.files import shown

__all__ = ["WebpWriter"]

ANIMATION, XMP, ALPHA = 0x02, 0x04, 0x10  # flags of the whole file
REPLACE = 0x02  # flag of a patch that is not blended
# Lossless is as small as lossy for flat art, and sharp; more effort gains 1 % for twice the time.
EFFORT = {"lossless": True, "method": 2, "quality": 50}


class WebpWriter(PatchWriter):
    """Writes an animated WebP: exact colours, patches with transparent pixels, milliseconds."""

    align: ClassVar[int] = 2  # the format stores half of a patch's position
    max_fps: ClassVar[float] = 90.0
    max_seconds: ClassVar[Fraction] = Fraction(2**24 - 1, 1000)

    def _begin(self, temporary: Path) -> None:
        super()._begin(temporary)
        width, height = self.spec.size
        flags = ANIMATION | ALPHA | (XMP if self.spec.recipe else 0)
        self.file.write(b"RIFF\0\0\0\0WEBP")  # _close fills in the length
        screen = struct.pack("<I", flags) + three(width - 1) + three(height - 1)
        self.file.write(riff(b"VP8X", screen))
        self.file.write(riff(b"ANIM", struct.pack("<IH", 0, self.spec.loop)))

    def _pack(self, patch: Patch) -> bytes:
        from PIL import Image

        height, width, channels = patch.pixels.shape
        still = io.BytesIO()
        Image.fromarray(patch.pixels).save(still, "WEBP", **EFFORT)
        picture = dict(riff_chunks(still.getvalue()))[b"VP8L"]
        place = three(patch.x // 2) + three(patch.y // 2) + three(width - 1) + three(height - 1)
        return place + bytes([REPLACE if channels == 3 else 0]) + riff(b"VP8L", picture)

    def _emit(self, encoded: bytes, start: Fraction, stop: Fraction) -> None:
        time = int(stop * 1000) - int(start * 1000)
        self.file.write(riff(b"ANMF", encoded[:12] + three(time) + encoded[12:]))

    def _close(self) -> None:
        if self.spec.recipe:
            self.file.write(riff(b"XMP ", xmp_packet(self.spec.recipe)))
        length = self.file.tell() - 8
        if length >= 2**32:
            raise LandscapeError(f"{shown(self.path)}: a WebP ends at 4 GB; write a .webm instead")
        self.file.seek(4)
        self.file.write(struct.pack("<I", length))


def three(number: int) -> bytes:
    """Return `number` as the 24 bits that WebP likes."""
    return number.to_bytes(3, "little")


def riff(kind: bytes, data: bytes) -> bytes:
    """Return a RIFF chunk, padded to an even length."""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
