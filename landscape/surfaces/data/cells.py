"""The cells of a text file as numbers: decimal commas, thousands, and what is missing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "has_number",
    "is_missing",
    "is_number",
    "offending_cell",
    "plain_number",
    "read_columns",
]

_MISSING = {"", "na", "n/a", "nan", "null", "?", "#n/a", "<na>"}
_MISSING_AMONG_NUMBERS = _MISSING | {"none", "-", "."}
# A blank and the Swiss apostrophe mean nothing else between groups of three digits.
_GROUPED = re.compile(r"[+-]?\d{1,3}([, '\u2019])\d{3}(\1\d{3})*(\.\d+)?")
_SWAP = str.maketrans(",.", ".,")


def is_missing(cell: str, *, among_texts: bool = False) -> bool:
    """Return whether a cell says that there is no value, as an empty one or NA does.

    Parameters: `among_texts` says that the column is of texts: then "none" and "-" are texts too.
    """
    return cell.strip().lower() in (_MISSING if among_texts else _MISSING_AMONG_NUMBERS)


def is_number(cell: str) -> bool:
    """Return whether a cell is a number in some notation: 1.5, 1,5, 1,200.5, 1 200."""
    return not (math.isnan(_pointed(cell)) and math.isnan(_comma(cell)))


def has_number(cell: str) -> bool:
    """Return whether a cell is a number but for the signs around it, as 5% and €5 are."""
    return is_number(cell.strip("%€$£¥ "))


def plain_number(cell: str) -> float:
    """Return the number that a cell holds as a computer writes it, NaN if it holds none."""
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _pointed(cell: str) -> float:
    """Return the number of 1,200.5 or 1 200.5 as well, NaN if the cell holds none."""
    number = plain_number(cell)
    if not math.isnan(number):
        return number
    text = cell.replace("\N{MINUS SIGN}", "-")
    found = _GROUPED.fullmatch(text)
    return plain_number(text.replace(found[1], "") if found else text)


def _comma(cell: str) -> float:
    """Return the number of 1.200,5: the point and the comma trade places."""
    return _pointed(cell.translate(_SWAP))


def read_columns(
    columns: Mapping[str, Sequence[str]], delimiter: str
) -> dict[str, Array | tuple[str, ...]]:
    """Return each column as numbers (float64, NaN where there is no value) or as its texts.

    A column is of numbers if all its cells are, in one notation: with decimal points (1,200.5) or
    with decimal commas (1.200,5). Where both fit and say different things, the columns that only
    one of them fits decide, if they agree. Else 1.234 is what a computer means by it, and for 1,234
    the delimiter decides: between semicolons commas are decimal, between commas they are not. With
    a tab or a bar nothing decides, and the column stays texts (`offending_cell` says why).
    """
    import numpy as np

    pointed = {name: _all(cells, _pointed) for name, cells in columns.items()}
    marked = {name for name, cells in columns.items() if any("," in cell for cell in cells)}
    # Most files have no sign of decimal commas, and need not be read a second time.
    comma = {
        name: _all(cells, _comma) if pointed[name] is None else None
        for name, cells in columns.items()
    }
    if marked or any(found is not None for found in comma.values()):
        rest = [name for name in columns if pointed[name] is not None]
        comma |= {name: _all(columns[name], _comma) for name in rest}
    votes = {
        "point" if points is not None else "comma"
        for points, commas in zip(pointed.values(), comma.values(), strict=True)
        if (points is None) != (commas is None)
    }
    read: dict[str, Array | tuple[str, ...]] = {}
    for name, cells in columns.items():
        points, commas = pointed[name], comma[name]
        chosen = commas if points is None else points
        if points is not None and commas is not None and not _same(points, commas):
            if name not in marked:
                chosen = commas if votes == {"comma"} and delimiter != "," else points
            elif len(votes) == 1:
                chosen = points if "point" in votes else commas
            else:
                chosen = {",": points, ";": commas}.get(delimiter)
        read[name] = tuple(cells) if chosen is None else np.array(chosen, np.float64)
    return read


def _all(cells: Sequence[str], reader: Callable[[str], float]) -> list[float] | None:
    """Return the numbers of all cells, NaN where there is no value; None if one is a text."""
    if reader is _pointed:
        with suppress(ValueError):  # nearly every column, and many times as fast
            return list(map(float, cells))
    found = []
    for cell in cells:
        number = reader(cell)
        if math.isnan(number) and not is_missing(cell):
            return None
        found.append(number)
    return found


def _same(first: Iterable[float], second: Iterable[float]) -> bool:
    return all(
        a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(first, second, strict=True)
    )


def offending_cell(cells: Sequence[str]) -> tuple[int, str]:
    """Return which cell keeps a column of texts from being one of numbers, and the cure."""
    given = [k for k, cell in enumerate(cells) if not is_missing(cell)]
    for k in given:
        if not is_number(cells[k]):
            inside = re.sub(r"[^\d.,+-]+", "", cells[k])
            if inside and is_number(inside):
                return k, f"write {inside} without signs, letters and units"
            return k, "write a number there or choose another column"
    # Each is a number by itself, so points and commas are at odds.
    k = next((k for k in given if math.isnan(plain_number(cells[k]))), given[0])
    return k, "write all its numbers with points, as 1234.5"
