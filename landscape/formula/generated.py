"""Modules that we generate and Numba compiles, kept in the user's cache folder.

Numba finds saved machine code by the module's file and name, so what is generated is a file there.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from landscape.formula import cache

__all__ = ["load_generated"]


def load_generated(written: Callable[[bool], str], entry: str) -> Any:
    """Return what a generated module calls `entry`.

    Parameters: `written` returns the module's text, whose functions are compiled with Numba's
    cache=True or cache=False, as it is told: where no folder can be written, nothing is kept.
    """
    for saved in (True, False):
        text = written(saved)
        with contextlib.suppress(OSError, RuntimeError, ImportError):
            return (_from_file(text) if saved else _from_text(text))[entry]
    raise RuntimeError("Numba cannot compile in this environment")


def _from_text(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "landscape_kernel"}
    exec(compile(text, "<landscape kernel>", "exec"), namespace)
    return namespace


def _from_file(text: str) -> dict[str, Any]:
    """Load the text as a module of the cache folder, where Numba keeps its machine code.

    The module must be in sys.modules under its name before it runs. The file is written only if it
    is not there with this very text: a file that someone changed is never run.
    """
    name = f"landscape_kernel_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    folder = cache.cache_folder() / "kernels"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    if not (path.is_file() and path.read_text("utf-8") == text):
        _replace(path, text)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(text, str(path), "exec"), module.__dict__)
    return module.__dict__


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
