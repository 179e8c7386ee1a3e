"""Thousands of particles released at once, each in the colour of the basin that it will end in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from landscape.animation.film import frame_steps
from landscape.errors import LandscapeError
from landscape.keys import flag, number_key, numbers_key, text, whole_key
from landscape.maps.langevin import Gibbs, temperature
from landscape.maps.places import MOVING, Places
from landscape.maps.swarm import Fates, Swarm, cloud, evenly, hollows, is_random, swarm_places
from landscape.maps.walk import Paths
from landscape.optimizers.lookup import rule_text
from landscape.pictures.basins_layout import BasinsPlan, plan_basins
from landscape.pictures.ready import Redrawn
from landscape.pictures.surface_keys import (
    SurfaceRecipe,
    found_surface,
    surface_text,
    with_rate,
)
from landscape.presets import default_steps, preset_rule
from landscape.space_keys import SpaceKeys
from landscape.specs import check_python_text
from landscape.style import LEVEL_KINDS, THEMES, parse_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.animation.output import Frames
    from landscape.files import AnyPath
    from landscape.optimizers.lookup import Optimizer
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["SHARES", "WARM_UP", "SwarmPanel", "SwarmRecipe", "Swarms", "prepare"]

_MOST = 4
_LEAST = 120.0  # pixels of a legend
_PARTICLES, _FEW = 5000, 400
_PLACE = (-1e150, 1e150)
_STEPS = 300
_ALL_THE_ROOM = 100.0  # a strip: it takes all the room there is
# A film ends a little after so many of those that arrive have arrived.
_ARRIVED, _LONGER = 0.985, 1.08
_SHOWN = 0.4  # … and a still shows when so many have
_SPREAD = 0.05  # of a cloud, in widths of the domain
SHARES = (0.5, 0.9)
"""How much of a stationary density lies within the lines that are drawn of it."""
_FAR = 0.1  # shares that differ by so much are worth a word
WARM_UP = 1 / 3  # of the steps, before the density is measured


@dataclass(frozen=True, kw_only=True, repr=False)
class SwarmRecipe(SpaceKeys, SurfaceRecipe):
    """What a picture of a swarm depends on.

    Attributes, beside those of SurfaceRecipe and SpaceKeys:
      particles  how many there are, None for 5000, or 400 where paths go one by one
      origin     (x, y) about which they are released, None for all over the domain
      spread     radius of that cloud, None for a twentieth of the domain
      speed      steps from frame to frame, None for what makes `frames` frames
      step       the step that a still shows, None for one when many have arrived
      trail      frames that a trail lasts
      dot        diameter of a particle in pixels of a slide
      density    where particles with noise are over time, and where theory says that they are
      levels     how contour levels are spaced
      count      how many of them
      marks      minima, with their letters
    """

    picture = "swarm"

    particles: int | None = whole_key(
        None,
        *(1, 1_000_000),
        "How many; 5000 if left out, 400 where paths go one by one.",
        also=("-n",),
        optional=True,
    )
    origin: tuple[float, float] | None = numbers_key(
        None,
        (_PLACE, _PLACE),
        "Release them about a point, not all over the domain.",
        option="--from",
        metavar="X,Y",
        optional=True,
    )
    spread: float | None = number_key(
        None, 0, 1e150, "Radius of the cloud about --from.", optional=True
    )
    speed: int | None = whole_key(
        None,
        1,
        100_000,
        "Steps from frame to frame; by default what makes --frames.",
        optional=True,
    )
    step: int | None = whole_key(
        None, 0, 10_000_000, "The step that a still shows; by default amid the way.", optional=True
    )
    trail: int = whole_key(12, 0, 200, "Frames that a trail lasts; 0 for none.", shown=True)
    dot: float = number_key(3.0, 0.5, 30, "Diameter of a particle, in pixels of a slide.")
    density: bool = flag(
        False,
        "For noisy rules: the particles' density over time, with that of theory, exp(-loss/T), as "
        "lines.",
    )
    levels: str = text("auto", "How contour levels are spaced.", choices=LEVEL_KINDS)
    count: int = whole_key(16, 2, 100, "How many contour lines.")
    marks: bool = flag(True, "Minima with their letters.")
    kind: Literal["still", "film"] = text(
        "film", "Whether it moves.", choices=("still", "film"), option="-"
    )
    theme: str = text("dark", "Colours of the picture.", choices=tuple(THEMES))
    frames: int = whole_key(120, 2, 10_000, "Frames of a film, at most.", film=True)
    fps: float = number_key(20.0, 0.1, 100, "Frames a second.", film=True)
    format: str = text("mp4", "The file's format.", option="-")

    def _check(self) -> None:
        super()._check()
        if len(self.optimizers) > _MOST:
            raise LandscapeError(
                f"{_MOST} swarms fit into one picture: {len(self.optimizers)} optimizers came"
            )
        if self.view == "both":
            raise LandscapeError("a swarm is seen from above or in three dimensions, not both")
        if self.spread is not None and self.origin is None:
            raise LandscapeError("a spread is that of a cloud: add --from X,Y")
        if self.density and self.view == "3d":
            raise LandscapeError("a density is seen from above: leave --density or --view 3d out")
        if self.step is not None and self.kind == "film":
            raise LandscapeError("a film shows all steps: leave the step out, or write a still")
        if self.step is not None and self.steps is not None and self.step > self.steps:
            raise LandscapeError(f"there are {self.steps} steps: {self.step} cannot be shown")

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small; called before long work begins."""
        self.plan(max(1, len(self.optimizers)), 1.0)

    def plan(self, panels: int, ratio: float) -> BasinsPlan:
        """Return where the panels stand on the page; `ratio` is width over height of a domain."""
        width, height = parse_size(self.size)
        size = round(width * self.scale), round(height * self.scale)
        ratio = ratio if self.view == "contour" else _ALL_THE_ROOM
        plan = plan_basins(size, panels, ratio, title=True, caption=self.caption != "")
        if panels > 1 and plan.legends[0][2] < _LEAST:
            raise LandscapeError(
                f"a picture of {size[0]}x{size[1]} has no room for {panels} swarms: take a larger "
                "one, or fewer optimizers"
            )
        return plan

    def still(self, suffix: str) -> SwarmRecipe:
        """Return the recipe of a still in a format."""
        found = super().still(suffix)
        assert isinstance(found, SwarmRecipe)
        return found

    def _usual_format(self) -> str:
        return "mp4"


