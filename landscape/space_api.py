"""The plotting function for three dimensions: a surface with paths on your own mplot3d axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.api import OptimizerLike, Start, SurfaceLike, keys_of_call, prepared
from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D

    from landscape.descent import Trajectory
    from landscape.drawing.space_artists import MarksArtist, TrailArtist
    from landscape.drawing.ticks import Ticks
    from landscape.relief.artist import SurfaceArtist
    from landscape.relief.heights import Heights

__all__ = ["Plotted3D", "plot3d"]

_TICKS = 5
_APART = 1.1  # of their letters' size, which numbers are apart
_SIDE = 3000.0  # pixels of the floor's side for which its lines are made, whatever the page's are


@dataclass(frozen=True)
class Plotted3D:
    """What `plot3d` drew.

    Attributes: `ax`, the axes; `surface`, the surface's artist; `marks`, that of minima, saddles
    and starts, None without them; `trails`, one artist for each path, whose `set_step` shows it up
    to a step; `trajectories`, the paths.
    """

    ax: Axes3D
    surface: SurfaceArtist
    marks: MarksArtist | None
    trails: list[TrailArtist]
    trajectories: tuple[Trajectory, ...]


def plot3d(
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike] = (),
    *,
    ax: Axes3D | None = None,
    start: Start = None,
    fan: int = 0,
    steps: int | None = None,
    bounds: Any = None,
    lr: str = "",
    schedule: str = "",
    batch: int | None = None,
    noise: float = 0.0,
    seed: int = 0,
    levels: str = "auto",
    count: int = 18,
    elevation: float | None = None,
    azimuth: float | None = None,
    zoom: float = 1.0,
    exaggerate: float = 1.0,
    heights: str = "auto",
    clip: float | None = None,
    mesh: int = 0,
    contours: bool = True,
    floor: bool = True,
    hidden: str = "faint",
    drop: bool = False,
    light: tuple[float, float] = (-45.0, 50.0),
    cmap: str = "",
    marks: bool = True,
    legend: bool = True,
    theme: str = "light",
) -> Plotted3D:
    """Draw a surface in three dimensions, and the full paths of `optimizers` on it.

    The axes stay Matplotlib's own: they can be turned with the mouse, and what is drawn is drawn
    anew for every view, size and resolution; in SVG and PDF the surface is a picture and the rest
    are lines.

    Parameters: `ax` are mplot3d axes, by default the current ones or new ones; the first arguments
    are those of `animate`; `elevation` and `azimuth` in degrees (None: from where most of the paths
    is seen); `zoom` the size of the box, 1 for one whose numbers and names have room; `exaggerate`
    its height; `heights` "auto", "linear", "log" or "clip"; `clip` the loss at which walls are cut
    off flat; `mesh` lines each way; `contours` on the surface; `floor` contours beneath it;
    `hidden` parts of paths "faint", "dashed" or "absent"; `drop` a line from each head to the
    floor; `light` (azimuth, elevation) seen by the viewer; `cmap` a Matplotlib colormap, "" for the
    theme's.

    Returns a Plotted3D with every artist. Raises LandscapeError as `animate` does, for axes that
    are not mplot3d's, and for axes that have a surface: two would not hide each other.
    """
    keys = keys_of_call(locals())
    from landscape.drawing.axes_fit import fit_texts
    from landscape.drawing.groups import group_paths
    from landscape.drawing.space_artists import (
        FloorArtist,
        MarksArtist,
        TextsArtist,
        TrailArtist,
    )
    from landscape.drawing.space_floor import Floor
    from landscape.drawing.space_marks import surface_marks
    from landscape.drawing.space_sight import with_viewpoint
    from landscape.drawing.space_surface import (
        box_sides,
        look_of,
        relief_of,
        relief_theme,
        set_box,
    )
    from landscape.drawing.space_track import space_track
    from landscape.drawing.trail import legend_handle
    from landscape.relief.artist import SurfaceArtist
    from landscape.style import find_theme

    ready = prepared("still", surface, optimizers, start, bounds, {**keys, "view": "3d"})
    recipe = ready.recipe
    (panel,) = ready.panels
    axes = _axes() if ax is None else ax
    if not hasattr(axes, "get_proj"):
        raise LandscapeError(
            f"plot3d draws on mplot3d axes, made by add_subplot(projection='3d'): {axes!r} came"
        )
    if any(isinstance(one, SurfaceArtist) for one in axes.get_children()):
        raise LandscapeError(
            "these axes have a surface, and two would not hide each other: draw all paths in one "
            "call of plot3d, or on axes of their own (plt.figure() first, or ax=…)"
        )
    colors = relief_theme(find_theme(theme), recipe.cmap)
    relief = relief_of(panel.surface, recipe)
    set_box(axes, relief, recipe.exaggerate)
    axes.set_xlabel(panel.surface.labels[0])
    axes.set_ylabel(panel.surface.labels[1])
    seen = with_viewpoint(recipe, ready.panels)
    axes.view_init(seen.elevation, seen.azimuth)
    upright = _name_heights(axes, relief.heights)
    fit_texts(axes, box_sides(relief.bounds, recipe.exaggerate), recipe.zoom)
    _part_numbers(axes, upright)
    drawn = SurfaceArtist(axes, relief, look_of(recipe, relief, colors, 0.75))
    axes.add_artist(drawn)
    if floor:
        axes.add_artist(FloorArtist(drawn, Floor(relief, colors, 0.75, _SIDE)))
    known = None
    if marks:
        found = surface_marks(panel.surface, relief, panel.trajectories, colors, 0.5)
        known = MarksArtist(drawn, found)
        axes.add_artist(known)
    looks = group_paths(panel.surface, panel.trajectories, colors, 0.75, panel.ends)
    trails = []
    for path, style in zip(panel.trajectories, looks.styles, strict=True):
        track = space_track(path, drawn, style, recipe.hidden, recipe.drop)
        trails.append(TrailArtist(track, len(path) - 1))
        axes.add_artist(trails[-1])
    axes.add_artist(TextsArtist(axes, [*trails, *([known] if known else [])]))
    if legend and trails:
        axes.legend(
            handles=[
                legend_handle(
                    entry.style, f"{entry.label} ({entry.detail})" if entry.detail else entry.label
                )
                for entry in looks.entries
            ],
            loc="upper left",
        )
    return Plotted3D(axes, drawn, known, trails, ready.trajectories)


def _axes() -> Axes3D:
    """Return the current axes if they are mplot3d's, else new ones in a figure without others."""
    import matplotlib.pyplot as plt

    figure = plt.gcf()
    if not figure.axes:
        return figure.add_subplot(projection="3d")
    found: Any = figure.gca()
    return found if hasattr(found, "get_proj") else plt.figure().add_subplot(projection="3d")


