"""Pictures of swarms: what they count, what they draw and where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import landscape as ls
from landscape.animation.metadata import read_recipe
from landscape.drawing.scene import picture_style
from landscape.drawing.splats import add_dots, add_lines, merge
from landscape.errors import LandscapeError
from landscape.maps.places import CIRCLING, MOVING
from landscape.pictures import read_any_recipe
from landscape.pictures.basins_shares import shares_of
from landscape.pictures.swarm import SwarmRecipe, Swarms, prepare
from landscape.pictures.swarm_noise import SHARES

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
    assert panel.theory is not None
    assert panel.theory.temperature == 40
    assert panel.held is not None
    for k, step in enumerate(ready.steps):
        assert sum(panel.counts(k).values()) == 300
        x, y = list(panel.swarm.walk())[step]
        # Hollows are about the quarters of the domain.
        right = sum(n for label, n in panel.counts(k).items() if label >= 0
                    and ready.places.points[label].x > 0)  # fmt: skip
        assert abs(right - np.count_nonzero(x > 0)) <= 30
        assert np.isfinite(y).all()
    # Particles spread evenly are not yet where theory says.
    density = panel.theory.gibbs.density
    areas = [np.mean(density >= level) for level in panel.theory.gibbs.levels(SHARES)]
    assert panel.held.within[0] == pytest.approx(areas, abs=0.05)
    assert panel.held.within[-1] == pytest.approx(SHARES, abs=0.09)
    assert sum(panel.theory.shares.values()) == pytest.approx(1)
    assert panel.theory.shares[0] < panel.theory.shares[3] < panel.theory.shares[2]
    assert "by theory, exp(-loss/T) with T = 40, minimum A" in ready.numbers()[1]


def test_theorys_shares_stand_beside_the_counts_of_each_frame() -> None:
    ready = prepare(SwarmRecipe(**{**NOISY, "size": "slide"}, density=True))
    (panel,) = ready.panels
    assert panel.theory is not None
    assert panel.held is not None
    with picture_style():
        drawing = ready.draw()
        for frame in (0, 3):
            drawing.show(frame)
            said = [text.get_text() for text in drawing.figure.texts]
            for mine, share in zip(panel.held.within[frame], SHARES, strict=True):
                assert said.count(f"{100 * share:.1f} %") >= 1
                assert f"{100 * mine:.1f} %" in said
            for label in range(4):
                assert f"{100 * panel.counts(frame)[label] / 300:.1f} %" in said
            shares = dict(shares_of({k: round(1e6 * n) for k, n in panel.theory.shares.items()}))
            assert {shares[label] for label in range(4)} <= set(said)
            assert float(shares[0][:-2]) == pytest.approx(100 * panel.theory.shares[0], abs=0.11)
    assert {"now", "theory", "T = 40"} <= set(said)


def test_what_the_gallery_says_of_noise_is_so() -> None:
    """After some 2700 steps all shares are those of theory, to about two percent."""
    path = Path(__file__).parents[2] / "gallery" / "swarm_sgld.toml"
    recipe = SwarmRecipe.from_toml(path.read_text("utf-8"))
    ready = prepare(recipe)
    assert read_any_recipe(read_recipe(str(path.with_suffix(".gif")))) == ready.recipe
    (panel,) = ready.panels
    held, theory = panel.held, panel.theory
    assert held is not None
    assert theory is not None
    assert held.counts[0] == {0: 5000}
    for counts, within, step in zip(held.counts, held.within, ready.steps, strict=True):
        if step >= 2700:
            assert within == pytest.approx(SHARES, abs=0.025)
            shares = [counts[label] / 5000 for label in range(4)]
            assert shares == pytest.approx([theory.shares[k] for k in range(4)], abs=0.025)


def test_what_is_far_from_theory_is_called_so() -> None:
    near, far = (
        prepare(SwarmRecipe(**{**NOISY, "surface": "two_wells", "optimizers": (rule,)}))
        for rule in ("sgld:lr=0.02,temperature=1", "sgld:lr=0.01,temperature=0.1")
    )
    assert not any("far from theory" in one for one in near.numbers())
    assert any("far from theory" in one for one in far.numbers())


def test_a_film_shows_the_steps_in_which_most_arrive_and_then_the_end() -> None:
    keys = {**SMALL, "steps": None, "optimizers": ("momentum:lr=0.005",)}
    ready = prepare(SwarmRecipe(**keys))
    recipe, (panel,) = ready.recipe, ready.panels
    assert recipe.steps is not None
    assert recipe.until is not None
    assert 60 <= recipe.until < 120 < recipe.steps
    assert ready.steps == (*range(recipe.until + 1), recipe.steps)
    # What becomes of each is what the whole run says, and the last frame has all of it.
    assert panel.swarm.paths.steps == recipe.steps
    labels, numbers = np.unique(panel.fates.labels, return_counts=True)
    assert panel.counts(ready.count - 1) == dict(
        zip(labels.tolist(), numbers.tolist(), strict=True)
    )
    assert panel.counts(ready.count - 2).get(MOVING, 0) <= 3
    again = prepare(recipe)
    assert again.steps == ready.steps
    np.testing.assert_array_equal(again.panels[0].fates.labels, panel.fates.labels)
    for more, steps in (
        ({"until": 10}, (*range(11), recipe.steps)),
        ({"until": 10, "speed": 4}, (0, 4, 8, 10, recipe.steps)),
        ({"steps": 12}, tuple(range(13))),
        ({"steps": 12, "until": 10, "frames": 4}, (0, 5, 10, 12)),
    ):
        assert prepare(SwarmRecipe(**{**keys, **more})).steps == steps
    still = prepare(SwarmRecipe(**{**keys, "kind": "still", "format": "png"}))
    arrived = 60 - still.panels[0].counts(still.count - 1).get(MOVING, 0)
    assert 15 <= arrived <= 50
    assert still.recipe.step == still.steps[-1]


def test_where_few_come_to_rest_particles_have_the_colour_of_what_they_circle() -> None:
    """Adam at this rate circles the minima; a film cut short would call them still moving."""
    keys = {**SMALL, "steps": None, "surface": "ackley", "optimizers": ("adam:lr=0.5",)}
    ready = prepare(SwarmRecipe(**{**keys, "particles": 300}))
    (panel,) = ready.panels
    assert np.mean(panel.fates.labels == MOVING) < 0.05
    assert panel.counts(ready.count - 1)[CIRCLING] > 90
    assert ready.recipe.until is not None
    assert ready.recipe.until <= 119
    assert "circling minimum A (0, 0)" in ready.numbers()[0]


def test_the_end_of_the_run_leaves_no_trail() -> None:
    one = {**SMALL, "particles": 1, "origin": (-1.0, 4.0), "spread": 0.0, "marks": False}
    ready = prepare(SwarmRecipe(**{**one, "optimizers": ("gd:lr=0.001",), "until": 2, "steps": 99}))
    with_trail, without = (
        shown(ready.with_recipe(ready.recipe.with_(trail=trail)), 3) for trail in (12, 0)
    )
    np.testing.assert_array_equal(with_trail, without)
    assert not np.array_equal(
        shown(ready, 2), shown(ready.with_recipe(ready.recipe.with_(trail=0)), 2)
    )


def test_progress_is_told_in_python() -> None:
    told: list[tuple[int, int]] = []
    ls.swarm(
        "himmelblau", "newton", particles=10, steps=4, size="480x320",
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(1, 2), (2, 2)]


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


def test_a_field_of_spikes_is_made_flatter_so_that_its_hollows_are_seen() -> None:
    keys: dict[str, Any] = {
        "optimizers": ("gd:lr=0.001",),
        "particles": 9,
        "steps": 2,
        "view": "3d",
    }
    spikes = prepare(SwarmRecipe(surface="rastrigin", **keys)).recipe
    assert spikes.exaggerate < 0.8
    assert prepare(spikes).recipe == spikes
    assert prepare(SwarmRecipe(surface="himmelblau", **keys)).recipe.exaggerate == 1
    asked = SwarmRecipe(surface="rastrigin", elevation=40.0, **keys)
    assert prepare(asked).recipe.exaggerate == 1


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
        ({"view": "both"}, "unknown view 'both': choose from contour, 3d"),
        ({"until": 20, "steps": 9}, "there are 9 steps: 20 cannot be shown"),
        ({"until": 9000, "optimizers": ("newton",)}, "steps: 9000 cannot be shown"),
        (
            {
                "surface": "saddle",
                "optimizers": ("sgld:lr=0.01,temperature=0.1",),
                "density": True,
            },
            "the loss of saddle falls without end",
        ),
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
