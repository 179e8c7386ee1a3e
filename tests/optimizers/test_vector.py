"""Rules on flat arrays: against their own step in the plane, torch.optim and plain recurrences."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.optimizers import RULES, Rule, optimizer
from landscape.optimizers.curvature import hessian_at
from landscape.optimizers.vector import VectorStepper, check_vector_rule
from landscape.surfaces.lookup import surface
from tests.optimizers.golden.vector_cases import (
    EVERY,
    SIZES,
    STEPS,
    VECTOR_CASES,
    Case,
    batch_at,
    task,
    torch_path,
)

Array = NDArray[np.floating[Any]]
HILL = surface("0.3*x**2 + 2*y**2 + 0.5*x*y + sin(x + 2*y)")
START = (-2.0, 1.7)

with np.load(Path(__file__).parent / "golden" / "vectors.npz") as stored:
    GOLDEN: dict[str, Array] = dict(stored)


def found_rule(spec: str) -> Rule:
    rule = optimizer(spec)
    assert isinstance(rule, Rule)
    return rule


def gradient(q: Array) -> Array:
    return np.array(HILL.gradient_at(float(q[0]), float(q[1])))


def curvature(q: Array) -> Array:
    xx, _, yy = hessian_at(HILL, "the test")(float(q[0]), float(q[1]))
    return np.array([xx, yy])


def both_paths(rule: Rule, lr: float, steps: int = 200) -> tuple[Array, Array]:
    """Return the path in the plane and that of the array of two, under a falling rate."""
    step = rule.step_on(HILL, seed=5)
    (x, y), state = START, rule.initial_state(START, lr)
    vector = VectorStepper(
        rule, np.array(START), lr, gradient=gradient, curvature=curvature, seed=5
    )
    plane, array = [START], [vector.p.copy()]
    for t in range(1, steps + 1):
        rate = lr / (1 + 0.01 * (t - 1))
        g = gradient(vector.p)
        x, y, state = step(t, rate, x, y, *HILL.gradient_at(x, y), state, HILL.gradient_at)
        vector.step(t, rate, g)
        plane.append((x, y))
        array.append(vector.p.copy())
    return np.array(plane), np.array(array)


EVERY_FORM = [
    f"{name}:form={form}"
    for name in RULES
    for form in RULES[name].forms
    if "swap(" not in RULES[name].forms[form].formula
]


@pytest.mark.parametrize("spec", EVERY_FORM)
def test_two_coordinates_have_the_bits_of_the_plane(spec: str) -> None:
    rule = found_rule(spec)
    plane, array = both_paths(rule, rule.learning_rate or 0.01)
    assert np.abs(plane[-1] - plane[0]).max() > 1e-3
    np.testing.assert_array_equal(array, plane)


# Old values that are read late, states that exchange their values, results that are needed twice.
TYPED = [
    "w = p; p = p - lr*g - 0.3*(w - u); u = w",
    "p = p - lr*a; c = a; a = b + g; b = 0.5*c - 0.1*g",
    "d = a; a = b; b = 0.5*d + g; p = p - lr*a",
    "a = g; b = g; p = p - lr*(a + b + w); w = a",
    "d = grad(p - lr*g); p = p - lr*(g + d)/2",
    "d = grad(p - lr*g); k = grad(p - lr*d); p = p - lr*(g + d + k)/3",
    "p = p - lr*grad(0.5)",
    "n = norm(g - w); w = g; p = p - lr*g*where(n > 1, 1/n, 1)",
    "s = 0.9*s + 0.1*dot(g, g); p = p - lr*g/(sqrt(s) + dot(1, 1))",
    "p = p - lr*where(g > 0, where(p < 0, g, 2*g), where(g < -1, -1, g))",
    "p = p - lr*tanh(g)*sigmoid(g) - lr*sign(g)*floor(abs(p)) + lr*(g % 3)",
    "p = p - lr*exp(-abs(g))*abs(p)**1.7 - lr*min(max(g, -1, p), 2)",
    "m = 0.9*m + 0.1*g; r = max(r, norm(m)); p = p - lr*m/max(r, 1e-9)",
    "s3 = 0.9*s3 + g; b0 = s3*g; c1 = c1 + 1; p = p - lr*s3/(1 + c1) - lr*0.01*b0",
    "v = where(t % 10 < 1, 0, 0.9*v - lr*g); p = p + v",
    "p = p - lr*g + 0.001*lr*noise() - 0.001*lr*noise()*norm(noise())",
    "h = where((t - 1) % 3 < 1, hess(p), h); p = p - lr*g/(abs(h) + 0.1)",
    "p = p - lr*e*pi*0.1*g",
]


@pytest.mark.parametrize("formula", TYPED)
def test_typed_rules_have_the_numbers_of_the_plane(formula: str) -> None:
    plane, array = both_paths(Rule("typed", formula), 0.02)
    assert np.abs(plane[-1] - plane[0]).max() > 1e-3
    assert np.isfinite(plane).all()
    np.testing.assert_allclose(array, plane, rtol=1e-12, atol=1e-12)


# -- more than two coordinates -------------------------------------------------------------------


@pytest.mark.parametrize("spec", [s for s in EVERY_FORM if s.split(":")[0] in ("adam", "rprop")])
def test_every_coordinate_goes_its_own_way(spec: str) -> None:
    rule = found_rule(spec)
    scale = np.array([0.1, 1.0, 3.0, 0.5, 2.0, 0.2, 4.0])
    start = np.linspace(-2, 2, 7)
    vector = VectorStepper(rule, start, 0.05)
    step = rule.step
    paths = [(p, p, rule.initial_state((p, p), 0.05)) for p in start.tolist()]
    for t in range(1, 61):
        vector.step(t, 0.05, scale * np.sin(vector.p))
        for k, (x, y, state) in enumerate(paths):
            g = float(scale[k] * np.sin(np.float64(x)))
            paths[k] = step(t, 0.05, x, y, g, g, state, HILL.gradient_at)
    np.testing.assert_allclose(vector.p, [x for x, _, _ in paths], rtol=1e-12)


def test_sums_run_over_all_coordinates() -> None:
    scale = np.array([1.0, 5.0, 0.2, 3.0, 0.7])

    def slope(q: Array) -> Array:
        return scale * np.cos(q)

    rule = found_rule("sam:rho=0.3")
    vector = VectorStepper(rule, np.linspace(-1, 1, 5), gradient=slope)
    p = np.linspace(-1, 1, 5)
    for t in range(1, 41):
        vector.step(t, 0.05, slope(vector.p))
        g = slope(p)
        p = p - 0.05 * slope(p + 0.3 * g / (math.sqrt(math.fsum((g * g).tolist())) + 1e-12))
    np.testing.assert_allclose(vector.p, p, rtol=1e-12)


def test_a_state_that_meets_no_array_is_one_number() -> None:
    vector = VectorStepper(found_rule("prodigy"), np.ones(5, np.float32))
    for t in range(1, 6):
        vector.step(t, 1.0, np.full(5, 0.5, np.float32))
    state = vector.state
    assert isinstance(state["d"], float)
    assert isinstance(state["r"], float)
    assert state["d"] > 1e-6  # where it began
    assert isinstance(state["m"], np.ndarray)


# -- conduct -------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", EVERY_FORM)
def test_single_precision_stays_single(spec: str) -> None:
    start = np.linspace(-1, 1, 6).astype(np.float32)
    given = start.copy()
    vector = VectorStepper(found_rule(spec), start, 0.01, gradient=np.sin, curvature=np.cos, seed=1)
    p, g = vector.p, np.sin(start)
    kept = g.copy()
    for t in range(1, 4):
        vector.step(t, 0.01, g)
    assert vector.p is p
    assert p.dtype == np.float32
    assert not np.array_equal(p, given)
    assert np.isfinite(p).all()
    np.testing.assert_array_equal(start, given)  # what was given is not touched
    np.testing.assert_array_equal(g, kept)
    for value in vector.state.values():
        assert isinstance(value, float) or value.dtype == np.float32


def test_numbers_end_without_a_warning() -> None:
    vector = VectorStepper(found_rule("gd"), np.full(3, 3e38, np.float32))
    vector.step(1, 1e3, np.full(3, -1e38, np.float32))
    assert np.isinf(vector.p).all()
    vector.step(2, 0.0, vector.p.copy())
    assert np.isnan(vector.p).all()
    # Where Python would raise: the root of a negative number, a division by zero.
    typed = VectorStepper(Rule("typed", "p = p - g*sqrt(1 - t)/(t - 2)"), np.ones(2))
    typed.step(2, 0.1, np.ones(2))
    assert np.isnan(typed.p).all()


def test_noise_follows_its_seed() -> None:
    def path(seed: int) -> Array:
        vector = VectorStepper(found_rule("sgld:temperature=1"), np.zeros(400), seed=seed)
        for t in range(1, 26):
            vector.step(t, 0.5, np.zeros(400))
        return vector.p

    np.testing.assert_array_equal(path(3), path(3))
    assert not np.array_equal(path(3), path(4))
    # 25 steps of standard deviation sqrt(2*0.5*1): 5 in all, within a tenth of 400 draws.
    assert 4.5 < path(3).std() < 5.5


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("shampoo", "two coordinates of the plane"),
        ("sam", "asks for gradients away from p"),
        ("sophia", "asks for second derivatives"),
    ],
)
def test_what_cannot_be_stepped_is_refused(rule: str, said: str) -> None:
    with pytest.raises(LandscapeError, match=said):
        VectorStepper(found_rule(rule), np.zeros(3))


def test_check_says_the_same_before_any_work() -> None:
    with pytest.raises(LandscapeError, match="take another rule"):
        check_vector_rule(found_rule("shampoo"))
    check_vector_rule(found_rule("sophia"))


@pytest.mark.parametrize("start", [np.zeros((2, 2)), np.zeros(3, np.int64)])
def test_parameters_are_flat_floats(start: Any) -> None:
    with pytest.raises(LandscapeError, match="flat array"):
        VectorStepper(found_rule("gd"), start)


# -- torch.optim on a network --------------------------------------------------------------------


def our_path(case: Case, dtype: str) -> Array:
    given = task()
    network = Network(SIZES, dtype=dtype)
    X = given.X.astype(dtype)
    vector = VectorStepper(found_rule(case.rule), given.start.astype(dtype), case.options["lr"])
    kept = [vector.p.copy()]
    for step in range(STEPS):
        rows = batch_at(step)
        _, g = network.value_and_gradient(vector.p, X[rows], given.y[rows])
        vector.step(step + 1, case.options["lr"], g)
        if (step + 1) % EVERY == 0:
            kept.append(vector.p.copy())
    return np.array(kept)


COMPARED = [
    (name, dtype)
    for name, case in VECTOR_CASES.items()
    for dtype in ("float64", "float32")
    if dtype == "float64" or case.single
]
TOLERANCE = {"float64": 1e-10, "float32": 1e-5}


def test_golden_data_and_cases_belong_together() -> None:
    assert set(GOLDEN) == {f"{name}/{dtype}" for name, dtype in COMPARED}


@pytest.mark.parametrize(("name", "dtype"), COMPARED)
def test_equals_torch_on_a_network(name: str, dtype: str) -> None:
    golden = GOLDEN[f"{name}/{dtype}"]
    assert golden.dtype == dtype
    assert np.abs(golden[-1] - golden[0]).max() > 0.05
    ours = our_path(VECTOR_CASES[name], dtype)
    worst = np.max(np.abs(ours - golden) / np.maximum(1.0, np.abs(golden)))
    assert worst <= TOLERANCE[dtype]


@pytest.mark.parametrize(("name", "dtype"), COMPARED)
def test_equals_the_torch_that_is_installed(name: str, dtype: str) -> None:
    pytest.importorskip("torch")
    theirs = torch_path(VECTOR_CASES[name], dtype)
    ours = our_path(VECTOR_CASES[name], dtype)
    assert np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))) <= TOLERANCE[dtype]
