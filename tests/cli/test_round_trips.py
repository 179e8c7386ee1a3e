"""A picture is its recipe: what `info` prints makes the same bytes again."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from landscape.animation.metadata import read_recipe
from landscape.recipe import Recipe
from tests.cli.conftest import Run

FILMS = ["gif", "mp4", "webm", "webp", "apng", "frames"]
STILLS = ["png", "svg", "pdf"]
ARGS = ("--surface=beale", "--opt=momentum:lr=0.002", "--opt=adam", "--steps=4", "--size=260x220")


def digest(path: Path) -> str:
    total = hashlib.sha256()
    for part in sorted(path.iterdir()) if path.is_dir() else [path]:
        total.update(part.name.encode() if path.is_dir() else b"")
        total.update(part.read_bytes())
    return total.hexdigest()


def name_of(kind: str) -> str:
    return "frames" if kind == "frames" else f"picture.{kind}"


def shell(line: str, folder: Path, command: list[str]) -> None:
    """Run what `info` printed as a user would, in a shell of its own."""
    bin_ = folder.parent / "bin"
    bin_.mkdir(exist_ok=True)
    script = bin_ / "landscape"
    script.write_text(f'#!/bin/sh\nexec {" ".join(command)} "$@"\n')
    script.chmod(0o755)
    path = f"{bin_}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env={**os.environ, "PATH": path}, check=True
    )


@pytest.mark.parametrize("kind", FILMS + STILLS)
def test_info_gives_the_recipe_and_the_recipe_the_bytes(
    kind: str,
    folder: Path,
    run: Run,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verb = "animate" if kind in FILMS else "plot"
    made = folder / name_of(kind)
    assert run(verb, *ARGS, "-o", made.name).code == 0
    told = run("info", made.name)
    assert told.code == 0
    assert told.err == ""
    first = digest(made)
    if kind in ("gif", "frames", "svg"):  # the same again, over the old one
        assert run(verb, *ARGS, "-o", made.name).code == 0
        assert digest(made) == first
    (folder / "again").mkdir()
    (folder / "again" / "picture.toml").write_text(told.out, "utf-8")
    again = run("render", "again/picture.toml")
    assert again.code == 0, again.err
    rendered = folder / "again" / (f"picture.{kind}" if kind != "frames" else "picture")
    assert digest(rendered) == first
    line = told.out.splitlines()[0].removeprefix("# ")
    (folder / "shell").mkdir()
    if kind in ("gif", "pdf"):  # a process each takes its time
        shell(line, folder / "shell", command)
    else:
        monkeypatch.chdir(folder / "shell")
        assert run(*shlex.split(line)[1:]).code == 0
    (found,) = (folder / "shell").iterdir()
    assert digest(found) == first


LOOKS: dict[str, tuple[str, ...]] = {
    "all options": (
        *("--schedule=lr0/(1+t)", "--noise=0.5", "--seed=7", "--levels=log", "--count=7"),
        *("--no-fill", "--no-marks", '--title=Kettle\'s "own" $x^2$; rm -rf /'),
        *("--caption=-o x ü", "--theme=dark", "--scale=0.9", "--start=-1,0.1"),
        *("--bounds=-2,2,-1,1", "--fps=12.5", "--speed=2", "--hold=0.25", "--loop=3"),
        *("--colors=32",),
    ),
    "no legend": ("--no-legend",),
    "no title": ("--title=",),
    "formula": ("--surface=-x**2 + y**4", "--start=0.5,1", "--opt=v = 0.9*v - lr*g; p = p + v"),
    "label": ("--opt=gd:lr=0.01,label=Gradient\\, plain",),
    "parameters": ("--surface=ravine:kappa=50,rotation=30",),
    "lesson": ("--surface=ravine",),
    "curves": ("--curve=loss", "--curve=rate", "--against=evaluations", "--size=300x360"),
    "arrows": ("--arrow=gradient", "--arrow=velocity", "--opt=momentum"),
    "grid": ("--grid=mu=0.5,0.9", "--opt=momentum:lr=0.01", "--size=400x260", "--no-legend"),
    "fan": ("--fan=3", "--surface=himmelblau", "--opt=gd", "--size=320x300"),
    "starts": ("--start=1,1", "--start=-1,2", "--surface=himmelblau", "--opt=gd"),
}


@pytest.mark.parametrize("more", LOOKS.values(), ids=LOOKS)
def test_every_option_survives_the_command_line(
    more: tuple[str, ...], folder: Path, run: Run
) -> None:
    made = run("animate", "--steps=3", "--size=240x220", *more, "-o", "a.gif")
    assert made.code == 0, made.err
    recipe = Recipe.from_toml(read_recipe("a.gif"))
    words = shlex.split(recipe.command())
    assert words[:2] == ["landscape", "animate"]
    assert run(*words[1:], "-o", "b.gif").code == 0
    assert digest(folder / "a.gif") == digest(folder / "b.gif")


def test_a_poster_is_a_still_of_its_own(folder: Path, run: Run) -> None:
    made = run("animate", *ARGS, "--speed=2", "--loop=3", "-o", "a.gif", "--poster", "a.png")
    assert [line.split()[0] for line in made.out.splitlines()] == ["a.gif", "a.png"]
    told = run("info", "a.png").out
    assert "--speed" not in told
    assert "landscape plot" in told
    (folder / "b.toml").write_text(told)
    assert run("render", "b.toml").code == 0
    assert digest(folder / "a.png") == digest(folder / "b.png")


@pytest.mark.parametrize("move", ["--orbit=90", "--sway=20"])
def test_the_poster_of_a_turning_film_stands_still(move: str, folder: Path, run: Run) -> None:
    made = run("animate", *ARGS, "--view=3d", move, "-o", "a.gif", "--poster", "p.png")
    assert made.code == 0, made.err
    assert move in run("info", "a.gif").out.splitlines()[0]
    told = run("info", "p.png").out
    still = Recipe.from_toml(told)
    assert (still.kind, still.view, still.orbit, still.sway) == ("still", "3d", 0, 0)
    assert move not in told.splitlines()[0]
    (folder / "b.toml").write_text(told)
    assert run("render", "b.toml").code == 0
    assert digest(folder / "p.png") == digest(folder / "b.png")


def test_renders_a_picture_into_another_folder(folder: Path, run: Run) -> None:
    assert run("animate", *ARGS, "-o", "a.gif").code == 0
    assert run("render", "a.gif").code == 2
    (folder / "new").mkdir()
    assert run("render", "a.gif", "-o", "new").code == 0
    assert digest(folder / "a.gif") == digest(folder / "new" / "a.gif")
    shutil.rmtree(folder / "new")


def test_several_recipes_in_one_call(folder: Path, run: Run) -> None:
    for name, kind, format_ in (("a", "film", "gif"), ("b", "still", "svg")):
        recipe = Recipe(kind=kind, format=format_, steps=2, size="240x220")  # type: ignore[arg-type]
        (folder / f"{name}.toml").write_text(recipe.to_toml())
    made = run("render", "a.toml", "b.toml")
    assert made.code == 0
    assert [line.split()[0] for line in made.out.splitlines()] == ["a.gif", "b.svg"]
    assert sorted(os.listdir(folder)) == ["a.gif", "a.toml", "b.svg", "b.toml"]


LIMIT = ("--surface=beale", "--opt=adam", "--steps=40", "--size=480x400", "--fps=20")


def test_max_mb_is_met_in_order_and_reproduced(folder: Path, run: Run) -> None:
    assert run("animate", *LIMIT, "-o", "full.gif").code == 0
    size = (folder / "full.gif").stat().st_size
    # Each goal is smaller than the one before; what is done comes in the promised order.
    done: list[tuple[float, float, float]] = []
    for share in (1.0, 0.7, 0.5, 0.3):
        result = run("animate", *LIMIT, "--max-mb", share * size / 1e6, "-o", "small.gif")
        assert result.code == 0, result.err
        assert (folder / "small.gif").stat().st_size <= share * size
        recipe = Recipe.from_toml(read_recipe("small.gif"))
        assert recipe.fps is not None
        done.append((20 / recipe.fps, 256 / recipe.colors, 1 / recipe.scale))
        said = [
            part for part in ("frames a second", "colours", "of the size") if part in result.err
        ]
        wanted = [
            part
            for part, value in zip(
                ("frames a second", "colours", "of the size"), done[-1], strict=True
            )
            if value > 1
        ]
        assert said == wanted
        if done[-1][1] > 1:
            assert recipe.fps < 10
        if done[-1][2] > 1:
            assert recipe.colors == 32
        (folder / "again.toml").write_text(recipe.to_toml())
        assert run("render", "again.toml").code == 0
        assert digest(folder / "again.gif") == digest(folder / "small.gif")
    assert done[0] == (1.0, 1.0, 1.0)
    assert done == sorted(done)
    assert len(set(done)) > 2
