"""Arrows are what their kind says, and the triangle is Nelder-Mead's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from landscape.drawing.groups import group_paths
from landscape.drawing.shapes import ArrowTrack, arrow_tracks, simplex_tracks
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.style import THEMES

LIGHT = THEMES["light"]


def arrows(kinds: tuple[str, ...], *rules: str, **values: Any) -> tuple[list[ArrowTrack], Any, Any]:
    ready = prepare(Recipe(surface="ravine", optimizers=rules, **{"steps": 12, **values}))
    axes = Figure(figsize=(8, 6), dpi=100).add_subplot()
    axes.set(xlim=(-5, 5), ylim=(-2.5, 2.5))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    made, scale = arrow_tracks(kinds, ready.trajectories, axes, looks, LIGHT, 1.0)
    return made, scale, ready


def test_the_gradient_is_the_step_of_gradient_descent() -> None:
    (arrow,), scale, ready = arrows(("gradient",), "gd:lr=0.02")
    path = ready.trajectories[0]
    assert scale >= 1
    assert np.allclose(arrow.vectors[:-1], scale * np.diff(path.points, axis=0))


def test_of_a_rule_that_rescales_it_the_gradient_is_a_direction() -> None:
    (arrow,), scale, ready = arrows(("gradient",), "adam:lr=0.1")
    path = ready.trajectories[0]
    lengths = np.hypot(*arrow.vectors[:-1].T) / scale
    assert np.allclose(lengths, np.hypot(*np.diff(path.points, axis=0).T))
    crossed = np.cross(
        np.pad(arrow.vectors[:-1], ((0, 0), (0, 1))), np.pad(path.gradients[:-1], ((0, 0), (0, 1)))
    )
    assert np.allclose(crossed, 0, atol=1e-9)
    assert ((arrow.vectors[:-1] * path.gradients[:-1]).sum(axis=1) < 0).all()


def test_the_velocity_is_the_last_movement_of_rules_that_have_one() -> None:
    (arrow,), scale, ready = arrows(("velocity",), "momentum:lr=0.02", "gd:lr=0.02")
    path = ready.trajectories[0]
    assert np.allclose(arrow.vectors[1:], scale * np.diff(path.points, axis=0))
    assert np.allclose(arrow.vectors, scale * path.velocities)


def test_the_next_step_by_coordinate() -> None:
    (across, up), scale, ready = arrows(("step",), "adagrad:lr=0.5")
    steps = scale * np.diff(ready.trajectories[0].points, axis=0)
    assert np.allclose(across.vectors, np.stack([steps[:, 0], 0 * steps[:, 1]], axis=1))
    assert np.allclose(up.vectors, np.stack([0 * steps[:, 0], steps[:, 1]], axis=1))
    # After the last step there is no next one.
    assert across.outline(len(steps)) is None


def test_an_arrow_reaches_from_tail_to_tip_and_is_never_cut() -> None:
    (arrow,), _, _ = arrows(("gradient",), "gd:lr=0.09")
    outline = arrow.outline(0)
    assert outline is not None
    corners = np.asarray(outline.vertices)
    tail = arrow.axes.transData.transform(arrow.tails[0])
    reach = np.hypot(*(corners - tail).T).max()
    tip = arrow.axes.transData.transform(arrow.tails[0] + arrow.vectors[0]) - tail
    assert reach == pytest.approx(np.hypot(*tip))
    far = corners[np.hypot(*(corners - tail).T).argmax()] - tail
    assert np.dot(far, tip) / np.hypot(*far) / np.hypot(*tip) == pytest.approx(1, abs=1e-6)


def test_an_arrow_is_as_wide_in_any_resolution() -> None:
    (arrow,), _, _ = arrows(("gradient",), "gd:lr=0.09")
    figure: Any = arrow.axes.figure
    shares = []
    for dpi in (100, 200):
        figure.set_dpi(dpi)
        outline = arrow.outline(0)
        assert outline is not None
        corners = np.asarray(outline.vertices)
        shares.append(np.hypot(*(corners[0] - corners[6])) / dpi)
    assert shares[0] == pytest.approx(shares[1])


def test_where_nothing_moves_there_is_no_arrow() -> None:
    (arrow,), _, _ = arrows(("gradient",), "gd:lr=0.02", start=(0, 0))
    assert arrow.outline(3) is None


def test_the_triangle_is_the_solver_s() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("nelder_mead", "gd"), steps=9))
    axes = Figure(figsize=(8, 6), dpi=100).add_subplot()
    axes.set(xlim=(-6, 6), ylim=(-6, 6))
    looks = group_paths(ready.surface, ready.trajectories, LIGHT, 1.0)
    (track,) = simplex_tracks(ready.trajectories, axes, looks, 1.0)
    outline = track.outline(4)
    assert outline is not None
    simplices = ready.trajectories[0].simplices
    assert simplices is not None
    assert np.allclose(np.asarray(outline.vertices)[:3], axes.transData.transform(simplices[4]))
