"""What a recipe says of a surface in three dimensions: its heights, its box, its colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from landscape.drawing.contour import fill_colors
from landscape.errors import unknown_name
from landscape.relief.field import Relief, make_relief
from landscape.relief.heights import choose_heights
from landscape.relief.look import LIGHTING, Look
from landscape.style import Theme

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D

    from landscape.recipe import Recipe
    from landscape.space_keys import SpaceKeys
    from landscape.surfaces.surface import Bounds, Surface

__all__ = ["box_sides", "look_of", "relief_of", "relief_theme", "set_box"]

# The height of the box for a floor with sides of 1, and how much longer one side may be.
_HEIGHT, _LONGEST = 0.7, 1.6
_STOPS = 17  # of a colormap


def relief_of(
    surface: Surface, recipe: Recipe, cells: int | None = None, among: Sequence[Surface] = ()
) -> Relief:
    """Return the heightfield of a recipe's surface.

    Parameters: `cells` each way, as for `make_relief`; `among` are the surfaces of the picture's
    panels, which have one vertical axis: a gentle one looks so beside a steep one.
    """
    made = make_relief(
        surface,
        heights=recipe.heights,
        clip=recipe.clip,
        levels=recipe.levels,
        count=recipe.count,
        cells=cells,
    )
    others = {one.spec: one for one in among if one.spec != surface.spec}
    if not others or made.heights.sunk:  # at a pole the box is for what most of the area has
        return made
    import numpy as np

    grids = [one.grid(len(made.xs), len(made.ys))[2].ravel() for one in others.values()]
    every = np.concatenate([made.values.ravel(), *grids])
    known = [point.value for one in among for point in one.visible_points()]
    axis = choose_heights(every, recipe.heights, recipe.clip, known)
    axis = replace(axis, cut=bool((made.values > axis.high).any()))  # perhaps only others are
    return replace(made, heights=axis)


def box_sides(bounds: Bounds, exaggerate: float) -> tuple[float, float, float]:
    """Return the lengths of a box's sides along x, y and height; the longer of the floor's is 1."""
    (x0, x1), (y0, y1) = bounds
    across = (x1 - x0) / (y1 - y0)
    # Sides of different kinds, or very different lengths, are drawn alike.
    across = across if 1 / _LONGEST <= across <= _LONGEST else 1.0
    return min(1.0, across), min(1.0, 1 / across), _HEIGHT * exaggerate


def set_box(axes: Axes3D, relief: Relief, exaggerate: float) -> None:
    """Give axes the limits and the proportions of a heightfield's box."""
    (x0, x1), (y0, y1) = relief.bounds
    axes.set_xlim(x0, x1, view_margin=0)
    axes.set_ylim(y0, y1, view_margin=0)
    axes.set_zlim(relief.heights.bottom, relief.heights.top, view_margin=0)
    axes.set_box_aspect(box_sides(relief.bounds, exaggerate))


def relief_theme(theme: Theme, cmap: str) -> Theme:
    """Return a theme whose fills are those of surfaces in three dimensions.

    Parameters: `cmap` is the name of a Matplotlib colormap, "" for the theme's own colours.

    Raises LandscapeError for a colormap that there is not.
    """
    if not cmap:
        return replace(theme, fills=theme.relief)
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    if cmap not in mpl.colormaps:
        raise unknown_name("colormap", cmap, list(mpl.colormaps))
    ramp = mpl.colormaps[cmap]
    return replace(theme, fills=tuple(to_hex(ramp(k / (_STOPS - 1))) for k in range(_STOPS)))


def look_of(recipe: SpaceKeys, relief: Relief, theme: Theme, width: float) -> Look:
    """Return how a surface is painted, in the fills of a theme; lines are `width` points wide."""
    import numpy as np
    from matplotlib.colors import to_rgb

    colors = [to_rgb(color) for color in fill_colors(theme, len(relief.levels) - 1)]
    return Look(
        colors=np.array(colors),
        line=to_rgb(theme.line),
        line_width=width if recipe.contours else 0.0,
        mesh=recipe.mesh,
        mesh_color=to_rgb(theme.line),
        light=recipe.light,
        lid=to_rgb(theme.cut),
        **LIGHTING.get(theme.name, {}),
    )
