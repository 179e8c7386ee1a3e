"""No text of a picture hides another or leaves the picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, cycle
from typing import Any

import pytest

from landscape.checks import check_room
from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.render import draw_still

RULES = (
    "gd:lr=0.001",
    "momentum:lr=0.0005,mu=0.95",
    "nesterov:lr=0.0005",
    "adagrad:lr=0.5",
    "rmsprop:lr=0.05",
    "adam:lr=0.1,beta1=0.8",
    "adamax:lr=0.1",
    "adadelta:lr=2",
)
LONG = "gd:lr=0.001,label=Gradient descent with a really long name of its own"
SIZES = ("1280x720", "620x480", "800x800", "400x300", "300x600")


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with picture_style():
        yield


def texts(figure: Any) -> list[tuple[str, Any]]:
    from matplotlib.text import Text

    figure.canvas.draw()
    # Beyond the limits there are tick labels that are never drawn.
    unseen = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            unseen |= {
                id(tick.label1)
                for tick in axis.get_major_ticks()
                if not low <= tick.get_loc() <= high
            }
    boxes = []
    for text in figure.findobj(Text):
        said = text.get_text().strip()
        if said and text.get_visible() and id(text) not in unseen:
            boxes.append((said, text.get_window_extent()))
    return boxes


# A theme has colours only: every other size is dark.
@pytest.mark.parametrize(("size", "theme"), [*zip(SIZES, cycle(("light", "dark")), strict=False)])
@pytest.mark.parametrize("rules", [(), RULES[:1], RULES[:3], RULES, (LONG, *RULES[:2])])
@pytest.mark.parametrize("surface", ["beale", "two_wells"])
def test_texts_stay_apart_and_inside(
    size: str, theme: str, rules: tuple[str, ...], surface: str
) -> None:
    recipe = Recipe(
        kind="still",
        format="png",
        surface=surface,
        optimizers=rules,
        steps=20,
        size=size,
        theme=theme,
    )
    check(draw_still(prepare(recipe)), 5)


def check(figure: Any, least: int) -> list[tuple[str, Any]]:
    """No text hides another, lies on the axes of another part, or leaves the picture."""
    boxes = texts(figure)
    assert len(boxes) > least
    for said, box in boxes:
        assert box.x0 >= -1, said
        assert box.y0 >= -1, said
        assert box.x1 <= figure.bbox.width + 1, said
        assert box.y1 <= figure.bbox.height + 1, said
    for (one, a), (other, b) in combinations(boxes, 2):
        # A box holds the room of letters with ascenders and descenders that the text may not have.
        over_x = min(a.x1, b.x1) - max(a.x0, b.x0)
        over_y = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert over_x < 2 or over_y < 0.35 * min(a.height, b.height), (one, other)
    # The numbers at an axis stand clear of the surfaces and strips beside it.
    for axes in figure.axes:
        own = {tick.label1 for axis in (axes.xaxis, axes.yaxis) for tick in axis.get_major_ticks()}
        shown = [label for label in own if label.get_text() and label.get_visible()]
        for other_axes in figure.axes:
            if other_axes is axes:
                continue
            room = other_axes.bbox
            for label in shown:
                box = label.get_window_extent()
                if not (box.x0 >= 0 and box.x1 <= figure.bbox.width):
                    continue  # beyond the limits, never drawn
                over_x = min(box.x1, room.x1) - max(box.x0, room.x0)
                over_y = min(box.y1, room.y1) - max(box.y0, room.y0)
                assert over_x < 1 or over_y < 1, label.get_text()
    return boxes


FAR = (-1e5, 2e5, -3e5, 1e5)
GRIDS: list[dict[str, Any]] = [
    {"grid": "kappa=2,10,50"},
    {"grid": "kappa=2,10,50", "curves": ("loss", "gradient")},
    {"grid": "kappa=2,10,50", "bounds": FAR, "start": (-9e4, 5e4)},
    {"grid": "kappa=2,10,50", "bounds": FAR, "start": (-9e4, 5e4), "curves": ("loss",)},
    {"grid": "lr=0.01,0.05"},
    {"grid": "lr=0.001,0.002,0.005,0.01,0.02,0.05"},
    {"grid": "lr=0.00001,0.00002", "curves": ("rate",)},
    {"curves": ("loss", "gradient", "rate")},
    {"curves": ("loss", "gradient"), "beside": True},
    {"curves": ("loss", "rate"), "beside": True, "bounds": FAR, "start": (-9e4, 5e4)},
    {"bounds": (1e5, 1e5 + 3, -2e5, -2e5 + 3), "start": (1e5 + 1, -2e5 + 1)},
]


@pytest.mark.parametrize("size", ["1280x720", "620x480", "800x800"])
@pytest.mark.parametrize("values", GRIDS)
def test_grids_and_strips_stay_apart(values: dict[str, Any], size: str) -> None:
    given: dict[str, Any] = {
        "kind": "still",
        "format": "png",
        "surface": "ravine",
        "optimizers": ("gd:lr=0.01",) if not values.get("grid", "").startswith("lr") else ("gd",),
        "steps": 120,
        "size": size,
    }
    check(draw_still(prepare(Recipe(**{**given, **values}))), 6)


@pytest.mark.parametrize("size", ["400x300", "300x400"])
@pytest.mark.parametrize("curves", [("loss",), ("loss", "gradient")])
def test_the_numbers_of_low_strips_stay_apart(size: str, curves: tuple[str, ...]) -> None:
    recipe = Recipe(
        kind="still",
        format="png",
        surface="himmelblau",
        optimizers=("gd", "momentum"),
        curves=curves,
        size=size,
    )
    check(draw_still(prepare(recipe)), 10)


@pytest.mark.parametrize("size", ["400x300", "480x360"])
@pytest.mark.parametrize("count", [6, 8])
def test_a_small_picture_of_many_rules_tells_every_rate(size: str, count: int) -> None:
    recipe = Recipe(
        kind="still", format="png", surface="beale", optimizers=RULES[:count], steps=9, size=size
    )
    figure = draw_still(prepare(recipe))
    boxes = check(figure, 20)
    rates = [box for said, box in boxes if said.startswith("lr ")]
    assert len(rates) == count
    assert min(box.height for box in rates) >= 7  # pixels, with ascenders and descenders
    assert any(said == "saddle" for said, _ in boxes) == (count == 6 or size == "480x360")


def test_the_largest_legend_fits() -> None:
    rules = tuple(f"gd:lr={0.0001 * (k + 1):g},label=Rule {k}" for k in range(16))
    for size in ("1280x720", "620x480"):
        recipe = Recipe(
            kind="still", format="png", surface="beale", optimizers=rules, steps=9, size=size
        )
        assert len(check(draw_still(prepare(recipe)), 20)) >= 16 * 3


@pytest.mark.parametrize(
    ("values", "said", "cure"),
    [
        (
            {"size": "400x300", "grid": "lr=1,2,3,4,5,6", "curves": ("loss", "rate")},
            "6 panels, their curves and a legend of 1 line each",
            "fewer panels, fewer curves or no legend",
        ),
        (
            {"size": "200x200", "curves": ("loss", "gradient", "rate"), "legend": False},
            "its axes and curves",
            "take a larger one or fewer curves",
        ),
    ],
)
def test_what_does_not_fit_is_said_with_the_cure(
    values: dict[str, Any], said: str, cure: str
) -> None:
    recipe = Recipe(surface="himmelblau", optimizers=("gd",), steps=3, **values)
    with pytest.raises(LandscapeError) as caught:
        check_room(recipe)
    assert said in str(caught.value)
    assert cure in str(caught.value)
