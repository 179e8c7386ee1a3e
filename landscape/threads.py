"""How many threads do what: one for small matrix products, all cores for pieces of a picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from threading import Thread
from typing import Any

__all__ = ["one_blas_thread", "share", "usual_threads"]


def usual_threads() -> int:
    """Return how many threads are used: the cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share(work: Callable[[int], None], count: int, threads: int) -> None:
    """Call work(0) … work(count - 1), each once, on `threads` threads; the caller's is one of them.

    Who is done takes the next, in order. The work should release the GIL. Its first exception is
    raised here, after all threads have ended.
    """
    left = iter(range(count))  # next() of a range's iterator is atomic
    failed: list[BaseException] = []

    def serve() -> None:
        try:
            for k in left:
                if failed:
                    return
                work(k)
        except BaseException as error:
            failed.append(error)

    others = [Thread(target=serve, daemon=True) for _ in range(min(threads, count) - 1)]
    for other in others:
        other.start()
    serve()
    for other in others:
        other.join()
    if failed:
        raise failed[0]


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
