"""A heightfield as meshes: the surface in the picture's colours, and flat faces where it is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.relief.export_model import Box, Ladder, Part, normals_of
from landscape.relief.tears import ABOVE, BELOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.field import Relief
    from landscape.relief.look import Look

    Array = NDArray[Any]

__all__ = ["bytes_of_color", "surface_colors", "surface_parts"]


def surface_parts(relief: Relief, look: Look, box: Box) -> tuple[Part, ...]:
    """Return the surface, and the flat faces "cut" and "pit" where it leaves the box, if it does.

    Where the surface goes through the box's top or floor, its triangles end exactly there, and the
    face lies in that plane. Where there is no value there is a hole, and where the surface is torn
    a gap.
    """
    import numpy as np

    heights = relief.heights
    corners, faces = _triangles(relief)
    parts: list[Part] = []
    planes = []
    if heights.cut:
        planes.append(("cut", heights.top, 1.0))
    if heights.sunk:
        planes.append(("pit", heights.bottom, -1.0))
    for name, level, sign in planes:
        corners, faces, beyond = _split(corners, faces, level, sign)
        used = np.unique(beyond)
        flat, kept = corners[used], np.searchsorted(used, beyond)
        if not len(kept):
            continue
        flat[:, 2] = level
        points = box.place(flat[:, :3])
        parts.append(
            Part(
                name,
                points,
                np.tile([0.0, 0.0, 1.0], (len(points), 1)),
                kept,
                np.tile(bytes_of_color(look.lid), (len(points), 1)),
                np.full(len(points), heights.low if sign < 0 else heights.high),
            )
        )
    used = np.unique(faces)
    corners, faces = corners[used], np.searchsorted(used, faces)
    # Exactly the loss of the grid where that is a corner's.
    losses = np.where(np.isnan(corners[:, 3]), heights.loss(corners[:, 2]), corners[:, 3])
    points = box.place(corners[:, :3])
    colors = surface_colors(relief, look, corners[:, 2])
    surface = Part("surface", points, normals_of(points, faces), faces, colors, losses)
    return (surface, *parts)


def surface_colors(relief: Relief, look: Look, heights: Array) -> Array:
    """Return the colours (n, 3), uint8 sRGB, that a picture has at heights (n,), before its light.

    A step between two levels has its colour in the middle, as in `landscape.relief.shading`.
    """
    import numpy as np

    colors = np.asarray(look.colors, dtype=np.float64).reshape(-1, 3)
    place = Ladder.of(relief).place_of_heights(heights) * (len(relief.levels) - 1) - 0.5
    ramp = [np.interp(place, np.arange(len(colors)), colors[:, k]) for k in range(3)]
    return _bytes(np.column_stack(ramp))


def bytes_of_color(color: Any) -> Array:
    """Return a colour of Matplotlib's as (3,) uint8."""
    import numpy as np
    from matplotlib.colors import to_rgb

    return _bytes(np.array(to_rgb(color)))


def _bytes(colors: Array) -> Array:
    import numpy as np

    found: Array = np.floor(255.0 * np.clip(colors, 0.0, 1.0) + 0.5).astype(np.uint8)
    return found


def _triangles(relief: Relief) -> tuple[Array, Array]:
    """Return corners (n, 4) with x, y, height and loss, and the faces (m, 3) that there are."""
    import numpy as np

    ny, nx = relief.values.shape
    x, y = np.meshgrid(relief.xs, relief.ys)
    corners = np.column_stack([part.ravel() for part in (x, y, relief.z, relief.values)])
    index = np.arange(ny * nx).reshape(ny, nx)
    near, right = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    left, far = index[1:, :-1].ravel(), index[1:, 1:].ravel()
    faces = np.concatenate(
        [np.column_stack([near, right, far]), np.column_stack([near, far, left])]
    )
    there = np.isfinite(corners[faces, 2]).all(axis=1)
    if relief.torn is not None:
        torn = relief.torn[:-1, :-1].ravel()
        there &= np.concatenate([torn & BELOW, torn & ABOVE]) == 0
    return corners, faces[there]


def _split(corners: Array, faces: Array, level: float, sign: float) -> tuple[Array, Array, Array]:
    """Cut triangles at a height: return the corners, the faces kept, and those beyond it.

    Parameters: `corners` (n, 4), `faces` (m, 3); `sign` is 1.0 if what is higher lies beyond, -1.0
    for what is lower. Corners are added where edges cross the plane, their loss NaN.
    """
    import numpy as np

    beyond = sign * (corners[:, 2] - level) > 0
    count = beyond[faces].sum(axis=1)
    mixed = faces[(count == 1) | (count == 2)]
    if not len(mixed):
        return corners, faces[count == 0], faces[count == 3]
    # Each is turned so that the corner that is alone on its side comes first.
    sides = beyond[mixed]
    alone_beyond = sides.sum(axis=1) == 1
    first = np.argmax(sides == alone_beyond[:, None], axis=1)
    rows = np.arange(len(mixed))
    p, q, r = (mixed[rows, (first + k) % 3] for k in range(3))
    corners, crossings = _cross(corners, np.stack([p, q, p, r], axis=1).reshape(-1, 2), level)
    a, b = crossings.reshape(-1, 2).T
    tip = np.column_stack([p, a, b])
    rest = np.concatenate([np.column_stack([a, q, r]), np.column_stack([a, r, b])])
    both = np.concatenate([alone_beyond, alone_beyond])
    inside = np.concatenate([faces[count == 0], tip[~alone_beyond], rest[both]])
    outside = np.concatenate([faces[count == 3], tip[alone_beyond], rest[~both]])
    return corners, _whole(inside), _whole(outside)


def _cross(corners: Array, edges: Array, level: float) -> tuple[Array, Array]:
    """Return the corners with those where edges (k, 2) cross a height, and each edge's (k,).

    An edge that two triangles share has one crossing, and an end in the plane is the crossing.
    """
    import numpy as np

    pairs, which = np.unique(np.sort(edges, axis=1), axis=0, return_inverse=True)
    low, high = corners[pairs[:, 0]], corners[pairs[:, 1]]
    share = ((level - low[:, 2]) / (high[:, 2] - low[:, 2]))[:, None]
    added = low + share * (high - low)
    added[:, 2], added[:, 3] = level, np.nan
    at = len(corners) + np.arange(len(pairs))
    at = np.where(low[:, 2] == level, pairs[:, 0], at)
    at = np.where(high[:, 2] == level, pairs[:, 1], at)
    return np.concatenate([corners, added]), at[which.ravel()]


def _whole(faces: Array) -> Array:
    """Return the triangles without those that have a corner twice."""
    a, b, c = faces.T
    found: Array = faces[(a != b) & (b != c) & (c != a)]
    return found
