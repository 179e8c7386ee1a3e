"""Ctrl-C at any moment: a line, an exit code, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Says when the command listens, and then runs what follows.
LISTENS = """
import sys
from landscape import cli
run = cli._run

def told(args):
    print("listens", flush=True)
    return run(args)

cli._run = told
{work}
cli.main(sys.argv[1:])
"""
LONG = ("plane", "--data=moons", "--epochs=10000", "--save=plane.npz", "-o", "plane.png")


def started(work: str, *args: str) -> subprocess.Popen[str]:
    """Return a process whose command listens to signals."""
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENS.format(work=work), *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "listens\n"
    return process


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return exit code and output of a process, which ends within a minute."""
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, out, err


@pytest.mark.parametrize("delay", [0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5])
def test_an_interrupt_at_any_moment_is_a_line(delay: float, folder: Path) -> None:
    process = started("", *LONG)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert code == 130
    assert out == ""
    assert err.strip() in {"landscape: stopped", "landscape: interrupted, nothing was written"}
    assert os.listdir(folder) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_python_drops_comes_again(sent: signal.Signals, folder: Path) -> None:
    work = """
import time

class Slow:
    def __del__(self):
        print("deleting", flush=True)
        time.sleep(20)

def dropping(args):
    print("listens", flush=True)
    Slow()
    time.sleep(20)
    return 0

cli._run = dropping
"""
    process = started(work)
    assert process.stdout is not None
    assert process.stdout.readline() == "deleting\n"
    process.send_signal(sent)
    begin = time.monotonic()
    code, _, err = ended(process)
    assert code == 128 + sent
    assert time.monotonic() - begin < 15
    assert err == ("landscape: stopped\n" if sent == signal.SIGINT else "")


def test_what_an_interrupted_import_raises_is_no_error_of_its_own(folder: Path) -> None:
    work = """
import time

def importing(args):
    print("listens", flush=True)
    try:
        time.sleep(20)
    except KeyboardInterrupt:
        raise ImportError("a compiled module was interrupted") from None

cli._run = importing
"""
    process = started(work)
    process.send_signal(signal.SIGINT)
    assert ended(process) == (130, "", "landscape: stopped\n")


def test_an_interrupt_after_the_work_changes_nothing(folder: Path) -> None:
    work = """
import atexit, time

def late():
    print("leaving", flush=True)
    time.sleep(0.3)

atexit.register(late)
"""
    process = started(work, "--version")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("landscape")
    assert process.stdout.readline() == "leaving\n"
    process.send_signal(signal.SIGINT)
    assert ended(process) == (0, "", "")


def test_an_interrupt_that_was_switched_off_stays_so(folder: Path) -> None:
    # As a shell does with what runs in the background.
    ignored = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    process = started(ignored, "--version")
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, err) == (0, "")
    assert out.startswith("landscape")
