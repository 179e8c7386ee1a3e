"""A plane through a network's parameters as a surface: every picture and rule works on it."""

from __future__ import annotations

import re
from copy import copy
from functools import partial
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError, unknown_name
from landscape.planes.curvature import hessian_of
from landscape.planes.geometry import Geometry
from landscape.planes.grids import (
    Grids,
    Part,
    PlaneGrid,
    check_resolution,
    checked_part,
    even_lines,
)
from landscape.planes.seeds import PROBES, generator
from landscape.surfaces.data.batches import check_batch, epoch_order
from landscape.surfaces.surface import Bounds, Surface, check_bounds
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network

    Array = NDArray[Any]
    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = ["METRICS", "NetworkPlane", "PlaneGrid"]

METRICS = ("loss", "accuracy", "test_loss", "test_accuracy")
_FEW = 8  # points: so many are computed one by one, as the network itself computes them
_BATCH_LINES = 21  # grid lines each way of the surface of a mini-batch, drawn anew every frame


class NetworkPlane(Surface):
    """The loss of a network over a plane through its parameters.

    Parameters:
      network, X, y  the network and its training data: (rows, inputs) and targets
      geometry   the plane; a and b of it are the surface's x and y
      bounds     ((x0, x1), (y0, y1)) in a and b, by default -1 to 1 both ways
      test       (X, y) held out, for the metrics of the test part
      metric     one of METRICS; `with_metric` gives the others, and no cell is computed twice
      resolution how many grid lines each way are computed for a picture: a number or
                 (columns, rows). With odd numbers and bounds around 0 one cell is the origin itself
      start, name, title, spec  as every surface has them
      progress   called with (cells done, cells in all) while a grid is computed

    Values and gradients are those of the network, at any point. Pictures ask for hundreds of grid
    lines: where that is more than `resolution`, the grid is computed with `resolution` lines and
    smoothed by `interpolate.smooth_loss`; accuracies, which are no smooth function, are
    interpolated linearly. `interpolation_error` measures what that costs.

    The gradient is the derivative by a and b: the network's gradient times each direction. A rule
    that descends it stays on the plane, which no training does.

    Raises LandscapeError for an unknown metric, one of the test part without test data, data and
    geometry that do not fit the network, or data that are not finite.
    """

    # Between the lines its grid is smoothed: what that differs from the loss by is no tear.
    continuous = True

    def __init__(
        self,
        network: Network,
        X: Array,  # noqa: N803
        y: ArrayLike,
        geometry: Geometry,
        bounds: Any = None,
        *,
        test: tuple[Array, ArrayLike] | None = None,
        metric: str = "loss",
        resolution: int | tuple[int, int] = 51,
        start: tuple[float, float] | None = None,
        name: str = "",
        title: str = "",
        spec: str = "",
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        if geometry.origin.size != network.count:
            raise LandscapeError(
                f"{network.describe()} has {network.count} parameters: a plane through "
                f"{geometry.origin.size} came"
            )
        self.network, self.geometry = network, geometry
        held_out = test if test is not None and len(test[0]) else None
        self._parts = {"train": checked_part(network, "train", (X, y))}
        if held_out is not None:
            self._parts["test"] = checked_part(network, "test", held_out)
        self._grids = Grids(network, geometry, progress)
        self.bounds: Bounds = check_bounds(((-1, 1), (-1, 1)) if bounds is None else bounds)
        self.resolution = check_resolution(resolution)
        self.labels = geometry.labels
        self.spec, self._start = spec, start
        self.title = title or f"{network.describe()}: {geometry.spec}".removesuffix(": ")
        self.name = name or _file_name(network.describe())
        self._set_metric(metric)

    def __repr__(self) -> str:
        return f"<surface {self.name}: {self.metric} on a plane of {self.network.count} parameters>"

    @property
    def start(self) -> tuple[float, float]:  # type: ignore[override]  # follows the bounds
        """A usual first point: the one given, else one inside the bounds, off their axes."""
        if self._start is not None:
            return self._start
        (x0, x1), (y0, y1) = self.bounds
        return x0 + 0.15 * (x1 - x0), y0 + 0.8 * (y1 - y0)

    @property
    def part(self) -> tuple[Array, Array]:
        """The examples and targets that the metric is measured on."""
        return self._part.rows, self._part.targets

    # -- what is shown -----------------------------------------------------------------------

    def with_metric(self, metric: str) -> NetworkPlane:
        """Return the same plane showing another metric; computed cells are shared.

        Raises LandscapeError for an unknown metric, or one of test data that are not there.
        """
        other = copy(self)
        other._set_metric(metric)
        return other

    def with_resolution(self, resolution: int | tuple[int, int]) -> NetworkPlane:
        """Return the same plane with other numbers of grid lines; computed cells are shared."""
        other = copy(self)
        other.resolution = check_resolution(resolution)
        return other

    def _set_metric(self, metric: str) -> None:
        if metric not in METRICS:
            raise unknown_name("metric", str(metric), METRICS)
        name = "test" if metric.startswith("test_") else "train"
        if name not in self._parts:
            raise LandscapeError(f"{metric} needs test data: give test=(X, y), or take loss")
        self.metric, self._part = metric, self._parts[name]
        self._of_loss = metric.endswith("loss")
        self.examples = len(self._part.rows)
        self.scale = "auto" if self._of_loss else "linear"

    # -- the surface -------------------------------------------------------------------------

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the metric at (x, y); the arguments broadcast."""
        a, b = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        if a.size <= _FEW:
            pairs = zip(a.flat, b.flat, strict=True)
            return np.array([self.value_at(*pair) for pair in pairs]).reshape(a.shape)
        loss, accuracy = self._grids.at(self._part, np.column_stack([a.ravel(), b.ravel()]))
        return (loss if self._of_loss else accuracy).reshape(a.shape)

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the derivatives by x and y as an array of shape (2, …).

        Raises LandscapeError for an accuracy, whose gradient is 0 or does not exist.
        """
        a, b = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        pairs = [self.gradient_at(*pair) for pair in zip(a.flat, b.flat, strict=True)]
        return np.array(pairs).reshape(a.size, 2).T.reshape(2, *a.shape)

    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives by x and y, (2, 2, …), by products with the Hessian."""
        self._check_smooth()
        a, b = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        directions = self.geometry.directions
        found = []
        for place in zip(a.flat, b.flat, strict=True):
            product = hessian_of(self.network, self.geometry.point(*place), *self.part)
            with one_blas_thread():
                made = np.array([directions @ product(direction) for direction in directions])
            found.append(0.5 * (made + made.T))
        return np.moveaxis(np.array(found).reshape(*a.shape, 2, 2), (-2, -1), (0, 1))

    def value_at(self, x: float, y: float) -> float:
        """Return the metric at one point as a float."""
        theta = self._theta(x, y)
        measure = self.network.value if self._of_loss else self.network.accuracy
        with one_blas_thread():
            return float(measure(theta, *self.part))

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats; errors as for `gradient`."""
        self._check_smooth()
        return self._slope(x, y, *self.part)

    def _check_smooth(self) -> None:
        if not self._of_loss:
            raise LandscapeError(f"{self.metric} has no gradient to follow: take metric='loss'")

    def _theta(self, x: float, y: float) -> Array:
        """Return the parameters at a point as the network takes them."""
        with np.errstate(over="ignore"):
            return self.geometry.point(x, y).astype(self.network.dtype)

    def _slope(self, x: float, y: float, rows: Array, targets: Array) -> tuple[float, float]:
        with one_blas_thread():
            _, gradient = self.network.value_and_gradient(self._theta(x, y), rows, targets)
        with np.errstate(over="ignore", invalid="ignore"):
            dx, dy = self.geometry.directions @ gradient.astype(np.float64)
        return float(dx), float(dy)

    # -- grids -------------------------------------------------------------------------------

    def grid(self, columns: int, rows: int, bounds: Bounds | None = None) -> tuple[Array, ...]:
        """Return the metric over a grid that covers the domain: (xs, ys, values).

        Parameters: `columns` and `rows` are the numbers of grid lines; `bounds` default to the
        plane's own. Up to `resolution` lines each way every cell is computed; more are smoothed
        from a grid of so many. xs has shape (columns,), ys (rows,), values (rows, columns).
        """
        around = self.bounds if bounds is None else bounds
        (x0, x1), (y0, y1) = around
        xs, ys = np.linspace(x0, x1, columns), np.linspace(y0, y1, rows)
        if columns <= self.resolution[0] and rows <= self.resolution[1]:
            return xs, ys, self.value_on_grid(xs, ys)
        return xs, ys, self.computed(around).between(xs, ys, of_loss=self._of_loss)

    def value_on_grid(self, xs: Array, ys: Array) -> Array:
        """Return the metric where the lines xs (columns) and ys (rows) cross: (rows, columns)."""
        lines = np.asarray(xs, np.float64), np.asarray(ys, np.float64)
        grid = self._grids.on_lines(self._part, *lines)
        return grid.loss if self._of_loss else grid.accuracy

    def computed(self, bounds: Bounds | None = None) -> PlaneGrid:
        """Return the grid of `resolution` lines over the domain, loss and accuracy, as computed."""
        return self._grids.on_lines(self._part, *self.grid_lines(bounds))

    def grid_lines(self, bounds: Bounds | None = None) -> tuple[Array, Array]:
        """Return the lines (columns,) and (rows,) of that grid."""
        (x0, x1), (y0, y1) = self.bounds if bounds is None else bounds
        columns, rows = self.resolution
        return even_lines(x0, x1, columns), even_lines(y0, y1, rows)

    def remember(self, grid: PlaneGrid, *, part: str = "train") -> None:
        """Take a grid that was computed before (loaded from a file) so that it is not again.

        Parameters: `part` is "train" or "test".

        Raises LandscapeError if the shapes do not fit.
        """
        self._grids.remember(grid, part)

    def interpolation_error(self, samples: int = 64, seed: int = 0) -> Array:
        """Return how wrong the smoothed picture is at random places of the domain: (samples,).

        Each is |smoothed - computed| as a share of the value computed there (of the loss; for
        accuracies the difference itself). The median and the largest are worth a line under a
        picture; where the largest is too large, ask for a higher resolution or smaller bounds.
        """
        draw = generator(PROBES, seed, samples)
        (x0, x1), (y0, y1) = self.bounds
        at = draw.random((samples, 2)) * (x1 - x0, y1 - y0) + (x0, y0)
        grid = self.computed()
        each = [grid.between(place[:1], place[1:], of_loss=self._of_loss) for place in at]
        smoothed = np.concatenate(each)[:, 0]
        loss, accuracy = self._grids.at(self._part, at)
        exact = loss if self._of_loss else accuracy
        error: Array = np.abs(smoothed - exact)
        if self._of_loss:
            error /= np.maximum(np.abs(exact), 1e-300)
        return error

    # -- mini-batches ------------------------------------------------------------------------

    def batches(self, size: int, seed: int) -> Callable[[], Gradient]:
        """Return a function whose every call gives the gradient over the next mini-batch.

        Parameters: `size` is the number of examples in a batch; `seed` decides the order, in which
        each epoch draws without replacement. The gradients are those of the network on the batch,
        projected on the plane.

        Raises LandscapeError if `size` is no whole number from 1 to `examples`, or for an accuracy.
        """
        self._check_smooth()
        size, seed = check_batch(size, seed, self.examples)

        def stream() -> Iterator[Gradient]:
            epoch = 0
            while True:
                for chosen in epoch_order(self.examples, size, seed, epoch):
                    rows, targets = self._part.rows[chosen], self._part.targets[chosen]
                    yield partial(self._slope, rows=rows, targets=targets)
                epoch += 1

        return stream().__next__

    def batch_surface(self, k: int, size: int, seed: int) -> NetworkPlane:
        """Return the loss over batch `k` (from 0) of the order of `batches`, on the same plane.

        Raises LandscapeError as `batches` does.
        """
        size, seed = check_batch(size, seed, self.examples)
        epoch, place = divmod(index(k), self.examples // size)
        chosen = epoch_order(self.examples, size, seed, epoch)[place]
        part = copy(self)
        rows, targets = self._part.rows[chosen], self._part.targets[chosen]
        part._parts = {"train": Part("train", rows, targets)}
        part._grids = Grids(self.network, self.geometry)
        part.resolution = check_resolution(_BATCH_LINES)
        part.spec, part.name = "", f"{self.name}_batch"
        part._set_metric(self.metric.removeprefix("test_"))
        return part


def _file_name(text: str) -> str:
    return re.sub(r"[^\w-]+", "_", text)[:80].strip("_")
