"""What of a box in perspective is seen from inside, and where its numbers and names stand.

Numbers stand along the outline of the box: along two edges of its floor and at the left. They are
pushed away from the outline at right angles to their edge, all of an axis to one line, so they
never lie on the box, and fewer of them are shown where they would touch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, hypot
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "CORNERS",
    "FACES",
    "Edge",
    "Place",
    "Room",
    "edges_of",
    "projected",
    "seen_inside",
    "thinned",
]

# The eight corners as sides of x, y and z, and the six faces, (axis, side) in order, by their
# corners' numbers, anticlockwise from outside.
CORNERS = tuple((k & 1, k >> 1 & 1, k >> 2) for k in range(8))


def _faces() -> Iterator[tuple[int, ...]]:
    for axis in range(3):
        across, up = 1 << (axis + 1) % 3, 1 << (axis + 2) % 3
        ring = (0, across, across + up, up)
        yield tuple(reversed(ring))
        yield tuple((1 << axis) + corner for corner in ring)


FACES = tuple(_faces())
# Two edges of the floor are at about one height, and the right one is taken, up to this slope from
# one to the other. No ratio of small numbers, as the slopes seen from exactly above are.
_LEVEL = 0.2309
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Edge:
    """The edge of the box that an axis' numbers stand along.

    Attributes: `axis` 0 … 2; `start`, the corner at its beginning; `ends` (2, 2) in canvas pixels;
    `outward`, the unit vector at right angles to it; `away`, how far in that direction the
    box reaches beyond the edge.
    """

    axis: int
    start: int
    ends: Array
    outward: Array
    away: float

    @property
    def length(self) -> float:
        """The length in pixels."""
        (x0, y0), (x1, y1) = self.ends
        return hypot(x1 - x0, y1 - y0)

    def centre(self, at: Array, size: tuple[float, float], gap: float) -> tuple[float, float]:
        """Return the middle of a box of (width, height) that is `gap` off the box at a place."""
        nx, ny = self.outward
        far = self.away + gap + self.reach(size)
        return float(at[0] + far * nx), float(at[1] + far * ny)

    def reach(self, size: tuple[float, float]) -> float:
        """Return how far a box of (width, height) reaches outward from its middle."""
        nx, ny = self.outward
        return 0.5 * float(abs(nx) * size[0] + abs(ny) * size[1])


def projected(points: Array, matrix: Array) -> Array:
    """Return points (n, 3) in canvas pixels (n, 2)."""
    rows = matrix[[0, 1, 3]]
    seen = points @ rows[:, :3].T + rows[:, 3]
    found: Array = seen[:, :2] / seen[:, 2:]
    return found


def seen_inside(corners: Array) -> list[bool]:
    """Return which faces show their inner side, of the corners (8, 2) in canvas pixels."""
    import numpy as np

    rings = corners[np.array(FACES)]
    first, second = rings[:, 2] - rings[:, 0], rings[:, 3] - rings[:, 1]
    areas = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    # From exactly edge-on nothing is seen of either side.
    hair = -_HAIR * np.abs(areas).max()
    return [bool(area < hair) for area in areas]


def edges_of(corners: Array, inside: Sequence[bool]) -> list[Edge]:
    """Return the edges for the numbers of x, y and height, without those that are seen end-on."""
    floor_inside = inside[4]
    starts: list[tuple[int, int]] = []
    for axis in (0, 1):
        other = 1 - axis
        # On the outline: where the floor's inner side meets a wall's outer side or the reverse.
        two = [side << other for side in (0, 1)]
        outer = [k for side, k in enumerate(two) if inside[2 * other + side] != floor_inside]
        one = outer[0] if len(outer) == 1 else _lower(corners, two, 1 << axis)
        starts.append((axis, one))
    upright = [k for k in range(4) if inside[k & 1] != inside[2 + (k >> 1)]]
    if upright:
        starts.append((2, min(upright, key=lambda k: float(corners[k, 0] + corners[k + 4, 0]))))
    found = [_edge(corners, axis, start) for axis, start in starts]
    return [edge for edge in found if edge is not None]


def _lower(corners: Array, starts: Sequence[int], step: int) -> int:
    """Return the lower of two edges, the right one if both are at about one height."""
    one, other = (corners[start] + corners[start + step] for start in starts)
    across, up = other - one
    return starts[1] if up < _LEVEL * across else starts[0]


def _edge(corners: Array, axis: int, start: int) -> Edge | None:
    import numpy as np

    ends = corners[[start, start + (1 << axis)]]
    dx, dy = ends[1] - ends[0]
    length = float(np.hypot(dx, dy))
    if length < 1.0:
        return None
    outward = np.array([dy, -dx]) / length
    middle = 0.5 * (corners.min(axis=0) + corners.max(axis=0))
    if (ends.mean(axis=0) - middle) @ outward < 0:
        outward = -outward
    away = float(np.max(corners @ outward) - np.max(ends @ outward))
    return Edge(axis, start, ends, outward, max(away, 0.0))


@dataclass(frozen=True, slots=True)
class Place:
    """A box for a text in canvas pixels: left, bottom, right, top."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: Place, pad: tuple[float, float]) -> bool:
        """Return whether another place is less than `pad` (across, up) from this one."""
        return (
            self.x0 - pad[0] < other.x1
            and other.x0 - pad[0] < self.x1
            and self.y0 - pad[1] < other.y1
            and other.y0 - pad[1] < self.y1
        )


class Room:
    """The places that are taken, and the least distance between two.

    Parameters: `pad` across and up, in canvas pixels; `whole` tells whether places are on whole
    pixels.
    """

    def __init__(self, pad: tuple[float, float], *, whole: bool) -> None:
        self.pad, self.whole = pad, whole
        self.taken: list[Place] = []

    def place(self, centre: tuple[float, float], size: tuple[float, float]) -> Place:
        """Return the place of a text of (width, height) around a centre."""
        x, y = centre[0] - 0.5 * size[0], centre[1] - 0.5 * size[1]
        if self.whole:
            x, y = floor(x + 0.5), floor(y + 0.5)
        return Place(x, y, x + size[0], y + size[1])

    def free(self, place: Place) -> bool:
        """Return whether a place meets none that is taken."""
        return not any(place.meets(other, self.pad) for other in self.taken)


def thinned(places: Sequence[Place], room: Room, shown: range, kept: int | None) -> list[int]:
    """Return which of the numbers of an axis to show: every one, every other …

    Parameters: `places` in order; `shown`, those that may be; `kept`, the number of one that is
    best not left out, or None. At least two are shown or none.
    """
    free = [room.free(place) for place in places]
    for stride in range(1, len(shown)):
        offsets = range(stride)
        # Two numbers tell more than the one that is best kept.
        if kept is not None and len([k for k in shown if (k - kept) % stride == 0]) >= 2:
            offsets = range((kept - shown.start) % stride, (kept - shown.start) % stride + 1)
        for offset in offsets:
            chosen = [k for k in shown[offset::stride] if free[k]]
            if len(chosen) >= 2 and not any(
                places[one].meets(places[other], room.pad) for one, other in pairwise(chosen)
            ):
                return chosen
    return []
