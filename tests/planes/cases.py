"""Small networks with data, and a second implementation of their loss to compare with."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape.networks.network import Network

FUNCTIONS: dict[str, Any] = {
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "linear": lambda z: z,
}


def blobs(rows: int = 60, inputs: int = 3, classes: int = 3, seed: int = 0) -> tuple[Any, Any]:
    draw = np.random.default_rng(seed)
    y = draw.integers(0, classes, rows)
    X = draw.normal(size=(rows, inputs)) + 1.5 * draw.normal(size=(classes, inputs))[y]
    return X, y


def parameters(network: Network, seed: int = 0, bias: float = 0.3) -> Any:
    """Initial parameters whose biases are not 0."""
    theta = np.asarray(network.initial(seed=seed), np.float64)
    draw = np.random.default_rng(seed + 1)
    for block in network.blocks:
        if len(block.shape) == 1:
            theta[block.slice] = bias * draw.normal(size=block.size)
    return theta


def train(network: Network, X: Any, y: Any, steps: int, rate: float, seed: int = 0) -> Any:
    """Snapshots (steps + 1, P) of gradient descent with mini-batches."""
    theta = parameters(network, seed).astype(network.dtype)
    draw = np.random.default_rng(seed)
    path = [theta.copy()]
    for _ in range(steps):
        rows = draw.choice(len(X), len(X) // 2, replace=False)
        _, gradient = network.value_and_gradient(theta, X[rows], y[rows])
        theta = (theta - rate * gradient).astype(network.dtype)
        path.append(theta.copy())
    return np.array(path)


def loss_of(network: Network, theta: Any, X: Any, y: Any) -> float:
    """The loss by a forward pass of its own, in double precision."""
    h, place = np.asarray(X, np.float64), 0
    theta = np.asarray(theta, np.float64)
    penalty = 0.0
    for layer, (inputs, outputs) in enumerate(
        zip(network.sizes, network.sizes[1:], strict=False), start=1
    ):
        W = theta[place : place + inputs * outputs].reshape(outputs, inputs)
        place += inputs * outputs
        b = theta[place : place + outputs]
        place += outputs
        penalty += 0.5 * network.l2 * float((W**2).sum())
        z = h @ W.T + b
        if layer == len(network.sizes) - 1:
            h = z
        elif network.skip and inputs == outputs:
            h = h + FUNCTIONS[network.activation](z)
        else:
            h = FUNCTIONS[network.activation](z)
    if network.loss == "cross_entropy":
        top = h.max(axis=1, keepdims=True)
        logs = h - top - np.log(np.exp(h - top).sum(axis=1, keepdims=True))
        return penalty - float(logs[np.arange(len(y)), y].mean())
    return penalty + float(((h - np.reshape(y, h.shape)) ** 2).mean())


def dense_hessian(network: Network, theta: Any, X: Any, y: Any, step: float = 1e-4) -> Any:
    """The Hessian by central differences of `loss_of` along pairs of parameters."""
    count = len(theta)
    unit = step * np.eye(count)

    def at(shift: Any) -> float:
        return loss_of(network, theta + shift, X, y)

    middle = at(0.0)
    ahead = np.array([at(row) for row in unit])
    behind = np.array([at(-row) for row in unit])
    found = np.diag((ahead - 2 * middle + behind) / step**2)
    for i in range(count):
        for j in range(i):
            both = at(unit[i] + unit[j]) + at(-unit[i] - unit[j])
            mixed = both - ahead[i] - ahead[j] - behind[i] - behind[j] + 2 * middle
            found[i, j] = found[j, i] = mixed / (2 * step**2)
    return found
