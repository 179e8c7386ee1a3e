"""The box around a surface: its letters are apart, outside, within the picture, and right."""

from __future__ import annotations

import io
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from mpl_toolkits.mplot3d import Axes3D

from landscape.drawing.crate import Crate
from landscape.drawing.crate_fit import fit_view
from landscape.drawing.crate_labels import Label
from landscape.drawing.crate_layout import FACES
from landscape.drawing.crate_placing import Written
from landscape.drawing.crate_ticks import height_name, height_ticks
from landscape.drawing.ticks import Ticks, choose_ticks
from landscape.relief.heights import Heights
from landscape.relief.view import View, view_of
from landscape.style import THEMES

WALLS = Heights("log", 0.004, 3e4)
RANGES = {
    "walls": ((-1.5, 1.5), (-600.0, 600.0), (WALLS.bottom, WALLS.top)),
    "narrow": ((0.001, 0.002), (-1.5, 1.5), (0.0, 140.0)),
    "long": ((-600.0, 600.0), (0.0, 4.5), (-1.0, 3.2)),
}
NAMES = {
    "walls": ("$x$", "$y$", "loss"),
    "narrow": ("$w_1$", "$w_2$", "loss \N{MINUS SIGN} min"),
    "long": ("component 1 (72 %)", "component 2 (9 %)", "$f$"),
}
SIZES = ((800, 600, 0.88), (380, 300, 0.61), (760, 560, 1.0))
ELEVATIONS = (-90, -60, -20, -3, 0, 5, 30, 60, 86, 90)
AZIMUTHS = (*range(-180, 180, 30), -93, -88, -3, -1, 1, 4, 45, 91)


def crate(kind: str = "walls", unit: float = 1.0, theme: str = "light") -> Crate:
    ranges = RANGES[kind]
    x, y, z = (choose_ticks(*limits, 7) for limits in ranges)
    z = height_ticks(WALLS) if kind == "walls" else z
    return Crate(ranges, (x, y, z), NAMES[kind], THEMES[theme], unit)


def axes_for(made: Crate, width: int, height: int, **more: Any) -> Axes3D:
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), projection="3d", **more)
    assert isinstance(axes, Axes3D)
    axes.set_axis_off()
    axes.patch.set_visible(False)
    setters = (axes.set_xlim3d, axes.set_ylim3d, axes.set_zlim3d)
    for set_limits, (low, high) in zip(setters, made.ranges, strict=True):
        set_limits(low, high, view_margin=0)
    axes.set_box_aspect((1, 1, 0.7))
    return axes


def renderer_of(axes: Axes3D) -> RendererAgg:
    canvas = axes.get_figure(root=True).canvas
    assert isinstance(canvas, FigureCanvasAgg)
    return canvas.get_renderer()  # type: ignore[no-untyped-call,no-any-return]


def enlarged(view: View, factor: float) -> View:
    return View(np.diag([factor, factor, 1, 1]) @ view.matrix, view.eye)


def corners_of(one: Written) -> Any:
    place = one.place
    return np.array(list(product((place.x0, place.x1), (place.y0, place.y1))))


def apart(first: Any, second: Any) -> bool:
    """Whether two convex polygons, or sets of their corners, have a line between them."""
    from scipy.spatial import ConvexHull

    for hull in (ConvexHull(first), ConvexHull(second)):
        for normal in hull.equations[:, :2]:
            one, other = first @ normal, second @ normal
            if one.max() <= other.min() + 1e-9 or other.max() <= one.min() + 1e-9:
                return True
    return False


@pytest.mark.parametrize("kind", RANGES)
@pytest.mark.parametrize("size", SIZES)
def test_letters_are_apart_outside_the_box_and_within_the_picture(
    kind: str, size: tuple[int, int, float]
) -> None:
    width, height, unit = size
    made = crate(kind, unit)
    axes = axes_for(made, width, height)
    renderer = renderer_of(axes)
    for elevation, azimuth in product(ELEVATIONS, AZIMUTHS):
        axes.view_init(elevation, azimuth)
        fit_view(axes, made, (20, 10, width - 40, height - 30), renderer)
        view = view_of(axes)
        x0, y0, x1, y1 = made.extent(renderer, view)
        assert x0 >= 20
        assert y0 >= 10
        assert x1 <= width - 20
        assert y1 <= height - 20
        # It fills the picture as far as it can: another 3 % would not fit.
        left, bottom, right, top = made.extent(renderer, enlarged(view, 1.03))
        assert right - left > width - 43 or top - bottom > height - 33, (elevation, azimuth)
        seen = made.seen(renderer, view)
        for one in seen.written:
            assert apart(corners_of(one), seen.corners), (elevation, azimuth, one.label.said)
            assert x0 <= one.place.x0 < one.place.x1 <= x1
            assert y0 <= one.place.y0 < one.place.y1 <= y1
        for one, other in combinations(seen.written, 2):
            assert not one.place.meets(other.place, (1.0, 1.0)), (elevation, azimuth)


