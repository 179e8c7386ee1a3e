"""Grids over a plane: computed once, remembered, and smoothed where a picture asks for more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import index
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from landscape.errors import LandscapeError
from landscape.networks.inputs import as_rows, as_targets
from landscape.planes.cells import cells
from landscape.planes.geometry import Geometry
from landscape.planes.interpolate import bilinear, smooth_loss

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["Grids", "Part", "PlaneGrid", "check_resolution", "checked_part", "even_lines"]


@dataclass(frozen=True, eq=False)
class PlaneGrid:
    """What was computed over a plane: `loss` and `accuracy` (rows, columns) on lines xs and ys."""

    xs: Array
    ys: Array
    loss: Array
    accuracy: Array

    def between(self, xs: Array, ys: Array, *, of_loss: bool) -> Array:
        """Return the loss or the accuracy on other lines, within those of the grid.

        Losses are smoothed; accuracies, which are no smooth function, interpolated linearly.
        """
        if of_loss:
            return smooth_loss(self.xs, self.ys, self.loss, xs, ys)
        return bilinear(self.xs, self.ys, self.accuracy, xs, ys)


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the data: `name` ("train" or "test"), `rows` (rows, inputs) and `targets`."""

    name: str
    rows: Array
    targets: Array


@dataclass(frozen=True, eq=False)
class Grids:
    """The grids that were computed over a plane of a network, each but once.

    Attributes: `network`; `geometry`; `progress` is called with (cells done, cells in all).
    """

    network: Network
    geometry: Geometry
    progress: Callable[[int, int], None] | None = None
    known: dict[tuple[str, bytes, bytes], PlaneGrid] = field(default_factory=dict)

    def at(self, part: Part, places: Array) -> tuple[Array, Array]:
        """Return loss and accuracy (cells,) at `places` (cells, 2) of the plane."""
        return cells(
            self.network,
            part.rows,
            part.targets,
            self.geometry.origin,
            self.geometry.directions,
            places,
            progress=self.progress,
        )

    def on_lines(self, part: Part, xs: Array, ys: Array) -> PlaneGrid:
        """Return the grid where the lines xs (columns) and ys (rows) cross."""
        key = (part.name, xs.tobytes(), ys.tobytes())
        if key not in self.known:
            a, b = np.meshgrid(xs, ys)
            made = self.at(part, np.column_stack([a.ravel(), b.ravel()]))
            loss, accuracy = (values.reshape(ys.size, xs.size) for values in made)
            self.known[key] = PlaneGrid(xs, ys, loss, accuracy)
        return self.known[key]

    def remember(self, grid: PlaneGrid, part: str) -> None:
        """Take a grid that was computed before.

        Raises LandscapeError if the shapes do not fit.
        """
        shape = (grid.ys.size, grid.xs.size)
        if grid.loss.shape != shape or grid.accuracy.shape != shape:
            raise LandscapeError(
                f"a grid of {grid.xs.size} columns and {grid.ys.size} rows has arrays of shape "
                f"{shape}: {grid.loss.shape} and {grid.accuracy.shape} came"
            )
        self.known[part, grid.xs.tobytes(), grid.ys.tobytes()] = grid


def check_resolution(wish: Any) -> tuple[int, int]:
    """Return numbers of grid lines as (columns, rows).

    Raises LandscapeError if `wish` is neither a number from 2 to 10000 nor a pair of them.
    """
    pair = wish if isinstance(wish, tuple) else (wish, wish)
    if len(pair) != 2 or not all(
        isinstance(one, SupportsIndex) and not isinstance(one, bool) and 2 <= index(one) <= 10_000
        for one in pair
    ):
        raise LandscapeError(
            f"a resolution is a number of grid lines from 2 to 10000, or two: {wish!r} came"
        )
    return index(pair[0]), index(pair[1])


def even_lines(low: float, high: float, count: int) -> Array:
    """Return evenly spaced lines; one that misses 0 by rounding alone is at 0."""
    lines = np.linspace(low, high, count)
    lines[np.abs(lines) < 1e-12 * (high - low)] = 0.0
    return lines


def checked_part(network: Network, name: str, data: tuple[Array, ArrayLike]) -> Part:
    """Return data (X, y) as the part of that name, "train" or "test".

    Raises LandscapeError if they do not fit the network, or are not finite.
    """
    rows, targets = as_rows(data[0], network.layout), np.asarray(data[1])
    read = as_targets(targets, network.layout, network.loss, len(rows))
    suffix = "_test" if name == "test" else ""
    for what, values in ((f"X{suffix}", rows), (f"y{suffix}", read)):
        bad = ~np.isfinite(values).reshape(len(rows), -1).all(axis=1)
        if bad.any():
            raise LandscapeError(
                f"{what} has a value that is not finite in row {int(np.argmax(bad)) + 1}: fill it "
                "in, or leave the row out"
            )
    return Part(name, rows, targets)
