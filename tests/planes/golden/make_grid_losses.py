"""Write grid_losses.npz: losses that PyTorch finds at points of a plane, for each kind of network.

    python tests/planes/golden/make_grid_losses.py

Needs torch. Everything is float64 and drawn from a seed; `losses[activation/skip/loss]` are in the
order of `coordinates`.
"""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np

SIZES = (6, 6, 6, 5, 4)  # a skip connection from the inputs, one between, two layers without
ROWS = 37
L2 = 0.03
ACTIVATIONS = ("tanh", "sigmoid", "relu", "leaky_relu", "gelu", "linear")
LOSSES = ("cross_entropy", "squared_error")
PATH = Path(__file__).with_name("grid_losses.npz")


def case(activation: str, skip: bool, loss: str) -> str:
    """Return the name of a case in the file."""
    return f"{activation}/{'skip' if skip else 'plain'}/{loss}"


def drawn() -> dict[str, Any]:
    """Return data, an origin, two directions and the coordinates of some points."""
    draw = np.random.default_rng(20)
    count = sum(a * b + b for a, b in pairwise(SIZES))
    return {
        "X": draw.normal(size=(ROWS, SIZES[0])),
        "labels": draw.integers(0, SIZES[-1], ROWS),
        "targets": draw.normal(size=(ROWS, SIZES[-1])),
        "origin": 0.6 * draw.normal(size=count),
        "directions": 0.6 * draw.normal(size=(2, count)),
        "coordinates": np.vstack([[0.0, 0.0], draw.uniform(-1, 1, (6, 2))]),
    }


def torch_loss(theta: Any, given: dict[str, Any], activation: str, skip: bool, loss: str) -> float:
    """Return the loss at flat parameters, with nn.Linear and PyTorch's own functions."""
    import torch
    from torch import nn
    from torch.nn import functional

    kinds: dict[str, Any] = {
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "relu": functional.relu,
        "leaky_relu": functional.leaky_relu,
        "gelu": functional.gelu,
        "linear": lambda z: z,
    }
    layers = [nn.Linear(a, b, dtype=torch.float64) for a, b in pairwise(SIZES)]
    nn.utils.vector_to_parameters(torch.tensor(theta), nn.ModuleList(layers).parameters())
    with torch.no_grad():
        h = torch.tensor(given["X"])
        for layer in layers[:-1]:
            z = kinds[activation](layer(h))
            h = h + z if skip and layer.in_features == layer.out_features else z
        z = layers[-1](h)
        if loss == "cross_entropy":
            found = functional.cross_entropy(z, torch.tensor(given["labels"]))
        else:
            found = functional.mse_loss(z, torch.tensor(given["targets"]))
        for layer in layers:
            found += 0.5 * L2 * (layer.weight**2).sum()
    return float(found)


def made() -> dict[str, Any]:
    """Return everything that the file holds."""
    given = drawn()
    thetas = given["origin"] + given["coordinates"] @ given["directions"]
    for activation, skip, loss in product(ACTIVATIONS, (False, True), LOSSES):
        found = [torch_loss(theta, given, activation, skip, loss) for theta in thetas]
        given[case(activation, skip, loss)] = np.array(found)
    return given


if __name__ == "__main__":
    np.savez_compressed(PATH, **made())
    print(f"{PATH.name}: {PATH.stat().st_size / 1e3:.0f} kB")
