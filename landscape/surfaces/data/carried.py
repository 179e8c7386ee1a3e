"""The user's data inside a recipe: the columns that a picture shows, as one text.

A picture must be made again where its CSV file is not, so the recipe carries what was read of it:

- a short table as plain CSV, which a reader of the recipe can read and mend;
- a longer one as "zlib:" and the same CSV, compressed, in base64;
- one beyond that as "sha256:", the digest of the same CSV and its header, by which a file is known
  again: megabytes of numbers have no place in a picture.

The CSV has commas and "\\n", and numbers in the shortest form that is read back to the last bit.
Nothing in it is guessed: a column is of numbers if Python reads all its cells as such.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import math
import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.files import AnyPath
from landscape.surfaces.data.cells import is_missing, plain_number
from landscape.surfaces.data.csv_table import find_file, read_csv
from landscape.surfaces.data.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["DIGEST", "carry", "check_digest", "has_changed", "restore"]

PACKED, DIGEST = "zlib:", "sha256:"
_LONGEST_PLAIN = 4_000
_LONGEST_CARRIED = 300_000
# Numbers of one value compress a thousandfold: what unpacks to more than this is not carried.
_LONGEST_UNPACKED = 4_000_000
_LEAST_ROWS = 3


def carry(table: Table, columns: Iterable[str]) -> str:
    """Return the text that a recipe carries some columns of a table as.

    A table that a recipe carried is carried on as it came, for packing may differ between versions
    of zlib and the same recipe must make the same bytes.
    """
    wanted = set(columns)
    if table.carried and wanted <= _covered(table):
        return table.carried
    names = [name for name in table.columns if name in wanted]
    text = _written(table, names)
    if len(text) <= _LONGEST_PLAIN and not text.startswith((PACKED, DIGEST)):
        return text
    data = text.encode()
    if len(data) <= _LONGEST_UNPACKED:
        packed = PACKED + base64.b64encode(zlib.compress(data, 9)).decode("ascii")
        if len(packed) <= _LONGEST_CARRIED:
            return packed
    header, *_ = text.split("\n", 1)
    return f"{DIGEST}{hashlib.sha256(data).hexdigest()}:{header}"


def restore(text: str, name: str) -> Table:
    """Return the table that a recipe carries, unless it is a digest.

    Parameters: `text` is what `carry` returned, `name` that of the file, for messages.

    Raises LandscapeError if the text is damaged, unpacks to more than 4 MB, or is no table.
    """
    where = f"the table of {name} in the recipe"
    content = _unpacked(text, where) if text.startswith(PACKED) else text
    try:
        reader = csv.reader(io.StringIO(content, newline=""), skipinitialspace=True, strict=True)
        header, *rows = ([cell.strip() for cell in row] for row in reader if row)
    except (ValueError, csv.Error):
        header, rows = [], []
    whole = all(len(row) == len(header) for row in rows)
    if len(header) < 2 or not all(header) or len(set(header)) < len(header) or not whole:
        raise LandscapeError(
            f"{where} is damaged: a line of names with commas between them and lines of as many "
            "cells were wanted; make the picture again from its file"
        )
    if len(rows) < _LEAST_ROWS:
        raise LandscapeError(f"{where} has {len(rows)} rows: a loss takes {_LEAST_ROWS} at least")
    columns = {
        column: _read(cells) for column, cells in zip(header, zip(*rows, strict=True), strict=True)
    }
    return Table(name, columns, lines=range(2, len(rows) + 2), own=True, carried=text)


def check_digest(text: str, table: Table) -> Table:
    """Return a file's table, known again by the digest that a recipe carries.

    Raises LandscapeError if its columns do not hold what the picture was made from.
    """
    digest, names = _digest(text)
    if len(digest) != 64 or len(names) < 2:
        raise LandscapeError(
            f"the SHA-256 of {table.name} in the recipe is damaged: make the picture again"
        )
    lost = [name for name in names if name not in table.columns]
    if not lost and hashlib.sha256(_written(table, names).encode()).hexdigest() == digest:
        return Table(table.name, table.columns, lines=table.lines, own=True, carried=text)
    what = f"it has no column {lost[0]!r}" if lost else f"{', '.join(names)} hold other values"
    raise LandscapeError(
        f"{table.name} has changed since the picture was made: {what}; bring the old file back, or "
        "take the line 'table' out of the recipe for a picture of the new one"
    )


def has_changed(path: str, text: str, folder: AnyPath | None = None) -> bool:
    """Return whether there is a file of this path whose columns are not what a recipe carries.

    Parameters: `text` is what `carry` returned, no digest; `folder` as `read_csv` takes it.

    Raises LandscapeError if the text is damaged.
    """
    then = restore(text, path)
    try:
        if not find_file(path, folder).exists():
            return False
        now, names = read_csv(path, folder), list(then.columns)
        return _written(now, names) != _written(then, names)
    except (LandscapeError, KeyError, OSError, ValueError):
        return True  # no such table any more


def _covered(table: Table) -> set[str]:
    """Return the columns that a recipe's text of this table stands for."""
    if table.carried.startswith(DIGEST):
        return set(_digest(table.carried)[1])
    return set(table.columns)


def _digest(text: str) -> tuple[str, list[str]]:
    """Return the digits of a digest and the columns that it was taken of."""
    digits, _, line = text.removeprefix(DIGEST).partition(":")
    try:
        (names,) = csv.reader([line])
    except (ValueError, csv.Error):
        names = []
    return digits, names


def _unpacked(text: str, where: str) -> str:
    wrong = LandscapeError(f"{where} is damaged: make the picture again from its file")
    try:
        data = base64.b64decode(text.removeprefix(PACKED), validate=True)
        machine = zlib.decompressobj()
        content = machine.decompress(data, _LONGEST_UNPACKED + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise wrong from None
    if len(content) > _LONGEST_UNPACKED:
        raise LandscapeError(
            f"{where} unpacks to more than {_LONGEST_UNPACKED / 1e6:g} MB: this is no recipe made "
            "here"
        )
    if not machine.eof or machine.unused_data:
        raise wrong
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise wrong from None


def _read(cells: Sequence[str]) -> Sequence[str] | Array:
    """Return the numbers of a column, its texts if one is none."""
    import numpy as np

    values = [math.nan if is_missing(cell) else plain_number(cell) for cell in cells]
    if any(math.isnan(v) and not is_missing(c) for v, c in zip(values, cells, strict=True)):
        return tuple(cells)
    return np.array(values, np.float64)


def _written(table: Table, names: Sequence[str]) -> str:
    """Return some columns as CSV."""
    text = io.StringIO(newline="")
    # "\r\n", the writer's own choice, would not survive in every format of a picture.
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(zip(*(_cells(table.columns[name]) for name in names), strict=True))
    return text.getvalue()


def _cells(column: Sequence[str] | Array) -> Iterable[str]:
    return column if isinstance(column, Sequence) else map(_shortest, column.tolist())


def _shortest(value: float) -> str:
    """Return the shortest text that is read as the same double: 2 for 2.0, "" for NaN."""
    if math.isnan(value):
        return ""
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text
