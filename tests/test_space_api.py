"""A surface on one's own axes in 3D, and pictures in 3D made again from their recipes."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import Axes3D
from numpy.typing import NDArray

import landscape
from landscape.animation.metadata import read_recipe
from landscape.drawing.space_artists import MarksArtist, TextsArtist, TrailArtist, _texts_of
from landscape.errors import LandscapeError
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.relief.artist import SurfaceArtist
from landscape.render import write_film, write_still
from landscape.space_api import Plotted3D, plot3d
from landscape.style import THEMES

Array = NDArray[Any]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _pyplot() -> Iterator[None]:
    mpl.use("agg")
    with mpl.rc_context():
        mpl.rcdefaults()
        yield
    plt.close("all")


def axes_of(size: tuple[float, float] = (4.0, 3.0)) -> Any:
    return plt.figure(figsize=size, dpi=100).add_subplot(projection="3d")


def made(*, size: tuple[float, float] = (4.0, 3.0), **values: Any) -> Plotted3D:
    given: dict[str, Any] = {
        "optimizers": ["gd:lr=0.005", "adam:lr=0.3"],
        "steps": 20,
        "elevation": 35.0,
        "azimuth": -60.0,
    }
    return plot3d("himmelblau", ax=axes_of(size), **{**given, **values})


def painted(drawn: Plotted3D) -> Array:
    canvas: Any = drawn.ax.get_figure(root=True).canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(int)


# -- what is drawn ---------------------------------------------------------------------------------


def test_every_artist_is_returned_and_on_the_axes() -> None:
    axes = axes_of()
    found = plot3d("himmelblau", ["gd:lr=0.005", "adam:lr=0.3"], ax=axes, steps=9)
    assert landscape.plot3d is plot3d
    assert found.ax is axes
    assert isinstance(found.surface, SurfaceArtist)
    assert isinstance(found.marks, MarksArtist)
    assert [type(trail) for trail in found.trails] == [TrailArtist, TrailArtist]
    assert [len(path) for path in found.trajectories] == [10, 10]
    for artist in (found.surface, found.marks, *found.trails):
        assert artist in axes.get_children()
        assert artist.axes is axes
    legend = axes.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [
        "GD (lr 0.005)",
        "Adam (lr 0.3, β₁ 0.9, β₂ 0.999)",
    ]
    plain = plot3d("himmelblau", ax=axes_of(), marks=False)
    assert plain.marks is None
    assert plain.trails == []
    assert plain.ax.get_legend() is None
    assert plot3d("himmelblau", "gd", ax=axes_of(), steps=2, legend=False).ax.get_legend() is None


def test_without_axes_the_current_or_new_ones_are_taken() -> None:
    axes = axes_of()
    assert plot3d("sphere").ax is axes
    plt.figure()
    found = plot3d("sphere").ax
    assert isinstance(found, Axes3D)
    assert found is not axes
    plt.figure().add_subplot()  # flat ones are left alone
    assert isinstance(plot3d("sphere").ax, Axes3D)


@pytest.mark.parametrize("wrong", [Figure().add_subplot(), Figure(), "axes"])
def test_other_axes_are_refused(wrong: Any) -> None:
    with pytest.raises(LandscapeError, match="mplot3d axes"):
        plot3d("sphere", ax=wrong)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cmap": "viridiz"}, "viridis"),
        ({"heights": "steep"}, "heights"),
        ({"hidden": "gone"}, "hidden"),
        ({"clip": -5.0}, "above the minimum"),
        ({"elevation": 100.0}, "elevation"),
        ({"mesh": -1}, "mesh"),
        ({"theme": "grey"}, "theme"),
    ],
)
def test_bad_values_are_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(LandscapeError, match=said):
        made(**values)


@pytest.mark.parametrize("exaggerate", [1.0, 2.0])
def test_axes_have_the_limits_and_proportions_of_the_box(exaggerate: float) -> None:
    found = made(bounds=(-5, 4, -1, 5), exaggerate=exaggerate, elevation=20.0, azimuth=45.0)
    axes = found.ax
    assert axes.get_xlim3d() == pytest.approx((-5, 4))
    assert axes.get_ylim3d() == pytest.approx((-1, 5))
    axis = found.surface.relief.heights
    assert axes.get_zlim3d() == pytest.approx((axis.bottom, axis.top))
    aspect = np.asarray(axes._box_aspect)
    assert aspect / aspect[0] == pytest.approx([1.0, 2 / 3, 0.7 * exaggerate])
    assert (axes.elev, axes.azim) == (20.0, 45.0)
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == ("x", "y", "loss")


def test_the_view_is_chosen_where_it_is_not_given() -> None:
    one = made(elevation=None, azimuth=None).ax
    other = made(elevation=None, azimuth=None).ax
    assert (one.elev, one.azim) == (other.elev, other.azim)
    assert 35.0 <= one.elev <= 75.0
    assert made(elevation=12.0, azimuth=None).ax.elev == 12.0


def texts_of(drawn: Plotted3D) -> list[tuple[str, Array]]:
    """Return the axes' numbers and names, and their boxes in pixels, as they were drawn."""
    axes = drawn.ax
    figure: Any = axes.get_figure(root=True)
    renderer = figure.canvas.get_renderer()
    found = []
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = [one for one in axis.get_major_ticks() if low <= one.get_loc() <= high]
        for text in [axis.label, *(one.label1 for one in ticks)]:
            found.append((text.get_text(), text.get_window_extent(renderer).extents))
    return found


