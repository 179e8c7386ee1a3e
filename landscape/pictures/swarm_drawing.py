"""The page of swarms: dim levels, particles that glow with trails behind them, shares that grow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.transforms import IdentityTransform

from landscape.drawing.contour import contour
from landscape.drawing.pen import DPI, fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.drawing.splats import add_dots, add_lines, merge
from landscape.maps.places import MOVING
from landscape.pictures.basins_colors import BasinColors, choose_hues
from landscape.pictures.basins_legend import Legend
from landscape.pictures.basins_words import SIGNS, rule_words
from landscape.pictures.ready import Drawing
from landscape.pictures.swarm_density import DensityArtist, draw_theory
from landscape.pictures.swarm_words import (
    caption_of,
    heading_of_legend,
    title_words,
    warmth_words,
)
from landscape.style import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from landscape.drawing.space import Space
    from landscape.pictures.basins_layout import BasinsPlan
    from landscape.pictures.swarm import SwarmPanel, Swarms

    Array = NDArray[Any]

__all__ = ["draw"]

_DIM = {"dark": 0.52, "light": 0.55}  # how much of the ground is in the levels
# The light of a line's pixel, how much of it is left after a trail's last frame, and its most.
_LIGHT, _LEFT, _ALPHA = 0.42, 0.02, {"dark": 0.85, "light": 0.8}
_LONGEST = 0.7  # of the panel's diagonal: a longer jump leaves no line
_SHINE, _GLOW = {"dark": 0.75, "light": 0.35}, {"dark": "#ffffff", "light": "#000000"}
_MOST_EXACT = 10  # labels of which a palette has all shades
_FEW = 700  # particles that are drawn on a density
# Shares of light that are told apart; of a GIF few, and whole pixels, or it could not be shared.
_STEPS, _FEW_STEPS = 14, 3
_MOST_LETTERS = 30
_FAINT = 0.5  # how much shows of the letter of a place that the surface hides
_ABOVE = 19.0  # a letter over its minimum, in slide pixels
_LINE = 31.0  # of a legend, in slide pixels
# The hues of basins, in their order, as bright as light is.
_BRIGHT = (
    "#3fa9ff", "#ffb01f", "#1fd6a0", "#ff8fd2", "#9fe4ff", "#ff7440", "#fff27a", "#a68cff",
)  # fmt: skip


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
    colors = _colors(ready, sheet.theme)
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


class _Colors(BasinColors):
    """The colours of particles: the hues of basins, brighter on a dark page, where they glow."""

    def color(self, label: int) -> tuple[float, float, float]:
        """Return the colour of particles with a label."""
        if label >= 0 and label not in self.pale and self.theme.name == "dark":
            r, g, b = to_rgb(_BRIGHT[self.hues.get(label, 0)])
            return r, g, b
        if label == MOVING:
            # It must be seen on the levels, as a map's cells need not.
            r, g, b = to_rgb(_mixed(self.theme.faint, self.theme.ground, 0.4))
            return r, g, b
        r, g, b = self.table(label)[self.shades // 2].tolist()
        return r, g, b

    def flat(self, label: int) -> tuple[float, float, float]:
        """Return the colour that stands for a label in the legend: that of its particles."""
        return self.color(label)

    def exact(self, ready: Swarms) -> list[str]:
        """Return the colours that a palette must have: particles, their crowds and trails."""
        labels = {label for one in ready.panels for label in np.unique(one.fates.labels).tolist()}
        colors = [to_hex(self.color(label)) for label in sorted(labels)][:_MOST_EXACT]
        glow, shine = _GLOW[self.theme.name], _SHINE[self.theme.name]
        ground = _mixed(self.theme.fills[1], self.theme.ground, _DIM[self.theme.name])
        crowds = [_mixed(one, glow, shine * k / 4) for one in colors for k in range(1, 5)]
        trails = [_mixed(one, ground, k / 8) for one in colors for k in range(1, 8)]
        return [str(one) for one in (*colors, *crowds, *trails)]


def _colors(ready: Swarms, theme: Theme) -> _Colors:
    places = ready.places
    lows = [k for k, sign in enumerate(places.letters) if sign]
    others = [k for k in range(len(places)) if k not in lows]
    scale = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    return _Colors(theme, choose_hues(places, [*lows, *others]), frozenset(others), scale)


class _Panel:
    """One swarm with its legend."""

    def __init__(
        self, ready: Swarms, sheet: Sheet, plan: BasinsPlan, colors: _Colors, number: int
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
            gibbs = ready.gibbs[number]
            if gibbs is not None:
                self.moving.append(draw_theory(sheet, gibbs, box, ready.surface.bounds))
        self._particles = _Particles(ready, panel, colors, box, axes, space)
        sheet.figure.add_artist(self._particles)
        self.moving.append(self._particles)
        if recipe.marks:
            self.moving.append(self._draw_marks(space))
        self._legend = self._write_legend(plan, number)
        self.moving += self._legend.shares

    def show(self, frame: int) -> None:
        """Show a frame."""
        if self._space is not None and self._space.moves:
            self._space.turn(frame / max(1, self._ready.count - 1))
        self._particles.frame = frame
        if self._density is not None:
            self._density.frame = frame
        self._legend.show(frame)

    def _write_legend(self, plan: BasinsPlan, number: int) -> Legend:
        ready, sheet, unit = self._ready, self._sheet, plan.unit
        left, bottom, width, height = plan.legends[number]
        faint = sheet.theme.faint
        if len(ready.panels) == 1 and height > 4 * _LINE * unit:
            y = bottom + height - 14 * unit
            places, shares = heading_of_legend(ready)
            sheet.text(left, y, places, 18, faint)
            sheet.text(left + width, y, shares, 18, faint, ha="right")
            height -= _LINE * unit
        said = warmth_words(ready, self._panel)
        if said and height > (len(said) + 4) * _LINE * unit:
            lines = []
            for k, one in enumerate(reversed(said)):
                y = bottom + (0.5 + k) * _LINE * unit
                lines.append(sheet.text(left, y, one, 19, sheet.theme.ink))
                fit(lines[-1], width, least=0.6)
            size = min(float(one.get_fontsize()) for one in lines)
            for line in lines:
                line.set_fontsize(size)
            bottom += (len(said) + 0.5) * _LINE * unit
            height -= (len(said) + 0.5) * _LINE * unit
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
        share = _DIM[theme.name]
        dim = replace(
            theme,
            fills=tuple(_mixed(one, theme.ground, share) for one in theme.fills),
            line=_mixed(theme.line, theme.ground, 0.68),
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
        look = replace(theme, line=_mixed(theme.line, theme.ground, 0.45))
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
        marks = _Marks(self._ready, self._panel, self._sheet, self._box, space)
        self._sheet.figure.add_artist(marks)
        return marks


class _Particles(Artist):
    """Draws the particles of a frame with their trails.

    Attributes: `frame`, the one that is drawn.
    """

    def __init__(
        self,
        ready: Swarms,
        panel: SwarmPanel,
        colors: _Colors,
        box: tuple[int, int, int, int],
        axes: Axes | None,
        space: Space | None,
    ) -> None:
        super().__init__()
        self.set_zorder(5.0)
        self.frame = ready.count - 1
        self._ready, self._panel, self._axes, self._space = ready, panel, axes, space
        recipe = ready.recipe
        self._extents = axes.bbox if axes is not None else cast("Any", space).clip
        wide, tall = box[2:]
        if space is not None:
            wide, tall = (round(float(one)) for one in (self._extents.width, self._extents.height))
        self._size = wide, tall
        labels, index = np.unique(panel.fates.labels, return_inverse=True)
        table = np.array([colors.color(int(label)) for label in labels], np.float32)
        self._colors = np.ascontiguousarray(table[index])
        self._trail = 0 if recipe.density else recipe.trail
        point = wide_unit(recipe.pixels)
        self._radius = 0.5 * recipe.dot * point * (0.8 if recipe.density else 1.0)
        # A density is of all particles, and some are enough to see how they move.
        self._part = slice(_FEW if recipe.density else None)
        self._colors = np.ascontiguousarray(self._colors[self._part])
        self._lines = np.zeros((tall, wide, 4), np.float32)
        self._dots = np.zeros((tall, wide, 4), np.float32)
        self._rgba = np.zeros((tall, wide, 4), np.uint8)
        self._coarse = recipe.format == "gif"
        name = recipe.theme
        self._most = _ALPHA[name]
        self._shine = _SHINE[name]
        self._glow = np.array(to_rgb(_GLOW[name]), np.float32)
        self._walk: Iterator[tuple[Array, Array]] | None = None
        self._step = self._known = -1
        self._past: list[tuple[Array, Array]] = []

    def draw(self, renderer: RendererBase) -> None:
        """Draw the frame."""
        if not self.get_visible():
            return
        self._go()
        places = [self._placed(x, y) for x, y in self._past]
        self._lines[:], self._dots[:] = 0.0, 0.0
        if self._trail:
            longest = _LONGEST * float(np.hypot(*self._size))
            fade = _LEFT ** (1 / self._trail)
            for age, (now, before) in enumerate(zip(places[:0:-1], places[-2::-1], strict=True)):
                weight = _LIGHT * fade**age
                add_lines(self._lines, *before, *now, self._colors, weight, longest)
        x, y = places[-1]
        if self._coarse:
            x, y = np.floor(x) + 0.5, np.floor(y) + 0.5
        add_dots(self._dots, x, y, self._colors, self._radius)
        steps = _FEW_STEPS if self._coarse else _STEPS
        shine = self._glow, self._shine, steps
        merge(self._lines, self._dots, self._most, *shine, self._rgba)
        put_picture(renderer, self._rgba, self._extents)
        self.stale = False

    def _go(self) -> None:
        """Walk to the frame; what is behind the longest trail is forgotten."""
        steps = self._panel.shown
        if self._walk is None or self.frame < self._known:
            self._walk, self._step, self._known, self._past = self._panel.swarm.walk(), -1, -1, []
        while self._known < self.frame:
            x, y = next(self._walk)
            self._step += 1
            if self._step == steps[self._known + 1]:
                self._known += 1
                now = (x[self._part], y[self._part])
                self._past = [*self._past[-self._trail :], now] if self._trail else [now]

    def _placed(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return where particles are in the picture's pixels, NaN for what is not seen."""
        wide, tall = self._size
        if self._space is None:
            (x0, x1), (y0, y1) = self._ready.surface.bounds
            return (x - x0) / (x1 - x0) * wide, (y1 - y) / (y1 - y0) * tall
        space = self._space
        height = space.relief.z_at(x, y)
        seen = space.view.project(np.column_stack([x, y, height]))
        behind = space.hidden(seen)
        left, bottom, right, top = self._extents.extents
        across = (seen[:, 0] - left) / (right - left) * wide
        down = (top - seen[:, 1]) / (top - bottom) * tall
        across[behind] = np.nan
        return across, down


