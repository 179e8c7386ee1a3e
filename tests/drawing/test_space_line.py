"""Paths on a surface: what is hidden is what rays do not reach, and is drawn as it is to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from landscape.descent import descend
from landscape.drawing.scene import build_scene, picture_style
from landscape.drawing.space_course import _steady
from landscape.drawing.space_letters import crossing, meeting
from landscape.drawing.space_line import SpaceLine
from landscape.drawing.space_track import SpaceTrack, leaves_page, space_track
from landscape.drawing.trail import TrailStyle
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.relief.artist import SurfaceArtist
from landscape.relief.field import Relief, make_relief
from landscape.relief.heights import Heights
from landscape.relief.lift import lift
from landscape.relief.rendering import Look
from landscape.surfaces.lookup import surface
from tests.relief.cameras import camera, fit
from tests.relief.raycast import cast_field, waves

Array = NDArray[Any]
SIZE = (300, 225)
RED = "#d00000"
STYLE = TrailStyle(RED, "o", 2.4, 0.0, 9.0, "#ffffff")
SCALE = 100 / 72  # pixels of a point


def look(levels: int = 9) -> Look:
    ramp = np.linspace([0.9, 0.95, 1.0], [0.3, 0.4, 0.5], levels - 1)
    return Look(ramp, line=(0.1, 0.2, 0.3), line_width=0.0)


def shown(field: Relief, axes: Any) -> SurfaceArtist:
    """Return the surface's artist after a draw."""
    axes.set_axis_off()
    artist = SurfaceArtist(axes, field, look(len(field.levels)))
    axes.add_artist(artist)
    axes.get_figure().canvas.draw()
    return artist


def ridge() -> Relief:
    """Return a wall from left to right across the middle, with low ground before and behind it."""
    xs, ys = np.linspace(0, 4, 41), np.linspace(0, 4, 41)
    heights = np.tile(np.exp(-(((ys - 2) / 0.35) ** 2))[:, None], (1, 41))
    return Relief(xs, ys, heights, Heights("linear", 0.0, 1.0), np.linspace(0, 1, 9))


def before_ridge(elevation: float = 15.0) -> SurfaceArtist:
    """Return the ridge seen from the front: what is near y = 3 is hidden, y = 1 is not."""
    field = ridge()
    axes = camera(0, field, SIZE)
    axes.set_proj_type("persp")
    axes.set_box_aspect((1, 1, 0.7), zoom=1.0)
    axes.view_init(elevation, -90, 0)
    fit(axes, field)
    return shown(field, axes)


def line_of(
    space: SurfaceArtist, points: Any, losses: Any = None, style: TrailStyle = STYLE, **more: Any
) -> SpaceLine:
    points = np.asarray(points, dtype=float)
    losses = np.zeros(len(points)) if losses is None else np.asarray(losses, dtype=float)
    track = SpaceTrack(space, lift(space.relief, points, losses), style, **more)
    return SpaceLine(track, SCALE)


def canvas_of(space: SurfaceArtist) -> Any:
    return space.axes3d.get_figure(root=True).canvas


def pixels_of(space: SurfaceArtist) -> Array:
    """Return the canvas as it is: RGB (h, w, 3), the lowest row first."""
    return np.asarray(canvas_of(space).buffer_rgba())[::-1, :, :3].astype(int)


def grown(line: SpaceLine, before: int, step: int, *, head: bool = False) -> tuple[Array, Array]:
    """Return the canvas before and after a piece is drawn on it."""
    canvas = canvas_of(line.space)
    canvas.draw()
    old = pixels_of(line.space)
    line.grow(canvas.get_renderer(), before, step)
    if head:
        line.head(canvas.get_renderer(), step)
    return old, pixels_of(line.space)


def gone(line: SpaceLine, step: int) -> tuple[Array, Array]:
    """Return the canvas without a line's head or what stands for it, and with it."""
    canvas = canvas_of(line.space)
    canvas.draw()
    old = pixels_of(line.space)
    line.head(canvas.get_renderer(), step)
    return old, pixels_of(line.space)


# -- hidden or seen --------------------------------------------------------------------------------


def rays(space: SurfaceArtist, places: Array) -> Array:
    """Return which of the projected points rays reach."""
    grain = space.picture(space.view, canvas_of(space).get_renderer())[0].grain
    depths = np.minimum(*cast_field(space.view, space.relief, places[:, :2]))
    reached: Array = depths > places[:, 2] - 1e-6 * grain
    return reached


CASES = [
    *(pytest.param(seed, waves(seed), id=f"waves {seed}") for seed in range(5)),
    pytest.param(8, waves(8, low=-0.6, high=0.5, cut=True, sunk=True), id="cut"),
]


