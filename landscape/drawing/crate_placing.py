"""Where the numbers and the names of a box in three dimensions stand for a camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.crate_labels import Label, is_raster
from landscape.drawing.crate_layout import (
    CORNERS,
    Edge,
    Place,
    Room,
    edges_of,
    projected,
    seen_inside,
    thinned,
)
from landscape.drawing.ticks import Ticks

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["TICK", "Placing", "Seen", "Written"]

Range = tuple[float, float]

# In slide pixels: the sizes of numbers and names, a tick's length, and the room beyond ticks and
# between numbers and names.
_NUMBERS, _NAMES = 17.0, 21.0
TICK, _PAD, _NAME_PAD = 6.0, 4.0, 10.0
# On small pages numbers are no smaller than this, in points: fewer that can be read tell more.
_LEAST = 8.2
# The least distance between texts, across and up, in sizes of the numbers.
_APART = (0.55, 0.5)
# An axis is seen end-on that is shorter than this, in sizes of the numbers, or whose edge lies
# deeper within the outline than this share of its length.
_SHORT, _DEEP = 2.0, 0.6
# Numbers this near to a corner of the floor, as a share of the axis, would meet the other axis'.
_CORNER = 0.02


@dataclass(frozen=True, slots=True)
class Written:
    """A text at an axis and its place; `at` is its tick, or the middle of a name's edge."""

    axis: int
    at: Array
    label: Label
    place: Place


@dataclass(frozen=True, slots=True)
class Seen:
    """The box as one camera sees it, in canvas pixels.

    Attributes: `corners` (8, 2); `inside`, which faces show their inner side; `edges`, those that
    have numbers; `numbers`; `names`.
    """

    corners: Array
    inside: tuple[bool, ...]
    edges: tuple[Edge, ...]
    numbers: tuple[Written, ...]
    names: tuple[Written, ...]

    @property
    def written(self) -> tuple[Written, ...]:
        """All texts."""
        return *self.numbers, *self.names

    def ticks(self, edge: Edge) -> Array:
        """Return where the ticks that have a number are on an edge: shape (n, 2)."""
        import numpy as np

        return np.array([one.at for one in self.numbers if one.axis == edge.axis]).reshape(-1, 2)


class Placing:
    """Places the texts of a box.

    Parameters: `ranges`, `ticks` and `names` of x, y and height; `ink`, the texts' colour; `point`,
    the size of a slide pixel in points.
    """

    def __init__(
        self,
        ranges: tuple[Range, Range, Range],
        ticks: tuple[Ticks, Ticks, Ticks],
        names: tuple[str, str, str],
        ink: str,
        point: float,
    ) -> None:
        import numpy as np

        size = max(_NUMBERS * point, _LEAST)
        self._size = size / point
        self._numbers = [[Label(said, size, ink) for said in one.labels] for one in ticks]
        self._names = [
            # A long name beside a steep edge would take the room of the box.
            Label(name.replace(" (", "\n("), max(_NAMES * point, size), ink) if name else None
            for name in names
        ]
        low, high = np.transpose(ranges)
        self._corners = np.where(CORNERS, high, low)
        self._places = [one.places for one in ticks]
        self._shown = [
            _clear(ticks[0], ranges[0]),
            _clear(ticks[1], ranges[1]),
            range(len(ticks[2].places)),
        ]
        # The number at 0, the loss 1 of a logarithmic height, is the last to go.
        self._kept = [one.places.index(0.0) if 0.0 in one.places else None for one in ticks]

    def arrange(self, renderer: RendererBase, matrix: Array, pixel: float) -> Seen:
        """Return where everything is.

        Parameters: `matrix` of the view; `pixel`, the size of a slide pixel in those of the canvas.
        """
        corners = projected(self._corners, matrix)
        inside = seen_inside(corners)
        size = self._size * pixel
        room = Room((_APART[0] * size, _APART[1] * size), whole=is_raster(renderer))
        edges = [
            edge
            for edge in edges_of(corners, inside)
            if edge.length > _SHORT * size and edge.away < _DEEP * edge.length
        ]
        numbers: list[Written] = []
        names: list[Written] = []
        # The height's numbers first: those of the floor give way to them.
        for edge in reversed(edges):
            axis, labels, at = edge.axis, self._numbers[edge.axis], self._on(edge, matrix)
            boxes = [label.measure(renderer)[:2] for label in labels]
            places = [
                room.place(edge.centre(point, box, (TICK + _PAD) * pixel), box)
                for point, box in zip(at, boxes, strict=True)
            ]
            shown = thinned(places, room, self._shown[axis], self._kept[axis])
            room.taken.extend(places[k] for k in shown)
            numbers.extend(Written(axis, at[k], labels[k], places[k]) for k in shown)
        for edge in reversed(edges):
            name = self._names[edge.axis]
            if name is not None:
                place = self._name_place(edge, name, renderer, pixel, room)
                room.taken.append(place)
                names.append(Written(edge.axis, edge.ends.mean(axis=0), name, place))
        return Seen(corners, tuple(inside), tuple(edges), tuple(numbers), tuple(names))

    def _on(self, edge: Edge, matrix: Array) -> Array:
        """Return where an axis' ticks are on its edge: shape (n, 2)."""
        import numpy as np

        places = self._places[edge.axis]
        points = np.empty((len(places), 3))
        points[:] = self._corners[edge.start]
        points[:, edge.axis] = places
        return projected(points, matrix)

    def _name_place(
        self, edge: Edge, name: Label, renderer: RendererBase, pixel: float, room: Room
    ) -> Place:
        """Return where a name stands: over the height's numbers, beyond those of the floor."""
        size = name.measure(renderer)[:2]
        gap = (TICK + _PAD) * pixel
        boxes = [label.measure(renderer)[:2] for label in self._numbers[edge.axis]]
        at = edge.ends.mean(axis=0)
        if edge.axis == 2:
            along = (edge.ends[1] - edge.ends[0]) / edge.length
            tallest = max((height for _, height in boxes), default=0.0)
            at = edge.ends[1] + (0.5 * (tallest + size[1]) + _NAME_PAD * pixel) * along
        elif boxes:
            # All of them, shown or not, so that the name keeps its distance as the camera turns.
            gap += 2 * max(edge.reach(box) for box in boxes) + _NAME_PAD * pixel
        place = room.place(edge.centre(at, size, gap), size)
        while not room.free(place):
            gap += 2 * pixel
            place = room.place(edge.centre(at, size, gap), size)
        return place


def _clear(ticks: Ticks, limits: Range) -> range:
    """Return the numbers of the ticks that keep away from the corners, of all if too few do."""
    count = len(ticks.places)
    hair = _CORNER * (limits[1] - limits[0])
    first = int(count > 0 and ticks.places[0] < limits[0] + hair)
    last = count - int(count > 0 and ticks.places[-1] > limits[1] - hair)
    return range(first, last) if last - first >= 3 else range(count)
