"""H.264 and VP9 films through PyAV (FFmpeg)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from landscape.animation.metadata import video_tags
from landscape.animation.writers.base import FilmSpec, Writer

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from landscape.files import AnyPath

__all__ = ["Mp4Writer", "WebmWriter"]

BT709 = 1  # the same number for matrix, primaries and transfer (ITU-T H.273)
MPEG_RANGE = 1
THREADS = 4  # fixed: encoders cut their work by it, so the bytes depend on it


class VideoWriter(Writer):
    """Base of the videos: constant frame rate, yuv420p with the BT.709 matrix, tagged as such.

    An odd width or height gets a copy of its last column or row, as 4:2:0 needs even sizes. `hold`
    repeats the last frame, which costs a few bytes each and which every player understands. `loop`
    is the player's affair.
    """

    container: ClassVar[str]
    codec: ClassVar[str]
    container_options: ClassVar[dict[str, str]]
    codec_options: ClassVar[dict[str, str]]

    def __init__(self, path: AnyPath, spec: FilmSpec) -> None:
        super().__init__(path, spec)
        self._output_file: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._last: VideoFrame | None = None
        self._encoded = 0

    def _begin(self, temporary: Path) -> None:
        import av
        from av.codec.context import Flags

        with _as_oserror():
            output = av.open(
                str(temporary), "w", format=self.container, options=self.container_options
            )
            self._output_file = output
            output.metadata.update(video_tags(self.spec.recipe))
            stream = output.add_stream(self.codec, rate=self.spec.rate, options=self.codec_options)
            assert isinstance(stream, av.VideoStream)
            width, height = self.spec.size
            stream.width, stream.height = width + width % 2, height + height % 2
            stream.pix_fmt = "yuv420p"
            context = stream.codec_context
            context.thread_count = THREADS
            context.flags |= Flags.bitexact
            context.colorspace = context.color_primaries = context.color_trc = BT709
            context.color_range = MPEG_RANGE
            self._stream = stream

    def _add(self, frame: NDArray[np.uint8]) -> None:
        import av

        height, width, _ = frame.shape
        if width % 2 or height % 2:
            frame = np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        # "threads" is left at one: the conversion is a hundredth of the encoding.
        self._last = rgb.reformat(
            format="yuv420p", dst_colorspace=BT709, dst_color_range=MPEG_RANGE
        )
        self._encode(self._last)

    def _encode(self, frame: VideoFrame | None) -> None:
        assert self._stream is not None
        assert self._output_file is not None
        with _as_oserror():
            if frame is not None:
                frame.pts = self._encoded
                frame.time_base = 1 / self.spec.rate
                self._encoded += 1
            self._output_file.mux(self._stream.encode(frame))

    def _finish(self) -> None:
        for _ in range(round(self.spec.hold * self.spec.rate)):
            self._encode(self._last)
        self._encode(None)
        assert self._output_file is not None
        with _as_oserror():
            self._output_file.close()

    def _release(self) -> None:
        if self._output_file is not None:
            with suppress(Exception):  # the film is given up, or closed already
                self._output_file.close()
        self._output_file = self._stream = self._last = None


class Mp4Writer(VideoWriter):
    """Writes H.264 in MP4: plays everywhere, from its first bytes on."""

    container: ClassVar[str] = "mp4"
    codec: ClassVar[str] = "libx264"
    container_options: ClassVar[dict[str, str]] = {"movflags": "+faststart", "fflags": "+bitexact"}
    # x264's macroblock tree gives other bytes from run to run; without it a film of the same
    # quality is somewhat larger.
    codec_options: ClassVar[dict[str, str]] = {
        "crf": "20",
        "preset": "medium",
        "x264-params": "mbtree=0",
    }


class WebmWriter(VideoWriter):
    """Writes VP9 in WebM: free of patents, slower to write."""

    container: ClassVar[str] = "webm"
    codec: ClassVar[str] = "libvpx-vp9"
    container_options: ClassVar[dict[str, str]] = {"fflags": "+bitexact"}
    codec_options: ClassVar[dict[str, str]] = {
        "crf": "24",
        "b": "0",
        "deadline": "good",
        "cpu-used": "4",
        "row-mt": "1",
        "g": "300",  # a key frame every 128 makes a film of a still background half as big again
    }


@contextmanager
def _as_oserror() -> Iterator[None]:
    """Turn FFmpeg's errors, some of which are no OSErrors, into OSErrors."""
    import av

    try:
        yield
    except av.FFmpegError as error:
        raise OSError(error.errno or 0, error.strerror or str(error)) from error
