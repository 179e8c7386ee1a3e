"""Numba kernels that evaluate a formula on a grid.

A grid has few distinct x and few distinct y: what depends on x alone is computed once a column,
what depends on y alone once a row, and only the rest in every cell (Ackley's two cosines cost
nothing, Rastrigin is one addition). Each cell has one writer, so the result has the same bits on
any number of threads. fastmath stays off: it would make isnan false.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from landscape.formula import cache
from landscape.formula.emit import Listing
from landscape.formula.grammar import SCALAR_IMPORTS
from landscape.formula.nodes import Node

__all__ = ["grid_kernel", "grid_source"]

_HEAD = """\
import numba as _numba
import numpy as _np
{imports}

@_numba.njit("void(float64[::1], float64[::1], float64[:, ::1])",
             parallel=True, error_model="numpy", cache={cache})
"""


def grid_source(node: Node) -> str:
    """Return the source of `grid(xs, ys, out)`, which fills out[i, j] = f(xs[j], ys[i])."""
    listing = Listing([node])
    depends = listing.dependencies()
    root = listing.roots[0]
    only_x, only_y = _frontier(listing, depends, "x"), _frontier(listing, depends, "y")
    column, texts = listing.write("scalar", only_x, {}, prefix="_x")
    columns = [*column, *(f"_of_x{k}[_j] = {texts[k]}" for k in only_x)]
    row, texts = listing.write("scalar", only_y, {}, prefix="_y")
    rows = [*row, *(f"_of_y{k} = {texts[k]}" for k in only_y)]
    given = {k: f"_of_x{k}[_j]" for k in only_x} | {k: f"_of_y{k}" for k in only_y}
    cell, texts = listing.write("scalar", [root], given, prefix="_c")
    lines = ["def grid(xs, ys, out):"]
    lines += [f"    _of_x{k} = _np.empty(xs.size)" for k in only_x]
    if only_x:
        lines += ["    for _j in range(xs.size):", "        x = xs[_j]"]
        lines += [f"        {line}" for line in columns]
    lines += ["    for _i in _numba.prange(ys.size):", "        y = ys[_i]"]
    lines += [f"        {line}" for line in rows]
    lines += ["        for _j in range(xs.size):", "            x = xs[_j]"]
    lines += [f"            {line}" for line in cell]
    lines += [f"            out[_i, _j] = {texts[root]}"]
    return "\n".join(lines) + "\n"


def _frontier(listing: Listing, depends: list[frozenset[str]], name: str) -> list[int]:
    """Return the operations on `name` alone whose results something else reads."""
    alone = {k for k, found in enumerate(depends) if found == {name} and listing.entries[k].args}
    read = {
        arg
        for k, entry in enumerate(listing.entries)
        for arg in entry.args
        if arg in alone and k not in alone
    }
    return sorted(read | (alone & set(listing.roots)))


@lru_cache(maxsize=64)
def _compiled(source: str) -> Callable[[Any, Any, Any], None]:
    """Return the compiled kernel, from the user's cache folder if it has been compiled before."""
    for saved in (True, False):
        text = _HEAD.format(imports=SCALAR_IMPORTS, cache=saved) + source
        with contextlib.suppress(OSError, RuntimeError, ImportError):
            module = _from_file(text) if saved else _from_text(text)
            kernel: Callable[[Any, Any, Any], None] = module["grid"]
            return kernel
    raise RuntimeError("Numba cannot compile in this environment")


def _from_text(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "landscape_kernel"}
    exec(compile(text, "<landscape kernel>", "exec"), namespace)
    return namespace


def _from_file(text: str) -> dict[str, Any]:
    """Load the kernel as a module of the cache folder, where Numba keeps its machine code.

    Numba finds a saved kernel by its file and module name, so the module must be in sys.modules
    under that name before it runs. The file is written only if it is not there with this very
    text: a file that someone changed is never run.
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


def grid_kernel(node: Node) -> Callable[[Any, Any, Any], None]:
    """Return the compiled `grid(xs, ys, out)` of an expression of x and y.

    Parameters of the kernel: xs (columns,), ys (rows,) and out (rows, columns), contiguous float64.
    The first use of a formula compiles for a second or two; later processes load it in
    milliseconds.
    """
    return _compiled(grid_source(node))
