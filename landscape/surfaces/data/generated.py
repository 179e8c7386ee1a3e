"""Generated data: small seeded sets that need no file and no further package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.specs import parse_number
from landscape.surfaces.data.table import Choice, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Columns = dict[str, Array]

__all__ = ["GENERATED", "Generated", "check_parameters", "generated_table"]

_MOST_EXAMPLES = 100_000


@dataclass(frozen=True)
class Generated:
    """A kind of generated data.

    Attributes: `says`, what it is; `make`, which takes a generator and the parameters and returns
    the columns; `parameters` with their defaults; `regression` and `classification` as a Table has.
    """

    says: str
    make: Callable[[np.random.Generator, Mapping[str, float]], Columns]
    parameters: Mapping[str, float]
    regression: Choice | None = None
    classification: Choice | None = None


def _line(draw: np.random.Generator, given: Mapping[str, float]) -> Columns:
    n = int(given["n"])
    x = draw.uniform(0.0, 10.0, n)
    return {"x": x, "y": 0.5 * x + 1.0 + given["noise"] * draw.standard_normal(n)}


def _scales(draw: np.random.Generator, given: Mapping[str, float]) -> Columns:
    n, ratio = int(given["n"]), given["ratio"]
    x1, x2 = draw.standard_normal(n), draw.standard_normal(n)
    y = x1 + x2 + given["noise"] * draw.standard_normal(n)
    return {"x1": x1, "x2": ratio * x2, "y": y}


def _blobs(draw: np.random.Generator, given: Mapping[str, float]) -> Columns:
    import numpy as np

    n = int(given["n"])
    group = (np.arange(n) % 2).astype(np.float64)
    side = given["gap"] * (group - 0.5)
    # The line from one middle to the other is turned off the axes, by the angle of 3, 4 and 5.
    x1 = 0.8 * side + given["noise"] * draw.standard_normal(n)
    x2 = 0.6 * side + given["noise"] * draw.standard_normal(n)
    return {"x1": x1, "x2": x2, "group": group}


def _switch(draw: np.random.Generator, given: Mapping[str, float]) -> Columns:
    import numpy as np

    n = int(given["n"])
    x = draw.uniform(-3.0, 3.0, n)
    on = x + given["noise"] * draw.standard_normal(n) > 0
    return {"x": x, "on": on.astype(np.float64)}


GENERATED: dict[str, Generated] = {
    "line": Generated(
        "a line with noise: y = x/2 + 1, x from 0 to 10",
        _line,
        {"n": 50, "noise": 0.5, "seed": 0},
        regression=Choice("y", ("x",)),
    ),
    "scales": Generated(
        "two features, x2 on a scale ratio times that of x1, which matter alike",
        _scales,
        {"n": 100, "ratio": 10, "noise": 0.5, "seed": 0},
        regression=Choice("y", ("x1", "x2"), 2),
    ),
    "blobs": Generated(
        "two classes: round clouds of deviation noise, gap apart",
        _blobs,
        {"n": 100, "gap": 2, "noise": 1, "seed": 0},
        classification=Choice("group", ("x1", "x2"), 2),
    ),
    "switch": Generated(
        "two classes along one feature: on where x plus noise is above 0",
        _switch,
        {"n": 60, "noise": 1.5, "seed": 0},
        classification=Choice("on", ("x",)),
    ),
}


def check_parameters(name: str, given: Mapping[str, str]) -> dict[str, float]:
    """Return all parameters of a kind of generated data, those of `given` replaced.

    Raises LandscapeError for an unknown parameter or a value that means nothing.
    """
    values = dict(GENERATED[name].parameters)
    for key, text in given.items():
        what = f"{key} of data:{name}"
        number = parse_number(text, what)
        if key in ("n", "seed"):
            low, high = (3, _MOST_EXAMPLES) if key == "n" else (0, 2**53)
            if number != int(number) or not low <= number <= high:
                raise LandscapeError(
                    f"{what} must be a whole number from {low} to {high}: {text} came"
                )
        elif key not in values:
            raise unknown_name(f"parameter of data:{name}", key, values)
        elif not 0 <= number <= 1e6 or (key == "ratio" and number == 0):
            raise LandscapeError(f"{what} must be a number from 0 to a million: {text} came")
        values[key] = number
    return values


def generated_table(name: str, parameters: Mapping[str, float]) -> Table:
    """Return the table of a kind of `GENERATED` with checked parameters; the seed decides all."""
    import numpy as np

    kind = GENERATED[name]
    columns = kind.make(np.random.Generator(np.random.PCG64(int(parameters["seed"]))), parameters)
    return Table(name, columns, kind.regression, kind.classification)