def _name_heights(axes: Axes3D, heights: Heights) -> Ticks | None:
    """Name the vertical axis; return its ticks at logarithmic heights, whose numbers are losses."""
    from landscape.drawing.crate_ticks import height_name, height_ticks

    # The numbers at linear heights are Matplotlib's, which says itself what it takes off them.
    ticks = height_ticks(heights, _TICKS) if heights.kind == "log" else None
    axes.set_zlabel(height_name(heights, base=ticks.base if ticks else ""), labelpad=8.0)
    if ticks is not None:
        axes.set_zticks(ticks.places, ticks.labels)
    return ticks


def _part_numbers(axes: Axes3D, ticks: Ticks | None) -> None:
    """Leave out numbers of logarithmic heights that would lie on higher ones."""
    from landscape.relief.view import view_of

    figure = axes.get_figure(root=True)
    if ticks is None or figure is None:
        return
    size = float(axes.zaxis.get_ticklabels()[0].get_fontsize())
    corner = axes.get_xlim()[0], axes.get_ylim()[0]
    across, up, _ = view_of(axes).project([(*corner, height) for height in ticks.places]).T
    kept: list[int] = []
    for k in reversed(range(len(ticks.places))):
        last = kept[-1] if kept else k
        apart = math.hypot(across[k] - across[last], up[k] - up[last])
        if not kept or apart >= _APART * size * figure.dpi / 72:
            kept.append(k)
    axes.set_zticks([ticks.places[k] for k in kept], [ticks.labels[k] for k in kept])