@pytest.mark.parametrize(("seed", "field"), CASES)
def test_what_is_hidden_is_what_rays_do_not_reach(seed: int, field: Relief) -> None:
    space = shown(field, camera(seed, field, SIZE))
    rng = np.random.default_rng(seed)
    (x0, x1), (y0, y1) = field.bounds
    corners = rng.uniform((x0, y0), (x1, y1), (14, 2))
    line = line_of(space, corners)
    vertices = space.view.project(line.track.lifted.points)
    chosen = rng.permutation(len(vertices))[:220]
    found, reached = space.hidden(vertices), rays(space, vertices[chosen])
    assert not found[chosen][reached].any()
    assert (found[chosen] != ~reached).sum() <= 2
    assert reached.sum() > 10
    # What is drawn otherwise is a piece too short to be told from those around it.
    behind = line.course.behind
    assert (behind != found).mean() < 0.04
    ends = np.flatnonzero(np.diff(behind.astype(int)))
    assert (np.diff(line.course.along[ends]) > STYLE.width * SCALE).all()
    # A segment is hidden if both its ends are, and drawn if it does not lie on hidden ones.
    kind = line.course.kind
    np.testing.assert_array_equal(kind != 0, behind[1:] & behind[:-1])
    assert (kind == 2).sum() < 0.2 * len(kind)


@pytest.mark.parametrize("seed", range(3))
def test_a_path_in_the_air_is_hidden_where_the_surface_is_before_it(seed: int) -> None:
    field = waves(seed)
    space = shown(field, camera(seed, field, SIZE))
    (x0, x1), (y0, y1) = field.bounds
    axis = field.heights
    rng = np.random.default_rng(seed)
    points = rng.uniform((x1 + 1e-9, y0), (x1 + 0.4 * (x1 - x0), y1), (40, 2))
    losses = axis.low + rng.uniform(-0.3, 1.3, 40) * axis.span
    line = line_of(space, points, losses)
    at = line.track.lifted.at
    places = space.view.project(line.track.lifted.points)[at]
    np.testing.assert_array_equal(space.hidden(places), ~rays(space, places))


def test_short_pieces_are_as_those_around_them() -> None:
    def drawn(*lengths: int) -> list[bool]:
        """Return which of the pieces, seen and hidden by turns, are drawn as hidden ones."""
        piece = np.repeat(np.arange(len(lengths)), [10 * length for length in lengths])
        steady = _steady(piece % 2 == 1, 0.1 * np.arange(len(piece)), 3.0)
        found = [steady[piece == k] for k in range(len(lengths))]
        assert all((one == one[0]).all() for one in found)
        return [bool(one[0]) for one in found]

    assert drawn(20, 2, 20) == [False, False, False]
    assert drawn(20, 9, 20) == [False, True, False]
    assert drawn(20, 9, 1, 9, 20) == [False, True, True, True, False]
    # In a row: all of them as what is around, or as what most of them is.
    assert drawn(20, 2, 1, 2, 20) == [False] * 5
    assert drawn(20, 2, 1, 20) == [False, True, True, True]
    assert drawn(20, 1, 2, 20) == [False, False, False, True]
    assert drawn(20, 20, 1, 2, 20, 20) == [False, True, True, True, False, True]
    # A path may begin and end with a short piece: nothing is known of what comes next.
    assert drawn(1, 20, 1) == [False, True, False]
    assert drawn(20) == [False]


def test_nothing_comes_and_goes_while_the_camera_turns() -> None:
    # Zig-zags down a narrow valley that is seen across one of its sides.
    where = surface("rosenbrock")
    field = make_relief(where)
    path = descend(where, "momentum", steps=120)
    axes = camera(0, field, (400, 300))
    axes.set_proj_type("persp")
    axes.set_box_aspect((1, 1, 0.7), zoom=1.0)
    space = shown(field, axes)
    line = line_of(space, path.points, path.losses)
    frames, lengths = [], []
    for turned in range(40):
        axes.view_init(35, -60 + 1.5 * turned)
        canvas_of(space).draw()
        line.turn()
        frames.append(line.course.behind.copy())
        lengths.append(np.gradient(line.course.along))
    behind, pixels = np.array(frames), np.array(lengths)
    assert 0.2 < behind.mean() < 0.98
    blinks = (behind[2:] == behind[:-2]) & (behind[1:-1] != behind[:-2])
    assert (blinks * pixels[1:-1]).sum(axis=1).mean() < 0.5


def test_the_ridge_hides_what_is_behind_it() -> None:
    line = line_of(before_ridge(), [(0.5, 1.0), (3.5, 1.0), (3.5, 3.2), (0.5, 3.2)])
    y, behind = line.track.lifted.points[:, 1], line.course.behind
    assert not behind[y < 1.9].any()
    assert behind[y > 2.9].all()


def test_a_line_that_has_turned_is_a_new_line() -> None:
    space = before_ridge()
    points = [(0.5, 1.0), (3.5, 1.0), (3.5, 3.2), (0.5, 3.2)]
    line = line_of(space, points)
    before = line.course.places.copy()
    space.axes3d.view_init(15, 90, 0)
    canvas_of(space).draw()
    line.turn()
    fresh = line_of(space, points)
    np.testing.assert_array_equal(line.course.places, fresh.course.places)
    np.testing.assert_array_equal(line.course.kind, fresh.course.kind)
    assert np.abs(line.course.places - before).max() > 50
    y = line.track.lifted.points[:, 1]
    assert not line.course.behind[y > 2.9].any()
    assert line.course.behind[y < 1.1].all()


# -- drawing ---------------------------------------------------------------------------------------

ALONG = [(0.4, 1.0), (3.6, 1.0), (3.6, 3.2), (0.4, 3.2)]


def parts(line: SpaceLine) -> tuple[Array, Array]:
    """Return the pixels (n, 2) of vertices in sight and of hidden ones, clear of the other kind."""
    places, behind = line.course.places[:, :2], line.course.behind
    away = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
    clear = ~((away < 8) & (behind[:, None] != behind)).any(axis=1)
    clear[[0, -1]] = False  # the ends are round
    rows = places.astype(int)
    return rows[~behind & clear], rows[behind & clear]


