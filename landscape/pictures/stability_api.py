"""Maps of settings in Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from landscape.pictures.map_api import MapPicture, map_picture

if TYPE_CHECKING:
    from landscape.files import AnyPath
    from landscape.pictures.map_api import OptimizerLike, SurfaceLike

    Start = tuple[float, float]

__all__ = ["stability"]


def stability(
    surface: SurfaceLike = "ravine",
    optimizers: OptimizerLike | Sequence[OptimizerLike] = "momentum",
    *,
    x: str = "",
    y: str = "",
    starts: Sequence[Start] = (),
    steps: int | None = None,
    metric: str = "loss",
    keep: AnyPath = "",
    progress: Callable[[int, int], None] | None = None,
    **keys: Any,
) -> MapPicture:
    """Return a map of which settings of an optimizer work, a panel for each optimizer.

    Parameters: `surface` and `optimizers` are names, formulas or objects; `x` and `y` are the
    numbers that the map varies, such as "lr=0.001:0.2" and "mu=0:0.99"; `starts` (x, y) and `steps`
    of each path; `metric` is "loss" at the end or "steps" until a path has arrived; `keep` is an
    NPZ file for the cells, of several optimizers FILE-1.npz, FILE-2.npz, …; `progress` is called
    with (done, in all). Further `keys` are those of the command `landscape map stability`: fan,
    columns, rows, average, tolerance, noise, … The maps' numbers are in `ready.panels`.

    A kept file goes on after a kill, and is read instead of computed again. It has:

      loss        (rows, columns, starts): the last loss of each path
      outcome     of that shape: how it ended, a position in `outcomes`
      step        of that shape: the step at which it arrived, left the domain or diverged
      outcomes    the names: "finished", "converged", …
      axes        the names of the three dimensions, such as "mu", "lr", "start"
      lr, mu, …   (columns,) and (rows,): the values of the two numbers, by their names
      starts      (starts, 2)
      recipe      the picture's recipe as TOML
      about       what the file is, as JSON

    Of a rule without a second number there is one row, whose name in `axes` is "-".

    Raises LandscapeError for names and values that mean nothing, or a file that holds another map.
    """
    own = {"x": x, "y": y, "starts": tuple(starts), "steps": steps, "metric": metric, **keys}
    more = {"keep": keep, "progress": progress}
    given: dict[str, Any] = {name: value for name, value in more.items() if value}
    return map_picture("stability", surface, optimizers, own, **given)