@pytest.mark.parametrize("size", [(5.0, 8.0), (5.0, 5.0), (6.4, 4.8), (9.0, 3.0), (3.0, 2.4)])
@pytest.mark.parametrize("azimuth", [-60.0, 35.0, 150.0])
def test_no_number_or_name_is_cut(size: tuple[float, float], azimuth: float) -> None:
    figure = plt.figure(figsize=size, dpi=100)
    axes: Any = figure.add_subplot(projection="3d")
    found = plot3d("himmelblau", ax=axes, azimuth=azimuth, legend=False)
    painted(found)
    width, height = figure.bbox.size
    for name, (x0, y0, x1, y1) in texts_of(found):
        inside = x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height
        assert inside or size == (3.0, 2.4), name  # a page may be too small for the letters


@pytest.mark.parametrize("layout", [None, "constrained", "tight", "compressed"])
@pytest.mark.parametrize("shape", [(1, 3), (2, 2), (3, 1)])
def test_in_a_grid_no_text_is_cut_or_beneath_a_neighbour(
    layout: Any, shape: tuple[int, int]
) -> None:
    figure = plt.figure(figsize=(9.0, 6.0), dpi=80, layout=layout)
    found = []
    for k in range(shape[0] * shape[1]):  # each without knowing of the next ones
        axes: Any = figure.add_subplot(*shape, k + 1, projection="3d")
        name = ("beale", "himmelblau", "ravine")[k % 3]
        found.append(plot3d(name, ["gd"], ax=axes, legend=False, steps=3))
    painted(found[0])
    width, height = figure.bbox.size
    for one in found:
        others = [other.ax.bbox.extents for other in found if other is not one]
        for name, (x0, y0, x1, y1) in texts_of(one):
            assert min(x0, y0) >= 0, name
            assert max(x1 - width, y1 - height) <= 0, name
            for left, bottom, right, top in others:
                assert x1 <= left or x0 >= right or y1 <= bottom or y0 >= top, name


def test_numbers_of_logarithmic_heights_are_apart() -> None:
    for size in ((6.4, 4.8), (3.0, 2.6), (2.2, 2.0)):
        found = plot3d("rosenbrock", ["gd"], ax=axes_of(size), legend=False, steps=3)
        painted(found)
        renderer = found.ax.get_figure(root=True).canvas.get_renderer()
        boxes = [text.get_window_extent(renderer) for text in found.ax.zaxis.get_ticklabels()]
        middles = [0.5 * (box.y0 + box.y1) for box in boxes]
        assert len(boxes) >= 1
        assert all(abs(b - a) > 0.8 * boxes[0].height for a, b in pairwise(middles))


def test_new_axes_are_not_over_others() -> None:
    plt.plot([1, 2])
    first = plt.gcf()
    found = plot3d("sphere")
    assert found.ax.get_figure(root=True) is not first
    assert len(first.axes) == 1
    plt.figure()
    axes: Any = plt.gcf().add_subplot(projection="3d")
    assert plot3d("sphere").ax is axes


