"""What the gallery says of planes and profiles, tested on the numbers behind the pictures."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.networks.run import Run
from landscape.pictures import read_any_recipe
from landscape.pictures.network import load_data
from landscape.pictures.plane import PlaneRecipe
from landscape.pictures.profile import ProfileRecipe
from landscape.pictures.trained import trained_runs
from landscape.pictures.variants import variants_of
from landscape.planes import curvature_map, joint_plane, principal_components, random_directions
from landscape.planes.geometry import Line, line_through
from landscape.planes.profile import profile

GALLERY = Path(__file__).parents[2] / "gallery"


def load(name: str) -> Any:
    return read_any_recipe((GALLERY / f"{name}.toml").read_text("utf-8"), name)


@lru_cache(maxsize=16)
def trained(recipe: Any, seed: int = 0, snapshots: int = 2) -> tuple[Any, Any, list[Run]]:
    data = load_data(recipe.data)
    network = recipe.network(data, recipe.activation)
    runs = trained_runs(
        recipe,
        network,
        data,
        seed=seed,
        apart=recipe.apart,
        snapshots=snapshots,
        progress=lambda done, total: None,
    )
    return network, data, runs


def rises(recipe: PlaneRecipe | ProfileRecipe, seeds: int, repeats: int = 20) -> list[float]:
    """The mean rise of the loss at the radius, over both sides of the directions, for each seed."""
    found = []
    for seed in range(seeds):
        network, data, (run,) = trained(recipe, seed)
        lines = [
            Line(run.final, direction)
            for direction in random_directions(network, run.final, repeats, seed=recipe.draw)
        ]
        at = profile(network, data.X, data.y, lines, [-recipe.radius, 0.0, recipe.radius]).loss
        found.append(float(np.mean(0.5 * (at[:, 0] + at[:, 2]) - at[:, 1])))
    return found


# Each seed is a training of its own.
SEEDS = pytest.mark.parametrize("seeds", [2, pytest.param(5, marks=pytest.mark.slow)])


@SEEDS
def test_twenty_layers_are_sharper_without_skip_connections_in_every_seed(seeds: int) -> None:
    recipe = load("skip_connections")
    without, skipped = (
        rises(variant.recipe, seeds) for variant in variants_of(recipe, recipe.vary, 4)
    )
    assert recipe.seeds == 5
    assert all(a > b for a, b in zip(without, skipped, strict=True))
    # The page says 1.1 to 1.8, and 0.006 to 0.034; another BLAS rounds otherwise.
    assert 0.5 < min(without) < max(without) < 4
    assert max(skipped) < 0.1
    one, other = (
        trained(variant.recipe, 0)[2][0].train_loss[-1]
        for variant in variants_of(recipe, recipe.vary, 4)
    )
    assert one > 500 * other


@SEEDS
def test_small_batches_end_in_wider_minima_in_every_seed(seeds: int) -> None:
    recipe = load("batch_sharpness")
    small, full = (rises(variant.recipe, seeds) for variant in variants_of(recipe, recipe.vary, 4))
    assert recipe.seeds == 5
    assert all(a < b for a, b in zip(small, full, strict=True))
    ends = [
        np.mean([trained(one.recipe, seed)[2][0].train_loss[-1] for seed in range(seeds)])
        for one in variants_of(recipe, recipe.vary, 4)
    ]
    assert 0.05 < ends[0] / ends[1] < 0.2


def test_there_are_walls_between_three_solutions_of_about_the_same_loss() -> None:
    network, data, runs = trained(load("three_solutions"))
    ends = [float(run.train_loss[-1]) for run in runs]
    assert max(ends) < 2 * min(ends)
    for k in range(3):
        line = line_through(runs[k].final, runs[(k + 1) % 3].final)
        found = profile(network, data.X, data.y, line, np.linspace(0, 1, 21)).loss[0]
        assert found.max() > 100 * max(ends)


def test_the_loss_rises_a_thousandfold_between_solutions_and_falls_beyond_them() -> None:
    recipe = load("between_solutions")
    network, data, (first, second) = trained(recipe)
    line = line_through(first.final, second.final)
    found = profile(network, data.X, data.y, line, [-0.1, 0.0, 0.5, 1.0, 1.1]).loss[0]
    assert found[2] > 500 * max(found[1], found[3])
    assert found[0] < found[1]
    assert found[4] < found[3]


@lru_cache
def path_of_training() -> tuple[Any, Any]:
    network, data, runs = trained(load("training_plane"), snapshots=200)
    return joint_plane(network, data, runs, resolution=5)[1:]


def test_the_plane_of_three_paths_shows_more_than_of_random_walks() -> None:
    paths, principal = path_of_training()
    assert principal.shares.sum() > 0.85
    assert principal.random_walk.sum() == pytest.approx(0.54, abs=0.03)
    for path in paths:
        assert path.relative[-1] > 0.02
        assert path.loss[-1] < 0.05 * path.loss[0]


def test_the_loss_is_all_but_convex_along_both_paths_and_not_far_from_them() -> None:
    recipe = load("curvature")
    network, data, runs = trained(recipe, snapshots=9)
    geometry = principal_components(runs).geometry()

    def ratio(place: Any) -> float:
        found = curvature_map(network, data.X, data.y, geometry, [place[0]], [place[1]])
        return float(found.ratio[0, 0])

    for run in runs:
        along = [ratio(place) for place in geometry.coordinates(run.snapshots[2::3])]
        assert max(along) < 0.1
    x, y = geometry.coordinates(runs[0].snapshots[0])
    assert ratio((x + 1, y + 3)) > 0.2
