"""A surface in three dimensions within a picture: its box, its floor, its marks, its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from landscape.drawing.scene import Scene, build_scene, picture_style
from landscape.drawing.space_floor import floor_lines, thinned
from landscape.drawing.space_marks import surface_marks
from landscape.drawing.space_panel import build_space
from landscape.drawing.space_surface import relief_of, relief_theme, set_box
from landscape.drawing.space_track import SpaceTrack
from landscape.drawing.track import Track
from landscape.errors import LandscapeError
from landscape.prepare import Prepared, prepare
from landscape.recipe import Recipe
from landscape.relief.field import make_relief
from landscape.relief.view import view_of
from landscape.render import draw_still
from landscape.style import THEMES, find_theme
from landscape.surfaces.lookup import surface
from tests.relief.cameras import camera

Array = NDArray[Any]


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with picture_style():
        yield


def ready(**values: Any) -> Prepared:
    given: dict[str, Any] = {
        "kind": "still",
        "format": "png",
        "surface": "himmelblau",
        "optimizers": ("gd:lr=0.005",),
        "steps": 10,
        "size": "420x300",
        "view": "3d",
        "elevation": 40.0,
        "azimuth": -60.0,
        "legend": False,
        "title": "",
    }
    return prepare(Recipe(**{**given, **values}))


def scene_of(**values: Any) -> Scene:
    return build_scene(ready(**values))


def picture(scene: Scene) -> Array:
    """Return the canvas as RGB (h, w, 3), the lowest row first."""
    canvas: Any = scene.figure.canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[::-1, :, :3].astype(int)


def texts(scene: Scene) -> list[str]:
    from matplotlib.text import Text

    return [text.get_text() for text in scene.figure.findobj(Text)]


def same(pixels: Array, color: str, most: int = 8) -> Array:
    wanted = np.round(255 * np.array(to_rgb(color)))
    found: Array = np.abs(pixels - wanted).max(axis=-1) <= most
    return found


# -- what is in a scene ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "spaces", "tracks"),
    [
        ({"view": "contour", "elevation": None, "azimuth": None}, 0, [Track]),
        ({}, 1, [SpaceTrack]),
        ({"view": "both"}, 1, [Track, SpaceTrack]),
        ({"view": "both", "curves": ("loss",)}, 1, [Track, SpaceTrack, Track]),
        ({"grid": "lr=0.001,0.005", "optimizers": ("gd",)}, 2, [SpaceTrack, SpaceTrack]),
        ({"optimizers": ()}, 1, []),
    ],
)
def test_a_scene_has_what_its_view_shows(
    values: dict[str, Any], spaces: int, tracks: list[type]
) -> None:
    scene = scene_of(**values)
    assert len(scene.spaces) == spaces
    assert [type(track) for track in scene.tracks] == tracks
    both = values.get("view") in ("both", "contour")
    assert all((panel.contours is not None) == both for panel in scene.panels)


@pytest.mark.parametrize("hidden", ["faint", "dashed", "absent"])
@pytest.mark.parametrize("drop", [False, True])
def test_paths_are_drawn_as_asked(hidden: str, drop: bool) -> None:
    (track,) = scene_of(hidden=hidden, drop=drop).tracks
    assert isinstance(track, SpaceTrack)
    assert (track.hidden, track.drop) == (hidden, drop)


@pytest.mark.parametrize(
    ("values", "views"),
    [
        ({}, [-60.0, -60.0, -60.0]),
        ({"kind": "film", "format": "gif", "orbit": 180.0}, [-60.0, 30.0, 120.0]),
        ({"kind": "film", "format": "gif", "sway": 20.0}, [-60.0, -60.0, -60.0]),
    ],
)
def test_the_camera_is_where_the_recipe_says(values: dict[str, Any], views: list[float]) -> None:
    (space,) = scene_of(**values).spaces
    assert space.share == 1.0
    assert space.moves == ("kind" in values)
    for share, azimuth in zip((0.0, 0.5, 1.0), views, strict=True):
        space.turn(share)
        assert space.share == share
        assert (space.axes3d.elev, space.axes3d.azim) == pytest.approx((40.0, azimuth))


# -- levels, colours, words ------------------------------------------------------------------------


def test_two_views_have_one_set_of_levels_and_of_colours() -> None:
    scene = scene_of(view="both", count=7, levels="log")
    (space,) = scene.spaces
    axes = scene.panels[0].axes
    fills, lines = (one for one in axes.collections if hasattr(one, "levels"))
    # The outermost fills are a hair wider, so that the extremes are painted.
    np.testing.assert_allclose(space.relief.levels, fills.levels, rtol=1e-8, atol=1e-8)
    np.testing.assert_array_equal(space.relief.levels[1:-1], lines.levels)
    assert len(space.relief.levels) == 8
    colors: Any = fills.get_facecolor()
    painted = [to_hex(color) for color in colors]
    assert painted == [to_hex(color) for color in space.look.colors]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_the_themes_or_a_colormaps(theme: str) -> None:
    import matplotlib as mpl

    (space,) = scene_of(theme=theme).spaces
    own = THEMES[theme].relief
    assert to_hex(space.look.colors[0]) == own[0].lower()
    assert to_hex(space.look.colors[-1]) == own[-1].lower()
    assert space.look.lid == to_rgb(THEMES[theme].cut)
    (space,) = scene_of(theme=theme, cmap="viridis").spaces
    for k in (0, -1):
        expected = mpl.colormaps["viridis"](1.0 if k else 0.0)[:3]
        np.testing.assert_allclose(space.look.colors[k], expected, atol=0.01)
    middle = space.look.colors[len(space.look.colors) // 2]
    np.testing.assert_allclose(middle, mpl.colormaps["viridis"](0.52)[:3], atol=0.03)


def test_a_colormap_that_there_is_not_is_said_with_a_near_one() -> None:
    with pytest.raises(LandscapeError, match="viridis"):
        relief_theme(find_theme("light"), "viridiz")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, None),
        ({"clip": 60.0}, "cut off above 60"),
        ({"surface": "muller_brown", "start": None}, "cut off above"),
        ({"heights": "log"}, None),
        ({"heights": "log", "clip": 60.0}, "cut off above 60"),
        ({"surface": "saddle", "heights": "log", "clip": 1.0}, "cut off above loss 1"),
        ({"surface": "100 + exp(-x**2 - y**2)", "clip": 100.5}, "cut off above 100.5"),
        ({"surface": "1e8 + x**2 + y**2", "clip": 1e8 + 5}, "cut off above loss 100000005"),
        ({"surface": "beale", "start": None}, None),
        (
            {"surface": "1/(x - 0.3) + y", "start": None},
            "cut off above 4.06 and below \N{MINUS SIGN}4.31",
        ),
    ],
)
def test_a_cut_is_told(values: dict[str, Any], said: str | None) -> None:
    found = [text for text in texts(scene_of(optimizers=(), **values)) if "cut off" in text]
    assert len(found) == (said is not None)
    assert said is None or found[0].startswith(said)


def test_what_tells_a_cut_begins_where_a_heading_does() -> None:
    prepared = ready(clip=60.0, optimizers=())
    (panel,), theme = prepared.panels, find_theme("light")
    lefts = []
    for edges in ((), (37.0,), (400.0, 37.0)):
        figure = Figure(figsize=(4.2, 3.0), dpi=100)
        FigureCanvasAgg(figure)
        box = (14.0, 10.0, 390.0, 250.0)
        space = build_space(figure, box, panel, prepared.recipe, theme, 0.5, edges=edges)
        assert space._note is not None
        assert space._note.get_fontsize() == pytest.approx(19 * 0.5 * 0.72)  # as a caption
        lefts.append(space._note.get_position()[0] * 420)
    assert lefts[0] < 20
    np.testing.assert_allclose(lefts[1:], 37.0)


def test_what_tells_a_cut_can_be_read_on_the_surface() -> None:
    near = {"surface": "muller_brown", "start": None, "optimizers": (), "zoom": 3.0}
    (space,) = scene_of(**near).spaces
    assert space._note is not None
    pixels = picture(scene_of(**near))
    renderer = space.get_figure(root=True).canvas.get_renderer()  # type: ignore[union-attr]
    place = space._note.get_window_extent(renderer)
    around = pixels[int(place.y0) : int(place.y1), int(place.x0) : int(place.x1)]
    ground = np.abs(around - 255).max(axis=2) < 40  # letters and 15 % of the surface
    assert ground.mean() > 0.6
    right = pixels[int(place.y0) : int(place.y1), int(place.x1) + 30 : int(place.x1) + 90]
    assert (np.abs(right - 255).max(axis=2) < 40).mean() < 0.5  # the surface reaches there


def test_panels_of_one_surface_have_one_axis() -> None:
    gentle, steep = (surface(f"ravine:kappa={kappa}") for kappa in (5, 50))
    recipe = ready().recipe
    pair = [relief_of(one, recipe, 40, [gentle, steep]) for one in (gentle, steep)]
    assert pair[0].heights == pair[1].heights == relief_of(steep, recipe, 40).heights
    assert np.ptp(pair[0].z) < 0.3 * np.ptp(pair[1].z)
    own = relief_of(gentle, recipe, 40)
    assert own.heights.high < 0.5 * pair[0].heights.high
    np.testing.assert_array_equal(own.values, pair[0].values)
    assert relief_of(gentle, recipe, 40, [gentle, gentle]).heights == own.heights
    # What is cut off in one of them is not said of the other.
    recipe = recipe.with_(heights="clip", clip=120.0)
    pair = [relief_of(one, recipe, 40, [gentle, steep]) for one in (gentle, steep)]
    assert [one.heights.cut for one in pair] == [False, True]
    assert [one.heights.high for one in pair] == [120.0, 120.0]


def test_lines_and_mesh_are_those_asked_for() -> None:
    (space,) = scene_of().spaces
    assert space.look.line_width > 0
    assert (space.look.mesh, space.look.light) == (0, (-45.0, 50.0))
    (space,) = scene_of(contours=False, mesh=12, light=(10.0, 20.0)).spaces
    assert space.look.line_width == 0
    assert (space.look.mesh, space.look.light) == (12, (10.0, 20.0))
    plain = picture(scene_of(contours=False, floor=False, marks=False, optimizers=()))
    for change in ({"contours": True}, {"mesh": 12}, {"light": (60.0, 20.0)}, {"floor": True}):
        values = {"contours": False, "floor": False, "marks": False, "optimizers": (), **change}
        changed = (picture(scene_of(**values)) != plain).any(axis=2).mean()
        assert changed > 0.01, change


# -- the box ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "sides"),
    [
        ((0, 2, 0, 2), (1.0, 1.0)),
        ((0, 3, 0, 2), (1.0, 2 / 3)),
        ((0, 2, 0, 3), (2 / 3, 1.0)),
        ((0, 20, 0, 2), (1.0, 1.0)),  # of two kinds
        ((0, 2, 0, 20), (1.0, 1.0)),
    ],
)
def test_a_box_has_the_domains_proportions_within_reason(
    bounds: tuple[float, ...], sides: tuple[float, float]
) -> None:
    for exaggerate in (1.0, 2.0):
        field = make_relief(surface("sphere", bounds=bounds), cells=4)
        axes = camera(0)
        set_box(axes, field, exaggerate)
        x0, x1, y0, y1 = bounds
        assert axes.get_xlim3d() == pytest.approx((x0, x1))
        assert axes.get_ylim3d() == pytest.approx((y0, y1))
        assert axes.get_zlim3d() == pytest.approx((field.heights.bottom, field.heights.top))
        # The lengths of the box's edges as they are seen.
        eye = np.linalg.norm(view_of(axes).eye, axis=0)
        edges = eye * (x1 - x0, y1 - y0, field.heights.span)
        edges /= edges[:2].max()
        assert edges[:2] == pytest.approx(sides)
        assert edges[2] == pytest.approx(0.7 * exaggerate)


def test_a_zoom_enlarges_about_the_middle() -> None:
    one, other = (scene_of(zoom=zoom).spaces[0] for zoom in (1.0, 1.3))
    corners = [(x, y, z) for x in (-4, 4) for y in (-4, 4) for z in (0, 200)]
    at, then = (space.view.project(corners)[:, :2] for space in (one, other))
    box = one.axes3d.bbox
    middle = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    np.testing.assert_allclose(then - middle, 1.3 * (at - middle), atol=1e-6)


# -- the floor -------------------------------------------------------------------------------------


def test_lines_on_the_floor_are_the_levels() -> None:
    scene = scene_of(marks=False, optimizers=())
    (space,) = scene.spaces
    assert space._floor is not None
    lines = space._floor.lines
    gaps = np.isnan(lines[:, 0])
    assert gaps[-1]
    x, y = lines[~gaps].T
    losses = (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
    inner = space.relief.levels[1:-1]
    nearest = np.abs(losses[:, None] - inner).argmin(axis=1)
    assert set(nearest) == set(range(len(inner)))
    # On a grid of a hundredth of the domain.
    assert np.abs(losses - inner[nearest]).max() < 0.01 * np.ptp(space.relief.levels)
    # They are drawn on the floor: at the projected places, where the surface does not hide them.
    heights = np.full(len(x), space.relief.heights.bottom)
    places = space.view.project(np.column_stack([x, y, heights]))
    pixels = picture(scene)
    free = ~space.hidden(places)
    rendered, _ = space.picture(space.view, scene.figure.canvas.get_renderer())  # type: ignore[attr-defined]
    height = rendered.depth.shape[0]
    columns, rows = places[:, :2].astype(int).T
    clear = np.isinf(rendered.depth[height - 1 - rows + rendered.bottom, columns - rendered.left])
    free &= clear
    assert free.sum() > 30
    bare = picture(scene_of(marks=False, optimizers=(), floor=False))
    away = np.abs(pixels - bare)[rows[free], columns[free]].max(axis=1)
    assert (away > 6).mean() > 0.9
    assert (pixels != bare).any(axis=2).mean() < 0.2


def test_lines_on_the_floor_are_round_with_few_points() -> None:
    relief = make_relief(surface("sphere"))
    full, few = floor_lines(relief, 0.0), floor_lines(relief, 0.2 / 700)
    assert len(few) < 0.3 * len(full)
    assert np.isnan(few[:, 0]).sum() == np.isnan(full[:, 0]).sum()
    # The middle of each piece lies on the circle too, within a fifth of a pixel of 700.
    middle = (few[1:] + few[:-1]) / 2
    middle = middle[~np.isnan(middle[:, 0])]
    assert len(floor_lines(relief, 0.2 / 700, len(few) // 2)) < 0.6 * len(few)
    radii = np.sqrt(relief.levels[1:-1])
    away = np.abs(np.hypot(*middle.T)[:, None] - radii).min(axis=1)
    assert away.max() < 1.5 * 0.2 / 700 * 6.0


def test_a_line_keeps_the_points_that_it_needs() -> None:
    x = np.linspace(0.0, 1.0, 11)
    bent = np.column_stack([x, np.abs(x - 0.5)])
    ring = np.array([(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)])
    kept = thinned(np.concatenate([bent, ring]), np.array([11, 17]), 0.01)
    assert np.flatnonzero(kept[:11]).tolist() == [0, 5, 10]
    assert np.flatnonzero(kept[11:]).tolist() == [0, 2, 3, 4, 5]


def test_lines_on_the_floor_end_at_a_jump() -> None:
    (space,) = scene_of(surface="5*sign(x - 0.03) + x**2 + y**2", start=None, optimizers=()).spaces
    assert space._floor is not None
    lines = space._floor.lines
    left, right = lines[:-1, 0], lines[1:, 0]
    between = ~np.isnan(left) & ~np.isnan(right)
    assert not (between & ((left < 0.03) != (right < 0.03))).any()
    # A level is a circle on each side, and none runs along the jump.
    x, y = lines[~np.isnan(lines[:, 0])].T
    losses = 5 * np.sign(x - 0.03) + x**2 + y**2
    apart = np.abs(losses[:, None] - space.relief.levels[1:-1]).min(axis=1)
    assert apart.max() < 0.02 * np.ptp(space.relief.levels)
    near = np.abs(x - 0.03) < 0.1
    assert 0 < near.sum() < 0.1 * len(x)


def test_a_picture_without_a_floor_has_none() -> None:
    (space,) = scene_of(floor=False).spaces
    assert space._floor is None


def test_from_below_there_are_no_lines_before_the_surface() -> None:
    values: dict[str, Any] = {"marks": False, "optimizers": ()}
    for elevation, drawn in ((30.0, True), (-30.0, False)):
        views = (scene_of(**values, elevation=elevation, floor=floor) for floor in (True, False))
        pixels, other = (picture(scene) for scene in views)
        assert (pixels != other).any() == drawn


def test_a_surface_that_is_all_one_level_has_no_lines() -> None:
    scene = scene_of(surface="x*0 + y*0 + 1", optimizers=())
    (space,) = scene.spaces
    picture(scene)
    assert space._floor is not None
    assert space.relief.heights.span == 1.0


# -- marks -----------------------------------------------------------------------------------------


def test_marks_are_where_the_surface_is_known() -> None:
    where = surface("himmelblau")
    field = make_relief(where)
    theme = find_theme("light")
    path = ready().trajectories[0]
    marks = surface_marks(where, field, [path, path], theme, 0.7)
    found = {
        kind: {(m.at[0], m.at[1]) for m in marks if m.marker == kind} for kind in ("*", "x", "o")
    }
    visible = where.visible_points()
    assert found["*"] == {(p.x, p.y) for p in visible if p.kind == "minimum"}
    assert found["x"] == {(p.x, p.y) for p in visible if p.kind == "saddle"}
    assert found["o"] == {tuple(path.points[0])}
    assert len(marks) == 4 + 4 + 1
    for mark in marks:
        x, y, z = mark.at
        assert z == pytest.approx(field.z_at([x], [y])[0])
        assert abs(z - ((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)) < 1.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_that_a_colormap_would_hide_have_a_rim(theme: str) -> None:
    where = surface("himmelblau")
    field, path = make_relief(where), ready().trajectories[0]
    for cmap, rimmed in (("", False), ("magma", True), ("viridis", True)):
        colors = relief_theme(find_theme(theme), cmap)
        marks = surface_marks(where, field, [path], colors, 0.7)
        rims = {mark.marker: mark.rim for mark in marks}
        ground = colors.ground if rimmed else ""
        assert rims == {"*": "", "x": ground, "o": ground}
    scene = scene_of(cmap="magma", theme=theme)
    (space,) = scene.spaces
    with_rims = picture(scene).astype(int)
    space.marks = [replace(mark, rim="") for mark in space.marks]
    without = picture(scene).astype(int)
    changed = (with_rims != without).any(axis=2)
    assert changed.sum() > 20
    lighter = (with_rims - without)[changed].mean() > 0
    assert lighter == (theme == "light")


def test_a_start_outside_has_no_ring() -> None:
    where = surface("himmelblau", bounds=((0, 5), (0, 5)))
    path = ready(start=(-3.0, 1.0)).trajectories[0]
    marks = surface_marks(where, make_relief(where, cells=20), [path], find_theme("light"), 0.7)
    assert {mark.marker for mark in marks} == {"*", "x"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_star_is_at_the_minimum_and_faint_where_it_is_hidden(theme: str) -> None:
    given: dict[str, Any] = {
        "surface": "sphere",
        "optimizers": (),
        "theme": theme,
        "contours": False,
    }
    star = THEMES[theme].star
    counts = []
    for elevation in (60.0, 8.0):  # into the bowl, and against its wall
        scene = scene_of(**given, elevation=elevation)
        (space,) = scene.spaces
        pixels = picture(scene)
        x, y, _ = space.view.project([(0.0, 0.0, 0.0)])[0].astype(int)
        counts.append(int(same(pixels[y - 4 : y + 5, x - 4 : x + 5], star).sum()))
        bare = picture(scene_of(**given, elevation=elevation, marks=False))
        changed = np.abs(pixels - bare).max(axis=2)[y - 4 : y + 5, x - 4 : x + 5]
        assert changed.max() > 20
    assert counts[0] > 30
    assert counts[1] == 0


def test_a_picture_without_marks_has_none() -> None:
    pixels = picture(scene_of(surface="sphere", marks=False, optimizers=(), elevation=60.0))
    assert not same(pixels, THEMES["light"].star, 3).any()


def test_letters_of_minima_stand_over_their_stars() -> None:
    prepared = ready(optimizers=("adam:lr=0.3",), fan=12, steps=100, size="640x480", elevation=70.0)
    (space,) = build_scene(prepared).spaces
    marks = [mark for mark in space.marks if mark.letter]
    assert sorted(mark.letter for mark in marks) == ["A", "B", "C", "D"]
    # The trails run round the minima, and the letters stand over them.
    figure: Any = draw_still(prepared)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3].astype(int)
    for mark in marks:
        x, y, _ = space.view.project([mark.at])[0]
        high = int(1.1 * 0.8 * mark.size * 100 / 72)
        around = pixels[int(y) + high - 6 : int(y) + high + 7, int(x) - 6 : int(x) + 7]
        assert same(around, THEMES["light"].ink, 40).sum() > 5, mark.letter


# -- resolutions and formats -----------------------------------------------------------------------


def test_a_still_of_another_resolution_is_the_same_picture(tmp_path: Any) -> None:
    from PIL import Image

    figure = draw_still(ready(drop=True, size="640x480"))
    found = []
    for dpi in (100, 200):
        figure.savefig(tmp_path / "a.png", dpi=dpi, facecolor=figure.get_facecolor())
        with Image.open(tmp_path / "a.png") as drawn:
            found.append(np.asarray(drawn.convert("RGB").resize((640, 480), 3), dtype=int))
    one, other = found
    assert (np.abs(one - other).max(axis=2) > 120).mean() < 0.004
    assert np.abs(one - other).mean() < 2.5


def test_a_page_has_one_picture_and_the_rest_as_lines(tmp_path: Any) -> None:
    import xml.etree.ElementTree as ET

    prepared = ready(view="both", size="640x360")
    figure = draw_still(prepared)
    figure.savefig(tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{name}image")) == 1
    color = build_scene(prepared).panels[0].looks.styles[0].color.lower()
    drawn = [one.get("style", "") for one in root.findall(f".//{name}path")]
    assert sum(f"stroke: {color}" in style for style in drawn) >= 2  # on both halves
