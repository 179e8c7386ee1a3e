"""How a surface is drawn: its colours, lines and light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Color = Sequence[float]

__all__ = ["LIGHTING", "Look"]

# What suits a theme's colours, by the theme's name: dark ones are drawn brighter than on the plane,
# where light adds nothing to them.
LIGHTING: dict[str, dict[str, Any]] = {
    "light": {"ambient": 0.50, "diffuse": 0.56, "specular": 0.1, "back": (0.93, 0.94, 0.95)},
    "dark": {"ambient": 0.44, "diffuse": 0.70, "specular": 0.1, "back": (0.31, 0.35, 0.41)},
}


@dataclass(frozen=True, eq=False)
class Look:
    """How a surface is drawn; colours are (r, g, b) from 0 to 1, widths pixels.

    Attributes: `colors` (k - 1, 3), those of the steps between k levels, reached in a step's
    middle and continuous in between; `line` and `line_width`, the contour lines (width 0: none);
    `mesh`, how many cells of mesh lines each way (0: none), in `mesh_color`; `light`, (azimuth,
    elevation) in degrees of where light comes from: (0, 0) is behind the viewer, azimuth -45 from
    the left; `ambient`, `diffuse` and `specular`, the shares of light from all around, from the
    light, and mirrored; `lid`, the flat face of a cut; `back`, what the colours are
    mixed with where the surface is seen from below.
    """

    colors: Array
    line: Color
    line_width: float = 1.0
    mesh: int = 0
    mesh_color: Color = (0.5, 0.5, 0.5)
    light: tuple[float, float] = (-40.0, 45.0)
    ambient: float = 0.54
    diffuse: float = 0.44
    specular: float = 0.08
    lid: Color = (0.8, 0.8, 0.8)
    back: Color = (0.8, 0.8, 0.8)
