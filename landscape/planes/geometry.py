"""Lines and planes through the space of a network's parameters, and what lies off them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Bounds = tuple[tuple[float, float], tuple[float, float]]

__all__ = ["Geometry", "Line", "angle", "box_around", "line_through", "plane_through"]

_BLOCK = 1 << 21  # numbers of a block of snapshots in double precision: 16 MB
_PARALLEL = 1e-7  # below this share of its own length a direction adds nothing to the other


def angle(first: ArrayLike, second: ArrayLike) -> float:
    """Return the angle between two vectors in degrees, from 0 to 180.

    Kahan's formula, 2 atan2(|u - v|, |u + v|) for unit vectors u and v: exact at 0 and 90 alike.
    """
    u, v = np.asarray(first, np.float64), np.asarray(second, np.float64)
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))))


class _Flat:
    """A point and directions from it that need be neither of length 1 nor orthogonal."""

    origin: Array

    @property
    def directions(self) -> Array:
        """The directions as rows."""
        raise NotImplementedError

    @cached_property
    def _frame(self) -> tuple[Array, Array]:
        """Q (P, k), orthonormal, and R (k, k) with directionsᵀ = Q R."""
        q, r = np.linalg.qr(self.directions.T)
        return q, r

    def project(self, thetas: ArrayLike) -> tuple[Array, Array]:
        """Return the least-squares coordinates of parameters, and how far off they lie.

        Parameters: `thetas` has shape (P,) or (T, P); many are taken a block at a time.

        Returns coordinates of shape (k,) or (T, k), in units of the directions, and the distances
        that remain, a number or (T,), in units of the parameters.
        """
        rows = np.asarray(thetas)
        if rows.ndim not in (1, 2) or rows.shape[-1] != self.origin.size:
            raise LandscapeError(
                f"parameters of shape ({self.origin.size},) or (T, {self.origin.size}) were "
                f"wanted: {rows.shape} came"
            )
        flat = rows[None] if rows.ndim == 1 else rows
        q, r = self._frame
        coordinates, distances = np.empty((len(flat), r.shape[0])), np.empty(len(flat))
        step = max(1, _BLOCK // self.origin.size)
        for k in range(0, len(flat), step):
            part = slice(k, k + step)
            with np.errstate(over="ignore", invalid="ignore"):  # a run that diverged stays NaN
                away = np.asarray(flat[part], np.float64) - self.origin
                along = away @ q
                coordinates[part] = np.linalg.solve(r, along.T).T
                away -= along @ q.T
                # What rounding left along the directions is not off the plane.
                away -= (away @ q) @ q.T
                distances[part] = np.linalg.norm(away, axis=1)
        return (coordinates[0], distances[0]) if rows.ndim == 1 else (coordinates, distances)

    def residual(self, thetas: ArrayLike) -> Array:
        """Return how far parameters (P,) or (T, P) lie off: a number or (T,)."""
        return self.project(thetas)[1]

    def _settle(self, *names: str) -> None:
        """Make the vectors flat doubles of one length and check them."""
        for name in names:
            vector = np.ascontiguousarray(getattr(self, name), np.float64)
            if vector.ndim != 1 or not vector.size:
                raise LandscapeError(f"{name} must be one flat vector: {vector.shape} came")
            if vector.size != np.size(getattr(self, names[0])):
                raise LandscapeError(
                    f"{names[0]} and {name} must be equally long: "
                    f"{np.size(getattr(self, names[0]))} and {vector.size} came"
                )
            if not np.isfinite(vector).all():
                raise LandscapeError(f"{name} must be finite: it has NaN or infinity in it")
            if name != names[0] and not vector.any():
                raise LandscapeError(f"{name} must be a direction: all its numbers are 0")
            object.__setattr__(self, name, vector)


@dataclass(frozen=True, eq=False)
class Line(_Flat):
    """θ(t) = origin + t · direction.

    Attributes: `origin` and `direction` (P,), kept in double precision; `label` names t; `spec`
    says how the line came about.
    """

    origin: Array
    direction: Array
    label: str = "t"
    spec: str = ""

    def __post_init__(self) -> None:
        self._settle("origin", "direction")

    @property
    def directions(self) -> Array:
        """The direction as a matrix of one row."""
        return self.direction[None]

    def point(self, t: ArrayLike) -> Array:
        """Return the parameters at t: shape (…, P)."""
        return self.origin + np.asarray(t, np.float64)[..., None] * self.direction

    def coordinates(self, thetas: ArrayLike) -> Array:
        """Return t of the point of the line nearest to parameters (P,) or (T, P)."""
        return np.asarray(self.project(thetas)[0][..., 0])


@dataclass(frozen=True, eq=False)
class Geometry(_Flat):
    """The plane θ(a, b) = origin + a · first + b · second.

    Attributes: `origin`, `first` and `second` (P,), kept in double precision, the directions
    neither of length 1 nor orthogonal by necessity; `labels` name a and b; `spec` says how the
    plane came about.

    Raises LandscapeError if the directions are parallel, or are no vectors of one length.
    """

    origin: Array
    first: Array
    second: Array
    labels: tuple[str, str] = ("a", "b")
    spec: str = ""

    def __post_init__(self) -> None:
        self._settle("origin", "first", "second")
        _, r = self._frame
        if abs(r[1, 1]) <= _PARALLEL * np.linalg.norm(self.second):
            raise LandscapeError(
                "a plane needs two directions: the second is parallel to the first, take another"
            )

    @cached_property
    def directions(self) -> Array:
        """Both directions as rows: (2, P)."""
        return np.stack([self.first, self.second])

    @property
    def angle(self) -> float:
        """The angle between the directions in degrees."""
        return angle(self.first, self.second)

    @property
    def lengths(self) -> tuple[float, float]:
        """How far one unit of a and one of b move the parameters."""
        return float(np.linalg.norm(self.first)), float(np.linalg.norm(self.second))

    def point(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return the parameters at (a, b), which broadcast: shape (…, P)."""
        x, y = np.asarray(a, np.float64)[..., None], np.asarray(b, np.float64)[..., None]
        return self.origin + x * self.first + y * self.second

    def coordinates(self, thetas: ArrayLike) -> Array:
        """Return (a, b) of the point of the plane nearest to parameters: (2,) or (T, 2).

        By least squares, so it is right for directions that are not orthogonal too, where the
        products with each direction would not be.
        """
        return self.project(thetas)[0]


