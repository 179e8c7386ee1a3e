"""The plotting functions: a film to save or to show, a figure on your axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from landscape.descent import check_start
from landscape.errors import LandscapeError
from landscape.keyed import FILM_FORMATS, STILL_FORMATS
from landscape.notebook import Animation
from landscape.optimizers.lookup import Optimizer
from landscape.prepare import Prepared, prepare
from landscape.recipe import Recipe
from landscape.surfaces.lookup import surface as find_surface
from landscape.surfaces.surface import Surface

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from landscape.descent import Trajectory

__all__ = ["Animation", "Plotted", "animate", "plot"]

SurfaceLike = str | Surface | Callable[[Any, Any], Any]
OptimizerLike = str | Optimizer
Start = Sequence[float] | Sequence[Sequence[float]] | None


@dataclass(frozen=True)
class Plotted:
    """What `plot` drew.

    Attributes: `ax`, the axes; `contours`, the contour sets; `points`, the marks of minima and
    saddles; `trails`, the artists of each path; `trajectories`, the paths.
    """

    ax: Axes
    contours: list[Any]
    points: list[Artist]
    trails: list[list[Artist]]
    trajectories: tuple[Trajectory, ...]


def animate(
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike] = (),
    *,
    start: Start = None,
    fan: int = 0,
    steps: int | None = None,
    bounds: Any = None,
    lr: str = "",
    schedule: str = "",
    batch: int | None = None,
    noise: float = 0.0,
    seed: int = 0,
    batch_lines: bool = False,
    grid: str = "",
    arrows: str | Sequence[str] = (),
    curves: str | Sequence[str] = (),
    against: str = "steps",
    beside: bool = False,
    levels: str = "auto",
    count: int = 18,
    fill: bool = True,
    marks: bool = True,
    legend: bool = True,
    title: str | None = None,
    caption: str = "",
    theme: str = "light",
    size: str | tuple[int, int] = "slide",
    fps: float | None = None,
    speed: int = 1,
    hold: float = 2.0,
    loop: int = 0,
    view: str = "contour",
    elevation: float | None = None,
    azimuth: float | None = None,
    orbit: float = 0.0,
    sway: float = 0.0,
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
) -> Animation:
    """Return the film of `optimizers` moving over `surface`.

    Parameters: `surface` is a name, a formula, a Python function or a Surface; `optimizers` is one
    or several names, formulas or Rules (none: those of the surface's lesson); `start` (x, y), or
    several of them, and `steps` default to the lesson's; `fan` is a number of starts on a ring
    instead; `bounds` are x0, x1, y0, y1; `lr` "auto" searches the best rates of all rules alike
    ("auto,mu" their mu too); `schedule` is a name or a formula of lr0 and t; `batch`
    the examples of a data surface for each gradient (`batch_lines` draws their own contours);
    `noise` the standard deviation on every gradient; `seed` decides both; `grid` such as
    "mu=0.5,0.9" makes a panel for each value.

    The looks: `arrows` of "gradient", "velocity" and "step"; `curves` of "loss", "gradient" and
    "rate" `against` "steps", "epochs" or "evaluations", beneath the axes or `beside` them; `levels`
    is "auto", "log", "power", "quantile" or "linear", `count` how many; `fill` or lines alone;
    `marks` of minima, saddles and the start; `legend`; `title` None for the formula and "" for
    none; `caption` beneath it; `theme` "light" or "dark"; `size` a name such as "slide", "800x600"
    or a pair; `fps` None for a film of about eight seconds; `speed` in steps a frame; `hold` the
    seconds of the last frame; `loop` how often it plays, 0 for ever.

    In three dimensions, which is a `view` "3d", or "both" for that and the contours side by side:
    `elevation` and `azimuth` in degrees are where it is seen from (None: the lesson's, or 35 and
    -60); during the film the camera goes round by `orbit` degrees, or swings by `sway` to each
    side; `zoom` is the size of the box on the page and `exaggerate` its height for the usual one;
    `heights` are "linear" for losses, "log" for their logarithms, "clip" for losses cut off, or
    "auto", and `clip` the loss at which walls are cut off; `mesh` is a number of lines each way,
    `contours` are lines on the surface and `floor` those beneath it; the parts of a path that the
    surface `hidden` are "faint", "dashed" or "absent"; `drop` draws a line from each head to the
    floor; `light` is (azimuth, elevation) seen by the viewer; `cmap` a Matplotlib colormap.

    Raises LandscapeError for names, formulas or values that mean nothing.
    """
    keys = keys_of_call(locals())
    return Animation(prepared("film", surface, optimizers, start, bounds, keys))


def plot(
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike] = (),
    *,
    ax: Axes | None = None,
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
    fill: bool = True,
    marks: bool = True,
    legend: bool = True,
    theme: str = "light",
) -> Plotted:
    """Draw a surface and the full paths of `optimizers` on Matplotlib axes.

    Parameters: `ax` defaults to the current axes; the others are those of `animate`; `marks` draws
    minima, saddles and the start.

    Returns a Plotted with every artist. Raises LandscapeError as `animate` does.
    """
    keys = keys_of_call(locals())  # before there are other names
    from landscape.drawing.contour import contour, current_axes, points
    from landscape.drawing.groups import group_paths
    from landscape.drawing.trail import legend_handle, start_mark, trail
    from landscape.style import find_theme

    ready = prepared("still", surface, optimizers, start, bounds, keys)
    axes = ax if ax is not None else current_axes()
    colors = find_theme(theme)
    contours = contour(ready.surface, axes, levels=levels, fill=fill, theme=theme)
    known = points(ready.surface, axes, theme=theme, size=17.0) if marks else []
    if marks:
        for first in dict.fromkeys(tuple(path.points[0]) for path in ready.trajectories):
            known += start_mark(first, axes, colors, size=14.0)
    (panel,) = ready.panels
    looks = group_paths(panel.surface, panel.trajectories, colors, 0.75, panel.ends)
    trails = [
        trail(path, axes, style=style)
        for path, style in zip(ready.trajectories, looks.styles, strict=True)
    ]
    _set_title(axes, ready.surface)
    if legend and trails:
        axes.legend(
            handles=[
                legend_handle(
                    entry.style, f"{entry.label} ({entry.detail})" if entry.detail else entry.label
                )
                for entry in looks.entries
            ]
        )
    return Plotted(axes, list(contours), known, trails, ready.trajectories)


def _set_title(axes: Axes, surface: Surface) -> None:
    """Set the formula as the title, or the name if the axes are too narrow for it."""
    from landscape.drawing.text import formula_of, title_of

    title = axes.set_title(f"${formula_of(surface)}$" if surface.latex else "")
    share = axes.get_window_extent().width / max(1.0, title.get_window_extent().width)
    if not surface.latex or share < 0.7:
        title.set_text("" if surface.name == "formula" else title_of(surface.name))
    elif share < 1:
        title.set_fontsize(share * float(title.get_fontsize()))


def keys_of_call(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that are keys of a recipe as they are; the others may be objects."""
    objects = ("surface", "optimizers", "start", "bounds", "ax")
    return {name: value for name, value in arguments.items() if name not in objects}


def prepared(
    kind: Literal["film", "still"],
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike],
    start: Start,
    bounds: Any,
    values: dict[str, Any],
) -> Prepared:
    where = find_surface(surface, bounds=bounds)
    given = [optimizers] if isinstance(optimizers, str | Optimizer) else optimizers
    if not isinstance(given, Sequence) or not all(
        isinstance(one, str | Optimizer) for one in given
    ):
        raise LandscapeError(f"optimizers are names, formulas or Rules: {optimizers!r} came")
    first, *others = _points(start) or [None]
    recipe = Recipe(
        kind=kind,
        format=(FILM_FORMATS if kind == "film" else STILL_FORMATS)[0],
        start=None if first is None else check_start(first, where),
        starts=tuple(check_start(point, where) for point in others),
        bounds=None if bounds is None else (*where.bounds[0], *where.bounds[1]),
        **values,
    )
    return prepare(recipe, surface=where, rules=given or None)


def _points(start: Any) -> list[Any]:
    """Return the starts as a list: none, one point, or several."""
    if start is None:
        return []
    try:
        several = not isinstance(start, str) and all(len(point) == 2 for point in start)
    except TypeError:
        several = False
    return list(start) if several else [start]
