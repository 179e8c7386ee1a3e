"""What is noted while a run goes on: snapshots of the parameters and measurements of the losses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.datasets import Dataset
from landscape.networks.measuring import Meter
from landscape.networks.network import Network

__all__ = ["Recorder"]

Array = NDArray[np.floating[Any]]
Steps = NDArray[np.int64]
_COLUMNS = (
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "gradient_norm",
    "rate",
)


class Recorder:
    """Keeps parameters after the steps `kept` and measures them after the steps `measured`.

    Attributes: `next`, the step at which `take` is to be called next.
    """

    def __init__(self, network: Network, data: Dataset, kept: Steps, measured: Steps) -> None:
        self._train = Meter(network, data.X, data.y)
        self._test = Meter(network, data.X_test, data.y_test)
        self._kept, self._measured = set(kept.tolist()), set(measured.tolist())
        self._due = iter([*sorted(self._kept | self._measured), -1])
        self._snapshots = np.empty((len(kept), network.count), network.dtype)
        self._at: list[int] = []
        self._rows: list[tuple[float, ...]] = []
        self._steps: list[int] = []
        self.next = next(self._due)

    def take(self, step: int, flat: Array, norm: float, rate: float, *, last: bool = False) -> None:
        """Note what is due at `step`, and at the `last` one both, if they are not noted yet.

        Parameters: `norm` of the gradient and `rate` are noted beside the losses.
        """
        if (step in self._kept or last) and step not in self._at[-1:]:
            self._snapshots[len(self._at)] = flat
            self._at.append(step)
        if (step in self._measured or last) and step not in self._steps[-1:]:
            self._rows.append((*self._train(flat), *self._test(flat), norm, rate))
            self._steps.append(step)
        while 0 <= self.next <= step:
            self.next = next(self._due)

    @property
    def is_finite(self) -> bool:
        """Whether the training loss measured last is a finite number."""
        return math.isfinite(self._rows[-1][0])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what has been noted under the names that a Run has for it."""
        columns = np.array(self._rows, np.float64).T
        return {
            "snapshots": self._snapshots[: len(self._at)],
            "snapshot_steps": np.array(self._at, np.int64),
            "steps": np.array(self._steps, np.int64),
            **dict(zip(_COLUMNS, columns.copy(), strict=True)),
        }