@dataclass(frozen=True, eq=False)
class SwarmPanel:
    """The particles of one rule.

    Attributes: `swarm`; `fates`; `shown`, the steps of the frames; `temperature` of the rule by
    theory, None if there is none; `held`, how many are in which hollow in each frame, for
    particles with noise, None for others; `within`, the measured shares of SHARES.
    """

    swarm: Swarm
    fates: Fates
    shown: tuple[int, ...]
    temperature: float | None
    held: tuple[dict[int, int], ...] | None
    within: tuple[float, ...] = ()

    @property
    def rule(self) -> Optimizer:
        """The rule by which they go."""
        return self.swarm.paths.optimizer

    def counts(self, frame: int) -> dict[int, int]:
        """Return how many particles have arrived at each place by a frame, MOVING for the others.

        Those with noise never arrive: they are counted where they would come to rest without it.
        """
        return self._counts[frame]

    @cached_property
    def _counts(self) -> list[dict[int, int]]:
        if self.held is not None:
            return list(self.held)
        return [_counted(self.fates.at(step)) for step in self.shown]


class Swarms(Redrawn):
    """A picture of swarms whose fates are known.

    Attributes: `recipe`; `surface`; `panels`; `places` of the surface; `steps` that the frames
    show; `gibbs`, for each panel the density of theory, None if there is none.
    """

    recipe: SwarmRecipe
    moving = False  # the places stay where they are

    def __init__(
        self,
        recipe: SwarmRecipe,
        surface: Surface,
        panels: tuple[SwarmPanel, ...],
        places: Places,
        gibbs: tuple[Gibbs | None, ...],
    ) -> None:
        self.recipe, self.surface, self.panels, self.places = recipe, surface, panels, places
        self.steps, self.gibbs = panels[0].shown, gibbs
        self.count = len(self.steps)
        rules = [one.rule.name if one.rule.name.isidentifier() else "rule" for one in panels]
        name = surface.name if surface.name.isidentifier() else "surface"
        self.name = "-".join(["swarm", name, *dict.fromkeys(rules)])

    @property
    def noisy(self) -> bool:
        """Whether the particles never come to rest."""
        return self.panels[0].held is not None

    def numbers(self) -> list[str]:
        """Return a line for each rule: where its particles end."""
        from landscape.pictures.basins_words import shares_of

        said = []
        for one in self.panels:
            label = one.rule.label or one.rule.name
            shares = shares_of(_counted(one.fates.labels))
            shares.sort(key=lambda pair: (pair[0] < 0, abs(pair[0])))
            told = ", ".join(f"{self.places.name(k)} {share}" for k, share in shares[:12])
            rest = f", and {len(shares) - 12} more places" if len(shares) > 12 else ""
            said.append(f"{label}: of {len(one.swarm)} particles {told}{rest}")
            if one.temperature is not None:
                pairs = list(zip(SHARES, one.within, strict=True))
                held = [f"{100 * mine:.1f} % ({100 * share:g} %)" for share, mine in pairs]
                said.append(
                    f"{label}: temperature {one.temperature:.4g}; within the lines of exp(-loss/T) "
                    f"(by theory) are {', '.join(held)}"
                )
                if any(abs(mine - share) > _FAR for share, mine in pairs):
                    said.append(
                        f"{label}: that is far from theory: too few steps for them to pass from "
                        "hollow to hollow, or too large a rate"
                    )
        return said

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

    Raises LandscapeError for names and values that mean nothing.
    """
    where = surface if surface is not None else found_surface(recipe, folder)
    given = (recipe.optimizers or ("momentum",)) if rules is None else tuple(rules)
    for one in given:
        if isinstance(one, str):
            check_python_text(one)
    steps = recipe.steps or max(_STEPS, default_steps(where))
    rated = [with_rate(recipe, where, preset_rule(where, one), steps, report) for one in given]
    paths = [
        Paths(
            where,
            rule,
            steps,
            schedule=recipe.schedule,
            batch=recipe.batch,
            noise=recipe.noise,
            seed=recipe.seed,
        )
        for rule in rated
    ]
    random = [is_random(one) and one.fused is not None for one in paths]
    if any(random) != all(random):
        raise LandscapeError(
            "particles with noise and without do not go into one picture: they never come to rest"
        )
    if recipe.density and not all(random):
        raise LandscapeError(
            "a density is that of particles with noise: take sgld, or add --noise 5"
        )
    x, y = _starts(recipe, where, paths)
    places = swarm_places(paths)
    swarms = [Swarm(one, x, y) for one in paths]
    fates = []
    for k, swarm in enumerate(swarms):
        fates.append(Fates.of(swarm, places))
        if progress is not None:
            progress(k + 1, 2 * len(swarms))
    if recipe.steps is None and not all(random):
        # No longer than something moves.
        steps = min(steps, max(_last_arrival(one) for one in fates))
        swarms = [Swarm(replace(one.paths, steps=steps), x, y) for one in swarms]
        fates = [Fates.of(one, places) for one in swarms]
    speed = recipe.speed or max(1, -(-steps // (recipe.frames - 1)))
    shown = tuple(frame_steps(steps, speed))
    if recipe.kind == "still":
        last = recipe.step
        if last is None:
            last = steps if all(random) else _amid(fates, steps)
        if last > steps:
            raise LandscapeError(f"there are {steps} steps: {last} cannot be shown")
        shown = tuple(frame_steps(last, speed))
    found = []
    for k, (swarm, fate) in enumerate(zip(swarms, fates, strict=True)):
        heat = temperature(swarm.paths) if random[k] else None
        gibbs = None if heat is None else Gibbs.of(where, heat)
        held = _held(swarm, places, shown) if random[k] else None
        within = () if gibbs is None else _within(swarm, gibbs)
        found.append((SwarmPanel(swarm, fate, shown, heat, held, within), gibbs))
        if progress is not None:
            progress(len(swarms) + k + 1, 2 * len(swarms))
    if recipe.density and any(one is None for _, one in found):
        report("theory has no stationary density for this: the particles' own is shown alone")
    (x0, x1), (y0, y1) = where.bounds
    said, table = surface_text(where)
    recipe = recipe.with_(
        surface=said,
        table=table,
        optimizers=tuple(map(rule_text, rated)),
        steps=steps,
        bounds=(x0, x1, y0, y1),
        particles=len(x),
        spread=_radius(recipe, where) if recipe.origin is not None else None,
        speed=speed,
        step=shown[-1] if recipe.kind == "still" else None,
        **_seen_from(recipe, where, places),
    )
    panels = tuple(one for one, _ in found)
    return Swarms(recipe, where, panels, places, tuple(one for _, one in found))


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


def _last_arrival(fate: Fates) -> int:
    """Return the step at which a film of particles may end."""
    arrived = fate.arrivals[fate.labels != MOVING]
    if not arrived.size:
        return 1_000_000_000
    return max(20, int(_LONGER * float(np.quantile(arrived, _ARRIVED))))


def _amid(fates: Sequence[Fates], steps: int) -> int:
    """Return a step at which some have arrived."""
    arrived = np.concatenate([one.arrivals[one.labels != MOVING] for one in fates])
    return int(np.quantile(arrived, _SHOWN)) if arrived.size else steps // 2


def _counted(labels: Array) -> dict[int, int]:
    found, counts = np.unique(labels, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _held(swarm: Swarm, places: Places, shown: Sequence[int]) -> tuple[dict[int, int], ...]:
    """Return how many particles are in each hollow in each frame."""
    wanted, found = set(shown), []
    for k, (x, y) in enumerate(swarm.walk()):
        if k in wanted:
            found.append(_counted(hollows(swarm, places, x, y)))
    return tuple(found)


def _within(swarm: Swarm, gibbs: Gibbs) -> tuple[float, ...]:
    """Return how much of the particles, over the steps after the first, lies where theory says."""
    levels = gibbs.levels(SHARES)
    inside, total = np.zeros(len(SHARES)), 0
    for k, (x, y) in enumerate(swarm.walk()):
        if k >= WARM_UP * swarm.paths.steps:
            density = gibbs.at(x, y)
            inside += [np.count_nonzero(density >= level) for level in levels]
            total += len(x)
    return tuple((inside / total).tolist())


def _seen_from(recipe: SwarmRecipe, where: Surface, places: Places) -> dict[str, float]:
    """Return from where most minima are seen, for what a recipe in three dimensions leaves open."""
    if recipe.view == "contour" or None not in (recipe.elevation, recipe.azimuth):
        return {}
    from landscape.drawing.camera import camera_of
    from landscape.drawing.space_surface import relief_of
    from landscape.drawing.viewpoint import Sight, choose_viewpoint

    relief = relief_of(where, recipe)  # type: ignore[arg-type]  # it has the same keys
    low = [one for one, sign in zip(places.points, places.letters, strict=True) if sign]
    sight = Sight(relief, (), [(one.x, one.y) for one in low])
    asked, turns = (recipe.elevation, recipe.azimuth), camera_of(recipe).turns()
    elevation, azimuth = choose_viewpoint([sight], recipe.exaggerate, *asked, turns)
    return {"elevation": elevation, "azimuth": azimuth}
