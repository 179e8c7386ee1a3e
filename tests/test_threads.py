import threading

import pytest

from landscape.threads import share, usual_threads


@pytest.mark.parametrize(("count", "threads"), [(0, 2), (1, 3), (50, 1), (50, 3)])
def test_each_piece_of_work_is_done_once(count: int, threads: int) -> None:
    done: list[int] = []
    share(done.append, count, threads)
    assert sorted(done) == list(range(count))


def test_an_error_of_any_thread_is_raised() -> None:
    waiting = threading.Barrier(2)

    def work(k: int) -> None:
        waiting.wait(timeout=10)  # both threads have begun
        if k == 1:
            raise ValueError("the second")

    with pytest.raises(ValueError, match="the second"):
        share(work, 2, 2)


def test_there_is_a_thread() -> None:
    assert usual_threads() >= 1