def line_through(start: ArrayLike, end: ArrayLike) -> Line:
    """Return the line through two solutions: t = 0 is `start` and t = 1 is `end`.

    Parameters: `start` and `end` are parameters (P,).

    Raises LandscapeError if both are the same. Source: Goodfellow, Vinyals & Saxe (2015).
    """
    first, last = _solutions(start, end)
    if np.array_equal(first, last):
        raise LandscapeError("a line goes through two solutions: both are the same")
    return Line(first, last - first, "share of the way", "line")


def plane_through(first: ArrayLike, second: ArrayLike, third: ArrayLike) -> tuple[Geometry, Array]:
    """Return the plane through three solutions, and where they lie on it: (3, 2).

    Parameters: three parameter vectors (P,). The axes are orthonormal, so that distances on the
    plane are distances between parameters: the first solution is the origin, the second lies on
    the positive a axis, the third above it.

    Raises LandscapeError if the three lie on one line. Source: Garipov et al. (2018), appendix.
    """
    origin, *others = _solutions(first, second, third)
    u, v = (other - origin for other in others)
    length = float(np.linalg.norm(u))
    along = u / length if length else u
    across = v - (v @ along) * along
    across -= (across @ along) * along
    height = float(np.linalg.norm(across))
    if not length or not height > _PARALLEL * float(np.linalg.norm(v)):
        raise LandscapeError(
            "a plane needs three solutions that do not lie on one line: take another third"
        )
    geometry = Geometry(
        origin, along, across / height, ("distance", "distance across"), "three solutions"
    )
    return geometry, np.array([[0.0, 0.0], [length, 0.0], [float(v @ along), height]])


def _solutions(*given: ArrayLike) -> list[Array]:
    """Return parameter vectors as doubles of one length."""
    made = [np.asarray(one, np.float64) for one in given]
    if any(one.ndim != 1 or one.shape != made[0].shape for one in made):
        shapes = ", ".join(str(one.shape) for one in made)
        raise LandscapeError(f"solutions are flat vectors of one length: {shapes} came")
    return made


def box_around(points: ArrayLike, margin: float = 0.2) -> Bounds:
    """Return bounds around all finite points, with a margin on each side.

    Parameters: `points` (N, 2); `margin` as a share of the extent. Where the points spread less
    than a tenth as far one way as the other, the bounds are made a tenth as long: a path that is
    nearly straight would else be magnified into something it is not.

    Raises LandscapeError if no point is finite, or all are the same.
    """
    table = np.asarray(points, np.float64).reshape(-1, 2)
    table = table[np.isfinite(table).all(axis=1)]
    if not len(table) or not np.ptp(table, axis=0).any():
        raise LandscapeError("bounds need points that differ: give the bounds themselves")
    low, high = table.min(axis=0), table.max(axis=0)
    extent = high - low
    extent = np.maximum(extent, 0.1 * extent.max())
    middle, half = 0.5 * (low + high), (0.5 + margin) * extent
    (x0, y0), (x1, y1) = middle - half, middle + half
    return (float(x0), float(x1)), (float(y0), float(y1))
