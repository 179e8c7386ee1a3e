"""Thousands of particles released at once, each in the colour of the basin that it will end in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.animation.film import frame_steps
from landscape.errors import LandscapeError
from landscape.maps.fates import Fates
from landscape.maps.lasting import lasting_steps
from landscape.maps.places import MOVING, Places
from landscape.maps.swarm import Swarm, cloud, evenly, is_random, swarm_places
from landscape.maps.walk import Paths
from landscape.optimizers.lookup import rule_text
from landscape.pictures.ready import Redrawn
from landscape.pictures.surface_keys import found_surface, surface_text, with_rate
from landscape.pictures.swarm_noise import held_in, theory_of
from landscape.pictures.swarm_panel import SwarmPanel
from landscape.pictures.swarm_recipe import SwarmRecipe
from landscape.pictures.swarm_sight import seen_from
from landscape.presets import default_steps, preset_rule
from landscape.specs import check_python_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.animation.output import Frames
    from landscape.files import AnyPath
    from landscape.optimizers.lookup import Optimizer
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["SwarmPanel", "SwarmRecipe", "Swarms", "prepare"]

_PARTICLES, _FEW = 5000, 400
_STEPS = 300
# A film that chooses its own end shows a little more than so many of those that arrive, or all
# steps if more than some go on for ever.
_ARRIVED, _LONGER, _STILL_MOVING = 0.985, 1.08, 0.1
_SHORTEST = 60
_SHOWN = 0.4  # a still shows when so many have arrived
_SPREAD = 0.05  # of a cloud, in widths of the domain


class Swarms(Redrawn):
    """A picture of swarms whose fates are known.

    Attributes: `recipe`; `surface`; `panels`; `places` of the surface; `steps` that the frames
    show.
    """

    recipe: SwarmRecipe
    moving = False  # the places stay where they are

    def __init__(
        self,
        recipe: SwarmRecipe,
        surface: Surface,
        panels: tuple[SwarmPanel, ...],
        places: Places,
    ) -> None:
        self.recipe, self.surface, self.panels, self.places = recipe, surface, panels, places
        self.steps = panels[0].shown
        self.count = len(self.steps)
        rules = [one.rule.name if one.rule.name.isidentifier() else "rule" for one in panels]
        name = surface.name if surface.name.isidentifier() else "surface"
        self.name = "-".join(["swarm", name, *dict.fromkeys(rules)])

    @property
    def noisy(self) -> bool:
        """Whether the particles never come to rest."""
        return self.panels[0].held is not None

    def numbers(self) -> list[str]:
        """Return lines for each rule: where its particles end, and what theory says of it."""
        return [line for one in self.panels for line in one.numbers(self.places)]

    def film(self) -> tuple[Frames, Sequence[str]]:
        """Return the frames and the colours that matter."""
        found, colors = super().film()
        found.slow = True  # the next frame is drawn while one is written
        return found, colors


def prepare(
    recipe: SwarmRecipe,
    *,
    surface: Surface | None = None,
    rules: Sequence[Optimizer | str] | None = None,
    folder: AnyPath | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Swarms:
    """Walk the swarms of a recipe ahead, so that it is known where each particle ends.

    Parameters: `surface` and `rules` replace the recipe's texts by objects; `folder` is where a
    surface's file is looked up first; `report` is told what a reader should know; `progress` is
    called with (done, in all).

    Raises LandscapeError for names and values that mean nothing, and for a density on a surface
    whose loss has no lowest value.
    """
    where = surface if surface is not None else found_surface(recipe, folder)
    given = (recipe.optimizers or ("momentum",)) if rules is None else tuple(rules)
    for one in given:
        if isinstance(one, str):
            check_python_text(one)
    paths = _paths(recipe, where, [preset_rule(where, one) for one in given], report)
    steps, noisy = paths[0].steps, _has_own_noise(paths[0])
    x, y = _starts(recipe, where, paths)
    places = swarm_places(paths)
    swarms = [Swarm(one, x, y) for one in paths]
    theories = [
        theory_of(one, places, needed=recipe.density, report=report) if noisy else None
        for one in swarms
    ]

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, 2 * len(swarms))

    fates = []
    for k, swarm in enumerate(swarms):
        fates.append(Fates.of(swarm, places))
        tell(k + 1)
    until, speed, shown = _frames(recipe, steps, fates, noisy=noisy)
    panels = []
    for k, (swarm, fate, theory) in enumerate(zip(swarms, fates, theories, strict=True)):
        held = held_in(swarm, places, shown, theory) if noisy else None
        panels.append(SwarmPanel(swarm, fate, shown, theory, held))
        tell(len(swarms) + k + 1)
    (x0, x1), (y0, y1) = where.bounds
    said, table = surface_text(where)
    film = recipe.kind == "film"
    recipe = recipe.with_(
        surface=said,
        table=table,
        optimizers=tuple(rule_text(one.optimizer) for one in paths),
        steps=steps,
        bounds=(x0, x1, y0, y1),
        particles=len(x),
        spread=_radius(recipe, where) if recipe.origin is not None else None,
        speed=speed,
        until=until if film else None,
        step=None if film else shown[-1],
        **seen_from(recipe, where, places),
    )
    return Swarms(recipe, where, tuple(panels), places)


def _paths(
    recipe: SwarmRecipe,
    where: Surface,
    rules: Sequence[Optimizer],
    report: Callable[[str], None],
) -> list[Paths]:
    """Return the paths of each rule: as many steps as a map of basins of the same options takes."""
    said: list[str] = []

    def made(steps: int) -> list[Paths]:
        said.clear()
        rated = [with_rate(recipe, where, one, steps, said.append) for one in rules]
        more: dict[str, Any] = {"schedule": recipe.schedule, "batch": recipe.batch}
        more |= {"noise": recipe.noise, "seed": recipe.seed}
        return [Paths(where, one, steps, **more) for one in rated]

    steps = recipe.steps or max(_STEPS, default_steps(where))
    found = made(steps)
    noisy = [_has_own_noise(one) for one in found]
    if any(noisy) != all(noisy):
        raise LandscapeError(
            "particles with noise and without do not go into one picture: they never come to rest"
        )
    if recipe.density and not all(noisy):
        raise LandscapeError(
            "a density is that of particles with noise: take sgld, or add --noise 5"
        )
    if recipe.steps is None and not all(noisy):
        longer = lasting_steps(found, (where.bounds,))
        if longer != steps:
            # A rate that was chosen is chosen anew for the steps that are drawn.
            found = made(longer) if said else [replace(one, steps=longer) for one in found]
    for one in said:
        report(one)
    return found


def _has_own_noise(paths: Paths) -> bool:
    return is_random(paths) and paths.fused is not None


def _starts(recipe: SwarmRecipe, where: Surface, paths: Sequence[Paths]) -> tuple[Array, Array]:
    slow = any(one.fused is None for one in paths)
    count = recipe.particles or (_FEW if slow else _PARTICLES)
    if recipe.origin is None:
        return evenly(where.bounds, count, recipe.seed)
    return cloud(recipe.origin, _radius(recipe, where), count, recipe.seed)


def _radius(recipe: SwarmRecipe, where: Surface) -> float:
    if recipe.spread is not None:
        return recipe.spread
    return _SPREAD * min(high - low for low, high in where.bounds)


def _frames(
    recipe: SwarmRecipe, steps: int, fates: Sequence[Fates], *, noisy: bool
) -> tuple[int, int, tuple[int, ...]]:
    """Return the last step before the end of the run, how many to a frame, and those of frames."""
    if recipe.kind == "still":
        last = recipe.step
        if last is None:
            last = steps if noisy else _amid(fates, steps)
        until = last
    elif recipe.until is not None:
        until = recipe.until
    elif recipe.steps is not None or noisy:
        until = steps
    else:
        until = min(steps, max(_worth_showing(one, steps) for one in fates))
    if until > steps:
        raise LandscapeError(f"there are {steps} steps: {until} cannot be shown")
    # The numbers of the last frame are those of the whole run.
    rest = [steps] if recipe.kind == "film" and until < steps else []
    speed = recipe.speed or max(1, -(-until // max(1, recipe.frames - 1 - len(rest))))
    return until, speed, (*frame_steps(until, speed), *rest)


def _worth_showing(fate: Fates, steps: int) -> int:
    """Return the step up to which there is something to see."""
    arrived = fate.arrivals[fate.labels != MOVING]
    if arrived.size < (1 - _STILL_MOVING) * fate.labels.size:
        return steps
    return max(_SHORTEST, int(_LONGER * float(np.quantile(arrived, _ARRIVED))))


def _amid(fates: Sequence[Fates], steps: int) -> int:
    """Return a step at which some have arrived."""
    arrived = np.concatenate([one.arrivals[one.labels != MOVING] for one in fates])
    return int(np.quantile(arrived, _SHOWN)) if arrived.size else steps // 2
