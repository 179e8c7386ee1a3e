"""One palette for a film with shaded surfaces, whose colours are many and none of them frequent.

Flat colours are as they are; all others share the rest of the palette evenly, by how different
they look and not by how often they come. What is left of the steps between them is spread over a
pattern that stands still on the page, so nothing flickers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from landscape.animation.palette import Area, Quantizer, packed_colors, unpacked_colors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["ShadedQuantizer", "choose_shaded_palette"]

_FLAT = 1 / 500  # of a surface's box is one colour: a wall or the ground, not shading
_OFTEN = 20  # pixels beside the surfaces of one colour: a level of the bar or of contours
_CELL = 5  # bits of each channel that tell one shade from another
_ROUNDS = 8  # in which the palette settles between the shades
# The pattern: what is added to a pixel's channels, from least to most (Bayer's order).
_PATTERN = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))
_LEVELS = 7
_REACH = 0.6  # of the way between two neighbours in the palette: more shows as grain
_CUBE = 6  # bits of each channel by which the nearest entry is found
_HALVES = 0x7F7F7F  # of the channels of a pixel
_WHOLE: Area = (slice(None), slice(None))


def choose_shaded_palette(
    frame: Array, mask: Array, shades: Array, exact: Sequence[tuple[int, int, int]], size: int
) -> Array:
    """Return at most `size` colours for a film with shaded surfaces, shape (n, 3), uint8.

    Parameters: `frame` is the film at its fullest, RGB (h, w, 3); `mask` (h, w) is true where the
    surfaces are; `shades` (k, 3) are samples of what is seen there in all of the film; `exact` are
    the colours that must be in the palette as they are and come first.
    """
    import numpy as np

    wanted = np.array(
        list(dict.fromkeys(r << 16 | g << 8 | b for r, g, b in exact))[:size], dtype=np.uint32
    )
    beside, inside = frame[~mask], frame[mask]
    flat = _frequent(
        [(beside, _OFTEN), (inside, max(_OFTEN, int(len(inside) * _FLAT)))],
        wanted,
        (size - len(wanted)) // 4,
    )
    kept = unpacked_colors(np.concatenate([wanted, flat]))
    room = size - len(kept)
    if room < 1:
        return kept
    colors, counts = _cells(np.concatenate([shades, beside]))
    return np.concatenate([kept, _settled(colors, counts, kept, room)])


def _frequent(parts: Sequence[tuple[Array, int]], known: Array, most: int) -> Array:
    """Return the most frequent colours of pixels that come at least so often, packed."""
    import numpy as np

    found, counts = [], []
    for pixels, least in parts:
        colors, times = np.unique(packed_colors(pixels), return_counts=True)
        often = times >= least
        found.append(colors[often])
        counts.append(times[often])
    colors = np.concatenate(found)[np.argsort(-np.concatenate(counts), kind="stable")]
    once = np.array(list(dict.fromkeys(colors.tolist())), dtype=np.uint32)
    return once[~np.isin(once, known)][: max(0, most)]


def _cells(pixels: Array) -> tuple[Array, Array]:
    """Return the mean colours (n, 3) of the cells of a grid that pixels fall into, and how many."""
    import numpy as np

    coarse = (pixels >> 8 - _CELL).astype(np.intp)
    cell = (coarse[:, 0] << 2 * _CELL) | (coarse[:, 1] << _CELL) | coarse[:, 2]
    total = 1 << 3 * _CELL
    counts = np.bincount(cell, minlength=total)
    held = counts > 0
    sums = np.stack([np.bincount(cell, pixels[:, k], minlength=total) for k in range(3)], axis=-1)
    means = np.round(sums[held] / counts[held, None]).astype(np.uint8)
    return means, counts[held]


def _settled(colors: Array, counts: Array, kept: Array, room: int) -> Array:
    """Return at most `room` entries among colours (k-means from a median cut), beside the kept."""
    import numpy as np
    from PIL import Image

    places = _oklab(colors)
    # A shade weighs as the root of its count: wide areas have more entries, small ones have some.
    weights = np.sqrt(counts.astype(np.float64))
    low, span = places.min(axis=0), max(float(np.ptp(places, axis=0).max()), 1e-6)
    bytes_ = np.round((places - low) / span * 255).astype(np.uint8)
    times = np.clip(weights / weights.mean() * 8, 1, 400).astype(np.intp)
    cut = Image.fromarray(np.repeat(bytes_, times, axis=0)[None]).quantize(
        colors=room, method=Image.Quantize.MEDIANCUT
    )
    first = np.array(cut.getpalette(), dtype=np.uint8).reshape(-1, 3)[:room]
    held = len(kept)
    centers = np.concatenate([_oklab(kept), first / 255 * span + low])
    for _ in range(_ROUNDS):
        owner = _nearest(places, centers)
        share = np.bincount(owner, weights, minlength=len(centers))
        moving = np.flatnonzero(share > 0)
        moving = moving[moving >= held]
        for k in range(3):
            sums = np.bincount(owner, weights * places[:, k], minlength=len(centers))
            centers[moving, k] = sums[moving] / share[moving]
    return _rgb(centers[held:])


def _nearest(places: Array, centers: Array) -> Array:
    import numpy as np

    # Three products, not a matrix product: BLAS would start threads for a few hundred colours.
    away = np.broadcast_to((centers**2).sum(axis=1), (len(places), len(centers))).copy()
    for k in range(3):
        away -= np.multiply.outer(2.0 * places[:, k], centers[:, k])
    nearest: Array = away.argmin(axis=1)
    return nearest


class ShadedQuantizer:
    """Maps colours to a palette's entries, those of a shaded surface with a fine pattern.

    Parameters: `palette` of shape (n, 3), uint8; `mask` (h, w) is true where the surfaces are.

    A colour that the palette has is never patterned. What a pixel becomes depends on its colour and
    its place alone, so what stands still in the picture stands still in the film.
    """

    def __init__(self, palette: Array, mask: Array) -> None:
        import numpy as np

        self._plain, self._mask = Quantizer(palette), mask
        height, width = mask.shape
        pattern = np.array(_PATTERN) * _LEVELS // 16
        tiled = np.tile(pattern, (-(-height // 4), -(-width // 4)))[:height, :width]
        # Half a pixel: its lowest bits are dropped, and those of its alpha, always 255, become the
        # number of the table that it is looked up in.
        self._keep = (tiled << 23 | _HALVES).astype(np.uint32)
        # Numbers of entries from 1 on: GIF keeps one of 256 for itself.
        self._table = np.zeros(_LEVELS << 23, dtype=np.uint8)
        self._lifts = np.linspace(-0.5, 0.5, _LEVELS) * _REACH * _step(palette)
        red, green, blue = palette.T.astype(np.intp) >> 1
        self._own, first = np.unique(red | green << 8 | blue << 16, return_index=True)
        self._owner = first + 1
        self._places = _oklab(palette)
        self._cube = np.zeros(1 << 3 * _CUBE, dtype=np.uint16)  # one more than the nearest entry

    def __call__(self, pixels: Array, area: Area = _WHOLE) -> Array:
        """Return the palette indices (h, w) of RGBA pixels (uint32) that stand in an area."""
        import numpy as np

        mask = self._mask[area]
        if not mask.any():
            return self._plain(pixels, area)
        keep = self._keep[area]
        indices: Array = np.empty(pixels.shape, dtype=np.uint8)
        new, count = np.empty(pixels.size, dtype=np.uint32), np.zeros(1, dtype=np.int64)
        look_up = _looking_up()
        look_up(pixels, keep, self._table, indices, new, count)
        if count[0]:
            self._learn(np.unique(new[: count[0]] & _HALVES).astype(np.intp))
            look_up(pixels, keep, self._table, indices, new, count)
        if not mask.all():
            indices[~mask] = self._plain(pixels[~mask])
        return indices

    def _learn(self, colors: Array) -> None:
        """Learn halves of colours for all places: the next frames show them elsewhere."""
        import numpy as np

        channels = np.stack([colors & 127, colors >> 8 & 127, colors >> 16]) << 1
        place = np.minimum(np.searchsorted(self._own, colors), len(self._own) - 1)
        own = np.where(self._own[place] == colors, self._owner[place], 0)
        for level, lift in enumerate(self._lifts):
            lifted = np.clip(channels + round(0.5 + float(lift)), 0, 255) >> 8 - _CUBE
            cells = lifted[0] | lifted[1] << _CUBE | lifted[2] << 2 * _CUBE
            entries = self._cube[cells]
            if not entries.all():
                self._fill(np.unique(cells[entries == 0]))
                entries = self._cube[cells]
            self._table[colors | level << 23] = np.where(own > 0, own, entries)

    def _fill(self, cells: Array) -> None:
        import numpy as np

        size, half = 8 - _CUBE, 1 << 7 - _CUBE
        low = (1 << _CUBE) - 1
        levels = [(cells >> k * _CUBE & low) << size | half for k in range(3)]
        places = _oklab(np.stack(levels, axis=-1).astype(np.uint8))
        for start in range(0, len(cells), 4096):
            part = slice(start, start + 4096)
            self._cube[cells[part]] = _nearest(places[part], self._places) + 1


@cache
def _looking_up() -> Callable[..., None]:
    """Return the function that looks pixels up in a quantizer's table, compiled.

    It holds no lock: frames are drawn meanwhile.
    """
    from landscape.relief.kernels import kernel

    pixels = "uint32[:, :]"
    return kernel(
        f"void({pixels}, {pixels}, uint8[::1], uint8[:, ::1], uint32[::1], int64[::1])", _look_up
    )


def _look_up(
    pixels: Array, keep: Array, table: Array, indices: Array, new: Array, count: Array
) -> None:
    """Write the entries of pixels, and the keys that the table does not have yet."""
    count[0] = 0
    for r in range(pixels.shape[0]):
        for c in range(pixels.shape[1]):
            key = (pixels[r, c] >> 1) & keep[r, c]
            entry = table[key]
            if entry == 0:
                new[count[0]] = key
                count[0] += 1
            indices[r, c] = entry - 1


def _step(palette: Array) -> float:
    """Return how far the entries of a palette lie apart in each channel, the median of all."""
    import numpy as np

    if len(palette) < 2:
        return 0.0
    colors = palette.astype(np.float64)
    away = ((colors[:, None] - colors) ** 2).sum(axis=-1)
    away[away == 0] = np.inf
    return float(np.sqrt(np.median(away.min(axis=1)) / 3))


# Colours by how different they look: https://bottosson.github.io/posts/oklab/
_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_OPPONENTS = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


@cache
def _linear() -> Array:
    """Return the light of each of the 256 levels of a channel."""
    import numpy as np

    level = np.arange(256) / 255
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)


def _mixed(matrix: Sequence[Sequence[float]] | Array, columns: Array) -> Array:
    import numpy as np

    return np.stack(
        [sum(part * columns[:, k] for k, part in enumerate(row)) for row in matrix], axis=-1
    )


def _oklab(colors: Array) -> Array:
    import numpy as np

    return _mixed(_OPPONENTS, np.cbrt(_mixed(_CONES, _linear()[colors])))


def _rgb(places: Array) -> Array:
    import numpy as np

    cones = _mixed(np.linalg.inv(_OPPONENTS), places) ** 3
    light = np.clip(_mixed(np.linalg.inv(_CONES), cones), 0, 1)
    level = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(level * 255).astype(np.uint8)
