"""One picture: axes with contours, heading, legend and key; the trails come on top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landscape.descent import Trajectory
from landscape.drawing.batch import BatchLines, batch_lines
from landscape.drawing.boxes import Box, Layout, PanelPlan
from landscape.drawing.contour import contour, points
from landscape.drawing.curves import draw_strip
from landscape.drawing.frame import frame_axes
from landscape.drawing.groups import Grouped, group_paths
from landscape.drawing.heading import condition_of, conditions, draw_heading, heading_of
from landscape.drawing.key import draw_key, is_flat, without_left
from landscape.drawing.legend import MovingText, draw_flat, draw_legend
from landscape.drawing.notes import draw_note, place_letters
from landscape.drawing.pen import DPI, Pen, write_name
from landscape.drawing.planning import plan_picture
from landscape.drawing.shapes import Shape, arrow_tracks, simplex_tracks
from landscape.drawing.track import Track, path_track
from landscape.drawing.trail import start_mark
from landscape.errors import LandscapeError
from landscape.style import Theme, find_theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from landscape.drawing.space import Space
    from landscape.drawing.space_letter import SpaceLetter
    from landscape.drawing.space_track import SpaceTrack
    from landscape.prepare import Panel, Prepared
    from landscape.recipe import Recipe

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
    """One surface of a picture: its trajectories, their looks, and the axes of its contours."""

    contours: Axes | None
    trajectories: tuple[Trajectory, ...]
    looks: Grouped

    @property
    def axes(self) -> Axes:
        """The axes of the contours of a panel that has them."""
        assert self.contours is not None
        return self.contours


@dataclass
class Scene:
    """A drawn picture without its trails, and what moves in it.

    Attributes: `figure`; `plan`, its layout; `theme`; `panels`; `tracks`, the lines that grow,
    those over surfaces first; `shapes` at their heads; `batches`, whose contours change with
    every step; `letters` of minima, which stand over the trails; `texts` that change, each with a
    function of the step; `spaces`, the surfaces in three dimensions.
    """

    figure: Figure
    plan: Layout
    theme: Theme
    panels: list[ScenePanel] = field(default_factory=list)
    tracks: list[Track | SpaceTrack] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    batches: list[BatchLines] = field(default_factory=list)
    letters: list[Text | SpaceLetter] = field(default_factory=list)
    texts: list[MovingText] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """The last step that any path has."""
        paths = [path for panel in self.panels for path in panel.trajectories]
        return max((len(path) - 1 for path in paths), default=0)


def build_scene(prepared: Prepared) -> Scene:
    """Draw everything of a picture that does not move, within `picture_style`.

    Raises LandscapeError for an unknown size, theme or kind of levels.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    recipe = prepared.recipe
    theme = find_theme(recipe.theme)
    if recipe.view != "contour":  # the contours beside a surface have its colours
        from landscape.drawing.space_surface import relief_theme

        theme = relief_theme(theme, recipe.cmap)
    heading = heading_of(prepared)
    caption = " ".join(recipe.caption.split()) or conditions(prepared)
    prepared, plan, rows = plan_picture(prepared, title=bool(heading), caption=bool(caption))
    (width, height), panels = plan.size, prepared.panels
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
        # A surface of one loss alone has none of the colours that it could have.
        told = recipe.fill and same and not is_flat(panels[0].surface, levels)
        left = any(path.exits for path in prepared.trajectories)
        if recipe.view == "3d" and left and not _any_leaves(scene, recipe):
            rows = without_left(rows)
        draw_key(figure, plan, theme, levels if told else None, rows)
    return scene


