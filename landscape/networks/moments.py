"""At which steps of a run the parameters are kept and the losses measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError, unknown_name

__all__ = ["EVERY", "MEASURES", "measured_steps", "snapshot_steps"]

Steps = NDArray[np.int64]

EVERY = ("step", "epoch", "log")
MEASURES = ("early", "epoch", "ends")

_MOST_EPOCHS = 100  # a measurement of all rows may cost as much as an epoch of small batches
_EARLY = (1, 2, 5)


def snapshot_steps(total: int, per_epoch: int, most: int, every: str) -> Steps:
    """Return the steps after which the parameters are kept: at most `most`, 0 and `total` among
    them.

    Parameters: `every` is "step" (evenly spaced), "epoch" (ends of epochs, evenly spaced) or "log"
    (each step at first, then ever fewer).

    Raises LandscapeError for another word, or fewer than two snapshots.
    """
    if every not in EVERY:
        raise unknown_name("spacing of snapshots", str(every), EVERY)
    if isinstance(most, bool) or not isinstance(most, int | np.integer) or most < 2:
        raise LandscapeError(f"snapshots are a whole number from 2, start and end: {most!r} came")
    if every == "epoch":
        epochs = -(-total // per_epoch)
        return np.minimum(_evenly(epochs, most) * per_epoch, total)
    if every == "step":
        return _evenly(total, most)
    later = np.geomspace(1, total, most - 1) if most > 2 else np.array([total])
    return np.concatenate([np.zeros(1, np.int64), np.unique(np.round(later).astype(np.int64))])


def measured_steps(total: int, per_epoch: int, measure: str | int | Sequence[int]) -> Steps:
    """Return the steps at which the losses of all rows are measured, 0 and `total` among them.

    Parameters: `measure` is "early" (1, 2, 5, 10, 20, … steps, then the ends of epochs), "epoch"
    (the ends of epochs; of more than a hundred a hundred, evenly spaced), "ends" (the start and the
    end alone), a number (after each so many steps), or the steps themselves.

    Raises LandscapeError if it is none of these.
    """
    ends = {0, total}
    if isinstance(measure, str):
        if measure not in MEASURES:
            raise unknown_name("measure", measure, MEASURES)
        if measure == "ends":
            return np.array(sorted(ends), np.int64)
        epochs = _evenly(-(-total // per_epoch), _MOST_EPOCHS + 1)
        ends |= set((epochs * per_epoch).tolist())
        if measure == "early":
            # Only until epochs come close enough: later points say little that they do not.
            ends |= {
                digit * 10**power
                for power in range(20)
                if 10**power < 2 * per_epoch
                for digit in _EARLY
            }
        return np.array(sorted(step for step in ends if step <= total), np.int64)
    try:
        if isinstance(measure, bool):
            raise TypeError
        if isinstance(measure, int | np.integer):
            if measure < 1:
                raise ValueError
            return np.array(sorted({*range(0, total, int(measure)), total}), np.int64)
        given = {int(step) for step in measure}
        if not all(0 <= step <= total for step in given):
            raise ValueError
    except (TypeError, ValueError):
        raise LandscapeError(
            f"measure is {', '.join(MEASURES)}, a number of steps from 1, or steps from 0 to "
            f"{total}: {measure!r} came"
        ) from None
    return np.array(sorted(given | ends), np.int64)


def _evenly(last: int, most: int) -> Steps:
    return np.unique(np.round(np.linspace(0, last, min(most, last + 1))).astype(np.int64))
