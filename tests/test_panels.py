from __future__ import annotations

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.lessons import LESSONS
from landscape.optimizers.rule import Rule
from landscape.optimizers.tuning import tune
from landscape.panels import panel_variants
from landscape.prepare import Prepared, prepare
from landscape.recipe import Recipe
from landscape.surfaces import surface

RAVINE = surface("ravine")
SCALINGS = "scaling=raw,minmax,standard"


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
        ("kappa=-x,5", "must be a number"),
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


# -- the panels of a grid are treated alike ------------------------------------------------------


def panels(surface: str, grid: str, *rules: str, **more: object) -> tuple[list[str], Prepared]:
    said: list[str] = []
    recipe = Recipe(surface=surface, optimizers=rules, grid=grid, **more)  # type: ignore[arg-type]
    return said, prepare(recipe, report=said.append)


@pytest.mark.parametrize("grid", ["kappa=5,20,50", "kappa=5,50", "rotation=0,45"])
def test_panels_of_one_domain_show_the_lesson_s_part_of_it(grid: str) -> None:
    view = LESSONS["ravine"].view
    assert view is not None
    _, made = panels("ravine", grid, "gd:lr=0.01", steps=3)
    for panel in made.panels:
        assert panel.surface.bounds == (view[:2], view[2:])
        assert tuple(panel.trajectories[0].points[0]) == LESSONS["ravine"].start


def test_panels_without_a_lesson_show_the_domain() -> None:
    _, made = panels("ravine:rotation=30", "kappa=5,50", "gd:lr=0.01", steps=3)
    assert {panel.surface.bounds for panel in made.panels} == {((-5, 5), (-5, 5))}
    assert prepare(made.recipe).recipe == made.recipe


def test_bounds_that_were_asked_for_are_everybody_s() -> None:
    _, made = panels("ravine", "kappa=5,20", "gd:lr=0.01", steps=3, bounds=(-6, 6, -3, 3))
    assert {panel.surface.bounds for panel in made.panels} == {((-6, 6), (-3, 3))}
    # Those of a surface object are asked for too, and the recipe keeps them.
    where = surface("ravine", bounds=(-6, 6, -3, 3))
    recipe = Recipe(surface="ravine", optimizers=("gd:lr=0.01",), grid="kappa=5,20", steps=3)
    film = prepare(recipe, surface=where)
    assert {panel.surface.bounds for panel in film.panels} == {((-6, 6), (-3, 3))}
    assert film.recipe.bounds == (-6, 6, -3, 3)


def test_weights_that_mean_the_same_have_one_domain_and_one_start() -> None:
    _, made = panels("data:line", "noise=0.5,2,5", "gd:lr=0.01", steps=3)
    assert len({panel.surface.bounds for panel in made.panels}) == 1
    assert len({tuple(path.points[0]) for path in made.trajectories}) == 1
    for panel in made.panels:
        own = surface(panel.surface.spec).bounds
        for (low, high), (from_, to) in zip(panel.surface.bounds, own, strict=True):
            assert low <= from_
            assert to <= high


def test_scalings_have_domains_of_their_own_and_one_model() -> None:
    _, made = panels("data:wine,model=linear,target=alcohol", SCALINGS, "gd", steps=20)
    assert len({panel.surface.bounds for panel in made.panels}) == 3
    losses = [path.losses[0] for path in made.trajectories]
    assert losses == pytest.approx([losses[0]] * 3)


def test_a_lesson_for_some_panels_is_no_lesson_for_the_grid() -> None:
    """Half of the rates from lessons and half from a search would compare the settings."""
    said, made = panels("ravine", "kappa=5,20,50", "gd", "momentum")
    names = [line.split(":")[0] for line in said]
    assert names == [f"\N{GREEK SMALL LETTER KAPPA} {kappa}" for kappa in (5, 5, 20, 20, 50, 50)]
    for panel in made.panels:
        for path in panel.trajectories:
            assert isinstance(path.rule, Rule)
            searched = tune(
                panel.surface, path.rule, start=LESSONS["ravine"].start, steps=len(path) - 1
            )
            assert path.rule.learning_rate == searched
    # The lesson's mu goes with the lesson's rate.
    assert {path.rule.hyperparameters.get("mu") for path in made.trajectories} == {None, 0.9}


def test_lessons_of_all_panels_are_kept() -> None:
    said, made = panels("data:diabetes,features=bmi/s5", SCALINGS, "gd")
    assert said == []
    for panel in made.panels:
        lesson = LESSONS[panel.surface.spec]
        assert panel.trajectories[0].rule.learning_rate == lesson.rates["gd"]
        assert tuple(panel.trajectories[0].points[0]) == lesson.start
        (x0, x1), (y0, y1) = panel.surface.bounds
        assert (x0, x1, y0, y1) == lesson.view


def test_a_rate_that_only_one_form_has_is_searched_for_all_forms() -> None:
    said, made = panels("ravine", "form=rewritten,lookahead", "nesterov", "gd", steps=30)
    assert [line.split(": ")[1] for line in said] == ["Nesterov", "Nesterov"]
    assert {path.rule.hyperparameters.get("mu") for path in made.trajectories} == {None, 0.9}
    gd = [path for path in made.trajectories if path.rule.name == "gd"]
    assert {path.rule.learning_rate for path in gd} == {LESSONS["ravine"].rates["gd"]}


def test_a_parameter_of_a_rule_leaves_the_lesson_s_rate() -> None:
    said, made = panels("ravine", "mu=0.5,0.9", "momentum", steps=5)
    assert said == []
    assert {path.rule.learning_rate for path in made.trajectories} == {0.06}


def test_a_start_outside_is_reported_for_each_panel() -> None:
    said, made = panels("ravine", "kappa=5,50", "gd:lr=0.01", start=(9, 9), steps=2)
    assert all("the start 9,9 lies outside the picture" in line for line in said)
    assert len(said) == 2
    assert all(tuple(path.points[0]) == (9, 9) for path in made.trajectories)
