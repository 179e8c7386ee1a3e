"""The command, `descend` and `animate` agree on what a run leaves open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import landscape as ls
from landscape.cli import cli
from landscape.lessons import LESSONS
from landscape.optimizers import optimizer
from landscape.surfaces import surface


@pytest.mark.parametrize(("name", "rule"), [("ravine", "momentum"), ("saddle", "gd")])
def test_descend_takes_the_lesson(name: str, rule: str) -> None:
    lesson = LESSONS[name]
    path = ls.descend(name, rule)
    assert tuple(path.points[0]) == lesson.start
    assert len(path) == lesson.steps + 1
    assert path.rule.learning_rate == lesson.rates[rule]
    for key, value in lesson.hyperparameters.get(rule, {}).items():
        assert path.rule.hyperparameters[key] == value


def test_what_is_given_wins() -> None:
    path = ls.descend("ravine", "momentum:mu=0.3", start=(1, 1), steps=7)
    assert tuple(path.points[0]) == (1, 1)
    assert len(path) == 8
    assert path.rule.hyperparameters["mu"] == 0.3
    # A rate of one's own means the rule's own defaults: the lesson's mu belongs to its rate.
    assert ls.descend("ravine", "momentum:lr=0.01").rule.hyperparameters["mu"] == 0.9
    assert ls.descend("ravine", "momentum", learning_rate=0.01).rule.hyperparameters["mu"] == 0.9


def test_a_rule_object_keeps_its_hyperparameters() -> None:
    rule = optimizer("momentum")
    path = ls.descend("ravine", rule)
    assert path.rule.hyperparameters["mu"] == rule.hyperparameters["mu"] == 0.9


def test_other_parameters_have_no_lesson() -> None:
    other = surface("ravine:kappa=50")
    path = ls.descend(other, "gd")
    assert tuple(path.points[0]) == other.start
    assert len(path) == 201


@pytest.mark.parametrize("name", ["ravine", "beale", "rnn_cliff", "x**2 + 3*y**2"])
@pytest.mark.parametrize(
    "rule", ["gd", "momentum", "adam:beta1=0.8", "v = 0.9*v - lr*g; p = p + v"]
)
def test_command_and_functions_agree(name: str, rule: str, tmp_path: Path) -> None:
    path = ls.descend(name, rule)
    film = ls.animate(name, rule).trajectories[0]
    assert path.points.tobytes() == film.points.tobytes()
    out = tmp_path / "path.npz"
    done = CliRunner().invoke(cli, ["descend", "--surface", name, "--opt", rule, "-o", str(out)])
    assert done.exit_code == 0, done.output
    with np.load(out) as numbers:
        assert np.array_equal(np.stack([numbers["x"], numbers["y"]], axis=1), path.points)
