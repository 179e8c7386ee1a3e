"""The pieces of a PNG file. Format: https://www.w3.org/TR/png-3/"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SIGNATURE", "chunk", "header", "pack_pixels"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width: int, height: int, channels: int) -> bytes:
    """Return the IHDR chunk of an image of 3 (RGB) or 4 (RGBA) channels of 8 bits."""
    kind = {3: 2, 4: 6}[channels]
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))


def pack_pixels(pixels: NDArray[np.uint8], level: int = 6) -> bytes:
    """Return (h, w, channels) pixels as the data of an IDAT chunk.

    No row filter: it spoils the repeats that flat art and transparent patches consist of.
    """
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    return zlib.compress(rows.data, level)
