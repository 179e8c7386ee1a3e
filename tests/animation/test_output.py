"""Frames are written in another thread, in order, and not many at a time."""

from __future__ import annotations

import sys
from threading import Event
from time import sleep

import pytest

from landscape.animation.output import _QUEUE, _Behind


def test_what_is_done_behind_is_done_in_order_and_waited_for() -> None:
    done: list[int] = []
    usual = sys.getswitchinterval()
    with _Behind() as behind:
        for k in range(40):
            behind.do(done.append, k)
    assert done == list(range(40))
    assert sys.getswitchinterval() == usual


def test_only_so_much_is_left_to_do() -> None:
    goes_on, begun = Event(), []

    def work(k: int) -> None:
        begun.append(k)
        assert goes_on.wait(30)

    with _Behind() as behind:
        for k in range(_QUEUE):
            behind.do(work, k)
        assert begun in ([], [0])
        goes_on.set()
        behind.do(work, _QUEUE)  # waits until the first is done
        assert 0 in begun
    assert begun == list(range(_QUEUE + 1))


@pytest.mark.parametrize("at", [0, 5, 9])
def test_an_error_behind_is_raised_before_long(at: int) -> None:
    given: list[int] = []

    def work(k: int) -> None:
        if k == at:
            raise OSError("no space left")

    def write() -> None:
        with _Behind() as behind:
            for k in range(10):
                given.append(k)
                behind.do(work, k)

    with pytest.raises(OSError, match="no space left"):
        write()
    assert len(given) <= at + 1 + _QUEUE


def test_after_an_error_in_front_nothing_more_is_begun() -> None:
    begun: list[int] = []

    def work(k: int) -> None:
        begun.append(k)
        sleep(0.05)

    def write() -> None:
        with _Behind() as behind:
            for k in range(_QUEUE):
                behind.do(work, k)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert begun in ([], [0], [0, 1])
