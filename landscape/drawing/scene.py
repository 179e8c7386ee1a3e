"""One picture: axes with contours, heading, legend and key; the trails come on top."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landscape.descent import Trajectory
from landscape.drawing.batch import BatchLines, batch_lines
from landscape.drawing.contour import contour, points
from landscape.drawing.curves import draw_strip
from landscape.drawing.groups import Grouped, group_paths
from landscape.drawing.heading import condition_of, conditions, draw_heading, heading_of
from landscape.drawing.key import KeyMark, draw_key, key_marks, key_rows
from landscape.drawing.layout import Layout, PanelPlan, has_room, layout, no_room
from landscape.drawing.legend import MovingText, draw_flat, draw_legend
from landscape.drawing.notes import draw_letters, draw_note, name_axes
from landscape.drawing.pen import DPI, Pen, write_name
from landscape.drawing.shapes import Shape, arrow_tracks, simplex_tracks
from landscape.drawing.track import Track, draw_track, path_track
from landscape.drawing.trail import start_mark, trail
from landscape.errors import LandscapeError
from landscape.style import Theme, find_theme, parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from landscape.prepare import Panel, Prepared
    from landscape.surfaces.surface import Surface

__all__ = ["Scene", "ScenePanel", "build_scene", "picture_style"]


@contextmanager
def picture_style() -> Iterator[None]:
    """Draw under Matplotlib's defaults and ours, whatever the user's settings are."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "mathtext.fontset": "stix",
                "svg.hashsalt": "landscape",
                "svg.fonttype": "path",
                "pdf.fonttype": 42,
                "path.simplify": False,
                "axes.unicode_minus": True,
            }
        )
        yield


@dataclass
class ScenePanel:
    """One surface of a picture: its axes, its trajectories and their looks."""

    axes: Axes
    trajectories: tuple[Trajectory, ...]
    looks: Grouped


@dataclass
class Scene:
    """A drawn picture without its trails, and what moves in it.

    Attributes: `figure`; `plan`, its layout; `theme`; `panels`; `tracks`, the lines that grow,
    those over surfaces first; `shapes` at their heads; `batches`, whose contours change with
    every step; `texts` that change, each with a function of the step.
    """

    figure: Figure
    plan: Layout
    theme: Theme
    panels: list[ScenePanel] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    batches: list[BatchLines] = field(default_factory=list)
    texts: list[MovingText] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """The last step that any path has."""
        paths = [path for panel in self.panels for path in panel.trajectories]
        return max((len(path) - 1 for path in paths), default=0)

    def draw_trails(self, step: int) -> None:
        """Draw everything that moves as it is at `step`, as artists of the figure, for a still."""
        for panel in self.panels:
            for path, style in zip(panel.trajectories, panel.looks.styles, strict=True):
                trail(path, panel.axes, step=step, style=style)
        surfaces = [panel.axes for panel in self.panels]
        for track in self.tracks:
            if track.axes not in surfaces:
                draw_track(track, step)
        for batch in self.batches:
            _draw_batch(self.figure, batch, step)
        for shape in self.shapes:
            _draw_shape(self.figure, shape, step)
        for text, said in self.texts:
            text.set_text(said(step))
            text.set_animated(False)


