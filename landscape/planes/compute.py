"""Computes a plane's grid: coarse lines first, into a journal, and on from where it stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError
from landscape.files import AnyPath, check_writable, shown
from landscape.planes.blocks import Problem, arithmetic_for
from landscape.planes.crew import pieces
from landscape.planes.curvature_map import curvature_cells
from landscape.planes.engine import crossings, problem
from landscape.planes.geometry import Geometry
from landscape.planes.journal import Journal, journal_beside, read_journal
from landscape.planes.parts import CURVATURE, RECORD
from landscape.planes.store import PlaneFile, coarse, fill, identity, load_plane

__all__ = ["check_free", "compute_plane"]

Array = NDArray[Any]
Data = tuple[ArrayLike, ArrayLike]
_PASSES = (4, 2, 1)


def compute_plane(
    plane: PlaneFile,
    X: ArrayLike,  # noqa: N803
    y: ArrayLike,
    *,
    test: Data | None = None,
    path: AnyPath | None = None,
    passes: Sequence[int] = _PASSES,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
    preview: Callable[[PlaneFile], object] | None = None,
) -> PlaneFile:
    """Return the plane with its missing cells computed, and saved at `path` if that is given.

    Parameters:
      plane      from `new_plane`, `refined` or `load_plane`
      X, y       the training data; `test` (X, y) if the plane has a test part
      path       an NPZ file. Finished cells go to a journal beside it, so that after an interrupt
                 or a kill the same call goes on; at the end the file appears and the journal goes
      passes     which lines come first: 4 means every fourth
      threads    defaults to the number of cores; the results do not depend on it
      progress   called with (cells done, cells in all) of all parts, at first before the work
      cancelled  asked now and then; if true, the work ends, and the journal stays
      preview    called with the plane as far as it is after each pass but the last

    Raises LandscapeError if data and plane do not fit, if the file `path` or the journal beside it
    is of other work, if the journal is in use, or if something cannot be written.
    """
    data = _data(plane, (X, y), test)
    cells = plane.xs.size * plane.ys.size
    chosen = plane.arithmetic or arithmetic_for(plane.network, len(data[0][0]), cells)
    plane = replace(plane, arithmetic=chosen)
    plane = replace(_own(plane), identity=identity(plane, data))
    if path is None:
        return _run(plane, data, None, passes, threads, progress, cancelled, preview)
    known = _finished(path, plane.identity)
    if known is not None:
        computed = replace(plane, parts=known.parts, curvature=known.curvature)
        return _again(computed, known, path, progress)
    journal = Journal(journal_beside(path), plane.identity.encode(), plane.to_bytes())
    try:
        for record in journal.records:
            fill(plane, record)
        plane = _run(plane, data, journal, passes, threads, progress, cancelled, preview)
        if not plane.complete:
            journal.close()
            return plane
        plane.save(path)
    except BaseException:
        journal.close()
        raise
    journal.discard()
    return plane


def _again(
    plane: PlaneFile,
    known: PlaneFile,
    path: AnyPath,
    progress: Callable[[int, int], object] | None,
) -> PlaneFile:
    """Return what was finished before; only texts can differ."""
    if dict(known.texts) != dict(plane.texts):
        plane.save(path)
    beside = journal_beside(path)
    records = read_journal(beside)
    if records is not None and records[0] == plane.identity.encode():
        beside.unlink(missing_ok=True)  # a kill came between the file and the end of its journal
    if progress is not None:
        progress(*plane.count())
    return plane


def _finished(path: AnyPath, wanted: str) -> PlaneFile | None:
    """Return what is at `path` if it is this very work, finished; None if there is nothing.

    Raises LandscapeError if something else is there: hours of other work, say.
    """
    check_free(path)
    if not os.path.exists(path):
        return None
    found = load_plane(path)
    if found.identity != wanted or not found.complete:
        raise LandscapeError(
            f"{shown(path)} holds a grid of other work (another network, data, plane or lines, or "
            "with or without a map of curvature): choose another name, or delete it"
        )
    return found


def check_free(path: AnyPath) -> None:
    """Find out before long work whether a grid could be kept at `path`.

    Raises LandscapeError if the name is no .npz, cannot be written, or is that of another file than
    a grid's; whose grid it is shows when the work is known.
    """
    if not os.fspath(path).endswith(".npz"):
        raise LandscapeError(f"a plane is saved as .npz: {shown(path)} came")
    check_writable(path)
    if not os.path.exists(path):
        return
    try:
        load_plane(path)
    except LandscapeError:
        raise LandscapeError(
            f"{shown(path)} is there and is no grid of a plane: choose another name, or delete it"
        ) from None


def _data(plane: PlaneFile, train: Data, test: Data | None) -> list[tuple[Array, Array]]:
    """Return the data of each part as the network reads them."""
    if (test is not None) != ("test" in plane.parts):
        raise LandscapeError(
            "the plane has a test part: give test=(X, y)"
            if test is None
            else "the plane has no test part: make it with test=True, or give no test data"
        )
    kind = plane.network.dtype
    given = [train] if test is None else [train, test]
    found = []
    for rows, targets in given:
        y = np.asarray(targets)  # whole labels of any type are the same labels
        found.append(
            (np.ascontiguousarray(rows, kind), y.astype(np.int64) if y.dtype.kind in "iub" else y)
        )
    return found


def _own(plane: PlaneFile) -> PlaneFile:
    """Return the plane with results in arrays of its own, which will be written to."""
    parts = {name: part.copy() for name, part in plane.parts.items()}
    curvature = None if plane.curvature is None else plane.curvature.copy()
    return replace(plane, parts=MappingProxyType(parts), curvature=curvature)


def _run(
    plane: PlaneFile,
    data: list[tuple[Array, Array]],
    journal: Journal | None,
    passes: Sequence[int],
    threads: int | None,
    progress: Callable[[int, int], object] | None,
    cancelled: Callable[[], bool] | None,
    preview: Callable[[PlaneFile], object] | None,
) -> PlaneFile:
    """Fill the plane's own arrays; return it when it is complete or the work was cancelled."""
    steps = _steps(passes)
    done, total = plane.count()
    posed = [_pose(plane, pair) for pair in data] if done < total else []
    if progress is not None:
        progress(done, total)

    def keep(found: Iterator[Array]) -> bool:
        """Keep the cells as they come; return whether all did."""
        nonlocal done
        for record in found:
            content = record.tobytes()
            if journal is not None:
                journal.append(content)
            fill(plane, content)
            done += len(record)
            if progress is not None:
                progress(done, total)
            if cancelled is not None and cancelled():
                return False
        return True

    for step in steps:
        if not keep(_missing(plane, posed, step, threads)):
            return plane
        if preview is not None and step != steps[-1]:
            preview(_own(plane))
    keep(_missing_curvature(plane, *data[0]))
    return plane


