"""The runs behind learning curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.pictures.network import spread_evenly
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from landscape.networks.datasets import Dataset
    from landscape.networks.run import Run
    from landscape.pictures.trained_recipe import TrainedRecipe

    Progress = Callable[[int, int], None]

__all__ = ["dead_units", "train_curve"]

# Often enough for a smooth curve; each time costs about as much as an epoch's gradients.
_MEASURED = 120
_FOLLOWED = 10_000  # rows on which dead units are counted, at most


def train_curve(recipe: TrainedRecipe, data: Dataset, rule: str, progress: Progress) -> Run:
    """Train by one rule, measured often enough for a curve."""
    from landscape.networks.training import train

    return train(
        recipe.network(data, recipe.activation),
        data,
        rule,
        epochs=recipe.epochs,
        batch=recipe.batch or None,
        schedule=recipe.schedule,
        seed=recipe.seed,
        initial=recipe.init,
        snapshots=2,
        measure=_measured(recipe, data, rule),
        progress=progress,
    )


def _measured(recipe: TrainedRecipe, data: Dataset, rule: str) -> list[int]:
    """Return the steps at which all rows are measured: the first few, then evenly many."""
    from landscape.networks.batches import as_batch, steps_per_epoch
    from landscape.networks.rates import network_rule

    own = network_rule(rule).batch
    size = as_batch((recipe.batch or None) if own is None else own, data.rows)
    total = recipe.epochs * steps_per_epoch(data.rows, size)
    early = (step for step in (1, 2, 3, 5) if step < total // _MEASURED)
    return sorted({*early, *spread_evenly(total, _MEASURED + 1)})


def dead_units(run: Run, data: Dataset) -> tuple[int, int]:
    """Return how many hidden units are dead at the end of a run, and how many it has."""
    import numpy as np

    units = sum(run.network.sizes[1:-1])
    if not units or not np.isfinite(run.final).all():
        return 0, units
    with one_blas_thread():
        layers = run.network.trace(run.final, data.X[:_FOLLOWED])[:-1]
    return sum(layer.dead_count for layer in layers), units
