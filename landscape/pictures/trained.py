"""The runs that a picture of a plane or a profile is made of, and how sharp their ends are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.run import Run
    from landscape.pictures.trained_recipe import TrainedRecipe
    from landscape.planes.sharpness import Sharpness

__all__ = ["data_of_runs", "runs_of_files", "sharpness_of", "trained_runs"]

_OTHER = 1e-3  # relative difference of a loss from which on it is of other data


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


def runs_of_files(paths: Sequence[str], most: int, what: str) -> list[Run]:
    """Return the runs of files that `landscape train --save` wrote, with labels that differ.

    Raises LandscapeError for other files and for more than `most` runs; `what` they are is said.
    """
    from landscape.networks.run import load_runs

    found = [run for path in paths for run in load_runs(path)]
    if len(found) > most:
        raise LandscapeError(f"a picture has at most {most} {what}: {len(found)} runs came")
    labels = [run.label for run in found]
    seen: dict[str, int] = {}
    made = []
    for run in found:
        seen[run.label] = seen.get(run.label, 0) + 1
        several = labels.count(run.label) > 1
        made.append(replace(run, label=f"{run.label} {seen[run.label]}") if several else run)
    return made


def data_of_runs(runs: Sequence[Run], data: Dataset | None = None) -> Dataset:
    """Return the data on which all of several runs of one network were trained.

    Parameters: `data` are taken if they are given, else those that the runs name.

    Raises LandscapeError if the runs do not belong together, or their data cannot be had or have
    changed since.
    """
    import numpy as np

    from landscape.networks.datasets import dataset

    first = runs[0]
    for run in runs[1:]:
        if run.network != first.network or run.data != first.data:
            raise LandscapeError(
                "runs on one plane are of one network on the same data: "
                f"{first.network.describe()} on {first.data or 'arrays'} and "
                f"{run.network.describe()} on {run.data or 'arrays'} came"
            )
    if data is None and not first.data:
        raise LandscapeError(
            "the runs are of arrays, which their file does not name: hand them over in Python, "
            "data=(X, y)"
        )
    dtype = first.network.dtype
    found = dataset(first.data, dtype) if data is None else data.astype(dtype)
    for run in runs:
        if not np.isfinite(run.train_loss[-1]):
            continue
        loss = run.network.value(run.final, found.X, found.y)
        if not np.isclose(loss, run.train_loss[-1], rtol=_OTHER):
            raise LandscapeError(
                f"{found.name} is not what {run.label} was trained on: its loss is {loss:.4g} now "
                f"and was {run.train_loss[-1]:.4g}; bring the old data back, or train again"
            )
    return found


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
