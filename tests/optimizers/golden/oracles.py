"""The oracles: torch.optim in float64, and optax on JAX in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.optimizers.golden.cases import EVERY, HILLS, STEPS, Case

Rows = NDArray[np.float64]


def oracle_path(case: Case, hill: str) -> Rows:
    """Return every 20th iterate of the oracle, the start first."""
    if case.oracle.startswith("torch."):
        return _torch_path(case, hill)
    return _optax_path(case, hill)


def _torch_path(case: Case, hill: str) -> Rows:
    import torch

    surface = HILLS[hill]
    p = torch.tensor(surface.start, dtype=torch.float64, requires_grad=True)
    options: dict[str, Any] = dict(case.options)
    if "beta1" in options:
        options["betas"] = (options.pop("beta1"), options.pop("beta2"))
    method: Any = getattr(torch.optim, case.oracle.removeprefix("torch."))([p], **options)
    first = options["lr"]
    rows = [surface.start]
    for k in range(STEPS):
        if case.factor is not None:
            method.param_groups[0]["lr"] = first * case.factor(k)
        method.zero_grad()
        loss: Any = surface.function(p[0], p[1], torch)
        loss.backward()
        method.step()
        if (k + 1) % EVERY == 0:
            rows.append((p[0].item(), p[1].item()))
    return np.array(rows)


def _optax_path(case: Case, hill: str) -> Rows:
    import jax
    import optax

    settings: Any = jax.config
    settings.update("jax_enable_x64", True)
    surface = HILLS[hill]
    method: Any = getattr(optax, case.oracle.removeprefix("optax."))(**case.options)
    p = jax.numpy.array(surface.start, dtype="float64")

    def step(carry: Any, _: Any) -> Any:
        here, state = carry
        slope = jax.grad(lambda q: surface.function(q[0], q[1], jax.numpy))(here)
        change, state = method.update(slope, state, here)
        here = optax.apply_updates(here, change)
        return (here, state), here

    _, after = jax.lax.scan(step, (p, method.init(p)), None, length=STEPS)
    rows: Rows = np.concatenate([np.array([surface.start]), np.asarray(after)[EVERY - 1 :: EVERY]])
    return rows