class _Marks(Artist):
    """Draws letters at minima, and signs at other places where particles are."""

    def __init__(
        self,
        ready: Swarms,
        panel: SwarmPanel,
        sheet: Sheet,
        box: tuple[int, int, int, int],
        space: Space | None,
    ) -> None:
        super().__init__()
        self.set_zorder(6.0)
        self._sheet, self._box, self._space = sheet, box, space
        places = ready.places
        (x0, x1), (y0, y1) = ready.surface.bounds
        reached = set(np.unique(panel.fates.labels).tolist())
        theme, unit = sheet.theme, sheet.unit
        self._texts: list[tuple[tuple[float, float], Text]] = []
        taken: list[tuple[float, float]] = []
        if sum(map(bool, places.letters)) > _MOST_LETTERS:
            return  # they would hide what they name
        for k, (one, kind) in enumerate(zip(places.points, places.kinds, strict=True)):
            said = places.letters[k] or (SIGNS[kind][0] if k in reached else "")
            inside = x0 <= one.x <= x1 and y0 <= one.y <= y1
            if not said or not inside:
                continue
            spot = (one.x - x0) / (x1 - x0) * box[2], (one.y - y0) / (y1 - y0) * box[3]
            if any(np.hypot(spot[0] - u, spot[1] - v) < 24 * unit for u, v in taken):
                continue
            taken.append(spot)
            # Above the particles that gather there, where there is room.
            up = _ABOVE if spot[1] + 2 * _ABOVE * unit < box[3] else -_ABOVE
            text = sheet.text(
                *(box[0] + spot[0], box[1] + spot[1] + up * unit, said, 20, theme.ink),
                ha="center", va="center", fontweight="bold",
            )  # fmt: skip
            text.set_visible(False)  # until it is drawn here
            text.set_path_effects(_halo(theme, 3.2 * sheet.point))
            self._texts.append(((one.x, one.y), text))

    def draw(self, renderer: RendererBase) -> None:
        """Draw the letters."""
        if not self.get_visible():
            return
        for place, text in self._texts:
            if self._space is not None and not self._put(self._space, place, text):
                continue
            text.set_visible(True)
            text.draw(renderer)
            text.set_visible(False)
        self.stale = False

    def _put(self, space: Space, place: tuple[float, float], text: Text) -> bool:
        """Put a letter where its place is, faint if that is hidden; return whether it is known."""
        height = float(space.relief.z_at([place[0]], [place[1]])[0])
        seen = space.view.project([[*place, height]])
        if not np.isfinite(seen).all():
            return False
        above = _ABOVE * self._sheet.unit * self._sheet.figure.dpi / DPI
        text.set_transform(IdentityTransform())
        text.set_position((float(seen[0, 0]), float(seen[0, 1]) + above))
        text.set_alpha(_FAINT if space.hidden(seen)[0] else None)
        return True


