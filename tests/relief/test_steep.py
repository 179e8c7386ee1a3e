"""Walls narrower than a cell, and undersides: their lines are level and their light is even."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.relief.field import Relief
from landscape.relief.ground import ground_of
from landscape.relief.heights import Heights
from landscape.relief.look import Look
from landscape.relief.rendering import render
from landscape.relief.view import View, view_of
from tests.relief.cameras import camera, fit

Array = NDArray[Any]
SIZE = 400, 300


def cliff(slope: float, width: float = 1e-3, cells: int = 80) -> Relief:
    """Return a wall across the grid, far narrower than a cell, from 0 up to 1."""
    xs, ys = np.linspace(-1, 1, cells + 1), np.linspace(-1, 1, cells + 1)
    x, y = np.meshgrid(xs, ys)
    values = 0.5 + 0.5 * np.tanh((y - slope * x - 0.003) / width)
    return Relief(xs, ys, values, Heights("linear", 0.0, 1.0), np.linspace(0, 1, 5))


def look(**changes: Any) -> Look:
    flat = {"ambient": 1.0, "diffuse": 0.0, "specular": 0.0}
    return Look(np.ones((4, 3)), line=(0.0, 0.0, 0.0), **{**flat, **changes})


def seen(field: Relief, elevation: float, azimuth: float) -> View:
    axes = camera(0, size=SIZE)
    axes.set_proj_type("ortho")
    axes.set_box_aspect((1, 1, 0.7))
    axes.view_init(elevation, azimuth, 0)
    fit(axes, field)
    return view_of(axes)


@pytest.mark.parametrize("slope", [0.0, 0.17, 0.37, 0.71])
@pytest.mark.parametrize("azimuth", [-90, -60])
def test_lines_on_a_wall_are_level(slope: float, azimuth: float) -> None:
    field = cliff(slope)
    view = seen(field, 0, azimuth)  # from the horizon a height is a row
    picture = render(field, view, look(line_width=1.5), (0, 0, *SIZE))
    full = picture.rgba[..., 3] == 255
    dark = full & (picture.rgba[..., 1] < 150)
    rows = [SIZE[1] - view.project([(0.0, 0.0, z)])[0, 1] for z in field.levels[1:-1]]
    off = np.abs(np.argwhere(dark)[:, 0, None] + 0.5 - rows).min(axis=1)
    assert len(off) > 100
    assert off.max() < 1.6
    for row in rows:  # and they are there all along
        assert dark[int(row) - 1 : int(row) + 2].any(axis=0).sum() > 0.9 * full.any(axis=0).sum()


@pytest.mark.parametrize("slope", [0.0, 0.37])
@pytest.mark.parametrize("elevation", [0, 20])
def test_lines_on_a_wall_are_level_however_far_it_goes_on_beyond_the_cuts(
    elevation: float, slope: float
) -> None:
    field = cliff(slope)
    axis = Heights("linear", 0.0, 1.0, cut=True, sunk=True)
    field = replace(field, values=8.0 * field.values - 3.5, heights=axis)
    view = seen(field, elevation, np.degrees(np.arctan(slope)) - 90)
    picture = render(field, view, look(line_width=1.5), (0, 0, *SIZE))
    dark = (picture.rgba[..., 3] == 255) & (picture.rgba[..., 1] < 150)
    # Upwards on the screen from the wall's foot, along it on the floor.
    ends = view.project([(x, slope * x, z) for z in field.levels[1:-1] for x in (-0.9, 0.9)])
    for (x0, y0, _), (x1, y1, _) in zip(ends[::2], ends[1::2], strict=True):
        columns = np.arange(int(x0) + 1, int(x1))
        rows = SIZE[1] - np.interp(columns + 0.5, (x0, x1), (y0, y1))
        near = np.stack([dark[(rows + k).astype(int), columns] for k in range(-2, 3)])
        assert near.any(axis=0).mean() > 0.97
        assert dark[(rows - 6).astype(int), columns].mean() < 0.02
        assert dark[(rows + 6).astype(int), columns].mean() < 0.02


@pytest.mark.parametrize("elevation", [-20, -50])
@pytest.mark.parametrize("turn", [0.0, 0.3, -0.6, -1.0])
def test_a_narrow_valley_from_below_is_all_underside(turn: float, elevation: float) -> None:
    xs = ys = np.linspace(-1, 1, 41)
    x, y = np.meshgrid(xs, ys)
    across = np.abs(x + turn * y - 0.01) / np.hypot(1.0, turn)
    closed = np.abs(y) > 0.7  # or its upper side would be seen through its ends
    values = np.where(closed, 1.0, np.minimum(across / 0.06, 1.0) ** 2)
    field = Relief(xs, ys, values, Heights("linear", 0.0, 1.0), np.linspace(0, 1, 5))
    view = seen(field, elevation, np.degrees(np.arctan(turn)) + 70)
    drawn = replace(look(back=(0.0, 0.0, 1.0)), line_width=0.0)
    drawn = replace(drawn, colors=np.tile([1.0, 0.0, 0.0], (4, 1)))
    picture = render(field, view, drawn, (0, 0, *SIZE))
    full = picture.rgba[picture.rgba[..., 3] == 255].astype(float)
    assert len(full) > 10_000
    # A pixel on one of the teeth that a grid makes of it may be neither.
    assert (full[:, 2] < 0.9 * full[:, 0]).mean() < 0.006


@pytest.mark.parametrize("slope", [0.0, 0.17, 0.37, 0.71, 1.9])
def test_a_narrow_wall_looks_one_way(slope: float) -> None:
    surface = ground_of(cliff(slope)).surface.astype(float)
    inner = surface[12:-12, 12:-12].reshape(-1, 4)
    wall = np.hypot(inner[:, 1], inner[:, 2]) > 0.05
    assert wall.sum() > 30
    ways = np.degrees(np.arctan2(inner[wall, 2], inner[wall, 1]))
    assert np.abs(ways - np.degrees(np.arctan2(1, -slope))).max() < 4


def test_slopes_that_the_grid_tells_are_its_own() -> None:
    # A wall of several cells, and a crease: both are as steep as they are.
    wide = cliff(0.37, width=0.25)
    for field in (wide, Relief(wide.xs, wide.ys, np.abs(wide.values - 0.5), *rest(wide))):
        surface = ground_of(field).surface
        dv, du = np.gradient(field.values)
        inner = slice(1, -1), slice(1, -1)
        np.testing.assert_allclose(surface[..., 1][inner], du[inner], atol=1e-6)
        np.testing.assert_allclose(surface[..., 2][inner], dv[inner], atol=1e-6)


def rest(field: Relief) -> tuple[Heights, Array]:
    return field.heights, field.levels


@pytest.mark.parametrize("azimuth", [-150, -60, 40])
@pytest.mark.parametrize("elevation", [15, 40, 75])
def test_an_underside_is_nearly_as_bright_as_an_upper_side(
    elevation: float, azimuth: float
) -> None:
    xs = ys = np.linspace(-1, 1, 41)
    x, y = np.meshgrid(xs, ys)
    values = 0.1 * np.sin(2 * x) * np.cos(2 * y)
    field = Relief(xs, ys, values, Heights("linear", -0.5, 0.5), np.linspace(-0.5, 0.5, 5))
    lit = look(ambient=0.56, diffuse=0.44, line_width=0.0)
    above, below = (
        render(field, seen(field, up, azimuth), lit, (0, 0, *SIZE))
        for up in (elevation, -elevation)
    )
    upper, under = (one.rgba[one.rgba[..., 3] == 255, :3].mean() for one in (above, below))
    assert 0.7 * upper < under < 0.95 * upper


def test_an_underside_has_a_colour_of_its_own() -> None:
    xs = ys = np.linspace(-1, 1, 21)
    field = Relief(xs, ys, np.zeros((21, 21)), Heights("linear", -0.5, 0.5), np.linspace(-1, 1, 5))
    flat: dict[str, Any] = {"colors": np.tile([1.0, 0.0, 0.0], (4, 1)), "line_width": 0.0}
    seen_in: dict[tuple[int, str], Array] = {}
    for up in (50, -50):
        for name, back in (("red", (1.0, 0.0, 0.0)), ("blue", (0.0, 0.0, 1.0))):
            drawn = replace(look(back=back), **flat)
            picture = render(field, seen(field, up, -60), drawn, (0, 0, *SIZE))
            seen_in[up, name] = picture.rgba[picture.rgba[..., 3] == 255, :3].mean(axis=0)
    np.testing.assert_array_equal(seen_in[50, "red"], seen_in[50, "blue"])
    red, _, blue = seen_in[-50, "blue"] / seen_in[-50, "red"][0]
    assert 0.4 < red < 0.6
    assert 0.4 < blue < 0.7
