"""From where a surface is seen, where nobody says so: more of the paths is seen from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.descent import Trajectory, descend
from landscape.drawing.camera import AZIMUTH, ELEVATION
from landscape.drawing.contour import rank_minima
from landscape.drawing.space_sight import with_viewpoint
from landscape.drawing.space_surface import relief_of, set_box
from landscape.drawing.viewpoint import Sight, choose_viewpoint
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.relief.field import Relief, make_relief
from landscape.relief.lift import lift
from landscape.relief.look import Look
from landscape.relief.rendering import hidden
from landscape.relief.scene import Scene as Seen
from landscape.relief.view import view_of
from landscape.surfaces.lookup import surface
from tests.relief.cameras import camera
from tests.relief.raycast import cast_field

Array = NDArray[Any]
Scene = tuple[Any, Relief, Trajectory]


def walled(at: str, middle: float = 0.0, high: float = 1.0) -> Scene:
    """Return axes, a floor with a wall along a line, and a path behind or before it."""
    where = surface(
        f"exp(-(({at})/0.6)**2)*10 + 0.1*x**2 + 0.1*(y - {middle})**2", bounds=((-3, 3), (-3, 3))
    )
    field = make_relief(where, heights="linear", cells=42)
    path = descend(where, "gd:lr=0.4", start=(-2.2, middle + 0.2), steps=12)
    axes = camera(0, size=(300, 225))
    axes.set_proj_type("persp")
    axes.set_position((0, 0, 1, 1))
    set_box(axes, field, high)
    axes.view_init(20, 20, 0)
    return axes, field, path


def seen_share(scene: Scene, elevation: float, azimuth: float) -> float:
    """Return how much of the path rays reach."""
    axes, field, path = scene
    axes.view_init(elevation, azimuth, 0)
    view = view_of(axes)
    line = lift(field, path.points, path.losses).points
    line[:, 2] += 1e-3 * field.heights.span  # on the surface, not in it
    places = view.project(line)
    depth = np.minimum(*cast_field(view, field, places[:, :2]))
    return float((depth > places[:, 2]).mean())


BEFORE = "y + 1.4"  # the wall hides the path from the usual azimuth, -60°
BEHIND = "y - 2.2"


def test_a_wall_before_the_path_is_gone_round() -> None:
    scene = walled(BEFORE)
    _, field, path = scene
    usual = seen_share(scene, ELEVATION, AZIMUTH)
    assert usual < 0.3
    elevation, azimuth = choose_viewpoint([Sight(field, [path])])
    found = seen_share(scene, elevation, azimuth)
    assert azimuth != AZIMUTH
    assert found > usual + 0.5
    assert found > 0.9


@dataclass(frozen=True, eq=False)
class Steps:
    """A path over a surface from its places alone."""

    points: Array
    losses: Array


def behind_and_before() -> tuple[Relief, Array, Array]:
    """Return a wall along x with a place behind it and one before it, seen from the usual side."""
    where = surface("exp(-((y - 0.3*x)/0.5)**2)*8", bounds=((-3, 3), (-3, 3)))
    return (
        make_relief(where, heights="linear", cells=42),
        np.array([0.0, 0.9]),
        np.array([0.6, -1.6]),
    )


def walk_through(field: Relief, places: list[Array]) -> Steps:
    """Return a path through places, as high as the surface there."""
    points = np.array(places)
    return Steps(points, field.z_at(points[:, 0], points[:, 1]))


def reached(field: Relief, place: Array, elevation: float, azimuth: float) -> bool:
    """Whether a ray reaches a place of the surface."""
    axes = camera(0, size=(300, 225))
    axes.set_proj_type("persp")
    set_box(axes, field, 1.0)
    axes.view_init(elevation, azimuth, 0)
    view = view_of(axes)
    height = field.z_at(place[:1], place[1:])[0] + 1e-3 * field.heights.span
    seen = view.project([[*place, height]])
    return bool(np.minimum(*cast_field(view, field, seen[:, :2]))[0] > seen[0, 2])


def test_the_head_counts_more_than_the_way_to_it() -> None:
    field, behind, before = behind_and_before()
    assert reached(field, before, ELEVATION, AZIMUTH)
    assert not reached(field, behind, ELEVATION, AZIMUTH)
    # Nearly all of the line is before the wall, and the head stays behind it.
    places = [before + 0.2 * np.array([np.sin(k), np.cos(k)]) for k in range(25)]
    path = walk_through(field, [*places, behind])
    found = choose_viewpoint([Sight(field, [path])])
    assert reached(field, behind, *found)
    assert reached(field, places[0], *found)


def test_where_the_head_stays_for_long_it_is_seen() -> None:
    field, behind, before = behind_and_before()
    # The line is before the wall for the most part, the film is not; its end is seen anyway.
    jumps = [before + np.array([0.3 * k, 0.0]) for k in (-3, 3, -3, 3)]
    waits = [behind + np.array([0.01 * k, 0.0]) for k in range(60)]
    wide = walk_through(field, [jumps[0], *jumps, *waits, before])
    short = walk_through(field, [jumps[0], *jumps, *waits[:1], before])
    cameras = [choose_viewpoint([Sight(field, [path])]) for path in (wide, short)]
    times = [np.mean([reached(field, one, *camera) for one in waits]) for camera in cameras]
    assert times[0] >= times[1]
    assert times[0] > 0.9


def test_the_head_is_seen_from_where_the_camera_is_at_last() -> None:
    field, behind, _ = behind_and_before()
    still = walk_through(field, [behind, behind])
    for turns in ([0.0, 90.0, 180.0], [0.0, -60.0, -120.0], [0.0, 20.0, 0.0, -20.0, 0.0]):
        up, azimuth = choose_viewpoint([Sight(field, [still])], 1.0, 35.0, None, turns)
        assert up == 35.0
        assert reached(field, behind, up, azimuth + turns[-1])


@pytest.mark.parametrize(
    ("name", "clip"),
    [("beale", None), ("beale", 20.0), ("rosenbrock", 50.0), ("rosenbrock", None)]
    + [(name, None) for name in ("plateau", "monkey_saddle", "freudenstein_roth", "himmelblau")],
)
def test_heads_starts_and_minima_of_named_surfaces_are_in_sight(
    name: str, clip: float | None
) -> None:
    recipe = Recipe(
        surface=name,
        optimizers=("gd", "momentum", "adam"),
        kind="still",
        format="png",
        view="3d",
        clip=clip,
    )
    prepared = prepare(recipe)
    seen = with_viewpoint(prepared.recipe, prepared.panels)
    assert seen == with_viewpoint(prepared.recipe, prepared.panels)
    assert seen.elevation is not None
    assert seen.azimuth is not None
    assert 35.0 <= seen.elevation <= 80.0
    (panel,) = prepared.panels
    field = relief_of(panel.surface, recipe)
    places = [path.points[k] for path in panel.trajectories for k in (0, -1)]
    best, _ = rank_minima(panel.surface)
    places += [np.array([one.x, one.y]) for one in best]
    axes = camera(0, size=(300, 225))
    axes.set_proj_type("persp")
    set_box(axes, field, 1.0)
    axes.view_init(seen.elevation, seen.azimuth, 0)
    view = view_of(axes)
    frame = (0, 0, 300, 225)
    flat = np.array(places)
    heights = field.z_at(flat[:, 0], flat[:, 1])
    colors = np.zeros((len(field.levels) - 1, 3))
    scene = Seen(field, view, Look(colors=colors, line=(0, 0, 0), line_width=0), frame)
    assert not hidden(scene, view.project(np.column_stack([flat, heights]))).any()


def test_without_a_wall_it_is_the_usual_view() -> None:
    scene = walled(BEHIND)
    _, field, path = scene
    assert choose_viewpoint([Sight(field, [path], [(0.0, 0.0)])]) == (ELEVATION, AZIMUTH)
    assert seen_share(scene, ELEVATION, AZIMUTH) > 0.95


@pytest.mark.parametrize(
    ("elevation", "azimuth"),
    [(10.0, None), (None, 45.0), (None, -60.0), (10.0, -60.0), (-20.0, 100.0)],
)
def test_what_is_given_is_kept(elevation: float | None, azimuth: float | None) -> None:
    _, field, path = walled(BEFORE)
    up, round_ = choose_viewpoint([Sight(field, [path])], 1.0, elevation, azimuth)
    assert 35.0 <= up <= 75.0 if elevation is None else up == elevation
    if azimuth is not None:
        assert round_ == azimuth
    else:
        assert round_ not in (AZIMUTH, -30.0)  # from where the wall hides the path


def test_from_higher_up_more_is_seen_over_a_low_wall() -> None:
    scene = walled(BEFORE, 1.0, 0.6)
    _, field, path = scene
    low, high = (seen_share(scene, up, -90.0) for up in (35.0, 50.0))
    assert high - low > 0.5
    assert choose_viewpoint([Sight(field, [path])], 0.6, None, -90.0) == (50.0, -90.0)


def test_a_minimum_is_to_be_seen_as_well() -> None:
    _, field, _ = walled(BEFORE)
    _, azimuth = choose_viewpoint([Sight(field, [], [(0.0, 0.3)])])
    assert azimuth not in (AZIMUTH, -30.0)
    # One beyond the domain has no place.
    assert choose_viewpoint([Sight(field, [], [(9.0, 9.0)])]) == (ELEVATION, AZIMUTH)


def test_with_nothing_on_it_it_is_the_usual_view() -> None:
    _, field, _ = walled(BEFORE)
    assert choose_viewpoint([Sight(field, [])]) == (ELEVATION, AZIMUTH)
    assert choose_viewpoint([Sight(field, [])], 1.0, 12.0) == (12.0, AZIMUTH)


def test_paths_that_are_lost_or_far_away_are_no_trouble() -> None:
    _, field, path = walled(BEFORE)
    where = surface("sphere")
    lost = descend(where, "gd:lr=1e308", start=(2.0, 1.0), steps=4)
    gone = descend(where, "gd:lr=1e80", start=(2.0, 1.0), steps=4)
    alone = choose_viewpoint([Sight(field, [path])])
    assert choose_viewpoint([Sight(field, [lost, gone, path])])[1] not in (AZIMUTH, -30.0)
    assert alone[1] not in (AZIMUTH, -30.0)


def test_the_same_is_chosen_again() -> None:
    found = set()
    for _ in range(3):
        _, field, path = walled(BEFORE)
        found.add(choose_viewpoint([Sight(field, [path], [(0.0, 0.0)])]))
    assert len(found) == 1


def test_several_surfaces_have_one_view_from_which_most_of_all_is_seen() -> None:
    _, field, path = walled(BEFORE)
    _, open_field, open_path = walled(BEHIND)
    walls, plain = Sight(field, [path]), Sight(open_field, [open_path])
    assert choose_viewpoint([plain]) == (ELEVATION, AZIMUTH)
    both = choose_viewpoint([plain, walls])
    assert both == choose_viewpoint([walls, plain])
    assert seen_share(walled(BEFORE), *both) > 0.9
    assert seen_share(walled(BEHIND), *both) > 0.9
