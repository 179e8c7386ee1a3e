"""Every surface of the catalogue: derivatives, critical points, published facts, titles."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.optimize

from landscape.surfaces import SURFACES, FormulaSurface, surface

NAMES = list(SURFACES)
# Kinks, at which no finite difference is to be trusted: distance to one as a function of x and y.
KINKS: dict[str, Callable[[Any, Any], Any]] = {
    "ackley": np.hypot,
    "nesterov_chebyshev": lambda x, y: abs(y - 2 * x**2 + 1),
}


def make(name: str, **parameters: Any) -> FormulaSurface:
    made = surface(name, **parameters)
    assert isinstance(made, FormulaSurface)
    return made


def random_points(name: str, count: int = 60) -> tuple[Any, Any]:
    x0, x1, y0, y1 = SURFACES[name].bounds
    draw = np.random.default_rng(sum(map(ord, name)))
    x, y = draw.uniform(x0, x1, count), draw.uniform(y0, y1, count)
    if name in KINKS:
        far = KINKS[name](x, y) > 0.05
        x, y = x[far], y[far]
        assert len(x) > count / 2
    return x, y


def richardson(f: Callable[[Any], Any], at: Any, step: float) -> Any:
    """The derivative of f by central differences, extrapolated to fourth order."""
    halves = [(f(at + h) - f(at - h)) / (2 * h) for h in (step, step / 2)]
    return (4 * halves[1] - halves[0]) / 3


def close(found: Any, expected: Any, values: Any, step: float) -> None:
    """Equal up to what a difference loses: rounding (eps |f| / step) and the next order."""
    noise = 100 * np.finfo(float).eps * np.abs(values) / step
    assert np.all(np.abs(found - expected) <= noise + 1e-6 * (1 + np.abs(expected)))


@pytest.mark.parametrize("name", NAMES)
def test_gradient_is_the_slope_of_the_value(name: str) -> None:
    s = make(name)
    x, y = random_points(name)
    dx, dy = s.gradient(x, y)
    step, values = 1e-3, s.value(x, y)
    close(dx, richardson(lambda u: s.value(u, y), x, step), values, step)
    close(dy, richardson(lambda v: s.value(x, v), y, step), values, step)


@pytest.mark.parametrize("name", NAMES)
def test_hessian_is_the_slope_of_the_gradient(name: str) -> None:
    s = make(name)
    x, y = random_points(name)
    step, slopes = 1e-3, s.gradient(x, y)
    close(s.hessian(x, y)[0], richardson(lambda u: s.gradient(u, y), x, step), slopes, step)
    close(s.hessian(x, y)[1], richardson(lambda v: s.gradient(x, v), y, step), slopes, step)


@pytest.mark.parametrize("name", NAMES)
def test_one_point_and_arrays_agree(name: str) -> None:
    s = make(name)
    x, y = random_points(name, 20)
    single = [s.value_at(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(s.value(x, y), single, rtol=1e-13, atol=1e-12)
    slopes = np.array([s.gradient_at(float(a), float(b)) for a, b in zip(x, y, strict=True)])
    np.testing.assert_allclose(s.gradient(x, y).T, slopes, rtol=1e-12, atol=1e-10)


POINTS = [(name, point) for name in NAMES for point in SURFACES[name].points]


@pytest.mark.parametrize(
    ("name", "point"), POINTS, ids=[f"{n}-{p[0]:.3g},{p[1]:.3g}" for n, p in POINTS]
)
def test_critical_points(name: str, point: tuple[float, float, float, str]) -> None:
    s = make(name)
    x, y, value, kind = point
    x0, x1, y0, y1 = SURFACES[name].bounds
    assert x0 <= x <= x1
    assert y0 <= y <= y1
    assert s.value_at(x, y) == pytest.approx(value, rel=1e-11, abs=1e-11)
    hessian = s.hessian(x, y)
    if (name, x, y) in {("ackley", 0, 0), ("nesterov_chebyshev", 1, 1)}:  # kinks: by the values
        turn = np.linspace(0, 2 * np.pi, 1000)
        for radius in (1e-1, 1e-3, 1e-6):
            assert (s.value(x + radius * np.cos(turn), y + radius * np.sin(turn)) > value).all()
        assert kind == "minimum"
        return
    # A coordinate that is right to 1e-12 leaves a slope of about 1e-12 times the curvature.
    assert np.abs(s.gradient(x, y)).max() <= 4e-12 * max(1, np.abs(hessian).max())
    low, high = np.linalg.eigvalsh(hessian)
    if kind == "degenerate":
        assert min(abs(low), abs(high)) == 0
    else:
        found = "saddle" if low < 0 < high else "minimum" if low > 0 else "maximum"
        assert (found, min(abs(low), abs(high)) > 1e-6) == (kind, True)


@pytest.mark.parametrize("name", NAMES)
def test_entry(name: str) -> None:
    entry, s = SURFACES[name], make(name)
    x0, x1, y0, y1 = entry.bounds
    assert x0 < entry.start[0] < x1 or entry.start[0] in (x0, x1)
    assert y0 < entry.start[1] < y1 or entry.start[1] in (y0, y1)
    assert np.isfinite(s.value_at(*entry.start))
    assert np.isfinite(s.grid(40, 30)[2]).all()
    assert entry.teaches.endswith(".")
    assert "\n" not in entry.teaches
    assert entry.source
    assert entry.phenomenon
    assert entry.points, "every surface has a known point"
    assert s.spec == name


@pytest.mark.parametrize("name", NAMES)
def test_title_is_read_by_matplotlib(name: str) -> None:
    from matplotlib.mathtext import MathTextParser

    width = MathTextParser("path").parse(f"${make(name).latex}$").width
    assert width > 0


# -- what is published -----------------------------------------------------------------------

# (name, x, y, value to the digits that the literature gives, kind)
PUBLISHED = [
    ("booth", 1, 3, 0, "minimum"),
    ("rosenbrock", 1, 1, 0, "minimum"),
    ("beale", 3, 0.5, 0, "minimum"),
    ("beale", 0, 1, 14.20, "saddle"),
    ("beale", 0.1005, -2.6445, 9.86, "saddle"),
    ("freudenstein_roth", 5, 4, 0, "minimum"),
    ("freudenstein_roth", 11.413, -0.897, 48.98, "minimum"),
    ("muller_brown", -0.558, 1.442, -146.7, "minimum"),
    ("muller_brown", 0.623, 0.028, -108.2, "minimum"),
    ("muller_brown", -0.05, 0.467, -80.8, "minimum"),
    ("muller_brown", -0.822, 0.624, -40.7, "saddle"),
    ("muller_brown", 0.212, 0.293, -72.2, "saddle"),
    ("bounded_saddle", 0, -1.414, -1, "minimum"),
    ("periodic_saddle", 1.571, 0, 1, "saddle"),
    ("two_layer_linear", 0, 0, 0.5, "saddle"),
    ("monkey_saddle", -3, 0, -6.75, "minimum"),
    ("monkey_saddle", 1.5, 2.598, -6.75, "minimum"),
    ("easom", 3.142, 3.142, -1, "minimum"),
    ("himmelblau", 3, 2, 0, "minimum"),
    ("himmelblau", -2.805, 3.131, 0, "minimum"),
    ("himmelblau", -3.779, -3.283, 0, "minimum"),
    ("himmelblau", 3.584, -1.848, 0, "minimum"),
    ("himmelblau", -0.271, -0.923, 181.6, "maximum"),
    ("himmelblau", 3.385, 0.074, 13.3, "saddle"),
    ("himmelblau", 0.087, 2.884, 67.7, "saddle"),
    ("himmelblau", -3.073, -0.081, 104.0, "saddle"),
    ("himmelblau", -0.128, -1.954, 178.3, "saddle"),
    ("two_wells", -0.936, 0, -2.063, "minimum"),
    ("two_wells", 0.905, 0, -1.093, "minimum"),
    ("six_hump_camel", 0.0898, -0.7127, -1.0316, "minimum"),
    ("six_hump_camel", 1.704, -0.796, -0.215, "minimum"),
    ("six_hump_camel", 1.607, 0.569, 2.104, "minimum"),
    ("three_hump_camel", 1.748, -0.874, 0.299, "minimum"),
    ("three_hump_camel", -1.071, 0.535, 0.877, "saddle"),
    ("styblinski_tang", -2.9035, -2.9035, -78.33, "minimum"),
    ("goldstein_price", 0, -1, 3, "minimum"),
    ("goldstein_price", -0.6, -0.4, 30, "minimum"),
    ("goldstein_price", 1.8, 0.2, 84, "minimum"),
    ("goldstein_price", 1.2, 0.8, 840, "minimum"),
    ("sharp_flat", -1.409, 0, -0.894, "minimum"),
    ("sharp_flat", 1.495, 0, -1.089, "minimum"),
    ("sharp_flat", 0.870, 0, 0.017, "saddle"),
    ("rastrigin", 0, 0, 0, "minimum"),
    ("ackley", 0, 0, 0, "minimum"),
    ("nesterov_chebyshev", 1, 1, 0, "minimum"),
]


@pytest.mark.parametrize("fact", PUBLISHED, ids=lambda fact: f"{fact[0]}-{fact[1]},{fact[2]}")
def test_published_points(fact: tuple[str, float, float, float, str]) -> None:
    name, x, y, value, kind = fact
    near = [p for p in make(name).points if abs(p.x - x) < 6e-4 and abs(p.y - y) < 6e-4]
    assert [p.kind for p in near] == [kind]
    assert near[0].value == pytest.approx(value, abs=0.06)


EIGENVALUES = {
    "ravine": (1, 20),
    "d2l": (0.2, 4),
    "matyas": (0.04, 1),
    "booth": (2, 18),
    "rosenbrock": (0.3994, 1001.6),
    "plateau": (1, 1),
}


@pytest.mark.parametrize("name", EIGENVALUES)
def test_curvature_at_the_minimum(name: str) -> None:
    s = make(name)
    best = s.minima[0]
    found = np.linalg.eigvalsh(s.hessian(best.x, best.y))
    np.testing.assert_allclose(found, EIGENVALUES[name], rtol=1e-4)


def muller_brown(x: float, y: float) -> float:
    table = zip(
        (-200, -100, -170, 15),
        (-1, -1, -6.5, 0.7),
        (0, 0, 11, 0.6),
        (-10, -10, -6.5, 0.7),
        (1, 0, -0.5, -1),
        (0, 0.5, 1.5, 1),
        strict=True,
    )
    return sum(
        (
            height * math.exp(a * (x - px) ** 2 + b * (x - px) * (y - py) + c * (y - py) ** 2)
            for height, a, b, c, px, py in table
        ),
        start=0.0,
    )


def two_wells(x: float, y: float) -> float:
    near, far = np.exp(-((x - np.array([1, -1])) ** 2 + y**2) / 0.2)
    return float(x**2 + y**2 - 2 * near - 3 * far)


def sharp_flat(x: float, y: float) -> float:
    flat = math.exp(-((x + 1.5) ** 2 + y**2) / (2 * 0.8**2))
    sharp = math.exp(-((x - 1.5) ** 2 + y**2) / (2 * 0.2**2))
    return 0.05 * (x**2 + y**2) - flat - 1.2 * sharp


def goldstein_price(x: float, y: float) -> float:
    a, b = x + y + 1, 2 * x - 3 * y
    # Written by a = x + y + 1 and b = 2x - 3y, as in the original's factored form.
    first = 19 - 14 * (x + y) + 3 * (x + y) ** 2
    second = 18 - 16 * b + 3 * b**2
    return (1 + a**2 * first) * (30 + b**2 * second)


def ackley(x: float, y: float) -> float:
    both = np.array([x, y])
    root = math.sqrt(float(np.mean(both**2)))
    waves = float(np.mean(np.cos(2 * np.pi * both)))
    return -20 * math.exp(-0.2 * root) - math.exp(waves) + math.e + 20


def rastrigin(x: float, y: float) -> float:
    both = np.array([x, y])
    return float(20 + (both**2 - 10 * np.cos(2 * np.pi * both)).sum())


def freudenstein_roth(x: float, y: float) -> float:
    first = -13 + x - 2 * y + 5 * y**2 - y**3
    second = -29 + x - 14 * y + y**2 + y**3
    return first**2 + second**2


def beale(x: float, y: float) -> float:
    return sum((c - x * (1 - y**k)) ** 2 for k, c in enumerate((1.5, 2.25, 2.625), start=1))


def rosenbrock(x: float, y: float) -> float:
    return float(scipy.optimize.rosen([x, y]))


def turned_ravine(x: float, y: float) -> float:
    turned = np.exp(-1j * np.radians(30)) * (x + 1j * y)
    return float(0.5 * (turned.real**2 + 50 * turned.imag**2))


@pytest.mark.parametrize(
    "independent",
    [
        muller_brown,
        two_wells,
        sharp_flat,
        goldstein_price,
        ackley,
        rastrigin,
        freudenstein_roth,
        beale,
        rosenbrock,
    ],
    ids=lambda f: f.__name__,
)
def test_values_of_an_independent_implementation(
    independent: Callable[[float, float], float],
) -> None:
    s = make(independent.__name__)
    for x, y in zip(*random_points(independent.__name__, 30), strict=True):
        expected = independent(float(x), float(y))
        assert s.value_at(float(x), float(y)) == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_ravine_can_be_turned() -> None:
    s = make("ravine", kappa=50, rotation=30)
    assert s.spec == "ravine:kappa=50.0,rotation=30.0"
    for x, y in zip(*random_points("ravine", 30), strict=True):
        assert s.value_at(float(x), float(y)) == pytest.approx(turned_ravine(x, y), rel=1e-12)
    assert [(p.x, p.y, p.kind) for p in s.points] == [(0, 0, "minimum")]


def test_rosenbrock_derivatives_are_scipys() -> None:
    s = make("rosenbrock")
    for x, y in zip(*random_points("rosenbrock", 20), strict=True):
        np.testing.assert_allclose(
            s.gradient(x, y), scipy.optimize.rosen_der([x, y]), rtol=1e-11, atol=1e-9
        )
        np.testing.assert_allclose(s.hessian(x, y), scipy.optimize.rosen_hess([x, y]), rtol=1e-12)
