"""Contour levels that show both the floor and the walls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.style import LEVEL_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["choose_levels"]

# Below this share of the range the median lies so low that only equal ratios show the floor.
_STEEP = 0.08
# Values that reach so many times further above the median than below it are a wall, not a pole.
_ONE_SIDED = 10.0


def choose_levels(values: Array, kind: str = "auto", count: int = 18) -> Array:
    """Return increasing levels for the finite part of `values`, the lowest and highest included.

    Parameters: `values` is the loss on a grid; `count` is the number of steps between levels;
    `kind` is
      "linear"    equal steps,
      "power"     steps that grow as a power, such that half of the levels lie below the median:
                  on a quadratic bowl the lines are evenly spaced,
      "log"       equal ratios above the lowest value, which show floor and walls of a steep
                  surface,
      "quantile"  equal areas between lines,
      "auto"      quantile where nine tenths of the area lie within 8 % of the range, about as far
                  above the median as below it (a pole); log where the median lies within 8 % of
                  the range above the lowest value; else power.

    Raises LandscapeError if the values are not finite anywhere, or for an unknown kind.
    """
    import numpy as np

    if kind not in LEVEL_KINDS:
        raise unknown_name("kind of levels", kind, LEVEL_KINDS)
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise LandscapeError("the surface has no finite value within its bounds")
    low, high = float(finite.min()), float(finite.max())
    if not high - low > 1e-12 * max(1.0, abs(low), abs(high)):
        return np.array([low - 0.5, low, low + 0.5])
    middle = (float(np.median(finite)) - low) / (high - low)
    if kind == "auto":
        kind = "log" if middle < _STEEP else "power"
        first, half, last = np.quantile(finite, (0.05, 0.5, 0.95))
        if last - first < _STEEP * (high - low) and last - half < _ONE_SIDED * (half - first):
            kind = "quantile"
    shares = np.linspace(0.0, 1.0, count + 1)
    if kind == "linear":
        levels = low + (high - low) * shares
    elif kind == "power":
        exponent = np.log(max(middle, 1e-9)) / np.log(0.5)
        levels = low + (high - low) * shares ** min(max(exponent, 1.0), 4.0)
    elif kind == "quantile":
        levels = np.quantile(finite, shares)
    else:
        # The first line surrounds about a hundredth of the area, so the floor has a shape.
        floor = float(np.quantile(finite, 0.01)) - low
        floor = max(floor, 1e-6 * (high - low))
        levels = low + np.concatenate([[0.0], np.geomspace(floor, high - low, count)])
    levels[0], levels[-1] = low, high  # sums of very different sizes do not end where they should
    levels = np.unique(levels)
    return levels if levels.size > 2 else np.linspace(low, high, count + 1)
