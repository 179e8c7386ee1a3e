from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.relief.field import Relief
from landscape.relief.ground import ground_of
from landscape.relief.heights import Heights
from landscape.relief.look import Look
from landscape.relief.rendering import hidden, render
from landscape.relief.view import View, view_of
from tests.relief.cameras import camera, fit
from tests.relief.raycast import Array, cast_field, triangles, waves

# Where a pixel's four samples lie: right of its left edge and below its top edge.
SAMPLES = np.array([(0.375, 0.125), (0.875, 0.375), (0.125, 0.625), (0.625, 0.875)])
BOX = (12, 6, 88, 70)


def look(levels: int = 9, **changes: Any) -> Look:
    ramp = np.linspace([0.9, 0.95, 1.0], [0.3, 0.4, 0.5], levels - 1)
    return Look(ramp, line=(0.1, 0.2, 0.3), lid=(0.8, 0.7, 0.2), **changes)


def bright(levels: int = 9, **changes: Any) -> Look:
    """Return a look without light: colours are as given."""
    return replace(look(levels), ambient=1.0, diffuse=0.0, specular=0.0, **changes)


def holed(seed: int) -> Relief:
    field = waves(seed)
    values = field.values.copy()
    values[5:12, 8:14] = values[0, 3] = values[20, 20] = np.nan
    return replace(field, values=values)


def above(field: Relief, size: tuple[int, int] = (100, 75)) -> View:
    """Return the view from exactly above."""
    axes = camera(0, size=size)
    axes.set_proj_type("ortho")
    axes.view_init(90, -90, 0)
    fit(axes, field)
    return view_of(axes)


CASES = [
    *(pytest.param(seed, waves(seed), id=f"waves {seed}") for seed in range(4)),
    *(pytest.param(seed, holed(seed), id=f"hole {seed}") for seed in (6,)),
    *(
        pytest.param(
            seed,
            waves(seed, low=-0.6, high=0.5, cut=True, sunk=True),
            id=f"cut {seed}",
            marks=[pytest.mark.slow] if seed > 8 else [],
        )
        for seed in (8, 9)
    ),
]


@pytest.mark.parametrize(("seed", "field"), CASES)
def test_what_is_seen_is_what_rays_meet(seed: int, field: Relief) -> None:
    view = view_of(camera(seed, field))
    picture = render(field, view, look(), BOX)
    height, width = picture.depth.shape
    assert (height, width) == (64, 76)
    corner = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1)
    places = corner[:, :, None] + [*SAMPLES, (0.5, 0.5)]
    places = np.stack([BOX[0] + places[..., 0], BOX[3] - places[..., 1]], axis=-1)
    surface, planes = cast_field(view, field, places.reshape(-1, 2))
    depths = np.minimum(surface, planes).reshape(height, width, 5)
    depths, middles = depths[..., :4], depths[..., 4]
    covered = np.isfinite(depths).sum(axis=2)
    assert (covered > 0).mean() > 0.05
    wrong = np.rint(picture.rgba[..., 3] / 63.75) != covered
    expected = depths.min(axis=2)
    with np.errstate(invalid="ignore"):
        # A corner is moved by less than 1/1000 of a pixel: little on any but a grazing slope.
        off = np.minimum(np.abs(picture.depth - expected), np.abs(picture.depth - middles))
        wrong |= off > 0.05 * picture.grain
    assert wrong.mean() <= 1e-3
    assert (np.isinf(picture.depth) == np.isinf(expected)).mean() >= 0.999


@pytest.mark.parametrize(("seed", "field"), CASES)
def test_hidden_points_are_those_that_rays_do_not_reach(seed: int, field: Relief) -> None:
    view = view_of(camera(seed, field))
    picture = render(field, view, look(), BOX)
    rng = np.random.default_rng(seed)
    corners = triangles(field)
    axis = field.heights
    corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    shares = rng.dirichlet(np.ones(3), len(corners))
    points = np.einsum("mk,mkd->md", shares, corners)[rng.permutation(len(corners))[:250]]
    if axis.cut:
        points = points[(points[:, 2] > axis.bottom) & (points[:, 2] < axis.top)]
    on_surface = view.project(points)
    (x0, x1), (y0, y1) = field.bounds
    low, high = (x0 - 0.5, y0 - 0.1, axis.bottom), (x1 + 0.5, y1 + 0.1, axis.top)
    in_air = view.project(rng.uniform(low, high, (150, 3)))
    for places in (on_surface, in_air):
        depths = np.minimum(*cast_field(view, field, places[:, :2]))
        behind = depths < places[:, 2] - 1e-6 * picture.grain
        found = hidden(picture.scene, places)
        assert not found[~behind].any()
        # A way may pass through an edge of the surface by less than is told.
        assert (behind & ~found).sum() <= 2
        assert 5 <= behind.sum() < len(places) - 10


