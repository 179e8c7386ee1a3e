"""What is exported, before it has a format: meshes of the surface, paths, and places of interest.

All coordinates are those of the picture's box: its floor is around the origin, its longer side is
1, and z is up. `Box` leads back to the data's own units.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from landscape.relief.field import Relief
    from landscape.relief.heights import Heights

    Array = NDArray[Any]

__all__ = ["Box", "Ladder", "Line", "Model", "Part", "Spots", "in_units", "normals_of"]


@dataclass(frozen=True, eq=False)
class Box:
    """The picture's box: x, y and height of the data, less `origin` (3,), times `scale` (3,)."""

    origin: Array
    scale: Array

    @classmethod
    def around(cls, relief: Relief, sides: Sequence[float]) -> Box:
        """Return the box of a heightfield whose edges along x, y and z have these proportions."""
        import numpy as np

        (x0, x1), (y0, y1) = relief.bounds
        heights = relief.heights
        spans = np.array([x1 - x0, y1 - y0, heights.top - heights.bottom])
        longer = max(sides[0], sides[1])
        origin = np.array([0.5 * (x0 + x1), 0.5 * (y0 + y1), heights.bottom])
        return cls(origin, np.asarray(sides, dtype=np.float64) / longer / spans)

    def place(self, points: Array) -> Array:
        """Return where points (n, 3) of the data are in the box."""
        found: Array = (points - self.origin) * self.scale
        return found

    def data(self, points: Array) -> Array:
        """Return the x, y and height of points (n, 3) of the box."""
        found: Array = points / self.scale + self.origin
        return found


@dataclass(frozen=True, eq=False)
class Ladder:
    """The levels of a picture: `rungs` (k,), their increasing heights on the axis `heights`."""

    heights: Heights
    rungs: Array

    @classmethod
    def of(cls, relief: Relief) -> Ladder:
        """Return the levels at which the colours of a heightfield change."""
        import numpy as np

        axis = relief.heights
        with np.errstate(invalid="ignore"):
            rungs = axis.of(relief.levels)
        # The lowest level may be a minimum, whose logarithm is without end: the surface is not.
        rungs = np.maximum.accumulate(np.maximum(rungs, float(np.nanmin(relief.z))))
        return cls(axis, rungs + 1e-12 * axis.span * np.arange(len(rungs)))

    def place(self, losses: Array) -> Array:
        """Return where losses (n,) are among the levels: 0 at the lowest, 1 at the highest."""
        return self.place_of_heights(self.heights.of(losses))

    def place_of_heights(self, heights: Array) -> Array:
        """Return where heights (n,) are among the levels."""
        import numpy as np

        return np.interp(heights, self.rungs, np.linspace(0.0, 1.0, len(self.rungs)))


@dataclass(frozen=True, eq=False)
class Part:
    """A mesh of triangles with a name.

    Attributes: `points` (n, 3); `normals` (n, 3), of length 1; `faces` (m, 3), rows of `points`,
    anticlockwise seen from outside or above; `colors` (n, 3), uint8 sRGB; `losses` (n,), those that
    the heights stand for; `more`, further numbers (n,) of the points by their names.
    """

    name: str
    points: Array
    normals: Array
    faces: Array
    colors: Array
    losses: Array
    more: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Line:
    """A path as a line.

    Attributes: `rule`, the number of its rule; `color` (3,), uint8 sRGB; `points` (n, 3), rows of
    NaN where it is out of sight; `steps` (n,), fractions between two iterates; `losses` (n,);
    `more`, further numbers (n,) of the points by their names.
    """

    name: str
    rule: int
    color: Array
    points: Array
    steps: Array
    losses: Array
    more: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Spots:
    """Places of one kind, such as minima: `points` (n, 3), `losses` (n,), a `color` and `radius`.

    Attributes: `rule`, the number of the rule that they belong to, -1 for none; `step`, how far it
    is there, -1 for none; `more`, further numbers (n,) of the points by their names.
    """

    name: str
    color: Array
    radius: float
    points: Array
    losses: Array
    rule: int = -1
    step: int = -1
    more: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Model:
    """All that is exported: meshes of the surface, lines of the paths, spots; names of `rules`.

    Attributes: `ladder`, the levels of the colours; `title`, which of several surfaces it is, ""
    for the only one; `measure`, what the losses are if they are none, such as "accuracy". All
    meshes, lines and spots have `more` numbers of the same names, or none.
    """

    surface: tuple[Part, ...]
    lines: tuple[Line, ...]
    spots: tuple[Spots, ...]
    rules: tuple[str, ...]
    ladder: Ladder
    title: str = ""
    measure: str = "loss"

    @property
    def names(self) -> list[str]:
        """The names of the meshes, the lines and the spots, in this order."""
        parts: tuple[Part | Line | Spots, ...] = (*self.surface, *self.lines, *self.spots)
        return [part.name for part in parts]


def in_units(part: Part, box: Box) -> Part:
    """Return a mesh of the box in the data's own units."""
    normals = part.normals * box.scale
    return replace(part, points=box.data(part.points), normals=_unit(normals))


def normals_of(points: Array, faces: Array) -> Array:
    """Return the normals (n, 3) of a mesh at its points: its triangles', weighted by their areas.

    Parameters: `points` (n, 3) and `faces` (m, 3). A point of no triangle has the one upwards.
    """
    import numpy as np

    a, b, c = (points[faces[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    # One sum for each coordinate: a point has those of all triangles that it is a corner of.
    sums = [
        np.bincount(faces.ravel(), np.repeat(across[:, k], 3), minlength=len(points))
        for k in range(3)
    ]
    return _unit(np.column_stack(sums))


def _unit(vectors: Array) -> Array:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    there = lengths[:, 0] > 0
    found = np.zeros_like(vectors)
    found[:, 2] = 1.0
    found[there] = vectors[there] / lengths[there]
    return found