@pytest.mark.parametrize("hidden", ["faint", "dashed", "absent"])
def test_parts_in_sight_have_the_colour_and_hidden_parts_less(hidden: str) -> None:
    space = before_ridge()
    line = line_of(space, ALONG, hidden=hidden)
    old, new = grown(line, 0, 3)
    seen, behind = parts(line)
    assert len(seen) > 40
    assert len(behind) > 20
    assert (new[seen[:, 1], seen[:, 0]] == (0xD0, 0, 0)).all()
    there = behind[:, 1], behind[:, 0]
    changed = np.abs(new - old)[there].max(axis=1)
    if hidden == "absent":
        assert not changed.any()
    else:
        assert changed.max() > 20
        share = (changed > 20).mean()
        assert share == 1.0 if hidden == "faint" else 0.3 < share < 0.8
        # Half of it shows through, or between dashes all.
        most = tuple(axis[changed > 0.95 * changed.max()] for axis in there)
        red, opacity = np.array([0xD0, 0, 0]), 0.5 if hidden == "faint" else 1.0
        expected = opacity * red + (1 - opacity) * old[most]
        assert np.abs(new[most] - expected).max() < 6


def test_nothing_is_drawn_far_from_the_line() -> None:
    space = before_ridge()
    line = line_of(space, ALONG, hidden="absent")
    old, new = grown(line, 0, 3)
    rows, columns = np.nonzero((old != new).any(axis=2))
    spots = np.column_stack([columns, rows]) + 0.5
    places = line.course.places[:-1, :2][line.course.kind == 0]
    dense = np.concatenate(
        [
            places,
            line.course.places[1:, :2][line.course.kind == 0],
            line.course.places[line.track.lifted.at, :2],
        ]
    )
    away = np.sqrt(((spots[:, None] - dense) ** 2).sum(axis=2)).min(axis=1)
    assert len(spots) > 200
    # Half the line's width, its soft edge and half of the distance of two vertices.
    apart = line.course.lengths.max()
    assert away.max() <= 0.5 * STYLE.width * SCALE + 1.5 + 0.5 * apart


def test_hidden_lines_are_thinner() -> None:
    space = before_ridge(20.0)
    points = [(0.4, 3.2), (3.6, 3.2)]
    thick = replace(STYLE, width=8.0)
    behind = line_of(space, points, style=thick)
    assert behind.course.behind.all()
    old, new = grown(behind, 0, 1)
    column = SIZE[0] // 2
    across = (np.abs(new - old)[:, column].max(axis=1) > 20).sum()
    assert across == pytest.approx(0.55 * 8.0 * SCALE, abs=1.5)


@pytest.mark.parametrize("hidden", ["faint", "absent"])
def test_dots_are_at_the_iterates_in_sight(hidden: str) -> None:
    space = before_ridge()
    style = replace(STYLE, width=0.8, dot=7.0)
    line = line_of(space, [(1.0, 1.0), (3.0, 1.0), (3.0, 3.2), (1.0, 3.2)], style=style)
    _, new = grown(line, 0, 3)
    for k, there in ((0, True), (1, True), (2, False), (3, False)):
        x, y = np.rint(line.course.places[line.track.lifted.at[k], :2]).astype(int)
        # A dot covers its surroundings, a thin line does not.
        around = new[y - 2 : y + 2, x - 2 : x + 2]
        assert bool((around == (0xD0, 0, 0)).all()) == there, k


@pytest.mark.parametrize(("hidden", "most"), [("absent", 0.006), ("faint", 0.009)])
def test_pieces_make_the_whole(hidden: str, most: float) -> None:
    space = before_ridge()
    rng = np.random.default_rng(3)
    points = rng.uniform(0.3, 3.7, (20, 2))
    style = replace(STYLE, dot=4.0)
    whole = grown(line_of(space, points, style=style, hidden=hidden), 0, 19)[1]
    line = line_of(space, points, style=style, hidden=hidden)
    canvas = canvas_of(space)
    canvas.draw()
    for k in range(20):
        line.grow(canvas.get_renderer(), max(0, k - 1), k)
    away = np.abs(pixels_of(space) - whole).max(axis=2)
    # Soft edges that lie on each other, and where hidden pieces come over a rim.
    assert (away > 60).mean() < most


def test_a_rim_does_not_cut_its_own_line() -> None:
    space = before_ridge(60.0)
    style = replace(STYLE, width=5.0)
    points = [(0.6, 0.4), (2.0, 1.2), (2.0, 0.4), (0.6, 1.2)]
    line = line_of(space, points, style=style)
    canvas = canvas_of(space)
    canvas.draw()
    for k in range(4):
        line.grow(canvas.get_renderer(), max(0, k - 1), k)
    new = pixels_of(space)
    x, y = line.course.places[:, :2].T.astype(int)
    assert (new[y, x] == (0xD0, 0, 0)).all()  # its middle, where it crosses itself and at corners
    assert (new == 255).all(axis=2).sum() > 100  # and there is a rim


