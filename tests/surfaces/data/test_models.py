"""Losses, derivatives, minima and curvatures against the definitions and scikit-learn."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, LogisticRegression

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.surfaces.data import DataSurface
from tests.surfaces.data.oracles import Case, cases, make

CASES = cases()
IDS = [case.spec for case in CASES]
each = pytest.mark.parametrize("case", CASES, ids=IDS)
STEP = 1e-30


def spots(made: DataSurface, count: int = 25, share: float = 1.0) -> list[tuple[float, float]]:
    """Points of the domain."""
    (x0, x1), (y0, y1) = made.bounds
    draw = np.random.default_rng(1)
    middle, half = np.array([x0 + x1, y0 + y1]) / 2, np.array([x1 - x0, y1 - y0]) / 2
    return [tuple(middle + share * half * draw.uniform(-1, 1, 2)) for _ in range(count)]


@each
def test_value_is_the_definition(case: Case) -> None:
    made = case.made
    for x, y in spots(made):
        assert made.value_at(x, y) == pytest.approx(float(case.loss(x, y)), rel=1e-11)


@each
def test_gradient_is_the_complex_step(case: Case) -> None:
    made = case.made
    scale = np.abs(made.gradient(*np.array(spots(made)).T)).max(axis=1)
    for x, y in spots(made):
        dx = case.loss(x + 1j * STEP, y).imag / STEP
        dy = case.loss(x, y + 1j * STEP).imag / STEP
        assert np.abs((np.array(made.gradient_at(x, y)) - [dx, dy]) / scale).max() < 1e-11


@each
def test_hessian_is_the_slope_of_the_gradient(case: Case) -> None:
    made = case.made
    (x0, x1), (y0, y1) = made.bounds
    for x, y in spots(made, 8, 0.5):
        h, k = 1e-5 * (x1 - x0), 1e-5 * (y1 - y0)
        by_x = (made.gradient(x + h, y) - made.gradient(x - h, y)) / (2 * h)
        by_y = (made.gradient(x, y + k) - made.gradient(x, y - k)) / (2 * k)
        found = made.hessian(x, y)
        scale = np.abs(found).max() + np.abs(made.hessian(*made.start)).max()
        np.testing.assert_allclose(found, np.stack([by_x, by_y], axis=1), atol=2e-6 * scale)
        assert found[0, 1] == found[1, 0]


@each
def test_derivatives_are_those_of_torch(case: Case) -> None:
    torch = pytest.importorskip("torch")
    columns, t = torch.tensor(case.columns), torch.tensor(case.target)

    def loss(p: Any) -> Any:
        if case.model == "two_layer_linear":
            return ((p[1] * p[0] * columns[:, 0] - t) ** 2).mean() / 2
        z = columns @ p
        if case.model == "logistic":
            return torch.logaddexp(-t * z, torch.zeros(())).mean()
        said = {"linear": lambda v: v, "tanh_unit": torch.tanh, "sigmoid_unit": torch.sigmoid}
        return ((said[case.model](z) - t) ** 2).mean() / 2

    made = case.made
    for x, y in spots(made, 5):
        p = torch.tensor([x, y], dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(loss(p), p)
        bend = torch.autograd.functional.hessian(loss, p).numpy()
        np.testing.assert_allclose(
            made.gradient(x, y), slope.numpy(), rtol=1e-9, atol=1e-9 * float(slope.abs().max())
        )
        np.testing.assert_allclose(
            made.hessian(x, y), bend, rtol=1e-9, atol=1e-9 * np.abs(bend).max()
        )


@each
def test_points_arrays_and_grids_agree(case: Case) -> None:
    made = case.made
    xs, ys, values = made.grid(33, 21)
    assert values.shape == (21, 33)
    np.testing.assert_allclose(made.value(xs[None, :], ys[:, None]), values, rtol=1e-12)
    assert made.value_at(float(xs[4]), float(ys[7])) == pytest.approx(values[7, 4], rel=1e-13)
    slopes = made.gradient(xs[None, :], ys[:, None])
    assert slopes.shape == (2, 21, 33)
    assert tuple(slopes[:, 7, 4]) == pytest.approx(made.gradient_at(xs[4], ys[7]), rel=1e-12)
    assert made.hessian(xs[None, :], ys[:, None]).shape == (2, 2, 21, 33)
    assert made.value(1.0, 2.0).shape == ()
    assert made.gradient(1.0, 2.0).shape == (2,)
    assert made.hessian(1.0, 2.0).shape == (2, 2)
    assert made(1.0, 2.0) == made.value(1.0, 2.0)
    value, slope = made.value_at(1, 2), made.gradient_at(1, 2)
    assert {type(value), *map(type, slope)} == {float}


@pytest.mark.parametrize("model", ["logistic", "tanh_unit", "sigmoid_unit"])
@pytest.mark.parametrize("n", [3, 63, 64, 65, 200])
def test_grids_of_any_number_of_examples(model: str, n: int) -> None:
    made = make(f"data:blobs,model={model},feature=x1,n={n}")
    for reach in (1e-3, 1, 30, 300, 1e6):  # beyond 300 the exponentials are not separable
        lines = np.linspace(-reach, 1.1 * reach, 7)
        plain = made.value(lines[None, :], lines[:, None])
        np.testing.assert_allclose(made.value_on_grid(lines, lines), plain, rtol=1e-12, atol=1e-14)
    # A grid takes little memory beside its values: never (examples, columns, rows).
    assert made.value_on_grid(lines, lines).shape == (7, 7)


def test_a_large_grid_needs_little_memory() -> None:
    import tracemalloc

    made = make("data:blobs,model=tanh_unit,feature=x1,n=3000")
    tracemalloc.start()
    made.grid(200, 200)
    made.gradient(*np.random.default_rng(0).normal(size=(2, 10_000)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 30e6  # all examples at all points would be 240 MB and more


@each
def test_far_away_numbers_are_numbers_or_nan(case: Case) -> None:
    made = case.made
    for far in (1e8, -1e8):
        assert made.value_at(far, far) > 0
        assert np.isfinite(made.gradient_at(far, -far)).all()
    assert math.isnan(made.value_at(math.nan, 0.0))
    assert np.isnan(made.gradient_at(math.nan, 0.0)).all()
    for huge in (1e308, math.inf):  # no warning, no exception
        made.value_at(huge, huge)
        made.gradient_at(huge, -huge)
        made.value([huge, 1.0], [huge, 1.0])


# -- minima and curvatures -------------------------------------------------------------------


@each
def test_slope_vanishes_at_the_known_points(case: Case) -> None:
    made = case.made
    assert made.points
    (x0, x1), (y0, y1) = made.bounds
    assert x0 < made.start[0] < x1
    assert y0 < made.start[1] < y1
    for point in made.points:
        # Measured against the slope at the start.
        scale = np.abs(made.gradient_at(*made.start)).max()
        assert np.abs(made.gradient_at(point.x, point.y)).max() < 1e-10 * max(scale, 1e-3)
        assert point.value == made.value_at(point.x, point.y)
        low, high = np.linalg.eigvalsh(made.hessian(point.x, point.y))
        assert point.kind == ("minimum" if low > 0 else "saddle")
        assert high > 0
        # Well inside: at least a sixth of the domain from its edges.
        assert x0 + (x1 - x0) / 8 < point.x < x1 - (x1 - x0) / 8
        assert y0 + (y1 - y0) / 8 < point.y < y1 - (y1 - y0) / 8


@pytest.mark.parametrize("case", [c for c in CASES if c.model == "linear"], ids=lambda c: c.spec)
def test_minimum_is_that_of_linear_regression(case: Case) -> None:
    fitted = LinearRegression().fit(case.features, case.target)
    (best,) = case.made.minima
    second = fitted.coef_[1] if case.features.shape[1] == 2 else fitted.intercept_
    assert (best.x, best.y) == pytest.approx((fitted.coef_[0], second), rel=1e-10)
    residual = case.target - fitted.predict(case.features)
    assert case.made.lowest == pytest.approx(np.mean(residual**2) / 2, rel=1e-12)


@pytest.mark.parametrize("case", [c for c in CASES if c.model == "logistic"], ids=lambda c: c.spec)
def test_minimum_is_that_of_logistic_regression(case: Case) -> None:
    fitted = LogisticRegression(
        C=np.inf,
        fit_intercept=case.features.shape[1] == 1,
        solver="newton-cholesky",
        tol=1e-13,
        max_iter=1000,
    ).fit(case.features, case.target)
    (best,) = case.made.minima
    second = fitted.coef_[0, 1] if case.features.shape[1] == 2 else fitted.intercept_[0]
    assert (best.x, best.y) == pytest.approx((fitted.coef_[0, 0], second), rel=1e-7)
    assert case.made.lowest is not None
    assert case.made.lowest <= case.loss(fitted.coef_[0, 0], second) * (1 + 1e-14)


@pytest.mark.parametrize("case", [c for c in CASES if c.model[-4:] == "unit"], ids=lambda c: c.spec)
def test_no_lower_minimum_of_a_unit_is_found_by_scipy(case: Case) -> None:
    import scipy.optimize

    made = case.made
    best = made.minima[0]
    ends = [
        scipy.optimize.minimize(
            lambda p: float(case.loss(*p)), start, method="BFGS", options={"gtol": 1e-9}
        )
        for start in spots(made, 12, 0.6)
    ]
    lowest = min(ends, key=lambda end: end.fun)
    assert best.value <= lowest.fun * (1 + 1e-12)
    assert (best.x, best.y) == pytest.approx(tuple(lowest.x), abs=1e-5)


@each
def test_condition_is_that_of_numpy(case: Case) -> None:
    made = case.made
    if case.model == "two_layer_linear":
        assert made.condition == math.inf
        slope = float(case.features[:, 0] @ case.target / (case.features[:, 0] ** 2).sum())
        w = math.sqrt(slope)
        assert np.linalg.eigvalsh(made.hessian(w, w))[-1] == pytest.approx(made.largest_curvature)
        return
    best = made.minima[0]
    hessian = made.hessian(best.x, best.y)
    assert made.condition == pytest.approx(np.linalg.cond(hessian), rel=1e-8)
    assert made.largest_curvature == pytest.approx(np.linalg.norm(hessian, 2), rel=1e-12)
    if case.model == "linear":
        # Of the data themselves, which squares nothing.
        assert made.condition == pytest.approx(np.linalg.cond(case.columns) ** 2, rel=1e-9)


@pytest.mark.parametrize("spec", ["data:line", "data:scales", "data:blobs,scaling=standard"])
def test_gd_is_stable_up_to_two_divided_by_the_largest_curvature(spec: str) -> None:
    made = make(spec)
    assert made.largest_curvature is not None
    limit = 2 / made.largest_curvature
    best = made.minima[0]
    start = best.x + 1e-3, best.y + 1e-3
    below, beyond = (
        descend(made, "gd", learning_rate=share * limit, start=start, steps=400)
        for share in (0.99, 1.01)
    )
    width = made.bounds[0][1] - made.bounds[0][0]
    distance = [np.hypot(*(path.points - [best.x, best.y]).T) for path in (below, beyond)]
    assert distance[0][-1] < distance[0][0]
    assert distance[1][-1] > 5 * distance[1][0] or distance[1][-1] > width / 10


def test_raw_features_are_a_longer_bowl() -> None:
    conditions = {
        scaling: make("data:scales", scaling=scaling).condition or math.nan
        for scaling in ("raw", "standard", "minmax")
    }
    assert conditions["raw"] == pytest.approx(100, rel=0.1)  # the square of the ratio of scales
    assert conditions["standard"] < 1.5
    assert conditions["minmax"] < 3
    assert make("data:line,scaling=standard").condition == pytest.approx(1, rel=1e-12)


def test_the_domain_of_two_features_is_square() -> None:
    (x0, x1), (y0, y1) = make("data:scales").bounds
    assert x1 - x0 == pytest.approx(y1 - y0, rel=0.05)


def test_classes_that_can_be_told_apart_have_no_minimum() -> None:
    for model in ("logistic", "tanh_unit"):
        made = make(f"data:iris,model={model},feature=petal_length,classes=setosa/virginica")
        assert made.points == ()
        assert made.condition is None
        assert made.largest_curvature is None
        assert made.lowest is None
        # The weights that tell them apart: the longer, the lower.
        w, b = 1.0, -3.0  # all of setosa lies below three, all of virginica above
        losses = [made.value_at(length * w, length * b) for length in (1, 4, 16, 32)]
        assert losses == sorted(losses, reverse=True)
        assert losses[-1] < 1e-6


# -- what others rely on ---------------------------------------------------------------------


@each
def test_what_is_written_makes_it_again(case: Case) -> None:
    made = case.made
    again = make(made.spec)
    assert again.spec == made.spec
    assert again.bounds == made.bounds
    assert again.value_at(*made.start) == made.value_at(*made.start)
    assert again.name == made.name
    assert made.name.isascii()
    assert made.name.replace("_", "").isalnum()
    assert make(made.spec, bounds=(0, 1, 2, 3)).bounds == ((0, 1), (2, 3))


@each
def test_copies_and_pickles(case: Case) -> None:
    made = case.made
    for twin in (pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made)):
        assert twin.value_at(*made.start) == made.value_at(*made.start)
        assert twin.batches(5, 0)()(1.0, 1.0) == made.batches(5, 0)()(1.0, 1.0)
        assert (twin.points, twin.bounds, twin.spec) == (made.points, made.bounds, made.spec)
    assert len({made, made}) == 1
    assert made == made  # noqa: PLR0124
    assert made != case.made


@each
def test_titles_are_read_by_matplotlib(case: Case) -> None:
    from matplotlib.mathtext import MathTextParser

    assert MathTextParser("path").parse(f"${case.made.latex}$").width > 0
    assert len(case.made.labels) == 2


def test_labels() -> None:
    assert make("data:line").labels == ("w", "b")
    assert make("data:scales").labels == ("w1", "w2")
    assert make("data:diabetes,features=bmi/s5").labels == ("w_bmi", "w_s5")
    assert make("data:diabetes,model=two_layer_linear").labels == ("w1", "w2")


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["linear", "logistic", "tanh_unit", "sigmoid_unit", "two_layer_linear"]),
    st.integers(3, 80),
    st.integers(0, 10_000),
    st.floats(-3, 3),
    st.floats(-3, 3),
)
def test_any_generated_data(model: str, n: int, seed: int, x: float, y: float) -> None:
    number = model in ("linear", "two_layer_linear")
    try:
        made = make(
            f"data:{'line' if number else 'switch'},model={model},n={n},seed={seed},noise=1"
        )
    except LandscapeError as problem:
        if "is constant" not in str(problem):  # three examples may all be on
            raise
        reject()
    h = 1e-6
    dx = (made.value_at(x + h, y) - made.value_at(x - h, y)) / (2 * h)
    dy = (made.value_at(x, y + h) - made.value_at(x, y - h)) / (2 * h)
    size = 1 + abs(made.value_at(x, y)) + float(np.abs(made.hessian(x, y)).max())
    assert made.gradient_at(x, y) == pytest.approx((dx, dy), abs=1e-7 * size)
    for point in made.points:
        assert np.abs(made.gradient_at(point.x, point.y)).max() < 1e-8
