"""The search for critical points: everything that is known, nothing that is not there."""

from __future__ import annotations

import math

import pytest

from landscape import errors
from landscape.surfaces import SURFACES, FormulaSurface, Surface, surface
from landscape.surfaces.critical import critical_points


def found(formula: str, *bounds: float) -> list[tuple[float, float, str]]:
    points = critical_points(surface(formula, bounds=bounds or None))
    return [(p.x, p.y, p.kind) for p in points]


@pytest.mark.parametrize("name", SURFACES)
def test_known_points_are_found(name: str) -> None:
    s = surface(name)
    points = critical_points(s)
    for known in s.points:
        near = [p for p in points if math.hypot(p.x - known.x, p.y - known.y) < 1e-8]
        assert [p.kind for p in near] == [known.kind], known
        assert near[0].value == pytest.approx(known.value, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("name", SURFACES)
def test_what_is_found_is_critical(name: str) -> None:
    s = surface(name)
    assert isinstance(s, FormulaSurface)
    points = critical_points(s)
    assert len(points) <= 60
    (x0, x1), (y0, y1) = s.bounds
    for p in points:
        assert x0 <= p.x <= x1
        assert y0 <= p.y <= y1
        assert p.value == s.value_at(p.x, p.y)
        steepness = abs(s.hessian(p.x, p.y)).max()
        if math.isfinite(steepness):
            assert max(map(abs, s.gradient_at(p.x, p.y))) <= 1e-9 * max(1, steepness)
    assert list(points) == sorted(points, key=lambda p: p.value)


@pytest.mark.parametrize("name", sorted(set(SURFACES) - {"easom", "rastrigin", "ackley"}))
def test_nothing_else_is_found(name: str) -> None:
    s = surface(name)
    assert len(critical_points(s)) == len(s.points)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("x**2 + y**2", [(0, 0, "minimum")]),
        ("-x**2 - 3*y**2", [(0, 0, "maximum")]),
        ("x*y", [(0, 0, "saddle")]),
        ("x**2 + y**4", [(0, 0, "minimum")]),  # a singular Hessian, but a minimum
        ("-x**4 - y**4", [(0, 0, "maximum")]),
        ("x**3 - 3*x*y**2", [(0, 0, "degenerate")]),
        ("x**3 + y**2", [(0, 0, "degenerate")]),
        ("x**4 - 2*x**2 + y**2", [(-1, 0, "minimum"), (1, 0, "minimum"), (0, 0, "saddle")]),
        ("abs(x) + abs(y)", [(0, 0, "minimum")]),  # kinks
        ("abs(x - 1) + 2*abs(y + x)", [(1, -1, "minimum")]),
        ("max(x**2, (y - 1)**2)", [(0, 1, "minimum")]),
        ("sqrt(x**2 + y**2)", [(0, 0, "minimum")]),
        ("(x**2 + y**2)**0.3", [(0, 0, "minimum")]),
        ("exp(-x**2 - y**2)", [(0, 0, "maximum")]),
        ("x", []),
        ("3", []),
        ("exp(x)", []),
        ("log(x*y)", []),
        ("1/(x**2 + y**2)", []),
        ("sin(x) + y", []),
        ("sqrt(x)", []),
        ("floor(x) + floor(y)", []),
    ],
)
def test_formulas(formula: str, expected: list[tuple[float, float, str]]) -> None:
    points = found(formula)
    assert [kind for *_, kind in points] == [kind for *_, kind in expected]
    for (x, y, _), (u, v, _) in zip(points, expected, strict=True):
        assert (x, y) == pytest.approx((u, v), abs=1e-6)


@pytest.mark.parametrize(
    ("formula", "isolated"),
    [
        ("1/2*(x*y - 1)**2", [(0, 0, "saddle")]),
        ("(x**2 + y**2 - 1)**2", [(0, 0, "maximum")]),
        ("sin(x**2 + y**2)", [(0, 0, "minimum")]),
        ("(x - y)**2", []),
        ("x**2*y**2", []),
    ],
)
def test_of_a_line_of_minima_none_is_given(
    formula: str, isolated: list[tuple[float, float, str]]
) -> None:
    assert found(formula) == isolated


def test_of_very_many_only_the_lowest_minima_are_given() -> None:
    points = critical_points(surface("sin(9*x)**2 + sin(9*y)**2 + x**2 + y**2"))
    assert len(points) == 25
    assert {p.kind for p in points} == {"minimum"}
    assert (points[0].x, points[0].y, points[0].value) == (0, 0, 0)
    lattice = sorted(i * i + j * j for i in range(-3, 4) for j in range(-3, 4))[:25]
    step = points[1].x or points[1].y  # the wells' distance
    squares = [round((p.x / step) ** 2 + (p.y / step) ** 2) for p in points]
    assert sorted(squares) == lattice


def test_bounds_say_where() -> None:
    everywhere = found("cos(x) + y**2", -1, 10, -1, 1)
    assert [round(x / math.pi) for x, _, _ in everywhere] == [1, 3, 0, 2]
    s = surface("cos(x) + y**2", bounds=(-1, 10, -1, 1))
    inside = critical_points(s, ((2.0, 4.0), (-1.0, 1.0)))
    assert [(round(p.x, 9), p.kind) for p in inside] == [(round(math.pi, 9), "minimum")]
    with pytest.raises(errors.LandscapeError, match="x0 < x1"):
        critical_points(s, ((4.0, 2.0), (-1.0, 1.0)))


def test_same_answer_every_time() -> None:
    s = surface("himmelblau")
    assert critical_points(s) == critical_points(s)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("height", [1e-8, 1.0, 1e8])
def test_units_make_no_difference(scale: float, height: float) -> None:
    text = f"{height!r}*((x/{scale!r})**4 - 2*(x/{scale!r})**2 + (y/{scale!r})**2)"
    points = found(text, *(scale * side for side in (-2, 2, -2, 2)))
    assert [kind for *_, kind in points] == ["minimum", "minimum", "saddle"]
    assert [x / scale for x, *_ in points] == pytest.approx([-1, 1, 0], abs=1e-6)


def test_a_surface_that_is_no_formula_gives_what_it_knows() -> None:
    class Other(Surface):
        name = "other"
        bounds = ((0.0, 1.0), (0.0, 1.0))

        def value(self, x, y):  # type: ignore[no-untyped-def]
            raise AssertionError

        gradient = value

    assert critical_points(Other()) == ()


def test_a_formula_that_cannot_be_differentiated_has_none() -> None:
    nested = "x"
    for _ in range(40):
        nested = f"sin({nested})*cos({nested})" if len(nested) < 1500 else f"sin({nested})"
    with pytest.raises(errors.LandscapeError):
        surface(nested).gradient_at(0.1, 0.2)
    assert critical_points(surface(nested)) == ()
