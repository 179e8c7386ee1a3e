"""The options of a surface's pictures are the keys of their recipe."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click
import pytest
from click.shell_completion import BashComplete

from landscape.cli import cli
from landscape.cli.numbers import descend
from landscape.cli.options import options_of
from landscape.cli.pictures import animate, plot
from landscape.cli.plane import plane
from landscape.keys import key_of, option_of
from landscape.recipe import Recipe
from tests.cli.conftest import Run

# What is no key: the file that is written. What no option says: the file's name does, or the data.
FILE = {"--max-mb", "--poster", "--output", "--help"}
UNSAID = {"kind", "table", "format"}


def options(command: click.Command) -> dict[str, click.Option]:
    """The long options of a command."""
    params = command.get_params(click.Context(command, help_option_names=["--help"]))
    found = [one for one in params if isinstance(one, click.Option)]
    return {name: one for one in found for name in one.opts if name.startswith("--")}


def test_every_key_has_an_option_and_every_option_a_key() -> None:
    keys = {option_of(one): one for one in fields(Recipe)}
    assert {one.name for one in fields(Recipe) if not option_of(one)} == UNSAID
    others = {name for one in fields(Recipe) for name in key_of(one).also if name[:2] == "--"}
    assert set(options(animate)) - FILE == {name for name in keys if name} | others
    films = {option_of(one) for one in fields(Recipe) if key_of(one).film}
    assert set(options(animate)) - set(options(plot)) == films | {"--max-mb", "--poster"}
    for name, option in options(animate).items():
        assert name in FILE or option.help


def test_options_begin_with_the_defaults_of_the_recipe() -> None:
    read = animate.make_context("animate", []).params
    plain = Recipe()
    for one in fields(Recipe):
        if option_of(one) and one.name != "start":  # the option is that of `starts`
            assert read[one.name] == getattr(plain, one.name), one.name


def test_descend_has_the_options_that_decide_the_paths() -> None:
    assert list(options(descend)) == [
        *("--surface", "--opt", "--start", "--fan", "--steps", "--lr", "--schedule", "--batch"),
        *("--batch-lines", "--noise", "--seed", "--grid", "--bounds", "--output", "--help"),
    ]


def test_the_order_is_paths_looks_films_and_three_dimensions() -> None:
    names = list(options(animate))
    for first, second in (
        ("--bounds", "--levels"),
        ("--scale", "--fps"),
        ("--colors", "--view"),
        ("--cmap", "--max-mb"),
    ):
        assert names.index(second) == names.index(first) + 1


def test_those_of_planes_are_the_plane_looks_films_and_three_dimensions() -> None:
    names = list(options(plane))
    for first, second in (("--curve", "--title"), ("--colors", "--view"), ("--cmap", "--max-mb")):
        assert names.index(second) == names.index(first) + 1
    assert names[-2:] == ["--save", "--help"]


def test_panel_is_another_name_of_curve() -> None:
    read = animate.make_context("animate", ["--panel=loss", "--curve=rate"]).params
    assert read["curves"] == ("loss", "rate")


def test_numbers_may_begin_with_a_dash() -> None:
    words = ["--light", "-30,20", "--azimuth", "-20", "--start", "-1,2", "--start", "3,-4"]
    read = animate.make_context("animate", words).params
    assert (read["light"], read["azimuth"]) == ((-30.0, 20.0), -20.0)
    assert read["starts"] == ((-1.0, 2.0), (3.0, -4.0))


def test_the_help_says_choices_and_defaults(run: Run) -> None:
    said = run("animate", "--help").out
    for part in (
        "-s, --surface NAME|FORMULA",
        "--start X,Y ",
        "--batch-lines ",
        "--beside / --beneath",
        "--curve, --panel [loss|gradient|rate]",
        "--view [contour|3d|both]",
        "--contours / --no-contours",
        "--drop / --no-drop",
        "--light AZ,EL",
        "[default: -45,50]",
        "Seed of noise and batches.  [default: 0]",
    ):
        assert part in said
    assert said.count("--start ") == 1


def completed(*words: str) -> list[str]:
    shell = BashComplete(cli, {}, "landscape", "_LANDSCAPE_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("animate", "--surface", "him"), ["himmelblau"]),
        (("animate", "--schedule", "cos"), ["cosine"]),
        (("animate", "--theme", "d"), ["dark"]),
        (("plot", "--view", ""), ["contour", "3d", "both"]),
        (("plot", "--panel", "l"), ["loss"]),
        (("animate", "--hid"), ["--hidden"]),
        (("descend", "--opt", "momen"), ["momentum"]),
        (("descend", "--opt", "bf"), ["bfgs"]),
        (("curves", "--opt", "momen"), ["momentum"]),
        (("curves", "--opt", "bf"), []),  # a solver trains no network
        (("layers", "--opt", "momen"), ["momentum"]),
        (("layers", "--activation", "ta"), ["tanh"]),
        (("plane", "--schedule", "cos"), ["cosine"]),
        (("plane", "--view", ""), ["contour", "3d", "both"]),
    ],
)
def test_values_complete(words: tuple[str, ...], found: list[str]) -> None:
    assert completed(*words) == found


def test_options_of_keys_leave_out_what_no_command_line_says() -> None:
    names: list[Any] = [one.name for one in options_of(Recipe.key_fields())]
    assert not UNSAID & set(names)
    assert len(set(names)) == len(names)