@pytest.mark.parametrize(("seed", "field"), CASES)
def test_what_is_hidden_does_not_depend_on_the_picture(seed: int, field: Relief) -> None:
    view = view_of(camera(seed, field))
    (x0, x1), (y0, y1) = field.bounds
    rng = np.random.default_rng(seed)
    places = rng.uniform((x0, y0), (x1, y1), (400, 2))
    points = np.column_stack([places, field.z_at(*places.T)])
    found = []
    for scale, box in ((1.0, BOX), (0.3, (3, 1, 20, 20)), (4.0, (-30, -30, 60, 60))):
        picture = render(field, view.scaled(scale), look(), box)
        found.append(hidden(picture.scene, view.scaled(scale).project(points)))
    assert 5 < found[0].sum() < 380
    for other in found[1:]:
        assert (found[0] != other).sum() <= 1


def test_points_beside_the_picture_and_before_the_surface_are_seen() -> None:
    field = waves(1)
    view = view_of(camera(1, field))
    picture = render(field, view, look(), BOX)
    row, column = np.argwhere(np.isfinite(picture.depth))[200]
    x, y = BOX[0] + column + 0.5, BOX[3] - row - 0.5
    depth = picture.depth[row, column]
    far, near = depth + 50 * picture.grain, depth - 50 * picture.grain
    points = [(x, y, far), (x, y, near), (x - 500, y, far), (np.nan, np.nan, np.nan)]
    assert hidden(picture.scene, points).tolist() == [True, False, False, False]
    assert hidden(picture.scene, np.empty((0, 3))).shape == (0,)


@pytest.mark.parametrize("field", [waves(3), holed(6), waves(8, low=-0.5, high=0.4, cut=True)])
def test_pictures_have_the_same_bits_on_any_number_of_threads(field: Relief) -> None:
    view = view_of(camera(4, field))
    one, two, three = (render(field, view, look(mesh=5), BOX, threads=n) for n in (1, 2, 3))
    for other in (two, three):
        assert one.rgba.tobytes() == other.rgba.tobytes()
        assert one.depth.tobytes() == other.depth.tobytes()


def test_a_part_of_the_canvas_is_a_part_of_the_picture() -> None:
    field = waves(2)
    view = view_of(camera(2, field))
    whole = render(field, view, look(), (-30, -30, 130, 110))
    part = render(field, view, look(), (20.3, 21, 69.2, 65))
    assert (part.left, part.bottom) == (20, 21)
    assert part.rgba.shape == (44, 50, 4)
    there = whole.rgba[110 - 65 : 110 - 21, 50:100].astype(int)
    assert np.abs(part.rgba - there).max() <= 1  # places are rounded from another corner
    assert np.abs(part.rgba - there).mean() < 0.01


def test_a_cut_is_flat_and_lies_where_losses_are_above() -> None:
    field = waves(8, low=-2.0, high=0.3, cut=True)
    view = above(field, (400, 300))
    picture = render(field, view, bright(line_width=0.0), (0, 0, 400, 300))
    rows, columns = np.nonzero(picture.rgba[..., 3] == 255)
    places = np.column_stack([columns + 0.5, 300 - rows - 0.5, picture.depth[rows, columns]])
    back = np.column_stack([places, np.ones(len(places))]) @ np.linalg.inv(view.matrix).T
    back = back[:, :3] / back[:, 3:]
    i = np.clip(np.searchsorted(field.xs, back[:, 0]) - 1, 0, len(field.xs) - 2)
    j = np.clip(np.searchsorted(field.ys, back[:, 1]) - 1, 0, len(field.ys) - 2)
    cell = np.stack([field.z[j + b, i + a] for a in (0, 1) for b in (0, 1)])
    over, under = (cell > 0.31).all(axis=0), (cell < 0.2).all(axis=0)
    assert over.sum() > 100
    assert under.sum() > 100
    np.testing.assert_allclose(back[over, 2], 0.3, atol=1e-5)
    # The lid's colour and its hatch's are the lid's own, brighter or darker; the surface is blue.
    colors = picture.rgba[rows, columns, :3] / 255
    np.testing.assert_allclose(colors[over, 1] / colors[over, 0], 7 / 8, atol=0.02)
    assert len(np.unique(picture.rgba[rows[over], columns[over], 0])) > 5
    assert (colors[under, 2] > colors[under, 1]).all()


