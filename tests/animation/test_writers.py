from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from landscape.animation.metadata import read_recipe
from landscape.animation.writers import WRITERS, FilmSpec, is_indexed, open_writer
from landscape.animation.writers.apng import short_fraction
from landscape.animation.writers.delta import difference
from landscape.errors import LandscapeError

Frames = NDArray[np.uint8]

SUFFIXES = [*WRITERS]
LOSSLESS = [".gif", ".webp", ".apng", ".png"]
VIDEOS = [".mp4", ".webm"]
RECIPE = "title = 'é'\n"


def colours(count: int) -> Frames:
    return np.random.default_rng(count).integers(0, 256, (count, 3), np.uint8)


PALETTE = colours(20)


def make_frames(count: int = 7, size: tuple[int, int] = (40, 30)) -> Frames:
    """Return indices (count, h, w): a flat background with a dot that moves and a growing line."""
    width, height = size
    y, x = np.mgrid[:height, :width]
    film = np.empty((count, height, width), np.uint8)
    film[:] = (x + 2 * y) // 12 % 12
    for index in range(count):
        film[index, index % height, : 3 * index + 1] = 15
        film[index, height // 2, index * 2 % width] = 19
    return film


def make_spec(frames: Frames, **changes: Any) -> FilmSpec:
    height, width = frames.shape[1:3]
    values: dict[str, Any] = {
        "size": (width, height),
        "fps": 10,
        "hold": 0.5,
        "loop": 0,
        "recipe": RECIPE,
        "palette": PALETTE,
    }
    return FilmSpec(**values | changes)


def write(path: Path, frames: Frames, **changes: Any) -> Path:
    spec = make_spec(frames, **changes)
    palette = PALETTE if spec.palette is None else spec.palette
    with open_writer(path, spec) as film:
        for frame in frames:
            film.write(frame if film.indexed else palette[frame])
    return path


def decode(path: Path) -> tuple[Frames, list[float], int | None]:
    """Return the frames (RGB), their durations in ms and the loop entry, as Pillow reads them."""
    pictures, durations = [], []
    with Image.open(path) as image:
        loop = image.info.get("loop")
        for picture in ImageSequence.Iterator(image):
            picture.load()  # WebP tells a frame's duration only once it is decoded
            rgba = np.asarray(picture.convert("RGBA"))
            assert (rgba[..., 3] == 255).all(), "a frame has transparent pixels"
            pictures.append(rgba[..., :3])
            durations.append(float(picture.info["duration"]))
    return np.array(pictures), durations, loop


def decode_video(path: Path) -> tuple[list[Any], Fraction]:
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        frames = list(film.decode(stream))
        assert film.duration is not None
        return frames, Fraction(film.duration, 1_000_000)


def gif_delays(path: Path) -> list[int]:
    return [
        int.from_bytes(found[1], "little")
        for found in re.finditer(rb"\x21\xf9\x04.(..).\0\x2c", path.read_bytes(), re.DOTALL)
    ]


# ---------------------------------------------------------------- pixels and times


@pytest.mark.parametrize("size", [(40, 30), (41, 31), (1, 1), (3, 2)])
@pytest.mark.parametrize("suffix", LOSSLESS)
def test_lossless_films_come_back_exactly(
    tmp_path: Path, suffix: str, size: tuple[int, int]
) -> None:
    frames = make_frames(7, size)
    path = write(tmp_path / f"film{suffix}", frames)
    kept = [0, *(i for i in range(1, 7) if (frames[i] != frames[i - 1]).any())]
    got, durations, _ = decode(path)
    np.testing.assert_array_equal(got, PALETTE[frames[kept]])
    assert sum(durations) == pytest.approx(1200, abs=1e-6)
    assert read_recipe(path) == RECIPE


def test_pyav_decodes_the_gif_alike(tmp_path: Path) -> None:
    frames = make_frames()
    path = write(tmp_path / "film.gif", frames)
    with av.open(str(path)) as film:
        got = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    np.testing.assert_array_equal(np.array(got), PALETTE[frames])


def test_a_full_palette_of_noise_comes_back(tmp_path: Path) -> None:
    # No index is free to mean "transparent" here.
    noise = np.random.default_rng(1).integers(0, 256, (5, 40, 50), np.uint8)
    palette = colours(256)
    got, _, _ = decode(write(tmp_path / "film.gif", noise, palette=palette))
    np.testing.assert_array_equal(got, palette[noise])


@pytest.mark.parametrize("suffix", VIDEOS)
@pytest.mark.parametrize("size", [(64, 48), (65, 47)])
def test_videos_come_back_nearly(tmp_path: Path, suffix: str, size: tuple[int, int]) -> None:
    palette = np.array([[255, 0, 0], [0, 140, 60], [31, 119, 180], [255, 255, 255]], np.uint8)
    width, height = size
    frames = np.zeros((6, height, width), np.uint8)
    for index in range(6):
        frames[index, :, 16:32] = 1
        frames[index, :, 32:] = 2
        frames[index, 8 * index : 8 * index + 8, :16] = 3
    path = write(tmp_path / f"film{suffix}", frames, palette=palette, hold=0.4)
    got, duration = decode_video(path)
    assert len(got) == 10  # six, and 0.4 s of the last one
    assert duration == pytest.approx(1.0, abs=0.002)
    even = (width + width % 2, height + height % 2)
    for index, frame in enumerate(got):
        assert (frame.width, frame.height) == even
        assert (frame.colorspace, frame.color_range) == (1, 1)
        rgb = frame.to_ndarray(format="rgb24")[:height, :width].astype(int)
        error = np.abs(rgb - palette[frames[min(index, 5)]])
        # Inside the areas: colour has half the resolution at their edges.
        assert error[:, 20:28].max() <= 12
        assert error[:, 40:].max() <= 12
        assert error.mean() < 8
    last = got[0].to_ndarray(format="rgb24").astype(int)
    assert np.abs(last[-1, 40:] - palette[2]).max() <= 12, "the padding repeats the edge"
    assert read_recipe(path) == RECIPE


@pytest.mark.parametrize(("suffix", "codec"), [(".mp4", "h264"), (".webm", "vp9")])
def test_videos_suit_every_player(tmp_path: Path, suffix: str, codec: str) -> None:
    path = write(tmp_path / f"film{suffix}", make_frames(), fps=29.97)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.codec_context.name == codec
        assert stream.pix_fmt == "yuv420p"
        assert stream.average_rate == pytest.approx(29.97, abs=0.02)
    data = path.read_bytes()
    if suffix == ".mp4":
        assert data.index(b"moov") < data.index(b"mdat")


def test_a_folder_of_frames(tmp_path: Path) -> None:
    frames = make_frames()
    for target in (tmp_path / "frames", f"{tmp_path}/frames.v2/"):
        write(target, frames)  # type: ignore[arg-type]
        place = Path(target)
        names = sorted(os.listdir(place))
        assert names == [*(f"frame-{index:05d}.png" for index in range(7)), "recipe.toml"]
        got = []
        for name in names[:-1]:
            with Image.open(place / name) as picture:
                assert picture.mode == "RGB"
                got.append(np.asarray(picture))
        np.testing.assert_array_equal(np.array(got), PALETTE[frames])
        assert read_recipe(place) == RECIPE
    write(tmp_path / "frames", frames[:2])
    assert len(os.listdir(tmp_path / "frames")) == 3
    (tmp_path / "frames" / "notes.txt").write_text("mine")
    with pytest.raises(LandscapeError, match="other files"):
        write(tmp_path / "frames", frames)


@pytest.mark.parametrize(
    ("fps", "delays"), [(30, [3, 3, 4, 3, 3, 4]), (50, [2] * 6), (12.5, [8] * 6), (0.1, [1000] * 6)]
)
def test_gif_delays_are_exact_hundredths(tmp_path: Path, fps: float, delays: list[int]) -> None:
    path = write(tmp_path / "film.gif", make_frames(6), fps=fps, hold=1.5)
    assert gif_delays(path) == [*delays[:-1], delays[-1] + 150]


def test_apng_durations_are_exact(tmp_path: Path) -> None:
    data = write(tmp_path / "film.png", make_frames(6), fps=30, hold=0).read_bytes()
    starts = [found.start() for found in re.finditer(b"fcTL", data)]
    assert [struct.unpack(">HH", data[at + 24 : at + 28]) for at in starts] == [(1, 30)] * 6


@given(st.fractions(Fraction(1, 1000), 65535))
def test_short_fractions_fit_and_are_near(seconds: Fraction) -> None:
    got = short_fraction(seconds)
    assert 0 <= got.numerator <= 65535
    assert 1 <= got.denominator <= 65535
    assert abs(got - seconds) <= seconds / 1000


@pytest.mark.parametrize("suffix", LOSSLESS)
@pytest.mark.parametrize("loop", [0, 1, 2, 7])
def test_loop_is_stored_as_players_read_it(tmp_path: Path, suffix: str, loop: int) -> None:
    path = write(tmp_path / f"film{suffix}", make_frames(3), loop=loop)
    _, _, stored = decode(path)
    if suffix == ".gif":
        # A GIF counts the repetitions after the first showing; without the block there are none.
        assert stored == {0: 0, 1: None, 2: 1, 7: 6}[loop]
        assert (b"NETSCAPE" in path.read_bytes()) == (loop != 1)
    else:
        assert stored == loop


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_equal_frames_become_one_that_lasts(tmp_path: Path, suffix: str) -> None:
    frames = make_frames(3)[[0, 0, 0, 1, 2, 2]]
    got, durations, _ = decode(write(tmp_path / f"film{suffix}", frames, hold=1))
    np.testing.assert_array_equal(got, PALETTE[make_frames(3)])
    assert durations == pytest.approx([300, 100, 1200])


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_a_film_of_one_frame(tmp_path: Path, suffix: str) -> None:
    frames = make_frames(1)
    path = write(tmp_path / f"film{suffix}", frames, hold=2)
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), PALETTE[frames[0]])
        assert getattr(image, "n_frames", 1) == 1


