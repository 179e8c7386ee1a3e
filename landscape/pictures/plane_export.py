"""Planes with the paths of training on them, for ParaView or Blender: PLY, OBJ or VTP by suffix."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.export_file import comment_of_command, mesh_format, write_model
from landscape.files import check_writable
from landscape.keyed import STILL_FORMATS
from landscape.keys import key_of, option_of
from landscape.pictures.made import Made
from landscape.pictures.plane_recipe import MOST_PANELS, PlaneRecipe
from landscape.pictures.plane_sight import PlaneWalk, relief_of_plane, walks_on
from landscape.pictures.variants import variants_of
from landscape.relief.export_model import Box, Ladder, Line, Model, Spots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from dataclasses import Field

    from numpy.typing import NDArray

    from landscape.pictures.plane import Plane, PlanePanel
    from landscape.pictures.recipe import PictureRecipe
    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["check_export", "export_files", "model_of_plane", "page_words", "write_export"]

# What a page, a camera and light have, and a surface in a file has not.
_PAGE = (
    *("title", "caption", "size", "scale", "fill", "curves", "elevation", "azimuth", "zoom"),
    *("mesh", "contours", "floor", "hidden", "drop", "light"),
)


def check_export(recipe: PictureRecipe, path: str | Path) -> None:
    """Find out before long work whether a picture of a network can be exported to `path`.

    Raises LandscapeError if it is no plane or one of curvature, and if a file cannot be written.
    """
    if not isinstance(recipe, PlaneRecipe):
        raise LandscapeError(
            f"{recipe.picture} is no surface that {str(path)!r} could hold: choose "
            f".{', .'.join(STILL_FORMATS)}, or export a plane"
        )
    if recipe.metric == "curvature":
        raise LandscapeError(
            "a map of curvature is a picture, no surface: export the loss, or choose "
            f".{', .'.join(STILL_FORMATS)}"
        )
    for one in export_files(recipe, path):
        check_writable(one)


def export_files(recipe: PlaneRecipe, path: str | Path) -> list[Path]:
    """Return the files of an export: `path`, of several planes NAME-1.vtp, NAME-2.vtp, …"""
    place = Path(path)
    count = len(variants_of(recipe, recipe.vary, MOST_PANELS))
    if count == 1:
        return [place]
    return [place.with_name(f"{place.stem}-{k + 1}{place.suffix}") for k in range(count)]


def page_words(recipe: PictureRecipe) -> list[str]:
    """Return what a recipe says of a page, a camera and a film, as options of the command."""
    return [
        " ".join(key_of(one).words(option_of(one), getattr(recipe, one.name)))
        for one in _of_pages(recipe)
        if option_of(one) and getattr(recipe, one.name) != one.default
    ]


def write_export(ready: Plane, path: str | Path) -> Made:
    """Write planes with their paths, each to a file of its own, as `export_files` names them.

    What is kept in the files is the recipe of a still in three dimensions. The first file comes
    back, with the others in its `more`.

    Raises LandscapeError as `check_export` does.
    """
    check_export(ready.recipe, path)
    plain = {one.name: one.default for one in _of_pages(ready.recipe)}
    recipe = ready.recipe.with_(kind="still", format=STILL_FORMATS[0], view="3d", **plain)
    shown = ready.with_recipe(recipe)
    made = []
    for panel, place in zip(ready.panels, export_files(recipe, path), strict=True):
        model, box = model_of_plane(shown, panel)
        file = write_model(place, model, box, recipe.to_toml(), _command(recipe, path))
        made.append(Made(place, file.bytes, 1, recipe))
    return replace(made[0], more=tuple(made[1:]))


def model_of_plane(ready: Plane, panel: PlanePanel) -> tuple[Model, Box]:
    """Return what the export of a plane shows, in the box of its picture, and that box.

    Points have the plane's loss, or its accuracy, and the training step; beside these the `epoch`
    (-1 where there is none), how far they lie `off_plane`, and of a loss the `true_loss`: that of
    the network itself along a path, and the plane's own on the surface.
    """
    import numpy as np

    from landscape.drawing.space_surface import box_sides, look_of, relief_theme
    from landscape.drawing.trail import trail_styles
    from landscape.export_scene import HEAD, laid_line, names_of_rules
    from landscape.pictures.plane_drawing import levels_of
    from landscape.relief.export_surface import bytes_of_color, surface_parts
    from landscape.style import find_theme

    recipe, theme = ready.recipe, find_theme(ready.recipe.theme)
    relief = relief_of_plane(recipe, panel, list(levels_of(ready)), among=ready.panels)
    look = look_of(recipe, relief, relief_theme(theme, recipe.cmap), 1.0)
    box = Box.around(relief, box_sides(relief.bounds, recipe.exaggerate))
    of_loss = panel.plane.metric.endswith("loss")
    rules = [run.rule.split(":")[0] for run in panel.runs]
    names, styles = names_of_rules(rules), trail_styles(rules, theme)
    lines: list[Line] = []
    heads: list[Spots] = []
    walks = walks_on(recipe, ready.panels, panel)
    for walk in walks:
        name, color = names[walk.run], bytes_of_color(styles[walk.run].color)
        trail = f"trail_{name}"
        line = laid_line(relief, box, trail, walk.run, color, walk.points, walk.losses)
        line = _measured(panel, walk, line if of_loss else _of_heights(relief, box, line))
        lines.append(line)
        end = line.points[-1:]
        if len(walk.points) == len(panel.paths[walk.run].steps) and np.isfinite(end).all():
            more = {key: values[-1:] for key, values in line.more.items()}
            last = end, line.losses[-1:], walk.run, int(line.steps[-1])
            heads.append(Spots(f"head_{name}", color, HEAD, *last, more))
    marks = _marks(recipe, panel, walks, relief, box, bytes_of_color(theme.ink))
    surface = tuple(
        replace(part, more=_at_rest(part.losses, of_loss))
        for part in surface_parts(relief, look, box)
    )
    model = Model(
        surface,
        tuple(lines),
        (*heads, *marks),
        tuple(run.label for run in panel.runs),
        Ladder.of(relief),
        panel.title,
        "loss" if of_loss else "accuracy",
    )
    return model, box


def _of_pages(recipe: PictureRecipe) -> list[Field[Any]]:
    return [one for one in recipe.key_fields() if one.name in _PAGE or key_of(one).film]


def _measured(panel: PlanePanel, walk: PlaneWalk, line: Line) -> Line:
    """Return a line with the training's steps, and what else is known along it.

    Between two snapshots numbers are interpolated, as the line is.
    """
    import numpy as np

    path, run = panel.paths[walk.run], panel.runs[walk.run]
    count = len(walk.points)

    def along(values: Array) -> Array:
        found: Array = np.interp(line.steps, np.arange(count), values[:count])
        return found

    steps = along(path.steps)
    more = {"epoch": steps / run.steps_per_epoch, "off_plane": along(path.off_plane)}
    if panel.plane.metric.endswith("loss"):
        more["true_loss"] = along(path.loss)
    return replace(line, steps=steps, more=more)


def _of_heights(relief: Relief, box: Box, line: Line) -> Line:
    """Return a line with what its heights stand for, where its own losses are something else."""
    return replace(line, losses=relief.heights.loss(box.data(line.points)[:, 2]))


def _at_rest(losses: Array, of_loss: bool) -> Mapping[str, Array]:
    """Return the numbers of places on the plane that no path has made."""
    import numpy as np

    more = {"epoch": np.full(len(losses), -1.0), "off_plane": np.zeros(len(losses))}
    return more | ({"true_loss": losses} if of_loss else {})


def _marks(
    recipe: PlaneRecipe,
    panel: PlanePanel,
    walks: Sequence[PlaneWalk],
    relief: Relief,
    box: Box,
    color: Array,
) -> list[Spots]:
    """Return the places that the picture has rings and a cross at, where they are on the surface.

    Those are the starts of the paths, and the middle of planes that have one.
    """
    import numpy as np

    from landscape.export_scene import START

    starts = [walk.points[0] for walk in (walks if panel.apart else walks[:1])]
    central = recipe.directions in ("random", "hessian")
    found = []
    for name, places in (("start", starts), ("centre", [np.zeros(2)] if central else [])):
        if not places:
            continue
        x, y = np.array(places, dtype=np.float64).T
        z = relief.z_at(x, y)
        there = np.isfinite(z)
        points = box.place(np.column_stack([x, y, z])[there])
        losses = relief.heights.loss(z[there])
        more = _at_rest(losses, panel.plane.metric.endswith("loss"))
        if len(points):
            found.append(Spots(name, color, START, points, losses, more=more))
    return found


def _command(recipe: PlaneRecipe, path: str | Path) -> list[str]:
    """Return the command that writes such a file, in ASCII; none if its data are from Python."""
    if recipe.data.startswith("python:") and not recipe.runs:
        return []
    words = [word for word in shlex.split(recipe.command()) if word != "--view=3d"]
    return [comment_of_command([*words, "-o", f"picture.{mesh_format(path)}"])]
