"""A surface as a heightfield: losses on a grid, their heights, and the levels of their colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.levels import choose_levels
from landscape.relief.heights import Heights, choose_heights
from landscape.relief.tears import ABOVE, BELOW, find_tears
from landscape.relief.valleys import FINE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.surfaces.surface import Bounds, Surface

    Array = NDArray[Any]

__all__ = ["CELLS", "Relief", "make_relief"]

CELLS = 200
# From this share of the box's height on teeth are seen.
_TEETH = 0.006
# How many box heights beyond the box a height may lie: farther, and it could be behind the viewer.
_FAR = 4.0


@dataclass(frozen=True, eq=False)
class Relief:
    """A heightfield over a grid.

    A cell is two triangles, split along the diagonal from its lowest x and y to its highest. Those
    with a corner that has no value are left out, and those in which the surface is torn.

    Attributes: `xs` (nx,) and `ys` (ny,), increasing; `values` (ny, nx), the losses, NaN where
    there is none; `heights`, the vertical axis; `levels` (k,), increasing losses at which colours
    change and contour lines lie; `torn` (ny, nx) uint32, the bits of `tears`, None without tears.
    """

    xs: Array
    ys: Array
    values: Array
    heights: Heights
    levels: Array
    torn: Array | None = None

    @property
    def bounds(self) -> Bounds:
        """The domain ((x0, x1), (y0, y1))."""
        return (
            (float(self.xs[0]), float(self.xs[-1])),
            (float(self.ys[0]), float(self.ys[-1])),
        )

    @cached_property
    def z(self) -> Array:
        """The heights (ny, nx), NaN where there is no value."""
        import numpy as np

        reach = _FAR * self.heights.span
        with np.errstate(invalid="ignore"):
            return np.clip(
                self.heights.of(self.values),
                self.heights.bottom - reach,
                self.heights.top + reach,
            )

    def z_at(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the heights of the triangles at places (n,), between floor and top of the box.

        NaN outside the domain, where there is no value and where the surface is torn.
        """
        import numpy as np

        (x0, x1), (y0, y1) = self.bounds
        across = (np.asarray(x, dtype=np.float64) - x0) / (x1 - x0) * (len(self.xs) - 1)
        up = (np.asarray(y, dtype=np.float64) - y0) / (y1 - y0) * (len(self.ys) - 1)
        with np.errstate(invalid="ignore"):
            inside = (across >= 0) & (across <= len(self.xs) - 1)
            inside &= (up >= 0) & (up <= len(self.ys) - 1)
            i = np.where(inside, np.clip(across, 0, len(self.xs) - 2), 0).astype(np.int64)
            j = np.where(inside, np.clip(up, 0, len(self.ys) - 2), 0).astype(np.int64)
        u, v = across - i, up - j
        z = self.z
        near, far = z[j, i], z[j + 1, i + 1]
        # Below the diagonal the third corner is at the right, above it at the left.
        right, left = z[j, i + 1], z[j + 1, i]
        below = near + u * (right - near) + v * (far - right)
        above = near + v * (left - near) + u * (far - left)
        found = np.where(u >= v, below, above)
        if self.torn is not None:
            found[self.torn[j, i] & np.where(u >= v, BELOW, ABOVE) > 0] = np.nan
        kept = np.clip(found, self.heights.bottom, self.heights.top)
        result: Array = np.where(inside, kept, np.nan)
        return result


def make_relief(
    surface: Surface,
    *,
    heights: str = "auto",
    clip: float | None = None,
    levels: str | Sequence[float] = "auto",
    count: int = 18,
    cells: int | None = None,
) -> Relief:
    """Return the heightfield of a surface over its bounds.

    Parameters: `heights` and `clip` as for `choose_heights`; `levels` is a kind of `choose_levels`
    with `count` steps, or the levels themselves, whose range the box has at least; `cells` is the
    number of cells each way, by default CELLS, or FINE where heights are logarithms and show that
    the floor of a narrow valley lies between the lines of the grid.

    Raises LandscapeError as those two do, and if the surface is finite nowhere.
    """
    import numpy as np

    lines = (cells or CELLS) + 1
    xs, ys, found = surface.grid(lines, lines)
    values = np.array(found, dtype=np.float64)
    known = [point.value for point in surface.visible_points()]
    if not isinstance(levels, str):  # those of contours, or of several surfaces: all have one box
        known += [float(levels[0]), float(levels[-1])]
    tears = None if surface.continuous else find_tears(surface, xs, ys, values)
    axis = choose_heights(values, heights, clip, known, poles=tears is not None and tears.unbounded)
    if cells is None and axis.teeth(values) > _TEETH:
        return make_relief(
            surface, heights=heights, clip=clip, levels=levels, count=count, cells=FINE
        )
    if axis.cut:  # what is infinitely high is cut off with the rest
        values[np.isposinf(values)] = values[np.isfinite(values)].max()
    if axis.sunk and axis.kind == "linear":
        values[np.isneginf(values)] = values[np.isfinite(values)].min()
    values[~np.isfinite(values)] = np.nan
    if isinstance(levels, str):
        kind = levels if levels != "auto" else surface.scale
        # Of what is cut off no colour is seen: all of them are for what is left.
        kept = np.minimum(np.append(values, known), axis.high)
        kept = np.maximum(kept, axis.low) if axis.kind == "linear" else kept
        edges = choose_levels(kept, kind, count)
        edges[np.abs(edges) < 1e-12 * np.ptp(edges)] = 0.0  # of a box around 0 its middle
    else:
        edges = np.asarray(levels, dtype=np.float64)
    torn = None if tears is None else tears.marks
    return Relief(np.asarray(xs, float), np.asarray(ys, float), values, axis, edges, torn)
