"""The page of learning curves: panels of loss and accuracy, each line with its name at its end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.drawing.layout import Box
from landscape.drawing.learning_curves import (
    Curve,
    guess_line,
    guessing_loss,
    loss_limits,
    set_scales,
)
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet, new_sheet
from landscape.pictures.curves import CurveLine, Curves, CurvesPanel
from landscape.pictures.curves_guess import name_guess
from landscape.pictures.curves_plan import outer_margins, plan_grid, plan_one
from landscape.pictures.curves_texts import (
    NameTexts,
    dead_text,
    line_colors,
    name_in_corner,
    name_lines,
    value_text,
)
from landscape.pictures.ready import Drawing
from landscape.pictures.words import network_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["draw"]

_SEEN = 0.1  # of a run's losses within the axes: with less there is no curve


@dataclass(frozen=True)
class _Shown:
    """One run in one panel, and the texts beneath its name, if it has them there."""

    curve: Curve
    line: CurveLine
    texts: NameTexts | None


def draw(ready: Curves) -> Drawing:
    """Return the drawing of learning curves, within `picture_style`.

    Raises LandscapeError if the picture is too small for them.
    """
    recipe = ready.recipe
    film = recipe.kind == "film"
    end = ready.times[-1]
    digits = 0 if end >= ready.count - 1 else 1
    longest = f"epoch {end:.{digits}f}" if film else ""
    sheet = new_sheet(recipe.pixels, recipe.theme, _title(ready), _caption(ready), counter=longest)
    shown = _draw_grid(sheet, ready) if len(ready.panels) > 1 else _draw_one(sheet, ready)
    sheet.moving.append(sheet.counter)

    def show(k: int) -> None:
        time = ready.times[k]
        for one in shown:
            value = one.curve.show(time)
            if one.texts is None:
                continue
            last = k == ready.count - 1
            one.texts.value.set_text(value_text(one.line, value, last=last))
            if one.texts.dead is not None:  # it is known at the end alone
                one.texts.dead.set_text(dead_text(one.line) if last else "")
        sheet.counter.set_text(f"epoch {time:.{digits}f}" if film else "")

    theme = sheet.theme
    colors = [color for panel in ready.panels for color in line_colors(ready, panel, theme)]
    needed = [theme.ground, theme.ink, theme.faint, *dict.fromkeys(colors)]
    return Drawing(sheet.figure, sheet.moving, show, needed)


def _draw_one(sheet: Sheet, ready: Curves) -> list[_Shown]:
    """Draw a panel for each metric, with the names of the lines at the ends of the first."""
    recipe, unit = ready.recipe, sheet.unit
    left, bottom, width, _ = sheet.box
    (panel,) = ready.panels
    metrics = [name for name in recipe.show if _has(ready, name)] or ["loss"]
    gutter, ticks, foot, _ = outer_margins(width, unit)
    wide, tall = plan_one(recipe, sheet.box, unit, len(metrics))
    shown: list[_Shown] = []
    x = left + ticks
    for k, metric in enumerate(metrics):
        axes = _axes(sheet, ready, panel, metric, (x, bottom + foot, wide, tall))
        sheet.text(x, bottom + foot + tall + 17 * unit, metric, 20, sheet.theme.faint)
        curves = _curves(sheet, ready, panel, metric, axes)
        texts: list[NameTexts | None] = [None] * len(curves)
        if k == 0:
            box = (x + wide + 14 * unit, bottom + foot, gutter - 20 * unit, tall)
            texts = [*name_lines(sheet, ready, panel, curves, axes, box)]
        triples = zip(curves, panel.lines, texts, strict=True)
        shown += [_Shown(curve, line, beneath) for curve, line, beneath in triples]
        x += wide + ticks + (gutter if k == 0 else 0.0)
    return shown


def _draw_grid(sheet: Sheet, ready: Curves) -> list[_Shown]:
    """Draw a panel for each value of the grid, a row for each metric."""
    recipe, unit = ready.recipe, sheet.unit
    metrics = [name for name in recipe.show if _has(ready, name)] or ["loss"]
    rows = len(metrics)
    foot, head = 40 * unit, 36 * unit
    across, down = plan_grid(recipe, sheet.box, unit, len(ready.panels), rows)
    columns = len(across)
    shown: list[_Shown] = []
    for r, metric in enumerate(metrics):
        for k, panel in enumerate(ready.panels):
            (x, wide), (y, tall) = across[k % columns], down[r if rows > 1 else k // columns]
            box = (x, y + foot, wide, tall - foot - head)
            axes = _axes(sheet, ready, panel, metric, box, numbered=k % columns == 0)
            if r == 0:
                name = sheet.text(
                    x, y + tall - 0.5 * head, panel.title, 21, sheet.theme.ink, fontweight="bold"
                )
                fit(name, 0.62 * wide, least=0.5)
            if k % columns == 0 or r == 0:
                said = sheet.text(
                    x + wide, y + tall - 0.5 * head, metric, 18, sheet.theme.faint, ha="right"
                )
                fit(said, 0.36 * wide, least=0.5)
            curves = _curves(sheet, ready, panel, metric, axes)
            if r == 0:
                name_in_corner(sheet, ready, panel, axes, box)
            pairs = zip(curves, panel.lines, strict=True)
            shown += [_Shown(curve, line, None) for curve, line in pairs]
    return shown


def _has(ready: Curves, metric: str) -> bool:
    import numpy as np

    return any(np.isfinite(getattr(run, f"train_{metric}")).any() for run in ready.runs)


def _top(ready: Curves) -> float | None:
    """Return where the axis of the loss ends: all of the lowest run, if none would be seen."""
    import numpy as np

    if ready.recipe.top is not None or ready.recipe.axis == "log":
        return ready.recipe.top
    usual = loss_limits(ready.runs)[1]
    losses = [run.train_loss[np.isfinite(run.train_loss)] for run in ready.runs]
    if any((one <= usual).mean() > _SEEN for one in losses):
        return None
    return 1.08 * min(float(one.max()) for one in losses)


def _axes(
    sheet: Sheet,
    ready: Curves,
    panel: CurvesPanel,
    metric: str,
    box: Box,
    *,
    numbered: bool = True,
) -> Axes:
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter, PercentFormatter

    recipe, point, theme = ready.recipe, sheet.point, sheet.theme
    axes = sheet.axes(box)
    set_scales(axes, ready.runs, metric, log=recipe.axis == "log", top=_top(ready))
    axes.grid(visible=True, color=theme.faint, alpha=0.22, linewidth=0.8 * point)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, steps=[1, 2, 5, 10]))
    if metric == "accuracy":
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    elif recipe.axis == "linear":
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    if not numbered:
        axes.yaxis.set_major_formatter(NullFormatter())
    left, bottom, width, _ = box
    sheet.text(left + width, bottom - 34 * sheet.unit, "epoch", 17, theme.faint, ha="right")
    if recipe.guess:
        drawn = guess_line(axes, ready.runs, metric, theme, width=1.6 * point)
        if drawn is not None:
            runs = [line.run for line in panel.lines]
            # In a grid the names of the lines are in the corner beneath it.
            alone = len(ready.panels) == 1
            name_guess(sheet, axes, drawn[1], metric, box, runs, recipe.parts, beneath=alone)
    return axes


def _curves(
    sheet: Sheet, ready: Curves, panel: CurvesPanel, metric: str, axes: Axes
) -> list[Curve]:
    recipe = ready.recipe
    made = []
    colors = line_colors(ready, panel, sheet.theme)
    for line, color in zip(panel.lines, colors, strict=True):
        curve = Curve(
            line.run,
            metric,
            axes,
            color,
            parts=recipe.parts,
            batches=recipe.batches,
            smooth=recipe.smooth,
            width=3.2 * sheet.point,
            edge=sheet.theme.edge,
        )
        sheet.moving += curve.artists
        made.append(curve)
    return made


def _title(ready: Curves) -> str:
    recipe = ready.recipe
    if recipe.title is not None:
        return " ".join(recipe.title.split())
    return "Learning curves"


def _caption(ready: Curves) -> str:
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    network = ready.runs[0].network
    same = all(run.network == network for run in ready.runs)
    parts = [f"{ready.data}, {network_words(network)}"]
    if not same:
        parts = [ready.data]
    guess = guessing_loss(network)
    firsts = sorted({f"{float(run.train_loss[0]):.2f}" for run in ready.runs}, key=float)
    told = recipe.guess and "loss" in recipe.show and math.isfinite(guess)
    if told:
        first = f"first loss {' to '.join(dict.fromkeys((firsts[0], firsts[-1])))}"
        parts.append(f"{first}, guessing log {network.sizes[-1]} = {guess:.2f}")
    if len(recipe.parts) > 1:
        parts.append("solid: training rows, dashed: test rows")
    elif recipe.batches:
        parts.append("thin: each step's batch, thick: all training rows")
    return "; ".join(parts)
