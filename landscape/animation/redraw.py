"""Frames of a figure in which some artists change: the rest is drawn once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Redraw"]

Rect = tuple[int, int, int, int]  # top, bottom, left, right: rows and columns of the canvas


class Redraw:
    """The frames of a figure with `moving` artists, which `show(k)` sets as they are in frame k.

    Attributes: `size` (width, height) in pixels; `pixels`, the canvas as uint32 RGBA (h, w);
    `shaded`, which is empty.
    """

    def __init__(
        self,
        figure: Figure,
        moving: Sequence[Artist],
        show: Callable[[int], None],
        frames: int,
    ) -> None:
        import numpy as np
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self._count, self._show, self.slow = frames, show, False
        self.shaded: Sequence[Rect] = ()
        self._moving = sorted(moving, key=lambda artist: artist.get_zorder())
        for artist in self._moving:
            artist.set_animated(True)
        canvas = figure.canvas
        assert isinstance(canvas, FigureCanvasAgg)
        canvas.draw()  # type: ignore[no-untyped-call]
        self._renderer: RendererAgg = canvas.get_renderer()  # type: ignore[no-untyped-call]
        rgba = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        self.size = rgba.shape[1], rgba.shape[0]
        self.pixels = rgba.view(np.uint32)[..., 0]
        self._still = self.pixels.copy()

    def __len__(self) -> int:
        return self._count

    def fullest(self) -> Array:
        """Return the first frame, one in the middle and the last above each other, as RGB."""
        import numpy as np

        parts = []
        for k in sorted({0, self._count // 2, self._count - 1}):
            self._paint(k)
            parts.append(self.rgb().copy())
        return np.concatenate(parts)

    def shades(self) -> Array:
        """Return no samples, shape (0, 3): nothing is shaded."""
        import numpy as np

        return np.empty((0, 3), dtype=np.uint8)

    def rgb(self) -> Array:
        """Return the canvas as RGB (h, w, 3)."""
        import numpy as np

        height, width = self.pixels.shape
        return self.pixels.view(np.uint8).reshape(height, width, 4)[..., :3]

    def frames(self) -> Iterator[list[Rect]]:
        """Paint frame after frame; yield the rectangle of all that changed."""
        import numpy as np

        before = None
        for k in range(self._count):
            self._paint(k)
            height, width = self.pixels.shape
            changed = [(0, height, 0, width)]
            if before is not None:
                other = self.pixels != before
                rows, columns = (np.flatnonzero(other.any(axis=axis)) for axis in (1, 0))
                changed = []
                if rows.size:
                    top, left, bottom, right = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
                    changed = [(int(top), int(bottom), int(left), int(right))]
            yield changed
            before = self.pixels.copy()

    def _paint(self, k: int) -> None:
        self.pixels[:] = self._still
        self._show(k)
        for artist in self._moving:
            artist.draw(self._renderer)