def test_hidden_parts_that_lie_on_each_other_are_as_faint_as_one() -> None:
    space = before_ridge()
    back_and_forth = [(1.0, 3.2), (3.0, 3.2)] * 8
    seen = []
    for points in (back_and_forth[:2], back_and_forth):
        line = line_of(space, points, style=replace(STYLE, width=6.0))
        canvas = canvas_of(space)
        canvas.draw()
        for k in range(len(points)):
            line.grow(canvas.get_renderer(), max(0, k - 1), k)
        seen.append(pixels_of(space))
    x, y = line.course.places[:9, :2].T.astype(int)[:, 2:]
    once, often = (one[y, x] for one in seen)
    np.testing.assert_allclose(often, once, atol=12)


def test_what_is_drawn_lies_where_it_is_said() -> None:
    space = before_ridge()
    rng = np.random.default_rng(4)
    line = line_of(space, rng.uniform(0.2, 3.8, (12, 2)), style=replace(STYLE, dot=5.0), drop=True)
    canvas = canvas_of(space)
    for k in range(12):
        canvas.draw()
        old = pixels_of(space)
        areas = [
            line.grow(canvas.get_renderer(), max(0, k - 1), k),
            line.head(canvas.get_renderer(), k),
        ]
        changed = (pixels_of(space) != old).any(axis=2)
        assert changed.any()
        for area in areas:
            assert area is not None
            x0, y0, x1, y1, pad = area
            assert x1 - x0 < 300
            rows = slice(max(0, int(y0 - pad)), int(y1 + pad) + 1)
            changed[rows, max(0, int(x0 - pad)) : int(x1 + pad) + 1] = False
        assert not changed.any()


# -- heads -----------------------------------------------------------------------------------------


def head_pixels(line: SpaceLine, step: int) -> tuple[Array, Array, tuple[int, int], Any]:
    canvas = canvas_of(line.space)
    canvas.draw()
    old = pixels_of(line.space)
    area = line.head(canvas.get_renderer(), step)
    x, y = line.places(step)[step] if len(line.track.lifted.at) else (0, 0)
    return old, pixels_of(line.space), (int(x), int(y)), area


def test_a_head_is_at_its_iterate() -> None:
    space = before_ridge()
    line = line_of(space, ALONG)
    expected = space.view.project(line.track.lifted.points[line.track.lifted.at])
    np.testing.assert_allclose(line.places(3), expected[:, :2])
    np.testing.assert_allclose(line.places(5), expected[[0, 1, 2, 3, 3, 3], :2])
    old, new, (x, y), area = head_pixels(line, 1)
    assert area[:4] == pytest.approx((*expected[1, :2], *expected[1, :2]))
    assert (new[y - 2 : y + 3, x - 2 : x + 3] == (0xD0, 0, 0)).all()
    rows, columns = np.nonzero((old != new).any(axis=2))
    assert np.hypot(rows - y, columns - x).max() <= line.head_size / 2 + 3
    # Around it is the edge's colour.
    assert (new == 255).all(axis=2)[rows, columns].sum() > 5


@pytest.mark.parametrize(("hidden", "drawn"), [("faint", 1), ("dashed", 1), ("absent", 0)])
def test_a_hidden_head_is_faint_or_absent(hidden: str, drawn: int) -> None:
    line = line_of(before_ridge(), ALONG, hidden=hidden)
    old, new, (x, y), area = head_pixels(line, 3)
    assert (area is not None) == drawn
    if drawn:
        expected = 0.5 * (old[y, x] + np.array([0xD0, 0, 0]))
        np.testing.assert_allclose(new[y, x], expected, atol=4)
        # Its edge is faint as well: half of what is behind shows through.
        around = np.s_[y - 9 : y + 10, x - 9 : x + 10]
        changed = (new != old).any(axis=2)[around]
        assert changed.sum() > 40
        assert new[around][changed].min(axis=1).max() < 0.5 * (old[around].min(axis=2).max() + 255)
    else:
        np.testing.assert_array_equal(old, new)


def test_a_line_goes_from_the_head_to_the_floor() -> None:
    space = before_ridge(30.0)
    points = [(2.0, 2.0), (6.0, -0.5)]
    line = line_of(space, points, [0.0, 0.9], style=replace(STYLE, width=5.0), drop=True)
    axes = space.axes3d
    axes.set_position((0.1, 0.2, 0.5, 0.5))
    canvas_of(space).draw()
    space.clip = axes.get_figure().bbox
    line.turn()
    old, new, _, area = head_pixels(line, 1)
    top, foot = space.view.project([(6.0, -0.5, 0.9), (6.0, -0.5, 0.0)])[:, :2]
    assert np.hypot(*(top - foot)) > 25
    xs = sorted((top[0], foot[0]))
    assert area[:4] == pytest.approx((xs[0], foot[1], xs[1], top[1]))
    for share in np.linspace(0.35, 0.97, 12):
        x, y = (top + share * (foot - top)).astype(int)
        assert np.abs(new - old)[y, x - 1 : x + 2].max() > 60, share
    for share in (1.12, 1.2):
        x, y = (top + share * (foot - top)).astype(int)
        assert not (new != old)[y, x - 1 : x + 2].any()


