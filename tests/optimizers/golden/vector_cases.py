"""A small network trained by torch.optim: the rules that are compared, and the training itself."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

SIZES = (4, 5, 3)
ROWS, BATCH = 24, 7
STEPS, EVERY = 60, 12


class Case(NamedTuple):
    """A rule, and what torch.optim calls it; `single` tells whether float32 is compared too."""

    rule: str
    method: str
    options: Mapping[str, Any]
    single: bool = True


VECTOR_CASES = {
    "gd": Case("gd:lr=0.1", "SGD", {"lr": 0.1}),
    "momentum": Case("momentum:lr=0.05", "SGD", {"lr": 0.05, "momentum": 0.9}),
    "nesterov": Case(
        "nesterov:form=torch,lr=0.05", "SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}
    ),
    "adagrad": Case("adagrad:lr=0.05", "Adagrad", {"lr": 0.05}),
    "adadelta": Case("adadelta:lr=1", "Adadelta", {"lr": 1.0}),
    "rmsprop": Case("rmsprop:lr=0.005", "RMSprop", {"lr": 0.005}),
    "rmsprop-momentum": Case(
        "rmsprop:form=momentum,lr=0.001", "RMSprop", {"lr": 0.001, "momentum": 0.9}
    ),
    "adam": Case("adam:lr=0.01", "Adam", {"lr": 0.01}),
    "adamw": Case("adamw:lr=0.01,decay=0.1", "AdamW", {"lr": 0.01, "weight_decay": 0.1}),
    "adamax": Case("adamax:lr=0.01", "Adamax", {"lr": 0.01}),
    "amsgrad": Case("amsgrad:lr=0.01", "Adam", {"lr": 0.01, "amsgrad": True}),
    "nadam": Case("nadam:lr=0.01", "NAdam", {"lr": 0.01}),
    "radam": Case("radam:lr=0.01,beta2=0.9", "RAdam", {"lr": 0.01, "betas": (0.9, 0.9)}),
    # A sign that turns at a rounding error parts two programs for good.
    "rprop": Case("rprop:lr=0.01", "Rprop", {"lr": 0.01}, single=False),
}


class Task(NamedTuple):
    """Rows, labels and the parameters at the start, in float64."""

    X: NDArray[np.float64]
    y: NDArray[np.int64]
    start: NDArray[np.float64]


def task() -> Task:
    draw = np.random.Generator(np.random.PCG64(11))
    X = draw.standard_normal((ROWS, SIZES[0]))
    y = draw.integers(0, SIZES[-1], ROWS)
    count = sum((a + 1) * b for a, b in pairwise(SIZES))
    return Task(X, y, 0.5 * draw.standard_normal(count))


def batch_at(step: int) -> slice:
    """Return the rows of a step: pieces of seven, the last one of an epoch short."""
    begin = step % -(-ROWS // BATCH) * BATCH
    return slice(begin, begin + BATCH)


def torch_path(case: Case, dtype: str) -> NDArray[Any]:
    """Return every 12th vector of parameters that torch makes, the start first."""
    import torch
    from torch import nn
    from torch.nn.utils import parameters_to_vector, vector_to_parameters

    torch.set_num_threads(1)  # small arrays: threads of several processes wait for each other
    usual = torch.get_default_dtype()
    kind = getattr(torch, dtype)
    torch.set_default_dtype(kind)
    given = task()
    X, y = torch.from_numpy(given.X).to(kind), torch.from_numpy(given.y)
    network = nn.Sequential(nn.Linear(SIZES[0], SIZES[1]), nn.Tanh(), nn.Linear(SIZES[1], SIZES[2]))
    vector_to_parameters(torch.from_numpy(given.start).to(kind), network.parameters())
    method: Any = getattr(torch.optim, case.method)(network.parameters(), **case.options)
    kept = [parameters_to_vector(network.parameters()).detach().numpy().copy()]
    for step in range(STEPS):
        rows = batch_at(step)
        method.zero_grad()
        loss: Any = nn.functional.cross_entropy(network(X[rows]), y[rows])
        loss.backward()
        method.step()
        if (step + 1) % EVERY == 0:
            kept.append(parameters_to_vector(network.parameters()).detach().numpy().copy())
    torch.set_default_dtype(usual)
    return np.array(kept)
