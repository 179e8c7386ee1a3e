"""Where surfaces in three dimensions stand, and that nothing of them leaves its place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.checks import check_room
from landscape.drawing.boxes import Box, Layout, Page, PanelPlan
from landscape.drawing.layout import layout
from landscape.drawing.scene import Scene, build_scene, picture_style
from landscape.drawing.space_boxes import with_space
from landscape.errors import LandscapeError
from landscape.prepare import Prepared, prepare
from landscape.recipe import Recipe
from landscape.relief.view import view_of

Array = NDArray[Any]
SIZES = ("1280x720", "800x600", "620x480", "600x900", "1920x1080")
RULES = (
    "gd:lr=0.001",
    "momentum:lr=0.0005",
    "nesterov:lr=0.0005",
    "adagrad:lr=0.5",
    "rmsprop:lr=0.05",
    "adam:lr=0.1",
)


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with picture_style():
        yield


def over(one: Box, other: Box) -> tuple[float, float]:
    """Return how far two boxes reach into each other, across and up."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    return across, min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])


# -- the plan --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["3d", "both"])
@pytest.mark.parametrize("strips", [0, 1, 2])
@pytest.mark.parametrize("beside", [False, True])
def test_boxes_stay_apart_and_on_the_page(size: str, view: str, strips: int, beside: bool) -> None:
    width, height = map(int, size.split("x"))
    for entries in range(7):
        plan = layout(
            (width, height),
            entries,
            title=True,
            caption=bool(entries % 2),
            keyed=True,
            strips=strips,
            strips_beside=beside,
            aspects=[1.2],
            view=view,
        )
        (panel,) = plan.panels
        assert panel.space is not None
        boxes = {"space": panel.space, "legend": plan.legend, "key": plan.key}
        if view == "both":
            boxes["contours"] = panel.axes
        boxes |= {f"strip {k}": strip for k, strip in enumerate(panel.strips)}
        found = {name: box for name, box in boxes.items() if box is not None}
        assert len(panel.strips) == strips
        assert (plan.legend is not None) == (entries > 0)
        for name, (x, y, across, up) in found.items():
            assert min(x, y) >= 0, name
            assert min(across, up) > 20, name
            assert x + across <= width, name
            assert y + up <= height, name
        for (one, a), (other, b) in combinations(found.items(), 2):
            assert min(over(a, b)) <= 1e-6, (one, other, entries)
        # The heading's letters are 30 slide pixels high around its middle, a caption lower.
        assert plan.title is not None
        caption = 36.0 if entries % 2 else 0.0
        assert panel.space[1] + panel.space[3] <= plan.title[1] - (15.0 + caption) * plan.unit
        # A surface in three dimensions is worth its place.
        share = panel.space[2] * panel.space[3] / (width * height)
        assert share > (0.15 if view == "both" else 0.25) / (1 + 0.5 * strips), entries


def page(aspects: tuple[float, ...] = (1.0,)) -> Page:
    return Page((1280, 720), 1.0, (62, 46, 1198, 600), (62, 690), aspects, 0.5, 40.0)


def plan_of(*panels: PanelPlan) -> Layout:
    return Layout((1280, 720), 1.0, panels, None, None, 1, 0.0, (62, 690), equal=True)


def test_one_surface_takes_the_margins_of_the_contours() -> None:
    plan = with_space(page(), plan_of(PanelPlan((62, 246, 600, 400))))
    (panel,) = plan.panels
    assert panel.space == pytest.approx((14, 214, 648, 432))
    assert not plan.equal


# -- the picture -----------------------------------------------------------------------------------


def ready(**values: Any) -> Prepared:
    given: dict[str, Any] = {
        "kind": "still",
        "format": "png",
        "surface": "himmelblau",
        "optimizers": RULES[:2],
        "steps": 30,
        "size": "620x480",
        "view": "3d",
        "elevation": 30.0,
        "azimuth": -60.0,
    }
    return prepare(Recipe(**{**given, **values}))


def painted(scene: Scene) -> Array:
    canvas: Any = scene.figure.canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


