"""Letters of minima stand where they hide little and can be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from landscape.drawing.scene import Scene, build_scene, picture_style
from landscape.prepare import prepare
from landscape.recipe import Recipe


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with picture_style():
        yield


def scene(**values: Any) -> Scene:
    given: dict[str, Any] = {"surface": "himmelblau", "optimizers": ("gd:lr=0.005",), "fan": 16}
    return build_scene(prepare(Recipe(**{**given, **values})))


@pytest.mark.parametrize("size", ["1280x720", "620x480", "400x300"])
@pytest.mark.parametrize("fan", [7, 16])
def test_letters_stand_beside_their_minimum_within_the_axes(size: str, fan: int) -> None:
    made = scene(size=size, fan=fan)
    (panel,) = made.panels
    boxes = [letter.get_window_extent() for letter in made.letters]
    assert len(boxes) == 4
    for box, (_, point) in zip(boxes, panel.looks.letters, strict=True):
        x, y = panel.axes.transData.transform((point.x, point.y))
        away = np.hypot(0.5 * (box.x0 + box.x1) - x, 0.5 * (box.y0 + box.y1) - y)
        assert 20 * made.plan.unit < away < 60 * made.plan.unit
        assert panel.axes.bbox.x0 <= box.x0 <= box.x1 <= panel.axes.bbox.x1
        assert panel.axes.bbox.y0 <= box.y0 <= box.y1 <= panel.axes.bbox.y1
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_few_trails_run_through_a_letter() -> None:
    made = scene()
    (panel,) = made.panels
    lines = [panel.axes.transData.transform(path.points) for path in panel.trajectories]
    for letter in made.letters:
        box = letter.get_window_extent()
        through = 0
        for line in lines:
            share = np.linspace(0, 1, 40)[:, None, None]
            dense = (line[:-1] + share * np.diff(line, axis=0)).reshape(-1, 2)
            inside = (dense > (box.x0, box.y0)) & (dense < (box.x1, box.y1))
            through += bool(inside.all(axis=1).any())
        assert through == 0


def test_numbers_that_count_from_another_say_so() -> None:
    made = scene(
        fan=0,
        bounds=(1e5, 1e5 + 3, -2e5, -2e5 + 3),
        start=(1e5 + 1, -2e5 + 1),
        steps=2,
    )
    said = {text.get_text() for text in made.panels[0].axes.texts}
    assert said == {"$x$ \N{MINUS SIGN} 100000", "$y$ + 200000"}
