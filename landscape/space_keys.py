"""The keys of pictures in three dimensions, which recipes of several kinds have."""

from __future__ import annotations

from dataclasses import Field, dataclass, fields
from typing import Any

from landscape.errors import LandscapeError
from landscape.keyed import Keyed
from landscape.keys import flag, key_of, number_key, numbers_key, option_of, text, whole_key
from landscape.style import HEIGHT_KINDS

__all__ = ["HIDDEN", "SPACE_KEYS", "VIEWS", "SpaceKeys"]

VIEWS = ("contour", "3d", "both")
HIDDEN = ("faint", "dashed", "absent")


@dataclass(frozen=True, kw_only=True, repr=False)
class SpaceKeys(Keyed):
    """How a surface is seen in three dimensions; a recipe inherits it beside its own keys.

    They come after all others, and files from above have none of them.

    Attributes:
      view        "contour" from above, "3d" in three dimensions, "both" side by side
      elevation   degrees above the horizon from which it is seen, None for where most is seen
      azimuth     degrees around the vertical axis, None for where most is seen
      orbit       degrees that the camera goes round during a film
      sway        degrees that the camera swings to each side, once in a film
      zoom        size of the box on the page
      exaggerate  height of the box for the usual one
      heights     "auto", "linear" (losses), "log" (their logarithms) or "clip" (losses cut off)
      clip        the loss at which walls are cut off flat, None for what `heights` says
      mesh        lines each way on the surface, 0 for none
      contours    contour lines on the surface
      floor       contour lines on the floor of the box
      hidden      the parts of a path that the surface hides: "faint", "dashed" or "absent"
      drop        a line from each head down to the floor
      light       (azimuth, elevation) in degrees from where light comes, seen by the viewer
      cmap        a Matplotlib colormap of the heights, "" for the theme's own colours
    """

    view: str = text(
        "contour", "From above, in three dimensions, or both side by side.", choices=VIEWS
    )
    elevation: float | None = number_key(
        None,
        *(-90, 90),
        "Degrees above the horizon; from where most of the paths is seen if left out.",
        optional=True,
    )
    azimuth: float | None = number_key(
        None,
        *(-360, 360),
        "Degrees around the vertical axis; from where most is seen if left out.",
        optional=True,
    )
    orbit: float = number_key(
        0.0, -3600, 3600, "Degrees that the camera goes round during the film.", film=True
    )
    sway: float = number_key(
        0.0, 0, 90, "Degrees that the camera swings to each side, once in the film.", film=True
    )
    zoom: float = number_key(1.0, 0.2, 5, "Size of the box on the page.")
    exaggerate: float = number_key(1.0, 0.1, 10, "Height of the box for the usual one.")
    heights: str = text(
        "auto", "Losses, their logarithms, or losses cut off.", choices=HEIGHT_KINDS
    )
    clip: float | None = number_key(
        None, -1e300, 1e300, "The loss at which walls are cut off flat.", optional=True
    )
    mesh: int = whole_key(0, 0, 200, "Mesh lines each way on the surface; none if left out.")
    contours: bool = flag(True, "Contour lines on the surface.")
    floor: bool = flag(True, "Contour lines on the floor of the box.")
    hidden: str = text("faint", "The parts of a path that the surface hides.", choices=HIDDEN)
    drop: bool = flag(False, "A line from each head down to the floor.")
    light: tuple[float, float] = numbers_key(
        (-45.0, 50.0),
        ((-360, 360), (-90, 90)),
        "Degrees from where light comes, seen by the viewer.",
        parts=("azimuth", "elevation"),
        metavar="AZ,EL",
    )
    cmap: str = text(
        "", "A Matplotlib colormap of the heights; the theme's if left out.", metavar="NAME"
    )

    @classmethod
    def key_fields(cls) -> list[Field[Any]]:
        """Return the fields in the order of a recipe file: those of three dimensions last."""
        return sorted(super().key_fields(), key=lambda one: one.name in SPACE_KEYS)

    def _told(self) -> list[Field[Any]]:
        flat = self.view == "contour"
        return [one for one in super()._told() if not (flat and one.name in SPACE_KEYS)]

    def _check(self) -> None:
        super()._check()
        if self.view == "contour":
            for one in _FIELDS:
                if getattr(self, one.name) != one.default:
                    raise LandscapeError(
                        f"{one.name} is of pictures in three dimensions: add --view 3d, or leave "
                        f"{_said(one, getattr(self, one.name))} out"
                    )
        if self.orbit and self.sway:
            raise LandscapeError("the camera goes round or swings: leave --orbit or --sway out")


_FIELDS = fields(SpaceKeys)
SPACE_KEYS = tuple(one.name for one in _FIELDS)


def _said(one: Field[Any], value: Any) -> str:
    return " ".join(key_of(one).words(option_of(one), value))
