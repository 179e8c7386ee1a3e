"""The runs that a picture of a plane or a profile is made of, and how sharp their ends are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.run import Run
    from landscape.pictures.trained_recipe import TrainedRecipe
    from landscape.planes.sharpness import Sharpness

__all__ = ["sharpness_of", "trained_runs"]


class _Measuring(Protocol):
    """The keys of a recipe that say how sharpness is measured."""

    @property
    def radius(self) -> float: ...
    @property
    def reach(self) -> float: ...
    @property
    def normalise(self) -> str: ...
    @property
    def biases(self) -> str: ...
    @property
    def draw(self) -> int: ...


def trained_runs(
    recipe: TrainedRecipe,
    network: Network,
    data: Dataset,
    *,
    seed: int,
    apart: bool,
    snapshots: int,
    progress: Callable[[int, int], None],
) -> list[Run]:
    """Train a network by the rules of a recipe and return the runs.

    Parameters: `apart` gives each rule a start and batches of its own, from `seed`, `seed` + 1, …;
    else all have the same. `progress` is called with (steps done, steps in all).

    Raises LandscapeError as `landscape.networks.train` does.
    """
    from landscape.networks.training import train_all

    rules = recipe.optimizers
    groups = [[one] for one in rules] if apart else [list(rules)]
    runs: list[Run] = []
    for k, group in enumerate(groups):

        def part(done: int, total: int, k: int = k) -> None:
            progress(k * total + done, len(groups) * total)

        found = train_all(
            network,
            data,
            group,
            epochs=recipe.epochs,
            batch=recipe.batch or None,
            schedule=recipe.schedule,
            seed=seed + k,
            initial=recipe.init,
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


def sharpness_of(
    recipe: _Measuring, network: Network, data: Dataset, run: Run, repeats: int
) -> Sharpness:
    """Return how sharp the end of a run is, over `repeats` random directions of a recipe."""
    from landscape.planes.sharpness import sharpness

    return sharpness(
        network,
        run.final,
        data.X,
        data.y,
        radius=recipe.radius,
        reach=max(recipe.reach, recipe.radius),
        repeats=repeats,
        normalise=recipe.normalise,
        biases=recipe.biases,
        seed=recipe.draw,
    )
