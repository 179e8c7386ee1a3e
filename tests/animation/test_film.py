"""The frames: which steps they show, what stands still, and what a still of the same step shows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.animation.film import Film, frame_steps
from landscape.drawing.line import Line
from landscape.drawing.scene import build_scene, picture_style
from landscape.drawing.trail import exit_points
from landscape.prepare import Prepared, prepare
from landscape.recipe import Recipe
from landscape.render import draw_still, write_film


@pytest.mark.parametrize(
    ("last", "speed", "steps"),
    [
        (0, 1, [0]),
        (3, 1, [0, 1, 2, 3]),
        (4, 2, [0, 2, 4]),
        (5, 2, [0, 2, 4, 5]),
        (2, 10, [0, 2]),
    ],
)
def test_the_step_of_each_frame(last: int, speed: int, steps: list[int]) -> None:
    assert frame_steps(last, speed) == steps


def ready(**values: Any) -> Prepared:
    given: dict[str, Any] = {
        "surface": "beale",
        "optimizers": ("momentum:lr=0.002", "adam:lr=0.3"),
        "steps": 12,
        "size": "360x300",
    }
    return prepare(Recipe(**{**given, **values}))


@pytest.fixture
def _style() -> Iterator[None]:
    with picture_style():
        yield


def pictures(prepared: Prepared, speed: int = 1) -> tuple[Film, list[Any]]:
    film = Film(build_scene(prepared), speed)
    return film, [film.rgb().copy() for _ in film.frames()]


@cache
def filmed(case: str) -> tuple[Prepared, Film, list[Any]]:
    """Return the film of a case and its frames, which several tests look at."""
    prepared = ready(**CASES[case])
    return prepared, *pictures(prepared)


CASES: dict[str, dict[str, Any]] = {
    "narrow": {},
    "wide": {"size": "640x360"},
    "dark": {"theme": "dark"},
    "lines": {"fill": False},
    "leaves": {"surface": "saddle", "optimizers": ("gd:lr=0.5", "adam"), "start": (0.5, 0.1)},
    "diverges": {"surface": "sphere", "optimizers": ("gd:lr=1e80", "adam"), "steps": 8},
    "curves": {"size": "640x480", "curves": ("loss", "gradient", "rate")},
    "curves beside": {"size": "720x480", "curves": ("loss",), "beside": True},
    "arrows": {"size": "640x360", "arrows": ("gradient", "velocity", "step")},
    "grid": {"size": "720x420", "grid": "lr=0.001,0.01", "curves": ("loss",)},
    "fan": {"size": "640x360", "surface": "himmelblau", "optimizers": ("gd:lr=0.01",), "fan": 6},
    "two fans": {"surface": "himmelblau", "optimizers": ("gd", "adam"), "starts": ((1.0, 2.0),)},
    "diverging curves": {
        "surface": "sphere",
        "optimizers": ("gd:lr=1e80",),
        "steps": 8,
        "curves": ("loss", "gradient"),
    },
}


@pytest.mark.usefixtures("_style")
@pytest.mark.parametrize("case", CASES)
def test_each_frame_is_the_still_of_its_step(case: str) -> None:
    prepared, film, frames = filmed(case)
    assert len(frames) == len(film)
    for step in (1, len(frames) // 2, len(frames) - 1):
        canvas: Any = draw_still(prepared, step).canvas
        canvas.draw()
        still = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
        away = np.abs(still - frames[step].astype(int)).max(axis=2)
        # Segments drawn one by one, and letters one by one, differ at their anti-aliased edges.
        assert (away > 60).mean() < 0.006
        assert away.mean() < 0.8


@pytest.mark.usefixtures("_style")
@pytest.mark.parametrize("case", CASES)
def test_a_frame_does_not_depend_on_those_before(case: str) -> None:
    prepared, _, every = filmed(case)
    film, third = pictures(prepared, 3)
    for step, frame in zip(film.steps, third, strict=True):
        away = np.abs(frame.astype(int) - every[step].astype(int)).max(axis=2)
        assert (away > 60).mean() < 0.003


@pytest.mark.usefixtures("_style")
def test_only_what_is_reported_changes() -> None:
    film = Film(build_scene(ready()))
    before = None
    for changed in film.frames():
        now = film.rgb().copy()
        if before is not None:
            rest = np.ones(now.shape[:2], bool)
            for top, bottom, left, right in changed:
                rest[top:bottom, left:right] = False
            assert (now[rest] == before[rest]).all()
            assert not rest.all()
        before = now


@pytest.mark.usefixtures("_style")
def test_heads_are_where_the_paths_are() -> None:
    prepared = ready()
    film = Film(build_scene(prepared))
    axes = film.scene.panels[0].axes
    height = film.size[1]
    last = film.fullest()
    for path, style in zip(prepared.trajectories, film.scene.panels[0].looks.styles, strict=True):
        x, y = axes.transData.transform(path.points[-1])
        color = np.array([int(style.color[k : k + 2], 16) for k in (1, 3, 5)])
        at = last[int(height - y), int(x)]
        assert (at == color).all()


@pytest.mark.usefixtures("_style")
def test_the_work_of_a_frame_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    film = Film(build_scene(ready(steps=300)))
    drawn: list[int] = []
    per_frame: list[int] = []

    # The renderer takes these two from its C++ part when it is made.
    renderer: Any = film._renderer
    for name, index in (("draw_path", 1), ("draw_markers", 3)):
        old = getattr(renderer, name)

        def draw(*args: Any, old: Any = old, index: int = index) -> Any:
            drawn.append(len(args[index].vertices))
            return old(*args)

        monkeypatch.setattr(renderer, name, draw)
    for _ in film.frames():
        per_frame.append(sum(drawn))
        drawn.clear()
    assert per_frame[0] > 0
    assert max(per_frame[2:]) == per_frame[2]
    assert per_frame[2] <= 2 * 5


@pytest.mark.parametrize(("case", "said"), [("leaves", "left at"), ("diverges", "diverged at")])
@pytest.mark.usefixtures("_style")
def test_an_ending_is_told_in_its_frame(case: str, said: str) -> None:
    prepared = ready(**CASES[case])
    scene = build_scene(prepared)
    path = prepared.trajectories[0]
    at = path.exits[0] if said == "left at" else path.ending.step
    texts = [scene.texts[1][1](step) for step in range(at + 1)]
    assert texts[at] == f"{said} {at}"
    assert not any(said in text for text in texts[:at])


@pytest.mark.usefixtures("_style")
def test_an_exit_is_marked_in_its_frame() -> None:
    prepared, film, frames = filmed("leaves")
    path = prepared.trajectories[0]
    at = path.exits[0]
    ((step, edge),) = exit_points(path)
    assert step == at
    x, y = film.scene.panels[0].axes.transData.transform(edge)
    shown = film.scene.panels[0].looks.styles[0].color
    color = np.array([int(shown[k : k + 2], 16) for k in (1, 3, 5)])
    row, column = int(film.size[1] - y), int(x)
    near = np.s_[row - 3 : row + 4, column - 3 : column + 4]
    assert not (frames[at - 1][near] == color).all(axis=2).any()
    assert (frames[at][near] == color).all(axis=2).any()


@pytest.fixture(scope="module")
def gif(tmp_path_factory: pytest.TempPathFactory) -> tuple[Prepared, Path]:
    prepared = ready()
    path = tmp_path_factory.mktemp("film") / "a.gif"
    write_film(prepared, path)
    return prepared, path


def test_the_gif_keeps_the_trails_colours_and_has_no_hole(gif: tuple[Prepared, Path]) -> None:
    from PIL import Image

    from landscape.style import THEMES

    _, path = gif
    with Image.open(path) as film:
        frames = []
        for k in range(film.n_frames):  # type: ignore[attr-defined]
            film.seek(k)
            frames.append(np.asarray(film.convert("RGBA")))
    assert len(frames) == 13
    for frame in frames:
        assert (frame[..., 3] == 255).all()
    for color in THEMES["light"].trails[1:3]:  # momentum and Adam
        wanted = [int(color[k : k + 2], 16) for k in (1, 3, 5)]
        assert (frames[-1][..., :3] == wanted).all(axis=2).sum() > 30


LONG = """
import resource, sys
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.render import write_film
ready = prepare(Recipe(surface="beale", optimizers=("adam:lr=0.001", "gd:lr=0.0001"),
                       steps=9999, size="800x600"))
