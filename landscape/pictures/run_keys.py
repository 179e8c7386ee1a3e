"""Keys of pictures that many paths on a surface make, as films and stills of paths have them."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, replace
from typing import Any

from landscape.errors import LandscapeError
from landscape.keys import key_of
from landscape.optimizers.tuning import Conditions
from landscape.pictures.recipe import PictureRecipe
from landscape.recipe import Recipe

__all__ = ["OnSurface", "borrowed"]


def borrowed(name: str, **changes: Any) -> Any:
    """Return the field of a key as films and stills of paths have it.

    Parameters: `changes` are a `default` and attributes of its Key.
    """
    one = Recipe.__dataclass_fields__[name]
    default = changes.pop("default", one.default)
    assert default is not MISSING
    return field(default=default, metadata={"key": replace(key_of(one), **changes)})


@dataclass(frozen=True, kw_only=True, repr=False)
class OnSurface(PictureRecipe):
    """What pictures of settings on a surface depend on.

    Attributes:
      surface     name with options, or formula
      optimizers  rules, each with options
      starts      where the paths begin; the surface's own start if there are none
      fan         so many starts on a ring instead, 0 for none
      steps       how many steps each path takes, None for the usual number
      schedule    learning rate by name or as a formula of lr0 and t, "" for a constant one
      batch       examples of a data surface that each gradient is measured on, None for all
      noise       standard deviation of the noise on every gradient
      seed        of the noise and the batches
      bounds      (x0, x1, y0, y1) of the domain
    """

    surface: str = borrowed("surface")
    optimizers: tuple[str, ...] = borrowed(
        "optimizers",
        help="An update rule: momentum, adam:beta1=0.8, or 'p = p - lr*g'. Repeat it for several.",
        distinct=True,
        most=16,
    )
    starts: tuple[tuple[float, float], ...] = borrowed("starts")
    fan: int = borrowed("fan", help="So many starts on a ring in the domain.")
    steps: int | None = borrowed("steps", help="How many steps each path takes; 200 if left out.")
    schedule: str = borrowed("schedule")
    batch: int | None = borrowed("batch")
    noise: float = borrowed("noise")
    seed: int = borrowed("seed")
    bounds: tuple[float, float, float, float] | None = borrowed(
        "bounds", help="The domain: a fan lies in it, and what is outside has left it."
    )

    def _check(self) -> None:
        super()._check()
        if self.kind == "film":
            raise LandscapeError(
                f"a picture of {self.picture} is a still: write a .png, .svg or .pdf"
            )
        if self.fan and self.starts:
            raise LandscapeError("a fan has its own starts: leave --start or --fan out")

    @property
    def conditions(self) -> Conditions:
        """What else the paths depend on."""
        return Conditions(self.batch, self.noise, self.seed, self.schedule)