def _steps(passes: Sequence[int]) -> list[int]:
    if any(isinstance(k, bool) or not isinstance(k, int) or k < 1 for k in passes):
        raise LandscapeError(
            f"passes are whole numbers such as (4, 2, 1), every 4th line first: {passes!r} came"
        )
    return sorted({*passes, 1}, reverse=True)


def _pose(plane: PlaneFile, pair: tuple[Array, Array]) -> Problem:
    cells = plane.xs.size * plane.ys.size
    return problem(plane.network, *pair, plane.origin, plane.directions, cells, plane.arithmetic)


def _missing(
    plane: PlaneFile, posed: list[Problem], step: int, threads: int | None
) -> Generator[Array, None, None]:
    """Yield records of the cells on every `step`-th line that are not done, as they are done."""
    wanted = np.zeros((plane.ys.size, plane.xs.size), bool)
    wanted[np.ix_(coarse(plane.ys.size, step), coarse(plane.xs.size, step))] = True
    places = crossings(plane.xs, plane.ys)
    for number, (part, one) in enumerate(zip(plane.parts.values(), posed, strict=False)):
        cells = np.flatnonzero(wanted & ~part.done)
        with closing(pieces(one, places[cells], threads)) as found:
            for piece in found:
                record = np.empty(len(piece.where), RECORD)
                record["part"], record["cell"] = number, cells[piece.where]
                record["loss"], record["accuracy"] = piece.loss, piece.accuracy
                yield record


def _missing_curvature(plane: PlaneFile, rows: Array, targets: Array) -> Iterator[Array]:
    """Return records of the cells of the map of curvature that are not done, as they are done."""
    if plane.curvature is None:
        return iter(())
    geometry = Geometry(plane.origin, *plane.directions)
    return curvature_cells(plane.network, rows, targets, geometry, plane.curvature, part=CURVATURE)