def test_a_frame_longer_than_a_gif_can_say_is_split(tmp_path: Path) -> None:
    frames = make_frames(2)
    path = write(tmp_path / "film.gif", frames, fps=0.01, hold=600)
    # 100 s a frame; the second one 100 + 600 s, of which a delay holds 655.35.
    assert gif_delays(path) == [10000, 65535, 70000 - 65535]
    got, _, _ = decode(path)
    np.testing.assert_array_equal(got, PALETTE[frames[[0, 1, 1]]])


def test_the_first_gif_frame_is_whole_and_opaque_and_none_is_cleared(tmp_path: Path) -> None:
    data = write(tmp_path / "film.gif", make_frames()).read_bytes()
    blocks = list(re.finditer(rb"\x21\xf9\x04(.)...\0\x2c(.{8})(.)", data, re.DOTALL))
    assert len(blocks) == 7
    assert not blocks[0][1][0] & 1
    assert struct.unpack("<4H", blocks[0][2]) == (0, 0, 40, 30)
    for block in blocks:
        assert block[1][0] >> 2 & 7 == 1, "the frame must stay for the next one to build on"
        assert not block[3][0] & 0x80, "one palette serves the whole film"
    sizes = [struct.unpack("<4H", block[2]) for block in blocks[1:]]
    assert all(width * height < 40 * 30 for _, _, width, height in sizes)
    stored = np.frombuffer(data[13 : 13 + 60], np.uint8).reshape(20, 3)
    np.testing.assert_array_equal(stored, PALETTE)