print(write_film(ready, sys.argv[1]).frames)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_ten_thousand_frames_fit_into_400_mb(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LONG, os.fspath(tmp_path / "a.gif")],
        capture_output=True,
        text=True,
        check=True,
    )
    frames, kilobytes = map(int, done.stdout.split())
    assert frames == 10_000
    assert kilobytes < 400_000


# -- lines and heads on each other ---------------------------------------------------------------


def color_of(style: Any) -> Any:
    return np.array([int(style.color[k : k + 2], 16) for k in (1, 3, 5)])


def count(picture: Any, style: Any) -> int:
    """Pixels of about the colour: those of a thin line are mixed with what is beneath it."""
    return int((np.abs(picture.astype(int) - color_of(style)).max(axis=2) < 50).sum())


TWINS = ("gd:lr=0.03", "momentum:lr=0.03,mu=0", "adam:lr=0.2")


@pytest.mark.usefixtures("_style")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("speed", [1, 4])
def test_of_paths_on_each_other_both_are_seen(theme: str, speed: int) -> None:
    shown: dict[str, Any] = {"surface": "ravine", "steps": 60, "size": "800x600", "theme": theme}
    prepared = ready(optimizers=TWINS, **shown)
    first, second, _ = prepared.trajectories
    assert np.array_equal(first.points, second.points)  # no momentum: the same path
    alone = ready(optimizers=TWINS[:1], **shown)
    film, frames = pictures(prepared, speed)
    lonely, pieces = pictures(alone, speed)
    panel = film.scene.panels[0]
    for step in (28, 60):
        at = panel.axes.transData.transform(first.points[step])
        row, column = int(film.size[1] - at[1]), int(at[0])
        frame = frames[film.steps.index(step)].copy()
        below, above, _ = panel.looks.styles
        # The head beneath is a ring, seen on at least two sides of the one above.
        near = frame[row - 14 : row + 15, column - 14 : column + 15]
        assert (near[14, 14] == color_of(above)).all()
        assert count(near, below) > 30
        # Without the heads the one trail has about as many pixels as the other, on all its length.
        near[:] = 0
        box = panel.axes.bbox
        rows = slice(int(film.size[1] - box.y1), int(film.size[1] - box.y0))
        inside = rows, slice(int(box.x0), int(box.x1))
        counts = [count(frame[inside], style) for style in (below, above)]
        assert min(counts) > 0.5 * max(counts)
        whole = pieces[lonely.steps.index(step)][inside]
        assert counts[0] < 0.9 * count(whole, lonely.scene.panels[0].looks.styles[0])


