"""The numbers behind histograms of layers, against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from landscape.drawing.scene import picture_style
from landscape.pictures.layers import Layers, LayersRecipe, prepare
from landscape.pictures.network import load_data
from landscape.pictures.units import UnitsRecipe
from landscape.pictures.units import prepare as prepare_units
from landscape.pictures.words import percent, rule_words, sizes_of

DATA = "gaussian:inputs=20,rows=300"
NET = "3x30"


def passed_through(init: str, name: str, rows: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Pre-activations and gradients of one example's loss, in float64 by hand."""
    data = load_data(DATA)
    network = LayersRecipe(data=DATA, net=NET).network(data, name)
    flat = network.initial(init, 0).astype(np.float64)
    x, y = data.X[:rows].astype(np.float64), data.y[:rows]
    zs, h, weights = [], x, []
    for block_w, block_b in zip(network.blocks[::2], network.blocks[1::2], strict=True):
        w = flat[block_w.slice].reshape(block_w.shape)
        weights.append(w)
        z = h @ w.T + flat[block_b.slice]
        zs.append(z)
        h = np.tanh(z) if name == "tanh" else np.maximum(z, 0)
    out = np.exp(zs[-1] - zs[-1].max(axis=1, keepdims=True))
    delta = out / out.sum(axis=1, keepdims=True) - np.eye(10)[y]
    gradients = [delta]
    for k in range(len(zs) - 2, -1, -1):
        slope = 1 - np.tanh(zs[k]) ** 2 if name == "tanh" else zs[k] > 0
        delta = (delta @ weights[k + 1]) * slope
        gradients.insert(0, delta)
    return zs[:-1], gradients[:-1]


@pytest.mark.parametrize("name", ["tanh", "relu"])
@pytest.mark.parametrize("init", ["glorot_normal", "normal:scale=1"])
def test_the_numbers_are_those_of_a_forward_and_a_backward_pass(init: str, name: str) -> None:
    recipe = LayersRecipe(data=DATA, net=NET, inits=(init,), activations=(name,), examples=200)
    ready = prepare(recipe)
    zs, gradients = passed_through(init, name, 200)
    values = {
        "preactivations": zs,
        "activations": [np.tanh(z) if name == "tanh" else np.maximum(z, 0) for z in zs],
        "gradients": gradients,
    }
    assert [row.quantity for row in ready.rows] == list(values)
    for row in ready.rows:
        assert row.layers == (1, 2, 3)
        (shown,) = row.frames
        for one, z, expected in zip(shown, zs, values[row.quantity], strict=True):
            assert one.spread.mean == pytest.approx(expected.mean(), rel=1e-3, abs=1e-5)
            assert one.spread.deviation == pytest.approx(expected.std(), rel=1e-4)
            flat = np.abs(np.tanh(z)) > 0.97 if name == "tanh" else z <= 0
            assert one.saturated == pytest.approx(flat.mean(), abs=1e-3)
            assert one.dead == (int((z <= 0).all(axis=0).sum()) if name == "relu" else 0)
            if name == "tanh" and row.quantity != "gradients":
                assert one.spread.marked.sum() == pytest.approx(one.saturated)
            else:
                assert one.spread.marked.sum() == 0


def test_dead_units_are_those_that_no_example_reaches() -> None:
    init = "he_normal:bias=-4"
    ready = prepare(LayersRecipe(data=DATA, net=NET, inits=(init,), activations=("relu",)))
    zs, _ = passed_through(init, "relu", 300)
    dead = [int((z <= 0).all(axis=0).sum()) for z in zs]
    assert [one.dead for one in ready.rows[0].frames[0]] == dead
    assert 0 < dead[0] < dead[1]


def test_zero_weights_pass_nothing_on() -> None:
    ready = prepare(LayersRecipe(data=DATA, net=NET, inits=("zero",)))
    for row in ready.rows:
        for one in row.frames[0]:
            assert (one.spread.mean, one.spread.deviation, one.spread.zero) == (0, 0, 1)
            assert (one.dead, one.alike) == (0, True)
    assert "all units alike" in ready.numbers()[0]