# ---------------------------------------------------------------- any film


@st.composite
def films(draw: st.DrawFn) -> tuple[Frames, int]:
    width, height = draw(st.integers(1, 24)), draw(st.integers(1, 24))
    used = draw(st.integers(1, 256))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    film = [rng.integers(0, used, (height, width), np.uint8)]
    for _ in range(draw(st.integers(0, 7))):
        frame = film[-1].copy()
        for _ in range(draw(st.integers(0, 3))):
            x, y = int(rng.integers(width)), int(rng.integers(height))
            part = frame[y : y + draw(st.integers(1, 6)), x : x + draw(st.integers(1, 9))]
            part[...] = rng.integers(0, used, part.shape if draw(st.booleans()) else ())
        film.append(frame)
    return np.array(film), used


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    films(),
    st.sampled_from([".gif", ".gif", ".webp", ".png"]),
    st.floats(0.5, 50),
    st.floats(0, 5),
    st.integers(0, 65535),
)
def test_any_lossless_film(
    tmp_path_factory: pytest.TempPathFactory,
    film: tuple[Frames, int],
    suffix: str,
    fps: float,
    hold: float,
    loop: int,
) -> None:
    frames, used = film
    palette = colours(used)
    palette = np.unique(palette, axis=0)
    frames = np.minimum(frames, len(palette) - 1)
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    write(path, frames, fps=fps, hold=hold, loop=loop, palette=palette)
    kept = [0, *(i for i in range(1, len(frames)) if (frames[i] != frames[i - 1]).any())]
    want = palette[frames[kept]]
    if len(kept) == 1:
        with Image.open(path) as image:
            np.testing.assert_array_equal(np.asarray(image.convert("RGB")), want[0])
        return
    got, durations, stored = decode(path)
    np.testing.assert_array_equal(got, want)
    tick = 10 if suffix == ".gif" else 1
    assert sum(durations) == pytest.approx(1000 * (len(frames) / fps + hold), abs=2 * tick)
    for which, (start, stop) in enumerate(pairwise(kept)):
        assert durations[which] == pytest.approx(1000 * (stop - start) / fps, abs=tick)
    if suffix == ".gif":
        assert stored == {0: 0, 1: None}.get(loop, loop - 1)
    else:
        assert stored == loop
    assert read_recipe(path) == RECIPE


