"""One picture: axes with contours, heading, legend and key; the trails come on top."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.descent import Trajectory
from landscape.drawing.contour import contour, points
from landscape.drawing.key import draw_key, key_marks, key_rows
from landscape.drawing.layout import Layout, layout
from landscape.drawing.legend import Entry, draw_legend
from landscape.drawing.pen import DPI, fit
from landscape.drawing.status import status_text
from landscape.drawing.text import title_of
from landscape.drawing.trail import TrailStyle, start_mark, trail, trail_styles
from landscape.style import Theme, find_theme, parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from landscape.prepare import Prepared
    from landscape.recipe import Recipe

__all__ = ["Scene", "build_scene", "picture_style"]


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
class Scene:
    """A drawn picture without its trails, and where what moves belongs.

    Attributes: `figure`, `axes`, `plan` (its layout), `theme`, `trajectories`, `styles` (one for
    each), `entries` (the legend's lines), `counter` (the text of the step, None without legend).
    """

    figure: Figure
    axes: Axes
    plan: Layout
    theme: Theme
    trajectories: tuple[Trajectory, ...]
    styles: list[TrailStyle]
    entries: list[Entry] = field(default_factory=list)
    counter: Text | None = None

    def moving_texts(self, step: int) -> list[tuple[Text, str]]:
        """Return the texts that change and what they say at `step`."""
        found: list[tuple[Text, str]] = []
        if self.counter is not None:
            found.append((self.counter, f"step {step}"))
        # Without a legend there are no entries.
        for entry, trajectory in zip(self.entries, self.trajectories, strict=False):
            found.append((entry.status, status_text(trajectory, step)))
        return found

    def draw_trails(self, step: int) -> None:
        """Draw every path up to `step` as artists of the figure, for a still."""
        for trajectory, style in zip(self.trajectories, self.styles, strict=True):
            trail(trajectory, self.axes, step=step, style=style)
        for text, said in self.moving_texts(step):
            text.set_text(said)
            text.set_animated(False)


def build_scene(prepared: Prepared) -> Scene:
    """Draw everything of a picture that does not move, within `picture_style`.

    Raises LandscapeError for an unknown size, theme or kind of levels.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    recipe, surface = prepared.recipe, prepared.surface
    theme = find_theme(recipe.theme)
    width, height = parse_size(recipe.size)
    width, height = round(width * recipe.scale), round(height * recipe.scale)
    shown = prepared.trajectories if recipe.legend else ()
    heading = _heading(prepared)
    caption = " ".join(recipe.caption.split()) or _conditions(recipe)
    started = bool(prepared.trajectories) and recipe.start is not None
    marks = key_marks(surface, prepared.trajectories, started=started) if recipe.marks else []
    rows = key_rows(marks)
    plan = layout(
        (width, height),
        len(shown),
        title=bool(heading),
        caption=bool(caption),
        marks=len(rows),
        keyed=recipe.legend,
    )
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=theme.ground)
    FigureCanvasAgg(figure)
    axes = figure.add_axes(_relative(plan.axes, plan.size))
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
    _style_axes(axes, theme, unit)
    if recipe.marks:
        # Stars shrink faster than text: in small pictures they would hide trails.
        points(surface, axes, theme=theme, size=42 * unit * min(1.0, plan.unit + 0.1))
        if started and recipe.start is not None:
            start_mark(recipe.start, axes, theme, size=24 * unit)
    rules = [path.rule.name for path in prepared.trajectories]
    styles = trail_styles(rules, theme, 1.25 * unit)
    scene = Scene(figure, axes, plan, theme, prepared.trajectories, styles)
    if plan.title is not None:
        _draw_heading(figure, heading, caption, plan, theme)
    if plan.legend is not None:
        scene.counter, scene.entries = draw_legend(figure, plan, theme, prepared, styles)
    if plan.key is not None:
        draw_key(figure, plan, theme, made[0].levels if recipe.fill else None, rows)
    return scene


def _relative(box: tuple[float, ...], size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, bottom, width, height = box
    return left / size[0], bottom / size[1], width / size[0], height / size[1]


def _style_axes(axes: Axes, theme: Theme, unit: float) -> None:
    axes.set_facecolor(theme.ground)
    for spine in axes.spines.values():
        spine.set_color(theme.faint)
        spine.set_linewidth(1.2 * unit)
    axes.tick_params(
        colors=theme.ink, labelsize=17 * unit, width=1.2 * unit, length=6 * unit, pad=4 * unit
    )
    axes.locator_params(nbins=7)
    axes.set_axisbelow(False)


def _heading(prepared: Prepared) -> list[tuple[str, str]]:
    """Return the parts of the heading as (text, weight); empty for none."""
    recipe, surface = prepared.recipe, prepared.surface
    if recipe.title is not None:
        said = " ".join(recipe.title.split())
        return [(said, "bold")] if said else []
    parts = []
    if surface.name != "formula":
        parts.append((title_of(surface.name), "bold"))
    if surface.latex:
        parts.append((f"$f(x, y) = {surface.latex}$", "normal"))
    return parts or [(title_of(surface.name), "bold")]


def _is_math(text: str) -> bool:
    """Return whether a heading has formulas between dollar signs that Matplotlib can set."""
    if text.count("$") < 2:
        return False
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        return False
    return True


def _conditions(recipe: Recipe) -> str:
    """Return what a picture without a caption must say: a schedule and noise change the paths."""
    parts = []
    if recipe.schedule:
        parts.append(f"learning rate {recipe.schedule}, lr0 in the legend")
    if recipe.noise:
        parts.append(f"noise of deviation {recipe.noise:g} on every gradient, seed {recipe.seed}")
    return "; ".join(parts)


def _draw_heading(
    figure: Figure, parts: list[tuple[str, str]], caption: str, plan: Layout, theme: Theme
) -> None:
    assert plan.title is not None
    width, height = plan.size
    left, middle = plan.title
    unit = plan.unit * 72 / DPI
    room = width - left - 20 * plan.unit
    at = left
    for text, weight in parts:
        if at > left and room - (at - left) < 60 * plan.unit:
            break
        formula = text.startswith("$f(x, y)")
        artist = figure.text(
            at / width,
            middle / height,
            text,
            fontsize=(27 if formula else 26) * unit,
            fontweight=weight,
            color=theme.ink,
            va="center_baseline" if not formula else "center",
            parse_math=formula or _is_math(text),
        )
        # A formula too long for the line at 55 % of its size is left out: the name stands alone.
        extent = fit(artist, left + room - at, least=0.55 if at > left else 0.4)
        if extent is None:
            if at > left:
                artist.remove()
                break
            extent = artist.get_window_extent().width
        at += extent + 26 * plan.unit
    if caption:
        artist = figure.text(
            left / width,
            (middle - 39 * plan.unit) / height,
            caption,
            fontsize=19 * unit,
            color=theme.faint,
            va="center",
            parse_math=False,
        )
        fit(artist, room, least=0.5)