@pytest.mark.parametrize("kind", RANGES)
def test_each_number_is_nearest_to_its_own_tick(kind: str) -> None:
    made = crate(kind)
    axes = axes_for(made, 800, 600)
    renderer = renderer_of(axes)
    for elevation, azimuth in product((5, 30, 60, 90, -20), range(-170, 190, 20)):
        axes.view_init(elevation, azimuth)
        fit_view(axes, made, (0, 0, 800, 600), renderer)
        view = view_of(axes)
        seen = made.seen(renderer, view)
        for edge in seen.edges:
            ticks = made.ticks[edge.axis]
            points = np.empty((len(ticks.places), 3))
            points[:] = [made.ranges[k][edge.start >> k & 1] for k in range(3)]
            points[:, edge.axis] = ticks.places
            projected = view.project(points)[:, :2]
            along = (edge.ends[1] - edge.ends[0]) / edge.length
            for one in (one for one in seen.numbers if one.axis == edge.axis):
                middle = corners_of(one).mean(axis=0)
                nearest = int(np.argmin(np.abs((projected - middle) @ along)))
                assert ticks.labels[nearest] == one.label.said
                np.testing.assert_allclose(one.at, projected[nearest], atol=1e-6)


@pytest.mark.parametrize("elevation", [10, 30, 60])
def test_all_axes_have_names_and_numbers_from_oblique_cameras(elevation: int) -> None:
    made = crate("narrow")
    axes = axes_for(made, 800, 600)
    renderer = renderer_of(axes)
    for azimuth in range(-165, 195, 30):
        axes.view_init(elevation, azimuth)
        seen = made.seen(renderer, view_of(axes))
        assert {one.label.said for one in seen.names} == set(NAMES["narrow"])
        for axis in range(3):
            assert len([one for one in seen.numbers if one.axis == axis]) >= 2


def test_from_above_the_height_has_no_numbers_and_end_on_an_axis_has_none() -> None:
    made = crate()
    axes = axes_for(made, 800, 600)
    renderer = renderer_of(axes)

    def axes_seen(elevation: float, azimuth: float) -> set[int]:
        axes.view_init(elevation, azimuth)
        return {one.axis for one in made.seen(renderer, view_of(axes)).written}

    assert axes_seen(90, -60) == {0, 1}
    assert axes_seen(0, 0) == {1, 2}
    assert axes_seen(0, 90) == {0, 2}
    assert axes_seen(25, -60) == {0, 1, 2}


def test_panes_are_the_sides_that_lie_behind() -> None:
    made = crate()
    axes = axes_for(made, 800, 600)
    renderer = renderer_of(axes)
    for elevation, azimuth in ((30, -60), (-20, 40), (60, 130)):
        axes.view_init(elevation, azimuth)
        view = view_of(axes)
        seen = made.seen(renderer, view)
        middles = np.array([np.mean(made._placing._corners[list(face)], axis=0) for face in FACES])
        depths = view.project(middles)[:, 2]
        behind = {2 * axis + int(depths[2 * axis + 1] > depths[2 * axis]) for axis in range(3)}
        assert {face for face, inside in enumerate(seen.inside) if inside} == behind


def drawn(made: Crate, axes: Axes3D, view: View) -> Any:
    width, height = axes.get_figure(root=True).canvas.get_width_height()
    renderer = RendererAgg(width, height, 100)  # type: ignore[no-untyped-call]
    made.back(renderer, view)
    made.front(renderer, view)
    return np.array(renderer.buffer_rgba())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("kind", ["walls", "long"])
