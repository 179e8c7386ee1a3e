"""How long a grid will take, told from its first cells before a long wait."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

__all__ = ["Cost", "Forecast", "duration"]

_SPACE = "\N{NO-BREAK SPACE}"
_UNITS = (("s", 1.0), ("min", 60.0), ("h", 3600.0))


def duration(seconds: float) -> str:
    """Return a duration in words, as exact as an estimate is: "3 s", "1.5 min", "2 h"."""
    if seconds < 0.95:
        return "less than a second"
    unit, size = next((unit, size) for unit, size in _UNITS if seconds < 99.5 * size or unit == "h")
    value = max(1.0, seconds / size)
    return f"{value:.2g} {unit}" if value < 9.5 else f"{value:.0f} {unit}"


@dataclass(frozen=True)
class Cost:
    """What a grid will take.

    Attributes: `columns` and `lines` of the grid; `examples` of the data that every cell passes
    through the network; `seconds` for the cells that were not computed when it was estimated.
    """

    columns: int
    lines: int
    examples: int
    seconds: float

    def describe(self) -> str:
        """Return "51×51 cells × 1 797 rows: about 3 s"; a line has "51 cells × …"."""
        cells = f"{self.columns}×{self.lines}" if self.lines > 1 else f"{self.columns}"
        rows = f"{self.examples:,}".replace(",", _SPACE)
        time = duration(self.seconds)
        return f"{cells} cells × {rows} rows: {'' if time[0] == 'l' else 'about '}{time}"


class Forecast:
    """A progress callback that estimates the cost from the first cells and tells it once.

    Parameters: `columns`, `lines` and `examples` as in `Cost`; `tell` is called with the `Cost` if
    at least `long` seconds are left, and never otherwise; `then` is a further progress callback,
    called each time.

    Call it with (cells done, cells in all), at first before the work begins, as the engine and the
    store do: cells that were done then (a run that goes on) count as no work. It waits for
    `patience` seconds of work, so that the first, slow touch of memory is no measure.
    """

    def __init__(
        self,
        columns: int,
        lines: int,
        examples: int,
        tell: Callable[[Cost], object],
        *,
        long: float = 2.0,
        patience: float = 0.2,
        then: Callable[[int, int], object] | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._grid = (columns, lines, examples)
        self._tell, self._then, self._clock = tell, then, clock
        self._long, self._patience = long, patience
        self._begin: tuple[float, int] | None = None
        self._open = True

    def __call__(self, done: int, total: int) -> None:
        """Take the progress in."""
        if self._begin is None:
            self._begin = self._clock(), done
        elif self._open and done > self._begin[1]:
            self._consider(done, total)
        if self._then is not None:
            self._then(done, total)

    def _consider(self, done: int, total: int) -> None:
        assert self._begin is not None
        elapsed = self._clock() - self._begin[0]
        if elapsed < self._patience:
            return
        self._open = False
        left = elapsed * (total - done) / (done - self._begin[1])
        if math.isfinite(left) and left >= self._long:
            self._tell(Cost(*self._grid, elapsed + left))
