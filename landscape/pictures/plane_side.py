"""What stands beside a plane: the legend of its runs, and how far they are from the plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.drawing.layout import Box
from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet
from landscape.drawing.trail import TrailStyle
from landscape.pictures.plane_axes import set_log_ticks
from landscape.pictures.plane_surface import finite_count
from landscape.pictures.plane_words import loss_name, rule_of, share_of
from landscape.pictures.words import percent, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from landscape.networks.run import Run
    from landscape.pictures.plane import Plane

    Array = NDArray[Any]

__all__ = ["draw_entry", "draw_strip"]

Show = Callable[[int], None]
_STRIP_NAMES = {
    "loss": "loss: true (line), of the plane (dots)",
    "off": "distance from the plane / reach of the path",
}


def draw_strip(
    sheet: Sheet, ready: Plane, kind: str, box: Box, styles: list[TrailStyle], *, last: bool
) -> list[Show]:
    """Draw the axes of one kind of curve over the epochs; return what shows it at a frame."""
    from matplotlib.ticker import MaxNLocator, NullFormatter

    panel, theme, point = ready.panels[0], sheet.theme, sheet.point
    said = _STRIP_NAMES[kind]
    if kind == "loss":
        said = said.replace("loss", loss_name(ready.recipe.metric), 1)
    axes = sheet.axes(box)
    axes.tick_params(labelsize=15 * point, length=4 * point, pad=3 * point)
    axes.grid(visible=True, color=theme.faint, alpha=0.25, linewidth=0.8 * point)
    axes.set_title(said, loc="left", fontsize=16 * point, color=theme.faint, pad=5 * point)
    fit(axes._left_title, box[2] + 10 * sheet.unit, least=0.6)  # type: ignore[attr-defined]
    axes.set_xlim(0, ready.epochs[-1] or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    if last:
        axes.annotate(
            "epochs",
            (1.0, 0.0),
            (0.0, -22 * point),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=15 * point,
            color=theme.faint,
        )
    else:
        axes.xaxis.set_major_formatter(NullFormatter())
    curves: list[tuple[Run, Line2D, Array, Array]] = []
    values = []
    fixed: dict[str, Any] = {"scalex": False, "scaley": False}
    for run, path, style, lost in zip(panel.runs, panel.paths, styles, panel.lost, strict=True):
        times = path.steps / run.steps_per_epoch
        looks: dict[str, Any] = {"color": style.color, "linewidth": style.width, **fixed}
        if kind == "loss":
            (plane,) = axes.plot([], [], linestyle=(0, (1, 1.4)), **looks)
            curves.append((run, plane, times, path.plane_loss))
            found = [path.plane_loss, path.loss]
            (true,) = axes.plot([], [], **looks)
            curves.append((run, true, times, path.loss))
        else:
            (off,) = axes.plot([], [], **looks)
            curves.append((run, off, times, path.relative))
            found = [path.relative]
        # What went away would leave nothing to be seen of the others.
        values += [] if lost else found
    _limit(axes, np.concatenate(values), log=kind == "loss")
    sheet.moving += [line for _, line, _, _ in curves]

    def shower(run: Run, line: Line2D, times: Array, heights: Array) -> Show:
        def show(frame: int) -> None:
            end = ready.reached(run, frame) + 1
            line.set_data(times[:end], heights[:end])

        return show

    return [shower(*one) for one in curves]


def _limit(axes: Axes, values: Array, *, log: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    good = values[np.isfinite(values)]
    if log and (good > 0).any():
        low, high = float(good[good > 0].min()), float(good.max())
        axes.set_ylim(low / 1.4, high * 1.4)
        set_log_ticks(axes, 4)
        return
    high = float(good.max(initial=0.0)) or 1.0
    axes.set_ylim(0, 1.08 * high)
    axes.yaxis.set_major_locator(MaxNLocator(3))


def draw_entry(sheet: Sheet, ready: Plane, k: int, style: TrailStyle, box: Box) -> Show:
    """Write a run's line of the legend; return what shows its loss at a frame."""
    panel = ready.panels[0]
    run, path = panel.runs[k], panel.paths[k]
    x, top, width, row = box
    unit, theme = sheet.unit, sheet.theme
    scale = min(1.0, row / (56 * unit))
    upper, lower = top - 16 * unit * scale, top - 40 * unit * scale
    sheet.pen.line(
        [x, x + 40 * unit], [upper, upper], color=style.color, linewidth=1.3 * style.width
    )
    sheet.pen.line(
        [x + 20 * unit],
        [upper],
        marker=style.marker,
        color=style.color,
        markersize=style.head,
        markeredgecolor=style.edge,
        linestyle="none",
    )
    name = sheet.text(x + 52 * unit, upper, run.label, 22 * scale, theme.ink, fontweight="bold")
    fit(name, width - 52 * unit, least=0.5)
    taken = 64 * unit + name.get_window_extent().width
    if taken < 0.8 * width:
        told = sheet.text(x + taken, upper, rule_of(run), 17 * scale, theme.faint)
        if fit(told, width - taken, least=0.65) is None:
            told.remove()
    last = finite_count(path.relative) - 1
    ending = run.describe_ending() if run.ending != "finished" else ""
    named = loss_name(panel.plane.metric)
    texts = []
    for step, loss in enumerate(path.loss):
        parts = [
            f"{named} {short(float(loss))}",
            *(_accuracies_of(run, named) if step == last else []),
        ]
        parts.append(f"{share_of(float(path.relative[min(step, last)]))} off the plane")
        texts.append(ending if ending and step >= last else ", ".join(parts))
    said = sheet.text(x + 52 * unit, lower, max(texts, key=len), 17 * scale, theme.ink)
    fit(said, width - 52 * unit, least=0.5)
    sheet.moving.append(said)
    return lambda frame: said.set_text(texts[ready.reached(run, frame)])


def _accuracies_of(run: Any, named: str) -> list[str]:
    value = float(run.test_accuracy[-1])
    what = "test" if named == "loss" else "accuracy"  # beside a test loss it is of the same rows
    return [f"{what} {percent(value)}"] if np.isfinite(value) else []
