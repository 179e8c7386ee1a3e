"""The page of basins: a map for each rule, its shares beside or beneath it, the scale of steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.levels import choose_levels
from landscape.maps.places import moved
from landscape.pictures.basins import Basins
from landscape.pictures.basins_colors import BasinColors, choose_hues, step_scale
from landscape.pictures.basins_layout import BasinsPlan
from landscape.pictures.basins_legend import Legend, reached_labels, write_names
from landscape.pictures.basins_ticks import draw_bar, draw_ticks
from landscape.pictures.basins_words import (
    SIGNS,
    caption_of,
    counter_of,
    rule_words,
    title_words,
)
from landscape.pictures.ready import Drawing
from landscape.style import parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["draw"]

_FILM_SHADES = 12  # a film's palette and size are small
_MOST_LETTERS = 30
_MOST_EXACT = 160  # of a palette's colours: the rest are the edges of letters and lines
_GRID = 240  # lines each way of the grid that contour lines come from
_LEVEL = 1e-9  # losses that differ by less, as a share of them, are rounding


def draw(ready: Basins) -> Drawing:
    """Return the drawing of maps of basins, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    size = tuple(round(side * recipe.scale) for side in parse_size(recipe.size))
    counters = [counter_of(ready, k) for k in range(ready.count)]
    sheet = new_sheet(
        (size[0], size[1]),
        recipe.theme,
        title_words(ready),
        caption_of(ready),
        counter=max(counters, key=len),
    )
    (x0, x1), (y0, y1) = ready.surface.bounds
    plan = recipe.plan(len(ready.panels), (x1 - x0) / (y1 - y0))
    arrivals = _arrivals(ready)
    colors = _colors(ready, sheet, arrivals)
    panels = [_Panel(ready, sheet, plan, colors, k) for k in range(len(ready.panels))]
    heads = [one.head for one in panels if one.head is not None]
    for one in heads:
        one.set_fontsize(min(float(head.get_fontsize()) for head in heads))
    if plan.names is not None:
        write_names(ready, sheet, colors, plan.names)
    if arrivals.size:
        draw_bar(sheet, plan.bar, colors)

    def show(frame: int) -> None:
        sheet.counter.set_text(counters[frame])
        for panel in panels:
            panel.show(frame)

    moving = [sheet.counter, *(artist for one in panels for artist in one.moving)]
    theme = sheet.theme
    return Drawing(sheet.figure, moving, show, [theme.ground, theme.ink, *_exact(ready, colors)])


def _exact(ready: Basins, colors: BasinColors) -> list[str]:
    """Return the colours of the maps: a basin's shade must not become grey, which has a meaning."""
    reached = reached_labels(ready)
    found = [_hex(colors.table(label)[0]) for label in reached if label < 0]
    tables = [colors.table(label) for label in reached if label >= 0]
    # The first ones tell basins apart, for palettes that have no room for all.
    order = sorted(range(colors.shades), key=lambda k: (k % 4 != 2, k % 2, k))
    found += [_hex(table[k]) for k in order for table in [*tables, colors.greys()]]
    return list(dict.fromkeys(found))[:_MOST_EXACT]


