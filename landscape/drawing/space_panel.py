"""A panel in three dimensions: the surface with its colours, its box and what stands on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.camera import camera_of
from landscape.drawing.crate import Crate
from landscape.drawing.crate_fit import fit_view
from landscape.drawing.crate_ticks import height_name, height_ticks
from landscape.drawing.notes import taken_off
from landscape.drawing.pen import DPI, fit
from landscape.drawing.space import Space
from landscape.drawing.space_floor import Floor
from landscape.drawing.space_marks import Mark, surface_marks
from landscape.drawing.space_surface import look_of, relief_of, set_box
from landscape.drawing.text import format_within, parameter_name
from landscape.drawing.ticks import Ticks, choose_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.drawing.boxes import Box
    from landscape.prepare import Panel
    from landscape.recipe import Recipe
    from landscape.relief.field import Relief
    from landscape.relief.heights import Heights
    from landscape.space_keys import SpaceKeys
    from landscape.style import Theme
    from landscape.surfaces.surface import CriticalPoint, Surface

    Array = NDArray[Any]

__all__ = ["Parts", "build_space", "new_space"]

# Numbers at an axis of the floor, at most about, and the width of contour lines in slide pixels.
_TICKS, _LINE = 5, 1.1
_LOOSE = 6.0  # pixels
_SIDE = 0.68  # of its place the floor's longer side is at least
_BESIDE = 0.25  # of a box's width, within which a heading begins that a note is aligned with
_NOTE = 19  # a note's letters, as large as the caption's


def build_space(
    figure: Figure,
    box: Box,
    panel: Panel,
    recipe: Recipe,
    theme: Theme,
    unit: float,
    letters: Sequence[tuple[str, CriticalPoint]] = (),
    among: Sequence[Surface] = (),
    edges: Sequence[float] = (),
) -> Space:
    """Return the surface of a picture's panel in three dimensions as an artist of the figure.

    Parameters: `box` in pixels, which nothing of it leaves; `unit` is the size of a slide's pixel;
    `letters` are minima's; `among` are the surfaces of all panels; `edges` as for `new_space`.

    Raises LandscapeError as `make_relief` does.
    """
    surface = panel.surface
    relief = relief_of(surface, recipe, among=among)
    marks: list[Mark] = []
    if recipe.marks:
        point = unit * 72 / DPI
        marks = surface_marks(surface, relief, panel.trajectories, theme, point, letters)
    parts = Parts(relief, surface.labels, marks)
    return new_space(figure, box, parts, recipe, theme, unit, edges)


@dataclass(frozen=True, eq=False)
class Parts:
    """What a surface in three dimensions is made of.

    Attributes: `relief`; `labels` of its two parameters and `name` of its heights; `marks` on it.
    """

    relief: Relief
    labels: tuple[str, str]
    marks: Sequence[Mark] = ()
    name: str = "loss"


def new_space(
    figure: Figure,
    box: Box,
    parts: Parts,
    keys: SpaceKeys,
    theme: Theme,
    unit: float,
    edges: Sequence[float] = (),
) -> Space:
    """Return a surface in three dimensions, with its box, as an artist of the figure.

    Parameters: `box` in pixels, which nothing of it leaves; `keys` say how it is seen; `unit` is
    the size of a slide's pixel; `edges` are where headings begin, in pixels: a note begins beneath
    the first that is near the box's left.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox, TransformedBbox
    from mpl_toolkits.mplot3d import Axes3D

    relief, heights = parts.relief, parts.relief.heights
    box = _whole(box)
    axes = Axes3D(figure)
    figure.add_axes(axes)
    axes.set_axis_off()  # they have the projection, and draw nothing
    axes.patch.set_visible(False)
    set_box(axes, relief, keys.exaggerate)
    across, up = relief.bounds
    ticks = choose_ticks(*across, _TICKS), choose_ticks(*up, _TICKS), height_ticks(heights)
    names = *_parameters(parts.labels, ticks[:2]), height_name(heights, parts.name, ticks[2].base)
    crate = Crate((across, up, (heights.bottom, heights.top)), ticks, names, theme, unit)
    camera = camera_of(keys)
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    views = [(camera.elevation, azimuth) for azimuth in camera.azimuths()]
    # Between two of these a number may stand some pixels farther out.
    room = _inner(box, _LOOSE if camera.moves else 0.0)
    fit_view(axes, crate, room, canvas.get_renderer(), views)  # type: ignore[no-untyped-call]
    _enlarge(axes, keys.zoom)
    width, height = figure.bbox.width, figure.bbox.height
    left, bottom, wide, tall = box
    clip: Any = TransformedBbox(
        Bbox.from_bounds(left / width, bottom / height, wide / width, tall / height),
        figure.transSubfigure,
    )
    point = unit * 72 / DPI
    floor = None
    if keys.floor:
        side = _SIDE * min(box[2:]) * max(1.0, keys.zoom)
        floor = Floor(relief, theme, _LINE * point, side, moves=camera.moves)
    look = look_of(keys, relief, theme, point * _LINE)
    loss = parts.name if ticks[2].base or (heights.kind == "log" and heights.base) else ""
    note = _say_cut(figure, box, heights, loss, theme, point, edges)
    space = Space(axes, relief, look, crate, camera, clip, floor, parts.marks, note)
    figure.add_artist(space)
    return space


