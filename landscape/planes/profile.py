"""The loss along lines through the parameters: one line, or a band over many random ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.planes.cells import cells
from landscape.planes.directions import random_directions
from landscape.planes.geometry import Line, line_through

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["Profile", "line_profile", "profile", "random_profile"]


@dataclass(frozen=True, eq=False)
class Profile:
    """Losses along one or more lines.

    Attributes: `ts` (n,), the places on the lines; `loss` and `accuracy` (lines, n); `label` names
    t. A single line has a band of no width.
    """

    ts: Array
    loss: Array
    accuracy: Array
    label: str = "t"

    @property
    def median(self) -> Array:
        """The median loss over the lines: (n,)."""
        return np.median(self.loss, axis=0)

    def band(self, low: float = 0.1, high: float = 0.9) -> tuple[Array, Array]:
        """Return two quantiles of the loss over the lines, each (n,): 0 and 1 are the extremes.

        Raises LandscapeError unless 0 <= low <= high <= 1.
        """
        if not 0 <= low <= high <= 1:
            raise LandscapeError(f"quantiles are 0 <= low <= high <= 1: {low:g} and {high:g} came")
        first, second = np.quantile(self.loss, (low, high), axis=0)
        return first, second


def profile(
    network: Network,
    X: Array,  # noqa: N803
    y: ArrayLike,
    lines: Line | Sequence[Line],
    ts: ArrayLike,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Profile:
    """Return loss and accuracy along lines.

    Parameters: examples `X` (rows, inputs) with targets `y`; `lines` is one or several; `ts` (n,)
    are the places on each; `progress` is called with (cells done, cells in all).

    Raises LandscapeError if there is no line or no place.
    """
    several = [lines] if isinstance(lines, Line) else list(lines)
    places = np.atleast_1d(np.asarray(ts, np.float64))
    if not several or not places.size:
        raise LandscapeError("a profile needs a line and places on it: none came")
    total = len(several) * places.size

    def further(before: int) -> Callable[[int, int], None] | None:
        return None if progress is None else lambda done, _: progress(before + done, total)

    found = [
        cells(
            network,
            X,
            y,
            line.origin,
            line.directions,
            places[:, None],
            progress=further(k * places.size),
        )
        for k, line in enumerate(several)
    ]
    loss, accuracy = (np.stack(values) for values in zip(*found, strict=True))
    return Profile(places, loss, accuracy, several[0].label)


def random_profile(
    network: Network,
    theta: ArrayLike,
    X: Array,  # noqa: N803
    y: ArrayLike,
    *,
    repeats: int = 20,
    reach: float = 1.0,
    count: int = 51,
    normalise: str = "filter",
    biases: str = "zero",
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Profile:
    """Return the loss along `repeats` random directions from `theta`, from -reach to reach.

    Parameters: `theta` (P,); `count` places on each, an odd number to have `theta` itself among
    them; `normalise`, `biases` and `seed` as in `random_directions`.
    """
    directions = random_directions(
        network, theta, repeats, normalise=normalise, biases=biases, seed=seed
    )
    centre = np.asarray(theta, np.float64)
    lines = [Line(centre, direction, f"distance ({normalise})") for direction in directions]
    ts = reach * np.linspace(-1.0, 1.0, count)
    return profile(network, X, y, lines, ts, progress=progress)


def line_profile(
    network: Network,
    start: ArrayLike,
    end: ArrayLike,
    X: Array,  # noqa: N803
    y: ArrayLike,
    *,
    overshoot: float = 0.25,
    count: int = 101,
    progress: Callable[[int, int], None] | None = None,
) -> Profile:
    """Return the loss on the line through two solutions, and beyond them on both sides.

    Parameters: `start` (t = 0) and `end` (t = 1) are parameters (P,); `overshoot` is how far the
    line goes on beyond each, as a share of the way between them; `count` places evenly spaced, and
    0 and 1 besides if they are not among them.

    Source: Goodfellow, Vinyals & Saxe (2015).
    """
    if not 0 <= overshoot <= 1000:
        raise LandscapeError(f"an overshoot is a share of the way from 0 on: {overshoot!r} came")
    even = np.linspace(-overshoot, 1 + overshoot, count)
    # The two solutions stand where they are, not a rounding beside.
    apart = even[(np.abs(even) > 1e-9) & (np.abs(even - 1) > 1e-9)]
    ts = np.sort(np.concatenate([apart, [0.0, 1.0]]))
    return profile(network, X, y, line_through(start, end), ts, progress=progress)
