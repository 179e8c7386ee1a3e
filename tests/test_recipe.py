from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.errors import LandscapeError
from landscape.recipe import FILM_FORMATS, Recipe

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
