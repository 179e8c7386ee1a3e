"""The palette of shaded surfaces, and the pattern between its steps."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.animation.palette import Quantizer, choose_palette
from landscape.animation.shading import ShadedQuantizer, choose_shaded_palette

EXACT = [(213, 94, 0), (255, 255, 255), (1, 2, 3)]
HEIGHT, WIDTH = 120, 160


def packed(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    wide = pixels.astype(np.uint32)
    found = wide[..., 0] | wide[..., 1] << 8 | wide[..., 2] << 16 | np.uint32(0xFF000000)
    return found.astype(np.uint32)


def shaded() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return a picture with light over two ramps in its left part, and the mask of that."""
    across, down = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
    light = 0.5 + 0.5 * down
    ramps = np.stack([40 + 160 * across, 90 + 100 * across, 200 - 80 * across], axis=-1)
    picture = np.round(ramps * light[..., None]).astype(np.uint8)
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[:, :120] = True
    picture[~mask] = 255
    picture[30:60, 130:150] = EXACT[0]
    picture[50:54, 20:90] = EXACT[0]
    return picture, mask


def palette_of(size: int) -> NDArray[np.uint8]:
    picture, mask = shaded()
    return choose_shaded_palette(picture, mask, picture[mask], EXACT, size)


@pytest.mark.parametrize("size", [2, 3, 4, 16, 64, 255])
def test_exact_colours_come_first(size: int) -> None:
    palette = palette_of(size)
    assert palette.dtype == np.uint8
    assert len(palette) <= size
    assert [tuple(color) for color in palette[:3].tolist()] == EXACT[:size]


@pytest.mark.parametrize("size", [16, 64, 255])
def test_exact_colours_have_no_pattern(size: int) -> None:
    picture, mask = shaded()
    palette = palette_of(size)
    shown = palette[ShadedQuantizer(palette, mask)(packed(picture))]
    for color in EXACT:
        same = (picture == color).all(axis=-1)
        assert (shown[same] == color).all()


def test_the_mean_of_a_square_is_nearer_than_without_a_pattern() -> None:
    picture, mask = shaded()
    new = palette_of(64)
    old = choose_palette(picture, EXACT, 64)

    def off(shown: NDArray[np.uint8]) -> float:
        away = (shown.astype(float) - picture)[60:, :120].reshape(15, 4, 30, 4, 3)
        return float(np.abs(away.mean(axis=(1, 3))).mean())

    patterned = off(new[ShadedQuantizer(new, mask)(packed(picture))])
    assert patterned < 0.8 * off(new[Quantizer(new)(packed(picture))])
    assert patterned < 0.8 * off(old[Quantizer(old)(packed(picture))])


def test_a_part_is_as_it_is_in_the_whole() -> None:
    picture, mask = shaded()
    palette = palette_of(64)
    whole = ShadedQuantizer(palette, mask)(packed(picture))
    quantize = ShadedQuantizer(palette, mask)
    for area in ((slice(5, 40), slice(3, 50)), (slice(7, 99), slice(101, 155))):
        assert (quantize(packed(picture)[area], area) == whole[area]).all()
    beside = (slice(0, 50), slice(125, 160))
    assert (palette[quantize(packed(picture)[beside], beside)] == picture[beside]).all()
