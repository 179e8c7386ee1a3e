"""A picture of a CSV file is made again anywhere: the file deleted, moved, changed, too large."""

from __future__ import annotations

import base64
import shlex
import zlib
from pathlib import Path

import numpy as np
import pytest

import landscape as ls
from landscape.animation.metadata import read_recipe
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.render import write_film, write_still
from tests.cli.conftest import Run
from tests.cli.test_round_trips import FILMS, STILLS, digest, name_of

ARGS = ("--opt=gd:lr=0.1", "--opt=adam", "--steps=3", "--size=260x220")
SURFACE = "--surface=data:sub/mine.csv,target=y,feature=my x"


def write(path: Path, rows: int = 200, seed: int = 0) -> None:
    draw = np.random.default_rng(seed)
    x, z = draw.normal(size=rows), draw.normal(size=rows)
    y = 2 * x + z + draw.normal(size=rows)
    lines = [
        f"{k},{a!r},{b!r},{c!r}"
        for k, (a, b, c) in enumerate(zip(*map(np.ndarray.tolist, (x, z, y)), strict=True))
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text(",my x,z,y\n" + "\n".join(lines) + "\n")


@pytest.fixture
def table(folder: Path) -> Path:
    path = folder / "sub" / "mine.csv"
    write(path)
    return path


@pytest.mark.parametrize("kind", FILMS + STILLS)
def test_a_picture_without_its_file(
    kind: str, folder: Path, table: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = folder / name_of(kind)
    verb = "animate" if kind in FILMS else "plot"
    assert run(verb, SURFACE, *ARGS, "-o", made.name).code == 0
    first = digest(made)
    table.unlink()
    other = folder / "other"
    (other / "new").mkdir(parents=True)
    monkeypatch.chdir(other)
    told = run("info", f"../{made.name}")
    assert told.code == 0
    assert told.err == ""
    again = run("render", f"../{made.name}", "-o", "new")
    assert again.code == 0, again.err
    assert again.err == ""
    assert digest(other / "new" / made.name) == first
    if kind in ("gif", "svg"):  # a recipe is the same text in every kind
        (other / "picture.toml").write_text(told.out)
        again = run("render", "picture.toml")
        assert again.code == 0, again.err
        assert again.err == ""
        assert digest(other / f"picture.{kind}") == first


def test_the_command_works_where_the_file_is(folder: Path, table: Path, run: Run) -> None:
    assert run("animate", SURFACE, *ARGS, "-o", "a.gif").code == 0
    told = run("info", "a.gif").out.splitlines()
    words = shlex.split(told[0].removeprefix("# "))
    assert not any("table" in word for word in words)
    assert told[1].startswith("# The command reads sub/mine.csv")
    assert run(*words[1:], "-o", "b.gif").code == 0
    assert digest(folder / "a.gif") == digest(folder / "b.gif")


def test_a_file_that_has_changed(folder: Path, table: Path, run: Run) -> None:
    assert run("plot", SURFACE, *ARGS, "-o", "a.png").code == 0
    first = digest(folder / "a.png")
    write(table, seed=1)
    (folder / "new").mkdir()
    again = run("render", "a.png", "-o", "new")
    assert again.code == 0
    assert again.err.count("\n") == 1
    assert "a.png: sub/mine.csv has changed since" in again.err
    assert digest(folder / "new" / "a.png") == first
    # Columns that the picture does not show may change.
    write(table)
    lines = table.read_text().replace(",z,", ",zeta,").splitlines()
    table.write_text("\n".join(line + "," for line in lines))
    assert run("render", "a.png", "-o", "new").err == ""
    told = run("info", "a.png").out
    (folder / "a.toml").write_text("\n".join(k for k in told.splitlines() if "zlib:" not in k))
    write(table, seed=1)
    assert run("render", "a.toml").code == 0
    assert digest(folder / "a.png") != first


GRIDS = {
    "scaling": ("--grid=scaling=raw,standard", "--surface=data:sub/mine.csv,target=y,feature=z"),
    "feature": ("--grid=feature=my x,z", "--surface=data:sub/mine.csv,target=y,feature=z"),
    "target": ("--grid=target=y,z", "--surface=data:sub/mine.csv,target=y,feature=my x"),
    "model": ("--grid=model=linear,tanh_unit", SURFACE),
    "batch": ("--grid=lr=0.1,0.2", SURFACE, "--batch=10", "--batch-lines"),
    "bounds": ("--grid=scaling=raw,minmax", SURFACE, "--bounds=-9,9,-9,9"),
}


@pytest.mark.parametrize("more", GRIDS.values(), ids=GRIDS)
def test_grids_carry_what_any_panel_shows(
    more: tuple[str, ...], folder: Path, table: Path, run: Run
) -> None:
    args = (*more, "--opt=gd:lr=0.1", "--steps=2", "--size=420x300")
    made = run("animate", *args, "-o", "a.gif")
    assert made.code == 0, made.err
    table.unlink()
    (folder / "new").mkdir()
    again = run("render", "a.gif", "-o", "new")
    assert again.code == 0, again.err
    assert digest(folder / "a.gif") == digest(folder / "new" / "a.gif")


def test_a_large_table_is_known_again(folder: Path, run: Run) -> None:
    big = folder / "sub" / "mine.csv"
    write(big, rows=20_000)
    assert run("plot", SURFACE, *ARGS, "-o", "a.png").code == 0
    first = digest(folder / "a.png")
    assert (folder / "a.png").stat().st_size < 100_000
    assert 'table = "sha256:' in run("info", "a.png").out
    (folder / "new").mkdir()
    assert run("render", "a.png", "-o", "new").code == 0
    assert digest(folder / "new" / "a.png") == first
    text = big.read_text()
    big.write_text(text.replace("\n7,", "\n7,1"))
    changed = run("render", "a.png", "-o", "new")
    assert changed.code == 2
    assert "mine.csv has changed since" in changed.err
    assert "bring the old file back" in changed.err
    big.unlink()
    gone = run("render", "a.png", "-o", "new")
    assert gone.code == 2
    assert "no file sub/mine.csv, and its table is too large" in gone.err
    assert digest(folder / "new" / "a.png") == first


def test_a_recipe_s_file_lies_beside_it(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'kind = "still"\nformat = "png"\nsteps = 2\nsize = "260x220"\noptimizers = ["gd"]\n'
    text += 'surface = "data:mine.csv,target=y,feature=z"\n'
    recipes = folder / "sub"
    write(recipes / "mine.csv")
    write(folder / "mine.csv", seed=1)
    (recipes / "a.toml").write_text(text)
    (folder / "b.toml").write_text(text)
    # Beside the recipe first, wherever the command runs.
    assert run("render", "sub/a.toml").code == 0
    monkeypatch.chdir(recipes)
    assert run("render", "a.toml", "-o", "..").code == 0
    assert digest(recipes / "a.png") == digest(folder / "a.png")
    assert run("render", "../b.toml").code == 0
    assert digest(folder / "b.png") != digest(folder / "a.png")
    # Then in the working directory.
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "c.toml").write_text(text)
    assert run("render", "../elsewhere/c.toml").code == 0
    assert digest(folder / "elsewhere" / "c.png") == digest(folder / "a.png")
    monkeypatch.chdir(folder / "elsewhere")
    lost = run("render", "c.toml")
    assert lost.code == 2
    assert "there is no file mine.csv beside the recipe or here" in lost.err


def test_tables_by_hand(folder: Path, run: Run) -> None:
    text = 'kind = "still"\nformat = "png"\nsteps = 2\nsize = "260x220"\noptimizers = ["gd"]\n'
    text += 'surface = "data:mine.csv,target=y"\n'
    bomb = "zlib:" + base64.b64encode(zlib.compress(b"x,y\n" + b"1,2\n" * 10_000_000)).decode()
    (folder / "a.toml").write_text(text + 'table = """\nx, y\n1, 2\n2, 3\n3, 5\n"""\n')
    assert run("render", "a.toml").code == 0
    for table, said in (
        (bomb, "more than 4 MB"),
        ("zlib:AAAA", "damaged"),
        ("x,z\\n1,2\\n2,3\\n3,5\\n", "unknown column"),
        ("x,y\\n1,2\\n2,Paris\\n3,5\\n", "'Paris' came in line 3"),
        ("sha256:00:x,y", "no file mine.csv"),
        ("a\\u0000b", "cannot be printed"),
    ):
        (folder / "b.toml").write_text(f'{text}table = "{table}"\n')
        wrong = run("render", "b.toml")
        assert wrong.code == 2
        assert said in wrong.err
        assert "b.toml" in wrong.err
        assert wrong.err.count("\n") == 1
        assert run("info", "b.toml").code == (2 if "printed" in said else 0)
    (folder / "b.toml").write_text('surface = "ravine"\ntable = "x,y\\n1,2\\n2,3\\n3,5\\n"\n')
    wrong = run("render", "b.toml")
    assert wrong.code == 2
    assert "goes with a CSV file" in wrong.err


def test_in_python(folder: Path, table: Path) -> None:
    film = ls.animate("data:sub/mine.csv,target=y,feature=z", "gd:lr=0.1", steps=2, size="260x220")
    film.save("a.gif")
    where = ls.surface("data:sub/mine.csv,target=y,feature=z", bounds=(-4, 4, -4, 4))
    ls.animate(where, "gd:lr=0.1", steps=2, size="260x220").save("b.svg")
    table.unlink()
    write_film(prepare(Recipe.from_toml(read_recipe("a.gif"))), "again.gif")
    assert digest(folder / "a.gif") == digest(folder / "again.gif")
    write_still(prepare(Recipe.from_toml(read_recipe("b.svg"))), "again.svg")
    assert digest(folder / "b.svg") == digest(folder / "again.svg")
    # The surface needs its file no more, nor do its variants.
    film = ls.animate(where, "gd", steps=2, size="420x300", grid="scaling=raw,standard")
    assert film.recipe.table.startswith("zlib:")
    assert "zlib" not in repr(film.recipe)


def test_rows_left_out_are_counted(folder: Path, run: Run) -> None:
    (folder / "mine.csv").write_text("x,y\n1,2\n2,\n3,5\n4,6\n,7\n")
    refused = run("plot", "--surface=data:mine.csv,target=y", *ARGS, "-o", "a.png")
    assert refused.code == 2
    assert "missing=drop" in refused.err
    made = run("plot", "--surface=data:mine.csv,target=y,missing=drop", *ARGS, "-o", "a.png")
    assert made.code == 0
    assert "2 rows of 5 have no value and are left out" in made.err
    (folder / "mine.csv").unlink()
    (folder / "new").mkdir()
    assert run("render", "a.png", "-o", "new").code == 0
    assert digest(folder / "a.png") == digest(folder / "new" / "a.png")
