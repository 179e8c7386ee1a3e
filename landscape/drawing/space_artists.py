"""Artists for one's own mplot3d axes: paths on a surface, marks, a floor, and the axes' texts."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from operator import index
from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist

from landscape.drawing.space_letters import meeting
from landscape.drawing.space_line import SpaceLine
from landscape.drawing.space_marks import Mark, draw_marks
from landscape.drawing.space_track import SpaceTrack
from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.drawing.line import Area
    from landscape.drawing.space_floor import Floor
    from landscape.relief.artist import SurfaceArtist

    Array = NDArray[Any]

__all__ = ["FloorArtist", "MarksArtist", "TextsArtist", "TrailArtist"]

# The width of a rim of the page's ground around texts, in sizes of their letters.
_RIM = 0.28


class TrailArtist(Artist):
    """Draws a path on a surface, its hidden parts in another way, and its head.

    Parameters: `track`, the path; `step`, up to which it is drawn, its last one by default.
    """

    def __init__(self, track: SpaceTrack, step: int | None = None) -> None:
        super().__init__()
        self.track = track
        self.step = len(track.lifted.at) - 1 if step is None else step
        self._drawn: tuple[SpaceLine, Area | None] | None = None
        self.set_zorder(5.0)

    def set_step(self, step: int) -> None:
        """Show the path up to `step`.

        Raises LandscapeError if the path has no such step.
        """
        last = len(self.track.lifted.at) - 1
        try:
            shown = index(step)
        except TypeError:
            shown = -1
        if not 0 <= shown <= last:
            raise LandscapeError(f"this path has the steps 0 to {last}: {step!r} came")
        self.step = shown
        self.stale = True

    def draw(self, renderer: RendererBase) -> None:
        """Draw the path as it is seen now."""
        if self.get_visible():
            scale = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]  # of one number
            line = SpaceLine(self.track, scale)
            line.grow(renderer, 0, self.step)
            self._drawn = line, line.head(renderer, self.step)
        self.stale = False

    def runs_over(self, boxes: Array) -> Array:
        """Return which boxes (k, 4) in pixels the path lies on, as it was drawn: bools (k,)."""
        import numpy as np

        if self._drawn is None or not self.get_visible():
            return np.zeros(len(boxes), dtype=bool)
        line, head = self._drawn
        found = line.runs_over(boxes, self.step)
        return found if head is None else found | meeting(head, boxes)


class FloorArtist(Artist):
    """Draws contour lines under a surface.

    Parameters: `surface`, the artist of what stands on the floor; `floor`.
    """

    def __init__(self, surface: SurfaceArtist, floor: Floor) -> None:
        super().__init__()
        self.surface, self.floor = surface, floor
        self.set_zorder(0.5)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the lines as they are seen now."""
        if self.get_visible():
            self.floor.draw(renderer, self.surface.view, self.surface.clip)
        self.stale = False


class MarksArtist(Artist):
    """Draws what stands still on a surface.

    Parameters: `surface`, the artist whose surface hides it; `marks`.
    """

    def __init__(self, surface: SurfaceArtist, marks: Sequence[Mark]) -> None:
        super().__init__()
        self.surface, self.marks = surface, list(marks)
        self._drawn: list[Area] = []
        self.set_zorder(4.0)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the marks as they are seen now."""
        if self.get_visible():
            view = self.surface.view
            self._drawn = draw_marks(renderer, self.surface, view, self.marks)
        self.stale = False

    def runs_over(self, boxes: Array) -> Array:
        """Return which boxes (k, 4) in pixels the marks lie on, as they were drawn: bools (k,)."""
        import numpy as np

        found = np.zeros(len(boxes), dtype=bool)
        for area in self._drawn if self.get_visible() else []:
            found |= meeting(area, boxes)
        return found


class TextsArtist(Artist):
    """Writes numbers and names of mplot3d axes again that paths or marks run over.

    mplot3d draws all that is on its axes above their texts.

    Parameters: `axes`; `drawn`, the paths and marks, which are drawn before this one.
    """

    def __init__(self, axes: Axes3D, drawn: Sequence[TrailArtist | MarksArtist]) -> None:
        super().__init__()
        self.axes3d, self.drawn = axes, list(drawn)
        self.set_zorder(5.0)

    def draw(self, renderer: RendererBase) -> None:
        """Write the texts that something lies on."""
        import numpy as np
        from matplotlib.patheffects import Stroke

        texts = _texts_of(self.axes3d) if self.get_visible() else []
        if texts and self.drawn:
            extents = [one.get_window_extent(renderer).extents for one in texts]
            boxes = np.array(extents, dtype=float)
            covered = np.any([one.runs_over(boxes) for one in self.drawn], axis=0)
            ground = _ground_of(self.axes3d)
            rims = []
            for k in np.flatnonzero(covered).tolist():
                # A twin: what changes on the axes' own texts would ask for another draw.
                rim = copy(texts[k])
                rim.stale_callback = None
                width = _RIM * float(rim.get_fontsize())
                stroke = Stroke(linewidth=width, foreground=ground, joinstyle="round")
                rim.set_path_effects([stroke])
                rim.draw(renderer)
                rims.append((*boxes[k].tolist(), float(renderer.points_to_pixels(width))))  # type: ignore[arg-type]  # of one number
            # A rim may lie on a neighbour.
            near = np.any([covered, *(meeting(one, boxes) for one in rims)], axis=0)
            for k in np.flatnonzero(near).tolist():
                texts[k].draw(renderer)
        self.stale = False


def _ground_of(axes: Axes3D) -> tuple[float, float, float, float]:
    """Return the colour on which the texts of axes stand: theirs, or the figure's."""
    from matplotlib.colors import to_rgba

    face = to_rgba(axes.get_facecolor())
    figure = axes.get_figure(root=True)
    return face if face[3] > 0 or figure is None else to_rgba(figure.get_facecolor())


def _texts_of(axes: Axes3D) -> list[Text]:
    """Return the numbers and names of axes that mplot3d has drawn, where it has put them."""
    found: list[Text] = []
    if not getattr(axes, "_axis3don", True):
        return found
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        if not axis.get_visible():
            continue
        low, high = sorted(axis.get_view_interval())
        hair = 1e-9 * (high - low)
        # Those beyond the axes are not drawn. To ask for their labels would move them all.
        ticks = [
            tick
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
            if tick.get_visible() and low - hair <= tick.get_loc() <= high + hair
        ]
        found += [tick.label1 for tick in ticks]
        found += [axis.label, axis.get_offset_text()]
    return [one for one in found if one.get_visible() and one.get_text()]
