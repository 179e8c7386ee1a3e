"""The page of maps of settings: a panel for each rule, words above it, the colours' key beneath."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.layout import Box
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet, page, split
from landscape.drawing.ticks import Ticks, choose_ticks, compact, set_ticks
from landscape.errors import LandscapeError
from landscape.formula.latex import plain_name
from landscape.optimizers.catalogue import find_name
from landscape.pictures.plane_axes import log_ticks
from landscape.pictures.ready import Drawing
from landscape.pictures.stability import Panel, Stability, StabilityRecipe, said_best, said_optimum
from landscape.style import parse_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.maps.axes import Axis

    Array = NDArray[Any]

__all__ = ["axis_ticks", "draw", "plan"]

_LEAST = (130.0, 80.0)  # pixels of a map
_LINE = 25.0  # slide pixels from one line of words to the next
_KEY = 74.0  # … of the key's height
_COLORS = "viridis_r"
_LATE = 0.55  # how much of the ink is in the colour of what has not arrived
# Losses this much smaller than the largest have one colour: they would take the colours of the
# rest.
_DEEPEST = 1e-100


@dataclass(frozen=True)
class _Plan:
    """Boxes of the panels' maps and of the key, and the height of the words above, in pixels."""

    maps: list[Box]
    words: list[float]
    key: Box


def plan(recipe: StabilityRecipe, panels: int) -> _Plan:
    """Return where things stand on the page.

    Raises LandscapeError if there is no room for them.
    """
    size = parse_size(recipe.size)
    width, height = (round(side * recipe.scale) for side in size)
    box, unit = page((width, height), title=recipe.title != "", caption=recipe.caption != "")
    columns = panels if panels < 4 and width > 0.9 * height else math.ceil(panels / 2)
    if width < 0.9 * height:
        columns = 1
    rows = math.ceil(panels / columns)
    left, bottom, wide, tall = box
    foot, side, key, gap = 58 * unit, 84 * unit, _KEY * unit, 12 * unit
    across = split(left, wide, columns, 26 * unit)
    lines = [_lines(recipe, one) for one in recipe.optimizers]
    words = [
        max(lines[row * columns : (row + 1) * columns]) * _LINE * unit + 14 * unit
        for row in range(rows)
    ]
    each = (tall - key - gap * (rows - 1) - sum(words)) / rows - foot
    maps, above, top = [], [], bottom + tall
    for row in range(rows):
        low = top - words[row] - each
        for x, w in across[: panels - row * columns]:
            maps.append((x + side, low, w - side - 8 * unit, each))
            above.append(words[row])
        top = low - foot - gap
    if min(one[2] for one in maps) < _LEAST[0] or min(one[3] for one in maps) < _LEAST[1]:
        cure = "fewer optimizers, or a larger one" if panels > 1 else "a larger one"
        raise LandscapeError(
            f"a picture of {width}x{height} has no room for {panels} map"
            f"{'s' if panels > 1 else ''} of settings: take {cure}, such as 800x600"
        )
    return _Plan(maps, above, (left, bottom, wide, key))


def _lines(recipe: StabilityRecipe, optimizer: str) -> int:
    """Return how many lines stand above a map: its name, the best cell, the border, the optima."""
    head = optimizer.partition(":")[0].strip()
    known = {"gd": 2, "momentum": 2, "nesterov": 3}
    theory = known.get(find_name(head), 1 if "=" in head or head == "python" else 0)
    return 1 + recipe.best + (theory if recipe.theory else 0)


