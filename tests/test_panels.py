from __future__ import annotations

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.panels import panel_variants
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.surfaces import surface

RAVINE = surface("ravine")


def test_no_grid_is_one_panel() -> None:
    (only,) = panel_variants("", RAVINE, ["gd", "adam"])
    assert only.surface is RAVINE
    assert only.optimizers == ("gd", "adam")
    assert only.title == ""


def test_a_hyperparameter_varies_where_a_rule_has_it() -> None:
    first, second = panel_variants("mu=0.5,0.99", RAVINE, ["gd", "momentum:lr=0.01"])
    assert first.title == "\N{GREEK SMALL LETTER MU} 0.5"
    assert first.optimizers == ("gd", "momentum:lr=0.01,mu=0.5")
    assert second.optimizers == ("gd", "momentum:lr=0.01,mu=0.99")


def test_a_parameter_of_the_surface_comes_first() -> None:
    variants = panel_variants("kappa=5,50", RAVINE, ["gd"])
    assert [one.surface.spec for one in variants] == ["ravine:kappa=5.0", "ravine:kappa=50.0"]
    assert all(one.optimizers == ("gd",) for one in variants)


def test_schedules_with_commas_are_escaped() -> None:
    variants = panel_variants(r"schedule=max(lr0\,0.1),lr0", RAVINE, ["gd:lr=0.1"])
    assert variants[0].optimizers == (r"gd:lr=0.1,schedule=max(lr0\,0.1)",)


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ("mu", "key=value,value"),
        ("=1,2", "key=value,value"),
        ("mu=", "key=value,value"),
        ("mu=0.5,,0.9", "key=value,value"),
        ("mu=0.5", "2 to 6 panels: 1 came"),
        ("lr=1,2,3,4,5,6,7", "2 to 6 panels: 7 came"),
        ("nu=1,2", "no hyper-parameter 'nu'|unknown hyper-parameter"),
        ("lr=slow,fast", "must be a number"),
        ("kappa=5,-x", "must be a number"),
    ],
)
def test_refuses(grid: str, said: str) -> None:
    with pytest.raises(LandscapeError, match=said) as caught:
        panel_variants(grid, RAVINE, ["gd"])
    assert "\n" not in str(caught.value)


def test_every_panel_has_its_paths() -> None:
    ready = prepare(
        Recipe(surface="ravine", optimizers=("momentum:lr=0.02",), grid="mu=0,0.9", steps=9)
    )
    assert [panel.title[-3:] for panel in ready.panels] == ["\N{GREEK SMALL LETTER MU} 0", "0.9"]
    alone = prepare(Recipe(surface="ravine", optimizers=("gd:lr=0.02",), steps=9))
    # Momentum without momentum is gradient descent.
    assert np.array_equal(ready.trajectories[0].points, alone.trajectories[0].points)
    again = prepare(ready.recipe)
    assert again.recipe == ready.recipe
    for one, other in zip(ready.trajectories, again.trajectories, strict=True):
        assert one.points.tobytes() == other.points.tobytes()


@pytest.mark.parametrize("grid", ["lr=0.01,0.02", "kappa=5,50"])
def test_the_recipe_of_a_grid_makes_the_same_panels_again(grid: str) -> None:
    import landscape as ls

    film = ls.animate("ravine:kappa=9", "gd", grid=grid, steps=4, bounds=(-6, 6, -3, 3))
    assert film.recipe.surface == "ravine:kappa=9.0"
    again = prepare(film.recipe)
    assert again.recipe == film.recipe
    for panel in again.panels:
        assert panel.surface.bounds == ((-6, 6), (-3, 3))
    for one, other in zip(film.trajectories, again.trajectories, strict=True):
        assert one.surface.spec == other.surface.spec
        assert one.points.tobytes() == other.points.tobytes()


def test_the_recipe_of_a_grid_over_a_function_says_that_it_is_none() -> None:
    import landscape as ls

    def bowl(x: float, y: float) -> float:
        return x * x + y * y

    film = ls.animate(bowl, "gd", grid="lr=0.1,0.2", steps=3)
    assert film.recipe.surface == "python:bowl"
    with pytest.raises(LandscapeError, match="made in Python"):
        prepare(film.recipe)