def _draw_panel(
    scene: Scene, prepared: Prepared, panel: Panel, place: PanelPlan
) -> tuple[Any, list[Track]]:
    """Draw a surface, its marks and its curves' axes; return its levels and the curves' tracks."""
    plan, theme, surface, recipe = scene.plan, scene.theme, panel.surface, prepared.recipe
    unit = plan.unit * 72 / DPI  # points for one pixel of the slide
    looks = group_paths(surface, panel.trajectories, theme, 1.25 * unit, panel.ends)
    axes = levels = None
    if place.space is None:
        axes, levels = _draw_contours(scene, recipe, panel, place, looks, recipe.levels)
    else:
        edges = [at[0] for at in (place.title, plan.title) if at is not None]
        levels, lifted = _draw_space(scene, prepared, panel, place.space, looks, edges)
        if recipe.view == "both":
            axes, _ = _draw_contours(scene, recipe, panel, place, looks, levels)
            if scene.spaces[-1].relief.heights.cut:  # what is cut off has the cut's colour
                axes.set_facecolor(theme.cut)
        scene.tracks += lifted
    scene.panels.append(ScenePanel(axes, panel.trajectories, looks))
    pen = Pen(scene.figure, plan)
    if place.title is not None:
        condition = condition_of(surface)
        title = f"{panel.title}, {condition.replace(' number', '')}".removesuffix(", ")
        write_name(pen, place.title, title, 22, theme.ink, (place.legend or place.axes)[2])
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
    return levels, strips


def _draw_contours(
    scene: Scene,
    recipe: Recipe,
    panel: Panel,
    place: PanelPlan,
    looks: Grouped,
    levels: str | Sequence[float],
) -> tuple[Axes, Any]:
    """Draw a surface from above with what moves over it; return its axes and its levels."""
    plan, theme, surface = scene.plan, scene.theme, panel.surface
    axes = scene.figure.add_axes(_relative(place.axes, plan.size))
    unit = plan.unit * 72 / DPI
    made = contour(
        surface,
        axes,
        levels=levels,
        count=recipe.count,
        fill=recipe.fill,
        theme=theme,
        # Lines alone cost less, and show more of a thin valley.
        resolution=400 if recipe.fill else 700,
        line_width=(0.7 if recipe.fill else 1.1) * unit,
    )
    frame_axes(axes, surface.labels, theme, plan.unit, alone=len(plan.panels) == 1)
    if recipe.marks:
        # Stars shrink faster than text: in small pictures they would hide trails.
        points(surface, axes, theme=theme, size=42 * unit * min(1.0, plan.unit + 0.1))
        starts = dict.fromkeys(tuple(path.points[0]) for path in panel.trajectories)
        for start in starts:
            start_mark(start, axes, theme, size=(24 if len(starts) < 5 else 16) * unit)
    pairs = zip(panel.trajectories, looks.styles, strict=True)
    scene.tracks += [path_track(path, axes, style) for path, style in pairs]
    scene.letters += place_letters(axes, looks, panel.trajectories, theme, unit)
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
    said = [f"arrows \N{MULTIPLICATION SIGN}{longer:g}"] if longer > 1 else []
    if "gradient" in recipe.arrows and not plan.equal:
        said.append("axes of two scales")  # so that they are not upright on the level lines
    if arrows and said:
        draw_note(axes, ", ".join(said), theme, unit)
    return axes, made[0].levels


def _draw_space(
    scene: Scene,
    prepared: Prepared,
    panel: Panel,
    box: Box,
    looks: Grouped,
    edges: Sequence[float],
) -> tuple[Sequence[float], list[SpaceTrack]]:
    """Draw a surface in three dimensions; return its levels and the paths on it.

    Parameters: `edges` are where headings begin, in pixels.
    """
    # Only some pictures need it, and it brings the rasteriser along.
    from landscape.drawing.space_letter import letters_of
    from landscape.drawing.space_panel import build_space
    from landscape.drawing.space_track import space_track

    recipe = prepared.recipe
    space = build_space(
        scene.figure,
        box,
        panel,
        recipe,
        scene.theme,
        scene.plan.unit,
        letters=looks.letters,
        among=[one.surface for one in prepared.panels],
        edges=edges,
    )
    scene.spaces.append(space)
    scene.letters += letters_of(space, space.marks, scene.theme.ground)
    tracks = [
        space_track(path, space, style, recipe.hidden, recipe.drop)
        for path, style in zip(panel.trajectories, looks.styles, strict=True)
    ]
    return [float(level) for level in space.relief.levels], tracks


def _any_leaves(scene: Scene, recipe: Recipe) -> bool:
    """Return whether a path leaves the page in three dimensions, where none ends at the domain."""
    from landscape.drawing.space_track import SpaceTrack, leaves_page

    last = scene.steps
    before = range(0, last, recipe.speed) if recipe.kind == "film" else ()
    lifted = [track for track in scene.tracks if isinstance(track, SpaceTrack)]
    return any(leaves_page(track, [*before, last]) for track in lifted)


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