def test_a_hole_shows_what_is_behind() -> None:
    # A wall in front of a slope that rises behind it.
    xs, ys = np.linspace(0, 1, 21), np.linspace(0, 1, 21)
    z = np.tile(np.where(np.arange(21) == 4, 1.0, 0.02 * np.arange(21))[:, None], (1, 21))
    closed = Relief(xs, ys, z, Heights("linear", 0.0, 1.0), np.linspace(0, 1, 9))
    z = z.copy()
    z[4, 8:13] = np.nan
    opened = replace(closed, values=z)
    axes = camera(0, closed)
    axes.view_init(20, -90, 0)
    view = view_of(axes)
    target = view.project([(0.5, 0.9, 0.36)])
    assert hidden(render(closed, view, look(), BOX).scene, target).all()
    assert not hidden(render(opened, view, look(), BOX).scene, target).any()
    empty = replace(closed, values=np.full_like(z, np.nan))
    assert not render(empty, view, look(), BOX).rgba.any()


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_contour_lines_lie_where_the_levels_are(kind: Literal["linear", "log"]) -> None:
    xs, ys = np.linspace(0, 2, 121), np.linspace(0, 1, 11)
    losses = np.tile(1 + 3 * xs, (11, 1))
    axis = Heights(kind, 1.0, 7.0)
    levels = np.array([1.0, 1.7, 2.5, 4.2, 6.1, 7.0])
    field = Relief(xs, ys, losses, axis, levels)
    view = above(field, (400, 300))
    red = bright(6, line_width=2.0)
    red = replace(red, line=(1.0, 0.0, 0.0), colors=np.ones((5, 3)))
    picture = render(field, view, red, (0, 0, 400, 300))
    at = view.project([((level - 1) / 3, 0.5, float(axis.of(level))) for level in levels])
    row = picture.rgba[300 - int(at[0, 1]) - 1].astype(float)
    strength = np.clip(1 - row[:, 1] / np.maximum(row[:, 0], 1), 0, 1)
    middle = np.arange(400) + 0.5
    inner = at[1:-1, 0]
    for place in inner:
        near = np.abs(middle - place) < 5
        weight = strength[near]
        assert weight.sum() == pytest.approx(2.0, abs=0.35)  # the line's width
        assert (weight * middle[near]).sum() / weight.sum() == pytest.approx(place, abs=0.3)
    away = (np.abs(middle[:, None] - inner) > 5).all(axis=1) & (row[:, 3] == 255)
    assert away.any()
    assert strength[away].max() < 0.05


def test_colours_are_those_of_the_steps() -> None:
    xs = ys = np.linspace(0, 1, 11)
    levels = np.array([0.0, 0.1, 0.3, 1.0])
    field = Relief(xs, ys, np.tile(xs, (11, 1)), Heights("linear", 0.0, 1.0), levels)
    view = above(field)
    colors = np.array([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)])
    plain = replace(bright(4, line_width=0.0), colors=colors)
    picture = render(field, view, plain, (0, 0, 100, 75))

    def at(loss: float) -> Array:
        x, y, _ = view.project([(loss, 0.5, loss)])[0]
        return picture.rgba[74 - int(y), int(x), :3] / 255

    tint = [0.97, 1.0, 1.04]  # a cool shade
    for loss, expected in ((0.03, colors[0]), (0.2, colors[1]), (0.65, colors[2])):
        np.testing.assert_allclose(at(loss), np.clip(expected * tint, 0, 1), atol=0.08)


@pytest.mark.parametrize("flip", ["x", "y", "z"])
def test_mirrored_axes_and_views_from_below_are_drawn(flip: str) -> None:
    field = waves(2)
    axes = camera(3, field)
    getattr(axes, f"invert_{flip}axis")()
    axes.view_init(-40, 30)
    picture = render(field, view_of(axes), look(), BOX)
    drawn = picture.rgba[picture.rgba[..., 3] == 255]
    assert len(drawn) > 500
    assert drawn[:, :3].std() > 5


