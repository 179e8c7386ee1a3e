"""Planes for ParaView and Blender: what their files have is what the picture shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape.animation.metadata import read_recipe
from landscape.drawing.trail import trail_styles
from landscape.errors import LandscapeError
from landscape.pictures import make_picture, read_any_recipe
from landscape.pictures.output import check_picture, kind_and_format, write_picture
from landscape.pictures.plane import Plane, PlaneRecipe, prepare
from landscape.pictures.plane_drawing import levels_of
from landscape.pictures.plane_export import export_files, model_of_plane, page_words
from landscape.pictures.plane_sight import relief_of_plane
from landscape.relief.export_surface import bytes_of_color
from landscape.relief.field import Relief
from landscape.style import THEMES
from tests.relief.vtp import Vtp, read_vtp

SMALL: dict[str, Any] = {
    "data": "moons:rows=120",
    "net": "6",
    "epochs": 4,
    "resolution": 9,
    "batch": 20,
    "view": "3d",
}
PARTS = ["surface", "trail_gd", "trail_adam", "head_gd", "head_adam", "start"]


@pytest.fixture(scope="module")
def joint() -> Plane:
    return prepare(PlaneRecipe(**SMALL, optimizers=("gd", "adam")))


@pytest.fixture(scope="module")
def file(joint: Plane, tmp_path_factory: pytest.TempPathFactory) -> Vtp:
    place = tmp_path_factory.mktemp("plane") / "a.vtp"
    made = write_picture(joint, place)
    assert (made.path, made.bytes, made.more) == (place, place.stat().st_size, ())
    return read_vtp(place)


def relief_drawn(ready: Plane) -> Relief:
    return relief_of_plane(ready.recipe, ready.panels[0], list(levels_of(ready)))


def rows_of(file: Vtp, name: str) -> Any:
    return np.flatnonzero(file.arrays["part"] == file.texts["parts"].index(name))


def test_parts_are_the_surface_the_paths_their_ends_and_the_start(file: Vtp) -> None:
    assert file.texts["parts"] == PARTS
    assert file.texts["rules"] == ["GD", "Adam"]
    assert file.scalars == "level"
    assert len(file.cells["Lines"]) == 2


def test_surface_has_the_heights_and_losses_of_the_picture(joint: Plane, file: Vtp) -> None:
    (panel,) = joint.panels
    rows = rows_of(file, "surface")
    _, box = model_of_plane(joint, panel)
    x, y, z = box.data(file.arrays["Points"][rows]).T
    losses = file.arrays["loss"][rows]
    relief = relief_drawn(joint)
    across, up = np.meshgrid(relief.xs, relief.ys)
    np.testing.assert_allclose(x, across.ravel(), atol=1e-9)
    np.testing.assert_allclose(y, up.ravel(), atol=1e-9)
    np.testing.assert_array_equal(losses, relief.values.ravel())
    np.testing.assert_allclose(relief.heights.of(losses), z, atol=1e-9)
    tall = file.arrays["Points"][rows, 2]
    assert (tall.min(), tall.max()) == (pytest.approx(0.0), pytest.approx(0.7))
    assert (file.arrays["epoch"][rows] == -1).all()
    assert (file.arrays["off_plane"][rows] == 0).all()
    np.testing.assert_array_equal(file.arrays["true_loss"][rows], losses)


@pytest.mark.parametrize("k", [0, 1])
def test_paths_know_their_steps_epochs_and_losses(joint: Plane, file: Vtp, k: int) -> None:
    (panel,) = joint.panels
    path, run = panel.paths[k], panel.runs[k]
    rows = rows_of(file, ("trail_gd", "trail_adam")[k])
    steps = file.arrays["step"][rows]
    np.testing.assert_array_equal(rows, file.cells["Lines"][k])
    at = np.searchsorted(steps, path.steps)
    np.testing.assert_array_equal(steps[at], path.steps)
    assert len(rows) > len(path.steps)
    _, box = model_of_plane(joint, panel)
    places = box.data(file.arrays["Points"][rows])
    np.testing.assert_allclose(places[at, :2], path.coordinates, atol=1e-9)
    for name, want in (
        ("epoch", path.steps / run.steps_per_epoch),
        ("true_loss", path.loss),
        ("loss", path.plane_loss),
        ("off_plane", path.off_plane),
    ):
        np.testing.assert_allclose(file.arrays[name][rows][at], want, rtol=1e-12, err_msg=name)
    assert (np.diff(file.arrays["epoch"][rows]) > 0).all()
    assert (file.arrays["rule"][rows] == k).all()
    colors = [one.color for one in trail_styles(["gd", "adam"], THEMES["light"])]
    assert (file.arrays["color"][rows] == bytes_of_color(colors[k])).all()
    # It lies on the surface that is drawn, where the box has room for it.
    relief = relief_drawn(joint)
    z = relief.z_at(*places[:, :2].T)
    np.testing.assert_allclose(places[:, 2], z, atol=0.01 * relief.heights.span)
    (head,) = rows_of(file, ("head_gd", "head_adam")[k])
    np.testing.assert_array_equal(file.arrays["Points"][head], file.arrays["Points"][rows[-1]])
    assert file.arrays["true_loss"][head] == path.loss[-1]
    assert file.arrays["step"][head] == path.steps[-1]


def test_level_is_the_place_among_the_levels_of_the_key(joint: Plane, file: Vtp) -> None:
    levels = levels_of(joint)
    place, losses = file.arrays["level"], file.arrays["loss"]
    for k in range(1, len(levels) - 1):
        assert (losses[place > k / (len(levels) - 1) + 1e-9] > levels[k] * (1 - 1e-9)).all()
        assert (losses[place < k / (len(levels) - 1) - 1e-9] < levels[k] * (1 + 1e-9)).all()
    assert place.min() < 0.1
    assert place.max() == pytest.approx(1.0)


@pytest.mark.parametrize("suffix", ["ply", "obj"])
def test_meshes_are_read_by_others(joint: Plane, tmp_path: Path, suffix: str) -> None:
    trimesh = pytest.importorskip("trimesh")
    write_picture(joint, tmp_path / f"a.{suffix}")
    mesh = trimesh.load_mesh(tmp_path / f"a.{suffix}", process=False, maintain_order=True)
    model, _ = model_of_plane(joint, joint.panels[0])
    points = model.surface[0].points
    shown = mesh.vertices[: len(points)]
    upright = shown[:, [0, 2, 1]] * [1, -1, 1] if suffix == "obj" else shown
    np.testing.assert_allclose(upright, points, atol=1e-8)
    np.testing.assert_array_equal(
        mesh.visual.vertex_colors[: len(points), :3], model.surface[0].colors
    )
    tints = {tuple(one) for one in mesh.visual.vertex_colors[len(points) :, :3].tolist()}
    assert {tuple(line.color.tolist()) for line in model.lines} <= tints
    head = (tmp_path / f"a.{suffix}").read_bytes()[:200].decode("ascii", "replace")
    assert f"--opt=gd --opt=adam --epochs=4 --resolution=9 -o picture.{suffix}" in head
    assert "--view" not in head


def test_file_has_the_recipe_of_a_still_in_three_dimensions(joint: Plane, tmp_path: Path) -> None:
    film = joint.recipe.with_(kind="film", format="gif", orbit=90.0, fps=5.0, size="hd", zoom=2.0)
    write_picture(joint.with_recipe(film), tmp_path / "a.vtp")
    recipe: Any = read_any_recipe(read_recipe(tmp_path / "a.vtp"))
    assert (recipe.kind, recipe.format, recipe.view) == ("still", "png", "3d")
    assert (recipe.orbit, recipe.fps, recipe.size, recipe.zoom) == (0.0, 10.0, "slide", 1.0)
    assert recipe.optimizers == ("gd", "adam")
    write_picture(joint, tmp_path / "b.vtp")
    assert (tmp_path / "a.vtp").read_bytes() == (tmp_path / "b.vtp").read_bytes()


def test_picture_in_python_writes_the_same(joint: Plane, tmp_path: Path) -> None:
    given = {key: value for key, value in SMALL.items() if key != "view"}
    picture = ls.plane(["gd", "adam"], **given)  # from above: the export has three dimensions
    recipe: Any = picture.recipe
    picture.save(tmp_path / "a.vtp")
    write_picture(joint, tmp_path / "b.vtp")
    assert (tmp_path / "a.vtp").read_bytes() == (tmp_path / "b.vtp").read_bytes()
    assert recipe.view == "contour"
    with pytest.raises(LandscapeError, match="a size limit needs a film"):
        picture.save(tmp_path / "c.vtp", max_mb=3)


def test_several_planes_have_a_file_each_and_one_scale(tmp_path: Path) -> None:
    looks = {**SMALL, "net": "6,6", "heights": "log"}
    recipe = PlaneRecipe(**looks, optimizers=("gd",), vary="skip=no,yes")
    made = make_picture(recipe, tmp_path / "a.vtp")
    names = ["a-1.vtp", "a-2.vtp"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert [one.path.name for one in (made, *made.more)] == names
    files = [read_vtp(tmp_path / name) for name in names]
    assert [one.texts["title"] for one in files] == [["no skip connections"], ["skip connections"]]
    assert files[0].texts["recipe"] == files[1].texts["recipe"]
    assert not np.array_equal(files[0].arrays["loss"], files[1].arrays["loss"])
    for name in ("trail_gd", "head_gd"):
        assert all(name in one.texts["parts"] for one in files)
    # A loss has one level and one height in both.
    order = [np.argsort(one.arrays["loss"]) for one in files]
    sorted_ = [one.arrays["loss"][rows] for one, rows in zip(files, order, strict=True)]
    low, high = max(one[0] for one in sorted_) * 1.05, min(one[-1] for one in sorted_) * 0.95
    losses = np.linspace(low, high, 20)
    for name in ("level", "Points"):
        found = [one.arrays[name][rows] for one, rows in zip(files, order, strict=True)]
        tall = [one[:, 2] if name == "Points" else one for one in found]
        first, second = (np.interp(losses, a, b) for a, b in zip(sorted_, tall, strict=True))
        np.testing.assert_allclose(first, second, atol=0.01)
        assert first[-1] - first[0] > 0.2


def test_several_planes_stand_in_boxes_of_one_height() -> None:
    looks = {**SMALL, "net": "6,6", "heights": "log"}
    ready = prepare(PlaneRecipe(**looks, optimizers=("gd",), vary="epochs=1,30"))
    (_, first), (_, second) = (model_of_plane(ready, panel) for panel in ready.panels)
    assert first.origin[2] == second.origin[2]
    assert first.scale[2] == second.scale[2]


def test_lost_run_has_no_end_and_random_planes_have_a_centre(tmp_path: Path) -> None:
    recipe = PlaneRecipe(**SMALL, optimizers=("gd:lr=1e8", "adam"))
    make_picture(recipe, tmp_path / "a.vtp")
    parts = read_vtp(tmp_path / "a.vtp").texts["parts"]
    assert "head_adam" in parts
    assert "head_gd" not in parts
    make_picture(
        PlaneRecipe(**SMALL, optimizers=("gd", "adam"), directions="random"), tmp_path / "b.vtp"
    )
    found = read_vtp(tmp_path / "b.vtp")
    assert "centre" in found.texts["parts"]
    assert [name for name in found.texts["parts"] if "trail" in name] == ["trail_gd"]


def test_plane_of_accuracies_says_that_it_is_one(tmp_path: Path) -> None:
    recipe = PlaneRecipe(**SMALL, optimizers=("gd",), metric="accuracy")
    ready = prepare(recipe)
    write_picture(ready, tmp_path / "a.vtp")
    write_picture(ready, tmp_path / "a.ply")
    found = read_vtp(tmp_path / "a.vtp")
    assert not {"loss", "true_loss"} & set(found.arrays)
    assert found.arrays["accuracy"].min() >= 0
    assert found.arrays["accuracy"].max() <= 1
    rows = rows_of(found, "trail_gd")
    relief = relief_drawn(ready)
    _, box = model_of_plane(ready, ready.panels[0])
    z = box.data(found.arrays["Points"][rows])[:, 2]
    np.testing.assert_allclose(found.arrays["accuracy"][rows], relief.heights.loss(z), atol=1e-9)
    header = (tmp_path / "a.ply").read_bytes().split(b"end_header")[0]
    assert b"property double accuracy\n" in header


def test_only_planes_are_exported(tmp_path: Path) -> None:
    from landscape.pictures.curves import CurvesRecipe

    assert kind_and_format("a.VTP") == ("export", "vtp")
    with pytest.raises(LandscapeError, match=r"curves is no surface .* \.png"):
        check_picture(CurvesRecipe(), tmp_path / "a.vtp")
    with pytest.raises(LandscapeError, match="a map of curvature is a picture"):
        check_picture(PlaneRecipe(metric="curvature"), tmp_path / "a.obj")
    with pytest.raises(LandscapeError, match="does not exist"):
        check_picture(PlaneRecipe(), tmp_path / "none" / "a.ply")
    (tmp_path / "a-2.ply").mkdir()
    with pytest.raises(LandscapeError, match=r"a-2\.ply"):
        check_picture(PlaneRecipe(vary="skip=no,yes"), tmp_path / "a.ply")


def test_names_of_files_and_options_without_meaning() -> None:
    several = PlaneRecipe(vary="skip=no,yes")
    assert export_files(several, "b/a.b.vtp") == [Path("b/a.b-1.vtp"), Path("b/a.b-2.vtp")]
    assert export_files(PlaneRecipe(), "b/a.vtp") == [Path("b/a.vtp")]
    said = page_words(PlaneRecipe(view="3d", fps=5, zoom=2, fill=False, cmap="viridis", top=3))
    assert sorted(said) == ["--fps=5", "--no-fill", "--zoom=2"]
    assert page_words(PlaneRecipe()) == []
