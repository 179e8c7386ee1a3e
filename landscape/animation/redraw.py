"""Frames of a figure in which some artists change: the rest is drawn once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from landscape.animation.film import SIDES
from landscape.relief.artist import SurfaceArtist

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import BboxBase
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Redraw"]

Rect = tuple[int, int, int, int]  # top, bottom, left, right: rows and columns of the canvas


class Redraw:
    """The frames of a figure with `moving` artists, which `show(k)` sets as they are in frame k.

    Attributes: `size` (width, height) in pixels; `pixels`, the canvas as uint32 RGBA (h, w);
    `shaded`, where surfaces in three dimensions are.
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
        spaces = figure.findobj(SurfaceArtist)
        self.shaded: Sequence[Rect] = [self._inside(space.clip) for space in spaces]
        self._turns = any(isinstance(one, SurfaceArtist) for one in moving)

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
        """Return samples, RGB (n, 3), of the surfaces in three dimensions from all sides."""
        import numpy as np

        found = [np.empty((0, 3), dtype=np.uint8)]
        sides = np.linspace(0, self._count - 1, SIDES if self._turns else 1).round()
        for k in sorted(set(sides.astype(int).tolist())) if self.shaded else ():
            self._paint(k)
            for top, bottom, left, right in self.shaded:
                found.append(self.rgb()[top:bottom:2, left:right:2].reshape(-1, 3))
        return np.concatenate(found)

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

    def _inside(self, box: BboxBase) -> Rect:
        """Return the rows and columns that cover a box of display coordinates."""
        width, height = self.size
        left, right = max(int(box.x0), 0), min(int(box.x1) + 1, width)
        return max(height - int(box.y1) - 1, 0), min(height - int(box.y0), height), left, right

    def _paint(self, k: int) -> None:
        self.pixels[:] = self._still
        self._show(k)
        for artist in self._moving:
            artist.draw(self._renderer)
