"""The block arithmetic of `kernels` in NumPy: any dtype, exact functions, nothing to compile.

It is what float64 networks and small grids are computed with; functions and arguments are those
of `kernels`. Results of a cell do not depend on the other cells of its block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.activations import activation

__all__ = ["KINDS", "blend", "cross_entropy", "first_layer", "layer", "squared_error"]

Array = NDArray[Any]

KINDS = ("tanh", "sigmoid", "relu", "leaky_relu", "gelu", "linear")
"""The activations in the order of their numbers in blocks."""


def blend(origin: Array, first: Array, second: Array, a: Array, b: Array, out: Array) -> None:
    """Write the parameters of each cell, origin + a first + b second, rounded once."""
    for c in range(a.size):
        out[c] = origin + a[c] * first + b[c] * second


def first_layer(
    at_origin: Array,
    along_first: Array,
    along_second: Array,
    a: Array,
    b: Array,
    kind: int,
    skipped: Array,
    out: Array,
) -> None:
    """Write the first layer's outputs (cells, width, rows) from its pre-activations' three parts.

    Parameters: the parts have shape (width, rows); `kind` is the activation's place in KINDS;
    `skipped` (width or 0, rows) is what a skip connection adds.
    """
    np.multiply(along_second, b.astype(out.dtype)[:, None, None], out=out)
    out += along_first * a.astype(out.dtype)[:, None, None]
    out += at_origin
    activation(KINDS[kind]).value(out, out)
    if len(skipped):
        out += skipped


def layer(z: Array, bias: Array, kind: int, skipped: Array) -> None:
    """Put a layer's outputs in the place of z (cells, width, rows), the products so far.

    `skipped` (cells or 0, width, rows) is what a skip connection adds.
    """
    z += bias[:, :, None]
    activation(KINDS[kind]).value(z, z)
    if len(skipped):
        z += skipped


def cross_entropy(z: Array, bias: Array, labels: Array, loss: Array, right: Array) -> None:
    """Add each cell's summed cross-entropy to `loss` and its right labels to `right`.

    Parameters: `z` (cells, classes, rows) logits without their `bias` (cells, classes).
    """
    z += bias[:, :, None]
    right += (z.argmax(axis=1) == labels).sum(axis=1)
    z -= z.max(axis=1, keepdims=True)
    rows = z[:, labels, np.arange(z.shape[2])].astype(np.float64)
    np.exp(z, out=z)
    total = z.sum(axis=1).astype(np.float64)
    np.log(total, out=total)
    total -= rows
    loss += total.sum(axis=1)


def squared_error(
    z: Array, bias: Array, targets: Array, labels: Array, loss: Array, right: Array
) -> None:
    """Add each cell's summed squared error to `loss` and its right labels to `right`.

    Parameters: `z` (cells, outputs, rows) without `bias` (cells, outputs); `targets`
    (outputs, rows); `labels` (rows,), or (0,) where there are none. With one output the label is
    whether that is above ½.
    """
    z += bias[:, :, None]
    if labels.size:
        found = z[:, 0] > 0.5 if z.shape[1] == 1 else z.argmax(axis=1)
        right += (found == labels).sum(axis=1)
    z -= targets
    z *= z
    loss += z.astype(np.float64).reshape(len(z), -1).sum(axis=1)
