"""Recipes of network pictures: TOML, commands, checks."""

from __future__ import annotations

import shlex
import tomllib
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.errors import LandscapeError
from landscape.keyed import FILM_FORMATS
from landscape.keys import key_of, option_of
from landscape.networks.hidden import hidden_widths
from landscape.pictures import PICTURES, read_any_recipe, recipe_class
from landscape.pictures.curves import CurvesRecipe
from landscape.pictures.layers import LayersRecipe
from landscape.pictures.network import NetworkRecipe, load_data, spread_evenly
from landscape.pictures.recipe import PictureRecipe
from landscape.pictures.units import UnitsRecipe
from landscape.recipe import Recipe

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    optimizers=st.lists(words, min_size=1, max_size=4, unique=True),
    vary=words,
    title=st.none() | words | st.just(""),
    caption=st.none() | words | st.just(""),
    top=st.none() | st.floats(1e-9, 1e12),
    fps=st.floats(0.1, 100),
    batch=st.integers(0, 10**7),
    seed=st.integers(0, 2**53),
    batches=st.booleans(),
    format_=st.sampled_from(FILM_FORMATS),
)
def test_toml_keeps_every_value(format_: str, **values: Any) -> None:
    recipe = CurvesRecipe(kind="film", format=format_, **values)
    assert CurvesRecipe.from_toml(recipe.to_toml()) == recipe
    assert read_any_recipe(recipe.to_toml()) == recipe


def test_a_recipe_without_the_key_picture_is_one_of_surfaces() -> None:
    assert read_any_recipe(Recipe().to_toml()) == Recipe()
    with pytest.raises(LandscapeError, match="unknown picture 'layer': did you mean layers"):
        read_any_recipe('picture = "layer"')
    with pytest.raises(LandscapeError, match=r"unknown picture of recipe .* layers"):
        LayersRecipe.from_toml('picture = "units"')


@pytest.mark.parametrize("name", PICTURES)
def test_every_key_has_a_default_and_says_what_it_is(name: str) -> None:
    kind = recipe_class(name)
    assert kind.picture == name
    assert kind() == kind.from_toml(kind().to_toml())
    options = [option_of(one) for one in kind.key_fields() if option_of(one)]
    assert len(set(options)) == len(options)
    for one in fields(kind):
        assert key_of(one).help.endswith((".", "…")), one.name
        assert key_of(one).read(one.name, one.default) == one.default


@pytest.mark.parametrize("name", PICTURES)
def test_the_docstring_names_every_key(name: str) -> None:
    kind = recipe_class(name)
    told = "".join(base.__doc__ or "" for base in kind.__mro__)
    for one in fields(kind):
        assert f"      {one.name} " in told, one.name


@pytest.mark.parametrize("name", PICTURES)
def test_a_file_says_the_picture_what_is_shown_and_then_the_looks(name: str) -> None:
    said = list(tomllib.loads(recipe_class(name)().to_toml()))
    subject = "data" if issubclass(recipe_class(name), NetworkRecipe) else "surface"
    assert said[:3] == ["landscape", "picture", subject]
    looks = [one.name for one in fields(PictureRecipe)]
    # What is None is left out, and so is what was read of no file.
    unsaid = ("title", "caption", "table")
    assert said[said.index("kind") :] == [look for look in looks if look not in unsaid]


def test_a_recipe_is_printed_as_python_makes_it() -> None:
    recipe = CurvesRecipe(optimizers=("gd",), table="x,y\n1,2")
    said = repr(recipe)
    assert said.startswith("CurvesRecipe(kind='still', title=None, caption=None, theme='light',")
    assert eval(said) == recipe.with_(table="")
    assert hash(recipe) == hash(recipe.with_())


def test_the_command_says_what_is_not_the_default() -> None:
    recipe = CurvesRecipe(
        optimizers=("gd:lr=0.1,label=it's", "-x"),
        batch=0,
        guess=False,
        batches=True,
        show=("loss",),
        parts=("train",),
        top=2.0,
        fps=5,
        title="",
    )
    assert shlex.split(recipe.command()) == [
        "landscape",
        "curves",
        "--batch=all",
        "--opt=gd:lr=0.1,label=it's",
        "--opt=-x",
        "--show=loss",
        "--part=train",
        "--batches",
        "--no-guess",
        "--top=2",
        "--title=",
    ]
    film = LayersRecipe(kind="film", format="mp4", epochs=3, fps=5)
    assert shlex.split(film.command())[2:] == ["--epochs=3", "--fps=5", "-o", "picture.mp4"]


