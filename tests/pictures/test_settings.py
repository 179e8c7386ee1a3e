"""Pictures of settings: stability maps and sensitivity as they are drawn, and round trips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape.animation.metadata import read_recipe
from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.maps.axes import Axis
from landscape.pictures import make_picture, prepare_picture, read_any_recipe
from landscape.pictures.sensitivity import Sensitivity, SensitivityRecipe
from landscape.pictures.stability import Stability, StabilityRecipe
from landscape.pictures.stability_drawing import axis_ticks
from tests.pictures.overlaps import texts, trouble

SMALL: dict[str, Any] = {
    "surface": "ravine",
    "columns": 40,
    "rows": 30,
    "steps": 60,
    "x": "lr=0.005:0.4",
    "y": "mu=0:0.95",
}


@pytest.fixture(scope="module")
def stability() -> Stability:
    ready = prepare_picture(StabilityRecipe(**SMALL, optimizers=("momentum", "momentum:mu=0.5")))
    assert isinstance(ready, Stability)
    return ready


@pytest.fixture(scope="module")
def sensitivity() -> Sensitivity:
    ready = prepare_picture(
        SensitivityRecipe(surface="ravine", optimizers=("gd", "momentum"), steps=60, count=60)
    )
    assert isinstance(ready, Sensitivity)
    return ready


SIZES = [("slide", "light"), ("800x600", "dark"), ("620x480", "light"), ("hd", "dark")]


@pytest.mark.parametrize(("size", "theme"), [*SIZES, ("square", "light")])
def test_no_text_is_on_another_or_off_the_page(
    size: str, theme: str, stability: Stability, sensitivity: Sensitivity
) -> None:
    ready: Stability | Sensitivity
    for ready in (stability, sensitivity):
        with picture_style():
            figure = ready.with_recipe(ready.recipe.with_(size=size, theme=theme)).figure()
            assert trouble(figure) == []
            smallest = min(float(text.get_fontsize()) for text in texts(figure))
        assert smallest > (7.0 if size == "slide" else 3.5)


def test_a_page_too_small_is_refused_before_long_work() -> None:
    with pytest.raises(LandscapeError, match="no room"):
        StabilityRecipe(size="200x200").check_room()
    with pytest.raises(LandscapeError, match="no room"):
        SensitivityRecipe(size="200x200").check_room()
    StabilityRecipe(size="400x300").check_room()


def test_cells_have_the_colours_of_their_losses(stability: Stability) -> None:
    with picture_style():
        figure = stability.figure()
    axes = figure.axes[0]
    painted = np.asarray(axes.images[0].get_array())
    panel = stability.panels[0]
    assert painted.shape == (30, 40, 4)
    # Where it diverged the hatched ground is seen.
    np.testing.assert_array_equal(painted[..., 3] == 0, panel.map.diverged[0])
    losses = panel.map.losses()
    good = np.flatnonzero(np.isfinite(losses))
    order = good[np.argsort(losses.ravel()[good])]
    blue = painted.reshape(-1, 4)[order]
    from matplotlib import colormaps

    colors = colormaps["viridis_r"](np.linspace(0, 1, 256))
    places = np.abs(blue[:, None, :3] - colors[None, :, :3]).sum(axis=2).argmin(axis=1)
    assert (np.diff(places) >= 0).all()
    assert places[0] == 0
    assert places[-1] == 255


def test_theory_stands_where_it_says(stability: Stability) -> None:
    with picture_style():
        figure = stability.figure()
    axes, panel = figure.axes[0], stability.panels[0]
    line = max(axes.lines, key=lambda one: len(one.get_xdata()))  # type: ignore[arg-type]
    xs, ys = (np.asarray(one, dtype=float) for one in line.get_data())
    rates, mus = panel.map.x.at(xs), panel.map.y.at(ys)
    assert rates == pytest.approx(2 * (1 + mus) / 20)
    said = "\n".join(text.get_text() for text in texts(figure))
    assert "stable for lr < 2(1 + mu)/L, L = 20" in said
    assert "Polyak: lr 0.134, mu 0.403: rate 0.635, measured" in said
    (marked, measured) = panel.optima[0]
    assert measured == pytest.approx(marked.optimum.rate, rel=0.05)
    assert panel.best is not None
    best = panel.map.losses()[panel.best]
    assert best == np.nanmin(np.where(panel.map.diverged[0], np.nan, panel.map.loss[0]))
    assert f"loss {best:.1e}"[:9] in said


def test_steps_until_arrived() -> None:
    ready = prepare_picture(StabilityRecipe(**SMALL, metric="steps", tolerance=1e-3, theory=False))
    assert isinstance(ready, Stability)
    found = ready.panels[0].map
    arrivals = found.arrivals()
    assert np.isfinite(arrivals).any()
    assert np.isinf(arrivals[found.diverged[0]]).all()
    best = ready.panels[0].best
    assert best is not None
    assert arrivals[best] == arrivals.min()
    assert f"there after {arrivals.min():g} steps" in ready.numbers()[0]
    with picture_style():
        said = [text.get_text() for text in texts(ready.figure())]
    assert "not there after 60" in said


def test_lines_are_the_losses_over_the_starts(sensitivity: Sensitivity) -> None:
    curve = sensitivity.curves[0]
    k = len(curve.rates) // 2
    rate = float(curve.rates[k])
    assert len(sensitivity.setting.starts) == 8
    losses = []
    for start in sensitivity.setting.starts:
        path = ls.descend("ravine", ls.optimizer("gd", lr=rate), start=start, steps=60)
        losses.append(path.losses[-1])
    assert curve.raw[k] == pytest.approx(sorted(losses)[4])
    assert curve.low[k] == pytest.approx(sorted(losses)[0])
    assert np.isinf(curve.raw[curve.rates > 0.11]).all()  # the border is at 2/20
    assert curve.least <= 1.05 * curve.loss.min()
    assert curve.best in curve.rates
    tuned = ls.tune("ravine", [one.rule for one in sensitivity.curves], steps=60)
    assert [one.values["lr"] for one in tuned] == [one.best for one in sensitivity.curves]
    for one in sensitivity.curves:
        assert any(f"best lr {one.best:g}" in line for line in sensitivity.numbers())


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture_carries_what_makes_it_again(
    suffix: str, tmp_path: Path, stability: Stability
) -> None:
    from landscape.pictures.output import write_picture

    made = write_picture(stability, tmp_path / f"a.{suffix}")
    recipe = read_any_recipe(read_recipe(tmp_path / f"a.{suffix}"))
    assert recipe == made.recipe
    assert isinstance(recipe, StabilityRecipe)
    assert recipe.command().startswith("landscape map stability ")
    assert (recipe.x, recipe.y, recipe.steps) == ("lr=0.005:0.4", "mu=0:0.95", 60)


def test_a_recipe_that_leaves_all_open_is_made_again(tmp_path: Path) -> None:
    first = make_picture(StabilityRecipe(columns=30, rows=20, steps=40), tmp_path / "a.png")
    recipe = read_any_recipe(read_recipe(tmp_path / "a.png"))
    assert isinstance(recipe, StabilityRecipe)
    assert recipe.x.startswith("lr=")
    again = make_picture(recipe, tmp_path / "b.png")
    assert first.recipe == again.recipe
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_sensitivity_is_made_again(tmp_path: Path, sensitivity: Sensitivity) -> None:
    recipe = sensitivity.recipe
    assert SensitivityRecipe.from_toml(recipe.to_toml()) == recipe
    again = prepare_picture(recipe)
    assert isinstance(again, Sensitivity)
    for one, other in zip(sensitivity.curves, again.curves, strict=True):
        np.testing.assert_array_equal(one.loss, other.loss)
        assert one.best == other.best


def test_functions_and_rules_of_python() -> None:
    picture = ls.stability(
        lambda x, y: x**2 + 4 * y**2,
        ls.optimizer("momentum"),
        x="lr=0.01:1",
        y="mu=0:0.9",
        starts=[(1, 1)],
        steps=20,
        columns=9,
        rows=8,
    )
    assert picture.recipe.optimizers == ("momentum",)  # type: ignore[attr-defined]
    (panel,) = picture.ready.panels  # type: ignore[attr-defined]
    values = panel.map.settings(3, 4)
    path = ls.descend(
        lambda x, y: x**2 + 4 * y**2,
        ls.optimizer("momentum", **values),
        start=(1, 1),
        steps=20,
    )
    assert panel.map.loss[0, 3, 4] == path.losses[-1]
    with pytest.raises(LandscapeError, match="made in Python"):
        prepare_picture(picture.recipe)
    (found,) = ls.tune("ravine", "gd", starts=[(-4, 1.5)], steps=100)
    assert found.values["lr"] == pytest.approx(2 / 21, rel=0.03)
    with pytest.raises(LandscapeError, match="did you mean steps"):
        ls.tune("ravine", stpes=3)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"kind": "film", "format": "gif"}, "is a still"),
        ({"metric": "step"}, "did you mean steps"),
        ({"average": "meen"}, "did you mean mean"),
        ({"optimizers": ()}, "needs an optimizer"),
        ({"optimizers": ("gd", "gd")}, "stands once"),
        ({"fan": 4, "starts": ((1, 1),)}, "leave --start or --fan out"),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(changes: dict[str, Any], wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted) as caught:
        StabilityRecipe(**{**SMALL, **changes})
    assert "\n" not in str(caught.value)


def test_a_solver_has_no_settings() -> None:
    with pytest.raises(LandscapeError, match="bfgs is a solver"):
        prepare_picture(StabilityRecipe(optimizers=("bfgs",)))
    with pytest.raises(LandscapeError, match="--rates"):
        SensitivityRecipe(rates="1e-3")


def test_numbers_at_axes_near_one() -> None:
    ticks = axis_ticks(Axis("beta2", 0.5, 0.9999, "near1"), 6)
    assert ticks.labels == ("0.5", "0.9", "0.99", "0.999", "0.9999")
    assert np.diff(ticks.places)[1:] == pytest.approx(np.diff(ticks.places)[1])
