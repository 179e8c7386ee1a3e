"""The gallery's films are the golden pictures: what is drawn now looks like what was committed.

Pictures are compared in blocks, so that another FreeType, whose letters differ by a fraction of a
pixel, passes, and a mark that is missing or elsewhere does not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landscape.animation.film import Film
from landscape.drawing.scene import build_scene, picture_style
from landscape.drawing.space_sight import with_viewpoint
from landscape.pictures import prepare_picture, read_any_recipe
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.render import draw_still

GALLERY = Path(__file__).parents[1] / "gallery"
ALL = {path: read_any_recipe(path.read_text("utf-8"), path.name) for path in GALLERY.glob("*.toml")}
RECIPES = sorted(path for path, recipe in ALL.items() if isinstance(recipe, Recipe))
# Networks that are not trained are the same on every machine up to rounding; those that are follow
# the last bits of a matrix product, and what is said of them is tested on numbers.
UNTRAINED = sorted(
    path
    for path, recipe in ALL.items()
    if not isinstance(recipe, Recipe)
    and recipe.kind == "still"
    and not getattr(recipe, "epochs", 0)
)
BLOCK = 10


def blocks(picture: Any) -> Any:
    """The mean colour of each block of a picture (h, w, 3)."""
    height, width = (size // BLOCK * BLOCK for size in picture.shape[:2])
    parts = picture[:height, :width].astype(np.float64)
    return parts.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3).mean(axis=(1, 3))


def differ(one: Any, other: Any) -> bool:
    """Whether more than five blocks differ by more than 40 of 255, or all by 1.5 on average."""
    away = np.abs(blocks(one) - blocks(other)).max(axis=2)
    return bool((away > 40).sum() > 5 or away.mean() > 1.5)


def committed(path: Path, *frames: int) -> list[Any]:
    found = []
    with Image.open(path) as film:
        for frame in frames:
            film.seek(frame)
            found.append(np.asarray(film.convert("RGB")))
    return found


def test_there_are_recipes() -> None:
    assert len(RECIPES) >= 5
    assert len(UNTRAINED) >= 5


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_the_gallery_looks_as_committed(path: Path) -> None:
    recipe = Recipe.from_toml(path.read_text("utf-8"))
    with picture_style():
        if recipe.kind == "still":
            canvas: Any = draw_still(prepare(recipe)).canvas
            canvas.draw()
            drawn = np.asarray(canvas.buffer_rgba())[..., :3]
            assert not differ(drawn, *committed(path.with_suffix(".png"), 0))
            return
        prepared = prepare(recipe)
        if recipe.view != "contour":  # seen from where the camera is found to show the most
            seen = with_viewpoint(prepared.recipe, prepared.panels)
            prepared = replace(prepared, recipe=seen)
        film = Film(build_scene(prepared), recipe.speed)
        # That no frame depends on those before it is tested with the films.
        wanted = sorted({0, len(film) // 2, len(film) - 1})
        frames = committed(path.with_suffix(".gif"), *wanted)
        for k, _ in enumerate(film._paint(wanted)):
            assert not differ(film.rgb(), frames[k]), wanted[k]
        assert k == len(wanted) - 1


@pytest.mark.parametrize(
    "path",
    [
        # Thousands of runs of four rules, each compiled.
        pytest.param(path, marks=[pytest.mark.slow] if path.stem == "sensitivity" else [])
        for path in UNTRAINED
    ],
    ids=lambda path: path.stem,
)
def test_networks_at_their_start_look_as_committed(path: Path) -> None:
    recipe = ALL[path]
    assert not isinstance(recipe, Recipe)
    with picture_style():
        canvas: Any = prepare_picture(recipe).figure().canvas
        canvas.draw()
        drawn = np.asarray(canvas.buffer_rgba())[..., :3]
    assert not differ(drawn, *committed(path.with_suffix(".png"), 0))


def test_the_comparison_sees_what_is_missing() -> None:
    film = GALLERY / "ravine.gif"
    early, late = committed(film, 5, 40)
    assert differ(early, late)
    without_star = late.copy()
    without_star[360:410, 430:490] = late[300, 700]
    assert differ(late, without_star)
    assert not differ(late, np.roll(late, 1, axis=1))  # a pixel aside