def _arrivals(ready: Basins) -> Array:
    """Return the steps after which starts arrived: in all frames, as a film has one scale."""
    found = []
    for panel in ready.panels:
        for one in panel.maps:
            # Some thousand cells of each tell it.
            part = slice(None, None, max(1, one.labels.size // 20_000))
            found.append(one.steps.ravel()[part][one.labels.ravel()[part] >= 0])
    return np.concatenate(found)


def _colors(ready: Basins, sheet: Sheet, arrivals: Array) -> BasinColors:
    places = ready.places
    # Minima have the first hues, reached or not, so that other pictures have the same.
    lows = [k for k, kind in enumerate(places.kinds) if kind in ("minimum", "floor")]
    others = [k for k in reached_labels(ready) if k >= 0 and k not in lows]
    return BasinColors(
        sheet.theme,
        choose_hues(places, [*lows, *others]),
        frozenset(others),
        step_scale(arrivals),
        _FILM_SHADES if ready.recipe.kind == "film" else 64,
    )


class _Panel:
    """One map with its legend."""

    def __init__(
        self, ready: Basins, sheet: Sheet, plan: BasinsPlan, colors: BasinColors, number: int
    ) -> None:
        self._ready, self._sheet, self._colors = ready, sheet, colors
        self._panel = ready.panels[number]
        self._box, self._unit = plan.maps[number], plan.unit
        self._numbered = plan.numbered[number]
        left, bottom, wide, tall = self._box
        # Put on the page pixel by pixel; axes would resample it.
        self._image = sheet.figure.figimage(
            np.zeros((tall, wide, 3), np.uint8), left, bottom, origin="upper", zorder=-1
        )
        self._axes = sheet.axes((left, bottom, wide, tall))
        self._axes.patch.set_visible(False)
        for spine in self._axes.spines.values():
            spine.set_visible(False)
        self._ends = [label for label in reached_labels(ready) if label >= 0]
        self.head: Text | None = None
        if len(ready.panels) > 1:
            said = rule_words(self._panel.rule, next(iter(ready.values[0]), ""))
            ink = sheet.theme.ink
            self.head = head = sheet.text(
                left, bottom + tall + 17 * plan.unit, said, 20, ink, fontweight="bold"
            )
            fit(head, plan.heads[number], least=0.5)
        self._legend = Legend(
            ready,
            self._panel,
            sheet,
            colors,
            plan.legends[number],
            headed=len(ready.panels) == 1,
            named=plan.names is None,
        )
        self.moving: list[Any] = [*self._legend.shares]
        if ready.count > 1:
            self.moving += [self._image, self._axes]
        self._shown = -1

    def show(self, frame: int) -> None:
        """Show a frame."""
        self._legend.show(frame)
        if frame != self._shown:
            self._draw_map(frame)
            self._shown = frame

    def _draw_map(self, frame: int) -> None:
        axes, recipe = self._axes, self._ready.recipe
        found, same = self._panel.maps[frame], self._panel.same[frame]
        axes.clear()
        axes.patch.set_visible(False)
        point, theme = self._sheet.point, self._sheet.theme
        labels = found.labels
        if same != tuple(range(len(same))):
            labels = moved(labels, same)
        picture = self._colors.paint(labels, found.steps, self._box[2:])
        self._image.set_data(picture)
        (x0, x1), (y0, y1) = found.bounds
        if recipe.lines:
            self._draw_lines(axes, found.bounds, frame)
        if recipe.marks:
            self._draw_marks(axes, found.bounds, frame)
        axes.set(xlim=(x0, x1), ylim=(y0, y1))
        names = self._ready.surface.labels
        draw_ticks(axes, found.bounds, names, theme, point, self._box, self._numbered)

    def _draw_lines(self, axes: Axes, bounds: Bounds, frame: int) -> None:
        where = self._panel.maps[frame].places.surface
        with np.errstate(all="ignore"):
            xs, ys, values = where.grid(_GRID, _GRID, bounds)
        finite = values[np.isfinite(values)]
        if not finite.size or np.ptp(finite) <= _LEVEL * np.abs(finite).max():
            return
        levels = choose_levels(finite, where.scale, self._ready.recipe.count)
        axes.contour(
            xs,
            ys,
            np.ma.masked_invalid(values),
            levels=levels[1:-1],
            colors="#000000",
            alpha=0.42,
            linewidths=0.9 * self._sheet.point,
            linestyles="solid",
            zorder=0.5,
        )

    def _draw_marks(self, axes: Axes, bounds: Bounds, frame: int) -> None:
        places, same = self._panel.maps[frame].places, self._panel.same[frame]
        (x0, x1), (y0, y1) = bounds
        inside = [
            k
            for k, one in enumerate(places.points)
            if x0 <= one.x <= x1 and y0 <= one.y <= y1 and self._ready.places.letters[same[k]]
        ]
        point = self._sheet.point
        for k in self._ends:
            one, kind = self._ready.places.points[k], self._ready.places.kinds[k]
            if not self._ready.moving and kind in SIGNS:
                axes.plot(
                    *([one.x], [one.y]),
                    marker=SIGNS[kind][1],
                    markersize=13 * point,
                    color="#14181d",
                    markeredgewidth=3 * point,
                    linestyle="none",
                    zorder=2.5,
                )
        lettered: list[tuple[float, float]] = []
        for k in inside:
            one = places.points[k]
            spot = (
                (one.x - x0) / (x1 - x0) * self._box[2],
                (one.y - y0) / (y1 - y0) * self._box[3],
            )
            # Letters that would touch another are dots.
            small = any(math.dist(spot, other) < 32 * self._unit for other in lettered)
            small |= len(inside) > _MOST_LETTERS
            axes.plot(
                *([one.x], [one.y]),
                marker="o",
                markersize=(6 if small else 24) * point,
                markerfacecolor="#ffffff",
                markeredgecolor="#14181d",
                markeredgewidth=1.4 * point,
                clip_on=True,
                zorder=3,
            )
            if small:
                continue
            lettered.append(spot)
            letter = self._ready.places.letters[same[k]]
            axes.annotate(
                letter,
                (one.x, one.y),
                ha="center",
                va="center_baseline",
                color="#14181d",
                fontsize=(18 if len(letter) == 1 else 12) * point,
                fontweight="bold",
                annotation_clip=True,
                zorder=4,
            )


def _hex(color: Array) -> str:
    return "#" + "".join(f"{int(255 * part + 0.5):02x}" for part in color.tolist())
