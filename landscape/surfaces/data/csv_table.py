"""The user's CSV file as a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.files import shown
from landscape.surfaces.data.table import Table

__all__ = ["read_csv"]

_DELIMITERS = ",;\t|"
_MOST_BYTES = 100_000_000
_LEAST_ROWS = 3


def read_csv(path: str) -> Table:
    """Return the table of a CSV file: a line of names, then a line for each example.

    The delimiter is the one of comma, semicolon, tab and bar that stands most often in the first
    line; where it is no comma, 1,5 is read as one and a half. Empty lines are left out.

    Raises LandscapeError for a file that cannot be read, is no text in UTF-8, is larger than
    100 MB, or has no names, fewer than three rows or rows of different lengths.
    """
    name = shown(path)
    text = _text(path, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=_outside_quotes(first).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
                lines.append(reader.line_num)
    except csv.Error as problem:
        raise LandscapeError(
            f"{name} is no CSV file: {problem} in line {reader.line_num}"
        ) from None
    if not rows:
        raise LandscapeError(f"{name} is empty: a line of names and lines of numbers were wanted")
    header = _header(rows[0], name)
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(header):
            raise LandscapeError(
                f"line {line} of {name} has {len(row)} cells: the first line names {len(header)}"
            )
    if len(rows) <= _LEAST_ROWS:
        raise LandscapeError(
            f"{name} has {len(rows) - 1} rows of data: a loss takes {_LEAST_ROWS} at least"
        )
    columns = dict(zip(header, zip(*rows[1:], strict=True), strict=True))
    return Table(name, columns, lines=lines[1:], comma=delimiter != ",")


def _text(path: str, name: str) -> str:
    place = Path(path).expanduser()
    try:
        if place.exists() and not place.is_file():
            kind = "a directory" if place.is_dir() else "no ordinary file"
            raise OSError(0, f"is {kind}")
        size = place.stat().st_size
        content = place.read_bytes() if size <= _MOST_BYTES else b""
    except FileNotFoundError:
        raise LandscapeError(f"there is no file {name}: check the path") from None
    except (OSError, ValueError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise LandscapeError(f"cannot read {name}: {reason[:1].lower()}{reason[1:]}") from None
    if size > _MOST_BYTES:
        raise LandscapeError(
            f"{name} has {size / 1e6:.0f} MB: {_MOST_BYTES / 1e6:.0f} is the most read, so "
            "take a part of its lines"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LandscapeError(
            f"{name} is no text in UTF-8: save it as 'CSV UTF-8' in your spreadsheet"
        ) from None
    if "\0" in text:
        raise LandscapeError(f"{name} is no CSV file: it has bytes that are no text")
    return text


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _header(cells: list[str], name: str) -> list[str]:
    header = ["".join(c if c.isprintable() else " " for c in cell).strip() for cell in cells]
    for position, column in enumerate(header, 1):
        if not column:
            raise LandscapeError(f"column {position} of {name} has no name in the first line")
        if header.count(column) > 1:
            raise LandscapeError(f"the name {column!r} stands twice in the first line of {name}")
    if all(_is_number(column) for column in header):
        raise LandscapeError(
            f"{name} begins with numbers: its first line must name the columns, such as x,y"
        )
    return header


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
