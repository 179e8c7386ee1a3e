"""Film writers by file suffix: GIF, MP4, WebM, WebP, animated PNG, a folder of frames."""

from __future__ import annotations

import difflib
import importlib
import os
from pathlib import Path

from landscape.animation.writers.base import FilmSpec, Writer
from landscape.errors import LandscapeError
from landscape.files import AnyPath, shown

__all__ = ["WRITERS", "FilmSpec", "Writer", "is_indexed", "open_writer"]

WRITERS: dict[str, str] = {
    ".gif": "gif:GifWriter",
    ".mp4": "video:Mp4Writer",
    ".webm": "video:WebmWriter",
    ".webp": "webp:WebpWriter",
    ".apng": "apng:ApngWriter",
    ".png": "apng:ApngWriter",
    "": "folder:FolderWriter",
}
"""Suffix → module and class, loaded when asked for; no suffix is a folder of frames."""


def open_writer(path: AnyPath, spec: FilmSpec) -> Writer:
    """Return the writer for `path`, by its suffix; use it in a `with` statement.

    Parameters: `path` is the film's file; without a suffix, or ending in a slash, a folder of PNG
    frames. `spec` describes the film.

    Errors: `LandscapeError` for an unknown suffix, and at once if `path` cannot be written.
    """
    return _writer(path)(path, spec)


def is_indexed(path: AnyPath) -> bool:
    """Return whether the writer for `path` takes palette indices (True) or RGB (False).

    Errors: `LandscapeError` for an unknown suffix.
    """
    return _writer(path).indexed


def _writer(path: AnyPath) -> type[Writer]:
    text = os.fspath(path)
    suffix = "" if text.endswith(("/", os.sep)) else Path(text).suffix.lower()
    if suffix not in WRITERS:
        known = [name for name in WRITERS if name]
        close = difflib.get_close_matches(suffix, known, n=2, cutoff=0.55)
        hint = f"did you mean {' or '.join(close)}? " if close else ""
        raise LandscapeError(
            f"unknown film format {suffix!r} of {shown(path)}: {hint}"
            f"known are {', '.join(known)}, and no suffix for a folder of frames"
        )
    module, name = WRITERS[suffix].split(":")
    found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    assert isinstance(found, type)
    assert issubclass(found, Writer)
    return found
