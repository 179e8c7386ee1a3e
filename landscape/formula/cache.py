"""The user's cache of what SymPy derived: small JSON files that hold formula text, never code.

Every failure (a read-only or full disk, a damaged entry, another process at work) ends in deriving
anew: the cache saves time and nothing else depends on it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from landscape._version import __version__

__all__ = ["cache_folder", "load", "store", "versioned_key"]

_FORMAT = 3  # raise it when what is stored changes its meaning


def cache_folder() -> Path:
    """Return the folder of cached derivations: LANDSCAPE_CACHE_DIR, or the user's cache folder."""
    chosen = os.environ.get("LANDSCAPE_CACHE_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("landscape", appauthor=False)


@cache
def _version_of(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"


def versioned_key(*parts: str, library: str) -> str:
    """Return the key of an entry: it changes with `parts`, with `library`'s version and ours."""
    text = json.dumps([_FORMAT, __version__, library, _version_of(library), *parts])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def load(key: str) -> dict[str, str] | None:
    """Return the entry stored under `key`, None if there is none or it is damaged."""
    try:
        entry = json.loads((cache_folder() / f"{key}.json").read_text("utf-8"))
        content = entry["content"]
        if entry["sum"] != _checksum(content) or not isinstance(content, dict):
            return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return {str(name): str(text) for name, text in content.items()}


def store(key: str, content: Mapping[str, str]) -> None:
    """Store `content` under `key`; a reader sees the whole entry or none."""
    with contextlib.suppress(OSError):
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, prefix=".new-", suffix=".json")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                json.dump({"sum": _checksum(content), "content": dict(content)}, file)
            os.replace(path, folder / f"{key}.json")
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise


def _checksum(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
