"""Pictures of planes: what they are computed from, and what they say."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from click.testing import CliRunner

from landscape.cli.train import train as train_command
from landscape.drawing.scene import picture_style
from landscape.drawing.space import Space
from landscape.drawing.space_artists import TrailArtist
from landscape.errors import LandscapeError
from landscape.networks import Network, dataset
from landscape.networks.training import train
from landscape.pictures import make_picture, read_any_recipe
from landscape.pictures.output import write_picture
from landscape.pictures.plane import Plane, PlaneRecipe, prepare
from landscape.pictures.plane_axes import log_ticks
from landscape.pictures.plane_sight import relief_of_plane
from landscape.pictures.plane_words import share_of
from landscape.planes import CurvatureMap, hessian_eigenvectors
from tests.pictures.overlaps import trouble

SMALL: dict[str, Any] = {
    "data": "moons:rows=120",
    "net": "6",
    "epochs": 4,
    "resolution": 9,
    "batch": 20,
}


@pytest.fixture(scope="module")
def joint() -> Plane:
    return prepare(PlaneRecipe(**SMALL, optimizers=("gd", "adam")))


def test_the_runs_are_those_of_train_and_the_paths_their_projections(joint: Plane) -> None:
    (panel,) = joint.panels
    data = dataset(SMALL["data"])
    for name, run, path in zip(("gd", "adam"), panel.runs, panel.paths, strict=True):
        network = Network((2, 6, 2), "relu")
        own = train(network, data, name, epochs=4, batch=20, measure="ends")
        np.testing.assert_array_equal(run.final, own.final)
        loss = [network.value(theta, data.X, data.y) for theta in run.snapshots]
        np.testing.assert_allclose(path.loss, loss, rtol=1e-12)
        on_plane = panel.plane.geometry.point(*path.coordinates[5])
        away = run.snapshots[5] - on_plane
        directions = panel.plane.geometry.directions
        np.testing.assert_allclose(directions @ away, 0, atol=1e-6)
        assert path.off_plane[5] == pytest.approx(np.linalg.norm(away), rel=1e-6)


def test_a_unit_of_length_is_the_same_on_both_axes_of_components(joint: Plane) -> None:
    plane = joint.panels[0].plane
    (x0, x1), (y0, y1) = plane.bounds
    assert (x1 - x0) / (y1 - y0) == pytest.approx(1.3)
    for path in joint.panels[0].paths:
        x, y = path.coordinates.T
        assert x0 < x.min() < x.max() < x1
        assert y0 < y.min() < y.max() < y1


def test_the_numbers_say_what_the_plane_leaves_out(joint: Plane) -> None:
    said = "\n".join(joint.numbers())
    assert "of random walks as long" in said
    for part in ("GD: loss", "Adam: loss", "off the plane"):
        assert part in said


def test_the_drawing_shows_each_path_up_to_its_frame(joint: Plane) -> None:
    with picture_style():
        drawing = joint.draw()
        drawing.show(3)
        (first, *_) = drawing.figure.axes
        trails = [line for line in first.lines if len(np.asarray(line.get_xdata())) == 4]
    assert len(trails) == 2
    for line, path in zip(trails, joint.panels[0].paths, strict=True):
        drawn = np.column_stack([line.get_xdata(), line.get_ydata()])
        np.testing.assert_allclose(drawn, path.coordinates[:4])


def test_random_planes_have_the_end_of_training_in_their_middle() -> None:
    ready = prepare(PlaneRecipe(**SMALL, directions="random", reach=0.5))
    panel = ready.panels[0]
    grid = panel.plane.computed()
    middle = grid.loss[4, 4]
    assert middle == pytest.approx(panel.runs[0].train_loss[-1], rel=1e-5)
    assert panel.plane.bounds == ((-0.5, 0.5), (-0.5, 0.5))


def test_the_plane_through_solutions_holds_all_three() -> None:
    ready = prepare(
        PlaneRecipe(**SMALL, directions="solutions", optimizers=("gd",) * 3, apart=True)
    )
    panel = ready.panels[0]
    assert [run.label for run in panel.runs] == ["GD, seed 0", "GD, seed 1", "GD, seed 2"]
    for path in panel.paths:
        assert path.off_plane[-1] < 1e-5
        assert path.plane_loss[-1] == pytest.approx(path.loss[-1], rel=1e-4)


def test_variants_share_their_levels_and_tell_which_is_sharper() -> None:
    ready = prepare(
        PlaneRecipe(
            **{**SMALL, "net": "4x6"}, directions="random", vary="skip=no,yes", seeds=2, reach=0.5
        )
    )
    assert [panel.title for panel in ready.panels] == ["no skip connections", "skip connections"]
    assert [len(panel.sharpness) for panel in ready.panels] == [2, 2]
    assert not ready.panels[0].plane.network.skip
    assert ready.panels[1].plane.network.skip
    a, b = ([one.value for one in panel.sharpness] for panel in ready.panels)
    held = sum(x > y for x, y in zip(a, b, strict=True))
    if sum(a) < sum(b):
        held = 2 - held
    assert f"in {held} of 2 seeds" in ready.numbers()[-1]
    with picture_style():
        figure = ready.figure()
    colors = [
        {tuple(color) for color in np.asarray(axes.collections[0].get_facecolor()).round(6)}
        for axes in figure.axes[1:]
    ]
    assert colors[0] & colors[1]


def test_variants_in_three_dimensions_have_one_box() -> None:
    recipe = PlaneRecipe(
        **{**SMALL, "net": "4x6"},
        directions="random",
        vary="skip=no,yes",
        reach=2.0,
        view="3d",
        heights="log",
    )
    ready = prepare(recipe)
    levels = [1e-3, 1.0, 50.0]
    made = [relief_of_plane(recipe, one, levels, 20, ready.panels) for one in ready.panels]
    first, second = (one.heights for one in made)
    assert replace(first, cut=second.cut) == second
    every = np.concatenate([relief.values for relief in made])
    assert first.high == pytest.approx(every.max())
    # What is as good as 0 beside what is added to it is 0.
    assert first.low == (0.0 if levels[0] < 0.1 * first.soft else levels[0])
    for panel, relief in zip(ready.panels, made, strict=True):
        np.testing.assert_array_equal(relief.values, panel.plane.grid(21, 21)[2])
        assert not relief.heights.cut
        assert relief.torn is None  # where the grid's lines are smoothed, networks jump nowhere
    (low, high) = relief_of_plane(recipe, ready.panels[0], None, 20).levels
    assert (low, high) == pytest.approx((made[0].values.min(), made[0].values.max()))
    clipped = recipe.with_(clip=0.9 * every.max())
    cut = [relief_of_plane(clipped, one, levels, 20, ready.panels) for one in ready.panels]
    assert [one.heights.cut for one in cut] == [one.z.max() > one.heights.top for one in cut]
    assert {one.heights.cut for one in cut} == {False, True}
    figure = ready.figure()
    boxes = [one.relief.heights for one in figure.get_children() if isinstance(one, Space)]
    assert len(boxes) == 2
    assert replace(boxes[0], cut=boxes[1].cut) == boxes[1]


def test_paths_in_three_dimensions_stay_beneath_the_texts_of_their_box() -> None:
    figure = prepare(PlaneRecipe(**SMALL, optimizers=("gd", "adam"), view="3d")).figure()
    (space,) = (one for one in figure.get_children() if isinstance(one, Space))
    trails = [one for one in figure.get_children() if isinstance(one, TrailArtist)]
    assert len(trails) == 2
    for trail in trails:
        assert trail.track.space is space
        assert trail.track.crate is space.crate


def test_walls_without_end_are_cut_off_where_others_are() -> None:
    keys: dict[str, Any] = {"directions": "random", "reach": 0.5, "view": "3d"}
    recipe = PlaneRecipe(**SMALL, **keys, heights="clip", clip=10.0)
    (panel,) = prepare(recipe).panels
    xs, ys, values = panel.plane.grid(9, 9)
    values = np.array(values)
    values[0, :3] = np.inf, np.nan, 40.0
    with mock.patch.object(panel.plane, "grid", return_value=(xs, ys, values)):
        cut = relief_of_plane(recipe, panel, None, 8)
        holes = relief_of_plane(recipe.with_(heights="linear", clip=None), panel, None, 8)
    assert cut.heights.cut
    assert np.nan_to_num(cut.values[0, :3], nan=-1.0).tolist() == [40.0, -1.0, 40.0]
    assert np.isnan(holes.values[0, :2]).all()
    assert np.isfinite(values).sum() == 79


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"top": 1.0}, True),
        ({"clip": 1.0, "view": "3d"}, True),
        ({"clip": 1.0, "view": "both"}, True),
        ({"clip": 0.9, "top": 1.0, "view": "3d"}, True),
        ({"view": "3d"}, False),
    ],
)
def test_the_top_level_is_where_colours_end(values: dict[str, Any], told: bool) -> None:
    recipe = PlaneRecipe(**SMALL, directions="random", reach=3.0, **values)
    with picture_style():
        figure = prepare(recipe).figure()
    said = [text.get_text() for ax in figure.axes for text in ax.get_xticklabels()]
    assert ("> 1" in said) == told


def test_a_map_of_curvature_has_the_ratio_of_extreme_eigenvalues() -> None:
    ready = prepare(PlaneRecipe(**SMALL, metric="curvature", coarse=3, activation="tanh"))
    panel = ready.panels[0]
    assert panel.curvature is not None
    assert panel.curvature.ratio.shape == (3, 3)
    theta = panel.plane.geometry.point(panel.curvature.xs[1], panel.curvature.ys[0])
    network = Network(panel.plane.network.sizes, "tanh", dtype="float64")
    rows, targets = panel.plane.part
    columns = [
        network.hessian_product(theta, basis, rows.astype(float), targets)
        for basis in np.eye(network.count)
    ]
    values = np.linalg.eigvalsh(np.array(columns))
    assert panel.curvature.ratio[0, 1] == pytest.approx(abs(values[0] / values[-1]), rel=0.02)


def test_a_picture_made_from_the_recipe_it_carries_is_the_same_file(tmp_path: Path) -> None:
    from landscape.animation.metadata import read_recipe

    first, second = tmp_path / "one.gif", tmp_path / "two.gif"
    recipe = PlaneRecipe(**SMALL, kind="film", format="gif", frames=5, size="520x360")
    make_picture(recipe, first)
    again = read_any_recipe(read_recipe(str(first)))
    assert again == recipe
    assert isinstance(again, PlaneRecipe)
    make_picture(again, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_saved_grid_is_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landscape.planes import compute

    path = tmp_path / "plane.npz"
    recipe = PlaneRecipe(**SMALL)
    first = prepare(recipe, save=str(path))
    monkeypatch.setattr(compute, "pieces", lambda *a, **k: pytest.fail("computed again"))
    again = prepare(recipe, save=str(path))
    for one, other in zip(first.panels, again.panels, strict=True):
        np.testing.assert_array_equal(one.plane.computed().loss, other.plane.computed().loss)


def test_a_map_of_curvature_goes_on_and_is_drawn_from_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plane.npz"
    recipe = PlaneRecipe(**SMALL, metric="curvature", coarse=4)
    write_picture(prepare(recipe), tmp_path / "alone.svg")
    seen: list[bytes] = []
    most = 6

    def watched(network: Network, theta: Any, *given: Any, **choices: Any) -> Any:
        if len(seen) == most:
            raise KeyboardInterrupt
        seen.append(theta.tobytes())
        return hessian_eigenvectors(network, theta, *given, **choices)

    # By name it is the function of the same name that the package has.
    module = sys.modules[CurvatureMap.__module__]
    monkeypatch.setattr(module, "hessian_eigenvectors", watched)
    with pytest.raises(KeyboardInterrupt):
        prepare(recipe, save=str(path))
    most = 16
    write_picture(prepare(recipe, save=str(path)), tmp_path / "first.svg")
    assert len(set(seen)) == len(seen) == 16
    # Another cell would be one too many.
    write_picture(prepare(recipe, save=str(path)), tmp_path / "again.svg")
    drawn = (tmp_path / "alone.svg").read_bytes()
    assert (tmp_path / "first.svg").read_bytes() == drawn
    assert (tmp_path / "again.svg").read_bytes() == drawn


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"optimizers": ()}, "name one"),
        ({"optimizers": ("gd", "gd")}, "--apart"),
        ({"directions": "solutions"}, "three optimizers"),
        ({"vary": "skip=perhaps,no"}, "yes or no"),
        ({"vary": "batch=4"}, "2 to 4"),
        ({"vary": "skipp=no,yes"}, "did you mean skip"),
        ({"vary": "theme=light,dark"}, "key to vary"),
        ({"seeds": 3}, "--vary"),
        ({"kind": "film", "format": "gif", "vary": "skip=no,yes"}, "still"),
        ({"metric": "losss"}, "did you mean"),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(changes: dict[str, Any], wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted) as caught:
        PlaneRecipe(**{**SMALL, **changes})
    assert "\n" not in str(caught.value)


def test_runs_that_all_diverge_have_no_plane() -> None:
    recipe = PlaneRecipe(**{**SMALL, "loss": "squared_error"}, optimizers=("gd:lr=1e6",))
    with pytest.raises(LandscapeError, match="diverged"):
        prepare(recipe)


def test_a_top_below_everything_is_refused() -> None:
    with picture_style(), pytest.raises(LandscapeError, match="lowest value"):
        prepare(PlaneRecipe(**SMALL, top=1e-9)).figure()


@pytest.mark.parametrize("size", ["200x200", "400x300"])
def test_a_picture_too_small_says_so(joint: Plane, size: str) -> None:
    ready = joint.with_recipe(joint.recipe.with_(size=size))
    with picture_style(), pytest.raises(LandscapeError, match="no room"):
        ready.figure()


@pytest.mark.parametrize("directions", ["pca", "solutions"])
def test_the_plane_is_the_same_on_every_page_and_in_a_film(directions: str, tmp_path: Path) -> None:
    keys: dict[str, Any] = {**SMALL, "directions": directions, "apart": True}
    keys["optimizers"] = ("gd",) * 3
    path = str(tmp_path / "plane.npz")
    slide = prepare(PlaneRecipe(**keys), save=path)
    film: dict[str, Any] = {"kind": "film", "format": "gif", "frames": 5}
    for looks in ({"size": "620x480"}, {"size": "1000x2000"}, film):
        other = prepare(PlaneRecipe(**keys, **looks), save=path)
        (one,), (two,) = slide.panels, other.panels
        assert one.plane.bounds == two.plane.bounds
        np.testing.assert_array_equal(one.plane.computed().loss, two.plane.computed().loss)
        for path_of_one, path_of_two in zip(one.paths, two.paths, strict=True):
            np.testing.assert_array_equal(path_of_one.coordinates, path_of_two.coordinates)
            np.testing.assert_array_equal(path_of_one.loss, path_of_two.loss)
    assert other.count == 5


def test_a_film_shows_all_points_of_a_path_up_to_each_frame() -> None:
    ready = prepare(PlaneRecipe(**SMALL, kind="film", format="gif", frames=4))
    (panel,) = ready.panels
    count = len(panel.paths[0].loss)
    assert (ready.count, count) == (4, 21)
    with picture_style():
        drawing = ready.draw()
        drawing.show(2)
    run = panel.runs[0]
    reached = int((run.snapshot_steps / run.steps_per_epoch <= ready.epochs[2]).sum())
    assert 4 < reached < count
    drawn = [
        line
        for axes in drawing.figure.axes
        for line in axes.lines
        if len(np.asarray(line.get_xdata())) == reached
    ]
    assert len(drawn) == 4  # the path; true loss, the plane's; the distance
    drawing.show(3)
    assert all(len(np.asarray(line.get_xdata())) == count for line in drawn)


def test_skip_connections_that_a_network_cannot_have_are_refused() -> None:
    recipe = PlaneRecipe(**{**SMALL, "net": "16,8"}, directions="random", vary="skip=no,yes")
    with pytest.raises(LandscapeError, match="such as 20x32"):
        prepare(recipe)
    done = CliRunner().invoke(train_command, ["--data", "moons", "--net", "16,8", "--skip"])
    assert "such as 20x32" in str(done.exception)


def test_there_is_no_accuracy_of_numbers_to_predict() -> None:
    with pytest.raises(LandscapeError, match="--metric test_loss"):
        prepare(PlaneRecipe(data="diabetes", net="4", epochs=1, metric="test_accuracy"))
    ready = prepare(PlaneRecipe(data="diabetes", net="4", epochs=1, resolution=5))
    assert not any("accuracy" in line or "nan" in line for line in ready.numbers())


def texts_of(ready: Plane) -> str:
    with picture_style():
        figure = ready.figure()
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    return "\n".join([text.get_text() for text in figure.texts] + titles)


def test_the_caption_compares_with_walks_from_one_start_alone(joint: Plane) -> None:
    (panel,) = joint.panels
    assert panel.principal is not None
    shown = f"{panel.principal.random_walk[:2].sum():.0%}".replace("%", " %")
    said = texts_of(joint)
    assert "squared distances from the mean of their ends; of random walks as long" in said
    assert shown in said
    apart = prepare(PlaneRecipe(**SMALL, optimizers=("gd", "gd"), apart=True))
    assert "random walk" not in texts_of(apart) + "".join(apart.numbers())
    assert "the path's squared distances from its end; of a random walk" in texts_of(
        prepare(PlaneRecipe(**SMALL))
    )


def test_a_run_that_went_away_sets_neither_plane_nor_curves() -> None:
    data = "diabetes:test=0.2"
    keys: dict[str, Any] = {"data": data, "net": "none", "epochs": 30, "batch": 0, "resolution": 7}
    said: list[str] = []
    both = prepare(PlaneRecipe(**keys, optimizers=("gd:lr=0.6", "adam")), report=said.append)
    alone = prepare(PlaneRecipe(**keys, optimizers=("adam",)))
    (panel,), (other,) = both.panels, alone.panels
    assert panel.runs[0].ending == "finished"
    assert panel.runs[0].train_loss[-1] > 1e20
    assert panel.lost == (True, False)
    assert panel.plane.bounds == other.plane.bounds
    np.testing.assert_array_equal(panel.plane.computed().loss, other.plane.computed().loss)
    assert "GD: blew up, to a loss of" in said[0]
    assert "the plane is that of the other runs" in said[0]
    assert not any("blew up" in one for one in said[1:])
    with picture_style():
        figure = both.figure()
    strip = next(axes for axes in figure.axes if "true (line)" in axes.get_title(loc="left"))
    assert strip.get_ylim()[1] < 10 * panel.paths[1].loss.max()


def test_a_share_far_beyond_all_is_capped() -> None:
    assert [share_of(one) for one in (0.5, 10.0, 10.1, np.inf)] == [
        "50 %",
        "1000 %",
        ">1000 %",
        ">1000 %",
    ]


def test_the_test_loss_is_called_that() -> None:
    ready = prepare(PlaneRecipe(**SMALL, metric="test_loss"))
    said = texts_of(ready)
    assert "test loss: true (line), of the plane (dots)" in said
    (panel,) = ready.panels
    _, X, y = "", *panel.plane.part
    loss = panel.plane.network.value(panel.runs[0].final, X, y)
    assert f"test loss {loss:.2g}" in said
    assert f"Adam: test loss {loss:.4g}" in ready.numbers()[-1]


def test_of_several_paths_on_a_random_plane_only_its_own_is_drawn() -> None:
    ready = prepare(PlaneRecipe(**SMALL, optimizers=("gd", "adam"), directions="random"))
    (panel,) = ready.panels
    with picture_style():
        figure = ready.figure()
    trails = [line for line in figure.axes[0].lines if len(np.asarray(line.get_xdata())) > 2]
    assert len(trails) == 1
    np.testing.assert_allclose(np.asarray(trails[0].get_xdata()), panel.paths[0].coordinates[:, 0])
    assert "from the end of GD, whose path alone is drawn" in texts_of(ready)
    off = f"{panel.paths[1].relative[-1]:.0%}".replace("%", " %")
    assert f"at the end {off}" in ready.numbers()[-1]


def test_a_map_of_curvature_says_what_its_lines_are_and_its_eigenvalues() -> None:
    ready = prepare(PlaneRecipe(**SMALL, metric="curvature", coarse=2))
    assert "thin lines: levels of the loss" in texts_of(ready)
    found = ready.panels[0].curvature
    assert found is not None
    (line,) = [one for one in ready.numbers() if one.startswith("λmin")]
    assert line == (
        f"λmin from {found.smallest.min():.3g} to {found.smallest.max():.3g}; "
        f"λmax from {found.largest.min():.3g} to {found.largest.max():.3g}"
    )


def test_a_coarse_grid_is_told_and_warned_of() -> None:
    said: list[str] = []
    ready = prepare(
        PlaneRecipe(**{**SMALL, "resolution": 5}, directions="random", reach=20), report=said.append
    )
    error = ready.panels[0].plane.interpolation_error(16)
    assert error.max() > 0.2
    assert f"by up to {100 * error.max():.2g} %" in said[-1]
    assert f"{100 * np.median(error):.2g} % (median" in ready.numbers()[1]


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [
        (0.003, 40.0, 4, ["0.01", "0.1", "1", "10"]),
        (0.12, 0.7, 4, ["0.2", "0.5"]),
        (0.9, 6.0, 6, ["1", "2", "5"]),
        (0.41, 0.47, 4, ["0.42", "0.44", "0.46"]),
        (1e-9, 1.5, 4, ["1e\N{MINUS SIGN}9", "1e\N{MINUS SIGN}6", "0.001", "1"]),
    ],
)
def test_a_log_axis_has_plain_numbers(
    low: float, high: float, most: int, wanted: list[str]
) -> None:
    ticks = log_ticks(low, high, most)
    assert list(ticks.labels) == wanted
    assert [float(label.replace("\N{MINUS SIGN}", "-")) for label in wanted] == pytest.approx(
        list(ticks.places)
    )


def test_default_names_tell_metrics_apart() -> None:
    keys: dict[str, Any] = {**SMALL, "coarse": 2}
    names = [prepare(PlaneRecipe(**keys, metric=one)).name for one in ("loss", "curvature")]
    assert names == ["plane-pca-adam", "plane-pca-curvature-adam"]


def test_random_directions_can_be_made_orthogonal() -> None:
    ready = prepare(PlaneRecipe(**SMALL, directions="random", orthogonal=True))
    assert ready.panels[0].plane.geometry.angle == pytest.approx(90)


def test_double_precision_is_that_of_network_and_data() -> None:
    plane = prepare(PlaneRecipe(**SMALL, float64=True)).panels[0].plane
    assert plane.network.dtype == str(plane.part[0].dtype) == "float64"
    np.testing.assert_array_equal(plane.part[0], dataset(SMALL["data"], "float64").X)


@pytest.mark.parametrize(
    ("size", "fits"), [("300x300", False), ("640x400", True), ("600x900", True)]
)
def test_variants_have_room_or_are_refused(size: str, fits: bool) -> None:
    keys: dict[str, Any] = {**SMALL, "directions": "random", "vary": "batch=20,40", "seeds": 3}
    ready = prepare(PlaneRecipe(**keys, size=size))
    with picture_style():
        if fits:
            assert trouble(ready.figure()) == []
            return
        with pytest.raises(LandscapeError, match="no room for 2 planes"):
            ready.figure()
