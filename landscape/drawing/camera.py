"""From where a surface in three dimensions is seen, and how that changes during a film."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landscape.space_keys import SpaceKeys

__all__ = ["AZIMUTH", "ELEVATION", "Camera", "camera_of"]

# The usual view, in degrees.
ELEVATION, AZIMUTH = 35.0, -60.0


@dataclass(frozen=True)
class Camera:
    """Where the viewer is, in degrees as Matplotlib's `view_init` has them.

    Attributes: `elevation` above the horizon; `azimuth` about the vertical axis; `orbit`, how far
    the viewer goes round during a film; `sway`, how far to each side, there and back.
    """

    elevation: float
    azimuth: float
    orbit: float = 0.0
    sway: float = 0.0

    @property
    def moves(self) -> bool:
        """Whether the view changes during a film."""
        return self.orbit != 0 or self.sway != 0

    def azimuth_at(self, share: float) -> float:
        """Return the azimuth when `share` of the film is over, from 0 to 1."""
        return self.azimuth + self.orbit * share + self.sway * math.sin(2 * math.pi * share)

    @property
    def last(self) -> float:
        """The azimuth at the end of the film, from -180 to 180."""
        return (self.azimuth + self.orbit + 180.0) % 360.0 - 180.0

    def turns(self, count: int = 5) -> list[float]:
        """Return how far the viewer has gone round at equal times, of which the first is 0."""
        if not self.moves:
            return [0.0]
        return [self.azimuth_at(k / (count - 1)) - self.azimuth for k in range(count)]

    def azimuths(self, count: int = 120) -> list[float]:
        """Return azimuths all over a film; all the way round they are those of every film."""
        if not self.moves:
            return [self.azimuth]
        if abs(self.orbit) >= 360:
            return [360.0 * k / count for k in range(count)]
        return [self.azimuth_at(k / count) for k in range(count + 1)]


def camera_of(keys: SpaceKeys) -> Camera:
    """Return the camera that keys say, the usual one where they leave it open."""
    return Camera(
        ELEVATION if keys.elevation is None else keys.elevation,
        AZIMUTH if keys.azimuth is None else keys.azimuth,
        keys.orbit,
        keys.sway,
    )
