"""What a panel shows in three dimensions, as meshes, lines and places: for export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landscape.drawing.contour import rank_minima
from landscape.drawing.groups import group_paths
from landscape.drawing.space_surface import box_sides, look_of, relief_of, relief_theme
from landscape.drawing.trail import finite_part, lost_at
from landscape.relief.export_model import Box, Ladder, Line, Model, Spots, in_units
from landscape.relief.export_surface import bytes_of_color, surface_parts
from landscape.relief.field import Relief, make_relief
from landscape.relief.lift import lift
from landscape.style import Theme, find_theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.prepare import Panel
    from landscape.recipe import Recipe
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]

__all__ = ["HEAD", "START", "in_true_units", "laid_line", "model_of", "names_of_rules"]

# Radii of balls in sides of the box; a line's is 0.005.
HEAD, START, _MINIMUM, _OTHER = 0.02, 0.014, 0.02, 0.015


def model_of(panel: Panel, recipe: Recipe, cells: int | None) -> tuple[Model, Box]:
    """Return what a panel's export shows, in the box of its picture, and that box.

    Parameters: `recipe` is the picture's, `cells` how many cells the surface has each way, None
    for as many as in the picture.

    Raises LandscapeError for a colormap that there is not, and as `make_relief` does.
    """
    theme = find_theme(recipe.theme)
    relief = _relief(panel.surface, recipe, cells)
    look = look_of(recipe, relief, relief_theme(theme, recipe.cmap), 1.0)
    box = Box.around(relief, box_sides(relief.bounds, recipe.exaggerate))
    rules = list({id(path.rule): path for path in panel.trajectories}.values())
    numbers = {id(path.rule): k for k, path in enumerate(rules)}
    looks = group_paths(panel.surface, panel.trajectories, theme, 1.0, panel.ends)
    names = names_of_rules([path.rule.name for path in panel.trajectories])
    lines: list[Line] = []
    spots: list[Spots] = []
    for path, style, name in zip(panel.trajectories, looks.styles, names, strict=True):
        points = finite_part(path.points)
        rule, color = numbers[id(path.rule)], bytes_of_color(style.color)
        losses = path.losses[: len(points)]
        line = laid_line(relief, box, f"trail_{name}", rule, color, points, losses)
        lines.append(line)
        places = line.points
        if len(places) and lost_at(path) is None and places[-1, 2] == places[-1, 2]:
            head = places[-1:], line.losses[-1:], rule, len(points) - 1
            spots.append(Spots(f"head_{name}", color, HEAD, *head))
    if recipe.marks:
        spots += _marks(panel, relief, box, theme)
    labels = tuple(path.rule.name for path in rules)
    surface, ladder = surface_parts(relief, look, box), Ladder.of(relief)
    return Model(surface, tuple(lines), tuple(spots), labels, ladder), box


def laid_line(
    relief: Relief, box: Box, name: str, rule: int, color: Array, points: Array, losses: Array
) -> Line:
    """Return a path laid on a heightfield as a line in its box.

    Parameters: `points` (n, 2) are the iterates, all finite, and `losses` (n,) theirs; between them
    the line has the losses of its heights.
    """
    import numpy as np

    lifted = lift(relief, points, losses)
    found = np.array(relief.heights.loss(lifted.points[:, 2]))
    found[lifted.at] = losses
    return Line(name, rule, color, box.place(lifted.points), lifted.steps, found)


def _relief(surface: Surface, recipe: Recipe, cells: int | None) -> Relief:
    """Return the heightfield of the picture, with as many cells as are asked for."""
    usual = relief_of(surface, recipe)
    if cells is None:
        return usual
    # The vertical axis and the colours are the picture's, however fine the grid.
    axis, levels = usual.heights, usual.levels.tolist()
    made = make_relief(surface, heights=axis.kind, clip=recipe.clip, levels=levels, cells=cells)
    return replace(made, heights=axis)


def _marks(panel: Panel, relief: Relief, box: Box, theme: Theme) -> list[Spots]:
    """Return the starts and the known minima, where they lie on the surface."""
    import numpy as np

    best, others = rank_minima(panel.surface)
    starts = {tuple(path.points[0]): path.losses[0] for path in panel.trajectories}
    found = []
    for name, places, color, radius in (
        ("start", [(x, y, loss) for (x, y), loss in starts.items()], theme.ink, START),
        ("minimum", [(one.x, one.y, one.value) for one in best], theme.star, _MINIMUM),
        ("other_minimum", [(one.x, one.y, one.value) for one in others], theme.ground, _OTHER),
    ):
        if not places:
            continue
        x, y, losses = np.array(places, dtype=np.float64).T
        z = relief.z_at(x, y)
        there = np.isfinite(z)
        points = box.place(np.column_stack([x, y, z])[there])
        if len(points):
            found.append(Spots(name, bytes_of_color(color), radius, points, losses[there]))
    return found


def in_true_units(model: Model, box: Box) -> Model:
    """Return a model of the box in the data's own units."""
    return replace(
        model,
        surface=tuple(in_units(part, box) for part in model.surface),
        lines=tuple(replace(line, points=box.data(line.points)) for line in model.lines),
        spots=tuple(replace(spots, points=box.data(spots.points)) for spots in model.spots),
    )


def names_of_rules(rules: Sequence[str]) -> list[str]:
    """Return a word for each path, no two alike."""
    found: list[str] = []
    for rule in rules:
        word = rule if rule.isidentifier() and rule.isascii() else "rule"
        numbered = (f"{word}_{k}" for k in range(2, len(rules) + 2))
        found.append(next(name for name in (word, *numbered) if name not in found))
    return found
