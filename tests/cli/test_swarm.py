"""The command `swarm`: its files carry recipes that make the same bytes again."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_round_trips import digest

SMALL = ("--opt=newton", "-n", "40", "--steps=6", "--size=480x320")
MADE: dict[str, tuple[str, ...]] = {
    "mp4": (*SMALL, "-o", "a.mp4"),
    "png": (*SMALL, "--step=3", "--theme=light", "-o", "a.png"),
    "gif": (
        *(*SMALL, "--view=3d", "--orbit=40", "--frames=3", "--from=1,1", "--spread=2"),
        *("--trail=2", "--dot=5", "--seed=3", "-o", "a.gif"),
    ),
}


@pytest.mark.parametrize("args", MADE.values(), ids=MADE)
def test_info_gives_the_recipe_and_the_recipe_the_bytes(
    args: tuple[str, ...], folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("swarm", *args)
    assert made.code == 0, made.err
    assert "Newton: of 40 particles minimum " in made.err
    first = digest(folder / args[-1])
    told = run("info", args[-1])
    assert (told.code, told.err) == (0, "")
    line, _, recipe = told.out.partition("\n")
    (folder / "again").mkdir()
    (folder / "again" / "a.toml").write_text(recipe, "utf-8")
    assert run("render", "again/a.toml").code == 0
    (again,) = [one for one in (folder / "again").iterdir() if one.suffix != ".toml"]
    assert digest(again) == first
    words = shlex.split(line.removeprefix("# "))
    assert words[:2] == ["landscape", "swarm"]
    (folder / "shell").mkdir()
    monkeypatch.chdir(folder / "shell")
    assert run(*words[1:], *(() if "-o" in words else ("-o", "p.mp4"))).code == 0
    (again,) = (folder / "shell").iterdir()
    assert digest(again) == first


def test_without_a_name_it_is_a_film_that_can_be_shared(folder: Path, run: Run) -> None:
    made = run("swarm", *SMALL, "--opt=bfgs", "--size=800x480")
    assert made.code == 0, made.err
    assert [one.name for one in folder.iterdir()] == ["swarm-himmelblau-newton-bfgs.mp4"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--spread=1",), "a spread is that of a cloud"),
        (("--density",), "a density is that of particles with noise"),
        (("-n", "0"), "particles must be a whole number from 1 to"),
        (("--opt=nope",), "unknown optimizer 'nope'"),
        (("--orbit=40",), "orbit is of pictures in three dimensions"),
        (("--view=both",), "choose from contour, 3d"),
        (("--size=200x200",), "has no room for its maps"),
        (("-o", "none/a.mp4"), "does not exist; make it first"),
    ],
)
def test_bad_input_is_one_line(folder: Path, run: Run, words: tuple[str, ...], said: str) -> None:
    made = run("swarm", *words)
    assert made.code == 2
    assert said in made.err
    assert made.err.count("\n") == 1
    assert list(folder.iterdir()) == []
