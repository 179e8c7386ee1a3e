"""A relief, a view and a look as the tables that the kernels read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.relief.ground import Ground, ground_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.field import Relief
    from landscape.relief.look import Look
    from landscape.relief.view import View

    Array = NDArray[Any]

__all__ = ["Scene"]

_STEEPEST = 3.0  # depth to width, above which a pixel is no smooth piece
_HATCH = 10.0  # widths between the middles of a hatch's lines, seen from straight above
_NEAR = 1e-3  # what is nearer than this share of the box's distance is not drawn


@dataclass(eq=False)
class Scene:
    """What the kernels are told: a relief, a view and a look as arrays.

    `grain` is the depth that a slope of 45° covers in a pixel, `smooth` the most that a smooth
    piece does. `matrix` takes (i, j, height, 1) to (column, row, depth, 1) w, heights in the units
    of the box; the other tables are packed as `shading` reads them.
    """

    relief: Relief
    view: View
    look: Look
    frame: tuple[int, int, int, int]
    ground: Ground = field(init=False)
    matrix: Array = field(init=False)
    inverse: Array = field(init=False)
    near: float = field(init=False)
    grain: float = field(init=False)
    smooth: float = field(init=False)
    light: Array = field(init=False)
    style: Array = field(init=False)
    ramp: Array = field(init=False)

    def __post_init__(self) -> None:
        relief, look = self.relief, self.look
        self.ground = ground = ground_of(relief)
        levels = ground.levels
        to_data = np.diag([*ground.steps, 1.0])
        to_data[:3, 3] = relief.xs[0], relief.ys[0], relief.heights.bottom
        left, bottom, _, height = self.frame
        to_picture = np.eye(4)
        to_picture[0, 3], to_picture[1, 1], to_picture[1, 3] = -left, -1.0, bottom + height
        self.matrix = np.ascontiguousarray(to_picture @ self.view.matrix @ to_data)
        self.inverse = np.linalg.inv(self.matrix)
        self._look_at_box()
        to_eye = self.view.eye @ to_data[:3, :3]
        self.light = self._lights(to_eye).astype(np.float32)
        width = look.line_width if look.line_width > 0 else 1.0
        hatch_lines = self._hatch(to_eye, _HATCH * width)
        self.style = np.array(
            [
                *(*ground.planes, look.ambient, look.diffuse, look.specular, look.line_width),
                *(float(look.mesh), 0.8 * width, width, *hatch_lines),
            ],
            np.float32,
        )
        colors = np.asarray(look.colors, dtype=np.float64).reshape(-1, 3)
        if len(colors) != len(levels) - 1:
            raise LandscapeError(
                f"{len(levels)} levels have {len(levels) - 1} colours in between: "
                f"{len(colors)} came"
            )
        # Darker on what is light, and the other way round.
        lid = np.asarray(look.lid, dtype=np.float64)
        hatch = 0.68 * lid if lid.mean() > 0.45 else lid + 0.3 * (1.0 - lid)
        # The last colour once more: the ends of the colours have one to each side.
        rows = [look.lid, look.line, look.mesh_color, hatch, *colors, colors[-1]]
        self.ramp = np.zeros((len(rows), 4), np.float32)
        self.ramp[:, :3] = rows
        self.ramp[:3, 3] = look.back  # beside the others, where nothing else is

    def _look_at_box(self) -> None:
        """Find how far and how deep the box is."""
        ny, nx = self.ground.heights.shape
        ends = [(i, j, h, 1.0) for i in (0, nx - 1) for j in (0, ny - 1) for h in (0.0, 1.0)]
        seen = np.array(ends) @ self.matrix.T
        self.near = _NEAR * max(float(seen[:, 3].max()), 0.0)
        kept = seen[seen[:, 3] > self.near]
        if not len(kept):
            self.grain = self.smooth = 0.0
            return
        extent = np.ptp(kept[:, :3] / kept[:, 3:], axis=0)
        self.grain = float(extent[2] / max(extent[0], extent[1], 1.0))
        self.smooth = _STEEPEST * self.grain

    def _hatch(self, to_eye: Array, spacing: float) -> tuple[float, float]:
        """Return how many lines of the hatch a cell has each way: the same from all sides."""
        ny, nx = self.ground.heights.shape
        distance = float(self.matrix[3] @ [0.5 * (nx - 1), 0.5 * (ny - 1), 0.5, 1.0])
        zoom = np.linalg.solve(self.view.eye.T, self.view.matrix[0, :3])[0] / distance
        across, up = abs(zoom) * np.linalg.norm(to_eye[:, :2], axis=0)
        return float(across / (spacing * math.sqrt(2))), float(up / (spacing * math.sqrt(2)))

    def _lights(self, to_eye: Array) -> Array:
        """Return the normals' matrix, the ways to the viewer, and the directions of light.

        Last comes what takes the light's direction to that of the light from below.
        """
        sign = 1.0 if np.linalg.det(to_eye) >= 0 else -1.0
        a, b, c = to_eye.T
        normals = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1)
        normals *= sign / np.abs(normals).max()
        table = np.zeros((9, 3))
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
        table[7] = vertical = c / np.linalg.norm(c)
        # What is seen from below has a light of its own from there, the same one at a level view:
        # one from above would leave nothing to be seen.
        others = toward - 2.0 * (toward @ vertical) * vertical, toward * (1.0, -1.0, 1.0)
        table[8] = min((toward, *others), key=lambda way: float(way @ vertical)) - toward
        return table
