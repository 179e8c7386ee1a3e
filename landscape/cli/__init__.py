"""The command `landscape`.

Nothing is imported before `main` listens to signals, so that Ctrl-C is heard from the beginning.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from signal import SIGINT
from typing import TYPE_CHECKING, Any, NoReturn

from landscape.cli.signals import ignore_interrupts, listen

if TYPE_CHECKING:
    from landscape.cli.commands import cli

__all__ = ["cli", "main"]


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave: 0 done, 2 bad input (one line on stderr), 130 interrupted."""
    heard: list[int] = []
    try:
        listen(heard)
        code = _run(args)
        ignore_interrupts()  # what is done is done, though the process has still to end
    except BaseException as problem:
        ignore_interrupts()
        # What a signal interrupts, such as the import of a compiled module, may raise on its own.
        if not heard and not isinstance(problem, KeyboardInterrupt):
            raise
        heard.append(SIGINT)
        code = 1
        if heard[0] == SIGINT:
            print("landscape: stopped", file=sys.stderr)
    sys.exit(128 + heard[0] if heard and code else code)


def _run(args: Sequence[str] | None) -> int:
    from landscape.cli.commands import run

    return run(args)


def __getattr__(name: str) -> Any:
    if name != "cli":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from landscape.cli.commands import cli

    return cli
