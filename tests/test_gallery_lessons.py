"""What a picture of the gallery claims is true of the numbers behind it.

The lessons of named surfaces and of data are tested with the surfaces; here are those that a recipe
of the gallery adds.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from landscape.cli.options import recipe_from
from landscape.cli.pictures import animate, plot
from landscape.descent import Trajectory
from landscape.drawing.groups import group_paths
from landscape.prepare import Prepared, prepare
from landscape.recipe import Recipe
from landscape.style import THEMES

GALLERY = Path(__file__).parents[1] / "gallery"


@cache
def ready(name: str) -> Prepared:
    return prepare(Recipe.from_toml((GALLERY / f"{name}.toml").read_text("utf-8")))


def paths(name: str) -> tuple[Trajectory, ...]:
    return ready(name).trajectories


def commands() -> dict[str, list[str]]:
    """The command beneath each picture of the gallery's page, as words."""
    found, name = {}, ""
    for line in (GALLERY / "README.md").read_text("utf-8").splitlines():
        if picture := re.match(r"!\[.+\]\((\w+)\.\w+\)$", line):
            name = picture[1]
        elif line.startswith("    landscape "):
            found[name] = shlex.split(line)
    return found


def of_paths() -> list[str]:
    """The names of the recipes that show paths over a surface, not a network."""
    tables = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in GALLERY.glob("*.toml")}
    return sorted(name for name, table in tables.items() if "picture" not in table)


@pytest.mark.parametrize("name", of_paths())
def test_the_command_on_the_page_makes_the_picture(name: str) -> None:
    _, command, *words = commands()[name]
    if command == "render":
        assert words == [f"gallery/{name}.toml"]
        return
    chosen = {"animate": animate, "plot": plot}[command]
    values = chosen.make_context(command, words).params
    for key in ("output", "max_mb", "poster"):
        values.pop(key, None)
    film = command == "animate"
    recipe = recipe_from("film" if film else "still", values, format="gif" if film else "png")
    assert prepare(recipe).recipe == ready(name).recipe


def crossings(values: np.ndarray) -> int:
    """How often a coordinate changes its sign."""
    signs = np.sign(values[np.abs(values) > 1e-9])
    return int((signs[1:] != signs[:-1]).sum())


def test_too_small_good_and_too_large_a_rate() -> None:
    small, good, large = paths("learning_rate")
    curvature = small.surface.largest_curvature
    assert curvature == pytest.approx(20)
    assert large.rule.learning_rate > 2 / curvature > good.rule.learning_rate  # type: ignore[operator]
    assert small.losses[-1] > 0.05 * small.losses[0]
    assert good.losses[-1] < 1e-2 * small.losses[-1]
    assert large.ending.outcome == "left the domain"
    assert large.losses[-1] > large.losses[0]


def test_momentum_overshoots_and_comes_back() -> None:
    (path,) = paths("momentum")
    x = path.points[:, 0]
    assert x[0] < 0 < x.max()
    assert x.max() > 0.1 * abs(x[0])
    assert abs(x[-1]) < 0.2 * x.max()
    # Where the gradient has turned, the velocity still carries on: they point apart.
    assert path.velocities is not None
    against = (path.velocities * -path.gradients).sum(axis=1) < 0
    assert against.mean() > 0.2


def test_friction_must_be_chosen() -> None:
    much, some, little = paths("friction")
    assert crossings(much.points[:, 0]) == 0
    assert crossings(little.points[:, 0]) >= 3
    assert some.losses[-1] < 0.01 * min(much.losses[-1], little.losses[-1])


def test_little_friction_overshoots_on_and_on() -> None:
    for path, most in zip(paths("friction"), (0.0, 0.2, 0.9), strict=True):
        # How far it swings past the minimum, as a share of where it came from.
        past = max(0.0, float(path.points[:, 0].max())) / 4
        assert most - 0.2 <= past <= most
        mu = path.rule.hyperparameters["mu"]
        # What is left of the velocity after a step is mu of it: the rest of a step is the gradient.
        assert path.velocities is not None
        pushed = path.velocities[1:] + 0.01 * path.gradients[:-1]
        assert np.allclose(pushed, mu * path.velocities[:-1])


