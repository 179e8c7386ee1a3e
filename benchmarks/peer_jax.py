"""The peer of the maps: JAX, `jit(vmap(scan(optax rule)))` in double precision.

Surface and rule are written as people write them in JAX; optax's rules have the numbers of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

__all__ = ["jax_paths"]

_config: Any = jax.config
_config.update("jax_enable_x64", True)


def _beale(p: Any) -> Any:
    x, y = p
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def _himmelblau(p: Any) -> Any:
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def _ackley(p: Any) -> Any:
    x, y = p
    far = -20 * jnp.exp(-0.2 * jnp.sqrt(0.5 * (x**2 + y**2)))
    near = jnp.exp(0.5 * (jnp.cos(2 * jnp.pi * x) + jnp.cos(2 * jnp.pi * y)))
    return far - near + jnp.e + 20


def _rastrigin(p: Any) -> Any:
    x, y = p
    waves = jnp.cos(2 * jnp.pi * x) + jnp.cos(2 * jnp.pi * y)
    return 20 + x**2 + y**2 - 10 * waves


_SURFACES: dict[str, Callable[[Any], Any]] = {
    "beale": _beale,
    "himmelblau": _himmelblau,
    "ackley": _ackley,
    "rastrigin": _rastrigin,
}
_RULES: dict[str, Callable[[float], Any]] = {
    "adam": optax.adam,
    "momentum": lambda lr: optax.sgd(lr, momentum=0.9),
    "rmsprop": lambda lr: optax.rmsprop(lr, decay=0.99, eps_in_sqrt=False),
}


def jax_paths(surface: str, rule: str, steps: int) -> Callable[[Any], Any]:
    """Return a compiled function from starts (n, 2) to ends (n, 2)."""
    name, _, rate = rule.partition(":lr=")
    gradient, chosen = jax.grad(_SURFACES[surface]), _RULES[name](float(rate))

    def path(start: Any) -> Any:
        def step(carried: Any, _: Any) -> tuple[Any, None]:
            place, state = carried
            change, state = chosen.update(gradient(place), state, place)
            return (optax.apply_updates(place, change), state), None

        (end, _), _ = jax.lax.scan(step, (start, chosen.init(start)), None, length=steps)
        return end

    compiled = jax.jit(jax.vmap(path))
    return lambda starts: np.asarray(compiled(jnp.asarray(starts)).block_until_ready())
