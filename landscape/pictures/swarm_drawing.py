"""The page of swarms: dim levels, particles that glow with trails behind them, shares that grow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from matplotlib.artist import Artist

from landscape.drawing.contour import contour
from landscape.drawing.pen import DPI, fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.pictures.basins_legend import Legend
from landscape.pictures.basins_words import rule_words
from landscape.pictures.ready import Drawing
from landscape.pictures.swarm_colors import DIM, SwarmColors, colors_of, mixed
from landscape.pictures.swarm_density import DensityArtist, draw_theory
from landscape.pictures.swarm_legend import TheoryLegend
from landscape.pictures.swarm_marks import Marks
from landscape.pictures.swarm_particles import Particles
from landscape.pictures.swarm_words import caption_of, heading_of_legend, title_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from landscape.drawing.space import Space
    from landscape.pictures.basins_layout import BasinsPlan
    from landscape.pictures.swarm import Swarms

    Array = NDArray[Any]

__all__ = ["draw"]

_LINE = 31.0  # of a legend, in slide pixels


def draw(ready: Swarms) -> Drawing:
    """Return the drawing of swarms, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    last = f"step {ready.steps[-1]}"
    sheet = new_sheet(
        recipe.pixels, recipe.theme, title_words(ready), caption_of(ready), counter=last
    )
    (x0, x1), (y0, y1) = ready.surface.bounds
    plan = recipe.plan(len(ready.panels), (x1 - x0) / (y1 - y0))
    colors = colors_of(ready, sheet.theme)
    panels = [_Panel(ready, sheet, plan, colors, k) for k in range(len(ready.panels))]
    heads = [one.head for one in panels if one.head is not None]
    for one in heads:
        one.set_fontsize(min(float(head.get_fontsize()) for head in heads))

    def show(frame: int) -> None:
        sheet.counter.set_text(f"step {ready.steps[frame]}")
        for panel in panels:
            panel.show(frame)

    moving = [sheet.counter, *sheet.moving, *(artist for one in panels for artist in one.moving)]
    theme = sheet.theme
    return Drawing(sheet.figure, moving, show, [theme.ground, theme.ink, *colors.exact(ready)])


class _Panel:
    """One swarm with its legend."""

    def __init__(
        self, ready: Swarms, sheet: Sheet, plan: BasinsPlan, colors: SwarmColors, number: int
    ) -> None:
        self._ready, self._sheet, self._colors = ready, sheet, colors
        self._panel = panel = ready.panels[number]
        self._box = box = plan.maps[number]
        recipe, unit, ink = ready.recipe, plan.unit, sheet.theme.ink
        left, bottom, wide, tall = box
        self.moving: list[Artist] = []
        axes = self._draw_levels() if recipe.view == "contour" else None
        self._space = space = None if axes is not None else self._draw_space()
        if space is not None and space.moves:
            self.moving.append(space)
        self.head: Text | None = None
        if len(ready.panels) > 1:
            self.head = sheet.text(
                *(left, bottom + tall + 17 * unit, rule_words(panel.rule), 20, ink),
                fontweight="bold",
            )
            fit(self.head, max(float(wide), plan.legends[number][2] * 0.97), least=0.5)
        self._density: DensityArtist | None = None
        if axes is not None and recipe.density:
            self._density = DensityArtist(ready, panel, axes, box)
            sheet.figure.add_artist(self._density)
            self.moving.append(self._density)
            if panel.theory is not None:
                gibbs = panel.theory.gibbs
                self.moving.append(draw_theory(sheet, gibbs, box, ready.surface.bounds))
        self._particles = Particles(ready, panel, colors, box, axes, space)
        sheet.figure.add_artist(self._particles)
        self.moving.append(self._particles)
        if recipe.marks:
            self.moving.append(self._draw_marks(space))
        self._legend = self._write_legend(plan, number)
        self.moving += self._legend.shares

    def show(self, frame: int) -> None:
        """Show a frame."""
        if self._space is not None and self._space.moves:
            self._space.show_frame(frame, self._ready.count - 1)
        self._particles.frame = frame
        if self._density is not None:
            self._density.frame = frame
        self._legend.show(frame)

    def _write_legend(self, plan: BasinsPlan, number: int) -> Legend | TheoryLegend:
        ready, sheet, unit = self._ready, self._sheet, plan.unit
        left, bottom, width, height = plan.legends[number]
        if ready.recipe.density and self._panel.theory is not None:
            return TheoryLegend(ready, self._panel, sheet, self._colors, plan.legends[number])
        faint = sheet.theme.faint
        if len(ready.panels) == 1 and height > 4 * _LINE * unit:
            y = bottom + height - 14 * unit
            places, shares = heading_of_legend(ready)
            sheet.text(left, y, places, 18, faint)
            sheet.text(left + width, y, shares, 18, faint, ha="right")
            height -= _LINE * unit
        # A swarm has what the legend of basins asks for: panels with counts, and their places.
        return Legend(
            cast("Any", ready),
            cast("Any", self._panel),
            sheet,
            self._colors,
            (left, bottom, width, height),
            headed=False,
        )

    # -- what stands still -------------------------------------------------------------------

    def _draw_levels(self) -> Axes:
        ready, sheet = self._ready, self._sheet
        recipe, theme = ready.recipe, sheet.theme
        axes = sheet.axes(self._box)
        for spine in axes.spines.values():
            spine.set_visible(False)
        share = DIM[theme.name]
        dim = replace(
            theme,
            fills=tuple(mixed(one, theme.ground, share) for one in theme.fills),
            line=mixed(theme.line, theme.ground, 0.68),
        )
        contour(
            ready.surface,
            axes,
            levels=recipe.levels,
            count=recipe.count,
            theme=dim,
            line_width=0.9 * sheet.point,
        )
        axes.set(xlabel="", ylabel="")
        (x0, x1), (y0, y1) = ready.surface.bounds
        axes.set(xlim=(x0, x1), ylim=(y0, y1), aspect="auto")
        _tick(axes, self._box, sheet.point)
        return axes

    def _draw_space(self) -> Space:
        from landscape.drawing.space_panel import Parts, new_space
        from landscape.drawing.space_surface import relief_of, relief_theme

        ready, sheet = self._ready, self._sheet
        recipe: Any = ready.recipe
        theme = sheet.theme
        # Of the usual colours of surfaces, those of the particles could not be told apart.
        look = replace(theme, line=mixed(theme.line, theme.ground, 0.45))
        if recipe.cmap:
            look = relief_theme(theme, recipe.cmap)
        relief = relief_of(ready.surface, recipe)
        left, bottom, wide, tall = self._box
        beside = 70 * sheet.unit  # no numbers stand beside a box
        box = (left - beside, bottom - 0.4 * beside, wide + 1.1 * beside, tall + 0.4 * beside)
        parts = Parts(relief, ready.surface.labels)
        return new_space(sheet.figure, box, parts, recipe, look, sheet.unit)

    def _draw_marks(self, space: Space | None) -> Artist:
        """Return the minima's letters, and signs of other places that are reached, above all."""
        marks = Marks(self._ready, self._panel, self._sheet, self._box, space)
        self._sheet.figure.add_artist(marks)
        return marks


def _tick(axes: Axes, box: tuple[int, int, int, int], point: float) -> None:
    """Choose numbers at the axes."""
    from matplotlib.ticker import MaxNLocator

    for axis, side in zip((axes.xaxis, axes.yaxis), box[2:], strict=True):
        most = max(2, min(7, int(side / (75 * point * DPI / 72))))
        axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
