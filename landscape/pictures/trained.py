"""The runs that a picture of a plane or a profile is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.run import Run
    from landscape.pictures.network import NetworkRecipe

__all__ = ["check_distinct", "trained_runs"]


def check_distinct(optimizers: Sequence[str], *, apart: bool) -> None:
    """Raise LandscapeError for the same rule twice from the same start."""
    if not apart and len(set(optimizers)) < len(optimizers):
        raise LandscapeError(
            f"the same rule from the same start trains the same network: {', '.join(optimizers)} "
            "came; add --apart for starts of their own"
        )


def trained_runs(
    recipe: NetworkRecipe,
    network: Network,
    data: Dataset,
    optimizers: Sequence[str],
    *,
    epochs: int,
    init: str,
    seed: int,
    apart: bool,
    snapshots: int,
    progress: Callable[[int, int], None],
) -> list[Run]:
    """Train a network by several rules and return the runs.

    Parameters: `apart` gives each rule a start and batches of its own, from `seed`, `seed` + 1, …;
    else all have the same. `progress` is called with (steps done, steps in all).

    Raises LandscapeError as `landscape.networks.train` does.
    """
    from landscape.networks.training import train_all

    groups = [[one] for one in optimizers] if apart else [list(optimizers)]
    runs: list[Run] = []
    for k, group in enumerate(groups):

        def part(done: int, total: int, k: int = k) -> None:
            progress(k * total + done, len(groups) * total)

        found = train_all(
            network,
            data,
            group,
            epochs=epochs,
            batch=recipe.batch or None,
            schedule=recipe.schedule,
            seed=seed + k,
            initial=init,
            snapshots=snapshots,
            measure="ends",
            progress=part,
        )
        runs += (
            [replace(one, label=f"{one.label}, seed {seed + k}") for one in found]
            if apart
            else found
        )
    return runs
