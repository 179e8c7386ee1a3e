"""Networks on one's own files: the file changed, gone, elsewhere; grids kept of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks import Network, dataset
from landscape.planes import NetworkPlane, random_plane
from landscape.planes.saved import compute_into, saved_plane
from tests.cli.conftest import Run

SMALL = ("--net=5", "--epochs=1", "--size=320x300")
CSV = "--data=sub/mine.csv,target=kind,missing=drop"
PLANE = ("plane", "--net=5", "--epochs=1", "--resolution=21", "--size=700x500")


def rows(count: int = 60) -> list[str]:
    draw = np.random.default_rng(1)
    x = draw.normal(size=(count, 2))
    return [f"{a!r},{b!r},{k},{'up' if a > b else 'down'}" for k, (a, b) in enumerate(x.tolist())]


def write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("one,two,number,kind\n" + "\n".join(lines) + "\n")


@pytest.fixture
def table(folder: Path) -> Path:
    path = folder / "sub" / "mine.csv"
    lines = rows()
    lines[4] = "," + lines[4].partition(",")[2]
    write(path, lines)
    return path


@pytest.fixture
def arrays(folder: Path) -> Path:
    path = folder / "mine.npz"
    x = np.random.default_rng(2).normal(size=(60, 3))
    np.savez(path, X=x, y=(x[:, 0] > 0).astype(int))
    return path


@pytest.mark.parametrize("name", ["layers", "units", "curves"])
def test_a_picture_carries_its_csv(
    name: str, folder: Path, table: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run(name, CSV, *SMALL[:1], *SMALL[2:], "--epochs=1", "-o", "own.svg")
    assert made.code == 0
    assert "1 of 60 rows lacks a value and is left out" in made.err
    assert "number,kind\n" in run("info", "own.svg").out
    first = (folder / "own.svg").read_bytes()
    changed = rows()
    changed[7] = "9,9,7,down"
    write(table, changed)
    (folder / "again").mkdir()
    again = run("render", "own.svg", "-o", "again")
    assert (again.code, (folder / "again" / "own.svg").read_bytes()) == (0, first)
    assert "own.svg: sub/mine.csv has changed since" in again.err
    assert "has changed since" in run("info", "own.svg").err
    table.unlink()
    monkeypatch.chdir(folder / "again")
    again = run("render", "../own.svg", "-o", ".")
    assert again.code == 0
    assert (folder / "again" / "own.svg").read_bytes() == first
    assert "changed" not in again.err


def test_arrays_are_known_again(folder: Path, arrays: Path, run: Run) -> None:
    assert run("curves", "--data=mine.npz", *SMALL, "-o", "own.svg").code == 0
    told = run("info", "own.svg")
    assert (told.err, 'table = "sha256:' in told.out) == ("", True)
    assert "# mine.npz is not in the recipe, which has the SHA-256" in told.out
    (folder / "again").mkdir()
    first = (folder / "own.svg").read_bytes()
    assert run("render", "own.svg", "-o", "again").code == 0
    assert (folder / "again" / "own.svg").read_bytes() == first
    held = dict(np.load(arrays))
    held["X"][3, 1] += 1e-9
    np.savez(arrays, **held)
    again = run("render", "own.svg", "-o", "again")
    assert again.code == 2
    assert "'own.svg': mine.npz has changed since the picture was made" in again.err
    assert "mine.npz has changed since" in run("info", "own.svg").err
    arrays.unlink()
    again = run("render", "own.svg", "-o", "again")
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert "cannot read mine.npz" in again.err


def test_a_recipe_s_data_lie_beside_it(folder: Path, run: Run) -> None:
    place = folder / "there"
    write(place / "mine.csv", rows())
    write(folder / "mine.csv", rows(40))  # here: looked up second
    (place / "a.toml").write_text(
        'picture = "curves"\ndata = "mine.csv,target=kind"\nnet = "5"\nepochs = 1\nformat = "svg"\n'
        'size = "320x300"\n'
    )
    assert run("render", "there/a.toml").code == 0
    assert run("info", "there/a.svg").out.count(",up\n") > 20
    (place / "mine.csv").unlink()
    assert run("render", "there/a.toml").code == 0
    found = run("info", "there/a.svg").out
    assert found.count(",up\n") + found.count(",down\n") == 40


def test_a_table_without_a_file_is_refused(folder: Path, run: Run) -> None:
    (folder / "a.toml").write_text('picture = "curves"\ndata = "moons"\ntable = "a,b\\n1,2\\n"\n')
    result = run("render", "a.toml")
    assert result.code == 2
    assert "its data are no file" in result.err


@pytest.mark.parametrize("kind", ["csv", "npz"])
def test_a_kept_plane_knows_its_data(kind: str, table: Path, arrays: Path, tmp_path: Path) -> None:
    spec = {"csv": f"{table},target=kind,missing=drop", "npz": str(arrays)}[kind]
    data = dataset(spec)
    network = Network((data.inputs, 4, 2))
    plane = NetworkPlane(
        network, data.X, data.y, random_plane(network, network.initial()), resolution=5
    )
    path = tmp_path / "plane.npz"
    compute_into(plane, data, path)
    value = plane.value_at(0.3, 0.4)
    assert saved_plane(path).value_at(0.3, 0.4) == value
    if kind == "csv":
        write(table, rows(50))
        assert saved_plane(path).value_at(0.3, 0.4) == value
        return
    held = dict(np.load(arrays))
    np.savez(arrays, X=held["X"] + 1, y=held["y"])
    with pytest.raises(LandscapeError, match=r"has changed since it was computed.*compute the pl"):
        saved_plane(path)


def test_what_is_kept_is_not_replaced(folder: Path, run: Run) -> None:
    moons = (*PLANE, "--data=moons:rows=100")
    assert run(*moons, "--save=a.npz", "-o", "a.png").code == 0
    before = (folder / "a.npz").read_bytes()
    assert run(*moons, "--save=a.npz", "-o", "a.png").code == 0  # the same work
    other = run(*moons, "--seed=1", "--save=a.npz", "-o", "b.png")
    assert (other.code, (folder / "a.npz").read_bytes()) == (2, before)
    assert "a.npz holds a grid of other work" in other.err
    (folder / "c.npz").write_bytes(b"mine")
    other = run(*moons, "--save=c.npz", "-o", "b.png")
    assert (other.code, (folder / "c.npz").read_bytes()) == (2, b"mine")
    assert other.err.startswith("landscape: c.npz is there and is no grid")  # before any work
    assert not (folder / "b.png").exists()


def test_an_interrupt_says_what_is_kept(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **more: object) -> None:
        raise KeyboardInterrupt

    moons = (*PLANE, "--data=moons:rows=100", "-o", "a.png")
    with monkeypatch.context() as patch:
        patch.setattr("landscape.planes.compute.fill", stop)
        stopped = run(*moons, "--save=a.npz")
        assert stopped.code == 130
        assert "kept in a.npz.journal, and the same command goes on" in stopped.err
        assert "no picture was written" in stopped.err
        assert "nothing was written" not in stopped.err
        patch.setattr("landscape.pictures.plane.compute_panel", stop)
        assert "nothing was written" in run(*moons).err
    with monkeypatch.context() as patch:
        patch.setattr("landscape.pictures.output.write_picture", stop)
        stopped = run(*moons, "--save=a.npz")
        assert stopped.code == 130
        assert "no picture was written; what is computed is kept in a.npz, and" in stopped.err
        again = run(*moons, "--save=a.npz")  # now it was there before
        assert "nothing was written" in again.err
    assert run(*moons, "--save=a.npz").code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["a.npz", "a.png"]


def test_the_grids_of_variants_are_kept_one_by_one(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    planes = (*PLANE, "--data=moons:rows=100", "--directions=random", "--vary=activation=tanh,relu")
    kept = ("--save=a.npz", "-o", "a.png")
    first = run(*planes, *kept)
    assert first.code == 0, first.err
    assert sorted(path.name for path in folder.iterdir()) == ["a-1.npz", "a-2.npz", "a.png"]
    assert saved_plane("a-2.npz").network.activation == "relu"
    with monkeypatch.context() as patch:
        patch.setattr("landscape.planes.compute.pieces", lambda *_: pytest.fail("again"))
        wide = run(*planes, "--save=a.npz", "--size=800x600", "-o", "b.png")
        assert wide.code == 0, wide.err
    (folder / "a-1.npz").write_bytes(b"mine")
    assert run(*planes, *kept).err.startswith("landscape: a-1.npz is there and is no grid")


def test_a_picture_of_a_kept_plane_knows_it_again(folder: Path, run: Run) -> None:
    place = folder / "there"
    place.mkdir()
    moons = (*PLANE, "--data=moons:rows=100", "--save=there/a.npz", "-o", "a.png")
    assert run(*moons).code == 0
    plot = ("plot", "--surface=plane:a.npz,metric=test_loss", "--size=300x300")
    (folder / "a.npz").write_bytes((place / "a.npz").read_bytes())
    assert run(*plot, "--opt=gd", "--steps=2", "-o", "there/p.svg").code == 0
    (folder / "a.npz").unlink()
    first = (place / "p.svg").read_bytes()
    (folder / "again").mkdir()
    assert run("render", "there/p.svg", "-o", "again").err == ""  # a.npz is beside the recipe
    assert (folder / "again" / "p.svg").read_bytes() == first
    told = run("info", "there/p.svg")
    assert (told.err, "# a.npz is not in the recipe" in told.out) == ("", True)
    (place / "a.npz").unlink()
    assert run(*moons, "--seed=3").code == 0
    again = run("render", "there/p.svg", "-o", "again")
    assert again.code == 2
    assert "a.npz holds another plane than when the picture was made" in again.err
    assert "holds another plane" in run("info", "there/p.svg").err
