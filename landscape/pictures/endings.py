"""What is said of runs that found nothing: those that ended no lower than they began."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landscape.networks.run import Run

__all__ = ["found_nothing", "said_of_end", "said_of_ends"]

_BLEW_UP = "blew up"
_BLOWN_UP = 10.0  # times its first loss


def found_nothing(run: Run) -> bool:
    """Return whether a run diverged, or its loss ended no lower than it began."""
    return run.ending != "finished" or not run.train_loss[-1] < run.train_loss[0]


def said_of_end(run: Run) -> str:
    """Return how a run that found nothing ended, "" for another."""
    if not found_nothing(run):
        return ""
    if run.ending != "finished":
        return run.describe_ending()
    first, last = float(run.train_loss[0]), float(run.train_loss[-1])
    if last > _BLOWN_UP * first:
        return f"{_BLEW_UP}, to a loss of {last:.3g} from {first:.3g}"
    return f"ended at a loss of {last:.3g}, not below its first, {first:.3g}"


def said_of_ends(runs: Sequence[tuple[str, Run]]) -> str:
    """Return what a heading says of runs with their names: of those that found nothing, or ""."""
    ends = {name: said_of_end(run) for name, run in runs if found_nothing(run)}
    if len(ends) < 2:
        return "".join(f"{name} {said}" for name, said in ends.items())
    names = list(ends)
    blown = all(said.startswith(_BLEW_UP) for said in ends.values())
    said = _BLEW_UP if blown else "ended no lower than they began"
    return f"{', '.join(names[:-1])} and {names[-1]} {said}"
