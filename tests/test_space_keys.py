"""The keys of three dimensions: what they hold, when files say them, what does not go together."""

from __future__ import annotations

import shlex
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape as ls
from landscape.cli.options import recipe_from
from landscape.cli.pictures import animate, plot
from landscape.cli.plane import plane
from landscape.errors import LandscapeError
from landscape.keys import key_of
from landscape.pictures.plane_recipe import PlaneRecipe
from landscape.recipe import Recipe
from landscape.space_keys import HIDDEN, SPACE_KEYS, VIEWS
from landscape.style import HEIGHT_KINDS

FILM = ("orbit", "sway")
IN_SPACE = st.fixed_dictionaries(
    {"view": st.sampled_from(VIEWS[1:])},
    optional={
        "elevation": st.floats(-90, 90),
        "azimuth": st.none() | st.floats(-360, 360),
        "zoom": st.floats(0.2, 5),
        "exaggerate": st.floats(0.1, 10),
        "heights": st.sampled_from(HEIGHT_KINDS),
        "clip": st.none() | st.floats(-1e300, 1e300),
        "mesh": st.integers(0, 200),
        "contours": st.booleans(),
        "floor": st.booleans(),
        "hidden": st.sampled_from(HIDDEN),
        "drop": st.booleans(),
        "light": st.tuples(st.floats(-360, 360), st.floats(-90, 90)),
        "cmap": st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20),
    },
)
MOVES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"orbit": st.floats(-3600, 3600)}),
    st.fixed_dictionaries({"sway": st.floats(0, 90)}),
)

# For each key a value that is not the default, and how a command says it.
OTHERS: dict[str, tuple[Any, str]] = {
    "view": ("3d", "--view=3d"),
    "elevation": (-5.5, "--elevation=-5.5"),
    "azimuth": (0, "--azimuth=0"),
    "orbit": (360, "--orbit=360"),
    "sway": (20, "--sway=20"),
    "zoom": (2, "--zoom=2"),
    "exaggerate": (0.5, "--exaggerate=0.5"),
    "heights": ("log", "--heights=log"),
    "clip": (100, "--clip=100"),
    "mesh": (20, "--mesh=20"),
    "contours": (False, "--no-contours"),
    "floor": (False, "--no-floor"),
    "hidden": ("dashed", "--hidden=dashed"),
    "drop": (True, "--drop"),
    "light": ((30, 60.5), "--light=30,60.5"),
    "cmap": ("viridis", "--cmap=viridis"),
}


KINDS: list[Any] = [Recipe, PlaneRecipe]
FILE = ("output", "max_mb", "poster")


@settings(max_examples=100, deadline=None)
@given(values=IN_SPACE, moves=MOVES)
def test_toml_and_the_command_keep_every_value(
    values: dict[str, Any], moves: dict[str, Any]
) -> None:
    recipe = Recipe(**values, **moves)
    assert Recipe.from_toml(recipe.to_toml()) == recipe
    words = shlex.split(recipe.command())
    read = animate.make_context("animate", words[2:]).params
    for name in FILE:
        del read[name]
    assert recipe_from("film", read) == recipe


@settings(max_examples=50, deadline=None)
@given(values=IN_SPACE, moves=MOVES)
def test_so_do_those_of_planes(values: dict[str, Any], moves: dict[str, Any]) -> None:
    recipe = PlaneRecipe(kind="film", format="gif", **values, **moves)
    assert PlaneRecipe.from_toml(recipe.to_toml()) == recipe
    words = shlex.split(recipe.command())
    read = plane.make_context("plane", words[2:]).params
    for name in (*FILE, "save"):
        del read[name]
    assert PlaneRecipe(kind="film", format="gif", **read) == recipe


@pytest.mark.parametrize("kind", KINDS)
def test_files_say_them_last_and_all_of_them(kind: Any) -> None:
    plain, said = (list(tomllib.loads(one.to_toml())) for one in (kind(), kind(view="3d")))
    assert said[: len(plain)] == plain
    # What is None is left out.
    unsaid = ("elevation", "azimuth", "clip")
    assert said[len(plain) :] == [name for name in SPACE_KEYS if name not in unsaid]
    assert list(OTHERS) == list(SPACE_KEYS)
    assert [one.name for one in kind.key_fields()][-len(SPACE_KEYS) :] == list(SPACE_KEYS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_from_above_says_nothing_of_them(kind: Any) -> None:
    assert not set(SPACE_KEYS) & set(tomllib.loads(kind().to_toml()))
    assert "view" not in repr(kind())
    assert "light=(-45.0, 50.0), cmap=''" in repr(kind(view="3d"))
    assert kind.from_toml('view = "contour"\nzoom = 1') == kind()


@pytest.mark.parametrize("name", OTHERS)
def test_the_command_says_what_is_not_the_default(name: str) -> None:
    value, said = OTHERS[name]
    words = shlex.split(Recipe(**{"view": "3d", name: value}).command())
    assert words[2:] == ["--surface=ravine", "--view=3d", *([said] if name != "view" else [])]
    film = PlaneRecipe(kind="film", format="gif", **{"view": "3d", name: value})
    words = shlex.split(film.command())
    assert words[2:-2] == ["--view=3d", *([said] if name != "view" else [])]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [name for name in OTHERS if name != "view"])