def test_the_box_is_as_large_as_was_said() -> None:
    def width(**values: Any) -> float:
        found = made(size=(8.0, 6.0), legend=False, **values)
        x0, _, x1, _ = found.surface.relief.bounds[0] + found.surface.relief.bounds[1]
        corners = [(x, y, 0.0) for x in (x0, x1) for y in found.surface.relief.bounds[1]]
        return float(np.ptp(found.surface.view.project(corners)[:, 0]))

    assert width(zoom=0.5) == pytest.approx(0.5 * width(), rel=0.03)
    assert width(zoom=1.3) == pytest.approx(1.3 * width(), rel=0.03)


def test_axes_have_one_surface() -> None:
    found = made()
    with pytest.raises(LandscapeError, match=r"have a surface.*one call of plot3d, or on axes"):
        plot3d("sphere", ax=found.ax)
    found.ax.cla()
    assert plot3d("sphere", ax=found.ax).ax is found.ax


def test_lines_on_the_floor_are_beneath_the_surface_and_seen_from_above() -> None:
    with_them, without = (painted(made(legend=False, floor=floor)) for floor in (True, False))
    changed = (with_them != without).any(axis=2)
    assert 200 < changed.sum() < 0.2 * changed.size
    found = made(legend=False, floor=False)
    painted(found)
    canvas: Any = found.ax.get_figure(root=True).canvas
    rendered = found.surface.picture(found.surface.view, canvas.get_renderer())[0]
    solid = rendered.rgba[..., 3] == 255
    height, _ = solid.shape
    top = changed.shape[0] - rendered.bottom - height
    under = changed[top : top + height, rendered.left : rendered.left + solid.shape[1]]
    assert not (under & solid).any()
    below = (painted(made(legend=False, floor=floor, elevation=-20.0)) for floor in (True, False))
    np.testing.assert_array_equal(next(below), next(below))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_stay_above_paths_that_leave_the_axes(theme: str) -> None:
    mpl.rcParams.update({} if theme == "light" else mpl.style.library["dark_background"])
    leaving: dict[str, Any] = {
        "optimizers": ["gd:lr=0.05", "momentum:lr=0.05"],
        "bounds": ((-1, 1), (-1, 1)),
        "start": (0.9, 0.001),
        "steps": 40,
        "legend": False,
        "theme": theme,
    }
    crossed = 0
    for azimuth in (60.0, 100.0, 240.0):
        where: dict[str, Any] = {"azimuth": azimuth, "elevation": 30.0}
        found = plot3d("4*x**2 - 4*y**2", ax=axes_of(), **leaving, **where)
        new = painted(found)
        places = texts_of(found)
        boxes = np.array([box for _, box in places])
        over = np.any([trail.runs_over(boxes) for trail in found.trails], axis=0)
        for trail in found.trails:
            trail.set_visible(False)
        old = painted(found)
        assert not any(trail.runs_over(boxes).any() for trail in found.trails)
        height = old.shape[0]
        for k in np.flatnonzero(over):
            x0, y0, x1, y1 = (round(float(side)) for side in boxes[k])
            box = np.s_[height - y1 : height - y0, x0:x1]
            ink = np.abs(old[box] - (0 if theme == "light" else 255)).max(axis=2) < 40
            crossed += int((old[box] != new[box]).any() and ink.any())
            # Every pixel of its letters is there.
            kept = np.abs(new[box] - (0 if theme == "light" else 255)).max(axis=2)[ink] < 40
            assert kept.all(), places[k][0]
    assert crossed > 2


def test_what_is_written_above_asks_for_no_other_draw() -> None:
    found = made(start=(-4.9, -4.9), elevation=20.0, azimuth=-20.0)
    painted(found)
    figure: Any = found.ax.get_figure(root=True)
    asked = []
    figure.stale_callback = lambda *given: asked.append(given)
    found.ax.stale_callback = lambda *given: asked.append(given)
    (above,) = (one for one in found.ax.artists if isinstance(one, TextsArtist))
    before = [one.get_path_effects() for one in _texts_of(found.ax)]
    above.drawn = [Everywhere()]  # type: ignore[list-item]  # it says that it lies on all of them
    above.draw(figure.canvas.get_renderer())
    assert not asked
    assert [one.get_path_effects() for one in _texts_of(found.ax)] == before