@given(films())
@settings(max_examples=50, deadline=None)
def test_a_difference_makes_one_frame_of_the_other(film: tuple[Frames, int]) -> None:
    frames = colours(256)[film[0]]
    for old, new in pairwise(frames):
        if (old == new).all():
            continue
        patch = difference(new, old, align=2)
        assert patch.x % 2 == patch.y % 2 == 0
        height, width = patch.pixels.shape[:2]
        made = old.copy()
        part = made[patch.y : patch.y + height, patch.x : patch.x + width]
        mask = patch.pixels[..., 3] == 255
        part[mask] = patch.pixels[..., :3][mask]
        np.testing.assert_array_equal(made, new)
        assert not patch.pixels[~mask].any()


# ---------------------------------------------------------------- the same bytes again


def contents(path: Path) -> bytes:
    if path.is_dir():
        return b"".join(
            entry.name.encode() + entry.read_bytes() for entry in sorted(path.iterdir())
        )
    return path.read_bytes()


WRITE_SCRIPT = """
import os, sys
if len(sys.argv) > 2 and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from pathlib import Path
from tests.animation.test_writers import SUFFIXES, make_frames, write
for suffix in SUFFIXES:
    write(Path(sys.argv[1]) / f"film{suffix}", make_frames(20, (322, 200)))
"""


def test_the_same_film_is_the_same_bytes(tmp_path: Path) -> None:
    # In another process, where the encoders see one processor only.
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for suffix in SUFFIXES:
        write(tmp_path / "a" / f"film{suffix}", make_frames(20, (322, 200)))
    command = [sys.executable, "-c", WRITE_SCRIPT, str(tmp_path / "b"), "one"]
    subprocess.run(command, check=True, timeout=120, env=os.environ | {"TZ": "Asia/Tokyo"})
    for suffix in SUFFIXES:
        first = contents(tmp_path / "a" / f"film{suffix}")
        assert first == contents(tmp_path / "b" / f"film{suffix}"), suffix
        assert b"Lavf6" not in first
        assert b"Lavc6" not in first


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_reused_and_strided_array_is_taken_as_it_is(tmp_path: Path, suffix: str) -> None:
    frames = make_frames()
    write(tmp_path / f"a{suffix}", frames)
    with open_writer(tmp_path / f"b{suffix}", make_spec(frames)) as film:
        shape = (30, 40) if film.indexed else (30, 40, 3)
        wide = np.zeros((60, 80, *shape[2:]), np.uint8)
        buffer = wide[::2, ::2]
        for frame in frames:
            buffer[...] = frame if film.indexed else PALETTE[frame]
            film.write(buffer)
            wide[...] = 0
    assert contents(tmp_path / f"a{suffix}") == contents(tmp_path / f"b{suffix}")


