"""What the benchmarks in three dimensions measure inside a process of its own; see `jobs.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from statistics import mean
from typing import Any

from inside import prepared, timed
from space import ORBIT, SPACE

__all__ = ["SPACE_JOBS"]

# Every so many frames of the peer's: a mean over as much of the film takes a quarter of the time.
EVERY = 4
# The picture's sides for those of 800×600, and the cells each way, of the rasteriser's table.
SIDES, CELLS = (0.5, 1, 2), (100, 200, 400)


def _film(camera: str, *, steps: int | None = None) -> Any:
    """Return our film with a camera that is "fixed" or goes in an "orbit", its paths computed."""
    args = [*SPACE[1:], *(ORBIT if camera == "orbit" else ())]
    if steps is not None:
        args[args.index("--steps") + 1] = str(steps)
    return prepared(args)


def _frames(camera: str) -> list[float]:
    """Return the seconds of each of our frames but the first, which holds the whole picture."""
    from landscape.animation.film import Film
    from landscape.drawing.scene import build_scene, picture_style

    with picture_style():
        film = Film(build_scene(_film(camera)))
        ticks = [time.perf_counter() for _ in film.frames()]
    return [after - before for before, after in pairwise(ticks)]


def space_frame_ours(camera: str) -> float:
    """Return the mean seconds of a frame, drawn on its canvas."""
    return mean(_frames(camera))


def space_frame_peer(camera: str) -> float:
    """Return the mean seconds of a frame of the peer's, drawn on its canvas."""
    from peer_matplotlib import STEPS
    from peer_mplot3d import Picture, three

    picture = Picture(three(), camera == "orbit")
    picture.show(0)
    picture.draw()
    return mean(timed(partial(_peer_frame, picture, k)) for k in range(1, STEPS + 1, EVERY))


def _peer_frame(picture: Any, frame: int) -> None:
    picture.show(frame)
    picture.draw()


def space_surface_ours(repeats: str) -> float:
    """Return the mean seconds of the surface alone, from another side each time."""
    from landscape.drawing.scene import build_scene, picture_style

    count = int(repeats)
    with picture_style():
        scene = build_scene(_film("orbit"))
        (space,) = scene.spaces
        canvas: Any = scene.figure.canvas
        renderer = canvas.get_renderer()
        space.draw_picture(renderer, space.view)

        def draw(k: int) -> None:
            space.turn(k / count)
            space.draw_picture(renderer, space.view)

        return mean(timed(partial(draw, k)) for k in range(count))


def space_surface_peer(repeats: str) -> float:
    """Return the mean seconds of the peer's surface alone, from another side each time."""
    from peer_matplotlib import STEPS
    from peer_mplot3d import Picture, three

    picture = Picture(three(), orbit=True)
    picture.surface_alone()
    picture.draw()
    count = int(repeats)
    frames = [round(STEPS * k / count) for k in range(count)]
    return mean(timed(partial(_peer_frame, picture, k)) for k in frames)


def space_film_ours(path: str) -> float:
    """Return the seconds that `write_film` takes for an orbit, after a film of two steps."""
    from landscape.render import write_film

    ready = _film("orbit")
    write_film(_film("orbit", steps=2), path)
    return timed(lambda: write_film(ready, path))


def space_film_peer(path: str) -> float:
    """Return the seconds that the peer's film takes, after one of two frames."""
    import peer_mplot3d

    peer_mplot3d.draw(path, frames=2)
    return timed(lambda: peer_mplot3d.draw(path))


def space_raster(rounds: str) -> dict[str, Any]:
    """Return how the rasteriser's seconds grow with a picture's pixels and a surface's cells.

    On one thread: what is asked is how the work grows, not how well it is shared. "seconds" has a
    list of each round's for every (side, cells) of the table, "fit" the seconds of a picture, of a
    pixel and of a cell that fit the table's medians best, and "off" how far the worst one is from
    it, relatively.
    """
    import numpy as np

    from landscape.drawing.scene import build_scene, picture_style
    from landscape.relief.field import make_relief
    from landscape.relief.rendering import render

    ready = _film("fixed")
    with picture_style():
        (space,) = build_scene(ready).spaces
    box = tuple(float(edge) for edge in space.clip.extents)
    surface = ready.panels[0].surface
    reliefs = {cells: make_relief(surface, cells=cells) for cells in CELLS}
    cases = [(side, cells) for side in SIDES for cells in CELLS]

    def draw(side: float, cells: int) -> None:
        part = tuple(side * edge for edge in box)
        render(reliefs[cells], space.view.scaled(side), space.look, part, 1)  # type: ignore[arg-type]  # four edges

    seconds = np.array(
        [[timed(partial(draw, *case)) for case in cases] for _ in range(int(rounds) + 1)]
    )[1:]
    area = (box[2] - box[0]) * (box[3] - box[1])
    table = np.array([[1.0, area * side**2, cells**2] for side, cells in cases])
    middle = np.median(seconds, axis=0)
    # Of relative differences, or the largest picture alone would decide.
    fit = np.linalg.lstsq(table / middle[:, None], np.ones(len(cases)), rcond=None)[0]
    return {
        "seconds": [[*case, times] for case, times in zip(cases, seconds.T.tolist(), strict=True)],
        "fit": fit.tolist(),
        "off": float(np.abs(table @ fit / middle - 1).max()),
    }


SPACE_JOBS: dict[str, Callable[..., Any]] = {
    "space_frame_ours": space_frame_ours,
    "space_frame_peer": space_frame_peer,
    "space_surface_ours": space_surface_ours,
    "space_surface_peer": space_surface_peer,
    "space_film_ours": space_film_ours,
    "space_film_peer": space_film_peer,
    "space_raster": space_raster,
}