class Everywhere:
    """What lies on all boxes."""

    def runs_over(self, boxes: Array) -> Array:
        return np.ones(len(boxes), dtype=bool)


def test_axes_without_texts_get_none() -> None:
    found = made(start=(-4.9, -4.9))
    painted(found)
    assert len(_texts_of(found.ax)) > 8
    found.ax.set_axis_off()
    assert not _texts_of(found.ax)
    painted(found)


RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def loss_of(said: str) -> float:
    power = re.fullmatch("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", said)
    return 10.0 ** float(power[1].translate(RAISED)) if power else float(said)


@pytest.mark.parametrize("bounds", [None, (-2, 2, -1, 3), (1.2, 2.5, 0.4, 1.5)])
def test_numbers_at_logarithmic_heights_are_losses(bounds: Any) -> None:
    found = plot3d("rosenbrock", ax=axes_of(), bounds=bounds, heights="log")
    axis = found.surface.relief.heights
    assert axis.kind == "log"
    ticks = found.ax.get_zticks()
    labels = [label.get_text() for label in found.ax.get_zticklabels()]
    assert len(ticks) == len(labels) >= 2
    for place, said in zip(ticks, labels, strict=True):
        assert loss_of(said) == pytest.approx(float(axis.loss(place)) - axis.base, rel=1e-3)
        assert axis.bottom - 1e-6 <= place <= axis.top + 1e-6
    assert found.ax.get_zlabel() == "loss (log)"
    below = plot3d("x**2 + y**2 - 5", ax=axes_of(), heights="log")
    assert below.ax.get_zlabel() == "loss \N{MINUS SIGN} min (log)"


def test_trails_have_the_looks_asked_for() -> None:
    found = made(hidden="dashed", drop=True, theme="dark")
    for trail in found.trails:
        assert (trail.track.hidden, trail.track.drop) == ("dashed", True)
        assert trail.track.style.color in THEMES["dark"].trails
    assert found.trails[0].track.style.color != found.trails[1].track.style.color
    look = made(mesh=9, contours=False, light=(5.0, 6.0), cmap="viridis").surface.look
    assert (look.mesh, look.line_width, look.light) == (9, 0.0, (5.0, 6.0))
    np.testing.assert_allclose(look.colors[0], mpl.colormaps["viridis"](0.0)[:3], atol=0.01)


def head_of(found: Plotted3D, trail: int, step: int) -> tuple[int, int]:
    """Return the row and column where a trail is at a step."""
    path = found.trajectories[trail].points[step]
    height = found.surface.relief.z_at([path[0]], [path[1]])[0]
    x, y, _ = found.surface.view.project([(*path, height)])[0]
    return int(found.ax.get_figure(root=True).bbox.height - y), int(x)


def test_a_trail_is_shown_up_to_a_step() -> None:
    values: dict[str, Any] = {"optimizers": ["adam:lr=0.3"], "legend": False, "marks": False}
    found = made(elevation=80.0, **values)
    (trail,) = found.trails
    color = np.array([int(trail.track.style.color[k : k + 2], 16) for k in (1, 3, 5)])
    whole = painted(found)
    assert (whole[head_of(found, 0, 20)] == color).all()
    trail.set_step(4)
    assert trail.stale
    part = painted(found)
    assert (part[head_of(found, 0, 4)] == color).all()
    assert not (part[head_of(found, 0, 20)] == color).all()
    trail.set_step(20)
    np.testing.assert_array_equal(painted(found), whole)
    trail.set_visible(False)
    bare = painted(found)
    np.testing.assert_array_equal(
        bare, painted(made(elevation=80.0, **{**values, "optimizers": ()}))
    )


def test_marks_can_be_hidden() -> None:
    found = made(legend=False)
    assert found.marks is not None
    with_marks = painted(found)
    found.marks.set_visible(False)
    without = painted(found)
    np.testing.assert_array_equal(without, painted(made(legend=False, marks=False)))
    assert (with_marks != without).any(axis=2).sum() > 50


