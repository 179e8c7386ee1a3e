"""What the benchmarks of networks measure inside a process of its own; see `jobs.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

__all__ = ["NETWORK_JOBS"]


@dataclass(frozen=True)
class Case:
    """A network on data over a plane."""

    sizes: tuple[int, ...]
    activation: str
    X: Any
    y: Any
    origin: Any
    directions: Any
    xs: Any
    ys: Any


def _case(name: str, cells: int, rows: int) -> Case:
    """Return a network with seeded parameters, filter-normalised directions and square lines."""
    import numpy as np

    from landscape.networks.network import Network
    from landscape.planes.directions import random_directions

    if name == "digits":
        from sklearn.datasets import load_digits

        sizes, activation = (64, 64, 32, 10), "relu"
        data = load_digits()
        examples, y = data.data[:rows] / 16, data.target[:rows]
    else:
        sizes, activation = (2, 64, 64, 2), "tanh"
        draw = np.random.default_rng(0)
        y = np.arange(rows) % 2
        turn = np.pi * draw.random(rows)
        examples = np.stack([np.cos(turn) + y, np.sin(turn) * (1 - 2 * y) + 0.5 * y], axis=1)
        examples += 0.1 * draw.normal(size=examples.shape)
    network = Network(sizes, activation=activation)
    # Biases that are not 0: loss-landscapes divides by the norm of each.
    origin = network.initial("normal:scale=0.2,bias=0.1", seed=0).astype(np.float64)
    directions = random_directions(network, origin, 2, seed=0)
    lines = np.linspace(-1, 1, cells)
    X = examples.astype(np.float32)  # noqa: N806
    return Case(sizes, activation, X, y, origin, directions, lines, lines)


def _ours(case: Case) -> Callable[[], Any]:
    from landscape.networks.network import Network
    from landscape.planes.engine import crossings, losses

    network = Network(case.sizes, activation=case.activation)
    places = crossings(case.xs, case.ys)
    shape = (len(case.ys), len(case.xs))
    return lambda: losses(
        network, case.X, case.y, case.origin, case.directions, places
    ).loss.reshape(shape)


def _products(case: Case) -> Callable[[], None]:
    """Return a function that only multiplies: the layers after the first, in every cell.

    Each thread has all rows at once and matrices of its own that stay where they are.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    from landscape.planes.crew import usual_threads

    threads = usual_threads()
    cells = len(case.xs) * len(case.ys)

    def multiply(count: int) -> None:
        draw = np.random.default_rng(0)
        signals = [
            draw.normal(size=(width, len(case.X))).astype(np.float32) for width in case.sizes[1:]
        ]
        weights = [draw.normal(size=(b, a)).astype(np.float32) for a, b in pairwise(case.sizes[1:])]
        for _ in range(count):
            for k, matrix in enumerate(weights):
                np.matmul(matrix, signals[k], out=signals[k + 1])

    def compute() -> None:
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
            list(pool.map(multiply, [cells // threads] * threads))

    return compute


def _times(compute: Callable[[], Any], repeats: int) -> list[float]:
    """Return the seconds of each call, after one that is not counted."""
    compute()
    found = []
    for _ in range(repeats):
        began = time.perf_counter()
        compute()
        found.append(time.perf_counter() - began)
    return found


def network_grid(side: str, name: str, cells: str, rows: str, repeats: str) -> list[float]:
    """Return the seconds that a side takes for the grid.

    Sides: ours, products, torch (the loop), torch_tuned (what can be done for it, on one core or
    all, whichever is quicker), loss_landscapes. PyTorch has a thread for each core otherwise.
    """
    from landscape.planes.crew import usual_threads

    case = _case(name, int(cells), int(rows))
    if side == "ours":
        return _times(_ours(case), int(repeats))
    if side == "products":
        return _times(_products(case), int(repeats))
    import peer_torch_grid
    import torch

    compute = getattr(peer_torch_grid, f"{side}_grid")(case)
    found = []
    for threads in {1, usual_threads()} if side == "torch_tuned" else {usual_threads()}:
        torch.set_num_threads(threads)
        found.append(_times(compute, int(repeats)))
    return min(found, key=min)


def network_apart(name: str, cells: str, rows: str) -> float:
    """Return the largest relative difference between our losses and the PyTorch loop's."""
    import numpy as np
    from peer_torch_grid import torch_grid

    case = _case(name, int(cells), int(rows))
    ours, peer = _ours(case)(), torch_grid(case)()
    return float(np.max(np.abs(ours - peer) / np.abs(peer)))


def network_memory(work: str) -> float:
    """Load 10 000 rows, and with "grid" compute 201×201 cells; return the seconds of that."""
    case = _case("moons", 201, 10_000)
    compute = _ours(case)
    if work != "grid":
        return 0.0
    began = time.perf_counter()
    compute()
    return time.perf_counter() - began


def network_kernels() -> float:
    """Return the seconds until the kernels are ready, Numba's own import left out."""
    import numba  # noqa: F401

    began = time.perf_counter()
    from landscape.planes import kernels  # noqa: F401

    return time.perf_counter() - began


NETWORK_JOBS: dict[str, Callable[..., Any]] = {
    "network_grid": network_grid,
    "network_apart": network_apart,
    "network_memory": network_memory,
    "network_kernels": network_kernels,
}
