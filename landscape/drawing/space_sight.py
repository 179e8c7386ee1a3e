"""From where the surfaces of a picture are seen in three dimensions, chosen once for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.drawing.camera import camera_of
from landscape.drawing.contour import rank_minima
from landscape.drawing.space_surface import relief_of
from landscape.drawing.viewpoint import Sight, choose_viewpoint

if TYPE_CHECKING:
    from landscape.prepare import Panel
    from landscape.recipe import Recipe

__all__ = ["with_viewpoint"]


def with_viewpoint(recipe: Recipe, panels: Sequence[Panel]) -> Recipe:
    """Return a recipe with the elevation and azimuth that it leaves open.

    Those show most of the paths, their heads and the lowest minima of all panels, during all of a
    film. So film, poster and what is made again of either are seen alike.

    Raises LandscapeError as `make_relief` does.
    """
    if recipe.elevation is not None and recipe.azimuth is not None:
        return recipe
    sights = []
    for panel in panels:
        best, _ = rank_minima(panel.surface)
        minima = [(point.x, point.y) for point in best]
        relief = relief_of(panel.surface, recipe)
        sights.append(Sight(relief, panel.trajectories, minima))
    asked, turns = (recipe.elevation, recipe.azimuth), camera_of(recipe).turns()
    elevation, azimuth = choose_viewpoint(sights, recipe.exaggerate, *asked, turns)
    return recipe.with_(elevation=elevation, azimuth=azimuth)
