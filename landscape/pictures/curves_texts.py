"""The texts on learning curves: names and values at the ends of lines, the line of guessing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from landscape.drawing.layout import Box
from landscape.drawing.learning_curves import Curve, curve_colors, guessing_loss
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet
from landscape.drawing.trail import trail_styles
from landscape.pictures.curves_guess import keep_right

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from landscape.networks.run import Run
    from landscape.pictures.curves import CurveLine, Curves, CurvesPanel
    from landscape.style import Theme

__all__ = [
    "NameTexts",
    "apart",
    "dead_text",
    "line_colors",
    "name_in_corner",
    "name_lines",
    "oscillation",
    "value_text",
]


class NameTexts(NamedTuple):
    """The texts beneath a line's name that change: its value, and its dead units if any are."""

    value: Text
    dead: Text | None


def line_colors(ready: Curves, panel: CurvesPanel, theme: Theme) -> list[str]:
    """Return the colours of a panel's lines: the rules' own, as on a surface, if lines are rules.

    Variants of a rule, one rule several times too, have colours by their order, and so have more
    rules than there are colours.
    """
    if not ready.recipe.vary:
        rules = [line.run.rule.partition(":")[0] for line in panel.lines]
        colors = [style.color for style in trail_styles(rules, theme)]
        if len(set(rules)) == len(set(colors)) == len(rules):
            return colors
    return curve_colors(len(panel.lines), theme)


def name_lines(
    sheet: Sheet,
    ready: Curves,
    panel: CurvesPanel,
    curves: Sequence[Curve],
    axes: Axes,
    box: Box,
) -> list[NameTexts]:
    """Write each line's name beside its end, moved apart where they would overlap.

    In a film, whose lines have not yet come to their ends, they are a legend from the top down, in
    the order of the ends.
    """
    left, bottom, width, height = box
    unit = sheet.unit
    film = ready.recipe.kind == "film"
    heights = _heights(panel, curves, axes)
    rows = 3 if any(line.dead for line in panel.lines) else 2
    step = min(21 * unit * rows + 8 * unit, height / len(panel.lines))
    size = min(1.0, step / (21 * unit * rows))
    highest = bottom + height - 0.4 * step
    wanted = [highest] * len(heights) if film else heights
    order = sorted(range(len(heights)), key=lambda k: -heights[k])
    placed = apart([wanted[k] for k in order], step, bottom + 0.4 * step, highest)
    places = dict(zip(order, placed, strict=True))
    mark = 34 * unit if film else 0.0
    colors = line_colors(ready, panel, sheet.theme)
    made: list[NameTexts] = []
    for k, (line, color) in enumerate(zip(panel.lines, colors, strict=True)):
        top = places[k] + 0.5 * 21 * unit * size * (rows - 1)
        if film:
            ends = [left, left + mark - 8 * unit]
            sheet.pen.line(ends, [top, top], color=color, linewidth=3.2 * sheet.point)
        name = sheet.text(left + mark, top, line.label, 19 * size, color, fontweight="bold")
        fit(name, width - mark, least=0.5)
        value = sheet.text(left + mark, top - 21 * unit * size, "", 16 * size, sheet.theme.ink)
        value.set_text(_longest(line))
        fit(value, width - mark, least=0.5)
        value.set_text("")
        sheet.moving.append(value)
        dead = None
        if line.dead:
            said = dead_text(line)
            below = top - 42 * unit * size
            dead = sheet.text(left + mark, below, said, 16 * size, sheet.theme.faint)
            fit(dead, width - mark, least=0.5)
            dead.set_text("")
            sheet.moving.append(dead)
        made.append(NameTexts(value, dead))
    return made


def _longest(line: CurveLine) -> str:
    """Return the longest text that stands beneath a line's name at some time."""
    losses = [float(loss) for loss in line.run.train_loss]
    said = [value_text(line, loss, last=False) for loss in losses]
    return max([*said, value_text(line, losses[-1], last=True)], key=len)


