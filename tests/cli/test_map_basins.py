"""The command `map basins`: recipes that make the same bytes again, errors of one line."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import numpy as np
import pytest

from landscape.animation.metadata import read_recipe
from landscape.pictures import read_any_recipe
from tests.cli.conftest import Run
from tests.cli.test_round_trips import digest

SMALL = ("--surface=himmelblau", "--opt=momentum:lr=0.01", "--size=400x300")
CELLS = ("--columns=30", "--rows=20")

MADE: dict[str, tuple[str, ...]] = {
    "png": (*SMALL, "-o", "a.png"),
    "looks": (
        *(*SMALL, *CELLS, "--opt=bfgs", "--theme=dark", "--title=Kettle's", "--caption="),
        *("--no-lines", "--no-marks", "--tolerance=0.5", "--steps=40", "-o", "a.svg"),
    ),
    "zoom": (*SMALL, *CELLS, "--at=0.24,4.26", "--zoom=1000", "-o", "a.pdf"),
    "film": (*SMALL, "--sweep=mu=0.5:0.95", "--frames=3", "--steps=60", "-o", "a.gif"),
}


@pytest.mark.parametrize("args", MADE.values(), ids=MADE)
def test_info_gives_the_recipe_and_the_recipe_the_bytes(
    args: tuple[str, ...], folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("map", "basins", *args)
    assert made.code == 0, made.err
    (picture,) = folder.iterdir()
    told = run("info", picture.name)
    assert (told.code, told.err) == (0, "")
    line, _, recipe = told.out.partition("\n")
    (folder / "again").mkdir()
    (folder / "again" / "a.toml").write_text(recipe, "utf-8")
    assert run("render", "again/a.toml").code == 0
    (other,) = [path for path in (folder / "again").iterdir() if path.suffix != ".toml"]
    assert digest(other) == digest(picture)
    words = shlex.split(line.removeprefix("# "))
    assert words[:3] == ["landscape", "map", "basins"]
    (folder / "shell").mkdir()
    monkeypatch.chdir(folder / "shell")
    assert run(*words[1:], *(() if "-o" in words else ("-o", "picture.png"))).code == 0
    (third,) = (folder / "shell").iterdir()
    assert digest(third) == digest(picture)


def test_a_map_is_kept_and_drawn_again(folder: Path, run: Run) -> None:
    made = run("map", "basins", *SMALL, *CELLS, "--save=map.npz", "-o", "a.png")
    assert made.code == 0, made.err
    assert made.err.startswith("Momentum: of 600 starts minimum ")
    with np.load("map.npz") as saved:
        assert saved["labels"].shape == (20, 30)
        before = saved["steps"].tolist()
        recipe = read_any_recipe(str(saved["recipe"]))
    assert read_any_recipe(read_recipe("map.npz")) == recipe
    told = run("info", "map.npz")
    assert (told.code, told.out.split()[:4]) == (0, ["#", "landscape", "map", "basins"])
    Path("cut.npz").write_bytes(Path("map.npz").read_bytes()[:900])
    assert "it is damaged" in run("info", "cut.npz").err
    Path("cut.npz").unlink()
    assert recipe == read_any_recipe(read_recipe("a.png"))
    again = run("map", "basins", *SMALL, *CELLS, "--save=map.npz", "--theme=dark", "-o", "b.png")
    assert again.err == made.err
    with np.load("map.npz") as saved:
        assert saved["steps"].tolist() == before
    other = run("map", "basins", *SMALL, "--columns=9", "--save=map.npz", "-o", "c.png")
    assert other.code == 2
    assert "map.npz holds a map of other work (" in other.err
    assert "columns 30 there, 9 here" in other.err
    assert "steps" not in other.err.replace("--steps", "")
    longer = run("map", "basins", *SMALL, *CELLS, "--steps=301", "--save=map.npz", "-o", "c.png")
    assert "other work (steps 300 there, 301 here): choose another name" in longer.err
    assert sorted(os.listdir(folder)) == ["a.png", "b.png", "map.npz"]
    two = run("map", "basins", *SMALL, *CELLS, "--opt=gd:lr=0.01", "--save=m.npz", "-o", "d.png")
    assert two.code == 0, two.err
    assert {"m-1.npz", "m-2.npz"} <= set(os.listdir(folder))


def test_what_moves_is_a_film_unless_a_still_is_asked_for(folder: Path, run: Run) -> None:
    small = ("--opt=gd:lr=0.01", *CELLS, "--size=400x300")
    zoom = ("--at=0.24,4.26", "--zoom=1000")
    assert run("map", "basins", *small, *zoom, "--frames=2").code == 0
    assert run("map", "basins", *small, "--surface=x**2+y**2", *zoom, "--frames=2").code == 0
    swept = ("--opt=momentum", "--sweep=lr=0.005:0.02", "--frames=2")
    assert run("map", "basins", *CELLS, "--size=400x300", *swept).code == 0
    assert sorted(os.listdir(folder)) == [
        "basins-himmelblau-gd.gif",
        "basins-himmelblau-momentum.gif",
        "basins-surface-gd.gif",
    ]
    assert run("map", "basins", *small, *zoom, "-o", "a.png").code == 0
    assert run("map", "basins", *small, *zoom, "--save=b.npz").code == 0
    assert {"a.png", "b.npz", "basins-himmelblau-gd.png"} < set(os.listdir(folder))


def test_the_help_shows_the_layout_and_examples_that_can_be_run(folder: Path, run: Run) -> None:
    told = run("map", "basins", "--help").out
    examples = [one.strip() for one in told.splitlines() if one.strip().startswith("landscape ")]
    assert len(examples) == 5
    cells = ("--columns=24", "--rows=24", "--size=400x300")
    for one in examples:
        words = [word for word in shlex.split(one)[1:] if word != "4000"]
        words = [word for word in words if word not in ("--columns", "--rows")]
        film = ("--frames=2",) if "-o" in words else ()
        made = run(*words, *cells, *film)
        assert made.code == 0, made.err
    with np.load("beale.npz") as saved:
        for name in ("labels", "steps", "xs", "ys", "places", "names", "codes", "code_names"):
            assert name in saved
            assert name in told


def test_an_interrupt_says_what_is_kept(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landscape.maps import basins
    from landscape.maps.places import Places

    label = Places.label
    done: list[int] = []

    def stopping(self: Places, *args: object, **more: object) -> object:
        done.append(1)
        if len(done) > 2:
            raise KeyboardInterrupt
        return label(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(basins, "_usual_block", lambda *_: 4)
    with monkeypatch.context() as patch:
        patch.setattr(Places, "label", stopping)
        more = ("--tolerance=0.1", "--save=map.npz", "-o", "a.png")
        stopped = run("map", "basins", *SMALL, *CELLS, *more)
    assert stopped.code == 130
    assert stopped.err.endswith(
        "interrupted, no picture was written; what is computed is kept in map.npz.journal, and "
        "the same command goes on from there\n"
    )
    assert os.listdir(folder) == ["map.npz.journal"]
    assert run("map", "basins", *SMALL, *CELLS, *more).code == 0
    assert sorted(os.listdir(folder)) == ["a.png", "map.npz"]
    plain = run("map", "basins", *SMALL, *CELLS, "--tolerance=0.1", "-o", "b.png")
    assert plain.code == 0
    assert digest(folder / "a.png") == digest(folder / "b.png")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--surface=himelblau",), "did you mean himmelblau"),
        (("--opt=momentun",), "did you mean momentum"),
        (("--sweep=lr", "-o", "a.gif"), "a sweep needs its ends"),
        (("--sweep=muu=0:1", "-o", "a.gif"), "did you mean mu"),
        (("--sweep=lr=0:1", "-o", "a.gif"), "above 0"),
        (("--sweep=lr=0.2:0.1", "-o", "a.gif"), "lower end first"),
        (("--opt=bfgs", "--sweep=lr=0.1:0.2", "-o", "a.gif"), "no number to sweep"),
        (("-o", "a.gif"), "add --sweep"),
        (("--zoom=10",), "add --at"),
        (("--at=1",), "not 2 numbers"),
        (("--at=0.1,0.2", "--zoom=1e17"), "closer together than numbers are"),
        (("--columns=1",), "columns must be"),
        (("--save=a.txt",), "saved as .npz"),
        (("--save=a.npz", "--sweep=lr=0.1:0.2", "-o", "a.gif"), "map of a still"),
        (("--surface=python:f",), "was made in Python"),
        (("--size=200x200",), "no room"),
        (("--colums=3",), "--columns"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    args: tuple[str, ...], said: str, folder: Path, run: Run
) -> None:
    usual = [one for one in SMALL if not any(a.split("=")[0] == one.split("=")[0] for a in args)]
    result = run("map", "basins", *usual, *args)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.count("\n") == 1
    assert os.listdir(folder) == []


def test_an_unknown_map_is_suggested(run: Run) -> None:
    told = run("map", "basin")
    assert (told.code, told.out) == (2, "")
    assert told.err == "landscape: unknown command 'basin': did you mean basins?\n"
