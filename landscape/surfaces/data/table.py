"""A table of named columns, and the numbers or classes that are taken from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Choice", "Table", "categories", "find_column", "is_numeric", "numbers"]

_MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
_LARGEST, _SMALLEST = 1e50, 1e-50


@dataclass(frozen=True)
class Choice:
    """What is taken from a table unless told otherwise.

    Attributes: `target`; `features`, the best first; `count`, how many of them a linear or logistic
    model takes; `classes` of the target.
    """

    target: str
    features: tuple[str, ...]
    count: int = 1
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of the same length, each of numbers or of texts.

    Attributes: `name`, for messages; `columns` by name; `regression` and `classification`, what a
    model of a number or of two classes takes by default (None: nothing, it must be said); `lines`,
    where each row stands in its file (empty for a table that is no file); `comma`, whether 1,5 is
    a number.
    """

    name: str
    columns: Mapping[str, Sequence[str] | Array]
    regression: Choice | None = None
    classification: Choice | None = None
    lines: Sequence[int] = ()
    comma: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def find_column(table: Table, name: str) -> str:
    """Return the column's name as the table writes it; capitals may differ.

    Raises LandscapeError if there is no such column.
    """
    if name in table.columns:
        return name
    same = [column for column in table.columns if column.lower() == name.lower()]
    if len(same) == 1:
        return same[0]
    raise unknown_name(f"column of {table.name}", name, table.columns)


def numbers(table: Table, name: str, rows: Array) -> Array:
    """Return the numbers of the column `name` in `rows` (an index array), shape (rows,).

    Raises LandscapeError if one is missing, is no finite number, is 1e50 or more in size, or if all
    are the same.
    """
    import numpy as np

    column = table.columns[name]
    if isinstance(column, np.ndarray):
        values = column[rows].astype(np.float64)
    else:
        values = np.array([_number(column[k], table.comma) for k in rows], np.float64)
        bad = rows[~np.isfinite(values)]
        if bad.size:
            _refuse(table, name, bad)
    # Squares and products of what is within these limits are numbers, neither inf nor 0.
    if values.size and not np.abs(values).max() < _LARGEST:
        raise LandscapeError(f"column {name!r} of {table.name} has numbers too large for a loss")
    if values.size and not np.ptp(values) > _SMALLEST:
        raise LandscapeError(f"column {name!r} of {table.name} is constant: choose another")
    return values


def categories(table: Table, name: str) -> tuple[list[str], Array]:
    """Return the distinct values of a column as texts, in order, and each row's place among them.

    Numbers are ordered by size, texts by the alphabet; a row without a value is at place -1.
    """
    import numpy as np

    column = table.columns[name]
    if isinstance(column, np.ndarray):
        sizes, places = np.unique(column, return_inverse=True)
        return [f"{size:.12g}" for size in sizes], places
    given = np.array([text.strip().lower() not in _MISSING for text in column])
    values = np.array([_number(text, table.comma) for text in column])
    places = np.full(len(column), -1)
    if np.isfinite(values[given]).all():  # 1 and 1.0 are the same class
        sizes, places[given] = np.unique(values[given], return_inverse=True)
        return [f"{size:.12g}" for size in sizes], places
    texts, places[given] = np.unique(np.array(column)[given], return_inverse=True)
    return [str(text) for text in texts], places


def is_numeric(table: Table, name: str) -> bool:
    """Return whether every value that the column has is a number, and not all are the same."""
    import numpy as np

    column = table.columns[name]
    if isinstance(column, np.ndarray):
        return True
    given = [text for text in column if text.strip().lower() not in _MISSING]
    values = {_number(text, table.comma) for text in given}
    return len(values) > 1 and all(map(math.isfinite, values))


def _number(text: str, comma: bool) -> float:
    """Return the number that a cell holds, NaN if it holds none."""
    try:
        return float(text.replace(",", ".") if comma else text)
    except ValueError:
        return math.nan


def _refuse(table: Table, name: str, bad: Array) -> None:
    column = table.columns[name]
    missing = [k for k in bad if column[k].strip().lower() in _MISSING]
    if missing:
        line = table.lines[missing[0]]
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise LandscapeError(
            f"column {name!r} of {table.name} has no value in line {line}{more}: "
            "fill it in or remove the line"
        )
    text = column[bad[0]]
    shown = repr(text if len(text) <= 40 else f"{text[:37]}…")
    raise LandscapeError(
        f"column {name!r} of {table.name} must hold finite numbers: {shown} came in line "
        f"{table.lines[bad[0]]}"
    )
