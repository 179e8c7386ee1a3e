from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape.animation.metadata import comment_lines, read_recipe
from landscape.drawing.trail import trail_styles
from landscape.errors import LandscapeError
from landscape.export_scene import model_of
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.relief import shading
from landscape.relief.export_model import Box, Ladder, Line, Model, Part, Spots, in_units
from landscape.relief.export_obj import write_obj
from landscape.relief.export_ply import write_ply
from landscape.relief.export_solid import RADIUS, spheres, tube
from landscape.relief.export_surface import bytes_of_color, surface_colors, surface_parts
from landscape.relief.export_vtp import write_vtp
from landscape.relief.field import Relief, make_relief
from landscape.relief.heights import Heights
from landscape.relief.look import Look
from landscape.relief.rendering import render
from landscape.relief.view import view_of
from landscape.style import THEMES
from landscape.surfaces.lookup import surface as find_surface
from tests.animation.test_metadata import AWKWARD
from tests.relief.cameras import camera, fit
from tests.relief.raycast import waves
from tests.relief.vtp import read_vtp

Array = Any
SIDES = (1.0, 0.8, 0.7)


def look(levels: int = 9) -> Look:
    ramp = np.linspace([0.8, 0.85, 0.9], [0.3, 0.4, 0.5], levels - 1)
    return Look(ramp, line=(0.1, 0.2, 0.3), line_width=0.0, lid=(0.8, 0.7, 0.2))


def pieces(field: Relief) -> dict[str, Part]:
    box = Box.around(field, SIDES)
    return {part.name: part for part in surface_parts(field, look(len(field.levels)), box)}


def area(part: Part) -> float:
    """Return the area seen from above; triangles that face down count less than nothing."""
    a, b, c = (part.points[part.faces[:, k], :2] for k in range(3))
    (ux, uy), (vx, vy) = (b - a).T, (c - a).T
    return float(0.5 * (ux * vy - uy * vx).sum())


def volume(part: Part) -> float:
    a, b, c = (part.points[part.faces[:, k]] for k in range(3))
    return float((a * np.cross(b, c)).sum() / 6)


def line(points: Array, **changes: Any) -> Line:
    points = np.asarray(points, dtype=np.float64)
    values: dict[str, Any] = {
        "name": "trail",
        "rule": 0,
        "color": np.array([200, 100, 0], np.uint8),
        "points": points,
        "steps": np.arange(len(points), dtype=np.float64),
        "losses": np.linspace(2.0, 1.0, len(points)),
    }
    return Line(**(values | changes))


# -- the surface -------------------------------------------------------------------------------


