"""Maps of basins: each cell is the path from its middle, in any blocks, after any kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.descent import descend
from landscape.ends import find_ends
from landscape.errors import LandscapeError
from landscape.maps.basins import BasinMap, basin_map, check_depth, usual_tolerance, zoomed
from landscape.maps.places import Places
from landscape.maps.survey import find_places, survey
from landscape.maps.walk import Paths
from landscape.optimizers.lookup import optimizer
from landscape.surfaces.lookup import surface

DOMAIN = ((-6.0, 6.0), (-6.0, 6.0))


def himmelblau() -> tuple[Paths, Places]:
    paths = Paths(surface("himmelblau"), optimizer("momentum:lr=0.01"), 300, tolerance=0.1)
    return paths, find_places(paths.surface, survey(paths, count=1000)[0])


def same(one: BasinMap, other: BasinMap) -> None:
    np.testing.assert_array_equal(one.labels, other.labels)
    np.testing.assert_array_equal(one.steps, other.steps)


def test_cells_are_single_paths() -> None:
    paths, places = himmelblau()
    found = basin_map(paths, places, DOMAIN, 40, 30)
    assert found.labels.shape == found.steps.shape == (30, 40)
    for k in np.random.default_rng(0).integers(0, 1200, 40).tolist():
        row, column = divmod(k, 40)
        # The middle of a cell, by other words than the map's.
        start = -6 + 12 * (2 * column + 1) / 80, -6 + 12 * (2 * row + 1) / 60
        assert start == pytest.approx((found.xs[column], found.ys[row]))
        start = float(found.xs[column]), float(found.ys[row])
        path = descend("himmelblau", "momentum:lr=0.01", start=start, steps=300, tolerance=0.1)
        assert found.steps[row, column] == path.ending.step
        (end,) = find_ends(paths.surface, [path])
        label = int(found.labels[row, column])
        if end.point is None:
            assert places.name(label) == path.ending.outcome == "diverged"
        else:
            assert places.points[label].x == pytest.approx(end.point.x, abs=1e-6)
            assert places.points[label].y == pytest.approx(end.point.y, abs=1e-6)


def test_counts_are_all_starts_and_a_symmetric_bowl_is_halved() -> None:
    paths = Paths(surface("(x**2-1)**2"), optimizer("gd:lr=0.02"), 300)
    places = find_places(paths.surface, survey(paths, count=1000)[0])
    counts = basin_map(paths, places, paths.surface.bounds, 50, 31).counts()
    assert sum(counts.values()) == 50 * 31
    assert [counts[0], counts[1]] == [25 * 31, 25 * 31]


@pytest.mark.parametrize(("block", "threads"), [(1, 1), (7, 3), (50, 2)])
def test_blocks_and_threads_change_nothing(block: int, threads: int) -> None:
    paths, places = himmelblau()
    plain = basin_map(paths, places, DOMAIN, 60, 50)
    told: list[tuple[int, int]] = []
    other = basin_map(
        paths,
        places,
        DOMAIN,
        60,
        50,
        block=block,
        threads=threads,
        progress=lambda done, total: told.append((done, total)),
    )
    same(plain, other)
    assert told[-1] == (50, 50)


def test_a_part_of_the_domain_has_the_cells_of_the_whole() -> None:
    paths, places = himmelblau()
    whole = basin_map(paths, places, DOMAIN, 64, 64)
    part = basin_map(paths, places, ((-6.0, 0.0), (0.0, 6.0)), 32, 32)
    np.testing.assert_array_equal(whole.labels[32:, :32], part.labels)


# A process that is killed as soon as some rows are in its journal.
KILLED = """
import sys, time
from tests.maps.test_basins import himmelblau, DOMAIN
from landscape.maps.basins import basin_map
paths, places = himmelblau()
def slowly(done, total):
    time.sleep(0.05)
basin_map(paths, places, DOMAIN, 60, 50, keep=sys.argv[1], recipe="r", block=2, progress=slowly)
"""


def test_after_a_kill_the_map_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "map.npz"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)])
    journal = path.with_name("map.npz.journal")
    wait = time.monotonic() + 60
    while not (journal.exists() and journal.stat().st_size > 3000):
        assert process.poll() is None
        assert time.monotonic() < wait
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not path.exists()
    paths, places = himmelblau()
    plain = basin_map(paths, places, DOMAIN, 60, 50)
    walked: list[int] = []
    walk = Paths.walk

    def counted(self: Paths, x: Any, y: Any, **more: Any) -> Any:
        walked.append(len(x))
        return walk(self, x, y, **more)

    monkeypatch.setattr(Paths, "walk", counted)
    again = basin_map(paths, places, DOMAIN, 60, 50, keep=path, recipe="r", block=2)
    same(plain, again)
    assert 0 < len(walked) < 25  # some rows were there
    assert os.listdir(tmp_path) == ["map.npz"]
    with np.load(path) as saved:
        np.testing.assert_array_equal(saved["labels"], plain.labels)
        np.testing.assert_array_equal(saved["steps"], plain.steps)
        np.testing.assert_array_equal(saved["xs"], plain.xs)
        assert saved["names"].tolist() == list(places.names)
        assert saved["places"][2].tolist() == [3.0, 2.0, 0.0]
        assert str(saved["recipe"]) == "r"
    walked.clear()
    same(plain, basin_map(paths, places, DOMAIN, 60, 50, keep=path))
    assert not walked
    with pytest.raises(LandscapeError, match="other work"):
        basin_map(paths, places, DOMAIN, 60, 49, keep=path)


def test_a_zoom_ends_where_numbers_do() -> None:
    part = zoomed(DOMAIN, (0.5, 4.0), 1e6)
    assert part[0][1] - part[0][0] == pytest.approx(12e-6)
    assert sum(part[0]) / 2 == pytest.approx(0.5)
    check_depth(part, 500, 500)
    with pytest.raises(LandscapeError, match=r"100 starts from x = 0.4999.*zoom out to a width of"):
        check_depth(zoomed(DOMAIN, (0.5, 4.0), 1e16), 100, 100)
    xs = np.linspace(*zoomed(DOMAIN, (0.5, 4.0), 1e12)[0], 501)
    assert len(np.unique(xs)) == 501


def test_a_zoom_at_the_edge_stays_in_the_domain_and_comes_to_the_middle() -> None:
    assert zoomed(DOMAIN, (-6.0, 6.0), 4.0) == ((-6.0, -3.0), (3.0, 6.0))
    assert zoomed(DOMAIN, (3.0, 0.0), 4.0, 0.0)[0] == pytest.approx((0.75, 3.75))
    assert zoomed(DOMAIN, (3.0, 0.0), 4.0, 1.0)[0] == pytest.approx((1.5, 4.5))
    assert zoomed(DOMAIN, (3.0, 0.0), 1.0) == DOMAIN


def test_the_usual_tolerance_tells_slow_from_fast() -> None:
    paths, places = himmelblau()
    tolerance = usual_tolerance([paths], places)
    assert tolerance == 0.1  # the median slope is 60 or so
    found = basin_map(paths, places, ((-5.0, 5.0), (-4.0, 4.0)), 20, 20)
    assert 60 < np.median(found.steps) < 200
    assert found.steps.min() < 0.9 * found.steps.max() < 300
