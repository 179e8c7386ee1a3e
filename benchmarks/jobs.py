"""What is measured inside a process of its own: `python jobs.py NAME ARGUMENT…` prints JSON."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import Any

from films import FILM
from inside import prepared, timed
from map_jobs import MAP_JOBS
from network_jobs import NETWORK_JOBS
from space_jobs import SPACE_JOBS


def render_ours(path: str, repeats: str) -> float:
    """Return the seconds that `write_film` takes, after a film of one step."""
    from landscape.render import write_film

    ready = prepared(FILM[1:])
    start = FILM.index("--steps")
    short = prepared([*FILM[1:start], "--steps", "1", *FILM[start + 2 :]])
    write_film(short, path)
    return median(timed(lambda: write_film(ready, path)) for _ in range(int(repeats)))


def render_peer(path: str, repeats: str) -> float:
    """Return the seconds that the peer's `draw` takes, after a film of two frames."""
    import peer_matplotlib

    runs = peer_matplotlib.paths()
    peer_matplotlib.draw(path, runs, 2)
    return median(timed(lambda: peer_matplotlib.draw(path, runs)) for _ in range(int(repeats)))


def warm_peer(path: str) -> None:
    """Draw two frames."""
    import peer_matplotlib

    peer_matplotlib.draw(path, peer_matplotlib.paths(), 2)


def grid(name: str, count: str, repeats: str) -> dict[str, Any]:
    """Return the seconds of NumPy by hand and of `grid`, in turns, and how far they are apart.

    The peer is given its mesh for nothing; ours makes its grid lines and its result each time.
    """
    import numpy as np

    from landscape.surfaces.lookup import surface

    def beale(x: Any, y: Any) -> Any:
        return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2

    def ackley(x: Any, y: Any) -> Any:
        a = -20 * np.exp(-0.2 * np.sqrt(0.5 * (x**2 + y**2)))
        b = -np.exp(0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)))
        return a + b + np.e + 20

    by_hand = {"beale": beale, "ackley": ackley}[name]
    where, size = surface(name), int(count)
    xs, ys, values = where.grid(size, size)
    x, y = np.meshgrid(xs, ys)
    expected = by_hand(x, y)
    # Relative, with the largest terms of the sums as the least that counts (20 in Ackley's).
    apart = float((np.abs(values - expected) / np.maximum(np.abs(expected), 20)).max())
    peer, ours = [], []
    for _ in range(int(repeats)):
        peer.append(timed(lambda: by_hand(x, y)))
        ours.append(timed(lambda: where.grid(size, size)))
    return {"peer": peer, "ours": ours, "apart": apart}


def trail(path: str, steps: str) -> dict[str, float]:
    """Return the seconds a frame takes at the film's start and end, through to the encoder.

    Two frictionless springs, whose paths fill the picture and come back to their start when the
    last 100 frames begin: these show the same movement as the first 100, over the longest trails.
    The very first frame, which holds the whole picture, is left out.
    """
    from landscape.prepare import prepare
    from landscape.recipe import Recipe
    from landscape.render import write_film

    # One turn in x takes as many steps as give lr = 1 - cos(2π/steps); y turns more often.
    back = int(steps) - 100
    slow, fast = (1 - math.cos(2 * math.pi * turns / back) for turns in (40, 80))
    steep = (1 - math.cos(2 * math.pi * 57 / back)) / slow
    recipe = Recipe(
        surface=f"x**2 + {steep!r}*y**2",
        optimizers=tuple(f"momentum:lr={lr!r},mu=1" for lr in (slow, fast)),
        start=(2.0, 1.5),
        steps=int(steps),
        size="800x600",
    )
    # write_film tells after each frame: drawn by Film, mapped by Quantizer, taken by the writer.
    ticks: list[float] = []
    write_film(
        prepare(recipe), path, progress=lambda done, total: ticks.append(time.perf_counter())
    )
    times = [after - before for before, after in pairwise(ticks)]
    return {"first": sum(times[:100]) / 100, "last": sum(times[-100:]) / 100}


JOBS: dict[str, Callable[..., Any]] = {
    "render_ours": render_ours,
    "render_peer": render_peer,
    "warm_peer": warm_peer,
    "grid": grid,
    "trail": trail,
    **NETWORK_JOBS,
    **SPACE_JOBS,
    **MAP_JOBS,
}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](*sys.argv[2:])))
