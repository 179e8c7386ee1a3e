"""An activation and its derivative, the range where that is large, and where the units lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landscape.drawing.histograms import Spread, spread
from landscape.errors import LandscapeError
from landscape.networks.activations import Activation, activation
from landscape.style import Theme, find_theme

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["Ridges", "good_intervals", "good_range", "in_good_range", "reach_of"]

_REACH = {"tanh": 4.0, "sigmoid": 8.0}
_POINTS = 2001
_BINS = 80
_HIGH = 0.86  # of a ridge, for one of the distance between two


def reach_of(kind: str | Activation) -> float:
    """Return how far to each side of 0 an activation is shown."""
    found = activation(kind) if isinstance(kind, str) else kind
    return _REACH.get(found.name, 4.0)


def in_good_range(values: ArrayLike, kind: str | Activation, share: float = 0.5) -> Array:
    """Return for each pre-activation whether |f′| there is at least `share` of its largest value.

    Parameters: `values` of any shape; `kind` is an activation or its name; `share` from 0 to 1.
    """
    import numpy as np

    found = activation(kind) if isinstance(kind, str) else kind
    if not 0 < share <= 1:
        raise LandscapeError(f"the share of the derivative is above 0, at most 1: {share!r} came")
    z = np.asarray(values)
    z = z if z.dtype.kind == "f" else z.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        slope = np.abs(found.derivative(np.atleast_1d(z)))
    good: Array = (slope >= share * found.steepest).reshape(z.shape)
    return good


def good_intervals(
    kind: str | Activation, share: float, limits: tuple[float, float]
) -> list[tuple[float, float]]:
    """Return the stretches within `limits` where the derivative is in the good range."""
    import numpy as np

    grid = np.linspace(*limits, _POINTS)
    good = np.concatenate([[False], in_good_range(grid, kind, share), [False]])
    starts, ends = np.flatnonzero(good[1:] & ~good[:-1]), np.flatnonzero(good[:-1] & ~good[1:]) - 1
    half = 0.5 * (grid[1] - grid[0])
    return [
        (max(limits[0], float(grid[a]) - half), min(limits[1], float(grid[b]) + half))
        for a, b in zip(starts, ends, strict=True)
    ]


def good_range(
    kind: str | Activation,
    ax: Axes | None = None,
    *,
    values: ArrayLike | None = None,
    share: float = 0.5,
    reach: float | None = None,
    theme: str | Theme = "light",
    width: float = 2.4,
    labels: bool = True,
) -> list[Artist]:
    """Draw an activation f, its derivative f′ and, shaded, where f′ is large enough to learn.

    Parameters: `kind` is an activation or its name; `ax` defaults to the current axes; `values` are
    pre-activations (any shape), whose histogram stands at the foot of the axes, in colour within
    the good range; `share` of the largest |f′| bounds the range; `reach` is how far to each side of
    0 it is shown; `width` of the lines is in points; `labels` names the two curves.

    Returns the curve of f, that of f′, the shades, then the bars of the values. Raises
    LandscapeError for an unknown activation, or a share that is none.
    """
    import numpy as np

    from landscape.drawing.contour import current_axes

    axes = ax if ax is not None else current_axes()
    look = find_theme(theme)
    found = activation(kind) if isinstance(kind, str) else kind
    end = reach_of(found) if reach is None else reach
    z = np.linspace(-end, end, _POINTS)
    value, slope = found.value(z), found.derivative(z)
    made: list[Artist] = [
        *axes.plot(z, value, color=look.ink, linewidth=width, label=f"f = {found.label}"),
        *axes.plot(z, slope, color=look.trails[0], linewidth=width, label="f\N{PRIME}"),
    ]
    made += shade(axes, good_intervals(found, share, (-end, end)), look)
    low, high = float(min(value.min(), slope.min())), float(max(value.max(), slope.max()))
    low, high = min(low, -0.1), min(high, 1.9)
    margin = 0.1 * (high - low)
    foot = low - margin
    if values is not None:
        tall = 0.3 * (high - low)
        foot -= tall
        made += _foot(axes, found, values, share, end, (foot, 0.9 * tall), look)
    axes.set(xlim=(-end, end), ylim=(foot, high + margin))
    if labels:
        axes.legend(loc="upper left", frameon=False, labelcolor=look.ink)
    return made


def _foot(
    axes: Axes,
    kind: Activation,
    values: ArrayLike,
    share: float,
    reach: float,
    place: tuple[float, float],
    theme: Theme,
) -> list[Artist]:
    """Draw a histogram from a height on, so tall; what is in the good range in colour."""
    import numpy as np

    marked = in_good_range(values, kind, share)
    found = spread(values, (-reach, reach), marked=marked, bins=_BINS)
    bottom, tall = place
    # Exact zeros are in no bar of a Spread.
    heights, good = found.heights.copy(), found.marked.copy()
    middle = int(np.searchsorted(found.edges, 0.0, side="right")) - 1
    heights[middle] += found.zero
    good[middle] += found.zero * bool(in_good_range(0.0, kind, share))
    scale = tall / (float(heights.max(initial=0.0)) or 1.0)
    look: dict[str, Any] = {"baseline": bottom, "fill": True, "linewidth": 0}
    return [
        axes.stairs(bottom + scale * heights, found.edges, color=theme.faint, alpha=0.75, **look),
        axes.stairs(bottom + scale * good, found.edges, color=theme.trails[2], **look),
    ]


def shade(axes: Axes, stretches: Sequence[tuple[float, float]], theme: Theme) -> list[Artist]:
    """Shade stretches of the x axis as the good range; return the patches."""
    return [
        axes.axvspan(a, b, color=theme.trails[2], alpha=0.16, linewidth=0, zorder=0)
        for a, b in stretches
    ]


class Ridges:
    """Histograms above each other on one axes, one for each layer, the first one uppermost.

    Parameters: `axes`; `count` of them; `limits` of their numbers; `theme`; `width` in points of
    the line that stands for exact zeros, and `zeros_good` tells whether they are in the good range.
    What is marked in a Spread, such as what lies in the good range, is drawn in colour, the rest in
    grey.

    Attributes: `artists`.
    """

    def __init__(
        self,
        axes: Axes,
        count: int,
        limits: tuple[float, float],
        theme: Theme,
        *,
        bins: int,
        width: float = 3.0,
        zeros_good: bool = True,
    ) -> None:
        import numpy as np

        self.axes, self.count = axes, count
        edges = np.linspace(*limits, bins + 1)
        self._all, self._good, self._zeros = [], [], []
        for k in range(count):
            base = np.full(bins, float(count - 1 - k))
            look: dict[str, Any] = {"baseline": base, "fill": True, "linewidth": 0}
            self._all.append(axes.stairs(base, edges, color=theme.faint, alpha=0.75, **look))
            self._good.append(axes.stairs(base, edges, color=theme.trails[2], **look))
            at = [float(base[0])] * 2
            self._zeros += axes.plot(
                [0, 0],
                at,
                color=theme.trails[2] if zeros_good else theme.faint,
                linewidth=width,
                solid_capstyle="butt",
                zorder=3,
            )
            axes.axhline(float(base[0]), color=theme.faint, linewidth=0.3 * width, zorder=3)
        self.artists: list[Artist] = [*self._all, *self._good, *self._zeros]
        axes.set(xlim=limits, ylim=(0, count), yticks=[])

    def show(self, found: Sequence[Spread]) -> None:
        """Show other numbers: the highest bar of each reaches the same height."""
        for k, one in enumerate(found):
            base = float(self.count - 1 - k)
            top = float(one.heights.max(initial=0.0)) or 1.0
            self._all[k].set_data(base + _HIGH * one.heights / top)
            self._good[k].set_data(base + _HIGH * one.marked / top)
            self._zeros[k].set_ydata([base, base + (_HIGH if one.zero else 0.0)])
