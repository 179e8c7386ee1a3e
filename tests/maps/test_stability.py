"""Maps of settings: cells are paths, borders are theory's, files are resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.maps.axes import ALONE, Axis, parse_axis, said_value, usual_axis
from landscape.maps.borders import find_border, find_optima, with_minima
from landscape.maps.lost import lost_paths
from landscape.maps.outcomes import OUTCOMES
from landscape.maps.ranges import choose_axes, choose_panels
from landscape.maps.stability import StabilityMap, average
from landscape.maps.theory import largest_rate, quadratic_hessian
from landscape.maps.walk import Paths, with_values
from landscape.optimizers.lookup import optimizer
from landscape.optimizers.tuning import Conditions
from landscape.surfaces.lookup import surface

RATES = Axis("lr", 0.002, 0.4, "log")
MU = Axis("mu", 0.0, 0.95, "linear")
START = (-4.0, 1.5)


def computed(text: str, spec: str, x: Axis, y: Axis, **more: Any) -> StabilityMap:
    given = {"columns": 9, "rows": 6, "starts": [START], "steps": 80, **more}
    return StabilityMap.compute(surface(text), optimizer(spec), x, y, **given)


CELLS = [
    ("ravine", "momentum", RATES, MU, {}),
    ("ravine", "momentum", RATES, MU, {"conditions": Conditions(noise=0.3, seed=2)}),
    ("ravine", "gd", RATES, Axis("kappa", 2, 200, "log"), {"starts": [START, (2.0, 2.0)]}),
    ("himmelblau", "adam", Axis("lr", 0.01, 30, "log"), Axis("beta2", 0.5, 0.999, "near1"), {}),
]


@pytest.mark.parametrize(("text", "spec", "x", "y", "more"), CELLS)
def test_every_cell_is_a_path_of_descend(
    text: str, spec: str, x: Axis, y: Axis, more: dict[str, Any]
) -> None:
    found = computed(text, spec, x, y, **more)
    run = more.get("conditions", Conditions())
    for n, start in enumerate(found.starts):
        for row in range(0, 6, 2):
            for column in range(9):
                where, rule = with_values(
                    found.surface, found.optimizer, found.settings(row, column)
                )
                path = descend(where, rule, start=start, steps=80, noise=run.noise, seed=run.seed)
                assert OUTCOMES[found.outcome[n, row, column]] == path.ending.outcome
                assert found.step[n, row, column] == path.ending.step
                last, loss = found.loss[n, row, column], path.losses[-1]
                assert np.isnan(loss) == np.isnan(last)
                assert np.isnan(loss) or last == loss or last == pytest.approx(loss, rel=1e-9)
                higher = not path.losses[-1] <= path.losses[0]
                assert found.diverged[n, row, column] == (higher or not np.isfinite(loss))
                left = path.ending.outcome == "left the domain" and not higher
                assert found.left[n, row, column] == left


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("ravine", "momentum"),
        ("ravine:kappa=100,rotation=30", "nesterov:form=lookahead"),
        ("booth", "momentum"),
    ],
)
def test_the_border_is_theory_s_to_the_grid_s_resolution(text: str, spec: str) -> None:
    where, rule = surface(text), optimizer(spec)
    hessian = quadratic_hessian(where)
    assert hessian is not None
    top = 5 / float(np.linalg.eigvalsh(hessian)[-1])
    x = Axis("lr", top / 200, top, "log")
    found = computed(text, spec, x, MU, columns=160, rows=20, steps=500)
    for row, mu in enumerate(found.ys.tolist()):
        border = largest_rate(optimizer(rule, mu=mu), hessian)
        assert border is not None
        assert border < top
        diverged = found.diverged[0, row]
        first = int(np.flatnonzero(diverged)[0])
        assert diverged[first:].all()
        # The border lies between the last cell that is stable and the first that is not.
        assert first - 1.1 <= float(x.share(border)) * 159 <= first + 0.1


def test_the_line_and_the_star_lie_where_theory_says() -> None:
    where, rule = surface("ravine"), optimizer("momentum")
    border = find_border(where, rule, RATES, MU)  # type: ignore[arg-type]
    assert border is not None
    assert border.kind == "theory"
    assert border.curvature == pytest.approx(20)
    (line,) = border.lines
    assert line[:, 0] == pytest.approx(2 * (1 + line[:, 1]) / 20)
    (star,) = find_optima(where, rule, RATES, MU)  # type: ignore[arg-type]
    assert (star.x, star.y) == pytest.approx((0.13358, 0.40261), rel=1e-4)
    kappas = find_border(where, optimizer("gd"), RATES, Axis("kappa", 1, 900, "log"))  # type: ignore[arg-type]
    assert kappas is not None
    assert kappas.curvature is None
    assert kappas.lines[0][:, 0] == pytest.approx(2 / kappas.lines[0][:, 1])
    assert kappas.fastest[0][:, 0] == pytest.approx(2 / (1 + kappas.fastest[0][:, 1]))


def test_a_line_between_two_numbers_that_are_no_rate() -> None:
    where, rule = surface("ravine"), optimizer("momentum:lr=0.01")
    border = find_border(where, rule, MU, Axis("kappa", 20, 2000, "log"))  # type: ignore[arg-type]
    assert border is not None
    for mu, kappa in border.lines[0]:
        assert kappa == pytest.approx(2 * (1 + mu) / 0.01, rel=0.01)


def test_away_from_quadratics_the_line_is_local() -> None:
    where, rule = surface("himmelblau"), optimizer("gd")
    assert find_border(where, rule, RATES, MU) is None  # type: ignore[arg-type]
    border = find_border(where, optimizer("momentum"), RATES, MU, near=(2.9, 2.1))  # type: ignore[arg-type]
    assert border is not None
    assert border.kind == "local theory"
    curvature = np.linalg.eigvalsh(where.hessian(3, 2))[-1]  # type: ignore[attr-defined]
    assert border.curvature == pytest.approx(curvature)
    assert find_border(where, optimizer("adam"), RATES, MU, near=(2.9, 2.1)) is None  # type: ignore[arg-type]


def test_several_starts_are_averaged() -> None:
    values = np.array([[1.0, np.inf], [3.0, 2.0], [2.0, np.inf]])
    assert average(values, "median").tolist() == [2, np.inf]
    assert average(values, "mean").tolist() == [2, np.inf]
    assert average(values, "worst").tolist() == [3, np.inf]
    assert average(values[:2], "median").tolist() == [3, np.inf]


def test_a_kept_map_goes_on_and_is_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landscape.maps import stability

    path = tmp_path / "map.npz"
    monkeypatch.setattr(stability, "_BLOCK", 80 * 10)  # a row of nine cells a block
    whole = computed("ravine", "momentum", RATES, MU)

    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done >= 27:
            raise StopError

    with pytest.raises(StopError):
        computed("ravine", "momentum", RATES, MU, keep=path, progress=stop)
    assert not path.exists()
    walked: list[int] = []
    walk = Paths.walk

    def counted(self: Any, x: Any, y: Any, *rest: Any, **more: Any) -> Any:
        walked.append(len(x))
        return walk(self, x, y, *rest, **more)

    monkeypatch.setattr(Paths, "walk", counted)
    again = computed("ravine", "momentum", RATES, MU, keep=path, recipe="mine")
    assert sum(walked) == 54 - 27
    np.testing.assert_array_equal(again.loss, whole.loss)
    walked.clear()
    third = computed("ravine", "momentum", RATES, MU, keep=path)
    assert walked == []
    np.testing.assert_array_equal(third.step, whole.step)
    assert [one.name for one in tmp_path.iterdir()] == ["map.npz"]
    with np.load(path) as saved:
        assert str(saved["recipe"]) == "mine"
        np.testing.assert_array_equal(saved["lr"], whole.xs)
    with pytest.raises(LandscapeError, match="map of other work"):
        computed("ravine", "momentum", RATES, MU, keep=path, steps=81)
    (tmp_path / "other.npz").write_bytes(b"nothing")
    with pytest.raises(LandscapeError, match="is no map"):
        computed("ravine", "momentum", RATES, MU, keep=tmp_path / "other.npz")


def test_a_kept_map_explains_itself(tmp_path: Path) -> None:
    starts = [START, (2.0, 2.0), (0.5, -1.0)]
    whole = computed("ravine", "momentum", RATES, MU, starts=starts, keep=tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as saved:
        assert saved["axes"].tolist() == ["mu", "lr", "start"]
        for name in ("loss", "outcome", "step"):
            assert saved[name].shape == (len(saved["mu"]), len(saved["lr"]), len(saved["starts"]))
            np.testing.assert_array_equal(
                np.moveaxis(saved[name], 2, 0), getattr(whole, name), strict=True
            )
        assert saved["starts"].tolist() == [list(one) for one in starts]
        mu, rate = saved["mu"][2], saved["lr"][7]
        path = descend("ravine", optimizer("momentum", lr=rate, mu=mu), start=starts[1], steps=80)
        assert saved["outcomes"][saved["outcome"][2, 7, 1]] == path.ending.outcome
        assert saved["loss"][2, 7, 1] == pytest.approx(path.losses[-1], rel=1e-9)


# -- what leaves the domain --------------------------------------------------------------------


@pytest.mark.parametrize(("text", "steps"), [("saddle", 200), ("x**3 + y", 200), ("saddle", 4000)])
def test_what_falls_without_end_is_not_the_best(text: str, steps: int) -> None:
    where = surface(text)
    x, y = Axis("lr", 1e-4, 5, "log"), Axis("mu", 0.0, 0.99, "linear")
    found = computed(text, "momentum", x, y, columns=40, rows=12, starts=[where.start], steps=steps)
    assert found.left.any()
    low = float(where.grid(201, 201)[2].min())
    fell = np.nan_to_num(found.loss, nan=np.inf) < low - 1e-9
    assert fell.any()
    assert found.left[fell].all()
    assert np.isinf(found.losses()[found.left[0]]).all()
    assert found.gone()[found.left[0]].all()
    best = found.best()
    assert best is not None
    path = descend(
        where, optimizer("momentum", **found.settings(*best)), start=where.start, steps=steps
    )
    assert path.ending.outcome not in ("left the domain", "diverged")
    assert found.losses()[best] >= low


def test_what_diverges_upwards_or_lands_outside_by_chance_is_told_apart() -> None:
    first, depth = np.array(2.0), np.array(-50.0)
    kinds = ["finished", "left the domain", "left the domain", "diverged", "diverged", "diverged"]
    loss = np.array([1.0, 1.0, 3.0, 1.0, -60.0, -np.inf])
    outcome = np.array([OUTCOMES.index(one) for one in kinds])
    diverged, left = lost_paths(loss, outcome, first, lambda: depth)
    assert left.tolist() == [False, True, False, False, True, True]
    assert diverged.tolist() == [False, False, True, True, False, False]

    def never() -> Any:
        raise AssertionError

    lost_paths(loss[:3], outcome[:3], first, never)


def test_the_best_is_looked_for_in_a_row_or_a_column() -> None:
    found = computed("ravine", "momentum", RATES, MU)
    losses = found.losses()
    for row in range(6):
        assert found.best(row=row) == (row, int(np.argmin(losses[row])))
    column = found.best(column=3)
    assert column == (int(np.argmin(losses[:, 3])), 3)
    first = found.best(metric="steps")
    assert first is not None
    assert found.arrivals()[first] == found.arrivals().min() < 80
    assert found.best(metric="steps", column=0) is None  # so slow that nothing arrives
    assert computed("saddle", "gd", Axis("lr", 50, 90, "log"), ALONE).best() is None


def test_of_negative_losses_the_lowest_is_the_best() -> None:
    found = computed("x**2 + y**2 - 10", "gd", RATES, ALONE, starts=[(1.0, 1.0)])
    best = found.best()
    assert best is not None
    assert found.losses()[best] == found.losses().min()


# -- axes --------------------------------------------------------------------------------------


def test_axes_say_themselves() -> None:
    known = ["lr", "mu", "beta2", "kappa"]
    for text in ("lr=0.001:0.2", "mu=0:0.99", "beta2=0.5:0.999", "mu=0:0.9:near1"):
        name, axis = parse_axis(text, known)
        assert axis is not None
        assert parse_axis(axis.text, known) == (name, axis)
        values = axis.values(7)
        assert (values[0], values[-1]) == (axis.low, axis.high)
        assert axis.share(values) == pytest.approx(np.linspace(0, 1, 7))
    assert parse_axis("kappa", known) == ("kappa", None)
    near = Axis("beta2", 0.9, 0.9999, "near1").values(4)
    assert 1 - near == pytest.approx([0.1, 0.01, 0.001, 0.0001])
    assert usual_axis("kappa", 20) == Axis("kappa", 1, 400, "log")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("nu=0:1", "choose from lr, mu"),
        ("lr=0.1", "NAME=LOW:HIGH"),
        ("lr=0:1", "above 0"),
        ("lr=1:0.1", "lower end first"),
        ("lr=a:1", "must be a number"),
        ("mu=0:1:near1", "ends below 1"),
        ("mu=0:1:lin", "did you mean linear"),
        ("mu=0:0.9:log", "add :linear"),
    ],
)
def test_wrong_axes_are_refused_in_one_line(text: str, wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted) as caught:
        parse_axis(text, ["lr", "mu"])
    assert "\n" not in str(caught.value)


def test_a_map_of_one_number_is_a_row_of_paths() -> None:
    found = computed("himmelblau", "gd", Axis("lr", 1e-4, 0.05, "log"), ALONE)
    assert found.loss.shape == (1, 1, 9)
    assert found.settings(0, 4) == {"lr": found.xs[4]}
    path = descend("himmelblau", optimizer("gd", lr=float(found.xs[4])), start=START, steps=80)
    assert found.loss[0, 0, 4] == pytest.approx(path.losses[-1], rel=1e-9)
    border = find_border(found.surface, found.optimizer, found.x, found.y, near=(2.9, 2.1))
    assert border is not None
    assert border.curvature is not None
    (line,) = border.lines
    assert line.tolist() == [[2 / border.curvature, 0], [2 / border.curvature, 1]]


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.9999, "0.9999"), (0.99932391, "0.999324"), (0.40261, "0.403"), (1e-5, "1e-05"), (20, "20")],
)
def test_values_can_be_pasted_back(value: float, said: str) -> None:
    assert said_value(value) == said


RING = [(2.0, 0.5), (-3.0, 1.0)]
QUARTIC = "(x - 1)**4 + 3*(x - 1)**2 + 5*y**2"


@pytest.mark.parametrize(
    ("text", "specs", "x", "y", "starts"),
    [
        ("himmelblau", ["momentum"], "", "", RING),
        ("ravine", ["gd"], "lr", "kappa=1:1000", [START]),
        ("ravine", ["w = a*w - lr*g; p = p + w:a=0.7"], "", "a=0:0.9:linear", [START]),
        (QUARTIC, ["gd", "momentum"], "", "", [(2.0, 1.0)]),
        pytest.param("himmelblau", ["gd", "nesterov"], "", "", RING, marks=pytest.mark.slow),
        pytest.param(
            "rosenbrock", ["momentum", "gd"], "", "", [(-1.2, 1.0)], marks=pytest.mark.slow
        ),
    ],
)
def test_ranges_contain_the_borders_of_theory(
    text: str, specs: list[str], x: str, y: str, starts: Any
) -> None:
    where = surface(text)
    known = with_minima(where)
    rules = [optimizer(one) for one in specs]
    axes = choose_panels(where, rules, x, y, starts=starts, steps=200, known=known)
    for rule, (across, upwards) in zip(rules, axes, strict=True):
        places: list[Any] = [(one.x, one.y) for one in known.minima] or [None]
        seen = 0
        for near in places:
            border = find_border(known, rule, across, upwards, near=near)  # type: ignore[arg-type]
            if border is not None:
                (line,) = border.lines
                assert across.low < line[:, 0].min()
                assert line[:, 0].max() < across.high
                # Nothing of it is missing: it goes from the lower edge to the upper one.
                assert line[0, 1] == upwards.low
                assert line[-1, 1] == upwards.high
                seen += 1
        assert seen


def test_a_rule_without_the_second_number_is_a_map_of_one() -> None:
    where = surface("himmelblau")
    given: dict[str, Any] = {"starts": [(1.0, 1.0)], "steps": 20}
    rules = [optimizer(one) for one in ("gd", "momentum", "adam")]
    axes = choose_panels(where, rules, "", "", **given)
    assert [(x.name, y.name) for x, y in axes] == [("lr", ""), ("lr", "mu"), ("lr", "beta2")]
    axes = choose_panels(where, rules, "lr=0.01:1", "mu=0:0.9", **given)
    assert [y.name for _, y in axes] == ["", "mu", ""]
    # A parameter of the surface is the second number where no rule has one.
    axes = choose_panels(surface("ravine"), rules[:1], "", "", **given)
    assert axes[0][1].name == "kappa"
    axes = choose_panels(surface("ravine"), rules[:2], "", "", **given)
    assert [y.name for _, y in axes] == ["", "mu"]
    with pytest.raises(LandscapeError, match=r"GD has no mu.*leave --opt gd out"):
        choose_panels(where, rules[:2], "mu=0:0.9", "lr", **given)
    with pytest.raises(LandscapeError, match="sensitivity"):
        choose_panels(where, rules[:1], "", "", **given)
    with pytest.raises(LandscapeError, match="unknown number for --y 'nu'"):
        choose_panels(where, rules, "", "nu=0:1", **given)


def test_axes_that_are_left_open_are_chosen() -> None:
    where = surface("ravine")
    x, y = choose_axes(where, optimizer("momentum"), "", "", starts=[START], steps=100)
    assert (x.name, y.name) == ("lr", "mu")
    assert x.low < 0.02 < 2 * 1.9 / 20 < x.high  # the border of the usual mu lies in it
    _, y = choose_axes(where, optimizer("gd"), "lr=0.01:1", "", starts=[START], steps=50)
    assert y == Axis("kappa", 1, 400, "log")
    with pytest.raises(LandscapeError, match="sensitivity"):
        choose_axes(surface("beale"), optimizer("gd"), "", "", starts=[(1, 1)], steps=5)
    with pytest.raises(LandscapeError, match="twice"):
        choose_axes(where, optimizer("gd"), "lr", "lr", starts=[START], steps=5)
