"""The weights of a network at the beginning, and on the way of its training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.pictures.network import NetworkRecipe, spread_evenly

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["Snapshots", "networks_over_time", "snapshots"]


@dataclass(frozen=True, eq=False)
class Snapshots:
    """Parameters over time.

    Attributes: `flats`, flat vectors (count,); `epochs`, when each was taken; `ending`, a line on
    how the training ended if it went wrong, else "".
    """

    flats: Sequence[Array]
    epochs: tuple[float, ...]
    ending: str = ""


def networks_over_time(
    recipe: NetworkRecipe,
    data: Dataset,
    pairs: Sequence[tuple[str, str]],
    rule: str,
    epochs: int,
    report: Callable[[str], None],
    progress: Callable[[int, int], None] | None,
) -> Iterator[tuple[str, Network, Snapshots]]:
    """Yield a scheme of initial weights, its network, and what a recipe shows of it, one by one.

    Parameters: `pairs` of schemes and activations; `rule` that trains for `epochs`; `report` is
    told how a training ended if it went wrong; `progress` is called with (done, in all).
    """
    for k, (init, name) in enumerate(pairs):

        def part(done: int, total: int, k: int = k) -> None:
            if progress is not None:
                progress(1000 * k + 1000 * done // max(1, total), 1000 * len(pairs))

        network = recipe.network(data, name)
        taken = snapshots(recipe, network, data, init, rule, epochs, part)
        if taken.ending:
            report(f"{init}, {name}: {taken.ending}")
        yield init, network, taken


def snapshots(
    recipe: NetworkRecipe,
    network: Network,
    data: Dataset,
    init: str,
    rule: str,
    epochs: int,
    progress: Callable[[int, int], None],
) -> Snapshots:
    """Return what a recipe shows of one network: for a still one vector, for a film those of it."""
    first = network.initial(init, recipe.seed)
    if not epochs:
        return Snapshots([first], (0.0,))
    from landscape.networks.training import train

    film = recipe.kind == "film"
    run = train(
        network,
        data,
        rule,
        epochs=epochs,
        batch=recipe.batch or None,
        schedule=recipe.schedule,
        seed=recipe.seed,
        initial=first,
        snapshots=recipe.frames if film else 2,
        progress=progress,
    )
    last = len(run.snapshots) - 1
    places = spread_evenly(last, recipe.frames) if film else [last]
    times = tuple(float(run.snapshot_steps[k]) / run.steps_per_epoch for k in places)
    ending = "" if run.ending == "finished" else run.describe_ending()
    return Snapshots([run.snapshots[k] for k in places], times, ending)
