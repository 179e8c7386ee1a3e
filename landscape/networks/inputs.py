"""What is given to a network, checked and brought into the form that its passes read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError
from landscape.networks.layout import Array, Layout

__all__ = ["as_flat", "as_rows", "as_sizes", "as_targets"]


def as_sizes(sizes: Any) -> tuple[int, ...]:
    """Return `sizes` as a tuple of two or more whole numbers from 1 on.

    Raises LandscapeError if they are none.
    """
    try:
        whole = tuple(int(size) for size in sizes)
        fits = len(whole) >= 2 and min(whole) >= 1 and list(whole) == list(sizes)
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        raise LandscapeError(
            "a network's sizes are whole numbers from inputs to outputs, such as (64, 32, 10): "
            f"{sizes!r} came"
        )
    return whole


def as_flat(flat: ArrayLike, layout: Layout) -> Array:
    """Return `flat` as parameters (count,) of the layout's dtype.

    Raises LandscapeError if it has another shape.
    """
    result = _numbers(flat, layout.dtype, "parameters")
    if result.shape != (layout.count,):
        raise LandscapeError(
            f"a {_dashed(layout)} network has {layout.count} parameters in one flat vector: an "
            f"array of shape {result.shape} came"
        )
    return result


def as_rows(rows: ArrayLike, layout: Layout) -> Array:
    """Return `rows` as examples (rows, inputs) of the layout's dtype.

    Raises LandscapeError if there are none or they have another shape.
    """
    result = _numbers(rows, layout.dtype, "examples")
    if result.ndim != 2 or result.shape[1] != layout.sizes[0] or not len(result):
        raise LandscapeError(
            f"a {_dashed(layout)} network reads examples of shape (rows, {layout.sizes[0]}): an "
            f"array of shape {result.shape} came"
        )
    return result


def as_targets(y: ArrayLike, layout: Layout, loss: str, rows: int | None = None) -> NDArray[Any]:
    """Return `y` as the loss reads it: labels (rows,) of intp, or numbers (rows, outputs).

    For the squared error of several outputs labels become rows with a single 1. What has this form
    already is not copied.

    Raises LandscapeError if a label is no class, the shape does not fit, or there are not `rows`.
    """
    given, outputs = np.asarray(y), layout.sizes[-1]
    if rows is not None and given.ndim and len(given) != rows:
        raise LandscapeError(
            f"each example needs a target: {rows} examples and {len(given)} targets came"
        )
    came = f"{given.dtype} of shape {given.shape} came"
    labels = given.ndim == 1 and given.dtype.kind in "iub"
    if loss == "cross_entropy" and not labels:
        raise LandscapeError(
            f"cross-entropy needs whole labels of shape (rows,): {came}; "
            "loss squared_error takes numbers"
        )
    if labels and (loss == "cross_entropy" or outputs > 1):
        if len(given) and (given.min() < 0 or given.max() >= outputs):
            raise LandscapeError(
                f"with {outputs} outputs labels are 0 to {outputs - 1}: {given.min()} to "
                f"{given.max()} came; give the network an output for each class"
            )
        index = given.astype(np.intp, copy=False)
        return index if loss == "cross_entropy" else np.eye(outputs, dtype=layout.dtype)[index]
    single = outputs == 1 and given.ndim == 1
    if not single and (given.ndim != 2 or given.shape[1] != outputs):
        raise LandscapeError(f"{outputs} outputs need targets of shape (rows, {outputs}): {came}")
    return _numbers(given, layout.dtype, "targets").reshape(-1, outputs)


def _numbers(values: ArrayLike, dtype: str, what: str) -> Array:
    try:
        return np.ascontiguousarray(values, dtype=dtype)
    except (TypeError, ValueError):
        raise LandscapeError(
            f"{what} must be an array of numbers: {type(values).__name__} came that is none"
        ) from None
    except RuntimeError:  # PyTorch's, for a tensor with a gradient
        raise LandscapeError(
            f"{what} must be an array of numbers: a tensor with a gradient came; hand over its "
            ".detach().cpu().numpy()"
        ) from None


def _dashed(layout: Layout) -> str:
    return "-".join(map(str, layout.sizes))
