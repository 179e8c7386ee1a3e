"""Swarms in Python: a function that returns a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from landscape.pictures.map_api import MapPicture, map_picture

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
    progress: Callable[[int, int], None] | None = None,
    **keys: Any,
) -> MapPicture:
    """Return a film of thousands of particles, each in the colour of the basin it will end in.

    Parameters: `surface` and `optimizers` are names, formulas or objects, several optimizers with
    the same `particles` side by side; `steps` of each path; `origin` (x, y) releases them within
    `spread` of a point; `density` shows where particles with noise are over time; `view` is
    "contour" or "3d"; `progress` is called with (walks done, walks in all) while it is found out
    where they end. Further `keys` are those of the command `landscape swarm`: speed, until, trail,
    dot, noise, seed, orbit, … The numbers are in `ready.panels`.

    Raises LandscapeError for names and values that mean nothing.
    """
    own = {
        "particles": particles,
        "steps": steps,
        "origin": origin,
        "spread": spread,
        "density": density,
        "view": view,
        **keys,
    }
    # A step is what a still shows, and nobody has said yet whether this becomes one.
    kind = "still" if keys.get("step") is not None else ""
    return map_picture("swarm", surface, optimizers, own, kind=kind, progress=progress)
