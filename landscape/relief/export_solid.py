"""Lines as tubes and places as spheres, for formats and programs that show meshes alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from landscape.relief.export_model import Line, Part, Spots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Piece = tuple[Array, Array, Array, Array]  # points, normals, faces, losses

__all__ = ["RADIUS", "spheres", "tube"]

RADIUS = 0.005  # of a tube, in sides of the box
_SIDES = 10
_RINGS = 8
# Points of a line closer than this share of the radius are one.
_CLOSE = 0.5
# Where a line turns by more, its tube is jointed: a bent one would be pinched.
_BEND = math.radians(35)


def tube(line: Line, radius: float = RADIUS) -> Part | None:
    """Return a line as a tube with round ends and joints, None if nothing of it is in sight.

    Parameters: `radius` in sides of the box. Points closer than half of it are left out.
    """
    import numpy as np

    pieces: list[Piece] = []
    for rows in _runs(line):
        kept = rows[_thinned(line.points[rows], _CLOSE * radius)]
        points, losses = line.points[kept], line.losses[kept]
        joints = [0, *_corners(points), len(points) - 1]
        for first, last in pairwise(joints):
            if last > first:
                pieces.append(_pipe(points[first : last + 1], losses[first : last + 1], radius))
        pieces += [_ball(points[k], losses[k], radius) for k in dict.fromkeys(joints)]
    if not pieces:
        return None
    return _joined(line.name, pieces, np.asarray(line.color))


def spheres(spots: Spots) -> Part | None:
    """Return places as spheres, None if there are none."""
    import numpy as np

    known = np.flatnonzero(np.isfinite(spots.points).all(axis=1))
    if not len(known):
        return None
    pieces = [_ball(spots.points[k], spots.losses[k], spots.radius) for k in known]
    return _joined(spots.name, pieces, np.asarray(spots.color))


def _runs(line: Line) -> Iterator[Array]:
    """Yield the rows of each stretch that is in sight."""
    import numpy as np

    seen = np.flatnonzero(np.isfinite(line.points).all(axis=1))
    for rows in np.split(seen, np.flatnonzero(np.diff(seen) > 1) + 1):
        if len(rows):
            yield rows


def _thinned(points: Array, least: float) -> list[int]:
    """Return the rows of a line that are at least so far apart, its ends among them."""
    kept = [0]
    places = points.tolist()
    for k in range(1, len(places)):
        if math.dist(places[k], places[kept[-1]]) >= least:
            kept.append(k)
    if kept[-1] != len(places) - 1:
        # The end stands for what would be too close to it.
        if len(kept) > 1:
            kept[-1] = len(places) - 1
        elif places[0] != places[-1]:
            kept.append(len(places) - 1)
    return kept


def _corners(points: Array) -> list[int]:
    """Return the rows at which a line turns sharply."""
    import numpy as np

    ways = _directions(points)
    if len(ways) < 2:
        return []
    cosines = (ways[1:] * ways[:-1]).sum(axis=1)
    found: list[int] = (np.flatnonzero(cosines < math.cos(_BEND)) + 1).tolist()
    return found


def _directions(points: Array) -> Array:
    import numpy as np

    steps = np.diff(points, axis=0)
    found: Array = steps / np.linalg.norm(steps, axis=1, keepdims=True)
    return found


def _pipe(points: Array, losses: Array, radius: float) -> Piece:
    """Return an open tube around points (n, 3), with rings that do not twist."""
    import numpy as np

    ways = _directions(points)
    along = np.concatenate([ways[:1], ways[:-1] + ways[1:], ways[-1:]])
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    # Each ring's first spoke is the one before it, laid into the ring's plane.
    spoke = np.eye(3)[np.argmin(np.abs(along[0]))]
    spokes = np.empty_like(points)
    for k, way in enumerate(along):
        spoke = spoke - (spoke @ way) * way
        spoke /= math.sqrt(spoke @ spoke)
        spokes[k] = spoke
    angles = 2 * np.pi * np.arange(_SIDES) / _SIDES
    others = np.cross(along, spokes)
    normals = (
        np.cos(angles)[None, :, None] * spokes[:, None]
        + np.sin(angles)[None, :, None] * others[:, None]
    )
    around = points[:, None] + radius * normals
    faces = _net(len(points), _SIDES)
    return around.reshape(-1, 3), normals.reshape(-1, 3), faces, np.repeat(losses, _SIDES)


def _ball(center: Array, loss: float, radius: float) -> Piece:
    """Return a sphere: rings between two poles, its first spoke upwards."""
    import numpy as np

    count = 2 * _RINGS
    down = np.pi * np.arange(1, _RINGS) / _RINGS
    round_ = 2 * np.pi * np.arange(count) / count
    x = np.sin(down)[:, None] * np.cos(round_)
    y = np.sin(down)[:, None] * np.sin(round_)
    z = np.broadcast_to(np.cos(down)[:, None], x.shape)
    rings = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    normals = np.concatenate([rings, [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]])
    top, bottom = len(rings), len(rings) + 1
    here = np.arange(count)
    there = (here + 1) % count
    last = len(rings) - count
    caps = [
        np.column_stack([np.full(count, top), here, there]),
        np.column_stack([np.full(count, bottom), last + there, last + here]),
    ]
    faces = np.concatenate([_net(_RINGS - 1, count)[:, ::-1], *caps])
    return center + radius * normals, normals, faces, np.full(len(normals), loss)


def _net(rings: int, sides: int) -> Array:
    """Return the triangles between rings of points that lie one after another.

    Rings are anticlockwise seen from where they go, and so are the triangles seen from outside.
    """
    import numpy as np

    start = sides * np.arange(rings - 1)[:, None]
    here = np.arange(sides)[None, :]
    there = (here + 1) % sides
    a, b = (start + here).ravel(), (start + there).ravel()
    c, d = b + sides, a + sides
    return np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])


def _joined(name: str, pieces: list[Piece], color: Array) -> Part:
    import numpy as np

    starts = np.cumsum([0, *(len(points) for points, _, _, _ in pieces[:-1])])
    points = np.concatenate([piece[0] for piece in pieces])
    faces = [piece[2] + start for piece, start in zip(pieces, starts, strict=True)]
    return Part(
        name,
        points,
        np.concatenate([piece[1] for piece in pieces]),
        np.concatenate(faces),
        np.tile(color, (len(points), 1)).astype(np.uint8),
        np.concatenate([piece[3] for piece in pieces]),
    )
