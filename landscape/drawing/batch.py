"""The contours of the mini-batch that a step's gradient is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.descent import Trajectory
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = ["BatchLines", "batch_lines", "batch_of", "batch_path"]

_GRID = 110  # lines each way: a batch's contours are smooth
_EVERY = 3  # of the surface's levels


class _WithBatches(Protocol):
    def batch_surface(self, k: int, size: int, seed: int) -> Surface: ...


@dataclass(frozen=True, eq=False)
class BatchLines:
    """The contours of the current batch's loss, at some of the levels of the whole data's.

    Attributes: `axes`; `surface` with data; `size` of a batch and `seed` of their order; `levels`;
    `color`; `width` in points; `last`, the last step that has a batch.
    """

    axes: Axes
    surface: _WithBatches
    size: int
    seed: int
    levels: tuple[float, ...]
    color: str
    width: float
    last: int

    def lines(self, step: int) -> list[Array]:
        """Return the lines of the batch of `step`, each (m, 2) in pixels."""
        from contourpy import contour_generator

        batch = self.surface.batch_surface(min(step, self.last), self.size, self.seed)
        (x0, x1), (y0, y1) = self.axes.get_xlim(), self.axes.get_ylim()
        xs, ys, values = batch.grid(_GRID, _GRID, ((x0, x1), (y0, y1)))
        made = contour_generator(xs, ys, values)
        to_pixels = self.axes.transData.transform
        found: list[Any] = [line for level in self.levels for line in made.lines(level)]
        return [to_pixels(line) for line in found]


def batch_of(path: Trajectory) -> int | None:
    """Return how many examples each gradient of a path is measured on, None for all."""
    if path.rule.batch is not None:
        return path.rule.batch
    if path.epochs is None or len(path) < 2 or path.simplices is not None:
        return None
    size = round(float(path.epochs[1]) * path.surface.examples)
    return size if size < path.surface.examples else None


def batch_path(paths: Sequence[Trajectory], size: int | None) -> Trajectory | None:
    """Return the path whose batches are shown, the first that has some; None without data.

    Parameters: `size` is that of the paths whose rule has none.
    """
    for path in paths:
        own = path.rule.batch if path.rule.batch is not None else size
        if own is not None and path.surface.examples:
            return path
    return None


def batch_lines(
    surface: Surface,
    paths: Sequence[Trajectory],
    size: int | None,
    seed: int,
    axes: Axes,
    levels: Sequence[float],
    look: tuple[str, float],
) -> BatchLines | None:
    """Return the contours of the first path's batches, None if no path has batches.

    Parameters: `size` is that of the paths whose rule has none; `look` is colour and width.
    """
    path = batch_path(paths, size)
    if path is None:
        return None
    own = path.rule.batch or size
    shown = tuple(float(level) for level in levels[1:-1:_EVERY])
    color, width = look
    return BatchLines(axes, surface, own, seed, shown, color, width, len(path) - 1)  # type: ignore[arg-type]  # surfaces with examples have batches
