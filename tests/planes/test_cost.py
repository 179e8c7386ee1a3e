"""How long a grid will take, told once, from the pace of its first cells."""

from __future__ import annotations

import pytest

from landscape.planes.cost import Cost, Forecast, duration


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.3, "less than a second"),
        (0.96, "1 s"),
        (1.46, "1.5 s"),
        (2.96, "3 s"),
        (9.49, "9.5 s"),
        (9.6, "10 s"),
        (99.0, "99 s"),
        (100.0, "1.7 min"),
        (3000.0, "50 min"),
        (5400.0, "90 min"),
        (7200.0, "2 h"),
        (1e6, "278 h"),
    ],
)
def test_durations_have_the_digits_that_an_estimate_has(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_cost_names_cells_rows_and_time() -> None:
    assert Cost(51, 51, 1797, 3.1).describe() == "51×51 cells × 1\xa0797 rows: about 3.1 s"
    assert Cost(101, 1, 150, 0.2).describe() == "101 cells × 150 rows: less than a second"


def run(times: list[tuple[float, int]], total: int, long: float = 2.0) -> list[Cost]:
    """Tell a forecast that so many cells were done at such times."""
    clock = Clock()
    told: list[Cost] = []
    passed_on: list[tuple[int, int]] = []
    forecast = Forecast(
        10, 10, 500, told.append, long=long, then=lambda *both: passed_on.append(both), clock=clock
    )
    for seconds, done in times:
        clock.now = 100.0 + seconds
        forecast(done, total)
    assert passed_on == [(done, total) for _, done in times]
    return told


def test_a_long_grid_is_told_once_from_its_pace() -> None:
    told = run([(0.0, 0), (0.1, 2), (0.25, 5), (0.5, 10), (5.0, 100)], 100)
    (cost,) = told
    assert (cost.columns, cost.lines, cost.examples) == (10, 10, 500)
    assert cost.seconds == pytest.approx(5.0)


def test_a_short_grid_is_not_told() -> None:
    assert run([(0.0, 0), (0.3, 50), (0.6, 100)], 100) == []
    (cost,) = run([(0.0, 0), (0.3, 50)], 100, long=0.2)
    assert cost.seconds == pytest.approx(0.6)


def test_cells_of_an_earlier_run_count_as_no_work() -> None:
    (cost,) = run([(0.0, 80), (0.4, 82), (0.8, 84)], 100)
    assert cost.seconds == pytest.approx(4.0)
