"""What the benchmarks of maps measure inside a process of its own; see `jobs.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

__all__ = ["MAP_JOBS"]


def _starts(surface: str, count: int) -> Any:
    import numpy as np

    from landscape.surfaces.lookup import surface as find_surface

    (x0, x1), (y0, y1) = find_surface(surface).bounds
    across, up = np.random.default_rng(0).random((2, count))
    return np.stack([x0 + across * (x1 - x0), y0 + up * (y1 - y0)])


def _ours(surface: str, rule: str, steps: int) -> Any:
    from landscape.maps.walk import Paths
    from landscape.optimizers.lookup import optimizer
    from landscape.surfaces.lookup import surface as find_surface

    return Paths(find_surface(surface), optimizer(rule), steps)


def _best(compute: Callable[[], Any], times: int = 3) -> float:
    """Return the quickest of some calls: what is measured is the work, not the computer's day."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        compute()
        found.append(time.perf_counter() - began)
    return min(found)


def map_ours(surface: str, rule: str, starts: str, steps: str, threads: str) -> float:
    """Return the seconds that our paths take; 0 threads are all cores."""
    paths, (x, y) = _ours(surface, rule, int(steps)), _starts(surface, int(starts))
    paths.walk(x[:256], y[:256])
    return _best(lambda: paths.walk(x, y, threads=int(threads) or None))


def map_jax(surface: str, rule: str, starts: str, steps: str) -> float:
    """Return the seconds that JAX's compiled paths take."""
    from peer_jax import jax_paths

    walk = jax_paths(surface, rule, int(steps))
    given = _starts(surface, int(starts)).T
    walk(given)
    return _best(lambda: walk(given))


def map_apart(surface: str, rule: str, starts: str, steps: str) -> float:
    """Return how far our ends lie from JAX's, the median in shares of the domain."""
    import numpy as np
    from peer_jax import jax_paths

    given = _starts(surface, int(starts))
    found = _ours(surface, rule, int(steps)).walk(*given)
    theirs = jax_paths(surface, rule, int(steps))(given.T)
    away = np.abs(np.stack([found.x, found.y], axis=1) - theirs).max(axis=1)
    return float(np.median(away) / np.ptp(given[0]))


def map_first(surface: str, rule: str) -> float:
    """Return the seconds from the formulas to the compiled loop, when Numba has started."""
    import numba

    from landscape.maps import functions  # noqa: F401
    from landscape.maps.fused import Fused  # noqa: F401

    numba.njit("float64(float64)")(lambda x: x)  # what a process pays for its first kernel
    paths, (x, y) = _ours(surface, rule, 1), _starts(surface, 1)
    began = time.perf_counter()
    paths.walk(x, y)
    return time.perf_counter() - began


MAP_JOBS: dict[str, Callable[..., Any]] = {
    job.__name__: job for job in (map_ours, map_jax, map_apart, map_first)
}
