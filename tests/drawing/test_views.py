"""Both axes have one scale where there is room, and a lesson's view grows into its box."""

from __future__ import annotations

from collections.abc import Iterator
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
    given: dict[str, Any] = {"kind": "still", "format": "png", "optimizers": ("gd",), "steps": 9}
    return build_scene(prepare(Recipe(**{**given, **values})))


def scales(axes: Any) -> tuple[float, float]:
    """Pixels for one of each axis."""
    box = axes.bbox
    return box.width / np.ptp(axes.get_xlim()), box.height / np.ptp(axes.get_ylim())


DATA = "data:diabetes,model=linear,features=bmi/s5"
ROUND: list[dict[str, Any]] = [
    {"surface": "himmelblau"},
    {"surface": "himmelblau", "size": "620x480"},
    {"surface": "himmelblau", "size": "400x300"},
    {"surface": "himmelblau", "size": "300x600"},
    {"surface": "himmelblau", "optimizers": ()},
    {"surface": "six_hump_camel"},
    {"surface": "beale", "curves": ("loss",)},
    {"surface": "beale", "curves": ("loss", "gradient"), "beside": True},
    {"surface": "ravine"},
    {"surface": "ravine", "grid": "kappa=2,10,50"},
    {"surface": "ravine", "grid": "kappa=2,10,50", "size": "620x480", "curves": ("loss",)},
    {"surface": "ravine", "grid": "kappa=2,10,50,100", "size": "400x300"},
    {"surface": "ravine", "grid": "lr=0.01,0.06,0.1"},
    {"surface": DATA, "grid": "scaling=raw,standard", "curves": ("loss",)},
    {"surface": "ravine", "arrows": ("gradient",), "curves": ("loss",)},
]


@pytest.mark.parametrize("values", ROUND)
def test_a_circle_is_round(values: dict[str, Any]) -> None:
    made = scene(**values)
    assert made.plan.equal
    for panel in made.panels:
        across, up = scales(panel.axes)
        assert across == pytest.approx(up, rel=1e-6)


def test_a_gradient_stands_upright_on_its_level_line() -> None:
    made = scene(surface="ravine", arrows=("gradient",), optimizers=("gd:lr=0.02",))
    (arrow,) = made.shapes
    outline = arrow.outline(0)
    assert outline is not None
    axes, path = made.panels[0].axes, made.panels[0].trajectories[0]
    (gx, gy), (x, y) = path.gradients[0], path.points[0]
    level = np.diff(axes.transData.transform([(x, y), (x - gy * 1e-3, y + gx * 1e-3)]), axis=0)[0]
    corners = np.asarray(outline.vertices)
    tail = axes.transData.transform((x, y))
    tip = corners[np.hypot(*(corners - tail).T).argmax()] - tail
    assert np.dot(level, tip) / np.hypot(*level) / np.hypot(*tip) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "values",
    [
        {"surface": "x**2 + y**2/1e4", "bounds": (-1, 1, -100, 100)},  # units of their own
        {"surface": "himmelblau", "curves": ("loss", "gradient", "rate"), "size": "wide"},
    ],
)
def test_where_it_would_cost_too_much_the_box_is_filled(values: dict[str, Any]) -> None:
    made = scene(**values)
    assert not made.plan.equal
    assert scales(made.panels[0].axes)[0] != pytest.approx(scales(made.panels[0].axes)[1], rel=0.1)


def test_of_two_scales_arrows_tell() -> None:
    said = [
        {text.get_text() for text in scene(surface=surface, **more).panels[0].axes.texts}
        for surface, more in (
            ("x**2 + y**2/1e4", {"bounds": (-1, 1, -100, 100), "arrows": ("gradient",)}),
            ("sphere", {"arrows": ("gradient",)}),
        )
    ]
    assert any("two scales" in text for text in said[0])
    assert not any("two scales" in text for text in said[1])


def test_a_lesson_s_view_grows_within_the_domain() -> None:
    made = scene(surface="ravine")
    axes = made.panels[0].axes
    assert axes.get_xlim() == (-5, 5)
    low, high = axes.get_ylim()
    assert 2.5 < high <= 5.0
    assert low == -high
    # The axes fill their box to the foot: nothing of the picture is empty.
    assert axes.bbox.y0 < 0.08 * made.plan.size[1]


def test_bounds_that_were_asked_for_stay() -> None:
    made = scene(surface="ravine", bounds=(-5, 5, -3, 3))
    assert made.panels[0].axes.get_ylim() == (-3, 3)
    other = scene(surface="himmelblau", bounds=(-5, 5, -2.5, 2.5))
    assert other.panels[0].axes.get_ylim() == (-2.5, 2.5)


def test_a_path_leaves_the_picture_where_that_ends() -> None:
    made = scene(surface="ravine", optimizers=("gd:lr=0.103",), steps=60)
    axes, path = made.panels[0].axes, made.panels[0].trajectories[0]
    high = axes.get_ylim()[1]
    outside = np.abs(path.points[:, 1]) > high
    assert path.exits[0] == int(np.argmax(outside))
    assert abs(path.points[path.exits[0] - 1, 1]) > 2.5  # beyond the lesson's own view


def test_a_picture_made_again_is_the_same() -> None:
    ready = prepare(Recipe(kind="still", format="png", surface="ravine", optimizers=("gd",)))
    again = prepare(ready.recipe)
    one, other = (build_scene(each).panels[0].axes.get_ylim() for each in (ready, again))
    assert one == other


def test_high_axes_leave_their_room_to_the_legend() -> None:
    tall, wide = scene(surface="himmelblau"), scene(surface="ravine")
    assert tall.plan.zoom > 1.0 == wide.plan.zoom
    assert tall.plan.legend is not None
    assert tall.plan.legend[0] + tall.plan.legend[2] <= 1280
