"""The thin lines are the contours of the batch that the step's gradient is measured on."""

from __future__ import annotations

import numpy as np
import pytest

from landscape.drawing.batch import batch_lines
from landscape.drawing.scene import build_scene, picture_style
from landscape.errors import LandscapeError
from landscape.prepare import prepare
from landscape.recipe import Recipe

SURFACE = "data:line,n=40,noise=2,scaling=standard"


def test_the_lines_lie_on_the_levels_of_the_batch() -> None:
    from matplotlib.figure import Figure

    ready = prepare(Recipe(surface=SURFACE, optimizers=("gd:lr=0.1",), batch=5, seed=3, steps=6))
    axes = Figure().add_subplot()
    (x0, x1), (y0, y1) = ready.surface.bounds
    axes.set(xlim=(x0, x1), ylim=(y0, y1))
    values = ready.surface.grid(30, 30)[2]
    levels = np.quantile(values, np.linspace(0, 1, 10)).tolist()
    made = batch_lines(ready.surface, ready.trajectories, 5, 3, axes, levels, ("#000000", 1.0))
    assert made is not None
    batch = ready.surface.batch_surface(4, 5, 3)  # type: ignore[attr-defined]
    lines = made.lines(4)
    assert lines
    for line in lines:
        x, y = axes.transData.inverted().transform(line).T
        found = batch.value(x, y)
        nearest = min(made.levels, key=lambda level: abs(level - float(np.median(found))))
        assert np.allclose(found, nearest, rtol=0.05)


def test_each_step_has_another_batch_whose_gradient_it_is() -> None:
    ready = prepare(Recipe(surface=SURFACE, optimizers=("gd:lr=0.1",), batch=5, seed=3, steps=6))
    path = ready.trajectories[0]
    for k in range(6):
        batch = ready.surface.batch_surface(k, 5, 3)  # type: ignore[attr-defined]
        assert np.allclose(batch.gradient(*path.points[k]), path.gradients[k])


@pytest.mark.parametrize("values", [{"surface": "sphere"}, {"surface": SURFACE}])
def test_without_batches_there_is_one_clear_line(values: dict[str, str]) -> None:
    ready = prepare(Recipe(optimizers=("gd:lr=0.1",), steps=3, batch_lines=True, **values))  # type: ignore[arg-type]
    with picture_style(), pytest.raises(LandscapeError, match="a data surface and --batch"):
        build_scene(ready)
