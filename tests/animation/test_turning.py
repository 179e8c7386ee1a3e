"""Films of surfaces in three dimensions: every frame is the still of its step and its camera."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.animation.film import Film
from landscape.animation.shading import ShadedQuantizer, choose_shaded_palette
from landscape.drawing.boxes import Box
from landscape.drawing.moving import draw_moving
from landscape.drawing.scene import Scene, build_scene, picture_style
from landscape.drawing.track import Track
from landscape.prepare import Prepared, prepare
from landscape.recipe import Recipe
from landscape.render import draw_still, write_film, write_still

Array = NDArray[Any]


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with picture_style():
        yield


def ready(**values: Any) -> Prepared:
    given: dict[str, Any] = {
        "surface": "himmelblau",
        "optimizers": ("momentum:lr=0.002", "adam:lr=0.3"),
        "steps": 8,
        "size": "320x260",
        "view": "3d",
        "elevation": 35.0,
        "azimuth": -60.0,
    }
    return prepare(Recipe(**{**given, **values}))


def frames_of(film: Film) -> list[Array]:
    return [film.rgb().copy() for _ in film.frames()]


class Filmed(NamedTuple):
    """A film, its frames, and which of them what is said to have changed does not lead to."""

    prepared: Prepared
    film: Film
    frames: list[Array]
    missed: list[int]


@cache
def filmed(case: str) -> Filmed:
    """Return the film of a case, which several tests look at: to lay it out is most of the work."""
    prepared = ready(**CASES[case])
    film = Film(build_scene(prepared), prepared.recipe.speed)
    replayed = np.zeros_like(film.pixels)
    frames, missed = [], []
    for k, changed in enumerate(film.frames()):
        frames.append(film.rgb().copy())
        for top, bottom, left, right in changed:
            replayed[top:bottom, left:right] = film.pixels[top:bottom, left:right]
        if (replayed != film.pixels).any():
            missed.append(k)
            replayed[:] = film.pixels
    for space in film.scene.spaces:
        space.set_animated(False)  # the scene makes stills from now on
    return Filmed(prepared, film, frames, missed)


def painted(figure: Any) -> Array:
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()


def still_of(scene: Scene, step: int, share: float) -> Array:
    """Return the still of a step as it is seen when a share of the film is over."""
    for space in scene.spaces:
        space.turn(share)
    draw_moving(scene, step)
    found = painted(scene.figure)
    scene.figure.artists[-1].remove()
    return found


def within(box: Box | None, height: int, pad: int = 0) -> tuple[slice, slice]:
    """Return the rows and columns of a box of the page."""
    assert box is not None
    left, bottom, wide, tall = box
    rows = slice(int(height - bottom - tall) - pad, int(height - bottom) + pad)
    return rows, slice(int(left) - pad, int(left + wide) + pad)


# -- a camera that stands still --------------------------------------------------------------------

STANDING: dict[str, dict[str, Any]] = {
    "narrow": {},
    "dark": {"theme": "dark", "hidden": "dashed"},
    "drop": {"drop": True, "hidden": "dashed", "azimuth": 100.0},
    "walls": {"surface": "beale"},
    "absent": {"hidden": "absent", "azimuth": 150.0},
    "leaves": {"surface": "saddle", "optimizers": ("gd:lr=0.5", "adam"), "start": (0.5, 0.1)},
    "diverges": {"surface": "sphere", "optimizers": ("gd:lr=1e80", "adam"), "steps": 8},
    "lost": {
        "surface": "log(x) + y**2",
        "optimizers": ("gd:lr=0.3",),
        "start": (0.6, 0.4),
        "bounds": (-1.0, 1.0, -1.0, 1.0),
        "heights": "linear",
    },
    "curves": {"size": "480x360", "curves": ("loss",)},
    "both": {"size": "480x270", "view": "both", "drop": True},
    "grid": {"size": "620x360", "grid": "lr=0.001,0.01", "optimizers": ("gd",)},
    "fan": {"size": "480x270", "optimizers": ("gd:lr=0.01",), "fan": 6},
}


@pytest.mark.parametrize("case", STANDING)
def test_each_frame_is_the_still_of_its_step(case: str) -> None:
    _, film, frames, _ = filmed(case)
    assert len(frames) == len(film)
    for step in dict.fromkeys((0, len(frames) // 2, len(frames) - 1)):
        still = still_of(film.scene, step, 0.0).astype(int)
        away = np.abs(still - frames[step]).max(axis=2)
        # Letters one by one, and segments drawn one by one, differ at their anti-aliased edges.
        assert (away > 60).mean() < 0.006, step
        assert away.mean() < 0.8, step
        for panel in film.scene.plan.panels:
            # Of a mark and a trail that lie on each other either may be above.
            assert (away[within(panel.space, film.size[1])] > 60).sum() <= 20, step


@pytest.mark.parametrize("rate", ["1e308", "1e200"])
def test_a_lost_path_is_marked_in_its_frame_as_in_the_still(rate: str) -> None:
    prepared = ready(surface="sphere", optimizers=(f"gd:lr={rate}",), start=(2.0, 1.0), marks=False)
    film = Film(build_scene(prepared))
    frames = frames_of(film)
    (path,) = prepared.trajectories
    (space,) = film.scene.spaces
    x, y, _ = space.view.project([(2.0, 1.0, 5.0)])[0]
    near = np.s_[int(film.size[1] - y) - 7 : int(film.size[1] - y) + 8, int(x) - 7 : int(x) + 8]
    color = film.scene.panels[0].looks.styles[0].color
    wanted = np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)])
    assert path.ending.step == film.steps[-1]
    for frame in (frames[path.ending.step], painted(draw_still(prepared))):
        part = frame[near].astype(int)
        assert (np.abs(part - wanted).max(axis=2) < 30).sum() > 10  # the disc


@pytest.mark.parametrize("case", ["narrow", "drop", "both", "leaves"])
def test_a_frame_does_not_depend_on_those_before(case: str) -> None:
    prepared, _, every, _ = filmed(case)
    film = Film(build_scene(prepared), 5)
    for step, frame in zip(film.steps, frames_of(film), strict=True):
        away = np.abs(frame.astype(int) - every[step]).max(axis=2)
        assert (away > 60).mean() < 0.003


def test_a_standing_camera_draws_the_surface_once(monkeypatch: pytest.MonkeyPatch) -> None:
    film = Film(build_scene(ready()))
    renderer: Any = film._renderer
    drawn: list[tuple[int, ...]] = []
    old = renderer.draw_image

    def draw(pen: Any, x: float, y: float, picture: Any, *rest: Any) -> Any:
        drawn.append(picture.shape)
        return old(pen, x, y, picture, *rest)

    monkeypatch.setattr(renderer, "draw_image", draw)
    for _ in film.frames():
        pass
    assert not [shape for shape in drawn if shape[0] > 60]


# -- a camera that moves ---------------------------------------------------------------------------

TURNING: dict[str, dict[str, Any]] = {
    "orbit": {"orbit": 360.0},
    "back": {"orbit": -100.0, "drop": True, "theme": "dark", "speed": 2},
    "sway": {"sway": 25.0, "optimizers": ("gd:lr=0.005",), "fan": 3, "hidden": "dashed"},
    "both": {"orbit": 120.0, "view": "both", "size": "480x270", "steps": 6},
    "leaves": {
        "orbit": 200.0,
        "surface": "saddle",
        "optimizers": ("gd:lr=0.5", "adam"),
        "start": (0.5, 0.1),
    },
    "grid": {"size": "620x360", "grid": "lr=0.001,0.01", "optimizers": ("gd",), "orbit": 90.0},
    "lost": {
        "orbit": 90.0,
        "surface": "log(x) + y**2",
        "optimizers": ("gd:lr=0.3",),
        "start": (0.6, 0.4),
        "bounds": (-1.0, 1.0, -1.0, 1.0),
    },
    "walls": {"orbit": 100.0, "surface": "beale"},
}


@pytest.mark.parametrize("case", [f"turning {name}" for name in TURNING])
def test_each_frame_is_the_still_of_its_step_and_camera(case: str) -> None:
    _, film, frames, _ = filmed(case)
    last = len(frames) - 1
    height = film.size[1]
    for k in dict.fromkeys((0, 1, last // 2, last)):
        still = still_of(film.scene, film.steps[k], k / last)
        for panel in film.scene.plan.panels:
            there = within(panel.space, height)
            np.testing.assert_array_equal(frames[k][there], still[there])
        away = np.abs(still.astype(int) - frames[k]).max(axis=2)
        assert (away > 60).mean() < 0.003
    quarter = max(1, last // 4)  # half of a sway is over where it began
    turned = [within(panel.space, height) for panel in film.scene.plan.panels]
    assert all((frames[0][there] != frames[quarter][there]).mean() > 0.05 for there in turned)


def test_a_still_from_a_frames_azimuth_is_that_frame() -> None:
    # All round, and each frame an azimuth that the box is fitted for: one size for all.
    prepared = ready(orbit=360.0, steps=24, hidden="dashed", legend=False)
    film = Film(build_scene(prepared))
    there = within(film.scene.plan.panels[0].space, film.size[1])
    for k, frame in enumerate(frames_of(film)):
        if k % 11 != 1:
            continue
        recipe = prepared.recipe.with_(azimuth=-60.0 + 15.0 * k)
        still = painted(draw_still(Prepared(recipe, prepared.panels), k))
        away = np.abs(frame[there].astype(int) - still[there])
        assert (away.max(axis=2) > 2).mean() < 1e-4


@pytest.mark.parametrize(
    "values",
    [
        # Momentum crosses its own way, and goes on a part of it once more; a path over the numbers.
        {"surface": "himmelblau", "optimizers": ("momentum:lr=0.008",), "steps": 40},
        {"surface": "saddle", "optimizers": ("adam:lr=0.05",), "start": (0.5, 0.1), "steps": 40},
    ],
)
def test_a_line_is_the_same_in_one_piece_and_step_by_step(values: dict[str, Any]) -> None:
    # A turning camera draws it anew in every frame, one that stands still adds a piece a step.
    prepared = ready(**{**values, "orbit": 360.0, "legend": False, "size": "420x340"})
    frames = frames_of(Film(build_scene(prepared)))
    for k in (25, 38):
        recipe = prepared.recipe.with_(azimuth=-60.0 + 9.0 * k)
        standing = Prepared(recipe.with_(orbit=0.0), prepared.panels)
        film = Film(build_scene(standing))
        there = within(film.scene.plan.panels[0].space, 340)
        still = painted(draw_still(Prepared(recipe, prepared.panels), k))
        away = np.abs(frames[k][there].astype(int) - still[there]).max(axis=2)
        assert (away > 40).sum() <= 3
        grown = frames_of(film)[k]
        alone = painted(draw_still(standing, k))
        away = np.abs(grown[there].astype(int) - alone[there]).max(axis=2)
        assert (away > 40).sum() <= 12  # a start's dot is drawn twice


@pytest.mark.parametrize(
    ("values", "azimuth"),
    [({}, -60.0), ({"orbit": 90.0}, 30.0), ({"orbit": 360.0}, -60.0), ({"sway": 20.0}, -60.0)],
)
def test_the_still_of_a_film_is_what_its_last_frame_sees(
    values: dict[str, Any], azimuth: float, tmp_path: Path
) -> None:
    from PIL import Image

    prepared = ready(**values)
    written = write_still(prepared, tmp_path / "a.png")
    assert (written.recipe.elevation, written.recipe.azimuth) == pytest.approx((35.0, azimuth))
    with Image.open(tmp_path / "a.png") as picture:
        still = np.asarray(picture.convert("RGB")).astype(int)
    # Without the way round the box has all the room: it is that of a film that stands still.
    standing = ready(azimuth=azimuth)
    last = frames_of(Film(build_scene(standing)))[-1]
    assert (np.abs(still - last).max(axis=2) > 60).mean() < 0.006


def half_of(scene: Scene) -> tuple[slice, slice]:
    return within(scene.plan.panels[0].axes, int(scene.plan.size[1]), 3)


@pytest.mark.parametrize(
    "values", [{}, {"orbit": 90.0, "steps": 5}, {"drop": True, "curves": ("loss",)}]
)
def test_the_contours_beside_a_surface_are_a_film_of_the_plane(values: dict[str, Any]) -> None:
    prepared = ready(view="both", size="560x400", **values)
    both = Film(build_scene(prepared))
    scene = build_scene(prepared)
    for space in scene.spaces:
        space.remove()
    flat = Scene(
        scene.figure,
        scene.plan,
        scene.theme,
        scene.panels,
        [track for track in scene.tracks if isinstance(track, Track)],
        scene.shapes,
        scene.batches,
        scene.letters,
        scene.texts,
    )
    there = half_of(scene)
    pairs = zip(frames_of(both), frames_of(Film(flat)), strict=True)
    for one, other in pairs:
        np.testing.assert_array_equal(one[there], other[there])
    plain = build_scene(prepared)
    assert (other[there] != painted(plain.figure)[there]).any(axis=2).sum() > 50


# -- what a frame tells of what it changes ---------------------------------------------------------

MORE: dict[str, dict[str, Any]] = {
    "many frames": {"orbit": 360.0, "steps": 40},
    "larger": {"orbit": 180.0, "zoom": 1.8},
    "far": {
        "surface": "saddle",
        "optimizers": ("gd:lr=0.5",),
        "start": (0.5, 0.1),
        "drop": True,
        "orbit": 90.0,
        "zoom": 1.5,
    },
}
CASES = {**STANDING, **{f"turning {name}": TURNING[name] for name in TURNING}, **MORE}


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_to_have_changed_is_all_that_has(case: str) -> None:
    assert not filmed(case).missed


@pytest.mark.parametrize("case", ["many frames", "larger", "far", "turning both"])
def test_nothing_of_a_frame_stays_behind(case: str) -> None:
    # Outside the boxes and the strips of text every frame has the ground alone.
    prepared = ready(**{**CASES[case], "legend": False, "title": "", "curves": ()})
    film = Film(build_scene(prepared))
    free = np.ones(film.pixels.shape, dtype=bool)
    for panel in film.scene.plan.panels:
        # The mark of a path that has left reaches over the edge by a part of its radius.
        free[within(panel.space, film.size[1], 4)] = False
        if prepared.recipe.view == "both":
            free[within(panel.axes, film.size[1], 24)] = False
    first = film.pixels[free].copy()
    for k, _ in enumerate(film.frames()):
        assert (film.pixels[free] == first).all(), k


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_frame_of_an_orbit_has_false_colours(theme: str) -> None:
    prepared = ready(orbit=360.0, surface="saddle", optimizers=("gd",), steps=11, theme=theme)
    film = Film(build_scene(prepared))
    ((top, bottom, left, right),) = film.shaded
    mask = np.zeros(film.pixels.shape, dtype=bool)
    mask[top:bottom, left:right] = True
    palette = choose_shaded_palette(film.fullest(), mask, film.shades(), [], 255)
    quantize = ShadedQuantizer(palette, mask)
    for _ in film.frames():
        shown = palette[quantize(film.pixels)].astype(int)
        away = np.abs(shown - film.rgb()).max(axis=-1)[mask]
        # Neither a blotch of another hue, nor bands in the mean of the pattern's squares.
        assert np.percentile(away, 98) <= 14
        assert away.mean() < 2.5
        tile = (
            slice(top, top + (bottom - top) // 4 * 4),
            slice(left, left + (right - left) // 4 * 4),
        )
        off = (shown - film.rgb())[tile]
        rows, columns = off.shape[0] // 4, off.shape[1] // 4
        means = off.reshape(rows, 4, columns, 4, 3).mean(axis=(1, 3))
        assert np.abs(means).mean() < 1.5


def test_of_a_standing_camera_the_last_frame_is_the_fullest() -> None:
    film = Film(build_scene(ready()))
    fullest = film.fullest()
    # Drawn in one piece, the joints apart.
    away = np.abs(fullest.astype(int) - frames_of(film)[-1]).max(axis=2)
    assert (away > 60).mean() < 0.003


# -- files and memory ------------------------------------------------------------------------------


def test_the_frames_of_a_gif_are_those_of_the_film(tmp_path: Path) -> None:
    from PIL import Image

    prepared = ready(orbit=360.0, steps=6, size="240x220", legend=False)
    written = write_film(prepared, tmp_path / "a.gif")
    assert written.frames == 7
    frames = frames_of(Film(build_scene(prepared)))
    with Image.open(tmp_path / "a.gif") as film:
        for k, frame in enumerate(frames):
            film.seek(k)
            shown = np.asarray(film.convert("RGB")).astype(int)
            away = np.abs(shown - frame).max(axis=2)
            assert away.mean() < 3
            assert (away > 60).mean() < 0.001


@pytest.mark.parametrize("values", [{"orbit": 720.0, "drop": True}, {"view": "both"}])
def test_a_long_film_does_not_gather_memory(values: dict[str, Any]) -> None:
    prepared = ready(
        steps=30, legend=False, size="240x200" if "orbit" in values else "420x240", **values
    )
    film = Film(build_scene(prepared))
    sizes = []
    tracemalloc.start()
    try:
        for k, _ in enumerate(film.frames()):
            if k in (6, 28):
                for space in film.scene.spaces:  # the next frames' surfaces are being painted
                    for _, coming in space._coming:
                        coming.result()
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
        early, late = sizes
    finally:
        tracemalloc.stop()
    # Not a picture of the surface a frame: one alone has 100 kB, and there are 22 frames.
    assert late - early < 200_000
