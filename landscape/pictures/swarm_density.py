"""Where particles with noise are over time, beside where theory says that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist

from landscape.drawing.sheet import Sheet
from landscape.pictures.swarm_noise import SHARES, WARM_UP
from landscape.pictures.swarm_particles import put_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from landscape.maps.langevin import Gibbs
    from landscape.pictures.swarm import SwarmPanel, Swarms
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["DensityArtist", "draw_theory"]

_CELLS = 150  # across, of the grid on which the particles are counted
_SMOOTH = (0.25, 0.5, 0.25)
_BANDS = 18
_SPARSE = 12.0  # particles in a cell, beneath which their number is mostly chance
_EVEN = 9.0  # of the mean, what is brightest at least
# From few to many, on a dark and on a light page; theory's lines are drawn in the last colour.
_RAMPS = {
    "dark": ("#14181d", "#1f3b63", "#2878a8", "#57c4c0", "#e8f6d8"),
    "light": ("#ffffff", "#c9e3ee", "#7fbbd6", "#2f7fb0", "#123a6b"),
}
_LINES = {"dark": "#ffffff", "light": "#14181d"}
_ALPHA = 0.96


class DensityArtist(Artist):
    """Draws how often particles were in each cell, from the end of the warm-up to a frame.

    Before that it is where they are in the frames so far.

    Attributes: `frame`, the one that is drawn.
    """

    def __init__(
        self, ready: Swarms, panel: SwarmPanel, axes: Axes, box: tuple[int, int, int, int]
    ) -> None:
        super().__init__()
        self.set_zorder(3.0)
        self.frame = ready.count - 1
        self._panel, self._axes, self._bounds = panel, axes, ready.surface.bounds
        wide, tall = box[2:]
        self._cells = _CELLS, max(20, round(_CELLS * tall / wide))
        self._size = wide, tall
        self._warm = WARM_UP * panel.swarm.paths.steps
        theme = ready.recipe.theme
        self._table = _ramp(_RAMPS[theme])
        self._walk: Iterator[tuple[Array, Array]] | None = None
        self._step = -1
        self._counted = np.zeros(self._cells[::-1])

    def draw(self, renderer: RendererBase) -> None:
        """Draw the frame."""
        if not self.get_visible():
            return
        self._go(self._panel.shown[self.frame])
        found = _smoothed(self._counted)
        if found.mean() < _SPARSE:
            found = _smoothed(_smoothed(found))
        # Where they are spread evenly, nothing stands out.
        top = max(float(np.quantile(found, 0.998)), _EVEN * float(found.mean()), 1e-9)
        # The square root shows what is rare as well.
        share = np.sqrt(np.clip(_enlarged(found, self._size) / top, 0, 1))
        band = (share * (_BANDS - 1) + 0.5).astype(np.int64)
        put_picture(renderer, self._table[band], self._axes.bbox)
        self.stale = False

    def _go(self, step: int) -> None:
        """Walk to a step and count where the particles are on the way."""
        if self._walk is None or step < self._step:
            self._walk, self._step = self._panel.swarm.walk(), -1
            self._counted[:] = 0
        columns, rows = self._cells
        (x0, x1), (y0, y1) = self._bounds
        while self._step < step:
            x, y = next(self._walk)
            self._step += 1
            if self._step <= self._warm:
                self._counted *= 0.8  # where they come from is soon forgotten
            with np.errstate(invalid="ignore"):
                i, j = (x - x0) / (x1 - x0) * columns, (y1 - y) / (y1 - y0) * rows
                inside = (i >= 0) & (i < columns) & (j >= 0) & (j < rows)
            cell = j[inside].astype(np.int64) * columns + i[inside].astype(np.int64)
            self._counted += np.bincount(cell, minlength=columns * rows).reshape(rows, columns)


def draw_theory(sheet: Sheet, gibbs: Gibbs, box: tuple[int, int, int, int], bounds: Bounds) -> Axes:
    """Return axes with dashed lines that hold SHARES of a density."""
    axes = sheet.axes(box)
    axes.set_axis_off()
    axes.set_zorder(4.0)
    axes.contour(
        gibbs.xs,
        gibbs.ys,
        gibbs.density,
        levels=sorted(gibbs.levels(SHARES)),
        colors=_LINES[sheet.theme.name],
        linewidths=1.7 * sheet.point,
        linestyles=[(0, (5, 3))],
    )
    axes.set(xlim=bounds[0], ylim=bounds[1])
    return axes


def _smoothed(counts: Array) -> Array:
    """Return counts that are shared with the neighbouring cells."""
    for axis in (0, 1):
        before, middle, after = _SMOOTH
        wide = np.pad(counts, [(1, 1) if k == axis else (0, 0) for k in (0, 1)])
        n = counts.shape[axis]
        parts = [np.take(wide, range(k, k + n), axis=axis) for k in range(3)]
        counts = before * parts[0] + middle * parts[1] + after * parts[2]
    return counts


def _enlarged(values: Array, size: tuple[int, int]) -> Array:
    """Return values (rows, columns) at the pixels of a picture, straight between the cells."""
    for axis, pixels in ((0, size[1]), (1, size[0])):
        count = values.shape[axis]
        at = np.clip((np.arange(pixels) + 0.5) * count / pixels - 0.5, 0, count - 1)
        low = np.minimum(at.astype(np.int64), count - 2)
        part = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
        values = np.take(values, low, axis) * (1 - part) + np.take(values, low + 1, axis) * part
    return values


def _ramp(stops: tuple[str, ...]) -> Array:
    """Return the bands of a ramp, uint8 RGBA; the first ones let the levels through."""
    from matplotlib.colors import LinearSegmentedColormap

    ramp = LinearSegmentedColormap.from_list("swarm", list(stops))
    share = np.linspace(0, 1, _BANDS)
    table = np.asarray(ramp(share))
    table[:, 3] = np.clip(share / 0.3, 0, 1) * _ALPHA
    return (255 * table + 0.5).astype(np.uint8)
