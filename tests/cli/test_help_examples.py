"""The examples in the help of the commands about maps: each is accepted as it stands."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from landscape.cli.commands import cli
from tests.cli.conftest import Run

COMMANDS = ("map basins", "map stability", "tune", "sensitivity", "swarm")
# Words behind an example that make little work of it; what it says itself counts first, so that
# all of it is parsed.
LITTLE = {
    "map basins": ["--columns", "16", "--rows", "16", "--steps", "3", "--frames", "2"],
    "map stability": ["--columns", "9", "--rows", "8", "--steps", "3"],
    "tune": ["--rounds", "1", "--steps", "3"],
    "sensitivity": ["--count", "8", "--steps", "3"],
    "swarm": ["--particles", "10", "--steps", "3", "--frames", "2"],
}


def _command(words: str) -> click.Command:
    found: Any = cli
    for word in words.split():
        found = found.get_command(click.Context(found), word)
    assert isinstance(found, click.Command)
    return found


def examples() -> list[tuple[str, str]]:
    """Return the commands and their examples."""
    found = []
    for words in COMMANDS:
        lines = (_command(words).epilog or "").splitlines()
        own = [line.strip() for line in lines if line.strip().startswith("landscape ")]
        assert own, f"landscape {words} has no examples"
        found += [(words, line) for line in own]
    return found


@pytest.mark.parametrize(("words", "line"), examples())
def test_an_example_is_accepted(
    words: str, line: str, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landscape.maps.walk import Paths

    drawn: list[str] = []

    def written(ready: Any, path: Any, **more: Any) -> Any:
        # The numbers are there, and the page has room for them: drawing adds nothing to that.
        ready.recipe.check_room()
        drawn.append(str(path))
        return MADE

    monkeypatch.setattr("landscape.pictures.output.write_picture", written)
    monkeypatch.setattr("landscape.cli.network_pictures.say_written", lambda made: None)
    if words.startswith("map"):
        # Three steps are walked one by one before a loop is compiled for them.
        monkeypatch.setattr(Paths, "fused", None)
    args = shlex.split(line)
    assert args[0] == "landscape"
    assert " ".join(args[1:]).startswith(words)
    result = run(*args[1:], *LITTLE[words])
    assert result.code == 0, result.err
    pictures = words != "tune"
    assert len(drawn) == pictures
    if pictures and "-o" in args:
        assert drawn == [args[args.index("-o") + 1]]
    if not pictures:
        assert "--opt " in result.out
    if "--save" in args:
        assert (folder / args[args.index("--save") + 1]).exists()


class _Made:
    more: tuple[Any, ...] = ()


MADE = _Made()
