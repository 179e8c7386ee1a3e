"""Random numbers of the planes: each use has a stream of its own, so that none repeats another."""

from __future__ import annotations

from operator import index
from typing import Any, SupportsIndex

import numpy as np

from landscape.errors import LandscapeError

__all__ = ["DIRECTIONS", "LANCZOS", "PROBES", "generator"]

DIRECTIONS, LANCZOS, PROBES = 41, 42, 43


def generator(stream: int, seed: Any, *more: int) -> np.random.Generator:
    """Return the numbers of `stream` for a seed, and for what else tells draws apart.

    Raises LandscapeError if `seed` is no whole number from 0.
    """
    if isinstance(seed, bool) or not isinstance(seed, SupportsIndex) or index(seed) < 0:
        raise LandscapeError(f"a seed is a whole number from 0: {seed!r} came")
    return np.random.Generator(np.random.PCG64([stream, index(seed), *more]))
