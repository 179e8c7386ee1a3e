"""A ray cast of a heightfield's triangles by brute force, and heightfields to cast at.

It shares nothing with the rasteriser: rays come from the inverse of the projection and meet each
triangle in space, after Möller and Trumbore (1997).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.relief.field import Relief
from landscape.relief.heights import Heights
from landscape.relief.view import View

Array = NDArray[Any]


def waves(seed: int, cells: int = 24, **heights: Any) -> Relief:
    """Return a wavy heightfield on a domain that is not square."""
    rng = np.random.default_rng(seed)
    xs, ys = np.linspace(-1, 3, cells + 1), np.linspace(5, 5.5, cells + 3)
    u, v = np.meshgrid(np.linspace(0, 1, len(xs)), np.linspace(0, 1, len(ys)))
    z = np.zeros_like(u)
    for _ in range(4):
        a, b, phase = rng.uniform(-9, 9), rng.uniform(-9, 9), rng.uniform(0, 7)
        z += rng.uniform(0.3, 1) * np.sin(a * u + b * v + phase)
    axis = Heights("linear", **({"low": float(z.min()), "high": float(z.max())} | heights))
    return Relief(xs, ys, z, axis, np.linspace(axis.low, axis.high, 9))


def triangles(field: Relief) -> Array:
    """Return the triangles' corners (m, 3, 3)."""
    x, y = np.meshgrid(field.xs, field.ys)
    points = np.stack([x, y, field.z], axis=-1)
    near, right = points[:-1, :-1], points[:-1, 1:]
    above, far = points[1:, :-1], points[1:, 1:]
    below = np.stack([near, right, far], axis=2).reshape(-1, 3, 3)
    over = np.stack([near, above, far], axis=2).reshape(-1, 3, 3)
    return np.concatenate([below, over])


def cast(
    view: View, corners: Array, pixels: Array, values: Array, low: float, high: float
) -> Array:
    """Return the depth of what is nearest at `pixels` (n, 2), infinity for nothing: (n,).

    `corners` (m, 3, 3); of a triangle counts where the interpolated `values` (m, 3) lie in
    [low, high].
    """
    back = np.linalg.inv(view.matrix)
    seen = view.project(corners.reshape(-1, 3)).reshape(-1, 3, 3)
    depths = np.nanmin(seen[..., 2]), np.nanmax(seen[..., 2])
    margin = 0.01 * (depths[1] - depths[0]) + 1e-12
    ends = []
    for depth in (depths[0] - margin, depths[1] + margin):
        place = np.column_stack([pixels, np.full(len(pixels), depth), np.ones(len(pixels))])
        place = place @ back.T
        ends.append(place[:, :3] / place[:, 3:])
    # In the box's own proportions, or the widths of a domain decide what is parallel.
    scale = np.nanmax(corners, axis=(0, 1)) - np.nanmin(corners, axis=(0, 1))
    scale[scale == 0] = 1.0
    middle = np.nanmean(corners, axis=(0, 1))
    origin, way = (ends[0] - middle) / scale, (ends[1] - ends[0]) / scale
    best = np.full(len(pixels), np.inf)
    for k, (a, b, c) in enumerate((corners - middle) / scale):
        lowest, highest = seen[k, :, :2].min(axis=0) - 1, seen[k, :, :2].max(axis=0) + 1
        near = np.flatnonzero(((pixels >= lowest) & (pixels <= highest)).all(axis=1))
        if not len(near):
            continue
        side, other = b - a, c - a
        p = np.cross(way[near], other)
        with np.errstate(all="ignore"):
            part = 1.0 / (p @ side)
            off = origin[near] - a
            u = (off * p).sum(axis=1) * part
            q = np.cross(off, side)
            v = (way[near] * q).sum(axis=1) * part
            t = (q @ other) * part
            value = values[k] @ np.array([1 - u - v, u, v])
            hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (value >= low) & (value <= high)
            hit &= t < best[near]
        best[near[hit]] = t[hit]
    found = np.isfinite(best)
    depth = np.full(len(pixels), np.inf)
    places = ends[0][found] + best[found, None] * (ends[1] - ends[0])[found]
    depth[found] = view.project(places)[:, 2]
    return depth


def cast_field(view: View, field: Relief, pixels: Array) -> tuple[Array, Array]:
    """Return the depth at `pixels` (n, 2) of the surface, and of the planes it is cut off at."""
    axis = field.heights
    low = axis.bottom if axis.sunk else -np.inf
    high = axis.top if axis.cut else np.inf
    corners = triangles(field)
    heights = corners[..., 2]
    surface = cast(view, corners, pixels, heights, low, high)
    planes = np.full(len(pixels), np.inf)
    for wanted, height, bounds in (
        (axis.cut, axis.top, (axis.top, np.inf)),
        (axis.sunk, axis.bottom, (-np.inf, axis.bottom)),
    ):
        if wanted:
            flat = corners.copy()
            flat[..., 2] = np.where(np.isnan(heights), np.nan, height)
            planes = np.minimum(planes, cast(view, flat, pixels, heights, *bounds))
    return surface, planes
