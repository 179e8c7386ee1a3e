"""The notation of data sets: a name or path, and options; what is said of rows left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from landscape.errors import LandscapeError

__all__ = ["join_parts", "left_out", "parts_of", "read_text", "write_text"]


def read_text(text: str) -> tuple[str, dict[str, str]]:
    """Return the name or path and the options of a text."""
    if not isinstance(text, str) or not text.strip():
        raise LandscapeError(f"a data set is a text such as moons or mine.csv,target=y: {text!r}")
    drive = re.match(r"\s*[A-Za-z]:[\\/]", text)  # the colon of C:\data\mine.csv
    begin = drive.end() if drive else 0
    cut = re.search(r"(?<!\\)[:,]", text[begin:])
    end = begin + cut.start() if cut else len(text)
    head, tail = _bare(text[:end]), text[end + 1 :]
    if not head or (cut and not tail.strip()):
        raise LandscapeError(f"cannot read {text.strip()!r}: write NAME:key=value,key=value")
    options: dict[str, str] = {}
    for part in re.split(r"(?<!\\),", tail) if cut else []:
        key, equals, value = (_bare(piece) for piece in part.partition("="))
        if not (key and equals and value):
            raise LandscapeError(
                f"cannot read {part.strip()!r} in {text.strip()!r}: write key=value, and a comma "
                r"of a path or name as \,"
            )
        if key in options:
            raise LandscapeError(f"{key!r} stands twice in {text.strip()!r}")
        options[key] = value
    return head, options


def _bare(text: str) -> str:
    return text.strip().replace("\\,", ",").replace("\\:", ":")


def write_text(head: str, options: Mapping[str, str]) -> str:
    """Return the text that `read_text` takes apart again."""
    drive = re.match(r"[A-Za-z]:[\\/]", head)
    start = drive.end() if drive else 0
    name = head[:start] + re.sub(r"[,:]", r"\\\g<0>", head[start:])
    tail = ",".join(f"{key}={value.replace(',', chr(92) + ',')}" for key, value in options.items())
    return f"{name}:{tail}" if tail else name


def parts_of(text: str) -> list[str]:
    """Return the names between slashes."""
    parts = [part.strip().replace("\\/", "/") for part in re.split(r"(?<!\\)/", text)]
    if text and not all(parts):
        raise LandscapeError(f"{text!r} has no name on one side of a slash: write a/b")
    return [part for part in parts if part]


def join_parts(names: Iterable[str]) -> str:
    """Return the text that `parts_of` takes apart again."""
    return "/".join(name.replace("/", "\\/") for name in names)


def left_out(count: int, rows: int) -> str:
    """Return how many rows were left out: "2 of 150 rows lack a value and are left out"."""
    said = "lacks a value and is" if count == 1 else "lack a value and are"
    return f"{count} of {rows} rows {said} left out"
