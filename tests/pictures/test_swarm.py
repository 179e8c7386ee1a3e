"""Pictures of swarms: what they count, what they draw and where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import landscape as ls
from landscape.drawing.scene import picture_style
from landscape.drawing.splats import add_dots, add_lines, merge
from landscape.errors import LandscapeError
from landscape.maps.places import MOVING
from landscape.pictures.swarm import SHARES, SwarmRecipe, Swarms, prepare

# Newton's method walks one by one: no kernel has to be compiled.
SMALL: dict[str, Any] = {
    "surface": "himmelblau",
    "optimizers": ("newton",),
    "particles": 60,
    "steps": 12,
    "size": "480x320",
}
NOISY: dict[str, Any] = {
    "surface": "himmelblau",
    "optimizers": ("sgld:lr=0.001,temperature=40",),
    "particles": 300,
    "steps": 300,
    "frames": 4,
    "size": "480x320",
}


def shown(ready: Swarms, frame: int) -> np.ndarray:
    """Return a frame as RGB."""
    with picture_style():
        film, _ = ready.film()
        for k, _ in enumerate(film.frames()):
            if k == frame:
                return film.rgb().copy()
    raise AssertionError(frame)


def test_the_counts_are_all_particles_and_grow() -> None:
    ready = prepare(SwarmRecipe(**SMALL))
    (panel,) = ready.panels
    assert ready.steps == tuple(range(13))
    counts = [panel.counts(k) for k in range(ready.count)]
    assert all(sum(one.values()) == 60 for one in counts)
    arrived = [60 - one.get(MOVING, 0) for one in counts]
    assert arrived == sorted(arrived)
    assert arrived[0] < 10
    assert arrived[-1] > 40
    labels, numbers = np.unique(panel.fates.labels, return_counts=True)
    assert counts[-1] == dict(zip(labels.tolist(), numbers.tolist(), strict=True))
    assert ready.numbers()[0].startswith("Newton: of 60 particles minimum A (-3.78, -3.28) ")


def test_particles_with_noise_are_counted_in_the_hollow_where_they_are() -> None:
    ready = prepare(SwarmRecipe(**NOISY, density=True))
    (panel,) = ready.panels
    assert ready.steps == (0, 100, 200, 300)
    assert panel.temperature == 40
    for k, step in enumerate(ready.steps):
        assert sum(panel.counts(k).values()) == 300
        x, y = list(panel.swarm.walk())[step]
        # Hollows are about the quarters of the domain.
        right = sum(n for label, n in panel.counts(k).items() if label >= 0
                    and ready.places.points[label].x > 0)  # fmt: skip
        assert abs(right - np.count_nonzero(x > 0)) <= 30
        assert np.isfinite(y).all()
    assert panel.within == pytest.approx(SHARES, abs=0.06)
    assert "by theory" in ready.numbers()[1]


def test_without_a_number_of_steps_a_film_ends_when_most_have_arrived() -> None:
    ready = prepare(SwarmRecipe(**{**SMALL, "steps": None}))
    assert ready.recipe.steps is not None
    assert 20 <= ready.recipe.steps <= 60
    still = prepare(SwarmRecipe(**{**SMALL, "kind": "still", "format": "png"}))
    arrived = 60 - still.panels[0].counts(still.count - 1).get(MOVING, 0)
    assert 15 <= arrived <= 50
    assert still.recipe.step == still.steps[-1]


def test_a_particle_is_where_its_path_is_in_its_colour() -> None:
    """One particle of a film without levels and marks: its dot, and its trail behind it."""
    one = {**SMALL, "particles": 1, "origin": (-1.0, 4.0), "spread": 0.0, "dot": 9.0}
    ready = prepare(SwarmRecipe(**one, marks=False))
    (x0, y0, wide, tall) = ready.recipe.plan(1, 1.0).maps[0]
    path = ls.descend("himmelblau", "newton", start=(-1.0, 4.0), steps=12).points
    frame = 2
    pixels = shown(ready, frame).astype(int)
    x, y = path[frame]
    column = x0 + (x + 6) / 12 * wide
    row = 320 - (y0 + (y + 6) / 12 * tall)
    color = pixels[int(row), int(column)]
    label = int(ready.panels[0].fates.labels[0])
    bright = [(0x3F, 0xA9, 0xFF), (0xFF, 0xB0, 0x1F), (0x1F, 0xD6, 0xA0), (0xFF, 0x8F, 0xD2)]
    assert np.abs(color - bright[label]).max() <= 3
    before = path[frame - 1]
    middle = 0.5 * (path[frame] + before)
    near = pixels[
        int(320 - (y0 + (middle[1] + 6) / 12 * tall)), int(x0 + (middle[0] + 6) / 12 * wide)
    ]
    still = shown(prepare(SwarmRecipe(**one, marks=False, trail=0)), frame).astype(int)
    there = still[
        int(320 - (y0 + (middle[1] + 6) / 12 * tall)), int(x0 + (middle[0] + 6) / 12 * wide)
    ]
    assert np.abs(near - bright[label]).sum() < np.abs(there - bright[label]).sum()


def test_in_three_dimensions_what_is_behind_is_not_drawn() -> None:
    """A hill hides who stands behind it, and not who stands before it."""
    keys: dict[str, Any] = {
        "surface": "0 - x**2 - y**2",
        "optimizers": ("newton",),
        "bounds": (-3.0, 3.0, -3.0, 3.0),
        "particles": 1,
        "steps": 1,
        "size": "480x320",
        "spread": 0.05,
        "view": "3d",
        "elevation": 10.0,
        "azimuth": 0.0,
        "marks": False,
    }
    changed = []
    for x in (2.0, -1.5):
        small, large = (
            shown(prepare(SwarmRecipe(**keys, origin=(x, 0.0), dot=dot)), 0) for dot in (2.0, 12.0)
        )
        changed.append(int((small != large).any(axis=2).sum()))
    assert changed[0] > 15
    assert changed[1] == 0


@pytest.mark.parametrize("suffix", ["gif", "png", "mp4"])
def test_the_same_recipe_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    pictures = []
    for name in ("a", "b"):
        made = ls.swarm("himmelblau", "newton", particles=50, steps=8, size="480x320", seed=4)
        path = tmp_path / f"{name}.{suffix}"
        made.save(path)
        pictures.append(path.read_bytes())
    assert pictures[0] == pictures[1]
    other = tmp_path / f"c.{suffix}"
    ls.swarm("himmelblau", "newton", particles=50, steps=8, size="480x320", seed=5).save(other)
    assert other.read_bytes() != pictures[0]


@pytest.mark.parametrize("suffix", ["svg", "pdf"])
def test_a_still_for_paper_has_its_particles(tmp_path: Path, suffix: str) -> None:
    keys: dict[str, Any] = {"particles": 50, "steps": 8, "size": "480x320", "theme": "light"}
    ls.swarm("himmelblau", "newton", step=2, **keys).save(tmp_path / f"a.{suffix}")
    ls.swarm("himmelblau", "newton", step=2, dot=12.0, **keys).save(tmp_path / f"b.{suffix}")
    first, second = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in "ab")
    assert len(first) > 10_000
    assert first != second


def test_several_rules_have_the_same_particles() -> None:
    ready = prepare(SwarmRecipe(**{**SMALL, "optimizers": ("newton", "bfgs"), "size": "slide"}))
    first, second = ready.panels
    np.testing.assert_array_equal(first.swarm.x, second.swarm.x)
    assert not np.array_equal(first.fates.labels, second.fates.labels)
    with picture_style():
        said = [text.get_text() for text in ready.figure().texts]
    assert {"Newton", "BFGS"} <= {one.strip() for one in said}
    for panel in ready.panels:
        assert sum(panel.counts(5).values()) == 60


def test_a_surface_and_a_rule_of_ones_own(tmp_path: Path) -> None:
    made = ls.swarm(
        lambda x, y: x**2 + 2 * y**2,
        ls.optimizer("gd:lr=0.1"),
        particles=20,
        steps=40,
        size="480x320",
    )
    assert "20 particles minimum A (0, 0) 100.0 %" in made.numbers()[0]
    made.save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (480, 320)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"spread": 1.0}, "a spread is that of a cloud: add --from X,Y"),
        ({"step": 3}, "a film shows all steps"),
        ({"view": "both"}, "not both"),
        ({"density": True}, "a density is that of particles with noise"),
        ({"density": True, "view": "3d"}, "a density is seen from above"),
        ({"optimizers": ("gd",) * 5}, "4 swarms fit into one picture: 5 optimizers came"),
        ({"optimizers": ("sgld:lr=0.001", "gd:lr=0.001")}, "with noise and without"),
        ({"size": "200x200"}, "has no room for its maps"),
        ({"size": "400x300", "optimizers": ("gd", "adam", "newton")}, "no room for 3 swarms"),
        ({"optimizers": ("newton",), "particles": 1_000_000, "steps": 100}, "are too many where"),
        ({"surface": "python:mine"}, "'mine' was made in Python"),
    ],
)
def test_what_means_nothing_is_said_in_a_line(keys: dict[str, Any], said: str) -> None:
    def make() -> None:
        recipe = SwarmRecipe(**keys)
        recipe.check_room()
        prepare(recipe)

    with pytest.raises(LandscapeError, match=re.escape(said)) as problem:
        make()
    assert "\n" not in str(problem.value)


def test_light_is_added_up() -> None:
    lines, dots = np.zeros((9, 9, 4), np.float32), np.zeros((9, 9, 4), np.float32)
    red, blue = np.array([[1, 0, 0]], np.float32), np.array([[0, 0, 1]], np.float32)
    # A line of six pixels along the middle of a row: its weight is its length, all in that row.
    ends = [np.array([one]) for one in (1.0, 4.5, 7.0, 4.5)]
    add_lines(lines, *ends, red, 0.5, 100.0)
    assert lines[4, :, 3].sum() == pytest.approx(3.0, rel=1e-5)
    assert lines[..., 3].sum() == pytest.approx(3.0, rel=1e-5)
    np.testing.assert_array_equal(lines[..., 0], lines[..., 3])
    kept = lines.copy()
    add_lines(lines, *ends, red, 0.5, 5.0)  # too long
    add_lines(lines, ends[0] * np.nan, *ends[1:], red, 0.5, 100.0)
    np.testing.assert_array_equal(lines, kept)
    # A dot has about the area of a circle, whatever it stands on, and what is outside is left out.
    for x in (4.5, 4.2):
        dots[:] = 0
        add_dots(dots, np.array([x]), np.array([4.5]), blue, 2.5)
        assert dots[..., 3].sum() == pytest.approx(np.pi * 2.5**2, rel=0.05)
    add_dots(dots, np.array([-50.0, np.nan]), np.array([4.5, 4.5]), np.repeat(blue, 2, 0), 2.5)
    rgba = np.zeros((9, 9, 4), np.uint8)
    glow = np.ones(3, np.float32)
    merge(lines, dots, 0.8, glow, 0.75, 14, rgba)
    assert rgba[4, 4].tolist() == [0, 0, 255, 255]
    assert rgba[4, 7, 3] < 255
    assert rgba[0, 0].tolist() == [0, 0, 0, 0]
    # Many upon each other go towards the glow.
    for _ in range(40):
        add_dots(dots, np.array([4.5]), np.array([4.5]), blue, 2.5)
    merge(lines, dots, 0.8, glow, 0.75, 14, rgba)
    assert 150 < rgba[4, 4, 0] < 255
    assert rgba[4, 4, 2] == 255
