"""Pictures of networks as they are drawn: nothing overlaps, films move, files carry the recipe."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from landscape.animation.metadata import read_recipe
from landscape.animation.redraw import Redraw
from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.pictures import make_picture, prepare_picture, read_any_recipe
from landscape.pictures.curves import CurvesRecipe
from landscape.pictures.layers import LayersRecipe
from landscape.pictures.output import write_picture
from landscape.pictures.ready import Ready, Redrawn
from landscape.pictures.units import UnitsRecipe
from tests.pictures.overlaps import texts, trouble

FIVE = ("zero", "normal:scale=0.01", "normal:scale=1", "glorot_normal", "he_normal:bias=-1")
DATA = "gaussian:inputs=30,rows=120"
SHOWN: dict[str, Any] = {
    "five inits": LayersRecipe(data=DATA, net="6x30", inits=FIVE),
    "three quantities": LayersRecipe(data=DATA, net="6x30", activations=("relu",)),
    "gradients": LayersRecipe(data=DATA, net="6x30", inits=FIVE, show=("gradients",)),
    "two by three": LayersRecipe(
        data=DATA, net="9x20", inits=FIVE[2:4], activations=("tanh", "sigmoid", "gelu")
    ),
    "good range": UnitsRecipe(data=DATA, net="6x30", inits=FIVE[1:4]),
    "activations": UnitsRecipe(
        data=DATA, net="9x20", inits=FIVE[3:4], activations=("tanh", "sigmoid", "relu", "gelu")
    ),
    "four rates": CurvesRecipe(
        data="moons:rows=200",
        net="8",
        epochs=2,
        optimizers=("gd",),
        vary="lr=0.001,0.01,0.3,30",
    ),
    "dead units": CurvesRecipe(
        data="moons:rows=200",
        net="8",
        epochs=2,
        activation="relu",
        vary="init=he_normal,he_normal:bias=-3,zero",
    ),
    "batches": CurvesRecipe(
        data="moons:rows=200",
        net="8",
        epochs=2,
        optimizers=("gd",),
        grid="batch=1,8,all",
        batches=True,
        show=("loss",),
        parts=("train",),
    ),
    "grid of two": CurvesRecipe(
        data="moons:rows=200",
        net="8",
        epochs=2,
        optimizers=("gd", "adam"),
        grid="activation=tanh,relu",
        axis="log",
    ),
}


@pytest.fixture(scope="module")
def prepared() -> dict[str, Ready]:
    return {name: prepare_picture(recipe) for name, recipe in SHOWN.items()}


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(("size", "theme"), [("slide", "light"), ("620x480", "dark")])
def test_no_text_is_on_another_or_off_the_page(
    name: str, size: str, theme: str, prepared: dict[str, Ready]
) -> None:
    ready = prepared[name]
    with picture_style():
        figure = ready.with_recipe(ready.recipe.with_(size=size, theme=theme)).figure()
        assert trouble(figure) == []
        smallest = min(float(text.get_fontsize()) for text in texts(figure))
    assert smallest > (7.0 if size == "slide" else 3.5)


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_too_small_is_refused(name: str, prepared: dict[str, Ready]) -> None:
    ready = prepared[name]
    with picture_style(), pytest.raises(LandscapeError, match="no room"):
        ready.with_recipe(ready.recipe.with_(size="200x200")).figure()


def said_in(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in texts(figure))


def test_the_picture_says_its_numbers(prepared: dict[str, Ready]) -> None:
    with picture_style():
        layers = said_in(prepared["five inits"].figure())
        units = said_in(prepared["good range"].figure())
        curves = said_in(prepared["dead units"].figure())
    (ready,) = [prepared["five inits"]]
    saturated = ready.rows[2].frames[0][0].saturated  # type: ignore[attr-defined]
    assert f"{saturated:.0%}".replace("%", " % saturated") in layers
    assert "all units alike" in layers
    assert "dead" not in layers  # tanh saturates
    assert "120 rows of gaussian, 30-(6×30)-10" in layers
    share = prepared["good range"].panels[2].good[0]  # type: ignore[attr-defined]
    assert f"{share:.0%}".replace("%", " % in the good range") in units
    assert "log 2 = 0.69: guessing" in curves
    assert "8 of 8 units dead" in curves
    assert "1/2: guessing" in curves


def test_titles_and_captions_can_be_said_or_left_out(prepared: dict[str, Ready]) -> None:
    ready = prepared["batches"]
    for title, caption in (("My title", "My caption"), ("", "")):
        with picture_style():
            told = ready.with_recipe(ready.recipe.with_(title=title, caption=caption)).figure()
        said = said_in(told)
        assert ("My title" in said) == bool(title)
        assert "Learning curves" not in said
        assert "solid" not in said


FILM = {"kind": "film", "format": "gif", "size": "400x300"}


@pytest.mark.parametrize(
    "recipe",
    [
        LayersRecipe(data="moons", net="2x10", epochs=2, frames=5, show=("activations",), **FILM),  # type: ignore[arg-type]
        UnitsRecipe(data="moons", net="2x10", epochs=2, frames=5, **FILM),  # type: ignore[arg-type]
        CurvesRecipe(data="moons", net="4", epochs=2, frames=5, **FILM),  # type: ignore[arg-type]
    ],
    ids=lambda recipe: recipe.picture,
)
def test_a_film_moves_and_ends_in_its_still(recipe: Any, tmp_path: Path) -> None:
    made = make_picture(recipe, tmp_path / "a.gif")
    assert (made.frames, made.bytes) == (5, (tmp_path / "a.gif").stat().st_size)
    assert read_any_recipe(read_recipe(tmp_path / "a.gif")) == made.recipe
    frames = []
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == 5  # type: ignore[attr-defined]
        for k in range(5):
            film.seek(k)
            frames.append(np.asarray(film.convert("RGB"), dtype=np.int16))
    assert all((a != b).any() for a, b in pairwise(frames))
    still = prepare_picture(recipe)
    assert isinstance(still, Redrawn)
    with picture_style():
        figure = still.figure()
        figure.canvas.draw()
        last = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(np.int16)  # type: ignore[attr-defined]
    # But for the palette, and for spines that a film draws beneath what moves.
    assert (np.abs(frames[-1] - last).max(axis=-1) > 40).mean() < 0.002


def test_frames_repaint_only_what_changed() -> None:
    with picture_style():
        figure = Figure(figsize=(2, 1), dpi=100)
        FigureCanvasAgg(figure)
        line = figure.text(0.5, 0.5, "")
        film = Redraw(figure, [line], lambda k: line.set_text("ab"[k // 2]), 4)
        assert film.size == (200, 100)
        rects = list(film.frames())
    assert rects[0] == [(0, 100, 0, 200)]
    assert rects[1] == rects[3] == []
    ((top, bottom, left, right),) = rects[2]
    assert 30 < top < bottom <= 52
    assert 99 <= left < right < 120


def test_a_still_s_recipe_is_no_film_s(tmp_path: Path, prepared: dict[str, Ready]) -> None:
    with pytest.raises(LandscapeError, match="recipe of a still cannot be written"):
        write_picture(prepared["batches"], tmp_path / "a.gif")
    with pytest.raises(LandscapeError, match=r"did you mean \.png"):
        write_picture(prepared["batches"], tmp_path / "a.pgn")
    assert list(tmp_path.iterdir()) == []


def test_a_size_limit_is_met(tmp_path: Path) -> None:
    recipe = CurvesRecipe(
        data="moons", net="4", epochs=2, frames=5, kind="film", format="gif", size="420x320"
    )
    full = make_picture(recipe, tmp_path / "full.gif").bytes
    told: list[str] = []
    made = make_picture(
        recipe, tmp_path / "small.gif", max_bytes=int(0.7 * full), report=told.append
    )
    assert made.bytes == (tmp_path / "small.gif").stat().st_size <= 0.7 * full
    assert len(told) == 1
    assert "to stay within" in told[0]
    again = make_picture(made.recipe, tmp_path / "again.gif")
    assert again.bytes == made.bytes
    with pytest.raises(LandscapeError, match="fits into"):
        make_picture(recipe, tmp_path / "none.gif", max_bytes=2000)
    assert not (tmp_path / "none.gif").exists()
