"""From what a picture shows to where its parts stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from landscape.drawing.batch import batch_path
from landscape.drawing.frame import label_width
from landscape.drawing.groups import group_paths
from landscape.drawing.key import KeyMark, key_marks, key_rows
from landscape.drawing.layout import Layout, has_room, layout, no_room
from landscape.drawing.space_plans import USUAL, Shape, shape_of
from landscape.drawing.views import aspect_of, grown_bounds, with_grown_view
from landscape.style import find_theme, parse_size

if TYPE_CHECKING:
    from landscape.prepare import Panel, Prepared

__all__ = ["plan_picture"]

# The least side of axes, beneath which nothing can be seen in them.
_LEAST = 20.0


def plan_picture(
    prepared: Prepared, *, title: bool, caption: bool
) -> tuple[Prepared, Layout, Sequence[Sequence[KeyMark]]]:
    """Return the picture as it is shown, its plan, and the rows of marks in its key.

    Parameters: `title` and `caption` tell whether it has them.

    Raises LandscapeError for an unknown size, or if the parts do not fit.
    """
    recipe = prepared.recipe
    width, height = parse_size(recipe.size)
    size = round(width * recipe.scale), round(height * recipe.scale)
    panels = prepared.panels
    curves = recipe.curves if prepared.trajectories else ()
    entries = max(_entries(panel) for panel in panels) if recipe.legend else 0
    planned = partial(
        layout,
        size,
        entries,
        title=title,
        caption=caption,
        keyed=recipe.legend,
        panels=len(panels),
        strips=len(curves),
        strips_beside=recipe.beside,
        upright="gradient" in recipe.arrows,
        compared=len({panel.surface.spec for panel in panels}) > 1,
        view=recipe.view,
        shape=_shape(prepared),
    )
    shown, plan = _planned(prepared, planned)
    if not has_room(plan, _LEAST):
        raise no_room(size, entries, panels=len(panels), strips=len(curves))
    return shown, plan, key_rows(_marks(shown))


def _planned(prepared: Prepared, planned: Callable[..., Layout]) -> tuple[Prepared, Layout]:
    """Return the picture with its views grown into the room that there is, and its plan."""
    panels = prepared.panels
    if prepared.recipe.view == "3d":
        labels = max(label_width(panel.surface) for panel in panels)
        return prepared, planned(labels=labels, marks=len(key_rows(_marks(prepared))))
    free = planned(labels=max(label_width(panel.surface) for panel in panels))
    boxes = [place.axes for place in free.panels]
    grown = [
        with_grown_view(panel, grown_bounds(panel.surface, width / height))
        for panel, (_, _, width, height) in zip(panels, boxes, strict=True)
    ]
    for shown in (grown, panels):
        found = replace(prepared, panels=tuple(shown))
        plan = planned(
            labels=max(label_width(panel.surface) for panel in shown),
            aspects=[aspect_of(panel.surface.bounds) for panel in shown],
            marks=len(key_rows(_marks(found))),
        )
        if plan.equal:
            break
    return found, plan


def _shape(prepared: Prepared) -> Shape:
    """Return the width and height of what is seen of the panels' boxes in three dimensions."""
    recipe = prepared.recipe
    if recipe.view == "contour":
        return USUAL
    from landscape.drawing.camera import camera_of
    from landscape.drawing.space_surface import box_sides

    camera = camera_of(recipe)
    sides = [box_sides(one.surface.bounds, recipe.exaggerate) for one in prepared.panels]
    shapes = [shape_of(one, camera) for one in sides]
    return Shape(max(one.width for one in shapes), max(one.height for one in shapes))


def _entries(panel: Panel) -> int:
    """Return how many lines the legend of a panel has."""
    if not panel.trajectories:
        return 0
    theme = find_theme("light")
    return len(group_paths(panel.surface, panel.trajectories, theme, 1.0, panel.ends).entries)


def _marks(prepared: Prepared) -> list[KeyMark]:
    if not prepared.recipe.marks:
        return []
    found: dict[KeyMark, None] = {}
    for panel in prepared.panels:
        (x0, x1), (y0, y1) = panel.surface.bounds
        firsts = [path.points[0] for path in panel.trajectories]
        started = any(x0 <= x <= x1 and y0 <= y <= y1 for x, y in firsts)
        paths = panel.trajectories
        moving = any(path.velocities is not None for path in paths)
        arrows = [kind for kind in prepared.recipe.arrows if kind != "velocity" or moving]
        shown = batch_path(paths, prepared.recipe.batch) if prepared.recipe.batch_lines else None
        marks = key_marks(
            panel.surface,
            paths,
            started=started,
            arrows=arrows if paths else (),
            batch=shown.label if shown is not None else "",
        )
        found |= dict.fromkeys(marks)
    return list(found)
