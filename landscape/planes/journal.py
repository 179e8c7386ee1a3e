"""An append-only file of records that survives a kill at any moment.

The file is a magic word and then records: length and CRC-32 of the content (two little-endian
32-bit numbers), content. The first record is the identity of the work, the second what is known of
it before it begins, each further one some of its results. A record is on the operating system's
side as soon as `append` returns, so that killing the process loses none; the disk is told to keep
it once a second, for the case that the power fails. A last record that was cut off is dropped.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import IO

from landscape.errors import LandscapeError
from landscape.files import AnyPath, shown, write_error

__all__ = ["Journal", "journal_beside", "read_journal", "says_what_is_kept"]

_MAGIC = b"landscape journal 1\n"
_HEAD = struct.Struct("<II")
_SYNC_EVERY = 1.0  # seconds


def journal_beside(path: AnyPath) -> Path:
    """Return where the journal of the file `path` is kept while it is being made."""
    target = Path(path)
    return target.with_name(f"{target.name}.journal")


@contextlib.contextmanager
def says_what_is_kept(paths: Sequence[AnyPath]) -> Iterator[None]:
    """Let an interrupt say that what has been computed into files, or their journals, is not lost.

    Parameters: `paths` of the files; those that were there before are not mentioned.
    """
    before = [_written(path) for path in paths]
    try:
        yield
    except KeyboardInterrupt:
        new: list[AnyPath] = [
            path for path, old in zip(paths, before, strict=True) if _written(path) != old
        ]
        new += [one for one in map(journal_beside, paths) if one.exists()]
        if not new:
            raise
        raise KeyboardInterrupt(
            f"interrupted, no picture was written; what is computed is kept in "
            f"{' and '.join(map(shown, new))}, and the same command goes on from there"
        ) from None


def _written(path: AnyPath) -> tuple[int, int] | None:
    """Return what tells a file from one written later, None if there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def read_journal(path: AnyPath) -> list[bytes] | None:
    """Return the whole records of a journal, None if there is no journal with both first records.

    Raises LandscapeError if the file cannot be read, or is something else.
    """
    try:
        with open(path, "rb") as file:
            records, _ = _scan(file, path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LandscapeError(
            f"cannot read {shown(path)}: {error.strerror or error}; check its permissions"
        ) from error
    return records if len(records) >= 2 else None


class Journal:
    """The journal of one work, opened to go on with it; one process at a time.

    Parameters: `path` of the journal; `identity` of the work, what must be equal if results in an
    existing journal are to be used; `base`, what a new journal begins with.

    Attributes: `records`, the results that are in it, in their order.

    Raises LandscapeError if the journal belongs to other work, is in use, or cannot be written.
    """

    def __init__(self, path: AnyPath, identity: bytes, base: bytes) -> None:
        self.path = Path(path)
        try:
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | _BINARY, 0o666)
        except OSError as error:
            raise write_error(path, error) from error
        try:
            self._lock()
            self.records = self._resume(identity, base)
        except BaseException:
            os.close(self._handle)
            raise

    def append(self, content: bytes) -> None:
        """Add a record.

        Raises LandscapeError if the disk does not take it; what was there before stays whole.
        """
        self._write(_HEAD.pack(len(content), zlib.crc32(content)) + content)
        if monotonic() - self._synced >= _SYNC_EVERY:
            self._sync()

    def close(self) -> None:
        """Close the journal; it stays where it is, to go on with another time."""
        with contextlib.suppress(OSError):
            self._sync()
        os.close(self._handle)

    def discard(self) -> None:
        """Close the journal and delete it: the work is done."""
        os.close(self._handle)
        with contextlib.suppress(OSError):
            os.unlink(self.path)

    def _resume(self, identity: bytes, base: bytes) -> list[bytes]:
        with os.fdopen(os.dup(self._handle), "rb") as file:
            records, self._end = _scan(file, self.path)
        self._synced = monotonic()
        if len(records) < 2:  # new, or killed before it had any result
            os.ftruncate(self._handle, 0)
            self._end = 0
            self._write(_MAGIC)
            for content in (identity, base):
                self.append(content)
            self._sync()
            return []
        if records[0] != identity:
            raise LandscapeError(
                f"{shown(self.path)} holds cells of other work (another network, data, plane or "
                "grid): finish that, delete the journal, or choose another output"
            )
        os.ftruncate(self._handle, self._end)
        return records[2:]

    def _write(self, content: bytes) -> None:
        try:
            os.lseek(self._handle, self._end, os.SEEK_SET)
            left = memoryview(content)
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, self._end)
            raise write_error(self.path, error) from error
        self._end += len(content)

    def _sync(self) -> None:
        os.fsync(self._handle)
        self._synced = monotonic()

    def _lock(self) -> None:
        """Keep other processes out, where the system can; a kill releases the lock."""
        try:
            import fcntl
        except ImportError:
            return
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LandscapeError(
                f"{shown(self.path)} is being written by another process: wait for it, or choose "
                "another output"
            ) from None
        except OSError:  # a file system without locks
            return


_BINARY = getattr(os, "O_BINARY", 0)


def _scan(file: IO[bytes], path: AnyPath) -> tuple[list[bytes], int]:
    """Return the whole records of a journal and where they end."""
    file.seek(0)
    magic = file.read(len(_MAGIC))
    if not _MAGIC.startswith(magic):
        raise LandscapeError(f"{shown(path)} is no journal: move it away or choose another output")
    records: list[bytes] = []
    end = len(magic)
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        length, checksum = _HEAD.unpack(head)
        content = file.read(length)
        if len(content) < length or zlib.crc32(content) != checksum:
            break
        records.append(content)
        end += _HEAD.size + length
    return records, end
