"""Pictures of networks from Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import landscape as ls
from landscape.animation.metadata import read_recipe
from landscape.networks import Network, dataset, from_arrays, train
from landscape.pictures import make_picture, read_any_recipe
from landscape.pictures.curves import CurvesRecipe
from landscape.pictures.layers import LayersRecipe
from landscape.pictures.units import UnitsRecipe

SMALL = {"data": "moons", "net": "2x8", "size": "300x300"}


@pytest.mark.parametrize(
    ("function", "kind"),
    [(ls.layers, LayersRecipe), (ls.units, UnitsRecipe), (ls.curves, CurvesRecipe)],
)
def test_the_defaults_are_the_recipe_s(function: Any, kind: Any) -> None:
    import inspect

    plain = kind()
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD:
            # What comes is what the recipe holds when it is left out.
            assert getattr(kind(**{name: parameter.default}), name) == getattr(plain, name), name


def test_a_picture_saves_what_the_command_would(tmp_path: Path) -> None:
    made = ls.layers(["he_normal"], activations="relu", **SMALL)  # type: ignore[arg-type]
    made.save(tmp_path / "a.png")
    recipe = LayersRecipe(inits=("he_normal",), activations=("relu",), **SMALL)  # type: ignore[arg-type]
    make_picture(recipe, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert made._repr_png_() == (tmp_path / "a.png").read_bytes()
    assert made.recipe == recipe
    assert "relu, he_normal" in made.numbers()[0]
    figure = made.figure()
    assert figure.bbox.width == 300


def test_one_picture_gives_the_still_and_the_film(tmp_path: Path) -> None:
    made = ls.layers(epochs=2, frames=4, **SMALL)
    made.save(tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == 4  # type: ignore[attr-defined]
    assert read_any_recipe(read_recipe(tmp_path / "a.gif")).kind == "film"
    made.save(tmp_path / "a.svg")
    inside = read_any_recipe(read_recipe(tmp_path / "a.svg"))
    assert (inside.kind, inside.format) == ("still", "svg")


def test_data_may_be_an_object() -> None:
    data = dataset("blobs:rows=100,centres=3")
    by_object = ls.curves("gd", **{**SMALL, "data": data}, epochs=2)  # type: ignore[arg-type]
    by_text = ls.curves("gd", **{**SMALL, "data": "blobs:rows=100,centres=3"}, epochs=2)
    runs = [made.ready.runs[0] for made in (by_object, by_text)]  # type: ignore[attr-defined]
    np.testing.assert_array_equal(runs[0].final, runs[1].final)
    with pytest.raises(ls.LandscapeError, match="made in Python"):
        ls.curves("gd", data=by_object.recipe.data)  # type: ignore[attr-defined]


def test_wrong_arguments() -> None:
    with pytest.raises(ls.LandscapeError, match=r"unknown argument of layers 'init'.*inits"):
        ls.layers(init="zero")
    with pytest.raises(ls.LandscapeError, match="unknown argument of curves 'kind'"):
        ls.curves(kind="film")
    with pytest.raises(ls.LandscapeError, match="a text, a Dataset"):
        ls.units(data=3)  # type: ignore[arg-type]
    with pytest.raises(ls.LandscapeError, match="shows training"):
        ls.layers(**SMALL).save("a.gif")  # type: ignore[arg-type]


def test_data_may_be_arrays_and_widths_numbers() -> None:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(80, 3))
    y = (x[:, 0] > 0).astype(int)
    made = ls.curves("gd", data=(x, y), net=(6, 4), epochs=1)
    (run,) = made.ready.runs  # type: ignore[attr-defined]
    assert run.network.sizes == (3, 6, 4, 2)
    data = from_arrays(x, y)
    np.testing.assert_array_equal(
        run.final, train(Network((3, 6, 4, 2)), data, run.rule, epochs=1, batch=32).final
    )
    assert ls.curves("gd", data=[x, y], net=7, epochs=1).recipe.net == "7"  # type: ignore[attr-defined, arg-type]
    assert ls.curves("gd", data=(x, y), net=(), epochs=1).recipe.net == "none"  # type: ignore[attr-defined]
    with pytest.raises(ls.LandscapeError) as caught:
        ls.curves("gd", data=(x, y, x), epochs=1)  # type: ignore[arg-type]
    assert str(caught.value).endswith("tuple of 3 came")
    with pytest.raises(ls.LandscapeError, match=r"must be \(rows, inputs\)"):
        ls.curves("gd", data=(x, y[:-1]), epochs=1)


class Attached:
    """What a tensor of PyTorch with a gradient is to NumPy."""

    requires_grad = True

    def __array__(self, *_: object, **__: object) -> Any:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


def test_a_tensor_with_a_gradient_is_named() -> None:
    with pytest.raises(ls.LandscapeError, match=r"X\.detach\(\)\.cpu\(\)\.numpy\(\)"):
        ls.curves("gd", data=(Attached(), np.zeros(9)))
    network = Network((2, 2))
    with pytest.raises(ls.LandscapeError, match=r"parameters .*\.detach\(\)"):
        network.value(Attached(), np.zeros((1, 2)), np.zeros(1, int))  # type: ignore[arg-type]
