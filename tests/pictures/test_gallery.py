"""What the gallery's pictures of networks claim is true of the numbers behind them."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landscape.animation.metadata import read_recipe
from landscape.pictures import prepare_picture, read_any_recipe
from landscape.pictures.curves import Curves
from landscape.pictures.curves_texts import oscillation
from landscape.pictures.layers import Layers, Row
from landscape.pictures.network import load_data
from landscape.pictures.recipe import PictureRecipe
from landscape.pictures.units import Units

pytest.importorskip("sklearn")

GALLERY = Path(__file__).parents[2] / "gallery"
MINE = ("layers", "units", "curves")


def recipe_of(path: Path) -> Any:
    return read_any_recipe(path.read_text("utf-8"), path.name)


RECIPES = [
    path
    for path in sorted(GALLERY.glob("*.toml"))
    if getattr(recipe_of(path), "picture", "") in MINE
]


@cache
def ready(name: str) -> Any:
    return prepare_picture(recipe_of(GALLERY / f"{name}.toml"))


def rows_of(name: str) -> dict[str, Row]:
    found: Layers = ready(name)
    return {row.init if len(found.recipe.inits) > 1 else row.quantity: row for row in found.rows}


def deviations(row: Row, frame: int = 0) -> np.ndarray:
    return np.array([one.spread.deviation for one in row.frames[frame]])


def test_the_pictures_are_there() -> None:
    assert {path.stem for path in RECIPES} >= {
        "initial_weights",
        "initial_weights_tanh",
        "initial_weights_sigmoid",
        "initial_weights_relu",
        "initial_weights_gradients",
        "initial_weights_training",
        "good_range",
        "learning_rates",
        "oscillation",
        "oscillation_rates",
        "dead_units",
    }


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_each_picture_is_made_by_its_recipe(path: Path) -> None:
    recipe = recipe_of(path)
    assert isinstance(recipe, PictureRecipe)
    picture = path.with_suffix(f".{recipe.format}")
    inside = read_any_recipe(read_recipe(picture))
    assert inside == ready(path.stem).recipe, "render the gallery again"
    assert picture.stat().st_size < 3e6
    if recipe.kind == "film":
        with Image.open(picture) as film:
            assert film.n_frames == ready(path.stem).count  # type: ignore[attr-defined]


def test_with_glorot_s_weights_signals_and_gradients_change_slowly() -> None:
    rows = rows_of("initial_weights")
    for quantity in ("preactivations", "activations", "gradients"):
        size = deviations(rows[quantity])
        assert 2 < size.max() / size.min() < 3.5, quantity
        steps = size[1:] / size[:-1]
        assert 0.6 < steps.min() < steps.max() < 1.5, quantity
    assert max(one.saturated for one in rows["activations"].frames[0]) < 0.03


def test_tanh_dies_out_or_saturates() -> None:
    rows = rows_of("initial_weights_tanh")
    assert all(one.alike and not one.dead for one in rows["zero"].frames[0])
    assert not deviations(rows["zero"]).any()
    small = deviations(rows["normal:scale=0.01"])
    assert (small[1:] < 0.15 * small[:-1]).all()
    saturated = [one.saturated for one in rows["normal:scale=1"].frames[0]]
    assert 0.74 < min(saturated) <= max(saturated) < 0.85
    for init in ("glorot_normal", "he_normal"):
        assert deviations(rows[init])[-1] > 0.25
        assert max(one.saturated for one in rows[init].frames[0]) < 0.1


def test_sigmoids_say_one_half_or_are_saturated() -> None:
    rows = rows_of("initial_weights_sigmoid")
    for one in rows["normal:scale=0.01"].frames[0]:
        assert one.spread.mean == pytest.approx(0.5, abs=0.01)
        assert one.spread.deviation < 0.02
    for one in rows["zero"].frames[0]:
        assert (one.spread.mean, one.spread.deviation) == (0.5, 0)
    assert min(one.saturated for one in rows["normal:scale=1"].frames[0]) > 0.45
    # Within the small weights' layers the units differ, and the examples hardly do.
    data = load_data("digits")
    network = rows["normal:scale=0.01"].network
    last = network.trace(network.initial("normal:scale=0.01", 0), data.X[:500])[-2].activation
    assert last.std(axis=0).max() < 1e-3 * last.mean(axis=0).std()


def test_relu_explodes_dies_out_or_stays_with_he() -> None:
    rows = rows_of("initial_weights_relu")
    grown = deviations(rows["normal:scale=1"])
    assert (grown[1:] / grown[:-1]).mean() == pytest.approx(7, abs=0.5)
    small = deviations(rows["normal:scale=0.01"])
    assert (small[1:] < 0.1 * small[:-1]).all()
    he, glorot = deviations(rows["he_normal"]), deviations(rows["glorot_normal"])
    assert he.max() < 1.2 * he.min()
    assert (glorot[1:] < 0.85 * glorot[:-1]).all()
    zero = [one.spread.zero for one in rows["he_normal"].frames[0]]
    assert np.mean(zero) == pytest.approx(0.5, abs=0.05)


def test_gradients_vanish_grow_or_pass() -> None:
    rows = rows_of("initial_weights_gradients")
    assert not deviations(rows["zero"]).any()
    small = deviations(rows["normal:scale=0.01"])
    np.testing.assert_allclose(small[1:] / small[:-1], 10, rtol=0.15)
    large = deviations(rows["normal:scale=1"])
    assert (large[:-1] > 2 * large[1:]).all()
    for init, least, most in (("glorot_normal", 2.0, 2.6), ("he_normal", 1.0, 1.3)):
        size = deviations(rows[init])
        assert least < size.max() / size.min() < most


def test_while_learning_small_stays_small_and_large_saturated() -> None:
    rows = rows_of("initial_weights_training")
    last = ready("initial_weights_training").count - 1
    assert deviations(rows["normal:scale=0.01"], last)[-1] < 0.01
    assert min(one.saturated for one in rows["normal:scale=1"].frames[last]) > 0.85
    middle = rows["glorot_normal"]
    assert (deviations(middle, last) > 1.2 * deviations(middle, 0)).all()
    assert deviations(middle, last)[-1] > 2.5 * deviations(middle, 0)[-1]


def test_large_weights_put_units_outside_the_good_range() -> None:
    found: Units = ready("good_range")
    shares = {panel.init: panel.good[0] for panel in found.panels}
    assert shares["normal:scale=1"] < 0.1
    assert shares["glorot_normal"] > 0.9
    assert shares["normal:scale=0.01"] > 0.99
    small = next(panel for panel in found.panels if panel.init == "normal:scale=0.01")
    assert small.frames[0][-1].spread.deviation < 1e-5


def test_four_learning_rates() -> None:
    found: Curves = ready("learning_rates")
    lines = {line.label.split(":")[0]: line.run for line in found.panels[0].lines}
    low, good, high, very = (lines[name] for name in ("low", "good", "high", "very high"))

    def loss(run: Any, epoch: float) -> float:
        return float(np.interp(epoch, run.epochs, run.train_loss))

    # The first loss is that of guessing among ten.
    assert low.train_loss[0] == pytest.approx(math.log(10), rel=0.03)
    assert {run.train_loss[0] for run in lines.values()} == {low.train_loss[0]}
    # Too low creeps down all the way, and a good one is far below it from the first epoch on.
    assert (np.diff(low.train_loss) < 0.002).all()
    assert all(loss(good, epoch) < 0.4 * loss(low, epoch) for epoch in (1, 2, 4, 6))
    # A high one is the fastest at first, and then stays above.
    assert loss(high, 0.1) < 0.6 * loss(good, 0.1) < loss(low, 0.1)
    late = high.train_loss[high.epochs > 1]
    assert 0.3 < late.min() < late.max() < 1.0
    assert late[-20:].mean() > 0.9 * late[:20].mean()
    assert late.min() > 3 * good.train_loss[-1]
    # A very high one makes the loss rise above where it began.
    assert very.train_loss.max() > 4 * very.train_loss[0]
    assert (very.train_loss[very.epochs > 1] > very.train_loss[0]).all()
    assert good.train_loss[-1] == min(run.train_loss[-1] for run in lines.values())


def test_small_batches_oscillate() -> None:
    found: Curves = ready("oscillation")
    runs = [panel.lines[0].run for panel in found.panels]
    assert [run.batch for run in runs[:3]] == [1, 8, 64]
    wide = [oscillation(run) for run in runs]
    assert wide[0] > 2 * wide[1] > 2 * wide[2] > wide[3] == 0
    everything = runs[3]
    measured = np.interp(np.arange(10), everything.steps, everything.train_loss)
    np.testing.assert_allclose(everything.batch_losses, measured, rtol=1e-5)


def test_a_high_rate_makes_the_loss_of_all_rows_oscillate() -> None:
    found: Curves = ready("oscillation_rates")
    bounces = []
    for panel in found.panels:
        run = panel.lines[0].run
        late = run.train_loss[run.epochs > 1]
        rise = np.diff(late)
        bounces.append(float(rise[rise > 0].sum()))
    assert bounces[0] < 0.1 < bounces[1] < 0.2 * bounces[2]


def test_the_more_units_are_dead_the_higher_the_loss_stays() -> None:
    found: Curves = ready("dead_units")
    lines = found.panels[0].lines
    dead = [line.dead for line in lines]
    losses = [float(line.run.train_loss[-1]) for line in lines]
    assert dead == sorted(dead)
    assert losses == sorted(losses)
    assert dead[0] == 0
    assert dead[-1] > lines[-1].units / 2
    assert losses[0] < 0.1
    assert losses[-1] == pytest.approx(math.log(10), rel=0.03)
    # They are dead from the beginning, and what is dead never moves.
    data = load_data("digits")
    begun = 0
    for line in lines:
        w, b = line.run.network.unpack(line.run.initial)[0]
        never = (data.X @ w.T + b <= 0).all(axis=0)
        after, bias = line.run.network.unpack(line.run.final)[0]
        assert (w[never] == after[never]).all()
        assert (b[never] == bias[never]).all()
        begun = int(never.sum())
        assert begun <= line.dead
    assert begun > lines[-1].units / 2
