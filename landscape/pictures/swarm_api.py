"""Swarms in Python: a function that returns a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landscape.errors import unknown_name
from landscape.keys import option_of
from landscape.optimizers.rule import Rule
from landscape.optimizers.solver import Solver
from landscape.pictures import recipe_class
from landscape.pictures.map_api import MapPicture
from landscape.surfaces.lookup import surface as find_surface

if TYPE_CHECKING:
    from landscape.pictures.map_api import OptimizerLike, SurfaceLike

__all__ = ["swarm"]


def swarm(
    surface: SurfaceLike = "himmelblau",
    optimizers: OptimizerLike | Sequence[OptimizerLike] = "momentum",
    *,
    particles: int | None = None,
    steps: int | None = None,
    origin: tuple[float, float] | None = None,
    spread: float | None = None,
    density: bool = False,
    view: str = "contour",
    **keys: Any,
) -> MapPicture:
    """Return a film of thousands of particles, each in the colour of the basin it will end in.

    Parameters: `surface` and `optimizers` are names, formulas or objects, several optimizers with
    the same `particles` side by side; `steps` of each path; `origin` (x, y) releases them within
    `spread` of a point; `density` shows where particles with noise are over time; `view` is
    "contour" or "3d". Further `keys` are those of the command `landscape swarm`: speed, trail,
    dot, noise, seed, orbit, … The numbers are in `ready.panels`.

    Raises LandscapeError for names and values that mean nothing.
    """
    chosen: Any = recipe_class("swarm")
    known = [one.name for one in chosen.key_fields() if option_of(one)]
    for key in keys:
        if key not in known:
            raise unknown_name("argument of swarm", key, known)
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
    # A step is what a still shows, and nobody has said yet whether this becomes one.
    kind = {"kind": "still", "format": "png"} if keys.get("step") is not None else {}
    recipe = chosen(
        surface=surface,
        optimizers=tuple(texts),
        particles=particles,
        steps=steps,
        origin=origin,
        spread=spread,
        density=density,
        view=view,
        **kind,
        **keys,
    )
    return MapPicture(recipe, given)