def test_what_is_shown_of_one_network_and_of_several() -> None:
    assert LayersRecipe().quantities == ("preactivations", "activations", "gradients")
    assert LayersRecipe(activations=("tanh", "relu")).quantities == ("activations",)
    ready = prepare(
        LayersRecipe(data=DATA, net=NET, inits=("zero", "he_normal"), activations=("relu", "tanh"))
    )
    pairs = [(row.network.activation, row.init) for row in ready.rows]
    assert pairs == [
        ("relu", "zero"),
        ("relu", "he_normal"),
        ("tanh", "zero"),
        ("tanh", "he_normal"),
    ]


def test_of_many_layers_some_are_shown_the_first_and_last_among_them() -> None:
    (row, *_) = prepare(LayersRecipe(data=DATA, net="20x10")).rows
    assert len(row.layers) == 8
    assert (row.layers[0], row.layers[-1]) == (1, 20)
    assert len(row.frames[0]) == 8


def test_which_of_many_layers_are_shown_is_said() -> None:
    many = prepare(LayersRecipe(data=DATA, net="20x10"))
    assert "pre-activations, layers 1, 4, 6, 9, 12, 15, 17, 20 of 20: dev" in many.numbers()[0]
    with picture_style():
        said = [text.get_text() for text in many.figure().texts]
    assert [one for one in said if "8 of 20 hidden layers are shown and counted" in one]
    assert {f"layer {k}" for k in (1, 4, 6, 9, 12, 15, 17, 20)} <= set(said)
    few = prepare(LayersRecipe(data=DATA, net="8x10"))
    assert "pre-activations, layers 1 to 8: dev" in few.numbers()[0]
    with picture_style():
        assert not [one.get_text() for one in few.figure().texts if "shown" in one.get_text()]


def test_which_layers_have_their_units_shown_is_said() -> None:
    many = prepare_units(UnitsRecipe(data=DATA, net="12x10"))
    assert "; layers 1, 3, 4, 6, 7, 9, 10, 12 of 12: " in many.numbers()[0]
    with picture_style():
        said = [text.get_text() for text in many.figure().texts]
    assert [one for one in said if ", 8 of 12 layers; shaded" in one]


@pytest.fixture(scope="module")
def learning() -> Layers:
    return prepare(
        LayersRecipe(data="moons", net="2x20", epochs=4, frames=9, kind="film", format="gif")
    )


def test_a_film_goes_from_the_initial_weights_to_the_trained_ones(learning: Layers) -> None:
    assert learning.count == 9
    assert learning.epochs == pytest.approx(np.linspace(0, 4, 9), abs=0.021)
    plain = {"data": "moons", "net": "2x20"}
    first = prepare(LayersRecipe(**plain))  # type: ignore[arg-type]
    last = prepare(LayersRecipe(epochs=4, **plain))  # type: ignore[arg-type]
    for k, other in ((0, first), (-1, last)):
        for row, same in zip(learning.rows, other.rows, strict=True):
            for one, two in zip(row.frames[k], same.frames[-1], strict=True):
                assert one.spread.mean == two.spread.mean
                assert one.spread.deviation == two.spread.deviation
    moved = [
        abs(row.frames[0][0].spread.deviation - row.frames[-1][0].spread.deviation)
        for row in learning.rows
    ]
    assert min(moved) > 0


def test_the_limits_of_a_film_hold_all_its_frames(learning: Layers) -> None:
    for row in learning.rows:
        assert len({tuple(one.spread.edges) for frame in row.frames for one in frame}) == 1
        if row.quantity == "preactivations":
            # No more than the outermost thousandth is at the edges.
            ends = [one.spread.heights[[0, -1]].sum() for frame in row.frames for one in frame]
            assert max(ends) < 0.03


def test_words() -> None:
    assert percent(0) == "0 %"
    assert percent(1) == "100 %"
    assert percent(0.004) == "<1 %"
    assert percent(0.996) == ">99 %"
    assert percent(0.254) == "25 %"
    network = LayersRecipe(net="6x100", skip=True).network(load_data("gaussian"), "relu")
    assert sizes_of(network) == "100-(6×100 skip)-10"
    assert rule_words("momentum:lr=0.05") == "Momentum lr 0.05, μ 0.9"


def test_the_numbers_are_printed(learning: Layers) -> None:
    lines = learning.numbers()
    assert len(lines) == 3
    deviation = learning.rows[0].frames[-1][0].spread.deviation
    assert f"pre-activations, layers 1 to 2: deviation {deviation:.2g}" in lines[0]
    assert "dead 0, 0" in lines[0]