def test_the_way_to_the_floor_is_hidden_by_what_is_before_it() -> None:
    # High behind the ridge: the head is seen, its foot is not.
    space = before_ridge(8.0)
    changes = []
    for hidden in ("faint", "absent"):
        line = line_of(
            space, [(2.0, 2.0), (2.0, 4.5)], [0.0, 1.4], replace(STYLE, width=6.0), hidden=hidden
        )
        line = SpaceLine(replace(line.track, drop=True), SCALE)
        old, new, (x, y), _ = head_pixels(line, 1)
        assert (new[y, x] == (0xD0, 0, 0)).all()
        foot = space.view.project([(2.0, 4.5, 0.0)])[0]
        changes.append(np.abs(new - old).max(axis=2)[int(foot[1]) + 3, int(foot[0])])
    faint, absent = changes
    assert absent == 0
    assert 20 < faint < 180


def test_a_head_can_be_larger() -> None:
    line = line_of(before_ridge(), ALONG)
    old, new, _, area = head_pixels(line, 1)
    usual = (old != new).any(axis=2).sum()
    line.crowd(np.full(4, 2.0))
    old, new, _, larger = head_pixels(line, 1)
    assert (old != new).any(axis=2).sum() == pytest.approx(4 * usual, rel=0.25)
    assert larger[4] == pytest.approx(2 * area[4])
    line.crowd(None)
    assert head_pixels(line, 1)[3] == larger


# -- what ends, and what is not there --------------------------------------------------------------


@pytest.mark.parametrize("lost", [2, 3])  # with a last iterate that is finite, and without
def test_a_lost_path_is_marked_and_has_no_head(lost: int) -> None:
    points = [(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)]
    line = line_of(before_ridge(), points, lost=lost)
    assert np.isnan(line.places(4)[:, 0]).tolist() == [k >= lost for k in range(5)]
    before, after = gone(line, lost)
    x, y = line.course.places[line.track.lifted.at[2], :2].astype(int)
    changed = (before != after).any(axis=2)
    assert changed[y - 3 : y + 4, x - 3 : x + 4].all()
    assert (after[y - 6 : y + 7, x - 6 : x + 7] == 255).all(axis=2).any()  # its cross
    canvas = canvas_of(line.space)
    sizes = [line.head(canvas.get_renderer(), step) for step in (0, lost - 1, lost, 9)]
    assert None not in sizes
    mark, later = (gone(line, step)[1] for step in (lost, 9))
    np.testing.assert_array_equal(mark, later)  # it stays
    assert (mark != gone(line, lost - 1)[1]).any()


@pytest.mark.parametrize("beyond", [(1e3, 1.0, 1e6), (4.001, 1.0, 1e9), (-1e150, 1.0, 1e300)])
def test_a_path_that_leaves_the_page_is_marked_where_it_was_seen_last(
    beyond: tuple[float, float, float],
) -> None:
    points = [(1.0, 1.0), (2.0, 1.0), beyond[:2], (2.5, 1.0)]
    line = line_of(before_ridge(), points, losses=[1.0, 1.0, beyond[2], 1.0])
    x0, y0, x1, y1 = line.clip.extents
    before, after = gone(line, 2)
    rows, columns = np.nonzero((before != after).any(axis=2))
    # Whole within the page, at its edge, and on the line.
    assert len(rows) > 50
    middle = np.array([columns.mean(), rows.mean()])
    half = 0.5 * max(np.ptp(rows), np.ptp(columns))
    gaps = np.array([middle[0] - x0, middle[1] - y0, x1 - middle[0], y1 - middle[1]])
    assert half - 2 < gaps.min() < half + 4
    away = np.hypot(*(line.course.places[:, :2] - middle).T)
    assert np.nanmin(away) < 12
    # It has a head again where it comes back.
    before, after = gone(line, 3)
    x, y = line.course.places[line.track.lifted.at[3], :2].astype(int)
    assert (before != after).any(axis=2)[y - 2 : y + 3, x - 2 : x + 3].all()


@pytest.mark.parametrize(("hidden", "drawn"), [("faint", True), ("absent", False)])
def test_the_mark_of_a_path_that_is_hidden_is_as_its_head(hidden: str, drawn: bool) -> None:
    # Lost behind the wall.
    line = line_of(before_ridge(), [(1.0, 3.0), (2.0, 3.0)], lost=1, hidden=hidden)
    assert line.course.behind[-1]
    before, after = gone(line, 1)
    assert (before != after).any() == drawn
    seen = line_of(before_ridge(), [(1.0, 1.0), (2.0, 1.0)], lost=1, hidden=hidden)
    old, new = gone(seen, 1)
    if drawn:
        assert np.abs(before - after).sum() < 0.8 * np.abs(old - new).sum()


def test_a_path_that_was_never_on_the_page_has_no_mark() -> None:
    line = line_of(before_ridge(), [(1e3, 1.0), (1e4, 1.0)], losses=[1e6, 1e9])
    before, after = gone(line, 1)
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("lost", [None, 0])
def test_a_path_without_a_point_is_nothing(lost: int | None) -> None:
    line = line_of(before_ridge(), np.empty((0, 2)), lost=lost)
    assert line.length == 0
    assert np.isnan(line.places(2)).all()
    before, after = grown(line, 0, 3, head=True)
    np.testing.assert_array_equal(before, after)
    assert line.by_step(np.zeros(0, dtype=bool)).shape == (0,)


def test_a_path_of_one_point_is_a_head() -> None:
    line = line_of(before_ridge(), [(2.0, 1.0)])
    before, after = grown(line, 0, 0, head=True)
    assert (before != after).any()
    assert line.polyline().points.shape == (1, 2)


