"""Where surfaces are torn: at jumps and poles, and not where they are merely steep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.relief.field import Relief, make_relief
from landscape.relief.look import Look
from landscape.relief.rendering import hidden, render
from landscape.relief.tears import PARTS, RIGHT, RIGHT_AT, UP, UP_AT, Tears, find_tears
from landscape.relief.view import View, view_of
from landscape.surfaces.catalogue import SURFACES
from landscape.surfaces.function import FunctionSurface
from landscape.surfaces.lookup import surface
from tests.relief.cameras import camera, fit

Array = NDArray[Any]
CELLS = 60


def tears_of(text: str, cells: int = CELLS) -> tuple[Tears | None, Array, Array]:
    where = surface(text)
    xs, ys, values = where.grid(cells + 1, cells + 1)
    return find_tears(where, xs, ys, np.array(values, float)), xs, ys


def torn_edges(found: Tears, xs: Array, ys: Array) -> tuple[set[tuple[int, int]], ...]:
    """Return the (j, i) of torn edges to the right and upwards."""
    sides = (np.argwhere(found.marks & bit) for bit in (RIGHT, UP))
    return tuple({(int(j), int(i)) for j, i in side} for side in sides)


@pytest.mark.parametrize(
    ("text", "side", "pole"),
    [
        ("where(x > 0.123, 1 + y**2, x**2 + y**2)", lambda x, y: x > 0.123, False),
        ("where(x*x + y*y < 4, 0.3, x*y)", lambda x, y: x * x + y * y < 4, False),
        ("atan(1/(x - 0.51)) + x", lambda x, y: x > 0.51, False),
        ("1/(x - 0.3*y - 0.2137)", lambda x, y: x - 0.3 * y > 0.2137, True),
        ("1/(x**2 + y**2 - 1.1) + y", lambda x, y: x * x + y * y > 1.1, True),
        ("log(abs(x - 0.33))*sign(x - 0.33)", lambda x, y: x > 0.33, True),
    ],
)
def test_edges_are_torn_exactly_where_they_cross_a_jump_or_a_pole(
    text: str, side: Any, pole: bool
) -> None:
    found, xs, ys = tears_of(text)
    assert found is not None
    one = side(xs[None, :], ys[:, None]) & np.ones((len(ys), len(xs)), bool)
    across = {(int(j), int(i)) for j, i in np.argwhere(one[:, 1:] != one[:, :-1])}
    up = {(int(j), int(i)) for j, i in np.argwhere(one[1:] != one[:-1])}
    right, upwards = torn_edges(found, xs, ys)
    # Where the sides happen to be alike there is nothing to tear, and nowhere else is a tear.
    assert right <= across
    assert upwards <= up
    assert len(right) + len(upwards) > 0.8 * (len(across) + len(up))
    assert found.unbounded == pole


def test_tears_are_found_to_a_part_of_a_cell() -> None:
    found, xs, ys = tears_of("where(x + 0.4*y > 0.123, 4 + y**2, x**2 + y**2)")
    assert found is not None
    for j, i in np.argwhere(found.marks & RIGHT):
        share = ((found.marks[j, i] >> RIGHT_AT) % PARTS + 0.5) / PARTS
        place = xs[i] + share * (xs[1] - xs[0])
        assert place == pytest.approx(0.123 - 0.4 * ys[j], abs=(xs[1] - xs[0]) / PARTS)
    for j, i in np.argwhere(found.marks & UP):
        share = ((found.marks[j, i] >> UP_AT) % PARTS + 0.5) / PARTS
        place = ys[j] + share * (ys[1] - ys[0])
        assert place == pytest.approx((0.123 - xs[i]) / 0.4, abs=(ys[1] - ys[0]) / PARTS)


@pytest.mark.parametrize("name", [*SURFACES, "rnn_cliff", "rnn_cliff:initial=-1.5"])
def test_no_shipped_surface_is_torn(name: str) -> None:
    found, _, _ = tears_of(name, 200)
    assert found is None


@pytest.mark.parametrize(
    "text",
    [
        "tanh(1e5*(x - 0.013*y)) + y**2",
        "tanh(1e9*(x - 0.013*y))",
        "sigmoid(1e12*(x*x + y*y - 4))",
        "abs(x - 0.021) + abs(y)",
        "sqrt(abs(x - 0.021))",
        "max(50*abs(x - 0.021), abs(y))",
        "sin(90*x)*cos(70*y)",
        "1/x**2",
        "1/(x - 0.021)**2",
        "log(x)",
        "exp(-1e6*((x - 0.02)**2 + y*y))",
        "1 + 0*x",
    ],
)
def test_steep_and_kinked_surfaces_are_not_torn(text: str) -> None:
    assert tears_of(text)[0] is None


@pytest.mark.parametrize("text", ["1/x", "sign(x) + y", "1/(x - y)"])
def test_tears_at_points_of_the_grid_are_found(text: str) -> None:
    found, xs, ys = tears_of(text)
    assert found is not None
    right, _ = torn_edges(found, xs, ys)
    for j, i in right:
        assert abs(xs[i : i + 2] - (ys[j] if "y)" in text else 0)).min() < 1e-9
    assert len({j for j, _ in right}) >= CELLS
    assert found.unbounded == ("/" in text)


def test_of_a_function_without_a_gradient_values_alone_tell() -> None:
    def step(x: Any, y: Any) -> Any:
        return (9.0 + y) * (x > 0.13) + 0.1 * x

    jump = FunctionSurface(step, name="jump")
    xs, ys, values = jump.grid(31, 31)
    found = find_tears(jump, xs, ys, values)
    assert found is not None
    assert not jump.exact
    assert (found.marks & RIGHT > 0).sum() == len(ys)


def view_from(field: Relief, elevation: float, azimuth: float, size: tuple[int, int]) -> View:
    axes = camera(0, size=size)
    axes.set_proj_type("ortho")
    axes.view_init(elevation, azimuth, 0)
    fit(axes, field)
    return view_of(axes)


def plain(field: Relief, **changes: Any) -> Look:
    ramp = np.linspace([0.2, 0.2, 1.0], [1.0, 0.2, 0.2], len(field.levels) - 1)
    light = {"ambient": 1.0, "diffuse": 0.0, "specular": 0.0, "line_width": 0.0}
    return Look(ramp, line=(0.1, 0.2, 0.3), **{**light, **changes})


STEP = "where(x + 0.37*y > 0.12, 1, 0)"


def test_through_a_tear_one_sees_what_is_behind() -> None:
    field = make_relief(surface(STEP), heights="linear", cells=50)
    assert field.torn is not None
    joined = Relief(field.xs, field.ys, field.values, field.heights, field.levels)
    box = 0, 0, 200, 150
    # From the lower side: a wall would stand between the sheets, over half of the height.
    view = view_from(field, 12, 180, (200, 150))
    open_, closed = (render(one, view, plain(field), box) for one in (field, joined))
    assert (closed.rgba[..., 3] > 0).sum() > 2.0 * (open_.rgba[..., 3] > 0).sum()
    wall = view.project([(0.12, 0.0, 0.5)])
    column, row = int(wall[0, 0]), 150 - int(wall[0, 1])
    assert closed.rgba[row, column, 3] == 255
    assert open_.rgba[row, column, 3] == 0
    assert not hidden(open_.scene, wall).any()


def test_sheets_end_at_the_tear_in_their_own_colours() -> None:
    # From above nothing is left out, though each cell at the tear is torn; and it is no staircase.
    field = make_relief(surface(STEP), heights="linear", cells=50, levels=[-0.25, 0.25, 0.75, 1.25])
    size = 400, 300
    view = view_from(field, 90, -90, size)
    picture = render(field, view, plain(field), (0, 0, *size))
    rows, columns = np.nonzero(picture.rgba[..., 3] == 255)
    places = np.column_stack([columns + 0.5, 300 - rows - 0.5, picture.depth[rows, columns]])
    back = np.column_stack([places, np.ones(len(places))]) @ np.linalg.inv(view.matrix).T
    back = back[:, :3] / back[:, 3:]
    pixel = 6.0 / np.ptp(columns)
    off = (back[:, 0] + 0.37 * back[:, 1] - 0.12) / np.hypot(1, 0.37)
    inner = (np.abs(back[:, :2]) < 3 - 0.2).all(axis=1)  # the ends of the tear are at the edge
    away = inner & (np.abs(off) > pixel)
    np.testing.assert_allclose(back[away, 2], off[away] > 0, atol=1e-4)
    colors = picture.rgba[rows, columns].astype(int)
    high, low = colors[away & (off > 0)], colors[away & (off < 0)]
    assert np.ptp(high, axis=0).max() <= 1
    assert np.ptp(low, axis=0).max() <= 1
    assert high[0, 0] > low[0, 0] + 60
    # At most a sample or two of a pixel on the tear itself are on neither sheet.
    x, y = (part.ravel() for part in np.meshgrid(*2 * [np.linspace(-2.8, 2.8, 150)]))
    seen = view.project(np.column_stack([x, y, x + 0.37 * y > 0.12]))
    alpha = picture.rgba[299 - seen[:, 1].astype(int), seen[:, 0].astype(int), 3]
    assert (alpha >= 128).all()
    assert (alpha == 255).mean() > 0.97


@pytest.mark.parametrize("threads", [2, 3])
def test_torn_pictures_have_the_same_bits_on_any_number_of_threads(threads: int) -> None:
    field = make_relief(surface("1/(x**2 + y**2 - 1.1)"), cells=60)
    view = view_from(field, 35, -60, (120, 90))
    one, more = (render(field, view, plain(field), (0, 0, 120, 90), n) for n in (1, threads))
    assert one.rgba.tobytes() == more.rgba.tobytes()
    assert one.depth.tobytes() == more.depth.tobytes()


def test_light_beside_a_tear_is_that_of_its_sheet() -> None:
    field = make_relief(surface("where(x > 0.02, 5, 0)"), heights="linear", cells=50)
    view = view_from(field, 60, -60, (300, 225))
    lit = {"ambient": 0.3, "diffuse": 0.7}
    picture = render(field, view, plain(field, **lit), (0, 0, 300, 225))
    colors = picture.rgba[picture.rgba[..., 3] == 255][:, :3]
    # Two level sheets: two colours, and no band of a wall's light between them.
    _, counts = np.unique(colors // 4, axis=0, return_counts=True)
    assert np.sort(counts)[::-1][:4].sum() > 0.995 * counts.sum()


def test_heights_end_at_tears() -> None:
    field = make_relief(surface("where(x > 0.123, 1 + y**2, x**2)"), cells=50)
    found = field.z_at([0.05, 0.123, 0.3], [1.0, 1.0, 1.0])
    assert np.isnan(found).tolist() == [False, True, False]


def test_a_pole_is_cut_off_at_both_ends_and_leaves_room_for_the_rest() -> None:
    where = surface("1/(x**2 + y**2 - 1)")
    axis = make_relief(where).heights
    assert axis.cut
    assert axis.sunk
    assert axis.kind == "linear"
    assert -5 < axis.low < -1
    assert 1 < axis.high < 5
    field = make_relief(where)
    assert axis.low <= field.levels[0] < field.levels[-1] <= axis.high
    # As asked for, nothing is cut; and a `clip` is the upper end.
    assert make_relief(where, heights="linear").heights.high > 100
    asked = make_relief(where, clip=8.0).heights
    assert asked.high == 8.0
    assert asked.low < 0
    # A pole to one side alone has a floor.
    one_sided = make_relief(surface("1/(x**2 + y**2)")).heights
    assert one_sided.low >= 0


def test_infinite_losses_are_cut_off_with_the_rest_on_either_side_of_a_pole() -> None:
    field = make_relief(surface("1/x"), cells=60)  # a line of the grid runs along the pole
    middle = field.values[:, 30]
    assert np.isfinite(middle).all()
    assert field.torn is not None
    assert np.isnan(field.z_at(field.xs[29:31].mean(), 0.51))
    assert np.isfinite(field.z_at(field.xs[30:32].mean(), 0.51))


def test_what_is_known_to_be_continuous_is_not_torn() -> None:
    # Its wall is narrower than two neighbouring floats are apart.
    assert make_relief(surface("rnn_cliff:iterations=200")).torn is None
