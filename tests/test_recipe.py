from __future__ import annotations

import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.animation.metadata import read_recipe
from landscape.errors import LandscapeError
from landscape.keyed import FILM_FORMATS
from landscape.keys import key_of
from landscape.pictures import read_any_recipe
from landscape.recipe import Recipe

GALLERY = Path(__file__).parents[1] / "gallery"
words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
numbers = st.floats(-1e9, 1e9, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(
    surface=words,
    optimizers=st.lists(words, max_size=4),
    start=st.none() | st.tuples(numbers, numbers),
    noise=st.floats(0, 1e6),
    seed=st.integers(0, 2**63 - 1),
    title=st.none() | words | st.just(""),
    caption=words | st.just(""),
    fps=st.none() | st.floats(0.1, 100),
    hold=st.floats(0, 600),
    fill=st.booleans(),
    format_=st.sampled_from(FILM_FORMATS),
)
def test_toml_keeps_every_value(format_: str, **values: Any) -> None:
    recipe = Recipe(format=format_, **values)
    assert Recipe.from_toml(recipe.to_toml()) == recipe


def _stored() -> dict[str, str]:
    """The recipes inside the gallery's pictures of surfaces."""
    found = {}
    for path in sorted(GALLERY.glob("*.toml")):
        recipe = read_any_recipe(path.read_text("utf-8"), path.name)
        if isinstance(recipe, Recipe):
            picture = path.with_suffix(f".{recipe.format}")
            found[picture.name] = read_recipe(picture)
    return found


def test_what_pictures_carry_is_written_again_byte_for_byte() -> None:
    stored = _stored()
    assert len(stored) >= 20
    for name, text in stored.items():
        assert Recipe.from_toml(text).to_toml() == text, name


def test_every_key_has_a_default_and_says_what_it_is() -> None:
    told = "".join(base.__doc__ or "" for base in Recipe.__mro__)
    for one in fields(Recipe):
        assert key_of(one).help.endswith("."), one.name
        assert key_of(one).read(one.name, one.default) == one.default
        assert f"      {one.name} " in told, one.name
    assert {one.name for one in Recipe.key_fields()} == {one.name for one in fields(Recipe)}


def test_keys_may_be_given_by_their_place() -> None:
    assert Recipe("still", "beale", format="png") == Recipe(
        kind="still", surface="beale", format="png"
    )
    assert repr(Recipe(table="x")).startswith("Recipe(kind='film', surface='ravine', optimizers=")
    assert hash(Recipe()) == hash(Recipe(view="contour"))


@given(st.lists(words, min_size=1, max_size=5).map("\n".join) | st.just(""))
def test_a_table_is_kept_line_by_line(table: str) -> None:
    recipe = Recipe(surface="data:mine.csv,target=y", table=table)
    text = recipe.to_toml()
    assert Recipe.from_toml(text) == recipe
    assert ("table" in text) == bool(table)
    assert "table" not in recipe.command()


def test_a_still_s_command_has_no_options_of_films() -> None:
    recipe = Recipe(kind="still", format="png", fps=20, speed=3, hold=1, loop=2, colors=16)
    said = shlex.split(recipe.command())
    assert said == ["landscape", "plot", "--surface=ravine"]


def test_the_still_of_a_film_has_nothing_of_films() -> None:
    film = Recipe(fps=20, speed=3, hold=1, loop=2, colors=16, scale=0.5)
    assert film.still("pdf") == Recipe(kind="still", format="pdf", scale=0.5)


def test_statements_may_stand_on_lines_of_their_own() -> None:
    recipe = Recipe(optimizers=("v = 0.9*v - lr*g;\n\n p = p + v",))
    assert recipe.optimizers == ("v = 0.9*v - lr*g; p = p + v",)
    with pytest.raises(LandscapeError, match="caption has"):
        Recipe(caption="a\nb")


def test_the_command_quotes_and_shortens() -> None:
    recipe = Recipe(
        surface="-x**2", optimizers=("gd:lr=0.1",), start=(1.0, 1.6), title="it's", fill=False
    )
    assert shlex.split(recipe.command()) == [
        "landscape",
        "animate",
        "--surface=-x**2",
        "--opt=gd:lr=0.1",
        "--start=1,1.6",
        "--no-fill",
        "--title=it's",
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"steps": float("nan")}, "steps must be"),
        ({"steps": 10**400}, "steps must be"),
        ({"start": (1, float("inf"))}, "start must be"),
        ({"bounds": (0, 0, 0, 1)}, "x0 < x1"),
        ({"bounds": (1e9, 1e9 + 1e-3, 0, 1)}, "too narrow"),
        ({"fill": "yes"}, "true or false"),
        ({"curves": ("los",)}, "unknown curve 'los': did you mean loss"),
        ({"curves": ("loss", "loss")}, "stands once"),
        ({"arrows": ("grad",)}, "unknown arrow"),
        ({"against": "time"}, "unknown against"),
        ({"starts": (1, 2)}, "each of the starts"),
        ({"starts": ((1, 2),) * 100}, "at most 64"),
        ({"fan": -1}, "fan must be"),
        ({"batch": 0}, "batch must be"),
        ({"title": "a\0b"}, "title"),
        ({"table": "a\0b"}, "the table has"),
        ({"table": "a\r\nb"}, "the table has"),
        ({"table": "a" * 1_000_001}, "1000000 is the most"),
        ({"table": 5}, "table must be a text"),
        ({"kind": "still"}, "still format"),
    ],
)
def test_wrong_values(values: dict[str, Any], said: str) -> None:
    with pytest.raises(LandscapeError, match=said) as caught:
        Recipe(**values)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)
