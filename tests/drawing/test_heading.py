"""The heading says what holds for all panels."""

from __future__ import annotations

from typing import Any

import pytest

from landscape.drawing.heading import heading_of
from landscape.drawing.scene import build_scene, picture_style
from landscape.prepare import prepare
from landscape.recipe import Recipe


def heading(**values: Any) -> str:
    given: dict[str, Any] = {"surface": "ravine", "optimizers": ("gd:lr=0.01",), "steps": 2}
    return " ".join(text for text, _ in heading_of(prepare(Recipe(**{**given, **values}))))


def test_a_parameter_that_differs_is_a_letter() -> None:
    assert "20" in heading()
    assert r"\kappa" not in heading()
    grid = heading(grid="kappa=2,10,50")
    assert r"\kappa" in grid
    assert not any(number in grid for number in ("50", "10", "20"))


def test_the_other_parameters_keep_their_values() -> None:
    grid = heading(surface="ravine:kappa=7", grid="rotation=0,30")
    assert r"\mathrm{rotation}" in grid
    assert r"\kappa" not in grid
    assert "7" in grid


def test_what_differs_among_the_optimizers_leaves_the_formula() -> None:
    assert heading(grid="lr=0.01,0.02") == heading()


def test_data_have_their_model_s_formula() -> None:
    grid = heading(surface="data:line,n=20,noise=1", grid="scaling=raw,standard")
    assert "L(" in grid


@pytest.mark.parametrize("size", ["1280x720", "620x480", "800x800"])
def test_a_long_formula_keeps_clear_of_the_step(size: str) -> None:
    with picture_style():
        scene = build_scene(
            prepare(
                Recipe(
                    surface="ravine",
                    optimizers=("gd:lr=0.01",),
                    grid="rotation=0,30",
                    steps=99,
                    size=size,
                )
            )
        )
        counter, said = scene.texts[-1]
        counter.set_text(said(99))
        step = counter.get_window_extent()
        for text in scene.figure.texts:
            box = text.get_window_extent()
            if text is not counter and box.y0 < step.y1 and box.y1 > step.y0:
                assert box.x1 < step.x0
