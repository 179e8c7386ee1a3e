"""The page of basins: a map for each rule, its shares beside or beneath it, the scale of steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.levels import choose_levels
from landscape.pictures.basins import Basins
from landscape.pictures.basins_colors import BasinColors, choose_hues, step_scale
from landscape.pictures.basins_layout import BasinsPlan
from landscape.pictures.basins_legend import Legend, reached_labels
from landscape.pictures.basins_words import (
    SIGNS,
    axis_words,
    caption_of,
    counter_of,
    rule_words,
    title_words,
)
from landscape.pictures.ready import Drawing
from landscape.style import Theme, parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from landscape.drawing.layout import Box
    from landscape.surfaces.surface import Bounds

    Array = NDArray[Any]

__all__ = ["draw"]

_FILM_SHADES = 12  # a film's palette and size are small
_MOST_LETTERS = 30
_CORNER = 12.0  # points on the slide
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
    colors = _colors(ready, sheet)
    panels = [_Panel(ready, sheet, plan, colors, k) for k in range(len(ready.panels))]
    heads = [one.head for one in panels if one.head is not None]
    for one in heads:
        one.set_fontsize(min(float(head.get_fontsize()) for head in heads))
    _draw_bar(sheet, plan.bar, colors)

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


def _colors(ready: Basins, sheet: Sheet) -> BasinColors:
    places = ready.places
    reached: set[int] = set()
    steps = []
    for panel in ready.panels:
        for k, found in enumerate(panel.maps):
            reached |= {label for label in panel.counts(k) if label >= 0}
            # A film's scale is that of all its frames; some thousand cells of each tell it.
            part = slice(None, None, max(1, found.labels.size // 20_000))
            arrived = found.steps.ravel()[part][found.labels.ravel()[part] >= 0]
            steps.append(arrived)
    # Minima have the first hues, reached or not, so that other pictures have the same.
    lows = [k for k, kind in enumerate(places.kinds) if kind in ("minimum", "floor")]
    others = [k for k in sorted(reached) if k not in lows]
    return BasinColors(
        sheet.theme,
        choose_hues(places, [*lows, *others]),
        frozenset(others),
        step_scale(np.concatenate(steps)),
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
            fit(head, max(float(wide), plan.legends[number][2] * 0.97), least=0.5)
        headed = len(ready.panels) == 1
        box = plan.legends[number]
        self._legend = Legend(ready, self._panel, sheet, colors, box, headed=headed)
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
            # Labels are those of the picture; what is below 0 stays.
            lookup = np.array([*same, *range(-8, 0)], np.int16)
            labels = lookup[labels]
        picture = self._colors.paint(labels, found.steps, self._box[2:])
        (x0, x1), (y0, y1) = found.bounds
        self._image.set_data(picture)
        (x0, x1), (y0, y1) = found.bounds
        if recipe.lines:
            self._draw_lines(axes, found.bounds, frame)
        if recipe.marks:
            self._draw_marks(axes, found.bounds, frame)
        axes.set(xlim=(x0, x1), ylim=(y0, y1))
        _tick(axes, found.bounds, self._ready.surface.labels, theme, point, self._box)

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


def _tick(
    axes: Axes,
    bounds: Bounds,
    names: tuple[str, str],
    theme: Theme,
    point: float,
    box: tuple[int, int, int, int],
) -> None:
    """Write numbers at the axes; in a small region they count from a number in its middle."""
    from matplotlib.ticker import MaxNLocator

    size = 17 * point
    axes.tick_params(
        colors=theme.ink, labelsize=size, width=1.1 * point, length=5 * point, pad=4 * point
    )
    corner_taken = False
    corners = ((0.99, 0.012, "right", "bottom"), (0.01, 0.988, "left", "top"))
    for axis, (low, high), name, side, corner in zip(
        (axes.xaxis, axes.yaxis), bounds, names, box[2:], corners, strict=True
    ):
        words = axis_words(low, high, name)
        most = max(2, min(7, int(side / (75 * point * 100 / 72))))
        near, far = (low - words.origin) / words.unit, (high - words.origin) / words.unit
        places = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(near, far)
        inside = [one for one in places if near <= one <= far]
        # Two numbers at the lower left corner would touch.
        beside = bool(inside) and (inside[0] - near) / (far - near) * side < _CORNER * point
        if beside and corner_taken:
            inside = inside[1:]
        corner_taken = beside
        axis.set_ticks(
            [words.origin + words.unit * one for one in inside], [_number(one) for one in inside]
        )
        if words.label:
            x, y, across, up = corner
            axes.text(
                *(x, y, words.label),
                transform=axes.transAxes,
                ha=across,
                va=up,
                fontsize=size,
                color=theme.ink,
                zorder=5,
                bbox={"facecolor": theme.ground, "alpha": 0.85, "linewidth": 0, "pad": 3 * point},
            )


def _number(value: float) -> str:
    return f"{value:.6g}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")


def _draw_bar(sheet: Sheet, box: Box, colors: BasinColors) -> None:
    """Draw the scale of the steps: light for few, dark for many."""
    left, bottom, width, height = box
    unit, ink = sheet.unit, sheet.theme.faint
    y = bottom + 0.5 * height
    few, usual, many = (f"{colors.steps_at(share):.0f}" for share in (0.0, 0.5, 1.0))
    last = sheet.text(left + width, y, f"{many} steps", 18, ink, ha="right")
    first = sheet.text(left, y, few, 18, ink)
    start = left + float(first.get_window_extent().width) + 8 * unit
    end = left + width - float(last.get_window_extent().width) - 8 * unit
    if end - start < 30 * unit:
        return
    axes = sheet.axes((round(start), round(y - 11 * unit), round(end - start), round(22 * unit)))
    axes.imshow(colors.greys()[None], aspect="auto", extent=(0, 1, 0, 1), interpolation="nearest")
    axes.set_axis_off()
    if usual not in (few, many):
        middle = sheet.text(0.5 * (start + end), y, usual, 17, "#ffffff", ha="center")
        fit(middle, 0.8 * (end - start), least=0.5)


def _hex(color: Array) -> str:
    return "#" + "".join(f"{int(255 * part + 0.5):02x}" for part in color.tolist())
