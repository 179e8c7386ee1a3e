"""What the gallery's maps of basins claim is true of the numbers behind them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landscape.animation.metadata import read_recipe
from landscape.keyed import listed
from landscape.maps.places import DIVERGED
from landscape.pictures import prepare_picture, read_any_recipe
from landscape.pictures.basins import Basins

GALLERY = Path(__file__).parents[2] / "gallery"
NAMES = sorted(path.stem for path in GALLERY.glob("basins_*.toml"))


def ready(name: str, **changes: Any) -> Basins:
    recipe = read_any_recipe((GALLERY / f"{name}.toml").read_text("utf-8"), name)
    found = prepare_picture(recipe.with_(**changes))  # type: ignore[arg-type]
    assert isinstance(found, Basins)
    return found


def folds(labels: Any) -> float:
    """Return the share of cells whose neighbour at the right ends elsewhere."""
    return float((labels[:, 1:] != labels[:, :-1]).mean())


@pytest.mark.parametrize("name", NAMES)
def test_each_picture_has_its_recipe(name: str) -> None:
    table = tomllib.loads((GALLERY / f"{name}.toml").read_text("utf-8"))
    picture = GALLERY / f"{name}.{table.get('format', 'png')}"
    inside: Any = read_any_recipe(read_recipe(picture))
    for key, value in table.items():
        found = listed(getattr(inside, key))
        assert found == value or (key == "optimizers" and table.get("sweep")), key
    assert picture.stat().st_size < 1.5e6
    if inside.kind == "film":
        with Image.open(picture) as film:
            assert film.n_frames == inside.frames  # type: ignore[attr-defined]


def test_momentum_finds_every_minimum_and_one_start_in_ten_diverges() -> None:
    found = ready("basins_himmelblau")
    counts = found.panels[0].counts(0)
    assert sum(counts.values()) == 329476
    assert {found.places.letters[k] for k in counts if k >= 0} == set("ABCD")
    assert 0.09 < counts[DIVERGED] / 329476 < 0.12
    labels = found.panels[0].maps[0].labels
    rows, columns = labels.shape
    middle = labels[rows // 10 : -rows // 10, columns // 10 : -columns // 10]
    assert (middle == DIVERGED).sum() < 0.02 * counts[DIVERGED]
    # Around each minimum lies its own basin.
    for letter, (x, y) in {"C": (3, 2), "A": (-3.78, -3.28)}.items():
        row, column = int((y + 6) / 12 * rows), int((x + 6) / 12 * columns)
        near = labels[row - 15 : row + 15, column - 15 : column + 15]
        assert {found.places.letters[k] for k in np.unique(near)} == {letter}


def test_borders_fold_and_become_dust_as_the_rate_grows() -> None:
    found = ready("basins_sweep", frames=4, columns=90, rows=90)
    maps = found.panels[0].maps
    first, _, third, last = (folds(one.labels) for one in maps)
    assert first < 0.5 * third
    assert third > 0.05
    assert last > first
    assert maps[-1].counts()[DIVERGED] > 0.5 * maps[-1].labels.size
    assert DIVERGED not in maps[0].counts()


def test_the_border_has_further_ones_within_it() -> None:
    found = ready("basins_zoom", frames=5, columns=90, rows=90)
    assert [f"{one:.0e}" for one in found.zooms] == ["1e+00", "1e+03", "1e+06", "1e+09", "1e+12"]
    for one in found.panels[0].maps:
        assert len([k for k in one.counts() if k >= 0]) >= 3
