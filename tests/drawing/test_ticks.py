"""The numbers at an axis are right, short and apart."""

from __future__ import annotations

import math

import pytest

from landscape.drawing.ticks import choose_ticks, compact, text_width, widest_label

RANGES = [
    (-5.0, 5.0),
    (-1e5, 2e5),
    (0.0, 4e-4),
    (1234.5671, 1234.5679),
    (1e5, 1e5 + 1),
    (-1e6 - 3, -1e6 + 2),
    (1e150, 3e150),
    (0.0, 12345.0),
    (-1500.0, 1000.0),
    (3e-101, 4e-101),
]


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-")) if text else 0.0


@pytest.mark.parametrize("most", [2, 3, 5, 7])
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_a_label_says_where_it_stands_in_few_letters(low: float, high: float, most: int) -> None:
    ticks = choose_ticks(low, high, most)
    assert 2 <= len(ticks.places) <= most + 2
    for place, label in zip(ticks.places, ticks.labels, strict=True):
        assert low <= place <= high or math.isclose(place, low) or math.isclose(place, high)
        said = number(ticks.base) + number(label)
        assert said == pytest.approx(place, rel=1e-12, abs=1e-9 * (high - low))
        assert len(label) <= 8
    assert len(set(ticks.labels)) == len(ticks.labels)


def test_only_what_is_long_has_powers_of_ten() -> None:
    assert choose_ticks(-5, 5, 7).labels == ("−4", "−2", "0", "2", "4")
    assert choose_ticks(0, 2e5, 3).labels == ("0", "1e5", "2e5")
    assert choose_ticks(0, 1, 3).labels == ("0.0", "0.5", "1.0")


def test_labels_stand_apart_in_the_room_that_there_is() -> None:
    for room in (4.0, 10.0, 20.0, 60.0):
        ticks = choose_ticks(-1500, 1000, 7, room)
        each = room * (ticks.places[1] - ticks.places[0]) / 2500
        assert len(ticks.places) == 2 or each > max(map(text_width, ticks.labels))
    few, many = (choose_ticks(0, 10, 7, room, upright=True).places for room in (5.0, 50.0))
    assert len(few) < len(many)


def test_the_widest_label_is_as_wide_as_any() -> None:
    for low, high in RANGES:
        for most in range(2, 8):
            for label in choose_ticks(low, high, most, 40.0).labels:
                assert text_width(label) <= widest_label(low, high, 7)


def test_a_number_alone_is_short_too() -> None:
    said = {1e-5: "1e\N{MINUS SIGN}5", 0.03: "0.03", 1e5: "1e5", 30000.0: "30000", 1.0: "1"}
    assert {value: compact(value) for value in said} == said
