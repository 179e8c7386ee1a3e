"""From where planes are seen in three dimensions, and which paths lie on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.pictures.plane_panel import PlanePanel
    from landscape.pictures.plane_recipe import PlaneRecipe
    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["PlaneWalk", "relief_of_plane", "walks_on", "with_viewpoint"]


@dataclass(frozen=True, eq=False)
class PlaneWalk:
    """A path on a plane up to the first place that is not finite, and the number of its run."""

    run: int
    points: Array
    losses: Array


def walks_on(
    recipe: PlaneRecipe, panels: Sequence[PlanePanel], panel: PlanePanel
) -> list[PlaneWalk]:
    """Return the paths that are drawn on one of a picture's planes."""
    central = recipe.directions in ("random", "hessian")
    drawn = range(panel.first, panel.first + 1) if central else range(len(panel.paths))
    if central and len(panels) > 1:
        drawn = range(0)
    return [_walk(panel, k) for k in drawn]


def _walk(panel: PlanePanel, k: int) -> PlaneWalk:
    import numpy as np

    path = panel.paths[k]
    good = np.isfinite(path.coordinates).all(axis=1) & np.isfinite(path.plane_loss)
    count = len(good) if good.all() else max(1, int(np.argmin(good)))
    return PlaneWalk(k, path.coordinates[:count], path.plane_loss[:count])


def relief_of_plane(
    recipe: PlaneRecipe,
    panel: PlanePanel,
    levels: Sequence[float] | None,
    cells: int | None = None,
    among: Sequence[PlanePanel] = (),
) -> Relief:
    """Return the heightfield of a plane.

    Parameters: `levels` are those of the colours, None for a surface of one colour; `cells` each
    way, None for the usual number; `among` are the picture's panels, which have one vertical axis:
    what is smooth looks so beside others.
    """
    import numpy as np

    from landscape.relief.field import CELLS, Relief
    from landscape.relief.heights import choose_heights

    size = (cells or CELLS) + 1
    planes = [one.plane for one in among or [panel]]
    every = np.concatenate([plane.grid(size, size)[2].ravel() for plane in planes])
    known = [point.value for plane in planes for point in plane.visible_points()]
    known += [] if levels is None else [float(levels[0]), float(levels[-1])]
    axis = choose_heights(every, recipe.heights, _clip(recipe), known)
    # Not as other surfaces: a plane's grid is smoothed, and what it differs from the network's loss
    # by is no tear.
    xs, ys, values = panel.plane.grid(size, size)
    # What is infinitely high is cut off with the rest, or else it is a hole.
    endless = every[np.isfinite(every)].max() if axis.cut else np.nan
    values = np.where(np.isposinf(values), endless, values)
    values[~np.isfinite(values)] = np.nan
    axis = replace(axis, cut=bool((values > axis.high).any()))  # perhaps only others are
    edges = (axis.low, axis.high) if levels is None else levels
    return Relief(xs, ys, values, axis, np.array(edges, dtype=np.float64))


def _clip(recipe: PlaneRecipe) -> float | None:
    """Return the loss at which walls are cut off, None for the usual one."""
    return recipe.clip if recipe.clip is not None else recipe.top or None


def with_viewpoint(recipe: PlaneRecipe, panels: Sequence[PlanePanel]) -> PlaneRecipe:
    """Return a recipe with the elevation and azimuth that it leaves open.

    Those show most of the paths, or of what planes have in their middle, on all panels.
    """
    if recipe.view == "contour" or (recipe.elevation is not None and recipe.azimuth is not None):
        return recipe
    from landscape.drawing.camera import camera_of
    from landscape.drawing.viewpoint import Sight, choose_viewpoint

    minima = [(0.0, 0.0)] if recipe.directions in ("random", "hessian") else []
    sights = [
        Sight(
            relief_of_plane(recipe, one, None, among=panels),
            walks_on(recipe, panels, one),
            minima,
        )
        for one in panels
    ]
    asked, turns = (recipe.elevation, recipe.azimuth), camera_of(recipe).turns()
    elevation, azimuth = choose_viewpoint(sights, recipe.exaggerate, *asked, turns)
    return recipe.with_(elevation=elevation, azimuth=azimuth)
