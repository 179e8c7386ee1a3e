"""Short texts that change with every frame, set from letters that are drawn once.

Laying out and rasterising a text takes Matplotlib half a millisecond; a frame has one for every
optimizer. Here each letter is rasterised once, on the plain ground of the picture, and copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.text import Text
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Lettering"]

Rect = tuple[int, int, int, int]


class Lettering:
    """Sets strings at the place and in the style of one Matplotlib text.

    Parameters: `text` is that artist, on a single-coloured ground, without rotation; `renderer`
    draws the letters; `pixels` is its canvas as uint32 (h, w).
    """

    def __init__(self, text: Text, renderer: RendererAgg, pixels: Array) -> None:
        self._renderer, self._pixels = renderer, pixels
        self._font = text.get_fontproperties()
        self._color = text.get_color()
        self._right = text.get_horizontalalignment() == "right"
        text.set_text("0")
        box = text.get_window_extent(renderer)
        _, height, descent = self._measure("lp")
        rows = pixels.shape[0]
        self._edge = round(box.x1 if self._right else box.x0)
        # Not rounded: Agg rounds where it draws, here as for the same text in a still.
        self._base = rows - (box.y0 + descent)
        self._top = max(0, int(self._base - height) - 2)
        self._bottom = min(rows, int(self._base + descent) + 3)
        self._ground = pixels[0, 0]
        self._letters: dict[str, Array] = {}
        self._zeros = self._measure("00")[0]

    def _measure(self, said: str) -> tuple[float, float, float]:
        w, h, d = self._renderer.get_text_width_height_descent(  # type: ignore[no-untyped-call]
            said, self._font, False
        )
        return float(w), float(h), float(d)

    def _letter(self, letter: str) -> Array:
        """Return the pixels of one letter, as wide as it advances."""
        if letter not in self._letters:
            advance = max(1, round(self._measure(f"0{letter}0")[0] - self._zeros))
            # Any stretch of the text's own ground serves as the place to draw on.
            left = min(max(0, self._edge - advance), self._pixels.shape[1] - advance - 2)
            area = slice(self._top, self._bottom), slice(left, left + advance + 2)
            kept = self._pixels[area].copy()
            self._pixels[area] = self._ground
            pen = self._renderer.new_gc()
            pen.set_foreground(self._color)
            self._renderer.draw_text(  # type: ignore[no-untyped-call]
                pen, left, self._base, letter, self._font, 0.0
            )
            pen.restore()
            drawn = self._pixels[area].copy()
            self._pixels[area] = kept
            self._letters[letter] = drawn[:, :advance]
        return self._letters[letter]

    def set(self, said: str) -> Rect:
        """Write `said` on the canvas; return the rows and columns (top, bottom, left, right)."""
        import numpy as np

        letters = [self._letter(letter) for letter in said]
        width = sum(letter.shape[1] for letter in letters)
        left = self._edge - width if self._right else self._edge
        left = max(0, min(left, self._pixels.shape[1] - width))
        at = left
        for letter in letters:
            # The letters' own pixels only: a neighbour may reach into their box.
            place = self._pixels[self._top : self._bottom, at : at + letter.shape[1]]
            np.copyto(place, letter, where=letter != self._ground)
            at += letter.shape[1]
        return self._top, self._bottom, left, at
