"""The text of a CSV file: its encoding, its separator, its header and its rows of cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.errors import LandscapeError
from landscape.surfaces.data.cells import is_missing, is_number

__all__ = ["Cells", "decode", "read_cells"]

_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 10_000
_SAMPLE = 100_000  # characters that the separator is told from
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_BINARY = re.compile(r"[\0-\x08\x0e-\x1f]")


@dataclass(frozen=True)
class Cells:
    """What stands in a CSV file: `header`, `rows` of as many cells each and their `lines`."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str


def decode(content: bytes, name: str) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else Windows' Western European.

    In the last any bytes mean something; a wrong guess shows in names that have accents, never in
    numbers.

    Raises LandscapeError for bytes that are no text.
    """
    if content[:2] == b"PK":
        raise LandscapeError(
            f"{name} is no CSV file but a workbook or archive: save it as CSV in your spreadsheet"
        )
    coding = next((coding for mark, coding in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(coding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    bad = _BINARY.search(text)
    if bad or text.count("\ufffd") > len(text) // 100:
        raise LandscapeError(
            f"{name} is no CSV file: it has bytes that are no text; save it as CSV in UTF-8"
        )
    return text


def read_cells(text: str, name: str) -> Cells:
    """Return the cells of a CSV text; lines without any are left out, as is what has no name.

    The separator is that of comma, semicolon, tab and bar with which most lines have as many cells
    as the first, and most cells are numbers; a first line "sep=;" says it. A first column without
    a name (pandas' index) is left out, and so are empty ones without.

    Raises LandscapeError for a text without names, or with lines of different lengths.
    """
    said = re.match(r'"?sep=([^\n"])"?\r?\n', text, re.IGNORECASE)
    skipped = 0
    if said:
        text, skipped = text[said.end() :], 1
    delimiter = said[1] if said else _separator(text)
    rows, lines = _rows(text, delimiter, name)
    lines = [line + skipped for line in lines]
    if not rows:
        raise LandscapeError(f"{name} is empty: a line of names and lines of numbers were wanted")
    _level(rows, '"1"' in text)
    width = len(rows[0])
    if width > _MOST_COLUMNS:
        raise LandscapeError(
            f"{name} has {width} columns: {_MOST_COLUMNS} is the most read, so take some of them"
        )
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            odd = text.count('"') % 2
            raise LandscapeError(
                f"line {line} of {name} has {len(row)} cells, the first line {width}: "
                + ('a " is not closed' if odd else "put cells with a separator in them in quotes")
            )
    keep = _named(rows, name)
    if len(keep) < width:
        rows = [[row[k] for k in keep] for row in rows]
    _check_header(rows, name)
    return Cells(rows[0], rows[1:], lines[1:], delimiter)


def _rows(text: str, delimiter: str, name: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([_clean(cell) for cell in row])
                lines.append(reader.line_num)
    except csv.Error as problem:
        raise LandscapeError(
            f"{name} is no CSV file: {problem} in line {reader.line_num}"
        ) from None
    return rows, lines


def _clean(cell: str) -> str:
    if not cell.isprintable():  # line breaks within quotes, wide and narrow blanks
        cell = "".join(letter if letter.isprintable() else " " for letter in cell)
    return cell.strip()


def _separator(text: str) -> str:
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    best, separator = (0.0, 0), ","
    for delimiter in _DELIMITERS:
        try:
            first, *body = _rows(sample, delimiter, "")[0] or [[]]
        except LandscapeError:
            continue
        if len(first) < 2:
            continue
        cells = [cell for row in body for cell in row]
        fit = sum(len(row) in (len(first), len(first) + 1) for row in body) / max(1, len(body))
        share = sum(is_number(cell) or is_missing(cell) for cell in cells) / max(1, len(cells))
        score = (fit * (1 + share), len(first))
        if score > best:
            best, separator = score, delimiter
    return separator


def _level(rows: list[list[str]], quoted: bool) -> None:
    """Mend rows that all have one cell more than the header.

    Parameters: `quoted` says that a 1 in quotes came, as R counts rows; without the quotes it may
    be the 1 of 1,200.
    """
    wide = len(rows[0]) + 1
    if len(rows) < 2 or any(len(row) != wide for row in rows[1:]):
        return
    if not any(row[-1] for row in rows[1:]):
        for row in rows[1:]:  # a separator at the end of each line
            del row[-1]
        return
    names = [row[0] for row in rows[1:]]
    counted = quoted and names == [str(k) for k in range(1, len(rows))]
    if counted or (len(set(names)) == len(names) and not any(map(is_number, names))):
        rows[0].insert(0, "")  # R's names of the rows


def _named(rows: list[list[str]], name: str) -> list[int]:
    """Return the places of the columns that have names."""
    keep = []
    for k, column in enumerate(rows[0]):
        if column and not (k == 0 and column == "Unnamed: 0"):
            keep.append(k)
        elif k > 0 and any(row[k] for row in rows[1:]):
            raise LandscapeError(
                f"column {k + 1} of {name} has no name in the first line: write one there"
            )
    return keep


def _check_header(rows: Sequence[Sequence[str]], name: str) -> None:
    header, body = rows[0], rows[1:]
    for column, times in Counter(header).items():
        if times > 1:
            raise LandscapeError(
                f"the name {column!r} stands twice in the first line of {name}: change one"
            )
    missing = bool(header) and all(map(is_number, header))
    if not missing and body:
        # A first line of data: numbers above all numbers, and texts that come again below.
        columns = list(zip(*body, strict=True))
        numeric = [any(map(is_number, cells)) for cells in columns]
        missing = any(numeric) and all(
            is_number(first) if is_numeric else first in cells
            for first, is_numeric, cells in zip(header, numeric, columns, strict=True)
        )
    if missing:
        raise LandscapeError(
            f"{name} begins with numbers: its first line must name the columns, such as x,y"
        )
    if len(header) < 2:
        raise LandscapeError(
            f"{name} has one column alone ({', '.join(header)[:40]!r}): two were wanted at least, "
            "with commas, semicolons or tabs between them"
        )