# ---------------------------------------------------------------- bad input


def test_unknown_suffixes_are_told_with_the_known_ones(tmp_path: Path) -> None:
    frames = make_frames(1)
    with pytest.raises(LandscapeError, match=r"'\.gfi'.*did you mean \.gif\?.*\.webm"):
        open_writer(tmp_path / "film.gfi", make_spec(frames))
    with pytest.raises(LandscapeError, match=r"'\.docx'.*known are \.gif"):
        is_indexed("film.docx")


def test_the_table_knows_every_writer() -> None:
    assert [suffix for suffix in SUFFIXES if is_indexed(f"film{suffix}")] == [".gif"]
    assert is_indexed("FILM.GIF")
    assert not is_indexed("folder.gif/")


@pytest.mark.parametrize(
    "changes",
    [
        {"size": (0, 5)},
        {"size": (5, 20000)},
        {"fps": 0},
        {"fps": float("nan")},
        {"fps": float("inf")},
        {"fps": -3},
        {"hold": -1},
        {"hold": float("nan")},
        {"hold": 1e9},
        {"loop": -1},
        {"loop": 70000},
        {"loop": 1.5},
    ],
)
def test_bad_descriptions_are_told(changes: dict[str, Any]) -> None:
    with pytest.raises(LandscapeError, match=next(iter(changes))):
        make_spec(make_frames(1), **changes)


@pytest.mark.parametrize(
    "palette",
    [None, np.zeros((0, 3), np.uint8), np.zeros((257, 3), np.uint8), np.zeros((4, 3)), [1, 2]],
)
def test_bad_palettes_are_told(tmp_path: Path, palette: Any) -> None:
    with pytest.raises(LandscapeError, match="palette"):
        open_writer(tmp_path / "film.gif", make_spec(make_frames(1), palette=palette))


@pytest.mark.parametrize(("suffix", "fps"), [(".gif", 60), (".webp", 100), (".png", 120)])
def test_a_rate_that_browsers_slow_down_is_refused(tmp_path: Path, suffix: str, fps: int) -> None:
    with pytest.raises(LandscapeError, match="too fast"):
        open_writer(tmp_path / f"film{suffix}", make_spec(make_frames(1), fps=fps))


def test_bad_frames_are_told_and_leave_nothing(tmp_path: Path) -> None:
    good = make_frames(1)
    rgb = PALETTE[good[0]]
    cases: list[tuple[str, Any]] = [
        (".gif", rgb),
        (".gif", good[0].astype(int)),
        (".gif", good[0][:-1]),
        (".gif", np.full_like(good[0], 20)),  # beyond the palette
        (".gif", "frame"),
        (".webp", good[0]),
        (".png", rgb.astype(float)),
        (".mp4", np.dstack([rgb, rgb])),
        ("", rgb[:, :-1]),
    ]
    for suffix, frame in cases:
        with (  # noqa: PT012
            pytest.raises(LandscapeError, match="frame 1 ") as caught,
            open_writer(tmp_path / f"film{suffix}", make_spec(good)) as film,
        ):
            film.write(good[0] if film.indexed else rgb)
            film.write(frame)
        assert "\n" not in str(caught.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_film_without_frames_is_refused(tmp_path: Path, suffix: str) -> None:
    with (
        pytest.raises(LandscapeError, match="at least one frame"),
        open_writer(tmp_path / f"film{suffix}", make_spec(make_frames(1))),
    ):
        pass
    assert os.listdir(tmp_path) == []


def test_writing_needs_the_with_statement(tmp_path: Path) -> None:
    film = open_writer(tmp_path / "film.gif", make_spec(make_frames(1)))
    with pytest.raises(LandscapeError, match="not open"):
        film.write(make_frames(1)[0])
    with film:
        film.write(make_frames(1)[0])
    with pytest.raises(LandscapeError, match="not open"):
        film.write(make_frames(1)[0])


# ---------------------------------------------------------------- whole or not at all


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Path]:
    """A folder with an older film of every format, which must still be there afterwards."""
    for suffix in SUFFIXES:
        write(tmp_path / f"film{suffix}", make_frames(2))
    before = {name: contents(tmp_path / name) for name in os.listdir(tmp_path)}
    yield tmp_path
    assert {name: contents(tmp_path / name) for name in os.listdir(tmp_path)} == before


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_exception_in_the_middle_leaves_the_old_film(
    older: Path, kind: type[BaseException]
) -> None:
    frames = make_frames()
    for suffix in SUFFIXES:
        with (  # noqa: PT012
            pytest.raises(kind),
            open_writer(older / f"film{suffix}", make_spec(frames)) as film,
        ):
            for frame in frames[:3]:
                film.write(frame if film.indexed else PALETTE[frame])
            raise kind