def test_what_is_out_of_sight_is_left_out() -> None:
    points = [(1.0, 1.0), (3.0, 1.0), (1e200, 1.0), (3.0, 1.0), (3.0, 0.5)]
    line = line_of(before_ridge(), points, [0.0, 0.0, 1e300, 0.0, 0.0])
    canvas = canvas_of(line.space)
    before, after = grown(line, 0, 4)
    assert (before != after).any()
    assert line.head(canvas.get_renderer(), 4) is not None
    places = line.places(4)
    assert np.isnan(places[:, 0]).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("rule", "lost"), [("gd:lr=1e80", True), ("gd:lr=0.1", False), ("adam:lr=0.5", False)]
)
def test_a_track_is_that_of_a_walk(rule: str, lost: bool) -> None:
    where = surface("sphere")
    path = descend(where, rule, start=(2.0, 1.0), steps=8)
    field = make_relief(where, cells=20)
    space = shown(field, camera(2, field, SIZE))
    track = space_track(path, space, STYLE, "dashed", True)
    assert (track.hidden, track.drop, track.style) == ("dashed", True, STYLE)
    assert (track.lost is not None) == lost
    count = len(track.lifted.at)
    assert count <= len(path)
    np.testing.assert_array_equal(track.lifted.points[track.lifted.at[:1], :2], path.points[:1])
    if lost:
        assert count < 9
        assert track.lost == path.ending.step
    else:
        assert count == 9
        np.testing.assert_allclose(
            track.lifted.points[track.lifted.at, 2],
            field.z_at(path.points[:, 0], path.points[:, 1]),
            atol=1e-9,
        )


# -- numbers and names -----------------------------------------------------------------------------


def leaving(**values: Any) -> tuple[Any, Any]:
    """Return the scene of a path that leaves the box over its numbers, drawn, and its line."""
    given: dict[str, Any] = {
        "surface": "saddle",
        "optimizers": ("gd:lr=0.5",),
        "start": (0.5, 0.1),
        "steps": 12,
        "size": "480x400",
        "view": "3d",
        "elevation": 30.0,
        "azimuth": 20.0,
        "legend": False,
    }
    prepared = prepare(Recipe(**{**given, **values}))
    with picture_style():
        scene = build_scene(prepared)
        scene.figure.canvas.draw()
        line = SpaceLine(scene.tracks[0], SCALE)  # type: ignore[arg-type]  # one on a surface
    return scene, line


def over(line: SpaceLine) -> tuple[list[Any], Array]:
    """Return the texts that a line runs over, and their pixels' rows and columns."""
    renderer = canvas_of(line.space).get_renderer()
    crossed = line._letters._cross(renderer)
    return line._letters._find(renderer)[0], np.flatnonzero(crossed.any(axis=0))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_stay_above_a_path_that_leaves_the_box(theme: str) -> None:
    for azimuth in range(0, 360, 10):  # the path goes over a text somewhere on the way round
        scene, line = leaving(azimuth=float(azimuth), theme=theme)
        texts, crossed = over(line)
        if len(crossed):
            break
    assert len(crossed)
    before = pixels_of(line.space)
    renderer = canvas_of(line.space).get_renderer()
    line.grow(renderer, 0, line.length - 1)
    after = pixels_of(line.space)
    ink, ground = (np.array(to_rgb(name)) * 255 for name in (scene.theme.ink, scene.theme.ground))
    color = np.array(to_rgb(line.track.style.color)) * 255
    for k in crossed:
        place = texts[k].place
        box = np.s_[int(place.y0) : int(place.y1), int(place.x0) : int(place.x1)]
        letters = np.abs(before[box] - ink).max(axis=2) < 30
        assert letters.sum() > 3
        # All of the letters is there, and beside them is the ground, not the line.
        assert (np.abs(after[box] - before[box]).max(axis=2)[letters] < 30).all()
        beside = np.zeros_like(letters)
        beside[:, 1:] |= letters[:, :-1]
        beside[:, :-1] |= letters[:, 1:]
        beside &= ~letters
        shares = (after[box][beside] - ink) @ (ground - ink) / ((ground - ink) @ (ground - ink))
        off = after[box][beside] - ink - shares[:, None] * (ground - ink)
        assert np.abs(off).max() < 12  # a mixture of the two
    assert (np.abs(after - color).max(axis=2) < 8).sum() > 100
    # Once more changes nothing of a text.
    texts_of = line.track.crate.write_over(renderer, [texts[k] for k in crossed])
    assert texts_of > 3
    np.testing.assert_array_equal(pixels_of(line.space), after)


def test_the_head_is_beneath_the_texts_and_its_place_is_told() -> None:
    found = 0
    _, line = leaving(optimizers=("adam:lr=0.05",), steps=45)
    for azimuth in range(0, 360, 5):
        line.space.axes3d.view_init(30, azimuth)
        canvas_of(line.space).draw()
        line.turn()
        renderer = canvas_of(line.space).get_renderer()
        for step in range(20, line.length):
            texts, boxes = line._letters._find(renderer)
            x, y = line.places(step)[step]
            near = (boxes[:, 0] < x) & (x < boxes[:, 2]) & (boxes[:, 1] < y) & (y < boxes[:, 3])
            if not near.any():
                continue
            found += 1
            canvas_of(line.space).draw()
            old = pixels_of(line.space)
            area = line.head(renderer, step)
            new = pixels_of(line.space)
            place = texts[int(near.argmax())].place
            box = np.s_[int(place.y0) : int(place.y1), int(place.x0) : int(place.x1)]
            letters = old[box].max(axis=2) < 70
            assert (np.abs(new[box] - old[box]).max(axis=2)[letters] < 30).all()
            assert area is not None
            x0, y0, x1, y1, pad = area
            changed = (new != old).any(axis=2)
            changed[int(y0 - pad) : int(y1 + pad) + 1, int(x0 - pad) : int(x1 + pad) + 1] = False
            assert not changed.any()
        if found > 2:
            return
    raise AssertionError("no head came over a number")


