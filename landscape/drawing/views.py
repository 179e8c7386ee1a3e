"""How much of a surface a picture shows: a lesson's view grows where the axes have room for more.

A view is a cut out of the surface's own domain. Axes of one scale seldom have the shape of their
box; what would be empty shows the surface instead, at the same size and never beyond its domain.
Bounds that somebody asked for stay as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from landscape.lessons import LESSONS
from landscape.surfaces.lookup import surface as find_surface
from landscape.surfaces.surface import Bounds, FormulaSurface, Surface

if TYPE_CHECKING:
    from landscape.descent import Trajectory
    from landscape.prepare import Panel

__all__ = ["aspect_of", "grown_bounds", "with_grown_view"]


def aspect_of(bounds: Bounds) -> float:
    """Return width / height of a domain."""
    (x0, x1), (y0, y1) = bounds
    return (x1 - x0) / (y1 - y0)


def grown_bounds(surface: Surface, aspect: float) -> Bounds:
    """Return the bounds that axes of width / height `aspect` show of a surface at one scale.

    They are its own unless they are its lesson's view; then they grow about their middle, within
    the surface's domain.
    """
    lesson = LESSONS.get(surface.name) if isinstance(surface, FormulaSurface) else None
    (x0, x1), (y0, y1) = surface.bounds
    if lesson is None or lesson.view != (x0, x1, y0, y1):
        return surface.bounds
    across, up = find_surface(surface.spec).bounds
    wide, tall = x1 - x0, y1 - y0
    return (
        _grown((x0, x1), max(wide, tall * aspect), across),
        _grown((y0, y1), max(tall, wide / aspect), up),
    )


def _grown(
    side: tuple[float, float], length: float, limits: tuple[float, float]
) -> tuple[float, float]:
    middle = 0.5 * (side[0] + side[1])
    low, high = middle - 0.5 * length, middle + 0.5 * length
    return min(side[0], max(low, limits[0])), max(side[1], min(high, limits[1]))


def with_grown_view(panel: Panel, bounds: Bounds) -> Panel:
    """Return a panel that shows other bounds: its paths leave the picture where those end."""
    if bounds == panel.surface.bounds:
        return panel
    surface = find_surface(panel.surface, bounds=bounds)
    paths = tuple(
        replace(path, surface=surface, exits=_exits(path, bounds)) for path in panel.trajectories
    )
    return replace(panel, surface=surface, trajectories=paths)


def _exits(path: Trajectory, bounds: Bounds) -> tuple[int, ...]:
    """Return the steps at which a path is outside after having been inside."""
    import numpy as np

    low, high = np.array(bounds).T
    inside = np.all((path.points >= low) & (path.points <= high), axis=1)
    return tuple((np.flatnonzero(inside[:-1] & ~inside[1:]) + 1).tolist())