def build_scene(prepared: Prepared) -> Scene:
    """Draw everything of a picture that does not move, within `picture_style`.

    Raises LandscapeError for an unknown size, theme or kind of levels.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    recipe = prepared.recipe
    theme = find_theme(recipe.theme)
    width, height = parse_size(recipe.size)
    width, height = round(width * recipe.scale), round(height * recipe.scale)
    heading = heading_of(prepared)
    caption = " ".join(recipe.caption.split()) or conditions(prepared)
    rows = key_rows(_marks(prepared))
    panels = prepared.panels
    curves = recipe.curves if prepared.trajectories else ()
    plan = layout(
        (width, height),
        max(_entries(panel) for panel in panels) if recipe.legend else 0,
        title=bool(heading),
        caption=bool(caption),
        marks=len(rows),
        keyed=recipe.legend,
        panels=len(panels),
        strips=len(curves),
        strips_beside=recipe.beside,
        letters=max(_letters_at(panel.surface) for panel in panels),
    )
    if not has_room(plan, 20.0):
        raise no_room((width, height), max(_entries(panel) for panel in panels))
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=theme.ground)
    FigureCanvasAgg(figure)
    scene = Scene(figure, plan, theme)
    strips: list[Track] = []
    levels = None
    for panel, place in zip(panels, plan.panels, strict=True):
        levels, more = _draw_panel(scene, prepared, panel, place)
        strips += more
    scene.tracks += strips
    if plan.title is not None:
        draw_heading(figure, heading, caption, plan, theme)
    if plan.legend is not None:
        (drawn,) = scene.panels
        status = "loss" if drawn.looks.losses else ""
        scene.texts += draw_legend(figure, plan, theme, drawn.looks.entries, status)
    if len(panels) > 1:
        scene.texts.append(_draw_counter(figure, plan, theme))
    if plan.key is not None:
        same = len({panel.surface.spec for panel in panels}) == 1
        draw_key(figure, plan, theme, levels if recipe.fill and same else None, rows)
    return scene


def _letters_at(surface: Surface) -> int:
    """Return the length of the longest number that the y axis will show."""
    from matplotlib.ticker import MaxNLocator

    y0, y1 = surface.bounds[1]
    ticks = MaxNLocator(7).tick_values(y0, y1)
    return max((len(f"{tick:g}") for tick in ticks if y0 <= tick <= y1), default=4)


def _entries(panel: Panel) -> int:
    """Return how many lines the legend of a panel has."""
    if not panel.trajectories:
        return 0
    theme = find_theme("light")
    return len(group_paths(panel.surface, panel.trajectories, theme, 1.0).entries)


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
        arrows = [*arrows, *(["batch"] if prepared.recipe.batch_lines else [])] if paths else []
        marks = key_marks(panel.surface, panel.trajectories, started=started, arrows=arrows)
        found |= dict.fromkeys(marks)
    return list(found)


def _draw_panel(
    scene: Scene, prepared: Prepared, panel: Panel, place: PanelPlan
) -> tuple[Any, list[Track]]:
    """Draw a surface, its marks and its curves' axes; return its levels and the curves' tracks."""
    plan, theme, surface, recipe = scene.plan, scene.theme, panel.surface, prepared.recipe
    axes = scene.figure.add_axes(_relative(place.axes, plan.size))
    unit = plan.unit * 72 / DPI  # points for one pixel of the slide
    made = contour(
        surface,
        axes,
        levels=recipe.levels,
        count=recipe.count,
        fill=recipe.fill,
        theme=theme,
        # Lines alone cost less, and show more of a thin valley.
        resolution=400 if recipe.fill else 700,
        line_width=(0.7 if recipe.fill else 1.1) * unit,
    )
    _style_axes(axes, surface.labels, theme, unit, 7 if len(plan.panels) == 1 else 5)
    if recipe.marks:
        # Stars shrink faster than text: in small pictures they would hide trails.
        points(surface, axes, theme=theme, size=42 * unit * min(1.0, plan.unit + 0.1))
        starts = dict.fromkeys(tuple(path.points[0]) for path in panel.trajectories)
        for start in starts:
            start_mark(start, axes, theme, size=(24 if len(starts) < 5 else 16) * unit)
    looks = group_paths(surface, panel.trajectories, theme, 1.25 * unit)
    scene.panels.append(ScenePanel(axes, panel.trajectories, looks))
    pairs = zip(panel.trajectories, looks.styles, strict=True)
    scene.tracks += [path_track(path, axes, style) for path, style in pairs]
    draw_letters(axes, looks, theme, unit)
    if recipe.batch_lines:
        lines = batch_lines(
            surface,
            panel.trajectories,
            recipe.batch,
            recipe.seed,
            axes,
            list(made[0].levels),
            (theme.trails[3], 1.1 * unit),
        )
        if lines is None:
            raise LandscapeError("contours of the batch need a data surface and --batch")
        scene.batches.append(lines)
    arrows, longer = arrow_tracks(recipe.arrows, panel.trajectories, axes, looks, theme, plan.unit)
    scene.shapes += [*simplex_tracks(panel.trajectories, axes, looks, unit), *arrows]
    if arrows and longer > 1:
        draw_note(axes, f"arrows \N{MULTIPLICATION SIGN}{longer:g}", theme, unit)
    pen = Pen(scene.figure, plan)
    if place.title is not None:
        condition = condition_of(surface)
        title = f"{panel.title}, {condition.replace(' number', '')}".removesuffix(", ")
        write_name(pen, place.title, title, 22, theme.ink, place.axes[2])
    if place.legend is not None and recipe.legend:
        left, bottom, width, _ = place.legend
        scene.texts += draw_flat(scene.figure, plan, theme, (left, bottom, width), looks.entries)
    strips: list[Track] = []
    for kind, box in zip(recipe.curves, place.strips, strict=False):
        strips += draw_strip(
            scene.figure.add_axes(_relative(box, plan.size)),
            kind,
            panel.trajectories,
            looks.styles,
            theme,
            unit,
            against=recipe.against,
            among=prepared.trajectories,
            last=box is place.strips[-1],
        )
    return made[0].levels, strips


def _draw_batch(figure: Figure, batch: BatchLines, step: int) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.transforms import IdentityTransform

    for line in batch.lines(step):
        drawn = Line2D(
            *line.T,
            color=batch.color,
            linewidth=batch.width,
            transform=IdentityTransform(),
            zorder=4.5,
        )
        drawn.set_clip_box(batch.axes.bbox)
        figure.add_artist(drawn)


def _draw_shape(figure: Figure, shape: Shape, step: int) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.transforms import IdentityTransform

    outline = shape.outline(step)
    if outline is None:
        return
    patch = PathPatch(
        outline,
        facecolor="none" if shape.line else shape.color,
        edgecolor=shape.color if shape.line else "none",
        linewidth=shape.line,
        transform=IdentityTransform(),
        zorder=6,
    )
    patch.set_clip_box(shape.axes.bbox)
    figure.add_artist(patch)


def _draw_counter(figure: Figure, plan: Layout, theme: Theme) -> MovingText:
    """Draw the step at the right end of the heading's line, for panels without a common legend."""
    width, height = plan.size
    middle = plan.title[1] if plan.title is not None else height - 14 * plan.unit
    text = Pen(figure, plan).text(
        width - 20 * plan.unit,
        middle,
        "",
        24,
        theme.ink,
        fontweight="bold",
        ha="right",
        animated=True,
    )
    return text, lambda step: f"step {step}"


def _relative(box: tuple[float, ...], size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, bottom, width, height = box
    return left / size[0], bottom / size[1], width / size[0], height / size[1]


def _style_axes(axes: Axes, labels: tuple[str, str], theme: Theme, unit: float, ticks: int) -> None:
    axes.set_facecolor(theme.ground)
    for spine in axes.spines.values():
        spine.set_color(theme.faint)
        spine.set_linewidth(1.2 * unit)
    axes.tick_params(
        colors=theme.ink, labelsize=17 * unit, width=1.2 * unit, length=6 * unit, pad=4 * unit
    )
    axes.locator_params(nbins=ticks)
    if labels != ("x", "y"):
        name_axes(axes, labels, theme, unit)
    axes.set_axisbelow(False)
