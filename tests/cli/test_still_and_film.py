"""A film, its poster and its still: one training, one camera."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landscape.animation.metadata import read_recipe
from landscape.pictures import make_picture, plane_panel, prepare_picture, read_any_recipe
from landscape.pictures.output import write_picture
from landscape.pictures.plane_recipe import PlaneRecipe
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.render import write_film, write_still
from tests.cli.conftest import Run

PLANE: dict[str, Any] = {
    "data": "moons:rows=120", "net": "6", "optimizers": ("gd:lr=0.5",), "epochs": 2,
    "resolution": 11, "size": "640x480", "frames": 4,
}  # fmt: skip
ORBIT: dict[str, Any] = {"view": "3d", "orbit": 70.0}


def recipe_in(path: Path) -> Any:
    """Return the recipe that a picture carries."""
    return read_any_recipe(read_recipe(path))


def test_the_camera_that_a_film_has_chosen_stands_in_its_recipe(tmp_path: Path) -> None:
    keys: dict[str, Any] = {"surface": "himmelblau", "optimizers": ("gd:lr=0.01",), "steps": 3}
    ready = prepare(Recipe(kind="film", format="gif", size="320x300", **keys, **ORBIT))
    assert (ready.recipe.elevation, ready.recipe.azimuth) == (None, None)
    write_film(ready, tmp_path / "a.gif")
    write_still(ready, tmp_path / "poster.png")
    film, poster = recipe_in(tmp_path / "a.gif"), recipe_in(tmp_path / "poster.png")
    assert film.elevation == poster.elevation is not None
    turned = (film.azimuth + 70.0 - poster.azimuth) % 360
    assert turned == pytest.approx(0.0, abs=1e-9)
    # What is made again of either is seen alike.
    write_still(prepare(poster), tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "poster.png").read_bytes()


def test_a_planes_film_and_its_still_are_one_training_seen_by_one_camera(tmp_path: Path) -> None:
    recipe = PlaneRecipe(kind="film", format="gif", **PLANE, **ORBIT)
    ready = prepare_picture(recipe)
    assert ready.alike
    write_picture(ready, tmp_path / "a.gif")
    write_picture(ready.still("png"), tmp_path / "still.png")
    film, still = recipe_in(tmp_path / "a.gif"), recipe_in(tmp_path / "still.png")
    assert film.elevation == still.elevation is not None
    assert (film.azimuth + 70.0 - still.azimuth) % 360 == pytest.approx(0.0, abs=1e-9)
    make_picture(still, tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "still.png").read_bytes()


def test_a_poster_costs_no_second_training(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []
    compute = plane_panel.compute_panel

    def counted(*args: Any) -> Any:
        trained.append(args[1])
        return compute(*args)

    monkeypatch.setattr("landscape.pictures.plane.compute_panel", counted)
    spec = ("--data=moons:rows=120", "--net=6", "--opt=gd:lr=0.5", "--epochs=2", "--resolution=11")
    made = run("plane", *spec, "--size=640x480", "--frames=3", "-o", "a.gif", "--poster", "a.png")
    assert made.code == 0, made.err
    assert len(trained) == 1
    assert (folder / "a.png").exists()


def test_what_only_films_have_is_said_to_be_left_out_of_a_still(folder: Path, run: Run) -> None:
    spec = ("--data=moons:rows=120", "--net=6", "--opt=gd:lr=0.5", "--epochs=2", "--resolution=11")
    made = run(
        "plane", *spec, "--view=3d", "--orbit=90", "--fps=5", "--size=640x480", "-o", "a.png"
    )
    assert made.code == 0, made.err
    assert "a still does not move: --fps=5 is left out" in made.err
    assert "a still does not move: --orbit=90 is left out" in made.err
