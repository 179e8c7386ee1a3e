"""From where a swarm in three dimensions is seen, and how high its landscape may be for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.pictures.swarm_recipe import SwarmRecipe

if TYPE_CHECKING:
    from landscape.maps.places import Places
    from landscape.relief.field import Relief
    from landscape.surfaces.surface import Surface

__all__ = ["seen_from"]

# Where the usual height hides more than some of the hollows, as on a field of spikes, or shows them
# only from so high up that it is a map, the box is made flatter until enough are seen.
_FLATTER, _ENOUGH, _HIGHEST = (0.65, 0.45, 0.3), 0.7, 75.0


def seen_from(recipe: SwarmRecipe, where: Surface, places: Places) -> dict[str, float]:
    """Return what a recipe in three dimensions leaves open: from where most minima are seen.

    Where nothing is said of the view at all, the height of the box is chosen too.
    """
    if recipe.view == "contour" or None not in (recipe.elevation, recipe.azimuth):
        return {}
    from landscape.drawing.camera import camera_of
    from landscape.drawing.space_surface import relief_of
    from landscape.drawing.viewpoint import Sight, choose_viewpoint

    relief = relief_of(where, recipe)  # type: ignore[arg-type]  # it has the same keys
    low = [one for one, sign in zip(places.points, places.letters, strict=True) if sign]
    minima = [(one.x, one.y) for one in low]
    sight = Sight(relief, (), minima)
    asked, turns = (recipe.elevation, recipe.azimuth), camera_of(recipe).turns()
    usual: Any = type(recipe).__dataclass_fields__["exaggerate"].default
    free = asked == (None, None) and recipe.exaggerate == usual and minima
    best, found = -1.0, {}
    for height in (recipe.exaggerate, *(_FLATTER if free else ())):
        elevation, azimuth = choose_viewpoint([sight], height, *asked, turns)
        seen = _seen(relief, minima, height, elevation, [azimuth + turn for turn in turns])
        enough = seen >= _ENOUGH and elevation <= _HIGHEST
        if enough or seen > best:
            best = seen
            found = {"elevation": elevation, "azimuth": azimuth, "exaggerate": height}
        if enough:
            break
    return found


def _seen(
    relief: Relief,
    minima: Sequence[tuple[float, float]],
    height: float,
    elevation: float,
    azimuths: Sequence[float],
) -> float:
    """Return the share of minima that the surface does not hide, from some sides."""
    from matplotlib.figure import Figure
    from mpl_toolkits.mplot3d import Axes3D

    from landscape.drawing.space_surface import set_box
    from landscape.relief.lookout import eye_of, hidden_from

    if not minima:
        return 1.0
    x, y = np.transpose(minima)
    points = np.column_stack([x, y, relief.z_at(x, y)])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 1.0
    axes = Axes3D(Figure())
    set_box(axes, relief, height)
    shares = []
    for azimuth in azimuths:
        axes.elev, axes.azim = elevation, azimuth
        shares.append(1 - np.mean(hidden_from(relief, points, eye_of(axes.get_proj()))))
    return float(np.mean(shares))
