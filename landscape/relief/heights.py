"""How losses become heights: as they are, as their logarithm, or cut off flat.

Walls of a thousand times the floor's height leave a picture of the walls alone. Two ways show both:
the logarithm of the loss, and a plane that cuts the walls off. A logarithm makes a needle of every
minimum, as deep as the grid happens to hit it, so something is added to the loss first: a bowl's
bottom stays round, and 0 has a place on the axis. A cut is drawn as what it is, a flat face in a
colour of its own: see `landscape.relief.rendering`. At a pole that has both ends, losses go down
without end as well, and are cut off at the floor too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from landscape.errors import LandscapeError, unknown_name
from landscape.relief.valleys import FINE, floors
from landscape.style import HEIGHT_KINDS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["Heights", "choose_heights"]

# Where the median loss lies within this share of the range, a linear height shows walls alone.
_STEEP = 0.06
# A cut leaves the median at this share of the box's height.
_MIDDLE = 0.4
# What is added to the loss under a logarithm is a round number that at most this share of the area
# lies beneath, and at least so many decades beneath the top. With less a narrow valley, which a
# grid hits now and then, would have a bottom of teeth.
_PIT, _DECADES = 0.02, 3.5
# Nor may a floor be lower between the lines of the finest grid by more than this share of what is
# taken the logarithm of: a valley narrower than its cells would have teeth all along.
_TEETH = 0.1
# A box of more decades shows none: then the walls are cut off, but those of this share are not.
_MOST_DECADES, _WALLS = 6.0, 0.85
# A minimum this close to 0 is 0, and walls are not cut off beneath this share of the highest.
_NEAR_ZERO, _FLATTEST = 1e-6, 1e-9
_ENDLESS = 0.05  # the share of the area at a pole that is cut off at each end


@dataclass(frozen=True)
class Heights:
    """The vertical axis of a picture in three dimensions.

    Attributes: `kind` "linear" or "log"; `low` and `high`, the losses at the floor and at the top
    of the box; `base`, the loss that a logarithmic height is measured from, and `soft`, what is
    added to it (log10(loss - base + soft)); `cut` and `sunk` tell whether there are losses above
    `high` and below `low`, which are cut off.
    """

    kind: Literal["linear", "log"]
    low: float
    high: float
    base: float = 0.0
    soft: float = 0.0
    cut: bool = False
    sunk: bool = False

    def of(self, losses: ArrayLike) -> Array:
        """Return the heights of losses, also beyond the box; NaN stays NaN."""
        import numpy as np

        given = np.asarray(losses, dtype=np.float64)
        if self.kind == "linear":
            return given
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = np.log10(np.maximum(given - self.base + self.soft, 0.0))
        return np.where(np.isnan(given), np.nan, found)

    def loss(self, heights: ArrayLike) -> Array:
        """Return the losses that have these heights."""
        import numpy as np

        given: Array = np.asarray(heights, dtype=np.float64)
        if self.kind == "linear":
            return given
        found: Array = self.base + (10.0**given - self.soft)
        return found

    def teeth(self, values: Array) -> float:
        """Return by how much of the box the floors of losses on a grid (ny, nx) may be too high."""
        import numpy as np

        losses, above = floors(values)
        seen = losses < self.high
        if self.kind == "linear" or not seen.any():
            return 0.0
        losses, above = np.maximum(losses[seen], self.base), above[seen]
        return float((self.of(losses + above) - self.of(losses)).max()) / self.span

    @property
    def bottom(self) -> float:
        """The height of the box's floor."""
        return float(self.of(self.low))

    @property
    def top(self) -> float:
        """The height of the box's top."""
        return float(self.of(self.high))

    @property
    def span(self) -> float:
        """The height of the box."""
        return self.top - self.bottom


