"""Whatever is wrong: one line on stderr, exit code 2, nothing on stdout, nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SMALL = ("--steps", "2", "--size", "200x200")

# Arguments, and what the line must say.
TABLE: list[tuple[tuple[str, ...], str]] = [
    # names
    (("animate", "--surface", "ravin"), "did you mean ravine"),
    (("animate", "--opt", "momentun"), "did you mean momentum"),
    (("animate", "--opt", ""), "a name or a formula was wanted"),
    (("animate", "--opts", "adam"), "--opt"),
    (("animate", "--theme", "drak"), "did you mean dark"),
    (("animate", "--levels", "lgo"), "did you mean log"),
    (("animat",), "animate"),
    (("animate", "extra"), "extra"),
    (("surfaces", "ravin"), "did you mean ravine"),
    (("optimizers", "adamm"), "did you mean adam"),
    (("completion", "bsah"), "bash"),
    (("descend", "--surface", "ravin"), "did you mean ravine"),
    (("animate", "--surface", "ravine:kapa=3"), "did you mean kappa"),
    (("animate", "--opt", "momentum:form=troch"), "did you mean torch"),
    (("animate", "--opt", "adam:beta3=1"), "beta"),
    (("animate", "--surface", "python:f"), "made in Python"),
    (("animate", "--opt", "python:f"), "made in Python"),
    # formulas
    (("animate", "--surface", "x+"), "cannot read"),
    (("animate", "--surface", "__import__('os')"), "unknown function"),
    (("animate", "--surface", "9**9**9**9"), "finite"),
    (("animate", "--surface", "x+z"), "unknown name 'z'"),
    (("animate", "--surface", ""), "a name or a formula was wanted"),
    (("animate", "--surface", "sqrt(-1-x*x)"), "no finite value"),
    (("plot", "--surface", "log(-1-x*x-y*y)"), "no finite value"),
    (("plot", "--surface", "log(x)+y", "--start", "0,0"), "no finite value"),
    (("animate", "--opt", "p = "), "cannot read"),
    (("animate", "--opt", "p = q"), "needs a value for q"),
    (("animate", "--schedule", "lr0*"), "schedule"),
    (("animate", "--schedule", "lr0/t"), "inf"),
    # numbers
    *[
        (("animate", f"--{name}={value}"), f"{name} must be")
        for name, values in {
            "steps": ("0", "-5", "99999999999"),
            "fps": ("0", "1000", "nan", "inf", "-3"),
            "speed": ("0", "-1", "9999999"),
            "count": ("1", "1000"),
            "hold": ("-1", "inf", "nan", "1e9"),
            "loop": ("-1", "99999"),
            "colors": ("1", "300"),
            "scale": ("0", "2", "nan"),
            "noise": ("-1", "nan", "inf"),
            "seed": ("-1", "9" * 30),
            "start": ("nan,1", "1,inf", "1e200,1"),
            "bounds": ("nan,1,0,1", "0,1e200,0,1"),
        }.items()
        for value in values
    ],
    (("animate", "--steps", "1e3"), "--steps"),
    (("animate", "--start", "1"), "2 numbers"),
    (("animate", "--start", "1,2,3"), "2 numbers"),
    (("animate", "--start", "a,b"), "2 numbers"),
    (("animate", "--bounds", "1,0,0,1"), "x0 < x1"),
    (("animate", "--bounds", "0,0,1,1"), "x0 < x1"),
    (("animate", "--bounds", "0,1e-320,0,1e-320"), "too narrow"),
    (("animate", "--bounds", "1,1.0000000000000002,0,1"), "too narrow"),
    (("animate", "--surface", "ravine:kappa=nan"), "finite"),
    (("animate", "--opt", "momentum:lr=nan"), "finite"),
    (("animate", "--opt", "momentum:lr=-1"), "above 0"),
    (("animate", "--opt", "momentum:lr="), "key=value"),
    *[(("animate", "--max-mb", mb), "size limit") for mb in ("0", "-1", "nan", "inf", "1e300")],
    (("animate", "--max-mb", "1e-6", *SMALL), "smallest"),
    # three dimensions
    (("animate", "--orbit", "360"), "add --view 3d"),
    (("plot", "--no-floor"), "floor is of pictures in three dimensions"),
    (("animate", "--view", "3d", "--orbit", "90", "--sway", "10"), "--orbit or --sway"),
    (("plot", "--view", "both", "--grid", "mu=0.5,0.9", "--opt", "momentum"), "--view 3d"),
    (("plot", "--view", "space"), "choose from contour, 3d, both"),
    (("plot", "--view", "3d", "--light", "30"), "2 numbers"),
    (("plot", "--view", "3d", "--elevation", "100"), "elevation must be"),
    (("plot", "--view", "3d", "--orbit", "90"), "--orbit"),
    # sizes
    *[
        (("animate", "--size", size), "size")
        for size in ("1x1", "100000x100000", "slid", "800", "1x2x3", "-5x600", "800x", "nan")
    ],
    (("animate", "--size", "200x200", "--scale", "0.1"), "no room"),
    (("plot", "--size", "200x200", *["--opt=gd"] * 16), "no room"),
    (("plot", *["--opt=gd"] * 17), "16 optimizers"),
    (("animate", "--steps", "10000000"), "--speed 101"),
    # the fps that a format cannot hold
    (("animate", "--fps", "60"), "50"),
    (("animate", "--fps", "60", "-o", "a.gif"), "50"),
    (("animate", "--fps", "95", "-o", "a.webp"), "90"),
    (("animate", "--max-mb", "1", "-o", "frames"), "folder of frames"),
    # texts that cannot be set
    (("animate", "--title", "$x_$"), "title"),
    (("plot", "--caption", r"$\frac$"), "caption"),
    (("plot", "--opt", r"gd:lr=0.01,label=$\frac$"), "label"),
    (("plot", "--title", "a\x01b"), "title"),
    (("plot", "--title", "a\udcffb"), "title"),
    (("plot", "--title", "損失"), "no letter"),
    # paths
    (("animate", "-o", "film.gfi"), "did you mean .gif"),
    (("animate", "-o", "film.gif."), "dot"),
    (("animate", "-o", "film.svg"), "landscape plot"),
    (("animate", "-o", ""), "no file name"),
    (("animate", "-o", "/"), "folder"),
    (("animate", "-o", "."), "folder"),
    (("animate", "-o", "nowhere/film.gif"), "does not exist"),
    (("animate", "-o", "folder.gif"), "is a folder"),
    (("animate", "-o", "folder"), "holds other files"),
    (("animate", "-o", "plain.png/film.gif"), "not a folder"),
    (("animate", "-o", "/dev/null"), "cannot write"),
    (("animate", "-o", "a" * 300 + ".gif"), "name"),
    (("animate", "--poster", "p.gif"), "landscape animate"),
    (("animate", "--poster", "nowhere/p.png"), "does not exist"),
    (("animate", "-o", "a.png", "--poster", "./a.png"), "two names"),
    (("plot", "-o", "film.gif"), "landscape animate"),
    (("plot", "-o", "nowhere/x.png"), "does not exist"),
    (("descend", "-o", "x.txt"), ".csv or .npz"),
    (("descend", "-o", ""), ".csv or .npz"),
    (("descend", "-o", "nowhere/x.csv"), "does not exist"),
    # recipes
    (("render",), "FILE"),
    (("render", "none.toml"), "No such file"),
    (("render", "random.toml"), "UTF-8"),
    (("render", "huge.toml"), "UTF-8"),
    (("render", "deep.toml"), "no TOML"),
    (("render", "zeros.toml"), "no TOML"),
    (("render", "slip.toml"), "did you mean surface"),
    (("render", "good.toml", "slip.toml"), "did you mean surface"),
    (("render", "good.toml", "./good.toml"), "same file"),
    (("render", "good.toml", "-o", "nowhere"), "nowhere"),
    (("render", "fast.toml"), "50"),
    (("render", "python.toml"), "made in Python"),
    (("render", "folder.toml"), "directory"),
    (("info", "none.gif"), "no such file"),
    (("info", "none"), "no such file"),
    (("info", "random.gif"), "damaged"),
    (("info", "plain.png"), "no recipe"),
    (("info", "folder"), "no recipe"),
    (("info", "notes.txt"), "unknown picture format"),
]


@pytest.fixture
def litter(folder: Path) -> set[str]:
    """Put the files of the table into `folder`; return their names."""
    from PIL import Image

    for name in ("folder.gif", "folder.toml", "folder"):
        (folder / name).mkdir()
    (folder / "folder" / "mine.txt").write_text("keep")
    noise = bytes(range(255, -1, -1)) * 8
    (folder / "random.toml").write_bytes(noise)
    (folder / "random.gif").write_bytes(noise)
    (folder / "huge.toml").write_bytes(noise * 5000)
    (folder / "deep.toml").write_text("a = " + "[" * 100_000)
    (folder / "zeros.toml").write_bytes(b"\0" * 100)
    (folder / "slip.toml").write_text('surfaec = "ravine"')
    (folder / "good.toml").write_text('surface = "ravine"\nsteps = 2\nsize = "200x200"')
    (folder / "fast.toml").write_text("fps = 60")
    (folder / "python.toml").write_text('surface = "python:f"')
    (folder / "notes.txt").write_text("hello")
    Image.new("RGB", (9, 9)).save(folder / "plain.png")
    return set(os.listdir(folder))


@pytest.mark.parametrize(
    ("args", "said"), TABLE, ids=lambda v: v if isinstance(v, str) else " ".join(v)[:60]
)
def test_one_line_and_nothing_else(
    args: tuple[str, ...], said: str, litter: set[str], folder: Path, run: Run
) -> None:
    result = run(*args)
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("landscape: ")
    assert result.err.count("\n") == 1
    assert result.err.endswith("\n")
    assert said in result.err
    assert len(result.err) < 1000
    assert set(os.listdir(folder)) == litter
    assert os.listdir(folder / "folder") == ["mine.txt"]


TOML_SLIPS = {
    "steps = 1.5": "steps must be a whole number",
    "steps = true": "steps must be",
    'steps = "10"': "steps must be",
    "fps = nan": "fps must be",
    "start = [1]": "start must be 2 numbers",
    'start = ["a", "b"]': "start must be",
    "bounds = [0, 1, 2]": "bounds must be 4 numbers",
    "optimizers = [1]": "optimizers must be",
    "fill = 1": "fill must be true or false",
    "title = 3": "title must be a text",
    'kind = "flim"': "did you mean film",
    'format = "gfi"': "did you mean gif",
    'kind = "still"': "unknown still format",
    "format = 3": "format must be a text",
    f"steps = {10**4000}": "steps must be",
    "[landscape]\nx = 1\n[surface]": "surface must be a text",
    'surface = "ravine"\nsurface = "beale"': "no TOML",
}


@pytest.mark.parametrize("text", TOML_SLIPS)
def test_wrong_values_in_a_recipe_name_their_key(text: str, folder: Path, run: Run) -> None:
    (folder / "r.toml").write_text(text)
    result = run("render", "r.toml")
    assert result.code == 2
    assert result.err.startswith("landscape: 'r.toml'")
    assert TOML_SLIPS[text] in result.err
    assert result.err.count("\n") == 1
    assert len(result.err) < 400
    assert os.listdir(folder) == ["r.toml"]


def test_no_command_shows_the_help_and_fails(run: Run) -> None:
    result = run()
    assert result.code == 2
    assert "Commands:" in result.err


UNUSUAL = {
    "constant": ("animate", "--surface", "3", "--start", "1,1", "--opt", "gd:lr=1"),
    "all out of bounds": ("animate", "--bounds", "50,51,50,51"),
    "diverges at once": ("animate", "--opt", "gd:lr=1e308"),
    "steps < speed": ("animate", "--speed", "1000"),
    "one step": ("animate", "--steps", "1", "--opt", "adam"),
    "huge values": ("animate", "--surface", "exp(1000*x)", "--start", "0.1,0.1"),
    "finite in part": ("animate", "--surface", "log(x) + y**2", "--start", "1,1"),
    "a dollar alone": ("animate", "--caption", "$5"),
    "sixteen rules": ("animate", "--size=640x360", *["--opt=gd"] * 16),
}


@pytest.mark.parametrize("args", UNUSUAL.values(), ids=UNUSUAL)
def test_the_unusual_is_no_error(args: tuple[str, ...], folder: Path, run: Run) -> None:
    more = [] if any("--size" in arg for arg in args) else ["--size=240x200"]
    steps = [] if "--steps" in args else ["--steps=3"]
    result = run(*args, *more, *steps, "-o", "a.gif")
    assert result.code == 0, result.err
    assert "Traceback" not in result.err
    assert os.listdir(folder) == ["a.gif"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plot", "-s", "saddle", "--orbit", "3"), "--orbit is of landscape animate: take"),
        (("plot", "-s", "saddle", "--fps", "9"), "landscape animate … --fps"),
    ],
)
def test_an_option_of_the_other_command_is_told(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from landscape.cli.commands import run

    assert run(words) == 2
    assert said in capsys.readouterr().err


def test_of_many_names_some_are_listed() -> None:
    from landscape.errors import unknown_name

    names = [f"name{k}" for k in range(40)]
    told = str(unknown_name("colormap", "zz", names))
    assert "name11 and 28 more (https://" in told
    assert "name12" not in told
    assert str(unknown_name("x", "zz", names[:12])).endswith("name11")


@pytest.mark.parametrize(("view", "times"), [("3d", 1), ("both", 0), ("contour", 0)])
def test_no_fill_is_told_to_mean_nothing_in_three_dimensions(
    view: str, times: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from landscape.cli.commands import run

    out = str(tmp_path / "a.png")
    assert run(("plot", "-s", "saddle", "--view", view, "--no-fill", "-o", out)) == 0
    assert capsys.readouterr().err.count("--no-fill") == times