def test_nesterov_overshoots_less() -> None:
    momentum, nesterov = paths("nesterov")
    assert momentum.rule.learning_rate == nesterov.rule.learning_rate
    assert momentum.rule.hyperparameters["mu"] == nesterov.rule.hyperparameters["mu"]
    assert nesterov.points[:, 1].min() > 0.7 * momentum.points[:, 1].min()
    swings = [np.abs(path.points[8:, 1]).max() for path in (momentum, nesterov)]
    assert swings[1] < 0.4 * swings[0]
    late = slice(len(momentum) // 2, None)
    assert nesterov.losses[late].max() < 0.3 * momentum.losses[late].max()


def test_a_constant_rate_rattles_where_decaying_rates_settle() -> None:
    constant, *decaying = paths("decay")
    assert len(decaying) == 3
    late = slice(-40, None)
    rattle = np.ptp(constant.points[late], axis=0)
    for path in decaying:
        assert (path.gradients[:, 0] != 0).all()
        assert path.learning_rates[-2] < 0.2 * path.learning_rates[0]
        assert (np.ptp(path.points[late], axis=0) < 0.6 * rattle).all()
        assert path.losses[late].mean() < 0.25 * constant.losses[late].mean()


def test_adaptive_rules_step_alike_in_both_coordinates() -> None:
    for path in paths("per_parameter"):
        dx, dy = np.abs(path.points[1] - path.points[0])
        if path.rule.name in ("gd", "momentum"):
            assert dy > 5 * dx
        else:
            assert 0.8 < dy / dx < 1.25


def test_few_examples_are_rough_but_cheap() -> None:
    whole, some, one = paths("batches")
    cost, rough = [], []
    for path in (whole, some, one):
        assert path.epochs is not None
        lowest = path.surface.minima[0].value
        near = lowest + 0.05 * (path.losses[0] - lowest)
        cost.append(float(path.epochs[int(np.argmax(path.losses < near))]))
        rough.append(float(np.maximum(np.diff(path.losses), 0).sum()))
    assert cost[0] > 10 * cost[1]
    assert cost[1] > 3 * cost[2] > 0
    assert rough[0] < 1e-9 < rough[1] < rough[2]
    assert [path.epochs[1] for path in (whole, some, one)] == [1, 20 / 442, 1 / 442]  # type: ignore[index]


def test_the_fewer_examples_the_rougher_and_the_cheaper() -> None:
    whole, some, one = paths("bounces")
    assert {path.rule.learning_rate for path in (whole, some, one)} == {0.1}
    assert {len(path) for path in (whole, some, one)} == {201}
    star = whole.surface.minima[0]
    late = slice(-100, None)
    off = [np.hypot(*(path.points[late] - (star.x, star.y)).T).mean() for path in paths("bounces")]
    assert off[0] < 1
    assert off[1] > 3 * off[0]
    assert off[2] > 3 * off[1]
    # Gradients of single examples: the same number of updates costs 442 times as much.
    costs = [path.epochs[-1] * path.surface.examples for path in paths("bounces")]  # type: ignore[index]
    assert costs == pytest.approx([200 * 442, 200 * 20, 200])
    # What one example's gradient has found by then, that of all has not begun to.
    start = float(whole.losses[0]) - star.value
    spent = int(costs[2] // 442)
    assert one.losses[late].mean() - star.value < 0.05 * start
    assert whole.losses[spent] == whole.losses[0]


def test_a_batch_s_path_arrives_but_never_stands_still() -> None:
    (path,) = paths("batch_surface")
    star = path.surface.minima[0]
    start, late = path.points[0], path.points[-30:]
    away = np.hypot(*(late.mean(axis=0) - (star.x, star.y)))
    assert away < 0.1 * np.hypot(*(start - (star.x, star.y)))
    assert np.hypot(*np.diff(late, axis=0).T).min() > 0
    batch = path.surface.batch_surface(5, 8, 2)  # type: ignore[attr-defined]
    assert np.allclose(batch.gradient(*path.points[5]), path.gradients[5])


def test_scaled_features_need_a_tenth_of_the_steps() -> None:
    made = ready("scaling")
    assert [panel.title for panel in made.panels] == ["raw", "minmax", "standard"]
    raw, *scaled = made.trajectories
    needed, conditions = [], []
    for path in (raw, *scaled):
        lowest = path.surface.minima[0].value
        near = path.losses - lowest < 0.01 * (path.losses[0] - lowest)
        needed.append(int(np.argmax(near)) if near.any() else len(path))
        condition = path.surface.condition
        assert condition is not None
        conditions.append(condition)
        # GD's best constant rate, for each.
        small, large = path.surface.curvatures  # type: ignore[attr-defined]
        assert path.rule.learning_rate == pytest.approx(2 / (small + large), rel=0.02)
    assert conditions == pytest.approx([89.8, 2.61, 2.61], rel=1e-3)
    for steps in needed[1:]:
        assert needed[0] >= 10 * steps > 0
    # The same model at first, so the same loss; and the same one at the end.
    starts = [path.losses[0] for path in (raw, *scaled)]
    assert starts == pytest.approx([starts[0]] * 3, rel=1e-4)
    assert scaled[0].losses[-1] == pytest.approx(scaled[1].losses[-1])
    # From wall to wall, against straight: the way is so many times as long as it need be.
    ways = []
    for path in (raw, *scaled):
        steps = np.hypot(*np.diff(path.points, axis=0).T)
        ways.append(steps.sum() / np.hypot(*(path.points[-1] - path.points[0])))
    assert ways[0] > 4
    assert max(ways[1:]) < 1.2


def test_sixteen_starts_find_six_minima_of_three_heights() -> None:
    made = ready("several_starts")
    assert [end.place for end in made.panels[0].ends] == ["minimum"] * 16
    looks = group_paths(made.surface, made.trajectories, THEMES["light"], 1.0)
    counts = {entry.label: int(entry.status(0).split()[0]) for entry in looks.entries}
    assert list(counts) == ["A", "B", "C", "D", "E", "F"]
    assert sum(counts.values()) == 16
    heights = [point.value for _, point in looks.letters]
    assert heights == sorted(heights)
    assert len({round(height, 3) for height in heights}) == 3
    # Only half of them find one of the two that are best.
    assert heights[:2] == pytest.approx([made.surface.minima[0].value] * 2)
    assert counts["A"] + counts["B"] == 8


def test_solvers_count_what_they_ask_for() -> None:
    newton, bfgs, nelder_mead = paths("solvers")
    for path in (newton, bfgs, nelder_mead):
        assert path.losses[-1] < 1e-6
    assert len(newton) < len(bfgs) or newton.losses[-1] < 1e-15
    assert nelder_mead.simplices is not None
    assert nelder_mead.evaluations[-1] > max(newton.evaluations[-1], bfgs.evaluations[-1])