def test_mesh_has_the_grid_its_heights_and_its_losses() -> None:
    field = make_relief(find_surface("saddle"), cells=40)
    parts = pieces(field)
    assert list(parts) == ["surface"]
    mesh = parts["surface"]
    assert mesh.points.shape == (41 * 41, 3)
    assert mesh.faces.shape == (2 * 40 * 40, 3)
    places = Box.around(field, SIDES).data(mesh.points)
    x, y = np.meshgrid(field.xs, field.ys)
    want = np.column_stack([x.ravel(), y.ravel(), field.z.ravel()])
    np.testing.assert_allclose(places, want, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(mesh.losses, field.values.ravel())


def test_box_is_upright_around_the_origin() -> None:
    mesh = pieces(make_relief(find_surface("saddle"), cells=20))["surface"]
    np.testing.assert_allclose(mesh.points.min(axis=0), [-0.5, -0.4, 0.0], atol=1e-12)
    np.testing.assert_allclose(mesh.points.max(axis=0), [0.5, 0.4, 0.7], atol=1e-12)


def test_normals_are_those_of_the_function() -> None:
    field = make_relief(find_surface("saddle"), cells=100)  # x² - y² on ±1.5
    mesh = pieces(field)["surface"]
    box = Box.around(field, SIDES)
    x, y, _ = box.data(mesh.points).T
    slopes = np.column_stack([-2 * x, 2 * y, np.ones_like(x)]) / box.scale
    want = slopes / np.linalg.norm(slopes, axis=1, keepdims=True)
    inner = (np.abs(mesh.points[:, 0]) < 0.49) & (np.abs(mesh.points[:, 1]) < 0.39)
    np.testing.assert_allclose(mesh.normals[inner], want[inner], atol=1e-3)
    assert (mesh.normals[:, 2] > 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_cuts_are_flat_and_end_where_the_surface_does(seed: int) -> None:
    field = waves(seed, low=-0.6, high=0.5, cut=True, sunk=True)
    parts = pieces(field)
    assert set(parts) == {"surface", "cut", "pit"}
    assert sum(map(area, parts.values())) == pytest.approx(0.8, abs=1e-9)  # all of the floor
    for part in parts.values():
        assert (np.sort(part.faces, axis=1)[:, 1:] > np.sort(part.faces, axis=1)[:, :-1]).all()
        assert set(part.faces.ravel()) == set(range(len(part.points)))
    assert (parts["cut"].points[:, 2] == parts["cut"].points[0, 2]).all()
    np.testing.assert_allclose(parts["cut"].points[:, 2], 0.7, atol=1e-12)
    np.testing.assert_allclose(parts["pit"].points[:, 2], 0.0, atol=1e-12)
    surface = parts["surface"]
    assert surface.points[:, 2].min() >= -1e-12
    assert surface.points[:, 2].max() <= 0.7 + 1e-12
    rim = {tuple(point) for point in surface.points if point[2] == parts["cut"].points[0, 2]}
    assert rim
    assert rim <= {tuple(point) for point in parts["cut"].points}
    assert (parts["cut"].losses == field.heights.high).all()
    assert surface.losses.max() == pytest.approx(field.heights.high)


def test_cut_through_points_of_the_grid_leaves_no_slivers() -> None:
    xs = ys = np.arange(5.0)
    values = np.subtract.outer(ys, xs)  # 0 along the cells' own diagonal
    heights = Heights("linear", -4.0, 0.0, cut=True)
    parts = pieces(Relief(xs, ys, values, heights, np.linspace(-4, 4, 9)))
    assert len(parts["surface"].points) == 15  # a triangle of the grid's own points
    assert len(parts["cut"].points) == 15
    assert len(parts["surface"].faces) == len(parts["cut"].faces) == 16
    assert area(parts["surface"]) == pytest.approx(0.4)


def test_holes_are_left_out() -> None:
    field = waves(0)
    values = field.values.copy()
    values[4:7, 5] = np.nan
    parts = pieces(replace(field, values=values))
    assert np.isfinite(parts["surface"].points).all()
    cells = (len(field.ys) - 1) * (len(field.xs) - 1)
    assert len(parts["surface"].faces) == 2 * cells - 14  # six at each of three points, two twice
    assert len(parts["surface"].points) == values.size - 3


@pytest.mark.parametrize("seed", range(3))
def test_colors_are_those_of_the_picture(seed: int) -> None:
    field = waves(seed)
    axes = camera(0, size=(300, 225))
    axes.set_proj_type("ortho")
    axes.view_init(90, -90, 0)
    fit(axes, field)
    # As good as level, all of it is lit alike: what is drawn are the colours themselves.
    axes.set_box_aspect((1, 1, 1e-4))
    view = view_of(axes)
    # Brighter ones would be dimmed.
    plain = replace(look(len(field.levels)), ambient=0.85, diffuse=0.0, specular=0.0)
    picture = render(field, view, plain, (0, 0, 300, 225))
    rng = np.random.default_rng(seed)
    (x0, x1), (y0, y1) = field.bounds
    x, y = rng.uniform(x0, x1, 400), rng.uniform(y0, y1, 400)
    z = field.z_at(x, y)
    column, up, _ = view.project(np.column_stack([x, y, z])).T
    row, column = (225 - up).astype(int), column.astype(int)
    seen = picture.rgba[row, column]
    whole = seen[:, 3] == 255
    assert whole.sum() > 300
    want = 0.85 * surface_colors(field, plain, z)[whole].astype(float)
    shown = seen[whole, :3]
    # Light has a tint, the same everywhere: between that of the sun and that of the sky.
    tint = (shown * want).sum(axis=0) / (want**2).sum(axis=0)
    red, green, blue = tint
    assert shading._COOL - 0.01 <= red <= shading._WARM + 0.01
    assert abs(green - 1) <= 0.05
    assert shading._WARM_BLUE - 0.01 <= blue <= shading._COOL_BLUE + 0.01
    # A pixel is not a point, and a step of colour is some 18 of 255.
    off = np.abs(shown - tint * want)
    assert off.mean() < 1.0
    assert off.max() <= 6


# -- the paths ---------------------------------------------------------------------------------


def test_tube_is_as_thick_as_it_says_and_closed_to_the_eye() -> None:
    turn = np.linspace(0, 3 * np.pi, 200)
    points = np.column_stack([0.3 * np.cos(turn), 0.3 * np.sin(turn), 0.02 * turn])
    part = tube(line(points))
    assert part is not None
    nearest = np.linalg.norm(part.points[:, None] - points[None], axis=2).min(axis=1)
    assert nearest.max() <= 1.2 * RADIUS
    assert nearest.min() >= 0.99 * RADIUS
    np.testing.assert_allclose(np.linalg.norm(part.normals, axis=1), 1.0, atol=1e-12)
    length = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
    assert volume(part) == pytest.approx(np.pi * RADIUS**2 * length, rel=0.1)
    a, b, c = (part.points[part.faces[:, k]] for k in range(3))
    outside = (np.cross(b - a, c - a) * part.normals[part.faces[:, 0]]).sum(axis=1)
    assert (outside > 0).all()


def test_tube_keeps_its_thickness_at_sharp_turns() -> None:
    zigzag = np.array([[0, 0, 0], [0.2, 0.01, 0], [0, 0.02, 0], [0.2, 0.03, 0]], float)
    part = tube(line(zigzag))
    assert part is not None
    for k in range(3):
        middle = 0.5 * (zigzag[k] + zigzag[k + 1])
        assert np.linalg.norm(part.points - middle, axis=1).min() > 0.05  # rings at the ends alone
    assert part.points[:, 0].max() == pytest.approx(0.2 + RADIUS, rel=1e-3)
    assert part.points[:, 2].max() == pytest.approx(RADIUS)


def test_tube_of_a_path_with_a_gap_and_one_that_rests() -> None:
    gone = [np.nan] * 3
    part = tube(line([[0, 0, 0], [0.1, 0, 0], gone, [0.3, 0, 0], [0.4, 0, 0]]))
    assert part is not None
    between = (part.points[:, 0] > 0.1 + RADIUS + 1e-9) & (part.points[:, 0] < 0.3 - RADIUS - 1e-9)
    assert not between.any()
    rest = tube(line(np.zeros((50, 3))))
    assert rest is not None
    assert np.abs(rest.points).max() == pytest.approx(RADIUS)
    assert tube(line([gone, gone])) is None
    assert tube(line(np.empty((0, 3)))) is None


def test_long_path_that_has_arrived_is_no_heap_of_rings() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([np.linspace([0, 0, 0], [0.5, 0, 0], 100), np.zeros((50_000, 3))])
    points[100:] = [0.5, 0, 0] + 1e-5 * rng.standard_normal((50_000, 3))
    part = tube(line(points))
    assert part is not None
    assert len(part.points) < 2500
    assert part.points[:, 0].max() == pytest.approx(0.5 + RADIUS, abs=1e-3)


def test_spheres_are_round_and_closed() -> None:
    places = np.array([[0.0, 0, 0], [1, 1, 1]])
    part = spheres(Spots("minimum", np.array([1, 2, 3]), 0.1, places, np.array([5.0, 6.0])))
    assert part is not None
    assert volume(part) == pytest.approx(2 * 4 / 3 * np.pi * 0.1**3, rel=0.07)
    edges = np.sort(part.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    assert set(part.losses) == {5.0, 6.0}


def scene(surface: str, *rules: str, cells: int = 60, **more: Any) -> tuple[Model, Box, Any]:
    recipe = Recipe(
        kind="still", format="png", view="3d", surface=surface, optimizers=rules, **more
    )
    ready = prepare(recipe)
    model, box = model_of(ready.panels[0], ready.recipe, cells)
    return model, box, ready


def test_lines_lie_on_the_surface_and_know_their_steps() -> None:
    model, box, ready = scene("ravine", "gd", "momentum")
    field = make_relief(ready.surface)
    for path, drawn in zip(ready.trajectories, model.lines, strict=True):
        x, y, z = box.data(drawn.points).T
        inside = np.isfinite(field.z_at(x, y))
        # The surface has fewer cells than the path was laid on: between its points it is flat.
        assert np.abs(z - field.z_at(x, y))[inside].max() < 0.02 * field.heights.span
        at = drawn.steps == np.floor(drawn.steps)
        np.testing.assert_allclose(box.data(drawn.points)[at, :2], path.points, atol=1e-12)
        np.testing.assert_array_equal(drawn.losses[at], path.losses)
    assert model.rules == ("gd", "momentum")
    colors = [style.color for style in trail_styles(["gd", "momentum"], THEMES["light"])]
    for drawn, color in zip(model.lines, colors, strict=True):
        np.testing.assert_array_equal(drawn.color, bytes_of_color(color))


def test_lost_path_has_no_head_and_names_differ() -> None:
    model, _, ready = scene("ravine", "gd:lr=1e6", "gd:lr=0.01", "p = p - lr*g:lr=0.01", steps=60)
    assert ready.trajectories[0].ending.outcome == "diverged"
    assert [one.name for one in model.lines] == ["trail_gd", "trail_gd_2", "trail_rule"]
    heads = [spots.name for spots in model.spots if spots.name.startswith("head")]
    assert heads == ["head_gd_2", "head_rule"]


def test_a_narrow_valley_has_more_cells_unless_they_are_asked_for() -> None:
    beale = find_surface("beale")
    assert [len(make_relief(beale, cells=cells).xs) for cells in (None, 200)] == [401, 201]
    recipe = Recipe(kind="still", format="png", view="3d", surface="beale", optimizers=("adam",))
    ready = prepare(recipe)
    coarse, fine = (model_of(ready.panels[0], ready.recipe, cells)[0] for cells in (200, None))
    assert len(fine.surface[0].points) > 3.5 * len(coarse.surface[0].points)


def test_finer_grid_has_the_colors_and_the_axis_of_the_picture() -> None:
    coarse, box, _ = scene("beale", cells=50)
    fine, same, _ = scene("beale", cells=200)
    np.testing.assert_array_equal(box.scale, same.scale)
    first = dict(
        zip(map(tuple, coarse.surface[0].points[:, :2].round(9)), range(10**6), strict=False)
    )
    shared = [
        (first[place], k)
        for k, place in enumerate(map(tuple, fine.surface[0].points[:, :2].round(9)))
        if place in first
    ]
    assert len(shared) > 500
    ours, theirs = np.array(shared).T
    off = coarse.surface[0].colors[ours].astype(int) - fine.surface[0].colors[theirs]
    assert np.abs(off).max() <= 2  # a grid seldom hits the minimum


def test_true_units_are_the_data_s_own() -> None:
    model, box, ready = scene("saddle")
    part = in_units(model.surface[0], box)
    np.testing.assert_allclose(
        part.points[:, 2], ready.surface.value(part.points[:, 0], part.points[:, 1]), atol=1e-12
    )
    np.testing.assert_allclose(np.linalg.norm(part.normals, axis=1), 1.0)


# -- the files, read by others -----------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export")
    for suffix in ("ply", "obj", "vtp"):
        ls.export("beale", ["gd", "adam"], place / f"beale.{suffix}", clip=900.0, cells=40)
    return place


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    """Return the meshes that the files should have."""
    model, _, _ = scene("beale", "gd", "adam", clip=900.0, cells=40)
    solids = [*map(tube, model.lines), *map(spheres, model.spots)]
    return [*model.surface, *(part for part in solids if part is not None)]


def joined(parts: list[Any], what: str) -> Array:
    return np.concatenate([getattr(part, what) for part in parts])


def upright(vectors: Array, suffix: str) -> Array:
    """Return vectors as a format has them: in an OBJ file y is up."""
    return vectors[:, [0, 2, 1]] * [1, 1, -1] if suffix == "obj" else vectors


def test_export_says_what_it_wrote(tmp_path: Path, parts: list[Part]) -> None:
    written = ls.export("beale", ["gd", "adam"], tmp_path / "a.ply", clip=900.0, cells=40)
    assert written.path == tmp_path / "a.ply"
    assert written.bytes == written.path.stat().st_size
    assert written.parts == tuple(part.name for part in parts)
    assert written.parts[:4] == ("surface", "cut", "trail_gd", "trail_adam")
    assert {"head_gd", "head_adam", "start", "minimum"} <= set(written.parts)
    assert written.faces == sum(len(part.faces) for part in parts)
    assert written.recipe.view == "3d"


def test_recipe_is_in_the_file(files: Path) -> None:
    recipes = [
        Recipe.from_toml(read_recipe(files / f"beale.{one}")) for one in ("ply", "obj", "vtp")
    ]
    assert recipes[0] == recipes[1] == recipes[2]
    assert recipes[0].clip == 900.0
    assert len(recipes[0].optimizers) == 2


def test_function_of_python_s_is_exported_without_a_command(tmp_path: Path) -> None:
    written = ls.export(lambda x, y: x**2 + abs(y), "gd", tmp_path / "a.ply", cells=9, steps=3)
    assert "trail_gd" in written.parts
    assert b"landscape export" not in written.path.read_bytes()
    assert 'surface = "python:' in read_recipe(written.path)


@pytest.mark.parametrize("recipe", AWKWARD)
def test_any_recipe_comes_back(tmp_path: Path, recipe: str, parts: list[Part]) -> None:
    with (tmp_path / "a.ply").open("wb") as file:
        write_ply(file, parts[:2], comment_lines(recipe))
    with (tmp_path / "a.obj").open("w", encoding="ascii") as sheet:
        write_obj(sheet, parts[:2], comment_lines(recipe))
    assert read_recipe(tmp_path / "a.ply") == recipe
    assert read_recipe(tmp_path / "a.obj") == recipe
    header = (tmp_path / "a.ply").read_bytes().split(b"end_header")[0]
    assert max(map(len, header.split(b"\n"))) < 1100  # readers have lines of 4096 letters


@pytest.mark.parametrize("suffix", ["ply", "obj", "vtp"])
def test_other_files_have_no_recipe_or_are_damaged(
    tmp_path: Path, suffix: str, files: Path
) -> None:
    place = tmp_path / f"a.{suffix}"
    place.write_bytes(b"\0\1\2")
    with pytest.raises(LandscapeError, match="damaged"):
        read_recipe(place)
    whole = (files / f"beale.{suffix}").read_bytes()
    place.write_bytes(whole[:400])
    with pytest.raises(LandscapeError, match="damaged"):
        read_recipe(place)
    other = {
        "ply": b"ply\nformat ascii 1.0\ncomment by hand\nend_header\n",
        "obj": b"# by hand\nv 0 0 0\n",
        "vtp": b"<VTKFile><PolyData><Piece/></PolyData></VTKFile>",
    }
    place.write_bytes(other[suffix])
    with pytest.raises(LandscapeError, match="no recipe"):
        read_recipe(place)


def test_same_bytes_again(files: Path, tmp_path: Path) -> None:
    for suffix in ("ply", "obj", "vtp"):
        ls.export("beale", ["gd", "adam"], tmp_path / f"a.{suffix}", clip=900.0, cells=40)
        assert (tmp_path / f"a.{suffix}").read_bytes() == (files / f"beale.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", ["ply", "obj"])
def test_trimesh_reads_the_same_mesh(files: Path, parts: list[Part], suffix: str) -> None:
    trimesh = pytest.importorskip("trimesh")
    mesh = trimesh.load_mesh(files / f"beale.{suffix}", process=False, maintain_order=True)
    points = joined(parts, "points")
    np.testing.assert_allclose(mesh.vertices, upright(points, suffix), atol=1e-8)
    np.testing.assert_array_equal(mesh.visual.vertex_colors[:, :3], joined(parts, "colors"))
    starts = np.cumsum([0, *(len(part.points) for part in parts)])
    faces = [part.faces + start for part, start in zip(parts, starts, strict=False)]
    np.testing.assert_array_equal(mesh.faces, np.concatenate(faces))


def test_ply_has_losses_and_parts(files: Path, parts: list[Part]) -> None:
    data = (files / "beale.ply").read_bytes()
    header, _, body = data.partition(b"end_header\n")
    lines = header.decode("ascii").splitlines()
    kinds = {"double": "<f8", "float": "<f4", "uchar": "u1"}
    point = [
        line.split()[1:] for line in lines if line.startswith("property") and "list" not in line
    ]
    dtype = np.dtype([(name, kinds[kind]) for kind, name in point])
    count = int(next(line for line in lines if line.startswith("element vertex")).split()[-1])
    rows = np.frombuffer(body, dtype, count)
    np.testing.assert_array_equal(rows["loss"], joined(parts, "losses"))
    numbers = np.repeat(np.arange(len(parts)), [len(part.points) for part in parts])
    np.testing.assert_array_equal(rows["part"], numbers)
    assert "comment part 2: trail_gd" in lines


def test_obj_names_its_objects(files: Path, parts: list[Part]) -> None:
    lines = (files / "beale.obj").read_text("ascii").splitlines()
    assert [line[2:] for line in lines if line.startswith("o ")] == [part.name for part in parts]
    assert sum(line.startswith("f ") for line in lines) == sum(len(part.faces) for part in parts)


def test_vtp_is_plain_xml(files: Path) -> None:
    found = read_vtp(files / "beale.vtp")
    model, _, ready = scene("beale", "gd", "adam", clip=900.0, cells=40)
    every = [*model.surface, *model.lines, *model.spots]
    np.testing.assert_array_equal(found.arrays["loss"], joined(every, "losses"))
    np.testing.assert_array_equal(found.arrays["Points"], joined(every, "points"))
    assert found.texts == {
        "recipe": [ready.recipe.to_toml()],
        "rules": ["gd", "adam"],
        "parts": model.names,
    }
    assert [len(cell) for cell in found.cells["Lines"]] == [len(one.points) for one in model.lines]
    for cell, drawn in zip(found.cells["Lines"], model.lines, strict=True):
        np.testing.assert_array_equal(found.arrays["Points"][cell], drawn.points)
        np.testing.assert_array_equal(found.arrays["step"][cell], drawn.steps)


def test_vtp_is_colored_by_the_places_of_its_losses_among_the_levels(tmp_path: Path) -> None:
    ls.export("himmelblau", "adam", tmp_path / "a.vtp", cells=60)
    found = read_vtp(tmp_path / "a.vtp")
    assert found.scalars == "level"
    levels, losses = found.arrays["level"], found.arrays["loss"]
    assert losses.min() == 0.0  # at the minima, where there is no logarithm
    assert losses.max() > 2000.0
    assert (levels.min(), levels.max()) == (0.0, pytest.approx(1.0))
    edges = make_relief(find_surface("himmelblau")).levels  # however fine the mesh
    for k in (3, 9, 15):
        assert (losses[levels > k / (len(edges) - 1)] >= edges[k]).all()
        assert (losses[levels < k / (len(edges) - 1)] <= edges[k]).all()
    # The places are those of the colours: one of the usual ramp has as many as it has steps.
    surface = found.arrays["part"] == 0
    assert len(np.unique(np.floor(18 * levels[surface]))) >= 17
    assert np.median(losses[surface]) < 0.2 * losses.max()  # a scale of losses is one colour
    assert 0.2 < np.median(levels[surface]) < 0.8


def test_torn_surface_has_a_gap() -> None:
    field = make_relief(find_surface("1/x", bounds=((-1, 1), (-1, 1))), cells=41)
    assert field.torn is not None
    parts = pieces(field)
    box = Box.around(field, SIDES)
    for part in parts.values():
        x = box.data(part.points)[part.faces, 0]
        assert ((x > 0).all(axis=1) | (x < 0).all(axis=1)).all()
    assert {"surface", "cut", "pit"} <= set(parts)


def read_by_vtk(path: Path) -> Any:
    pytest.importorskip("vtkmodules")
    from vtkmodules.vtkIOGeometry import vtkOBJReader
    from vtkmodules.vtkIOPLY import vtkPLYReader
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    made = {".ply": vtkPLYReader, ".obj": vtkOBJReader, ".vtp": vtkXMLPolyDataReader}
    reader = made[path.suffix]()
    reader.SetFileName(str(path))
    reader.Update()
    return reader.GetOutput()


@pytest.mark.parametrize("suffix", ["ply", "obj"])
def test_vtk_reads_meshes_and_colors(files: Path, parts: list[Part], suffix: str) -> None:
    data = read_by_vtk(files / f"beale.{suffix}")
    from vtkmodules.util.numpy_support import vtk_to_numpy

    assert data.GetNumberOfPolys() == sum(len(part.faces) for part in parts)
    points = vtk_to_numpy(data.GetPoints().GetData())
    np.testing.assert_allclose(points, upright(joined(parts, "points"), suffix), atol=1e-6)
    normals = vtk_to_numpy(data.GetPointData().GetNormals())
    np.testing.assert_allclose(normals, upright(joined(parts, "normals"), suffix), atol=1e-4)
    colors = vtk_to_numpy(data.GetPointData().GetScalars())
    assert np.abs(colors.astype(int) - joined(parts, "colors")).max() <= (suffix == "obj")


def test_vtk_reads_lines_with_their_data(files: Path) -> None:
    data = read_by_vtk(files / "beale.vtp")
    from vtkmodules.util.numpy_support import vtk_to_numpy

    model, _, ready = scene("beale", "gd", "adam", clip=900.0, cells=40)
    assert data.GetNumberOfPolys() == sum(len(part.faces) for part in model.surface)
    assert data.GetNumberOfLines() == 2
    assert data.GetNumberOfVerts() == sum(len(spots.points) for spots in model.spots)
    points = vtk_to_numpy(data.GetPoints().GetData())
    arrays = {
        name: vtk_to_numpy(data.GetPointData().GetArray(name))
        for name in ("loss", "color", "step", "rule", "part", "Normals")
    }
    for k, drawn in enumerate(model.lines):
        cell = data.GetCell(data.GetNumberOfVerts() + k)
        rows = [cell.GetPointId(n) for n in range(cell.GetNumberOfPoints())]
        np.testing.assert_array_equal(points[rows], drawn.points)
        np.testing.assert_array_equal(arrays["step"][rows], drawn.steps)
        np.testing.assert_array_equal(arrays["loss"][rows], drawn.losses)
        assert (arrays["rule"][rows] == k).all()
        assert (arrays["color"][rows] == drawn.color).all()
        assert arrays["step"][rows].max() == len(ready.trajectories[k]) - 1
    surface = model.surface[0]
    np.testing.assert_array_equal(arrays["color"][: len(surface.points)], surface.colors)
    field = data.GetFieldData()
    assert field.GetAbstractArray("recipe").GetValue(0) == ready.recipe.to_toml()
    rules = field.GetAbstractArray("rules")
    assert [rules.GetValue(k) for k in range(rules.GetNumberOfValues())] == ["gd", "adam"]
    assert field.GetAbstractArray("parts").GetNumberOfValues() == len(model.names)


def test_lines_of_a_path_with_a_gap_have_their_own_numbers(tmp_path: Path) -> None:
    gone = [np.nan] * 3
    away = np.array([1.0, 2.0, np.nan, 4.0, 5.0, 6.0])
    path = line([[0, 0, 0], [1, 0, 0], gone, [3, 0, 0], [4, 0, 0], [5, 0, 0]], more={"away": away})
    surface = pieces(waves(0))["surface"]
    surface = replace(surface, more={"away": np.zeros(len(surface.points))})
    model = Model((surface,), (path,), (), ("gd",), Ladder.of(waves(0)), "wide", "accuracy")
    with (tmp_path / "a.vtp").open("wb") as file:
        write_vtp(file, model, "a = 1")
    found = read_vtp(tmp_path / "a.vtp")
    first, second = found.cells["Lines"]
    assert found.arrays["away"][first].tolist() == [1, 2]
    assert found.arrays["away"][second].tolist() == [4, 5, 6]
    assert found.arrays["step"][second].tolist() == [3, 4, 5]
    assert found.texts["title"] == ["wide"]
    assert "loss" not in found.arrays
    np.testing.assert_array_equal(found.arrays["accuracy"][: len(surface.points)], surface.losses)


def test_vtp_of_a_path_with_a_gap(tmp_path: Path) -> None:
    gone = [np.nan] * 3
    path = line([[0, 0, 0], [1, 0, 0], gone, [3, 0, 0], [4, 0, 0], [5, 0, 0]])
    surface = pieces(waves(0))["surface"]
    with (tmp_path / "a.vtp").open("wb") as file:
        write_vtp(file, Model((surface,), (path,), (), ("gd",), Ladder.of(waves(0))), "a = 1")
    data = read_by_vtk(tmp_path / "a.vtp")
    assert [data.GetCell(k).GetNumberOfPoints() for k in range(2)] == [2, 3]
    assert data.GetNumberOfLines() == 2
    file_ = io.BytesIO()
    write_vtp(file_, Model((surface,), (), (), (), Ladder.of(waves(0))), "a = 1")
    (tmp_path / "b.vtp").write_bytes(file_.getvalue())
    assert read_by_vtk(tmp_path / "b.vtp").GetNumberOfLines() == 0