PICTURES: dict[str, dict[str, Any]] = {
    **{size: {"size": size} for size in SIZES},
    **{f"both {size}": {"size": size, "view": "both"} for size in SIZES},
    "strips": {"size": "1280x720", "curves": ("loss", "gradient")},
    "strips beside": {"size": "1280x720", "curves": ("loss",), "beside": True, "view": "both"},
    "many": {"optimizers": RULES},
    "above": {"elevation": 90.0},
    "below": {"elevation": -20.0, "drop": True},
    "level": {"elevation": 0.0, "azimuth": 0.0},
    "along a side": {"azimuth": -90.0},
    "high": {"exaggerate": 3.0},
    "walls": {"surface": "beale"},
    "cut": {"surface": "muller_brown"},
    "large numbers": {"bounds": (1e5, 1.00001e5, -2e5, -1.99999e5), "start": (1e5, -2e5)},
    "grid": {"surface": "ravine", "grid": "kappa=2,10", "optimizers": ("gd:lr=0.01",)},
    "orbit": {"kind": "film", "format": "gif", "orbit": 360.0},
}


@pytest.mark.parametrize("case", PICTURES)
def test_nothing_of_it_is_drawn_outside_its_box(case: str) -> None:
    scene = build_scene(ready(**PICTURES[case]))
    whole = painted(scene)
    for space in scene.spaces:
        space.remove()
    without = painted(scene)
    changed = (whole != without).any(axis=2)
    height = changed.shape[0]
    assert len(scene.spaces) == len(scene.plan.panels)
    for panel in scene.plan.panels:
        assert panel.space is not None
        left, bottom, wide, tall = panel.space
        inside = np.s_[
            int(height - bottom - tall) : int(height - bottom) + 1, int(left) : int(left + wide) + 1
        ]
        # The box is filled with it: across or up it reaches from side to side.
        rows, columns = np.nonzero(changed[inside])
        assert len(rows) > 100
        moves = PICTURES[case].get("kind") == "film"
        assert moves or np.ptp(columns) > wide - 12 or np.ptp(rows) > tall - 12
        changed[inside] = False
    assert not changed.any()


FILMS: dict[str, dict[str, Any]] = {
    "orbit": {"orbit": 360.0},
    "back": {"orbit": -200.0, "elevation": 10.0},
    "sway": {"sway": 40.0, "surface": "beale"},
    "narrow": {"orbit": 360.0, "size": "400x600"},
    "both": {"orbit": 360.0, "view": "both", "size": "900x500"},
}


@pytest.mark.parametrize("case", FILMS)
def test_letters_stay_in_the_box_in_every_frame(case: str) -> None:
    scene = build_scene(ready(kind="film", format="gif", **FILMS[case]))
    canvas: Any = scene.figure.canvas
    renderer = canvas.get_renderer()
    (space,), (panel,) = scene.spaces, scene.plan.panels
    assert panel.space is not None
    left, bottom, wide, tall = panel.space
    outside = []
    for k in range(121):
        space.turn(k / 120)
        x0, y0, x1, y1 = space.crate.extent(renderer, view_of(space.axes3d))
        beyond = max(left - x0, bottom - y0, x1 - left - wide, y1 - bottom - tall)
        if beyond > 0.5:
            outside.append((k, beyond))
    assert not outside


def test_a_larger_box_stays_in_its_place() -> None:
    scene = build_scene(ready(zoom=1.6, curves=("loss",)))
    whole = painted(scene)
    scene.spaces[0].remove()
    changed = (whole != painted(scene)).any(axis=2)
    (panel,) = scene.plan.panels
    assert panel.space is not None
    left, bottom, wide, tall = panel.space
    rows = slice(int(480 - bottom - tall), int(480 - bottom) + 1)
    changed[rows, int(left) : int(left + wide) + 1] = False
    assert not changed.any()


def test_what_does_not_fit_is_said() -> None:
    recipe = Recipe(
        surface="himmelblau", optimizers=RULES, view="both", size="300x200", curves=("loss",)
    )
    with pytest.raises(LandscapeError, match="no room"):
        check_room(recipe)
