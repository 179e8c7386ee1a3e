"""How long the trainings behind a picture will take, told after the first of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset
    from landscape.pictures.trained_recipe import TrainedRecipe

__all__ = ["Outlook", "training_work"]

_LONG = 3.0  # seconds that are left: for less nobody needs to be told
_STEP = 200_000.0  # products in whose time a layer's share of a step's overhead lies


def training_work(recipe: TrainedRecipe, data: Dataset) -> float:
    """Return how much work the trainings of a recipe from one start are, in products, about."""
    from landscape.networks.batches import as_batch, steps_per_epoch

    network = recipe.network(data, recipe.activation)
    rows = as_batch(recipe.batch or None, data.rows)
    steps = recipe.epochs * steps_per_epoch(data.rows, rows)
    each = _STEP * (len(network.sizes) - 1) + rows * network.count
    return steps * each * len(recipe.optimizers)


class Outlook:
    """Tells once, after the first of several pieces of work, how long all of them will take.

    Parameters: `works`, how much each piece is, in their order; `told`, what all together are, as
    in "10 networks to train and measure"; `tell` is called with a line if some seconds are left,
    and never otherwise.
    """

    def __init__(
        self,
        works: Sequence[float],
        told: str,
        tell: Callable[[str], object],
        *,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._works, self._told, self._tell, self._clock = works, told, tell, clock
        self._open = len(works) > 1

    @contextmanager
    def piece(self) -> Iterator[None]:
        """Measure a piece of the work, the first one, and tell what follows from it."""
        began = self._clock()
        yield
        if not self._open:
            return
        self._open = False
        from landscape.planes.cost import duration

        took = self._clock() - began
        total = took * sum(self._works) / self._works[0]
        if total - took >= _LONG:
            self._tell(f"{self._told}: about {duration(total)}, going by the first")
