"""What shows only from outside: signals, pipes, terminals, disks, imports."""

from __future__ import annotations

import os
import pty
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

LONG = ("animate", "--surface=beale", "--opt=adam", "--steps=20000", "--size=320x240")


def wait_for_output(folder: Path, process: subprocess.Popen[str]) -> None:
    """Return when the hidden temporary of the film has grown."""
    for _ in range(2000):
        if any(entry.stat().st_size or entry.is_dir() for entry in folder.glob(".landscape-*")):
            return
        assert process.poll() is None, "it ended before the signal"
        time.sleep(0.02)
    raise AssertionError("no temporary file was seen")


@pytest.mark.parametrize("output", ["a.gif", "a.mp4", "frames"])
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing(
    output: str, sent: signal.Signals, code: int, folder: Path, command: list[str]
) -> None:
    process = subprocess.Popen(
        [*command, *LONG, "-o", output],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for_output(folder, process)
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == code
    assert out == ""
    assert "Traceback" not in err
    assert err.count("\n") <= 2
    assert os.listdir(folder) == []


def test_a_signal_during_the_search_for_a_size(folder: Path, command: list[str]) -> None:
    temporary = folder / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [*command, *LONG, "-o", "a.gif", "--max-mb", "0.5"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    try:
        for _ in range(2000):
            if any(temporary.iterdir()):
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 143, err
    assert os.listdir(temporary) == []
    assert os.listdir(folder) == ["tmp"]


@pytest.mark.parametrize("output", ["a.gif", "a.mp4", "a.png", "path.csv"])
def test_a_full_disk_is_one_line(output: str, folder: Path, command: list[str]) -> None:
    verb = {"a.png": "plot", "path.csv": "descend"}.get(output, "animate")
    size = [] if verb == "descend" else ["--size=320x240"]
    done = subprocess.run(
        [*command, verb, "--surface=sphere", "--opt=gd", "--steps=300", *size, "-o", output],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.returncode == 2, done.stderr
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith("landscape: cannot write")], lines
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert os.listdir(folder) == []


@pytest.mark.parametrize(
    "line",
    [
        "descend --surface=sphere --opt=gd --steps=20000 | head -1",
        "surfaces | head -1",
        "--help | head -1",
    ],
)
def test_a_reader_that_leaves_is_no_error(line: str, command: list[str], folder: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{' '.join(command)} {line}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_stdout_is_one_line(command: list[str], folder: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*command, "surfaces"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("landscape: ")


def test_a_terminal_without_unicode_gets_the_table(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        [*command, "surfaces", "himmelblau"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    assert "domain" in done.stdout


def test_the_bar_is_for_terminals(command: list[str], folder: Path) -> None:
    words = [*command, "animate", "--surface=beale", "--opt=gd", "--steps=30", "--size=260x220"]
    quiet = subprocess.run([*words, "-o", "a.gif"], capture_output=True, text=True, check=True)
    assert "drawing" not in quiet.stderr
    ours, theirs = pty.openpty()
    shown = subprocess.run(
        [*words, "-o", "b.gif"], stdout=subprocess.PIPE, stderr=theirs, text=True, check=True
    )
    os.close(theirs)
    said = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "drawing" in said
    assert "100%" in said
    assert shown.stdout == quiet.stdout.replace("a.gif", "b.gif")
    assert (folder / "a.gif").read_bytes() == (folder / "b.gif").read_bytes()


HEAVY = ("numpy", "matplotlib", "numba", "sympy", "av", "PIL")
IMPORTS = """
import sys
from landscape.cli import _run
code = _run(sys.argv[1:])
print(code, *[name for name in {names!r} if name in sys.modules], file=sys.stderr)
"""


def loaded(names: tuple[str, ...], *args: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS.format(names=names), *args],
        capture_output=True,
        text=True,
        check=True,
    )
    code, *found = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    return found


@pytest.mark.parametrize(
    "args", [("--help",), ("animate", "--help"), ("descend", "--help"), ("--version",)]
)
def test_help_imports_nothing_heavy(args: tuple[str, ...], folder: Path) -> None:
    assert loaded(HEAVY, *args) == []


def test_a_warm_film_imports_neither_sympy_nor_numba(folder: Path) -> None:
    args = ("animate", "--surface=beale", "--opt=gd", "--steps=2", "--size=240x220")
    loaded(HEAVY, *args)
    assert loaded(("sympy", "numba"), *args) == []


def test_nothing_stays_in_the_temporary_folder(command: list[str], folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(
            [*command, "animate", "--steps=2", "--size=240x220", "--max-mb=1", "-o", "a.gif"],
            env={**os.environ, "TMPDIR": temporary},
            check=True,
            capture_output=True,
        )
        assert os.listdir(temporary) == []
