"""Directions, lines and planes through the space of a network's parameters."""

from landscape.planes.curvature import (
    Trace,
    hessian_eigenvectors,
    hessian_of,
    hessian_plane,
    hessian_trace,
)
from landscape.planes.curvature_map import CurvatureMap, curvature_map
from landscape.planes.directions import (
    BIASES,
    NORMALISATIONS,
    expected_angle,
    random_directions,
    random_line,
    random_plane,
)
from landscape.planes.draw import draw_path
from landscape.planes.geometry import (
    Geometry,
    Line,
    angle,
    box_around,
    line_through,
    plane_through,
)
from landscape.planes.grids import PlaneGrid
from landscape.planes.lanczos import Spectrum, lanczos
from landscape.planes.pca import Principal, principal_components, random_walk_shares
from landscape.planes.plane import METRICS, NetworkPlane
from landscape.planes.profile import Profile, line_profile, profile, random_profile
from landscape.planes.projection import ProjectedPath, joint_plane, project_path
from landscape.planes.sharpness import Sharpness, guess_loss, sharpness

__all__ = [
    "BIASES",
    "METRICS",
    "NORMALISATIONS",
    "CurvatureMap",
    "Geometry",
    "Line",
    "NetworkPlane",
    "PlaneGrid",
    "Principal",
    "Profile",
    "ProjectedPath",
    "Sharpness",
    "Spectrum",
    "Trace",
    "angle",
    "box_around",
    "curvature_map",
    "draw_path",
    "expected_angle",
    "guess_loss",
    "hessian_eigenvectors",
    "hessian_of",
    "hessian_plane",
    "hessian_trace",
    "joint_plane",
    "lanczos",
    "line_profile",
    "line_through",
    "plane_through",
    "principal_components",
    "profile",
    "project_path",
    "random_directions",
    "random_line",
    "random_plane",
    "random_profile",
    "random_walk_shares",
    "sharpness",
]
