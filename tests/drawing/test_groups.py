"""Several starts are told apart by the minimum that they find."""

from __future__ import annotations

import numpy as np

from landscape.drawing.groups import group_paths
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.style import THEMES

LIGHT = THEMES["light"]


def test_a_fan_finds_the_minima_that_it_says() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd:lr=0.01",), fan=12, steps=300))
    paths = ready.trajectories
    assert len(paths) == 12
    looks = group_paths(ready.surface, paths, LIGHT, 1.0)
    points = dict(looks.letters)
    assert [entry.label[0] for entry in looks.entries] == list(points)
    color_of = {
        entry.style.color: point
        for entry, point in zip(looks.entries, points.values(), strict=True)
    }
    for path, style in zip(paths, looks.styles, strict=True):
        point = color_of[style.color]
        assert np.hypot(*(path.points[-1] - (point.x, point.y))) < 1e-3
    counts = [int(entry.status(0).split()[0]) for entry in looks.entries]
    assert sum(counts) == 12
    assert not looks.losses


def test_a_path_that_finds_none_is_elsewhere() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd:lr=1e-6",), fan=3, steps=5))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    assert [entry.label for entry in looks.entries] == ["elsewhere"]
    assert looks.entries[0].detail == "not arrived"
    assert looks.entries[0].status(5) == "3 paths"


def test_a_path_that_rattles_about_a_minimum_has_not_found_it() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd:lr=0.02",), fan=16, steps=80))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    points = dict(looks.letters)
    color_of = {e.style.color: points.get(e.label) for e in looks.entries}
    for path, style in zip(ready.trajectories, looks.styles, strict=True):
        point = color_of[style.color]
        if point is not None:
            assert path.losses[-1] - point.value < 0.01 * path.losses[0]
    assert "elsewhere" in [entry.label for entry in looks.entries]


def test_a_dent_that_nobody_listed_is_a_place_of_rest() -> None:
    ready = prepare(Recipe(surface="rastrigin", optimizers=("gd:lr=0.001",), fan=8, steps=60))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    assert {entry.detail for entry in looks.entries} == {"at rest, no known minimum"}


def test_several_rules_are_told_apart_by_rule() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd", "adam"), fan=3, steps=2))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    assert [entry.label for entry in looks.entries] == ["GD", "Adam"]
    assert [entry.status(0) for entry in looks.entries] == ["none arrived", "none arrived"]
    assert len({style.color for style in looks.styles}) == 2


def test_one_start_has_losses() -> None:
    ready = prepare(Recipe(surface="ravine", optimizers=("gd", "adam"), steps=5))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    assert looks.losses
    assert looks.letters == ()