def test_from_above_they_are_refused(kind: Any, name: str) -> None:
    with pytest.raises(LandscapeError, match=f"^{name} is of .* add --view 3d, or leave --"):
        kind(**{name: OTHERS[name][0]})
    with pytest.raises(LandscapeError, match=r"my\.toml: drop is of"):
        Recipe.from_toml("drop = true", "my.toml")


def test_a_still_has_no_moving_camera() -> None:
    for name in FILM:
        moves: dict[str, Any] = {name: 45}
        film = Recipe(view="3d", **moves)
        still = film.still("svg")
        assert still == Recipe(kind="still", format="svg", view="3d")
        kept = film.with_(kind="still", format="png")
        assert name not in kept.command()
    assert {name for name in SPACE_KEYS if key_of(_field(name)).film} == set(FILM)
    turning = PlaneRecipe(kind="film", format="gif", view="3d", orbit=45)
    assert turning.still("svg") == PlaneRecipe(format="svg", view="3d")
    options = {param.name for param in plot.get_params(plot.make_context("plot", []))}
    assert not options & set(FILM)
    assert set(SPACE_KEYS) - set(FILM) <= options


def _field(name: str) -> Any:
    return next(one for one in Recipe.key_fields() if one.name == name)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"view": "2d"}, "unknown view '2d': choose from contour, 3d, both"),
        ({"orbit": 360, "sway": 10}, "leave --orbit or --sway out"),
        ({"view": "both", "grid": "mu=0.5,0.9"}, "take --view 3d, or leave --grid out"),
        ({"elevation": 91}, "elevation must be a number from -90 to 90"),
        ({"azimuth": float("nan")}, "azimuth must be"),
        ({"orbit": 3601}, "orbit must be"),
        ({"sway": -1}, "sway must be a number from 0 to 90"),
        ({"zoom": 0}, "zoom must be"),
        ({"exaggerate": 11}, "exaggerate must be"),
        ({"heights": "lgo"}, "unknown heights 'lgo': did you mean log"),
        ({"clip": float("inf")}, "clip must be"),
        ({"mesh": 1.5}, "mesh must be a whole number from 0 to 200"),
        ({"floor": "no"}, "floor must be true or false"),
        ({"hidden": "gone"}, "unknown hidden 'gone': choose from faint, dashed, absent"),
        ({"light": (0,)}, "light must be 2 numbers"),
        ({"light": (0, 91)}, "the elevation of light must be a number from -90 to 90"),
        ({"light": ("a", 0)}, "the azimuth of light must be"),
        ({"cmap": 3}, "cmap must be a text"),
    ],
)
def test_wrong_values(values: dict[str, Any], said: str) -> None:
    with pytest.raises(LandscapeError, match=said) as caught:
        Recipe(**{"view": "3d", **values})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"view": "both", "vary": "skip=no,yes"}, "no room for two views .* --view 3d or contour"),
        ({"metric": "curvature"}, "a map of curvature is drawn from above: leave --view=3d out"),
        ({"metric": "curvature", "view": "both"}, "leave --view=both out"),
        ({"orbit": 360, "sway": 10}, "leave --orbit or --sway out"),
        ({"light": (0, 91)}, "the elevation of light must be a number from -90 to 90"),
        ({"net": "x"}, "net is widths"),
    ],
)
def test_what_planes_refuse(values: dict[str, Any], said: str) -> None:
    with pytest.raises(LandscapeError, match=said) as caught:
        PlaneRecipe(**{"view": "3d", **values})
    assert "\n" not in str(caught.value)


def test_planes_in_three_dimensions_that_are_none_of_these() -> None:
    assert PlaneRecipe(view="3d", vary="skip=no,yes", net="2x6").view == "3d"
    assert PlaneRecipe(view="both", fill=False, metric="accuracy").fill is False
    assert PlaneRecipe(metric="curvature").view == "contour"


def test_python_takes_them_for_planes() -> None:
    with pytest.raises(LandscapeError, match="drawn from above"):
        ls.plane(metric="curvature", view="3d", light=(30, 60), cmap="viridis")
    with pytest.raises(LandscapeError, match="unknown argument of units 'view'"):
        ls.units(view="3d")
