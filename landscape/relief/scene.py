"""A relief, a view and a look as the tables that the kernels read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.field import Relief
    from landscape.relief.look import Look
    from landscape.relief.view import View

    Array = NDArray[Any]

__all__ = ["Scene"]

_STEEPEST = 3.0  # depth to width, above which a pixel's samples are shaded one by one
_HATCH = 10.0  # widths between the middles of a hatch's lines, seen from straight above
_NEAR = 1e-3  # what is nearer than this share of the box's distance is not drawn


@dataclass(eq=False)
class Scene:
    """What the kernels are told: a relief, a view and a look as arrays.

    Heights are in the units of the box, 0 its floor and 1 its top; `matrix` takes (i, j, height, 1)
    to (column, row, depth, 1) w; the other tables are packed as `shading` reads them.
    """

    relief: Relief
    view: View
    look: Look
    frame: tuple[int, int, int, int]
    heights: Array = field(init=False)
    levels: Array = field(init=False)
    planes: Array = field(init=False)
    matrix: Array = field(init=False)
    inverse: Array = field(init=False)
    near: float = field(init=False)
    grain: float = field(init=False)
    light: Array = field(init=False)
    style: Array = field(init=False)
    ramp: Array = field(init=False)

    def __post_init__(self) -> None:
        relief, look = self.relief, self.look
        axis = relief.heights
        span = axis.top - axis.bottom
        scale = span if span > 0 else 1.0
        self.heights = np.ascontiguousarray((relief.z - axis.bottom) / scale, dtype=np.float64)
        self.planes = np.array([0.0 if axis.sunk else -np.inf, 1.0 if axis.cut else np.inf])
        self.levels = self._level_heights(scale)
        to_data = np.diag([_spacing(relief.xs), _spacing(relief.ys), scale, 1.0])
        to_data[:3, 3] = relief.xs[0], relief.ys[0], axis.bottom
        left, bottom, _, height = self.frame
        to_picture = np.eye(4)
        to_picture[0, 3], to_picture[1, 1], to_picture[1, 3] = -left, -1.0, bottom + height
        self.matrix = np.ascontiguousarray(to_picture @ self.view.matrix @ to_data)
        self.inverse = np.linalg.inv(self.matrix)
        self._look_at_box()
        to_eye = self.view.eye @ to_data[:3, :3]
        self.light = self._lights(to_eye)
        width = look.line_width if look.line_width > 0 else 1.0
        hatch_lines = self._hatch(to_eye, _HATCH * width)
        self.style = np.array(
            [
                *(*self.planes, look.ambient, look.diffuse, look.specular, look.line_width),
                *(float(look.mesh), 0.8 * width, width, *hatch_lines, _STEEPEST * self.grain),
            ]
        )
        colors = np.asarray(look.colors, dtype=np.float64).reshape(-1, 3)
        if len(colors) != len(self.levels) - 1:
            raise LandscapeError(
                f"{len(self.levels)} levels have {len(self.levels) - 1} colours in between: "
                f"{len(colors)} came"
            )
        # Darker on what is light, and the other way round.
        lid = np.asarray(look.lid, dtype=np.float64)
        hatch = 0.68 * lid if lid.mean() > 0.45 else lid + 0.3 * (1.0 - lid)
        self.ramp = np.zeros((4 + len(colors), 4))
        self.ramp[:, :3] = [look.lid, look.line, look.mesh_color, hatch, *colors]
        self.ramp[4:, 3] = 1.0 / np.diff(self.levels)

    def _level_heights(self, scale: float) -> Array:
        axis, levels = self.relief.heights, np.asarray(self.relief.levels, dtype=np.float64)
        if len(levels) < 2:
            raise LandscapeError(f"colours need at least 2 levels: {len(levels)} came")
        found = (axis.of(levels) - axis.bottom) / scale
        # The lowest may be a minimum, whose logarithm is without end: the surface is not.
        there = self.heights[np.isfinite(self.heights)]
        found = np.maximum(found, there.min() if there.size else 0.0)
        increasing: Array = np.maximum.accumulate(found) + 1e-12 * np.arange(len(found))
        return increasing

    def _look_at_box(self) -> None:
        """Find how far and how deep the box is."""
        ny, nx = self.heights.shape
        ends = [(i, j, h, 1.0) for i in (0, nx - 1) for j in (0, ny - 1) for h in (0.0, 1.0)]
        seen = np.array(ends) @ self.matrix.T
        self.near = _NEAR * max(float(seen[:, 3].max()), 0.0)
        kept = seen[seen[:, 3] > self.near]
        if not len(kept):
            self.grain = 0.0
            return
        extent = np.ptp(kept[:, :3] / kept[:, 3:], axis=0)
        self.grain = float(extent[2] / max(extent[0], extent[1], 1.0))

    def _hatch(self, to_eye: Array, spacing: float) -> tuple[float, float]:
        """Return how many lines of the hatch a cell has each way: the same from all sides."""
        ny, nx = self.heights.shape
        distance = float(self.matrix[3] @ [0.5 * (nx - 1), 0.5 * (ny - 1), 0.5, 1.0])
        zoom = np.linalg.solve(self.view.eye.T, self.view.matrix[0, :3])[0] / distance
        across, up = abs(zoom) * np.linalg.norm(to_eye[:, :2], axis=0)
        return float(across / (spacing * math.sqrt(2))), float(up / (spacing * math.sqrt(2)))

    def _lights(self, to_eye: Array) -> Array:
        """Return the normals' matrix, the ways to the viewer, and the directions of light."""
        sign = 1.0 if np.linalg.det(to_eye) >= 0 else -1.0
        a, b, c = to_eye.T
        normals = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1)
        normals *= sign / np.abs(normals).max()
        table = np.zeros((8, 3))
        table[:3] = normals
        if self.view.matrix[3, :3].any():
            # A pixel is at (px - cx) / f, (py - cy) / f before the viewer, where
            # px w = f right + cx w and w is the distance: so the ways to the viewer are linear.
            across = np.linalg.solve(self.view.eye.T, self.view.matrix[0, :3])
            up = np.linalg.solve(self.view.eye.T, self.view.matrix[1, :3])
            left, bottom, _, height = self.frame
            table[3, :2] = (-across[2] - left) / across[0], -1.0 / across[0]
            table[4, :2] = (-up[2] - bottom - height) / up[1], 1.0 / up[1]
        azimuth, elevation = np.radians(self.look.light)
        toward = np.array(
            [
                math.sin(azimuth) * math.cos(elevation),
                math.sin(elevation),
                math.cos(azimuth) * math.cos(elevation),
            ]
        )
        between = np.add(toward, [0.0, 0.0, 1.0])
        table[5] = toward
        table[6] = between / max(float(np.linalg.norm(between)), 1e-9)
        table[7] = c / np.linalg.norm(c)
        return table


def _spacing(lines: Array) -> float:
    """Return the distance of evenly spaced grid lines."""
    steps = np.diff(lines)
    if not len(steps) or not np.allclose(steps, steps.mean(), rtol=1e-6, atol=0.0):
        raise LandscapeError("a surface in 3D needs evenly spaced grid lines, 2 or more each way")
    return float((lines[-1] - lines[0]) / len(steps))
