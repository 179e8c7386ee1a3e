"""Which lines of a grid come first, and grids between the lines of another."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.planes.parts import Part
from landscape.planes.store import PlaneFile

__all__ = ["refined"]

Array = NDArray[Any]


def refined(plane: PlaneFile, factor: int = 2) -> PlaneFile:
    """Return the plane with each gap between lines divided by `factor`; done cells stay done.

    Raises LandscapeError unless `factor` is a whole number from 2 to 64.
    """
    if isinstance(factor, bool) or not isinstance(factor, int) or not 2 <= factor <= 64:
        raise LandscapeError(f"a grid is refined by a whole number from 2 to 64: {factor!r} came")
    xs, ys = _divided(plane.xs, factor), _divided(plane.ys, factor)
    parts = {}
    for name, known in plane.parts.items():
        part = Part.nothing(ys.size, xs.size)
        part.loss[::factor, ::factor] = known.loss
        part.accuracy[::factor, ::factor] = known.accuracy
        part.done[::factor, ::factor] = known.done
        parts[name] = part
    return replace(plane, xs=xs, ys=ys, parts=MappingProxyType(parts), identity="")


def _divided(lines: Array, factor: int) -> Array:
    """Return lines with factor - 1 more in each gap; the old ones keep their bits."""
    places = np.arange((len(lines) - 1) * factor + 1) / factor
    finer = np.interp(places, np.arange(len(lines)), lines)
    finer[::factor] = lines
    return finer
