"""Generated classes in the plane: moons, circles, spirals, XOR and blobs, from a seed alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.specs import parse_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["SHAPES", "Option", "Shape", "draw_shape", "shape_options"]

_STREAM = 20  # beside those of the split, the batches and the initial weights


@dataclass(frozen=True)
class Option:
    """An option of a shape: its default, its least and largest value, and whether it is whole."""

    default: float
    least: float
    most: float
    whole: bool = False


@dataclass(frozen=True)
class Shape:
    """A kind of generated data.

    Attributes: `says`, what it is; `points`, a function of a generator, the class of each row and
    the options that returns the points (rows, 2) before the noise; `classes`, how many there are,
    or the option that says so; `noise`, the default deviation of the noise on both coordinates;
    `options`, its own beside rows, noise and seed.
    """

    says: str
    points: Callable[[np.random.Generator, Array, Mapping[str, float]], Array]
    classes: int | str
    noise: float
    options: Mapping[str, Option]


def _moons(draw: np.random.Generator, group: Array, given: Mapping[str, float]) -> Array:
    import numpy as np

    angle = draw.uniform(0.0, math.pi, len(group))
    lower = group == 1
    x = np.where(lower, 0.5 - np.cos(angle), np.cos(angle) - 0.5)
    y = np.where(lower, 0.25 - np.sin(angle), np.sin(angle) - 0.25)
    return np.column_stack([x, y])


def _circles(draw: np.random.Generator, group: Array, given: Mapping[str, float]) -> Array:
    import numpy as np

    radius = np.where(group == 0, 1.0, given["factor"])
    return _polar(radius, draw.uniform(0.0, 2 * math.pi, len(group)))


def _spirals(draw: np.random.Generator, group: Array, given: Mapping[str, float]) -> Array:
    along = draw.uniform(0.0, 1.0, len(group))
    turn = group / given["arms"] + given["turns"] * along
    return _polar(0.1 + 0.9 * along, 2 * math.pi * turn)


def _xor(draw: np.random.Generator, group: Array, given: Mapping[str, float]) -> Array:
    import numpy as np

    size = draw.uniform(given["gap"] / 2, 1.0, (len(group), 2))
    right = draw.integers(0, 2, len(group)) == 1
    up = right != (group == 1)  # class 1 where the signs differ
    return size * np.where(np.column_stack([right, up]), 1.0, -1.0)


def _blobs(draw: np.random.Generator, group: Array, given: Mapping[str, float]) -> Array:
    import numpy as np

    return _polar(np.ones(len(group)), 2 * math.pi * (0.25 + group / given["centres"]))


def _polar(radius: Array, angle: Array) -> Array:
    import numpy as np

    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


SHAPES: Mapping[str, Shape] = {
    "moons": Shape("two half circles, one in the other's arms", _moons, 2, 0.1, {}),
    "circles": Shape(
        "a circle within a circle",
        _circles,
        2,
        0.1,
        {"factor": Option(0.5, 0.0, 1.0)},
    ),
    "spirals": Shape(
        "spiral arms that wind about each other",
        _spirals,
        "arms",
        0.05,
        {"arms": Option(3, 2, 10, whole=True), "turns": Option(0.7, 0.0, 10.0)},
    ),
    "xor": Shape(
        "four quarters, the opposite ones alike",
        _xor,
        2,
        0.1,
        {"gap": Option(0.0, 0.0, 1.0)},
    ),
    "blobs": Shape(
        "round clouds about points of a circle, noise is their deviation",
        _blobs,
        "centres",
        0.3,
        {"centres": Option(3, 2, 20, whole=True)},
    ),
}


def shape_options(name: str) -> dict[str, Option]:
    """Return the options of a shape with what they may be: rows, noise, seed and its own."""
    shape = SHAPES[name]
    return {
        "rows": Option(1000, 10, 1_000_000, whole=True),
        "noise": Option(shape.noise, 0.0, 100.0),
        **shape.options,
        "seed": Option(0, 0, 2**53, whole=True),
    }


def draw_shape(name: str, given: Mapping[str, str]) -> tuple[Array, Array, dict[str, float]]:
    """Return the points of a shape (rows, 2), their classes (rows,) and all its options.

    The classes are as large as each other, give or take a row. The noise is Gaussian, added to both
    coordinates after the class is known.

    Parameters: `name` is one of `SHAPES`; `given` are options of `shape_options` as texts.

    Raises LandscapeError for an option that is no number in its range.
    """
    import numpy as np

    options = shape_options(name)
    values = {key: option.default for key, option in options.items()}
    for key, text in given.items():
        values[key] = _checked(text, f"{key} of {name}", options[key])
    shape = SHAPES[name]
    count = int(values[shape.classes] if isinstance(shape.classes, str) else shape.classes)
    draw = np.random.Generator(np.random.PCG64([_STREAM, int(values["seed"])]))
    group = np.arange(int(values["rows"])) % count
    points = shape.points(draw, group, values)
    points += values["noise"] * draw.standard_normal(points.shape)
    return points, group, values


def _checked(text: str, what: str, option: Option) -> float:
    value = parse_number(text, what)
    whole = not option.whole or value == int(value)
    if not (whole and option.least <= value <= option.most):
        kind = "a whole number" if option.whole else "a number"
        raise LandscapeError(
            f"{what} must be {kind} from {option.least:g} to {option.most:.15g}: {text} came"
        )
    return value
