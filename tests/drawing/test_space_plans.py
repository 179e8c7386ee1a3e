"""Which arrangement shows surfaces in three dimensions largest, and that its parts stay apart."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from landscape.drawing.boxes import Box, Layout
from landscape.drawing.camera import Camera
from landscape.drawing.layout import has_room, layout
from landscape.drawing.scene import build_scene, picture_style
from landscape.drawing.space_plans import USUAL, Shape, drawn_scale, largest, needed, pair, shape_of
from landscape.drawing.space_surface import box_sides
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.relief.view import view_of

SIZES = [(400, 300), (620, 480), (800, 600), (1280, 720), (1600, 680), (600, 900)]


def plan_of(size: tuple[int, int], **values: Any) -> Layout:
    given: dict[str, Any] = {"title": True, "caption": False, "keyed": True, "aspects": [1.0]}
    given |= {"view": "both"} | values
    entries = given.pop("entries", 2)
    return layout(size, entries, **given)


def scene_of(**values: Any) -> Any:
    given: dict[str, Any] = {"kind": "still", "format": "png", "surface": "himmelblau"}
    given |= {"optimizers": ("gd:lr=0.001", "adam:lr=0.1"), "steps": 20, "view": "3d"}
    given |= {"elevation": 35.0, "azimuth": -60.0} | values
    with picture_style():
        return build_scene(prepare(Recipe(**given)))


# -- what is seen of a box -------------------------------------------------------------------------


@pytest.mark.parametrize("elevation", [0.0, 35.0, 70.0])
@pytest.mark.parametrize("azimuth", [-60.0, 0.0, 45.0, 170.0])
@pytest.mark.parametrize("surface", ["himmelblau", "ravine"])
def test_the_shape_of_a_box_is_that_of_its_picture(
    elevation: float, azimuth: float, surface: str
) -> None:
    scene = scene_of(surface=surface, elevation=elevation, azimuth=azimuth, size="900x700")
    (space,) = scene.spaces
    shape = shape_of(box_sides(space.relief.bounds, 1.0), Camera(elevation, azimuth))
    view, renderer = view_of(space.axes3d), scene.figure.canvas.get_renderer()
    x0, y0, x1, y1 = space.crate.bare(renderer, view)
    assert (x1 - x0) / (y1 - y0) == pytest.approx(shape.width / shape.height, rel=0.13)


def test_a_camera_that_goes_round_sees_the_widest() -> None:
    sides = (1.0, 0.5, 0.7)
    orbit = shape_of(sides, Camera(30.0, 0.0, orbit=360.0))
    still = [shape_of(sides, Camera(30.0, azimuth)) for azimuth in range(0, 180, 3)]
    assert orbit.width == pytest.approx(max(one.width for one in still))
    assert orbit.height == pytest.approx(max(one.height for one in still))


def test_what_a_box_needs_is_what_it_was_given_in_one_direction() -> None:
    for box in ((0, 0, 500, 300), (0, 0, 300, 500)):
        across, up = needed(drawn_scale(box, USUAL, 1.0), USUAL, 1.0)
        assert across <= box[2] + 1e-9
        assert up <= box[3] + 1e-9
        assert across == pytest.approx(box[2]) or up == pytest.approx(box[3])
    assert drawn_scale((0, 0, 50, 500), USUAL, 1.0) == 0.0


def test_the_first_is_left_for_what_is_clearly_larger() -> None:
    assert largest([10.0, 10.5], float, 1.1) == 10.0
    assert largest([10.0, 11.5, 11.2], float, 1.1) == 11.5


# -- contours and a box ----------------------------------------------------------------------------


def test_two_views_stand_beside_each_other_or_beneath_by_the_page() -> None:
    wide = pair((60, 40, 1100, 500), 1.3, USUAL, 1.0, 40.0)
    tall = pair((60, 40, 500, 900), 1.3, USUAL, 1.0, 40.0)
    _, flat, space = wide
    assert flat[0] + flat[2] <= space[0]
    _, flat, space = tall
    assert flat[1] >= space[1] + space[3]
    for _, flat, _ in (wide, tall):
        assert flat[2] / flat[3] == pytest.approx(1.3)


def test_a_high_box_gets_more_of_the_width() -> None:
    _, flat, _ = pair((60, 40, 1100, 500), 1.0, Shape(1.0, 1.0), 1.0, 40.0)
    _, other, _ = pair((60, 40, 1100, 500), 1.0, Shape(2.0, 1.0), 1.0, 40.0)
    assert other[2] <= flat[2]


def test_contours_are_as_high_as_asked_where_they_can_be() -> None:
    box = (60, 40, 280, 420)
    _, low, _ = pair(box, 1.0, USUAL, 1.0, 40.0)
    _, high, _ = pair(box, 1.0, USUAL, 1.0, 40.0, least=low[3] + 20)
    assert high[3] >= low[3] + 20
    assert pair(box, 1.0, USUAL, 1.0, 40.0, least=1e4)[1] == low


# The least sides of the map and of the box's floor, in pixels.
LARGE = {
    (620, 480): (250, 160),
    (800, 600): (320, 200),
    (1280, 720): (410, 255),
    (1600, 680): (500, 315),
}


@pytest.mark.parametrize("size", LARGE)
def test_with_a_curve_both_views_are_large(size: tuple[int, int]) -> None:
    plan = plan_of(size, strips=1, marks=1)
    (panel,) = plan.panels
    side, floor = LARGE[size]
    assert min(panel.axes[2:]) >= side
    assert panel.space is not None
    assert drawn_scale(panel.space, USUAL, plan.unit) >= floor
    assert min(panel.strips[0][2:]) >= 90 * plan.unit


@pytest.mark.parametrize("view", ["3d", "both"])
@pytest.mark.parametrize("size", [(800, 600), (1280, 720), (1600, 680)])
def test_curves_stand_at_the_right_if_asked_for(view: str, size: tuple[int, int]) -> None:
    plan = plan_of(size, strips=1, strips_beside=True, view=view)
    (panel,) = plan.panels
    assert panel.space is not None
    assert panel.strips[0][0] >= panel.space[0] + panel.space[2]


# -- several panels --------------------------------------------------------------------------------


def parts_of(plan: Layout) -> list[tuple[str, Box]]:
    found = []
    for k, panel in enumerate(plan.panels):
        assert panel.space is not None
        assert panel.legend is not None
        assert panel.title is not None
        x, y = panel.title
        name = (x, y - 14 * plan.unit, panel.legend[2], 28 * plan.unit)
        found += [(f"space {k}", panel.space), (f"legend {k}", panel.legend), (f"name {k}", name)]
        found += [(f"strip {k}.{j}", strip) for j, strip in enumerate(panel.strips)]
    return found + ([("key", plan.key)] if plan.key else [])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strips", [0, 1, 2])
@pytest.mark.parametrize("shape", [USUAL, Shape(1.9, 1.0), Shape(1.0, 1.6)])
def test_panels_stay_apart_and_on_the_page(
    size: tuple[int, int], strips: int, shape: Shape
) -> None:
    checked = 0
    for panels in range(2, 7):
        for entries in range(4):
            plan = plan_of(
                size,
                entries=entries,
                strips=strips,
                shape=shape,
                view="3d",
                panels=panels,
                aspects=[1.0] * panels,
            )
            assert len(plan.panels) == panels
            if not has_room(plan):
                continue
            checked += 1
            parts = parts_of(plan)
            assert plan.title is not None
            for name, (x, y, across, up) in parts:
                assert min(x, y) >= 0, name
                assert x + across <= size[0], name
                assert y + up <= plan.title[1] - 10 * plan.unit, name
            for (one, a), (other, b) in combinations(parts, 2):
                over = (
                    min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]),
                    min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]),
                )
                assert min(over) <= 1e-6, (one, other, panels, entries)
    assert checked or size == (400, 300) or strips


@pytest.mark.parametrize("size", ["800x600", "1280x720", "1600x680"])
@pytest.mark.parametrize("values", ["2,10,50", "2,10,50,100"])
def test_no_blank_height_is_left_in_a_panel(size: str, values: str) -> None:
    scene = scene_of(
        surface="ravine", grid=f"kappa={values}", optimizers=("gd:lr=0.01",), size=size
    )
    unit = scene.plan.unit
    renderer = scene.figure.canvas.get_renderer()
    for space, panel in zip(scene.spaces, scene.plan.panels, strict=True):
        _, y0, _, y1 = space.crate.extent(renderer, view_of(space.axes3d))
        assert panel.space[1] + panel.space[3] - y1 < 40 * unit
        assert y0 - panel.space[1] < 40 * unit


def test_four_panels_of_a_slide_are_larger_than_in_one_row() -> None:
    """In one row of four a box would be as wide as a quarter of the page, and half as high."""
    plan = plan_of((800, 600), view="3d", panels=4, aspects=[1.0] * 4)
    lefts = {round(panel.space[0]) for panel in plan.panels if panel.space}
    assert len(lefts) == 2


# -- small pages -----------------------------------------------------------------------------------


def test_numbers_on_a_small_page_can_be_read() -> None:
    scene = scene_of(size="400x300")
    (space,) = scene.spaces
    renderer = scene.figure.canvas.get_renderer()
    view = view_of(space.axes3d)
    numbers = space.crate.seen(renderer, view).numbers
    counts = [sum(one.axis == axis for one in numbers) for axis in range(3)]
    assert min(counts) >= 2
    # Digits of 8.2 points are 8 pixels high and more.
    assert min(one.label.measure(renderer)[1] for one in numbers) >= 8
    heights = sorted(one.place.y0 for one in numbers if one.axis == 2)
    tall = numbers[0].label.measure(renderer)[1]
    assert np.diff(heights).min() >= 1.3 * tall


def test_a_box_fills_its_place_to_a_few_pixels() -> None:
    gaps = []
    for azimuth in (-60.0, -10.0, 25.0, 100.0):
        for size in ("620x480", "1280x720", "1920x1080"):
            scene = scene_of(size=size, azimuth=azimuth, surface="beale", elevation=30.0)
            (space,), (panel,) = scene.spaces, scene.plan.panels
            x0, y0, x1, y1 = space.crate.extent(
                scene.figure.canvas.get_renderer(), view_of(space.axes3d)
            )
            gaps.append(min(panel.space[2] - (x1 - x0), panel.space[3] - (y1 - y0)))
    assert max(gaps) < 6
    assert all(math.isfinite(gap) for gap in gaps)
