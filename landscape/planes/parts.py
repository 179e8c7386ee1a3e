"""What is computed over a plane's grid on one part of the data, and its records in a journal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CURVATURE", "PARTS", "RECORD", "Part", "part_of"]

Array = NDArray[Any]

PARTS = ("train", "test")
"""The data that losses are measured on, in the order of their numbers in a journal."""

CURVATURE = len(PARTS)
"""The number of a map of curvature in a journal."""

RECORD = np.dtype([("part", "<u4"), ("cell", "<u4"), ("loss", "<f8"), ("accuracy", "<f8")])
"""A finished cell in a journal; cells are counted row after row."""


@dataclass(frozen=True, eq=False)
class Part:
    """Results on one part of the data, each (rows, columns); NaN where not yet `done`."""

    loss: Array
    accuracy: Array
    done: Array

    @classmethod
    def nothing(cls, rows: int, columns: int) -> Part:
        """Return a part of which no cell is done."""
        loss, accuracy = np.full((2, rows, columns), math.nan)
        return cls(loss, accuracy, np.zeros((rows, columns), bool))

    def copy(self) -> Part:
        """Return the same part with results in arrays of its own."""
        return Part(self.loss.copy(), self.accuracy.copy(), self.done.copy())

    def fill(self, record: Array) -> None:
        """Write cells of RECORD into the arrays."""
        self.loss.reshape(-1)[record["cell"]] = record["loss"]
        self.accuracy.reshape(-1)[record["cell"]] = record["accuracy"]
        self.done.reshape(-1)[record["cell"]] = True


def part_of(record: bytes) -> int:
    """Return the number of the part that a journal's record is of."""
    return int.from_bytes(record[:4], "little")
