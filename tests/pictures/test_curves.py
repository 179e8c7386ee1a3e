"""Learning curves: what is trained, what differs, what is said and drawn."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from landscape.drawing.learning_curves import (
    Curve,
    curve_colors,
    guessing_loss,
    learning_curves,
    loss_limits,
    moving_average,
)
from landscape.drawing.scene import picture_style
from landscape.drawing.trail import trail_styles
from landscape.errors import LandscapeError
from landscape.networks.datasets import dataset
from landscape.networks.network import Network
from landscape.networks.run import Run, save_runs
from landscape.networks.training import network_for, train
from landscape.pictures.curves import CurveLine, Curves, CurvesPanel, CurvesRecipe, prepare
from landscape.pictures.curves_texts import apart, line_colors, oscillation
from landscape.pictures.curves_variants import curve_variants
from landscape.pictures.words import network_words, sizes_of
from landscape.style import THEMES

SMALL: dict[str, Any] = {"data": "moons:rows=200", "net": "8", "epochs": 3}


def made(**values: Any) -> Curves:
    return prepare(CurvesRecipe(**{**SMALL, **values}))


@pytest.fixture(scope="module")
def rates() -> Curves:
    return made(optimizers=("gd",), vary="lr=0.01,0.3")


@pytest.fixture(scope="module")
def run() -> Run:
    data = dataset("blobs:rows=300,centres=4")
    return train(network_for(data, (8,)), data, "gd:lr=0.1", epochs=3, batch=10)


def test_a_line_is_the_run_that_training_gives(rates: Curves) -> None:
    data = dataset("moons:rows=200")
    for line, rate in zip(rates.panels[0].lines, (0.01, 0.3), strict=True):
        alone = train(network_for(data, (8,)), data, f"gd:lr={rate}", epochs=3, batch=32)
        assert line.label == f"lr {rate}"
        np.testing.assert_array_equal(line.run.final, alone.final)
        np.testing.assert_array_equal(line.run.batch_losses, alone.batch_losses)
        assert line.run.train_loss[-1] == alone.train_loss[-1]


def test_all_rows_are_measured_often_enough_for_a_smooth_line() -> None:
    line = made(epochs=40).panels[0].lines[0]
    gaps = np.diff(line.run.epochs)
    assert line.run.epochs[[0, -1]].tolist() == [0, 40]
    assert gaps.max() <= 0.5
    assert len(line.run.epochs) < 130


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ({}, ["Adam"]),
        ({"optimizers": ("gd", "adam:label=mine")}, ["GD", "mine"]),
        ({"vary": "batch=8,all"}, ["batch 8", "full batch"]),
        (
            {"vary": "init=zero,normal:scale=0.01", "activation": "relu"},
            ["zero", "normal scale 0.01"],
        ),
        ({"vary": "activation=tanh,relu"}, ["tanh", "ReLU"]),
        ({"optimizers": ("gd", "momentum"), "vary": "lr=0.1,0.2"},
         ["GD lr 0.1", "Momentum lr 0.1", "GD lr 0.2", "Momentum lr 0.2"]),
        ({"vary": "batch=8,seed=1; batch=16,seed=2"}, ["batch 8, seed 1", "batch 16, seed 2"]),
    ],
)  # fmt: skip
def test_labels_say_what_differs(values: dict[str, Any], labels: list[str]) -> None:
    assert [line.label for line in made(epochs=1, **values).panels[0].lines] == labels


def test_a_grid_has_a_panel_for_each_value() -> None:
    ready = made(epochs=1, grid="batch=8,all", vary="lr=0.1,0.2", optimizers=("gd",))
    assert [panel.title for panel in ready.panels] == ["batch 8", "full batch"]
    assert [line.run.batch for line in ready.panels[1].lines] == [160, 160]
    assert [line.label for line in ready.panels[0].lines] == ["lr 0.1", "lr 0.2"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"vary": "lr"}, "variants are key=value"),
        ({"vary": "lr=0.1"}, "2 to 8 variants"),
        ({"vary": "lr=" + ",".join(map(str, range(1, 10)))}, "2 to 8 variants"),
        ({"vary": "rate=1,2"}, "rate"),
        ({"vary": "batch=few,many"}, "rows, or all"),
        ({"grid": "batch=" + ",".join(map(str, range(1, 8)))}, "2 to 6 variants"),
        ({"optimizers": ("gd", "adam", "momentum"), "vary": "lr=1,2,3"}, "at most 8 learning"),
        ({"optimizers": ("bfgs",)}, "update rule"),
        ({"data": "moon"}, "did you mean moons"),
        ({"vary": "init=zeros,zero"}, "did you mean zero"),
    ],
)
def test_variants_that_mean_nothing(values: dict[str, Any], said: str) -> None:
    with pytest.raises(LandscapeError, match=said):
        made(**values)


def test_variants_keep_the_rest_of_the_recipe() -> None:
    recipe = CurvesRecipe(**SMALL, optimizers=("momentum:mu=0.5,label=a\\,b",))
    found = curve_variants(recipe, "lr=0.1,0.2", 8)
    assert [one.recipe.optimizers for one in found] == [
        (f"momentum:mu=0.5,label=a\\,b,lr={rate}",) for rate in (0.1, 0.2)
    ]
    assert {one.recipe.with_(optimizers=recipe.optimizers) for one in found} == {recipe}


def test_the_recipe_keeps_the_learning_rate_that_was_used() -> None:
    ready = made(optimizers=("adam", "gd:lr=0.5"), epochs=1)
    first, second = ready.recipe.optimizers
    assert first == f"adam:lr={ready.runs[0].rates[0]:g}"
    assert second == "gd:lr=0.5"
    assert prepare(ready.recipe).recipe == ready.recipe


def test_runs_of_files_are_drawn_as_they_are(tmp_path: Path, run: Run, rates: Curves) -> None:
    save_runs(tmp_path / "a.npz", [run])
    save_runs(tmp_path / "b.npz", [*rates.runs, run])
    ready = prepare(CurvesRecipe(runs=(str(tmp_path / "a.npz"), str(tmp_path / "b.npz"))))
    assert [line.label for line in ready.panels[0].lines] == ["GD 1", "GD 2", "GD 3", "GD 4"]
    np.testing.assert_array_equal(ready.runs[0].train_loss, run.train_loss)
    with pytest.raises(LandscapeError, match="no file"):
        prepare(CurvesRecipe(runs=("none.npz",)))


def test_dead_units_are_counted_at_the_end() -> None:
    ready = made(
        activation="relu", net="20", vary="init=he_normal,he_normal:bias=-9", optimizers=("gd",)
    )
    alive, dead = ready.panels[0].lines
    assert (alive.dead, alive.units, dead.units) == (0, 20, 20)
    x = dataset(SMALL["data"]).X
    w, b = dead.run.network.unpack(dead.run.final)[0]
    assert dead.dead == int((x @ w.T + b <= 0).all(axis=0).sum()) > 10
    assert f"{dead.dead} of 20 units dead" in ready.numbers()[1]


def test_guessing_and_the_first_loss(run: Run) -> None:
    assert guessing_loss(run.network) == pytest.approx(math.log(4))
    # A network that says nothing has exactly this loss.
    data = dataset("blobs:rows=300,centres=4")
    zero = run.network.initial("zero")
    assert run.network.value(zero, data.X, data.y) == pytest.approx(math.log(4), rel=1e-6)
    other = network_for(data, (8,), loss="squared_error")
    assert math.isnan(guessing_loss(other))


def test_a_diverged_run_says_so() -> None:
    told: list[str] = []
    recipe = CurvesRecipe(
        data="diabetes", net="30", activation="relu", optimizers=("gd:lr=50",), epochs=3
    )
    ready = prepare(recipe, report=told.append)
    (line,) = ready.panels[0].lines
    assert line.run.ending == "diverged"
    assert told == [f"GD: diverged at step {line.run.steps_taken}"]
    assert "diverged" in ready.numbers()[0]


def test_oscillation_is_what_batches_add(run: Run) -> None:
    away = run.batch_losses - np.interp(np.arange(len(run.batch_losses)), run.steps, run.train_loss)
    assert oscillation(run) == pytest.approx(np.sqrt((away**2).mean()))
    assert oscillation(made(batch="all", epochs=2).runs[0]) == 0


def test_moving_average() -> None:
    values = np.array([1.0, 3.0, 5.0, 7.0])
    assert moving_average(values, 2).tolist() == [1, 2, 4, 6]
    assert moving_average(values, 9).tolist() == [1, 2, 3, 4]


def test_names_are_moved_apart() -> None:
    assert apart([50.0, 49.0, 48.0, 10.0], 20, 0, 100) == [60, 40, 20, 0]
    assert apart([10.0, 48.0, 90.0], 20, 0, 100) == [10, 48, 90]
    assert apart([5.0, 95.0], 20, 10, 90) == [10, 90]
    assert apart([1.0, 2.0, 3.0], 30, 0, 100) == [0.0, 30.0, 60.0]


def test_curves_on_axes(run: Run) -> None:
    ax = Figure().subplots()
    made_ = learning_curves([run, run], ax, labels=["a", "b"], batches=True, smooth=5)
    assert [len(artists) for artists in made_] == [5, 5]
    train_line = made_[0][2]
    np.testing.assert_allclose(train_line.get_data(), [run.epochs, run.train_loss])  # type: ignore[attr-defined]
    assert train_line.get_label() == "a"
    test_line = made_[0][3]
    np.testing.assert_allclose(test_line.get_data()[1], run.test_loss)  # type: ignore[attr-defined]
    assert test_line.get_linestyle() == "--"  # type: ignore[attr-defined]
    np.testing.assert_allclose(made_[0][0].get_data()[1], run.batch_losses)  # type: ignore[attr-defined]
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "a",
        "b",
        "log 4 = 1.39: guessing",
    ]
    low, high = ax.get_ylim()
    assert low == 0
    assert high > max(run.train_loss[0], math.log(4))
    accuracy = learning_curves(run, Figure().subplots(), metric="accuracy", guess=False)
    np.testing.assert_allclose(
        accuracy[0][0].get_data()[1],  # type: ignore[attr-defined]
        run.train_accuracy,
    )
    for values in ({"metric": "los"}, {"parts": ("trian",)}):
        with pytest.raises(LandscapeError, match="did you mean"):
            learning_curves(run, ax, **values)
    with pytest.raises(LandscapeError, match="need a run"):
        learning_curves([], ax)


def test_a_curve_grows_with_the_epochs(run: Run) -> None:
    ax = Figure().subplots()
    ax.set(xlim=(0, 3), ylim=(0, 5))
    curve = Curve(run, "loss", ax, "#000000", parts=("train",), batches=True)
    assert curve.show(0) == run.train_loss[0]
    assert curve.show(1.0) == run.train_loss[run.epochs <= 1][-1]
    batches, line, head = curve.artists
    assert line.get_data()[0].max() == 1  # type: ignore[attr-defined]
    assert (batches.get_data()[0] <= 1).all()  # type: ignore[attr-defined]
    assert head.get_data()[0] == [1]  # type: ignore[attr-defined]
    ax.set_ylim(0, 0.5 * run.train_loss[-1])
    curve.show(3.0)
    assert len(head.get_data()[0]) == 0, "no head where the line has left"  # type: ignore[attr-defined]


def test_the_axis_of_the_loss(run: Run) -> None:
    low, high = loss_limits([run], log=True)
    assert 0 < low < min(run.train_loss.min(), run.test_loss.min())
    assert high > run.train_loss.max()
    assert loss_limits([run], top=0.5) == (0, 0.5)


def test_dead_units_are_named_at_the_last_frame_alone() -> None:
    ready = made(
        activation="relu", net="20", init="he_normal:bias=-9", optimizers=("gd",), kind="film",
        format="gif", frames=3,
    )  # fmt: skip
    said = f"{ready.panels[0].lines[0].dead} of 20 units dead"
    with picture_style():
        drawing = ready.draw()
        for k in (0, 1, 2):
            drawing.show(k)
            texts = [text.get_text() for text in drawing.figure.findobj(Text)]
            assert texts.count(said) == (k == 2)


def test_rules_have_the_colours_that_they_have_on_surfaces() -> None:
    theme = THEMES["light"]
    rules = made(optimizers=("adam", "momentum", "gd"))
    (panel,) = rules.panels
    own = [style.color for style in trail_styles(["adam", "momentum", "gd"], theme)]
    assert line_colors(rules, panel, theme) == own
    with picture_style():
        figure = rules.figure()
    drawn = {line.get_color() for axes in figure.axes for line in axes.get_lines()}
    assert set(own) <= drawn
    alone = made(optimizers=("gd",))
    assert line_colors(alone, alone.panels[0], theme) == own[2:]
    rates = made(optimizers=("gd:lr=0.01", "gd:lr=0.3"))
    assert line_colors(rates, rates.panels[0], theme) == curve_colors(2, theme)
    variants = made(optimizers=("gd",), vary="lr=0.01,0.3")
    assert line_colors(variants, variants.panels[0], theme) == curve_colors(2, theme)


@pytest.mark.parametrize(
    ("network", "sizes", "words"),
    [
        (
            Network((10, 16, 1), "relu", loss="squared_error"),
            "10-16-1",
            "10-16-1 ReLU, squared error",
        ),
        (Network((2, 8, 2), "leaky_relu", l2=0.01), "2-8-2", "2-8-2 leaky ReLU, l2=0.01"),
        (Network((4, 3)), "4-3", "4-3 linear"),
        (
            Network((2, *[9] * 6, 2), "tanh", skip=True),
            "2-(6×9 skip)-2",
            "2-(6×9 skip)-2 tanh",
        ),
    ],
)
def test_networks_in_words(network: Network, sizes: str, words: str) -> None:
    assert (sizes_of(network), network_words(network)) == (sizes, words)


def test_the_caption_of_a_regression() -> None:
    ready = made(data="diabetes", net="16", activation="relu", epochs=1)
    with picture_style():
        texts = [text.get_text() for text in ready.figure().findobj(Text)]
    assert any("10-16-1 ReLU, squared error" in text for text in texts)


@pytest.fixture(scope="module")
def moons() -> Curves:
    keys: dict[str, Any] = {"data": "moons:rows=120", "net": "6", "epochs": 4, "frames": 5}
    return prepare(
        CurvesRecipe(**keys, optimizers=("gd:lr=0.5", "adam"), kind="film", format="gif")
    )


def test_a_film_has_its_names_in_a_legend_that_stays(moons: Curves) -> None:
    still = moons.with_recipe(moons.recipe.still("png"))
    with picture_style():
        film, last = moons.draw(), still.figure()
        film.show(0)
    (loss, *_) = film.figure.axes
    ends = {line.label: float(line.run.train_loss[-1]) for line in moons.panels[0].lines}
    order = sorted(ends, key=lambda label: -ends[label])
    place = {text.get_text(): text.get_position() for text in film.figure.texts}
    legend = [place[label][1] for label in order]
    # From the top of the axes down, the highest end first, not where the lines will end.
    top = loss.get_position().y1
    assert top - 0.1 < legend[0] < top
    assert 0 < legend[0] - legend[1] < 0.15
    assert not any(one in film.moving for one in film.figure.texts if one.get_text() in ends)
    ended = {text.get_text(): text.get_position()[1] for text in last.texts}
    assert ended[order[1]] < legend[1] - 0.2
    swatches = [one for one in film.figure.get_children() if isinstance(one, Line2D)]
    heights = [float(np.asarray(one.get_ydata())[0]) for one in swatches]
    assert sorted(heights) == sorted(legend)


@pytest.mark.parametrize("size", ["1280x720", "800x600", "620x480"])
def test_the_line_of_guessing_is_named_within_its_axes(moons: Curves, size: str) -> None:
    ready = moons.with_recipe(moons.recipe.with_(size=size))
    with picture_style():
        figure = ready.figure()
        canvas = FigureCanvasAgg(figure)
        before = drawn(canvas)
        (named,) = [text for text in figure.texts if text.get_text().startswith("log 2 =")]
        named.set_visible(False)
        changed = np.flatnonzero((before != drawn(canvas)).any(axis=(0, 2)))
    right = figure.axes[0].get_window_extent().x1
    rim = 4
    assert right - 20 < changed.max() <= right + rim


def drawn(canvas: Any) -> Any:
    """The pixels of a figure."""
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def test_lines_of_one_rule_say_by_what_they_differ() -> None:
    keys: dict[str, Any] = {"data": "moons:rows=120", "net": "6", "epochs": 1}
    rules = ("gd:lr=0.5", "gd:lr=0.1", "adam", "momentum:lr=0.1,mu=0.5", "momentum:lr=0.1,mu=0.8")
    (panel,) = prepare(CurvesRecipe(**keys, optimizers=rules)).panels
    wanted = ["GD lr 0.5", "GD lr 0.1", "Adam", "Momentum mu 0.5", "Momentum mu 0.8"]
    assert [line.label for line in panel.lines] == wanted


def test_a_run_far_above_its_first_loss_is_seen_where_it_is_alone() -> None:
    wild = made(optimizers=("gd:lr=1000",))
    losses = wild.runs[0].train_loss
    assert losses[1:].min() > 1.45 * losses[0]
    with picture_style():
        low, high = wild.figure().axes[0].get_ylim()
    assert low == 0
    assert losses.max() < high < 1.1 * losses.max()
    both = made(optimizers=("gd:lr=1000", "gd:lr=0.1"))
    with picture_style():
        assert both.figure().axes[0].get_ylim()[1] < 1.6 * losses[0]


@pytest.mark.parametrize("ends", [(2.29, 2.5), (2.5, 2.2), (2.2, 2.3)])
def test_the_name_of_guessing_is_where_no_curve_is(run: Run, ends: tuple[float, float]) -> None:
    # Curves beside the line of guessing, at log 4, at its right end: above it or beneath.
    guess = math.log(4)
    away = np.array(ends) - 2.3
    made_up = replace(
        run,
        train_loss=np.linspace(guess + 1, guess + away[0], len(run.steps)),
        test_loss=np.linspace(guess + 0.5, guess + away[1], len(run.steps)),
    )
    recipe = CurvesRecipe(data="blobs:rows=300,centres=4", net="8", show=("loss",))
    panel = CurvesPanel("", (CurveLine("one", made_up, 0, 8),))
    with picture_style():
        figure = Curves(recipe, (panel,), "blobs").figure()
        figure.canvas.draw()
    (name,) = [
        text
        for text in figure.texts
        if "guessing" in text.get_text() and "log" in text.get_text() and ";" not in text.get_text()
    ]
    box, axes = name.get_window_extent(), figure.axes[0]
    for line in axes.lines:
        if len(np.asarray(line.get_xdata())) < 3:
            continue
        x, y = axes.transData.transform(np.column_stack([line.get_xdata(), line.get_ydata()])).T
        at = np.linspace(box.x0, box.x1, 200)
        level = np.interp(at, x, y)
        assert not ((box.y0 < level) & (level < box.y1)).any()