@pytest.mark.usefixtures("_style")
def test_paths_apart_have_whole_lines_and_usual_heads() -> None:
    film = Film(build_scene(ready(optimizers=("gd:lr=0.002", "adam:lr=0.3"), steps=20)))
    gd, adam = film._lines
    assert isinstance(gd, Line)
    assert not gd._broken
    assert gd._crowd is None or max(gd._crowd[8:]) == min(gd._crowd[8:])
    assert isinstance(adam, Line)
    assert adam._crowd is None


CROSSING: dict[str, Any] = {
    "surface": "ravine",
    "optimizers": ("gd:lr=0.095", "momentum:lr=0.06,mu=0.6", "adam:lr=0.3"),
    "steps": 40,
    "size": "800x600",
}


@pytest.mark.usefixtures("_style")
@pytest.mark.parametrize("speed", [1, 7])
def test_the_last_frame_is_the_still_where_paths_cross(speed: int) -> None:
    prepared = ready(**CROSSING)
    film, frames = pictures(prepared, speed)
    canvas: Any = draw_still(prepared).canvas
    canvas.draw()
    still = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
    box = film.scene.panels[0].axes.bbox
    inside = np.s_[
        int(film.size[1] - box.y1) : int(film.size[1] - box.y0), int(box.x0) : int(box.x1)
    ]
    away = np.abs(still - frames[-1])[inside].max(axis=2)
    assert (away > 60).sum() <= 8  # a joint of segments drawn one by one


@pytest.mark.usefixtures("_style")
def test_paths_that_cross_are_drawn_in_order_of_time() -> None:
    # GD's later bounces run over what momentum has drawn before: path by path they lay beneath.
    prepared = ready(**CROSSING)
    canvas: Any = draw_still(prepared).canvas
    canvas.draw()
    still = np.asarray(canvas.buffer_rgba())[..., :3]
    scene = build_scene(prepared)
    gd, momentum, _ = prepared.trajectories
    to_pixels = scene.panels[0].axes.transData.transform
    styles = scene.panels[0].looks.styles
    over = under = 0
    for k in range(1, 30):
        for m in range(k - 1):
            a, b = to_pixels(gd.points[k : k + 2])
            c, d = to_pixels(momentum.points[m : m + 2])
            system = np.stack([b - a, c - d], axis=1)
            if abs(np.linalg.det(system)) < 200:
                continue
            u, v = np.linalg.solve(system, c - a)
            if 0.3 < u < 0.7 and 0.3 < v < 0.7:
                x, y = a + u * (b - a)
                at = still[int(prepared_height(scene) - y), int(x)]
                over += bool((at == color_of(styles[0])).all())
                under += bool((at == color_of(styles[1])).all())
    assert over >= 2
    assert under == 0


def prepared_height(scene: Any) -> float:
    return float(scene.plan.size[1])


@pytest.mark.usefixtures("_style")
def test_letters_stand_over_the_trails() -> None:
    prepared = ready(
        surface="himmelblau", optimizers=("gd:lr=0.005",), fan=40, steps=60, size="360x300"
    )
    scene = build_scene(prepared)
    assert len(scene.letters) == 4
    film = Film(scene)
    empty = film._empty.copy()
    for _ in film.frames():
        pass
    for place, drawn, opaque in film._letters:
        top, bottom, left, right = place
        assert opaque.sum() > 60
        now = film._still[top:bottom, left:right]
        assert (now[opaque] == drawn[opaque]).all()
        assert (empty[top:bottom, left:right][opaque] == drawn[opaque]).all()


@pytest.mark.usefixtures("_style")
def test_a_still_of_another_resolution_is_the_same_picture(tmp_path: Path) -> None:
    from PIL import Image

    prepared = ready(
        surface="ravine", optimizers=("gd:lr=0.06",), arrows=("gradient",), steps=3, size="640x360"
    )
    figure = draw_still(prepared, 1)
    pictures_of = []
    for dpi in (100, 200):
        figure.savefig(tmp_path / "a.png", dpi=dpi, facecolor=figure.get_facecolor())
        with Image.open(tmp_path / "a.png") as picture:
            pictures_of.append(np.asarray(picture.convert("RGB").resize((640, 360), 3), dtype=int))
    one, other = pictures_of
    assert (np.abs(one - other).max(axis=2) > 120).mean() < 0.004
