"""What a point belongs to: checked against what is known of the surfaces, and by values around."""

from __future__ import annotations

import math

import numpy as np
import pytest

from landscape.surfaces import SURFACES, surface
from landscape.surfaces.settling import settle
from landscape.surfaces.surface import Surface

MANY = "x**2/100 + y**2/4000 - cos(x)*cos(y/sqrt(2)) + 1"


@pytest.mark.parametrize("name", SURFACES)
def test_a_point_beside_a_minimum_belongs_to_it(name: str) -> None:
    where = surface(name)
    (x0, x1), (y0, y1) = where.bounds
    for known in where.minima:
        found = settle(where, known.x + 1e-4 * (x1 - x0), known.y - 1e-4 * (y1 - y0), still=False)
        assert found is not None, known
        assert not found.floor
        assert found.point.kind == "minimum"
        away = math.hypot((found.point.x - known.x) / (x1 - x0), (found.point.y - known.y))
        assert away < 1e-5, (known, found)


@pytest.mark.parametrize("name", SURFACES)
def test_at_rest_beside_a_saddle_it_is_the_saddle(name: str) -> None:
    where = surface(name)
    for known in where.points:
        if known.kind in ("saddle", "maximum"):
            found = settle(where, known.x + 1e-5, known.y - 1e-5, still=True)
            assert found is not None
            assert found.point.kind == known.kind
            assert (found.point.x, found.point.y) == pytest.approx((known.x, known.y), abs=1e-6)
            away = settle(where, known.x + 1e-5, known.y - 1e-5, still=False)
            assert away is None or away.point.kind == "minimum"


@pytest.mark.parametrize("seed", range(20))
def test_it_stays_in_its_own_hollow(seed: int) -> None:
    """What is found is the end of a slow descent from the same point."""
    where = surface("rastrigin")
    draw = np.random.default_rng(seed)
    well = draw.integers(-4, 5, 2) * 0.995
    x, y = well + draw.uniform(-0.15, 0.15, 2)
    found = settle(where, float(x), float(y), still=False)
    for _ in range(3000):
        dx, dy = where.gradient_at(x, y)
        x, y = x - 2e-4 * dx, y - 2e-4 * dy
    assert found is not None
    assert (found.point.x, found.point.y) == pytest.approx((x, y), abs=1e-6)


def bumps(x: float, y: float) -> float:
    return (x * x - 1) ** 2 + (y * y - 1) ** 2 + 0.3 * x


@pytest.mark.parametrize(
    ("where", "at", "wanted"),
    [
        (surface(bumps), (-1.02, 0.99), (-1.0358, 1.0)),
        (surface(MANY, bounds=(-9, 9, -9, 9)), (3.1, 4.3), (3.07995, 4.43844)),
        (surface("abs(x - 1) + abs(y)"), (1.003, -0.02), (1.0, 0.0)),
        (surface("nesterov_chebyshev"), (0.99, 0.97), (1.0, 1.0)),
        (surface("x**4 + y**4"), (0.02, -0.05), (0.0, 0.0)),
        (surface("data:line"), (0.5, 1.2), None),
        (surface("data:switch,model=tanh_unit"), (2.2, 2.4), None),
    ],
    ids=["function", "formula", "kink", "kinked valley", "degenerate", "line", "unit"],
)
def test_every_kind_of_surface(
    where: Surface, at: tuple[float, float], wanted: tuple[float, float] | None
) -> None:
    found = settle(where, *at, still=False)
    assert found is not None
    if wanted is None:
        wanted = where.minima[0].x, where.minima[0].y
    assert (found.point.x, found.point.y) == pytest.approx(wanted, abs=2e-3)
    assert found.point.value <= where.value_at(*at)


def test_minima_side_by_side_are_a_floor() -> None:
    found = settle(surface("two_layer_linear"), 1.1, 0.93, still=False)
    assert found is not None
    assert found.floor
    assert found.point.x * found.point.y == pytest.approx(1, abs=1e-9)
    round_ditch = settle(surface("(x**2 + y**2 - 1)**2"), 0.71, 0.69, still=True)
    assert round_ditch is not None
    assert round_ditch.floor


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("plateau", (3.5, 2.5)),  # the hole is far
        ("x", (0.0, 0.0)),
        ("x**2 - y**2", (0.0, 1.0)),
        ("x**3", (0.0, 0.0)),
        ("log(x)", (0.1, 0.0)),
        ("1 + 0*x", (0.0, 0.0)),
    ],
)
def test_where_there_is_nothing(text: str, at: tuple[float, float]) -> None:
    for still in (False, True):
        found = settle(surface(text), *at, still=still)
        assert found is None or found.floor or found.point.kind == "degenerate"


def test_a_function_is_not_asked_outside_its_domain() -> None:
    def careful(x: float, y: float) -> float:
        if not (-3 <= x <= 3 and -3 <= y <= 3):
            raise RuntimeError("outside")
        return (x - 2.99) ** 2 + y * y

    where = surface(careful)
    assert settle(where, 2.97, 0.0, still=False) is not None