def _whole(box: Box) -> Box:
    """Return the whole pixels within a box: what is clipped to others is cut beside its edges."""
    left, bottom = math.ceil(box[0]), math.ceil(box[1])
    return left, bottom, math.floor(box[0] + box[2]) - left, math.floor(box[1] + box[3]) - bottom


def _inner(box: Box, margin: float) -> Box:
    left, bottom, width, height = box
    return left + margin, bottom + margin, width - 2 * margin, height - 2 * margin


def _say_cut(
    figure: Figure,
    box: Box,
    heights: Heights,
    loss: str,
    theme: Theme,
    point: float,
    edges: Sequence[float],
) -> Text | None:
    """Return what says in the upper left corner where the surface is cut off.

    Parameters: `loss` is what the numbers are, where those at the axis are something else, or "".
    """
    from matplotlib.text import Text

    span = heights.high - heights.low
    name = f"{loss} " if loss else ""
    said = []
    if heights.cut:
        said.append(f"cut off above {name}{format_within(heights.high, span)}")
    if heights.sunk:
        said.append(f"below {name}{format_within(heights.low, span)}")
    if not said:
        return None
    left, bottom, wide, tall = box
    near = [edge for edge in edges if left <= edge < left + _BESIDE * wide]
    begin = near[0] if near else left + 4 * point
    text = Text(
        begin / figure.bbox.width,
        (bottom + tall - 4 * point) / figure.bbox.height,
        " and ".join(said) if heights.cut else f"cut off {said[0]}",
        fontsize=_NOTE * point,
        color=theme.faint,
        va="top",
        transform=figure.transFigure,
    )
    # Of a near view the surface reaches behind it.
    text.set_bbox({"facecolor": theme.ground, "alpha": 0.85, "linewidth": 0, "pad": 3 * point})
    text.set_figure(figure)
    return text if fit(text, left + wide - begin, least=0.7) is not None else None


def _enlarge(axes: Axes3D, zoom: float) -> None:
    """Make axes larger about their middle."""
    place = axes.get_position(original=True)
    axes.set_position(place.expanded(zoom, zoom))


def _parameters(labels: tuple[str, str], ticks: Sequence[Ticks]) -> tuple[str, str]:
    """Return the names of the two parameters, with what is taken off the numbers at their axes."""
    names = [f"${parameter_name(one)}$" if one.isidentifier() else one for one in labels]
    across, up = (taken_off(name, one.base) for name, one in zip(names, ticks, strict=True))
    return across, up
