"""A heightfield as a picture: shaded, with its lines, its cuts, and the depth of every pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.relief.look import Look
from landscape.relief.scene import Scene
from landscape.threads import share, usual_threads

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.relief.field import Relief
    from landscape.relief.view import View

    Array = NDArray[Any]

__all__ = ["Look", "Rendered", "hidden", "render"]

_BAND = 24  # rows of pixels that are drawn together: their samples stay in a core's cache
_CHUNK = 32  # rows of the grid that are placed together


@dataclass(frozen=True, eq=False)
class Rendered:
    """A drawn surface.

    Attributes: `rgba` (h, w, 4) uint8, straight alpha, row 0 at the top; `depth` (h, w) float32,
    that of a pixel's nearest sample, infinity where there is nothing; `left` and `bottom`, the
    lower left corner in canvas pixels; `grain`, the depth that a slope of 45° covers in a pixel.
    """

    rgba: Array
    depth: Array
    left: int
    bottom: int
    grain: float


def render(
    relief: Relief,
    view: View,
    look: Look,
    box: tuple[float, float, float, float],
    threads: int | None = None,
) -> Rendered:
    """Draw a surface, hidden parts removed, on the pixels of a part of the canvas.

    Parameters: `box` (x0, y0, x1, y1) in canvas pixels, rounded outwards; `threads` defaults to the
    cores there are and does not change a bit of the picture.

    Raises LandscapeError for a grid that is not evenly spaced or has fewer than 2 lines each way,
    for colours that do not belong to the levels, and for an empty box.
    """
    # Compiled when first needed: importing Numba takes longer than most commands.
    from landscape.relief.kernels import BLOCK, measure, place, rasterize
    from landscape.relief.shading import POINT_TABLES, resolve
    from landscape.relief.slopes import slopes

    left, bottom = math.floor(box[0]), math.floor(box[1])
    width, height = math.ceil(box[2]) - left, math.ceil(box[3]) - bottom
    if width < 1 or height < 1:
        raise LandscapeError(f"a picture needs at least one pixel: the box {box} came")
    scene = Scene(relief, view, look, (left, bottom, width, height))
    ny, nx = scene.heights.shape
    count = threads or usual_threads()
    columns = np.empty((ny, nx, 2), np.int64)
    corners = np.empty((ny, nx, 2))
    surface = np.empty((ny, nx, 3), np.float32)
    bounds = np.empty((-(-(ny - 1) // BLOCK), -(-(nx - 1) // BLOCK), 3, 2), np.int64)

    def prepare(k: int) -> None:
        rows = k * _CHUNK, min((k + 1) * _CHUNK, ny)
        place(scene.heights, scene.matrix, scene.near, *rows, columns, corners)
        slopes(scene.heights, *rows, surface)

    share(prepare, -(-ny // _CHUNK), count)
    measure(scene.heights, columns, scene.matrix, scene.near, scene.planes, bounds)
    rgba = np.zeros((height, width, 4), np.uint8)
    nearest = np.full((height, width), np.inf, np.float32)
    # Above and below the surface there is nothing to draw.
    upper = max(int(bounds[..., 0].min()) // (4 * _BAND), 0)
    lower = min(int(bounds[..., 1].max()) // (4 * _BAND), (height - 1) // _BAND)

    def draw(k: int) -> None:
        first, last = (upper + k) * _BAND, min((upper + k + 1) * _BAND, height)
        depths = np.empty((last - first, width, 4), np.float32)
        kinds = np.empty((last - first, width, 4), np.uint8)
        rasterize(
            *(scene.heights, columns, corners, bounds, scene.matrix, scene.near, scene.planes),
            *(first, last, depths, kinds),
        )
        resolve(
            *(depths, kinds, first, last, surface, scene.matrix, scene.inverse),
            *(scene.light, scene.style, scene.levels, scene.ramp, rgba, nearest),
            *(np.empty(POINT_TABLES[0]), np.empty(POINT_TABLES[1], np.int64)),
        )

    share(draw, max(lower - upper + 1, 0), count)
    return Rendered(rgba, nearest, left, bottom, scene.grain)


def hidden(rendered: Rendered, projected: ArrayLike) -> Array:
    """Return which of the points (n, 3) of `View.project` lie behind the surface, as bools (n,).

    A point is hidden if in its pixel and the eight around it the surface is nearer, by more than
    one `grain`: so a point of the surface itself is not hidden by the slope it lies on. Within 1.5
    pixels of an outline that is in front of it, it may be either. Outside the picture nothing is
    hidden, nor is what has no place (NaN).
    """
    points = np.asarray(projected, dtype=np.float64).reshape(-1, 3)
    height, width = rendered.depth.shape
    with np.errstate(invalid="ignore"):
        x = np.floor(points[:, 0] - rendered.left)
        y = np.floor(rendered.bottom + height - points[:, 1])
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height) & ~np.isnan(points[:, 2])
    column = np.where(inside, x, 0).astype(np.int64)
    row = np.where(inside, y, 0).astype(np.int64)
    farthest = np.full(len(points), -np.inf, np.float32)
    for down in (-1, 0, 1):
        rows = np.clip(row + down, 0, height - 1)
        for across in (-1, 0, 1):
            there = rendered.depth[rows, np.clip(column + across, 0, width - 1)]
            np.maximum(farthest, there, out=farthest)
    behind: Array = inside & (farthest < points[:, 2] - rendered.grain)
    return behind
