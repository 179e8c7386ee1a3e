"""Borders and optima of theory: against the roots, against paths."""

from __future__ import annotations

import math

import numpy as np
import pytest

from landscape.descent import descend
from landscape.maps.measured import lowest_point, measured_rate
from landscape.maps.spectrum import is_linear, spectral_radius
from landscape.maps.theory import fastest, hessian_near, largest_rate, quadratic_hessian
from landscape.optimizers.catalogue import RULES
from landscape.optimizers.lookup import find_rule, optimizer
from landscape.surfaces.lookup import surface

RAVINE = surface("ravine:kappa=30,rotation=25")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ravine", [[1, 0], [0, 20]]),
        ("booth", [[10, 8], [8, 10]]),
        ("x**2 + 3*y", [[2, 0], [0, 0]]),
        ("saddle", [[2, 0], [0, -2]]),
    ],
)
def test_a_quadratic_form_has_its_hessian(text: str, wanted: list[list[float]]) -> None:
    found = quadratic_hessian(surface(text))
    assert found == pytest.approx(np.array(wanted, dtype=float))


@pytest.mark.parametrize(
    "text",
    [
        "beale",
        "himmelblau",
        "x**2 + abs(y)",
        "where(x > 0, x**2, 3*x**2) + y**2",
        "x**2 + y**2 + 1e-3*x**3",
        "sin(x) + y**2",
        "max(x, y)**2",
    ],
)
def test_what_is_no_quadratic_form_is_none(text: str) -> None:
    assert quadratic_hessian(surface(text)) is None


def test_a_linear_model_on_data_is_a_quadratic_form() -> None:
    where = surface("data:diabetes")
    found = quadratic_hessian(where)
    assert found is not None
    rate = largest_rate(optimizer("gd"), found)
    assert rate == pytest.approx(2 / np.linalg.eigvalsh(found)[-1])


FORMS = [(name, form) for name in ("gd", "momentum", "nesterov") for form in RULES[name].forms]


@pytest.mark.parametrize(("name", "form"), FORMS)
@pytest.mark.parametrize("mu", [-0.6, 0.0, 0.3, 0.9, 0.99])
def test_borders_are_where_the_spectral_radius_is_one(name: str, form: str, mu: float) -> None:
    hessian = quadratic_hessian(RAVINE)
    assert hessian is not None
    rule = find_rule(name, form=form, **({} if name == "gd" else {"mu": mu}))
    border = largest_rate(rule, hessian)
    assert border is not None
    assert border > 0
    for share, stable in ((0.02, True), (0.9999, True), (1.0001, False)):
        radius = spectral_radius(rule.with_learning_rate(share * border), hessian)
        assert (radius < 1) == stable


def test_momentum_beyond_one_has_no_stable_rate() -> None:
    hessian = quadratic_hessian(RAVINE)
    assert hessian is not None
    for name in ("momentum", "nesterov"):
        rule = find_rule(name, mu=1.02)
        assert largest_rate(rule, hessian) == 0
        assert spectral_radius(rule.with_learning_rate(1e-4), hessian) > 1


def test_a_typed_rule_has_the_border_of_the_one_it_is() -> None:
    hessian = quadratic_hessian(RAVINE)
    assert hessian is not None
    typed = optimizer("w = a*w - lr*g; p = p + w:a=0.7")
    assert largest_rate(typed, hessian) == pytest.approx(2 * 1.7 / 30, rel=1e-9)


def test_only_rules_that_are_linear_have_borders() -> None:
    hessian = quadratic_hessian(RAVINE)
    assert hessian is not None
    linear = [name for name in RULES if is_linear(optimizer(name), hessian)]
    assert linear == ["gd", "momentum", "nesterov"]
    for text in ("p = p - lr*sign(g)", "p = p - lr*g/t", "p = p - lr*g + 1", "p = p - lr*g**2"):
        assert not is_linear(optimizer(text), hessian)
    assert largest_rate(optimizer("adam"), hessian) is None
    assert largest_rate(optimizer("gd:schedule=cosine"), hessian) is None
    assert largest_rate(optimizer("gd"), np.array([[2.0, 0.0], [0.0, -2.0]])) is None


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
@pytest.mark.parametrize("kappa", [4, 30])
def test_optima_attain_their_rates(name: str, kappa: float) -> None:
    where = surface(f"ravine:kappa={kappa},rotation=25")
    hessian = quadratic_hessian(where)
    assert hessian is not None
    for one in fastest(optimizer(name), hessian):
        rule = find_rule(name, **one.values)
        assert spectral_radius(rule, hessian) == pytest.approx(one.rate, abs=1e-5)
        steps = round(-20 / math.log(one.rate))  # to e**-20, far above rounding
        path = descend(where, rule, start=(-4, 1.5), steps=steps)
        found = measured_rate(path.points, (0, 0))
        # Double roots add a factor that grows as the steps do.
        assert found == pytest.approx(one.rate, rel=0.1 if steps < 40 else 0.05)


def test_no_settings_beat_polyak() -> None:
    hessian = quadratic_hessian(RAVINE)
    assert hessian is not None
    (best,) = fastest(optimizer("momentum"), hessian)
    draw = np.random.default_rng(0)
    for rate, mu in zip(draw.uniform(0, 0.13, 200), draw.uniform(0, 1, 200), strict=True):
        rule = find_rule("momentum", lr=float(rate), mu=float(mu))
        assert spectral_radius(rule, hessian) > best.rate - 1e-6


def test_the_nearest_minimum_has_the_local_hessian() -> None:
    where = surface("himmelblau")
    found = hessian_near(where, 2.9, 2.2)
    assert found == pytest.approx(where.hessian(3, 2))  # type: ignore[attr-defined]
    assert hessian_near(surface("x + y"), 0, 0) is None
    assert lowest_point(surface("booth")) == pytest.approx((1, 3))
    assert lowest_point(where, (2.9, 2.2)) == pytest.approx((3, 2))
    assert lowest_point(surface("x**2")) is None


def test_a_round_bowl_needs_no_momentum() -> None:
    hessian = 0.00134 * np.eye(2)
    hessian[0, 0] *= 1 + 3e-16  # as rounding leaves it
    (polyak,) = fastest(optimizer("momentum"), hessian)
    assert polyak.values["mu"] == 0
    assert polyak.rate == 0
    assert polyak.values["lr"] == pytest.approx(1 / 0.00134)


def test_the_smallest_curvature_is_not_called_as_the_momentum_is() -> None:
    hessian = np.diag([1.0, 20.0])
    (one,) = fastest(optimizer("gd"), hessian)
    assert one.name == "2/(L + m)"
    assert one.values["lr"] == pytest.approx(2 / 21)
