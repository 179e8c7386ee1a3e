"""From where a surface is seen during a film."""

from __future__ import annotations

from itertools import pairwise

import pytest

from landscape.drawing.camera import Camera


@pytest.mark.parametrize(
    ("camera", "share", "azimuth"),
    [
        (Camera(30, -60), 0.0, -60),
        (Camera(30, -60), 0.7, -60),
        (Camera(30, -60, orbit=360), 0.0, -60),
        (Camera(30, -60, orbit=360), 0.25, 30),
        (Camera(30, -60, orbit=360), 1.0, 300),
        (Camera(30, 10, orbit=-90), 0.5, -35),
        (Camera(30, 10, sway=20), 0.0, 10),
        (Camera(30, 10, sway=20), 0.25, 30),
        (Camera(30, 10, sway=20), 0.5, 10),
        (Camera(30, 10, sway=20), 0.75, -10),
        (Camera(30, 10, sway=20), 1.0, 10),
        (Camera(30, 10, sway=20), 1 / 12, 20),
        (Camera(30, 10, orbit=100, sway=20), 0.25, 55),
    ],
)
def test_azimuths_of_a_film(camera: Camera, share: float, azimuth: float) -> None:
    assert camera.azimuth_at(share) == pytest.approx(azimuth, abs=1e-9)


@pytest.mark.parametrize(
    ("camera", "moves", "low", "high"),
    [
        (Camera(30, -60), False, -60, -60),
        (Camera(30, -60, orbit=360), True, 0, 345),  # the same for all that go all the way round
        (Camera(30, -60, orbit=-90), True, -150, -60),
        (Camera(30, -60, sway=15), True, -75, -45),
    ],
)
def test_all_that_a_film_sees(camera: Camera, moves: bool, low: float, high: float) -> None:
    assert camera.moves == moves
    found = camera.azimuths(24)
    assert (min(found), max(found)) == pytest.approx((low, high))
    assert len(found) == (24 if camera.orbit == 360 else 25 if moves else 1)
    steps = sorted(found)
    assert all(b - a <= (high - low) / 6 for a, b in pairwise(steps))
