"""Pictures of losses along lines: bands, ends, sharpness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.pictures.profile import ProfileRecipe, prepare
from landscape.pictures.sharp import ordering, rise_of
from landscape.planes.sharpness import Sharpness

SMALL: dict[str, Any] = {"data": "moons:rows=120", "net": "6", "epochs": 4, "batch": 20}


def test_the_line_goes_through_the_ends_of_both_runs() -> None:
    ready = prepare(ProfileRecipe(**SMALL, along="line", optimizers=("gd", "gd"), apart=True))
    (curve,) = ready.curves
    places = curve.profile.ts.tolist()
    for run, at in zip(curve.runs, (0.0, 1.0), strict=True):
        found = curve.profile.loss[0, places.index(at)]
        assert found == pytest.approx(run.train_loss[-1], rel=1e-5)
    inside = curve.profile.loss[0, places.index(0.0) : places.index(1.0) + 1]
    assert f"highest between them {inside.max():.4g}" in ready.numbers()[0]


def test_the_band_is_drawn_between_the_percentiles_of_the_directions() -> None:
    ready = prepare(ProfileRecipe(**SMALL, repeats=7, count=11))
    (curve,) = ready.curves
    assert curve.profile.loss.shape == (7, 11)
    assert curve.profile.loss[:, 5] == pytest.approx(curve.runs[0].train_loss[-1], rel=1e-5)
    with picture_style():
        figure = ready.figure()
    (band,) = figure.axes[0].collections
    vertices = np.asarray(band.get_paths()[0].vertices)
    low, high = np.quantile(curve.profile.loss, (0.1, 0.9), axis=0)
    assert vertices[:, 1].min() == pytest.approx(low.min())
    assert vertices[:, 1].max() == pytest.approx(high.max())


def test_sharpness_is_that_of_the_networks_of_all_seeds() -> None:
    from landscape.networks import dataset
    from landscape.networks.training import train
    from landscape.planes.sharpness import sharpness

    recipe = ProfileRecipe(**SMALL, vary="batch=5,all", seeds=2, radius=0.5, repeats=4)
    ready = prepare(recipe)
    assert [curve.title for curve in ready.curves] == ["batch 5", "full batch"]
    network = ready.curves[0].network
    data = dataset(SMALL["data"])
    for k, found in enumerate(ready.curves[0].sharpness):
        run = train(network, data, "adam", epochs=4, batch=5, seed=k, measure="ends")
        own = sharpness(network, run.final, data.X, data.y, radius=0.5, repeats=4)
        assert found.value == pytest.approx(own.value, rel=1e-9)
    assert "of 2 seeds" in ready.numbers()[-1]


def test_a_linear_axis_ends_at_its_top() -> None:
    ready = prepare(ProfileRecipe(**SMALL, axis="linear", top=1.5, repeats=3))
    with picture_style():
        axes = ready.figure().axes[0]
    assert axes.get_yscale() == "linear"
    assert axes.get_ylim() == pytest.approx((0, 1.575))


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"along": "line"}, "needs 2 optimizers"),
        ({"optimizers": ("gd", "adam")}, "needs 1 optimizer"),
        ({"along": "line", "optimizers": ("gd", "gd")}, "--apart"),
        ({"kind": "film", "format": "gif"}, "still"),
        ({"seeds": 2}, "--vary"),
        ({"along": "lines"}, "did you mean line"),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(changes: dict[str, Any], wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted) as caught:
        ProfileRecipe(**{**SMALL, **changes})
    assert "\n" not in str(caught.value)


def test_a_run_that_diverges_has_no_end_to_look_around() -> None:
    with pytest.raises(LandscapeError, match="no end"):
        prepare(ProfileRecipe(**{**SMALL, "loss": "squared_error"}, optimizers=("gd:lr=1e6",)))


def test_a_range_below_a_power_of_ten_has_numbers() -> None:
    ready = prepare(ProfileRecipe(**SMALL, reach=0.01, radius=0.01, repeats=3))
    with picture_style():
        figure = ready.figure()
        figure.canvas.draw()
    axes = figure.axes[0]
    low, high = axes.get_ylim()
    assert high < 10 * low
    said = [text.get_text() for text in axes.get_yticklabels()]
    assert len([one for one in said if low <= float(one) <= high]) >= 2


def test_a_picture_too_small_says_so() -> None:
    ready = prepare(ProfileRecipe(**SMALL, repeats=2, count=5, size="400x300"))
    with picture_style(), pytest.raises(LandscapeError, match="no room for a profile"):
        ready.figure()


@dataclass
class Measured:
    title: str
    sharpness: tuple[Sharpness, ...]
    nothing: int = 0


def measured(
    title: str, *rises: float, loss: float = 1.0, scatter: float = 0.01, nothing: int = 0
) -> Measured:
    each = np.array([-scatter, scatter])
    found = tuple(Sharpness(loss, 0.25, rise + each, rise, 0.1, each, 1.0) for rise in rises)
    return Measured(title, found, nothing)


@pytest.mark.parametrize(
    ("variants", "wanted"),
    [
        (
            (measured("a", 1, 2, 3), measured("b", 4, 5, 6)),
            "b: sharper than a in 3 of 3 seeds",
        ),
        (
            (measured("a", 5, 6), measured("b", 3, 4), measured("c", 1, 2)),
            "a: sharper than c in 2 of 2 seeds",
        ),
        ((measured("a", 1), measured("b", 2)), "no order: one seed proves nothing, add --seeds 5"),
        (
            (measured("a", 2, 2, 2), measured("b", 1.9, 1.9, 9)),
            "b: no difference beyond the error: sharper than a in 1 of 3 seeds",
        ),
        (
            (measured("a", 1, scatter=0.3), measured("b", 1.2, scatter=0.3)),
            "no order: one seed proves nothing, add --seeds 5",
        ),
        (
            (measured("a", 0, 0, 0, 0), measured("b", 9, 9, -1, -1)),
            "b: no order: sharper than a in 2 of 4 seeds",
        ),
        (
            (measured("a", 1, 1, loss=0.5), measured("b", 2, 2, loss=32)),
            "b: sharper than a in 2 of 2 seeds; their losses differ 64-fold",
        ),
        (
            (measured("a", 1, 1), measured("b", 2, 2, nothing=1)),
            "no order: 1 of 4 runs found no minimum",
        ),
        (
            (measured("a", 1, 1), measured("b", 2, np.inf)),
            "no order: the rise is not finite",
        ),
        (
            (measured("a", 1, 1, loss=1), measured("b", 2, 2, loss=2.9)),
            "b: sharper than a in 2 of 2 seeds",
        ),
    ],
)
def test_what_is_sharper_is_said_only_beyond_the_error(
    variants: tuple[Measured, ...], wanted: str
) -> None:
    assert ordering(variants) == wanted


def test_the_rise_of_several_seeds_has_its_error() -> None:
    assert rise_of(measured("a", 2, scatter=0.1).sharpness) == "rise at radius 0.25: 2 ± 0.1"
    said = rise_of(measured("a", 1, 2, 3).sharpness)
    assert said == "rise at radius 0.25: 2 ± 0.6 (1, 2, 3)"  # the deviation is 1, of three


def test_losses_far_apart_are_told_beneath_the_heading() -> None:
    ready = prepare(ProfileRecipe(**SMALL, vary="epochs=1,200", repeats=3))
    ends = [curve.sharpness[0].loss for curve in ready.curves]
    assert max(ends) > 3 * min(ends)
    with picture_style():
        figure = ready.figure()
    assert any("their losses differ" in text.get_text() for text in figure.texts)
    assert "their losses differ" in ready.numbers()[-1]
