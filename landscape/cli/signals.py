"""The signals that end a command: as exceptions, so that half-written files are cleared away."""

from __future__ import annotations

import _thread
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["ignore_interrupts", "listen"]

_PAUSE = 0.02  # seconds


def listen(heard: list[int]) -> None:
    """Let an interrupt raise KeyboardInterrupt and a request to end SystemExit, in this process.

    Parameters: the numbers of the signals that came are added to `heard`.
    """
    usual = sys.unraisablehook

    def interrupted(number: int, frame: FrameType | None) -> NoReturn:
        heard.append(number)
        raise KeyboardInterrupt

    def terminated(number: int, frame: FrameType | None) -> NoReturn:
        heard.append(number)
        raise SystemExit(128 + number)

    def unraisable(said: UnraisableHookArgs) -> None:
        # Where Python would drop the exception, as in a finaliser, the signal comes again.
        if heard and said.exc_type in (KeyboardInterrupt, SystemExit):
            _later(heard[-1])
        else:
            usual(said)

    sys.unraisablehook = unraisable
    signal.signal(signal.SIGTERM, terminated)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not behind nohup
        signal.signal(signal.SIGINT, interrupted)


def _later(number: int) -> None:
    """Send a signal to the main thread once the present call is over."""
    import threading

    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        again = threading.Timer(_PAUSE, signal.pthread_kill, (main, number))
    else:
        again = threading.Timer(_PAUSE, _thread.interrupt_main, (signal.Signals(number),))
    again.daemon = True
    again.start()


def ignore_interrupts() -> None:
    """Let further interrupts do nothing: the process is about to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
