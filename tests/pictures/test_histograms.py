"""The numbers of histograms, and what is drawn of them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from landscape.drawing.histograms import common_limits, histograms, said_spread, spread
from landscape.errors import LandscapeError

DRAW = np.random.default_rng(3)
VALUES = DRAW.normal(0.2, 1.5, (40, 50)).astype(np.float32)


def test_a_spread_is_numpy_s_histogram() -> None:
    found = spread(VALUES, (-2, 3), bins=25)
    inside = np.clip(VALUES.astype(np.float64), -2, np.nextafter(3, 0))
    counts, edges = np.histogram(inside, bins=25, range=(-2, 3))
    np.testing.assert_allclose(found.edges, edges)
    # A value on an edge may be in the bin on its other side in float32.
    np.testing.assert_allclose(found.heights, counts / VALUES.size, atol=2 / VALUES.size)
    assert found.heights.sum() == pytest.approx(1)
    assert found.mean == pytest.approx(VALUES.mean(dtype=np.float64))
    assert found.deviation == pytest.approx(VALUES.std(dtype=np.float64))
    assert found.zero == found.lost == 0


def test_marked_values_are_a_part_of_each_bar() -> None:
    found = spread(VALUES, (-6, 6), marked=np.abs(VALUES) > 2)
    assert found.marked.sum() == pytest.approx((np.abs(VALUES) > 2).mean())
    assert (found.marked <= found.heights + 1e-12).all()
    middles = (found.edges[1:] + found.edges[:-1]) / 2
    wide = found.edges[1] - found.edges[0]
    assert (found.marked[np.abs(middles) < 2 - wide] == 0).all()


def test_many_exact_zeros_stand_apart() -> None:
    rectified = np.maximum(VALUES, 0)
    found = spread(rectified, (0, 6), marked=rectified == 0)
    share = (rectified == 0).mean()
    assert found.zero == pytest.approx(share)
    assert found.heights.sum() == pytest.approx(1 - share)
    assert found.marked.sum() == pytest.approx(0, abs=1e-12)
    assert spread(np.r_[0.0, VALUES.ravel()], (-6, 6)).zero == 0


def test_values_that_are_not_finite_are_counted() -> None:
    found = spread([1.0, 2.0, np.nan, np.inf], (0, 4), marked=[True, False, True, True], bins=4)
    assert found.lost == 0.5
    assert found.mean == 1.5
    assert found.heights.sum() == pytest.approx(0.5)
    assert found.marked.sum() == pytest.approx(0.25)
    assert spread([np.nan], (0, 1)).lost == 1
    assert said_spread(spread([np.nan], (0, 1))) == "not finite"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.0, 0.0], "all 0"),
        ([0.5, 0.5], "all 0.5"),
        ([-1.0, 1.0], "0 ± 1.0"),
        ([0.0, 1.0], "0.50 ± 0.50"),
        ([-0.02, 0.01], "−0.005 ± 0.015"),
        ([-2e-7, 2e-7], "0 ± 2e−7"),
        ([0.0, 4000.0], "2000 ± 2000"),
        ([0.0, 2e6], "1e6 ± 1e6"),
    ],
)
def test_what_is_said_of_a_spread(values: list[float], said: str) -> None:
    assert said_spread(spread(values, (-1, 1))) == said


def test_limits_hold_nearly_all_of_each() -> None:
    small, large = VALUES, 10 * VALUES
    low, high = common_limits([small, large])
    assert low == -high
    assert (np.abs(large) <= high).mean() >= 0.999
    assert high < 1.06 * np.abs(large).max()
    low, high = common_limits([np.abs(small)], symmetric=False)
    assert low == 0 < high
    assert common_limits([np.zeros(5)]) == (-1, 1)


def test_histograms_on_axes() -> None:
    axes = Figure().subplots(1, 2)
    made = histograms([VALUES, 2 * VALUES], list(axes), marked=[VALUES > 1, VALUES > 1])
    assert [bars.axes for bars in made] == list(axes)
    assert axes[0].get_xlim() == axes[1].get_xlim()
    assert axes[0].get_title() == said_spread(spread(VALUES, (-9, 9)))
    for bars in made:
        heights = bars.artists[0].get_data().values  # type: ignore[attr-defined]
        assert heights.max() == pytest.approx(1)
        assert heights.max() <= axes[0].get_ylim()[1]
    with pytest.raises(LandscapeError, match="2 arrays and 1 axes"):
        histograms([VALUES, VALUES], [axes[0]])
