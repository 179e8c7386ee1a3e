"""Where a plane's two views stand with its legend, its curves and its colours."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from landscape.drawing.boxes import Box
from landscape.drawing.scene import picture_style
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.drawing.space_plans import USUAL, drawn_scale
from landscape.pictures.plane import Plane, PlaneRecipe, prepare
from landscape.pictures.plane_axes import map_box
from landscape.pictures.plane_places import Places, places_alone
from tests.pictures.overlaps import trouble

SMALL: dict[str, Any] = {
    "data": "moons:rows=120",
    "net": "6",
    "epochs": 4,
    "resolution": 9,
    "batch": 20,
    "view": "both",
    "elevation": 35.0,
    "azimuth": -60.0,
}
RULES = ("gd", "adam", "momentum", "rmsprop", "adagrad")
SIZES = ("620x480", "640x400", "800x600", "1280x720", "1600x680", "700x900")


@pytest.fixture(scope="module", params=[1, 2, 5])
def ready(request: pytest.FixtureRequest) -> Plane:
    return prepare(PlaneRecipe(**SMALL, optimizers=RULES[: request.param]))


def placed(ready: Plane, size: str, **values: Any) -> tuple[Sheet, Places]:
    width, height = map(int, size.split("x"))
    again = Plane(ready.recipe.with_(size=size, **values), ready.panels, ready.data)
    with picture_style():
        sheet = new_sheet((width, height), "light", "a title", "a caption")
        return sheet, places_alone(sheet, again, again.panels[0])


def boxes_of(places: Places) -> dict[str, Box]:
    found = {"flat": places.flat, "space": places.space, "entries": places.entries}
    found |= {"key": places.key}
    found |= {f"strip {k}": box for k, (box, _) in enumerate(places.strips)}
    return {name: box for name, box in found.items() if box is not None}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("curves", [("loss", "off"), ("off",)])
def test_parts_stay_apart_and_on_the_page(ready: Plane, size: str, curves: tuple[str, ...]) -> None:
    sheet, places = placed(ready, size, curves=curves)
    width, height = map(int, size.split("x"))
    boxes = boxes_of(places)
    assert len(places.strips) == len(curves)
    for name, (x, y, across, up) in boxes.items():
        assert min(x, y) >= 0, name
        assert x + across <= width, name
        assert y + up <= height - 60 * sheet.unit, name
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        over = (
            min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]),
            min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]),
        )
        assert min(over) <= 1e-6, (one, other)


@pytest.mark.parametrize(
    ("size", "map_width", "floor"),
    [("800x600", 290, 130), ("1280x720", 440, 150), ("1600x680", 480, 240)],
)
def test_both_views_are_large_on_any_page(size: str, map_width: float, floor: float) -> None:
    ready = prepare(PlaneRecipe(**SMALL, optimizers=RULES[:2]))
    sheet, places = placed(ready, size)
    assert places.flat is not None
    assert places.space is not None
    assert places.flat[2] >= map_width
    assert drawn_scale(places.space, USUAL, sheet.unit) >= floor


def test_the_map_alone_keeps_its_place(ready: Plane) -> None:
    sheet, places = placed(ready, "1280x720", view="contour", elevation=None, azimuth=None)
    assert places.space is None
    box, side = map_box(sheet.box, sheet.unit)
    assert places.flat == box
    assert places.entries[2] == side


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_both_views_is_cut_or_on_another(ready: Plane, size: str) -> None:
    again = Plane(ready.recipe.with_(size=size), ready.panels, ready.data)
    with picture_style():
        drawing = again.draw()
        drawing.show(again.count - 1)
        assert trouble(drawing.figure) == []
