"""Threads that compute blocks of cells and hand the results over as they are finished."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.planes.blocks import Problem, Workspace
from landscape.threads import one_blas_thread, usual_threads

__all__ = ["Piece", "pieces", "usual_threads"]

Array = NDArray[Any]

_REPORT_AFTER = 0.01  # seconds of a thread's work that are handed over at once


@dataclass(frozen=True)
class Piece:
    """Finished cells: their places `where` in the coordinates, their losses and accuracies."""

    where: Array
    loss: Array
    accuracy: Array


def pieces(
    posed: Problem, cells: Array, threads: int | None = None
) -> Generator[Piece, None, None]:
    """Compute the cells (cells, 2) in their order and yield them as they are finished.

    Close the generator to end the work early: the threads finish the block they are at.

    Raises LandscapeError for a number of threads below 1.
    """
    if threads is not None and threads < 1:
        raise LandscapeError(f"threads must be 1 or more: {threads} came")
    count = threads or usual_threads()
    size = min(posed.cells, max(1, math.ceil(len(cells) / count)))
    starts = range(0, len(cells), size)
    if not starts:
        return
    with one_blas_thread(), closing(_Crew(posed, cells, starts, min(count, len(starts)))) as crew:
        left = len(cells)
        while left:
            piece = crew.take()
            left -= len(piece.where)
            yield piece


class _Crew:
    """Threads that take blocks one after another and hand their results over."""

    def __init__(self, posed: Problem, cells: Array, starts: range, count: int) -> None:
        self._posed, self._cells, self._size = posed, cells, starts.step
        self._starts = iter(starts)
        self._lock, self._stop = Lock(), Event()
        self._found: SimpleQueue[Piece | BaseException] = SimpleQueue()
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def take(self) -> Piece:
        """Wait for the next results; an exception of a thread is raised here."""
        while True:
            try:  # not for ever: on Windows an interrupt would wait as long
                found = self._found.get(timeout=0.2)
                break
            except Empty:
                continue
        if isinstance(found, BaseException):
            raise found
        return found

    def close(self) -> None:
        """Let the threads end with the block they are at."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _next(self) -> int | None:
        with self._lock:
            return None if self._stop.is_set() else next(self._starts, None)

    def _work(self) -> None:
        try:
            space = Workspace(self._posed)
            mine: list[Piece] = []
            began = perf_counter()
            while (start := self._next()) is not None:
                where = np.arange(start, min(start + self._size, len(self._cells)))
                mine.append(Piece(where, *self._posed.evaluate(self._cells[where], space)))
                # Waking the other thread for each block would cost more than some blocks do.
                if perf_counter() - began >= _REPORT_AFTER:
                    self._found.put(_joined(mine))
                    mine, began = [], perf_counter()
            if mine:
                self._found.put(_joined(mine))
        except BaseException as error:
            self._found.put(error)


def _joined(found: list[Piece]) -> Piece:
    return Piece(
        np.concatenate([piece.where for piece in found]),
        np.concatenate([piece.loss for piece in found]),
        np.concatenate([piece.accuracy for piece in found]),
    )
