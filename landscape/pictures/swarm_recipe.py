"""The recipe of a picture of swarms: its keys, and where its panels stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from landscape.errors import LandscapeError
from landscape.keys import flag, number_key, numbers_key, text, whole_key
from landscape.pictures.basins_layout import BasinsPlan, plan_basins
from landscape.pictures.surface_keys import SurfaceRecipe
from landscape.space_keys import SpaceKeys
from landscape.style import LEVEL_KINDS, THEMES, parse_size

__all__ = ["SwarmRecipe"]

_MOST = 4
_LEAST = 120.0  # pixels of a legend
_PLACE = (-1e150, 1e150)
_ALL_THE_ROOM = 100.0  # a strip: it takes all the room there is


@dataclass(frozen=True, kw_only=True, repr=False)
class SwarmRecipe(SpaceKeys, SurfaceRecipe):
    """What a picture of a swarm depends on.

    Attributes, beside those of SurfaceRecipe and SpaceKeys:
      particles  how many there are, None for 5000, or 400 where paths go one by one
      origin     (x, y) about which they are released, None for all over the domain
      spread     radius of that cloud, None for a twentieth of the domain
      speed      steps from frame to frame, None for what makes `frames` frames
      until      the last step of a film before the end of the run, which is its last frame; None
                 for all steps if `steps` are given, else when most have arrived
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
    until: int | None = whole_key(
        None,
        *(1, 10_000_000),
        "A film shows the steps up to this one, then the last; all if --steps is given, else until "
        "most have arrived.",
        optional=True,
        film=True,
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
    view: str = text("contour", "From above, or in three dimensions.", choices=("contour", "3d"))
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
        if self.spread is not None and self.origin is None:
            raise LandscapeError("a spread is that of a cloud: add --from X,Y")
        if self.density and self.view == "3d":
            raise LandscapeError("a density is seen from above: leave --density or --view 3d out")
        if self.step is not None and self.kind == "film":
            raise LandscapeError("a film shows all steps: leave the step out, or write a still")
        for one in (self.step, self.until):
            if one is not None and self.steps is not None and one > self.steps:
                raise LandscapeError(f"there are {self.steps} steps: {one} cannot be shown")

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
