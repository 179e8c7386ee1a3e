"""What a killed process left behind of an output that it was writing, and how it is known."""

from __future__ import annotations

import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

__all__ = ["held", "hidden_stem", "remove_stale"]

_OLD = 60.0  # seconds: what is younger may not be locked yet


def hidden_stem(target: Path) -> str:
    """Return how the hidden names of all temporaries of a target begin."""
    return f".landscape-{zlib.crc32(os.fsencode(target.name)):08x}-"


@contextmanager
def held(temporary: Path) -> Iterator[None]:
    """Tell others in the block that a temporary is being written; a kill ends that too.

    Where the system has no locks nobody is told, and nothing is removed.
    """
    with ExitStack() as stack:
        with suppress(OSError):
            handle = os.open(temporary, os.O_RDONLY)
            stack.callback(os.close, handle)
            _lock(handle)
        yield


def remove_stale(target: Path) -> None:
    """Remove temporaries of a target that nobody writes any more."""
    with suppress(OSError):
        for place in target.parent.glob(f"{hidden_stem(target)}*"):
            with suppress(OSError):
                if time.time() - place.stat().st_mtime > _OLD and _abandoned(place):
                    shutil.rmtree(place) if place.is_dir() else place.unlink()


def _abandoned(place: Path) -> bool:
    handle = os.open(place, os.O_RDONLY)
    try:
        return _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock an open file; return whether that could be done."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