def test_a_path_amid_the_box_has_no_part_in_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    _, line = leaving(optimizers=("adam:lr=0.01",), steps=5, drop=True)
    crate = line.track.crate
    monkeypatch.setattr(crate, "write_over", lambda *given: pytest.fail("wrote texts again"))
    renderer = canvas_of(line.space).get_renderer()
    assert line.grow(renderer, 0, 5) is not None
    assert line.head(renderer, 5) is not None


def letters_of(scene: Any, line: SpaceLine) -> list[tuple[Any, Array]]:
    """Return the place of each text of a box in pixels, and which of its pixels are letters."""
    ink = np.array(to_rgb(scene.theme.ink)) * 255
    found = []
    crate: Any = line.track.crate
    for one in crate.texts(canvas_of(line.space).get_renderer(), line.space.view):
        place = one.place
        box = np.s_[int(place.y0) : int(place.y1), int(place.x0) : int(place.x1)]
        found.append((box, np.abs(pixels_of(line.space)[box] - ink).max(axis=2) < 30))
    return found


RIM = {
    "surface": "x**2 - y**2",
    "bounds": (-1.0, 1.0, -1.0, 1.0),
    "optimizers": ("gd:lr=1e-5",),
    "start": (0.0, -0.999),
    "steps": 5,
    "elevation": 20.0,
    "azimuth": -75.0,
    "size": "400x300",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_stay_above_a_head_at_the_rim(theme: str) -> None:
    scene, line = leaving(**RIM, marks=False, theme=theme)
    assert not line._letters._outside.any()
    before = letters_of(scene, line)
    old = pixels_of(line.space)
    line.grow(canvas_of(line.space).get_renderer(), 0, 5)
    area = line.head(canvas_of(line.space).get_renderer(), 5)
    new = pixels_of(line.space)
    covered = [
        (box, letters) for box, letters in before if (new[box] != old[box]).any() and letters.any()
    ]
    assert covered
    ink = np.array(to_rgb(scene.theme.ink)) * 255
    for box, letters in covered:
        assert (np.abs(new[box] - ink).max(axis=2)[letters] < 30).all()
    assert area is not None


def test_texts_stay_above_the_star_of_a_minimum_at_the_rim(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    low = {"surface": "sphere", "bounds": (-1.0, 1.0, -0.001, 2.0), "start": (0.5, 1.0)}
    scene, line = leaving(**{**RIM, **low})
    new = pixels_of(line.space)
    with monkeypatch.context() as patch:
        patch.setattr(type(line.track.crate), "write_over", lambda *given: 0.0)
        _, other = leaving(**{**RIM, **low})
    under = pixels_of(other.space)
    (star,) = (mark for mark in line.space.marks if mark.marker == "*")
    ((x, y),) = line.space.view.project([star.at])[:, :2].tolist()
    texts, boxes = line._letters._find(canvas_of(line.space).get_renderer())
    covered = meeting((x, y, x, y, 0.5 * star.size * SCALE), boxes)
    assert [texts[k].label.said for k in np.flatnonzero(covered)] == ["0.0"]
    # Its letters and a rim of the ground are on the star, and nothing else has changed.
    changed = (new != under).any(axis=2)
    assert changed.sum() > 20
    ink, ground = (np.array(to_rgb(name)) * 255 for name in (scene.theme.ink, scene.theme.ground))
    shares = (new[changed] - ink) @ (ground - ink) / ((ground - ink) @ (ground - ink))
    assert np.abs(new[changed] - ink - shares[:, None] * (ground - ink)).max() < 12
    x0, y0, x1, y1 = boxes[covered][0].astype(int)
    changed[y0 - 4 : y1 + 4, x0 - 4 : x1 + 4] = False
    assert not changed.any()


def test_texts_stay_above_the_mark_of_a_lost_path() -> None:
    scene, whole = leaving(**RIM, marks=False)
    line = SpaceLine(replace(whole.track, lost=5), SCALE)
    renderer = canvas_of(line.space).get_renderer()
    before, old = letters_of(scene, line), pixels_of(line.space)
    told = line.head(renderer, 5)
    new = pixels_of(line.space)
    ink = np.array(to_rgb(scene.theme.ink)) * 255
    covered = 0
    for box, letters in before:
        covered += int((new[box] != old[box]).any() and letters.any())
        assert (np.abs(new[box] - ink).max(axis=2)[letters] < 30).all()
    assert covered
    assert told is not None
    x0, y0, x1, y1, pad = told
    changed = (new != old).any(axis=2)
    changed[int(y0 - pad) : int(y1 + pad) + 1, int(x0 - pad) : int(x1 + pad) + 1] = False
    assert not changed.any()


@pytest.mark.parametrize("orbit", [0.0, 25.0, -70.0, 360.0])
@pytest.mark.parametrize("steps", [2, 4, 12])
def test_whether_a_path_leaves_the_page_is_told_of_every_view(orbit: float, steps: int) -> None:
    where = {"surface": "x**2 - y**2", "optimizers": ("gd:lr=0.1",), "start": (0.5, 2.0)}
    scene, line = leaving(**where, orbit=orbit, steps=steps)
    last = line.space.share
    there = []
    for k in range(steps + 1):
        line.space.turn(k / steps if orbit else last)
        line.turn()
        there.append(bool(line.clip.contains(*line.places(steps)[k])))
    line.space.turn(last)
    every = range(scene.steps + 1)
    assert leaves_page(line.track, every) == (not all(there))
    assert line.space.share == last
    assert all(there) or steps > 2
    if not orbit:  # of a still and of a quicker film other steps are seen
        for shown in ([steps], [0, steps], [0, 1]):
            assert leaves_page(line.track, shown) == (not all(there[k] for k in shown))


def test_what_a_near_view_crops_has_not_gone() -> None:
    where = {"surface": "sphere", "bounds": (-2.0, 2.0, -2.0, 2.0), "optimizers": ("gd:lr=0.01",)}
    scene, line = leaving(**where, start=(1.9, 1.9), steps=2, zoom=4.0, azimuth=-45.0)
    assert not any(line.clip.contains(*place) for place in line.places(2))
    assert line.head(canvas_of(line.space).get_renderer(), 2) is None
    assert not leaves_page(line.track, range(scene.steps + 1))


def test_which_boxes_a_line_runs_over() -> None:
    rng = np.random.default_rng(5)
    places = rng.uniform(0, 100, (40, 2))
    places[7] = np.nan
    places[11] = places[10] + (30.0, 0.0)
    places[13] = places[12] + (0.0, 30.0)
    places[15] = places[14]
    corners = rng.uniform(0, 90, (12, 2))
    boxes = np.concatenate([corners, corners + rng.uniform(2, 12, (12, 2))], axis=1)
    for reach in (0.0, 3.0):
        found = crossing(places, reach, boxes)
        assert found.shape == (39, 12)
        along = np.linspace(0, 1, 4001)[:, None]
        for k in range(39):
            line = places[k] + along * (places[k + 1] - places[k])
            for j, (x0, y0, x1, y1) in enumerate(boxes):
                inside = (line > (x0 - reach, y0 - reach)) & (line < (x1 + reach, y1 + reach))
                # A corner may be cut between two of these points.
                if inside.all(axis=1).any():
                    assert found[k, j]
                elif found[k, j]:
                    near = (line > (x0 - reach - 0.05, y0 - reach - 0.05)) & (
                        line < (x1 + reach + 0.05, y1 + reach + 0.05)
                    )
                    assert near.all(axis=1).any()
    assert crossing(places, 1.0, np.empty((0, 4))).shape == (39, 0)
    assert crossing(places[:1], 1.0, boxes).shape == (0, 12)
    assert not crossing(places[6:9], 500.0, boxes).any()
    assert crossing(places[14:16], 0.0, np.array([[*places[14] - 1, *places[14] + 1]])).all()


# -- lines on each other ---------------------------------------------------------------------------


def test_what_is_left_out_is_not_drawn() -> None:
    line = line_of(before_ridge(), [(0.4, 1.0), (3.6, 1.0)])
    total = float(line.course.lengths.sum())
    line.leave_out(np.array([[0.25 * total, 0.5 * total], [0.7 * total, 0.9 * total]]))
    old, new = grown(line, 0, 1)
    for share in np.linspace(0.03, 0.97, 48):
        along = np.interp(share * total, line.course.along, np.arange(len(line.course.along)))
        k = int(along)
        place = (
            line.course.places[k, :2]
            + (along - k) * (line.course.places[k + 1] - line.course.places[k])[:2]
        )
        x, y = place.astype(int)
        if min(abs(share - edge) for edge in (0.25, 0.5, 0.7, 0.9)) < 0.04:
            continue
        gap = 0.25 < share < 0.5 or 0.7 < share < 0.9
        assert bool((new[y, x] == old[y, x]).all()) == gap, share
    line.turn()
    assert not (line.course.kind == 2).any()  # gaps belong to a view
    line.leave_out(np.empty((0, 2)))
    assert not (line.course.kind == 2).any()


def test_a_line_tells_where_and_when_it_is_drawn() -> None:
    line = line_of(before_ridge(), ALONG)
    polyline = line.polyline()
    np.testing.assert_array_equal(polyline.points, line.course.places[:, :2])
    assert polyline.look == (RED, "o")
    assert polyline.width == pytest.approx(2.4 * SCALE)
    assert polyline.box == pytest.approx(tuple(line.space.clip.extents))
    at = line.track.lifted.at
    times = polyline.time_of(np.arange(len(polyline.points) - 1))
    for k in range(3):
        assert (times[at[k] : at[k + 1]] == k + 1).all()
    marked = np.zeros(len(times), dtype=bool)
    marked[at[1] + 2] = True
    # Each step is drawn by itself, whatever it meets: its rim lies on those before.
    assert line.by_step(marked).all()
    assert len(line.by_step(marked)) == 3
