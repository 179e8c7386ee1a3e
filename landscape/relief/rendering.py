"""A heightfield as a picture: shaded, with its lines, its cuts, and the depth of every pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

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

_PIXELS = 60_000  # that are painted together: what is known of them stays in a core's cache
_CHUNK = 5  # rows of blocks that are placed together
_SLACK = 5e-5  # of the box's height, by which a surface hides nothing: far less than a pixel
_BEYOND = 1e6  # cells: farther away a viewer is a direction


@dataclass(frozen=True, eq=False)
class Rendered:
    """A drawn surface.

    Attributes: `rgba` (h, w, 4) uint8, straight alpha, row 0 at the top; `depth` (h, w) float32,
    that of a pixel's middle, or of its nearest sample where an outline or a cut runs through it,
    infinity where there is nothing; `left` and `bottom`, the
    lower left corner in canvas pixels; `scene`, what was drawn.
    """

    rgba: Array
    depth: Array
    left: int
    bottom: int
    scene: Scene

    @property
    def grain(self) -> float:
        """The depth that a slope of 45° covers in a pixel."""
        return self.scene.grain


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
    from landscape.relief.kernels import BLOCK, place
    from landscape.relief.painting import paint

    left, bottom = math.floor(box[0]), math.floor(box[1])
    width, height = math.ceil(box[2]) - left, math.ceil(box[3]) - bottom
    if width < 1 or height < 1:
        raise LandscapeError(f"a picture needs at least one pixel: the box {box} came")
    scene = Scene(relief, view, look, (left, bottom, width, height))
    ground = scene.ground
    ny, nx = ground.heights.shape
    count = threads or usual_threads()
    corners = np.empty((ny, 3, nx), np.float32)
    sides = np.empty((ny, nx), np.uint8)
    blocks = -(-(ny - 1) // BLOCK)
    bounds = np.empty((blocks, -(-(nx - 1) // BLOCK), 5), np.int64)
    seen = ground.heights, scene.matrix, scene.near, ground.planes

    def prepare(k: int) -> None:
        place(*seen, k * _CHUNK, min((k + 1) * _CHUNK, blocks), corners, sides, bounds)

    share(prepare, -(-blocks // _CHUNK), count)
    rgba = np.zeros((height, width, 4), np.uint8)
    nearest = np.full((height, width), np.inf, np.float32)
    picture = Rendered(rgba, nearest, left, bottom, scene)
    # Around the surface there is nothing to paint.
    x0, x1 = max(int(bounds[..., 0].min()), 0), min(int(bounds[..., 1].max()) + 1, width)
    y0, y1 = max(int(bounds[..., 2].min()), 0), min(int(bounds[..., 3].max()) + 1, height)
    if x0 >= x1 or y0 >= y1:
        return picture
    bands = max(-(-(y1 - y0) * (x1 - x0) // _PIXELS), count if count > 1 else 1)
    rows = -(-(y1 - y0) // bands)
    free: list[Workspace] = []

    def draw(k: int) -> None:
        first, last = y0 + k * rows, min(y0 + (k + 1) * rows, y1)
        space = free.pop() if free else Workspace.of(rows, x1 - x0)
        paint(
            *(ground.heights, ground.surface, corners, sides, bounds, scene.near, ground.planes),
            *(scene.smooth, scene.matrix, scene.inverse, scene.matrix.astype(np.float32)),
            *(scene.light, scene.style, ground.levels, scene.ramp, first, last, x0, x1),
            *(*space, rgba, nearest),
        )
        free.append(space)

    share(draw, -(-(y1 - y0) // rows), count)
    return picture


class Workspace(NamedTuple):
    """What a band is painted in, at most `rows` by `columns`: see `painting.paint`."""

    depths: Array
    marked: Array
    before: Array
    where: Array
    xs: Array
    ys: Array
    nears: Array
    faces: Array
    kinds: Array
    table: Array
    pixels: Array

    @classmethod
    def of(cls, rows: int, columns: int) -> Workspace:
        """Return a workspace for a size."""
        from landscape.relief.kernels import LANES
        from landscape.relief.points import POINT_TABLE, POINTS
        from landscape.relief.strips import STRIP_TABLE

        around, most = (rows + 2, columns + 2 + LANES), rows * columns + 1
        return cls(
            depths=np.empty(around, np.float32),
            marked=np.empty(around, np.uint8),
            before=np.empty((rows, columns + 1), np.int32),
            where=np.empty(most, np.int32),
            xs=np.empty(4 * most + LANES, np.float32),
            ys=np.empty(4 * most + LANES, np.float32),
            nears=np.empty(4 * most + LANES, np.float32),
            faces=np.empty(4 * most + LANES, np.float32),
            kinds=np.empty(4 * most + LANES, np.uint8),
            table=np.empty(max(STRIP_TABLE, POINT_TABLE), np.float32),
            pixels=np.empty(POINTS + 1, np.int32),
        )


def hidden(scene: Scene, projected: ArrayLike) -> Array:
    """Return which of the points (n, 3) of `View.project` lie behind the surface, as bools (n,).

    Parameters: `scene` is that of a picture, or one of which no picture is drawn.

    A point is hidden if its way to the viewer passes through the surface: it is above it at one
    place and below it at another, each by more than a hair of the box's height. So a point of the
    surface itself is not hidden by the slope it lies on, and what a picture is seen with, its
    resolution or its frame, changes nothing. What has no place (NaN) is not hidden.
    """
    from landscape.relief.sight import find_hidden, spans_of

    points = np.asarray(projected, dtype=np.float64).reshape(-1, 3)
    ground, back = scene.ground, scene.inverse
    left, bottom, _, height = scene.frame
    behind = np.zeros(len(points), np.uint8)
    known = np.isfinite(points).all(axis=1)
    places = np.column_stack([points[:, 0] - left, bottom + height - points[:, 1], points[:, 2]])
    on_grid = places[known] @ back[:, :3].T + back[:, 3]
    on_grid = on_grid[:, :3] / on_grid[:, 3:]
    # The viewer is where every way along the depth leads: a place, or a direction without one.
    to_viewer = on_grid * back[3, 2] - back[:3, 2]
    farthest = np.abs(to_viewer).max(axis=1, keepdims=True)
    to_viewer /= np.maximum(-back[3, 2], farthest / _BEYOND)
    found = np.empty(len(on_grid), np.uint8)
    tables = ground.heights, ground.surface, ground.planes, *spans_of(ground)
    find_hidden(on_grid, to_viewer, *tables, _SLACK, found)
    behind[known] = found
    return behind.astype(bool)
