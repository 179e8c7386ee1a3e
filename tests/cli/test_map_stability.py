"""The command map stability: strips, what leaves the domain, words and options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.animation.metadata import read_recipe
from landscape.drawing.scene import picture_style
from landscape.maps.walk import Paths
from landscape.pictures import prepare_picture, read_any_recipe
from landscape.pictures.stability import Stability, StabilityRecipe
from landscape.pictures.stability_api import stability
from tests.cli.conftest import Run
from tests.pictures.overlaps import texts, trouble

SMALL = ["--columns", "24", "--rows", "12", "--steps", "40"]
FEW: dict[str, Any] = {"columns": 24, "rows": 12, "steps": 40}


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walk path by path: so few are done before a loop is compiled, and the results are equal."""
    monkeypatch.setattr(Paths, "fused", None)


def prepared(**keys: Any) -> Stability:
    ready = prepare_picture(StabilityRecipe(**{**FEW, **keys}))
    assert isinstance(ready, Stability)
    return ready


def words_of(ready: Stability) -> str:
    with picture_style():
        figure = ready.figure()
        assert trouble(figure) == []
        return "\n".join(text.get_text() for text in texts(figure))


# -- what leaves the domain --------------------------------------------------------------------


@pytest.mark.parametrize("surface", ["saddle", "x**3 + y", "ravine:kappa=-3"])
def test_a_surface_without_a_lowest_point_has_a_map(surface: str, run: Run) -> None:
    words = ["map", "stability", "-s", surface, "--columns", "24", "--rows", "12", "-o", "a.png"]
    result = run(*words)
    assert result.code == 0
    loss = float(result.err.partition("loss ")[2])
    assert -1e3 < loss < 0
    ready = prepared(surface=surface, steps=200)
    assert "left the domain" in words_of(ready)
    with picture_style():
        figure = ready.figure()
    painted = np.asarray(figure.axes[0].images[0].get_array())
    (panel,) = ready.panels
    gone = panel.map.gone()
    assert gone.any()
    colours = {tuple(one) for one in painted[gone].tolist()}
    assert len(colours) == 1
    assert not colours & {tuple(one) for one in painted[~gone].tolist()}


def test_a_key_has_what_the_picture_has() -> None:
    said = words_of(prepared(surface="ravine", x="lr=0.001:0.01", y="mu=0:0.5"))
    assert "diverged" not in said.splitlines()
    assert "left the domain" not in said
    said = words_of(prepared(surface="saddle", metric="steps"))
    assert "steps until arrived" not in said  # nothing arrives: the scale would mean nothing
    assert "not there after 40" in said


# -- strips ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "theme"), [("slide", "light"), ("620x480", "dark")])
def test_a_rule_without_a_second_number_is_a_strip(size: str, theme: str) -> None:
    ready = prepared(
        surface="himmelblau", optimizers=("gd", "momentum"), fan=3, size=size, theme=theme
    )
    strip, whole = ready.panels
    assert strip.map.loss.shape == (3, 1, 24)
    assert whole.map.loss.shape == (3, 12, 24)
    assert strip.map.x == whole.map.x
    said = words_of(ready)
    assert "mu" not in said.split("GD", 1)[1].split("Momentum")[0]
    with picture_style():
        figure = ready.figure()
    assert figure.axes[0].get_ylabel() == "lr alone"
    left, right = (one.get_position() for one in figure.axes[:2])
    assert (left.y0, left.y1) == (right.y0, right.y1)
    recipe = read_any_recipe(ready.recipe.to_toml())
    again = prepare_picture(recipe)  # type: ignore[arg-type]
    assert isinstance(again, Stability)
    for one, other in zip(ready.panels, again.panels, strict=True):
        np.testing.assert_array_equal(one.map.loss, other.map.loss)
        assert one.best == other.best


def test_a_strip_is_kept(run: Run, folder: Path) -> None:
    words = ["map", "stability", "-s", "himmelblau", "--opt", "gd", "--opt", "momentum", *SMALL]
    assert run(*words, "--save", "a.npz", "-o", "a.png").code == 0
    with np.load(folder / "a-1.npz") as saved:
        assert saved["axes"].tolist() == ["-", "lr", "start"]
        assert saved["loss"].shape == (1, 24, 1)
    with np.load(folder / "a-2.npz") as saved:
        assert saved["axes"].tolist() == ["mu", "lr", "start"]
    first = (folder / "a.png").read_bytes()
    assert run(*words, "--save", "a.npz", "-o", "a.png").code == 0
    assert (folder / "a.png").read_bytes() == first


