"""A surface in three dimensions within a picture: the box, the relief in it, and what it hides.

The projection is mplot3d's own; what is drawn under it is ours, as mplot3d draws coarsely, slowly
and in an order of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.drawing.camera import Camera
from landscape.drawing.space_letters import boxes_of, meeting
from landscape.drawing.space_marks import Mark, draw_marks
from landscape.relief.artist import AHEAD, SurfaceArtist
from landscape.relief.view import View, view_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox
    from mpl_toolkits.mplot3d import Axes3D

    from landscape.drawing.crate import Crate
    from landscape.drawing.line import Area
    from landscape.drawing.space_floor import Floor
    from landscape.relief.field import Relief
    from landscape.relief.rendering import Look

__all__ = ["Space"]

_STEEPEST = 89.9


class Space(SurfaceArtist):
    """Draws a surface in three dimensions with its box.

    Parameters: `axes`, whose projection is used and which draw nothing themselves; `relief`;
    `look`, with its line's width in points; `crate`, the box around it; `camera`; `clip`, where it
    is drawn; `floor`, the lines on the box's floor; `marks`; `note`, a text on it.

    Attributes: those, and `share`, how much of the film is over.
    """

    def __init__(
        self,
        axes: Axes3D,
        relief: Relief,
        look: Look,
        crate: Crate,
        camera: Camera,
        clip: Bbox,
        floor: Floor | None = None,
        marks: Sequence[Mark] = (),
        note: Text | None = None,
    ) -> None:
        super().__init__(axes, relief, look, clip)
        self.crate, self.camera, self.share = crate, camera, 1.0
        self.moves = camera.moves
        self._seen: dict[object, View] = {}
        self._floor, self.marks, self._note = floor, list(marks), note
        crate.clip = clip
        self.turn(1.0)

    def get_children(self) -> list[Artist]:
        """Return the artists that are drawn with this one."""
        return [] if self._note is None else [self._note]

    @property
    def view(self) -> View:
        """The projection into the figure's pixels as it is now."""
        # Each line asks for it in every frame; only the camera and the page's resolution change.
        axes = self.axes3d
        key = axes.elev, axes.azim, axes.bbox.get_points().tobytes()
        if key not in self._seen:
            if len(self._seen) > AHEAD:  # those of a frame, and of the next ones
                del self._seen[next(iter(self._seen))]
            self._seen[key] = view_of(axes)
        return self._seen[key]

    def turn(self, share: float) -> None:
        """Look at the surface as it is seen when `share` of the film is over."""
        self.share = share
        # From exactly above, mplot3d's projection has no azimuth.
        elevation = min(max(self.camera.elevation, -_STEEPEST), _STEEPEST)
        self.axes3d.view_init(elevation, self.camera.azimuth_at(share))

    def show_frame(self, frame: int, last: int) -> None:
        """Look at the surface as it is seen in a frame of those up to `last`.

        The next ones are painted in other threads, while what is on this one is drawn.
        """
        views = []
        for k in range(frame, min(frame + AHEAD, last) + 1):
            self.turn(k / max(last, 1))
            views.append(self.view)
        self.turn(frame / max(last, 1))
        self.foresee(views)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the box, what is on its floor, the surface and its marks."""
        if not self.get_visible():
            return
        view = self.view
        self.crate.back(renderer, view)
        if self._floor is not None:
            self._floor.draw(renderer, view, self.clip)
        self.draw_picture(renderer, view)
        self.crate.front(renderer, view)
        areas = draw_marks(renderer, self, view, self.marks)
        if areas:
            self._write_over(renderer, view, areas)
        if self._note is not None:
            self._note.draw(renderer)
        self.stale = False

    def _write_over(self, renderer: RendererBase, view: View, areas: Sequence[Area]) -> None:
        """Write the box's texts again that areas cover."""
        import numpy as np

        texts = self.crate.texts(renderer, view)
        boxes = boxes_of(texts)
        covered = np.any([meeting(one, boxes) for one in areas], axis=0)
        self.crate.write_over(renderer, [texts[k] for k in np.flatnonzero(covered).tolist()])
