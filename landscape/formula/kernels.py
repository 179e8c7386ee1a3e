"""Numba kernels that evaluate a formula on a grid.

A grid has few distinct x and few distinct y: what depends on x alone is computed once a column,
what depends on y alone once a row, and only the rest in every cell (Ackley's two cosines cost
nothing, Rastrigin is one addition). Each cell has one writer, so the result has the same bits on
any number of threads. fastmath stays off: it would make isnan false.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from landscape.formula.emit import Listing
from landscape.formula.generated import load_generated
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
    kernel: Callable[[Any, Any, Any], None] = load_generated(
        lambda saved: _HEAD.format(imports=SCALAR_IMPORTS, cache=saved) + source, "grid"
    )
    return kernel


def grid_kernel(node: Node) -> Callable[[Any, Any, Any], None]:
    """Return the compiled `grid(xs, ys, out)` of an expression of x and y.

    Parameters of the kernel: xs (columns,), ys (rows,) and out (rows, columns), contiguous float64.
    The first use of a formula compiles for a second or two; later processes load it in
    milliseconds.
    """
    return _compiled(grid_source(node))
