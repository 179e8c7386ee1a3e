"""Which setting is the best of those tried, and which valleys are worth a closer look."""

from __future__ import annotations

import math

import numpy as np

from landscape.maps.valleys import Order, Tried, valleys_of

INF = math.inf


def tried(rate: float, loss: float, beside: float, **more: float) -> Tried:
    numbers = {"raw": loss, "arrival": INF, "beside_raw": beside, **more}
    return Tried((rate,), (rate,), loss, beside=beside, **numbers)


def test_a_lucky_rate_counts_as_a_tenth_of_its_neighbours() -> None:
    order = Order(0.0, np.array([1.0]))
    fluke, solid = tried(1.0, 1e-9, 1e-3), tried(2.0, 5e-5, 6e-5)
    assert order.best([fluke, solid]) is solid
    assert order.best([tried(1.0, 1e-9, 4e-4), solid]).row == (1.0,)  # 4e-5 is still less
    # Without a known minimum the lowest loss is what the others are measured from.
    moved = [tried(1.0, -5.0, -4.0), tried(2.0, -4.95, -4.9)]
    assert Order(None, np.array([0.0])).best(moved) is moved[1]


def test_leaving_the_domain_loses_to_every_setting_that_stays() -> None:
    order = Order(0.0, np.array([1.0]))
    left = tried(1.0, INF, INF, raw=1e-9, beside_raw=1e-9)
    alone = tried(2.0, 0.5, INF)
    stays = tried(3.0, 0.9, 0.9)
    assert order.best([left, alone, stays]) is stays
    assert order.best([left, alone]) is alone
    worse = tried(4.0, INF, INF, raw=1e-3, beside_raw=1e-3)
    assert order.best([worse, left]) is left


def test_of_solved_ones_the_first_to_arrive_wins() -> None:
    order = Order(0.0, np.array([1.0]))
    slow, fast = tried(1.0, 1e-30, 1e-30, arrival=50.0), tried(2.0, 1e-25, 1e-25, arrival=20.0)
    assert order.best([slow, fast]) is fast


def test_valleys_are_found_and_lie_apart() -> None:
    x = np.arange(100)
    losses = np.minimum.reduce([abs(x - 20) + 1.0, abs(x - 22) + 1.5, abs(x - 60) + 2.0])
    losses = np.minimum(losses, abs(x - 99) + 3.0)
    found = valleys_of([(float(one),) for one in losses], (100,), 3)
    assert found == [20, 60, 99]
    table = np.add.outer((np.arange(8) - 2.0) ** 2, (np.arange(6) - 4.0) ** 2)
    (first, *others) = valleys_of([(float(one),) for one in table.ravel()], (8, 6), 3)
    assert divmod(first, 6) == (2, 4)
    assert len(others) == 2  # there is no other valley: the best of what is apart
    for one in others:
        row, column = divmod(one, 6)
        assert max(abs(row - 2), abs(column - 4)) == 2
