"""Grids as files: saved, loaded, resumed after kills, refined, and told how long they take."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes import crew, layout
from landscape.planes.blocks import Problem
from landscape.planes.compute import compute_plane
from landscape.planes.curvature_map import (
    CURVATURE_RECORD,
    CurvatureMap,
    curvature_map,
    no_curvature,
)
from landscape.planes.engine import losses_on_grid
from landscape.planes.geometry import Geometry
from landscape.planes.journal import Journal, journal_beside, read_journal
from landscape.planes.parts import CURVATURE, RECORD, part_of
from landscape.planes.refine import refined
from landscape.planes.store import PlaneFile, load_plane, new_plane
from tests.planes.cases import blobs, parameters

NETWORK = Network((3, 20, 3))
TEXTS = {"recipe": 'kind = "plane"\n', "dataset": "blobs:seed=0", "seed": "7", "title": "größer"}


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small blocks and hand each over at once, so that small grids too come in pieces."""
    monkeypatch.setattr(crew, "_REPORT_AFTER", 0.0)
    monkeypatch.setattr(layout, "_MOST_CELLS", 8)


def given(rows: int = 200) -> tuple[Any, Any]:
    X, y = blobs(rows, 3, 3)
    return X.astype(np.float32), y


def empty(columns: int = 13, rows: int = 9, *, test: bool = False, seed: int = 0) -> PlaneFile:
    frame = [parameters(NETWORK, seed + k) for k in range(3)]
    xs, ys = np.linspace(-1, 1, columns), np.linspace(-0.5, 2, rows)
    return new_plane(NETWORK, frame[0], frame[1:], xs, ys, test=test, texts=TEXTS)