def _heights(panel: CurvesPanel, curves: Sequence[Curve], axes: Axes) -> list[float]:
    """Return the height of each line's end in pixels; what diverged ends at the top."""
    low, high = axes.get_ylim()
    heights = []
    for curve, line in zip(curves, panel.lines, strict=True):
        end = curve.places[0][1] if curve.places else high
        end = high if line.run.ending != "finished" else end
        shown = min(max(end, low), high)
        heights.append(float(axes.transData.transform((0.0, shown))[1]))
    return heights


def dead_text(line: CurveLine) -> str:
    """Return how many units are dead at the end of a run."""
    return f"{line.dead} of {line.units} units dead"


def apart(wanted: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Return heights near those wanted, at least `step` apart, between `low` and `high`."""
    order = sorted(range(len(wanted)), key=lambda k: (-wanted[k], k))
    places = [0.0] * len(wanted)
    above = high + step
    for k in order:
        places[k] = above = min(wanted[k], above - step, high)
    beneath = low - step
    for k in reversed(order):
        places[k] = beneath = max(places[k], beneath + step, low)
    return places


def value_text(line: CurveLine, value: float, *, last: bool) -> str:
    """Return what is said of a line beneath its name: its loss, and how it went astray."""
    import numpy as np

    run = line.run
    if last and run.ending != "finished":
        return run.describe_ending()
    said = _number(value)
    finite = run.train_loss[np.isfinite(run.train_loss)]
    most = float(finite.max(initial=0.0))
    if last and most > 1.5 * float(run.train_loss[0]):
        return f"{said}, up to {_number(most)}"
    return said


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if 0 < abs(value) < 1e-3 or abs(value) >= 1e4:
        mantissa, exponent = f"{value:.0e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "\N{MINUS SIGN}")
    if abs(value) < 0.01:
        return f"{value:.4f}"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def name_in_corner(sheet: Sheet, ready: Curves, panel: CurvesPanel, axes: Axes, box: Box) -> None:
    """Write the names of several lines, or how much a single one oscillates, in the corner."""
    from matplotlib.patheffects import withStroke

    left, bottom, width, height = box
    unit = sheet.unit
    rim = [withStroke(linewidth=4 * sheet.point, foreground=sheet.theme.ground)]
    lines = [(line.label, color) for line, color in _colored(sheet, ready, panel)]
    if len(lines) == 1:
        said = _oscillates(panel.lines[0].run) if ready.recipe.batches else ""
        lines = [(said, sheet.theme.ink)] if said else []
    y = bottom + height - 16 * unit
    guess = guessing_loss(ready.runs[0].network)
    if ready.recipe.guess and math.isfinite(guess):
        level = float(axes.transData.transform((0.0, guess))[1])
        if level + 24 * unit > y - 23 * unit * (len(lines) - 1) - 10 * unit:
            y = min(y, level - 16 * unit)
    for said, color in lines:
        text = sheet.text(
            left + width - 6 * unit, y, said, 17, color, ha="right", zorder=6, path_effects=rim
        )
        fit(text, 0.94 * width, least=0.5)
        keep_right(sheet, text)
        y -= 23 * unit


def _oscillates(run: Run) -> str:
    """Return what is said of the losses of batches: how far they lie from that of all rows."""
    import numpy as np

    wide = oscillation(run)
    if not wide > 0:
        return ""
    finite = run.batch_losses[np.isfinite(run.batch_losses)]
    return f"batches: ± {wide:.2g}, up to {float(finite.max(initial=0.0)):.2g}"


def _colored(sheet: Sheet, ready: Curves, panel: CurvesPanel) -> list[tuple[CurveLine, str]]:
    colors = line_colors(ready, panel, sheet.theme)
    return list(zip(panel.lines, colors, strict=True))


def oscillation(run: Run) -> float:
    """Return how far the losses of batches lie from the loss of all rows.

    It is the root of the mean squared difference over all steps, the loss of all rows interpolated
    between its measurements; 0 if a batch is all rows.
    """
    import numpy as np

    if run.steps_per_epoch == 1:
        return 0.0
    steps = np.arange(len(run.batch_losses))
    away = run.batch_losses - np.interp(steps, run.steps, run.train_loss)
    away = away[np.isfinite(away)]
    return float(np.sqrt(np.mean(away**2))) if away.size else math.nan