def choose_heights(
    values: Array,
    kind: str = "auto",
    clip: float | None = None,
    known: Iterable[float] = (),
    *,
    poles: bool = False,
) -> Heights:
    """Return the vertical axis for the finite part of `values`.

    Parameters: `values` are the losses on a grid (ny, nx), or those of several grids in one row;
    `clip` is the loss at which the walls are cut off, None for the usual one; `known` are losses
    that the box has room for, such as those of minima, which a grid seldom hits; `kind` is
      "linear"  heights are losses, cut only at `clip`,
      "log"     heights are logarithms of the loss and a little more, from the minimum if that is
                negative,
      "clip"    heights are losses, and what lies so high that the floor would not be seen is cut,
      "auto"    where the median lies within 6 % of the range above the minimum, log (clip if there
                are negative losses, which have no logarithm); else linear, as with a `clip`;
    `poles` tells that losses go to both infinities: "auto" and "clip" cut them off at both ends.

    Raises LandscapeError if the values are not finite anywhere, for an unknown kind, and for a
    `clip` that is not above the minimum.
    """
    import numpy as np

    if kind not in HEIGHT_KINDS:
        raise unknown_name("kind of heights", kind, HEIGHT_KINDS)
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise LandscapeError("the surface has no finite value within its bounds")
    known = list(known)
    low, high = min([float(finite.min()), *known]), max([float(finite.max()), *known])
    if clip is not None and not clip > low:
        raise LandscapeError(
            f"heights are cut off above the minimum, which is {low:g} here: {clip:g} came"
        )
    if poles and kind in ("auto", "clip"):
        return _between(finite, known, clip)
    median = float(np.median(finite))
    if kind == "auto":
        kind = "linear"
        if clip is None and median - low < _STEEP * (high - low):
            kind = "log" if low >= -_NEAR_ZERO * (high - low) else "clip"
    if not high - low > 1e-12 * max(1.0, abs(low), abs(high)):
        return Heights("linear", low - 0.5, low + 0.5)
    if kind == "log":
        return _logarithmic(values, finite, low, high if clip is None else min(clip, high))
    if kind == "clip" and clip is None:
        clip = low + max((median - low) / _MIDDLE, 1e-3 * (high - low))
    if clip is None or clip >= high:
        return Heights("linear", low, high)
    return Heights("linear", low, clip, cut=bool((finite > clip).any()))


def _between(finite: Array, known: list[float], clip: float | None) -> Heights:
    """Return the axis for what most of the area has, of losses without end to both sides."""
    import numpy as np

    low, high = (float(end) for end in np.quantile(finite, (_ENDLESS, 1.0 - _ENDLESS)))
    low, high = min([low, *known]), max([high, *known])
    if clip is not None:
        low, high = min(low, clip - (high - low)), clip
    cut, sunk = bool((finite > high).any()), bool((finite < low).any())
    return Heights("linear", low, high, cut=cut, sunk=sunk)


def _logarithmic(values: Array, finite: Array, low: float, high: float) -> Heights:
    import numpy as np

    largest = max(float(finite.max()), high)
    # Positive losses have logarithms of their own, and a minimum near 0 is 0.
    base = low if low < -_NEAR_ZERO * (largest - low) else min(low, 0.0)
    pit, walls = (float(one) - base for one in np.quantile(finite, (_PIT, _WALLS)))
    most = 10**_MOST_DECADES
    reach = min(high - base, max(most * pit, walls, _FLATTEST * (largest - base)))
    teeth = _without_teeth(values, base, base + reach)
    soft = _round(min(max(pit, reach / most, teeth), reach / 10**_DECADES))
    if low - base < 0.1 * soft:  # as good as 0, which the axis can name
        low = base
    high = min(high, base + reach)
    return Heights("log", low, high, base, soft, cut=bool((finite > high).any()))


def _without_teeth(values: Array, base: float, high: float) -> float:
    """Return what has to be added to losses for floors without teeth, 0 if that is nothing."""
    import numpy as np

    if values.ndim != 2:
        return 0.0
    losses, above = floors(values, FINE)  # the same axis, however many cells
    needed = (above / _TEETH - np.maximum(losses - base, 0.0))[losses < high]
    return max(float(needed.max(initial=0.0)), 0.0)


def _round(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at a positive number or next beneath it."""
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return power * max(digit for digit in (1, 2, 5) if digit * power <= value * (1 + 1e-9))
