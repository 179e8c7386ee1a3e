from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from landscape.cli import _run


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the current one."""
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Return a function that runs the command in this process, in `folder`."""
    import signal

    old = signal.getsignal(signal.SIGTERM)

    def run_(*args: object) -> Result:
        code = _run([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    yield run_
    signal.signal(signal.SIGTERM, old)


@pytest.fixture
def command() -> list[str]:
    """Return the words that start the command in another process."""
    return [sys.executable, "-m", "landscape"]