def draw(ready: Stability) -> Drawing:
    """Return the drawing of maps of settings, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    width, height = (round(side * recipe.scale) for side in parse_size(recipe.size))
    where = plan(recipe, len(ready.panels))
    sheet = new_sheet((width, height), recipe.theme, _title(ready), _caption(ready))
    shades = _Shades(ready)
    for panel, box in zip(ready.panels, where.maps, strict=True):
        axes = sheet.axes(box)
        _draw_map(sheet, axes, panel, shades)
        _draw_theory(sheet, axes, panel)
        if recipe.best and panel.best is not None:
            _mark(axes, _share(panel, panel.best_settings()), "o", sheet)
    _write(sheet, ready.panels, where, recipe)
    _draw_key(sheet, where.key, ready, shades)
    theme = sheet.theme
    return Drawing(sheet.figure, [], lambda k: None, [theme.ground, theme.ink])


# -- colours -----------------------------------------------------------------------------------


class _Shades:
    """The colours of the cells, the same in all panels."""

    def __init__(self, ready: Stability) -> None:
        recipe = ready.recipe
        self.metric = recipe.metric
        self.zero = 0.0
        self._order = ready.panels
        maps = [panel.map for panel in ready.panels]
        if self.metric == "steps":
            self._values = [one.arrivals(recipe.average) for one in maps]
        else:
            self._values = [one.losses(recipe.average) for one in maps]
            minima = ready.setting.surface.minima
            good = [one[np.isfinite(one)] for one in self._values]
            least = min((float(one.min()) for one in good if one.size), default=0.0)
            known = minima[0].value if minima else 0.0
            self.zero = known if least >= known - 1e-9 * abs(known) else least
            self._values = [np.maximum(one - self.zero, 0.0) for one in self._values]
        self.lost = [np.isinf(one.losses(recipe.average)) for one in maps]
        found = np.concatenate([one[np.isfinite(one) & (one > 0)] for one in self._values])
        if found.size:
            high = float(found.max())
            low = max(float(np.quantile(found, 0.002)), _DEEPEST * high)
            self.low, self.high = (low, high) if low < 0.999 * high else (low / 2, high * 2)
        else:
            self.low, self.high = 0.1, 1.0
        from matplotlib import colormaps

        self.colors = colormaps[_COLORS]

    def paint(self, panel: Panel, late: Any) -> Array:
        """Return the picture (rows, columns, 4) of a panel, clear where it diverged."""
        k = self._order.index(panel)
        values = self._values[k]
        with np.errstate(divide="ignore"):
            u = np.log(np.clip(values, self.low, self.high) / self.low)
        u = np.nan_to_num(u / math.log(self.high / self.low))
        painted: Array = self.colors(np.clip(u, 0, 1))
        painted[np.isinf(values)] = late
        painted[self.lost[k]] = (0, 0, 0, 0)
        return painted


def _mixed(sheet: Sheet, share: float) -> tuple[float, float, float]:
    """Return the ink's colour with so much of it in the ground."""
    from matplotlib.colors import to_rgb

    ground, ink = np.array(to_rgb(sheet.theme.ground)), np.array(to_rgb(sheet.theme.faint))
    red, green, blue = (ground + share * (ink - ground)).tolist()
    return red, green, blue


def _lost_look(sheet: Sheet) -> dict[str, Any]:
    return {
        "facecolor": _mixed(sheet, 0.22),
        "edgecolor": _mixed(sheet, 0.5),
        "hatch": "//",
        "linewidth": 0,
    }


# -- the map -----------------------------------------------------------------------------------


def _draw_map(sheet: Sheet, axes: Axes, panel: Panel, shades: _Shades) -> None:
    from matplotlib import rcParams
    from matplotlib.patches import Rectangle

    rcParams["hatch.linewidth"] = 1.4 * sheet.point
    found = panel.map
    rows, columns = found.losses().shape
    across, up = 0.5 / (columns - 1), 0.5 / (rows - 1)
    axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, zorder=0, **_lost_look(sheet)))
    painted = shades.paint(panel, (*_mixed(sheet, _LATE), 1.0))
    axes.imshow(
        painted,
        extent=(-across, 1 + across, -up, 1 + up),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        zorder=1,
    )
    axes.set(xlim=(-across, 1 + across), ylim=(-up, 1 + up))
    point = sheet.point
    for axis, one, room in (
        (axes.xaxis, found.x, axes.bbox.width),
        (axes.yaxis, found.y, axes.bbox.height),
    ):
        upright = axis is axes.yaxis
        letter = 17 * sheet.unit
        most = int(room / ((2.2 if upright else 4.2) * letter))
        set_ticks(axis, axis_ticks(one, max(2, min(8, most))))
    axes.set_xlabel(_named(found.x), fontsize=19 * point, color=sheet.theme.ink, labelpad=2 * point)
    axes.set_ylabel(_named(found.y), fontsize=19 * point, color=sheet.theme.ink, labelpad=3 * point)


def _named(axis: Axis) -> str:
    return "learning rate lr" if axis.name == "lr" else plain_name(axis.name)


def axis_ticks(axis: Axis, most: int) -> Ticks:
    """Return at most about `most` numbers of an axis, at their shares of its length."""
    if axis.spacing == "log":
        found = log_ticks(axis.low, axis.high, most)
    elif axis.spacing == "linear":
        found = choose_ticks(axis.low, axis.high, most)
    else:
        places = [0.0, 0.5, *(1 - 10.0**-k for k in range(1, 13))]
        inside = [one for one in places if axis.low <= one <= axis.high * (1 + 1e-15)]
        inside = inside[:: max(1, math.ceil(len(inside) / max(2, most)))]
        if len(inside) < 2:
            inside = [axis.low, axis.high]
        found = Ticks(tuple(inside), tuple(f"{one:.12g}" for one in inside))
    shares = tuple(float(axis.share(place)) for place in found.places)
    base = f"{found.base} + " if found.base else ""
    return Ticks(shares, tuple(f"{base}{label}" for label in found.labels))