@pytest.mark.parametrize("suffix", [*SUFFIXES])
def test_an_interrupt_from_the_keyboard_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    code = (
        "import sys, itertools\n"
        "from landscape.animation.writers import open_writer\n"
        "from tests.animation.test_writers import PALETTE, make_frames, make_spec\n"
        "frames = make_frames()\n"
        "with open_writer(sys.argv[1], make_spec(frames)) as film:\n"
        "    for index in itertools.count():\n"
        "        frame = frames[index % 7]\n"
        "        film.write(frame if film.indexed else PALETTE[frame])\n"
        "        if index == 30:\n"
        "            print('running', flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / f"film{suffix}")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"running\n"
            assert len(os.listdir(tmp_path)) == 1
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert b"KeyboardInterrupt" in errors
    assert os.listdir(tmp_path) == []


FULL_SCRIPT = """
import os, resource, sys
import numpy as np
from landscape.animation.writers import FilmSpec, open_writer
from landscape.errors import LandscapeError
from tests.animation.test_writers import SUFFIXES, colours
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
noise = np.random.default_rng(0)
for suffix in SUFFIXES:
    palette = colours(256)
    try:
        with open_writer(f"{sys.argv[1]}/film{suffix}",
                         FilmSpec((160, 120), 10, 0, 0, "", palette)) as film:
            for _ in range(12):
                frame = noise.integers(0, 256, (120, 160), np.uint8)
                film.write(frame if film.indexed else palette[frame])
    except LandscapeError as error:
        print(suffix, error)
    else:
        print(suffix, "was written")
print(os.listdir(sys.argv[1]))
"""


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_SCRIPT, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    *lines, left = done.stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == SUFFIXES
    for line in lines:
        assert "file too large; raise the limit" in line, done.stdout + done.stderr
    assert left == "[]"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_vanished_folder_is_told(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    frames = make_frames(2)
    with (  # noqa: PT012
        pytest.raises(LandscapeError, match="cannot write") as caught,
        open_writer(place / f"film{suffix}", make_spec(frames)) as film,
    ):
        film.write(frames[0] if film.indexed else PALETTE[frames[0]])
        place.rename(tmp_path / "moved")
        film.write(frames[1] if film.indexed else PALETTE[frames[1]])
    assert "\n" not in str(caught.value)
    assert not place.exists()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_missing_folder_is_told_before_any_work(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(LandscapeError, match="does not exist"):
        open_writer(tmp_path / "no" / f"film{suffix}", make_spec(make_frames(1)))


def test_the_memory_does_not_grow_with_the_film(tmp_path: Path) -> None:
    # Ten times the frames; a writer that kept them would hold 90 MB more.
    code = (
        "import resource, sys\n"
        "from landscape.animation.writers import open_writer\n"
        "from tests.animation.test_writers import PALETTE, make_frames, make_spec\n"
        "frames = make_frames(50, (400, 300))\n"
        "with open_writer(sys.argv[1], make_spec(frames)) as film:\n"
        "    for index in range(800):\n"
        "        film.write(frames[index % 50])\n"
        "        if index == 80:\n"
        "            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print((late - early) / early)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "film.gif")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert float(done.stdout) < 0.1