@pytest.mark.parametrize("theme", THEMES)
def test_painted_letters_equal_written_ones(
    theme: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = crate(kind, theme=theme)
    axes = axes_for(made, 640, 480)
    view = view_of(axes)
    painted = drawn(made, axes, view)

    def write(self: Label, renderer: Any, pen: Any, left: float, bottom: float) -> None:
        self.write(renderer, pen, left, bottom + self.measure(renderer)[2])

    monkeypatch.setattr(Label, "draw", write)
    np.testing.assert_array_equal(painted, drawn(made, axes, view))


def test_nothing_is_painted_beyond_the_extent() -> None:
    made = crate("long")
    axes = axes_for(made, 500, 400)
    for elevation, azimuth in product((-20, 5, 30, 90), range(-170, 190, 40)):
        axes.view_init(elevation, azimuth)
        fit_view(axes, made, (30, 30, 440, 340), renderer_of(axes))
        rows, columns = np.nonzero(drawn(made, axes, view_of(axes))[..., 3])
        assert columns.min() >= 29
        assert columns.max() <= 470
        assert rows.min() >= 29
        assert rows.max() <= 370


def test_an_orbit_has_one_size_and_one_centre() -> None:
    made = crate()
    axes = axes_for(made, 800, 600)
    renderer = renderer_of(axes)
    cameras = [(30.0, float(azimuth)) for azimuth in range(0, 360, 6)]
    axes.view_init(20, 10)
    fit_view(axes, made, (10, 10, 780, 580), renderer, cameras)
    assert (axes.elev, axes.azim) == (20, 10)
    middle = [np.mean(limits) for limits in made.ranges]
    extents, centres = [], []
    for elevation, azimuth in cameras:
        axes.view_init(elevation, azimuth)
        extents.append(made.extent(renderer, view_of(axes)))
        centres.append(view_of(axes).project([middle])[0, :2])
    x0, y0 = np.min(extents, axis=0)[:2]
    x1, y1 = np.max(extents, axis=0)[2:]
    assert x0 >= 10
    assert y0 >= 10
    assert x1 <= 790
    assert y1 <= 590
    assert np.ptp(centres, axis=0).max() < 1e-6
    assert x1 - x0 > 740 or y1 - y0 > 550


def test_a_box_too_small_for_the_letters_has_none() -> None:
    made = crate("long")
    axes = axes_for(made, 400, 300)
    fit_view(axes, made, (100, 100, 60, 50), renderer_of(axes))
    x0, y0, x1, y1 = made.extent(renderer_of(axes), view_of(axes))
    assert x0 >= 100
    assert y0 >= 100
    assert x1 <= 160
    assert y1 <= 150


def test_an_orthographic_view_is_drawn_as_well() -> None:
    made = crate()
    axes = axes_for(made, 640, 480, proj_type="ortho")
    renderer = renderer_of(axes)
    axes.view_init(30, -60)
    fit_view(axes, made, (0, 0, 640, 480), renderer)
    seen = made.seen(renderer, view_of(axes))
    assert sum(seen.inside) == 3
    assert {one.label.said for one in seen.names} == {"$x$", "$y$", "loss"}


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_vector_files_have_letters_and_lines(kind: str) -> None:
    import matplotlib as mpl

    made = crate("narrow")
    figure = Figure(figsize=(6, 4.5), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1), projection="3d")
    assert isinstance(axes, Axes3D)
    axes.set_axis_off()
    said: list[str] = []

    def draw(renderer: Any) -> None:
        view = view_of(axes)
        made.back(renderer, view)
        made.front(renderer, view)
        said.extend(one.label.said for one in made.seen(renderer, view).numbers)

    axes.set(xlim=(0.001, 0.002), ylim=(-1.5, 1.5), zlim=(0, 140))
    axes.draw = draw
    target = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "pdf.compression": 0}):
        figure.savefig(target, format=kind)
    found = target.getvalue()
    assert b"<image" not in found
    assert b"/Subtype /Image" not in found
    if kind == "svg":
        text = found.decode()
        assert len(said) >= 6
        assert all(f">{number}<" in text for number in said)
        assert ">loss \N{MINUS SIGN} min<" in text


def test_heights_have_round_losses() -> None:
    assert height_ticks(WALLS, 9).labels == (*("0.01", "0.1", "1", "10", "100", "1000", "10000"),)
    assert height_ticks(WALLS, 5) == Ticks((-2.0, 0.0, 2.0, 4.0), ("0.01", "1", "100", "10000"))
    few = height_ticks(Heights("log", 0.8, 12.0))
    assert few.labels == ("1", "2", "5", "10")
    np.testing.assert_allclose(few.places, np.log10([1, 2, 5, 10]))
    assert height_ticks(Heights("log", 3.1, 4.9)).labels[0] in {"3.5", "4.0", "4"}
    assert height_ticks(Heights("linear", 0.0, 140.0), 4).labels == ("0", "50", "100")


