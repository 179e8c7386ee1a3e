"""Settings in Python: pictures of which ones work, and the search for the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from landscape.errors import unknown_name
from landscape.keys import option_of
from landscape.maps.tune import ROUNDS, Budget, Tuned, tune_fairly
from landscape.optimizers.rule import Rule
from landscape.optimizers.solver import Solver
from landscape.pictures import recipe_class
from landscape.pictures.map_api import MapPicture
from landscape.pictures.on_surface import OnSurface, settle_setting
from landscape.pictures.sensitivity import FAN, RULES
from landscape.surfaces.lookup import surface as find_surface

if TYPE_CHECKING:
    from landscape.optimizers.lookup import Optimizer
    from landscape.surfaces.surface import Surface

    SurfaceLike = str | Surface | Callable[[Any, Any], Any]
    OptimizerLike = str | Optimizer
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
    return _picture("stability", surface, optimizers, own, {"keep": keep} if keep else {})


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
    return _picture("sensitivity", surface, optimizers, own, {})


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
    known = [one.name for one in OnSurface.key_fields() if option_of(one)]
    recipe, given = _settled("tune", OnSurface, known, surface, optimizers, keys)
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


def _picture(
    name: str,
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike],
    keys: dict[str, Any],
    more: dict[str, Any],
) -> MapPicture:
    chosen: Any = recipe_class(name)
    known = [one.name for one in chosen.key_fields() if option_of(one)]
    recipe, given = _settled(name, chosen, known, surface, optimizers, keys)
    return MapPicture(recipe, {**given, **more})


def _settled(
    name: str,
    chosen: Any,
    known: Sequence[str],
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike],
    keys: dict[str, Any],
) -> tuple[Any, dict[str, Any]]:
    """Return the recipe of a call, and the objects that its texts stand for."""
    for key in keys:
        if key not in known:
            raise unknown_name(f"argument of {name}", key, known)
    given: dict[str, Any] = {}
    if not isinstance(surface, str):
        made = find_surface(surface)
        if keys.get("bounds") is not None:
            made = find_surface(made, bounds=keys["bounds"])
        given["surface"] = made
        surface = made.spec or f"python:{made.name}"
    rules = [optimizers] if isinstance(optimizers, str | Rule | Solver) else list(optimizers)
    if not all(isinstance(one, str) for one in rules):
        given["rules"] = rules
    texts = [one if isinstance(one, str) else f"python:{one.name}" for one in rules]
    return chosen(surface=surface, optimizers=tuple(texts), **keys), given
