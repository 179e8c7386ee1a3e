"""Pictures of basins: what is on the page is what the maps say."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from landscape.descent import descend
from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.maps.places import CODES, DIVERGED, MOVING, Places, cell_centres
from landscape.pictures import prepare_picture
from landscape.pictures.basins import Basins, BasinsRecipe
from landscape.pictures.basins_colors import BasinColors, choose_hues, step_scale
from landscape.pictures.basins_words import axis_words, shares_of
from landscape.style import THEMES
from landscape.surfaces.lookup import surface
from landscape.surfaces.surface import CriticalPoint
from tests.pictures.overlaps import trouble

SMALL: dict[str, Any] = {"optimizers": ("momentum:lr=0.01",), "columns": 48, "rows": 40}


def made(**keys: Any) -> Basins:
    ready = prepare_picture(BasinsRecipe(**{**SMALL, **keys}))
    assert isinstance(ready, Basins)
    return ready


def maps_of(figure: Any) -> list[Any]:
    """Return the pictures of the maps, the highest row first."""
    return [np.asarray(image.get_array()) for image in figure.images]


def test_a_cell_is_a_whole_number_of_pixels_of_its_colour() -> None:
    ready = made(lines=False, marks=False, size="480x360")
    with picture_style():
        figure = ready.figure()
        canvas: Any = figure.canvas
        canvas.draw()
        drawn = np.asarray(canvas.buffer_rgba())[..., :3]
    box = figure.axes[0].get_window_extent()
    left, right, bottom, top = round(box.x0), round(box.x1), round(box.y0), round(box.y1)
    map_ = drawn[len(drawn) - top : len(drawn) - bottom, left:right]
    tall, wide = map_.shape[0] // 40, map_.shape[1] // 48
    assert map_.shape == (40 * tall, 48 * wide, 3)
    assert wide >= 2
    cells = map_.reshape(40, tall, 48, wide, 3)
    inside = cells[:-1, :, 1:]  # ticks begin a pixel within the edge
    assert (inside == inside[:, :1, :, :1]).all()
    colours = inside[::-1, 0, :, 0]
    labels = ready.panels[0].maps[0].labels[1:, 1:]
    # Basins share no colour, and a diverged start has the one of its own.
    by_label = {
        int(one): {tuple(rgb) for rgb in colours[labels == one].tolist()}
        for one in np.unique(labels)
    }
    assert by_label[DIVERGED] == {(0x23, 0x27, 0x2D)}
    assert sum(map(len, by_label.values())) == len(set.union(*by_label.values()))


def test_more_cells_than_pixels_are_averaged() -> None:
    colors = BasinColors(
        THEMES["light"], {0: 0, 1: 1}, frozenset(), step_scale(np.arange(1, 50)), 8
    )
    labels = np.zeros((6, 9), np.int16)
    labels[:, 4:] = 1
    steps = np.full((6, 9), 10, np.int32)
    picture = colors.paint(labels, steps, (3, 2))
    assert picture.shape == (2, 3, 3)
    plain = colors.paint(labels, steps, (9, 6))
    np.testing.assert_array_equal(picture[0, 0], plain[0, 0])
    np.testing.assert_array_equal(picture[0, 2], plain[0, 8])
    between = np.sort(np.stack([plain[0, 0], plain[0, 8]]), axis=0)
    assert (between[0] < picture[0, 1]).all()
    assert (picture[0, 1] < between[1]).all()


def test_shares_are_those_of_the_map_and_a_hundred_in_all() -> None:
    ready = made()
    counts = ready.panels[0].counts(0)
    assert sum(counts.values()) == 48 * 40
    with picture_style():
        figure = ready.figure()
    said = [text.get_text() for text in figure.texts]
    found = [float(one.removesuffix(" %")) for one in said if one.endswith(" %")]
    assert sum(found) == pytest.approx(100)
    assert len(found) == len(counts)
    for label, count in counts.items():
        assert any(abs(one - 100 * count / 1920) < 0.1 for one in found), label
    assert {"A", "B", "C", "D", "diverged"} <= set(said)


@pytest.mark.parametrize("counts", [{0: 1, 1: 1, 2: 1}, {0: 99_999, 1: 1}, {0: 7, 3: 6, -1: 6}])
def test_rounded_shares_add_up(counts: dict[int, int]) -> None:
    shares = shares_of(counts)
    numbers = [0.0 if "<" in one else float(one.removesuffix(" %")) for _, one in shares]
    assert sum(numbers) == pytest.approx(100)
    assert dict(shares).get(1) != "0.0 %"


def test_the_same_minimum_has_the_same_colour_in_every_panel() -> None:
    ready = made(optimizers=("momentum:lr=0.01", "gd:lr=0.01"), lines=False, marks=False)
    with picture_style():
        first, second = maps_of(ready.figure())
    tall, wide = first.shape[0] // 40, first.shape[1] // 48
    for (column, row), label in {((12, 12)): 0, (36, 26): 2}.items():
        hues = []
        for k, image in enumerate((first, second)):
            assert ready.panels[k].maps[0].labels[row, column] == label
            pixel = image[::-1][row * tall, column * wide].astype(int)
            hues.append(np.argsort(pixel).tolist())
        assert hues[0] == hues[1]


def test_a_sweep_s_frames_are_maps_of_single_paths() -> None:
    ready = made(
        **{"optimizers": ("momentum:mu=0.9",), "sweep": "lr=0.001:0.02", "frames": 5},
        kind="film",
        format="gif",
        size="480x360",
    )
    rates = [one["lr"] for one in ready.values]
    assert rates[0] == 0.001
    assert rates[-1] == 0.02
    ratios = [b / a for a, b in pairwise(rates)]
    assert ratios == pytest.approx([20**0.25] * 4, rel=1e-3)
    assert ready.recipe.optimizers == ("momentum",)
    for frame, cell in ((0, (3, 7)), (2, (20, 30)), (4, (22, 12))):
        map_ = ready.panels[0].maps[frame]
        start = float(map_.xs[cell[1]]), float(map_.ys[cell[0]])
        path = descend(
            "himmelblau",
            f"momentum:mu=0.9,lr={rates[frame]!r}",
            start=start,
            steps=300,
            tolerance=ready.recipe.tolerance or 0,
        )
        assert map_.steps[cell] == path.ending.step
    with picture_style():
        drawing = ready.draw()
        said = []
        for k in range(5):
            drawing.show(k)
            said.append([text.get_text() for text in drawing.figure.texts])
    assert [next(one for one in texts if one.startswith("lr = ")) for texts in said] == [
        f"lr = {rate:#.3g}" for rate in rates
    ]
    shares = [[one for one in texts if one.endswith(" %")] for texts in said]
    assert shares[0] != shares[-1]


def test_a_zoom_s_film_flies_to_its_still() -> None:
    keys: dict[str, Any] = {"at": (0.24, 4.26), "zoom": 1e6, "size": "480x360"}
    film = made(**keys, kind="film", format="gif", frames=7)
    still = made(**keys)
    assert film.zooms == pytest.approx([10.0**k for k in range(7)])
    assert film.panels[0].maps[0].bounds == film.surface.bounds
    last, only = film.panels[0].maps[-1], still.panels[0].maps[0]
    assert last.bounds == only.bounds
    np.testing.assert_array_equal(last.labels, only.labels)
    for one in film.panels[0].maps:
        (x0, x1), (y0, y1) = one.bounds
        assert x0 < 0.24 < x1
        assert y0 < 4.26 < y1


@pytest.mark.slow
def test_a_surface_that_is_swept_has_places_of_its_own_in_each_frame() -> None:
    ready = made(
        surface="ravine",
        optimizers=("gd:lr=0.02",),
        sweep="kappa=1:9",
        **{"kind": "film", "format": "gif", "frames": 3},
        steps=60,
    )
    assert [one["kappa"] for one in ready.values] == [1, 3, 9]
    assert ready.moving
    assert len(ready.places) == 1
    map_ = ready.panels[0].maps[1]
    start = float(map_.xs[5]), float(map_.ys[30])
    path = descend(
        *("ravine:kappa=3", "gd:lr=0.02"),
        start=start,
        steps=60,
        tolerance=ready.recipe.tolerance or 0,
    )
    assert map_.steps[30, 5] == path.ending.step


def test_a_general_rule_says_how_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landscape.pictures.basins_jobs._LONG", 0.0)
    told: list[str] = []
    recipe = BasinsRecipe(optimizers=("newton:form=pure",), columns=12, rows=12)
    ready = prepare_picture(recipe, report=told.append)
    assert isinstance(ready, Basins)
    assert told[0].startswith("12×12 starts: about ")
    assert told[0].endswith("(Newton: path by path)")
    counts = ready.panels[0].counts(0)
    kinds = {ready.places.kinds[label] for label in counts if label >= 0}
    assert kinds >= {"minimum", "saddle"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["400x300", "620x480", "slide", "480x800"])
def test_nothing_is_on_top_of_anything(size: str, theme: str) -> None:
    for rules in (("momentum:lr=0.01",), ("momentum:lr=0.01", "gd:lr=0.01")):
        ready = made(optimizers=rules, size=size, theme=theme)
        with picture_style():
            figure = ready.figure()
            assert trouble(figure) == []
            assert len(figure.images) == len(rules)


def test_neighbours_have_other_hues() -> None:
    grid = [(float(x), float(y)) for x in range(-5, 6) for y in range(-5, 6)]
    grid.sort(key=lambda one: (np.hypot(*one), one))
    minima = tuple(CriticalPoint(x, y, x * x + y * y, "minimum") for x, y in grid)
    where = surface("rastrigin")
    hues = choose_hues(Places(where, minima, ("minimum",) * 121), range(121))
    for a, one in enumerate(minima):
        for b, other in enumerate(minima[:a]):
            if np.hypot(one.x - other.x, one.y - other.y) < 1.1:
                assert hues[a] != hues[b]


def test_what_is_no_basin_is_grey_and_apart() -> None:
    for theme in THEMES.values():
        colors = BasinColors(theme, {}, frozenset(), step_scale(np.array([])))
        flat = {label: np.array(colors.flat(label)) for label in CODES}
        for label in (MOVING, DIVERGED):
            assert np.ptp(flat[label]) < 0.1
        assert abs(flat[MOVING].mean() - flat[DIVERGED].mean()) > 0.25


def test_numbers_at_a_deep_zoom_count_from_the_middle() -> None:
    assert axis_words(-6, 6, "x").label == ""
    words = axis_words(0.2399999, 0.2400001, "x")
    assert (words.origin, words.label) == (0.24, "x − 0.24 in 10⁻⁷")
    assert (0.2400001 - words.origin) / words.unit == pytest.approx(1)
    assert axis_words(-2.0001, -1.9999, "y").label == "y + 2 in 10⁻⁴"


def test_starts_are_the_middles_of_cells() -> None:
    assert cell_centres(-1, 1, 4).tolist() == [-0.75, -0.25, 0.25, 0.75]


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({"zoom": 5.0}, "add --at X,Y"),
        ({"at": (1, 1)}, "add --zoom"),
        ({"kind": "film", "format": "gif"}, "does not move: add --sweep"),
        ({"optimizers": ("gd",) * 7}, "6 maps fit"),
        ({"columns": 3}, "columns must be"),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(keys: dict[str, Any], wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted) as caught:
        BasinsRecipe(**keys)
    assert "\n" not in str(caught.value)
