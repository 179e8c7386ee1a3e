"""One thread for matrix products: small ones are many times quicker so, and always the same."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

__all__ = ["one_blas_thread"]


def one_blas_thread() -> AbstractContextManager[Any]:
    """Return a context in which BLAS computes on the thread that asks, in the whole process.

    Products of a network's size cost less than it takes to hand them out to other threads; where
    the cores are busy, twenty times less. And in what order a long sum is added then does not
    depend on the number of threads.
    """
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit


@cache
def _controller() -> Any:
    import numpy as np  # its BLAS must be loaded to be found  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