def test_a_still_s_recipe_has_nothing_of_films() -> None:
    film = LayersRecipe(kind="film", format="gif", epochs=3, fps=5, frames=9, hold=1, colors=16)
    assert film.still("svg") == LayersRecipe(format="svg", epochs=3)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        (LayersRecipe, {"inits": ()}, "needs an init"),
        (LayersRecipe, {"inits": 3}, "inits must be a list of texts"),
        (LayersRecipe, {"inits": ("zero", "zero")}, "each init stands once"),
        (LayersRecipe, {"activations": ("tahn",)}, "unknown activation 'tahn': did you mean tanh"),
        (LayersRecipe, {"show": ("gradient",)}, "unknown quantity 'gradient'.*gradients"),
        (LayersRecipe, {"net": "none"}, "need hidden layers"),
        (LayersRecipe, {"net": "6y100"}, "net is widths"),
        (LayersRecipe, {"net": "0"}, "1 to 10000 units"),
        (LayersRecipe, {"net": "101x3"}, "at most 100 layers"),
        (LayersRecipe, {"kind": "film", "format": "gif"}, "add --epochs"),
        (LayersRecipe, {"format": "gif"}, "unknown still format"),
        (LayersRecipe, {"inits": tuple("abcd"), "show": ("activations", "gradients")}, "6 rows"),
        (LayersRecipe, {"theme": "drak"}, "did you mean dark"),
        (LayersRecipe, {"size": "big"}, "a size is"),
        (LayersRecipe, {"title": "a\0b"}, "title has"),
        (LayersRecipe, {"epochs": 1.5}, "whole number"),
        (UnitsRecipe, {"inits": tuple("abcde")}, "at most 4 panels"),
        (UnitsRecipe, {"share": 0}, "share must be a number"),
        (UnitsRecipe, {"reach": float("nan")}, "reach must be"),
        (UnitsRecipe, {"skip": "yes"}, "true or false"),
        (CurvesRecipe, {"batch": "many"}, "whole number of rows, or all"),
        (CurvesRecipe, {"batch": "9" * 40}, "batch must be"),
        (CurvesRecipe, {"loss": "cross"}, "unknown loss"),
        (CurvesRecipe, {"parts": ()}, "train or test rows"),
        (CurvesRecipe, {"optimizers": ()}, "needs? an optimizer"),
        (CurvesRecipe, {"runs": ("a.npz",), "vary": "lr=1,2"}, "leave --vary"),
    ],
)
def test_wrong_values(kind: Any, values: dict[str, Any], said: str) -> None:
    with pytest.raises(LandscapeError, match=said) as caught:
        kind(**values)
    assert "\n" not in str(caught.value)


def test_an_unknown_key_of_a_file() -> None:
    with pytest.raises(LandscapeError, match=r"unknown key of my\.toml 'init': did you mean inits"):
        read_any_recipe('picture = "layers"\ninit = ["zero"]', "my.toml")


def test_batch_all_is_kept_as_no_number_of_rows() -> None:
    assert CurvesRecipe(batch="all").batch == 0  # type: ignore[arg-type]
    assert CurvesRecipe(batch="64").batch == 64  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "widths"),
    [
        ("64,32", (64, 32)),
        ("3x20", (20, 20, 20)),
        ("2X8, 5", (8, 8, 5)),
        (" 4 , 2X3 ", (4, 3, 3)),
        ("", ()),
        ("none", ()),
    ],
)
def test_hidden_widths(said: str, widths: tuple[int, ...]) -> None:
    assert hidden_widths(said) == widths


@pytest.mark.parametrize("said", ["4x", "0", "0x4", "64;32", "1e2", "-5", "101x4", "20000"])
def test_what_are_no_widths_is_refused(said: str) -> None:
    with pytest.raises(LandscapeError, match="net is widths of hidden layers"):
        hidden_widths(said)


def test_spread_evenly() -> None:
    assert spread_evenly(9, 4) == [0, 3, 6, 9]
    assert spread_evenly(2, 60) == [0, 1, 2]
    assert spread_evenly(0, 5) == [0]


def test_gaussian_data() -> None:
    data = load_data("gaussian:inputs=30,rows=4000,classes=4,seed=2")
    assert data.X.shape == (4000, 30)
    assert abs(data.X.mean()) < 0.02
    assert data.X.std() == pytest.approx(1, abs=0.02)
    assert set(data.y.tolist()) == {0, 1, 2, 3}
    assert (load_data("gaussian:seed=1").X != load_data("gaussian").X).any()
    for said in ("gaussian:rows=0", "gaussian:classes=1", "gaussian:width=3", "gaussian:rows=2.5"):
        with pytest.raises(LandscapeError):
            load_data(said)
