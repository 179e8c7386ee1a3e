"""GIF films: FFmpeg's encoder finds the changed rectangle, this module times and joins the frames.

The encoder is used without FFmpeg's GIF muxer, because that cannot write a comment and because the
frames must wait here anyway until it is known how long each one stays.
Format: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from landscape.animation.metadata import gif_blocks
from landscape.animation.writers.base import FilmSpec
from landscape.animation.writers.delta import DeltaWriter
from landscape.errors import LandscapeError
from landscape.files import shown

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

    from landscape.files import AnyPath

__all__ = ["GifWriter"]

TICKS = 100  # a GIF counts hundredths of a second
HEADER = 6 + 7 + 3 * 256  # signature, screen, global palette: FFmpeg always writes 256 colours
CONTROL = b"\x21\xf9\x04"  # starts a graphic control extension; flags and the delay follow


class GifWriter(DeltaWriter):
    """Writes a GIF: one palette for the whole film, exact colours, only what changed.

    `loop` is stored as players read it: no Netscape block plays once, n - 1 in it plays n times.
    Frames slower than 655.35 s are split; more than 50 fps is refused, as browsers slow delays
    under two hundredths down to ten.
    """

    indexed: ClassVar[bool] = True
    max_fps: ClassVar[float] = 50.0
    max_seconds: ClassVar[Fraction] = Fraction(65535, TICKS)

    def __init__(self, path: AnyPath, spec: FilmSpec) -> None:
        super().__init__(path, spec)
        palette = spec.palette
        if palette is None:
            raise LandscapeError(f"{shown(self.path)}: a GIF needs a palette, got none")
        shape: tuple[int, ...] = getattr(palette, "shape", ())
        dtype = getattr(palette, "dtype", None)
        if len(shape) != 2 or shape[1] != 3 or not 1 <= shape[0] <= 256 or str(dtype) != "uint8":
            raise LandscapeError(
                f"{shown(self.path)}: a palette is an array (1 to 256, 3) uint8, "
                f"not {shape} {dtype}"
            )
        self._palette = np.array(palette)
        self._codec: VideoCodecContext | None = None
        # Two, in turns: the encoder compares with the last one and so must find it unchanged.
        self._frames: list[VideoFrame] = []
        self._encoded = 0

    def _begin(self, temporary: Path) -> None:
        import av
        from av.codec.context import Flags

        super()._begin(temporary)
        width, height = self.spec.size
        codec = av.CodecContext.create("gif", "w")
        codec.width, codec.height, codec.pix_fmt = width, height, "pal8"
        codec.time_base = Fraction(1, TICKS)
        codec.flags |= Flags.bitexact
        self._codec = codec
        colours = np.full(256, 0xFF000000, np.uint32)  # opaque black where the palette ends
        red, green, blue = self._palette.T.astype(np.uint32)
        colours[: len(self._palette)] |= red << 16 | green << 8 | blue
        for _ in range(2):
            frame = av.VideoFrame(width, height, "pal8")
            np.frombuffer(memoryview(frame.planes[1]), np.uint32)[:] = colours
            self._frames.append(frame)

    def _encode(self, frame: NDArray[np.uint8], previous: NDArray[np.uint8] | None) -> bytes:
        top = int(frame.max())
        if top >= len(self._palette):
            raise LandscapeError(
                f"{shown(self.path)}: frame {self.count} has palette index {top}, but the palette "
                f"has {len(self._palette)} colours"
            )
        self._frames.reverse()
        width, height = self.spec.size
        plane = self._frames[0].planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        rows[:height, :width] = frame
        packet = self._packet()
        if previous is None:
            head, packet = packet[:HEADER], packet[HEADER:]
            # The background is never seen; FFmpeg names an index that depends on the film.
            self.file.write(head[:11] + b"\0" + head[12:])
            self.file.write(loop_block(self.spec.loop) + gif_blocks(self.spec.recipe))
        return packet

    def _encode_nothing(self) -> bytes:
        return self._packet()

    def _packet(self) -> bytes:
        assert self._codec is not None
        frame = self._frames[0]
        frame.pts, self._encoded = self._encoded, self._encoded + 1
        (packet,) = self._codec.encode(frame)
        return bytes(packet)

    def _emit(self, encoded: bytes, start: Fraction, stop: Fraction) -> None:
        # Both ends are rounded down to the clock of the film, so no error adds up.
        delay = int(stop * TICKS) - int(start * TICKS)
        assert encoded.startswith(CONTROL)
        self.file.write(encoded[:4] + struct.pack("<H", delay) + encoded[6:])

    def _close(self) -> None:
        self.file.write(b";")

    def _release(self) -> None:
        super()._release()
        self._codec = None
        self._frames.clear()


def loop_block(loop: int) -> bytes:
    """Return the Netscape block that makes a GIF play `loop` times, 0 for ever."""
    if loop == 1:
        return b""
    return b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", max(loop - 1, 0)) + b"\0"
