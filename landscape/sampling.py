"""The gradients that a run sees, one after the other: exact, of mini-batches, with noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landscape.surfaces.surface import Surface

    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = ["gradient_stream"]


def gradient_stream(
    surface: Surface, noise: float, batch: int | None, seed: int
) -> Callable[[], Gradient]:
    """Return a function that gives, for each step anew, the gradient as the rule will see it.

    Parameters: `noise` is its standard deviation on each coordinate; `batch` the examples of a
    mini-batch, None for the exact gradient; `seed` of both.
    """
    import numpy as np

    sample = (lambda: surface.gradient_at) if batch is None else surface.batches(batch, seed)
    if not noise:
        return sample
    # A stream of its own, so that the batches are the same with noise and without.
    draw = np.random.Generator(np.random.PCG64(seed)).standard_normal

    def noisy() -> Gradient:
        measured = sample()

        def gradient(x: float, y: float) -> tuple[float, float]:
            dx, dy = measured(x, y)
            a, b = draw(2)
            return dx + noise * float(a), dy + noise * float(b)

        return gradient

    return noisy
