"""The good range against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.figure import Figure

from landscape.drawing.good_range import good_intervals, good_range, in_good_range
from landscape.errors import LandscapeError
from landscape.pictures.units import UnitsRecipe, prepare

# 1 - tanh² ≥ ½ up to artanh √½; s(1 - s) ≥ ⅛ up to log(3 + 2√2).
EDGES = {"tanh": math.atanh(math.sqrt(0.5)), "sigmoid": math.log(3 + 2 * math.sqrt(2))}


@pytest.mark.parametrize(("name", "edge"), EDGES.items())
def test_the_range_ends_where_the_derivative_is_half(name: str, edge: float) -> None:
    z = np.array([-edge - 1e-6, -edge + 1e-6, 0.0, edge - 1e-6, edge + 1e-6])
    assert in_good_range(z, name).tolist() == [False, True, True, True, False]
    ((low, high),) = good_intervals(name, 0.5, (-8, 8))
    assert low == pytest.approx(-edge, abs=0.01)
    assert high == pytest.approx(edge, abs=0.01)


def test_relu_and_linear() -> None:
    assert in_good_range([-1.0, 0.0, 1.0], "relu").tolist() == [False, False, True]
    assert in_good_range([[-9.0, 9.0]], "linear").tolist() == [[True, True]]
    assert good_intervals("linear", 1.0, (-4, 4)) == [(-4, 4)]
    assert bool(in_good_range(0.0, "gelu", 0.4))
    assert not in_good_range(0.0, "gelu", 0.5)
    for share in (0.0, 1.5, math.nan):
        with pytest.raises(LandscapeError, match="share of the derivative"):
            in_good_range(0.0, "tanh", share)
    with pytest.raises(LandscapeError, match="did you mean tanh"):
        in_good_range(0.0, "tahn")


def test_gaussian_pre_activations_have_the_share_that_the_error_function_says() -> None:
    # One hidden layer of normal weights on Gaussian inputs x: z has variance scale²·|x|².
    recipe = UnitsRecipe(
        data="gaussian:inputs=100,rows=400",
        net="200",
        inits=("normal:scale=0.05", "normal:scale=0.1"),
        examples=400,
    )
    ready = prepare(recipe)
    for panel, scale in zip(ready.panels, (0.05, 0.1), strict=True):
        deviation = scale * 10
        expected = math.erf(EDGES["tanh"] / (deviation * math.sqrt(2)))
        assert len(panel.good) == 1
        assert panel.good[0] == pytest.approx(expected, abs=0.02)
        (ridge,) = panel.frames[0]
        assert ridge.good == panel.good[0]
        assert ridge.spread.marked.sum() == pytest.approx(ridge.good)


def test_zero_weights_lie_at_the_top_of_the_derivative() -> None:
    ready = prepare(UnitsRecipe(data="gaussian", inits=("zero",), activations=("tanh", "relu")))
    assert [panel.good for panel in ready.panels] == [(1.0,), (0.0,)]


def test_on_axes() -> None:
    ax = Figure().subplots()
    made = good_range("sigmoid", ax, values=np.linspace(-3, 3, 600))
    curve, slope, shade, every, good = made
    z, f = curve.get_data()  # type: ignore[attr-defined]
    np.testing.assert_allclose(f, 1 / (1 + np.exp(-z)), rtol=1e-12)
    np.testing.assert_allclose(slope.get_data()[1], f * (1 - f), rtol=1e-12)  # type: ignore[attr-defined]
    assert shade.get_width() == pytest.approx(2 * EDGES["sigmoid"], abs=0.02)  # type: ignore[attr-defined]
    heights = [one.get_data() for one in (every, good)]  # type: ignore[attr-defined]
    drawn = [(data.values - data.baseline).sum() for data in heights]
    assert drawn[1] / drawn[0] == pytest.approx(EDGES["sigmoid"] / 3, abs=0.01)
    low, high = ax.get_ylim()
    assert low <= heights[0].baseline <= heights[0].values.max() < f.min() < f.max() < high
