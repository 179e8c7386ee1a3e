"""Where paths end: at minima that nobody listed, at saddles, on plateaus, on the way."""

from __future__ import annotations

import numpy as np
import pytest

import landscape as ls
from landscape.ends import End, find_ends, with_found
from landscape.prepare import prepare
from landscape.recipe import Recipe


def ends(surface: str, rule: str, fan: int = 8, **more: object) -> tuple[End, ...]:
    ready = prepare(Recipe(surface=surface, optimizers=(rule,), fan=fan, **more))  # type: ignore[arg-type]
    return ready.panels[0].ends


@pytest.mark.parametrize(
    ("surface", "rule", "steps"),
    [
        ("rastrigin", "gd:lr=0.001", 60),
        ("ackley", "gd:lr=0.01", 150),
        ("x**2/100 + y**2/4000 - cos(x)*cos(y/sqrt(2)) + 1", "gd:lr=0.3", 200),
        ("sin(3*x) + cos(3*y) + 0.1*(x**2 + y**2)", "gd:lr=0.05", 200),
    ],
)
def test_every_end_has_the_minimum_of_its_hollow(surface: str, rule: str, steps: int) -> None:
    ready = prepare(Recipe(surface=surface, optimizers=(rule,), fan=16, steps=steps))
    panel = ready.panels[0]
    found = [end for end in panel.ends if end.place == "minimum"]
    inside = [end for end in panel.ends if end.place != "lost"]
    assert len(found) == len(inside) >= 8
    for end, path in zip(panel.ends, panel.trajectories, strict=True):
        if end.point is None:
            continue
        where, point = path.surface, end.point
        # Next to it, not above the end, and lower than everything around.
        assert np.hypot(*(path.points[-1] - (point.x, point.y))) < 0.1
        assert point.value <= path.losses[-1] + 1e-12
        assert np.hypot(*where.gradient_at(point.x, point.y)) < 1e-5
        turn = np.linspace(0, 2 * np.pi, 50)
        ring = where.value(point.x + 1e-3 * np.cos(turn), point.y + 1e-3 * np.sin(turn))
        assert (ring > point.value).all()
    # The picture marks them all, and none of them twice.
    marked = [(p.x, p.y) for p in panel.surface.minima]
    assert {(end.point.x, end.point.y) for end in found if end.point} <= set(marked)
    apart = np.array(marked)[:, None] - np.array(marked)
    assert (np.hypot(*apart.T) + np.eye(len(marked)) > 1e-2).all()


def test_known_minima_stay_as_they_are_known() -> None:
    where = ls.surface("himmelblau")
    found = ends("himmelblau", "gd:lr=0.005", steps=80)
    assert {end.point for end in found} <= set(where.minima)
    assert with_found(where, found) is where


def test_a_python_function_has_minima_too() -> None:
    def bumps(x: float, y: float) -> float:
        return (x * x - 1) ** 2 + (y * y - 1) ** 2 + 0.3 * x

    film = ls.animate(bumps, "gd:lr=0.05", fan=12, steps=100)
    minima = film.surface.minima
    assert len(minima) == 4
    assert [minimum.value for minimum in minima] == pytest.approx(
        [-0.3055, -0.3055, 0.2939, 0.2939], abs=1e-3
    )


def test_a_unit_on_data() -> None:
    places = [
        end.place
        for end in ends(
            "data:breast_cancer,model=tanh_unit,feature=mean_radius,scaling=standard", "gd", 12
        )
    ]
    assert places.count("minimum") >= 6
    assert "plateau" in places


def test_rest_at_a_saddle_is_said() -> None:
    ready = prepare(
        Recipe(
            surface="bounded_saddle",
            optimizers=("gd:lr=0.1",),
            start=(0.8, 0),
            starts=((-1, 0), (0.5, 0.1)),
            steps=200,
        )
    )
    assert [end.place for end in ready.panels[0].ends] == ["saddle", "saddle", "minimum"]
    saddle = ready.panels[0].ends[0].point
    assert saddle in ready.surface.points


def test_rest_on_a_summit_on_a_floor_and_on_a_plateau() -> None:
    recipe = Recipe(surface="-x**2 - y**2", optimizers=("gd:lr=0.1",), steps=9, start=(0, 0))
    two = prepare(recipe.with_(starts=((1, 1),)))
    assert [end.place for end in two.panels[0].ends] == ["maximum", "lost"]
    floor = ends("two_layer_linear", "gd")
    assert "floor" in [end.place for end in floor]
    flat = prepare(
        Recipe(
            surface="plateau",
            optimizers=("gd:lr=1",),
            start=(3.5, 2.5),
            starts=((-3.5, -2.5), (1, 1)),
            steps=50,
        )
    )
    assert [end.place for end in flat.panels[0].ends] == ["plateau", "plateau", "minimum"]


def test_on_the_way_and_lost() -> None:
    assert {end.place for end in ends("himmelblau", "gd:lr=1e-6", steps=5)} == {"moving"}
    assert {end.place for end in ends("himmelblau", "gd:lr=1", steps=20)} == {"lost"}
    # Rosenbrock's valley is not a plateau, however slowly it is followed.
    assert "plateau" not in {end.place for end in ends("rosenbrock", "gd:lr=0.0005", steps=300)}


def test_noise_at_the_end_does_not_hide_the_minimum() -> None:
    found = ends("himmelblau", "gd:lr=0.005", steps=150, noise=0.5, seed=3)
    assert {end.place for end in found} == {"minimum"}


def test_paths_of_one_start_need_no_ends() -> None:
    ready = prepare(Recipe(surface="himmelblau", optimizers=("gd", "adam"), steps=5))
    assert ready.panels[0].ends == ()
    assert len(find_ends(ready.surface, ready.trajectories)) == 2
