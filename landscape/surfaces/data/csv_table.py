"""The user's CSV file as a table."""

from __future__ import annotations

from pathlib import Path

from landscape.errors import LandscapeError
from landscape.files import AnyPath, shown
from landscape.surfaces.data.cells import read_columns
from landscape.surfaces.data.csv_text import decode, read_cells
from landscape.surfaces.data.table import Table

__all__ = ["find_file", "read_csv"]

_MOST_BYTES = 100_000_000
_LEAST_ROWS = 3


def read_csv(path: str, folder: AnyPath | None = None) -> Table:
    """Return the table of a CSV file: a line of names, then a line for each example.

    Parameters: `path` is the file; `folder` is where a relative path is looked up first, before
    the working directory.

    Separator, encoding and decimal commas are told from the text (see `read_cells`, `decode` and
    `read_columns`). Empty lines are left out.

    Raises LandscapeError for a file that cannot be read, is no text, is larger than 100 MB, or has
    no names, fewer than three rows or rows of different lengths.
    """
    name = shown(path)
    cells = read_cells(decode(_content(find_file(path, folder), name, folder), name), name)
    if len(cells.rows) < _LEAST_ROWS:
        raise LandscapeError(
            f"{name} has {len(cells.rows)} rows of data: a loss takes {_LEAST_ROWS} at least"
        )
    columns = dict(zip(cells.header, zip(*cells.rows, strict=True), strict=True))
    return Table(name, read_columns(columns, cells.delimiter), lines=cells.lines, own=True)


def find_file(path: str, folder: AnyPath | None = None) -> Path:
    """Return where the file of a path is: in `folder` if there is one, else as it stands."""
    try:
        place = Path(path).expanduser()
        if folder is not None and (Path(folder) / place).exists():
            return Path(folder) / place
    except (OSError, ValueError, RuntimeError):
        return Path(path)
    return place


def _content(place: Path, name: str, folder: AnyPath | None) -> bytes:
    try:
        if place.exists() and not place.is_file():
            kind = "a directory" if place.is_dir() else "no ordinary file"
            raise OSError(0, f"is {kind}")
        size = place.stat().st_size
        content = place.read_bytes() if size <= _MOST_BYTES else b""
    except FileNotFoundError:
        beside = " beside the recipe or here" if folder is not None else ""
        raise LandscapeError(f"there is no file {name}{beside}: check the path") from None
    except (OSError, ValueError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise LandscapeError(f"cannot read {name}: {reason[:1].lower()}{reason[1:]}") from None
    if size > _MOST_BYTES:
        raise LandscapeError(
            f"{name} has {size / 1e6:.0f} MB: {_MOST_BYTES / 1e6:.0f} is the most read, so "
            "take a part of its lines"
        )
    return content
