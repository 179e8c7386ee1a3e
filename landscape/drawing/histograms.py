"""Histograms of what goes through the layers of a network, one beside the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.style import Theme, find_theme

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["Bars", "Spread", "common_limits", "histograms", "said_spread", "spread"]

BINS = 41
# Exact zeros, as of a ReLU, are drawn apart from this share on: they would hide the rest.
_MANY_ZEROS = 0.15


@dataclass(frozen=True, eq=False)
class Spread:
    """The histogram of some numbers, and what is said of them.

    Attributes: `edges` (bins+1,); `heights` (bins,), the share of the numbers in each bin; `marked`
    (bins,), the part of it that is marked (saturated); `mean` and `deviation` of all finite
    numbers; `zero`, the share that is exactly 0 and not in `heights`, 0 if few are; `lost`, the
    share that is not finite. What lies beyond the edges is in the outermost bins.
    """

    edges: Array
    heights: Array
    marked: Array
    mean: float
    deviation: float
    zero: float = 0.0
    lost: float = 0.0


def spread(
    values: ArrayLike,
    limits: tuple[float, float],
    *,
    marked: ArrayLike | None = None,
    bins: int = BINS,
) -> Spread:
    """Return the histogram of `values` (any shape) between `limits`.

    Parameters: `marked` says of each value whether it is marked, None for none; `bins` is their
    number. What lies beyond the limits is counted in the outermost bins.
    """
    import numpy as np

    flat = np.ravel(np.asarray(values))
    signs = None if marked is None else np.ravel(np.asarray(marked, dtype=bool))
    low, high = limits
    finite = np.isfinite(flat)
    all_finite = bool(finite.all())
    if not all_finite:
        flat, signs = flat[finite], None if signs is None else signs[finite]
    count = max(1, finite.size)
    edges = np.linspace(low, high, bins + 1)
    if not flat.size:
        return Spread(edges, np.zeros(bins), np.zeros(bins), math.nan, math.nan, 0.0, 1.0)
    mean = float(flat.mean(dtype=np.float64))
    deviation = float(flat.std(dtype=np.float64))
    zeros = flat == 0
    zero = float(np.count_nonzero(zeros)) / count
    places = np.clip((flat - low) * (bins / (high - low)), 0, bins - 1).astype(np.intp)
    heights = np.bincount(places, minlength=bins) / count
    chosen = np.zeros(bins)
    if signs is not None:
        chosen = np.bincount(places[signs], minlength=bins) / count
    if zero < _MANY_ZEROS:
        zero = 0.0
    else:
        at = int(np.clip((0.0 - low) * (bins / (high - low)), 0, bins - 1))
        heights[at] = max(0.0, heights[at] - zero)
        if signs is not None:
            chosen[at] -= float(np.count_nonzero(signs & zeros)) / count
            chosen[at] = max(0.0, chosen[at])
    return Spread(edges, heights, chosen, mean, deviation, zero, 1.0 - flat.size / count)


def common_limits(
    values: Sequence[ArrayLike], *, symmetric: bool = True, share: float = 0.999
) -> tuple[float, float]:
    """Return limits within which at least `share` of each of `values` lies.

    Parameters: `symmetric` puts 0 in the middle; else they run from the least value.
    """
    import numpy as np

    low, high = 0.0, 0.0
    for one in values:
        flat = np.ravel(np.asarray(one))
        flat = flat[np.isfinite(flat)]
        if not flat.size:
            continue
        if symmetric:
            high = max(high, float(np.quantile(np.abs(flat), share)))
        else:
            low = min(low, float(flat.min()))
            high = max(high, float(np.quantile(flat, share)))
    high = 1.05 * high or 1.0
    return (-high, high) if symmetric else (1.05 * low, high)


def histograms(
    values: Sequence[ArrayLike],
    axes: Sequence[Axes],
    *,
    marked: Sequence[ArrayLike] | None = None,
    limits: tuple[float, float] | None = None,
    bins: int = BINS,
    color: str | None = None,
    theme: str | Theme = "light",
    labels: bool = True,
) -> list[Bars]:
    """Draw a histogram of each of `values` on its own axes, all with the same limits.

    Parameters: `values` are arrays of any shape, one for each of `axes`, such as the activations
    of the layers of a network; `marked` says of each number whether it is marked (drawn in the
    colour of a warning), such as those of saturated units; `limits` default to symmetric ones that
    hold 99.9 % of each; `color` defaults to a colour of the theme; `labels` writes mean and
    standard deviation above each.

    Returns the drawn Bars, whose `artists` are Matplotlib's. Raises LandscapeError if there are not
    as many axes as arrays.
    """
    if len(values) != len(axes) or (marked is not None and len(marked) != len(values)):
        raise LandscapeError(
            f"histograms need axes for each array: {len(values)} arrays and {len(axes)} axes came"
        )
    look = find_theme(theme)
    ends = common_limits(values) if limits is None else limits
    made = []
    for k, (one, place) in enumerate(zip(values, axes, strict=True)):
        found = spread(one, ends, marked=None if marked is None else marked[k], bins=bins)
        bars = Bars(place, ends, look, color or look.trails[1], bins=bins)
        bars.show(found)
        made.append(bars)
        if labels:
            place.set_title(said_spread(found), fontsize=10, color=look.ink)
    return made


class Bars:
    """A histogram on axes that can be shown again with other numbers.

    Parameters: `axes`; `limits` of its numbers; `theme`; `color` of its bars; `width` in points of
    the line that stands for exact zeros; `room` above the bars, as a share of the axes, for a text.

    Attributes: `artists`, the bars, the marked part of them, the line of the zeros.
    """

    def __init__(
        self,
        axes: Axes,
        limits: tuple[float, float],
        theme: Theme,
        color: str,
        *,
        bins: int = BINS,
        width: float = 3.0,
        room: float = 0.0,
    ) -> None:
        import numpy as np

        self.axes = axes
        edges, nothing = np.linspace(*limits, bins + 1), np.zeros(bins)
        self._bars = axes.stairs(nothing, edges, fill=True, color=color, linewidth=0)
        self._marked = axes.stairs(nothing, edges, fill=True, color=theme.trails[0], linewidth=0)
        (self._zeros,) = axes.plot(
            [0, 0], [0, 0], color=theme.faint, linewidth=width, solid_capstyle="butt", zorder=3
        )
        self.artists: list[Artist] = [self._bars, self._marked, self._zeros]
        margin = 0.02 * (limits[1] - limits[0])
        axes.set(
            xlim=(limits[0] - margin, limits[1] + margin), ylim=(0, 1.04 / (1 - room)), yticks=[]
        )
        axes.spines["left"].set_visible(False)

    def show(self, found: Spread) -> None:
        """Show other numbers: the highest bar reaches the top, a line stands for exact zeros."""
        top = float(found.heights.max(initial=0.0)) or 1.0
        self._bars.set_data(found.heights / top)
        self._marked.set_data(found.marked / top)
        self._zeros.set_ydata([0, 1.0 if found.zero else 0.0])


def said_spread(found: Spread) -> str:
    """Return mean and standard deviation as "0.01 ± 0.63"."""
    mean, deviation = found.mean, found.deviation
    if not math.isfinite(deviation):
        return "not finite"
    if deviation == 0:
        return f"all {_plain(mean)}"
    exponent = math.floor(math.log10(deviation))
    if -3 <= exponent < 3:
        digits = max(0, 1 - exponent)
        rounded = f"{mean:.{digits}f}"
        rounded = "0" if float(rounded) == 0 else rounded
        return f"{rounded} ± {deviation:.{digits}f}".replace("-", "\N{MINUS SIGN}")
    shown = 0.0 if abs(mean) < 0.05 * deviation else mean
    return f"{_plain(shown)} ± {_plain(deviation)}"


def _plain(value: float) -> str:
    """Return a number in two digits."""
    if value == 0:
        return "0"
    if 100 <= abs(value) < 1e4:
        return f"{value:.0f}".replace("-", "\N{MINUS SIGN}")
    if 1e-3 <= abs(value) < 100:
        return f"{value:.2g}".replace("-", "\N{MINUS SIGN}")
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "\N{MINUS SIGN}")
