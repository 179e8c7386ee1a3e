"""Several starts are told apart by the minimum that they find."""

from __future__ import annotations

import numpy as np
import pytest

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


def test_a_path_that_has_not_arrived_is_on_the_way() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd:lr=1e-6",), fan=3, steps=5))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    (entry,) = looks.entries
    assert (entry.label, entry.detail) == ("on the way", "not arrived")
    assert entry.status(5) == "3 paths"


def test_a_path_that_rattles_about_a_minimum_has_not_found_it() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd:lr=0.02",), fan=16, steps=80))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    points = dict(looks.letters)
    color_of = {e.style.color: points.get(e.label) for e in looks.entries}
    for path, style in zip(ready.trajectories, looks.styles, strict=True):
        point = color_of[style.color]
        if point is not None:
            assert path.losses[-1] - point.value < 0.01 * path.losses[0]
    assert "on the way" in [entry.label for entry in looks.entries]


def test_minima_that_nobody_listed_have_letters_by_their_height() -> None:
    ready = prepare(Recipe(surface="rastrigin", optimizers=("gd:lr=0.001",), fan=6, steps=60))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    letters = [letter for letter, _ in looks.letters]
    assert [entry.label for entry in looks.entries] == letters == list("ABCDEF"[: len(letters)])
    values = [point.value for _, point in looks.letters]
    assert values == pytest.approx(sorted(values))
    for entry, (_, point) in zip(looks.entries, looks.letters, strict=True):
        assert entry.detail.startswith("(")
        assert f"loss {point.value:.3g}" in entry.detail


def test_of_many_minima_the_most_frequent_have_letters() -> None:
    ready = prepare(Recipe(surface="ackley", optimizers=("gd:lr=0.01",), fan=24, steps=150))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    *lettered, others = looks.entries
    assert [entry.label for entry in lettered] == list("ABCDEFG")
    assert others.label == "others"
    counts = [int(entry.status(0).split()[0]) for entry in looks.entries]
    assert sum(counts) == 24
    more = int(others.detail.split()[0])
    assert 0 < more <= counts[-1]
    assert max(counts[:-1]) >= 2
    colors = {(entry.style.color, entry.style.marker) for entry in looks.entries}
    assert len(colors) == 8


def test_ends_that_are_no_minima_have_names() -> None:
    ready = prepare(
        Recipe(
            surface="saddle",
            optimizers=("gd:lr=0.1",),
            start=(0.8, 0),
            starts=((-0.8, 0), (0.5, 0.001), (0, 1)),
            steps=100,
        )
    )
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    said = [(entry.label, entry.detail, entry.status(0)) for entry in looks.entries]
    assert said == [
        ("saddle", "at rest at (0, 0), loss 0", "2 paths"),
        ("lost", "left the picture", "2 paths"),
    ]
    assert looks.letters == ()


def test_several_rules_are_told_apart_by_rule() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd", "adam"), fan=3, steps=2))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    assert [entry.label for entry in looks.entries] == ["GD", "Adam"]
    assert len({style.color for style in looks.styles}) == 2


def test_several_rules_count_their_ends_in_words() -> None:
    ready = prepare(
        Recipe(
            surface="two_wells",
            optimizers=("gd:lr=0.02", "momentum:lr=0.02"),
            start=(1.2, 1.2),
            starts=((-1.2, 1.2), (1.2, -0.5)),
            steps=100,
        )
    )
    ends = ready.panels[0].ends
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0, ends)
    gd, momentum, *minima = looks.entries
    assert gd.status(0) == "A\u2009×1, B\u2009×2"
    assert momentum.status(0).startswith("A\u2009×")
    assert gd.detail == "lr 0.02"
    # The letters are explained, with where they are and how low.
    assert [entry.label for entry in minima] == ["(−0.936, 0)", "(0.905, 0)"]
    assert [entry.detail for entry in minima] == ["loss −2.06", "loss −1.09"]
    assert [letter for letter, _ in looks.letters] == ["A", "B"]
    assert all(letter in entry.style.marker for letter, entry in zip("AB", minima, strict=True))


def test_a_long_count_stands_in_the_second_line() -> None:
    ready = prepare(
        Recipe(surface="himmelblau", optimizers=("gd:lr=0.01", "adam:lr=0.3"), fan=12, steps=100)
    )
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    for entry in looks.entries[:2]:
        assert entry.status(0) == "12 arrived"
        assert entry.detail.count("×") == 4
        assert ", lr 0." in entry.detail


def test_one_start_has_losses() -> None:
    ready = prepare(Recipe(surface="ravine", optimizers=("gd", "adam"), steps=5))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    assert looks.losses
    assert looks.letters == ()
