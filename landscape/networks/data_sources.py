"""Where data come from: sets of scikit-learn, CSV files and NPZ files, not yet scaled or split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.files import AnyPath, shown
from landscape.surfaces.data.carried import DIGEST, carry, check_digest, restore
from landscape.surfaces.data.csv_table import read_csv
from landscape.surfaces.data.library import LIBRARY, library_table
from landscape.surfaces.data.table import (
    Table,
    find_column,
    missing,
    mostly_numbers,
    no_value,
    numbers,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["LIBRARY_SETS", "TASKS", "Source", "csv_source", "library_source", "to_target"]

LIBRARY_SETS: Mapping[str, str] = {
    **{name: entry[0] for name, entry in LIBRARY.items()},
    "digits": "1797 handwritten digits of 8 by 8 pixels",
}
TASKS = ("classification", "regression")

_MOST_KINDS = 20  # distinct values up to which whole numbers are classes, and texts a feature
_MOST_CLASSES = 1000
_LEAST_ROWS = 3


@dataclass(frozen=True, eq=False)
class Source:
    """Data as they were found.

    Attributes: `name`; `X` (rows, inputs) float64; `y` (rows,): int64 places among `classes`, or
    float64 where there are none; `features`, the names of the inputs; `target`, that of y;
    `test`, the rows that the file itself keeps for the test (an index array), None for none;
    `table`, what a recipe carries of the user's file; `dropped`, how many of its rows were left
    out.
    """

    name: str
    X: Array
    y: Array
    classes: tuple[str, ...]
    features: tuple[str, ...]
    target: str
    test: Array | None = None
    table: str = ""
    dropped: int = 0


def library_source(name: str, features: Sequence[str] = ()) -> Source:
    """Return a set of scikit-learn; `features` are the columns taken, all if empty.

    Raises LandscapeError if scikit-learn is not installed, or has no such column.
    """
    if name == "digits":
        return _digits(tuple(features))
    return _from_table(library_table(name), LIBRARY[name][1], features)


def csv_source(
    path: str,
    target: str,
    features: Sequence[str] = (),
    task: str = "",
    absent: str = "error",
    *,
    carried: str = "",
    folder: AnyPath | None = None,
) -> Source:
    """Return the data of a CSV file, or those that a recipe carries of it.

    Texts in a feature become a column for each that occurs, 1 where it is that one.

    Parameters: `target` is the column to predict, `features` those to predict from (all others if
    empty); `task` is as `to_target` says; `absent` is what becomes of rows without a value in a
    column that is used: "error", or "drop"; `carried` is the `table` of a Source that was made of
    the file before; `folder` is where a relative path is looked up first.

    Raises LandscapeError, in one line, for a file or column that cannot be used, or a file that has
    changed since.
    """
    if carried and not carried.startswith(DIGEST):
        table = restore(carried, shown(path))
    else:
        table = read_csv(path, folder)
        if carried:
            table = check_digest(carried, table)
    if not target:
        names = list(table.columns)
        some = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
        raise LandscapeError(
            f"{table.name} needs the column to predict: add target=NAME, one of {some}"
        )
    return _from_table(table, target, features, task, absent)


def _from_table(
    table: Table, target: str, features: Sequence[str], task: str = "", absent: str = "error"
) -> Source:
    import numpy as np

    column = find_column(table, target)
    names = _columns(table, column, features)
    rows = _rows(table, [column, *names], absent)
    y, classes = _target(table, column, rows, task)
    parts = [_feature(table, name, rows) for name in names]
    return Source(
        table.name,
        np.column_stack([values for values, _ in parts]),
        y,
        classes,
        tuple(name for _, called in parts for name in called),
        column,
        table=carry(table, [column, *names]) if table.own else "",
        dropped=len(table) - len(rows),
    )


def _columns(table: Table, target: str, features: Sequence[str]) -> list[str]:
    chosen = [find_column(table, name) for name in features]
    if target in chosen:
        raise LandscapeError(f"{target!r} is the target of {table.name}: it is no feature as well")
    if len(set(chosen)) < len(chosen):
        raise LandscapeError(f"a feature of {table.name} stands twice: {'/'.join(chosen)} came")
    found = chosen or [name for name in table.columns if name != target]
    if not found:
        raise LandscapeError(f"{table.name} has no column beside {target!r} to predict it from")
    return found


def _rows(table: Table, names: Sequence[str], absent: str) -> Array:
    """Return the rows that have a value in each of the columns `names`."""
    import numpy as np

    without = np.zeros(len(table), np.bool_)
    for name in names:
        found = missing(table, name)
        if absent == "error" and found.any():
            cure = "fill it in, remove the line, or say missing=drop"
            raise no_value(table, name, np.flatnonzero(found), cure)
        without |= found
    rows = np.flatnonzero(~without)
    if len(rows) < _LEAST_ROWS:
        raise LandscapeError(
            f"{table.name} has {len(rows)} rows with a value in every column that is used: "
            f"{_LEAST_ROWS} is the least"
        )
    return rows


def _target(table: Table, name: str, rows: Array, task: str) -> tuple[Array, tuple[str, ...]]:
    import numpy as np

    column = table.columns[name]
    if isinstance(column, np.ndarray):
        return to_target(numbers(table, name, rows), table.name, task)
    kinds, places = np.unique([column[k] for k in rows], return_inverse=True)
    if task == "regression" or (len(kinds) > _MOST_KINDS and mostly_numbers(table, name)):
        numbers(table, name, rows)  # says which cell is none
    classes = tuple(str(kind) for kind in kinds)
    _check_classes(classes, table.name)
    return places.astype(np.int64), classes


def _feature(table: Table, name: str, rows: Array) -> tuple[Array, list[str]]:
    """Return the columns (rows, 1 or more) that a column of a table becomes, and their names."""
    import numpy as np

    column = table.columns[name]
    if isinstance(column, np.ndarray):
        # Another column would do for a model of one feature; here scaling copes.
        constant = np.ptp(column[rows]) == 0
        values = column[rows] if constant else numbers(table, name, rows)
        return values[:, None].astype(np.float64), [name]
    kinds, places = np.unique([column[k] for k in rows], return_inverse=True)
    if mostly_numbers(table, name):
        numbers(table, name, rows)
    if len(kinds) > _MOST_KINDS:
        raise LandscapeError(
            f"column {name!r} of {table.name} holds {len(kinds)} different texts, and "
            f"{_MOST_KINDS} is the most for a feature: name the columns to take, features=a/b"
        )
    return np.eye(len(kinds))[places], [f"{name}={kind}" for kind in kinds]


def to_target(values: Array, name: str, task: str) -> tuple[Array, tuple[str, ...]]:
    """Return numbers as a target and its classes, which are none for a regression.

    Parameters: `values` (rows,); `task` is "classification", "regression" or "": then whole numbers
    of at most 20 kinds, each five times on average, are classes.
    """
    import numpy as np

    kinds, places = np.unique(values, return_inverse=True)
    if not task:
        whole = bool((kinds == np.floor(kinds)).all())
        few = len(kinds) <= min(_MOST_KINDS, len(values) // 5)
        task = "classification" if whole and few else "regression"
    if task == "regression":
        return values.astype(np.float64), ()
    classes = tuple(f"{kind:.12g}" for kind in kinds)
    _check_classes(classes, name)
    return places.astype(np.int64), classes


def _check_classes(classes: Sequence[str], name: str) -> None:
    if len(classes) == 1:
        raise LandscapeError(f"the target of {name} has one class alone, {classes[0]!r}")
    if len(classes) > _MOST_CLASSES:
        raise LandscapeError(
            f"the target of {name} has {len(classes)} classes: {_MOST_CLASSES} is the most; "
            "another target was meant, or task=regression"
        )


@lru_cache(maxsize=1)
def _all_digits() -> tuple[Array, Array]:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise LandscapeError(
            "the data set digits needs scikit-learn: pip install 'landscape-viz[data]'"
        ) from None
    return load_digits(return_X_y=True)  # type: ignore[no-any-return]


def _digits(features: tuple[str, ...]) -> Source:
    import numpy as np

    pixels, digit = _all_digits()
    names = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    for feature in features:
        if feature not in names:
            raise unknown_name("column of digits", feature, names)
    taken = [names.index(feature) for feature in features] or list(range(len(names)))
    return Source(
        "digits",
        pixels[:, taken].astype(np.float64),
        digit.astype(np.int64),
        tuple("0123456789"),
        tuple(names[k] for k in taken),
        "digit",
    )
