"""The Python API: on my axes, with objects, in a notebook, and by its names."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import landscape as ls
from landscape.prepare import prepare
from landscape.render import write_film


def bowl(x: float, y: float) -> float:
    return x * x + 3 * y * y


@pytest.fixture
def small() -> ls.Animation:
    return ls.animate("beale", ["gd:lr=0.001", "adam"], steps=3, size="260x220")


def test_plot_touches_my_axes_and_nothing_else() -> None:
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    canvas = FigureCanvasAgg(figure)
    mine, other = figure.subplots(1, 2)
    params = dict(mpl.rcParams)
    drawn = ls.plot("beale", ["gd", "adam"], ax=mine, steps=5)
    assert dict(mpl.rcParams) == params
    assert plt.get_fignums() == []
    assert not other.has_data()
    assert figure.axes == [mine, other]
    assert drawn.ax is mine
    assert len(drawn.trails) == len(drawn.trajectories) == 2
    artists = set(mine.get_children())
    for artist in [
        *drawn.contours,
        *drawn.points,
        *(one for trail in drawn.trails for one in trail),
    ]:
        assert artist in artists
    assert mine.get_legend() is not None
    assert mine.get_title() == "Beale"  # the formula is too long for half a figure
    ls.plot("saddle", ax=other)
    assert other.get_title().startswith("$f(x, y) = x^{2}")
    canvas.draw()  # type: ignore[no-untyped-call]


def test_plot_without_axes_uses_the_current_ones() -> None:
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    figure = plt.figure()
    try:
        ax = figure.add_subplot()
        assert ls.plot("sphere", "gd", steps=2).ax is ax
    finally:
        plt.close(figure)


def test_an_animation_shows_itself(small: ls.Animation) -> None:
    from PIL import Image

    html = small._repr_html_()
    assert html.startswith("<img ")
    data = base64.b64decode(html.split("base64,")[1].split('"')[0])
    with Image.open(io.BytesIO(data)) as film:
        assert film.size == (260, 220)
        assert film.n_frames == 4  # type: ignore[attr-defined]
    assert small._repr_html_() == html
    assert "GD, Adam on beale" in repr(small)


@pytest.mark.parametrize("name", ["a.gif", "a.svg", "a.pdf", "frames"])
def test_save(name: str, small: ls.Animation, tmp_path: Path) -> None:
    written = small.save(tmp_path / name)
    assert written.path == tmp_path / name
    assert written.path.exists()
    assert written.bytes > 0


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf"), True, "1"])
def test_a_size_limit_is_a_number(limit: float, small: ls.Animation, tmp_path: Path) -> None:
    with pytest.raises(ls.LandscapeError, match="size limit"):
        small.save(tmp_path / "a.gif", max_mb=limit)
    assert list(tmp_path.iterdir()) == []


def test_functions_surfaces_and_rules_work_everywhere(tmp_path: Path) -> None:
    surface = ls.surface(bowl, bounds=((-2, 2), (-1, 1)))
    rule = ls.optimizer("momentum", lr=0.05)
    film = ls.animate(surface, [rule, "gd:lr=0.1"], start=(1, 0.5), steps=3, size="260x220")
    assert film.trajectories[0].rule.learning_rate == 0.05
    assert np.isclose(film.trajectories[1].losses[0], bowl(1, 0.5))
    path = ls.descend(bowl, rule, start=(1, 0.5), steps=3)
    assert np.allclose(path.points, film.trajectories[0].points)
    written = film.save(tmp_path / "a.gif")
    # The recipe says that the function is not in it, and render refuses it with that.
    assert written.recipe.surface == "python:bowl"
    with pytest.raises(ls.LandscapeError, match="made in Python"):
        prepare(written.recipe)


def test_a_rule_that_no_text_can_say_is_refused_by_render() -> None:
    from dataclasses import replace

    from landscape.optimizers import find_rule

    adam = find_rule("adam", lr=0.1)
    odd = replace(adam, formula="p = p - lr*g", hyperparameters={}, initial={})
    film = ls.animate("sphere", [odd], steps=2)
    assert film.recipe.optimizers == ("python:adam",)
    with pytest.raises(ls.LandscapeError, match="made in Python"):
        prepare(film.recipe)


WRONG = {
    "theme": ({"theme": "drak"}, "did you mean dark"),
    "start": ({"start": (1, 2, 3)}, "start"),
    "start text": ({"start": "ab"}, "start"),
    "steps": ({"steps": 0}, "steps"),
    "bounds": ({"bounds": (1, 0, 0, 1)}, "bounds"),
    "seed": ({"seed": -1}, "seed"),
    "size": ({"size": (1, 1)}, "size"),
    "zoom": ({"zoom": 2}, "add --view 3d"),
    "light": ({"view": "3d", "light": 5}, "light must be 2 numbers"),
}


@pytest.mark.parametrize(("given", "said"), WRONG.values(), ids=WRONG)
def test_wrong_arguments(given: dict[str, object], said: str) -> None:
    with pytest.raises(ls.LandscapeError, match=said):
        ls.animate("beale", "gd", **given)  # type: ignore[arg-type]


def test_a_still_s_recipe_can_become_a_film(tmp_path: Path) -> None:
    ready = prepare(ls.Recipe(kind="still", format="png", steps=2, size="260x220"))
    assert write_film(ready, tmp_path / "a.gif").frames >= 1


def test_the_keys_of_three_dimensions_reach_the_recipe() -> None:
    film = ls.animate("beale", "gd", steps=2, view="3d", orbit=90, light=(10, 20), mesh=12)
    recipe = film.recipe
    assert (recipe.view, recipe.orbit, recipe.light, recipe.mesh) == ("3d", 90.0, (10.0, 20.0), 12)


def test_all_names_resolve() -> None:
    assert dir(ls) == sorted(ls.__all__)
    for name in ls.__all__:
        assert getattr(ls, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'anmate'"):
        ls.anmate  # noqa: B018
    code = "from landscape import *; import landscape; print(*sorted(landscape.__all__)); plot"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(ls.__all__)


def test_animate_has_the_looks_of_a_recipe_and_its_defaults() -> None:
    import inspect
    from dataclasses import fields

    from landscape.recipe import Recipe

    given = inspect.signature(ls.animate).parameters
    plain = Recipe()
    # What the surface, the file's name and --max-mb decide is no argument.
    left = {"kind", "surface", "table", "optimizers", "starts", "scale", "colors", "format"}
    for field in fields(Recipe):
        if field.name not in left:
            assert given[field.name].default == getattr(plain, field.name), field.name
    assert set(given) - {field.name for field in fields(Recipe)} == set()
