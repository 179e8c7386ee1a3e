from __future__ import annotations

import numpy as np
import pytest

from landscape.animation.palette import Quantizer, choose_palette

EXACT = [(213, 94, 0), (255, 255, 255), (1, 2, 3)]


def packed(pixels: np.ndarray) -> np.ndarray:
    """Return RGB as little-endian RGBA, as the canvas has it."""
    wide = pixels.astype(np.uint32)
    return wide[..., 0] | wide[..., 1] << 8 | wide[..., 2] << 16 | np.uint32(0xFF000000)


def noise(colors: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (colors, 3), dtype=np.uint8)[rng.integers(0, colors, (40, 50))]


@pytest.mark.parametrize("size", [8, 32, 256])
@pytest.mark.parametrize("colors", [1, 5, 2000])
def test_exact_colours_are_in_the_palette(size: int, colors: int) -> None:
    palette = choose_palette(noise(colors), EXACT, size)
    assert palette.dtype == np.uint8
    assert len(palette) <= size
    assert [tuple(color) for color in palette[: len(EXACT)].tolist()] == EXACT


def test_few_colours_are_kept_as_they_are() -> None:
    pixels = noise(20)
    palette = choose_palette(pixels, EXACT, 256)
    assert (palette[Quantizer(palette)(packed(pixels))] == pixels).all()


def test_the_nearest_colour_is_chosen() -> None:
    pixels = noise(900)
    palette = choose_palette(pixels, EXACT, 64)
    got = Quantizer(palette)(packed(pixels))
    away = ((pixels[..., None, :].astype(int) - palette.astype(int)) ** 2).sum(axis=-1)
    chosen = np.take_along_axis(away, got[..., None].astype(int), axis=-1)[..., 0]
    assert (chosen == away.min(axis=-1)).all()
