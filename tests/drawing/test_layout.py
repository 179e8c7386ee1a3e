"""No text of a picture hides another or leaves the picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from landscape.drawing.scene import picture_style
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
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
    figure = draw_still(prepare(recipe))
    boxes = texts(figure)
    assert len(boxes) > 5
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
