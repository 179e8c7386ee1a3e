"""How losses become heights: what is chosen for which surface, and that nothing is lost on it."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.relief.field import make_relief
from landscape.relief.heights import Heights, choose_heights
from landscape.relief.valleys import floors
from landscape.surfaces.lookup import surface

Array = NDArray[Any]


def losses_of(name: str) -> tuple[Array, list[float]]:
    where = surface(name)
    return where.grid(201, 201)[2], [point.value for point in where.visible_points()]


# -- what is chosen --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "cut"),
    [
        ("rosenbrock", "log", False),
        ("beale", "log", False),
        ("saddle", "linear", False),
        ("himmelblau", "linear", False),
        ("sphere", "linear", False),
        ("muller_brown", "linear", True),
        ("monkey_saddle", "linear", True),
    ],
)
def test_what_suits_a_surface_is_chosen(name: str, kind: str, cut: bool) -> None:
    values, known = losses_of(name)
    found = choose_heights(values, "auto", None, known)
    assert (found.kind, found.cut) == (kind, cut)
    if kind == "linear":
        assert found.low == min(values.min(), *known)
        assert (found.high == values.max()) != cut
        assert not found.sunk


ASKED = [
    # values, kind, clip, known: the kind, low, high, cut and sunk that they give
    ([0.0, 1.0, 4.0], "linear", None, [], ("linear", 0.0, 4.0, False, False)),
    ([0.0, 1.0, 4.0], "linear", None, [-2.0, 1.0], ("linear", -2.0, 4.0, False, False)),
    ([0.0, 1.0, 4.0], "linear", None, [5.0], ("linear", 0.0, 5.0, False, False)),
    ([0.0, 1.0, 4.0], "linear", 2.5, [], ("linear", 0.0, 2.5, True, False)),
    ([0.0, 1.0, 4.0], "auto", 2.5, [], ("linear", 0.0, 2.5, True, False)),
    ([0.0, 1.0, 1e9], "auto", 2.5, [], ("linear", 0.0, 2.5, True, False)),
    ([0.0, 1.0, 4.0], "clip", 2.5, [], ("linear", 0.0, 2.5, True, False)),
    ([0.0, 1.0, 4.0], "clip", 4.0, [], ("linear", 0.0, 4.0, False, False)),
    ([0.0, 1.0, 4.0], "clip", 9.0, [], ("linear", 0.0, 4.0, False, False)),
    # A cut leaves the median at 40 % of the height.
    ([-3.0, 1.0, 100.0], "clip", None, [], ("linear", -3.0, 7.0, True, False)),
    ([-3.0, 1.0, 3.0], "clip", None, [], ("linear", -3.0, 3.0, False, False)),
    # Steep: logarithms, or without them, where losses are negative, a cut.
    ([1.0, 2.0, 1000.0], "auto", None, [], ("log", 1.0, 1000.0, False, False)),
    ([-5.0, 1.0, 1000.0], "auto", None, [], ("linear", -5.0, 10.0, True, False)),
    ([2.0, 2.0, 2.0], "auto", None, [], ("linear", 1.5, 2.5, False, False)),
    ([2.0, 2.0, 2.0], "log", None, [], ("linear", 1.5, 2.5, False, False)),
    ([math.nan, 0.0, math.inf, 3.0, -math.inf], "linear", None, [], ("linear", 0, 3, False, False)),
]


@pytest.mark.parametrize(("values", "kind", "clip", "known", "expected"), ASKED)
def test_what_is_asked_for_is_done(
    values: list[float],
    kind: str,
    clip: float | None,
    known: list[float],
    expected: tuple[str, float, float, bool, bool],
) -> None:
    found = choose_heights(np.array(values), kind, clip, known)
    low, high = found.low, found.high
    assert (found.kind, found.cut, found.sunk) == (expected[0], *expected[3:])
    assert (low, high) == pytest.approx(expected[1:3], rel=1e-2)
    assert found.base == 0.0


def test_an_interval_of_logarithms() -> None:
    values = np.linspace(0.0, 1.0, 1001)
    found = choose_heights(values, "log")
    assert (found.kind, found.base, found.low, found.high) == ("log", 0.0, 0.0, 1.0)
    # A fiftieth of the area lies beneath 0.02, three and a half decades beneath the top is less.
    assert found.soft == pytest.approx(2e-4)
    assert choose_heights(values, "log", clip=0.02).soft == pytest.approx(5e-6)
    values = np.geomspace(2e-3, 2e3, 1001)
    found = choose_heights(values, "log")
    assert found.soft == pytest.approx(2e-3)  # the pit's 2.6e-3
    assert (found.low, found.high) == pytest.approx((2e-3, 2e3))  # not as good as 0
    assert (found.cut, found.sunk) == (False, False)
    found = choose_heights(np.append(values, 1e-5), "log")
    assert found.low == 0.0
    found = choose_heights(values, "log", clip=2.0)
    assert (found.high, found.cut) == (2.0, True)


def test_of_too_many_decades_the_walls_are_cut_off() -> None:
    values = np.geomspace(2e-6, 2e6, 1201)
    found = choose_heights(values, "log")
    walls = float(np.quantile(values, 0.85))
    assert found.high == pytest.approx(walls)
    assert walls / 2.5e6 < found.soft <= walls / 1e6
    assert (found.cut, found.sunk) == (True, False)
    # A wall of few is all that is cut off.
    found = choose_heights(np.append(np.linspace(0.0, 1.0, 1000), 1e12), "log")
    assert (found.soft, found.high) == pytest.approx((0.02, 2e4), rel=0.01)
    # Hardly any of them low: the pit is what is beneath six decades.
    values = np.concatenate([np.full(10, 1e-6), np.full(90, 1e3)])
    found = choose_heights(values, "log")
    assert (found.soft, found.high, found.cut) == pytest.approx((1e-3, 1e3, False))


@pytest.mark.parametrize("lowest", [-7.0, -1e-3])
def test_logarithms_of_negative_losses_begin_at_the_lowest(lowest: float) -> None:
    values = lowest + np.linspace(0.0, 10.0, 200)
    found = choose_heights(values, "log")
    assert (found.kind, found.base, found.low) == ("log", lowest, lowest)
    assert found.of(lowest) == found.bottom == pytest.approx(math.log10(found.soft))
    assert not found.sunk


def test_a_bowl_keeps_its_bottom() -> None:
    # However the grid hits the minimum, its pit is no deeper.
    x = np.linspace(-3.0, 3.0, 201)
    boxes = [choose_heights((x + off) ** 2 + 0.0 * x, "log", None, [0.0]) for off in (0.0, 0.015)]
    assert boxes[0].bottom == pytest.approx(boxes[1].bottom, abs=0.01)
    lowest = [
        float(box.of(((x + off) ** 2).min())) for box, off in zip(boxes, (0, 0.015), strict=True)
    ]
    assert np.ptp(lowest) < 0.6


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "freudenstein_roth"])
def test_the_floor_of_a_narrow_valley_has_no_teeth(name: str) -> None:
    where = surface(name)
    field = make_relief(where)
    axis = field.heights
    assert axis.kind == "log"
    (x0, x1), _ = where.bounds
    dense = np.linspace(x0, x1, 40 * (len(field.xs) - 1) + 1)
    exact = np.array([where.value(dense, np.full(len(dense), y)).min() for y in field.ys[::8]])
    off = field.z[::8].min(axis=1) - axis.of(exact)
    assert off.min() >= -1e-9
    assert off.max() < 0.012 * axis.span
    assert off.max() <= axis.teeth(field.values) * axis.span * 1.05


def test_the_axis_of_a_narrow_valley_is_the_same_on_any_grid() -> None:
    where = surface("beale")
    softs = {make_relief(where, cells=cells).heights.soft for cells in (150, 200, 300, 500)}
    assert softs == {5.0}
    assert make_relief(where, cells=150).values.shape == (151, 151)
    assert make_relief(where).values.shape == (401, 401)
    assert make_relief(surface("goldstein_price")).values.shape == (201, 201)  # resolved


@pytest.mark.parametrize("off", [0.0, 0.2, 0.5])
def test_what_a_grid_misses_of_a_floor(off: float) -> None:
    x, y = np.arange(9.0), np.arange(7.0)[:, None]
    losses, above = floors((x - 4.0 - off) ** 2 + 3.0 + 0.0 * y)
    np.testing.assert_allclose(losses, 3.0)  # the floor's, between the lines
    np.testing.assert_allclose(above, 0.25)  # half a cell away
    np.testing.assert_allclose(floors(((x - 4.0 - off) ** 2 + 0.0 * y).T, cells=16)[1], 0.0625)
    lost = np.where(x == 4.0, np.nan, (x - 4.0) ** 2) + 0.0 * y
    assert len(floors(lost)[0]) == 0
    assert len(floors(x + y)[0]) == 0
    assert Heights("linear", 0.0, 1.0).teeth(lost) == 0.0


@pytest.mark.parametrize("lowest", [-1e-9, 0.0])
def test_a_minimum_next_to_0_is_0(lowest: float) -> None:
    found = choose_heights(lowest + np.linspace(0.0, 10.0, 200), "log")
    assert abs(found.base) <= 1e-9


@pytest.mark.parametrize(
    ("values", "kind", "clip", "said"),
    [
        ([0.0, 1.0], "steep", None, "kind of heights"),
        ([math.nan, math.inf], "auto", None, "no finite value"),
        ([], "auto", None, "no finite value"),
        ([1.0, 2.0], "linear", 1.0, "above the minimum, which is 1 here: 1 came"),
        ([1.0, 2.0], "auto", 0.5, "0.5 came"),
        ([1.0, 2.0], "log", math.nan, "nan came"),
    ],
)
def test_what_cannot_be_is_said(
    values: list[float], kind: str, clip: float | None, said: str
) -> None:
    with pytest.raises(LandscapeError, match=said):
        choose_heights(np.array(values), kind, clip)


def test_a_cut_between_a_known_minimum_and_the_grid_is_one() -> None:
    found = choose_heights(np.array([1.0, 2.0]), "linear", 0.5, [0.0])
    assert (found.low, found.high, found.cut) == (0.0, 0.5, True)


# -- what holds for all ---------------------------------------------------------------------------

kinds: Any = st.sampled_from(["linear", "log"])


@st.composite
def axes(draw: Any) -> Heights:
    kind: Literal["linear", "log"] = draw(kinds)
    base = draw(st.floats(-1e6, 1e6)) if kind == "log" else 0.0
    low = draw(st.floats(1e-3, 1e3))
    soft = draw(st.sampled_from([0.0, 0.1, 10.0])) if kind == "log" else 0.0
    return Heights(kind, base + low, base + low * draw(st.floats(1.5, 1e5)), base, soft)


@given(axes(), st.lists(st.floats(0.0, 1.0), min_size=2, max_size=9))
def test_losses_come_back_from_their_heights(axis: Heights, shares: list[float]) -> None:
    heights = axis.bottom + np.sort(shares) * axis.span
    losses = axis.loss(heights)
    spacing = abs(axis.base) * 1e-9 + 1e-9
    np.testing.assert_allclose(axis.loss(axis.of(losses)), losses, rtol=1e-9, atol=spacing)
    assert (np.diff(losses) >= 0).all()
    assert (np.diff(axis.of(losses)) >= 0).all()
    assert float(axis.loss(axis.bottom)) == pytest.approx(axis.low, rel=1e-6, abs=spacing)
    assert float(axis.loss(axis.top)) == pytest.approx(axis.high, rel=1e-6, abs=spacing)
    assert axis.span == axis.top - axis.bottom > 0


@given(axes())
def test_what_has_no_height(axis: Heights) -> None:
    assert np.isnan(axis.of([math.nan, 1.0])).tolist() == [True, False]
    below = axis.of([axis.base, axis.base - 3.0])
    if axis.kind == "log":
        beneath = axis.of(axis.base - axis.soft - np.array([1e-6, 3.0]) * (1.0 + abs(axis.base)))
        assert beneath.tolist() == [-math.inf, -math.inf]
        assert below[0] == (math.log10(axis.soft) if axis.soft else -math.inf)
    else:
        assert below.tolist() == [axis.base, axis.base - 3.0]
    assert float(axis.of(math.inf)) == math.inf


def test_decades_above_the_base() -> None:
    axis = Heights("log", 2.1, 102.0, base=2.0)
    np.testing.assert_allclose(axis.of([2.1, 3.0, 12.0, 102.0]), [-1.0, 0.0, 1.0, 2.0], atol=1e-9)
    assert (axis.bottom, axis.top) == pytest.approx((-1.0, 2.0))
    soft = Heights("log", 2.0, 102.0, base=2.0, soft=0.1)
    np.testing.assert_allclose(soft.of([2.0, 2.9, 11.9]), [-1.0, 0.0, 1.0], atol=1e-9)


numbers: Any = st.one_of(
    st.floats(-1e6, 1e6),
    st.floats(1e-9, 1e-3),
    st.sampled_from([0.0, math.nan, math.inf, -math.inf, 1e12]),
)
asked_kinds: Any = st.sampled_from(["auto", "linear", "log", "clip"])


@settings(deadline=None, max_examples=300)
@example([0.0, 0.0], "auto", None, [1.0])
@example([5.0], "log", None, [-3.0])
@given(
    st.lists(numbers, min_size=1, max_size=30).filter(lambda them: any(map(math.isfinite, them))),
    asked_kinds,
    st.one_of(st.none(), st.floats(0.01, 1.5)),
    st.lists(st.floats(-1e6, 1e6), max_size=2),
)
def test_any_losses_get_a_box_that_tells_what_it_leaves_out(
    values: list[float], kind: str, share: float | None, known: list[float]
) -> None:
    finite = np.array([value for value in values if math.isfinite(value)])
    every = np.array([*finite, *known])  # a box has room for what is known beside the grid
    low, high = every.min(), every.max()
    clip = None if share is None else low + share * max(high - low, 1e-3)
    if clip is not None and clip <= low:
        return
    axis = choose_heights(np.array(values), kind, clip, known)
    assert math.isfinite(axis.bottom)
    assert math.isfinite(axis.top)
    assert axis.bottom < axis.top
    hair = 1e-9 * max(1.0, abs(low), abs(high))
    assert axis.high <= high + 0.5 + hair
    if clip is not None and high - low > 1e-12 * max(1.0, abs(low), abs(high)):
        assert axis.high <= clip + hair
    assert axis.cut >= bool((finite > axis.high).any())
    assert axis.cut <= bool((every > axis.high).any())
    assert not axis.sunk
    assert axis.low <= low + hair
    if axis.kind == "log":
        assert axis.low >= axis.base
        assert f"{axis.soft:.6e}"[:8] in {"1.000000", "2.000000", "5.000000"}
        assert axis.top - math.log10(axis.soft) < 6.5
        assert 10**3.5 * axis.soft <= (axis.high - axis.base) * (1 + 1e-6)
    else:
        assert (axis.base, axis.soft) == (0.0, 0.0)
