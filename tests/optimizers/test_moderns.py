"""What the rules since Adam teach, and the distribution that SGLD samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.descent import descend
from landscape.optimizers import OUTSIDERS, RULES, SOLVERS, optimizer
from landscape.optimizers.catalogue import ALIASES, CLASSICS, MODERNS, find_name

BOWL = "x**2/2 + 2*y**2"  # curvatures 1 and 4


# -- SGLD ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "temperature"), [(0.1, 0.5), (0.3, 0.02)])
def test_sgld_samples_what_its_chain_has_to(rate: float, temperature: float) -> None:
    # On a bowl each coordinate is an AR(1) process: x' = (1 - lr*a)*x + sqrt(2*lr*T)*xi.
    n = 60_000
    path = descend(
        BOWL, f"sgld:lr={rate},temperature={temperature}", start=(0, 0), steps=n, seed=11
    )
    points = path.points[n // 20 :]
    for k, curvature in enumerate((1.0, 4.0)):
        keep = 1 - rate * curvature
        variance = 2 * rate * temperature / (1 - keep**2)
        # Neighbours are alike, so the samples count for fewer: tau of x, and of x squared.
        tau, tau2 = (1 + keep) / (1 - keep), (1 + keep**2) / (1 - keep**2)
        x = points[:, k]
        assert abs(x.mean()) < 5 * math.sqrt(variance * tau / len(x))
        assert x.var() == pytest.approx(variance, rel=5 * math.sqrt(2 * tau2 / len(x)))
        neighbours = np.corrcoef(x[1:], x[:-1])[0, 1]
        assert neighbours == pytest.approx(keep, abs=0.02)
    assert abs(np.corrcoef(points.T)[0, 1]) < 0.03
    # Small steps sample exp(-loss/T), whose variance is T/curvature.
    assert 2 * rate * temperature / (1 - (1 - rate) ** 2) == pytest.approx(
        temperature, rel=rate / (2 - rate) + 1e-9
    )


def test_sgld_without_temperature_is_gradient_descent() -> None:
    cold = descend(BOWL, "sgld:lr=0.1,temperature=0", start=(2, 1), steps=50)
    np.testing.assert_array_equal(
        cold.points, descend(BOWL, "gd:lr=0.1", start=(2, 1), steps=50).points
    )


def test_sgld_is_the_seeds() -> None:
    one, same, other = (descend("beale", "sgld:lr=0.01", steps=100, seed=k) for k in (1, 1, 2))
    assert one.points.tobytes() == same.points.tobytes()
    assert one.points.tobytes() != other.points.tobytes()


# -- what the others teach -------------------------------------------------------------------------


def test_adamw_stops_short_of_the_minimum() -> None:
    surface = "(x - 2)**2 + (y + 1)**2"
    adam, adamw = (
        descend(surface, f"{rule}:lr=0.01", start=(0, 0), steps=5000).points[-1]
        for rule in ("adam", "adamw")
    )
    np.testing.assert_allclose(adam, [2, -1], atol=1e-6)
    assert 1.9 < adamw[0] < 1.9999
    assert -0.9999 < adamw[1] < -0.9


def test_weight_decay_is_0_but_in_adamw() -> None:
    for name, entry in RULES.items():
        for form in entry.forms.values():
            assert form.defaults.get("decay", 0.0) == (0.01 if name == "adamw" else 0.0)


@pytest.mark.parametrize("rule", ["lion", "adan", "schedule_free:form=adamw", "sophia"])
def test_weight_decay_pulls_to_the_origin(rule: str) -> None:
    spec = f"{rule}{',' if ':' in rule else ':'}lr=0.02"
    free, pulled = (
        descend("x + y", f"{spec},decay={decay}", start=(1, 2), steps=30).points
        for decay in (0.0, 0.5)
    )
    assert (pulled[1:] < free[1:]).all()  # both go down the slope, from the positive side


def test_sign_rules_take_steps_of_one_length() -> None:
    for rule in ("signsgd:lr=0.25", "lion:lr=0.25"):
        path = descend("1e-6*x + 1e6*y", rule, start=(0, 0), steps=20)
        np.testing.assert_array_equal(np.diff(path.points, axis=0), np.full((20, 2), -0.25))


def test_sam_does_not_settle_in_a_narrow_minimum() -> None:
    # A wide bowl at x = 2 and a narrow dent at x = -1, into which GD falls.
    surface = "0.2*(x - 2)**2 - 2*exp(-((x + 1)/0.1)**2) + y**2"
    gd = descend(surface, "gd:lr=0.001", start=(-1.05, 0.5), steps=20_000)
    sam = descend(surface, "sam:lr=0.001,rho=0.3", start=(-1.05, 0.5), steps=20_000)
    assert gd.points[-1, 0] == pytest.approx(-1, abs=0.05)
    assert sam.points[-1, 0] > -0.75
    # Where it rests, the point that it looks at is the dent's floor, rho uphill of it.
    assert sam.points[-1, 0] - 0.3 == pytest.approx(-1, abs=0.01)


def test_shampoo_turns_with_the_ravine() -> None:
    # The same ravine along the axes and across them: Shampoo's path turns with it.
    c, s = math.cos(0.7), math.sin(0.7)
    straight = "x**2/2 + 25*y**2"
    turned = f"({c!r}*x + {s!r}*y)**2/2 + 25*({c!r}*y - {s!r}*x)**2"
    start = (-4.0, 1.0)
    there = (c * start[0] - s * start[1], s * start[0] + c * start[1])
    back = np.array([[c, s], [-s, c]])

    def difference(rule: str) -> float:
        a = descend(straight, rule, start=start, steps=100).points
        b = descend(turned, rule, start=there, steps=100).points @ back.T
        return float(np.abs(a - b).max())

    assert difference("shampoo:lr=0.5") < 1e-8
    assert difference("gd:lr=0.01") < 1e-12
    assert difference("adagrad:lr=0.5") > 0.1


def test_prodigy_finds_its_rate() -> None:
    # The same bowl in other units: it needs no other setting.
    for scale in (1e-3, 1.0, 1e3):
        surface = f"(x/{scale!r})**2 + 3*(y/{scale!r})**2"
        path = descend(surface, "prodigy", start=(2 * scale, scale), steps=400)
        assert np.abs(path.points[-1]).max() < 0.05 * scale
    assert optimizer("prodigy").learning_rate == 1.0
    assert optimizer("prodigy:lr=0.5").learning_rate == 0.5


def test_prodigy_stands_on_a_stationary_start() -> None:
    path = descend("x**2 - y**2", "prodigy", start=(0, 0), steps=10)
    assert (path.points == 0).all()


def test_rprop_lr_is_its_first_step() -> None:
    path = descend("x + 3*y", "rprop:lr=0.1", start=(0, 0), steps=4)
    expected = -np.cumsum([0.1, 0.12, 0.144, 0.1728])
    np.testing.assert_allclose(path.points[1:], np.stack([expected] * 2, axis=1), rtol=1e-14)
    half = descend("x + 3*y", "rprop:lr=0.1", start=(0, 0), steps=4, schedule="lr0/(1 + t)")
    np.testing.assert_array_equal(half.points, path.points)


def test_schedule_free_shows_the_mean() -> None:
    rate, beta = 0.05, 0.9
    path = descend(BOWL, f"schedule_free:lr={rate}", start=(2, 1), steps=60)
    # The paper's three sequences, z kept whole and x taken as the mean of it.
    start, curvature = np.array([2.0, 1.0]), np.array([1.0, 4.0])
    z, x, shown = start.copy(), start.copy(), [start]
    behind: list[NDArray[np.float64]] = []
    for _ in range(60):
        y = (1 - beta) * z + beta * x
        z = z - rate * curvature * y
        behind.append(z)
        x = np.mean(behind, axis=0)
        shown.append(x)
    np.testing.assert_allclose(path.points, shown, rtol=1e-11, atol=1e-14)
    assert path.evaluations.tolist() == list(range(61))


def test_schedule_free_survives_a_warm_up_from_0() -> None:
    path = descend(
        "beale",
        "schedule_free:form=adamw,lr=0.1",
        start=(1, 1.6),
        steps=50,
        schedule="lr0*min(1, t/10)",
    )
    assert path.points[1].tolist() == [1, 1.6]
    assert np.isfinite(path.points).all()
    assert path.losses[-1] < path.losses[0]


@pytest.mark.parametrize(
    ("rule", "gradients", "hessians"),
    [("sam", 2, 0), ("schedule_free", 1, 0), ("sophia", 1, 1), ("shampoo", 1, 0), ("sgld", 1, 0)],
)
def test_what_a_step_costs(rule: str, gradients: int, hessians: int) -> None:
    path = descend("beale", f"{rule}:lr=1e-3", steps=5)
    assert path.evaluations.tolist() == [k * (gradients + hessians) for k in range(6)]


# -- without a lesson ------------------------------------------------------------------------------

# RAdam's first steps are momentum's, without a divisor, so it must go slowly on a steep surface.
_SLOW = {"radam"}


@pytest.mark.parametrize("surface", ["ravine", "beale", "himmelblau"])
@pytest.mark.parametrize("name", MODERNS)
def test_a_searched_rate_does_well(name: str, surface: str) -> None:
    path = descend(surface, name)
    assert path.exits == ()
    assert path.losses[-1] < (0.7 if name in _SLOW else 0.06) * path.losses[0]
    if name in _SLOW:
        assert descend(surface, f"{name}:beta2=0.9").losses[-1] < 0.02 * path.losses[0]


# -- the catalogue ---------------------------------------------------------------------------------


def test_the_catalogue_hangs_together() -> None:
    assert {**CLASSICS, **MODERNS} == RULES
    groups = (CLASSICS, MODERNS, SOLVERS, OUTSIDERS)
    assert len({name for group in groups for name in group}) == sum(map(len, groups))
    labels = [entry.label for group in groups for entry in group.values()]
    assert len(set(labels)) == len(labels)
    for name, entry in {**RULES, **SOLVERS}.items():
        assert entry.in_the_plane
        assert entry.forms
        assert entry.teaches.endswith(".")
        assert entry.source
        assert all(form.note for form in entry.forms.values()) or name == "gd" or name in CLASSICS
    for entry in OUTSIDERS.values():
        assert not entry.in_the_plane
        assert not entry.forms
        assert entry.source
    known = {**RULES, **SOLVERS}
    assert set(ALIASES.values()) <= set(known)
    assert not set(ALIASES) & set(known)
    for alias in ALIASES:
        assert alias == alias.lower().replace("-", "_")
    assert find_name("Nelder-Mead") == "nelder_mead"
    assert find_name("L-BFGS-B") == "lbfgs"


def test_a_hessian_passes_over_all_the_data() -> None:
    surface = "data:diabetes,model=linear,features=bmi/s5"
    pytest.importorskip("sklearn")
    for rule, passes in (("sophia", 1 + 20 / 442), ("sam", 2 * 20 / 442), ("adan", 20 / 442)):
        path = descend(surface, f"{rule}:lr=0.1,batch=20", steps=3)
        assert path.epochs is not None
        np.testing.assert_allclose(path.epochs, np.arange(4) * passes, rtol=1e-12)
    newton = descend(surface, "newton", steps=3)
    assert newton.epochs is not None
    assert newton.epochs.tolist() == newton.evaluations.tolist()
