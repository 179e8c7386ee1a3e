"""The gallery's files are what their recipes say, and the cs231n film follows the original."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landscape.animation.metadata import read_recipe
from landscape.drawing.space_sight import with_viewpoint
from landscape.prepare import prepare
from landscape.recipe import Recipe

GALLERY = Path(__file__).parents[1] / "gallery"
# Those of networks have tests of their own.
RECIPES = sorted(
    path
    for path in GALLERY.glob("*.toml")
    if "picture" not in tomllib.loads(path.read_text("utf-8"))
)
FILMS = [path for path in RECIPES if path.with_suffix(".gif").exists()]
MARKERS = Path(__file__).parent / "golden" / "cs231n_markers.npz"
# In how many of the original's 199 frames each marker is measured; the first frame is the start.
MEASURED = {
    "gd": 197,
    "momentum": 198,
    "nesterov": 198,
    "adagrad": 198,
    "adadelta": 198,
    "rmsprop": 198,
}
# What the median distance may be; it is about 0.001 for each of the six.
NEAR = 0.05
# Bytes of the original animation.
ORIGINAL = 914_580


def load(path: Path) -> Recipe:
    return Recipe.from_toml(path.read_text("utf-8"), path.name)


def test_the_gallery_is_there() -> None:
    assert {path.stem for path in RECIPES} >= {
        "ravine",
        "local_minimum",
        "plateau",
        "saddle",
        "cs231n_contours",
    }


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_each_picture_is_made_by_its_recipe(path: Path) -> None:
    recipe = load(path)
    picture = path.with_suffix(f".{recipe.format}")
    inside = Recipe.from_toml(read_recipe(picture))
    prepared = prepare(recipe)
    made = prepared.recipe
    if made.view != "contour":  # the camera that it leaves open is found when it is drawn
        made = with_viewpoint(made, prepared.panels)
    assert inside == made, "render the gallery again"
    assert picture.stat().st_size < 3e6
    page = (GALLERY / "README.md").read_text("utf-8")
    assert f"({picture.name})" in page


@pytest.mark.parametrize("path", FILMS, ids=lambda path: path.stem)
def test_the_films_have_a_frame_for_every_step(path: Path) -> None:
    ready = prepare(load(path))
    # Solvers may all have arrived before the last step.
    last = max(len(trajectory) - 1 for trajectory in ready.trajectories)
    with Image.open(path.with_suffix(".gif")) as film:
        assert film.n_frames == last // ready.recipe.speed + 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("index", range(6))
def test_cs231n_markers_are_where_the_original_has_them(index: int) -> None:
    # All measured frames count, although two kinds of them cannot agree. Frames 29, 58 and 116
    # of the original repeat the one before. From step 154 on RMSProp jumps about the minimum, and
    # when and where to depends on rounding: a start moved by 1e-14 jumps elsewhere.
    ready = prepare(load(GALLERY / "cs231n_contours.toml"))
    path = ready.trajectories[index]
    with np.load(MARKERS) as golden:
        markers = golden[path.rule.name]
    away = np.hypot(*(path.points - markers).T)
    assert np.isfinite(away).sum() == MEASURED[path.rule.name]
    assert np.nanmedian(away) <= NEAR


def test_cs231n_film_is_smaller_than_the_original() -> None:
    assert (GALLERY / "cs231n_contours.gif").stat().st_size < ORIGINAL / 2


def test_at_the_saddle_the_methods_leave_in_the_order_of_the_original() -> None:
    paths = {
        path.label: path for path in prepare(load(GALLERY / "cs231n_saddle.toml")).trajectories
    }
    left = {label: path.exits[0] for label, path in paths.items() if path.exits}
    assert sorted(left, key=lambda label: left[label]) == [
        *("Adadelta", "AdaGrad", "RMSProp", "NAG", "Momentum")
    ]
    x, y = paths["SGD"].points[-1]
    assert abs(x) < 1e-3  # it has rolled to the pass
    assert abs(y) < 0.1  # and is still there
    # Momentum and NAG run past the pass, up the other side.
    assert all(paths[label].points[:, 0].min() < -0.02 for label in ("Momentum", "NAG"))
