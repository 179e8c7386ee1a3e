"""Arrays that are computed piece after piece, and kept in an NPZ file with their recipe.

While the work goes on its pieces are in a journal beside the file, so that the same call goes on
after a kill; when all are done the file is written whole and the journal is deleted.
"""

from __future__ import annotations

import json
import os
import struct
import tomllib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.files import AnyPath, atomic_output, check_writable, shown
from landscape.planes.journal import Journal, journal_beside, read_journal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["check_kept", "compute_kept", "rows_left"]

_FORMAT = "landscape map 1"
_HEAD = struct.Struct("<QQ")
_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
# What decides only how a map is drawn.
_LOOKS = ("landscape", "title", "caption", "theme", "size", "scale", "format", "lines", "count",
          "marks", "theory", "best")  # fmt: skip
_SAID, _LETTERS = 4, 60  # of what differs between two recipes


def compute_kept(
    arrays: Mapping[str, Array],
    pieces: Sequence[tuple[int, int]],
    work: Callable[[int, int], None],
    *,
    path: AnyPath = "",
    identity: str = "",
    more: Mapping[str, Array] | None = None,
    recipe: str = "",
    progress: Progress | None = None,
) -> None:
    """Fill arrays piece by piece, into a file if there is a path.

    Parameters: `arrays` have n rows; `pieces` are (begin, end) of their rows; `work` fills the rows
    of a piece; `identity` says what is computed: a file or journal of other work is refused; `more`
    goes into the file as it is, and `recipe` as text; `progress` is called with (rows done, in
    all). A file that is finished is read and not computed again.

    Raises LandscapeError if the file cannot be written, or is another.
    """
    total = pieces[-1][1] if pieces else 0
    tell = progress or (lambda done, count: None)
    if not path:
        for begin, end in pieces:
            work(begin, end)
            tell(end, total)
        return
    check_kept(path)
    _check_same(path, identity, recipe)
    if os.path.exists(path):
        _read(path, arrays)
        _forget(path, identity)
        tell(total, total)
        return
    journal = Journal(journal_beside(path), identity.encode(), recipe.encode())
    try:
        done = {_fill(arrays, record) for record in journal.records}
        for begin, end in pieces:
            if (begin, end) not in done:
                work(begin, end)
                journal.append(_record(arrays, begin, end))
            tell(end, total)
        _write(path, identity, {**(more or {}), **arrays}, recipe)
    except BaseException:
        journal.close()
        raise
    journal.discard()


def rows_left(path: AnyPath, identity: str, count: int) -> int:
    """Return how many of `count` rows `compute_kept` would have to compute for a file."""
    about = _about(path)
    if about is not None and about["identity"] == identity:
        return 0
    records = read_journal(journal_beside(path))
    if about is not None or records is None or records[0] != identity.encode():
        return count
    done: set[tuple[int, int]] = {_HEAD.unpack_from(one) for one in records[2:]}
    return count - sum(end - begin for begin, end in done)


def check_kept(path: AnyPath) -> None:
    """Find out before long work whether arrays could be kept at `path`.

    Raises LandscapeError if the name is no .npz, cannot be written, or is that of another file.
    """
    if not os.fspath(path).endswith(".npz"):
        raise LandscapeError(f"a map is saved as .npz: {shown(path)} came")
    check_writable(path)
    if os.path.exists(path) and _about(path) is None:
        raise LandscapeError(
            f"{shown(path)} is there and is no map: choose another name, or delete it"
        )


def _record(arrays: Mapping[str, Array], begin: int, end: int) -> bytes:
    return _HEAD.pack(begin, end) + b"".join(one[begin:end].tobytes() for one in arrays.values())


def _fill(arrays: Mapping[str, Array], record: bytes) -> tuple[int, int]:
    """Put a record's rows where they belong; return which they are."""
    import numpy as np

    begin, end = _HEAD.unpack_from(record)
    at = _HEAD.size
    for one in arrays.values():
        part = one[begin:end]
        part[...] = np.frombuffer(record, one.dtype, part.size, at).reshape(part.shape)
        at += part.nbytes
    return begin, end


def _write(path: AnyPath, identity: str, arrays: Mapping[str, Array], recipe: str) -> None:
    import numpy as np

    about = json.dumps({"format": _FORMAT, "identity": identity}, ensure_ascii=False)
    texts = {"about": np.array(about), "recipe": np.array(recipe)}
    with atomic_output(path) as place, open(place, "wb") as file:
        np.savez_compressed(file, **texts, **arrays)  # type: ignore[arg-type]  # names are strings


def _about(path: AnyPath) -> dict[str, str] | None:
    """Return what a map's file says of itself, None for another file."""
    import numpy as np

    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as saved:
            about: dict[str, str] = json.loads(str(saved["about"][()]))
    except _DAMAGED:
        return None
    return about if about.get("format") == _FORMAT else None


def _check_same(path: AnyPath, identity: str, recipe: str) -> None:
    """Raise LandscapeError if the file or journal that is there is of other work, and say how."""
    import numpy as np

    about = _about(path)
    if about is not None:
        place: AnyPath = path
        found, before = about["identity"], ""
        with suppress(*_DAMAGED), open(path, "rb") as file, np.load(file) as saved:
            before = str(saved["recipe"][()])
    else:
        place = journal_beside(path)
        records = read_journal(place)
        if records is None:
            return
        found, before = (one.decode(errors="replace") for one in records[:2])
    if found != identity:
        raise LandscapeError(
            f"{shown(place)} holds a map of other work ({_differences(before, recipe)}): choose "
            "another name, or delete it"
        )


def _differences(before: str, now: str) -> str:
    """Return in which keys two recipes differ, those of a picture's looks left aside."""
    try:
        old, new = tomllib.loads(before), tomllib.loads(now)
    except tomllib.TOMLDecodeError:
        old, new = {}, {}
    keys = [key for key in {**new, **old} if key not in _LOOKS and old.get(key) != new.get(key)]
    said = [f"{key} {_value(old, key)} there, {_value(new, key)} here" for key in keys]
    if not said:
        return "other data, or an earlier version of landscape"
    more = f", and {len(said) - _SAID} more" if len(said) > _SAID else ""
    return "; ".join(said[:_SAID]) + more


def _value(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "its default")
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return said if len(said) <= _LETTERS else f"{said[:_LETTERS]}…"


def _read(path: AnyPath, arrays: Mapping[str, Array]) -> None:
    import numpy as np

    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as saved:
            for name, one in arrays.items():
                one[...] = saved[name]
    except _DAMAGED as error:
        raise LandscapeError(f"{shown(path)} is damaged: delete it") from error


def _forget(path: AnyPath, identity: str) -> None:
    """Delete the journal of work that is finished: a kill came just before its end."""
    beside = journal_beside(path)
    records = read_journal(beside)
    if records is not None and records[0] == identity.encode():
        beside.unlink(missing_ok=True)