def _share(panel: Panel, values: dict[str, float]) -> tuple[float, float]:
    x, y = panel.map.x, panel.map.y
    return float(x.share(values[x.name])), float(y.share(values[y.name]))


def _draw_theory(sheet: Sheet, axes: Axes, panel: Panel) -> None:
    from matplotlib.patheffects import Normal, withStroke

    if panel.border is None:
        return
    theme, point = sheet.theme, sheet.point
    whole: Any = "-" if panel.border.kind == "theory" else (0, (4, 2))
    for line, dashes in [
        *((one, whole) for one in panel.border.lines),
        *((one, (0, (1, 1))) for one in panel.border.fastest),
    ]:
        with np.errstate(invalid="ignore", divide="ignore"):
            us = np.stack([panel.map.x.share(line[:, 0]), panel.map.y.share(line[:, 1])], axis=1)
        axes.plot(
            us[:, 0],
            us[:, 1],
            color=theme.ink,
            linewidth=3.0 * point,
            linestyle=dashes,
            path_effects=[withStroke(linewidth=6.5 * point, foreground=theme.ground), Normal()],
            zorder=3,
            scalex=False,
            scaley=False,
        )
    for marked, _ in panel.optima:
        at = _share(panel, {panel.map.x.name: marked.x, panel.map.y.name: marked.y})
        _mark(axes, at, _marker(marked.optimum.name), sheet)


def _marker(name: str) -> str:
    return "D" if name == "Nesterov" else "*"


def _mark(axes: Axes, at: tuple[float, float], marker: str, sheet: Sheet) -> None:
    """Draw a mark: a ring for the best cell, a star for the optimum, a diamond for a usual pair."""
    point, theme = sheet.point, sheet.theme
    for look in _mark_looks(marker, point, theme.ink, theme.ground):
        axes.plot(
            *at,
            marker=marker,
            linestyle="none",
            clip_on=False,
            zorder=5 if marker == "o" else 6,
            **look,
        )


def _mark_looks(marker: str, point: float, ink: str, ground: str) -> list[dict[str, Any]]:
    size = {"o": 17.0, "*": 23.0, "D": 10.0}[marker] * point
    if marker == "o":  # a ring, so that a star within it is seen
        rim = {"markersize": size, "markerfacecolor": "none"}
        return [
            {**rim, "markeredgecolor": ground, "markeredgewidth": 5.5 * point},
            {**rim, "markeredgecolor": ink, "markeredgewidth": 2.6 * point},
        ]
    return [
        {
            "markersize": size,
            "markerfacecolor": ink,
            "markeredgecolor": ground,
            "markeredgewidth": 1.6 * point,
        }
    ]


# -- words -------------------------------------------------------------------------------------


def _write(sheet: Sheet, panels: Sequence[Panel], where: _Plan, recipe: StabilityRecipe) -> None:
    """Write above the maps which rules they are, their best cells, and what theory says."""
    unit, theme = sheet.unit, sheet.theme
    written = []
    for panel, box, words in zip(panels, where.maps, where.words, strict=True):
        x, y, width, height = box
        left, right = x - 60 * unit, x + width
        top = y + height + words - 17 * unit
        label = panel.rule.label or panel.rule.name
        name = sheet.text(left, top, label, 21, theme.ink, fontweight="bold")
        taken = (fit(name, right - left, least=0.4) or right - left) + 12 * unit
        if panel.rule.learning_rate is not None:
            held = sheet.text(left + taken, top, panel.rule.describe(), 17, theme.faint)
            fit(held, right - left - taken, least=0.4)
        narrow = right - left < 520 * unit
        for k, (mark, said) in enumerate(_said(panel, recipe, narrow=narrow), 1):
            at = top - k * _LINE * unit
            _draw_glyph(sheet, left + 12 * unit, at, mark, panel)
            text = sheet.text(left + 36 * unit, at, said, 17, theme.ink)
            fit(text, right - left - 36 * unit, least=0.4)
            written.append(text)
    smallest = min((float(one.get_fontsize()) for one in written), default=0.0)
    for one in written:
        one.set_fontsize(smallest)


def _said(panel: Panel, recipe: StabilityRecipe, *, narrow: bool) -> list[tuple[str, str]]:
    """Return the lines above a map, each with its mark; shorter ones for a narrow map."""
    lines = [("o", said_best(panel, recipe))] if recipe.best else []
    if panel.border is not None:
        lines.append(("-", _said_border(panel, narrow=narrow)))
        if panel.border.fastest:
            lines.append((":", "fastest in theory: lr = 2/(L + µ)"))
    for one, rate in panel.optima:
        lines.append((_marker(one.optimum.name), said_optimum(one, None if narrow else rate)))
    return lines


