"""The schedules of torch and optax beside ours, and the script that makes schedules.npz anew.

Run `python -m tests.optimizers.golden.schedule_oracles` at the top of the checkout.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
STEPS = 300
FIRST = 0.3


@dataclass(frozen=True)
class Case:
    """A schedule of ours, and what an oracle calls it with which options."""

    spec: str
    oracle: str
    options: Mapping[str, Any] = field(default_factory=dict)


CASES: dict[str, Case] = {
    # torch.optim.lr_scheduler
    "torch-step": Case("step:gamma=0.5,s=40", "torch.StepLR", {"step_size": 40, "gamma": 0.5}),
    "torch-step-tenth": Case("step:gamma=0.1,s=7", "torch.StepLR", {"step_size": 7}),
    "torch-multistep": Case(
        "multistep:gamma=0.1,at=30/31/200", "torch.MultiStepLR", {"milestones": [30, 31, 200]}
    ),
    "torch-multistep-default": Case("multistep", "torch.MultiStepLR", {"milestones": [150, 225]}),
    "torch-exponential": Case(
        "exponential:k=0.02", "torch.ExponentialLR", {"gamma": math.exp(-0.02)}
    ),
    "torch-inverse": Case(
        "1/t:k=0.05", "torch.LambdaLR", {"lr_lambda": lambda t: 1 / (1 + 0.05 * t)}
    ),
    "torch-cosine": Case("cosine", "torch.CosineAnnealingLR", {"T_max": STEPS}),
    "torch-restarts": Case(
        "restarts:T0=20,T_mult=2", "torch.CosineAnnealingWarmRestarts", {"T_0": 20, "T_mult": 2}
    ),
    "torch-restarts-thrice": Case(  # its fifth restart is where log(243)/log(3) is below 5
        "restarts:T0=1,T_mult=3", "torch.CosineAnnealingWarmRestarts", {"T_0": 1, "T_mult": 3}
    ),
    "torch-restarts-even": Case(
        "restarts:T0=25,T_mult=1", "torch.CosineAnnealingWarmRestarts", {"T_0": 25}
    ),
    "torch-warmup": Case(
        "warmup:w=20,f=0.1", "torch.LinearLR", {"start_factor": 0.1, "total_iters": 20}
    ),
    "torch-warmup-cosine": Case(
        "warmup_cosine:w=20,f=0.1", "torch.warm-up then cosine", {"w": 20, "f": 0.1}
    ),
    "torch-polynomial": Case(
        "polynomial:T=250,p=2", "torch.PolynomialLR", {"total_iters": 250, "power": 2.0}
    ),
    "torch-polynomial-root": Case(
        "polynomial:p=0.9", "torch.PolynomialLR", {"total_iters": STEPS, "power": 0.9}
    ),
    "torch-triangular": Case(
        "triangular:s=30,f=0.1",
        "torch.CyclicLR",
        {"base_lr": 0.1 * FIRST, "max_lr": FIRST, "step_size_up": 30, "cycle_momentum": False},
    ),
    "torch-triangular-from-0": Case(
        "triangular:s=7,f=0",
        "torch.CyclicLR",
        {"base_lr": 0.0, "max_lr": FIRST, "step_size_up": 7, "cycle_momentum": False},
    ),
    "torch-onecycle": Case(
        "onecycle",
        "torch.OneCycleLR",
        {"max_lr": FIRST, "total_steps": STEPS, "cycle_momentum": False},
    ),
    "torch-onecycle-odd": Case(
        "onecycle:up=0.251,div=10,final=100",
        "torch.OneCycleLR",
        {
            "max_lr": FIRST,
            "total_steps": STEPS,
            "pct_start": 0.251,
            "div_factor": 10.0,
            "final_div_factor": 100.0,
            "cycle_momentum": False,
        },
    ),
    "torch-plateau": Case("plateau", "torch.ReduceLROnPlateau"),
    "torch-plateau-quick": Case(
        "plateau:factor=0.5,patience=2,min_lr=0.01",
        "torch.ReduceLROnPlateau",
        {"factor": 0.5, "patience": 2, "min_lr": 0.01},
    ),
    "torch-plateau-cooldown": Case(
        "plateau:factor=0.7,patience=0,cooldown=5,threshold=0.01",
        "torch.ReduceLROnPlateau",
        {"factor": 0.7, "patience": 0, "cooldown": 5, "threshold": 0.01},
    ),
    "torch-plateau-least": Case(  # the drops that are too small to be made
        "plateau:patience=3,eps=0.001", "torch.ReduceLROnPlateau", {"patience": 3, "eps": 0.001}
    ),
    # optax
    "optax-step": Case(
        "step:gamma=0.5,s=40",
        "optax.exponential_decay",
        {"init_value": FIRST, "transition_steps": 40, "decay_rate": 0.5, "staircase": True},
    ),
    "optax-multistep": Case(
        "multistep:gamma=0.1,at=30/31/200",
        "optax.piecewise_constant_schedule",
        {"init_value": FIRST, "boundaries_and_scales": {30: 0.1, 31: 0.1, 200: 0.1}},
    ),
    "optax-exponential": Case(
        "exponential:k=0.02",
        "optax.exponential_decay",
        {"init_value": FIRST, "transition_steps": 1, "decay_rate": math.exp(-0.02)},
    ),
    "optax-cosine": Case(  # also after its end
        "cosine:T=200", "optax.cosine_decay_schedule", {"init_value": FIRST, "decay_steps": 200}
    ),
    "optax-restarts": Case(
        "restarts:T0=20,T_mult=2",
        "optax.sgdr_schedule",
        {
            "cosine_kwargs": [
                {"init_value": FIRST, "peak_value": FIRST, "warmup_steps": 0, "decay_steps": steps}
                for steps in (20, 40, 80, 160)
            ]
        },
    ),
    "optax-warmup": Case(
        "warmup:w=20,f=0.1",
        "optax.linear_schedule",
        {"init_value": 0.1 * FIRST, "end_value": FIRST, "transition_steps": 20},
    ),
    "optax-warmup-cosine": Case(
        "warmup_cosine:w=20,f=0,T=200",
        "optax.warmup_cosine_decay_schedule",
        {"init_value": 0.0, "peak_value": FIRST, "warmup_steps": 20, "decay_steps": 200},
    ),
    "optax-polynomial": Case(
        "polynomial:T=250,p=2",
        "optax.polynomial_schedule",
        {"init_value": FIRST, "end_value": 0.0, "power": 2, "transition_steps": 250},
    ),
    # optax turns at int(up*T) and ends at T, torch and we at up*T - 1 and at T - 1.
    "optax-onecycle": Case(
        f"onecycle:T=201,up={61 / 201!r}",
        "optax.cosine_onecycle_schedule",
        {"transition_steps": 200, "peak_value": FIRST, "pct_start": 0.3},
    ),
    # optax's patience counts the step that drops.
    "optax-plateau": Case(
        "plateau:factor=0.5,patience=4,cooldown=2,eps=0",
        "optax.contrib.reduce_on_plateau",
        {"factor": 0.5, "patience": 5, "cooldown": 2},
    ),
}

# Where the oracles and we differ, as the catalogue's notes say.
DIFFERENT: dict[str, Case] = {
    "torch-cosine-rises": Case("cosine:T=200", "torch.CosineAnnealingLR", {"T_max": 200}),
    "optax-onecycle-as-given": Case(
        "onecycle:T=200",
        "optax.cosine_onecycle_schedule",
        {"transition_steps": 200, "peak_value": FIRST},
    ),
    "optax-plateau-as-given": Case(
        "plateau:factor=0.5,patience=5,eps=0",
        "optax.contrib.reduce_on_plateau",
        {"factor": 0.5, "patience": 5},
    ),
    "torch-plateau-below-0": Case("plateau:patience=5", "torch.standstill", {"patience": 5}),
}


def falling_losses() -> list[float]:
    """Return losses that fall, rattle and stand still."""
    draw = np.random.Generator(np.random.PCG64(7)).standard_normal(STEPS)
    t = np.arange(STEPS)
    losses = 0.2 + np.exp(-t / 40) + 0.02 * draw * (t % 100 < 70)
    losses[120:160] = losses[120]
    return [float(loss) for loss in losses]


def oracle_rates(case: Case, losses: list[float]) -> list[float]:
    """Return the rates of the oracle's steps."""
    library, _, called = case.oracle.partition(".")
    rates = _torch_rates if library == "torch" else _optax_rates
    return rates(called, dict(case.options), losses)


