"""Curves beside a surface: loss, gradient norm and learning rate of each path over its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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

# A loss that is this much smaller than the largest is drawn at the foot of a log axis.
_DEEPEST = 1e-12


def progress_of(path: Trajectory, against: str) -> Array:
    """Return what a curve's points are drawn over, shape (n+1,).

    Parameters: `against` is "steps", "epochs" (passes over the data) or "evaluations" (gradients).

    Raises LandscapeError for epochs of a path without data.
    """
    import numpy as np

    if against == "steps":
        return np.arange(len(path), dtype=np.float64)
    if against == "evaluations":
        return path.evaluations.astype(np.float64)
    if path.epochs is None:
        raise LandscapeError(f"{path.surface.name} has no data to count epochs of: take steps")
    return path.epochs


def _values(kind: str, paths: Sequence[Trajectory]) -> tuple[list[Array], str, bool]:
    """Return the curves' values, their name, and whether they suit a log axis."""
    import numpy as np

    if kind == "rate":
        rates = [path.learning_rates for path in paths]
        low = min(float(np.min(one)) for one in rates)
        high = max(float(np.max(one)) for one in rates)
        return rates, "learning rate", low > 0 and high > 30 * low
    if kind == "gradient":
        with np.errstate(over="ignore"):
            norms = [np.hypot(*path.gradients.T) for path in paths]
        return norms, "gradient norm", True
    losses = [path.losses for path in paths]
    lowest = min(float(np.nanmin(np.where(np.isfinite(one), one, np.inf))) for one in losses)
    if lowest > 0:
        return losses, "loss", True
    known = [point.value for point in paths[0].surface.minima]
    if known and known[0] <= lowest:
        return [one - known[0] for one in losses], "loss above the minimum", True
    return losses, "loss", False


def draw_strip(
    axes: Axes,
    kind: str,
    paths: Sequence[Trajectory],
    styles: Sequence[TrailStyle],
    theme: Theme,
    unit: float,
    *,
    against: str = "steps",
    last: bool = True,
) -> list[Track]:
    """Set up the axes of one kind of curve and return the tracks to be drawn in it.

    Parameters: `kind` is "loss", "gradient" or "rate"; `unit` is a slide's pixel in points; `last`
    tells whether the axis of steps is labelled.
    """
    import numpy as np

    values, said, log = _values(kind, paths)
    places = [progress_of(path, against) for path in paths]
    finite = np.concatenate([one[np.isfinite(one)] for one in values])
    low, high = float(finite.min(initial=np.inf)), float(finite.max(initial=-np.inf))
    if log:
        positive = finite[finite > 0]
        high = float(positive.max(initial=1e-300))
        low = max(float(positive.min(initial=high)), _DEEPEST * high)
        axes.set_yscale("log")
        margin = max((high / low) ** 0.06, 1.2)
        limits = low / margin, high * margin
        values = [np.where(np.isfinite(one), np.maximum(one, low), one) for one in values]
    else:
        margin = 0.08 * (high - low) or 0.1 * max(1e-9, abs(high))
        limits = low - margin, high + margin
    end = max(float(place[-1]) for place in places) or 1.0
    axes.set(xlim=(0.0, end), ylim=limits)
    _style(axes, theme, unit, last=last)
    axes.set_title(said, loc="left", fontsize=17 * unit, color=theme.faint, pad=4 * unit)
    if last:
        # On the axis' own line, where a label of its own would take a line more.
        axes.annotate(
            against,
            (1.0, 0.0),
            (0.0, -19 * unit),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=17 * unit,
            color=theme.faint,
        )
    thin = [replace(s, width=0.8 * s.width, head=0.62 * s.head) for s in styles]
    tracks = []
    for place, one, style in zip(places, values, thin, strict=True):
        points = np.stack([place, one], axis=1)
        good = np.isfinite(one)
        length = len(one) if good.all() else int(np.argmin(good))
        lost = None if length == len(one) else length
        bounds = ((0.0, end), limits)
        tracks.append(Track(axes, points[:length], bounds, style, lost=lost, dots=False))
    return tracks


def _style(axes: Axes, theme: Theme, unit: float, *, last: bool) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, NullLocator

    axes.set_facecolor(theme.ground)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(theme.faint)
        spine.set_linewidth(1.2 * unit)
    axes.tick_params(
        which="both",
        colors=theme.ink,
        labelsize=15 * unit,
        width=1.0 * unit,
        length=5 * unit,
        pad=4 * unit,
    )
    axes.grid(visible=True, color=theme.faint, alpha=0.25, linewidth=0.8 * unit)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    if not last:
        axes.xaxis.set_major_formatter(NullFormatter())
    if axes.get_yscale() == "log":
        axes.yaxis.set_major_locator(LogLocator(numticks=4))
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
