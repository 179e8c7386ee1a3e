"""What pictures say of runs that found nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from landscape.drawing.scene import picture_style
from landscape.pictures.endings import said_of_end, said_of_ends
from landscape.pictures.plane import PlaneRecipe
from landscape.pictures.plane import prepare as prepare_plane
from landscape.pictures.profile import ProfileRecipe
from landscape.pictures.profile import prepare as prepare_profile

BLOWN: dict[str, Any] = {
    "data": "moons:rows=120",
    "net": "6",
    "epochs": 3,
    "batch": 20,
    "optimizers": ("gd:lr=300",),
}


def run(first: float, last: float, ending: str = "finished") -> Any:
    return SimpleNamespace(
        train_loss=[first, last],
        ending=ending,
        describe_ending=lambda: f"{ending} at step 12",
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (run(0.7, 0.69), ""),
        (run(0.7, 0.9), "ended at a loss of 0.9, not below its first, 0.7"),
        (run(0.7, 0.7), "ended at a loss of 0.7, not below its first, 0.7"),
        (run(0.7, 1e9), "blew up, to a loss of 1e+09 from 0.7"),
        (run(0.7, 0.1, "diverged"), "diverged at step 12"),
    ],
)
def test_an_end_that_is_none_is_said(given: Any, wanted: str) -> None:
    assert said_of_end(given) == wanted
    assert said_of_ends([("A", run(1, 0)), ("B", given)]) == (f"B {wanted}" if wanted else "")


def test_several_such_ends_are_said_in_short() -> None:
    high, gone = run(0.7, 0.9), run(0.7, 1e9)
    assert said_of_ends([("A", gone), ("B", gone)]) == "A and B blew up"
    said = said_of_ends([("A", gone), ("B", high), ("C", run(1, 0)), ("D", high)])
    assert said == "A, B and D ended no lower than they began"


@pytest.mark.parametrize("along", ["plane", "profile", "line"])
def test_a_run_that_blew_up_is_told_and_stands_in_the_heading(along: str) -> None:
    told: list[str] = []
    if along == "plane":
        recipe = PlaneRecipe(**BLOWN, directions="random", resolution=9)
        ready: Any = prepare_plane(recipe, report=told.append)
    elif along == "profile":
        recipe_of_lines = ProfileRecipe(**BLOWN, repeats=3, count=5)
        ready = prepare_profile(recipe_of_lines, report=told.append)
    else:
        both = {**BLOWN, "optimizers": ("gd:lr=300", "adam")}
        ready = prepare_profile(ProfileRecipe(**both, along="line", count=9), report=told.append)
    assert [one for one in told if one.startswith("GD: blew up, to a loss of ")]
    with picture_style():
        figure = ready.figure()
    said = [text.get_text() for text in figure.texts]
    assert [one for one in said if one.startswith("GD blew up, to a loss of ")]


def test_what_found_no_minimum_is_not_sharper() -> None:
    told: list[str] = []
    recipe = ProfileRecipe(**BLOWN, vary="batch=10,40", seeds=2, repeats=3, count=5)
    ready = prepare_profile(recipe, report=told.append)
    assert [curve.nothing for curve in ready.curves] == [2, 2]
    assert ready.numbers()[-1].partition(";")[0].endswith("no order: 4 of 4 runs found no minimum")
    assert [one for one in told if one.startswith("batch 40, seed 1, GD: ")]
    panels = prepare_plane(
        PlaneRecipe(**BLOWN, directions="random", vary="batch=10,40", seeds=2, resolution=5)
    )
    assert "no order: 4 of 4 runs found no minimum" in panels.numbers()[-1]