def _torch_rates(called: str, options: dict[str, Any], losses: list[float]) -> list[float]:
    import torch

    module: Any = torch.optim.lr_scheduler
    weight = torch.zeros(1, requires_grad=True)
    method = torch.optim.SGD([weight], lr=FIRST)
    if called in ("ReduceLROnPlateau", "standstill"):
        if called == "standstill":
            losses = [-1.0] * STEPS
        plateau = module.ReduceLROnPlateau(method, **options)
        rates = []
        for loss in losses:  # the rate of a step follows the loss where it begins
            plateau.step(loss)
            rates.append(float(method.param_groups[0]["lr"]))
        return rates
    if called == "warm-up then cosine":
        w, f = options["w"], options["f"]
        parts = [
            module.LinearLR(method, start_factor=f, total_iters=w),
            module.CosineAnnealingLR(method, STEPS - w),
        ]
        schedule = module.SequentialLR(method, parts, milestones=[w])
    else:
        schedule = getattr(module, called)(method, **options)
    rates = []
    for t in range(STEPS):
        rates.append(float(method.param_groups[0]["lr"]))
        method.step()
        if t < STEPS - 1:  # OneCycleLR refuses a step after its end
            schedule.step()
    return rates


def _optax_rates(called: str, options: dict[str, Any], losses: list[float]) -> list[float]:
    import jax
    import optax
    from optax import contrib

    settings: Any = jax.config
    settings.update("jax_enable_x64", True)
    if called == "contrib.reduce_on_plateau":
        method: Any = contrib.reduce_on_plateau(**options)
        state = method.init(jax.numpy.zeros(1))
        rates = []
        for loss in losses:
            _, state = method.update(jax.numpy.ones(1), state, value=loss)
            rates.append(FIRST * float(state.scale))
        return rates
    schedule: Any = getattr(optax, called)(**options)
    return [float(schedule(jax.numpy.asarray(t, dtype="float64"))) for t in range(STEPS)]


def main() -> None:
    losses = falling_losses()
    table = {key: oracle_rates(case, losses) for key, case in {**CASES, **DIFFERENT}.items()}
    arrays = {"losses": np.array(losses), **{key: np.array(rates) for key, rates in table.items()}}
    np.savez_compressed(FOLDER / "schedules.npz", allow_pickle=False, **arrays)
    made = {
        "made by": "python -m tests.optimizers.golden.schedule_oracles",
        "steps": STEPS,
        "rows": "the rate of every step, from 0.3",
        "versions": {lib: version(lib) for lib in ("numpy", "torch", "jax", "optax")},
    }
    (FOLDER / "schedules.json").write_text(json.dumps(made, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
