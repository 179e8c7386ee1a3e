"""The projection of an mplot3d axes: from the data's space to the canvas's pixels, with depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["View", "view_of"]


@dataclass(frozen=True, eq=False)
class View:
    """A camera's view of a box.

    `matrix` (4, 4) takes (x, y, z, 1) to (px w, py w, depth w, w): pixels from the canvas's lower
    left and a depth that grows away from the viewer, linear over the picture of a plane. `eye`
    (3, 3) takes differences in data to the viewer's directions (right, up, towards the viewer) in
    the units of the box as it is displayed, up to a common factor: angles are seen in it.
    """

    matrix: Array
    eye: Array

    def project(self, points: ArrayLike) -> Array:
        """Return (px, py, depth) of `points` (n, 3) in data: shape (n, 3); NaN behind the viewer.

        Formula: (px, py, depth, 1) w = matrix (x, y, z, 1).
        """
        given = np.asarray(points, dtype=np.float64).reshape(-1, 3)
        seen = given @ self.matrix[:, :3].T + self.matrix[:, 3]
        with np.errstate(invalid="ignore"):
            return seen[:, :3] / np.where(seen[:, 3:] > 0, seen[:, 3:], np.nan)

    @property
    def from_below(self) -> bool:
        """Whether the viewer is beneath the horizon."""
        return bool(self.eye[2, 2] < 0)

    def scaled(self, factor: float) -> View:
        """Return the same view on a canvas with `factor` times as many pixels each way."""
        return View(np.diag([factor, factor, 1.0, 1.0]) @ self.matrix, self.eye)


def view_of(axes: Axes3D) -> View:
    """Return the view that `axes` will be drawn with, as its limits, angles and place are now.

    Raises LandscapeError for axes that are not linear.

    Source: mpl_toolkits.mplot3d.proj3d; the focal length is the distance of the box's centre, the
    last coordinate there, by the distance for a focal length of 1, which is in the third row.
    """
    if any(axis.get_scale() != "linear" for axis in (axes.xaxis, axes.yaxis, axes.zaxis)):
        raise LandscapeError("a surface is drawn in 3D on linear axes only")
    locator = axes.get_axes_locator()
    # As a draw does it: the axes are square, whatever the figure's shape.
    axes.apply_aspect(locator(axes, None) if locator else None)
    axes.viewLim  # noqa: B018  # limits that wait to be chosen are chosen now
    to_plane = np.asarray(axes.get_proj(), dtype=np.float64)
    corner, right, up = axes.transData.transform([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
    to_canvas = np.eye(4)
    to_canvas[:2, 0], to_canvas[:2, 1], to_canvas[:2, 3] = right - corner, up - corner, corner
    return View(to_canvas @ to_plane, _eye(axes, to_plane))


def _eye(axes: Axes3D, to_plane: Array) -> Array:
    """Return the rotation and scale that mplot3d's matrix is made of."""
    if not to_plane[3, :3].any():  # orthographic: depth runs as right and up do
        return to_plane[:3, :3] * [[1.0], [1.0], [-1.0]]
    limits = axes.get_xlim3d(), axes.get_ylim3d(), axes.get_zlim3d()
    centre = np.array([np.mean(pair) for pair in limits])
    focal = (to_plane[3, :3] @ centre + to_plane[3, 3]) / -to_plane[2, 3]
    return np.stack([to_plane[0, :3] / focal, to_plane[1, :3] / focal, -to_plane[3, :3]])