def put_picture(renderer: RendererBase, rgba: Array, box: Any) -> None:
    """Put a picture into a box of display coordinates, whatever the page's resolution is."""
    from matplotlib.transforms import Affine2D

    pen = renderer.new_gc()
    pen.set_clip_rectangle(box)
    left, bottom = float(box.x0), float(box.y0)
    tall, wide = rgba.shape[:2]
    across, up = float(box.width) / wide, float(box.height) / tall
    if renderer.option_scale_image():
        size = Affine2D().scale(across * wide, up * tall)
        renderer.draw_image(pen, left, bottom, rgba[::-1], size)
    else:
        renderer.draw_image(pen, round(left), round(bottom), rgba[::-1])
    pen.restore()


def wide_unit(pixels: tuple[int, int]) -> float:
    """Return the size of a slide's pixel on a page; dots shrink less than the page does."""
    return float(max(0.62, min(pixels[0] / 1280, pixels[1] / 720) ** 0.7))


def _tick(axes: Axes, box: tuple[int, int, int, int], point: float) -> None:
    """Choose numbers at the axes."""
    from matplotlib.ticker import MaxNLocator

    for axis, side in zip((axes.xaxis, axes.yaxis), box[2:], strict=True):
        most = max(2, min(7, int(side / (75 * point * DPI / 72))))
        axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))


def _mixed(color: str, other: str, share: float) -> str:
    """Return a colour with a share of another one in it."""
    pairs = zip(to_rgb(color), to_rgb(other), strict=True)
    red, green, blue = ((1 - share) * a + share * b for a, b in pairs)
    return str(to_hex((red, green, blue)))


def _halo(theme: Theme, width: float) -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground=theme.ground)]
