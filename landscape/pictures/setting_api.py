"""Settings in Python: pictures of which ones work, and the search for the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from landscape.maps.tune import ROUNDS, Budget, Tuned, tune_fairly
from landscape.pictures.map_api import MapPicture, called, map_picture
from landscape.pictures.on_surface import settle_setting
from landscape.pictures.run_keys import OnSurface
from landscape.pictures.sensitivity import FAN, RULES

if TYPE_CHECKING:
    from landscape.pictures.map_api import OptimizerLike, SurfaceLike

    Start = tuple[float, float]

__all__ = ["sensitivity", "tune"]


def sensitivity(
    surface: SurfaceLike = "ravine",
    optimizers: OptimizerLike | Sequence[OptimizerLike] = RULES,
    *,
    rates: str = "",
    starts: Sequence[Start] = (),
    steps: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    **keys: Any,
) -> MapPicture:
    """Return the last loss against the learning rate, a line for each optimizer.

    Parameters: `surface` and `optimizers` are names, formulas or objects; `rates` such as
    "1e-4:10"; `starts` (x, y), eight on a ring if there are none, and `steps` of each path;
    `progress` is called with (done, in all). Further `keys` are those of the command `landscape
    sensitivity`: fan, count, average, noise, … The numbers are in `ready.curves`; the best rate of
    each is that of `tune`.

    Raises LandscapeError for names and values that mean nothing.
    """
    own = {"rates": rates, "starts": tuple(starts), "steps": steps, **keys}
    more: dict[str, Any] = {} if progress is None else {"progress": progress}
    return map_picture("sensitivity", surface, optimizers, own, **more)


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
    searched, such as "lr,mu"; `average` of the starts is "median", "mean" or "worst"; the first of
    the `rounds` tries 1152 settings (288 if the surface is no formula), each further one 144 in the
    best three valleys; `progress` is called with (settings done, in all). Further `keys` are those
    of the command `landscape tune`: starts, fan, steps, schedule, batch, noise, seed, bounds.

    A fluke does not win: a setting counts at most ten times better than at rates 2 % beside. A rate
    that stands with an optimizer is searched all the same.

    Raises LandscapeError for names and values that mean nothing.
    """
    recipe, given = called("tune", OnSurface, surface, optimizers, keys)
    setting = settle_setting(recipe, **given, usual_fan=FAN, usual_steps=None)
    budget = Budget.usual(
        setting.surface,
        recipe.conditions,
        setting.steps,
        setting.starts,
        rounds=rounds,
        over=average,
    )
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
