"""One palette for a whole film, with the colours that matter exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Area", "Quantizer", "choose_palette", "packed_colors", "unpacked_colors"]

Area = tuple[slice, slice]  # rows and columns of the canvas


def choose_palette(pixels: Array, exact: Sequence[tuple[int, int, int]], size: int) -> Array:
    """Return at most `size` colours for pictures like `pixels`, shape (n, 3), uint8.

    Parameters: `pixels` is an RGB picture (h, w, 3) of the film at its fullest; `exact` are the
    colours that must be in the palette as they are (the trails', text, ground).

    The exact colours come first, then the most frequent ones (the contours' flat fills), and the
    rest (anti-aliased edges) is what Pillow's median cut makes of the others.
    """
    import numpy as np
    from PIL import Image

    found, counts = np.unique(packed_colors(pixels), return_counts=True)
    wanted = list(dict.fromkeys(r << 16 | g << 8 | b for r, g, b in exact))[:size]
    by_count = found[np.argsort(-counts, kind="stable")]
    others = by_count[~np.isin(by_count, wanted)]
    if len(wanted) + len(others) <= size:
        return unpacked_colors(np.concatenate([np.array(wanted, dtype=np.uint32), others]))
    frequent = others[: max(0, (size - len(wanted)) // 2)]
    room = size - len(wanted) - len(frequent)
    left = ~np.isin(found, np.concatenate([np.array(wanted, dtype=np.uint32), frequent]))
    # Edge colours are many and each is rare: a colour weighs as the root of its count.
    weights = np.maximum(1, np.sqrt(counts[left])).astype(np.int64)
    sample = np.repeat(unpacked_colors(found[left]), weights, axis=0)
    picture = Image.fromarray(sample[None])
    cut = picture.quantize(colors=max(2, room), method=Image.Quantize.MEDIANCUT)
    mixed = np.array(cut.getpalette(), dtype=np.uint8).reshape(-1, 3)[: max(0, room)]
    return np.concatenate(
        [unpacked_colors(np.array(wanted, dtype=np.uint32)), unpacked_colors(frequent), mixed]
    )


def packed_colors(pixels: Array) -> Array:
    """Return RGB pixels (…, 3), uint8, as whole numbers 0xRRGGBB, shape (n,), uint32."""
    import numpy as np

    flat = np.ascontiguousarray(pixels.reshape(-1, 3)).astype(np.uint32)
    return flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2]


def unpacked_colors(keys: Array) -> Array:
    """Return the RGB (n, 3), uint8, of whole numbers 0xRRGGBB, shape (n,)."""
    import numpy as np

    return np.stack([keys >> 16 & 255, keys >> 8 & 255, keys & 255], axis=-1).astype(np.uint8)


class Quantizer:
    """Maps colours to the nearest entries of a palette, each colour once.

    Parameters: `palette` of shape (n, 3), uint8. Without dithering, so what stands still in the
    picture stands still in the film.
    """

    def __init__(self, palette: Array) -> None:
        import numpy as np

        # |c - p|² is least where |p|² - 2 c·p is; all values are whole numbers below 2**24, so
        # float32 holds them exactly.
        self._palette = np.ascontiguousarray(palette.T, dtype=np.float32)
        self._squares = (self._palette**2).sum(axis=0)
        # One more than the index, 0 for a colour not met yet: 16 MB of which few pages are touched.
        small = len(palette) < 256
        self._table = np.zeros(1 << 24, dtype=np.uint8 if small else np.uint16)

    def __call__(self, pixels: Array, area: Area = (slice(None), slice(None))) -> Array:
        """Return the palette indices (h, w) of RGBA pixels (uint32) that stand in an area."""
        import numpy as np

        # As indices from the start: what looks them up would have to convert them.
        keys = np.bitwise_and(pixels, 0xFFFFFF, dtype=np.intp, casting="unsafe")
        result = self._table.take(keys, mode="clip")
        if not result.all():
            self._learn(np.unique(keys[result == 0]))
            result = self._table.take(keys, mode="clip")
        np.subtract(result, 1, out=result)
        indices: Array = result.astype(np.uint8, copy=False)
        return indices

    def _learn(self, keys: Array) -> None:
        import numpy as np

        for start in range(0, len(keys), 4096):
            part = keys[start : start + 4096]
            # Little-endian RGBA: red is the lowest byte. Three sums, not a matrix product: BLAS
            # would start threads for a few hundred colours.
            away = self._squares[None, :].repeat(len(part), axis=0)
            for channel in range(3):
                level = (part >> 8 * channel & 255).astype(np.float32)
                away -= 2.0 * level[:, None] * self._palette[channel]
            self._table[part] = away.argmin(axis=1) + 1
