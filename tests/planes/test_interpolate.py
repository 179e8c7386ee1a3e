from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.planes.interpolate import bilinear, catmull_rom, smooth_loss


def grid(f: Any, columns: int, rows: int) -> tuple[Any, Any, Any]:
    xs, ys = np.linspace(-1, 2, columns), np.linspace(0, 1, rows)
    return xs, ys, f(xs[None, :], ys[:, None])


def bowl(x: Any, y: Any) -> Any:
    return 0.01 + 3 * (x - 0.3) ** 2 + (y - 0.7) ** 2 + 0.2 * np.sin(3 * x * y) ** 2


def test_computed_cells_stay_as_they_are() -> None:
    xs, ys, values = grid(bowl, 13, 9)
    np.testing.assert_allclose(smooth_loss(xs, ys, values, xs, ys), values, rtol=1e-14)
    np.testing.assert_array_equal(bilinear(xs, ys, values, xs, ys), values)


def test_the_error_falls_with_the_third_power_of_the_distance() -> None:
    columns, rows = np.linspace(-1, 2, 101), np.linspace(0, 1, 83)
    exact = bowl(columns[None, :], rows[:, None])
    errors = [
        np.abs(smooth_loss(*grid(bowl, n, n), columns, rows) / exact - 1).max()
        for n in (26, 51, 101)
    ]
    linear = np.abs(bilinear(*grid(bowl, 101, 101), columns, rows) / exact - 1).max()
    assert errors[0] / errors[1] > 5
    assert errors[1] / errors[2] > 5
    assert errors[2] < 0.05 * linear


def test_columns_and_rows_are_not_mixed_up() -> None:
    xs, ys, values = grid(lambda x, y: np.exp(x + 10 * y), 21, 31)
    made = smooth_loss(xs, ys, values, np.array([0.01, 1.03]), np.array([0.11, 0.52, 0.93]))
    wanted = np.exp(np.array([[0.01, 1.03]]) + 10 * np.array([[0.11], [0.52], [0.93]]))
    assert made.shape == (3, 2)
    # The logarithm is linear, so the interpolation is exact.
    np.testing.assert_allclose(made, wanted, rtol=1e-12)


def test_a_steep_wall_makes_no_negative_loss() -> None:
    xs, ys, values = grid(lambda x, y: 1e-3 + 1e4 * np.maximum(x - 0.5, 0) ** 4 + 0 * y, 9, 9)
    columns, rows = np.linspace(-1, 2, 300), np.linspace(0, 1, 50)
    made = smooth_loss(xs, ys, values, columns, rows)
    assert made.min() == pytest.approx(1e-3)
    assert (np.diff(made[0]) >= -1e-12).all()


def test_losses_of_zero() -> None:
    xs, ys, values = grid(lambda x, y: np.maximum(x, 0) + 0 * y, 31, 5)
    columns = np.linspace(-1, 2, 200)
    made = smooth_loss(xs, ys, values, columns, ys)
    assert made.min() == 0
    np.testing.assert_allclose(made[0], np.maximum(columns, 0), atol=0.06)
    assert not smooth_loss(xs, ys, 0 * values, columns, ys).any()


def test_cells_that_are_not_finite_stay_so_and_spoil_only_what_is_beside_them() -> None:
    xs, ys, values = grid(bowl, 11, 11)
    broken = values.copy()
    broken[5, 5], broken[0, 10] = np.inf, np.nan
    columns, rows = np.linspace(-1, 2, 101), np.linspace(0, 1, 101)
    made = smooth_loss(xs, ys, broken, columns, rows)
    bad = ~np.isfinite(made)
    inside = np.zeros((101, 101), bool)
    inside[41:60, 41:60] = True
    inside[0:10, 91:101] = True
    # On the lines through the broken cell, half a cell further out is spoiled as well.
    assert bad[50, 50]
    assert bad[0, 100]
    assert not bad[~inside].any()
    assert bad[inside].mean() > 0.9
    np.testing.assert_allclose(made[~inside], bowl(columns[None], rows[:, None])[~inside], rtol=0.4)
    assert not np.isfinite(smooth_loss(xs, ys, np.inf * values, columns, rows)).any()


@pytest.mark.parametrize("count", [2, 3])
def test_very_few_lines(count: int) -> None:
    lines = np.linspace(0, 1, count)
    made = catmull_rom(lines, 3 - 2 * lines, np.linspace(0, 1, 7))
    np.testing.assert_allclose(made, 3 - 2 * np.linspace(0, 1, 7), atol=1e-14)


def test_a_smooth_minimum_between_two_lines_keeps_its_depth() -> None:
    lines = np.arange(-3.5, 4.0)
    made = catmull_rom(lines, lines**2, np.array([-0.5, 0.0, 0.2]))
    np.testing.assert_allclose(made, [0.25, 0.0, 0.04], atol=1e-14)


def test_nothing_overshoots_beside_a_jump() -> None:
    values = np.array([0.0, 0.0, 0.1, 9.0, 9.0, 9.0, 0.3, 0.3])
    at = np.linspace(0, 7, 500)
    made = catmull_rom(np.arange(8.0), values, at)
    low = np.minimum(values[:-1], values[1:])[np.clip(at.astype(int), 0, 6)]
    high = np.maximum(values[:-1], values[1:])[np.clip(at.astype(int), 0, 6)]
    assert (made >= low - 1e-12).all()
    assert (made <= high + 1e-12).all()


def test_linear_interpolation_stays_between_its_cells() -> None:
    draw = np.random.default_rng(0)
    xs, ys, values = np.arange(5.0), np.arange(4.0), draw.random((4, 5))
    made = bilinear(xs, ys, values, np.linspace(0, 4, 41), np.linspace(0, 3, 31))
    assert made[5, 15] == pytest.approx(0.25 * values[0:2, 1:3].sum())
    assert values.min() == made.min()
    assert values.max() == made.max()
