from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from landscape.exporting import MESH_FORMATS
from tests.cli.conftest import Run

SADDLE = ("export", "--surface", "saddle", "--opt", "gd", "--opt", "adam", "--cells", "20")


@pytest.mark.parametrize("suffix", MESH_FORMATS)
def test_file_is_written_and_told(run: Run, folder: Path, suffix: str) -> None:
    done = run(*SADDLE, "-o", f"saddle.{suffix}")
    assert done.code == 0
    assert done.err.startswith("Adam: ")  # how it ended, as it left the surface
    assert done.out.startswith(f"saddle.{suffix} (")
    assert "surface, trail_gd, trail_adam, head_gd, head_adam, start" in done.out
    assert [path.name for path in folder.iterdir()] == [f"saddle.{suffix}"]


@pytest.mark.parametrize("suffix", MESH_FORMATS)
def test_info_prints_the_recipe(run: Run, suffix: str) -> None:
    run(*SADDLE, "-o", f"saddle.{suffix}")
    done = run("info", f"saddle.{suffix}")
    assert done.code == 0
    assert 'surface = "saddle"' in done.out
    assert 'view = "3d"' in done.out


@pytest.mark.parametrize("suffix", ["ply", "obj"])
@pytest.mark.parametrize("more", [(), ("--true", "--heights", "log", "--clip", "50")])
def test_command_in_the_file_makes_it_again(
    run: Run, folder: Path, suffix: str, more: tuple[str, ...]
) -> None:
    words = ("--surface", "rosenbrock", "--opt", "p = p - lr*g:lr=0.001", "--cmap", "viridis")
    run("export", *words, "--cells", "20", "--no-marks", *more, "-o", f"a.{suffix}")
    first = (folder / f"a.{suffix}").read_bytes()
    said = next(line for line in first.decode("latin-1").splitlines() if "landscape export" in line)
    command = shlex.split(said[said.index("landscape export") :])
    assert command[-2:] == ["-o", f"landscape.{suffix}"]
    assert run(*command[1:]).code == 0
    assert (folder / f"landscape.{suffix}").read_bytes() == first


def test_needle_is_told_of(run: Run) -> None:
    words = ("export", "--surface", "himmelblau", "--cells", "20", "-o", "a.vtp")
    done = run(*words, "--true")
    assert done.code == 0
    assert done.err.startswith("the surface is 12 x 12 x 2186 along x, y and height")
    assert "leave --true out" in done.err
    assert "or add --heights log" in done.err
    assert done.err.count("\n") == 1
    assert run(*words).err == ""
    assert run(*words, "--true", "--heights", "log").err == ""
    flat = run("export", "--surface", "x", "--bounds=-1,1,-1,1", "--cells", "20", "--true")
    assert flat.err == ""
    long = run("export", "--surface", "sin(x) + y", "--bounds=0,600,-1,1", "--cells=9", "--true")
    assert "height" in long.err
    assert "--heights" not in long.err  # it is x that is long
    same = run("export", "--surface", "0*x + 1", "--cells", "20", "--true")
    assert (same.code, same.err) == (0, "")


def test_defaults_to_ply(run: Run, folder: Path) -> None:
    assert run("export", "--surface", "x**2 + y**2", "--cells", "9").code == 0
    assert (folder / "landscape.ply").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "a.plt"), "did you mean .ply?"),
        (("-o", "a"), "choose .ply, .obj, .vtp"),
        (("-o", "a.png"), "landscape plot --view 3d"),
        (("-o", "a.gif"), "landscape animate --view 3d"),
        (("-o", "missing/a.ply"), "does not exist; make it first"),
        (("--cells", "1"), "2 to 2000 cells"),
        (("--cmap", "viridi"), "did you mean viridis"),
        (("--theme", "drak"), "did you mean dark?"),
        (("--heights", "logg"), "did you mean log?"),
        (("--clip=-100",), "above the minimum"),
    ],
)
def test_bad_input_is_one_line(run: Run, folder: Path, words: tuple[str, ...], said: str) -> None:
    done = run("export", "--surface", "saddle", *words)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert list(folder.iterdir()) == []


def test_bad_name_is_found_before_the_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import landscape.prepare

    def never(*args: object, **more: object) -> None:
        raise AssertionError

    monkeypatch.setattr(landscape.prepare, "prepare", never)
    assert run("export", "--surface", "saddle", "-o", "a.plyy").code == 2
