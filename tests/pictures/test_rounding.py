"""Pictures in which there would be nothing to see but rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.pictures.plane import PlaneRecipe, prepare
from landscape.pictures.profile import ProfileRecipe
from landscape.pictures.profile import prepare as prepare_profile
from landscape.pictures.rounding import check_varied, off_plateaus

SMALL: dict[str, Any] = {"data": "moons:rows=120", "net": "6,6", "epochs": 3, "batch": 20}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"init": "zero", "directions": "random"}, "weights that would move are 0"),
        ({"init": "constant:value=0", "directions": "random"}, "weights that would move are 0"),
        ({"init": "constant:value=1e-9", "directions": "random"}, "but for rounding"),
        ({"init": "normal:scale=1e-8", "directions": "random"}, "but for rounding"),
        ({"init": "zero"}, "spread in 1, the rest is rounding"),
    ],
)
def test_a_plane_of_rounding_is_refused(changes: dict[str, Any], wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted) as caught:
        prepare(PlaneRecipe(**SMALL, **changes, resolution=9))
    assert "start from other weights" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("init", "wanted"),
    [("zero", "weights that would move are 0"), ("constant:value=1e-9", "but for rounding")],
)
def test_a_profile_of_rounding_is_refused(init: str, wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted):
        prepare_profile(ProfileRecipe(**SMALL, init=init, repeats=3, count=5))


@pytest.mark.parametrize(
    "changes",
    [
        {"init": "zero", "directions": "hessian"},
        {"init": "zero", "directions": "random", "biases": "perturb"},
        {"init": "zero", "directions": "random", "activation": "sigmoid"},
        {"init": "constant:value=0.1", "directions": "random"},
    ],
)
def test_a_genuine_plane_of_such_a_network_is_drawn(changes: dict[str, Any]) -> None:
    ready = prepare(PlaneRecipe(**SMALL, **changes, resolution=9))
    loss = ready.panels[0].plane.computed().loss
    assert np.ptp(loss) > 1e-5 * loss.max()
    with picture_style():
        ready.figure()


def test_losses_of_variants_share_a_scale() -> None:
    flat, other = np.full((3, 3), 0.7), np.full((3, 3), 0.8)
    check_varied([flat, other], "float32", "this plane")
    noise = flat + 1e-8 * np.arange(9).reshape(3, 3)
    check_varied([noise], "float64", "this plane")
    with pytest.raises(LandscapeError, match=r"the loss is 0\.7 all over these lines"):
        check_varied([noise, np.full(2, np.nan)], "float32", "these lines")


def test_no_level_is_that_of_a_plateau() -> None:
    draw = np.random.default_rng(0)
    plateau = 3.5 * (1 + 2e-7 * draw.uniform(-1, 1, size=400))
    values = np.concatenate([np.linspace(1, 6, 300), plateau])
    levels = np.array([1.0, 2.0, float(np.median(plateau)), 4.0, 6.0])
    moved = off_plateaus(levels, values, "float32")
    np.testing.assert_array_equal(moved[[0, 1, 3, 4]], levels[[0, 1, 3, 4]])
    assert 3.499 < moved[2] < plateau.min()
    # A plateau is many cells of one value; a slope that passes a level is none.
    np.testing.assert_array_equal(off_plateaus(levels, values[:300], "float32"), levels)


def test_the_numbers_of_the_key_differ() -> None:
    ready = prepare(PlaneRecipe(**SMALL, directions="random", reach=1e-3, resolution=9))
    with picture_style():
        figure = ready.figure()
    said = [text.get_text() for text in figure.axes[-3].get_xticklabels()]
    keys = [axes for axes in figure.axes if len(axes.get_images()) == 1]
    said = [text.get_text() for text in keys[0].get_xticklabels()]
    assert len(set(said)) == len(said) == 4
