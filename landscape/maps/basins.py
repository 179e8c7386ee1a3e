"""Basins of attraction: where the path from every cell of a region ends, and after how many steps.

A map is computed in blocks of rows, so that what is kept beside the labels and steps themselves is
some megabytes whatever its size. Each cell is a path of its own: blocks, threads and interrupts
change no bit of a map.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.maps.hollows import Circles
from landscape.maps.kept import compute_kept, rows_left
from landscape.maps.outcomes import OUTCOMES
from landscape.maps.places import CIRCLING, CODES, MOVING, Places, cell_centres, scale_of
from landscape.maps.survey import is_noisy, survey
from landscape.optimizers.lookup import rule_spec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.files import AnyPath
    from landscape.maps.walk import Paths
    from landscape.surfaces.surface import Bounds, Surface

    Array = NDArray[Any]

__all__ = ["BasinMap", "basin_map", "check_depth", "starts_left", "usual_tolerance", "zoomed"]

_ARITHMETIC = 2  # raise it when paths or labels come out as other numbers
# Cells of a block at most, and steps of all its paths together about.
_CELLS, _STEPS = 262_144, 1_000_000_000
_CELLS_ONE_BY_ONE = 64
# How many doubles lie between neighbouring cells at least.
_DOUBLES = 4
# The usual tolerance: this share of the median slope, ten or a hundred times as much where fewer
# than these of the paths that arrive count as converged.
_LEVEL, _MOST = 1e-3, 0.9
_HIGH = 1e300
_FEW = 36  # starts that tell it where paths go one by one


@dataclass(frozen=True, eq=False)
class BasinMap:
    """Where every start of a region ends.

    Attributes: `places`; `bounds` of the region; `labels` (rows, columns), int16, positions in
    `places.points`, CIRCLING minus such a position, or CODES (see `landscape.maps.places`); `steps`
    (rows, columns), int32, as the ending of each path says them. Row 0 is the lowest, and a start
    is the middle of its cell.
    """

    places: Places
    bounds: Bounds
    labels: Array
    steps: Array

    @property
    def xs(self) -> Array:
        """The starts of a row (columns,)."""
        return cell_centres(*self.bounds[0], self.labels.shape[1])

    @property
    def ys(self) -> Array:
        """The starts of a column (rows,)."""
        return cell_centres(*self.bounds[1], self.labels.shape[0])

    def counts(self) -> dict[int, int]:
        """Return how many starts have each label, most first; together they are all starts."""
        import numpy as np

        labels, counts = np.unique(self.labels, return_counts=True)
        pairs = zip(labels.tolist(), counts.tolist(), strict=True)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def basin_map(
    paths: Paths,
    places: Places,
    bounds: Bounds,
    columns: int,
    rows: int,
    *,
    keep: AnyPath = "",
    recipe: str = "",
    block: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BasinMap:
    """Return where the path from each of columns × rows starts in a region ends.

    Parameters: `paths`; `places` of their surface; `bounds` of the region; `keep`, an NPZ file that
    keeps the rows with a `recipe`: what was killed goes on where it stopped, what is finished is
    not computed again (`landscape.basins` says what is in it); `block` rows are done at once, and
    `threads` at work, which changes nothing in the map; `progress` is called with (rows done, in
    all).

    Raises LandscapeError if the region is too small for so many different starts, and if the file
    cannot be written or is another.
    """
    import numpy as np

    check_depth(bounds, columns, rows)
    labels = np.full((rows, columns), MOVING, np.int16)
    steps = np.zeros((rows, columns), np.int32)
    made = BasinMap(places, bounds, labels, steps)
    xs, ys = made.xs, made.ys
    noisy, circles = is_noisy(paths), Circles(paths, places)

    def work(begin: int, end: int) -> None:
        x, y = (one.ravel() for one in np.meshgrid(xs, ys[begin:end]))
        ends = paths.walk(x, y, threads=threads)
        with np.errstate(all="ignore"):
            first_loss = places.surface.value(x, y)
        found = places.label(ends, first_loss, noisy=noisy)
        circles.mark(found, ends, x, y, threads)
        labels[begin:end] = found.reshape(-1, columns)
        steps[begin:end] = ends.step.reshape(-1, columns)

    size = block or _usual_block(paths, columns)
    compute_kept(
        {"labels": labels, "steps": steps},
        [(k, min(k + size, rows)) for k in range(0, rows, size)],
        work,
        path=keep,
        identity=_identity(paths, places, bounds, (rows, columns)) if keep else "",
        more=_more(made) if keep else None,
        recipe=recipe,
        progress=progress,
    )
    return made


def starts_left(
    paths: Paths, places: Places, bounds: Bounds, columns: int, rows: int, keep: AnyPath
) -> int:
    """Return how many starts a map that is kept in a file has still to do.

    Parameters: those of `basin_map`.
    """
    return columns * rows_left(keep, _identity(paths, places, bounds, (rows, columns)), rows)


def _usual_block(paths: Paths, columns: int) -> int:
    cells = _CELLS_ONE_BY_ONE
    if paths.fused is not None:
        cells = min(_CELLS, max(4096, _STEPS // paths.steps))
    return max(1, cells // columns)


def _identity(paths: Paths, places: Places, bounds: Bounds, shape: tuple[int, int]) -> str:
    """Return a hash of all that the cells of a map depend on."""
    import numpy as np

    surface, optimizer = paths.surface, paths.optimizer
    try:
        rule = rule_spec(optimizer)
    except LandscapeError:  # one that no text makes
        numbers = dict(optimizer.hyperparameters)
        rule = f"{optimizer.name} {optimizer.formula} {numbers} {optimizer.learning_rate}"
    said = [
        *(_ARITHMETIC, surface.name, surface.spec, surface.kept, surface.bounds, rule),
        *(str(paths.schedule), paths.steps, paths.batch, paths.noise, paths.seed, paths.tolerance),
        *(bounds, shape),
        *(places.kinds, [(one.x, one.y, one.value) for one in places.points], places.members),
    ]
    found = hashlib.sha256(json.dumps(said).encode())
    # Of data, or of a function in Python, the text says too little.
    found.update(np.ascontiguousarray(surface.grid(9, 9)[2]).tobytes())
    return found.hexdigest()


def _more(found: BasinMap) -> dict[str, Array]:
    """Return what a file has beside labels and steps: the starts, and what the labels mean."""
    import numpy as np

    places = found.places
    points = [(one.x, one.y, one.value) for one in places.points]
    codes = [*CODES, *(CIRCLING - k for k, sign in enumerate(places.letters) if sign)]
    return {
        "xs": found.xs,
        "ys": found.ys,
        "places": np.array(points, np.float64).reshape(-1, 3),
        "names": np.array(places.names, np.str_),
        "codes": np.array(codes, np.int16),
        "code_names": np.array([places.name(one) for one in codes], np.str_),
    }


def zoomed(bounds: Bounds, at: tuple[float, float], factor: float, turn: float = 1.0) -> Bounds:
    """Return the part of a domain that a zoom shows.

    Parameters: `at`, the point that it looks at; `factor`, how many times narrower the part is;
    `turn`, how far the point has come to the middle: 0 for where it is in the domain, 1 for the
    middle. The part stays within the domain if the point is in it.
    """
    sides = []
    for (low, high), point in zip(bounds, at, strict=True):
        width = (high - low) / factor
        share = (point - low) / (high - low)
        inside = 0 <= share <= 1
        left = point - width * (share + (0.5 - share) * turn)
        if inside:
            left = min(max(left, low), high - width)
        sides.append((left, left + width))
    return sides[0], sides[1]


def check_depth(bounds: Bounds, columns: int, rows: int) -> None:
    """Raise LandscapeError if neighbouring cells of a region are hardly different numbers."""
    for (low, high), count, axis in zip(bounds, (columns, rows), "xy", strict=True):
        least = _DOUBLES * math.ulp(max(abs(low), abs(high)))
        if not high - low >= count * least:
            raise LandscapeError(
                f"{count} starts from {axis} = {low!r} to {high!r} are closer together than "
                f"numbers are: zoom out to a width of {count * least:.2g}, or take fewer cells"
            )


def usual_tolerance(paths: Sequence[Paths], places: Places) -> float:
    """Return a tolerance at which steps tell how long paths take to arrive.

    It is a power of ten, about a thousandth of the surface's median slope, or ten or a hundred
    times as much if fewer than nine tenths of the paths that arrive would count as converged.

    Parameters: `paths` of several rules over the surface of `places`, with any tolerance.
    """
    import numpy as np

    base = _LEVEL * _slope(places.surface)
    if not (math.isfinite(base) and base > 0):
        return 1e-8
    usual = 10.0 ** math.floor(math.log10(base) + 0.5)
    converged = OUTCOMES.index("converged")
    for factor in (1, 10, 100):
        tolerance = float(f"{usual * factor:.0e}")
        done = True
        for one in paths:
            few = None if one.fused is not None else _FEW
            _, found = survey(replace(one, tolerance=tolerance), count=few)
            settled = np.isin(found.outcome, [OUTCOMES.index("finished"), converged])
            high = np.full(len(found), _HIGH)  # from there every end near a minimum is low
            arrived = settled & (places.label(found, high, noisy=is_noisy(one)) >= 0)
            count = int(np.count_nonzero(found.outcome[arrived] == converged))
            done = done and count >= _MOST * int(np.count_nonzero(arrived))
        if done:
            return tolerance
    return float(f"{usual:.0e}")


def _slope(surface: Surface) -> float:
    """Return the median slope, in losses over lengths: those of the domain's wider side."""
    return scale_of(surface).slope / max(high - low for low, high in surface.bounds)
