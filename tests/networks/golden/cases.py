"""The networks that are compared with PyTorch. Nothing here uses the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROWS = 7


@dataclass(frozen=True)
class Case:
    """A network and how its targets look: "labels", "numbers" or "column" (one output)."""

    sizes: tuple[int, ...]
    activation: str
    skip: bool = False
    loss: str = "cross_entropy"
    l2: float = 0.0
    targets: str = "labels"


CASES = {
    "tanh": Case((4, 5, 3), "tanh"),
    "sigmoid": Case((3, 4, 3, 3), "sigmoid", l2=0.05),
    "relu": Case((4, 5, 4, 3), "relu"),
    "leaky-relu": Case((4, 5, 3), "leaky_relu"),
    "gelu": Case((3, 4, 4, 2), "gelu"),
    "linear": Case((4, 3, 2), "linear"),
    "no-hidden": Case((5, 4), "tanh", l2=0.1),
    "skip-relu": Case((3, 3, 3, 3, 3), "relu", skip=True),
    "skip-tanh": Case((2, 4, 4, 3, 3, 2), "tanh", skip=True, l2=0.02),
    "skip-gelu-squares": Case(
        (3, 3, 4, 4, 2), "gelu", skip=True, loss="squared_error", targets="numbers"
    ),
    "squares": Case((3, 5, 2), "sigmoid", loss="squared_error", l2=0.1, targets="numbers"),
    "squares-column": Case((3, 5, 1), "tanh", loss="squared_error", targets="column"),
    "squares-labels": Case((3, 5, 3), "relu", loss="squared_error"),
}


def inputs(case: Case, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Return examples and targets for a case."""
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(ROWS, case.sizes[0]))
    if case.targets == "labels":
        return rows, draw.integers(0, case.sizes[-1], ROWS)
    shape = (ROWS,) if case.targets == "column" else (ROWS, case.sizes[-1])
    return rows, draw.normal(size=shape)


def parameters(case: Case, seed: int = 1) -> NDArray[np.float64]:
    """Return one flat vector of parameters, biases with them, all of order 1."""
    count = sum((a + 1) * b for a, b in zip(case.sizes[:-1], case.sizes[1:], strict=True))
    return 0.8 * np.random.default_rng(seed).normal(size=count)