# -- drawn anew ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("elevation", "azimuth"), [(20.0, 45.0), (70.0, -150.0), (-10.0, 0.0)])
def test_turned_axes_show_what_new_ones_would(elevation: float, azimuth: float) -> None:
    found = made()
    before = painted(found)
    found.ax.view_init(elevation, azimuth)
    after = painted(found)
    np.testing.assert_array_equal(after, painted(made(elevation=elevation, azimuth=azimuth)))
    assert (after != before).any(axis=2).mean() > 0.1
    found.ax.view_init(35.0, -60.0)
    np.testing.assert_array_equal(painted(found), before)


def test_a_resized_figure_shows_what_a_new_one_would() -> None:
    found = made()
    painted(found)
    figure: Any = found.ax.get_figure(root=True)
    figure.set_size_inches(5.2, 2.6)
    np.testing.assert_array_equal(painted(found), painted(made(size=(5.2, 2.6))))


def test_a_finer_file_is_the_same_picture(tmp_path: Path) -> None:
    from PIL import Image

    found = made(legend=False)
    figure: Any = found.ax.get_figure(root=True)
    shown = painted(found)
    figure.savefig(tmp_path / "a.png", dpi=200)
    with Image.open(tmp_path / "a.png") as picture:
        fine = np.asarray(picture.convert("RGB").resize((400, 300), 3)).astype(int)
    assert (np.abs(shown - fine).max(axis=2) > 120).mean() < 0.004
    np.testing.assert_array_equal(painted(found), shown)


def test_a_cropped_file_is_a_part_of_the_picture(tmp_path: Path) -> None:
    # As notebooks save figures.
    from PIL import Image

    found = made(legend=False)
    figure: Any = found.ax.get_figure(root=True)
    whole = painted(found)
    figure.savefig(tmp_path / "a.png", dpi=100, bbox_inches="tight", pad_inches=0.0)
    with Image.open(tmp_path / "a.png") as picture:
        part = np.asarray(picture.convert("RGB")).astype(int)
    height, width = part.shape[:2]
    assert 100 < height <= 300
    assert 100 < width <= 400
    # Where the middle of the part is found in the whole, all of it is.
    row, column = height // 2 - 25, width // 2 - 25
    patch = part[row : row + 50, column : column + 50]
    away = {
        (y, x): int(np.abs(whole[y + row :, x + column :][:50, :50] - patch).sum())
        for y in range(301 - height)
        for x in range(401 - width)
    }
    y, x = min(away, key=lambda place: away[place])
    there = np.abs(whole[y : y + height, x : x + width] - part).max(axis=2)
    assert (there > 60).mean() < 0.03  # letters move by parts of a pixel


def test_two_surfaces_in_a_figure_keep_apart() -> None:
    figure: Any = plt.figure(figsize=(6, 3), dpi=100)
    for k, surface in enumerate(("sphere", "saddle")):
        axes = figure.add_subplot(1, 2, k + 1, projection="3d")
        axes.set_axis_off()
        drawn = plot3d(surface, ax=axes, elevation=30.0, azimuth=-60.0, marks=False)
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
        inside = pixels[:, 300 * k : 300 * k + 300]
        assert (inside < 250).any(axis=2).mean() > 0.1
        assert k == 1 or (pixels[:, 300:] == 255).all()
        assert drawn.surface.clip is axes.bbox


# -- pages of lines --------------------------------------------------------------------------------


def test_an_svg_has_one_picture_and_the_trails_as_lines() -> None:
    found = made(legend=False, elevation=65.0)
    file = io.StringIO()
    found.ax.get_figure().savefig(file, format="svg")
    root = ET.fromstring(file.getvalue())
    assert len(root.findall(f".//{SVG}image")) == 1
    styles = [one.get("style", "") for one in root.findall(f".//{SVG}path")]
    for trail in found.trails:
        color = trail.track.style.color.lower()
        lines = [one for one in styles if f"stroke: {color}" in one and "fill: none" in one]
        assert lines
        assert any(f"stroke-width: {trail.track.style.width:g}" in one for one in lines)


