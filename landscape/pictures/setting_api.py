"""Settings in Python: pictures of which ones work, and the search for the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from landscape.maps.tune import ROUNDS, Budget, Tuned, tune_fairly
from landscape.pictures.map_api import MapPicture, called, map_picture
from landscape.pictures.on_surface import OnSurface, settle_setting
from landscape.pictures.sensitivity import FAN, RULES

if TYPE_CHECKING:
    from landscape.pictures.map_api import OptimizerLike, SurfaceLike

    Start = tuple[float, float]

__all__ = ["sensitivity", "stability", "tune"]


def stability(
    surface: SurfaceLike = "ravine",
    optimizers: OptimizerLike | Sequence[OptimizerLike] = "momentum",
    *,
    x: str = "",
    y: str = "",
    starts: Sequence[Start] = (),
    steps: int | None = None,
    metric: str = "loss",
    keep: str = "",
    **keys: Any,
) -> MapPicture:
    """Return a map of which settings of an optimizer work, a panel for each optimizer.

    Parameters: `surface` and `optimizers` are names, formulas or objects; `x` and `y` are the
    numbers that the map varies, such as "lr=0.001:0.2" and "mu=0:0.99"; `starts` (x, y) and `steps`
    of each path; `metric` is "loss" at the end or "steps" until a path has arrived; `keep` is an
    NPZ file for the cells. Further `keys` are those of the command `landscape map stability`: fan,
    columns, rows, average, tolerance, noise, … The maps' numbers are in `ready.panels`.

    Raises LandscapeError for names and values that mean nothing.
    """
    own = {"x": x, "y": y, "starts": tuple(starts), "steps": steps, "metric": metric, **keys}
    return map_picture("stability", surface, optimizers, own, **({"keep": keep} if keep else {}))


def sensitivity(
    surface: SurfaceLike = "ravine",
    optimizers: OptimizerLike | Sequence[OptimizerLike] = RULES,
    *,
    rates: str = "",
    starts: Sequence[Start] = (),
    steps: int | None = None,
    **keys: Any,
) -> MapPicture:
    """Return the last loss against the learning rate, a line for each optimizer.

    Parameters: `surface` and `optimizers` are names, formulas or objects; `rates` such as
    "1e-4:10"; `starts` (x, y), eight on a ring if there are none, and `steps` of each path. Further
    `keys` are those of the command `landscape sensitivity`: fan, count, average, noise, … The
    numbers are in `ready.curves`.

    Raises LandscapeError for names and values that mean nothing.
    """
    own = {"rates": rates, "starts": tuple(starts), "steps": steps, **keys}
    return map_picture("sensitivity", surface, optimizers, own)


def tune(
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike] = RULES,
    *,
    over: str | Sequence[str] = "lr",
    average: str = "median",
    rounds: int = ROUNDS,
    progress: Callable[[int, int], None] | None = None,
    **keys: Any,
) -> list[Tuned]:
    """Return the best settings of every optimizer under one budget.

    Parameters: `surface` and `optimizers` are names, formulas or objects; `over` are the numbers
    searched, such as "lr,mu"; `average` of the starts is "median", "mean" or "worst"; each of the
    `rounds` tries 144 settings; `progress` is called with (settings done, in all). Further `keys`
    are those of the command `landscape tune`: starts, fan, steps, schedule, batch, noise, seed,
    bounds.

    Raises LandscapeError for names and values that mean nothing.
    """
    recipe, given = called("tune", OnSurface, surface, optimizers, keys)
    setting = settle_setting(recipe, **given, usual_fan=FAN, usual_steps=None)
    budget = Budget(setting.steps, setting.starts, rounds, average)
    names = over.split(",") if isinstance(over, str) else over
    found = tune_fairly(
        setting.surface,
        setting.rules,
        budget,
        over=[name.strip() for name in names],
        conditions=recipe.conditions,
        progress=progress,
    )
    return [one for one in found if one is not None]
