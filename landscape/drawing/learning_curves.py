"""Learning curves: losses and accuracies of training runs over the epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.style import Theme, find_theme

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from landscape.networks.run import Run

    Array = NDArray[Any]

__all__ = [
    "METRICS",
    "PARTS",
    "Curve",
    "curve_colors",
    "guessing_loss",
    "learning_curves",
    "loss_limits",
    "moving_average",
]

METRICS = ("loss", "accuracy")
PARTS = ("train", "test")
# How far above the first losses a linear axis reaches.
_ROOM = 1.45
# Colours of the theme in the order of the curves.
_ORDER = (1, 0, 2, 3, 6, 5, 7, 4)


def guessing_loss(network: Any) -> float:
    """Return the loss of guessing among K equally likely classes, log K; NaN for a regression."""
    classes = network.sizes[-1]
    return math.log(classes) if network.loss == "cross_entropy" else math.nan


def curve_colors(count: int, theme: Theme) -> list[str]:
    """Return a colour for each of several curves."""
    return [theme.trails[_ORDER[k % len(_ORDER)]] for k in range(count)]


def moving_average(values: Array, count: int) -> Array:
    """Return the mean of each value and the up to `count` - 1 before it."""
    import numpy as np

    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - count)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts))


def loss_limits(
    runs: Sequence[Run], *, log: bool = False, top: float | None = None
) -> tuple[float, float]:
    """Return limits of a loss axis: from 0 to a little above the first losses, or all if `log`."""
    import numpy as np

    losses = np.concatenate([np.r_[run.train_loss, run.test_loss] for run in runs])
    losses = losses[np.isfinite(losses) & (losses > 0)]
    guess = max((g for g in map(_guess, runs) if math.isfinite(g)), default=0.0)
    first = max((f for f in map(_first, runs) if math.isfinite(f)), default=1.0)
    if log:
        low = float(losses.min(initial=1.0))
        high = top or max(float(losses.max(initial=low)), guess)
        return low / 1.3, high * 1.4
    return 0.0, top or min(
        _ROOM * max(first, guess), 1.08 * max(float(losses.max(initial=0.0)), guess, 1e-9)
    )


def _guess(run: Run) -> float:
    return guessing_loss(run.network)


def _first(run: Run) -> float:
    return float(run.train_loss[0])


@dataclass
class _Piece:
    """A line that grows: its artist and all its points."""

    line: Any
    xs: Array
    ys: Array


class Curve:
    """The lines of one run on one axes, shown up to an epoch.

    Parameters: `run`; `metric`, "loss" or "accuracy"; `axes`, whose limits are set; `color`;
    `parts`, "train" (solid) and "test" (dashed); `batches` draws the loss of every step's batch,
    faint; `smooth` the mean of so many of them, 0 for none; `width` in points.

    Attributes: `artists`; `line`, that of the first part; `places`, the last point of each part's
    line that is finite.
    """

    def __init__(
        self,
        run: Run,
        metric: str,
        axes: Axes,
        color: str,
        *,
        parts: Sequence[str] = PARTS,
        batches: bool = False,
        smooth: int = 0,
        width: float = 2.2,
        edge: str = "#ffffff",
    ) -> None:
        import numpy as np

        self.axes = axes
        self._pieces: list[_Piece] = []
        steps = np.arange(len(run.batch_losses)) / run.steps_per_epoch
        plain: dict[str, Any] = {"color": color, "scalex": False, "scaley": False}
        if batches and metric == "loss":
            faint = {**plain, "linewidth": 0.4 * width, "alpha": 0.45, "zorder": 2.0}
            self._add(steps, run.batch_losses, faint)
        if smooth and metric == "loss":
            middle = {**plain, "linewidth": 0.9 * width, "alpha": 0.9, "zorder": 2.5}
            self._add(steps, moving_average(run.batch_losses, smooth), middle)
        self.places: list[tuple[float, float]] = []
        self._head = None
        self.line: Any = None
        for part in parts:
            values = getattr(run, f"{part}_{metric}")
            if not np.isfinite(values).any():
                continue
            dash = {"linestyle": "-"} if part == "train" else {"linestyle": (0, (3.2, 1.8))}
            strong = {**plain, **dash, "linewidth": width * (1 if part == "train" else 0.8)}
            drawn = self._add(run.epochs, values, {**strong, "zorder": 3.0})
            self.line = self.line or drawn
            good = np.flatnonzero(np.isfinite(values))
            self.places.append((float(run.epochs[good[-1]]), float(values[good[-1]])))
            if self._head is None:
                look: dict[str, Any] = {"marker": "o", "markersize": 3.4 * width}
                head = axes.plot(
                    [], [], markeredgecolor=edge, zorder=4.0, clip_on=False, **plain, **look
                )[0]
                self._head = _Piece(head, np.asarray(run.epochs), np.asarray(values))
        self.artists: list[Artist] = [piece.line for piece in self._pieces]
        if self._head is not None:
            self.artists.append(self._head.line)

    def _add(self, xs: Array, ys: Array, look: dict[str, Any]) -> Any:
        import numpy as np

        (line,) = self.axes.plot([], [], solid_joinstyle="round", **look)
        low, high = self.axes.get_ylim()
        finite = np.isfinite(ys)
        end = len(ys) if finite.all() else int(np.argmin(finite))
        # A renderer's coordinates overflow long before a diverging loss does.
        shown = np.clip(ys[:end], -1e3 * abs(high), 1e3 * abs(high))
        if self.axes.get_yscale() == "log":
            shown = np.maximum(shown, 1e-3 * low)
        self._pieces.append(_Piece(line, np.asarray(xs[:end]), shown))
        return line

    def show(self, epoch: float) -> float:
        """Draw the lines up to an epoch; return the first line's value there, NaN if it has none.

        The marker at its head stays away where the line has left the axes.
        """
        import numpy as np

        for piece in self._pieces:
            count = int(np.searchsorted(piece.xs, epoch * (1 + 1e-12), side="right"))
            piece.line.set_data(piece.xs[:count], piece.ys[:count])
        if self._head is None:
            return math.nan
        head = self._head
        count = int(np.searchsorted(head.xs, epoch * (1 + 1e-12), side="right"))
        value = float(head.ys[max(0, count - 1)])
        low, high = self.axes.get_ylim()
        inside = math.isfinite(value) and low <= value <= high
        head.line.set_data(*(([head.xs[count - 1]], [value]) if inside else ([], [])))
        return value


def learning_curves(
    runs: Run | Sequence[Run],
    ax: Axes | None = None,
    *,
    metric: str = "loss",
    labels: Sequence[str] | None = None,
    parts: Sequence[str] = PARTS,
    batches: bool = False,
    smooth: int = 0,
    guess: bool = True,
    log: bool = False,
    top: float | None = None,
    theme: str | Theme = "light",
    width: float = 2.0,
    legend: bool = True,
) -> list[list[Artist]]:
    """Draw the learning curves of one or several training runs on Matplotlib axes.

    Parameters: `runs` are those of `landscape.train`; `ax` defaults to the current axes; `metric`
    is "loss" or "accuracy"; `labels` default to the runs' own; `parts` are "train" (solid) and
    "test" (dashed); `batches` draws the loss of every step's batch, faint, and `smooth` the mean
    of so many of them; `guess` a dashed line at log K, the loss of guessing among K classes (at
    1/K for the accuracy); `log` a logarithmic axis of the loss; `top` is where it ends; `width` of
    the lines is in points.

    Returns the artists of each run. Raises LandscapeError for another metric or part, or no runs.
    """
    from landscape.drawing.contour import current_axes

    given = list(runs) if isinstance(runs, Sequence) else [runs]
    if not given:
        raise LandscapeError("learning curves need a run: none came")
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    for part in parts:
        if part not in PARTS:
            raise unknown_name("part", part, PARTS)
    axes = ax if ax is not None else current_axes()
    look = find_theme(theme)
    set_scales(axes, given, metric, log=log, top=top)
    made: list[list[Artist]] = []
    colors = curve_colors(len(given), look)
    for k, (run, color) in enumerate(zip(given, colors, strict=True)):
        curve = Curve(
            run,
            metric,
            axes,
            color,
            parts=parts,
            batches=batches,
            smooth=smooth,
            width=width,
            edge=look.edge,
        )
        curve.show(float(run.epochs[-1]))
        if curve.line is not None:
            curve.line.set_label(run.label if labels is None else labels[k])
        made.append(curve.artists)
    if guess:
        drawn = guess_line(axes, given, metric, look, width=0.7 * width)
        if drawn is not None:
            drawn[0].set_label(drawn[1])
    axes.set(xlabel="epoch", ylabel=metric)
    if legend:
        axes.legend(frameon=False, labelcolor=look.ink)
    return made


def set_scales(
    axes: Axes,
    runs: Sequence[Run],
    metric: str,
    *,
    log: bool = False,
    top: float | None = None,
) -> None:
    """Set the limits that show all runs from their start."""
    end = max(float(run.epochs[-1]) for run in runs)
    axes.set_xlim(0, end or 1.0)
    if metric == "accuracy":
        axes.set_ylim(0, 1.0)
        return
    if log:
        axes.set_yscale("log")
    axes.set_ylim(loss_limits(runs, log=log, top=top))


def guess_line(
    axes: Axes, runs: Sequence[Run], metric: str, theme: Theme, *, width: float
) -> tuple[Artist, str] | None:
    """Draw the line of guessing; return it and what it says, None if the runs do not share one."""
    levels = {run.network.sizes[-1] for run in runs if run.network.loss == "cross_entropy"}
    if len(levels) != 1 or any(run.network.loss != "cross_entropy" for run in runs):
        return None
    (classes,) = levels
    value = math.log(classes) if metric == "loss" else 1 / classes
    line = axes.axhline(value, color=theme.ink, linewidth=width, linestyle=(0, (5, 3)), zorder=1.8)
    said = (
        f"log {classes} = {value:.2f}: guessing" if metric == "loss" else f"1/{classes}: guessing"
    )
    return line, said
