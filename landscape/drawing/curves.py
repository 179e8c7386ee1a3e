"""Curves beside a surface: loss, gradient norm and learning rate of each path over its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landscape.drawing.pen import DPI, fit
from landscape.drawing.ticks import Ticks, choose_ticks, compact, set_ticks, text_width
from landscape.drawing.track import Track
from landscape.drawing.trail import TrailStyle
from landscape.errors import LandscapeError
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.descent import Trajectory

    Array = NDArray[Any]

__all__ = ["draw_strip", "progress_of"]

# A loss that is this much smaller than the largest is below the log axis.
_DEEPEST = 1e-12
# A minimum above this share of the first loss is taken off.
_FLOOR = 1e-3
# Rates of several paths that lie so far apart need a log axis.
_APART = 20.0
_HUGE = 1e280
# The size of the numbers at the axes, in slide pixels.
_NUMBERS = 15.0


def progress_of(path: Trajectory, against: str) -> Array:
    """Return what a curve's points are drawn over, shape (n+1,).

    Parameters: `against` is "steps", "epochs" (passes over the data) or "evaluations" (gradients
    and what else a solver asks for; on data the gradients of single examples).

    Raises LandscapeError for epochs of a path without data.
    """
    import numpy as np

    if against == "steps":
        return np.arange(len(path), dtype=np.float64)
    if against == "evaluations":
        if path.epochs is None:
            return path.evaluations.astype(np.float64)
        return path.epochs * path.surface.examples
    if path.epochs is None:
        raise LandscapeError(f"{path.surface.name} has no data to count epochs of: take steps")
    return path.epochs


def _values(
    kind: str, paths: Sequence[Trajectory], among: Sequence[Trajectory]
) -> tuple[list[Array], str, bool]:
    """Return the curves' values, their name, and whether all that are `among` suit a log axis."""
    import numpy as np

    if kind == "rate":
        # The last rate is that of a step which is not taken.
        every = (path.learning_rates for path in paths)
        rates = [np.append(one[:-1], one[-2:-1]) if len(one) > 1 else one for one in every]
        tops = [float(np.nanmax(one)) for one in rates if np.isfinite(one).any()]
        return rates, "learning rate", bool(tops) and max(tops) > _APART * min(tops) > 0
    if kind == "gradient":
        with np.errstate(over="ignore"):
            norms = [np.hypot(*path.gradients.T) for path in paths]
        return norms, "gradient norm", True
    losses = [path.losses for path in paths]
    everywhere = np.concatenate([path.losses for path in among])
    lowest = float(everywhere[np.isfinite(everywhere)].min(initial=np.inf))
    floors = {path: path.surface.minima[0].value for path in among if path.surface.minima}
    known = len(floors) == len(among) and max(floors.values()) <= lowest
    start = max(float(path.losses[0]) for path in among)
    # What data leave unexplained is no progress that could still be made.
    if known and (lowest <= 0 or min(floors.values()) > _FLOOR * start):
        above = [path.losses - floors[path] for path in paths]
        return above, "loss above the minimum", True
    return losses, "loss", lowest > 0


def _span(places: Sequence[Array]) -> tuple[float, float]:
    """Return the limits of the axis of progress; a first one above 0 asks for a log axis.

    On few examples a path makes its steps in a small part of an epoch: beside one on all of them
    only a log axis shows both.
    """
    walked = [place for place in places if place[-1] > 0]  # a solver may stay where it begins
    ends = [float(place[-1]) for place in walked] or [1.0]
    if max(ends) <= _APART * min(ends):
        return 0.0, max(ends)
    return min(float(place[1]) for place in walked), max(ends)


def _limits(finite: Array, *, log: bool) -> tuple[tuple[float, float], float]:
    """Return the limits of an axis that shows all values, and the lowest value shown."""
    # What is about to overflow leaves the picture a little earlier.
    finite = finite.clip(-_HUGE, _HUGE)
    if log:
        positive = finite[finite > 0]
        high = float(positive.max(initial=1e-300))
        low = max(float(positive.min(initial=high)), _DEEPEST * high)
        margin = max((high / low) ** 0.06, 1.2)
        return (low / margin, high * margin), low
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    margin = 0.08 * (high - low) or 0.1 * max(1e-9, abs(high))
    return (low - margin, high + margin), low


