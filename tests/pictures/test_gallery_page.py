"""Every picture of a network is on the gallery's page, and the command there makes it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from landscape.animation.metadata import read_recipe
from landscape.cli import cli
from landscape.pictures import read_any_recipe, recipe_class
from landscape.pictures.output import kind_and_format
from landscape.pictures.recipe import PictureRecipe

GALLERY = Path(__file__).parents[2] / "gallery"
PAGE = (GALLERY / "README.md").read_text("utf-8")


def recipe_of(name: str) -> Any:
    return read_any_recipe((GALLERY / f"{name}.toml").read_text("utf-8"), name)


NAMES = sorted(
    path.stem for path in GALLERY.glob("*.toml") if isinstance(recipe_of(path.stem), PictureRecipe)
)


def test_the_network_part_of_the_lecture_is_there() -> None:
    assert {recipe_of(name).picture for name in NAMES} == {
        "layers",
        "units",
        "curves",
        "plane",
        "profile",
        "basins",
        "stability",
        "sensitivity",
        "swarm",
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_command_on_the_page_makes_the_picture(name: str) -> None:
    recipe = recipe_of(name)
    found = re.search(rf"\({name}\.{recipe.format}\)\n\n(?:.+\n)+\n    (landscape .+)\n", PAGE)
    assert found is not None, f"{name} is not on the page"
    _, command, *words = shlex.split(found[1])
    commands = cli.commands
    if command == "map":
        group = commands[command]
        assert isinstance(group, click.Group)
        commands, (command, *words) = group.commands, words
    values = commands[command].make_context(command, words).params
    output = values.pop("output", None)
    for key in ("max_mb", "poster", "save", "keep"):
        values.pop(key, None)
    kind, suffix = ("still", "png") if output is None else kind_and_format(output)
    chosen: Any = recipe_class(command)
    made = chosen(kind=kind, format=suffix, **values)
    assert made == recipe


@pytest.mark.parametrize("name", [n for n in NAMES if recipe_of(n).picture in ("plane", "profile")])
def test_the_picture_carries_its_recipe(name: str) -> None:
    recipe = recipe_of(name)
    picture = GALLERY / f"{name}.{recipe.format}"
    found: Any = read_any_recipe(read_recipe(str(picture)))
    if found.picture == "plane":  # the camera that a recipe leaves open is found when it is drawn
        assert found.view == "contour" or None not in (found.elevation, found.azimuth)
        asked: Any = recipe
        found = found.with_(elevation=asked.elevation, azimuth=asked.azimuth)
    assert found == recipe, "render the gallery again"
    assert picture.stat().st_size < 3e6
