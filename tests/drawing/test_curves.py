"""The curves beside a surface show the numbers of the paths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.drawing.curves import draw_strip, progress_of
from landscape.drawing.track import Track
from landscape.drawing.trail import trail_styles
from landscape.errors import LandscapeError
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.style import THEMES


def strip(kind: str, **values: Any) -> tuple[Any, list[Track], Any]:
    from matplotlib.figure import Figure

    ready = prepare(Recipe(**{"surface": "beale", "optimizers": ("gd", "adam"), **values}))
    theme = THEMES["light"]
    styles = trail_styles([path.rule.name for path in ready.trajectories], theme)
    axes = Figure().add_subplot()
    return axes, draw_strip(axes, kind, ready.trajectories, styles, theme, 1.0), ready


def test_loss_on_a_log_axis() -> None:
    axes, tracks, ready = strip("loss", steps=30)
    assert axes.get_yscale() == "log"
    assert axes.get_xlim() == (0, 30)
    for track, path in zip(tracks, ready.trajectories, strict=True):
        assert np.array_equal(track.points[:, 0], np.arange(31))
        assert np.array_equal(track.points[:, 1], path.losses)


def test_a_loss_below_zero_is_counted_from_the_known_minimum() -> None:
    axes, tracks, ready = strip("loss", surface="two_wells", optimizers=("momentum",))
    assert axes.get_yscale() == "log"
    assert axes.get_title(loc="left") == "loss above the minimum"
    lowest = ready.surface.minima[0].value
    assert np.allclose(tracks[0].points[:20, 1], ready.trajectories[0].losses[:20] - lowest)


def test_a_loss_without_a_floor_has_a_plain_axis() -> None:
    axes, _, _ = strip("loss", surface="saddle")
    assert axes.get_yscale() == "linear"


def test_rates_are_the_schedule_s() -> None:
    axes, tracks, _ = strip("rate", optimizers=("gd:lr=0.01",), schedule="lr0/(1+t)", steps=99)
    assert axes.get_yscale() == "linear"
    assert np.allclose(tracks[0].points[:-1, 1], 0.01 / (1 + np.arange(99)))
    # The last rate would be that of a step which is not taken.
    assert tracks[0].points[-1, 1] == tracks[0].points[-2, 1]


def test_rates_far_apart_have_a_log_axis() -> None:
    axes, _, _ = strip("rate", optimizers=("gd:lr=0.001", "adam:lr=0.1"), steps=9)
    assert axes.get_yscale() == "log"


def test_a_solver_has_no_rate() -> None:
    _, tracks, ready = strip("rate", optimizers=("gd:lr=0.001", "newton"), steps=9)
    assert len(ready.trajectories) == 2
    assert len(tracks) == 1


def test_gradient_norms() -> None:
    _, tracks, ready = strip("gradient", steps=20)
    for track, path in zip(tracks, ready.trajectories, strict=True):
        assert np.allclose(track.points[:, 1], np.hypot(*path.gradients.T))


def test_a_diverging_curve_ends() -> None:
    _, tracks, ready = strip("loss", surface="sphere", optimizers=("gd:lr=1e80",), steps=9)
    path = ready.trajectories[0]
    assert path.ending.outcome == "diverged"
    assert tracks[0].lost == len(path) - 1
    assert np.isfinite(tracks[0].points).all()


def test_epochs_need_data() -> None:
    ready = prepare(Recipe(surface="beale", optimizers=("gd",), steps=3))
    assert progress_of(ready.trajectories[0], "evaluations").tolist() == [0, 1, 2, 3]
    with pytest.raises(LandscapeError, match="no data to count epochs of"):
        progress_of(ready.trajectories[0], "epochs")


def test_a_solver_that_stays_where_it_begins_is_no_trouble() -> None:
    axes, tracks, ready = strip("gradient", surface="0*x + 3", optimizers=("bfgs", "gd:lr=0.1"))
    assert len(ready.trajectories[0]) == 1
    assert axes.get_xlim()[1] == len(ready.trajectories[1]) - 1
    _, tracks, _ = strip("rate", surface="0*x + 3", optimizers=("bfgs", "gd:lr=0.1"))
    assert len(tracks) == 1


def test_losses_about_to_overflow_leave_the_axes_finite() -> None:
    axes, tracks, ready = strip("loss", surface="sphere", optimizers=("gd:lr=1e75",), steps=9)
    assert max(one for one in ready.trajectories[0].losses if np.isfinite(one)) > 1e300
    assert np.isfinite(axes.get_ylim()).all()
    assert np.isfinite(tracks[0].points).all()