@pytest.mark.parametrize(("offset", "size"), [(1e6, 1e-2), (0.0, 1e-12), (-1e12, 1e9)])
def test_ranges_of_any_size_look_alike(offset: float, size: float) -> None:
    field = waves(5)
    moved = Relief(
        offset + size * (field.xs - field.xs[0]),
        size * field.ys,
        size * field.values,
        Heights("linear", size * field.heights.low, size * field.heights.high),
        size * field.levels,
    )
    one, other = camera(5, field), camera(5, moved)
    expected = render(field, view_of(one), look(), BOX).rgba.astype(int)
    found = render(moved, view_of(other), look(), BOX).rgba
    assert np.abs(found - expected).mean() < 0.2


def test_what_is_behind_the_viewer_is_left_out() -> None:
    field = waves(1)
    axes = camera(1, field)
    axes.set_proj_type("persp")
    axes.set_box_aspect((4, 4, 3), zoom=30)
    picture = render(field, view_of(axes), look(), (0, 0, 100, 75))
    assert np.isfinite(picture.depth[np.isfinite(picture.depth)]).all()


def test_bad_requests_are_refused() -> None:
    field = waves(1)
    view = view_of(camera(1, field))
    with pytest.raises(LandscapeError, match="pixel"):
        render(field, view, look(), (5, 5, 5, 9))
    with pytest.raises(LandscapeError, match="colours"):
        render(field, view, look(5), BOX)
    with pytest.raises(LandscapeError, match="evenly"):
        render(replace(field, xs=field.xs**3), view, look(), BOX)
    assert isinstance(view, View)


SEAMS = [
    pytest.param(seed, field, id=f"seed {seed}")
    for seed, field in (
        *((seed, waves(seed, 60)) for seed in (0, 2, 3)),
        (6, holed(6)),
        (8, waves(8, 60, low=-0.6, high=0.5, cut=True, sunk=True)),
    )
]


@pytest.mark.parametrize(("seed", "field"), SEAMS)
def test_pixels_with_samples_and_those_without_join(seed: int, field: Relief) -> None:
    """Compare with the mean of 16 pixels for each: what is at outlines, and what is between."""
    view = view_of(camera(seed, field, (300, 225)))
    plain = replace(look(), line_width=0.0, specular=0.0)
    box = 0, 0, 300, 225
    picture = render(field, view, plain, box).rgba / 255.0
    fine = render(field, view.scaled(4), plain, (0, 0, 1200, 900)).rgba / 255.0
    fine[..., :3] *= fine[..., 3:]
    expected = fine.reshape(225, 4, 300, 4, 4).mean(axis=(1, 3))
    picture[..., :3] *= picture[..., 3:]
    seen = expected[..., 3] > 0
    off = np.abs(picture - expected).max(axis=2)
    hatched = field.heights.cut  # a hatch is as wide in pixels, so not the same in both
    assert seen.mean() > 0.05
    assert off[seen].mean() < (0.05 if hatched else 0.012)
    # A rotated grid of four is off by 1/4 at most where one edge goes through a pixel.
    if not hatched:
        assert (off[seen] > 0.3).mean() < 2e-3
    uncovered = np.abs(picture[..., 3] - expected[..., 3])
    assert (uncovered > 0.3).mean() < 2e-4
    assert uncovered.max() < 0.6
    inner = expected[..., 3] == 1
    assert (picture[inner, 3] == 1).mean() > 0.998


@pytest.mark.parametrize("seed", range(4))
def test_outlines_have_all_levels_of_coverage(seed: int) -> None:
    field = waves(seed, 60)
    view = view_of(camera(seed, field, (300, 225)))
    alpha = render(field, view, look(), (0, 0, 300, 225)).rgba[..., 3]
    levels, counts = np.unique(alpha, return_counts=True)
    assert levels.tolist() == [0, 64, 128, 191, 255]
    partly = counts[1:-1]
    assert partly.min() > 0.15 * partly.sum()


def test_a_relief_is_measured_once() -> None:
    field = waves(1)
    assert ground_of(field) is ground_of(field)
    assert ground_of(replace(field)) is not ground_of(field)
