"""The key names the marks that the picture has, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from landscape.drawing.key import KeyMark, key_marks, key_rows
from landscape.prepare import prepare
from landscape.recipe import Recipe


def said(surface: str, *rules: str, **values: Any) -> list[str]:
    ready = prepare(Recipe(kind="still", format="png", surface=surface, optimizers=rules, **values))
    marks = key_marks(ready.surface, ready.trajectories, started=bool(rules))
    return [mark.said for mark in marks]


@pytest.mark.parametrize(
    ("surface", "rules", "values", "wanted"),
    [
        ("sphere", (), {}, ["minimum"]),
        ("sphere", ("gd",), {}, ["start", "minimum"]),
        ("himmelblau", (), {}, ["minimum", "saddle"]),
        ("two_wells", (), {}, ["lowest minimum", "other minimum", "saddle"]),
        ("two_wells", (), {"bounds": (0.5, 2, -1, 1)}, ["minimum"]),
        ("saddle", ("gd", "adam"), {}, ["start", "saddle", "left"]),
        ("log(x) + y**2", ("gd:lr=1",), {"start": (0.5, 0.5)}, ["start", "no value"]),
        ("sphere", ("gd:lr=10",), {"steps": 600}, ["start", "minimum", "left"]),
    ],
)
def test_marks(
    surface: str, rules: tuple[str, ...], values: dict[str, Any], wanted: list[str]
) -> None:
    assert said(surface, *rules, **values) == wanted


def test_rows_are_no_wider_than_the_legend() -> None:
    marks = [KeyMark("start", word) for word in ("start", "minimum", "other minimum", "saddle")]
    assert [[mark.said for mark in row] for row in key_rows(marks)] == [
        ["start", "minimum"],
        ["other minimum", "saddle"],
    ]
    assert key_rows([]) == []
