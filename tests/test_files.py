from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from landscape.errors import LandscapeError
from landscape.files import atomic_folder, atomic_output, check_writable, write_error


def frames_folder(place: Path, frames: int = 2) -> Path:
    place.mkdir()
    (place / "recipe.toml").write_text("old = 1\n")
    for index in range(frames):
        (place / f"frame-{index:05d}.png").write_bytes(b"old")
    return place


def test_the_output_appears_at_the_end_and_only_then(tmp_path: Path) -> None:
    target = tmp_path / "film.gif"
    with atomic_output(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".gif"
        assert temporary.name.startswith(".")
        temporary.write_bytes(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["film.gif"]


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_exception_leaves_nothing_new(tmp_path: Path, kind: type[BaseException]) -> None:
    target = tmp_path / "film.gif"
    target.write_bytes(b"old")
    folder = frames_folder(tmp_path / "frames")
    with pytest.raises(kind), atomic_output(target) as temporary:  # noqa: PT012
        temporary.write_bytes(b"half")
        raise kind
    with pytest.raises(kind), atomic_folder(folder) as place:  # noqa: PT012
        (place / "frame-00000.png").write_bytes(b"half")
        raise kind
    assert target.read_bytes() == b"old"
    assert (folder / "frame-00000.png").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["film.gif", "frames"]


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_mode_is_that_of_a_normal_open(tmp_path: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        with atomic_output(tmp_path / "a") as temporary:
            temporary.write_bytes(b"")
        with atomic_folder(tmp_path / "b"):
            pass
        (tmp_path / "c").write_bytes(b"")
        (tmp_path / "d").mkdir()
    finally:
        os.umask(old)
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "c").stat().st_mode
    assert (tmp_path / "b").stat().st_mode == (tmp_path / "d").stat().st_mode


def test_an_older_file_keeps_its_mode_and_its_links(tmp_path: Path) -> None:
    target, link = tmp_path / "film.gif", tmp_path / "link.gif"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    with atomic_output(link) as temporary:
        temporary.write_bytes(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_long_name_fits(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 250 + ".gif")
    with atomic_output(target) as temporary:
        temporary.write_bytes(b"new")
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/film.gif", "does not exist"),
        ("file/film.gif", "is not a folder"),
        ("folder", "is a folder"),
        ("folder/", "names a folder"),
        ("pipe", "no regular file"),
        ("n" * 300 + ".gif", "shorter name"),
        ("nul\0.gif", "no file name"),
    ],
)
def test_what_cannot_be_a_file_is_refused_at_once(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    path = f"{tmp_path}/{name}"
    with pytest.raises(LandscapeError, match=words) as caught:
        check_writable(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(LandscapeError, match=words), atomic_output(path):
        pytest.fail("the block must not run")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder", "pipe"]


def test_a_device_is_never_replaced() -> None:
    with pytest.raises(LandscapeError, match="no regular file"), atomic_output("/dev/null"):
        pytest.fail("the block must not run")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_protected_places_are_refused(tmp_path: Path) -> None:
    target = tmp_path / "film.gif"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(LandscapeError, match="write-protected"):
        check_writable(target)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(LandscapeError, match="not writable"):
            check_writable(tmp_path / "other.gif")
    finally:
        tmp_path.chmod(0o755)


def test_a_line_break_in_a_name_does_not_break_the_message(tmp_path: Path) -> None:
    with pytest.raises(LandscapeError) as caught:
        check_writable(tmp_path / "a\nb" / "film.gif")
    assert "\n" not in str(caught.value)


def test_a_vanished_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with (  # noqa: PT012
        pytest.raises(LandscapeError, match="folder is gone"),
        atomic_output(folder / "film.gif") as temporary,
    ):
        temporary.unlink()
        folder.rmdir()


def test_a_full_disk_is_told_and_other_errors_pass(tmp_path: Path) -> None:
    with (
        pytest.raises(LandscapeError, match="free some space"),
        atomic_output(tmp_path / "film"),
        open("/dev/full", "wb") as full,
    ):
        full.write(b"x")
    with pytest.raises(FileNotFoundError), atomic_output(tmp_path / "film"):
        (tmp_path / "data.csv").read_bytes()
    assert os.listdir(tmp_path) == []


def test_write_error_is_one_line_with_a_cure() -> None:
    error = write_error("a/film.gif", OSError(errno.EACCES, "Permission denied"))
    assert str(error).startswith("cannot write a/film.gif: permission denied; change")


def test_a_folder_replaces_frames_made_here_and_empty_folders(tmp_path: Path) -> None:
    old = frames_folder(tmp_path / "old", frames=5)
    (tmp_path / "empty").mkdir()
    for target in (old, tmp_path / "empty", tmp_path / "new"):
        with atomic_folder(target) as place:
            (place / "recipe.toml").write_bytes(b"new = 1\n")
        assert os.listdir(target) == ["recipe.toml"]
    assert sorted(os.listdir(tmp_path)) == ["empty", "new", "old"]


def test_a_folder_with_anything_else_is_refused_before_any_work(tmp_path: Path) -> None:
    foreign = frames_folder(tmp_path / "foreign")
    (foreign / "thesis.tex").write_text("years of work")
    lone = frames_folder(tmp_path / "lone", frames=0)
    bare = frames_folder(tmp_path / "bare")
    (bare / "recipe.toml").unlink()
    for target in (foreign, lone, bare):
        with pytest.raises(LandscapeError, match="other files"), atomic_folder(target):
            pytest.fail("the block must not run")
    assert (foreign / "thesis.tex").read_text() == "years of work"
    (tmp_path / "film").write_bytes(b"old")
    with pytest.raises(LandscapeError, match="a file has this name"):
        check_writable(tmp_path / "film", folder=True)


def test_a_folder_that_gets_other_files_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "frames"
    target.mkdir()
    with pytest.raises(LandscapeError, match="other files"), atomic_folder(target):
        (target / "thesis.tex").write_text("years of work")
    assert os.listdir(target) == ["thesis.tex"]
    assert os.listdir(tmp_path) == ["frames"]


def test_the_current_folder_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LandscapeError, match="current folder"):
        check_writable(".", folder=True)


def test_the_import_is_light() -> None:
    code = (
        "import sys, landscape.files, landscape.animation.writers, landscape.animation.metadata\n"
        "print([m for m in ('av', 'PIL', 'matplotlib', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


KILLED = """
import os, signal, sys
from landscape.files import atomic_folder, atomic_output
kind = atomic_folder if sys.argv[2] == "folder" else atomic_output
with kind(sys.argv[1]) as place:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_kill_left_goes_with_the_next_output_of_the_same_name(
    tmp_path: Path, kind: str
) -> None:
    def left() -> list[Path]:
        return [one for one in tmp_path.iterdir() if one.name.startswith(".landscape-")]

    output = atomic_folder if kind == "folder" else atomic_output
    target = tmp_path / ("frames" if kind == "folder" else "film.gif")
    subprocess.run([sys.executable, "-c", KILLED, str(target), kind], check=False)
    (stale,) = left()
    with output(target):  # it may be just being made
        assert len(left()) == 2
    os.utime(stale, (1e9, 1e9))
    with atomic_output(tmp_path / "other.gif"):
        assert stale in left()
    with output(target) as place:
        assert left() == [place]
        os.utime(place, (1e9, 1e9))
        with output(target):  # another process' that is at work
            assert place in left()
    assert left() == []