def test_logarithms_have_a_0_where_losses_do() -> None:
    soft = Heights("log", 0.0, 2509.0, soft=0.1)
    ticks = height_ticks(soft)
    assert ticks.labels == ("0", "1", "10", "100", "1000")
    np.testing.assert_allclose(ticks.places, np.log10([0.1, 1.1, 10.1, 100.1, 1000.1]))
    # Of too many the highest stay, and 0.
    many = height_ticks(Heights("log", 0.0, 2e6, soft=1.0), 3)
    assert many.labels == ("0", "10²", "10⁴", "10⁶")
    # A minimum below 0 is what numbers count from.
    below = height_ticks(Heights("log", -3.0, 4e4, base=-3.0, soft=1.0))
    assert below.labels == ("0", "10", "100", "1000", "10000")
    np.testing.assert_allclose(below.places[:2], [0.0, np.log10(11.0)])
    # Without the 0 all that are in the box.
    assert height_ticks(Heights("log", 3.0, 1e6, soft=10.0), 7).labels[:2] == ("10¹", "10²")


def test_round_losses_within_two_decades_have_one_style() -> None:
    assert height_ticks(Heights("log", 4e5, 2.2e6)).labels == ("5e5", "1e6", "2e6")
    assert height_ticks(Heights("log", 4e6, 2.2e7)).labels == ("5e6", "1e7", "2e7")


def test_heights_far_from_0_say_what_is_taken_off_their_numbers() -> None:
    far = Heights("linear", 1e8, 1e8 + 18.0)
    ticks = height_ticks(far)
    assert ticks.labels == ("0", "5", "10", "15")
    assert height_name(far, "loss", ticks.base) == "loss \N{MINUS SIGN} 1e8"
    logarithmic = Heights("log", 1e8, 1e8 + 18.0)
    ticks = height_ticks(logarithmic)
    assert len(set(ticks.labels)) == len(ticks.labels) >= 3
    assert height_name(logarithmic, "loss", ticks.base) == "loss \N{MINUS SIGN} 1e8 (log)"


@pytest.mark.parametrize("exponents", [(-8.3, -7.9), (-6.0, 6.0), (-2.5, 9.1), (2.2, 3.9)])
def test_the_ticks_of_a_logarithmic_height_lie_in_it_and_say_what_they_are(
    exponents: tuple[float, float],
) -> None:
    low, high = exponents
    heights = Heights("log", 10.0**low, 10.0**high)
    ticks = height_ticks(heights)
    assert 2 <= len(ticks.places) <= 7
    for place, label in zip(ticks.places, ticks.labels, strict=True):
        assert low - 1e-9 <= place <= high + 1e-9
        number = label.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        number = f"1e{number[2:]}" if number != label else label.replace("\N{MINUS SIGN}", "-")
        assert 10.0**place == pytest.approx(float(number), rel=1e-6)
    assert len({label.isascii() for label in ticks.labels}) == 1


def test_heights_above_a_minimum_are_named_so() -> None:
    assert height_name(Heights("linear", -3.0, 5.0)) == "loss"
    assert height_name(Heights("log", 0.01, 5.0)) == "loss (log)"
    assert height_name(Heights("log", -2.9, 5.0, -3.0)) == "loss \N{MINUS SIGN} min (log)"
    assert height_name(Heights("log", -2.9, 5.0, -3.0), "$f$") == "$f$ \N{MINUS SIGN} min (log)"


def test_a_label_is_as_large_as_its_letters() -> None:
    renderer = RendererAgg(200, 100, 100)  # type: ignore[no-untyped-call]
    label = Label("\N{MINUS SIGN}600", 20.0, "#000000")
    width, height, _ = label.measure(renderer)
    box = TextPath((0, 0), "\N{MINUS SIGN}600", size=20 * 100 / 72, prop=FontProperties())
    extents = box.get_extents()
    assert width == pytest.approx(extents.width, abs=6)
    assert height == pytest.approx(extents.height, abs=3)


def test_what_a_name_adds_stands_on_a_second_line() -> None:
    made = crate("long")
    axes = axes_for(made, 800, 600)
    axes.view_init(30, -50)
    renderer = renderer_of(axes)
    said = {one.label.said: one.label for one in made.seen(renderer, view_of(axes)).names}
    assert set(said) == {"component 1\n(72 %)", "component 2\n(9 %)", "$f$"}
    one_line = Label("component 1", 21.0 * 0.72, "#000000").measure(renderer)
    two_lines = said["component 1\n(72 %)"].measure(renderer)
    assert two_lines[0] < 1.1 * one_line[0]
    assert two_lines[1] > 1.6 * one_line[1]
