"""The oracles: torch.optim in float64, optax on JAX in float64, and `references`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.optimizers.golden.cases import EVERY, HILLS, STEPS, Case
from tests.optimizers.golden.references import derivatives, reference_path

Rows = NDArray[np.float64]


def oracle_path(case: Case, hill: str) -> Rows:
    """Return every 20th iterate of the oracle, the start first."""
    if case.oracle.startswith("torch."):
        return _torch_path(case, hill)
    if case.oracle.startswith("reference."):
        return reference_path(case, hill)
    if case.oracle == "optax.contrib.sam":
        return _sam_path(case, hill)
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
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # NAdam keeps its product of momenta in this
    for k in range(STEPS):
        if case.factor is not None:
            method.param_groups[0]["lr"] = first * case.factor(k)
        method.zero_grad()
        loss: Any = surface.function(p[0], p[1], torch)
        loss.backward()
        method.step()
        if (k + 1) % EVERY == 0:
            rows.append((p[0].item(), p[1].item()))
    torch.set_default_dtype(usual)
    return np.array(rows)


def _optax_path(case: Case, hill: str) -> Rows:
    import jax
    import optax
    import optax.contrib

    settings: Any = jax.config
    settings.update("jax_enable_x64", True)
    surface = HILLS[hill]
    options: dict[str, Any] = dict(case.options)
    name = case.oracle.removeprefix("optax.")
    home: Any = optax.contrib if name.startswith("contrib.") else optax
    name = name.removeprefix("contrib.")

    def loss(q: Any) -> Any:
        return surface.function(q[0], q[1], jax.numpy)

    if name == "sophia":
        options["hessian_diagonal_fn"] = optax.GradientTransformation(
            lambda params: optax.EmptyState(),
            lambda updates, state, params: (jax.numpy.diag(jax.hessian(loss)(params)), state),
        )
    method: Any = getattr(home, name)(**options)
    p = jax.numpy.array(surface.start, dtype="float64")

    def step(carry: Any, _: Any) -> Any:
        here, state = carry
        change, state = method.update(jax.grad(loss)(here), state, here)
        here = optax.apply_updates(here, change)
        shown = here
        if name.startswith("schedule_free"):
            shown = optax.contrib.schedule_free_eval_params(state, here)
        return (here, state), shown

    _, after = jax.lax.scan(step, (p, method.init(p)), None, length=STEPS)
    rows: Rows = np.concatenate([np.array([surface.start]), np.asarray(after)[EVERY - 1 :: EVERY]])
    return rows


def _sam_path(case: Case, hill: str) -> Rows:
    import jax
    import optax
    from optax.contrib import normalize, sam

    gradient, _ = derivatives(hill)
    method: Any = sam(
        optax.sgd(case.options["learning_rate"]),
        optax.chain(normalize(), optax.sgd(case.options["rho"])),
        opaque_mode=True,
    )
    p: Any = jax.numpy.array(HILLS[hill].start, dtype="float64")
    state = method.init(p)
    rows = [HILLS[hill].start]
    for k in range(STEPS):
        change, state = method.update(
            gradient(p), state, p, grad_fn=lambda here, _: jax.numpy.asarray(gradient(here))
        )
        p = optax.apply_updates(p, change)
        if (k + 1) % EVERY == 0:
            rows.append((float(p[0]), float(p[1])))
    return np.array(rows)
