"""Rules that torch and optax do not have, or not in this form, written with NumPy from the papers.

Gradients and Hessians are by automatic differentiation (JAX) of the functions of `cases`. None of
this uses the package.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.optimizers.golden.cases import EVERY, HILLS, STEPS, Case

Rows = NDArray[np.float64]
Field = Callable[[Rows], Rows]


def reference_path(case: Case, hill: str) -> Rows:
    """Return every 20th iterate of the reference, the start first."""
    gradient, hessian = derivatives(hill)
    options: dict[str, Any] = dict(case.options)
    first = options.pop("lr")
    factor = case.factor or (lambda t: 1.0)
    start = np.array(HILLS[hill].start)
    method = METHODS[case.oracle.removeprefix("reference.")]
    path = method(start, gradient, hessian, lambda t: first * factor(t - 1), **options)
    rows = [start]
    for t in range(1, STEPS + 1):
        point = next(path)
        if t % EVERY == 0:
            rows.append(point.copy())
    return np.array(rows)


def derivatives(hill: str) -> tuple[Field, Field]:
    """Return the gradient and the Hessian of a hill."""
    import jax

    settings: Any = jax.config
    settings.update("jax_enable_x64", True)

    def loss(p: Any) -> Any:
        return HILLS[hill].function(p[0], p[1], jax.numpy)

    first, second = jax.jit(jax.grad(loss)), jax.jit(jax.hessian(loss))
    return lambda p: np.asarray(first(p)), lambda p: np.asarray(second(p))


def newton_path(hill: str) -> Rows:
    """Return the start and six full steps of Newton's method."""
    gradient, hessian = derivatives(hill)
    rows = [np.array(HILLS[hill].start)]
    for _ in range(6):
        rows.append(rows[-1] - np.linalg.solve(hessian(rows[-1]), gradient(rows[-1])))
    return np.array(rows)


def adan(
    p: Rows, gradient: Field, hessian: Field, lr: Callable[[int], float], decay: float
) -> Iterator[Rows]:
    """Xie et al. 2022, algorithm 1, with the paper's betas and the authors' correction."""
    b1, b2, b3, eps = 0.02, 0.08, 0.01, 1e-8
    m = v = n = np.zeros(2)
    before = gradient(p)
    t = 0
    while True:
        t += 1
        g = gradient(p)
        m = (1 - b1) * m + b1 * g
        v = (1 - b2) * v + b2 * (g - before)
        n = (1 - b3) * n + b3 * np.square(g + (1 - b2) * (g - before))
        before = g
        rate = lr(t) / (np.sqrt(n / (1 - (1 - b3) ** t)) + eps)
        whole = m / (1 - (1 - b1) ** t) + (1 - b2) * v / (1 - (1 - b2) ** t)
        p = (p - rate * whole) / (1 + decay * lr(t))
        yield p


def yogi(p: Rows, gradient: Field, hessian: Field, lr: Callable[[int], float]) -> Iterator[Rows]:
    """Zaheer et al. 2018, algorithm 2, with v at 1e-6 first."""
    m, v = np.zeros(2), np.full(2, 1e-6)
    t = 0
    while True:
        t += 1
        g = gradient(p)
        m = 0.9 * m + 0.1 * g
        v = v - (1 - 0.999) * np.sign(v - g * g) * g * g
        p = p - lr(t) * m / (np.sqrt(v) + 1e-3)
        yield p


def schedule_free_adamw(
    p: Rows, gradient: Field, hessian: Field, lr: Callable[[int], float]
) -> Iterator[Rows]:
    """Defazio et al. 2024, algorithm 1, without weight decay: yields x."""
    b1, b2 = 0.9, 0.999
    x, z, v = p.copy(), p.copy(), np.zeros(2)
    rates: list[float] = []
    while True:
        rates.append(lr(len(rates) + 1))
        y = (1 - b1) * z + b1 * x
        g = gradient(y)
        v = b2 * v + (1 - b2) * g**2
        z = z - rates[-1] * g / (np.sqrt(v / (1 - b2 ** len(rates))) + 1e-8)
        share = rates[-1] ** 2 / math.fsum(rate**2 for rate in rates)
        x = (1 - share) * x + share * z
        yield x


def sophia(
    p: Rows, gradient: Field, hessian: Field, lr: Callable[[int], float], k: int, gamma: float
) -> Iterator[Rows]:
    """Liu et al. 2023, algorithm 3, with the exact diagonal and without weight decay."""
    m, h = np.zeros(2), np.zeros(2)
    t = 0
    while True:
        t += 1
        m = 0.96 * m + (1 - 0.96) * gradient(p)
        if k == 1 or t % k == 1:
            h = 0.99 * h + (1 - 0.99) * np.diag(hessian(p))
        p = p - lr(t) * np.clip(m / np.maximum(gamma * h, 1e-12), -1, 1)
        yield p


def full_adagrad(
    p: Rows, gradient: Field, hessian: Field, lr: Callable[[int], float], eps: float
) -> Iterator[Rows]:
    """Gupta et al. 2018, algorithm 1 on a vector: its root is taken by eigenvalues."""
    outer = eps * np.eye(2)
    t = 0
    while True:
        t += 1
        g = gradient(p)
        outer = outer + np.outer(g, g)
        values, vectors = np.linalg.eigh(outer)
        p = p - lr(t) * vectors @ ((vectors.T @ g) / np.sqrt(values))
        yield p


METHODS: dict[str, Callable[..., Iterator[Rows]]] = {
    "adan": adan,
    "yogi": yogi,
    "schedule_free_adamw": schedule_free_adamw,
    "sophia": sophia,
    "full_adagrad": full_adagrad,
}
