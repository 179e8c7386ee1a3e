"""What a surface hides from a place: for those who look for one, and draw no picture there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.relief.ground import ground_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["eye_of", "hidden_from", "slopes_at"]

_SLACK = 5e-5  # of the box's height, by which a surface hides nothing: as in pictures
_BESIDE = 1e-3  # the share of a side at which a slope is measured


def eye_of(matrix: Array) -> Array:
    """Return where the viewer of a projection in perspective is: (x, y, z) in data.

    Parameters: `matrix` (4, 4) takes (x, y, z, 1) to (px w, py w, depth w, w), as mplot3d has it.
    """
    # There alone the place in the picture and the distance are 0.
    rows = np.asarray(matrix, dtype=np.float64)[[0, 1, 3]]
    found: Array = np.linalg.solve(rows[:, :3], -rows[:, 3])
    return found


def hidden_from(relief: Relief, points: Array, eye: Array) -> Array:
    """Return which points (n, 3) in data a surface hides from a viewer (3,): bools (n,).

    They are those that `rendering.hidden` finds for a picture that is seen from there.
    """
    from landscape.relief.sight import find_hidden, spans_of

    ground = ground_of(relief)
    corner = np.array([relief.xs[0], relief.ys[0], relief.heights.bottom])
    on_grid = np.ascontiguousarray((points - corner) / ground.steps, dtype=np.float64)
    ways = (eye - corner) / ground.steps - on_grid
    found = np.empty(len(on_grid), np.uint8)
    tables = ground.heights, ground.surface, ground.planes, *spans_of(ground)
    find_hidden(on_grid, ways, *tables, _SLACK, found)
    return found.astype(bool)


def slopes_at(relief: Relief, points: Array) -> Array:
    """Return what takes away (dx, dy, dz) to how far it lies above the slope at points: (n, 3).

    NaN where there is no surface.
    """
    (x0, x1), (y0, y1) = relief.bounds
    x, y = points[:, 0], points[:, 1]
    # At the rim the slope is that of the side where there is a surface.
    across = np.where(x + (x1 - x0) * _BESIDE > x1, -1.0, 1.0) * (x1 - x0) * _BESIDE
    up = np.where(y + (y1 - y0) * _BESIDE > y1, -1.0, 1.0) * (y1 - y0) * _BESIDE
    here = relief.z_at(x, y)
    along_x = (relief.z_at(x + across, y) - here) / across
    along_y = (relief.z_at(x, y + up) - here) / up
    return np.column_stack([-along_x, -along_y, np.ones(len(points))])
