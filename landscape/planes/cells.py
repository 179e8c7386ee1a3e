"""Losses and accuracies at many points of a line or plane: where the planes meet the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["cells"]


def cells(
    network: Network,
    X: Array,  # noqa: N803
    y: ArrayLike,
    origin: Array,
    directions: Array,
    coordinates: Array,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Array, Array]:
    """Return loss and accuracy (cells,) at origin + coordinates (cells, k) @ directions (k, P)."""
    # Late: with the engine come compiled kernels.
    from landscape.planes.engine import losses

    found = losses(network, X, y, origin, directions, coordinates, progress=progress)
    return found.loss, found.accuracy
