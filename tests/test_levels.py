from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.levels import choose_levels
from landscape.surfaces import surface


def grid(text: str) -> Any:
    return surface(text).grid(400, 400)[2]


@pytest.mark.parametrize("kind", ["auto", "log", "power", "quantile", "linear"])
@pytest.mark.parametrize("name", ["ravine", "beale", "1/x + y**2", "rastrigin", "0*x + 5"])
def test_levels_increase_and_cover_the_range(name: str, kind: str) -> None:
    values = grid(name)
    finite = values[np.isfinite(values)]
    levels = choose_levels(values, kind)
    assert (np.diff(levels) > 0).all()
    assert levels[0] <= finite.min()
    assert levels[-1] >= finite.max()


@pytest.mark.parametrize(
    ("name", "like"), [("beale", "log"), ("ravine", "power"), ("1/x + y**2", "quantile")]
)
def test_auto_suits_the_surface(name: str, like: str) -> None:
    values = grid(name)
    assert np.array_equal(choose_levels(values), choose_levels(values, like))


@pytest.mark.parametrize("name", ["beale", "ravine", "1/x + y**2", "two_wells"])
def test_no_band_takes_most_of_the_picture(name: str) -> None:
    values = grid(name)
    finite = values[np.isfinite(values)]
    counts, _ = np.histogram(finite, choose_levels(values))
    assert counts.max() < 0.45 * finite.size


def test_nowhere_finite() -> None:
    with pytest.raises(LandscapeError, match="no finite value"):
        choose_levels(np.full((3, 3), np.nan))