def test_which_rule_to_leave_out_is_named(run: Run) -> None:
    words = ["map", "stability", "--opt", "momentum", "--opt", "gd", "--x", "mu", "--y", "lr"]
    result = run(*words)
    assert result.code == 2
    assert "leave --opt gd out" in result.err


# -- words -------------------------------------------------------------------------------------


def test_a_parameter_of_the_surface_is_no_setting_to_choose() -> None:
    ready = prepared(optimizers=("gd",), x="lr=0.001:2", y="kappa=1:1000", rows=16)
    (panel,) = ready.panels
    assert panel.best is not None
    row, column = panel.best
    near = panel.map.ys[row]
    assert abs(np.log(panel.map.ys / 20)).min() == abs(np.log(near / 20))
    assert panel.best_settings() == {"lr": panel.map.xs[column]}
    assert panel.map.losses()[row].min() == panel.map.losses()[panel.best]
    assert ready.numbers()[0].startswith(f"GD: best at kappa {near:.3g}: lr ")
    # Of values that the surface does not have nothing is the best.
    other = prepared(optimizers=("gd",), x="lr=0.001:2", y="kappa=100:1000", rows=16)
    assert other.numbers() == []
    assert "best" not in words_of(other)
    both = prepared(optimizers=("gd:lr=0.01",), x="kappa=10:400", y="rotation=0:80", rows=8)
    assert both.numbers() == []


def test_numbers_in_the_legend_can_be_read_and_pasted() -> None:
    ready = prepared(optimizers=("adam",), x="lr=0.1:2", y="beta2=0.99:0.9999")
    ready_best = ready.panels[0].best_settings()["beta2"]
    said = ready.numbers()[0].partition("beta2 ")[2].partition(":")[0]
    assert float(said) < 1
    assert 1 - float(said) == pytest.approx(1 - ready_best, rel=0.006)
    rosenbrock = words_of(prepared(surface="rosenbrock"))
    assert "L = 1002" in rosenbrock
    easom = "\n".join(prepared(surface="easom", steps=200).numbers())
    assert "e-" not in easom.partition("Polyak")[2]
    fast = words_of(prepared(optimizers=("gd:lr=0.01",), y="kappa=1:400"))
    assert "fastest in theory: lr = 2/(L + m)" in fast
    assert "L, m: largest and smallest curvature" in fast
    assert "\N{MICRO SIGN}" not in fast
    assert "\N{GREEK SMALL LETTER MU}" not in fast


def test_the_border_is_on_the_picture_whole() -> None:
    ready = prepared(surface="himmelblau", optimizers=("gd", "momentum", "nesterov"), fan=8)
    for panel in ready.panels:
        assert panel.border is not None
        (line,) = panel.border.lines
        assert panel.map.x.low < line[:, 0].min()
        assert line[:, 0].max() < panel.map.x.high


# -- options and Python ------------------------------------------------------------------------


def test_a_still_has_no_options_of_films(run: Run) -> None:
    told = run("map", "stability", "--help").out
    for word in ("--frames", "--fps", "--hold", "--loop", "--colors", "--max-mb", "GIF", "film"):
        assert word not in told
    assert "--theme" in told
    result = run("map", "stability", "--fps", "3")
    assert result.code == 2
    assert "No such option" in result.err
    result = run("map", "stability", *SMALL, "-o", "a.png", "--poster", "a.svg")
    assert result.code == 0
    assert "a.svg" in result.out


def test_python_is_told_of_progress_and_keeps_the_cells(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    given: dict[str, Any] = {**FEW, "x": "lr=0.01:0.4", "y": "mu=0:0.9"}
    picture = stability(
        "ravine",
        ["momentum", "nesterov"],
        keep=tmp_path / "a.npz",
        progress=lambda done, total: told.append((done, total)),
        **given,
    )
    assert told[-1][0] == told[-1][1]
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a-1.npz", "a-2.npz"]
    ready = picture.ready
    assert isinstance(ready, Stability)
    with np.load(tmp_path / "a-2.npz") as saved:
        np.testing.assert_array_equal(saved["loss"][:, :, 0], ready.panels[1].map.loss[0])
        assert str(saved["recipe"]) == picture.recipe.to_toml()
    target = tmp_path / "a.png"
    picture.save(target)
    assert read_any_recipe(read_recipe(target)) == picture.recipe
