"""What stands at the head of a path: arrows that make up a step, the triangle of a simplex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from landscape.drawing.groups import Grouped
from landscape.drawing.pen import DPI
from landscape.drawing.trail import finite_part
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from numpy.typing import NDArray

    from landscape.descent import Trajectory

    Array = NDArray[Any]

__all__ = ["ArrowTrack", "Shape", "SimplexTrack", "arrow_tracks", "simplex_tracks"]

# How long most arrows are on the slide at least, and the longest at most, in its pixels; lengths
# are never cut, so one that is longer at its true length stays so.
_USUAL, _LONGEST = 75.0, 300.0
_PLAIN = {"v", "w"}  # what a rule remembers that only averages gradients


class Shape(Protocol):
    """What is drawn anew at each step."""

    @property
    def axes(self) -> Axes:
        """The axes that it is drawn over."""
        ...

    @property
    def color(self) -> str:
        """The colour of its outline, or of all of it."""
        ...

    @property
    def line(self) -> float:
        """The width of its outline in points, 0 if it is filled."""
        ...

    def outline(self, step: int) -> Path | None:
        """Return the outline in pixels at `step`, None where there is none."""
        ...


@dataclass(frozen=True, eq=False)
class SimplexTrack:
    """The triangle that a Nelder-Mead path carries along; `corners` is (n, 3, 2)."""

    axes: Axes
    corners: Array
    color: str
    line: float

    def outline(self, step: int) -> Path | None:
        """Return the triangle of `step` in pixels; after the last step it stays."""
        import numpy as np
        from matplotlib.path import Path

        corners = self.axes.transData.transform(self.corners[min(step, len(self.corners) - 1)])
        if not np.isfinite(corners).all() or np.abs(corners).max() > 1e6:
            return None
        return Path(np.concatenate([corners, corners[:1]]), closed=True)


def simplex_tracks(
    paths: Sequence[Trajectory], axes: Axes, looks: Grouped, unit: float
) -> list[SimplexTrack]:
    """Return the triangles of the paths that have them; `unit` is a slide's pixel in points."""
    return [
        SimplexTrack(axes, path.simplices, style.color, 2.0 * unit)
        for path, style in zip(paths, looks.styles, strict=True)
        if path.simplices is not None
    ]


@dataclass(frozen=True, eq=False)
class ArrowTrack:
    """An arrow that follows a path.

    Attributes: `axes`; `tails` (n, 2), where it begins at each step, in data coordinates; `vectors`
    (n, 2); `color`; `width` in pixels of a picture with DPI.
    """

    axes: Axes
    tails: Array
    vectors: Array
    color: str
    width: float
    line: float = 0.0

    def outline(self, step: int) -> Path | None:
        """Return the arrow's outline in pixels, None where there is none."""
        import numpy as np

        if step >= len(self.tails):
            return None
        to_pixels = self.axes.transData.transform
        tail, tip = to_pixels(np.stack([self.tails[step], self.tails[step] + self.vectors[step]]))
        return _outline(tail, tip, self.width * self.axes.figure.dpi / DPI)


def _outline(tail: Array, tip: Array, width: float) -> Path | None:
    import numpy as np
    from matplotlib.path import Path

    along = tip - tail
    length = float(np.hypot(*along))
    if not 2.0 < length < 1e9:
        return None
    along /= length
    across = np.array([-along[1], along[0]]) * width / 2
    head = min(4.5 * width, 0.6 * length)
    neck, wide = tail + (length - head) * along, head / (1.5 * width)
    corners = [
        tail + across,
        neck + across,
        neck + wide * across,
        tail + length * along,
        neck - wide * across,
        neck - across,
        tail - across,
    ]
    return Path(np.array([*corners, corners[0]]), closed=True)


def arrow_tracks(
    kinds: Sequence[str],
    paths: Sequence[Trajectory],
    axes: Axes,
    looks: Grouped,
    theme: Theme,
    unit: float,
) -> tuple[list[ArrowTrack], float]:
    """Return the arrows of paths and by how much all are lengthened.

    Parameters: `kinds` are "gradient" (minus the rate times the gradient, what gradient descent
    would step; of a rule that rescales it, its direction at the length of the step), "velocity"
    (the last movement, of rules that have a velocity) and "step" (what each coordinate is about to
    move, an arrow for each); `unit` is a slide's pixel in pixels.
    """
    import numpy as np

    found: list[tuple[Array, Array, str, float]] = []
    for path, style in zip(paths, looks.styles, strict=True):
        points = finite_part(path.points)
        count = len(points)
        steps = np.diff(points, axis=0)
        for kind in kinds:
            if kind == "gradient":
                vectors = _gradient(path, steps, count)
                found.append((points[:count], vectors, theme.ink, 3.0))
            elif kind == "velocity" and path.velocities is not None:
                moved = np.concatenate([np.zeros((1, 2)), steps])
                found.append((points, moved, style.color, 5.0))
            elif kind == "step":
                for k in (0, 1):
                    part = np.zeros_like(steps)
                    part[:, k] = steps[:, k]
                    found.append((points[:-1], part, style.color, 4.0))
    scale = _scale([one[1] for one in found], axes, unit)
    tracks = [
        ArrowTrack(axes, tails, scale * vectors, color, width * unit)
        for tails, vectors, color, width in found
    ]
    return tracks, scale


def _gradient(path: Trajectory, steps: Array, count: int) -> Array:
    import numpy as np

    with np.errstate(over="ignore"):
        downhill = -path.learning_rates[:count, None] * path.gradients[:count]
    if set(getattr(path.rule, "state", ())) <= _PLAIN:
        return downhill
    lengths: Array = np.hypot(*np.concatenate([steps, np.zeros((1, 2))]).T)[:count]
    norms = np.hypot(*downhill.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled: Array = np.where(norms[:, None] > 0, downhill / norms[:, None], 0.0)
    scaled *= lengths[:, None]
    return scaled


def _scale(vectors: Sequence[Array], axes: Axes, unit: float) -> float:
    """Return a round factor, 1 or more, that makes the longer arrows of the beginning visible."""
    import numpy as np

    if not vectors:
        return 1.0
    per_pixel = np.abs(axes.transData.transform((1.0, 1.0)) - axes.transData.transform((0.0, 0.0)))
    lengths = np.concatenate([np.hypot(*(one * per_pixel).T) for one in vectors])
    lengths = lengths[np.isfinite(lengths) & (lengths > 0)]
    if not lengths.size:
        return 1.0
    usual, longest = float(np.quantile(lengths, 0.8)), float(lengths.max())
    wanted = min(_USUAL * unit / usual, _LONGEST * unit / longest)
    rounded = [digit * 10.0**power for power in range(9) for digit in (1, 2, 5)]
    return max((one for one in rounded if one <= wanted), default=1.0)
