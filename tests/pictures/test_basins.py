"""Pictures of basins: what is on the page is what the maps say."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from landscape.descent import descend
from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.maps.places import CIRCLING, CODES, DIVERGED, MOVING, Places, cell_centres
from landscape.pictures import prepare_picture
from landscape.pictures.basins import Basins, BasinsRecipe
from landscape.pictures.basins_colors import BasinColors, choose_hues, step_scale
from landscape.pictures.basins_shares import shares_of
from landscape.pictures.basins_words import SIGNS, axis_words
from landscape.pictures.map_api import basins
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


@pytest.mark.parametrize("size", ["480x360", "slide"])
def test_a_pixel_has_the_colour_of_its_cell_and_the_map_fills_the_room(size: str) -> None:
    ready = made(lines=False, marks=False, size=size)
    with picture_style():
        figure = ready.figure()
        canvas: Any = figure.canvas
        canvas.draw()
        drawn = np.asarray(canvas.buffer_rgba())[..., :3]
    box = figure.axes[0].get_window_extent()
    left, right, bottom, top = round(box.x0), round(box.x1), round(box.y0), round(box.y1)
    map_ = drawn[len(drawn) - top : len(drawn) - bottom, left:right][::-1]
    tall, wide = map_.shape[:2]
    assert (wide, tall) == ready.recipe.plan(1, 1.0).maps[0][2:]
    assert min(tall, wide) > {"480x360": 200, "slide": 570}[size]
    map_ = map_[8:, 8:]  # marks of the axes begin within the edge
    cells = np.ix_(np.arange(8, tall) * 40 // tall, np.arange(8, wide) * 48 // wide)
    found = ready.panels[0].maps[0]
    labels, steps = found.labels[cells], found.steps[cells]
    # One cell, one colour; basins share none, and a diverged start has the one of its own.
    by_cell: dict[tuple[int, int], set[tuple[int, ...]]] = {}
    by_label: dict[int, set[tuple[int, ...]]] = {}
    for label, step, rgb in zip(labels.ravel(), steps.ravel(), map_.reshape(-1, 3), strict=True):
        by_cell.setdefault((int(label), int(step)), set()).add(tuple(rgb.tolist()))
        by_label.setdefault(int(label), set()).add(tuple(rgb.tolist()))
    assert {len(one) for one in by_cell.values()} == {1}
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


@pytest.mark.parametrize("counts", [{0: 2, 1: 1}, {0: 99_999, 1: 1}, {0: 7, 3: 5, -1: 6, 2: 4}])
def test_rounded_shares_add_up(counts: dict[int, int]) -> None:
    shares = shares_of(counts)
    numbers = [0.0 if "<" in one else float(one.removesuffix(" %")) for _, one in shares]
    assert sum(numbers) == pytest.approx(100)
    assert dict(shares).get(1) != "0.0 %"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({0: 1, 1: 1, 2: 1}, {"33.3 %"}),
        (dict.fromkeys(range(6), 1), {"16.7 %"}),
        ({0: 7, 3: 6, -1: 6}, {"36.8 %", "31.6 %"}),
        ({0: 84, 1: 84, -3: 24}, {"43.8 %", "12.5 %"}),  # of 43.75 and 12.5
        ({0: 190, 1: 1, 2: 1}, {"99.0 %", "0.5 %"}),
    ],
)
def test_equal_counts_have_equal_shares(counts: dict[int, int], said: set[str]) -> None:
    shares = dict(shares_of(counts))
    assert list(shares) == list(counts)
    assert set(shares.values()) == said
    for one, count in counts.items():
        for other, as_many in counts.items():
            if count == as_many:
                assert shares[one] == shares[other]
    assert abs(sum(float(one.removesuffix(" %")) for one in shares.values()) - 100) < 0.25


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


def test_who_circles_a_minimum_has_its_colour_made_pale_and_a_line() -> None:
    ready = made(surface="ackley", optimizers=("rmsprop",))
    counts = ready.panels[0].counts(0)
    around = CIRCLING  # the first minimum, the lowest
    assert counts[around] > 0.4 * 1920
    assert sum(counts.values()) == 1920
    colors = BasinColors(THEMES["light"], {0: 0, 1: 1}, frozenset(), step_scale(np.array([])))
    own, pale = np.array(colors.flat(0)), np.array(colors.flat(around))
    assert (pale > own).all()
    assert np.argsort(own).tolist() == np.argsort(pale).tolist()
    assert colors.flat(CIRCLING - 1) != colors.flat(around)
    with picture_style():
        said = [text.get_text() for text in ready.figure().texts]
    share = dict(shares_of(counts))[around]
    assert said.index("A") < said.index("circling")
    assert said[said.index("A") - 1] == share
    told = f"RMSProp: of 1920 starts circling minimum A (0, 0) {share}"
    assert ready.numbers()[0].startswith(told)
    assert not any(one.endswith(" steps") for one in said if ";" not in one)  # nothing arrived


def test_no_two_lines_of_a_legend_have_one_colour_and_each_sign_has_a_line() -> None:
    for where, rule in (("ackley", "adam"), ("easom", "gd")):
        ready = made(surface=where, optimizers=(rule,))
        with picture_style():
            figure = ready.figure()
        boxes = [one.get_facecolor() for one in figure.findobj(Rectangle) if one.get_width() < 0.05]
        boxes = [one for one in boxes if tuple(one)[-1] == 1]
        assert len(boxes) > 8
        assert len(set(boxes)) == len(boxes)
        said = [text.get_text() for text in figure.texts]
        assert any(one.endswith("others, in the same colours") for one in said)
        counts = ready.panels[0].counts(0)
        kinds = {ready.places.kinds[label] for label in counts if label >= 0}
        signs = {sign: kind for kind, (sign, _) in SIGNS.items()}
        assert {signs[one] for one in said if one in signs} == kinds & set(SIGNS)
        for kind in kinds & set(SIGNS):
            assert any(one.startswith(kind) for one in said)


@pytest.mark.parametrize("count", [4, 5, 6])
@pytest.mark.parametrize("size", ["slide", "800x600", "480x800"])
def test_many_panels_stand_in_rows_and_share_the_names(count: int, size: str) -> None:
    rules = tuple(f"momentum:lr=0.01,mu=0.{k}" for k in range(4, 4 + count))
    ready = made(optimizers=rules, size=size, columns=30, rows=30, steps=40)
    plan = ready.recipe.plan(count, 1.0)
    sides = {box[2:] for box in plan.maps}
    assert len(sides) == 1
    page = ready.recipe.pixels
    # The maps are no stamps.
    assert count * np.prod(next(iter(sides))) > {"slide": 0.2}.get(size, 0.14) * page[0] * page[1]
    with picture_style():
        figure = ready.figure()
        assert trouble(figure) == []
        canvas: Any = figure.canvas
        canvas.draw()
        for text in figure.texts:
            if text.get_text():
                box = text.get_window_extent()
                assert box.x0 >= 0
                assert box.x1 <= page[0]
    said = [text.get_text() for text in figure.texts]
    heads = [one for one in said if one.startswith("Momentum")]
    assert heads == [
        f"Momentum lr 0.01, \N{GREEK SMALL LETTER MU} 0.{k}" for k in range(4, 4 + count)
    ]
    reached = {label for one in ready.panels for label in one.counts(0)}
    assert MOVING in reached
    assert said.count(CODES[MOVING]) == 1
    for panel in ready.panels:
        share = dict(shares_of(panel.counts(0))).get(MOVING)
        assert share is None or share in said or size != "slide"


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


def test_python_keeps_a_map_and_tells_its_progress(tmp_path: Path) -> None:
    keys: dict[str, Any] = {"columns": 24, "rows": 20, "keep": str(tmp_path / "map.npz")}
    told: list[tuple[int, int]] = []
    first = basins("himmelblau", "rmsprop", **keys, progress=lambda *one: told.append(one))
    assert told[-1][0] == told[-1][1]
    with np.load(keys["keep"]) as saved:
        assert set(saved) == {
            *("labels", "steps", "xs", "ys", "places", "names"),
            *("codes", "code_names", "recipe", "about"),
        }
        assert saved["labels"].shape == saved["steps"].shape == (20, 24)
        assert (saved["labels"].dtype, saved["steps"].dtype) == (np.int16, np.int32)
        assert (saved["xs"].shape, saved["ys"].shape) == ((24,), (20,))
        known = {*range(len(saved["names"])), *saved["codes"].tolist()}
        assert set(np.unique(saved["labels"]).tolist()) <= known
        named = dict(zip(saved["codes"].tolist(), saved["code_names"].tolist(), strict=True))
        assert named[CIRCLING] == "circling minimum A (-3.78, -3.28)"
        assert len(saved["places"]) == len(saved["names"])
    assert basins("himmelblau", "rmsprop", **keys).numbers() == first.numbers()
    with pytest.raises(LandscapeError, match=r"rmsprop.* there, .*adam.* here"):
        basins("himmelblau", "adam", **keys)


def test_what_is_left_of_a_kept_map_is_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landscape.pictures.basins_jobs._LONG", 0.0)
    monkeypatch.setattr("landscape.maps.basins._CELLS_ONE_BY_ONE", 24)
    recipe = BasinsRecipe(optimizers=("newton:form=pure",), columns=12, rows=12, tolerance=0.1)
    keep = str(tmp_path / "map.npz")

    def stop(done: int, total: int) -> None:
        if 2 * done > total:
            raise KeyboardInterrupt

    told: list[str] = []
    with pytest.raises(KeyboardInterrupt, match=r"map\.npz\.journal"):
        prepare_picture(recipe, keep=keep, report=told.append, progress=stop)
    assert told[0].startswith("12×12 starts: about ")
    assert "more" not in told[0]
    prepare_picture(recipe, keep=keep, report=told.append)
    assert " more (Newton: path by path)" in told[1]
    prepare_picture(recipe, keep=keep, report=told.append)
    assert len(told) == 2  # nothing is left
