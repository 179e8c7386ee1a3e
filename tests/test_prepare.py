from __future__ import annotations

from typing import Any

import pytest

from landscape.errors import LandscapeError
from landscape.lessons import LESSONS
from landscape.prepare import prepare
from landscape.recipe import Recipe


@pytest.mark.parametrize("name", ["ravine", "himmelblau", "saddle"])
def test_the_lesson_fills_in_what_is_left_open(name: str) -> None:
    lesson = LESSONS[name]
    ready = prepare(Recipe(surface=name))
    assert ready.recipe.start == tuple(lesson.start)
    assert ready.recipe.steps == lesson.steps
    assert [path.rule.name for path in ready.trajectories] == list(lesson.rules)
    for path in ready.trajectories:
        assert path.rule.learning_rate == lesson.rates[path.rule.name]


def test_a_prepared_recipe_is_complete() -> None:
    ready = prepare(Recipe(surface="beale", optimizers=("gd", "adam"), steps=5))
    said: list[str] = []
    again = prepare(ready.recipe, report=said.append)
    assert again.recipe == ready.recipe
    assert said == []
    for one, other in zip(ready.trajectories, again.trajectories, strict=True):
        assert one.points.tobytes() == other.points.tobytes()


def test_a_searched_rate_is_reported() -> None:
    said: list[str] = []
    ready = prepare(Recipe(surface="x**2 + y**2", optimizers=("gd",), steps=5), report=said.append)
    assert len(said) == 1
    assert f"{ready.trajectories[0].rule.learning_rate:g}" in said[0]


def test_a_still_needs_no_optimizer() -> None:
    assert prepare(Recipe(kind="still", format="png")).trajectories == ()


@pytest.mark.parametrize(("steps", "fps"), [(20, 10), (99, 12.5), (150, 20), (190, 25), (900, 25)])
def test_a_film_lasts_about_eight_seconds(steps: int, fps: float) -> None:
    assert prepare(Recipe(optimizers=("gd",), steps=steps)).recipe.fps == fps


def test_progress_counts_all_steps() -> None:
    seen: list[tuple[int, int]] = []
    prepare(
        Recipe(surface="sphere", optimizers=("gd", "adam"), steps=5000),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == sorted(seen)
    assert {total for _, total in seen} == {10_000}


@pytest.mark.parametrize("values", [{"surface": "python:f"}, {"optimizers": ("python:r",)}])
def test_what_no_text_says_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(LandscapeError, match="made in Python"):
        prepare(Recipe(**values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "labels"),
    [
        (("p = p - lr*g", "p = p - lr*sign(g)"), ["Your rule", "Rule 2"]),
        (("p = p - lr*g:lr=0.1", "p = p - lr*g:lr=0.2"), ["Your rule", "Your rule"]),
        (("nesterov", "nesterov:form=lookahead"), ["Nesterov", "Nesterov (lookahead)"]),
        (("gd:label=A", "momentum:label=A"), ["A", "A"]),
        (("gd:lr=0.1", "gd:lr=0.2"), ["GD", "GD"]),
    ],
)
def test_labels_tell_formulas_apart(rules: tuple[str, ...], labels: list[str]) -> None:
    ready = prepare(Recipe(surface="sphere", optimizers=rules, steps=2))
    assert [path.label for path in ready.trajectories] == labels
    assert prepare(ready.recipe).recipe == ready.recipe


def test_a_start_outside_the_picture_is_reported() -> None:
    said: list[str] = []
    prepare(Recipe(surface="sphere", optimizers=("gd",), start=(50, 0)), report=said.append)
    assert said == ["the start 50,0 lies outside the picture"]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"optimizers": ("newton",), "schedule": "cosine"}, "a schedule needs a learning rate"),
        ({"optimizers": ("gd", "adam"), "arrows": ("velocity",)}, "needs a rule with one"),
    ],
)
def test_what_no_optimizer_could_follow_is_refused(changes: dict[str, Any], wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted):
        prepare(Recipe(surface="ravine", **changes))
