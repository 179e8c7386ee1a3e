"""The peers of the grid benchmark: the loss over a plane as a loop in PyTorch, and loss-landscapes.

`torch_grid` is the loop as people write it, without gradients. `torch_tuned_grid` is the quickest
such loop that we know: every parameter is a view of one flat tensor, and a cell costs one addition
into that, one call of the model and one of the loss, in inference mode.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

__all__ = ["loss_landscapes_grid", "torch_grid", "torch_tuned_grid"]

_KINDS: dict[str, Callable[[], nn.Module]] = {"tanh": nn.Tanh, "relu": nn.ReLU}


def _model(sizes: tuple[int, ...], activation: str) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), _KINDS[activation]()]
    return nn.Sequential(*layers[:-1])


def torch_grid(case: Any) -> Callable[[], Any]:
    """Return a function that computes the losses (rows, columns) of a case."""
    model = _model(case.sizes, case.activation)
    origin = torch.tensor(case.origin).float()
    first, second = (torch.tensor(one).float() for one in case.directions)
    rows, labels = torch.tensor(case.X), torch.tensor(case.y)
    losses = np.empty((len(case.ys), len(case.xs)))

    def compute() -> Any:
        with torch.no_grad():
            for i, b in enumerate(case.ys.tolist()):
                for j, a in enumerate(case.xs.tolist()):
                    theta = origin + a * first + b * second
                    nn.utils.vector_to_parameters(theta, model.parameters())
                    losses[i, j] = functional.cross_entropy(model(rows), labels).item()
        return losses

    return compute


def torch_tuned_grid(case: Any) -> Callable[[], Any]:
    """Return a function that computes the same with less around the model."""
    model = _model(case.sizes, case.activation)
    flat = torch.tensor(case.origin).float()
    nn.utils.vector_to_parameters(flat, model.parameters())  # views of `flat` from now on
    origin = flat.clone()
    first, second = (torch.tensor(one).float() for one in case.directions)
    rows, labels = torch.tensor(case.X), torch.tensor(case.y)
    losses = torch.empty(len(case.ys), len(case.xs))

    def compute() -> Any:
        with torch.inference_mode():
            for i, b in enumerate(case.ys.tolist()):
                line = torch.add(origin, second, alpha=b)
                for j, a in enumerate(case.xs.tolist()):
                    torch.add(line, first, alpha=a, out=flat)
                    losses[i, j] = functional.cross_entropy(model(rows), labels)
        return losses.numpy()

    return compute


def loss_landscapes_grid(case: Any) -> Callable[[], Any]:
    """Return a function that computes a plane of its own, with as many cells, as its page shows."""
    library: Any = import_module("loss_landscapes")
    metrics: Any = import_module("loss_landscapes.metrics")
    model = _model(case.sizes, case.activation)
    nn.utils.vector_to_parameters(torch.tensor(case.origin).float(), model.parameters())
    metric = metrics.Loss(functional.cross_entropy, torch.tensor(case.X), torch.tensor(case.y))
    steps = len(case.xs)
    return lambda: library.random_plane(
        model, metric, distance=1, steps=steps, normalization="filter", deepcopy_model=True
    )
