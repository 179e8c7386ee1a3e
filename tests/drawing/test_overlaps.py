"""Lines that lie on each other give way in dashes, and heads become rings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.drawing.overlaps import Polyline, crowding, find_gaps, find_meetings

BOX = (0.0, 0.0, 400.0, 300.0)
RED, BLUE, GREEN = ("red", "o"), ("blue", "s"), ("green", "^")


def line(*points: tuple[float, float], look: tuple[str, str] = RED) -> Polyline:
    return Polyline(np.array(points, dtype=float), look, 3.0, BOX)


def straight(look: tuple[str, str], count: int = 20, aside: float = 0.0) -> Polyline:
    xs = np.linspace(20, 320, count)
    return Polyline(np.stack([xs, np.full(count, 100.0 + aside)], axis=1), look, 3.0, BOX)


def left_out(gaps: Any) -> float:
    return float((gaps[:, 1] - gaps[:, 0]).sum())


def test_of_two_lines_on_each_other_the_later_one_has_gaps() -> None:
    below, above = find_gaps([straight(RED), straight(BLUE)])
    assert len(below) == 0
    assert left_out(above) == pytest.approx(150, abs=15)  # half of its length
    assert (above[1:, 0] > above[:-1, 1]).all()


def test_of_three_each_is_seen() -> None:
    _, second, third = find_gaps([straight(RED), straight(BLUE), straight(GREEN)])
    assert left_out(second) == pytest.approx(150, abs=15)
    assert left_out(third) == pytest.approx(200, abs=20)


@pytest.mark.parametrize(("aside", "covered"), [(0.0, True), (1.2, True), (7.0, False)])
def test_only_what_hides_gives_way(aside: float, covered: bool) -> None:
    _, above = find_gaps([straight(RED), straight(BLUE, aside=aside)])
    assert bool(len(above)) == covered


def test_a_crossing_needs_no_gap() -> None:
    found = find_gaps([straight(RED), line((100, 20), (105, 200), look=BLUE)])
    assert not any(map(len, found))


def test_lines_that_look_alike_need_no_gap() -> None:
    assert not any(map(len, find_gaps([straight(RED), straight(RED)])))


def test_who_came_first_stays_whole() -> None:
    # The first line comes by only after the second one, at its last step.
    late = line((20, 250), (20, 240), (20, 100), (320, 100))
    early = line((20, 100), (320, 100), look=BLUE)
    upon, below = find_gaps([late, early])
    assert len(upon)
    assert len(below) == 0


def test_a_line_that_goes_to_infinity_is_no_trouble() -> None:
    away = np.array([(1e200, 1e200), (np.inf, 0), (np.nan, 1)])
    far = Polyline(np.concatenate([straight(BLUE).points, away]), BLUE, 3.0, BOX)
    _, gaps = find_gaps([straight(RED), far])
    assert np.isfinite(gaps).all()
    assert left_out(gaps) == pytest.approx(150, abs=15)


def test_segments_that_meet_another_line_are_known() -> None:
    first, second = find_meetings([straight(RED, 4), line((100, 20), (100, 60), (105, 200))])
    assert first.tolist() == [True, False, False]
    assert second.tolist() == [False, True]
    (alone,) = find_meetings([straight(RED)])
    assert not alone.any()


def test_a_head_beneath_another_grows_and_the_uppermost_does_not() -> None:
    same = np.full((3, 2), 50.0)
    apart = np.array([[50.0, 50.0], [58.0, 50.0], [90.0, 50.0]])
    low, middle, top = crowding([same, same, apart], [RED, BLUE, GREEN], 15.0)
    assert top is None
    assert low is not None
    assert middle is not None
    assert (low > middle).all()
    assert low[0] > low[1] > low[2] > 1.0
    assert middle[2] == 1.0
    assert crowding([same, same], [RED, RED], 15.0) == [None, None]


def test_a_head_that_is_gone_hides_nothing() -> None:
    here, gone = np.full((2, 2), 50.0), np.array([[50.0, 50.0], [np.nan, np.nan]])
    low, _ = crowding([here, gone], [RED, BLUE], 15.0)
    assert low is not None
    assert low[0] > 1.0 == low[1]