def _draw_glyph(sheet: Sheet, x: float, y: float, mark: str, panel: Panel) -> None:
    theme, point, unit = sheet.theme, sheet.point, sheet.unit
    if mark in "-:":
        dashes: Any = (0, (1, 1))
        if mark == "-":
            whole = panel.border is not None and panel.border.kind == "theory"
            dashes = "-" if whole else (0, (3, 1.5))
        sheet.pen.line(
            [x - 14 * unit, x + 14 * unit],
            [y, y],
            color=theme.ink,
            linewidth=3.0 * point,
            linestyle=dashes,
        )
        return
    for look in _mark_looks(mark, 0.85 * point, theme.ink, theme.ground):
        sheet.pen.line([x], [y], marker=mark, linestyle="none", **look)


_BORDERS = {
    "gd": "lr < 2/L",
    "momentum": "lr < 2(1 + mu)/L",
    "nesterov": "lr < 2(1 + mu)/((1 + 2 mu) L)",
}


def _said_border(panel: Panel, *, narrow: bool) -> str:
    border = panel.border
    assert border is not None
    said = _BORDERS.get(panel.rule.name, "spectral radius below 1")
    if border.curvature is not None and not narrow and panel.rule.name in _BORDERS:
        said += f", L = {border.curvature:.3g}"
    if border.kind == "theory":
        return f"theory: stable for {said}"
    return f"local theory: {said}"


def _draw_key(sheet: Sheet, box: Box, ready: Stability, shades: _Shades) -> None:
    from matplotlib.patches import Rectangle

    left, bottom, width, height = box
    unit, theme, point = sheet.unit, sheet.theme, sheet.point
    recipe = ready.recipe
    middle = bottom + height - 36 * unit
    thick = 18 * unit
    over = "" if len(recipe.starts) == 1 else f"{recipe.average} "
    if shades.metric == "steps":
        said = f"{over}steps until arrived"
    else:
        above = " above the minimum" if shades.zero else ""
        said = f"{over}loss{above} after {ready.setting.steps} steps"
    swatches: list[tuple[str, dict[str, Any]]] = [("diverged", _lost_look(sheet))]
    if shades.metric == "steps":
        look: dict[str, Any] = {"facecolor": _mixed(sheet, _LATE), "edgecolor": "none"}
        swatches.append((f"not there after {ready.setting.steps}", look))
    share = 0.24 if width > 700 * unit else 0.3
    label = sheet.text(left, middle, said, 17, theme.ink)
    x = left + (fit(label, share * width, least=0.4) or share * width) + 14 * unit
    bar = 0.3 * width if len(swatches) == 1 else 0.24 * width
    axes = sheet.axes((x, middle - thick / 2, bar, thick))
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.imshow(
        shades.colors(np.linspace(0, 1, 256))[None], extent=(0, 1, 0, 1), aspect="auto", zorder=1
    )
    axes.set_yticks([])
    ticks = log_ticks(shades.low, shades.high, max(2, int(bar / (95 * unit))))
    span = math.log(shades.high / shades.low)
    places = tuple(math.log(one / shades.low) / span for one in ticks.places)
    set_ticks(axes.xaxis, Ticks(places, tuple(compact(one) for one in ticks.places)))
    axes.set_xlim(0, 1)
    axes.tick_params(labelsize=15 * point, length=3 * point, pad=2 * point)
    x += bar + 34 * unit
    room = left + width - x
    each = room / len(swatches)
    for k, (word, look) in enumerate(swatches):
        at = x + k * each
        sheet.figure.add_artist(
            Rectangle(
                (at / sheet.pen.width, (middle - thick / 2) / sheet.pen.height),
                34 * unit / sheet.pen.width,
                thick / sheet.pen.height,
                **look,
            )
        )
        written = sheet.text(at + 42 * unit, middle, word, 17, theme.ink)
        fit(written, each - 52 * unit, least=0.4)


def _title(ready: Stability) -> str:
    recipe = ready.recipe
    if recipe.title is not None:
        return " ".join(recipe.title.split())
    surface = ready.setting.surface
    name = surface.title or surface.name.replace("_", " ")
    return f"Which settings work on {name if name != 'formula' else surface.spec}"


def _caption(ready: Stability) -> str:
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    starts = ready.setting.starts
    said = f"each cell is a run of {ready.setting.steps} steps from "
    if len(starts) == 1:
        said += f"{starts[0][0]:g}, {starts[0][1]:g}"
    else:
        said += f"each of {len(starts)} starts"
    if recipe.noise:
        said += f", noise {recipe.noise:g}"
    return f"{said}; diverged: ends higher than it began"
