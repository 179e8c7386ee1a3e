"""What a picture of basins of attraction depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.keys import flag, number_key, numbers_key, text, whole_key
from landscape.pictures.basins_layout import BasinsPlan, plan_basins
from landscape.pictures.run_keys import borrowed
from landscape.pictures.surface_keys import (
    SurfaceRecipe,
)
from landscape.style import parse_size

if TYPE_CHECKING:
    Progress = Callable[[int, int], None]

__all__ = ["BasinsRecipe"]

_MOST = 6
_PLACE = (-1e150, 1e150)


@dataclass(frozen=True, kw_only=True, repr=False)
class BasinsRecipe(SurfaceRecipe):
    """What a picture of basins depends on.

    Attributes, beside those of SurfaceRecipe:
      at         (x, y) that a zoom looks at
      zoom       how many times narrower than the domain the region of the starts is; a film flies
                 there
      sweep      "lr=0.001:0.2": a film of maps for many values of one number; a still has the last
      columns    starts across, None for one in each pixel or some pixels
      rows       starts up
      tolerance  how small gradient and movement are where a path has arrived, None for a power of
                 ten by the surface's slopes
      lines      contour lines on the maps
      count      how many of them
      marks      minima, with their letters
    """

    picture = "basins"

    steps: int | None = borrowed(
        "steps",
        help="How many steps each path takes; by default 300 or those of the surface's lesson, "
        "and up to 16 times as many until nine tenths arrive.",
    )
    at: tuple[float, float] | None = numbers_key(
        None, (_PLACE, _PLACE), "The point that a zoom looks at.", metavar="X,Y", optional=True
    )
    zoom: float = number_key(
        1.0, 1, 1e300, "Look at a region that is so many times narrower; a film flies there."
    )
    sweep: str = text(
        "",
        "A film of maps for many values of one number of the rules or the surface: lr=0.001:0.2, "
        "mu=0:0.99, kappa=1:50:log.",
        metavar="KEY=LOW:HIGH",
    )
    columns: int | None = whole_key(
        None, 8, 20_000, "Starts across; by default one for each pixel or some.", optional=True
    )
    rows: int | None = whole_key(None, 8, 20_000, "Starts up.", optional=True)
    tolerance: float | None = number_key(
        None,
        *(0, 1e300),
        "A path has arrived when gradient and movement stay below this; by default a power of "
        "ten by the surface's slopes.",
        optional=True,
    )
    lines: bool = flag(True, "Contour lines on the maps.")
    count: int = whole_key(12, 2, 100, "How many contour lines.")
    marks: bool = flag(True, "Minima with their letters.")

    def _check(self) -> None:
        super()._check()
        if len(self.optimizers) > _MOST:
            raise LandscapeError(
                f"{_MOST} maps fit into one picture: {len(self.optimizers)} optimizers came"
            )
        if self.zoom > 1 and self.at is None:
            raise LandscapeError("a zoom needs the point that it looks at: add --at X,Y")
        if self.at is not None and self.zoom == 1:
            raise LandscapeError("a point to look at goes with a zoom: add --zoom 1000, say")
        if self.kind == "film" and self.zoom == 1 and not self.sweep:
            raise LandscapeError(
                "a map alone does not move: add --sweep lr=0.001:0.2 or --at X,Y --zoom 1000, or "
                "write a .png, .svg or .pdf"
            )

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small; called before long work begins."""
        self.plan(max(1, len(self.optimizers)), 1.0)

    def plan(self, panels: int, ratio: float) -> BasinsPlan:
        """Return where the maps of some panels stand on the page; `ratio` is width over height."""
        width, height = parse_size(self.size)
        size = round(width * self.scale), round(height * self.scale)
        headed = self.title != "" or bool(self.sweep) or self.kind == "film"
        told = self.caption != ""
        return plan_basins(size, panels, ratio, title=headed, caption=told, together=True)

    def _verb(self) -> str:
        return "map basins"
