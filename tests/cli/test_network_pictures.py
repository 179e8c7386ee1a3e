"""The commands that draw networks: their files carry recipes that make the same bytes again."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import numpy as np
import pytest

from landscape.animation.metadata import read_recipe
from landscape.cli import cli
from landscape.keys import key_of, option_of
from landscape.pictures import PICTURES, read_any_recipe, recipe_class
from tests.cli.conftest import Run
from tests.cli.test_round_trips import digest

SMALL = ("--data=moons:rows=120", "--net=2x6", "--size=320x300")
LINES = ("--data=moons:rows=120", "--net=6", "--size=320x300", "--epochs=2")

MADE: dict[str, tuple[str, ...]] = {
    "layers png": ("layers", *SMALL, "-o", "a.png"),
    "layers pdf": ("layers", *SMALL, "--init=zero", "--init=he_normal", "-o", "a.pdf"),
    "layers gif": ("layers", *SMALL, "--epochs=2", "--frames=3", "--fps=5", "-o", "a.gif"),
    "layers looks": (
        *("layers", *SMALL, "--activation=relu", "--init=he_normal:bias=-1", "--show=gradients"),
        *("--title=Kettle's", "--caption=", "--theme=dark", "--scale=0.9", "--seed=3", "--skip"),
        *("--examples=50", "-o", "a.svg"),
    ),
    "units mp4": ("units", *SMALL, "--epochs=2", "--frames=3", "--share=0.8", "-o", "a.mp4"),
    "units png": ("units", *SMALL, "--reach=2.5", "--init=zero", "-o", "a.png"),
    "curves png": ("curves", *LINES, "--opt=gd:lr=0.1", "--batch=all", "-o", "a.png"),
    "curves svg": ("curves", *LINES, "--vary=init=zero,normal:scale=0.1", "-o", "a.svg"),
    "curves frames": ("curves", *LINES, "--frames=3", "-o", "frames/"),
    "curves looks": (
        *("curves", *LINES, "--grid=lr=0.01,0.1", "--opt=gd", "--batches", "--smooth=5"),
        *("--show=loss", "--part=train", "--no-guess", "--axis=log", "--top=3", "-o", "a.png"),
    ),
}  # fmt: skip


def only_file(folder: Path) -> Path:
    (found,) = [path for path in folder.iterdir() if path.suffix != ".toml"]
    return found


@pytest.mark.parametrize("args", MADE.values(), ids=MADE)
def test_info_gives_the_recipe_and_the_recipe_the_bytes(
    args: tuple[str, ...], folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run(*args)
    assert made.code == 0, made.err
    picture = only_file(folder)
    first = digest(picture)
    told = run("info", picture.name)
    assert (told.code, told.err) == (0, "")
    line, _, recipe = told.out.partition("\n")
    (folder / "again").mkdir()
    (folder / "again" / "a.toml").write_text(recipe, "utf-8")
    assert run("render", "again/a.toml").code == 0
    assert digest(only_file(folder / "again")) == first
    words = shlex.split(line.removeprefix("# "))
    assert words[:2] == ["landscape", args[0]]
    (folder / "shell").mkdir()
    monkeypatch.chdir(folder / "shell")
    assert run(*words[1:], *(() if "-o" in words else ("-o", "picture.png"))).code == 0
    assert digest(only_file(folder / "shell")) == first


PLANE = ("plane", "--data=moons:rows=120", "--net=6,6", "--epochs=2", "--resolution=9")


@pytest.mark.parametrize("suffix", ["vtp", "ply", "obj"])
def test_plane_is_exported_and_its_recipe_read_back(folder: Path, run: Run, suffix: str) -> None:
    made = run(*PLANE, "--heights=log", "--view=both", "--size=hd", "-o", f"a.{suffix}")
    assert made.code == 0, made.err
    assert made.out.startswith(f"a.{suffix} (")
    assert "an export has no page, camera or frames: --size=hd is left out\n" in made.err
    told = run("info", f"a.{suffix}")
    assert told.out.startswith("# landscape plane --data=moons:rows=120")
    assert 'view = "3d"' in told.out
    words = shlex.split(told.out.partition("\n")[0].removeprefix("# "))
    assert run(*words[1:], "-o", f"b.{suffix}").code == 0
    assert (folder / f"a.{suffix}").read_bytes() == (folder / f"b.{suffix}").read_bytes()


def test_several_planes_are_told_one_by_one(folder: Path, run: Run) -> None:
    made = run(*PLANE, "--vary=skip=no,yes", "-o", "a.vtp", "--poster=a.png", "--size=640x400")
    assert made.code == 0, made.err
    assert [line.split()[0] for line in made.out.splitlines()] == ["a-1.vtp", "a-2.vtp", "a.png"]
    assert "is left out" not in made.err  # the poster has a size


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plane", "--metric=curvature", "-o", "a.vtp"), "a map of curvature is a picture"),
        (("curves", "-o", "a.ply"), "curves is no surface that 'a.ply' could hold"),
        (("plane", "-o", "a.vtp", "--max-mb=3"), "a size limit needs a film in one file"),
        (("plane", "-o", "a.vtp", "--poster=b.ply"), "unknown still format 'ply'"),
        (("plane", "-o", "none/a.vtp"), "does not exist; make it first"),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_line(
    folder: Path, run: Run, words: tuple[str, ...], said: str
) -> None:
    made = run(*words)
    assert made.code == 2
    assert said in made.err
    assert made.err.count("\n") == 1
    assert list(folder.iterdir()) == []


def test_a_name_is_found_and_the_numbers_are_told(folder: Path, run: Run) -> None:
    made = run("layers", *SMALL, "--init=he_normal", "--activation=relu")
    assert made.code == 0
    assert os.listdir(folder) == ["layers-relu-he_normal.png"]
    assert made.out.startswith("layers-relu-he_normal.png (")
    assert "relu, he_normal, activations, layers 1 to 2: deviation" in made.err
    made = run("curves", *LINES)
    assert "curves-adam.png" in made.out
    assert "first loss" in made.err
    assert "log 2" in made.err


def test_a_poster_is_the_still_of_the_film(folder: Path, run: Run) -> None:
    film = ("layers", *SMALL, "--epochs=2", "--frames=3")
    made = run(*film, "-o", "a.gif", "--poster", "a.png")
    assert [line.split()[0] for line in made.out.splitlines()] == ["a.gif", "a.png"]
    assert run("layers", *SMALL, "--epochs=2", "-o", "b.png").code == 0
    assert digest(folder / "a.png") == digest(folder / "b.png")


def test_kinds_of_pictures_mix_in_one_call(folder: Path, run: Run) -> None:
    (folder / "a.toml").write_text(
        'picture = "units"\ndata = "moons"\nnet = "5"\nsize = "400x300"\ninits = ["zero"]\n'
    )
    (folder / "b.toml").write_text(
        'kind = "still"\nsurface = "ravine"\nsize = "240x220"\nformat = "png"\n'
    )
    made = run("render", "a.toml", "b.toml")
    assert made.code == 0, made.err
    assert [line.split()[0] for line in made.out.splitlines()] == ["a.png", "b.png"]


def test_runs_of_a_file(folder: Path, run: Run) -> None:
    made = run("train", "--data=moons:rows=120", "--net=6", "--epochs=2", "--save", "runs.npz")
    assert made.code == 0, made.err
    drawn = run("curves", "--run=runs.npz", "--size=320x300", "-o", "a.png")
    assert drawn.code == 0, drawn.err
    assert read_any_recipe(read_recipe("a.png")).runs == ("runs.npz",)  # type: ignore[union-attr]


def test_runs_of_a_file_on_a_plane(folder: Path, run: Run) -> None:
    data = ("--data=moons:rows=120", "--net=6", "--epochs=2", "--activation=relu", "--float64")
    two = ("--opt=gd", "--opt=adam")
    assert run("train", *data, *two, "--save=runs.npz").code == 0
    plane = ("plane", "--resolution=9", "--size=700x500")
    drawn = run(*plane, "--run=runs.npz", "-o", "a.png")
    assert drawn.code == 0, drawn.err
    assert read_any_recipe(read_recipe("a.png")).runs == ("runs.npz",)  # type: ignore[union-attr]
    # As if it had been trained for the picture.
    assert drawn.err == run(*plane, *data, *two, "-o", "b.png").err
    assert "three runs: 2 came" in run(*plane, "--run=runs.npz", "--directions=solutions").err
    assert "--vary out" in run(*plane, "--run=runs.npz", "--vary=skip=no,yes").err
    (folder / "more.npz").write_bytes((folder / "runs.npz").read_bytes())
    again = run(*plane, "--run=runs.npz", "--run=more.npz", "-o", "c.png")
    assert "Adam 2: loss" in again.err
    assert run("train", "--data=iris", "--net=6", "--epochs=1", "--save=other.npz").code == 0
    assert "on the same data" in run(*plane, "--run=runs.npz", "--run=other.npz").err


def test_runs_whose_data_have_changed_are_refused(folder: Path, run: Run) -> None:
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(60, 2)), np.arange(60) % 2
    np.savez("own.npz", X=X, y=y)
    assert run("train", "--data=own.npz", "--net=4", "--epochs=1", "--save=runs.npz").code == 0
    np.savez("own.npz", X=X, y=1 - y)
    told = run("plane", "--run=runs.npz", "--resolution=5").err
    assert "own.npz is not what Adam was trained on" in told


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("layers", "--init", "glorot"), "did you mean glorot_normal"),
        (("layers", "--activation", "tahn"), "did you mean tanh"),
        (("layers", "--inits", "zero"), "--init"),
        (("layers", "--data", "digit"), "did you mean digits"),
        (("layers", "--net", "64;32"), "net is widths"),
        (("layers", "--epochs", "-1"), "epochs must be"),
        (("layers", "-o", "a.gif"), "add --epochs"),
        (("layers", "-o", "a.gfi", "--epochs", "1"), "did you mean .gif"),
        (("layers", "-o", "none/a.png"), "does not exist"),
        (("layers", "--size", "200x200"), "no room"),
        (("layers", "--title", "$x^$"), "formula that cannot be set"),
        (("layers", "extra"), "extra"),
        (("units", "--share", "2"), "share must be"),
        (("units", "--theme", "drak"), "did you mean dark"),
        (("units", "--max-mb", "1", "-o", "a.png"), "size limit"),
        (("curves", "--batch", "some"), "rows, or all"),
        (("curves", "--opt", "adamm"), "did you mean adam"),
        (("curves", "--opt", "bfgs"), "update rule"),
        (("curves", "--vary", "lr=a,b"), "learning rate must be"),
        (("curves", "--vary", "depth=1,2"), "depth"),
        (("curves", "--run", "none.npz"), "no file"),
        (("curves", "--show", "los"), "did you mean loss"),
        (("curves", "-o", "a.png", "--poster", "a.png"), "two names"),
        (("curves", "--fps", "0", "-o", "a.gif"), "fps must be"),
        (("curves", "--fps", "99", "-o", "a.gif"), "too fast"),
        (("plane", "--zoom", "2"), "add --view 3d"),
        (("plane", "--view", "3d", "--light", "1"), "not 2 numbers"),
        (("plane", "--view", "both", "--vary", "l2=0,1"), "no room for two views"),
        (("plane", "--view", "3d", "--metric", "curvature"), "drawn from above"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    args: tuple[str, ...], said: str, folder: Path, run: Run
) -> None:
    more = ("--data=moons",) if "--data" not in args and "--size" not in args else ()
    result = run(args[0], *more, *args[1:])
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.strip().count("\n") == result.err.count(" deviation ")
    assert os.listdir(folder) == []


def test_a_recipe_of_a_network_that_is_wrong(folder: Path, run: Run) -> None:
    (folder / "a.toml").write_text('picture = "layers"\nepoch = 3\n')
    result = run("render", "a.toml")
    assert (result.code, result.out) == (2, "")
    assert "unknown key of 'a.toml' 'epoch': did you mean epochs" in result.err
    assert os.listdir(folder) == ["a.toml"]


STILLS = ("stability", "sensitivity")


@pytest.mark.parametrize("name", PICTURES)
def test_every_key_is_an_option(name: str, run: Run) -> None:
    words = recipe_class(name)()._verb().split()
    told = run(*words, "--help")
    assert told.code == 0
    for one in recipe_class(name).key_fields():
        option = option_of(one)
        # Of a picture that is never a film, nobody is offered a film's options.
        wanted = name not in STILLS or not key_of(one).film
        assert not option or (f"{option} " in told.out) == wanted, option
    assert words[0] in cli.commands
    assert words[0] in run("--help").out


def test_an_interrupt_at_the_poster_does_not_deny_the_picture(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("landscape.pictures.make_picture", stop)
    stopped = run("layers", *SMALL, "-o", "a.png", "--poster", "b.png")
    assert stopped.code == 130
    assert stopped.err.endswith("landscape: interrupted, b.png was not written\n")
    assert os.listdir(folder) == ["a.png"]