def same(found: PlaneFile, expected: PlaneFile) -> None:
    for name in ("origin", "directions", "xs", "ys"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert list(found.parts) == list(expected.parts)
    for name, part in found.parts.items():
        for kind in ("loss", "accuracy", "done"):
            np.testing.assert_array_equal(
                getattr(part, kind), getattr(expected.parts[name], kind), strict=True
            )
    assert found.network == expected.network
    assert dict(found.texts) == dict(expected.texts)
    assert (found.arithmetic, found.identity) == (expected.arithmetic, expected.identity)


class Stop:
    """Asked whether to stop; says so after some pieces."""

    def __init__(self, pieces: int) -> None:
        self.left = pieces

    def __call__(self) -> bool:
        self.left -= 1
        return self.left <= 0


def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Every cell that is computed from now on."""
    seen: list[tuple[float, float]] = []
    evaluate = Problem.evaluate

    def watched(self: Problem, coordinates: Any, space: Any) -> Any:
        seen.extend(map(tuple, coordinates))
        return evaluate(self, coordinates, space)

    monkeypatch.setattr(Problem, "evaluate", watched)
    return seen


def test_a_plane_holds_the_engines_losses_and_comes_back_from_its_file(tmp_path: Path) -> None:
    X, y = given()
    plane = compute_plane(empty(), X, y, path=tmp_path / "plane.npz")
    loss, accuracy = losses_on_grid(
        NETWORK, X, y, _Geometry(plane), plane.xs, plane.ys, arithmetic=plane.arithmetic
    )
    np.testing.assert_array_equal(plane.loss, loss)
    np.testing.assert_array_equal(plane.accuracy, accuracy)
    same(load_plane(tmp_path / "plane.npz"), plane)
    assert [path.name for path in tmp_path.iterdir()] == ["plane.npz"]
    with np.load(tmp_path / "plane.npz", allow_pickle=False) as raw:
        assert str(raw["recipe"][()]) == TEXTS["recipe"]


class _Geometry:
    def __init__(self, plane: PlaneFile) -> None:
        self.origin = plane.origin
        self.first, self.second = plane.directions


def test_test_data_are_a_part_of_their_own(tmp_path: Path) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    plane = compute_plane(empty(test=True), X[50:], y[50:], test=(X[:50], y[:50]), path=path)
    alone = compute_plane(empty(), X[:50], y[:50])
    np.testing.assert_array_equal(plane.parts["test"].loss, alone.loss)
    np.testing.assert_array_equal(plane.parts["test"].accuracy, alone.accuracy)
    assert not np.array_equal(plane.loss, alone.loss)
    same(load_plane(path), plane)


def test_a_line_is_saved_too(tmp_path: Path) -> None:
    X, y = given()
    frame = [parameters(NETWORK, k) for k in range(2)]
    line = new_plane(NETWORK, frame[0], frame[1], np.linspace(0, 1, 11))
    made = compute_plane(line, X, y, path=tmp_path / "line.npz")
    assert made.loss.shape == (1, 11)
    at_start = NETWORK.value(frame[0], X, y)
    assert made.loss[0, 0] == pytest.approx(at_start, rel=1e-6)
    same(load_plane(tmp_path / "line.npz"), made)


def test_coarse_lines_come_first_and_make_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = given()
    whole = compute_plane(empty(), X, y)
    seen: list[PlaneFile] = []
    compute_plane(empty(), X, y, preview=seen.append)
    assert empty().picture() is None
    assert len(seen) == 2
    lines = [(range(0, 13, 4), range(0, 9, 4)), (range(0, 13, 2), range(0, 9, 2))]
    for plane, (columns, rows) in zip(seen, lines, strict=True):
        picture = plane.picture()
        assert picture is not None
        xs, ys, loss, accuracy = picture
        np.testing.assert_array_equal(xs, whole.xs[columns])
        np.testing.assert_array_equal(ys, whole.ys[rows])
        np.testing.assert_array_equal(loss, whole.loss[np.ix_(rows, columns)])
        np.testing.assert_array_equal(accuracy, whole.accuracy[np.ix_(rows, columns)])
        assert plane.count() == (len(columns) * len(rows), 13 * 9)


def test_coarse_lines_reach_the_edges_whatever_their_number() -> None:
    X, y = given()
    seen: list[PlaneFile] = []
    compute_plane(empty(11, 8), X, y, preview=seen.append)
    for plane in seen:
        picture = plane.picture()
        assert picture is not None
        assert (picture[0][0], picture[0][-1]) == (-1, 1)
        assert (picture[1][0], picture[1][-1]) == (-0.5, 2)


def test_refining_keeps_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = given()
    coarse = compute_plane(empty(7, 5), X, y)
    finer = refined(coarse)
    assert finer.loss.shape == (9, 13)
    np.testing.assert_allclose(finer.xs, np.linspace(-1, 1, 13), atol=1e-15)
    seen = counted(monkeypatch)
    found = compute_plane(finer, X, y)
    assert len(seen) == len(set(seen)) == 9 * 13 - 5 * 7
    np.testing.assert_array_equal(found.loss[::2, ::2], coarse.loss)
    at_once = replace(empty(), xs=finer.xs, ys=finer.ys, arithmetic=coarse.arithmetic)
    np.testing.assert_array_equal(found.loss, compute_plane(at_once, X, y).loss)
    assert coarse.loss.shape == (5, 7)
    assert refined(coarse, 3).xs.shape == (19,)


@pytest.mark.parametrize("pieces", [1, 2, 5])
def test_cancelled_work_goes_on_where_it_was(
    pieces: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    whole = compute_plane(empty(), X, y)
    part = compute_plane(empty(), X, y, path=path, cancelled=Stop(pieces))
    done, total = part.count()
    assert 0 < done < total
    assert not path.exists()
    same(load_plane(path), part)  # from the journal, for an early picture
    seen = counted(monkeypatch)
    told: list[tuple[int, int]] = []
    found = compute_plane(empty(), X, y, path=path, progress=lambda *both: told.append(both))
    same(found, whole)
    assert len(seen) == total - done
    assert told[0] == (done, total)
    assert told[-1] == (total, total)
    assert told == sorted(told)
    assert not journal_beside(path).exists()


def test_an_interrupt_leaves_a_journal_to_go_on_with(tmp_path: Path) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"

    def progress(done: int, total: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute_plane(empty(), X, y, path=path, progress=progress)
    assert load_plane(path).count()[0] >= 20
    same(compute_plane(empty(), X, y, path=path), compute_plane(empty(), X, y))


def test_finished_work_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    plane = compute_plane(empty(), X, y, path=path)
    # As if a kill had come between the file and the end of the journal.
    Journal(journal_beside(path), plane.identity.encode(), plane.to_bytes()).close()
    seen = counted(monkeypatch)
    told: list[tuple[int, int]] = []
    again = compute_plane(
        replace(empty(), texts={"title": "another"}), X, y.astype(np.int8), path=path,
        progress=lambda *both: told.append(both),
    )  # fmt: skip
    assert not seen
    assert told == [(117, 117)]
    np.testing.assert_array_equal(again.loss, plane.loss)
    assert dict(load_plane(path).texts) == {"title": "another"}
    assert not journal_beside(path).exists()


def half_done(path: Path) -> bytes:
    """Leave a journal beside `path` and return its bytes."""
    X, y = given()
    compute_plane(empty(), X, y, path=path, cancelled=Stop(6))
    return journal_beside(path).read_bytes()


def test_a_record_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    content = half_done(path)
    whole = compute_plane(empty(), X, y)
    first = len(content) - 40 * RECORD.itemsize
    for length in [0, 5, 40, 500, *range(first, len(content), 101)]:
        journal_beside(path).write_bytes(content[:length])
        same(compute_plane(empty(), X, y, path=path), whole)
        path.unlink()


def test_a_damaged_record_is_computed_again(tmp_path: Path) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    content = bytearray(half_done(path))
    before = load_plane(path).count()[0]
    content[-60] ^= 4
    journal_beside(path).write_bytes(content)
    assert 0 < load_plane(path).count()[0] < before
    same(compute_plane(empty(), X, y, path=path), compute_plane(empty(), X, y))


@pytest.mark.parametrize("what", ["network", "origin", "lines", "rows", "labels", "arithmetic"])
def test_a_journal_of_other_work_is_refused(what: str, tmp_path: Path) -> None:
    path = tmp_path / "plane.npz"
    content = half_done(path)
    plane, (X, y) = empty(), given()
    if what == "network":
        plane = replace(plane, network=replace(NETWORK, l2=0.5))
    elif what == "origin":
        plane = empty(seed=1)
    elif what == "lines":
        plane = replace(plane, xs=plane.xs + 1e-9)
    elif what == "rows":
        X = X + np.float32(1e-3)
    elif what == "labels":
        y = 2 - y
    else:
        plane = replace(plane, arithmetic="numba")
    with pytest.raises(LandscapeError, match="other work") as caught:
        compute_plane(plane, X, y, path=path)
    assert "\n" not in str(caught.value)
    assert journal_beside(path).read_bytes() == content


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    journal_beside(path).write_text("my notes\n")
    with pytest.raises(LandscapeError, match="is no journal"):
        compute_plane(empty(), X, y, path=path)
    assert journal_beside(path).read_text() == "my notes\n"


def test_two_processes_do_not_write_one_journal(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    path = tmp_path / "plane.npz"
    plane, (X, y) = compute_plane(empty(), *given()), given()
    journal = Journal(journal_beside(path), plane.identity.encode(), plane.to_bytes())
    with pytest.raises(LandscapeError, match="another process"):
        compute_plane(empty(), X, y, path=path)
    journal.close()
    assert compute_plane(empty(), X, y, path=path).complete


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"path": "plane.png"}, r"saved as \.npz: plane\.png came"),
        ({"passes": (2, 0)}, "passes are whole numbers"),
        ({"test": given()}, "has no test part"),
        ({"plane": empty(test=True)}, "has a test part"),
        ({"path": "missing/plane.npz"}, "does not exist; make it first"),
    ],
)
def test_work_that_cannot_be_done_is_named(changed: dict[str, Any], message: str) -> None:
    X, y = given()
    arguments: dict[str, Any] = {"plane": empty(), "X": X, "y": y} | changed
    with pytest.raises(LandscapeError, match=message):
        compute_plane(**arguments)


def test_lines_must_ascend_and_a_line_has_no_second_coordinate() -> None:
    frame = [parameters(NETWORK, k) for k in range(3)]
    with pytest.raises(LandscapeError, match="xs must be grid lines in ascending order"):
        new_plane(NETWORK, frame[0], frame[1:], [0.0, 0.0], [1.0])
    with pytest.raises(LandscapeError, match=r"ys = \(0,\)"):
        new_plane(NETWORK, frame[0], frame[1], [0.0, 1.0], [1.0])
    with pytest.raises(LandscapeError, match="from 2 to 64: 1 came"):
        refined(empty(), 1)


def test_a_file_that_is_no_plane_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plane.npz"
    with pytest.raises(LandscapeError, match="there is no such file"):
        load_plane(path)
    path.write_bytes(b"not an archive")
    with pytest.raises(LandscapeError, match="no plane that was saved here") as caught:
        load_plane(path)
    assert "\n" not in str(caught.value)
    np.savez(path, x=np.arange(3))
    with pytest.raises(LandscapeError, match="no plane that was saved here"):
        load_plane(path)


# A process that is killed: it logs each block before it is computed.
WORK = """
import os, sys
import numpy as np
from landscape.planes import crew, layout
from landscape.planes.blocks import Problem
from landscape.planes.compute import compute_plane
from tests.planes.test_store import empty, given

log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
evaluate = Problem.evaluate

def watched(self, coordinates, space):
    os.write(log, np.ascontiguousarray(coordinates).tobytes())
    return evaluate(self, coordinates, space)

Problem.evaluate = watched
crew._REPORT_AFTER, layout._MOST_CELLS = 0.002, 8
X, y = given(15_000)
compute_plane(empty(25, 17), X, y, path=sys.argv[1], threads=2)
"""


def journalled(path: Path) -> set[tuple[float, float]]:
    """The coordinates of the cells that a journal holds; none of them twice."""
    records = read_journal(journal_beside(path))
    if records is None:
        return set()
    cells = np.concatenate([np.empty(0, RECORD), *(np.frombuffer(r, RECORD) for r in records[2:])])
    numbers = cells["cell"].tolist()
    assert len(numbers) == len(set(numbers))
    plane = empty(25, 17)
    return {(plane.xs[k % 25], plane.ys[k // 25]) for k in numbers}


def test_kills_at_any_moment_lose_no_finished_cell(tmp_path: Path) -> None:
    path = tmp_path / "plane.npz"
    # Somewhere after so many new cells were begun, which may be at the end of the work.
    for begun, before, after in killed(WORK, path, journalled, range(160)):
        assert path.exists() or (before <= after and after - before <= set(begun))
    same(load_plane(path), compute_plane(empty(25, 17), *given(15_000)))


Place = tuple[float, float]


def killed(
    work: str, path: Path, held: Callable[[Path], set[Place]], after: range
) -> Iterator[tuple[list[Place], set[Place], set[Place]]]:
    """Run a program again and again and kill it, until it has written `path`.

    Parameters: `work` logs each cell before it is computed; `held` reads what its journal has;
    `after` are the numbers of cells after which it is killed, one of them by chance each time.

    Yields, each time, the cells that were begun, and what the journal had before and after.
    """
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("needs SIGKILL")
    log, root = path.with_name("log"), Path(__file__).parents[2]
    draw = np.random.default_rng(5)
    before: set[Place] = set()
    kills = 0
    while not path.exists():
        log.unlink(missing_ok=True)
        child = subprocess.Popen([sys.executable, "-c", work, str(path), str(log)], cwd=root)
        wanted = 16 * int(draw.choice(after)) if kills < 5 else 1 << 30
        deadline = time.monotonic() + 60
        while child.poll() is None and not (log.exists() and log.stat().st_size >= wanted):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        time.sleep(float(draw.uniform(0, 0.01)))
        child.kill()
        assert child.wait() in (0, -signal.SIGKILL)
        kills += child.returncode != 0
        begun = [tuple(pair) for pair in np.fromfile(log).reshape(-1, 2)] if log.exists() else []
        assert len(begun) == len(set(begun))
        assert not before & set(begun)
        now = held(path)
        yield begun, before, now
        before = now
    assert kills >= 3


# -- a map of curvature ----------------------------------------------------------------------


def with_curvature(seed: int = 0) -> PlaneFile:
    """A small grid with a map of curvature on coarse lines of its own."""
    xs, ys = np.linspace(-0.9, 0.9, 6), np.linspace(-0.4, 1.8, 5)
    return replace(empty(5, 4), curvature=no_curvature(xs, ys, seed=seed))


def same_curvature(found: CurvatureMap | None, expected: CurvatureMap | None) -> None:
    assert found is not None
    assert expected is not None
    for name in ("xs", "ys", "smallest", "largest", "converged", "taken", "done"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for name in ("tolerance", "most", "seed"):
        assert getattr(found, name) == getattr(expected, name)


def test_a_map_of_curvature_is_kept_in_the_planes_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    told: list[tuple[int, int]] = []
    plane = compute_plane(
        with_curvature(), X, y, path=path, progress=lambda *both: told.append(both)
    )
    assert told[0] == (0, 50)
    assert told[-31:] == [(20 + k, 50) for k in range(31)]
    assert plane.curvature is not None
    geometry = Geometry(plane.origin, *plane.directions)
    alone = curvature_map(NETWORK, X, y, geometry, plane.curvature.xs, plane.curvature.ys)
    same_curvature(plane.curvature, alone)
    same_curvature(load_plane(path).curvature, alone)
    same(replace(plane, identity=""), replace(compute_plane(empty(5, 4), X, y), identity=""))
    monkeypatch.setattr(Geometry, "point", lambda *_: pytest.fail("computed again"))
    same_curvature(compute_plane(with_curvature(), X, y, path=path).curvature, alone)


@pytest.mark.parametrize("other", [empty(5, 4), with_curvature(seed=1)])
def test_a_file_with_another_map_is_other_work(other: PlaneFile, tmp_path: Path) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    compute_plane(with_curvature(), X, y, path=path)
    with pytest.raises(LandscapeError, match=r"other work .* map of curvature"):
        compute_plane(other, X, y, path=path)


def test_a_map_that_is_not_finished_is_no_finished_plane(tmp_path: Path) -> None:
    X, y = given()
    path = tmp_path / "plane.npz"
    part = compute_plane(with_curvature(), X, y, path=path, cancelled=Stop(20))
    found = load_plane(path)
    assert 20 < found.count()[0] < 50
    assert not part.complete
    assert not found.complete
    same_curvature(found.curvature, part.curvature)


def test_a_line_has_no_map_of_curvature() -> None:
    frame = [parameters(NETWORK, k) for k in range(2)]
    with pytest.raises(LandscapeError, match="needs a plane: one direction came"):
        new_plane(NETWORK, frame[0], frame[1], [0.0, 1.0], curvature=no_curvature([0.0], [0.0]))


# A process that is killed: it logs each cell of the map before it is computed.
CURVATURE_WORK = """
import os, sys
import numpy as np
from landscape.planes.compute import compute_plane
from landscape.planes.geometry import Geometry
from tests.planes.test_store import given, with_curvature

log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
point = Geometry.point

def watched(self, a, b):
    os.write(log, np.array([a, b]).tobytes())
    return point(self, a, b)

Geometry.point = watched
X, y = given(2000)
compute_plane(with_curvature(), X, y, path=sys.argv[1])
"""


def journalled_curvature(path: Path) -> set[tuple[float, float]]:
    """The coordinates of the map's cells that a journal holds; none of them twice."""
    records = read_journal(journal_beside(path)) or []
    cells = [np.frombuffer(r, CURVATURE_RECORD) for r in records[2:] if part_of(r) == CURVATURE]
    numbers = [int(one["cell"][0]) for one in cells]
    assert len(numbers) == len(set(numbers))
    found = with_curvature().curvature
    assert found is not None
    return {(found.xs[k % 6], found.ys[k // 6]) for k in numbers}


def test_kills_at_any_moment_lose_no_cell_of_a_map(tmp_path: Path) -> None:
    path = tmp_path / "plane.npz"
    for begun, before, after in killed(CURVATURE_WORK, path, journalled_curvature, range(1, 7)):
        # All that was begun is there but the last one, which may not have been finished.
        assert path.exists() or before | set(begun[:-1]) <= after
    whole = compute_plane(with_curvature(), *given(2000))
    same_curvature(load_plane(path).curvature, whole.curvature)