def test_a_pdf_opens_and_has_one_picture() -> None:
    found = made(legend=False, elevation=65.0)
    file = io.BytesIO()
    found.ax.get_figure().savefig(file, format="pdf")
    data = file.getvalue()
    assert data.startswith(b"%PDF-")
    # The table at the end leads to every object.
    place = int(data.rsplit(b"startxref", 1)[1].split()[0])
    assert data[place:].startswith(b"xref")
    head, *rows = data[place:].split(b"trailer")[0].split(b"\n")[1:-1]
    assert len(rows) == int(head.split()[1])
    for number, row in enumerate(rows):
        offset, _, kind = row.split()
        if kind == b"n":
            assert data[int(offset) :].startswith(b"%d 0 obj" % number)
    # One picture with its mask, and the trails' strokes in their colours.
    assert data.count(b"/Subtype /Image") == 2
    assert data.count(b"/SMask") == 1
    pages = b""
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            pages += zlib.decompress(part)
        except zlib.error:
            continue
    for trail in found.trails:
        red, green, blue = (int(trail.track.style.color[k : k + 2], 16) / 255 for k in (1, 3, 5))
        strokes = re.findall(rb"([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+RG", pages)
        assert any(
            np.abs(np.array(list(map(float, one))) - (red, green, blue)).max() < 0.01
            for one in strokes
        )


# -- recipes ---------------------------------------------------------------------------------------

PICTURE: dict[str, Any] = {
    "surface": "himmelblau",
    "optimizers": ("gd:lr=0.005", "adam:lr=0.3"),
    "steps": 6,
    "size": "320x260",
    "view": "3d",
    "hidden": "dashed",
    "drop": True,
    "exaggerate": 1.2,
    "light": (-30.0, 40.0),
}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"elevation": 20.0, "azimuth": 100.0, "cmap": "viridis", "mesh": 10},
        {"view": "both", "size": "480x300", "curves": ("loss",)},
        {"surface": "beale", "clip": 500.0, "optimizers": ("adam:lr=0.3",)},
    ],
)
def test_a_still_is_made_again_from_its_recipe_to_the_byte(
    values: dict[str, Any], tmp_path: Path
) -> None:
    recipe = Recipe(kind="still", format="png", **{**PICTURE, **values})
    one, other = tmp_path / "a.png", tmp_path / "b.png"
    write_still(prepare(recipe), one)
    again = Recipe.from_toml(read_recipe(one))
    assert again.view == recipe.view
    assert again.light == (-30.0, 40.0)
    write_still(prepare(again), other)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("values", [{"orbit": 360.0}, {"sway": 20.0, "theme": "dark"}])
def test_a_film_is_made_again_from_its_recipe_to_the_byte(
    values: dict[str, Any], tmp_path: Path
) -> None:
    one, other = tmp_path / "a.gif", tmp_path / "b.gif"
    write_film(prepare(Recipe(**{**PICTURE, "size": "240x220", "steps": 4}, **values)), one)
    again = Recipe.from_toml(read_recipe(one))
    assert (again.orbit, again.sway) == (values.get("orbit", 0.0), values.get("sway", 0.0))
    write_film(prepare(again), other)
    assert one.read_bytes() == other.read_bytes()


def test_the_command_that_makes_a_picture_has_the_options_of_3d(tmp_path: Path) -> None:
    start = [sys.executable, "-m", "landscape"]
    options = shlex.split(
        "--view=3d --elevation=20 --azimuth=-30 --orbit=90 --zoom=0.9 --exaggerate=1.5 "
        "--heights=clip --clip=300 --mesh=8 --no-contours --no-floor --hidden=absent --drop "
        "--light=-20,30 --cmap=magma"
    )
    one, other = tmp_path / "a.gif", tmp_path / "b.gif"
    words = ["--surface=himmelblau", "--opt=adam:lr=0.3", "--steps=3", "--size=320x260"]

    def run(*line: str) -> str:
        done = subprocess.run([*start, *line], check=True, capture_output=True, text=True)
        return done.stdout

    run("animate", *words, *options, "-o", str(one))
    command, recipe = run("info", str(one)).split("\n", 1)
    said = shlex.split(command)
    assert said[:3] == ["#", "landscape", "animate"]
    assert set(options) <= set(said)
    assert recipe == read_recipe(one)
    run(*said[2:], "-o", str(other))
    assert one.read_bytes() == other.read_bytes()
