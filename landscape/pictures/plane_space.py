"""A plane in three dimensions: its surface, and the paths on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.camera import camera_of
from landscape.drawing.space_artists import TrailArtist
from landscape.drawing.space_marks import Mark
from landscape.drawing.space_panel import Parts, new_space
from landscape.drawing.space_track import SpaceTrack
from landscape.pictures.plane_sight import PlaneWalk, relief_of_plane, walks_on
from landscape.pictures.plane_words import loss_name
from landscape.relief.field import Relief
from landscape.relief.lift import lift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from landscape.drawing.boxes import Box
    from landscape.drawing.sheet import Sheet
    from landscape.drawing.space import Space
    from landscape.drawing.trail import TrailStyle
    from landscape.networks.run import Run
    from landscape.pictures.plane import Plane, PlanePanel

    Array = NDArray[Any]

__all__ = ["Drawn", "draw_space"]

Show = Callable[[int], None]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A surface in three dimensions on a page, and what shows it at a frame."""

    space: Space
    shows: list[Show]


def draw_space(
    sheet: Sheet,
    ready: Plane,
    panel: PlanePanel,
    box: Box,
    levels: Array,
    styles: Sequence[TrailStyle],
) -> Drawn:
    """Draw a plane in three dimensions with the paths on it.

    Parameters: `box` in pixels, which nothing of it leaves; `levels` are those of the key.
    """
    recipe, theme = ready.recipe, sheet.theme
    relief = relief_of_plane(recipe, panel, list(levels), among=ready.panels)
    walks = walks_on(recipe, ready.panels, panel)
    central = recipe.directions in ("random", "hessian")
    marks = [_cross(relief, theme.ink, sheet.point)] if central else []
    marks += [
        _ring(relief, walk, theme.ink, sheet.point)
        for j, walk in enumerate(walks)
        if j == 0 or panel.apart
    ]
    seen = [mark for mark in marks if mark.at[2] == mark.at[2]]
    name = loss_name(panel.plane.metric)
    labels = panel.plane.labels
    if camera_of(recipe).moves:  # long names must have room on all sides, and the box has the rest
        labels = _shortened(labels[0]), _shortened(labels[1])
    parts = Parts(relief, labels, seen, name)
    space = new_space(sheet.figure, box, parts, recipe, theme, sheet.unit)
    shows: list[Show] = []
    if space.moves:
        sheet.moving.append(space)
        shows.append(lambda k: space.show_frame(k, ready.count - 1))
    for walk in walks:
        lifted = lift(relief, walk.points, walk.losses)
        style, keys = styles[walk.run], (recipe.hidden, recipe.drop)
        trail = TrailArtist(SpaceTrack(space, lifted, style, None, *keys, space.crate))
        sheet.figure.add_artist(trail)
        sheet.moving.append(trail)
        shows.append(_stepper(ready, panel.runs[walk.run], trail))
    return Drawn(space, shows)


def _stepper(ready: Plane, run: Run, trail: TrailArtist) -> Show:
    return lambda frame: trail.set_step(ready.reached(run, frame))


def _ring(relief: Relief, walk: PlaneWalk, color: str, point: float) -> Mark:
    x, y = (float(one) for one in walk.points[0])
    height = float(relief.z_at([x], [y])[0])
    return Mark((x, y, height), "o", 20 * point, "none", color, 2.2 * point)


def _shortened(label: str) -> str:
    return label.partition(" (")[0].replace("component", "PC")


def _cross(relief: Relief, color: str, point: float) -> Mark:
    height = float(relief.z_at([0.0], [0.0])[0])
    return Mark((0.0, 0.0, height), "+", 15 * point, "none", color, 2 * point)
