"""How long several trainings take is told after the first, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from landscape.pictures import profile
from landscape.pictures.network import load_data
from landscape.pictures.outlook import Outlook, training_work
from landscape.pictures.profile import ProfileRecipe


def clock(*times: float) -> Iterator[float]:
    yield from times


def told(works: list[float], seconds: float) -> list[str]:
    said: list[str] = []
    ticks = clock(*(k * seconds for k in range(2 * len(works))))
    outlook = Outlook(works, "all of it", said.append, clock=ticks.__next__)
    for _ in works:
        with outlook.piece():
            pass
    return said


def test_all_is_told_by_the_first() -> None:
    assert told([1.0, 1.0, 3.0], 4.0) == ["all of it: about 20 s, going by the first"]


@pytest.mark.parametrize(("works", "seconds"), [([1.0], 100.0), ([1.0, 1.0], 2.0), ([], 1.0)])
def test_nothing_is_told_where_little_is_left(works: list[float], seconds: float) -> None:
    assert told(works, seconds) == []


def test_work_grows_with_epochs_rules_and_rows() -> None:
    data = load_data("moons:rows=200")
    one = ProfileRecipe(data="moons:rows=200", net="8", epochs=2)
    assert training_work(one.with_(epochs=6), data) == 3 * training_work(one, data)
    two = one.with_(optimizers=("gd", "adam"), along="line")
    assert training_work(two, data) == 2 * training_work(one, data)
    assert training_work(one.with_(batch=0), data) < training_work(one.with_(batch=1), data)


def test_a_profile_of_variants_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("landscape.pictures.outlook._LONG", 0.0)
    recipe = ProfileRecipe(
        data="moons:rows=100", net="4", epochs=1, repeats=2, count=5, vary="batch=5,all", seeds=3
    )
    profile.prepare(recipe, report=said.append)
    assert [one.partition(":")[0] for one in said].count("all 6 trainings") == 1