def draw_strip(
    axes: Axes,
    kind: str,
    paths: Sequence[Trajectory],
    styles: Sequence[TrailStyle],
    theme: Theme,
    unit: float,
    *,
    against: str = "steps",
    among: Sequence[Trajectory] = (),
    last: bool = True,
) -> list[Track]:
    """Set up the axes of one kind of curve and return the tracks to be drawn in it.

    Parameters: `kind` is "loss", "gradient" or "rate"; `unit` is a slide's pixel in points; `among`
    are the paths of all panels, which have the same scales; `last` tells whether the axis of steps
    is labelled.
    """
    import numpy as np

    values, said, log = _values(kind, paths, among or paths)
    places = [progress_of(path, against) for path in paths]
    every = _values(kind, among, among)[0] if among else values
    finite = np.concatenate([one[np.isfinite(one)] for one in every])
    limits, lowest = _limits(finite, log=log)
    if log:
        axes.set_yscale("log")
        # What is smaller goes out of the picture through its foot, not along it.
        foot = limits[0] * 0.01
        if bool((finite < lowest).any()):
            said += f" (down to {compact(float(f'{limits[0]:.0e}'))})"
        values = [np.where(np.isfinite(one) & (one < lowest), foot, one) for one in values]
    first, end = _span([progress_of(path, against) for path in among or paths])
    if first > 0:
        axes.set_xscale("log")
        places = [np.maximum(place, first) for place in places]
    axes.set(xlim=(first, end), ylim=limits)
    _style(axes, theme, unit, last=last)
    name = axes.set_title(said, loc="left", fontsize=17 * unit, color=theme.faint, pad=4 * unit)
    fit(name, float(axes.bbox.width), least=0.6)
    if last:
        _name_progress(axes, against, theme, unit)
    thin = [replace(s, width=0.8 * s.width, head=0.62 * s.head) for s in styles]
    tracks = []
    for place, one, style in zip(places, values, thin, strict=True):
        points = np.stack([place, one], axis=1)
        good = np.isfinite(one)
        length = len(one) if good.all() else int(np.argmin(good))
        if length == 0:  # a solver has no rate
            continue
        lost = None if length == len(one) else length
        bounds = ((first, end), limits)
        tracks.append(Track(axes, points[:length], bounds, style, lost=lost, dots=False))
    if not tracks:
        raise LandscapeError(f"none of these optimizers has a {said} to draw: leave the curve out")
    return tracks


def _name_progress(axes: Axes, said: str, theme: Theme, unit: float) -> None:
    """Write what the axis counts before its last number, on their line; a number may give way."""
    pixel = unit * DPI / 72
    low, high = axes.get_xlim()
    places = [float(place) for place in axes.xaxis.get_majorticklocs() if low <= place <= high]
    labels = axes.xaxis.get_major_formatter().format_ticks(places)
    at = [float(axes.transData.transform((place, 1.0))[0]) for place in places]
    widths = [text_width(label) * _NUMBERS * pixel for label in labels]
    gap, right = 0.5 * _NUMBERS * pixel, axes.bbox.x1
    if at and at[-1] + widths[-1] / 2 > right - 2 * gap:
        right = at[-1] - widths[-1] / 2 - gap
    left = right - text_width(said) * _NUMBERS * pixel - gap
    hidden = [
        k
        for k, (x, width) in enumerate(zip(at, widths, strict=True))
        if x + width / 2 > left and x - width / 2 < right
    ]
    shown = tuple("" if k in hidden else label for k, label in enumerate(labels))
    set_ticks(axes.xaxis, Ticks(tuple(places), shown))
    axes.annotate(
        said,
        ((right - axes.bbox.x0) / axes.bbox.width, 0.0),
        (0.0, -9 * unit),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=_NUMBERS * unit,
        color=theme.faint,
    )


def _style(axes: Axes, theme: Theme, unit: float, *, last: bool) -> None:
    from matplotlib.ticker import (
        FuncFormatter,
        LogLocator,
        NullFormatter,
        NullLocator,
    )

    axes.set_facecolor(theme.ground)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(theme.faint)
        spine.set_linewidth(1.2 * unit)
    axes.tick_params(
        which="both",
        colors=theme.ink,
        labelsize=_NUMBERS * unit,
        width=1.0 * unit,
        length=5 * unit,
        pad=4 * unit,
    )
    axes.grid(visible=True, color=theme.faint, alpha=0.25, linewidth=0.8 * unit)
    pixel = unit * DPI / 72
    room = axes.bbox.width / (_NUMBERS * pixel), axes.bbox.height / (_NUMBERS * pixel)
    if axes.get_xscale() == "linear":
        most = min(max(int(axes.bbox.width / (80 * pixel)), 2), 7)
        set_ticks(axes.xaxis, choose_ticks(*axes.get_xlim(), most, room[0]))
    else:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))
        axes.xaxis.set_minor_locator(NullLocator())
    if not last:
        axes.xaxis.set_major_formatter(NullFormatter())
    if axes.get_yscale() == "log":
        low, high = axes.get_ylim()
        most = max(2, min(4, int(room[1] / 1.7)))
        axes.yaxis.set_major_locator(LogLocator(numticks=most))
        axes.yaxis.set_minor_locator(NullLocator())
        if high < 8 * low:  # a locator of powers of ten would label every tenth of them
            set_ticks(axes.yaxis, choose_ticks(low, high, 3, room[1], upright=True))
        elif high < 200 * low:  # so few powers of ten that one label at most would be left
            subs = (1,) if most < 3 else (1, 3)
            axes.yaxis.set_major_locator(LogLocator(subs=subs))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))
    else:
        set_ticks(axes.yaxis, choose_ticks(*axes.get_ylim(), 3, room[1], upright=True))
