"""A table of named columns, and the numbers or classes that are taken from it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.surfaces.data.cells import has_number, is_missing, offending_cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "Choice",
    "Table",
    "categories",
    "find_column",
    "is_numeric",
    "missing",
    "mostly_numbers",
    "no_value",
    "numbers",
]

_LARGEST, _SMALLEST = 1e50, 1e-50
_MOST_NAMED = 20


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
    """Columns of the same length, each of numbers (an array, NaN for no value) or of texts.

    Attributes: `name`, for messages; `columns` by name; `regression` and `classification`, what a
    model of a number or of two classes takes by default (None: nothing, it must be said); `lines`,
    where each row stands in its file (empty for a table that is no file); `own`, whether it is the
    user's, so that a picture has to carry it; `carried`, the text that a recipe carried it as.
    """

    name: str
    columns: Mapping[str, Sequence[str] | Array]
    regression: Choice | None = None
    classification: Choice | None = None
    lines: Sequence[int] = ()
    own: bool = False
    carried: str = ""

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
    known = list(table.columns)
    if len(known) > _MOST_NAMED and not difflib.get_close_matches(name[:60].lower(), known):
        known = [*known[:_MOST_NAMED], "…"]
    raise unknown_name(f"column of {table.name}", name, known)


def numbers(table: Table, name: str, rows: Array) -> Array:
    """Return the numbers of the column `name` in `rows` (an index array), shape (rows,).

    Raises LandscapeError if one is missing, is no finite number, is 1e50 or more in size, or if all
    are the same.
    """
    import numpy as np

    column = table.columns[name]
    if not isinstance(column, np.ndarray):
        raise _no_number(table, name, column)
    values: Array = column[rows].astype(np.float64)
    if np.isnan(values).any():
        raise no_value(table, name, rows[np.isnan(values)])
    if np.isinf(values).any():
        k = rows[np.isinf(values)][0]
        raise LandscapeError(
            f"column {name!r} of {table.name} must hold finite numbers: '{column[k]}' came in line "
            f"{table.lines[k]}"
        )
    # Squares and products of what is within these limits are numbers, neither inf nor 0.
    if values.size and not np.abs(values).max() < _LARGEST:
        raise LandscapeError(
            f"column {name!r} of {table.name} has numbers too large for a loss: {_LARGEST:g} is "
            "the limit, so change its unit"
        )
    if values.size and not np.ptp(values) > _SMALLEST:
        raise LandscapeError(
            f"column {name!r} of {table.name} is constant ({values[0]:g}): choose another"
        )
    return values


def missing(table: Table, name: str) -> Array:
    """Return which rows have no value in a column, as an array of bools of shape (rows,)."""
    import numpy as np

    column = table.columns[name]
    if isinstance(column, np.ndarray):
        return np.isnan(column) if column.dtype.kind == "f" else np.zeros(len(column), np.bool_)
    return np.array([is_missing(cell, among_texts=True) for cell in column], np.bool_)


def categories(table: Table, name: str) -> tuple[list[str], Array]:
    """Return the distinct values of a column as texts, in order, and each row's place among them.

    Numbers are ordered by size, texts by the alphabet; a row without a value is at place -1.
    """
    import numpy as np

    column = table.columns[name]
    given = ~missing(table, name)
    places = np.full(len(column), -1)
    if isinstance(column, np.ndarray):
        sizes, places[given] = np.unique(column[given], return_inverse=True)
        return [f"{size:.12g}" for size in sizes], places
    texts = sorted({cell for cell, there in zip(column, given, strict=True) if there})
    order = {text: k for k, text in enumerate(texts)}
    return texts, np.array([order.get(cell, -1) for cell in column])


def is_numeric(table: Table, name: str) -> bool:
    """Return whether all values that a column has are finite numbers, and not all the same."""
    import numpy as np

    column = table.columns[name]
    if not isinstance(column, np.ndarray):
        return False
    values = column[~missing(table, name)]
    return bool(values.size and np.isfinite(values).all() and np.ptp(values) > 0)


def mostly_numbers(table: Table, name: str) -> bool:
    """Return whether a column is of texts, but most of them are numbers: some cells are spoilt."""
    column = table.columns[name]
    if not isinstance(column, Sequence):
        return False
    given = [cell for cell in column if not is_missing(cell)]
    return 2 * sum(map(has_number, given)) > len(given)


def no_value(
    table: Table, name: str, absent: Array, cure: str = "fill it in or remove the line"
) -> LandscapeError:
    """Return the error for rows (an index array) that have no value in a column."""
    more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
    cell = table.columns[name][absent[0]]
    shown = f" but {cell!r}" if isinstance(cell, str) and cell else ""
    return LandscapeError(
        f"column {name!r} of {table.name} has no value{shown} in line "
        f"{table.lines[absent[0]]}{more}: {cure}"
    )


def _no_number(table: Table, name: str, column: Sequence[str]) -> LandscapeError:
    given = [cell for cell in column if not is_missing(cell)]
    if not any(map(has_number, given)) and len(set(given)) < len(given):
        cure = "choose a column of numbers, or model=logistic with it as the target"
        k = next(k for k, cell in enumerate(column) if not is_missing(cell))
    else:
        k, cure = offending_cell(column)
    text = column[k]
    shown = repr(text if len(text) <= 40 else f"{text[:37]}…")
    return LandscapeError(
        f"column {name!r} of {table.name} must hold numbers: {shown} came in line "
        f"{table.lines[k]}; {cure}"
    )
