"""Losses and accuracies of a network on grids and lines, on every core.

    grid = losses(network, X, y, origin, directions, coordinates)
    loss, accuracy = losses_on_grid(network, X, y, geometry, xs, ys)

Threads take blocks of cells; NumPy, its BLAS and the kernels release the GIL. A cell's result has
the same bits whatever the number of threads and whatever cells are computed with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError
from landscape.networks.network import Network
from landscape.planes.blocks import Arithmetic, Problem, arithmetic_for
from landscape.planes.crew import pieces
from landscape.threads import one_blas_thread

__all__ = [
    "Frame",
    "Grid",
    "coordinate_pairs",
    "crossings",
    "losses",
    "losses_on_grid",
    "problem",
]

Array = NDArray[Any]
Progress = Callable[[int, int], object]


class Frame(Protocol):
    """What is needed of a geometry: the plane's origin and two directions, flat vectors."""

    @property
    def origin(self) -> Array:
        """Where both coordinates are 0."""

    @property
    def first(self) -> Array:
        """Along the first coordinate."""

    @property
    def second(self) -> Array:
        """Along the second coordinate."""


@dataclass(frozen=True)
class Grid:
    """Results of cells: `loss` and `accuracy` (cells,) float64, `done` (cells,) bool.

    Cells that are not done, because the work was cancelled, hold NaN; so does the accuracy where
    the targets are no labels.
    """

    loss: Array
    accuracy: Array
    done: Array


def losses(
    network: Network,
    X: ArrayLike,  # noqa: N803
    y: ArrayLike,
    origin: ArrayLike,
    directions: ArrayLike,
    coordinates: ArrayLike,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    arithmetic: Arithmetic | None = None,
) -> Grid:
    """Return the loss and the accuracy at origin + a·first + b·second for each pair (a, b).

    Parameters: X (rows, inputs) and y as for `Network.value`; `origin` (count,) and `directions`
    (1 or 2, count), flat vectors; `coordinates` (cells, 1 or 2), or (cells,) on a line. `threads`
    defaults to the number of cores. `progress(done, total)` is told before the first cell and as
    cells are finished; `cancelled()` is asked then, and ends the work if it is true. `arithmetic`,
    "numpy" or "numba", defaults to what `arithmetic_for` chooses.

    Raises LandscapeError if shapes do not fit.
    """
    ways = np.atleast_2d(np.asarray(directions))
    count = len(np.atleast_1d(np.asarray(coordinates)))
    posed = problem(network, X, y, origin, ways, count, arithmetic)
    cells = coordinate_pairs(coordinates, len(ways))
    loss, accuracy = np.full((2, len(cells)), math.nan)
    done = np.zeros(len(cells), bool)
    if progress is not None:
        progress(0, len(cells))
    with closing(pieces(posed, cells, threads)) as found:
        for piece in found:
            loss[piece.where], accuracy[piece.where] = piece.loss, piece.accuracy
            done[piece.where] = True
            if progress is not None:
                progress(int(done.sum()), len(cells))
            if cancelled is not None and cancelled():
                break
    return Grid(loss, accuracy, done)


def losses_on_grid(
    network: Network,
    X: ArrayLike,  # noqa: N803
    y: ArrayLike,
    geometry: Frame,
    xs: ArrayLike,
    ys: ArrayLike,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    arithmetic: Arithmetic | None = None,
) -> tuple[Array, Array]:
    """Return loss and accuracy where the lines xs and ys of a plane cross, each (rows, columns).

    Parameters: `geometry` has `origin`, `first` and `second`, flat vectors; xs (columns,) and ys
    (rows,) are coordinates along first and second. The others are as for `losses`.
    """
    across, up = np.asarray(xs, np.float64), np.asarray(ys, np.float64)
    found = losses(
        network,
        X,
        y,
        geometry.origin,
        np.stack([geometry.first, geometry.second]),
        crossings(across, up),
        threads=threads,
        progress=progress,
        cancelled=cancelled,
        arithmetic=arithmetic,
    )
    shape = (len(up), len(across))
    return found.loss.reshape(shape), found.accuracy.reshape(shape)


def crossings(xs: Array, ys: Array) -> Array:
    """Return the pairs (x, y) of a grid (rows·columns, 2), row after row."""
    return np.stack([np.tile(xs, len(ys)), np.repeat(ys, len(xs))], axis=1)


def coordinate_pairs(coordinates: ArrayLike, directions: int) -> Array:
    """Return coordinates as pairs (cells, 2); on a line the second is 0.

    Raises LandscapeError if there are not as many numbers to a cell as directions.
    """
    given = np.asarray(coordinates, np.float64)
    if given.ndim == 1 and directions == 1:
        given = given[:, None]
    if given.ndim != 2 or given.shape[1] != directions:
        raise LandscapeError(
            f"coordinates of shape (cells, {directions}) were wanted for {directions} "
            f"direction{'s' if directions > 1 else ''}: an array of shape {given.shape} came"
        )
    pairs = np.zeros((len(given), 2))
    pairs[:, :directions] = given
    return pairs


def problem(
    network: Network,
    X: ArrayLike,  # noqa: N803
    y: ArrayLike,
    origin: ArrayLike,
    directions: ArrayLike,
    cells: int,
    arithmetic: Arithmetic | None = None,
) -> Problem:
    """Return the problem whose blocks `pieces` computes, for about so many cells in all."""
    chosen = arithmetic or arithmetic_for(network, len(np.asarray(X)), cells)
    with one_blas_thread():
        return Problem(network, X, y, origin, directions, chosen)
